//! A leaderboard as a file: all of its rows, a page after the other.

use std::collections::HashSet;

use chrono::{Datelike, TimeDelta};

use crate::app::context::{Context, Tone};
use crate::app::effect::{Effect, Lane};
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::board::{Board as Which, BoardPage, Place};
use crate::domain::game::GameCall;
use crate::domain::ics::file_part;
use crate::domain::member::MemberId;
use crate::domain::{Call, Fault, board_csv};

use super::{Board, BoardWant};

/// Rows asked for at once: the most there are.
const MOST: i32 = 500;

/// A file on its way.
#[derive(Debug)]
pub(super) struct FileJob {
    which: Which,
    name: String,
    text: String,
    next: Place,
    /// Who stands in it: ranks move while it is written, and nobody is to stand in it twice.
    written: HashSet<MemberId>,
}

impl Board {
    /// Begins a file of the board.
    pub(super) fn begin_file(&mut self, cx: &mut Context) {
        if self.file.is_some() {
            return cx.say(Tone::Plain, "The file is on its way.");
        }
        self.file = Some(FileJob {
            which: self.which,
            name: self.file_name(cx),
            text: board_csv::heading(),
            next: Place::Skip(0),
            written: HashSet::new(),
        });
        let members = self.page.get().map_or(0, |page| page.members);
        if members > i64::from(MOST) {
            let text = format!("Writing {} members into a file.", words::number(members));
            cx.say(Tone::Plain, text);
        }
        self.go_on_with_the_file(cx);
    }

    fn file_name(&self, cx: &Context) -> String {
        let today = cx.today();
        let monday = today - TimeDelta::days(i64::from(today.weekday().num_days_from_monday()));
        let of = match self.which {
            Which::All => "all-time".to_owned(),
            Which::Month => today.format("%Y-%m").to_string(),
            Which::LastMonth => {
                let before = today - TimeDelta::days(i64::from(today.day()));
                before.format("%Y-%m").to_string()
            }
            Which::Week => format!("week-of-{monday}"),
            Which::LastWeek => format!("week-of-{}", monday - TimeDelta::days(7)),
            Which::Type(id) => match file_part(self.type_name().unwrap_or_default()) {
                part if part.is_empty() => format!("type-{id}"),
                // Nobody's type is taken for a period.
                part => format!("type{part}"),
            },
        };
        format!("pine-time-leaderboard-{of}.csv")
    }

    /// Asks for the next page of it, unless that is under way.
    pub(super) fn go_on_with_the_file(&mut self, cx: &mut Context) {
        let Some(job) = &self.file else { return };
        let call = GameCall::Board {
            board: job.which,
            place: job.next,
            most: MOST,
        };
        let want = Want::Board(BoardWant::File(job.which, job.next));
        if cx.requests.awaits(&want) {
            return;
        }
        cx.ask_and_wait(want, Lane::Poll, Call::Game(call));
    }

    pub(super) fn file_answered(
        &mut self,
        which: Which,
        place: Place,
        result: Result<BoardPage, Fault>,
        cx: &mut Context,
    ) {
        let Some(job) = self
            .file
            .as_mut()
            .filter(|job| job.which == which && job.next == place)
        else {
            return;
        };
        let page = match result {
            Ok(page) => page,
            Err(fault) => {
                self.file = None;
                return cx.say(Tone::Bad, format!("Nothing is written. {fault}"));
            }
        };
        if page.skipped.is_some() && matches!(place, Place::Behind(_)) {
            // Whoever stood last in it has left the board: on from where they stood.
            job.next = Place::Skip(i64::try_from(job.written.len()).unwrap_or(i64::MAX));
            return self.go_on_with_the_file(cx);
        }
        let last = page.rows.last().map(|row| row.user_id);
        let mut rows = page.rows;
        rows.retain(|row| job.written.insert(row.user_id));
        job.text.push_str(&board_csv::rows(&rows));
        // A page of nobody new ends it, whatever is said of what is below.
        if let Some(last) = last.filter(|_| page.below && !rows.is_empty()) {
            job.next = Place::Behind(last);
            return self.go_on_with_the_file(cx);
        }
        let (name, text) = (std::mem::take(&mut job.name), std::mem::take(&mut job.text));
        self.file = None;
        cx.effects.push(Effect::Export { name, text });
    }
}
