//! `events`: the calendar as text or JSON. What changes it is in [`super::event_plans`].

use std::io::Write;

use chrono::NaiveDate;

use crate::config::Config;
use crate::domain::event::{EventId, EventLine, EventPage};
use crate::domain::when::{self, Zone};
use crate::domain::{Answer, Call, Fault, Timestamp};

use super::CliError;
use super::connect::{self, SignInArgs};
use super::event_plans::{self, CancelArgs, CreateArgs, EditArgs, ExportArgs, ReopenArgs};
use super::output::{Align, Out, Table};

#[derive(Debug, clap::Subcommand)]
pub(super) enum EventsCommand {
    /// List events by start: from today on, unless days are given.
    List(ListArgs),
    /// Show one event.
    Show(ShowArgs),
    /// Make an event, or a series of them (staff).
    Create(Box<CreateArgs>),
    /// Change an event (staff); what is not given stays.
    Edit(Box<EditArgs>),
    /// Cancel an event with a reason (staff).
    Cancel(CancelArgs),
    /// Take a cancellation back (staff).
    Reopen(ReopenArgs),
    /// Write events into a calendar file (iCalendar): all, or those of days, of a member, or by number.
    Export(ExportArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// The first day, in the community's zone; today unless given.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<NaiveDate>,
    /// The last day; sixty days after the first unless given.
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<NaiveDate>,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// The event's number, as `events list` shows it.
    #[arg(value_parser = clap::value_parser!(i32).range(1..))]
    id: i32,
    /// Print a JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

pub(super) fn run(command: EventsCommand, config: &Config) -> Result<(), CliError> {
    let out = &mut Out::stdout();
    match command {
        EventsCommand::List(args) => {
            let who = args.sign_in.clone().who()?;
            connect::visit(config, who, async |visit| {
                let (zone, now) = (visit.community.time_zone, visit.community.clock);
                let (from, to) = args.span(zone, now)?;
                let Answer::Events(events) = visit.ask(Call::Events { from, to }).await? else {
                    return Err(Fault::Internal.into());
                };
                list(&events, args.json, zone, now, out)
            })?;
        }
        EventsCommand::Create(args) => event_plans::create(*args, config, out)?,
        EventsCommand::Edit(args) => event_plans::edit(*args, config, out)?,
        EventsCommand::Cancel(args) => event_plans::cancel(args, config, out)?,
        EventsCommand::Reopen(args) => event_plans::reopen(args, config, out)?,
        EventsCommand::Export(args) => event_plans::export(args, config, out)?,
        EventsCommand::Show(args) => {
            let who = args.sign_in.who()?;
            connect::visit(config, who, async |visit| {
                let (zone, now) = (visit.community.time_zone, visit.community.clock);
                let Answer::Event(page) = visit.ask(Call::Event(EventId(args.id))).await? else {
                    return Err(Fault::Internal.into());
                };
                show(&page, args.json, zone, now, out)
            })?;
        }
    }
    out.flush()
}

impl ListArgs {
    /// The moments that the days span, the end not included.
    fn span(&self, zone: Zone, now: Timestamp) -> Result<(Timestamp, Timestamp), CliError> {
        const DAYS: u64 = 60;
        let out_of_range = || CliError::Usage("That day is too far away.".to_owned());
        let first = self.from.unwrap_or_else(|| zone.day(now));
        let last = match self.until {
            Some(last) => last,
            None => first
                .checked_add_days(chrono::Days::new(DAYS))
                .ok_or_else(out_of_range)?,
        };
        if last < first {
            return Err(CliError::Usage(format!(
                "The last day, {last}, comes before the first, {first}."
            )));
        }
        let behind = last.succ_opt().ok_or_else(out_of_range)?;
        Ok((zone.midnight(first), zone.midnight(behind)))
    }
}

fn list(
    events: &[EventLine],
    json: bool,
    zone: Zone,
    now: Timestamp,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    if json {
        return out.json(&events);
    }
    if events.is_empty() {
        return out.line("No events on these days; choose others with --from and --until.");
    }
    let mut table = Table::new(&[
        ("ID", Align::Right),
        ("WHEN", Align::Left),
        ("EVENT", Align::Left),
        ("TYPE", Align::Left),
        ("PLACE", Align::Left),
        ("SEATS", Align::Right),
        ("IN", Align::Right),
        ("POINTS", Align::Right),
        ("PRICE", Align::Right),
        ("", Align::Left),
    ]);
    for event in events {
        table.row([
            event.id.0.to_string(),
            when::span(event.start_time, event.end_time, zone, now),
            event.title.to_string(),
            event.event_type.to_string(),
            event.location.to_string(),
            seats(event),
            event.checked_in.to_string(),
            event.points_reward.to_string(),
            event.price.map_or_else(String::new, |price| price.to_string()),
            state(event, now).to_owned(),
        ]);
    }
    out.table(&table)
}

fn show(
    page: &EventPage,
    json: bool,
    zone: Zone,
    now: Timestamp,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    if json {
        return out.json(page);
    }
    let event = &page.line;
    out.line(event.title.as_str())?;
    out.line("")?;
    let waiting = if event.waitlisted > 0 {
        format!(", {} wait", event.waitlisted)
    } else {
        String::new()
    };
    let mut rows = vec![
        (
            "when",
            format!(
                "{}, {}",
                when::span(event.start_time, event.end_time, zone, now),
                zone.label(event.start_time)
            ),
        ),
        ("where", event.location.to_string()),
        ("type", event.event_type.to_string()),
        ("seats", format!("{} taken{waiting}", seats(event))),
        ("in", event.checked_in.to_string()),
        ("points", event.points_reward.to_string()),
        (
            "price",
            event
                .price
                .map_or_else(|| "free".to_owned(), |price| price.to_string()),
        ),
    ];
    rows.extend(
        page.organiser
            .as_ref()
            .map(|organiser| ("organiser", organiser.to_string())),
    );
    let state = state(event, now);
    if !state.is_empty() {
        rows.push(("state", state.to_owned()));
    }
    for (name, value) in rows {
        out.line(format!("{name:<10} {value}"))?;
    }
    if let (Some(why), false) = (&page.cancel_reason, event.is_active) {
        out.line("")?;
        out.line(format!("Cancelled: {why}"))?;
    }
    if !page.description.is_empty() {
        out.line("")?;
        out.line(page.description.as_str())?;
    }
    Ok(())
}

/// `12/20`, or `12` without a limit.
fn seats(event: &EventLine) -> String {
    event.max_participants.map_or_else(
        || event.registered.to_string(),
        |most| format!("{}/{most}", event.registered),
    )
}

fn state(event: &EventLine, now: Timestamp) -> &'static str {
    if !event.is_active {
        "cancelled"
    } else if event.is_over(now) {
        "over"
    } else if event.is_running(now) {
        "now"
    } else if event.is_full() {
        "full"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    const NOW: &str = "2026-11-27T10:30:00Z";

    fn zone() -> Zone {
        "Asia/Manila".parse().unwrap()
    }

    fn event(changes: &serde_json::Value) -> serde_json::Value {
        let mut event = json!({
            "id": 7, "title": "Trivia Night", "event_type": "trivia", "location": "Hill Station",
            "start_time": "2026-11-27T10:00:00Z", "end_time": "2026-11-27T12:00:00Z", "max_participants": 20,
            "points_reward": 15, "is_active": true, "requires_approval": false, "registered": 12, "waitlisted": 0, "checked_in": 3,
            "my_status": null, "my_attendance": false,
        });
        for (name, value) in changes.as_object().unwrap() {
            event[name] = value.clone();
        }
        event
    }

    fn written(write: impl FnOnce(&mut Out<Vec<u8>>) -> Result<(), CliError>) -> String {
        let mut out = Out::new(Vec::new());
        write(&mut out).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn a_list_is_a_table() {
        let events: Vec<EventLine> = [
            json!({}),
            json!({"id": 31, "title": "The Manor Murder", "start_time": "2026-11-28T12:00:00Z",
                   "end_time": "2026-11-28T15:00:00Z", "registered": 20, "price": "250.00"}),
            json!({"id": 123, "title": "山の散歩", "start_time": "2026-12-31T12:00:00Z", "end_time": "2026-12-31T18:00:00Z",
                   "max_participants": null, "registered": 4, "is_active": false, "points_reward": 0}),
            json!({"id": 4, "start_time": "2026-11-26T10:00:00Z", "end_time": "2026-11-26T12:00:00Z"}),
        ]
        .iter()
        .map(|changes| serde_json::from_value(event(changes)).unwrap())
        .collect();
        insta::assert_snapshot!(written(|out| list(
            &events,
            false,
            zone(),
            NOW.parse().unwrap(),
            out
        )));
    }

    #[test]
    fn json_is_one_array_with_the_columns_names() {
        let events: Vec<EventLine> = vec![serde_json::from_value(event(&json!({}))).unwrap()];
        let text = written(|out| list(&events, true, zone(), NOW.parse().unwrap(), out));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        for name in [
            "id",
            "title",
            "event_type",
            "start_time",
            "max_participants",
            "registered",
            "waitlisted",
            "checked_in",
        ] {
            assert_eq!(value[0][name], event(&json!({}))[name], "{name}");
        }
        assert_eq!(
            written(|out| list(&[], true, zone(), NOW.parse().unwrap(), out)),
            "[]\n"
        );
    }

    #[test]
    fn one_event_is_a_page() {
        let mut page = event(&json!({"waitlisted": 2}));
        page["description"] = json!("Bring a friend.\n\nAnd a pen.");
        page["organiser"] = json!("Mira Santos");
        page["created_by"] = json!(3);
        page["created_at"] = json!("2026-10-01T00:00:00Z");
        page["version"] = json!(1);
        page["series_place"] = json!(0);
        page["series_events"] = json!(0);
        let page: EventPage = serde_json::from_value(page).unwrap();
        insta::assert_snapshot!(written(|out| show(
            &page,
            false,
            zone(),
            NOW.parse().unwrap(),
            out
        )));
    }

    #[test]
    fn days_are_the_communitys() {
        let args = |from: Option<&str>, until: Option<&str>| ListArgs {
            from: from.map(|day| day.parse().unwrap()),
            until: until.map(|day| day.parse().unwrap()),
            json: false,
            sign_in: SignInArgs::default(),
        };
        // 23:00 in UTC is the next day in Manila.
        let now: Timestamp = "2026-11-26T23:00:00Z".parse().unwrap();
        let span = |args: ListArgs| {
            args.span(zone(), now)
                .map(|(from, to)| (from.to_rfc3339(), to.to_rfc3339()))
        };
        assert_eq!(
            span(args(None, None)).unwrap(),
            (
                "2026-11-26T16:00:00+00:00".to_owned(),
                "2027-01-26T16:00:00+00:00".to_owned()
            )
        );
        assert_eq!(
            span(args(Some("2026-12-24"), Some("2026-12-24"))).unwrap(),
            (
                "2026-12-23T16:00:00+00:00".to_owned(),
                "2026-12-24T16:00:00+00:00".to_owned()
            )
        );
        assert!(matches!(
            span(args(Some("2026-12-24"), Some("2026-12-23"))),
            Err(CliError::Usage(_))
        ));
        assert!(matches!(
            span(args(Some("2026-12-24"), Some("+262142-12-31"))),
            Err(CliError::Usage(_))
        ));
    }
}
