//! What the database saw otherwise than the door, while the link was down: who, when and why, for a person to look at
//! and to take off the list. The rows are those of the context; what is settled stays in the log.

use crate::app::action::{MoveAction, OverlayAction};
use crate::app::context::{Context, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::{Effect, Keep};
use crate::app::geometry;

/// The list.
#[derive(Debug, Default)]
pub(crate) struct Settle {
    pub(crate) cursor: Cursor,
}

impl Settle {
    /// Rows on the screen at once; each takes two lines.
    fn page(cx: &Context) -> usize {
        let (_, list) = geometry::settle(cx.setup.size, cx.unsettled.len());
        usize::from(list.height / 2)
    }

    pub(crate) fn fit(&mut self, cx: &Context) {
        self.cursor.fit(cx.unsettled.len(), Self::page(cx));
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        self.cursor.step(to, cx.unsettled.len(), Self::page(cx));
        self.fit(cx);
    }

    pub(crate) fn act(&mut self, action: OverlayAction, cx: &mut Context) {
        if action != OverlayAction::Take {
            return cx.wish(Wish::Close);
        }
        if self.cursor.at >= cx.unsettled.len() {
            return;
        }
        // It goes at once; the journal follows.
        let nonce = cx.unsettled.remove(self.cursor.at).kept.nonce;
        let by = cx.me.as_ref().map(|me| me.username.clone()).unwrap_or_default();
        cx.effects.push(Effect::Keep(Keep::Settled { nonce, by }));
        if cx.unsettled.is_empty() {
            cx.wish(Wish::Close);
        }
        self.fit(cx);
    }
}
