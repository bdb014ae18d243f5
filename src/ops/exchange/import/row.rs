//! A row as a file has it: values by place, not yet looked at.

/// How a value stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// There is none.
    Nothing,
    /// As plain text.
    Text,
    /// As JSON.
    Json,
}

/// A value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// There is none.
    Nothing,
    /// As plain text.
    Text(&'a str),
    /// As JSON.
    Json(&'a str),
}

/// A row; filled again and again, so that a file of any length takes the memory of one row.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Where it begins: the line of a text file, the number of the row elsewhere; from 1.
    pub(super) line: u64,
    /// What is wrong with it before any value is looked at, and with which value if it is one.
    pub(super) fault: Option<(Option<usize>, String)>,
    text: String,
    fields: Vec<(usize, Form)>,
}

impl Row {
    /// Begins a row anew.
    pub(super) fn clear(&mut self, line: u64) {
        self.line = line;
        self.fault = None;
        self.text.clear();
        self.fields.clear();
    }

    /// Adds a value.
    pub(super) fn push(&mut self, text: &str, form: Form) {
        self.text.push_str(text);
        self.fields.push((self.text.len(), form));
    }

    /// Says what is wrong; what was said first stands.
    pub(super) fn blame(&mut self, place: Option<usize>, why: impl Into<String>) {
        if self.fault.is_none() {
            self.fault = Some((place, why.into()));
        }
    }

    /// How many values it has.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A value; none behind the last.
    pub(super) fn value(&self, place: usize) -> Value<'_> {
        let Some((end, form)) = self.fields.get(place) else {
            return Value::Nothing;
        };
        let begin = place.checked_sub(1).map_or(0, |before| self.fields[before].0);
        let text = &self.text[begin..*end];
        match form {
            Form::Nothing => Value::Nothing,
            Form::Text => Value::Text(text),
            Form::Json => Value::Json(text),
        }
    }
}
