//! `doctor`: one page that says what is right and what is wrong, each wrong line with its remedy. Works without settings,
//! without a database and without a terminal; changes nothing and shows no secret.

mod beside;
mod database;
mod machine;
mod terminal;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;
use serde_json::json;

use crate::app::words;
use crate::config::{Config, Overrides, Places};

use super::error::Exit;
use super::output::{Align, Out, pad};
use super::{CliError, environment};

/// The page's width where no terminal says another.
const WIDTH: usize = 80;
/// So many columns before what is said.
const INDENT: usize = 16;

/// Say what is right and wrong with settings, terminal, machine and database, and what to do about it.
///
/// Exit code 1 when something is wrong.
#[derive(Debug, clap::Args)]
pub(super) struct DoctorArgs {
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// As it should be.
    Right,
    /// Works, and is worth knowing.
    Note,
    /// Has to be mended.
    Wrong,
    /// Could not be looked at.
    Unknown,
}

impl State {
    fn mark(self, ascii: bool) -> &'static str {
        match (self, ascii) {
            (Self::Right, false) => "✓",
            (Self::Right, true) => "+",
            (Self::Note, _) => "!",
            (Self::Wrong, false) => "✗",
            (Self::Wrong, true) => "X",
            (Self::Unknown, _) => "-",
        }
    }
}

/// One line of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    says: String,
    remedy: Option<String>,
}

impl Finding {
    fn right(check: &'static str, says: impl Into<String>) -> Self {
        Self::new(check, State::Right, says, None)
    }

    fn note(check: &'static str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(check, State::Note, says, Some(remedy.into()))
    }

    fn wrong(check: &'static str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(check, State::Wrong, says, Some(remedy.into()))
    }

    fn unknown(check: &'static str, why: impl Into<String>) -> Self {
        Self::new(check, State::Unknown, why, None)
    }

    fn new(check: &'static str, state: State, says: impl Into<String>, remedy: Option<String>) -> Self {
        Self {
            check,
            state,
            says: says.into(),
            remedy,
        }
    }
}

pub(super) fn run(args: &DoctorArgs, flags: &Overrides, places: &Places) -> Result<ExitCode, CliError> {
    let mut findings = Vec::new();
    let loaded = Config::load_explained(flags, places, &environment);
    let config = match &loaded {
        Ok(loaded) => {
            findings.push(machine::settings(loaded));
            Some(&loaded.config)
        }
        Err(error) => {
            let says = error.problems().join(" ");
            findings.push(Finding::wrong(
                "settings",
                says,
                "correct them; pine-time config example shows every key",
            ));
            None
        }
    };
    findings.extend(terminal::look(config));
    findings.extend(machine::look(config, places));
    findings.extend(database::look(config)?);

    let out = &mut Out::stdout();
    let wrong = findings
        .iter()
        .filter(|finding| finding.state == State::Wrong)
        .count();
    if args.json {
        out.json(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "wrong": wrong,
            "findings": findings,
        }))?;
    } else {
        let ascii = config.is_some_and(|config| config.theme.ascii) || !terminal::is_utf8();
        let width = if std::io::stdout().is_terminal() {
            crossterm::terminal::size().map_or(WIDTH, |(columns, _)| usize::from(columns))
        } else {
            WIDTH
        };
        page(&findings, wrong, ascii, width.clamp(40, 120), out)?;
    }
    out.flush()?;
    Ok(if wrong == 0 { Exit::Done } else { Exit::Failed }.into())
}

fn page(
    findings: &[Finding],
    wrong: usize,
    ascii: bool,
    width: usize,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    let blank = " ".repeat(INDENT);
    let arrow = if ascii { "-> " } else { "→ " };
    for finding in findings {
        let head = format!(" {} {}", finding.state.mark(ascii), finding.check);
        let mut lead = pad(&head, INDENT, Align::Left);
        for line in words::wrap(&finding.says, width.saturating_sub(INDENT)) {
            out.line(format!("{lead}{line}"))?;
            lead.clone_from(&blank);
        }
        let mut lead = format!("{blank}{arrow}");
        let left = width.saturating_sub(INDENT + arrow.chars().count());
        for line in words::wrap(finding.remedy.as_deref().unwrap_or_default(), left) {
            if !line.is_empty() {
                out.line(format!("{lead}{line}"))?;
            }
            lead = " ".repeat(INDENT + arrow.chars().count());
        }
    }
    out.line("")?;
    out.line(match wrong {
        0 => "Nothing is wrong.".to_owned(),
        1 => "One thing is wrong.".to_owned(),
        many => format!("{many} things are wrong."),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_page_keeps_to_its_width_and_a_remedy_stands_under_what_is_wrong() {
        let findings = [
            Finding::right("size", "80×24"),
            Finding::wrong(
                "link",
                "the database at db.example.org:5432 cannot be reached because nothing listens at its address",
                "start the server, or correct database.url",
            ),
            Finding::unknown("role", "there is no link"),
        ];
        let drawn = |ascii| {
            let mut out = Out::new(Vec::new());
            page(&findings, 1, ascii, 60, &mut out).unwrap();
            String::from_utf8(out.into_inner()).unwrap()
        };
        assert_eq!(
            drawn(false),
            " ✓ size         80×24\n \
             ✗ link         the database at db.example.org:5432 cannot\n                \
             be reached because nothing listens at its\n                \
             address\n                \
             → start the server, or correct database.url\n \
             - role         there is no link\n\
             \nOne thing is wrong.\n"
        );
        assert!(drawn(true).contains(" X link") && drawn(true).contains("-> start"));
    }
}
