//! The key table as a text: for programs, and for the README.

use std::fmt::Write as _;

use serde::Serialize;

use super::{BINDINGS, Scope, merged};

/// A line of the table, for `pine-time keys --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Where the keys hold.
    pub scope: Scope,
    /// The same, as people call it.
    pub place: &'static str,
    /// The keys, as they are written.
    pub keys: Vec<String>,
    /// What they do.
    pub help: &'static str,
    /// The heading under which help shows it.
    pub group: &'static str,
    /// Whether it exists for staff only.
    pub staff: bool,
}

/// The whole table, for programs.
pub fn listed() -> Vec<Listed> {
    BINDINGS
        .iter()
        .map(|b| Listed {
            scope: b.scope,
            place: b.scope.title(),
            keys: b.keys.iter().map(ToString::to_string).collect(),
            help: b.help,
            group: b.group,
            staff: b.staff,
        })
        .collect()
}

/// The whole table as a Markdown table, for the README and `pine-time keys --markdown`.
pub fn as_markdown() -> String {
    let mut out = String::from("| Where | Keys | What |\n|---|---|---|\n");
    for (keys, first) in merged(BINDINGS.iter()) {
        let keys = keys
            .split(", ")
            .map(|rank| {
                let each: Vec<String> = rank
                    .split(' ')
                    .map(|key| format!("`{}`", key.replace('|', "\\|")))
                    .collect();
                each.join(" ")
            })
            .collect::<Vec<_>>()
            .join(" or ");
        let staff = if first.staff { " (staff)" } else { "" };
        let (place, help) = (first.scope.title(), first.help);
        // Writing into a String cannot fail.
        let _ = writeln!(out, "| {place} | {keys} | {help}{staff} |");
    }
    out
}
