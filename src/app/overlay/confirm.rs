//! A question, for the few things that cannot be taken back. Only `y` says yes: a scanner's Enter never does.

use crate::app::action::OverlayAction;
use crate::app::context::{Context, Wish};
use crate::app::plan_words;
use crate::domain::SafeText;
use crate::domain::event::{EventId, EventLine};
use crate::domain::plan::Effects;
use crate::domain::when;

/// What yes leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Register(EventId),
    CancelSeat(EventId),
    DropForm,
    SaveAnyway,
    Reopen(EventId),
    SignOut,
}

/// A question with yes and no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Confirm {
    pub(crate) question: SafeText,
    pub(crate) consequence: SafeText,
    then: Then,
}

impl Confirm {
    /// What registering means: which event, when, and what it costs.
    pub(crate) fn register(line: &EventLine, cx: &Context) -> Self {
        let when = when::span(line.start_time, line.end_time, cx.zone(), cx.now());
        let price = match line.price {
            None => "It is free.".to_owned(),
            Some(price) => format!("It costs {}.", cx.currency().show(price)),
        };
        Self {
            question: format!("Register for {}?", line.title).into(),
            consequence: format!("{when}, {}. {price}", line.location).into(),
            then: Then::Register(line.id),
        }
    }

    pub(crate) fn give_seat_up(line: &EventLine) -> Self {
        Self {
            question: format!("Give up your seat at {}?", line.title).into(),
            consequence: "Every seat is taken. Whoever registers next gets yours.".into(),
            then: Then::CancelSeat(line.id),
        }
    }

    pub(crate) fn drop_form() -> Self {
        Self {
            question: "Close the form?".into(),
            consequence: "What you typed is not saved and will be gone.".into(),
            then: Then::DropForm,
        }
    }

    pub(crate) fn hurts(title: &SafeText, effects: &Effects, cx: &Context) -> Self {
        let (question, consequence) = plan_words::hurts(title, effects, cx.currency());
        Self {
            question: question.into(),
            consequence: consequence.into(),
            then: Then::SaveAnyway,
        }
    }

    pub(crate) fn reopen(line: &EventLine) -> Self {
        Self {
            question: format!("Reopen {}?", line.title).into(),
            consequence: plan_words::reopening(line).into(),
            then: Then::Reopen(line.id),
        }
    }

    pub(crate) fn close_while_saving() -> Self {
        Self {
            question: "Close the form?".into(),
            consequence: "The event is on its way and is saved once the database answers.".into(),
            then: Then::DropForm,
        }
    }

    pub(crate) fn close_till() -> Self {
        Self {
            question: "Close the form?".into(),
            consequence: "It is on its way and is done once the database answers.".into(),
            then: Then::DropForm,
        }
    }

    pub(crate) fn sign_out(unanswered: usize) -> Self {
        let what = if unanswered == 1 {
            "One change has".to_owned()
        } else {
            format!("{unanswered} changes have")
        };
        Self {
            question: "Sign out?".into(),
            consequence: format!("{what} no answer yet; you would not see what comes of it.").into(),
            then: Then::SignOut,
        }
    }

    pub(crate) fn leave_notes(unread: usize) -> Self {
        let what = if unread == 1 {
            "One door note has".to_owned()
        } else {
            format!("{unread} door notes have")
        };
        Self {
            question: "Sign out?".into(),
            consequence: format!("{what} not been read; it comes up again when they come back.").into(),
            then: Then::SignOut,
        }
    }

    pub(crate) fn act(&self, action: OverlayAction, cx: &mut Context) {
        cx.wish(Wish::Close);
        if action == OverlayAction::Yes {
            cx.wish(match self.then {
                Then::Register(event) => Wish::Register(event),
                Then::CancelSeat(event) => Wish::CancelSeat(event),
                Then::DropForm => Wish::Close,
                Then::SaveAnyway => Wish::SaveAnyway,
                Then::Reopen(event) => Wish::Reopen(event),
                Then::SignOut => Wish::SignOut,
            });
        }
    }
}
