//! An event's people as comma-separated values: columns as the database calls them, times in RFC 3339 UTC, cells that a
//! spreadsheet would take for formulas made harmless ([`super::csv`]).

use chrono::SecondsFormat;

use super::event_people::EventPerson;
use super::money::Money;
use super::{SafeText, Timestamp, csv};

/// The names of the columns.
const COLUMNS: [&str; 20] = [
    "registration_id",
    "event_id",
    "user_id",
    "username",
    "full_name",
    "email",
    "status",
    "waitlist_place",
    "status_reason",
    "registration_date",
    "payment_status",
    "price_due",
    "paid",
    "due",
    "attended",
    "check_in_time",
    "has_left",
    "result",
    "is_active",
    "note",
];

/// The first line.
pub fn heading() -> String {
    csv::line(COLUMNS)
}

/// A line for each.
pub fn rows(people: &[EventPerson]) -> String {
    people.iter().map(row).collect()
}

fn row(person: &EventPerson) -> String {
    let time = |at: Option<Timestamp>| {
        at.map_or_else(String::new, |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
    };
    let money = |money: Option<Money>| money.map_or_else(String::new, |money| money.to_string());
    let text = |text: &Option<SafeText>| text.as_ref().map_or_else(String::new, ToString::to_string);
    let is = |it: bool| if it { "true" } else { "false" };
    let payment = serde_json::to_value(person.payment_status).ok();
    let result = person
        .result
        .map_or_else(String::new, |place| u8::from(place).to_string());
    csv::line([
        person.registration_id.to_string().as_str(),
        &person.event_id.0.to_string(),
        &person.member.id.0.to_string(),
        person.member.username.as_str(),
        person.member.full_name.as_str(),
        person.email.as_str(),
        person.status.word(),
        &person.place.map_or_else(String::new, |place| place.to_string()),
        &text(&person.status_reason),
        &time(person.registration_date),
        payment
            .as_ref()
            .and_then(|word| word.as_str())
            .unwrap_or_default(),
        &money(person.price_due),
        &money(person.paid),
        &money(person.due),
        is(person.attended),
        &time(person.checked_in_at),
        is(person.has_left),
        &result,
        is(person.is_active),
        &text(&person.note),
    ])
}

#[cfg(test)]
mod tests {
    use super::{heading, rows};
    use crate::domain::event_people::EventPerson;

    #[test]
    fn a_row_has_every_column_and_no_formula() -> Result<(), serde_json::Error> {
        let person: EventPerson = serde_json::from_value(serde_json::json!({
            "registration_id": 5, "event_id": 6, "member": {"id": 7, "username": "ana", "full_name": "=1+1"},
            "email": "ana@example.org", "is_active": true, "status": "waitlisted", "place": 2,
            "status_reason": null, "note": "-2, or \"three\"", "registration_date": "2026-11-20T01:30:00Z",
            "waitlisted_at": null, "promoted_at": null, "payment_status": "pending", "price_due": "250.00",
            "paid": null, "due": null, "checked_in_at": null, "attended": false, "has_left": false, "result": 1
        }))?;
        assert_eq!(
            rows(&[person]),
            "5,6,7,ana,\"'=1+1\",ana@example.org,waitlisted,2,,2026-11-20T01:30:00Z,pending,250.00,,,false,,false,1,\
             true,\"'-2, or \"\"three\"\"\"\r\n"
        );
        assert_eq!(heading().matches(',').count(), 19);
        Ok(())
    }
}
