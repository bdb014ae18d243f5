//! Members, for staff: all of them by name and by pages, found as at the door, and one of them in full. Here is what is
//! known of them; keys are in `keys`, what is
//! asked for and when in `asking`, what is done about them in `deeds`.

mod asking;
mod deeds;
mod keys;
pub(crate) mod page;

use crate::app::batch::Batch;
use crate::app::context::Context;
use crate::app::cursor::Cursor;
use crate::app::geometry;
use crate::app::pages::{At, Row};
use crate::app::remote::Remote;
use crate::app::table::Table;
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

    fn name(&self) -> &str {
        self.line.full_name.as_str()
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Members {
    /// What is asked for.
    pub(crate) filter: MembersFilter,
    pub(crate) search: TextField,
    /// Numbers what is typed, so that only a pause after the last letter sends it.
    typing: u64,
    pub(crate) table: Table<MemberRow, MembersFilter>,
    pub(crate) count: Remote<MembersCount>,
    /// Who is under the cursor, in full.
    page: Remote<MemberPage>,
    /// The first line in view of that.
    pub(crate) top: usize,
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
            table: Table::new(filter.clone()),
            filter,
            search: TextField::new(MAX_SEARCH),
            typing: 0,
            count: Remote::Nothing,
            page: Remote::Nothing,
            top: 0,
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
                if self.table.marked().map(Row::member) != Some(member) {
                    return;
                }
                self.page.answer(match result {
                    Ok(Answer::Members(MembersAnswer::Member(page))) => Ok(*page),
                    other => Err(other.err().unwrap_or(Fault::Internal)),
                });
                if let (Some(page), Some(pages)) = (self.page.get(), self.table.pages.get_mut()) {
                    pages.renew(&page.line, |row| row.line.id == member);
                }
            }
            MembersWant::Write { nonce, deed, who } => self.deed_answered(nonce, &deed, &who, &result, cx),
            MembersWant::Code(who) => {
                if deeds::code_answered(&who, result, cx) {
                    self.table.follow(Some(who.id));
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
                return self.table.refused(at, other.err().unwrap_or(Fault::Internal));
            }
        };
        if self.table.begins(at, &self.filter) {
            // Somebody just made is gone to; whoever else was under the cursor is looked for no more.
            let listed = |anchor: &MemberId| page.rows.iter().any(|row| row.line.id == *anchor);
            let anchor = self.table.anchor().filter(listed);
            self.table.begin(self.filter.clone());
            self.table.follow(anchor);
        }
        self.table.put(at, after, page.rows, page.next);
        self.take_count(cx);
        self.table.hold(Self::list_height(cx));
        self.ask_next(cx);
        self.ask_member_if_other(cx);
    }

    /// How many the database has counted, where nothing is looked for by name.
    fn take_count(&mut self, cx: &Context) {
        if *self.table.shown() != self.filter || !self.filter.query.is_empty() {
            return;
        }
        if let Some(count) = self.count.get() {
            let matching = count.matching(self.filter.active, self.filter.user_type);
            self.table.count(matching, Self::list_height(cx));
        }
    }

    fn ask_member_if_other(&mut self, cx: &mut Context) {
        let here = self.page.get().map(|page| page.line.line.id);
        if self.table.marked().map(Row::member) != here {
            self.ask_member(cx);
        }
    }

    // ---- what is in view ----

    pub(crate) fn list_height(cx: &Context) -> usize {
        usize::from(geometry::members(cx.setup.size).list.height)
    }

    /// Whether more may match than are listed.
    pub(crate) fn is_cut(&self) -> bool {
        !self.table.shown().query.is_empty() && self.table.len() >= MOST_FOUND
    }

    /// Whom the cursor is on, in full.
    pub(crate) fn page(&self) -> Option<&MemberPage> {
        let member = self.table.marked()?.line.id;
        self.page.get().filter(|page| page.line.line.id == member)
    }

    /// The same as it is waited for.
    pub(crate) fn page_remote(&self) -> &Remote<MemberPage> {
        &self.page
    }

    /// The window has another size.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        self.table.fit(Self::list_height(cx));
        self.ask_next(cx);
    }

    /// The link is down: what is here is old.
    pub(crate) fn age(&mut self) {
        self.table.pages.age();
        self.count.age();
        self.page.age();
    }

    /// What the message line says while nothing else is said.
    pub(crate) fn hint(&self) -> Option<String> {
        match (&self.mode, self.table.marks.len()) {
            (Mode::Table | Mode::Search, 0) if self.is_cut() => {
                Some("These are the nearest; go on typing if others are meant.".to_owned())
            }
            (Mode::Table, 1..) => Some(format!(
                "{} marked: x, X and S are about all of them. Esc lets them go.",
                self.table.marks.len()
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
