//! The figures of the first page and the table behind each, made of what the database counted. Nothing here asks or acts.

use chrono::NaiveDate;

use crate::domain::insights::{Behind, Insights, StreakHealth, StreakLength, Subject, Week};
use crate::domain::money::Balance;

/// One of the figures, and its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Figure {
    Attendance,
    Revenue,
    FillRate,
    NoShows,
    NewMembers,
    Streaks,
    Lengths,
}

impl Figure {
    pub(crate) const ALL: [Self; 7] = [
        Self::Attendance,
        Self::Revenue,
        Self::FillRate,
        Self::NoShows,
        Self::NewMembers,
        Self::Streaks,
        Self::Lengths,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Attendance => "Attendance",
            Self::Revenue => "Revenue",
            Self::FillRate => "Fill rate",
            Self::NoShows => "No-shows",
            Self::NewMembers => "New members",
            Self::Streaks => "Streaks",
            Self::Lengths => "Streak lengths",
        }
    }

    /// What it is in a file's name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Attendance => "attendance",
            Self::Revenue => "revenue",
            Self::FillRate => "fill-rate",
            Self::NoShows => "no-shows",
            Self::NewMembers => "new-members",
            Self::Streaks => "streaks",
            Self::Lengths => "streak-lengths",
        }
    }

    /// What it counts, in a sentence.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Attendance => "Check-ins that stand, in the week in which the event starts.",
            Self::Revenue => "What came in, less what was given back, when it was. Voided is neither.",
            Self::FillRate => "Seats held of those there were, at events that are over and had a limit.",
            Self::NoShows => "Who held a seat at an event that is over, and did not come.",
            Self::NewMembers => "Accounts made in the week, and which of them have come by now.",
            Self::Streaks => "Two weeks in a row or more. Open: ends on Sunday unless they come.",
            Self::Lengths => "How long the streaks are that are held at the end.",
        }
    }

    /// Whether it waits for the streaks.
    pub(crate) fn is_of_streaks(self) -> bool {
        matches!(self, Self::Streaks | Self::Lengths)
    }
}

/// A number of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    Count(i64),
    Money(Balance),
    /// So many of so many.
    Share(i64, i64),
}

impl Value {
    /// How long its bar is, beside others of its kind.
    pub(crate) fn size(self) -> i64 {
        match self {
            Self::Count(count) => count,
            Self::Money(money) => money.hundredths(),
            Self::Share(part, whole) => percent(part, whole).unwrap_or(0),
        }
    }

    /// As a file has it: plain numbers, a share as a part of 1.
    pub(crate) fn plain(self) -> String {
        match self {
            Self::Count(count) => count.to_string(),
            Self::Money(money) => money.to_string(),
            Self::Share(_, 0) => String::new(),
            Self::Share(part, whole) => {
                let thousandths = (part * 1000 + whole / 2) / whole;
                format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
            }
        }
    }
}

/// A share in hundredths, rounded; none of nothing.
pub(crate) fn percent(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * 100 + whole / 2) / whole)
}

/// What a row is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Label {
    /// All of the weeks.
    All,
    Week(NaiveDate),
    Text(String),
    /// Streaks of so many weeks to so many; none is no end.
    Lengths(i32, Option<i32>),
}

/// A number and the rows behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) value: Value,
    pub(crate) behind: Option<Behind>,
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) label: Label,
    pub(crate) cells: Vec<Cell>,
}

/// A table: the sum first, then the newest week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grid {
    /// What the rows are: `week`, `channel`, `weeks`.
    pub(crate) of: &'static str,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// Where the rows of a table's cells lie.
#[derive(Clone, Copy)]
struct Span {
    first: NaiveDate,
    weeks: i32,
}

impl Span {
    fn of(monday: NaiveDate) -> Self {
        Self {
            first: monday,
            weeks: 1,
        }
    }

    fn behind(self, subject: Subject, part: Option<&str>) -> Behind {
        Behind {
            first: self.first,
            weeks: self.weeks,
            subject,
            part: part.map(str::to_owned),
        }
    }

    /// A count with its rows; there are none behind a 0.
    fn count(self, count: i64, subject: Subject) -> Cell {
        self.part(count, subject, None)
    }

    fn part(self, count: i64, subject: Subject, part: Option<&str>) -> Cell {
        Cell {
            value: Value::Count(count),
            behind: (count != 0).then(|| self.behind(subject, part)),
        }
    }

    fn money(self, balance: Balance, some: bool, subject: Subject, part: Option<&str>) -> Cell {
        Cell {
            value: Value::Money(balance),
            behind: some.then(|| self.behind(subject, part)),
        }
    }

    fn share(self, part: i64, whole: i64, subject: Subject) -> Cell {
        Cell {
            value: Value::Share(part, whole),
            behind: (whole != 0).then(|| self.behind(subject, None)),
        }
    }
}

fn texts(titles: &[&str]) -> Vec<String> {
    titles.iter().map(|title| (*title).to_owned()).collect()
}

/// All weeks, then each, the newest first.
fn by_week(numbers: &Insights, cells: impl Fn(&Week, Span) -> Vec<Cell>) -> Vec<Row> {
    let all = Span {
        first: numbers.first,
        weeks: i32::try_from(numbers.weeks.len()).unwrap_or(53),
    };
    let sum = Row {
        label: Label::All,
        cells: cells(&sum(numbers), all),
    };
    let weeks = numbers.weeks.iter().rev().map(|week| Row {
        label: Label::Week(week.monday),
        cells: cells(week, Span::of(week.monday)),
    });
    std::iter::once(sum).chain(weeks).collect()
}

/// All of the weeks as one.
pub(crate) fn sum(numbers: &Insights) -> Week {
    let mut all = Week {
        monday: numbers.first,
        attended: vec![0; numbers.types.len()],
        taken: Balance::ZERO,
        refunded: Balance::ZERO,
        limited: 0,
        seats: 0,
        seats_taken: 0,
        held: 0,
        missed: 0,
        joined: 0,
        came: 0,
    };
    for week in &numbers.weeks {
        for (sum, people) in all.attended.iter_mut().zip(&week.attended) {
            *sum += people;
        }
        all.taken = all.taken.and(week.taken);
        all.refunded = all.refunded.and(week.refunded);
        all.limited += week.limited;
        all.seats += week.seats;
        all.seats_taken += week.seats_taken;
        all.held += week.held;
        all.missed += week.missed;
        all.joined += week.joined;
        all.came += week.came;
    }
    all
}

/// The table behind a figure that does not wait for the streaks.
pub(crate) fn of_numbers(figure: Figure, numbers: &Insights) -> Option<Grid> {
    let (columns, rows) = match figure {
        Figure::Attendance => {
            let types = numbers.types.iter().map(ToString::to_string);
            let columns = std::iter::once("all".to_owned()).chain(types).collect();
            let rows = by_week(numbers, |week, span| {
                let all = span.count(week.attended.iter().sum(), Subject::Attended);
                let parts = week
                    .attended
                    .iter()
                    .zip(&numbers.types)
                    .map(|(people, name)| span.part(*people, Subject::Attended, Some(name.as_str())));
                std::iter::once(all).chain(parts).collect()
            });
            (columns, rows)
        }
        Figure::Revenue => return Some(revenue(numbers)),
        Figure::FillRate => {
            let rows = by_week(numbers, |week, span| {
                vec![
                    span.share(week.seats_taken, week.seats, Subject::Limited),
                    span.count(week.seats_taken, Subject::Limited),
                    span.count(week.seats, Subject::Limited),
                    span.count(week.limited, Subject::Limited),
                ]
            });
            (texts(&["filled", "held", "seats", "events"]), rows)
        }
        Figure::NoShows => {
            let rows = by_week(numbers, |week, span| {
                vec![
                    span.count(week.missed, Subject::NoShows),
                    span.share(week.missed, week.held, Subject::NoShows),
                    span.count(week.held, Subject::HeldSeats),
                ]
            });
            (texts(&["no-shows", "share", "held"]), rows)
        }
        Figure::NewMembers => {
            let rows = by_week(numbers, |week, span| {
                vec![
                    span.count(week.joined, Subject::Joined),
                    span.count(week.came, Subject::Came),
                ]
            });
            (texts(&["joined", "came"]), rows)
        }
        Figure::Streaks | Figure::Lengths => return None,
    };
    Some(Grid {
        of: "week",
        columns,
        rows,
    })
}

/// Money: all, by channel, by week.
fn revenue(numbers: &Insights) -> Grid {
    let cells = |week: &Week, span: Span| {
        let (taken, refunded) = (week.taken, week.refunded);
        vec![
            span.money(
                taken.without(refunded),
                taken != Balance::ZERO || refunded != Balance::ZERO,
                Subject::Money,
                None,
            ),
            span.money(taken, taken != Balance::ZERO, Subject::Taken, None),
            span.money(refunded, refunded != Balance::ZERO, Subject::Refunded, None),
        ]
    };
    let mut rows = by_week(numbers, cells);
    let span = Span {
        first: numbers.first,
        weeks: i32::try_from(numbers.weeks.len()).unwrap_or(53),
    };
    let channels = numbers.channels.iter().map(|sum| {
        let part = Some(sum.channel.as_str());
        Row {
            label: Label::Text(sum.channel.as_str().replace('_', " ")),
            cells: vec![
                span.money(sum.taken.without(sum.refunded), true, Subject::Money, part),
                span.money(sum.taken, sum.payments > 0, Subject::Taken, part),
                span.money(sum.refunded, sum.refunds > 0, Subject::Refunded, part),
            ],
        }
    });
    rows.splice(1..1, channels);
    Grid {
        of: "channel or week",
        columns: texts(&["net", "taken", "given back"]),
        rows,
    }
}

/// The tables of the streaks.
pub(crate) fn of_streaks(figure: Figure, streaks: &StreakHealth) -> Option<Grid> {
    match figure {
        Figure::Streaks => {
            let rows = streaks.weeks.iter().rev().map(|week| {
                let span = Span::of(week.monday);
                Row {
                    label: Label::Week(week.monday),
                    cells: vec![
                        span.count(week.held, Subject::StreaksHeld),
                        span.count(week.kept, Subject::StreaksKept),
                        span.count(week.begun, Subject::StreaksBegun),
                        span.count(week.lost, Subject::StreaksLost),
                        span.count(week.open, Subject::StreaksOpen),
                    ],
                }
            });
            Some(Grid {
                of: "week",
                columns: texts(&["held", "kept", "begun", "lost", "open"]),
                rows: rows.collect(),
            })
        }
        Figure::Lengths => {
            let last = streaks.weeks.last()?.monday;
            let rows = streaks.lengths.iter().enumerate().map(|(at, length)| Row {
                label: Label::Lengths(
                    length.least,
                    streaks.lengths.get(at + 1).map(|next| next.least - 1),
                ),
                cells: vec![Span::of(last).part(
                    length.members,
                    Subject::StreaksHeld,
                    Some(&length.least.to_string()),
                )],
            });
            Some(Grid {
                of: "weeks",
                columns: texts(&["members"]),
                rows: rows.collect(),
            })
        }
        _ => None,
    }
}

/// How many streaks are at least so long.
pub(crate) fn at_least(lengths: &[StreakLength], least: i32) -> i64 {
    lengths
        .iter()
        .filter(|length| length.least >= least)
        .map(|length| length.members)
        .sum()
}
