//! Members, for staff: all of them by name and by pages, found as at the door, and one of them in full. Here is what is
//! known of them; keys are in `keys`, what is
//! asked for and when in `asking`, what is done about them in `deeds`.

mod asking;
mod deeds;
mod keys;
pub(crate) mod page;

use std::collections::BTreeMap;

use crate::app::batch::Batch;
use crate::app::context::Context;
use crate::app::cursor::Cursor;
use crate::app::geometry;
use crate::app::pages::{At, Pages, Row};
use crate::app::remote::Remote;
use crate::app::text_field::TextField;
use crate::domain::event_people::Cursor as Behind;
use crate::domain::member::{MemberId, MemberName, UserType};
use crate::domain::members_desk::{
    MOST_FOUND, MemberPage, MemberRow, MembersAnswer, MembersCount, MembersFilter,
};
use crate::domain::{Answer, Fault, Nonce};

pub(crate) use deeds::{Ask, Deed, ask_code};
pub(crate) use keys::ROLES;

/// Longest search.
const MAX_SEARCH: usize = 80;

/// What an answer about members is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum MembersWant {
    /// A page of the list.
    Page(Box<MembersFilter>, At, Option<Behind>),
    /// How many there are.
    Count,
    /// One in full.
    Member(MemberId),
    /// Something was done about somebody.
    Write {
        nonce: Nonce,
        deed: Deed,
        who: MemberName,
    },
    /// A one-time code for somebody.
    Code(MemberName),
}

impl MembersWant {
    /// Whether it is about something done, which is told wherever somebody is by now.
    pub(crate) fn is_deed(&self) -> bool {
        matches!(self, Self::Write { .. } | Self::Code(_))
    }
}

/// What has the keys.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mode {
    Table,
    /// One of them in full.
    Page,
    Search,
    /// Why.
    Ask(Box<Ask>),
    /// Which role.
    Role,
    /// What came of several.
    Report(Cursor),
}

impl Row for MemberRow {
    fn member(&self) -> MemberId {
        self.line.id
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Members {
    /// What is asked for; `shown` is what the rows here are.
    pub(crate) filter: MembersFilter,
    shown: MembersFilter,
    pub(crate) search: TextField,
    /// Numbers what is typed, so that only a pause after the last letter sends it.
    typing: u64,
    pub(crate) pages: Remote<Pages<MemberRow>>,
    pub(crate) count: Remote<MembersCount>,
    pub(crate) cursor: Cursor,
    /// Who is under the cursor: it stays on them.
    anchor: Option<MemberId>,
    /// Pages in view that are still to be asked for anew.
    anew: Vec<At>,
    /// Who is under the cursor, in full.
    page: Remote<MemberPage>,
    /// The first line in view of that.
    pub(crate) top: usize,
    pub(crate) marks: BTreeMap<MemberId, MemberRow>,
    pub(crate) mode: Mode,
    /// What was done last, and what is under way.
    pub(crate) batches: Vec<Batch>,
    /// Something was done since what is here was asked for.
    pub(crate) is_old: bool,
}

impl Default for Members {
    fn default() -> Self {
        let filter = MembersFilter {
            active: Some(true),
            ..MembersFilter::default()
        };
        Self {
            shown: filter.clone(),
            filter,
            search: TextField::new(MAX_SEARCH),
            typing: 0,
            pages: Remote::Nothing,
            count: Remote::Nothing,
            cursor: Cursor::default(),
            anchor: None,
            anew: Vec::new(),
            page: Remote::Nothing,
            top: 0,
            marks: BTreeMap::new(),
            mode: Mode::Table,
            batches: Vec::new(),
            is_old: false,
        }
    }
}

impl Members {
    // ---- answers ----

    pub(crate) fn answered(&mut self, want: MembersWant, result: Result<Answer, Fault>, cx: &mut Context) {
        match want {
            MembersWant::Page(filter, at, after) => {
                if *filter == self.filter {
                    self.page_answered(at, after, result, cx);
                }
            }
            MembersWant::Count => {
                self.count.answer(match result {
                    Ok(Answer::Members(MembersAnswer::Count(count))) => Ok(count),
                    other => Err(other.err().unwrap_or(Fault::Internal)),
                });
                self.take_count(cx);
            }
            MembersWant::Member(member) => {
                if self.marked().map(Row::member) != Some(member) {
                    return;
                }
                self.page.answer(match result {
                    Ok(Answer::Members(MembersAnswer::Member(page))) => Ok(*page),
                    other => Err(other.err().unwrap_or(Fault::Internal)),
                });
                if let (Some(page), Some(pages)) = (self.page.get(), self.pages.get_mut()) {
                    pages.renew(&page.line, |row| row.line.id == member);
                }
            }
            MembersWant::Write { nonce, deed, who } => self.deed_answered(nonce, &deed, &who, &result, cx),
            MembersWant::Code(who) => {
                if deeds::code_answered(&who, result, cx) {
                    self.anchor = Some(who.id);
                    self.is_old = true;
                }
            }
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
            Ok(Answer::Members(MembersAnswer::Page(page))) => page,
            other => {
                let fault = other.err().unwrap_or(Fault::Internal);
                // A refusal of one page is none of the list; a lost link makes all of it old.
                if at == At::Top(0) || fault.is_link() {
                    self.pages.answer(Err(fault));
                }
                return;
            }
        };
        for row in &page.rows {
            if let Some(mark) = self.marks.get_mut(&row.line.id) {
                mark.clone_from(row);
            }
        }
        if at == At::Top(0) && (self.shown != self.filter || self.pages.get().is_none()) {
            self.shown = self.filter.clone();
            self.cursor = Cursor::default();
            self.pages = Remote::Here(Pages::default());
            self.anew.clear();
            // Somebody just made is gone to; whoever else was under the cursor is looked for no more.
            let listed = |anchor: &MemberId| page.rows.iter().any(|row| row.line.id == *anchor);
            self.anchor = self.anchor.filter(listed);
        }
        let mut pages = match std::mem::take(&mut self.pages) {
            Remote::Here(pages) | Remote::Stale(pages) => pages,
            _ => Pages::default(),
        };
        pages.put(at, after, page.rows, page.next);
        pages.forget_far(self.cursor.at);
        self.pages = Remote::Here(pages);
        self.take_count(cx);
        self.hold(cx);
        self.ask_next(cx);
        self.ask_member_if_other(cx);
    }

    /// How many the database has counted, where nothing is looked for by name.
    fn take_count(&mut self, cx: &Context) {
        if self.shown != self.filter || !self.filter.query.is_empty() {
            return;
        }
        if let (Some(pages), Some(count)) = (self.pages.get_mut(), self.count.get()) {
            let matching = count.matching(self.filter.active, self.filter.user_type);
            pages.count(usize::try_from(matching).unwrap_or(0));
            self.hold(cx);
        }
    }

    /// Keeps the cursor on its member, and them where they stand in the window.
    fn hold(&mut self, cx: &Context) {
        let Some(pages) = self.pages.get() else { return };
        if let Some(at) = self.anchor.and_then(|anchor| pages.position(anchor))
            && at != self.cursor.at
        {
            let above = self.cursor.at.saturating_sub(self.cursor.top);
            self.cursor.at = at;
            self.cursor.top = at.saturating_sub(above);
        }
        self.fit(cx);
        if self.anchor.is_none() {
            self.anchor = self.marked().map(Row::member);
        }
    }

    fn ask_member_if_other(&mut self, cx: &mut Context) {
        let here = self.page.get().map(|page| page.line.line.id);
        if self.marked().map(Row::member) != here {
            self.ask_member(cx);
        }
    }

    // ---- what is in view ----

    pub(crate) fn list_height(cx: &Context) -> usize {
        usize::from(geometry::members(cx.setup.size).list.height)
    }

    fn in_view(&self, cx: &Context) -> std::ops::Range<usize> {
        self.cursor.top..self.cursor.top + Self::list_height(cx).max(1)
    }

    /// Rows of the list.
    pub(crate) fn len(&self) -> usize {
        self.pages.get().map_or(0, Pages::total)
    }

    /// Whether more may match than are listed.
    pub(crate) fn is_cut(&self) -> bool {
        !self.shown.query.is_empty() && self.len() >= MOST_FOUND
    }

    /// Whom the cursor is on.
    pub(crate) fn marked(&self) -> Option<&MemberRow> {
        self.pages.get()?.get(self.cursor.at)
    }

    /// Whom the cursor is on, in full.
    pub(crate) fn page(&self) -> Option<&MemberPage> {
        let member = self.marked()?.line.id;
        self.page.get().filter(|page| page.line.line.id == member)
    }

    /// The same as it is waited for.
    pub(crate) fn page_remote(&self) -> &Remote<MemberPage> {
        &self.page
    }

    /// Whom the next key is about: those marked, else the one under the cursor.
    pub(crate) fn targets(&self) -> Vec<&MemberRow> {
        if self.marks.is_empty() {
            return self.marked().into_iter().collect();
        }
        let mut marked: Vec<&MemberRow> = self.marks.values().collect();
        marked.sort_by(|one, other| one.line.full_name.as_str().cmp(other.line.full_name.as_str()));
        marked
    }

    fn fit(&mut self, cx: &Context) {
        self.cursor.fit(self.len(), Self::list_height(cx));
    }

    /// The window has another size.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        self.fit(cx);
        self.ask_next(cx);
    }

    /// The link is down: what is here is old.
    pub(crate) fn age(&mut self) {
        self.pages.age();
        self.count.age();
        self.page.age();
    }

    /// What the message line says while nothing else is said.
    pub(crate) fn hint(&self) -> Option<String> {
        match (&self.mode, self.marks.len()) {
            (Mode::Table | Mode::Search, 0) if self.is_cut() => {
                Some("These are the nearest; go on typing if others are meant.".to_owned())
            }
            (Mode::Table, 1..) => Some(format!(
                "{} marked: x, X and S are about all of them. Esc lets them go.",
                self.marks.len()
            )),
            _ => None,
        }
    }

    /// Which role is listed, in a word.
    pub(crate) fn role_title(role: Option<UserType>) -> &'static str {
        match role {
            None => "everybody",
            Some(UserType::Regular) => "members",
            Some(UserType::Staff) => "staff",
            Some(UserType::Admin) => "administrators",
        }
    }
}
