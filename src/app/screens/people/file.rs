//! An event's people as a file: every page of what is listed, asked for one after the other.

use crate::app::context::{Context, Tone};
use crate::app::effect::{Effect, Lane};
use crate::app::requests::Want;
use crate::domain::event_people::{Cursor as Behind, PeoplePage};
use crate::domain::people_csv;
use crate::domain::seats::{SeatsAnswer, SeatsCall};
use crate::domain::{Answer, Call, Fault};

use super::{Listing, People, PeopleWant};

/// Rows asked for at once: the most there are.
const MOST: i32 = 500;

/// A file on its way.
#[derive(Debug)]
pub(super) struct FileJob {
    listing: Listing,
    text: String,
    after: Option<Behind>,
}

impl People {
    /// Begins a file of what is listed.
    pub(super) fn begin_file(&mut self, cx: &mut Context) {
        if self.file.is_some() {
            return cx.say(Tone::Plain, "The file is on its way.");
        }
        self.file = Some(FileJob {
            listing: self.listing.clone(),
            text: people_csv::heading(),
            after: None,
        });
        self.go_on_with_the_file(cx);
    }

    /// Asks for the next page of it, unless that is under way.
    pub(super) fn go_on_with_the_file(&mut self, cx: &mut Context) {
        let Some(job) = &self.file else { return };
        let want = Want::People(PeopleWant::File(self.line.id, job.after.clone()));
        if cx.requests.awaits(&want) {
            return;
        }
        let call = SeatsCall::People {
            event: self.line.id,
            filter: job.listing.filter.clone(),
            sort: job.listing.sort,
            descending: job.listing.descending,
            after: job.after.clone(),
            most: MOST,
        };
        cx.ask_and_wait(want, Lane::Detail, Call::Seats(call));
    }

    pub(super) fn file_answered(
        &mut self,
        after: Option<&Behind>,
        result: Result<Answer, Fault>,
        cx: &mut Context,
    ) {
        let Some(job) = self.file.as_mut().filter(|job| job.after.as_ref() == after) else {
            return;
        };
        match result {
            Ok(Answer::Seats(SeatsAnswer::People(PeoplePage { rows, next }))) => {
                job.text.push_str(&people_csv::rows(&rows));
                if next.is_some() {
                    job.after = next;
                    return self.go_on_with_the_file(cx);
                }
                let text = std::mem::take(&mut job.text);
                self.file = None;
                let name = format!("pine-time-people-{}.csv", self.line.id.0);
                cx.effects.push(Effect::Export { name, text });
            }
            Ok(_) => self.no_file(&Fault::Internal, cx),
            Err(fault) => self.no_file(&fault, cx),
        }
    }

    fn no_file(&mut self, fault: &Fault, cx: &mut Context) {
        self.file = None;
        cx.say(Tone::Bad, format!("Nothing is written. {fault}"));
    }
}
