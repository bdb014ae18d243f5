//! The rows behind a number of the insights as comma-separated values: columns as the database calls them, times in
//! RFC 3339 UTC, cells that a spreadsheet would take for formulas made harmless ([`super::csv`]).

use chrono::SecondsFormat;

use super::csv;
use super::insights::{InsightRow, Subject};
use super::money::Balance;

/// The names of the columns; what stands in `at`, `count` and `of` depends on the subject.
pub fn heading(subject: Subject) -> String {
    let (at, count, of) = match subject {
        Subject::Joined | Subject::Came => ("created_at", "", ""),
        Subject::Money | Subject::Taken | Subject::Refunded => ("moved_at", "", ""),
        Subject::Limited => ("start_time", "seats_taken", "max_participants"),
        subject if subject.is_of_streaks() => ("week_from", "weeks", ""),
        _ => ("start_time", "", ""),
    };
    let columns = [
        at,
        "user_id",
        "username",
        "full_name",
        "event_id",
        "title",
        "event_type",
        "what",
        "taken",
        "refunded",
        count,
        of,
    ];
    csv::line(columns.into_iter().filter(|name| !name.is_empty()))
}

/// A line for each.
pub fn rows(subject: Subject, rows: &[InsightRow]) -> String {
    rows.iter().map(|row| line(subject, row)).collect()
}

fn line(subject: Subject, row: &InsightRow) -> String {
    let member = |part: fn(&super::member::MemberName) -> String| row.member.as_ref().map(part);
    let money = |wanted: bool| {
        let amount = row.amount.filter(|amount| amount.is_positive() == wanted);
        amount.map(|amount| {
            let amount = if wanted {
                amount
            } else {
                Balance::ZERO.without(amount)
            };
            amount.to_string()
        })
    };
    let cells = [
        row.at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        member(|who| who.id.0.to_string()),
        member(|who| who.username.to_string()),
        member(|who| who.full_name.to_string()),
        row.event_id.map(|id| id.0.to_string()),
        row.title.as_ref().map(ToString::to_string),
        row.event_type.as_ref().map(ToString::to_string),
        row.what.as_ref().map(ToString::to_string),
        money(true),
        money(false),
    ]
    .map(Option::unwrap_or_default);
    let counts = [row.count, row.of].map(|count| count.map(|count| count.to_string()).unwrap_or_default());
    let with = match subject {
        Subject::Limited => 2,
        subject if subject.is_of_streaks() => 1,
        _ => 0,
    };
    csv::line(cells.iter().chain(counts.iter().take(with)).map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::{heading, rows};
    use crate::domain::event::EventId;
    use crate::domain::insights::{InsightRow, Subject};
    use crate::domain::member::{MemberId, MemberName};
    use crate::domain::money::Balance;

    fn row() -> InsightRow {
        InsightRow {
            id: 3,
            at: Some("2026-11-27T10:30:00Z".parse().unwrap_or_default()),
            member: Some(MemberName {
                id: MemberId(7),
                username: "ana".into(),
                full_name: "=Ana".into(),
            }),
            event_id: Some(EventId(5)),
            title: Some("Trivia, again".into()),
            event_type: Some("trivia".into()),
            what: Some("cash".into()),
            amount: Balance::of_decimal("-99.50"),
            count: Some(4),
            of: Some(9),
        }
    }

    #[test]
    fn lines_have_as_many_cells_as_the_heading_and_no_formulas() {
        for subject in Subject::ALL {
            let columns = heading(subject).matches(',').count();
            // The title has a comma of its own.
            assert_eq!(
                rows(subject, &[row()]).matches(',').count(),
                columns + 1,
                "{subject:?}"
            );
        }
        assert_eq!(
            rows(Subject::Money, &[row()]),
            "2026-11-27T10:30:00Z,7,ana,\"'=Ana\",5,\"Trivia, again\",trivia,cash,,99.50\r\n"
        );
        assert!(heading(Subject::StreaksLost).ends_with(",refunded,weeks\r\n"));
    }
}
