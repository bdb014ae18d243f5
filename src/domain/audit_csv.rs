//! Rows of the audit log as comma-separated values and as JSON: names as the database has them, times in RFC 3339 UTC.

use chrono::SecondsFormat;

use super::audit::AuditRow;
use super::csv;

/// The first line.
pub fn heading() -> String {
    csv::line([
        "id",
        "at",
        "actor",
        "action",
        "subject",
        "subject_id",
        "title",
        "user_id",
        "username",
        "device",
        "client_told",
        "before",
        "after",
    ])
}

/// A line for each.
pub fn rows(rows: &[AuditRow]) -> String {
    rows.iter().map(line).collect()
}

fn line(row: &AuditRow) -> String {
    let json = |side: &Option<serde_json::Value>| side.as_ref().map(ToString::to_string);
    let cells = [
        Some(row.id.to_string()),
        Some(row.at.to_rfc3339_opts(SecondsFormat::Micros, true)),
        Some(row.actor.to_string()),
        Some(row.action.to_string()),
        Some(row.subject.to_string()),
        row.subject_id.map(|id| id.to_string()),
        row.title.as_ref().map(ToString::to_string),
        row.member.as_ref().map(|who| who.id.0.to_string()),
        row.member.as_ref().map(|who| who.username.to_string()),
        Some(row.device.to_string()),
        row.client_told.as_ref().map(ToString::to_string),
        json(&row.before),
        json(&row.after),
    ]
    .map(Option::unwrap_or_default);
    csv::line(cells.iter().map(String::as_str))
}

/// The rows as objects, one a line, each with a comma before it but the first of all.
pub fn objects(rows: &[AuditRow], first: bool) -> String {
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        let object = serde_json::to_string(row).unwrap_or_else(|_| "null".to_owned());
        if at > 0 || !first {
            out.push_str(",\n");
        }
        out.push_str(&object);
    }
    out
}
