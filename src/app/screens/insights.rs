//! Insights: the community in numbers, with the table behind each figure and the rows behind each number. The numbers are
//! asked for by weeks and counted anew once a minute at most: they are the dearest question there is.

pub(crate) mod audit;
mod file;
pub(crate) mod grid;
mod keys;
pub(crate) mod settings;

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::app::context::Context;
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::keymap::{Chain, chains};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::backup::VerifiedBackup;
use crate::domain::insights::{
    Behind, Cursor as After, InsightAnswer, InsightCall, InsightPage, Insights as Numbers, StreakHealth,
};
use crate::domain::{Call, Fault, Timestamp, when};

use file::FileJob;
use grid::{Figure, Grid, Label};

/// Rows asked for at once.
const ROWS: i32 = 200;
/// So many rows before the end of what is here, more is asked for.
const AHEAD: usize = 40;
/// Seconds for which numbers are good.
const GOOD_FOR: i64 = 60;

/// How many weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Range {
    Four,
    #[default]
    Twelve,
    Year,
}

impl Range {
    pub(crate) const ALL: [Self; 3] = [Self::Four, Self::Twelve, Self::Year];

    pub(crate) fn weeks(self) -> i32 {
        match self {
            Self::Four => 4,
            Self::Twelve => 12,
            Self::Year => 52,
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Four => "4 weeks",
            Self::Twelve => "12 weeks",
            Self::Year => "a year",
        }
    }
}

/// The weeks that are asked for.
pub(crate) type Weeks = (NaiveDate, i32);

/// What an answer about insights is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum InsightWant {
    Numbers(Weeks),
    Streaks(Weeks),
    Rows(Behind, Option<After>),
    /// The next rows of a file.
    File(Behind, Option<After>),
    Backup,
}

/// What has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Depth {
    /// The list of figures.
    #[default]
    Figures,
    /// The table of the marked one.
    Table,
    /// The rows behind a number of it.
    Rows,
}

/// The rows behind a number.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) behind: Behind,
    /// What the number is called.
    pub(crate) title: String,
    pub(crate) page: Remote<InsightPage>,
    pub(crate) cursor: Cursor,
}

/// The screen.
#[derive(Debug, Default)]
pub(crate) struct Insights {
    pub(crate) range: Range,
    /// The Monday of the last week; none is the running one.
    until: Option<NaiveDate>,
    pub(crate) numbers: Remote<Numbers>,
    pub(crate) streaks: Remote<StreakHealth>,
    /// The last verified backup; none when there is none.
    pub(crate) backup: Remote<Option<VerifiedBackup>>,
    /// Which weeks these are of, and when they were asked for.
    asked: Option<(Weeks, Timestamp)>,
    /// When the numbers that are here came.
    counted: Option<Timestamp>,
    pub(crate) depth: Depth,
    /// In the list of figures.
    pub(crate) cursor: Cursor,
    /// In the table: the row, and the column.
    pub(crate) row: Cursor,
    pub(crate) column: usize,
    pub(crate) rows: Option<Rows>,
    file: Option<FileJob>,
}

/// The Monday of a day's week.
pub(crate) fn monday(day: NaiveDate) -> NaiveDate {
    day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
}

/// What a row of a table is called.
pub(crate) fn label(of: &Label, cx: &Context) -> String {
    match of {
        Label::All => "all weeks".to_owned(),
        Label::Week(monday) if *monday == self::monday(cx.today()) => "this week".to_owned(),
        Label::Week(monday) => when::plain_day(*monday, cx.today()),
        Label::Text(text) => text.clone(),
        Label::Lengths(least, Some(most)) => format!("{least} to {most} weeks"),
        Label::Lengths(least, None) => format!("{least} weeks or more"),
    }
}

impl Insights {
    pub(crate) fn chain() -> Chain {
        chains::INSIGHTS
    }

    /// The Monday of the last week that is shown.
    pub(crate) fn last(&self, cx: &Context) -> NaiveDate {
        let this = monday(cx.today());
        self.until.map_or(this, |until| until.min(this))
    }

    /// The weeks that are shown.
    pub(crate) fn weeks(&self, cx: &Context) -> Weeks {
        let weeks = self.range.weeks();
        (self.last(cx) - TimeDelta::days(7 * i64::from(weeks - 1)), weeks)
    }

    /// Whether the running week is among them.
    pub(crate) fn is_running(&self, cx: &Context) -> bool {
        self.last(cx) == monday(cx.today())
    }

    pub(crate) fn figure(&self) -> Figure {
        Figure::ALL[self.cursor.at.min(Figure::ALL.len() - 1)]
    }

    /// The table of a figure, as far as it is here.
    pub(crate) fn grid_of(&self, figure: Figure) -> Option<Grid> {
        if figure.is_of_streaks() {
            grid::of_streaks(figure, self.streaks.get()?)
        } else {
            grid::of_numbers(figure, self.numbers.get()?)
        }
    }

    pub(crate) fn grid(&self) -> Option<Grid> {
        self.grid_of(self.figure())
    }

    /// When the numbers that are here came.
    pub(crate) fn counted_at(&self) -> Option<Timestamp> {
        self.counted
    }

    /// What the marked figure counts.
    pub(crate) fn hint(&self) -> Option<String> {
        (self.depth != Depth::Rows).then(|| self.figure().meaning().to_owned())
    }

    // ---- asking ----

    /// On coming here, and on F5.
    pub(crate) fn enter(&mut self, cx: &mut Context) {
        self.ask(cx);
        if let Some(rows) = &mut self.rows {
            rows.ask(None, cx);
        }
    }

    fn ask(&mut self, cx: &mut Context) {
        let weeks = self.weeks(cx);
        if self.asked.is_none_or(|(asked, _)| asked != weeks) {
            self.numbers = Remote::Nothing;
            self.streaks = Remote::Nothing;
        }
        self.asked = Some((weeks, cx.now()));
        let (first, weeks) = weeks;
        let numbers = Call::Insight(InsightCall::Numbers { first, weeks });
        let want = Want::Insight(InsightWant::Numbers((first, weeks)));
        cx.fetch(&mut self.numbers, want, Lane::Page, numbers);
        let streaks = Call::Insight(InsightCall::Streaks { first, weeks });
        let want = Want::Insight(InsightWant::Streaks((first, weeks)));
        cx.fetch(&mut self.streaks, want, Lane::Detail, streaks);
        // A file in the making reads its rows on this lane; the next look asks.
        if cx.requests.on(Lane::Poll).is_none() {
            let want = Want::Insight(InsightWant::Backup);
            let backup = Call::Insight(InsightCall::Backup);
            cx.fetch(&mut self.backup, want, Lane::Poll, backup);
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context) {
        let weeks = self.weeks(cx);
        let fresh = self
            .asked
            .is_some_and(|(asked, at)| asked == weeks && (cx.now() - at).num_seconds() < GOOD_FOR);
        let busy = cx.requests.on(Lane::Page).is_some() || cx.requests.on(Lane::Detail).is_some();
        if !fresh && !busy {
            self.ask(cx);
        }
        self.go_on_with_the_file(cx);
    }

    pub(crate) fn age(&mut self) {
        self.numbers.age();
        self.streaks.age();
        self.backup.age();
        if let Some(rows) = &mut self.rows {
            rows.page.age();
        }
    }

    /// Keeps cursors on what there is, and asks for rows that the cursor comes near.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        let areas = geometry::insights(cx.setup.size, self.depth);
        self.cursor
            .fit(Figure::ALL.len(), usize::from(areas.figures.height));
        let (rows, columns) = self
            .grid()
            .map_or((0, 0), |grid| (grid.rows.len(), grid.columns.len()));
        self.row.fit(rows, usize::from(areas.table.height));
        self.column = self.column.min(columns.saturating_sub(1));
        if let Some(rows) = &mut self.rows {
            rows.settle(usize::from(areas.rows.height), cx);
        }
    }

    // ---- answers ----

    pub(crate) fn answered(
        &mut self,
        want: InsightWant,
        result: Result<InsightAnswer, Fault>,
        cx: &mut Context,
    ) {
        match want {
            InsightWant::Numbers(weeks) => {
                if weeks == self.weeks(cx) {
                    if result.is_ok() {
                        self.counted = Some(cx.now());
                    }
                    self.numbers.answer(match result {
                        Ok(InsightAnswer::Numbers(numbers)) => Ok(numbers),
                        Ok(_) => Err(Fault::Internal),
                        Err(fault) => Err(fault),
                    });
                }
            }
            InsightWant::Streaks(weeks) => {
                if weeks == self.weeks(cx) {
                    self.streaks.answer(match result {
                        Ok(InsightAnswer::Streaks(streaks)) => Ok(streaks),
                        Ok(_) => Err(Fault::Internal),
                        Err(fault) => Err(fault),
                    });
                }
            }
            InsightWant::Backup => self.backup.answer(match result {
                Ok(InsightAnswer::Backup(backup)) => Ok(backup),
                Ok(_) => Err(Fault::Internal),
                Err(fault) => Err(fault),
            }),
            InsightWant::Rows(behind, after) => {
                if let Some(rows) = self.rows.as_mut().filter(|rows| rows.behind == behind) {
                    rows.answered(after.as_ref(), page_of(result));
                }
            }
            InsightWant::File(behind, after) => {
                self.file_answered(&behind, after.as_ref(), page_of(result), cx);
            }
        }
        self.settle(cx);
    }
}

fn page_of(result: Result<InsightAnswer, Fault>) -> Result<InsightPage, Fault> {
    match result {
        Ok(InsightAnswer::Rows(page)) => Ok(page),
        Ok(_) => Err(Fault::Internal),
        Err(fault) => Err(fault),
    }
}

impl Rows {
    pub(crate) fn here(&self) -> usize {
        self.page.get().map_or(0, |page| page.rows.len())
    }

    fn ask(&mut self, after: Option<After>, cx: &mut Context) {
        let call = Call::Insight(InsightCall::Rows {
            behind: self.behind.clone(),
            after: after.clone(),
            most: ROWS,
        });
        let want = Want::Insight(InsightWant::Rows(self.behind.clone(), after));
        cx.fetch(&mut self.page, want, Lane::Search, call);
    }

    fn answered(&mut self, after: Option<&After>, result: Result<InsightPage, Fault>) {
        match (after, result) {
            (None, result) => self.page.answer(result),
            (Some(after), Ok(more)) => {
                if let Some(page) = self.page.get_mut()
                    && page.next.as_ref() == Some(after)
                {
                    page.rows.extend(more.rows);
                    page.next = more.next;
                    page.total = more.total;
                }
            }
            // What is here stays; the next look asks again.
            (Some(_), Err(fault)) if fault.is_link() => self.page.age(),
            (Some(_), Err(fault)) => self.page.answer(Err(fault)),
        }
    }

    fn settle(&mut self, height: usize, cx: &mut Context) {
        self.cursor.fit(self.here(), height);
        let Remote::Here(page) = &self.page else { return };
        let near = self.cursor.top + height + AHEAD >= page.rows.len();
        if let (true, Some(after), None) = (near, page.next.clone(), cx.requests.on(Lane::Search)) {
            self.ask(Some(after), cx);
        }
    }
}
