//! The settings page: every setting with what it does, what it may be and what it is to begin with; one is changed in a
//! small form. The lists (ways to pay, event types, badges) open where they are kept.

use crate::app::action::{MoveAction, SettingsAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::mouse::row_at;
use crate::app::overlay::badge_rules::BadgeRules;
use crate::app::overlay::sheet::{Field, Fields, Purpose, Sheet, Wrong};
use crate::app::overlay::{money, types};
use crate::app::plan_words::count;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::money::channel_name;
use crate::domain::settings::{Setting, Settings, SettingsAnswer, SettingsCall, ZoneEffects, zone_typed};
use crate::domain::{Answer, Call, Fault, Nonce, when};

/// Longest value.
const MAX_VALUE: usize = 255;

/// A line of the page that something can be done about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item {
    One(Setting),
    Channels,
    EventTypes,
    Badges,
}

impl Item {
    pub(crate) fn all() -> Vec<Self> {
        let settings = Setting::ALL.into_iter().map(Self::One);
        let lists = [Self::Channels, Self::EventTypes, Self::Badges];
        settings.chain(lists).collect()
    }

    pub(crate) fn group(self) -> &'static str {
        match self {
            Self::One(setting) => setting.group(),
            Self::Channels | Self::EventTypes | Self::Badges => "Lists",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::One(setting) => setting.title(),
            Self::Channels => "Ways to pay",
            Self::EventTypes => "Event types",
            Self::Badges => "Badges",
        }
    }

    /// Its value in one line; of a list, what is in it or what can be done there.
    pub(crate) fn value(self, all: &Settings, cx: &Context) -> String {
        match self {
            Self::One(setting) => setting.told(all.value(setting)),
            Self::Channels => cx.community.as_ref().map_or_else(String::new, |community| {
                let ways = community.payment_channels.iter();
                let ways: Vec<String> = ways.map(|way| channel_name(way.as_str())).collect();
                ways.join(", ")
            }),
            Self::EventTypes => "add, rename, sort, remove".to_owned(),
            Self::Badges => "what their levels take and pay".to_owned(),
        }
    }

    /// What is said of the marked one: what it does and what it may be.
    pub(crate) fn about(self, all: &Settings) -> Vec<String> {
        let setting = match self {
            Self::One(setting) => setting,
            Self::Channels => {
                return vec![
                    "How people pay, in the order in which the forms offer it.".to_owned(),
                    "What was paid by a way that is offered no longer stays.".to_owned(),
                ];
            }
            Self::EventTypes => {
                return vec![
                    "What kinds of events there are: in the form, in filters and in figures.".to_owned(),
                    "One that has events can be renamed, not removed.".to_owned(),
                ];
            }
            Self::Badges => {
                return vec![
                    "What each level takes, and the points it pays.".to_owned(),
                    "Levels that members have stay, whatever is changed.".to_owned(),
                ];
            }
        };
        let mut about = vec![setting.explanation().to_owned()];
        about.extend(all.streak_with(setting, all.value(setting)));
        about.push(format!(
            "May be: {}. To begin with: {}.",
            setting.range(),
            setting.told(setting.default())
        ));
        about
    }
}

/// The page.
#[derive(Debug, Default)]
pub(crate) struct SettingsPage {
    pub(crate) all: Remote<Settings>,
    pub(crate) cursor: Cursor,
}

impl SettingsPage {
    pub(crate) fn item(&self) -> Item {
        let items = Item::all();
        items[self.cursor.at.min(items.len() - 1)]
    }

    /// Who changed the marked one last.
    pub(crate) fn hint(&self, cx: &Context) -> Option<String> {
        let Item::One(setting) = self.item() else {
            return None;
        };
        let last = self.all.get()?.last(setting)?;
        let ago = when::relative(last.at, cx.now());
        let before = setting.told(last.before.as_str());
        Some(format!("Changed by {}, {ago}; before: {before}.", last.actor))
    }

    pub(crate) fn enter(&mut self, cx: &mut Context) {
        let call = Call::Settings(SettingsCall::All);
        cx.fetch(&mut self.all, Want::Settings, Lane::Page, call);
    }

    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if cx.requests.on(Lane::Page).is_none() {
            self.enter(cx);
        }
    }

    pub(crate) fn age(&mut self) {
        self.all.age();
    }

    pub(crate) fn answered(&mut self, result: Result<SettingsAnswer, Fault>) {
        self.all.answer(match result {
            Ok(SettingsAnswer::All(all)) => Ok(all),
            Ok(SettingsAnswer::Zone(_)) => Err(Fault::Internal),
            Err(fault) => Err(fault),
        });
    }

    pub(crate) fn why_not(&self, cx: &Context) -> Option<String> {
        if self.all.get().is_none() {
            return Some("The settings are not here yet.".to_owned());
        }
        cx.needs_link("A change")
    }

    pub(crate) fn act(&mut self, action: SettingsAction, cx: &mut Context) {
        match (action, self.item()) {
            (SettingsAction::Change, Item::One(setting)) => {
                if let Some(all) = self.all.get() {
                    Change::open(setting, all, cx);
                }
            }
            (SettingsAction::Change, Item::Channels) => money::open_channels(cx),
            (SettingsAction::Change, Item::EventTypes) => types::open(cx),
            (SettingsAction::Change, Item::Badges) => BadgeRules::open(cx),
        }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let height = usize::from(geometry::settings(cx.setup.size).list.height);
        self.cursor.step(to, Item::all().len(), height);
        self.settle(cx);
    }

    pub(crate) fn settle(&mut self, cx: &Context) {
        let height = usize::from(geometry::settings(cx.setup.size).list.height);
        self.cursor.fit(Item::all().len(), height);
    }

    pub(crate) fn click(&mut self, x: u16, y: u16, cx: &Context) {
        let list = geometry::settings(cx.setup.size).list;
        if let Some(at) = row_at(list, 1, self.cursor.top, x, y).filter(|at| *at < Item::all().len()) {
            self.cursor.at = at;
        }
    }
}

/// The form of one setting.
#[derive(Debug)]
struct Change {
    setting: Setting,
    /// All of them as they were when it opened, and since a change that came too late.
    all: Settings,
    /// What the zone that is typed would do, once it is known.
    effects: Option<ZoneEffects>,
}

impl Change {
    fn open(setting: Setting, all: &Settings, cx: &mut Context) {
        let was = all.value(setting);
        let field = if setting == Setting::SkipEmptyWeeks {
            let options = if was == "true" {
                ["yes", "no"]
            } else {
                ["no", "yes"]
            };
            Field::choice("value", "Pass over", options.map(str::to_owned).to_vec())
        } else {
            let label = match setting {
                Setting::RegistrationCloses => "Closes",
                Setting::StreakStep => "Each week",
                other => other.title(),
            };
            let mut line = Field::line("value", label, MAX_VALUE).needed().with(was);
            // A name is mended, anything else is typed anew.
            line.text.replace_next(setting != Setting::CommunityName);
            line
        };
        let change = Self {
            setting,
            all: all.clone(),
            effects: None,
        };
        Sheet::new(change, vec![field.hint(setting.range())]).open(cx);
    }

    /// Whether it is known what the typed zone would do.
    fn is_foretold(&self, value: &str) -> bool {
        let effects = self.effects.as_ref();
        effects.is_some_and(|effects| effects.zone.as_str() == value)
    }
}

impl Purpose for Change {
    fn title(&self) -> String {
        self.setting.title().to_owned()
    }

    fn about(&self, _cx: &Context) -> Vec<String> {
        let default = self.setting.told(self.setting.default());
        let mut about = vec![format!(
            "{} To begin with: {default}.",
            self.setting.explanation()
        )];
        if let Some(effects) = &self.effects {
            let moved = match (effects.events, effects.attendances) {
                (0, _) => "no event falls into another week".to_owned(),
                (events, came) => format!(
                    "{} with {} fall into another week",
                    count(events, "event", "events"),
                    count(came, "check-in", "check-ins")
                ),
            };
            about.push(format!(
                "In {}, {moved}. Streaks held now: {}, and {} there. Points and levels that were given stay. Boards \
                 of weeks and months are counted anew: best done while no door is open.",
                effects.zone,
                words::number(effects.streaks_here),
                words::number(effects.streaks_there),
            ));
        }
        about
    }

    fn note(&self, _key: &str, fields: &Fields, cx: &Context) -> Option<(Tone, String)> {
        let typed = fields.value("value");
        match self.setting {
            Setting::TimeZone if self.setting.read(typed).is_ok_and(|zone| self.is_foretold(&zone)) => {
                Some((Tone::Warn, "Enter again saves it.".to_owned()))
            }
            Setting::TimeZone => zone_typed(typed, cx.now()).map(|told| (Tone::Plain, told)),
            Setting::CommunityName => match typed.chars().count() {
                0..200 => None,
                many => Some((Tone::Plain, format!("{many} of {MAX_VALUE} characters"))),
            },
            setting => {
                let value = setting.read(typed).ok()?;
                let told = self.all.streak_with(setting, &value)?;
                Some((Tone::Plain, told))
            }
        }
    }

    fn call(&self, fields: &Fields, nonce: Nonce, _cx: &Context) -> Result<Call, Vec<Wrong>> {
        let value = self
            .setting
            .read(fields.value("value"))
            .map_err(|why| vec![("value", why.into())])?;
        let was = self.all.value(self.setting);
        if self.setting == Setting::TimeZone && value != was && !self.is_foretold(&value) {
            return Ok(Call::Settings(SettingsCall::Zone(value)));
        }
        Ok(Call::Settings(SettingsCall::Set {
            nonce,
            setting: self.setting,
            was: was.to_owned(),
            value,
        }))
    }

    fn done(&mut self, answer: Answer, _fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        let Answer::Settings(answer) = answer else {
            return Err(("", Fault::Internal.to_string().into()));
        };
        match answer {
            SettingsAnswer::Zone(effects) => {
                self.effects = Some(effects);
                Err(("", "Not saved yet: read what it does to weeks.".into()))
            }
            SettingsAnswer::All(mut all) => {
                cx.wish(Wish::Refresh);
                if let Some(meanwhile) = all.meanwhile.take() {
                    self.all = all;
                    let who = meanwhile.actor.unwrap_or_else(|| "Somebody".into());
                    let value = self.setting.told(meanwhile.value.as_str());
                    let why = format!(
                        "Nothing was changed: {who} was first, it is “{value}” now. Enter again puts yours in its place."
                    );
                    return Err(("", why.into()));
                }
                // The name stands on every screen, and times are read in the zone.
                cx.ask(Want::Community, Lane::Link, Call::Community);
                let title = self.setting.title();
                if all.value(self.setting) == self.all.value(self.setting) {
                    cx.say(Tone::Plain, format!("{title} was that already."));
                } else {
                    cx.say(Tone::Good, format!("Saved: {title}."));
                }
                Ok(())
            }
        }
    }
}
