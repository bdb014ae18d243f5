//! The panel of the calendar's filter: what is chosen and typed, and its errors where they stand. Nothing is filtered
//! before Enter; Esc leaves the filter as it was.

use crate::app::action::FilterAction;
use crate::app::context::{Context, Wish};
use crate::app::keymap::{Chain, Key, chains};
use crate::app::text_field::{Edit, TextField};
use crate::app::words;
use crate::domain::SafeText;
use crate::domain::event_filter::{EventFilter, FilterField, FilterForm, PriceChoice, SortBy};
use crate::domain::when;
use crossterm::event::KeyCode;

/// Longest day or amount that is worth reading.
const MAX_SHORT: usize = 24;

/// The panel.
#[derive(Debug, Clone)]
pub(crate) struct FilterPanel {
    pub(crate) focus: FilterField,
    pub(crate) event_type: Option<SafeText>,
    pub(crate) free_seats: bool,
    pub(crate) price: PriceChoice,
    pub(crate) amount: TextField,
    pub(crate) mine: bool,
    pub(crate) from: TextField,
    pub(crate) to: TextField,
    pub(crate) sort: SortBy,
    pub(crate) errors: Vec<(FilterField, String)>,
}

impl FilterPanel {
    pub(crate) fn new(filter: &EventFilter, cx: &Context) -> Self {
        let form = FilterForm::of(filter, cx.currency());
        let line = |text: &str| TextField::new(MAX_SHORT).with(text);
        Self {
            focus: FilterField::Type,
            amount: line(&form.amount),
            from: line(&form.from),
            to: line(&form.to),
            event_type: form.event_type,
            free_seats: form.free_seats,
            price: form.price,
            mine: form.mine,
            sort: form.sort,
            errors: Vec::new(),
        }
    }

    pub(crate) fn chain(&self) -> Chain {
        match self.focus {
            FilterField::From | FilterField::To => chains::FILTER_PANEL,
            _ => chains::FILTER_PANEL_CHOICE,
        }
    }

    pub(crate) fn error(&self, field: FilterField) -> Option<&str> {
        let wrong = self.errors.iter().find(|(wrong, _)| *wrong == field);
        wrong.map(|(_, why)| why.as_str())
    }

    fn typed(&self) -> FilterForm {
        FilterForm {
            event_type: self.event_type.clone(),
            free_seats: self.free_seats,
            price: self.price,
            amount: self.amount.text().to_owned(),
            mine: self.mine,
            from: self.from.text().to_owned(),
            to: self.to.text().to_owned(),
            sort: self.sort,
        }
    }

    /// The filter as far as it can be read.
    pub(crate) fn read(&self, cx: &Context) -> Option<EventFilter> {
        self.typed().check(cx.currency(), cx.today()).ok()
    }

    /// How a day is understood, in words.
    pub(crate) fn echo(&self, field: FilterField, cx: &Context) -> Option<String> {
        let typed = match field {
            FilterField::From => self.from.text(),
            FilterField::To => self.to.text(),
            _ => return None,
        };
        let day = when::read_date(typed, cx.today()).ok()?;
        Some(format!(
            "{} · {}",
            when::short_day(day, cx.today()),
            when::relative(cx.zone().midnight(day), cx.zone().midnight(cx.today()))
        ))
        .map(|text| text.replace("· now", "· today"))
    }

    /// The field that printable keys go into.
    pub(crate) fn field_with_keys(&mut self) -> Option<&mut TextField> {
        match self.focus {
            FilterField::Price => Some(&mut self.amount),
            FilterField::From => Some(&mut self.from),
            FilterField::To => Some(&mut self.to),
            _ => None,
        }
    }

    pub(crate) fn key(&mut self, key: Key, types: Option<&Vec<SafeText>>) -> Edit {
        let bare = key.modifiers.is_empty();
        let edit = match (self.focus, key.printable()) {
            // An amount that is typed is meant; Space goes on to the next choice, as a click would.
            (FilterField::Price, Some(c)) if c != ' ' => {
                if self.price != PriceChoice::UpTo {
                    self.price = PriceChoice::UpTo;
                    self.amount.clear();
                }
                self.amount.key(key)
            }
            (FilterField::Price, None) if self.price == PriceChoice::UpTo && !self.amount.is_empty() => {
                self.amount.key(key)
            }
            (FilterField::From | FilterField::To, _) => self
                .field_with_keys()
                .map_or(Edit::Ignored, |field| field.key(key)),
            (_, Some(' ')) => self.choose(true, types),
            (FilterField::Type, Some(c)) => self.type_ahead(c, types),
            (_, None) if bare && matches!(key.code, KeyCode::Backspace | KeyCode::Delete) => self.any(),
            _ => Edit::Ignored,
        };
        self.edited(edit)
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        if self.focus == FilterField::Price {
            self.price = PriceChoice::UpTo;
        }
        let edit = self
            .field_with_keys()
            .map_or(Edit::Ignored, |field| field.paste(raw));
        self.edited(edit)
    }

    fn edited(&mut self, edit: Edit) -> Edit {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            let focus = self.focus;
            self.errors.retain(|(field, _)| *field != focus);
        }
        edit
    }

    /// The next type that begins with a letter.
    fn type_ahead(&mut self, c: char, types: Option<&Vec<SafeText>>) -> Edit {
        let types = types.map_or(&[][..], Vec::as_slice);
        let letter = words::fold(&[c.to_string()]);
        let here = types
            .iter()
            .position(|name| Some(name) == self.event_type.as_ref());
        let from = here.map_or(0, |at| at + 1);
        let mut order = types.iter().skip(from).chain(types.iter().take(from));
        match order.find(|name| words::fold(&[name.as_str()]).starts_with(&letter)) {
            Some(name) => {
                self.event_type = Some(name.clone());
                Edit::Changed
            }
            None => Edit::Moved,
        }
    }

    /// Takes the wish of a field back.
    fn any(&mut self) -> Edit {
        match self.focus {
            FilterField::Type => self.event_type = None,
            FilterField::Seats => self.free_seats = false,
            FilterField::Price => self.price = PriceChoice::Any,
            FilterField::Whose => self.mine = false,
            FilterField::Sort => self.sort = SortBy::Start,
            FilterField::From | FilterField::To => {}
        }
        Edit::Changed
    }

    fn choose(&mut self, on: bool, types: Option<&Vec<SafeText>>) -> Edit {
        match self.focus {
            FilterField::Type => {
                let mut choices: Vec<Option<SafeText>> = vec![None];
                choices.extend(types.into_iter().flatten().cloned().map(Some));
                self.event_type = turn(&choices, &self.event_type, on);
            }
            FilterField::Seats => self.free_seats = !self.free_seats,
            FilterField::Whose => self.mine = !self.mine,
            FilterField::Price => {
                use PriceChoice::{Any, Free, Paid, UpTo};
                self.price = turn(&[Any, Free, Paid, UpTo], &self.price, on);
            }
            FilterField::Sort => {
                use SortBy::{Price, Start, Title};
                self.sort = turn(&[Start, Title, Price], &self.sort, on);
            }
            FilterField::From | FilterField::To => return Edit::Ignored,
        }
        Edit::Changed
    }

    pub(crate) fn act(&mut self, action: FilterAction, types: Option<&Vec<SafeText>>, cx: &mut Context) {
        match action {
            FilterAction::Next => self.leave(1, cx),
            FilterAction::Previous => self.leave(FilterField::ALL.len() - 1, cx),
            FilterAction::ChoiceOn | FilterAction::ChoiceBack => {
                let edit = self.choose(action == FilterAction::ChoiceOn, types);
                self.edited(edit);
            }
            FilterAction::Reset => {
                let focus = self.focus;
                *self = Self::new(&EventFilter::default(), cx);
                self.focus = focus;
            }
            FilterAction::Close => cx.wish(Wish::Close),
            FilterAction::Apply => match self.typed().check(cx.currency(), cx.today()) {
                Ok(filter) => {
                    cx.wish(Wish::Close);
                    cx.wish(Wish::Filter(Box::new(filter)));
                }
                Err(wrong) => {
                    if let Some((field, _)) = wrong.first() {
                        self.focus = *field;
                    }
                    self.errors = wrong;
                }
            },
        }
    }

    /// Goes to another field, and says what is wrong with the one that is left.
    fn leave(&mut self, by: usize, cx: &Context) {
        let left = self.focus;
        self.errors.retain(|(field, _)| *field != left);
        if let Err(wrong) = self.typed().check(cx.currency(), cx.today()) {
            self.errors
                .extend(wrong.into_iter().filter(|(field, _)| *field == left));
        }
        let at = FilterField::ALL
            .iter()
            .position(|field| *field == left)
            .unwrap_or(0);
        self.focus = FilterField::ALL[(at + by) % FilterField::ALL.len()];
    }
}

/// The choice after this one, or before it.
fn turn<T: Clone + PartialEq>(choices: &[T], now: &T, on: bool) -> T {
    let at = choices.iter().position(|choice| choice == now).unwrap_or(0);
    let by = if on { 1 } else { choices.len() - 1 };
    choices
        .get((at + by) % choices.len().max(1))
        .unwrap_or(now)
        .clone()
}
