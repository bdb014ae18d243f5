//! The one question before a party goes in: everybody of it, with how they stand as the list knows it; in careful mode,
//! with what the rules say of them now. The people themselves are the check-in screen's.

use crate::app::action::{MoveAction, OverlayAction};
use crate::app::context::{Context, Tone, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::requests::Want;
use crate::app::screens::check_in::CheckIn;
use crate::app::screens::check_in::party::by_name;
use crate::domain::check_in::Outcome;
use crate::domain::member::MemberId;
use crate::domain::passage::Evaluation;
use crate::domain::{Call, Fault};

/// The overlay.
#[derive(Debug)]
pub(crate) struct PartyOverlay {
    pub(crate) cursor: Cursor,
    /// In careful mode, what would come of each; who is not in it has not been looked at.
    looks: Vec<(MemberId, Outcome)>,
    /// Whether everybody is looked at first.
    pub(crate) careful: bool,
}

impl PartyOverlay {
    pub(crate) fn new(door: &CheckIn, cx: &mut Context) -> Self {
        let mut overlay = Self {
            cursor: Cursor::default(),
            looks: Vec::new(),
            careful: door.careful,
        };
        overlay.look(door, cx);
        overlay
    }

    /// What would come of one of them, once that is known.
    pub(crate) fn seen(&self, member: MemberId) -> Option<Outcome> {
        let look = self.looks.iter().find(|(one, _)| *one == member);
        look.map(|(_, outcome)| *outcome)
    }

    /// Looks at the next of them who has not been looked at. One after the other: the answers come on a lane where a
    /// newer question takes an older one's place.
    fn look(&mut self, door: &CheckIn, cx: &mut Context) {
        let Some(event) = door.event.filter(|_| self.careful) else {
            return;
        };
        for one in &door.party.people {
            if self.seen(one.id).is_some() {
                continue;
            }
            let presented = by_name(one.id, &one.full_name);
            if cx.is_alone() {
                // Without the database the roster is asked; without a roster there is nobody to ask.
                let Some(here) = door.weigh(&presented, cx) else {
                    return;
                };
                self.looks.push((one.id, here.outcome));
            } else {
                let want = Want::PartyLook(one.id);
                if !cx.requests.awaits(&want) {
                    cx.ask_and_wait(want, Lane::Detail, Call::Evaluate { event, presented });
                }
                return;
            }
        }
    }

    /// One of them was looked at.
    pub(crate) fn looked(
        &mut self,
        member: MemberId,
        result: Result<Box<Evaluation>, Fault>,
        door: &CheckIn,
        cx: &mut Context,
    ) {
        match result {
            Ok(evaluation) => {
                self.looks.push((member, evaluation.outcome));
                self.look(door, cx);
            }
            Err(fault) if fault.is_link() && cx.is_alone() => self.look(door, cx),
            Err(fault) => cx.say(Tone::Bad, format!("The party is not looked at. {fault}")),
        }
    }

    /// Whether somebody is still to be looked at, and can be.
    fn is_looking(&self, door: &CheckIn, cx: &Context) -> bool {
        let unseen = door.party.people.iter().any(|one| self.seen(one.id).is_none());
        self.careful && unseen && (!cx.is_alone() || door.roster_taken().is_some())
    }

    fn page(door: &CheckIn, cx: &Context) -> usize {
        let (_, list) = geometry::party(cx.setup.size, door.party.people.len());
        usize::from(list.height)
    }

    pub(crate) fn fit(&mut self, door: &CheckIn, cx: &Context) {
        self.cursor.fit(door.party.people.len(), Self::page(door, cx));
    }

    pub(crate) fn step(&mut self, to: MoveAction, door: &CheckIn, cx: &Context) {
        self.cursor
            .step(to, door.party.people.len(), Self::page(door, cx));
        self.fit(door, cx);
    }

    pub(crate) fn act(&mut self, action: OverlayAction, door: &mut CheckIn, cx: &mut Context) {
        match action {
            OverlayAction::Take if self.is_looking(door, cx) => {
                self.look(door, cx);
                cx.say(Tone::Plain, "They are still being looked at.");
            }
            OverlayAction::Take => {
                cx.wish(Wish::Close);
                door.send_party(cx);
            }
            OverlayAction::Drop => {
                if let Some(member) = door.party.people.get(self.cursor.at).map(|one| one.id) {
                    door.leave_party(member);
                }
                if door.party.people.is_empty() {
                    cx.wish(Wish::Close);
                }
                self.fit(door, cx);
            }
            _ => cx.wish(Wish::Close),
        }
    }
}
