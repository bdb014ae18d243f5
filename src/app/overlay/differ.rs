//! Two people edited one event: what was, what the other has made of it, and what is typed here, field by field. For
//! each of them one is taken; until then the form beneath stays as it is.

use crate::app::action::{DifferAction, MoveAction};
use crate::app::context::{Context, Wish};
use crate::app::cursor::Cursor;
use crate::app::geometry;
use crate::domain::SafeText;
use crate::domain::event::EventPage;
use crate::domain::event_form::{EventForm, Field};

/// Whose text is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Theirs,
    Mine,
}

/// A field that one of the two changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) field: Field,
    pub(crate) was: String,
    pub(crate) theirs: String,
    pub(crate) mine: String,
    pub(crate) take: Side,
}

impl Row {
    /// Whether both changed it, and not to the same.
    pub(crate) fn is_both(&self) -> bool {
        self.theirs != self.was && self.mine != self.was
    }
}

/// The event as somebody else has left it.
#[derive(Debug, Clone)]
pub(crate) struct Theirs {
    pub(crate) form: EventForm,
    pub(crate) page: Box<EventPage>,
}

/// What came of choosing.
#[derive(Debug, Clone)]
pub(crate) struct Merged {
    pub(crate) form: EventForm,
    pub(crate) theirs: Theirs,
}

/// The overlay.
#[derive(Debug)]
pub(crate) struct Differ {
    pub(crate) rows: Vec<Row>,
    pub(crate) by: Option<SafeText>,
    pub(crate) cursor: Cursor,
    pub(crate) theirs: Theirs,
    mine: EventForm,
}

impl Differ {
    /// What only one of the two changed is taken from them; where both did, mine is, until told otherwise.
    pub(crate) fn new(
        was: &EventForm,
        mine: EventForm,
        theirs: EventForm,
        page: EventPage,
        by: Option<&SafeText>,
    ) -> Self {
        let rows = Field::ALL.into_iter().filter_map(|field| {
            let (was, mine, theirs) = (was.text(field), mine.text(field), theirs.text(field));
            (mine != theirs).then(|| Row {
                field,
                was: was.to_owned(),
                theirs: theirs.to_owned(),
                mine: mine.to_owned(),
                take: if mine == was { Side::Theirs } else { Side::Mine },
            })
        });
        Self {
            rows: rows.collect(),
            by: by.cloned(),
            cursor: Cursor::default(),
            theirs: Theirs {
                form: theirs,
                page: Box::new(page),
            },
            mine,
        }
    }

    /// The form with what was taken of either.
    pub(crate) fn merged(&self) -> Merged {
        let mut form = self.mine.clone();
        for row in self.rows.iter().filter(|row| row.take == Side::Theirs) {
            form.set(row.field, &row.theirs);
        }
        Merged {
            form,
            theirs: self.theirs.clone(),
        }
    }

    pub(crate) fn marked(&self) -> Option<&Row> {
        self.rows.get(self.cursor.at)
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &Context) {
        let (_, list, _) = geometry::differ(cx.setup.size, self.rows.len());
        self.cursor.step(to, self.rows.len(), usize::from(list.height));
        self.cursor.fit(self.rows.len(), usize::from(list.height));
    }

    pub(crate) fn act(&mut self, action: DifferAction, cx: &mut Context) {
        let at = self.cursor.at;
        match action {
            DifferAction::Theirs => self.take(at..=at, Side::Theirs),
            DifferAction::Mine => self.take(at..=at, Side::Mine),
            DifferAction::AllTheirs => self.take(0..=self.rows.len(), Side::Theirs),
            DifferAction::AllMine => self.take(0..=self.rows.len(), Side::Mine),
            DifferAction::Other => {
                if let Some(row) = self.rows.get_mut(at) {
                    row.take = match row.take {
                        Side::Theirs => Side::Mine,
                        Side::Mine => Side::Theirs,
                    };
                }
            }
            DifferAction::Take => {
                cx.wish(Wish::Close);
                cx.wish(Wish::Merge(Box::new(self.merged())));
            }
            DifferAction::Close => cx.wish(Wish::Close),
        }
    }

    fn take(&mut self, rows: std::ops::RangeInclusive<usize>, side: Side) {
        for (at, row) in self.rows.iter_mut().enumerate() {
            if rows.contains(&at) {
                row.take = side;
            }
        }
    }
}
