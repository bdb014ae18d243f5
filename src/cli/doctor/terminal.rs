//! The terminal as the screens will find it: what it is, how large, how colourful, and whether it writes UTF-8.

use std::io::IsTerminal;

use crate::config::{Config, Theme, ThemeName};

use super::super::environment;
use super::Finding;

/// The smallest window that all screens fit into.
const SMALLEST: (u16, u16) = (80, 24);
/// Below this there is nothing but the door's own view.
const LEAST: (u16, u16) = (60, 16);

pub(super) fn look(config: Option<&Config>) -> Vec<Finding> {
    let theme = config.map(|config| config.theme.clone()).unwrap_or_default();
    vec![kind(), size(), locale(&theme), colours(&theme)]
}

fn kind() -> Finding {
    let term = set("TERM");
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Finding::unknown("terminal", "this command does not run in one");
    }
    match term.as_deref() {
        None | Some("dumb") => Finding::wrong(
            "terminal",
            "TERM does not say what terminal this is",
            "use a terminal of your own, or set TERM, for example to xterm-256color",
        ),
        Some(term) => Finding::right("terminal", term),
    }
}

fn size() -> Finding {
    if !std::io::stdout().is_terminal() && !std::io::stdin().is_terminal() {
        return Finding::unknown("size", "this command does not run in a terminal");
    }
    let Ok((columns, rows)) = crossterm::terminal::size() else {
        return Finding::unknown("size", "the terminal does not say");
    };
    let says = format!("{columns} columns, {rows} rows");
    if columns < LEAST.0 || rows < LEAST.1 {
        Finding::wrong("size", says, "make the window 80 columns by 24 rows, or larger")
    } else if columns < SMALLEST.0 || rows < SMALLEST.1 {
        Finding::note(
            "size",
            says,
            "at 80 columns by 24 rows nothing is left out; smaller windows show the door only",
        )
    } else {
        Finding::right("size", says)
    }
}

/// Whether the locale says that text is UTF-8.
pub(super) fn is_utf8() -> bool {
    locale_set().is_some_and(|(_, locale)| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

fn locale(theme: &Theme) -> Finding {
    let says = locale_set().map_or_else(
        || "no locale is set".to_owned(),
        |(name, locale)| format!("{name}={locale}"),
    );
    if is_utf8() || theme.ascii {
        Finding::right("locale", says)
    } else {
        Finding::note(
            "locale",
            format!("{says}: the terminal may not show more than ASCII"),
            "set LC_ALL=C.UTF-8, or theme.ascii = true if the terminal has no UTF-8",
        )
    }
}

fn locale_set() -> Option<(&'static str, String)> {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| set(name).map(|value| (name, value)))
}

fn colours(theme: &Theme) -> Finding {
    let truecolor = set("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit");
    if !theme.uses_colour() {
        Finding::right("colours", "none: weight and signs carry the meaning")
    } else if theme.name == ThemeName::Highland && !truecolor {
        Finding::note(
            "colours",
            "the theme highland has 24-bit colours, and COLORTERM does not promise them",
            "set theme.name = \"terminal\", or COLORTERM=truecolor if the colours look right",
        )
    } else if theme.name == ThemeName::Highland {
        Finding::right("colours", "24-bit")
    } else {
        Finding::right("colours", "the terminal's own sixteen")
    }
}

fn set(name: &str) -> Option<String> {
    environment(name).filter(|value| !value.is_empty())
}
