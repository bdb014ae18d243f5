//! The floors of the house, held: which module may name which, where I/O and clocks are out of place, how long a
//! file may grow, and where a panic may hide. The checker reads the source as tokens, so comments, strings and
//! `#[cfg(test)]` items do not count; it is itself tried on planted violations.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

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
        sees: &["db", "domain", "config"],
        without: NO_TERMINAL,
        pure: false,
    },
    Floor {
        name: "cluster",
        sees: &["cluster", "config", "domain"],
        without: NO_TERMINAL,
        pure: false,
    },
    Floor {
        name: "ops",
        sees: &["ops", "db", "domain", "cluster", "config"],
        without: NO_TERMINAL,
        pure: false,
    },
    Floor {
        name: "term",
        sees: &["term", "ui", "app", "db", "domain", "cluster", "config", "ops"],
        without: &["clap"],
        pure: false,
    },
    Floor {
        name: "cli",
        sees: &[
            "cli", "term", "ui", "app", "ops", "db", "domain", "cluster", "config",
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
    let text = include_str!("../src/lib.rs");
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
    let tokens = without_tests(tokens(text));
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

/// How deep below the crate's root the file's module is.
fn depth(path: &str) -> usize {
    let steps = path.trim_end_matches(".rs").split('/');
    steps.filter(|step| *step != "mod").count()
}

#[derive(Debug, Clone)]
struct Token {
    text: String,
    line: usize,
}

/// The identifiers and punctuation of a Rust source; comments, strings, characters and lifetimes are left out.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    let peek = |at: usize| chars.get(at).copied().unwrap_or('\0');
    while at < chars.len() {
        let from = at;
        match chars[at] {
            '/' if peek(at + 1) == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
            }
            '/' if peek(at + 1) == '*' => {
                let mut open = 1;
                at += 2;
                while at < chars.len() && open > 0 {
                    match (peek(at), peek(at + 1)) {
                        ('/', '*') => (open, at) = (open + 1, at + 2),
                        ('*', '/') => (open, at) = (open - 1, at + 2),
                        _ => at += 1,
                    }
                }
            }
            '"' => at = after_string(&chars, at),
            '\'' => {
                // A character ('x', '\n', '\u{1b}') closes; a lifetime does not.
                if peek(at + 1) == '\\' {
                    at += 3;
                    while at < chars.len() && chars[at] != '\'' {
                        at += 1;
                    }
                    at += 1;
                } else if peek(at + 2) == '\'' {
                    at += 3;
                } else {
                    at += 1;
                    while peek(at).is_alphanumeric() || peek(at) == '_' {
                        at += 1;
                    }
                }
            }
            c if c.is_alphanumeric() || c == '_' => {
                while peek(at).is_alphanumeric() || peek(at) == '_' {
                    at += 1;
                }
                let word: String = chars[from..at].iter().collect();
                let raw = matches!(word.as_str(), "r" | "br" | "cr") && matches!(peek(at), '"' | '#');
                let hashes = chars[at..].iter().take_while(|c| **c == '#').count();
                if raw && peek(at + hashes) == '"' {
                    let close: Vec<char> = std::iter::once('"')
                        .chain(std::iter::repeat_n('#', hashes))
                        .collect();
                    at += hashes + 1;
                    while at < chars.len() && !chars[at..].starts_with(&close) {
                        at += 1;
                    }
                    at += close.len();
                } else if !(matches!(word.as_str(), "b" | "c") && matches!(peek(at), '"' | '\'')) {
                    found.push(Token { text: word, line });
                }
            }
            ':' if peek(at + 1) == ':' => {
                found.push(Token {
                    text: "::".to_owned(),
                    line,
                });
                at += 2;
            }
            c => {
                if !c.is_whitespace() {
                    found.push(Token {
                        text: c.to_string(),
                        line,
                    });
                }
                at += 1;
            }
        }
        let end = at.min(chars.len());
        line += chars[from..end].iter().filter(|c| **c == '\n').count();
    }
    found
}

/// The index behind a string that begins at `at`.
fn after_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// Drops every item under `#[cfg(test)]`.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let is = |at: usize, text: &str| tokens.get(at).is_some_and(|token| token.text == text);
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !MARK.iter().enumerate().all(|(ahead, text)| is(at + ahead, text)) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += MARK.len();
        // The item ends with its first `;` outside of brackets, or with the brace that closes its body.
        let mut open = 0;
        while at < tokens.len() {
            match tokens[at].text.as_str() {
                "{" | "(" | "[" => open += 1,
                ")" | "]" => open -= 1,
                "}" => {
                    open -= 1;
                    if open == 0 {
                        at += 1;
                        break;
                    }
                }
                ";" if open == 0 => {
                    at += 1;
                    break;
                }
                _ => {}
            }
            at += 1;
        }
    }
    kept
}

struct PathUse {
    /// From the crate's root when it begins with `crate` or climbs there by `super`.
    segments: Vec<String>,
    line: usize,
}

/// Every path that is named, use-trees taken apart.
fn paths(tokens: &[Token], depth: usize) -> Vec<PathUse> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let before = |back: usize| {
            if at >= back {
                tokens[at - back].text.as_str()
            } else {
                ""
            }
        };
        let is_word = tokens[at].text.chars().all(|c| c.is_alphanumeric() || c == '_');
        // `x.tokio::<T>()` and the middle of a path start no path; `::tokio` does.
        let leading = before(1) == "::"
            && !before(2)
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '>');
        if is_word && before(1) != "." && (before(1) != "::" || leading) {
            let single_import = before(1) == "use" || (leading && before(2) == "use");
            let mut leaves = Vec::new();
            at = path(tokens, at, &mut Vec::new(), &mut leaves);
            found.extend(
                leaves
                    .into_iter()
                    .filter(|leaf| leaf.segments.len() > 1 || single_import),
            );
        } else {
            at += 1;
        }
    }
    for path_use in &mut found {
        let climbs = path_use
            .segments
            .iter()
            .take_while(|segment| *segment == "super")
            .count();
        if climbs > 0 && climbs >= depth {
            path_use.segments.splice(..climbs, ["crate".to_owned()]);
        }
    }
    found
}

/// Reads one path or use-tree from `at`; answers the index behind it.
fn path(tokens: &[Token], mut at: usize, front: &mut Vec<String>, leaves: &mut Vec<PathUse>) -> usize {
    let line = tokens.get(at).map_or(0, |token| token.line);
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let kept = front.len();
    loop {
        if text(at) == "{" {
            at += 1;
            while at < tokens.len() && text(at) != "}" {
                let next = path(tokens, at, front, leaves);
                at = next.max(at + 1);
                while !matches!(text(at), "," | "}" | "") {
                    at += 1; // `as name`
                }
                if text(at) == "," {
                    at += 1;
                }
            }
            front.truncate(kept);
            return at + 1;
        }
        let is_segment = text(at) == "*" || text(at).chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_segment || text(at).is_empty() {
            break;
        }
        front.push(text(at).to_owned());
        at += 1;
        if text(at) != "::" {
            break;
        }
        at += 1;
    }
    leaves.push(PathUse {
        segments: front.clone(),
        line,
    });
    front.truncate(kept);
    at
}
