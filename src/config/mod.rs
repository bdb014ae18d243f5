//! The program's settings: the TOML file, the environment and the flags merged into one [`Config`].
//!
//! A flag beats an environment variable, which beats the file, which beats the default. Reading is pure: the
//! environment and the system's folders come in as arguments, so tests need no process environment. What the
//! settings mean is the business of those who use them; only their shape and their limits are checked here.

mod database;
mod file;
mod keys;
mod places;
mod url;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use database::Database;
pub use keys::{KEYS, Key};
pub use places::{Places, ssh_client};
pub use url::DatabaseUrl;

/// The commented example file, complete: every key with its default.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

/// All settings, merged and checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Which database, and how its connections are pooled.
    pub database: Database,
    /// The private PostgreSQL, used when no database is configured.
    pub cluster: Cluster,
    /// This terminal: its name at the door, its lock, its mouse.
    pub terminal: Terminal,
    /// What a result at the door does besides being shown.
    pub door: Door,
    /// Where backups are kept, and how many.
    pub backup: Backup,
    /// Colours and glyphs.
    pub theme: Theme,
    /// The log file.
    pub log: Log,
}

/// `[cluster]`: the private PostgreSQL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cluster {
    /// Where its data lives; `None` leaves the choice to the cluster.
    pub data_dir: Option<PathBuf>,
    /// Where `initdb`, `postgres` and `pg_ctl` are; `None` searches the system.
    pub bin_dir: Option<PathBuf>,
}

/// `[terminal]`: this terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    /// What this terminal is called in the check-in log; `None` means host name and tty
    /// ([`Terminal::name_here`]).
    pub name: Option<String>,
    /// Minutes without a key before the screen is locked; 0 never locks.
    pub lock_after_minutes: u32,
    /// Seconds without a key before a kiosk forgets who was there.
    pub kiosk_idle_seconds: u32,
    /// Whether the mouse is listened to. Off leaves selecting text to the terminal.
    pub mouse: bool,
}

impl Default for Terminal {
    fn default() -> Self {
        Self {
            name: None,
            lock_after_minutes: 10,
            kiosk_idle_seconds: 120,
            mouse: false,
        }
    }
}

impl Terminal {
    /// How long without a key before the screen is locked; `None` never locks.
    pub fn lock_after(&self) -> Option<Duration> {
        (self.lock_after_minutes > 0).then(|| Duration::from_secs(u64::from(self.lock_after_minutes) * 60))
    }

    /// How long without a key before a kiosk forgets who was there.
    pub fn kiosk_idle(&self) -> Duration {
        Duration::from_secs(u64::from(self.kiosk_idle_seconds))
    }

    /// The configured name, else host name and tty of this process (`desk1:pts/3`).
    pub fn name_here(&self) -> String {
        self.name.clone().unwrap_or_else(places::host_and_tty)
    }
}

/// `[theme]`: colours and glyphs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Theme {
    /// Which set of colours.
    pub name: ThemeName,
    /// Whether to draw with ASCII glyphs only.
    pub ascii: bool,
    /// Whether to use colour at all.
    pub colour: ColourUse,
    /// Whether the environment asks for no colour (`NO_COLOR`, see <https://no-color.org>).
    pub no_color: bool,
}

impl Theme {
    /// Whether colours are drawn: `always` and `never` stand above `NO_COLOR`, `auto` follows it.
    pub fn uses_colour(&self) -> bool {
        match self.colour {
            ColourUse::Auto => !self.no_color,
            ColourUse::Always => true,
            ColourUse::Never => false,
        }
    }
}

/// The sets of colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ThemeName {
    /// The terminal's own sixteen colours.
    #[default]
    Terminal,
    /// The truecolor theme.
    Highland,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColourUse {
    /// Unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Even when `NO_COLOR` is set.
    Always,
    /// Never: weight and glyphs carry the meaning.
    Never,
}

/// `[door]`: what a result at the door does besides being shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Whether it lights up over the full width for a moment.
    pub flash: bool,
    /// Whether it rings: once for `ok`, twice where somebody has to look, three times for a refusal.
    pub bell: bool,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            flash: true,
            bell: false,
        }
    }
}

/// `[backup]`: where backups are kept, and how many of them `backup prune` leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The folder; `None` means [`Backup::folder`]'s choice.
    pub dir: Option<PathBuf>,
    /// One of each of the newest so many hours that have one.
    pub keep_hourly: u32,
    /// Of days.
    pub keep_daily: u32,
    /// Of weeks.
    pub keep_weekly: u32,
    /// Of months.
    pub keep_monthly: u32,
}

impl Default for Backup {
    fn default() -> Self {
        Self {
            dir: None,
            keep_hourly: 24,
            keep_daily: 7,
            keep_weekly: 5,
            keep_monthly: 12,
        }
    }
}

impl Backup {
    /// The configured folder, else the system's place for this user; none for a user without a home folder.
    pub fn folder(&self) -> Option<PathBuf> {
        self.dir.clone().or_else(places::backups)
    }
}

/// `[log]`: the log file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// The file to append to; `None` means one file a day in the state folder.
    pub file: Option<PathBuf>,
    /// What is worth a line.
    pub level: LogLevel,
}

/// How much is logged, each level with all before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What went on in spite of trouble.
    Warn,
    /// What happened.
    #[default]
    Info,
    /// What was decided on the way.
    Debug,
    /// Everything.
    Trace,
}

/// The settings that have a flag on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--config FILE`: read this file, which must exist, in place of the default one.
    pub config: Option<PathBuf>,
    /// `--database-url URL`.
    pub database_url: Option<String>,
    /// `--log-file FILE`.
    pub log_file: Option<PathBuf>,
}

/// Where a setting was last set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// On this line of the file.
    File(usize),
    /// In this environment variable.
    Environment(String),
    /// By this flag.
    Flag(&'static str),
}

/// The settings, and how they came about.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The merged settings.
    pub config: Config,
    /// The file that was read, if there was one.
    pub file: Option<PathBuf>,
    /// Who set which key (`database.pool_size`); keys that are not here have their default.
    pub sources: Vec<(String, Source)>,
}

impl Loaded {
    /// Who set this key last; `None` when it has its default.
    pub fn source(&self, key: &Key) -> Option<&Source> {
        let path = key.path();
        self.sources
            .iter()
            .rev()
            .find(|(name, _)| *name == path)
            .map(|(_, source)| source)
    }

    /// What the file says of listening and reading belongs to the database that it names.
    fn forget_urls_of_the_file(&mut self) {
        for name in ["database.listen_url", "database.read_url"] {
            self.sources
                .retain(|(key, source)| key != name || !matches!(source, Source::File(_)));
        }
        let set = |name| self.sources.iter().any(|(key, _)| key == name);
        let (listens, reads) = (set("database.listen_url"), set("database.read_url"));
        let database = &mut self.config.database;
        database.listen_url = database.listen_url.take().filter(|_| listens);
        database.read_url = database.read_url.take().filter(|_| reads);
    }
}

/// Why the settings cannot be used: one plain sentence for each problem, naming key and place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .problems.join("\n"))]
pub struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    fn one(problem: String) -> Self {
        Self {
            problems: vec![problem],
        }
    }

    /// The problems, in the order of the file, then the environment, then the flags.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl Config {
    /// Merges defaults, file, environment and flags.
    ///
    /// `env` answers environment variables; one that is set but empty counts as not set.
    ///
    /// # Errors
    /// All problems at once: a named file that is missing or unreadable, TOML that cannot be parsed, unknown keys,
    /// wrong types and values out of range. No message contains a password.
    pub fn load(
        flags: &Overrides,
        places: &Places,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        Self::load_explained(flags, places, env).map(|loaded| loaded.config)
    }

    /// As [`Config::load`], and says where each setting came from.
    pub fn load_explained(
        flags: &Overrides,
        places: &Places,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Loaded, ConfigError> {
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        let home = env("HOME").map(PathBuf::from);
        let mut loaded = Loaded {
            config: Self::default(),
            file: None,
            sources: Vec::new(),
        };
        let mut problems = Vec::new();

        if let Some((path, text)) = file::read(flags.config.as_deref(), places)? {
            let base = path.parent().unwrap_or(Path::new("")).to_owned();
            let paths = keys::PathRule {
                base: Some(&base),
                home: home.as_deref(),
            };
            let wheres = path.display().to_string();
            for found in file::settings(&text, &wheres, &mut problems) {
                match found.key.set(&mut loaded.config, found.value, &paths) {
                    Ok(()) => loaded.sources.push((found.key.path(), Source::File(found.line))),
                    Err(problem) => problems.push(format!(
                        "{wheres} line {}: {} {problem}",
                        found.line,
                        found.key.path()
                    )),
                }
            }
            loaded.file = Some(path);
        }

        let paths = keys::PathRule {
            base: None,
            home: home.as_deref(),
        };
        for key in KEYS {
            let name = key.variable();
            let Some(text) = env(&name) else { continue };
            match key.set_from_text(&mut loaded.config, &text, &paths) {
                Ok(()) => loaded.sources.push((key.path(), Source::Environment(name))),
                Err(problem) => problems.push(format!("The environment variable {name} {problem}")),
            }
        }
        loaded.config.theme.no_color = env("NO_COLOR").is_some();

        if env("PINE_TIME_DATABASE_URL").is_some() || flags.database_url.is_some() {
            loaded.forget_urls_of_the_file();
        }
        if let Some(url) = &flags.database_url {
            match DatabaseUrl::parse(url) {
                Ok(url) => loaded.config.database.url = Some(url),
                Err(problem) => problems.push(format!("--database-url {problem}")),
            }
            loaded
                .sources
                .push(("database.url".to_owned(), Source::Flag("--database-url")));
        }
        if let Some(file) = &flags.log_file {
            loaded.config.log.file = Some(file.clone());
            loaded
                .sources
                .push(("log.file".to_owned(), Source::Flag("--log-file")));
        }

        let allowed = loaded.config.database.unverified_tls;
        let default_host = env("PGHOST");
        for (name, url) in loaded.config.database.urls() {
            if let Err(problem) = url.secure(default_host.as_deref(), allowed) {
                problems.push(format!("database.{name} {problem}"));
            }
        }

        if problems.is_empty() {
            Ok(loaded)
        } else {
            Err(ConfigError { problems })
        }
    }
}
