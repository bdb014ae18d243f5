//! Which of an event's people are listed, and in which order: the kinds that `Tab` turns over, and the panel with
//! every field.

use crate::app::action::PeopleAction;
use crate::app::keymap::Key;
use crate::app::text_field::Edit;
use crate::domain::event::RegistrationStatus as Status;
use crate::domain::event_people::{Attendance, PeopleFilter, PeopleSort};
use crate::domain::seats::PaymentStatus;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Listing {
    pub(crate) filter: PeopleFilter,
    pub(crate) sort: PeopleSort,
    pub(crate) descending: bool,
}

/// A kind of people, as staff ask for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    All,
    Registered,
    Pending,
    Waitlist,
    ToPay,
    Here,
    Absent,
    Gone,
}

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::All,
        Self::Registered,
        Self::Pending,
        Self::Waitlist,
        Self::ToPay,
        Self::Here,
        Self::Absent,
        Self::Gone,
    ];

    /// What it is called; who is absent is a no-show once the event is over.
    pub(crate) fn title(self, over: bool) -> &'static str {
        match self {
            Self::All => "all",
            Self::Registered => "registered",
            Self::Pending => "pending",
            Self::Waitlist => "waitlist",
            Self::ToPay => "to pay",
            Self::Here => "came",
            Self::Absent if over => "no-shows",
            Self::Absent => "expected",
            Self::Gone => "gone",
        }
    }

    /// What there is when there is nobody.
    pub(crate) fn nobody(self, over: bool) -> &'static str {
        match self {
            Self::All => "Nobody is registered. A registers a member.",
            Self::Registered => "Nobody holds a seat.",
            Self::Pending => "Nobody waits for approval.",
            Self::Waitlist => "Nobody waits for a seat.",
            Self::ToPay => "Nobody has anything to pay.",
            Self::Here => "Nobody has come. l enters who was there.",
            Self::Absent if over => "No no-shows: everybody came.",
            Self::Absent => "Nobody is expected any more.",
            Self::Gone => "Nobody has cancelled or was refused.",
        }
    }

    /// The filter without words.
    pub(crate) fn filter(self) -> PeopleFilter {
        let status = match self {
            Self::All | Self::Here => vec![],
            Self::Registered | Self::ToPay | Self::Absent => vec![Status::Registered],
            Self::Pending => vec![Status::Pending],
            Self::Waitlist => vec![Status::Waitlisted],
            Self::Gone => vec![Status::Cancelled, Status::Rejected],
        };
        PeopleFilter {
            status,
            payment: if self == Self::ToPay {
                vec![PaymentStatus::Pending]
            } else {
                vec![]
            },
            attendance: match self {
                Self::Here => Some(Attendance::Attended),
                Self::Absent => Some(Attendance::Absent),
                _ => None,
            },
            query: String::new(),
        }
    }
}

impl Listing {
    /// The kind that is listed; none when the panel made it otherwise.
    pub(crate) fn kind(&self) -> Option<Kind> {
        let bare = PeopleFilter {
            query: String::new(),
            ..self.filter.clone()
        };
        Kind::ALL.into_iter().find(|kind| kind.filter() == bare)
    }

    /// Turns to another kind; the words stay. Who stands in line is listed in its order.
    pub(crate) fn turn(&mut self, kind: Kind) {
        let was = self.kind();
        self.filter = PeopleFilter {
            query: std::mem::take(&mut self.filter.query),
            ..kind.filter()
        };
        if kind == Kind::Waitlist {
            self.sort = PeopleSort::Line;
        } else if was == Some(Kind::Waitlist) && self.sort == PeopleSort::Line {
            self.sort = PeopleSort::Name;
        }
    }

    /// Turns to the next kind, or the one before.
    pub(crate) fn step(&mut self, on: bool) {
        let now = self.kind().unwrap_or(if on { Kind::Gone } else { Kind::All });
        self.turn(next(&Kind::ALL, now, on));
    }

    /// The filter in words, without those that are searched for.
    pub(crate) fn words(&self) -> String {
        let panel = Panel::new(self);
        [Field::Status, Field::Payment, Field::Attendance]
            .into_iter()
            .map(|field| panel.choice(field))
            .filter_map(|(text, set)| set.then_some(text))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// What the order is called.
    pub(crate) fn order(&self) -> String {
        let back = if self.descending { ", backwards" } else { "" };
        format!("{}{back}", sort_words(self.sort))
    }
}

pub(crate) const SORTS: [PeopleSort; 6] = [
    PeopleSort::Name,
    PeopleSort::Date,
    PeopleSort::Line,
    PeopleSort::Status,
    PeopleSort::Payment,
    PeopleSort::Arrival,
];

pub(crate) fn sort_words(sort: PeopleSort) -> &'static str {
    match sort {
        PeopleSort::Name => "by name",
        PeopleSort::Date => "by registration",
        PeopleSort::Line => "by waitlist",
        PeopleSort::Status => "by status",
        PeopleSort::Payment => "by payment",
        PeopleSort::Arrival => "by arrival",
    }
}

/// The choice after this one, or before it; round again at the ends.
pub(crate) fn next<T: Copy + PartialEq>(choices: &[T], now: T, on: bool) -> T {
    let at = choices.iter().position(|choice| *choice == now).unwrap_or(0);
    let by = if on { 1 } else { choices.len().saturating_sub(1) };
    choices
        .get((at + by) % choices.len().max(1))
        .copied()
        .unwrap_or(now)
}

/// A field of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Status,
    Payment,
    Attendance,
    Sort,
    Direction,
}

impl Field {
    pub(crate) const ALL: [Self; 5] = [
        Self::Status,
        Self::Payment,
        Self::Attendance,
        Self::Sort,
        Self::Direction,
    ];

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Status => "Status",
            Self::Payment => "Payment",
            Self::Attendance => "Came",
            Self::Sort => "Order",
            Self::Direction => "",
        }
    }
}

const STATES: [Option<Status>; 6] = [
    None,
    Some(Status::Registered),
    Some(Status::Pending),
    Some(Status::Waitlisted),
    Some(Status::Cancelled),
    Some(Status::Rejected),
];
const PAYMENTS: [Option<PaymentStatus>; 5] = [
    None,
    Some(PaymentStatus::Pending),
    Some(PaymentStatus::Paid),
    Some(PaymentStatus::Refunded),
    Some(PaymentStatus::NotRequired),
];
const ATTENDANCES: [Option<Attendance>; 3] = [None, Some(Attendance::Attended), Some(Attendance::Absent)];

/// The panel: nothing is listed otherwise before it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Panel {
    pub(crate) focus: Field,
    pub(crate) listing: Listing,
}

impl Panel {
    pub(crate) fn new(listing: &Listing) -> Self {
        Self {
            focus: Field::Status,
            listing: listing.clone(),
        }
    }

    /// What a field says, and whether it wishes for anything.
    pub(crate) fn choice(&self, field: Field) -> (String, bool) {
        let filter = &self.listing.filter;
        match field {
            Field::Status => match filter.status.as_slice() {
                [] => ("any".to_owned(), false),
                several => {
                    let words: Vec<&str> = several.iter().map(|status| status.word()).collect();
                    (words.join(", "), true)
                }
            },
            Field::Payment => match filter.payment.as_slice() {
                [] => ("any".to_owned(), false),
                several => {
                    let words: Vec<&str> = several
                        .iter()
                        .map(|payment| match payment {
                            PaymentStatus::NotRequired => "free",
                            other => other.words(),
                        })
                        .collect();
                    (words.join(", "), true)
                }
            },
            Field::Attendance => match filter.attendance {
                None => ("either".to_owned(), false),
                Some(Attendance::Attended) => ("came".to_owned(), true),
                Some(Attendance::Absent) => ("did not come".to_owned(), true),
            },
            Field::Sort => (
                sort_words(self.listing.sort).to_owned(),
                self.listing.sort != PeopleSort::Name,
            ),
            Field::Direction if self.listing.descending => ("backwards".to_owned(), true),
            Field::Direction => ("forwards".to_owned(), false),
        }
    }

    fn choose(&mut self, on: bool) {
        let filter = &mut self.listing.filter;
        match self.focus {
            Field::Status => {
                let now = filter.status.first().copied();
                filter.status = next(&STATES, now, on).into_iter().collect();
            }
            Field::Payment => {
                let now = filter.payment.first().copied();
                filter.payment = next(&PAYMENTS, now, on).into_iter().collect();
            }
            Field::Attendance => filter.attendance = next(&ATTENDANCES, filter.attendance, on),
            Field::Sort => self.listing.sort = next(&SORTS, self.listing.sort, on),
            Field::Direction => self.listing.descending = !self.listing.descending,
        }
    }

    /// Space goes on, as a click would.
    pub(crate) fn key(&mut self, key: Key) -> Edit {
        if key.printable() == Some(' ') {
            self.choose(true);
            return Edit::Changed;
        }
        Edit::Ignored
    }

    pub(crate) fn act(&mut self, action: PeopleAction) {
        match action {
            PeopleAction::ChoiceOn => self.choose(true),
            PeopleAction::ChoiceBack => self.choose(false),
            PeopleAction::Next => self.focus = next(&Field::ALL, self.focus, true),
            PeopleAction::Previous => self.focus = next(&Field::ALL, self.focus, false),
            PeopleAction::Reset => {
                let query = std::mem::take(&mut self.listing.filter.query);
                self.listing = Listing::default();
                self.listing.filter.query = query;
            }
            _ => {}
        }
    }
}
