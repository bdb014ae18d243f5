//! Sentences about planning: whom a change hurts, what came of one, what somebody else did meanwhile.

use crate::domain::SafeText;
use crate::domain::event::{EventLine, EventPage};
use crate::domain::money::Currency;
use crate::domain::plan::{Effects, StopOutcome, Stopped};
use crate::domain::when::Zone;
use crate::domain::{Timestamp, when};

use super::context::Tone;
use super::words;

/// `1 event`, `12 events`.
pub(crate) fn count(number: i64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        words::number(number),
        if number == 1 { one } else { many }
    )
}

/// `a`, `a and b`, `a, b and c`.
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// `12 registered and 3 waiting: Ana, Ben and 13 more`.
pub(crate) fn people(effects: &Effects) -> String {
    let mut kinds = Vec::new();
    for (number, word) in [
        (effects.registered, "registered"),
        (effects.pending, "not yet approved"),
        (effects.waitlisted, "waiting for a seat"),
    ] {
        if number > 0 {
            kinds.push(format!("{} {word}", words::number(number)));
        }
    }
    let named = i64::try_from(effects.names.len()).unwrap_or(0);
    let mut names: Vec<String> = effects.names.iter().map(ToString::to_string).collect();
    if effects.people() > named {
        names.push(format!("{} more", words::number(effects.people() - named)));
    }
    if names.is_empty() {
        listed(&kinds)
    } else {
        format!("{}: {}", listed(&kinds), listed(&names))
    }
}

/// Who would have to be elsewhere; empty when nobody would.
fn clashes(effects: &Effects) -> String {
    if effects.clashing == 0 {
        return String::new();
    }
    let told: Vec<String> = effects
        .clashes
        .iter()
        .map(|clash| format!("{} ({})", clash.name, clash.title))
        .collect();
    let has = count(effects.clashing, "of them has", "of them have");
    format!(" {has} another event at the new time: {}.", told.join(", "))
}

/// The question before a change that somebody minds, and what it would do.
pub(crate) fn hurts(title: &SafeText, effects: &Effects, currency: Currency) -> (String, String) {
    let question = if effects.stops {
        format!("Cancel {title}?")
    } else if effects.moves || effects.relocates {
        format!("Move {title}?")
    } else {
        "Fewer seats than are taken?".to_owned()
    };
    let mut text = String::new();
    if effects.people() > 0 && (effects.moves || effects.relocates || effects.stops) {
        let planned = match (effects.moves, effects.relocates) {
            _ if effects.stops => "",
            (true, true) => " They planned for the old time and place.",
            (true, false) => " They planned for the old time.",
            _ => " They planned for the old place.",
        };
        text = format!("{}.{planned}{}", people(effects), clashes(effects));
    }
    if effects.stops {
        text.push_str(&refunds(effects, currency));
    }
    if effects.over > 0 {
        let gap = if text.is_empty() { "" } else { " " };
        let over = words::number(effects.over);
        text = format!(
            "{text}{gap}{} taken, {over} more than there would be. Nobody loses a seat; nobody new gets one until \
             it fits.",
            count(effects.registered, "seat is", "seats are")
        );
    }
    (question, text)
}

/// ` 3 payments, ₱750, are to be refunded.`; empty when there are none.
fn refunds(effects: &Effects, currency: Currency) -> String {
    if effects.payments == 0 {
        return String::new();
    }
    let are = if effects.payments == 1 { "is" } else { "are" };
    format!(
        " {}, {}, {are} to be refunded.",
        count(effects.payments, "payment", "payments"),
        currency.show(effects.paid)
    )
}

/// What cancelling would do, for its form.
pub(crate) fn stopping(effects: &Effects, currency: Currency) -> String {
    if effects.people() == 0 {
        return "Nobody is registered.".to_owned();
    }
    format!("{}.{}", people(effects), refunds(effects, currency))
}

/// What reopening does.
pub(crate) fn reopening(line: &EventLine) -> String {
    match line.registered {
        0 => "It takes place again as it was.".to_owned(),
        people => format!(
            "It takes place again as it was: {} again.",
            count(people, "person has a seat", "people have their seats")
        ),
    }
}

/// What came of cancelling or reopening.
pub(crate) fn stopped(stopped: &Stopped, zone: Zone, now: Timestamp, currency: Currency) -> (Tone, String) {
    let line = &stopped.event.line;
    let name = words::event_name(line, zone, now);
    let people = stopped.effects.people();
    match (stopped.outcome, line.is_active) {
        (StopOutcome::Cancelled, _) => {
            let see = match people {
                0 => String::new(),
                people => format!(" {} why.", count(people, "person sees", "people see")),
            };
            let text = format!("Cancelled: {name}.{see}{}", refunds(&stopped.effects, currency));
            (Tone::Good, text)
        }
        (StopOutcome::Reopened, _) => (Tone::Good, format!("Reopened: {name}.")),
        (StopOutcome::Already, true) => (Tone::Plain, format!("It takes place already: {name}.")),
        (StopOutcome::Already, false) => {
            let why = stopped.event.cancel_reason.as_ref();
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            let text = format!("Somebody cancelled {} already{why}.", line.title);
            (Tone::Plain, text)
        }
    }
}

/// What was made.
pub(crate) fn saved(page: &EventPage, events: i64, zone: Zone, now: Timestamp) -> String {
    let name = words::event_name(&page.line, zone, now);
    if events > 1 {
        format!("Made: {}, the first {name}.", count(events, "event", "events"))
    } else {
        format!("Saved: {name}.")
    }
}

/// Somebody changed the event, and no field of the form shows it.
pub(crate) fn changed_beside(page: &EventPage, by: Option<&SafeText>) -> String {
    let who = by.map_or("Somebody", SafeText::as_str);
    if page.line.is_active {
        format!("{who} saved the event meanwhile, with nothing else in these fields. Save again.")
    } else {
        let why = page.cancel_reason.as_ref();
        let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
        format!("{who} cancelled the event meanwhile{why}. Save again to change it all the same.")
    }
}

/// The line above two people's changes.
pub(crate) fn differs(page: &EventPage, by: Option<&SafeText>, zone: Zone) -> String {
    let who = by.map_or("Somebody", SafeText::as_str);
    let at = page
        .changed_at
        .map(|at| format!(" at {}", when::clock_time(at, zone)));
    let at = at.unwrap_or_default();
    match (page.line.is_active, &page.cancel_reason) {
        (true, _) => format!("{who} changed this event{at}, while you were typing."),
        (false, Some(why)) => format!("{who} cancelled this event{at}: {why}"),
        (false, None) => format!("{who} cancelled this event{at}."),
    }
}
