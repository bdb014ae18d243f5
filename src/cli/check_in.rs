//! `check-in`: a door without a screen. Codes or names come in on standard input, one a line; one answer a line goes
//! out at once, as text or as JSON.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use tokio::io::BufReader;

use crate::config::Config;
use crate::domain::check_in::{CheckedIn, Outcome};
use crate::domain::event::EventId;
use crate::domain::when::{self, Zone};
use crate::domain::{Answer, Call, Fault, SafeText};

use super::CliError;
use super::connect::{self, SignInArgs, Visit};
use super::door_line::{Answered, DoorLine};
use super::door_look;
use super::error::reason;
use super::lines::Lines;
use super::output::{Align, Out, pad};

/// How often the database hears that the door is still open while nobody comes; a session ends after fifteen idle
/// minutes.
const STILL_HERE: Duration = Duration::from_secs(240);

/// Check in members by pass code or name, read from standard input.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A line holds a pass code, a user name or an e-mail address, and is answered by one line, at \
                  once. Without a link to the database the event's roster answers; those lines are marked as \
                  queued, kept on this machine and sent when the link is back, or by the next start. The command \
                  ends with its input, with exit code 0 when the database has answered every line, whatever the \
                  outcomes; 1 when some are still kept; 3 when some wait for a person."
)]
pub(super) struct CheckInArgs {
    /// The event's number, as `events list` shows it.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i32).range(1..))]
    event: i32,
    /// Print one JSON object a line: input, outcome, member, points, total and more.
    #[arg(long)]
    json: bool,
    /// Only look: say what a check-in would bring, and let nobody in.
    #[arg(long, conflicts_with = "undo")]
    careful: bool,
    /// Take check-ins back instead; without a link to the database this is queued, too.
    #[arg(long)]
    undo: bool,
    /// Why they are taken back; needed for what another terminal did.
    #[arg(long, value_name = "TEXT", requires = "undo")]
    reason: Option<String>,
    /// At the end of the input, wait so long for check-ins that the database has not answered.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    wait: u64,
    #[command(flatten)]
    sign_in: SignInArgs,
}

pub(super) fn run(args: &CheckInArgs, config: &Config) -> Result<(), CliError> {
    let who = args.sign_in.clone().who()?;
    connect::visit(config, who, async |visit| {
        serve(visit, args, &mut Out::stdout()).await
    })
}

/// Answers line after line until the input ends.
async fn serve(visit: &mut Visit, args: &CheckInArgs, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let (event, json) = (EventId(args.event), args.json);
    let Answer::Door(door) = visit.ask(Call::Door(event)).await? else {
        return Err(Fault::Internal.into());
    };
    let zone = visit.community.time_zone;
    if std::io::stdin().is_terminal() {
        let when = when::day_and_time(door.start_time, zone, door.clock);
        eprintln!(
            "Checking in at {}, {when}. One code or name a line; Ctrl+D ends.",
            door.title
        );
    }
    let mut lines = Lines::new(BufReader::new(tokio::io::stdin()));
    let mut door = DoorLine::open(visit, event);
    while let Some(line) = next_line(visit, &mut lines).await? {
        if args.careful {
            let evaluation = door_look::look(visit, &mut door, event, &line).await?;
            tell(&evaluation, door_look::would(&evaluation), false, json, out)?;
            continue;
        }
        if args.undo {
            let evaluation = door_look::look(visit, &mut door, event, &line).await?;
            let Some(member) = &evaluation.member else {
                tell(&evaluation, door_look::would(&evaluation), false, json, out)?;
                continue;
            };
            match door
                .take_back(visit, event, member, args.reason.as_deref())
                .await?
            {
                Answered::Live(undone) => tell(&undone, door_look::taken_back(&undone), false, json, out)?,
                Answered::Queued(Some(undone)) => {
                    tell(&undone, door_look::taken_back(&undone), true, json, out)?;
                }
                Answered::Queued(None) => queued(&line, None, json, zone, out)?,
            }
            continue;
        }
        match door.check_in(visit, event, &line).await? {
            Answered::Live(checked) => answer(&checked, json, zone, out)?,
            Answered::Queued(decided) => queued(&line, decided.as_ref(), json, zone, out)?,
        }
    }
    door.finish(Duration::from_secs(args.wait)).await
}

/// Waits for a line, and keeps the session awake meanwhile.
async fn next_line(
    visit: &Visit,
    lines: &mut Lines<BufReader<tokio::io::Stdin>>,
) -> Result<Option<String>, CliError> {
    let next = lines.next();
    tokio::pin!(next);
    loop {
        match tokio::time::timeout(STILL_HERE, &mut next).await {
            Ok(line) => {
                return line.map_err(|error| {
                    CliError::failed(format!("Standard input cannot be read: {}.", reason(&error)))
                });
            }
            // Without an answer the next check-in notices, and signs in again.
            Err(_) => drop(visit.db.touch(&visit.token).await),
        }
    }
}

/// Writes one answer and hands it to the reader.
fn answer(checked: &CheckedIn, json: bool, zone: Zone, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json {
        out.json_line(checked)?;
    } else {
        out.line(readable(checked, zone))?;
    }
    out.flush()
}

/// Writes an answer of another kind and hands it to the reader.
fn tell(
    answer: &impl serde::Serialize,
    readable: String,
    queued: bool,
    json: bool,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    if json {
        let mut answer = serde_json::to_value(answer).map_err(|_| Fault::Internal)?;
        if queued {
            answer["queued"] = true.into();
        }
        out.json_line(&answer)?;
    } else if queued {
        out.line(format!("{readable}  queued"))?;
    } else {
        out.line(readable)?;
    }
    out.flush()
}

/// The answer to a line that the database has not answered.
fn queued(
    line: &str,
    decided: Option<&CheckedIn>,
    json: bool,
    zone: Zone,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    let input = SafeText::line(line);
    if json {
        let mut answer = match decided {
            Some(decided) => serde_json::to_value(decided).map_err(|_| Fault::Internal)?,
            None => serde_json::json!({"input": input, "outcome": null}),
        };
        answer["queued"] = true.into();
        out.json_line(&answer)?;
    } else if let Some(decided) = decided {
        out.line(format!("{}  queued", readable(decided, zone)))?;
    } else {
        out.line(format!("{}  {input}", pad("queued", 22, Align::Left)))?;
    }
    out.flush()
}

/// Outcome, name, points paid, points in all, and what explains the outcome; columns that fit most names.
fn readable(checked: &CheckedIn, zone: Zone) -> String {
    let name = checked
        .member
        .as_ref()
        .map_or(&checked.input, |member| &member.full_name);
    let paid = if checked.outcome == Outcome::Ok {
        format!("+{}", checked.points)
    } else {
        String::new()
    };
    let total = if checked.member.is_some() {
        checked.total.to_string()
    } else {
        String::new()
    };
    let day_and_time = |at| when::day_and_time(at, zone, checked.at);
    let detail = match checked.outcome {
        Outcome::Already => checked.first.as_ref().map_or_else(String::new, |first| {
            let mut parts = Vec::new();
            parts.extend(first.at.map(|at| format!("since {}", day_and_time(at))));
            parts.extend(first.device.as_ref().map(|device| format!("at {device}")));
            parts.extend(first.operator.as_ref().map(|operator| format!("by {operator}")));
            parts.join(" ")
        }),
        Outcome::TooEarly => checked
            .opens_at
            .map_or_else(String::new, |at| format!("opens {}", day_and_time(at))),
        Outcome::Over => checked
            .ended_at
            .map_or_else(String::new, |at| format!("ended {}", day_and_time(at))),
        Outcome::Unpaid => checked.due.map_or_else(String::new, |due| format!("{due} due")),
        _ => String::new(),
    };
    let line = [
        pad(checked.outcome.brief(), 22, Align::Left),
        pad(name.as_str(), 28, Align::Left),
        pad(&paid, 5, Align::Right),
        pad(&total, 7, Align::Right),
        detail,
    ]
    .join("  ");
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn checked(changes: &serde_json::Value) -> CheckedIn {
        let mut answer = json!({
            "input": "R6K2F9TQ4M", "outcome": "ok",
            "member": {"id": 7, "username": "nino_b", "full_name": "Niño Bautista"},
            "event_id": 42, "event_title": "Trivia", "points": 15, "total": 340, "at": "2026-11-27T10:52:07Z",
            "first": null, "opens_at": null, "ended_at": null,
        });
        for (name, value) in changes.as_object().unwrap() {
            answer[name] = value.clone();
        }
        serde_json::from_value(answer).unwrap()
    }

    #[test]
    fn answers_read_as_aligned_lines() {
        let zone: Zone = "Asia/Manila".parse().unwrap();
        let lines: Vec<String> = [
            json!({}),
            json!({"member": {"id": 8, "username": "taro", "full_name": "山田太郎"}, "total": 1340}),
            json!({"outcome": "already", "points": 0,
                   "first": {"at": "2026-11-27T10:22:00Z", "device": "door 1", "operator": "Mira"}}),
            json!({"outcome": "already", "points": 0, "first": {"at": null, "device": null, "operator": null}}),
            json!({"outcome": "too_early", "points": 0, "opens_at": "2026-11-28T08:30:00Z"}),
            json!({"outcome": "over", "points": 0, "ended_at": "2025-11-27T12:30:00Z"}),
            json!({"outcome": "unknown_code", "input": "XK2", "member": null, "points": 0, "total": 0}),
        ]
        .iter()
        .map(|changes| readable(&checked(changes), zone))
        .collect();
        assert_eq!(
            lines.join("\n"),
            "\
checked in              Niño Bautista                   +15      340
checked in              山田太郎                        +15     1340
already in              Niño Bautista                            340  since Fri 27 Nov 18:22 at door 1 by Mira
already in              Niño Bautista                            340
too early               Niño Bautista                            340  opens Sat 28 Nov 16:30
event is over           Niño Bautista                            340  ended Thu 27 Nov 2025 20:30
unknown code            XK2"
        );
    }

    #[test]
    fn json_has_the_promised_fields() {
        let mut out = Out::new(Vec::new());
        answer(&checked(&json!({})), true, Zone::UTC, &mut out).unwrap();
        let line = String::from_utf8(out.into_inner()).unwrap();
        assert_eq!(line.matches('\n').count(), 1);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["input"], "R6K2F9TQ4M");
        assert_eq!(value["outcome"], "ok");
        assert_eq!(value["member"]["username"], "nino_b");
        assert_eq!((&value["points"], &value["total"]), (&json!(15), &json!(340)));
        assert_eq!(value["at"], "2026-11-27T10:52:07Z");
    }
}
