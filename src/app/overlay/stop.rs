//! Cancelling an event: whom it hurts, and the reason that they will read. Both are on one page, so that nobody is
//! asked twice.

use crate::app::action::OverlayAction;
use crate::app::context::{Context, Wish};
use crate::app::effect::Lane;
use crate::app::keymap::Key;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::{Edit, TextField};
use crate::domain::event::EventLine;
use crate::domain::plan::{Change, Effects, PlanCall};
use crate::domain::{Call, Fault, Nonce, SafeText};

/// Longest reason: the column's limit.
pub(crate) const MAX_REASON: usize = 255;

/// The form.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) line: EventLine,
    pub(crate) reason: TextField,
    pub(crate) effects: Remote<Effects>,
    pub(crate) error: Option<SafeText>,
    sent: Option<(Nonce, String)>,
    /// Sent and not answered over a broken link: sent again unchanged, it is the same cancellation.
    broken: Option<(Nonce, String)>,
}

impl Stop {
    pub(crate) fn new(line: &EventLine, cx: &mut Context) -> Self {
        let mut stop = Self {
            line: line.clone(),
            reason: TextField::new(MAX_REASON),
            effects: Remote::Nothing,
            error: None,
            sent: None,
            broken: None,
        };
        stop.ask(cx);
        stop
    }

    /// Asks whom it would hurt.
    pub(crate) fn ask(&mut self, cx: &mut Context) {
        let call = Call::Plan(PlanCall::Effects(Box::new(Change {
            event: self.line.id,
            start_time: self.line.start_time,
            end_time: self.line.end_time,
            location: self.line.location.to_string(),
            max_participants: self.line.max_participants,
            stops: true,
        })));
        let want = Want::StopEffects(self.line.id);
        cx.fetch(&mut self.effects, want, Lane::Search, call);
    }

    pub(crate) fn is_sending(&self) -> bool {
        self.sent.is_some()
    }

    pub(crate) fn key(&mut self, key: Key) -> Edit {
        if self.is_sending() {
            return Edit::Ignored;
        }
        let edit = self.reason.key(key);
        self.edited(edit)
    }

    pub(crate) fn paste(&mut self, raw: &str) -> Edit {
        if self.is_sending() {
            return Edit::Ignored;
        }
        let edit = self.reason.paste(raw);
        self.edited(edit)
    }

    fn edited(&mut self, edit: Edit) -> Edit {
        if matches!(edit, Edit::Changed | Edit::Cut) {
            self.error = None;
        }
        edit
    }

    pub(crate) fn act(&mut self, action: OverlayAction, cx: &mut Context) {
        match action {
            OverlayAction::Take if !self.is_sending() => self.send(cx),
            OverlayAction::Close => cx.wish(Wish::Close),
            _ => {}
        }
    }

    fn send(&mut self, cx: &mut Context) {
        let reason = self.reason.text().trim().to_owned();
        if reason.is_empty() {
            self.error = Some("Type why; everybody registered reads it.".into());
            return;
        }
        let nonce = match self.broken.take() {
            Some((nonce, same)) if same == reason => nonce,
            _ => cx.nonce(),
        };
        let call = Call::Plan(PlanCall::Cancel {
            nonce,
            event: self.line.id,
            reason: reason.clone(),
        });
        cx.ask_and_wait(Want::StopEvent(self.line.id), Lane::Write, call);
        self.sent = Some((nonce, reason));
    }

    /// It was not done; success closes the form before it could hear of it.
    pub(crate) fn failed(&mut self, fault: &Fault) {
        let sent = self.sent.take();
        if fault.is_link() {
            self.broken = sent;
        }
        self.error = Some(match fault {
            Fault::Invalid { why, .. } => why.clone(),
            fault => format!("Not cancelled. {fault}").into(),
        });
    }
}
