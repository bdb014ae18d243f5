//! Choosing the door's event among yesterday's, today's and tomorrow's.

use crate::app::action::{MoveAction, OverlayAction};
use crate::app::context::{Context, Wish};
use crate::app::cursor::Cursor;
use crate::app::geometry;
use crate::domain::event::{EventId, EventLine};

/// The event picker. Its rows follow the check-in screen's events while it is open.
#[derive(Debug)]
pub(crate) struct Picker {
    pub(crate) rows: Vec<EventLine>,
    pub(crate) cursor: Cursor,
    /// Where the door stands now.
    pub(crate) current: Option<EventId>,
}

impl Picker {
    pub(crate) fn new(events: Option<&Vec<EventLine>>, current: Option<EventId>, cx: &Context) -> Self {
        let mut picker = Self {
            rows: Vec::new(),
            cursor: Cursor::default(),
            current,
        };
        if let Some(events) = events {
            picker.fill(events, cx);
        }
        picker
    }

    /// Takes newer events; the cursor stays on its event.
    pub(crate) fn fill(&mut self, events: &[EventLine], cx: &Context) {
        let on = self.rows.get(self.cursor.at).map(|line| line.id).or(self.current);
        self.rows = events.to_vec();
        self.cursor.at = self.rows.iter().position(|line| Some(line.id) == on).unwrap_or(0);
        self.fit(cx);
    }

    fn fit(&mut self, cx: &Context) {
        let (_, list) = geometry::picker(cx.setup.size, self.rows.len());
        self.cursor.fit(self.rows.len(), usize::from(list.height));
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let (_, list) = geometry::picker(cx.setup.size, self.rows.len());
        self.cursor.step(to, self.rows.len(), usize::from(list.height));
        self.fit(cx);
    }

    pub(crate) fn act(&mut self, action: OverlayAction, cx: &mut Context) {
        cx.wish(Wish::Close);
        if let (OverlayAction::Take, Some(line)) = (action, self.rows.get(self.cursor.at)) {
            cx.wish(Wish::OpenDoor(line.id));
        }
    }
}
