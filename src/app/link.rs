//! What answers, and calls without one, tell of the link to the database. Those of a standby tell nothing of it; the screens
//! say how old they are.

use std::time::Duration;

use crate::domain::game::GameAnswer;
use crate::domain::{Answer, Fault};

use super::context::{Link, Tone};
use super::effect::Lane;
use super::model::Model;
use super::requests::Request;

impl Model {
    /// Takes the answer to a request that was awaited.
    pub(super) fn answered(&mut self, request: Request, result: Result<Answer, Fault>, took: Duration) {
        let result = match result {
            Ok(Answer::FromStandby { answer, behind }) => {
                self.cx.behind = Some(behind);
                Ok(*answer)
            }
            result => {
                let may_be_old = |game: &GameAnswer| {
                    matches!(
                        game,
                        GameAnswer::Board(_) | GameAnswer::Found(_) | GameAnswer::TypeBoards(_)
                    )
                };
                if matches!(&result, Ok(Answer::Insight(_)))
                    || matches!(&result, Ok(Answer::Game(game)) if may_be_old(game))
                {
                    self.cx.behind = None;
                }
                self.link_answered(&request, result.as_ref().err(), took);
                result
            }
        };
        self.reply(request, result);
        self.cx.dirty = true;
    }

    fn link_answered(&mut self, request: &Request, fault: Option<&Fault>, took: Duration) {
        match fault.filter(|fault| fault.is_link()) {
            _ if request.lane == Lane::Alone => return,
            Some(fault) => return self.link_failed(fault),
            None => {}
        }
        let was_down = self.cx.link.is_down();
        self.cx.last_reply = Some(self.cx.now());
        // Signing in is slow on purpose and says nothing of the link; but that it is there.
        if request.lane != Lane::Session || !matches!(self.cx.link, Link::Live { .. }) {
            self.cx.link = Link::Live { ms: took.as_millis() };
        }
        if was_down {
            self.cx.say(Tone::Good, "The database is back.");
            self.check_in.send_notes(&mut self.cx);
            self.refresh();
        }
    }

    pub(super) fn link_failed(&mut self, fault: &Fault) {
        if matches!(fault, Fault::Offline(_)) {
            if !self.cx.link.is_down() {
                self.cx.link = Link::Down { since: self.cx.now() };
                self.age();
                self.cx.arm_heartbeat();
            }
        } else if !self.cx.link.is_down() {
            self.cx.link = Link::Retrying;
        }
    }
}
