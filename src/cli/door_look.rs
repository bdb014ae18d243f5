//! A door without a screen that looks without letting in (`--careful`), or takes check-ins back (`--undo`): one answer
//! a line, like a check-in's.

use crate::domain::check_in::{Outcome, Presented};
use crate::domain::event::EventId;
use crate::domain::passage::{Evaluation, Passage, UndoOutcome, Undone};
use crate::domain::{Answer, Call, Fault, Nonce, SafeText};

use super::CliError;
use super::connect::Visit;
use super::output::{Align, pad};

/// What a check-in would bring; nothing is done.
pub(super) async fn look(visit: &mut Visit, event: EventId, text: &str) -> Result<Evaluation, Fault> {
    let presented = Presented::Text(text.to_owned());
    match ask(visit, Call::Evaluate { event, presented }).await? {
        Answer::Evaluated(evaluation) => Ok(*evaluation),
        _ => Err(Fault::Internal),
    }
}

/// Takes a check-in back; `Err` of an evaluation when nobody is known by the text.
pub(super) async fn take_back(
    visit: &mut Visit,
    event: EventId,
    text: &str,
    reason: Option<&str>,
) -> Result<Result<Undone, Evaluation>, Fault> {
    let evaluation = look(visit, event, text).await?;
    let Some(member) = evaluation.member.as_ref().map(|member| member.id) else {
        return Ok(Err(evaluation));
    };
    let undo = Call::Undo {
        nonce: Nonce::new_v4(),
        event,
        member,
        passage: Passage::In,
        reason: reason.map(str::to_owned),
    };
    match ask(visit, undo).await? {
        Answer::Undone(undone) => Ok(Ok(undone)),
        _ => Err(Fault::Internal),
    }
}

async fn ask(visit: &mut Visit, call: Call) -> Result<Answer, Fault> {
    let answer = visit.ask(call.clone()).await;
    if answer != Err(Fault::NotSignedIn) || visit.renew().await.is_err() {
        return answer;
    }
    // Nothing was done in the old session's name.
    visit.ask(call).await
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
