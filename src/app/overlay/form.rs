//! The event form: what is typed, field by field, and its errors where they stand. What was typed stays until it is
//! saved or given up; the way to the database and back is in [`saving`].

pub(crate) mod saving;
pub(crate) mod typing;

use chrono::NaiveDate;
use ratatui::style::{Modifier, Style};
use tui_textarea::{TextArea, WrapMode};

use crate::app::action::FormAction;
use crate::app::context::{Context, Wish};
use crate::app::effect::Lane;
use crate::app::keymap::{Chain, chains};
use crate::app::overlay::Overlay;
use crate::app::overlay::confirm::Confirm;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::event::{EventDraft, EventPage};
use crate::domain::event_form::{EventForm, Field, MAX_LINE};
use crate::domain::{Call, Fault, Nonce, SafeText, series, when};
use saving::Under;

/// Longest moment or number that is worth reading.
const MAX_SHORT: usize = 40;
/// A little more than fits, so that the field's own message can say by how much.
const SLACK: usize = 40;

/// What the form is to bring about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// An event, or a series.
    New,
    /// Another form of an event that there is.
    Edit,
    /// An event like one that there is.
    Duplicate,
    /// Further events of an event's series.
    Series,
}

/// The form.
#[derive(Debug)]
pub(crate) struct FormOverlay {
    pub(crate) of: Kind,
    pub(crate) focus: Field,
    pub(crate) lines: [TextField; 9],
    pub(crate) kind: String,
    pub(crate) approval: bool,
    typed_ahead: String,
    pub(crate) types: Remote<Vec<SafeText>>,
    pub(crate) description: Box<TextArea<'static>>,
    pub(crate) errors: Vec<(Field, String)>,
    /// What concerns the form as a whole.
    pub(crate) message: Option<SafeText>,
    initial: EventForm,
    /// The event as it was when the form was filled.
    base: Option<Box<EventPage>>,
    /// What is on its way.
    under: Option<Under>,
    /// What was sent and not answered over a broken link: saved again unchanged, it is the same change.
    broken: Option<(Nonce, Box<EventDraft>)>,
    /// What would be saved although it hurts somebody, while that is asked.
    asked: Option<Box<EventDraft>>,
}

/// The place of a field of one line among [`FormOverlay::lines`].
fn slot(field: Field) -> Option<usize> {
    match field {
        Field::Title => Some(0),
        Field::Location => Some(1),
        Field::Start => Some(2),
        Field::End => Some(3),
        Field::Seats => Some(4),
        Field::Points => Some(5),
        Field::Price => Some(6),
        Field::Every => Some(7),
        Field::Times => Some(8),
        Field::EventType | Field::Approval | Field::Description => None,
    }
}

/// The text area with a text in it.
fn text_area(text: &str) -> Box<TextArea<'static>> {
    let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.set_cursor_line_style(Style::new());
    area.set_max_histories(200);
    area.set_tab_length(0);
    Box::new(area)
}

impl FormOverlay {
    /// An empty form for an event on a day.
    pub(crate) fn new_event(day: NaiveDate, cx: &mut Context) -> Self {
        let form = EventForm {
            start: day.format("%Y-%m-%d ").to_string(),
            ..EventForm::default()
        };
        Self::with(Kind::New, form, None, cx)
    }

    /// A form that begins from an event as it stands.
    pub(crate) fn from_event(of: Kind, page: &EventPage, cx: &mut Context) -> Self {
        let (zone, currency) = (cx.zone(), cx.currency());
        let form = match of {
            Kind::New | Kind::Edit => EventForm::of(page, zone, currency),
            Kind::Duplicate => EventForm::again(page, 0, false, zone, currency),
            Kind::Series => EventForm::again(page, 1, true, zone, currency),
        };
        Self::with(of, form, Some(Box::new(page.clone())), cx)
    }

    fn with(of: Kind, form: EventForm, base: Option<Box<EventPage>>, cx: &mut Context) -> Self {
        let line = |limit| TextField::new(limit);
        let mut overlay = Self {
            of,
            focus: Field::Title,
            lines: [
                line(MAX_LINE + SLACK),
                line(MAX_LINE + SLACK),
                line(MAX_SHORT),
                line(MAX_SHORT),
                line(MAX_SHORT),
                line(MAX_SHORT),
                line(MAX_SHORT),
                line(MAX_SHORT),
                line(MAX_SHORT),
            ],
            kind: String::new(),
            approval: false,
            typed_ahead: String::new(),
            types: Remote::Nothing,
            description: text_area(""),
            errors: Vec::new(),
            message: None,
            initial: EventForm::default(),
            base,
            under: None,
            broken: None,
            asked: None,
        };
        overlay.fill(&form);
        overlay.initial = form;
        overlay.turn_to(match of {
            Kind::New | Kind::Edit => Field::Title,
            Kind::Duplicate => Field::Start,
            Kind::Series => Field::Times,
        });
        overlay.ask_types(cx);
        overlay
    }

    /// Puts texts into every field where they differ from what is there.
    fn fill(&mut self, form: &EventForm) {
        for field in Field::ALL {
            let text = form.text(field);
            if let Some(line) = slot(field).and_then(|slot| self.lines.get_mut(slot))
                && line.text() != text
            {
                line.set(text);
            }
        }
        self.kind.clone_from(&form.event_type);
        self.approval = form.approval;
        if self.description.lines().join("\n") != form.description {
            self.description = text_area(&form.description);
        }
    }

    /// The fields that this form has, in order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Field> + use<> {
        let edits = self.of == Kind::Edit;
        Field::ALL
            .into_iter()
            .filter(move |field| !(edits && matches!(field, Field::Every | Field::Times)))
    }

    fn ask_types(&mut self, cx: &mut Context) {
        cx.fetch(&mut self.types, Want::EventTypes, Lane::Search, Call::EventTypes);
    }

    /// Asks again for what did not come.
    pub(crate) fn refresh(&mut self, cx: &mut Context) {
        if self.types.get().is_none() && !cx.requests.awaits(&Want::EventTypes) {
            self.ask_types(cx);
        }
        self.look_again(cx);
    }

    pub(crate) fn chain(&self) -> Chain {
        match self.focus {
            Field::EventType | Field::Approval => chains::FORM_CHOICE,
            Field::Description => chains::FORM_TEXT,
            _ => chains::FORM_LINE,
        }
    }

    /// The field's text, if it is one of one line.
    pub(crate) fn line(&self, field: Field) -> Option<&TextField> {
        self.lines.get(slot(field)?)
    }

    fn line_text(&self, field: Field) -> String {
        self.line(field)
            .map_or_else(String::new, |line| line.text().to_owned())
    }

    pub(crate) fn error(&self, field: Field) -> Option<&str> {
        self.errors
            .iter()
            .find(|(wrong, _)| *wrong == field)
            .map(|(_, why)| why.as_str())
    }

    fn typed(&self) -> EventForm {
        EventForm {
            id: self.initial.id,
            version: self.initial.version,
            series_of: self.initial.series_of,
            title: self.line_text(Field::Title),
            event_type: self.kind.clone(),
            location: self.line_text(Field::Location),
            start: self.line_text(Field::Start),
            end: self.line_text(Field::End),
            seats: self.line_text(Field::Seats),
            points: self.line_text(Field::Points),
            price: self.line_text(Field::Price),
            approval: self.approval,
            every: self.line_text(Field::Every),
            times: self.line_text(Field::Times),
            description: self.description.lines().join("\n"),
        }
    }

    fn type_names(&self) -> Vec<String> {
        self.types
            .get()
            .map(|types| types.iter().map(ToString::to_string).collect())
            .unwrap_or_default()
    }

    /// What the clock does to a day of the series.
    pub(crate) fn turns(&self, cx: &Context) -> Option<String> {
        let all = self.typed().occurrences(cx.zone(), cx.now())?;
        series::turns(&all, cx.zone(), cx.now())
    }

    /// How a moment, the price or the repetition is understood, in words.
    pub(crate) fn echo(&self, field: Field, cx: &Context) -> Option<String> {
        let (zone, now) = (cx.zone(), cx.now());
        let at = match field {
            Field::Price => {
                let currency = cx.currency();
                let price = currency.read(self.line(field)?.text()).ok()?;
                return (!price.is_zero()).then(|| currency.show(price));
            }
            Field::Times => {
                let form = self.typed();
                let repeats = !form.times.trim().is_empty();
                return repeats
                    .then(|| form.occurrences(zone, now))
                    .flatten()
                    .map(|all| series::told(&all, zone, now));
            }
            Field::Start => when::read_moment(self.line(field)?.text(), zone, now).ok()?,
            Field::End => {
                let once = EventForm {
                    start: self.line_text(Field::Start),
                    end: self.line_text(Field::End),
                    ..EventForm::default()
                };
                once.occurrences(zone, now)?.first()?.end
            }
            _ => return None,
        };
        let which = zone.which(at).map(|name| format!(" {name}")).unwrap_or_default();
        let told = when::day_and_time(at, zone, now);
        Some(format!("{told}{which} · {}", when::relative(at, now)))
    }

    // ---- actions ----

    pub(crate) fn act(&mut self, action: FormAction, cx: &mut Context) {
        match action {
            FormAction::Next => self.leave(1, cx),
            FormAction::Previous => self.leave(self.fields().count() - 1, cx),
            FormAction::ChoiceOn => self.choose(1),
            FormAction::ChoiceBack => self.choose(usize::MAX),
            FormAction::Save => self.save(cx),
            FormAction::Close => self.close(cx),
        }
    }

    fn choose(&mut self, by: usize) {
        if self.is_busy() {
            return;
        }
        if self.focus == Field::Approval {
            self.approval = !self.approval;
            self.edited(Edit::Changed);
            return;
        }
        let names = self.type_names();
        if names.is_empty() {
            return;
        }
        let at = names.iter().position(|name| *name == self.kind);
        let next = match at {
            Some(at) if by == 1 => (at + 1) % names.len(),
            Some(at) => (at + names.len() - 1) % names.len(),
            None if by == 1 => 0,
            None => names.len() - 1,
        };
        self.kind.clone_from(&names[next]);
        self.typed_ahead.clear();
        self.edited(Edit::Changed);
    }

    fn leave(&mut self, by: usize, cx: &mut Context) {
        self.check_left(cx);
        let fields: Vec<Field> = self.fields().collect();
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        if let Some(next) = fields.get((at + by) % fields.len().max(1)) {
            self.turn_to(*next);
        }
    }

    /// Puts the cursor into a field.
    pub(crate) fn turn_to(&mut self, field: Field) {
        self.focus = field;
        self.typed_ahead.clear();
        // Only the field with the keys has a cursor.
        self.description.set_cursor_style(if field == Field::Description {
            Style::new().add_modifier(Modifier::REVERSED)
        } else {
            Style::new()
        });
    }

    /// Checks the field that is left, if it holds anything; what is still empty is said when it is saved.
    fn check_left(&mut self, cx: &Context) {
        let left = self.focus;
        self.errors.retain(|(field, _)| *field != left);
        let form = self.typed();
        let untouched = match left {
            Field::EventType | Field::Approval => true,
            Field::Description => false,
            _ => self.line(left).is_none_or(|line| {
                line.text().trim().is_empty() || (left == Field::Start && line.text() == self.initial.start)
            }),
        };
        if untouched {
            return;
        }
        let Err(wrong) = form.check(&self.type_names(), cx.zone(), cx.currency(), cx.now()) else {
            return;
        };
        self.errors
            .extend(wrong.into_iter().filter(|(field, _)| *field == left));
    }

    fn close(&mut self, cx: &mut Context) {
        self.stop_looking();
        if self.is_saving() {
            cx.wish(Wish::Open(Box::new(Overlay::Confirm(
                Confirm::close_while_saving(),
            ))));
        } else if self.typed() == self.initial {
            cx.wish(Wish::Close);
        } else {
            cx.wish(Wish::Open(Box::new(Overlay::Confirm(Confirm::drop_form()))));
        }
    }

    pub(crate) fn types_answered(&mut self, result: Result<Vec<SafeText>, Fault>) {
        self.types.answer(result);
    }
}
