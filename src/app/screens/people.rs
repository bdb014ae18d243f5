//! An event's people, for staff: a table by pages with its totals and results, over the tab it was opened from. Here is
//! what is known of them and what is asked for; keys are in `keys`, writes in `writes`, the file in `file`.

mod ask;
mod deeds;
mod file;
mod keys;
mod listing;
mod writes;

use crate::app::batch::Batch;
use crate::app::context::Context;
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::pages::{At, PAGE};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::screens::Tab;
use crate::app::table::Table;
use crate::app::text_field::TextField;
use crate::domain::completion::{CompletionAnswer, CompletionCall, Results};
use crate::domain::event::{EventId, EventLine};
use crate::domain::event_people::{Cursor as Behind, EventPerson, PeopleFilter, PeopleTotals};
use crate::domain::member::MemberName;
use crate::domain::seats::{SeatsAnswer, SeatsCall};
use crate::domain::{Answer, Call, Fault, Nonce};

pub(crate) use ask::{Ask, Find, Found, Offer, Question, standing};
pub(crate) use deeds::{Deed, results_line};
pub(crate) use listing::{Field, Kind, Listing, Panel};
pub(crate) use writes::unseen;

use file::FileJob;

/// Longest search.
const MAX_SEARCH: usize = 80;

/// What an answer about an event's people is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PeopleWant {
    /// A page.
    Page(EventId, Box<Listing>, At, Option<Behind>),
    /// The figures.
    Totals(EventId, Box<PeopleFilter>),
    /// Who won.
    Results(EventId),
    /// The event as it is now.
    Event(EventId),
    /// Somebody to register.
    Members(String),
    /// Events to move to.
    Events,
    /// A page of the file.
    File(EventId, Option<Behind>),
    /// Something was done about somebody.
    Write {
        nonce: Nonce,
        deed: Box<Deed>,
        who: MemberName,
        event: Box<EventLine>,
    },
    /// Results were set.
    Places(Nonce),
}

/// What has the keys.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mode {
    Table,
    /// One of them in full, where there is no room beside the table.
    Detail,
    Search,
    Panel(Panel),
    Ask(Box<Ask>),
    Find(Box<Find>),
    /// Which place.
    Place,
    /// What came of several.
    Report(Cursor),
}

/// See the module.
#[derive(Debug)]
pub(crate) struct People {
    /// Where it was opened.
    pub(crate) tab: Tab,
    pub(crate) line: EventLine,
    /// What is asked for.
    pub(crate) listing: Listing,
    pub(crate) search: TextField,
    pub(crate) table: Table<EventPerson, Listing>,
    pub(crate) totals: Remote<PeopleTotals>,
    pub(crate) results: Remote<Results>,
    pub(crate) mode: Mode,
    /// What was done last, and what is under way.
    pub(crate) batches: Vec<Batch>,
    file: Option<FileJob>,
}

impl People {
    pub(crate) fn new(tab: Tab, line: EventLine, cx: &mut Context) -> Self {
        let mut people = Self {
            tab,
            line,
            listing: Listing::default(),
            search: TextField::new(MAX_SEARCH),
            table: Table::new(Listing::default()),
            totals: Remote::Nothing,
            results: Remote::Nothing,
            mode: Mode::Table,
            batches: Vec::new(),
            file: None,
        };
        people.enter(cx);
        people
    }

    // ---- asking ----

    /// On coming here, and on F5.
    pub(crate) fn enter(&mut self, cx: &mut Context) {
        if self.file.is_none() {
            let want = Want::People(PeopleWant::Event(self.line.id));
            cx.ask(want, Lane::Detail, Call::Event(self.line.id));
        }
        self.ask_anew(cx);
    }

    /// Now and then.
    pub(crate) fn poll(&mut self, cx: &mut Context) {
        let paging = |want: &Want| matches!(want, Want::People(PeopleWant::Page(..)));
        if !cx
            .requests
            .on(Lane::Page)
            .is_some_and(|request| paging(&request.want))
        {
            self.ask_anew(cx);
        }
        self.go_on_with_the_file(cx);
    }

    /// What is in view, anew.
    pub(crate) fn ask_anew(&mut self, cx: &mut Context) {
        self.ask_totals(cx);
        let here = self.table.renew(&self.listing, Self::list_height(cx));
        if here {
            self.ask_next(cx);
        }
        if !here || !self.waits_for_page(cx) {
            self.ask_page(At::Top(0), None, cx);
        }
    }

    fn ask_totals(&mut self, cx: &mut Context) {
        let filter = self.listing.filter.clone();
        let want = Want::People(PeopleWant::Totals(self.line.id, Box::new(filter.clone())));
        self.totals.ask();
        let call = SeatsCall::PeopleTotals {
            event: self.line.id,
            filter,
        };
        cx.ask(want, Lane::Poll, Call::Seats(call));
    }

    fn ask_results(&mut self, cx: &mut Context) {
        let want = Want::People(PeopleWant::Results(self.line.id));
        self.results.ask();
        let call = CompletionCall::Results(self.line.id);
        cx.ask(want, Lane::Poll, Call::Completion(call));
    }

    fn ask_page(&mut self, at: At, after: Option<Behind>, cx: &mut Context) {
        let (listing, event) = (&self.listing, self.line.id);
        let want = Want::People(PeopleWant::Page(
            event,
            Box::new(listing.clone()),
            at,
            after.clone(),
        ));
        let call = Call::Seats(SeatsCall::People {
            event,
            filter: listing.filter.clone(),
            sort: listing.sort,
            // From the end up is the other order's beginning.
            descending: listing.descending != matches!(at, At::End(_)),
            after,
            most: i32::try_from(PAGE).unwrap_or(i32::MAX),
        });
        if at == At::Top(0) {
            cx.fetch(&mut self.table.pages, want, Lane::Page, call);
        } else {
            cx.ask_and_wait(want, Lane::Page, call);
        }
    }

    /// What a page is waited for as, to show it where the rows will be.
    pub(crate) fn first_want(&self) -> Want {
        let listing = Box::new(self.listing.clone());
        Want::People(PeopleWant::Page(self.line.id, listing, At::Top(0), None))
    }

    fn waits_for_page(&self, cx: &Context) -> bool {
        let mine =
            |want: &Want| matches!(want, Want::People(PeopleWant::Page(event, ..)) if *event == self.line.id);
        cx.requests
            .on(Lane::Page)
            .is_some_and(|request| mine(&request.want))
    }

    /// The next page that is wanted.
    fn ask_next(&mut self, cx: &mut Context) {
        if self.waits_for_page(cx) {
            return;
        }
        if let Some((at, after)) = self.table.next_page(&self.listing, Self::list_height(cx)) {
            self.ask_page(at, after, cx);
        }
    }

    /// Something else is listed: what is shown stays until it is here.
    fn relist(&mut self, cx: &mut Context) {
        self.table.relist();
        self.ask_totals(cx);
        self.ask_page(At::Top(0), None, cx);
    }

    // ---- answers ----

    pub(crate) fn answered(&mut self, want: PeopleWant, result: Result<Answer, Fault>, cx: &mut Context) {
        match want {
            PeopleWant::Page(event, listing, at, after) => {
                if event == self.line.id && *listing == self.listing {
                    self.page_answered(at, after, result, cx);
                }
            }
            PeopleWant::Totals(event, filter) => {
                if event != self.line.id || *filter != self.listing.filter {
                    return;
                }
                let fine = result.is_ok();
                self.totals.answer(match result {
                    Ok(Answer::Seats(SeatsAnswer::PeopleTotals(totals))) => Ok(totals),
                    Ok(_) => Err(Fault::Internal),
                    Err(fault) => Err(fault),
                });
                self.take_count(cx);
                if fine {
                    self.ask_results(cx);
                }
            }
            PeopleWant::Results(event) if event == self.line.id => self.results.answer(match result {
                Ok(Answer::Completion(CompletionAnswer::Results(results))) => Ok(results),
                Ok(_) => Err(Fault::Internal),
                Err(fault) => Err(fault),
            }),
            PeopleWant::Event(event) if event == self.line.id => {
                if let Ok(Answer::Event(page)) = result {
                    self.line = page.line;
                }
            }
            PeopleWant::Members(query) => self.members_answered(&query, result),
            PeopleWant::Events => self.events_answered(result),
            PeopleWant::File(event, after) if event == self.line.id => {
                self.file_answered(after.as_ref(), result, cx);
            }
            PeopleWant::Places(nonce) => self.places_answered(nonce, result, cx),
            PeopleWant::Write {
                nonce,
                deed,
                who,
                event,
            } => self.deed_answered(nonce, &deed, &who, &event, &result, cx),
            PeopleWant::Results(_) | PeopleWant::Event(_) | PeopleWant::File(..) => {}
        }
    }

    fn page_answered(
        &mut self,
        at: At,
        after: Option<Behind>,
        result: Result<Answer, Fault>,
        cx: &mut Context,
    ) {
        let page = match result {
            Ok(Answer::Seats(SeatsAnswer::People(page))) => page,
            other => {
                return self.table.refused(at, other.err().unwrap_or(Fault::Internal));
            }
        };
        if self.table.begins(at, &self.listing) {
            self.table.begin(self.listing.clone());
        }
        self.table.put(at, after, page.rows, page.next);
        self.take_count(cx);
        self.table.hold(Self::list_height(cx));
        self.ask_next(cx);
    }

    /// How many the database has counted, if it has counted what is shown.
    fn take_count(&mut self, cx: &Context) {
        if self.table.shown().filter != self.listing.filter {
            return;
        }
        if let Some(totals) = self.totals.get() {
            self.table.count(totals.matching, Self::list_height(cx));
        }
    }

    // ---- what is in view ----

    pub(crate) fn list_height(cx: &Context) -> usize {
        usize::from(geometry::people(cx.setup.size).list.height)
    }

    pub(crate) fn is_over(&self, cx: &Context) -> bool {
        self.line.is_over(cx.now())
    }

    /// The window has another size.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        if cx.is_wide() && self.mode == Mode::Detail {
            self.mode = Mode::Table;
        }
        self.table.fit(Self::list_height(cx));
        self.ask_next(cx);
    }

    /// The link is down: what is here is old.
    pub(crate) fn age(&mut self) {
        self.table.pages.age();
        self.totals.age();
        self.results.age();
    }

    /// What the message line says while nothing else is said.
    pub(crate) fn hint(&self, cx: &Context) -> Option<String> {
        match (&self.mode, self.table.marks.len()) {
            (Mode::Table, 0) => {
                let results = self.results.get().map(results_line).unwrap_or_default();
                let over = self.is_over(cx) && self.line.is_active;
                match (results.is_empty(), over) {
                    (false, _) => Some(format!("Results: {results}")),
                    (true, true) => {
                        Some("Over: Tab leads to the no-shows, l enters who was there, t who won.".to_owned())
                    }
                    (true, false) => None,
                }
            }
            (Mode::Table, 1..) => Some(format!(
                "{} marked: the next key is about all of them. Esc lets them go.",
                self.table.marks.len()
            )),
            _ => None,
        }
    }
}
