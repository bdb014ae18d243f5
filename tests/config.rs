//! The settings: fixtures that load, fixtures that are refused on the line they mark, the order of precedence, and
//! the example file, which has to be complete.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pine_time::config::{
    ColourUse, Config, ConfigError, DatabaseUrl, EXAMPLE, KEYS, LogLevel, Overrides, Places, Source,
    ThemeName,
};

fn fixtures(prefix: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix))
        .collect();
    files.sort();
    assert!(files.len() > 3, "the {prefix} fixtures are gone");
    files
}

fn load(path: &Path, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    load_with(
        &Overrides {
            config: Some(path.to_owned()),
            ..Overrides::default()
        },
        variables,
    )
}

fn load_with(flags: &Overrides, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    Config::load(flags, &Places::default(), &|name| {
        variables.get(name).map(ToString::to_string)
    })
}

fn written(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn valid_fixtures_load() {
    for path in fixtures("valid_") {
        if let Err(error) = load(&path, &[("HOME", "/home/ana")]) {
            panic!("{}: {error}", path.display());
        }
    }
}

#[test]
fn everything_that_is_set_arrives() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config");
    let config = load(&folder.join("valid_everything.toml"), &[("HOME", "/home/ana")]).unwrap();
    let database = &config.database;
    assert_eq!(
        database.url.as_ref().unwrap().expose(),
        "postgres://pine_staff_login:s3cret@db.example.org:6432/pine_time?sslmode=verify-full"
    );
    let urls = [&database.listen_url, &database.read_url].map(|url| url.as_ref().unwrap().expose());
    assert_eq!(
        urls,
        [
            "postgres://pine_staff_login@db.example.org/pine_time?sslmode=verify-full",
            "postgres://pine_staff_login@standby.example.org/pine_time?sslmode=verify-full"
        ]
    );
    assert_eq!((database.pool_size, database.max_overflow), (1, 0));
    assert_eq!(database.pool_timeout(), Duration::from_mins(10));
    assert_eq!(database.pool_recycle(), Duration::from_hours(1));
    assert_eq!(database.call_timeout(), Duration::from_secs(3));
    assert_eq!(
        config.cluster.data_dir.as_deref(),
        Some(Path::new("/home/ana/pine"))
    );
    assert_eq!(
        config.cluster.bin_dir.as_deref(),
        Some(Path::new("/opt/postgres/bin"))
    );
    let backup = &config.backup;
    assert_eq!(backup.folder().as_deref(), Some(Path::new("/home/ana/kept")));
    assert_eq!((backup.keep_hourly, backup.keep_daily), (0, 1));
    assert_eq!((backup.keep_weekly, backup.keep_monthly), (1000, 24));
    assert_eq!(config.terminal.name_here(), "door 1, Señora Ñ");
    assert_eq!(config.terminal.lock_after(), None);
    assert!(config.terminal.mouse);
    assert_eq!((config.door.flash, config.door.bell), (false, true));
    assert_eq!(config.theme.name, ThemeName::Highland);
    assert!(config.theme.ascii);
    assert_eq!(config.theme.colour, ColourUse::Never);
    assert_eq!(
        config.log.file,
        Some(folder.join("log/pine.log")),
        "relative to the file's folder"
    );
    assert_eq!(config.log.level, LogLevel::Trace);

    let config = load(&folder.join("valid_dotted.toml"), &[]).unwrap();
    assert_eq!(
        (config.database.pool_size, config.theme.name),
        (7, ThemeName::Highland)
    );
}

/// Every line that is marked `# wrong: KEY` must be refused under its number and name, and no other line.
#[test]
fn invalid_fixtures_are_refused_with_key_and_line() {
    let mut all = String::new();
    for path in fixtures("invalid_") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let error = load(&path, &[])
            .err()
            .unwrap_or_else(|| panic!("{name} was accepted"));
        let expected: Vec<(usize, &str)> = text
            .lines()
            .enumerate()
            .filter_map(|(index, line)| Some((index + 1, line.split_once("# wrong: ")?.1)))
            .collect();
        assert!(!expected.is_empty(), "{name} marks no line");
        let mut problems: Vec<&String> = error.problems().iter().collect();
        for (line, key) in expected {
            let found = problems
                .iter()
                .position(|problem| problem.contains(&format!(" line {line}: ")) && problem.contains(key));
            let Some(found) = found else {
                panic!("{name}:{line} ({key}) was not refused: {error}")
            };
            problems.remove(found);
        }
        assert!(
            problems.is_empty(),
            "{name} is refused for more than it marks: {problems:?}"
        );
        assert!(
            !error.to_string().contains("s3cret"),
            "{name}: a password in {error}"
        );
        assert!(
            !error.to_string().contains('\u{1b}'),
            "{name}: a raw escape in {error:?}"
        );
        all += &error.to_string().replace(&path.display().to_string(), &name);
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |path: &Path| load(path, &[]).unwrap_err().to_string();

    assert!(refusal(&folder.path().join("none.toml")).contains("none.toml does not exist."));
    assert!(refusal(folder.path()).contains("is a folder"));
    assert!(refusal(Path::new("/dev/zero")).contains("larger than 1 MiB"));
    let binary = folder.path().join("binary.toml");
    fs::write(&binary, b"[log]\n# caf\xe9\nlevel = \"info\"\n").unwrap();
    assert!(refusal(&binary).contains("is not UTF-8 text on line 2."));
}

#[test]
fn the_default_file_may_be_missing_and_is_read_when_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    let places = Places {
        config_file: Some(file.clone()),
        state_dir: None,
    };
    let load = || Config::load_explained(&Overrides::default(), &places, &|_| None);

    let loaded = load().unwrap();
    assert_eq!((loaded.config, loaded.file), (Config::default(), None));
    fs::write(&file, "[terminal]\nmouse = true\n").unwrap();
    let loaded = load().unwrap();
    assert!(loaded.config.terminal.mouse);
    assert_eq!(loaded.file, Some(file));
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file() {
    let file = written(
        "[database]\nurl = 'postgres://file/d'\npool_size = 2\n[log]\nlevel = 'error'\nfile = '/file'\n",
    );
    let flags = Overrides {
        config: Some(file.path().to_owned()),
        database_url: Some("postgres://flag/d".to_owned()),
        log_file: Some("/flag".into()),
    };
    let variables = HashMap::from([
        ("PINE_TIME_DATABASE_URL", "postgres://variable/d"),
        ("PINE_TIME_DATABASE_POOL_SIZE", "3"),
        ("PINE_TIME_LOG_FILE", "/variable"),
        ("PINE_TIME_LOG_LEVEL", ""),
    ]);
    let env = |name: &str| variables.get(name).map(ToString::to_string);
    let url = |config: &Config| config.database.url.as_ref().map(|url| url.expose().to_owned());

    let loaded = Config::load_explained(&flags, &Places::default(), &env).unwrap();
    assert_eq!(
        url(&loaded.config).unwrap(),
        "postgres://flag/d?sslmode=verify-full"
    );
    assert_eq!(loaded.config.database.pool_size, 3);
    assert_eq!(loaded.config.log.file, Some("/flag".into()));
    assert_eq!(
        loaded.config.log.level,
        LogLevel::Error,
        "an empty variable is not set"
    );

    let source = |path: &str| {
        loaded
            .source(KEYS.iter().find(|key| key.path() == path).unwrap())
            .cloned()
    };
    assert_eq!(source("database.url"), Some(Source::Flag("--database-url")));
    assert_eq!(
        source("database.pool_size"),
        Some(Source::Environment("PINE_TIME_DATABASE_POOL_SIZE".to_owned()))
    );
    assert_eq!(source("log.level"), Some(Source::File(5)));
    assert_eq!(source("theme.name"), None);

    let flags = Overrides {
        config: flags.config,
        ..Overrides::default()
    };
    let config = Config::load(&flags, &Places::default(), &env).unwrap();
    assert_eq!(url(&config).unwrap(), "postgres://variable/d?sslmode=verify-full");
    assert_eq!(
        url(&load(file.path(), &[]).unwrap()).unwrap(),
        "postgres://file/d?sslmode=verify-full"
    );
}

/// A standby of the file's database is none of the one that a flag or a variable names.
#[test]
fn another_database_has_another_standby_and_no_pooler_to_go_around() {
    let file = written(
        "[database]\nurl = \"postgres://file/d\"\nread_url = \"postgres://standby/d\"\n\
         listen_url = \"postgres://direct/d\"\n",
    );
    let shown = |config: &Config| {
        let of = |url: &Option<pine_time::config::DatabaseUrl>| url.as_ref().map(ToString::to_string);
        (of(&config.database.read_url), of(&config.database.listen_url))
    };
    let full = |host: &str| Some(format!("postgres://{host}/d?sslmode=verify-full"));
    assert_eq!(
        shown(&load(file.path(), &[]).unwrap()),
        (full("standby"), full("direct")),
        "encrypted like the first"
    );
    let url = ("PINE_TIME_DATABASE_URL", "postgres://other/d");
    assert_eq!(shown(&load(file.path(), &[url]).unwrap()), (None, None));
    let read = ("PINE_TIME_DATABASE_READ_URL", "postgres://copy/d");
    assert_eq!(
        shown(&load(file.path(), &[url, read]).unwrap()),
        (full("copy"), None)
    );
}

/// Every key can be set by its variable, to something else than its default.
#[test]
fn every_key_has_its_environment_variable() {
    let values = HashMap::from([
        ("database.url", "postgres://localhost/d"),
        ("database.listen_url", "postgres://localhost/e"),
        ("database.read_url", "postgres://localhost/f"),
        ("database.pool_size", "6"),
        ("database.max_overflow", "11"),
        ("database.pool_timeout_seconds", "31"),
        ("database.pool_recycle_seconds", "1801"),
        ("database.call_timeout_seconds", "11"),
        ("database.unverified_tls", "true"),
        ("cluster.data_dir", "~/data"),
        ("cluster.bin_dir", "/bin"),
        ("terminal.name", "door 1"),
        ("terminal.lock_after_minutes", "11"),
        ("terminal.kiosk_idle_seconds", "11"),
        ("terminal.mouse", "true"),
        ("door.flash", "false"),
        ("door.bell", "true"),
        ("backup.dir", "/kept"),
        ("backup.keep_hourly", "0"),
        ("backup.keep_daily", "8"),
        ("backup.keep_weekly", "6"),
        ("backup.keep_monthly", "13"),
        ("theme.name", "highland"),
        ("theme.ascii", "true"),
        ("theme.colour", "always"),
        ("log.file", "/log"),
        ("log.level", "warn"),
    ]);
    for key in KEYS {
        let value = values
            .get(key.path().as_str())
            .unwrap_or_else(|| panic!("no value for {}", key.path()));
        let config = load_with(
            &Overrides::default(),
            &[(&key.variable(), value), ("HOME", "/home/ana")],
        )
        .unwrap();
        let default = key.shown(&Config::default());
        let shown = key.shown(&config).unwrap();
        assert_ne!(Some(&shown), default.as_ref(), "{}", key.path());
        assert_eq!(shown.trim_matches('"'), value.replace('~', "/home/ana"));
        for other in KEYS.iter().filter(|other| other.path() != key.path()) {
            assert_eq!(
                other.shown(&config),
                other.shown(&Config::default()),
                "{} touched",
                other.path()
            );
        }
    }
    assert_eq!(values.len(), KEYS.len());
}

#[test]
fn a_wrong_variable_is_named() {
    let refused = |name: &str, value: &str| {
        load_with(&Overrides::default(), &[(name, value)])
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused("PINE_TIME_DATABASE_POOL_SIZE", "five"),
        "The environment variable PINE_TIME_DATABASE_POOL_SIZE is \"five\"; it must be a whole number from 1 to 100."
    );
    assert_eq!(
        refused("PINE_TIME_TERMINAL_MOUSE", "on"),
        "The environment variable PINE_TIME_TERMINAL_MOUSE is \"on\"; it must be true or false."
    );
    let refusal = refused("PINE_TIME_DATABASE_URL", "ana:s3cret@db/pine");
    assert!(
        refusal.contains("PINE_TIME_DATABASE_URL") && !refusal.contains("s3cret"),
        "{refusal}"
    );
    assert!(refused("PINE_TIME_CLUSTER_DATA_DIR", "~/pine").contains("HOME is not set"));
    let flags = Overrides {
        database_url: Some("s3cret".to_owned()),
        ..Overrides::default()
    };
    let refusal = load_with(&flags, &[]).unwrap_err().to_string();
    assert!(refusal.starts_with("--database-url is not a database address") && !refusal.contains("s3cret"));
}

#[test]
fn no_color_counts_for_auto_only() {
    let colour = |colour: &str, no_color: &str| {
        load_with(
            &Overrides::default(),
            &[("PINE_TIME_THEME_COLOUR", colour), ("NO_COLOR", no_color)],
        )
        .unwrap()
        .theme
        .uses_colour()
    };
    assert!(colour("auto", ""));
    assert!(!colour("auto", "1"));
    assert!(colour("always", "1"));
    assert!(!colour("never", ""));
}

#[test]
fn a_password_is_in_no_debug_output() {
    let url = DatabaseUrl::parse("postgres://ana:s3cret@db.example.org/pine").unwrap();
    let mut config = Config::default();
    config.database.url = Some(url);
    assert!(!format!("{config:?}").contains("s3cret"));
    let shown: String = KEYS.iter().filter_map(|key| key.shown(&config)).collect();
    assert!(shown.contains("db.example.org") && !shown.contains("s3cret"));
}

#[test]
fn the_example_equals_the_defaults_and_mentions_every_key() {
    assert_eq!(load(written(EXAMPLE).path(), &[]).unwrap(), Config::default());

    // With the optional keys uncommented it must still be right, and every key must then be set.
    let names: Vec<String> = KEYS.iter().map(|key| format!("# {} = ", key.name)).collect();
    let complete: String = EXAMPLE
        .lines()
        .map(|line| {
            let optional = names.iter().any(|name| line.starts_with(name.as_str()));
            if optional {
                format!("{}\n", &line[2..])
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    let file = written(&complete);
    let flags = Overrides {
        config: Some(file.path().to_owned()),
        ..Overrides::default()
    };
    let home = |name: &str| (name == "HOME").then(|| "/home/ana".to_owned());
    let loaded = Config::load_explained(&flags, &Places::default(), &home).unwrap();
    for key in KEYS {
        assert!(
            loaded.source(key).is_some(),
            "the example does not mention {}",
            key.path()
        );
    }
}
