//! The model: everything the program knows, and the only place where it changes. Here messages are handed to
//! whom they concern; what they do there stands with the screens and overlays.

use crate::domain::kept::Kept;
use crate::domain::{Call, Fault, Timestamp};

use super::Setup;
use super::context::{Context, Opening, Tone, Wish};
use super::effect::{Effect, Lane, RequestId, Timer};
use super::house::Page;
use super::kiosk::Kiosk;
use super::live::Ear;
use super::msg::Msg;
use super::overlay::Overlay;
use super::overlay::lock::Reason;
use super::requests::Want;
use super::scanner::Burst;
use super::screens::Tab;
use super::screens::calendar::Calendar;
use super::screens::check_in::CheckIn;
use super::screens::insights::Insights;
use super::screens::insights::audit::Audit;
use super::screens::insights::settings::SettingsPage;
use super::screens::leaderboard::Board;
use super::screens::members::Members;
use super::screens::people::People;
use super::screens::profile::{Face, Profile};
use super::screens::registrations::Registrations;
use super::screens::sign_in::SignIn;

/// Between two looks at the door.
const DOOR_EVERY: std::time::Duration = std::time::Duration::from_millis(900);
/// Between two looks at any other screen.
pub(super) const POLL_EVERY: std::time::Duration = std::time::Duration::from_secs(5);

/// The whole state behind the screens.
#[derive(Debug)]
pub struct Model {
    pub(crate) cx: Context,
    pub(crate) tab: Tab,
    pub(crate) overlays: Vec<Overlay>,
    pub(crate) sign_in: SignIn,
    pub(crate) calendar: Calendar,
    pub(crate) check_in: CheckIn,
    pub(crate) board: Board,
    pub(crate) insights: Insights,
    pub(crate) audit: Audit,
    pub(crate) settings: SettingsPage,
    /// Which page of the insights is in view.
    pub(crate) page: Page,
    pub(crate) profile: Profile,
    /// Another member's profile, over the tab it was opened from.
    pub(crate) visit: Option<Box<Profile>>,
    /// An event's people, over the tab they were opened from.
    pub(crate) people: Option<Box<People>>,
    pub(crate) registrations: Registrations,
    /// What a kiosk knows besides; none at any other terminal.
    pub(crate) kiosk: Option<Box<Kiosk>>,
    pub(crate) members: Members,
    pub(super) last_key: Timestamp,
    pub(super) burst: Burst,
    pub(super) ear: Ear,
}

impl Model {
    /// The state before anything has happened: the sign-in screen, nothing known of the database.
    pub fn new(setup: Setup) -> Self {
        let cx = Context::new(setup);
        Self {
            tab: Tab::default(),
            overlays: Vec::new(),
            sign_in: SignIn::new(),
            calendar: Calendar::new(cx.today()),
            check_in: CheckIn::new(),
            board: Board::default(),
            insights: Insights::default(),
            audit: Audit::default(),
            settings: SettingsPage::default(),
            page: Page::default(),
            profile: Profile::default(),
            visit: None,
            people: None,
            registrations: Registrations::default(),
            kiosk: cx.setup.kiosk.then(Box::default),
            members: Members::default(),
            last_key: cx.setup.now,
            burst: Burst::new(),
            ear: Ear::default(),
            cx,
        }
    }

    /// What is to be done first.
    pub fn start(&mut self) -> Vec<Effect> {
        self.cx.arm_minute();
        std::mem::take(&mut self.cx.effects)
    }

    /// Tells the machine's clock; called before every [`Model::update`].
    pub fn set_now(&mut self, now: Timestamp) {
        self.cx.setup.now = now;
    }

    /// Whether anything has changed since this was last asked; the loop draws only then.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.cx.dirty)
    }

    /// How many writes have no answer yet.
    pub fn unanswered(&self) -> usize {
        self.cx.requests.writes().count() + self.cx.parked.len()
    }

    /// What the message line says while nothing else is said.
    pub(crate) fn hints(&self) -> Vec<String> {
        if self.cx.me.is_none() || !self.overlays.is_empty() {
            return Vec::new();
        }
        if let Some(profile) = self.visit_in_view() {
            return profile.hint();
        }
        if let Some(people) = self.people_in_view() {
            return people.hint(&self.cx).into_iter().collect();
        }
        match self.tab {
            Tab::Calendar => self.calendar.hint(&self.cx).into_iter().collect(),
            Tab::CheckIn => self.check_in.hints(&self.cx),
            Tab::Registrations => self.registrations.hint().into_iter().collect(),
            Tab::Members => self.members.hint().into_iter().collect(),
            Tab::Insights => self.page_hint().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Lets one event change the state, and answers what is to be done about it.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Quick(_) if self.wakes(true) => {}
            Msg::Key(_) | Msg::Paste(_) if self.wakes(false) => {}
            Msg::Key(event) => self.pressed(event, false),
            Msg::Quick(event) => self.pressed(event, true),
            Msg::Paste(raw) => {
                self.dissolve();
                self.paste(&raw);
            }
            Msg::Mouse(event) => {
                self.dissolve();
                self.mouse(event);
            }
            Msg::Resize { width, height } => {
                self.cx.setup.size = (width, height);
                self.cx.dirty = true;
                self.settle();
            }
            Msg::Opening(what) => {
                self.cx.opening = Opening::Working(what);
                self.cx.dirty = true;
            }
            Msg::Opened(result) => self.opened(result),
            Msg::Reply {
                request,
                result,
                took,
            } => {
                if let Some(request) = self.cx.requests.close(request) {
                    self.answered(request, result, took);
                }
            }
            Msg::Retrying {
                request,
                tries,
                fault,
            } => {
                if let Some(request) = self.cx.requests.get_mut(request) {
                    request.tries = tries;
                    self.link_failed(&fault);
                    self.cx.dirty = true;
                }
            }
            Msg::Exported(Ok(path)) => self.cx.say(Tone::Good, format!("Written: {path}")),
            Msg::Exported(Err(why)) => self.cx.say(Tone::Bad, why),
            Msg::Queued { request, kept, fault } => self.queued(request, &kept, fault.as_ref()),
            Msg::Holding { queued, unsettled } => {
                self.cx.queued = queued;
                self.cx.unsettled = unsettled;
                for overlay in &mut self.overlays {
                    if let Overlay::Settle(settle) = overlay {
                        settle.fit(&self.cx);
                    }
                }
                self.cx.dirty = true;
            }
            Msg::Hint(event) => self.hinted(event),
            Msg::Timer(timer) => self.timer(timer),
        }
        self.grant();
        self.offer_earned();
        self.watch();
        self.attune();
        std::mem::take(&mut self.cx.effects)
    }

    fn opened(&mut self, result: Result<(), crate::domain::SafeText>) {
        self.cx.dirty = true;
        match result {
            Ok(()) => {
                self.cx.opening = Opening::Ready;
                self.ask_community();
                self.kiosk_opened();
                self.cx.arm_heartbeat();
            }
            Err(why) => self.cx.opening = Opening::Failed(why),
        }
    }

    pub(super) fn ask_community(&mut self) {
        if self.cx.requests.on(Lane::Link).is_none() {
            self.cx.ask(Want::Community, Lane::Link, Call::Community);
        }
    }

    /// A check-in is kept: the door decides by its roster.
    fn queued(&mut self, request: RequestId, kept: &Kept, fault: Option<&Fault>) {
        if let Some(request) = self.cx.requests.get_mut(request) {
            request.queued = true;
        }
        self.check_in.queued(kept, &mut self.cx);
        match fault {
            Some(Fault::NotSignedIn) => self.lock(Reason::Ended),
            Some(fault) => self.link_failed(fault),
            None => {}
        }
        self.cx.dirty = true;
    }

    // ---- screens ----

    /// Asks again for what is on the screen.
    pub(super) fn refresh(&mut self) {
        if self.cx.me.is_none() || self.is_ended() {
            self.ask_notices();
            return self.ask_community();
        }
        match self.tab {
            _ if self.has_visit() => {
                if let Some(profile) = &mut self.visit {
                    profile.enter(&mut self.cx);
                }
            }
            _ if self.has_people() => {
                if let Some(people) = &mut self.people {
                    people.enter(&mut self.cx);
                }
            }
            Tab::Calendar => self.calendar.enter(&mut self.cx),
            Tab::CheckIn => self.check_in.enter(&mut self.cx),
            Tab::Profile => self.profile.enter(&mut self.cx),
            Tab::Leaderboard => self.board.enter(&mut self.cx),
            Tab::Insights => self.enter_page(),
            Tab::Registrations => self.registrations.enter(&mut self.cx),
            Tab::Members => self.members.enter(&mut self.cx),
        }
        for overlay in &mut self.overlays {
            match overlay {
                Overlay::Form(form) => form.refresh(&mut self.cx),
                Overlay::Money(money) => money.refresh(&mut self.cx),
                Overlay::Stop(stop) => stop.ask(&mut self.cx),
                Overlay::Types(types) => types.ask(&mut self.cx),
                Overlay::BadgeRules(rules) => rules.ask(&mut self.cx),
                // What was opened without a link has nothing yet.
                Overlay::Connections(list) if list.rows.get().is_none() => list.ask(&mut self.cx),
                Overlay::Sessions(list) if list.rows.get().is_none() => list.ask(&mut self.cx),
                Overlay::Log(log) if log.log.get().is_none() => log.ask(&mut self.cx),
                Overlay::Filter(_) => self.calendar.ask_types(&mut self.cx),
                _ => {}
            }
        }
    }

    pub(super) fn go(&mut self, tab: Tab) {
        if self.tab == tab {
            // The tab again: back to its first page.
            if self.has_visit() || self.has_people() {
                self.visit = None;
                self.people = None;
                self.refresh();
            } else if self.tab.shows_events() {
                self.page_at_hand_mut().open = false;
            }
            return;
        }
        self.tab = tab;
        self.profile.face = Face::Page;
        self.refresh();
        self.settle();
        self.arm_poll();
    }

    pub(super) fn arm_poll(&mut self) {
        let delay = if self.tab == Tab::CheckIn {
            DOOR_EVERY
        } else {
            POLL_EVERY
        };
        self.cx.after(delay, Timer::Poll);
    }

    /// Whether the session has ended and waits for its password.
    pub(super) fn is_ended(&self) -> bool {
        let ended =
            |overlay: &Overlay| matches!(overlay, Overlay::Lock(lock) if lock.reason == Reason::Ended);
        self.overlays.iter().any(ended)
    }

    /// Whether the screen is hidden.
    pub(crate) fn is_locked(&self) -> bool {
        matches!(self.overlays.last(), Some(Overlay::Lock(_)))
    }

    /// Lays everything out anew in the window as it is now.
    fn settle(&mut self) {
        self.calendar.settle(&mut self.cx);
        self.check_in.settle(&self.cx);
        if self.has_people()
            && let Some(people) = &mut self.people
        {
            people.settle(&mut self.cx);
        }
        if self.has_visit()
            && let Some(profile) = &mut self.visit
        {
            profile.settle(&mut self.cx);
        }
        for overlay in &mut self.overlays {
            if let Overlay::Money(money) = overlay {
                money.settle(&self.cx);
            }
        }
        match self.tab {
            Tab::Leaderboard => self.board.settle(&mut self.cx),
            Tab::Insights => self.settle_page(),
            Tab::Profile => self.profile.settle(&mut self.cx),
            Tab::Registrations => self.registrations.resized(&mut self.cx),
            Tab::Members => self.members.settle(&mut self.cx),
            Tab::Calendar | Tab::CheckIn => {}
        }
    }

    // ---- wishes ----

    /// Does what screens and overlays wished for, in order; wishes may lead to more.
    pub(super) fn grant(&mut self) {
        // Bounded, so that no mistake can make it endless.
        for _ in 0..32 {
            if self.cx.wishes.is_empty() {
                return;
            }
            self.cx.dirty = true;
            for wish in std::mem::take(&mut self.cx.wishes) {
                match wish {
                    Wish::Open(overlay) => {
                        // Nothing lies over the lock.
                        let at = self.overlays.len() - usize::from(self.is_locked());
                        self.overlays.insert(at, *overlay);
                    }
                    Wish::Close => {
                        self.overlays.pop();
                    }
                    Wish::SignIn(name, password) => self.sign_in.sign_in(&name, &password, &mut self.cx),
                    Wish::Refresh => self.refresh(),
                    Wish::SignedIn(me) => self.signed_in(me),
                    Wish::SignOut => self.signed_out(),
                    Wish::Unlocked(me) => self.unlocked(me),
                    Wish::Register(event, wait) => Calendar::register(event, wait, &mut self.cx),
                    Wish::Filter(criteria) => self.calendar.set_criteria(*criteria, &mut self.cx),
                    Wish::CancelSeat(event) => Calendar::cancel_seat(event, &mut self.cx),
                    Wish::OpenDoor(event) => self.check_in.pick_event(event, &mut self.cx),
                    Wish::TakeBack(event, row, reason) => {
                        self.check_in.undo_logged(event, &row, reason, &mut self.cx);
                    }
                    Wish::Perform(binding) => self.perform(binding),
                    Wish::SaveAnyway => {
                        if let Some(form) = Self::form_overlay(&mut self.overlays) {
                            form.save_anyway(&mut self.cx);
                        }
                    }
                    Wish::Merge(merged) => {
                        if let Some(form) = Self::form_overlay(&mut self.overlays) {
                            form.merge(*merged);
                        }
                    }
                    Wish::Profile(who) => self.show_profile(who.map(|who| *who)),
                    Wish::People(line) => self.show_people(line.map(|line| *line)),
                    Wish::Reopen(event) => Calendar::reopen(event, &mut self.cx),
                    Wish::ShowEvent(page) => {
                        self.calendar.show_saved(&page, &mut self.cx);
                        self.mine_touched(Some(&page.line));
                    }
                }
            }
        }
    }
}
