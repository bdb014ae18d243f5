//! The fields of a sheet: lines of text, secrets, and choices.

use crate::app::text_field::{Edit, TextField};
use crate::domain::SafeText;

/// What a field takes.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A line of text.
    Line,
    /// A line that nobody looks over a shoulder at.
    Secret,
    /// One of these, in the field's text.
    Choice(Vec<String>),
}

/// One line of a sheet.
#[derive(Debug)]
pub(crate) struct Field {
    /// What the purpose and the database call it.
    pub(crate) key: &'static str,
    /// What people call it.
    pub(crate) label: &'static str,
    pub(crate) kind: Kind,
    /// Whether it has to be filled.
    pub(crate) required: bool,
    /// Said below it while nothing else is.
    pub(crate) hint: &'static str,
    pub(crate) text: TextField,
    pub(crate) error: Option<SafeText>,
    /// What stood in it when the sheet opened.
    first: String,
}

impl Field {
    fn of(key: &'static str, label: &'static str, kind: Kind, text: TextField) -> Self {
        Self {
            key,
            label,
            kind,
            required: false,
            hint: "",
            text,
            error: None,
            first: String::new(),
        }
    }

    /// A line of at most so many characters.
    pub(crate) fn line(key: &'static str, label: &'static str, most: usize) -> Self {
        Self::of(key, label, Kind::Line, TextField::new(most))
    }

    /// A password.
    pub(crate) fn secret(key: &'static str, label: &'static str, most: usize) -> Self {
        Self::of(key, label, Kind::Secret, TextField::secret(most)).needed()
    }

    /// One of these, the first to begin with.
    pub(crate) fn choice(key: &'static str, label: &'static str, options: Vec<String>) -> Self {
        let most = options.iter().map(|option| option.chars().count()).max();
        let first = options.first().cloned().unwrap_or_default();
        Self::of(
            key,
            label,
            Kind::Choice(options),
            TextField::new(most.unwrap_or_default()),
        )
        .with(&first)
    }

    /// It has to be filled.
    pub(crate) fn needed(mut self) -> Self {
        self.required = true;
        self
    }

    /// With a word below it.
    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    /// With this in it.
    pub(crate) fn with(mut self, value: &str) -> Self {
        self.text.set(value);
        value.clone_into(&mut self.first);
        self
    }

    /// What is in it.
    pub(crate) fn value(&self) -> &str {
        match self.kind {
            Kind::Line => self.text.text().trim(),
            Kind::Secret | Kind::Choice(_) => self.text.text(),
        }
    }

    /// Which of the options it stands on; the first of a field without any.
    pub(crate) fn at(&self) -> usize {
        match &self.kind {
            Kind::Choice(options) => options
                .iter()
                .position(|option| option == self.text.text())
                .unwrap_or(0),
            _ => 0,
        }
    }

    /// Goes on among the options by so many, to the first for which this holds; answers whether it is another one.
    pub(super) fn turn(&mut self, by: usize, fits: impl Fn(&str) -> bool) -> Edit {
        let at = self.at();
        let Kind::Choice(options) = &self.kind else {
            return Edit::Ignored;
        };
        let count = options.len();
        let next = (1..=count)
            .map(|step| (at + by * step) % count)
            .find(|at| fits(&options[*at]));
        match next.filter(|next| *next != at) {
            Some(next) => {
                let option = options[next].clone();
                self.text.set(&option);
                Edit::Changed
            }
            None => Edit::Ignored,
        }
    }

    pub(super) fn is_touched(&self) -> bool {
        self.value() != self.first
    }
}

/// The fields, as a purpose reads them.
#[derive(Debug)]
pub(crate) struct Fields(pub(super) Vec<Field>);

impl Fields {
    /// Lets a field stand on another of its options.
    pub(crate) fn put(&mut self, key: &str, at: usize) {
        if let Some(field) = self.0.iter_mut().find(|field| field.key == key)
            && let Kind::Choice(options) = &field.kind
            && let Some(option) = options.get(at).cloned()
        {
            field.text.set(&option);
        }
    }

    /// Which of its options a field stands on.
    pub(crate) fn at(&self, key: &str) -> usize {
        self.0.iter().find(|field| field.key == key).map_or(0, Field::at)
    }

    /// What is in a field; nothing for one that the sheet does not have.
    pub(crate) fn value(&self, key: &str) -> &str {
        self.0
            .iter()
            .find(|field| field.key == key)
            .map_or("", Field::value)
    }
}
