//! Registrations as text and as JSON: rows whose fields are called as the database's columns are.

use std::io::Write;

use serde::Serialize;

use crate::domain::completion::Place;
use crate::domain::event::{EventId, EventLine, RegistrationStatus};
use crate::domain::event_people::{DeskOutcome, EventPerson, SeatChange};
use crate::domain::member::{MemberId, MemberName};
use crate::domain::money::Money;
use crate::domain::seats::{MyLine, PaymentStatus};
use crate::domain::when::{self, Zone};
use crate::domain::{SafeText, Timestamp, people_csv};

use super::CliError;
use super::output::{Align, Out, Table};

/// A registration of an event's people.
#[derive(Serialize)]
struct PersonRow<'a> {
    id: i32,
    event_id: EventId,
    user_id: MemberId,
    username: &'a SafeText,
    full_name: &'a SafeText,
    email: &'a SafeText,
    status: RegistrationStatus,
    place: Option<i64>,
    status_reason: Option<&'a SafeText>,
    note: Option<&'a SafeText>,
    registration_date: Option<Timestamp>,
    waitlisted_at: Option<Timestamp>,
    payment_status: PaymentStatus,
    price_due: Option<Money>,
    amount_paid: Option<Money>,
    due: Option<Money>,
    check_in_time: Option<Timestamp>,
    result: Option<Place>,
}

impl<'a> From<&'a EventPerson> for PersonRow<'a> {
    fn from(person: &'a EventPerson) -> Self {
        Self {
            id: person.registration_id,
            event_id: person.event_id,
            user_id: person.member.id,
            username: &person.member.username,
            full_name: &person.member.full_name,
            email: &person.email,
            status: person.status,
            place: person.place,
            status_reason: person.status_reason.as_ref(),
            note: person.note.as_ref(),
            registration_date: person.registration_date,
            waitlisted_at: person.waitlisted_at,
            payment_status: person.payment_status,
            price_due: person.price_due,
            amount_paid: person.paid,
            due: person.due,
            check_in_time: person.checked_in_at,
            result: person.result,
        }
    }
}

/// One of the signed-in member's own.
#[derive(Serialize)]
struct MyRow<'a> {
    event_id: EventId,
    title: &'a SafeText,
    location: &'a SafeText,
    start_time: Timestamp,
    end_time: Timestamp,
    status: RegistrationStatus,
    place: Option<i64>,
    status_reason: Option<&'a SafeText>,
    cancel_reason: Option<&'a SafeText>,
    registration_date: Option<Timestamp>,
    waitlisted_at: Option<Timestamp>,
    payment_status: PaymentStatus,
    price_due: Option<Money>,
    amount_paid: Option<Money>,
    due: Option<Money>,
    attended: bool,
}

impl<'a> From<&'a MyLine> for MyRow<'a> {
    fn from(line: &'a MyLine) -> Self {
        let MyLine {
            event, registration, ..
        } = line;
        Self {
            event_id: event.id,
            title: &event.title,
            location: &event.location,
            start_time: event.start_time,
            end_time: event.end_time,
            status: registration.status,
            place: registration.place,
            status_reason: registration.status_reason.as_ref(),
            cancel_reason: line.cancel_reason.as_ref(),
            registration_date: registration.registration_date,
            waitlisted_at: registration.waitlisted_at,
            payment_status: registration.payment_status,
            price_due: registration.price_due,
            amount_paid: registration.paid,
            due: registration.due,
            attended: event.my_attendance,
        }
    }
}

/// What the signed-in member has become to an event, as JSON.
pub(super) fn own(line: &EventLine, out: &mut Out<impl Write>) -> Result<(), CliError> {
    #[derive(Serialize)]
    struct Own<'a> {
        event_id: EventId,
        title: &'a SafeText,
        status: Option<RegistrationStatus>,
        place: Option<i64>,
    }
    out.json(&[Own {
        event_id: line.id,
        title: &line.title,
        status: line.my_status,
        place: line.my_place,
    }])
}

/// What came of one name on the command line.
#[derive(Serialize)]
pub(super) struct Done {
    input: String,
    outcome: Option<DeskOutcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    user_id: Option<MemberId>,
    username: Option<SafeText>,
    status: Option<RegistrationStatus>,
    place: Option<i64>,
    promoted: Vec<MemberName>,
}

impl Done {
    /// Nobody is called so, or the database refused it.
    pub(super) fn refused(input: String, error: String) -> Self {
        Self {
            input,
            outcome: None,
            error: Some(error),
            user_id: None,
            username: None,
            status: None,
            place: None,
            promoted: Vec::new(),
        }
    }

    /// The database's answer about a member.
    pub(super) fn changed(input: String, member: MemberName, change: SeatChange) -> Self {
        let person = change.person.as_ref();
        Self {
            input,
            outcome: Some(change.outcome),
            error: change.outcome.why_not().map(str::to_owned),
            user_id: Some(member.id),
            username: Some(member.username),
            status: person.map(|person| person.status),
            place: person.and_then(|person| person.place),
            promoted: change.promoted,
        }
    }

    /// Whether what was asked for is done.
    pub(super) fn is_done(&self) -> bool {
        self.error.is_none()
    }

    /// `ana: waitlisted, number 3 in line. Ben Aquino has the seat.`
    fn sentence(&self) -> String {
        let name = self
            .username
            .as_ref()
            .map_or_else(|| SafeText::line(&self.input).to_string(), ToString::to_string);
        let what = match (&self.error, self.status, self.place) {
            (Some(error), ..) => return format!("{name}: {error}"),
            (None, Some(status), Some(place)) => format!("{}, number {place} in line", status.word()),
            (None, Some(status), None) => status.word().to_owned(),
            (None, None, _) => "done".to_owned(),
        };
        let promoted = match self.promoted.as_slice() {
            [] => String::new(),
            [one] => format!(" {} has the seat.", one.full_name),
            several => format!(" {} people have seats.", several.len()),
        };
        format!("{name}: {what}.{promoted}")
    }
}

/// What came of each, and an error if one was not done.
pub(super) fn results(done: &[Done], json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json {
        out.json(&done)?;
    } else {
        for one in done {
            out.line(one.sentence())?;
        }
    }
    out.flush()?;
    match done.iter().filter(|one| !one.is_done()).count() {
        0 => Ok(()),
        missed => Err(CliError::failed(format!("{missed} of {} not done.", done.len()))),
    }
}

/// An event's people.
pub(super) fn people(
    people: &[EventPerson],
    json: bool,
    zone: Zone,
    now: Timestamp,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    if json {
        return out.json(&people.iter().map(PersonRow::from).collect::<Vec<_>>());
    }
    if people.is_empty() {
        return out.line("Nobody is registered who matches.");
    }
    let mut table = Table::new(&[
        ("USER", Align::Left),
        ("NAME", Align::Left),
        ("STATUS", Align::Left),
        ("LINE", Align::Right),
        ("DUE", Align::Right),
        ("PAYMENT", Align::Left),
        ("IN", Align::Left),
        ("NOTE", Align::Left),
    ]);
    for person in people {
        table.row([
            person.member.username.to_string(),
            person.member.full_name.to_string(),
            person.status.word().to_owned(),
            number(person.place),
            amount(person.due),
            person.payment_status.words().to_owned(),
            person
                .checked_in_at
                .map_or_else(String::new, |at| when::day_and_time(at, zone, now)),
            person.note.as_ref().map_or_else(String::new, ToString::to_string),
        ]);
    }
    out.table(&table)
}

/// An event's people as comma-separated values.
pub(super) fn csv(people: &[EventPerson], out: &mut Out<impl Write>) -> Result<(), CliError> {
    out.text(&people_csv::heading())?;
    out.text(&people_csv::rows(people))
}

/// The signed-in member's own.
pub(super) fn mine(
    lines: &[MyLine],
    json: bool,
    zone: Zone,
    now: Timestamp,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    if json {
        return out.json(&lines.iter().map(MyRow::from).collect::<Vec<_>>());
    }
    if lines.is_empty() {
        return out.line("No registrations; `pine-time registrations add --event ID --as NAME` makes one.");
    }
    let mut table = Table::new(&[
        ("EVENT", Align::Right),
        ("WHEN", Align::Left),
        ("TITLE", Align::Left),
        ("STATUS", Align::Left),
        ("LINE", Align::Right),
        ("DUE", Align::Right),
        ("PAYMENT", Align::Left),
        ("", Align::Left),
    ]);
    for line in lines {
        let MyLine {
            event, registration, ..
        } = line;
        table.row([
            event.id.0.to_string(),
            when::span(event.start_time, event.end_time, zone, now),
            event.title.to_string(),
            registration.status.word().to_owned(),
            number(registration.place),
            amount(registration.due),
            registration.payment_status.words().to_owned(),
            line.said().map_or_else(String::new, ToString::to_string),
        ]);
    }
    out.table(&table)
}

fn number(place: Option<i64>) -> String {
    place.map_or_else(String::new, |place| place.to_string())
}

fn amount(amount: Option<Money>) -> String {
    amount.map_or_else(String::new, |amount| amount.to_string())
}
