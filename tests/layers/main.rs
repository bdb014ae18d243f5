//! The floors of the house, held: which module may name which, where I/O and clocks are out of place, how long a
//! file may grow, and where a panic may hide. The checker reads the source as tokens, so comments, strings and
//! `#[cfg(test)]` items do not count; it is itself tried on planted violations.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use source::{depth, paths, tokens, without_tests};

/// A file longer than this holds two things.
const LONGEST_FILE: usize = 450;

/// Files that may be longer, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// What a floor may see of the house; all else it may not name.
struct Floor {
    name: &'static str,
    sees: &'static [&'static str],
    /// Paths it may not name, as prefixes.
    without: &'static [&'static str],
    /// Whether it has to take the time as an argument.
    pure: bool,
}

const PURE: &[&str] = &[
    "sqlx",
    "tokio",
    "directories",
    "nix",
    "tracing",
    "futures_util",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
];
const PURE_AND_BLIND: &[&str] = &[
    "sqlx",
    "tokio",
    "directories",
    "nix",
    "tracing",
    "futures_util",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "std::io",
    "crossterm",
    "ratatui",
    "tui_textarea",
    "clap",
];
const NO_TERMINAL: &[&str] = &["crossterm", "ratatui", "tui_textarea", "clap"];

const FLOORS: &[Floor] = &[
    Floor {
        name: "domain",
        sees: &["domain"],
        without: PURE_AND_BLIND,
        pure: true,
    },
    Floor {
        name: "app",
        sees: &["app", "domain"],
        without: PURE,
        pure: true,
    },
    Floor {
        name: "ui",
        sees: &["ui", "app", "domain"],
        without: PURE,
        pure: true,
    },
    Floor {
        name: "config",
        sees: &["config"],
        without: NO_TERMINAL,
        pure: false,
    },
    Floor {
        name: "db",
        sees: &["db", "domain"],
        without: NO_TERMINAL,
        pure: false,
    },
    Floor {
        name: "door",
        sees: &["door", "db", "domain"],
        without: NO_TERMINAL,
        pure: false,
    },
    Floor {
        name: "cluster",
        // Makes sure of the roles when it starts its server.
        sees: &["cluster", "ops"],
        without: NO_TERMINAL,
        pure: false,
    },
    Floor {
        name: "ops",
        sees: &["ops", "db", "domain"],
        without: NO_TERMINAL,
        pure: false,
    },
    Floor {
        name: "term",
        sees: &["term", "ui", "app", "door", "db", "domain"],
        without: &["clap"],
        pure: false,
    },
    Floor {
        name: "cli",
        sees: &[
            "cli", "term", "ui", "app", "ops", "door", "db", "domain", "cluster", "config",
        ],
        without: &[],
        pure: false,
    },
];

#[test]
fn every_file_keeps_to_its_floor() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&source);
    assert!(
        files.len() > 20,
        "found only {} files under {}",
        files.len(),
        source.display()
    );
    let mut wrong = Vec::new();
    let mut floors = BTreeSet::new();
    for file in files {
        let path = file
            .strip_prefix(&source)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        floors.insert(path.split(['/', '.']).next().unwrap().to_owned());
        wrong.extend(violations(&path, &fs::read_to_string(&file).unwrap()));
    }
    assert!(
        wrong.is_empty(),
        "{} violations:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    for floor in FLOORS {
        assert!(
            floors.contains(floor.name),
            "no file on the floor {}: the table of floors is old",
            floor.name
        );
    }
}

#[test]
fn every_module_of_the_library_has_a_floor() {
    let text = include_str!("../../src/lib.rs");
    let modules: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| {
            line.trim()
                .trim_start_matches("pub ")
                .strip_prefix("mod ")?
                .strip_suffix(';')
        })
        .collect();
    let floors: BTreeSet<&str> = FLOORS.iter().map(|floor| floor.name).collect();
    assert_eq!(modules, floors);
}

/// Each is a violation, in as many ways as it can be written.
#[test]
fn planted_violations_are_found() {
    let planted = [
        ("domain/a.rs", "use crate::db::Pool;", "crate::db"),
        (
            "domain/a.rs",
            "use crate::{domain::Fault, app::Msg};",
            "crate::app",
        ),
        (
            "domain/a.rs",
            "fn f() { let x = crate::cli::main(); }",
            "crate::cli",
        ),
        ("domain/a.rs", "use super::super::db::Pool;", "crate::db"),
        (
            "domain/a.rs",
            "use super::super::{domain::Fault, ui};",
            "crate::ui",
        ),
        ("domain/mod.rs", "use super::term;", "crate::term"),
        (
            "domain/a/b.rs",
            "use super::super::super::term::Guard;",
            "crate::term",
        ),
        ("domain/a.rs", "use std::fs;", "std::fs"),
        ("domain/a.rs", "use std::{fmt, net::TcpStream};", "std::net"),
        (
            "domain/a.rs",
            "fn f() -> bool { std::env::var(\"X\").is_ok() }",
            "std::env",
        ),
        ("domain/a.rs", "use sqlx;", "sqlx"),
        ("domain/a.rs", "#[derive(sqlx::Type)] struct A;", "sqlx"),
        (
            "domain/a.rs",
            "fn f<'a>(x: &'a u8) { ::tokio::spawn(g(x)); }",
            "tokio",
        ),
        ("domain/a.rs", "use ratatui::text::Line;", "ratatui"),
        ("domain/a.rs", "fn f() { let now = chrono::Utc::now(); }", "clock"),
        ("domain/a.rs", "fn f() { let now = Local::now(); }", "clock"),
        ("app/a.rs", "use std::time::{Duration, SystemTime};", "clock"),
        (
            "app/a.rs",
            "fn f() { let c = '\\''; let now = Instant::now(); }",
            "clock",
        ),
        ("app/a.rs", "use crate::ui::theme;", "crate::ui"),
        ("app/a.rs", "use crate::db;", "crate::db"),
        ("app/a.rs", "use tokio::sync::mpsc;", "tokio"),
        ("ui/a.rs", "use crate::term::Guard;", "crate::term"),
        ("ui/a.rs", "use crate::config::Theme;", "crate::config"),
        ("ui/a.rs", "use crate::*;", "crate::*"),
        ("db/a.rs", "use crate::ops::migrate;", "crate::ops"),
        ("db/a.rs", "use crate::{self as house, app::Msg};", "crate::app"),
        ("ops/a.rs", "use crate::cli::output;", "crate::cli"),
        ("cluster/a.rs", "use crate::db::Pool;", "crate::db"),
        ("ops/a.rs", "use crate::cluster::Cluster;", "crate::cluster"),
        ("term/a.rs", "use crate::cli::logging;", "crate::cli"),
        ("cli/a.rs", "fn f() { g().unwrap(); }", "unwrap"),
        (
            "cli/a.rs",
            "fn f() { g()\n    .expect(\"it is there\"); }",
            "expect",
        ),
        (
            "cli/a.rs",
            "#[cfg(test)]\nmod tests { fn f() {} }\nfn f() { g().unwrap() }",
            "unwrap",
        ),
        ("cli/a.rs", "#[cfg(not(test))]\nfn f() { g().unwrap() }", "unwrap"),
        ("cli/a.rs", "fn f() { todo!() }", "todo"),
        (
            "db/a.rs",
            "/* /* nested */ use crate::x; */ use crate::cli; // use crate::y;",
            "crate::cli",
        ),
        (
            "db/a.rs",
            "const A: &str = r#\"\"use crate::x\"#; use crate::cli;",
            "crate::cli",
        ),
        ("nowhere.rs", "fn f() {}", "no floor"),
    ];
    for (path, text, named) in planted {
        let found = violations(path, text);
        assert!(
            found.len() == 1 && found[0].contains(named),
            "{path}: {text}\nfound {found:?}"
        );
    }
    let long = "fn f() {}\n".repeat(LONGEST_FILE + 1);
    assert!(violations("db/a.rs", &long)[0].contains("lines"));
}

/// None is a violation.
#[test]
fn innocent_code_passes() {
    for (path, text) in [
        (
            "domain/a.rs",
            "use crate::domain::Fault; use super::Secret; use super::super::domain::When;",
        ),
        (
            "domain/a.rs",
            "//! As crate::db does, with sqlx::Pool and Utc::now().\n/* std::fs */ fn f() {}",
        ),
        (
            "domain/a.rs",
            "const A: &str = \"use crate::db; .unwrap()\"; const B: char = '\"'; const C: u8 = b'\\'';",
        ),
        (
            "domain/a.rs",
            "const A: &str = r##\"crate::db \"# .unwrap()\"##; fn f<'db>(x: &'db str) {}",
        ),
        (
            "domain/a.rs",
            "fn f() { x.tokio::<u8>(); y::sqlx::z(); let sqlx = 3; g(sqlx); }",
        ),
        (
            "domain/a.rs",
            "#[cfg(test)]\nmod tests { use std::fs; fn f() { fs::read(\"}\").unwrap(); } }",
        ),
        ("domain/a.rs", "#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;"),
        (
            "domain/a.rs",
            "fn f(d: std::time::Duration, i: std::time::Instant) {}",
        ),
        ("ui/a.rs", "use crate::{app::Model, domain::SafeText};"),
        ("term/a.rs", "fn f() { let now = Instant::now(); }"),
        (
            "cli/a.rs",
            "fn f() { g().unwrap(); // invariant: g is never empty\n }",
        ),
        (
            "cli/a.rs",
            "fn f() {\n    // invariant: g is never empty\n    g().unwrap();\n }",
        ),
        (
            "cli/a.rs",
            "#[expect(dead_code)] fn f() { g().unwrap_or_default(); x.expect_one(); }",
        ),
        ("db/tests.rs", "fn f() { g().unwrap(); }"),
        ("main.rs", "fn main() { pine_time::cli::main() }"),
    ] {
        assert_eq!(violations(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Everything wrong with a file, given its path under `src` and its text.
fn violations(path: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST_FILE && !LONG_FILES.iter().any(|(long, _)| *long == path) {
        wrong.push(format!(
            "src/{path}: {lines} lines; over {LONGEST_FILE} is two things"
        ));
    }
    if path == "main.rs" || path == "lib.rs" {
        return wrong;
    }
    let Some(floor) = FLOORS
        .iter()
        .find(|floor| path.split(['/', '.']).next() == Some(floor.name))
    else {
        wrong.push(format!("src/{path}: on no floor; add it to the table of floors"));
        return wrong;
    };
    if path.ends_with("/tests.rs") {
        return wrong;
    }
    let tokens = without_tests(&tokens(text));
    let raw: Vec<&str> = text.lines().collect();

    for path_use in paths(&tokens, depth(path)) {
        let named = &path_use.segments;
        let line = path_use.line;
        if named[0] == "crate" {
            let house = named.get(1).map_or("", String::as_str);
            // `crate::{self}` names nothing yet; what is reached through it is not hidden by an alias for long.
            if house != "self" && !floor.sees.contains(&house) {
                wrong.push(format!(
                    "src/{path}:{line}: {} may not see crate::{house}",
                    floor.name
                ));
            }
        }
        let joined = named.join("::");
        for banned in floor.without {
            if joined == *banned || joined.starts_with(&format!("{banned}::")) {
                wrong.push(format!("src/{path}:{line}: {} may not name {banned}", floor.name));
            }
        }
        let asks_clock = named.iter().any(|segment| segment == "SystemTime")
            || named
                .windows(2)
                .any(|pair| pair[1] == "now" && matches!(pair[0].as_str(), "Utc" | "Local" | "Instant"));
        if floor.pure && asks_clock {
            wrong.push(format!(
                "src/{path}:{line}: {} asks the clock ({joined}); take the time",
                floor.name
            ));
        }
    }
    for (index, token) in tokens.iter().enumerate() {
        let next = |ahead: usize| tokens.get(index + ahead).map_or("", |token| token.text.as_str());
        let hit = match token.text.as_str() {
            "." if next(2) == "(" && matches!(next(1), "unwrap" | "expect") => next(1),
            "todo" | "unimplemented" if next(1) == "!" => token.text.as_str(),
            _ => continue,
        };
        let line = if token.text == "." {
            tokens[index + 1].line
        } else {
            token.line
        };
        let reasoned = [line, line.saturating_sub(1)]
            .iter()
            .any(|line| *line > 0 && raw[line - 1].contains("// invariant:"));
        if !reasoned {
            wrong.push(format!(
                "src/{path}:{line}: {hit} without an `// invariant:` comment"
            ));
        }
    }
    wrong
}
