//! Insights as files: the table of a figure as it is, or all rows behind a number, a page after the other.

use crate::app::context::{Context, Tone};
use crate::app::effect::{Effect, Lane};
use crate::app::requests::Want;
use crate::app::words;
use crate::domain::insights::{Behind, Cursor as After, InsightCall, InsightPage};
use crate::domain::{Call, Fault, csv, insights_csv};

use super::{Depth, InsightWant, Insights, grid, label};

/// Rows asked for at once: the most there are.
const MOST: i32 = 5000;

/// A file of rows on its way.
#[derive(Debug)]
pub(super) struct FileJob {
    behind: Behind,
    text: String,
    after: Option<After>,
}

impl Insights {
    /// Writes what has the keys: rows, else the table.
    pub(super) fn begin_file(&mut self, cx: &mut Context) {
        let rows = self.rows.as_ref().filter(|_| self.depth == Depth::Rows);
        let Some(rows) = rows else {
            return self.write_table(cx);
        };
        if self.file.is_some() {
            return cx.say(Tone::Plain, "The file is on its way.");
        }
        self.file = Some(FileJob {
            behind: rows.behind.clone(),
            text: insights_csv::heading(rows.behind.subject),
            after: None,
        });
        let total = rows.page.get().map_or(0, |page| page.total);
        if total > i64::from(MOST) {
            cx.say(
                Tone::Plain,
                format!("Writing {} rows into a file.", words::number(total)),
            );
        }
        self.go_on_with_the_file(cx);
    }

    /// The table as it stands: all of it is here.
    fn write_table(&self, cx: &mut Context) {
        let Some(table) = self.grid() else { return };
        let (first, weeks) = self.weeks(cx);
        let columns = table.columns.iter().map(String::as_str);
        let mut text = csv::line(std::iter::once(table.of).chain(columns));
        for row in &table.rows {
            // A week is told by its Monday; words of the screen would not sort.
            let name = match &row.label {
                grid::Label::Week(monday) => monday.to_string(),
                other => label(other, cx),
            };
            let cells: Vec<String> = row.cells.iter().map(|cell| cell.value.plain()).collect();
            text.push_str(&csv::line(
                std::iter::once(name.as_str()).chain(cells.iter().map(String::as_str)),
            ));
        }
        let name = format!("pine-time-{}-{first}-{weeks}-weeks.csv", self.figure().word());
        cx.effects.push(Effect::Export { name, text });
    }

    /// Asks for the next page of it, unless that is under way.
    pub(super) fn go_on_with_the_file(&mut self, cx: &mut Context) {
        let Some(job) = &self.file else { return };
        let want = Want::Insight(InsightWant::File(job.behind.clone(), job.after.clone()));
        if cx.requests.awaits(&want) {
            return;
        }
        let call = InsightCall::Rows {
            behind: job.behind.clone(),
            after: job.after.clone(),
            most: MOST,
        };
        cx.ask_and_wait(want, Lane::Poll, Call::Insight(call));
    }

    pub(super) fn file_answered(
        &mut self,
        behind: &Behind,
        after: Option<&After>,
        result: Result<InsightPage, Fault>,
        cx: &mut Context,
    ) {
        let awaited = |job: &&mut FileJob| job.behind == *behind && job.after.as_ref() == after;
        let Some(job) = self.file.as_mut().filter(awaited) else {
            return;
        };
        let page = match result {
            Ok(page) => page,
            Err(fault) => {
                self.file = None;
                return cx.say(Tone::Bad, format!("Nothing is written. {fault}"));
            }
        };
        job.text.push_str(&insights_csv::rows(behind.subject, &page.rows));
        if page.next.is_some() {
            job.after = page.next;
            return self.go_on_with_the_file(cx);
        }
        let text = std::mem::take(&mut job.text);
        self.file = None;
        let name = format!(
            "pine-time-{}-{}-{}-weeks.csv",
            behind.subject.word().replace('_', "-"),
            behind.first,
            behind.weeks
        );
        cx.effects.push(Effect::Export { name, text });
    }
}
