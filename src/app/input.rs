//! From keys and pastes to actions: overlays first, then a focused field, then the key table. Clicks are in
//! [`super::mouse`].

use crossterm::event::KeyEvent;

use super::action::{
    Action, AppAction, CalendarAction, EventAction, FormAction, InsightAction, MoveAction, TillAction,
};
use super::context::{Tone, Wish};
use super::effect::Effect;
use super::keymap::{self, Binding, Key};
use super::kiosk::At;
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::badge_rules::BadgeRules;
use super::overlay::confirm::Confirm;
use super::overlay::help::Help;
use super::overlay::lock::Reason;
use super::overlay::money;
use super::overlay::palette::Palette;
use super::screens::Tab;
use super::screens::calendar::Calendar;
use super::text_field::Edit;

impl Model {
    pub(super) fn key(&mut self, event: KeyEvent) {
        let key = Key::of(event);
        self.last_key = self.cx.setup.now;
        if self.is_typing() && key.printable().is_some() && !self.is_command(key) {
            return self.type_key(key);
        }
        match keymap::find(self.chain(), key, self.cx.audience()) {
            Some(binding) => self.perform(binding),
            None if self.is_typing() => self.type_key(key),
            None => {}
        }
    }

    fn type_key(&mut self, key: Key) {
        let has_people = self.has_people();
        let at_start = self.kiosk_at(At::Start).is_some();
        let cx = &mut self.cx;
        let edit = match self.overlays.last_mut() {
            Some(Overlay::Form(form)) => form.key(key),
            Some(Overlay::Filter(panel)) => panel.key(key, self.calendar.types.get()),
            Some(Overlay::Till(till)) => till.key(key),
            Some(Overlay::Sheet(sheet)) => sheet.key(key),
            Some(Overlay::BadgeRules(rules)) => rules.key(key),
            Some(Overlay::Note(form)) => form.key(key),
            Some(Overlay::Palette(palette)) => palette.key(key),
            Some(Overlay::Lock(lock)) => lock.key(key),
            Some(Overlay::Log(log)) => log.key(key, cx),
            Some(Overlay::Money(money)) => money.key(key, cx),
            Some(Overlay::Stop(stop)) => stop.key(key),
            Some(Overlay::Types(types)) => types.key(key),
            Some(_) => Edit::Ignored,
            None if at_start => self.kiosk.as_mut().map_or(Edit::Ignored, |kiosk| kiosk.key(key)),
            None if cx.me.is_none() => self.sign_in.key(key),
            None if has_people => self
                .people
                .as_mut()
                .map_or(Edit::Ignored, |people| people.key(key, cx)),
            None if self.tab == Tab::CheckIn => self.check_in.key(key, cx),
            None if self.tab == Tab::Registrations => self.registrations.key(key, cx),
            None if self.tab == Tab::Leaderboard => self.board.key(key, cx),
            None if self.tab == Tab::Insights => self.key_of_page(key),
            None if self.tab == Tab::Members => self.members.key(key, cx),
            None => self.calendar.key(key, cx),
        };
        self.edited(edit, false);
    }

    pub(super) fn paste(&mut self, raw: &str) {
        self.last_key = self.cx.setup.now;
        if !self.is_typing() {
            return;
        }
        let has_people = self.has_people();
        let at_start = self.kiosk_at(At::Start).is_some();
        let cx = &mut self.cx;
        let edit = match self.overlays.last_mut() {
            Some(Overlay::Form(form)) => form.paste(raw),
            Some(Overlay::Filter(panel)) => panel.paste(raw),
            Some(Overlay::Till(till)) => till.paste(raw),
            Some(Overlay::Sheet(sheet)) => sheet.paste(raw),
            Some(Overlay::BadgeRules(rules)) => rules.paste(raw),
            Some(Overlay::Note(form)) => form.paste(raw),
            Some(Overlay::Palette(palette)) => palette.paste(raw),
            Some(Overlay::Lock(lock)) => lock.paste(raw),
            Some(Overlay::Log(log)) => log.paste(raw, cx),
            Some(Overlay::Money(money)) => money.paste(raw, cx),
            Some(Overlay::Stop(stop)) => stop.paste(raw),
            Some(Overlay::Types(types)) => types.paste(raw),
            Some(_) => Edit::Ignored,
            None if at_start => self
                .kiosk
                .as_mut()
                .map_or(Edit::Ignored, |kiosk| kiosk.paste(raw)),
            None if cx.me.is_none() => self.sign_in.paste(raw),
            None if has_people => self
                .people
                .as_mut()
                .map_or(Edit::Ignored, |people| people.paste(raw, cx)),
            None if self.tab == Tab::CheckIn => self.check_in.paste(raw, cx),
            None if self.tab == Tab::Registrations => self.registrations.paste(raw, cx),
            None if self.tab == Tab::Leaderboard => self.board.paste(raw, cx),
            None if self.tab == Tab::Insights => self.paste_on_page(raw),
            None if self.tab == Tab::Members => self.members.paste(raw, cx),
            None => self.calendar.paste(raw, cx),
        };
        self.edited(edit, true);
    }

    fn edited(&mut self, edit: Edit, pasted: bool) {
        if edit != Edit::Ignored {
            self.cx.dirty = true;
        }
        if edit == Edit::Cut {
            self.cx.say(
                Tone::Warn,
                if pasted {
                    "That is more than fits; the rest of the paste was left out."
                } else {
                    "The field is full."
                },
            );
        }
    }

    /// Why an action cannot be done now; `None` when it can.
    pub(crate) fn why_not(&self, action: Action) -> Option<String> {
        match action {
            Action::Event(
                EventAction::Register
                | EventAction::Cancel
                | EventAction::Edit
                | EventAction::Duplicate
                | EventAction::Repeat
                | EventAction::Stop,
            )
            | Action::Calendar(CalendarAction::New | CalendarAction::Types)
            | Action::Form(FormAction::Save)
                if self.cx.rehearsing =>
            {
                self.cx.needs_link("This")
            }
            Action::Till(TillAction::SomebodyNew) => match self.overlays.last() {
                Some(Overlay::Till(till)) if till.is_of_somebody_new() => {
                    Some("This form is for somebody new already.".to_owned())
                }
                _ => None,
            },
            Action::Event(action) => Calendar::why_not(action, self.event_at_hand(), &self.cx),
            Action::Mine(action) => self.why_not_mine(action),
            Action::Door(action) => self.check_in.why_not(action, &self.cx),
            Action::People(action) => self.people.as_ref()?.why_not(action, &self.cx),
            Action::Profile(action) => self.profile.why_not(action, &self.cx),
            Action::Board(action) => self.board.why_not(action, &self.cx),
            Action::Members(action) => self.members.why_not(action, &self.cx),
            Action::Sessions(action) => match self.overlays.last() {
                Some(Overlay::Sessions(list)) => list.why_not(action, &self.cx),
                _ => None,
            },
            Action::Insight(action) => self.insights.why_not(action, &self.cx),
            Action::Audit(action) => self.audit.why_not(action, &self.cx),
            Action::Settings(_) => self.settings.why_not(&self.cx),
            Action::App(AppAction::GoSettings) if !self.cx.is_admin() => {
                Some("Administrators change the settings.".to_owned())
            }
            Action::GameDesk(action) => self.visit_in_view()?.why_not_desk(action, &self.cx),
            Action::Money(action) => match self.overlays.last() {
                Some(Overlay::Money(money)) => money.why_not(action, &self.cx),
                _ => None,
            },
            _ => None,
        }
    }

    /// Does what a key or the palette asks for, or says why not.
    pub(super) fn perform(&mut self, binding: &'static Binding) {
        self.cx.dirty = true;
        if let Some(why) = self.why_not(binding.action) {
            return self.cx.say(Tone::Plain, why);
        }
        let cx = &mut self.cx;
        match binding.action {
            Action::App(action) => self.act(action),
            Action::Move(to) => self.step(to),
            Action::SignIn(action) => self.sign_in.act(action, cx),
            Action::Kiosk(action) => self.act_at_kiosk(action),
            Action::Calendar(action) => self.calendar.act(action, cx),
            Action::Event(EventAction::Close) => self.page_at_hand_mut().open = false,
            Action::Event(action) => {
                if let Some(line) = self.event_at_hand().cloned() {
                    Calendar::act_on_event(action, &line, &mut self.cx);
                }
            }
            Action::Mine(action) => self.act_on_mine(action),
            Action::Door(action) => self.check_in.act(action, cx),
            Action::Log(action) => {
                if let Some(Overlay::Log(log)) = self.overlays.last_mut() {
                    log.act(action, cx);
                }
            }
            Action::People(action) => {
                if let Some(people) = &mut self.people {
                    people.act(action, cx);
                }
            }
            Action::Profile(action) => self.profile.act(action, cx),
            Action::Board(action) => self.board.act(action, cx),
            Action::Insight(InsightAction::PageOn) => self.turn_page(true),
            Action::Insight(InsightAction::PageBack) => self.turn_page(false),
            Action::Members(action) => self.members.act(action, cx),
            Action::Sessions(action) => {
                if let Some(Overlay::Sessions(list)) = self.overlays.last_mut() {
                    list.act(action, cx);
                }
            }
            Action::Insight(action) => self.insights.act(action, cx),
            Action::Audit(action) => self.audit.act(action, cx),
            Action::Settings(action) => self.settings.act(action, cx),
            Action::GameDesk(action) => {
                if let Some(profile) = &mut self.visit {
                    profile.act_desk(action, cx);
                }
            }
            Action::BadgeRules(action) => {
                if let Some(Overlay::BadgeRules(rules)) = self.overlays.last_mut() {
                    rules.act(action, cx);
                }
            }
            Action::Form(action) => {
                if let Some(Overlay::Form(form)) = self.overlays.last_mut() {
                    form.act(action, cx);
                }
            }
            Action::Filter(action) => {
                if let Some(Overlay::Filter(panel)) = self.overlays.last_mut() {
                    panel.act(action, self.calendar.types.get(), cx);
                }
            }
            Action::Differ(action) => {
                if let Some(Overlay::Differ(differ)) = self.overlays.last_mut() {
                    differ.act(action, cx);
                }
            }
            Action::Types(action) => {
                if let Some(Overlay::Types(types)) = self.overlays.last_mut() {
                    types.act(action, cx);
                }
            }
            Action::Till(action) => {
                if let Some(Overlay::Till(till)) = self.overlays.last_mut() {
                    till.act(action, self.check_in.door.get(), cx);
                }
            }
            Action::Note(action) => {
                if let Some(Overlay::Note(form)) = self.overlays.last_mut() {
                    form.act(action, cx);
                }
            }
            Action::Money(action) => {
                if let Some(Overlay::Money(money)) = self.overlays.last_mut() {
                    money.act(action, cx);
                }
            }
            Action::Sheet(action) => {
                if let Some(Overlay::Sheet(sheet)) = self.overlays.last_mut() {
                    sheet.act(action, cx);
                }
            }
            Action::Overlay(action) => match self.overlays.last_mut() {
                Some(Overlay::Code(_) | Overlay::Help(_) | Overlay::Pass(_) | Overlay::Why(_)) => {
                    cx.wish(Wish::Close);
                }
                Some(Overlay::Palette(palette)) => palette.act(action, cx),
                Some(Overlay::Attendant(menu)) => menu.act(action, cx),
                Some(Overlay::Earned(card)) => card.close(cx),
                Some(Overlay::Confirm(confirm)) => confirm.act(action, cx),
                Some(Overlay::Connections(list)) => list.act(action, cx),
                Some(Overlay::Picker(picker)) => picker.act(action, cx),
                Some(Overlay::Settle(settle)) => settle.act(action, cx),
                Some(Overlay::Party(party)) => party.act(action, &mut self.check_in, cx),
                Some(Overlay::NoteReader(reader)) => reader.act(action, &mut self.check_in, cx),
                Some(Overlay::Lock(lock)) => lock.act(action, cx),
                Some(Overlay::Stop(stop)) => stop.act(action, cx),
                Some(
                    Overlay::BadgeRules(_)
                    | Overlay::Differ(_)
                    | Overlay::Filter(_)
                    | Overlay::Form(_)
                    | Overlay::Log(_)
                    | Overlay::Note(_)
                    | Overlay::Money(_)
                    | Overlay::News(_)
                    | Overlay::Sessions(_)
                    | Overlay::Sheet(_)
                    | Overlay::Till(_)
                    | Overlay::Types(_),
                )
                | None => {}
            },
        }
    }

    fn act(&mut self, action: AppAction) {
        match action {
            AppAction::Quit => self.cx.effects.push(Effect::Quit { drain: true }),
            AppAction::Help => {
                let help = Help::new(self.chain(), self.cx.audience());
                self.overlays.push(Overlay::Help(help));
            }
            AppAction::Palette => {
                let palette = Palette::new(self.chain(), self.cx.audience(), |action| self.why_not(action));
                self.overlays.push(Overlay::Palette(palette));
            }
            AppAction::Refresh => {
                self.cx.effects.push(Effect::Repaint);
                self.refresh();
            }
            AppAction::GoCalendar => self.go(Tab::Calendar),
            AppAction::GoRegistrations => self.go(Tab::Registrations),
            AppAction::GoCheckIn => self.go(Tab::CheckIn),
            AppAction::GoProfile => self.go(Tab::Profile),
            AppAction::GoLeaderboard => self.go(Tab::Leaderboard),
            AppAction::GoMembers => self.go(Tab::Members),
            AppAction::GoInsights => self.go(Tab::Insights),
            AppAction::GoSettings => self.go_to_settings(),
            AppAction::Takings => money::takings(&mut self.cx),
            AppAction::Badges => BadgeRules::open(&mut self.cx),
            AppAction::Lock => self.lock(Reason::Asked),
            AppAction::SignOut => match (self.unanswered(), self.check_in.unread()) {
                (0, 0) => self.cx.wish(Wish::SignOut),
                (0, notes) => self.overlays.push(Overlay::Confirm(Confirm::leave_notes(notes))),
                (writes, _) => self.overlays.push(Overlay::Confirm(Confirm::sign_out(writes))),
            },
        }
    }

    pub(super) fn step(&mut self, to: MoveAction) {
        let has_people = self.has_people();
        let has_visit = self.has_visit();
        let cx = &mut self.cx;
        match self.overlays.last_mut() {
            Some(Overlay::Help(help)) => help.step(to, cx),
            Some(Overlay::Palette(palette)) => palette.step(to, cx),
            Some(Overlay::Picker(picker)) => picker.step(to, cx),
            Some(Overlay::Attendant(menu)) => menu.step(to, cx),
            Some(Overlay::Connections(list)) => list.step(to, cx),
            Some(Overlay::BadgeRules(rules)) => rules.step(to),
            Some(Overlay::Sessions(list)) => list.step(to, cx),
            Some(Overlay::Log(log)) => log.step(to, cx),
            Some(Overlay::Settle(settle)) => settle.step(to, cx),
            Some(Overlay::Money(money)) => money.step(to, cx),
            Some(Overlay::News(card)) => card.step(to, cx),
            Some(Overlay::Differ(differ)) => differ.step(to, cx),
            Some(Overlay::Types(types)) => types.step(to, cx),
            Some(Overlay::Party(party)) => party.step(to, &self.check_in, cx),
            Some(Overlay::NoteReader(reader)) => reader.step(to, cx),
            Some(
                Overlay::Code(_)
                | Overlay::Confirm(_)
                | Overlay::Earned(_)
                | Overlay::Form(_)
                | Overlay::Filter(_)
                | Overlay::Lock(_)
                | Overlay::Note(_)
                | Overlay::Pass(_)
                | Overlay::Sheet(_)
                | Overlay::Stop(_)
                | Overlay::Till(_)
                | Overlay::Why(_),
            ) => {}
            None if has_visit => {
                if let Some(profile) = &mut self.visit {
                    profile.step(to, cx);
                }
            }
            None if has_people => {
                if let Some(people) = &mut self.people {
                    people.step(to, cx);
                }
            }
            None => match self.tab {
                Tab::Calendar => self.calendar.step(to, cx),
                Tab::CheckIn => self.check_in.step(to, cx),
                Tab::Profile => self.profile.step(to, cx),
                Tab::Leaderboard => self.board.step(to, cx),
                Tab::Members => self.members.step(to, cx),
                Tab::Insights => self.step_page(to),
                Tab::Registrations => self.registrations.step(to, cx),
            },
        }
    }
}
