//! What the members' screen asks for, and when: pages near the eye, who is under the cursor, the numbers, and a search when
//! typing pauses.

use std::time::Duration;

use crate::app::context::Context;
use crate::app::effect::{Lane, Timer};
use crate::app::pages::{At, PAGE, Row};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::domain::Call;
use crate::domain::event_people::Cursor as Behind;
use crate::domain::members_desk::MembersCall;

use super::{Members, MembersWant};

/// How long typing pauses before it is looked for.
const DEBOUNCE: Duration = Duration::from_millis(60);

impl Members {
    /// On coming here, and on F5.
    pub(crate) fn enter(&mut self, cx: &mut Context) {
        self.is_old = false;
        self.ask_count(cx);
        self.ask_anew(cx);
    }

    /// Now and then.
    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if cx.requests.on(Lane::Page).is_none() {
            self.ask_anew(cx);
        }
        if self.count.get().is_none() && cx.requests.on(Lane::Poll).is_none() {
            self.ask_count(cx);
        }
    }

    /// What is in view, anew.
    pub(crate) fn ask_anew(&mut self, cx: &mut Context) {
        let here = self.table.renew(&self.filter, Self::list_height(cx));
        if here {
            self.ask_next(cx);
        }
        if !here || !waits_for_page(cx) {
            self.ask_page(At::Top(0), None, cx);
        }
        self.ask_member(cx);
    }

    pub(super) fn ask_count(&mut self, cx: &mut Context) {
        self.count.ask();
        let call = Call::Members(MembersCall::Count);
        cx.ask(Want::Members(MembersWant::Count), Lane::Poll, call);
    }

    /// Who is under the cursor, in full.
    pub(super) fn ask_member(&mut self, cx: &mut Context) {
        let Some(member) = self.table.marked().map(Row::member) else {
            return;
        };
        if self.page.get().is_some_and(|page| page.line.line.id != member) {
            self.page = Remote::Nothing;
            self.top = 0;
        }
        let want = Want::Members(MembersWant::Member(member));
        if !cx.requests.awaits(&want) {
            let call = Call::Members(MembersCall::Member(member));
            cx.fetch(&mut self.page, want, Lane::Detail, call);
        }
    }

    pub(super) fn ask_page(&mut self, at: At, after: Option<Behind>, cx: &mut Context) {
        let want = Want::Members(MembersWant::Page(
            Box::new(self.filter.clone()),
            at,
            after.clone(),
        ));
        let call = Call::Members(MembersCall::Page {
            filter: self.filter.clone(),
            // From the end up is the other order's beginning.
            descending: matches!(at, At::End(_)),
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
        Want::Members(MembersWant::Page(Box::new(self.filter.clone()), At::Top(0), None))
    }

    /// The next page that is wanted.
    pub(super) fn ask_next(&mut self, cx: &mut Context) {
        if waits_for_page(cx) {
            return;
        }
        if let Some((at, after)) = self.table.next_page(&self.filter, Self::list_height(cx)) {
            self.ask_page(at, after, cx);
        }
    }

    /// Something else is listed: what is shown stays until it is here.
    pub(super) fn relist(&mut self, cx: &mut Context) {
        self.table.relist();
        self.ask_page(At::Top(0), None, cx);
    }

    /// Something was typed: it is looked for when typing pauses.
    pub(super) fn typed(&mut self, cx: &mut Context) {
        self.typing += 1;
        cx.after(DEBOUNCE, Timer::Debounce(self.typing));
    }

    /// Typing has paused.
    pub(crate) fn debounced(&mut self, typing: u64, cx: &mut Context) {
        if typing == self.typing {
            self.search_now(cx);
        }
    }

    pub(super) fn search_now(&mut self, cx: &mut Context) {
        let query = self.search.text().trim().to_owned();
        if query != self.filter.query {
            self.filter.query = query;
            self.relist(cx);
        }
    }
}

fn waits_for_page(cx: &Context) -> bool {
    let mine = |want: &Want| matches!(want, Want::Members(MembersWant::Page(..)));
    cx.requests
        .on(Lane::Page)
        .is_some_and(|request| mine(&request.want))
}
