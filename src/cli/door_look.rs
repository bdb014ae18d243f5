//! A door without a screen that looks without letting in (`--careful`), or takes check-ins back (`--undo`): what is
//! asked, and how an answer reads.

use crate::domain::check_in::{Outcome, Presented};
use crate::domain::event::EventId;
use crate::domain::passage::{Evaluation, UndoOutcome, Undone};
use crate::domain::{Answer, Call, Fault, SafeText};

use super::CliError;
use super::connect::Visit;
use super::door_line::DoorLine;
use super::output::{Align, pad};

/// What a check-in would bring; nothing is done. The database says it, else the roster.
pub(super) async fn look(
    visit: &mut Visit,
    door: &mut DoorLine,
    event: EventId,
    text: &str,
) -> Result<Evaluation, CliError> {
    let presented = Presented::Text(text.to_owned());
    let call = Call::Evaluate { event, presented };
    let mut answer = visit.ask(call.clone()).await;
    if answer == Err(Fault::NotSignedIn) && visit.renew().await.is_ok() {
        // Nothing was done in the old session's name.
        answer = visit.ask(call).await;
    }
    match answer {
        Ok(Answer::Evaluated(evaluation)) => Ok(*evaluation),
        Ok(_) => Err(Fault::Internal.into()),
        Err(fault) if fault.is_link() => door.weigh(text).ok_or_else(|| not_answered(text, fault)),
        Err(fault) => Err(not_answered(text, fault)),
    }
}

/// What looking found, as one line.
pub(super) fn would(evaluation: &Evaluation) -> String {
    let brief = match evaluation.outcome {
        Outcome::Ok => "would come in",
        outcome => outcome.brief(),
    };
    let name = evaluation
        .member
        .as_ref()
        .map_or(&evaluation.input, |member| &member.full_name);
    format!("{}  {name}", pad(brief, 22, Align::Left))
}

/// What taking back came to, as one line.
pub(super) fn taken_back(undone: &Undone) -> String {
    let brief = match undone.outcome {
        UndoOutcome::Undone => "taken back",
        UndoOutcome::Nothing => "nothing to take back",
        UndoOutcome::ReasonNeeded => "needs a --reason",
    };
    let name = pad(undone.member.full_name.as_str(), 28, Align::Left);
    let (points, total) = (undone.points.to_string(), undone.total.to_string());
    let line = [
        pad(brief, 22, Align::Left),
        name,
        pad(&points, 5, Align::Right),
        pad(&total, 7, Align::Right),
    ];
    line.join("  ")
}

/// A line that was not answered.
pub(super) fn not_answered(text: &str, fault: Fault) -> CliError {
    let text = SafeText::line(text);
    match CliError::from(fault) {
        CliError::Failed(why) => CliError::failed(format!("“{text}” was not answered. {why}")),
        error => error,
    }
}
