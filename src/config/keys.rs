//! The table of settings. One record a key: it drives the file, the environment, `config check` and the messages,
//! so a key that is read anywhere is known everywhere.

use std::path::{Path, PathBuf};

use super::{ColourUse, Config, DatabaseUrl, LogLevel, ThemeName};

/// One setting.
#[derive(Debug)]
pub struct Key {
    /// The section of the file, as in `[database]`.
    pub section: &'static str,
    /// The name inside the section.
    pub name: &'static str,
    slot: Slot,
}

/// What a key holds and where it goes.
#[derive(Debug)]
enum Slot {
    Whole {
        least: u32,
        most: u32,
        at: fn(&mut Config) -> &mut u32,
    },
    Switch {
        at: fn(&mut Config) -> &mut bool,
    },
    Folder {
        at: fn(&mut Config) -> &mut Option<PathBuf>,
    },
    Word {
        longest: usize,
        at: fn(&mut Config) -> &mut Option<String>,
    },
    Url {
        at: fn(&mut Config) -> &mut Option<DatabaseUrl>,
    },
    Choice {
        words: &'static [&'static str],
        set: fn(&mut Config, usize),
        get: fn(&Config) -> usize,
    },
}

/// A value as the file has it. Everything the keys have no use for is `Other`, with its name in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    /// `None` when it does not fit into 64 bits.
    Whole(Option<i64>),
    Switch(bool),
    Other(&'static str),
}

/// How a relative path and `~/` are read.
pub(super) struct PathRule<'a> {
    /// The folder relative paths start from; `None` leaves them relative to the current folder.
    pub(super) base: Option<&'a Path>,
    /// What `~` stands for.
    pub(super) home: Option<&'a Path>,
}

/// Every setting, in the order of the example file.
pub const KEYS: &[Key] = &[
    Key::new(
        "database",
        "url",
        Slot::Url {
            at: |c| &mut c.database.url,
        },
    ),
    Key::new(
        "database",
        "listen_url",
        Slot::Url {
            at: |c| &mut c.database.listen_url,
        },
    ),
    Key::new(
        "database",
        "read_url",
        Slot::Url {
            at: |c| &mut c.database.read_url,
        },
    ),
    Key::whole("database", "pool_size", 1, 100, |c| &mut c.database.pool_size),
    Key::whole("database", "max_overflow", 0, 100, |c| {
        &mut c.database.max_overflow
    }),
    Key::whole("database", "pool_timeout_seconds", 1, 600, |c| {
        &mut c.database.pool_timeout_seconds
    }),
    Key::whole("database", "pool_recycle_seconds", 10, 86_400, |c| {
        &mut c.database.pool_recycle_seconds
    }),
    Key::whole("database", "call_timeout_seconds", 1, 600, |c| {
        &mut c.database.call_timeout_seconds
    }),
    Key::new(
        "database",
        "unverified_tls",
        Slot::Switch {
            at: |c| &mut c.database.unverified_tls,
        },
    ),
    Key::new(
        "cluster",
        "data_dir",
        Slot::Folder {
            at: |c| &mut c.cluster.data_dir,
        },
    ),
    Key::new(
        "cluster",
        "bin_dir",
        Slot::Folder {
            at: |c| &mut c.cluster.bin_dir,
        },
    ),
    Key::new(
        "terminal",
        "name",
        Slot::Word {
            longest: 60,
            at: |c| &mut c.terminal.name,
        },
    ),
    Key::whole("terminal", "lock_after_minutes", 0, 720, |c| {
        &mut c.terminal.lock_after_minutes
    }),
    Key::whole("terminal", "kiosk_idle_seconds", 10, 900, |c| {
        &mut c.terminal.kiosk_idle_seconds
    }),
    Key::new(
        "terminal",
        "mouse",
        Slot::Switch {
            at: |c| &mut c.terminal.mouse,
        },
    ),
    Key::new(
        "door",
        "flash",
        Slot::Switch {
            at: |c| &mut c.door.flash,
        },
    ),
    Key::new(
        "door",
        "bell",
        Slot::Switch {
            at: |c| &mut c.door.bell,
        },
    ),
    Key::new(
        "backup",
        "dir",
        Slot::Folder {
            at: |c| &mut c.backup.dir,
        },
    ),
    Key::whole("backup", "keep_hourly", 0, 1000, |c| &mut c.backup.keep_hourly),
    Key::whole("backup", "keep_daily", 0, 1000, |c| &mut c.backup.keep_daily),
    Key::whole("backup", "keep_weekly", 0, 1000, |c| &mut c.backup.keep_weekly),
    Key::whole("backup", "keep_monthly", 0, 1000, |c| &mut c.backup.keep_monthly),
    Key::new("theme", "name", THEME_NAME),
    Key::new(
        "theme",
        "ascii",
        Slot::Switch {
            at: |c| &mut c.theme.ascii,
        },
    ),
    Key::new("theme", "colour", COLOUR),
    Key::new(
        "log",
        "file",
        Slot::Folder {
            at: |c| &mut c.log.file,
        },
    ),
    Key::new("log", "level", LEVEL),
];

const THEME_NAMES: [ThemeName; 2] = [ThemeName::Terminal, ThemeName::Highland];
const THEME_NAME: Slot = Slot::Choice {
    words: &["terminal", "highland"],
    set: |c, i| c.theme.name = THEME_NAMES[i],
    get: |c| place(&THEME_NAMES, &c.theme.name),
};

const COLOURS: [ColourUse; 3] = [ColourUse::Auto, ColourUse::Always, ColourUse::Never];
const COLOUR: Slot = Slot::Choice {
    words: &["auto", "always", "never"],
    set: |c, i| c.theme.colour = COLOURS[i],
    get: |c| place(&COLOURS, &c.theme.colour),
};

const LEVELS: [LogLevel; 5] = [
    LogLevel::Error,
    LogLevel::Warn,
    LogLevel::Info,
    LogLevel::Debug,
    LogLevel::Trace,
];
const LEVEL: Slot = Slot::Choice {
    words: &["error", "warn", "info", "debug", "trace"],
    set: |c, i| c.log.level = LEVELS[i],
    get: |c| place(&LEVELS, &c.log.level),
};

fn place<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter().position(|each| each == one).unwrap_or_default()
}

impl Key {
    const fn new(section: &'static str, name: &'static str, slot: Slot) -> Self {
        Self { section, name, slot }
    }

    const fn whole(
        section: &'static str,
        name: &'static str,
        least: u32,
        most: u32,
        at: fn(&mut Config) -> &mut u32,
    ) -> Self {
        Self {
            section,
            name,
            slot: Slot::Whole { least, most, at },
        }
    }

    /// `section.name`, as messages call the key.
    pub fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    /// The environment variable that sets the key.
    pub fn variable(&self) -> String {
        format!("PINE_TIME_{}_{}", self.section, self.name).to_ascii_uppercase()
    }

    /// What may be written, in words that go on after "must be".
    pub fn allowed(&self) -> String {
        match &self.slot {
            Slot::Whole { least, most, .. } => format!("a whole number from {least} to {most}"),
            Slot::Switch { .. } => "true or false".to_owned(),
            Slot::Folder { .. } => "a path in quotes".to_owned(),
            Slot::Word { longest, .. } => {
                format!("a text of 1 to {longest} characters, none of them a control character")
            }
            Slot::Url { .. } => {
                "a database address in quotes, like \"postgres://USER@HOST/DATABASE\"".to_owned()
            }
            Slot::Choice { words, .. } => format!("one of {}", quoted(words)),
        }
    }

    /// The value in `config`, as it would be written in the file; `None` when it is not set. Passwords are hidden.
    pub fn shown(&self, config: &Config) -> Option<String> {
        // The table has one way to each place, and it is the writing one.
        let mut config = config.clone();
        match &self.slot {
            Slot::Whole { at, .. } => Some(at(&mut config).to_string()),
            Slot::Switch { at } => Some(at(&mut config).to_string()),
            Slot::Folder { at } => at(&mut config)
                .as_ref()
                .map(|path| format!("{:?}", path.display().to_string())),
            Slot::Word { at, .. } => at(&mut config).as_ref().map(|text| format!("{text:?}")),
            Slot::Url { at } => at(&mut config).as_ref().map(|url| format!("\"{url}\"")),
            Slot::Choice { words, get, .. } => words.get(get(&config)).map(|word| format!("\"{word}\"")),
        }
    }

    /// Sets the key from a value of the file. The error goes on after the key's name.
    pub(super) fn set(&self, config: &mut Config, value: Value, paths: &PathRule) -> Result<(), String> {
        match (&self.slot, value) {
            (Slot::Whole { least, most, at }, Value::Whole(number)) => {
                let fits = number
                    .and_then(|n| u32::try_from(n).ok())
                    .filter(|n| (least..=most).contains(&n));
                let Some(fits) = fits else {
                    let is = number.map_or_else(|| "too large".to_owned(), |n| n.to_string());
                    return Err(format!("is {is}; it must be {}.", self.allowed()));
                };
                *at(config) = fits;
            }
            (Slot::Switch { at }, Value::Switch(on)) => *at(config) = on,
            (Slot::Folder { at }, Value::Text(text)) => *at(config) = Some(paths.read(&text)?),
            (Slot::Word { longest, at }, Value::Text(text)) => {
                let text = text.trim();
                let length = text.chars().count();
                if length == 0 || length > *longest || text.chars().any(char::is_control) {
                    return Err(format!("must be {}.", self.allowed()));
                }
                *at(config) = Some(text.to_owned());
            }
            (Slot::Url { at }, Value::Text(text)) => {
                *at(config) = Some(DatabaseUrl::parse(&text).map_err(|problem| format!("{problem}."))?);
            }
            (Slot::Choice { words, set, .. }, Value::Text(text)) => {
                let Some(index) = words.iter().position(|word| *word == text) else {
                    return Err(format!("is {}; it must be {}.", excerpt(&text), self.allowed()));
                };
                set(config, index);
            }
            (_, value) => return Err(format!("is {}; it must be {}.", value.kind(), self.allowed())),
        }
        Ok(())
    }

    /// Sets the key from an environment variable. The error goes on after the variable's name.
    pub(super) fn set_from_text(
        &self,
        config: &mut Config,
        text: &str,
        paths: &PathRule,
    ) -> Result<(), String> {
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return Err("is not UTF-8 text.".to_owned());
        }
        let value = match &self.slot {
            Slot::Whole { .. } => text.trim().parse().map(|number| Value::Whole(Some(number))).ok(),
            Slot::Switch { .. } => text.trim().parse().map(Value::Switch).ok(),
            _ => Some(Value::Text(text.to_owned())),
        };
        let Some(value) = value else {
            return Err(format!("is {}; it must be {}.", excerpt(text), self.allowed()));
        };
        self.set(config, value, paths)
    }
}

impl Value {
    /// The value's type, in words that go on after "is".
    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Whole(_) => "a number",
            Self::Switch(_) => "true or false",
            Self::Other(kind) => kind,
        }
    }
}

impl PathRule<'_> {
    fn read(&self, text: &str) -> Result<PathBuf, String> {
        if text.is_empty() {
            return Err("is empty; it must be a path.".to_owned());
        }
        if text.contains('\0') {
            return Err("holds a NUL character, which no path can.".to_owned());
        }
        let home_relative = if text == "~" {
            Some("")
        } else {
            text.strip_prefix("~/")
        };
        if let Some(rest) = home_relative {
            let home = self
                .home
                .ok_or("begins with ~, but HOME is not set; write the whole path.")?;
            return Ok(home.join(rest));
        }
        Ok(self
            .base
            .map_or_else(|| PathBuf::from(text), |base| base.join(text)))
    }
}

/// The words in quotes: `"auto", "always" or "never"`.
fn quoted(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// A value as a message may repeat it: quoted, control characters escaped, cut when long.
fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        return format!("{text:?}");
    }
    let cut: String = text.chars().take(LONGEST).collect();
    format!("{cut:?}…")
}
