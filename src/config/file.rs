//! Reading the TOML file: which file, what is in it, and on which line. Whether a value fits its key is decided by
//! the table of keys.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::keys::{KEYS, Key, Value};
use super::{ConfigError, Places};

/// More than any settings file needs; what is larger was named by mistake.
const LARGEST_BYTES: u64 = 1 << 20;

/// One setting found in the file.
pub(super) struct Found {
    pub(super) key: &'static Key,
    pub(super) value: Value,
    /// Counted from 1.
    pub(super) line: usize,
}

/// The text of the named file, else of the default one when it exists.
pub(super) fn read(named: Option<&Path>, places: &Places) -> Result<Option<(PathBuf, String)>, ConfigError> {
    let Some(path) = named.or(places.config_file.as_deref()) else {
        return Ok(None);
    };
    let problem = |what: &str| ConfigError::one(format!("The configuration file {} {what}", path.display()));
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => return Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(problem("does not exist.")),
        Err(error) => return Err(problem(&format!("cannot be opened: {}.", reason(&error)))),
    };
    let mut bytes = Vec::new();
    match file.take(LARGEST_BYTES + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > LARGEST_BYTES => {
            return Err(problem(
                "is larger than 1 MiB; it is probably not a configuration file.",
            ));
        }
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::IsADirectory => {
            return Err(problem("is a folder; name the file in it."));
        }
        Err(error) => return Err(problem(&format!("cannot be read: {}.", reason(&error)))),
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some((path.to_owned(), text))),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes()[..valid]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            Err(problem(&format!("is not UTF-8 text on line {line}.")))
        }
    }
}

/// Everything in the file that is a known key; all else becomes a problem.
pub(super) fn settings(text: &str, file: &str, problems: &mut Vec<String>) -> Vec<Found> {
    let mut found = Vec::new();
    let table = match DeTable::parse(text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            problems.push(format!(
                "{file} line {line}: this is not TOML: {}.",
                error.message()
            ));
            return found;
        }
    };
    // The parser sorts by name; messages come in the order of the file.
    let mut sections: Vec<_> = table.into_iter().collect();
    sections.sort_by_key(|(name, _)| name.span().start);
    for (section, content) in sections {
        let line = line_of(text, section.span().start);
        let section = section.into_inner();
        let DeValue::Table(content) = content.into_inner() else {
            problems.push(format!("{file} line {line}: {}", outside(&section)));
            continue;
        };
        if !KEYS.iter().any(|key| key.section == section) {
            problems.push(format!("{file} line {line}: {}", unknown_section(&section)));
            continue;
        }
        let mut entries: Vec<_> = content.into_iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in entries {
            let line = line_of(text, name.span().start);
            let name = name.into_inner();
            match KEYS.iter().find(|key| key.section == section && key.name == name) {
                Some(key) => found.push(Found {
                    key,
                    value: plain(value.into_inner()),
                    line,
                }),
                None => problems.push(format!("{file} line {line}: {}", unknown_key(&section, &name))),
            }
        }
    }
    found
}

fn plain(value: DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Whole(i64::from_str_radix(number.as_str(), number.radix()).ok()),
        DeValue::Boolean(on) => Value::Switch(on),
        DeValue::Float(_) => Value::Other("a number with a fraction"),
        DeValue::Datetime(_) => Value::Other("a date or time"),
        DeValue::Array(_) => Value::Other("a list"),
        DeValue::Table(_) => Value::Other("a section"),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text
        .as_bytes()
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count()
}

fn outside(name: &str) -> String {
    if KEYS.iter().any(|key| key.section == name) {
        return format!("{name} is a section; write [{name}] on a line of its own, and its keys below.");
    }
    let homes: Vec<String> = KEYS
        .iter()
        .filter(|key| key.name == name)
        .map(|key| format!("[{}]", key.section))
        .collect();
    if homes.is_empty() {
        format!(
            "unknown key {name:?} outside of a section; the sections are {}.",
            sections()
        )
    } else {
        format!(
            "{name:?} stands outside of a section; it belongs under {}.",
            homes.join(" or ")
        )
    }
}

fn unknown_section(name: &str) -> String {
    let name = &printable(name);
    let guess = closest(name, KEYS.iter().map(|key| key.section));
    let guess = guess.map_or_else(String::new, |guess| format!(" Did you mean [{guess}]?"));
    format!(
        "unknown section [{name}]; the sections are {}.{guess}",
        sections()
    )
}

fn unknown_key(section: &str, name: &str) -> String {
    let name = &printable(name);
    let names: Vec<&str> = KEYS
        .iter()
        .filter(|key| key.section == section)
        .map(|key| key.name)
        .collect();
    let guess = closest(name, names.iter().copied());
    let guess = guess.map_or_else(String::new, |guess| format!(" Did you mean {guess}?"));
    format!(
        "unknown key {section}.{name}; [{section}] has {}.{guess}",
        names.join(", ")
    )
}

/// A name of the file as a message may repeat it: control characters escaped, cut when long.
fn printable(name: &str) -> String {
    name.chars().take(60).flat_map(char::escape_debug).collect()
}

fn sections() -> String {
    let mut names: Vec<String> = KEYS.iter().map(|key| format!("[{}]", key.section)).collect();
    names.dedup();
    names.join(", ")
}

/// The known name that was probably meant.
fn closest<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const SIMILAR: f64 = 0.8;
    known
        .map(|name| (strsim::jaro_winkler(written, name), name))
        .filter(|(score, _)| *score >= SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// The system's reason in plain words, without the error number.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "you have no permission to read it".to_owned(),
        ErrorKind::NotADirectory => "a part of the path is not a folder".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}
