//! A question, for the few things that cannot be taken back. Only `y` says yes: a scanner's Enter never does.

use crate::app::action::OverlayAction;
use crate::app::context::{Context, Wish};
use crate::app::{plan_words, words};
use crate::domain::SafeText;
use crate::domain::event::{EventId, EventLine, RegistrationStatus};
use crate::domain::plan::Effects;
use crate::domain::when;

/// What yes leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Register(EventId, bool),
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
    /// What registering means: which event, when, what it costs, and what comes of it.
    pub(crate) fn register(line: &EventLine, cx: &Context) -> Self {
        let when = when::span(line.start_time, line.end_time, cx.zone(), cx.now());
        let price = match line.price {
            None => "It is free.".to_owned(),
            Some(price) => format!("It costs {}.", cx.currency().show(price)),
        };
        let wait = line.offers_waitlist(cx.now());
        let (question, then) = if wait {
            let before = match line.waitlisted {
                0 => "Nobody waits yet".to_owned(),
                1 => "One waits before you".to_owned(),
                count => format!("{} wait before you", words::number(count)),
            };
            let then = format!(" Seats are full. {before}; the first in line gets the next free seat.");
            (format!("Wait for a seat at {}?", line.title), then)
        } else if line.requires_approval {
            let then = " The staff approve who comes; until then it waits for approval.".to_owned();
            (format!("Ask for a seat at {}?", line.title), then)
        } else {
            (format!("Register for {}?", line.title), String::new())
        };
        Self {
            question: question.into(),
            consequence: format!("{when}, {}. {price}{then}", line.location).into(),
            then: Then::Register(line.id, wait),
        }
    }

    pub(crate) fn give_seat_up(line: &EventLine) -> Self {
        if line.my_status == Some(RegistrationStatus::Waitlisted) {
            let place = line.my_place.map(words::ordinal);
            let stands = place.map_or_else(String::new, |place| format!("You are {place} in line. "));
            return Self {
                question: format!("Leave the line for {}?", line.title).into(),
                consequence: format!("{stands}Whoever comes back stands at its end.").into(),
                then: Then::CancelSeat(line.id),
            };
        }
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
        let consequence = if unread == 1 {
            "One door note has not been read; it comes up again with its member.".to_owned()
        } else {
            format!("{unread} door notes have not been read; they come up again with their members.")
        };
        Self {
            question: "Sign out?".into(),
            consequence: consequence.into(),
            then: Then::SignOut,
        }
    }

    pub(crate) fn act(&self, action: OverlayAction, cx: &mut Context) {
        cx.wish(Wish::Close);
        if action == OverlayAction::Yes {
            cx.wish(match self.then {
                Then::Register(event, wait) => Wish::Register(event, wait),
                Then::CancelSeat(event) => Wish::CancelSeat(event),
                Then::DropForm => Wish::Close,
                Then::SaveAnyway => Wish::SaveAnyway,
                Then::Reopen(event) => Wish::Reopen(event),
                Then::SignOut => Wish::SignOut,
            });
        }
    }
}
