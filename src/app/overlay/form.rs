//! The event form: what is typed, field by field, its errors where they stand, and the way to the database and
//! back. What was typed stays until it is saved or given up.

pub(crate) mod typing;

use chrono::NaiveDate;
use ratatui::style::{Modifier, Style};
use tui_textarea::{TextArea, WrapMode};

use crate::app::action::FormAction;
use crate::app::context::{Context, Tone, Wish};
use crate::app::effect::Lane;
use crate::app::keymap::{Chain, chains};
use crate::app::overlay::Overlay;
use crate::app::overlay::confirm::Confirm;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::event::{EventDraft, EventPage};
use crate::domain::event_form::{EventForm, Field, MAX_LINE};
use crate::domain::{Call, Fault, Nonce, SafeText, when};

/// Longest moment or number that is worth reading.
const MAX_SHORT: usize = 40;
/// A little more than fits, so that the field's own message can say by how much.
const SLACK: usize = 40;

/// The form.
#[derive(Debug)]
pub(crate) struct FormOverlay {
    pub(crate) focus: Field,
    pub(crate) lines: [TextField; 7],
    pub(crate) kind: String,
    typed_ahead: String,
    pub(crate) types: Remote<Vec<SafeText>>,
    pub(crate) description: Box<TextArea<'static>>,
    pub(crate) errors: Vec<(Field, String)>,
    /// What concerns the form as a whole.
    pub(crate) message: Option<SafeText>,
    initial: EventForm,
    /// What is on its way.
    sent: Option<(Nonce, EventDraft)>,
    /// What was sent and not answered over a broken link: saved again unchanged, it is the same change.
    broken: Option<(Nonce, EventDraft)>,
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
        Field::EventType | Field::Description => None,
    }
}

impl FormOverlay {
    /// An empty form for an event on a day.
    pub(crate) fn new_event(day: NaiveDate, cx: &mut Context) -> Self {
        let form = EventForm {
            start: day.format("%Y-%m-%d ").to_string(),
            ..EventForm::default()
        };
        Self::with(form, cx)
    }

    /// The form of an event as it stands.
    pub(crate) fn edit(page: &EventPage, cx: &mut Context) -> Self {
        Self::with(EventForm::of(page, cx.zone(), cx.currency()), cx)
    }

    fn with(form: EventForm, cx: &mut Context) -> Self {
        let line = |text: &str, limit| TextField::new(limit).with(text);
        let mut description = TextArea::new(form.description.split('\n').map(str::to_owned).collect());
        description.set_wrap_mode(WrapMode::WordOrGlyph);
        description.set_cursor_line_style(Style::new());
        description.set_max_histories(200);
        description.set_tab_length(0);
        let mut overlay = Self {
            focus: Field::Title,
            lines: [
                line(&form.title, MAX_LINE + SLACK),
                line(&form.location, MAX_LINE + SLACK),
                line(&form.start, MAX_SHORT),
                line(&form.end, MAX_SHORT),
                line(&form.seats, MAX_SHORT),
                line(&form.points, MAX_SHORT),
                line(&form.price, MAX_SHORT),
            ],
            kind: form.event_type.clone(),
            typed_ahead: String::new(),
            types: Remote::Nothing,
            description: Box::new(description),
            errors: Vec::new(),
            message: None,
            initial: form,
            sent: None,
            broken: None,
        };
        overlay.turn_to(Field::Title);
        overlay.ask_types(cx);
        overlay
    }

    fn ask_types(&mut self, cx: &mut Context) {
        cx.fetch(&mut self.types, Want::EventTypes, Lane::Search, Call::EventTypes);
    }

    /// Asks again for what did not come.
    pub(crate) fn refresh(&mut self, cx: &mut Context) {
        if self.types.get().is_none() && !cx.requests.awaits(&Want::EventTypes) {
            self.ask_types(cx);
        }
    }

    pub(crate) fn is_new(&self) -> bool {
        self.initial.id.is_none()
    }

    pub(crate) fn is_saving(&self) -> bool {
        self.sent.is_some()
    }

    pub(crate) fn chain(&self) -> Chain {
        match self.focus {
            Field::EventType => chains::FORM_CHOICE,
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
            title: self.line_text(Field::Title),
            event_type: self.kind.clone(),
            location: self.line_text(Field::Location),
            start: self.line_text(Field::Start),
            end: self.line_text(Field::End),
            seats: self.line_text(Field::Seats),
            points: self.line_text(Field::Points),
            price: self.line_text(Field::Price),
            description: self.description.lines().join("\n"),
        }
    }

    fn type_names(&self) -> Vec<String> {
        self.types
            .get()
            .map(|types| types.iter().map(ToString::to_string).collect())
            .unwrap_or_default()
    }

    /// How a moment or the price is understood, in words.
    pub(crate) fn echo(&self, field: Field, cx: &Context) -> Option<String> {
        let (zone, now) = (cx.zone(), cx.now());
        let at = match field {
            Field::Price => {
                let currency = cx.currency();
                let price = currency.read(self.line(field)?.text()).ok()?;
                return (!price.is_zero()).then(|| currency.show(price));
            }
            Field::Start => when::read_moment(self.line(field)?.text(), zone, now).ok()?,
            Field::End => {
                // The form's own reading of the end, with everything else in order.
                let moments = EventForm {
                    title: "-".to_owned(),
                    event_type: "-".to_owned(),
                    location: "-".to_owned(),
                    start: self.line_text(Field::Start),
                    end: self.line_text(Field::End),
                    ..EventForm::default()
                };
                moments
                    .check(&["-".to_owned()], zone, cx.currency(), now)
                    .ok()?
                    .end_time
            }
            _ => return None,
        };
        let told = when::day_and_time(at, zone, now);
        Some(format!("{told} · {}", when::relative(at, now)))
    }

    // ---- actions ----

    pub(crate) fn act(&mut self, action: FormAction, cx: &mut Context) {
        match action {
            FormAction::Next => self.leave(1, cx),
            FormAction::Previous => self.leave(Field::ALL.len() - 1, cx),
            FormAction::ChoiceOn => self.choose(1),
            FormAction::ChoiceBack => self.choose(usize::MAX),
            FormAction::Save => self.save(cx),
            FormAction::Close => self.close(cx),
        }
    }

    fn choose(&mut self, by: usize) {
        if self.is_saving() {
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
        let at = Field::ALL
            .iter()
            .position(|field| *field == self.focus)
            .unwrap_or(0);
        self.turn_to(Field::ALL[(at + by) % Field::ALL.len()]);
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
            Field::EventType => true,
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

    fn save(&mut self, cx: &mut Context) {
        if self.is_saving() {
            return cx.say(Tone::Plain, "It is being saved.");
        }
        self.message = None;
        let form = self.typed();
        match form.check(&self.type_names(), cx.zone(), cx.currency(), cx.now()) {
            Ok(draft) => {
                self.errors.clear();
                let nonce = match self.broken.take() {
                    Some((nonce, same)) if same == draft => nonce,
                    _ => cx.nonce(),
                };
                let call = Call::SaveEvent {
                    nonce,
                    draft: draft.clone(),
                };
                cx.ask_and_wait(Want::Save, Lane::Write, call);
                self.sent = Some((nonce, draft));
            }
            Err(wrong) => {
                if let Some((field, _)) = wrong.first() {
                    self.turn_to(*field);
                }
                if wrong.len() > 1 {
                    self.message = Some(format!("{} fields need another look.", wrong.len()).into());
                }
                self.errors = wrong;
            }
        }
    }

    fn close(&mut self, cx: &mut Context) {
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

    // ---- answers ----

    pub(crate) fn types_answered(&mut self, result: Result<Vec<SafeText>, Fault>) {
        self.types.answer(result);
    }

    /// Saving failed; success closes the form before it could hear of it.
    pub(crate) fn save_failed(&mut self, fault: &Fault) {
        let sent = self.sent.take();
        if fault.is_link() {
            self.broken = sent;
        }
        if let Fault::Invalid { field, why } = fault
            && let Some(field) = Field::of_column(field)
        {
            self.errors.retain(|(wrong, _)| *wrong != field);
            self.errors.push((field, why.to_string()));
            self.turn_to(field);
        } else {
            self.message = Some(format!("Not saved. {fault}").into());
        }
    }
}
