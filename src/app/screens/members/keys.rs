//! What keys do among members.

use crate::app::action::{MembersAction, MoveAction};
use crate::app::context::{Context, Wish};
use crate::app::cursor;
use crate::app::geometry;
use crate::app::keymap::{Chain, Key, chains};
use crate::app::overlay::note::NoteForm;
use crate::app::overlay::sessions::Sessions;
use crate::app::overlay::{Overlay, member_sheets};
use crate::app::text_field::{Edit, TextField};
use crate::domain::member::UserType;
use crate::domain::members_desk::MemberRow;

use super::deeds::{Ask, Deed, ask_code};
use super::{Members, Mode, page};

/// The roles, in the order in which Tab turns them over.
pub(crate) const ROLES: [Option<UserType>; 4] = [
    None,
    Some(UserType::Regular),
    Some(UserType::Staff),
    Some(UserType::Admin),
];
const ACTIVITIES: [Option<bool>; 3] = [Some(true), Some(false), None];

fn next<T: PartialEq + Copy>(choices: &[T], now: T, by: usize) -> T {
    let at = choices.iter().position(|choice| *choice == now).unwrap_or(0);
    choices
        .get((at + by) % choices.len().max(1))
        .copied()
        .unwrap_or(now)
}

impl Members {
    /// The scopes that hold.
    pub(crate) fn chain(&self) -> Chain {
        match &self.mode {
            Mode::Table | Mode::Page => chains::MEMBERS,
            Mode::Search => chains::MEMBERS_SEARCH,
            Mode::Ask(_) => chains::MEMBERS_ASK,
            Mode::Role => chains::MEMBERS_ROLE,
            Mode::Report(_) => chains::MEMBERS_REPORT,
        }
    }

    /// Whether printable keys go into a field.
    pub(crate) fn is_typing(&self) -> bool {
        matches!(self.mode, Mode::Search | Mode::Ask(_))
    }

    /// The field that takes what is typed.
    pub(crate) fn field_with_keys(&mut self) -> Option<&mut TextField> {
        match &mut self.mode {
            Mode::Search => Some(&mut self.search),
            Mode::Ask(ask) if !ask.sending => Some(&mut ask.text),
            _ => None,
        }
    }

    /// That field was put back as it had been.
    pub(crate) fn field_put_back(&mut self, cx: &mut Context) {
        if self.mode == Mode::Search {
            self.typed(cx);
        }
    }

    pub(crate) fn key(&mut self, key: Key, cx: &mut Context) -> Edit {
        self.edit(|field| field.key(key), cx)
    }

    pub(crate) fn paste(&mut self, raw: &str, cx: &mut Context) -> Edit {
        self.edit(|field| field.paste(raw), cx)
    }

    fn edit(&mut self, change: impl FnOnce(&mut TextField) -> Edit, cx: &mut Context) -> Edit {
        match &mut self.mode {
            Mode::Search => {
                let edit = change(&mut self.search);
                if matches!(edit, Edit::Changed | Edit::Cut) {
                    self.typed(cx);
                }
                edit
            }
            Mode::Ask(ask) => ask.edit(change),
            _ => Edit::Ignored,
        }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        match &mut self.mode {
            Mode::Table | Mode::Search => {
                let len = self.table.len();
                self.table.cursor.step(to, len, Self::list_height(cx));
                self.moved(cx);
            }
            Mode::Page => {
                let area = geometry::members(cx.setup.size).detail;
                let (room, width) = (usize::from(area.height), usize::from(area.width));
                let lines = self.page().map_or(0, |page| page::lines(page, cx, width).len());
                self.top = cursor::scroll(self.top, to, lines, room);
            }
            Mode::Report(at) => {
                let len = self.batches.last().map_or(0, |batch| batch.lines.len());
                let room = usize::from(geometry::people_report(cx.setup.size, len).1.height);
                at.step(to, len, room);
                at.fit(len, room);
            }
            Mode::Ask(_) | Mode::Role => {}
        }
    }

    /// A row was clicked.
    pub(crate) fn pick(&mut self, at: usize, cx: &mut Context) {
        if at < self.table.len() && matches!(self.mode, Mode::Table | Mode::Search) {
            self.table.cursor.at = at;
            self.moved(cx);
        }
    }

    fn moved(&mut self, cx: &mut Context) {
        self.table.moved(Self::list_height(cx));
        self.ask_next(cx);
        self.ask_member_if_other(cx);
    }

    /// Why an action cannot be done now; `None` when it can.
    pub(crate) fn why_not(&self, action: MembersAction, cx: &Context) -> Option<String> {
        use MembersAction as A;
        let one = matches!(action, A::Edit | A::Role | A::Code | A::Sessions | A::Note);
        let opens = matches!(action, A::Open | A::Mark | A::Profile);
        let acts = one || matches!(action, A::Deactivate | A::Reactivate | A::EndSessions);
        if (acts || action == A::Add)
            && let Some(why) = cx.needs_link("This")
        {
            return Some(why);
        }
        let targets = self.table.targets();
        if (acts || opens) && targets.is_empty() {
            return Some("There is nobody under the cursor.".to_owned());
        }
        if one && targets.len() > 1 {
            return Some("This is done one by one; Esc lets the marked ones go.".to_owned());
        }
        if !acts {
            return None;
        }
        if let Some(row) = targets.iter().find(|row| self.awaits(row.line.id)) {
            let name = &row.line.full_name;
            return Some(format!("What was done about {name} is not answered yet."));
        }
        let mut whys = targets.iter().map(|row| self.why_not_about(action, row, cx));
        // Of several those who can are done; the others' lines say why not.
        let first = whys.next()?;
        first.filter(|_| whys.all(|why| why.is_some()))
    }

    fn why_not_about(&self, action: MembersAction, row: &MemberRow, cx: &Context) -> Option<String> {
        use MembersAction as A;
        let name = &row.line.full_name;
        let me = cx.me.as_ref().is_some_and(|me| me.user_id == row.line.id);
        match action {
            A::Role if !cx.is_admin() => Some("Only administrators give roles.".to_owned()),
            A::Sessions | A::EndSessions if !cx.is_admin() && !me => {
                Some("Only administrators see and end the sessions of others.".to_owned())
            }
            A::Edit | A::Deactivate | A::Reactivate | A::Code
                if row.line.user_type.is_staff() && !cx.is_admin() =>
            {
                Some("Only administrators may do that to staff.".to_owned())
            }
            A::Deactivate if me => Some("Nobody deactivates themselves.".to_owned()),
            A::Deactivate if !row.line.is_active => Some(format!("{name} is deactivated already.")),
            A::Reactivate if row.line.is_active => Some(format!("{name} is active.")),
            A::Code if !row.line.is_active => {
                Some(format!("{name} is deactivated; X brings them back first."))
            }
            A::Edit | A::Note if self.page().is_none() => Some(format!("{name}'s page is not here yet.")),
            _ => None,
        }
    }

    pub(crate) fn act(&mut self, action: MembersAction, cx: &mut Context) {
        match &self.mode {
            Mode::Ask(ask) => match action {
                MembersAction::Close => self.mode = Mode::Table,
                _ if ask.sending => {}
                _ => self.send_asked(cx),
            },
            Mode::Role => self.act_on_role(action, cx),
            Mode::Report(_) => self.mode = Mode::Table,
            Mode::Table | Mode::Page | Mode::Search => self.act_on_table(action, cx),
        }
    }

    fn act_on_table(&mut self, action: MembersAction, cx: &mut Context) {
        match action {
            MembersAction::Open => {
                self.top = 0;
                self.mode = if self.mode == Mode::Page {
                    Mode::Table
                } else {
                    Mode::Page
                };
            }
            MembersAction::Mark => self.mark(cx),
            MembersAction::Search => self.mode = Mode::Search,
            MembersAction::SearchKeep => {
                self.mode = Mode::Table;
                self.search_now(cx);
            }
            MembersAction::SearchDrop => self.drop_search(cx),
            MembersAction::RoleOn => self.turn_role(1, cx),
            MembersAction::RoleBack => self.turn_role(ROLES.len() - 1, cx),
            MembersAction::Activity => {
                self.filter.active = next(&ACTIVITIES, self.filter.active, 1);
                self.relist(cx);
            }
            MembersAction::Add => member_sheets::add(self.search.text(), cx),
            MembersAction::Close => self.close(cx),
            action => self.act_on_targets(action, cx),
        }
    }

    fn act_on_targets(&mut self, action: MembersAction, cx: &mut Context) {
        let who: Vec<_> = self.table.targets().into_iter().map(MemberRow::name).collect();
        let Some(first) = who.first().cloned() else { return };
        match action {
            MembersAction::Edit => {
                if let Some(page) = self.page() {
                    member_sheets::edit(page, cx);
                }
            }
            MembersAction::Profile => {
                if let Some(row) = self.table.marked() {
                    cx.wish(Wish::Profile(Some(Box::new(row.name()))));
                }
            }
            MembersAction::Deactivate => self.mode = Mode::Ask(Box::new(Ask::new(false, who))),
            MembersAction::Reactivate => self.mode = Mode::Ask(Box::new(Ask::new(true, who))),
            MembersAction::Role => self.mode = Mode::Role,
            MembersAction::Code => ask_code(first, cx),
            MembersAction::Sessions => Sessions::open(Some(first), cx),
            MembersAction::EndSessions => self.send(&Deed::EndSessions, &who, cx),
            MembersAction::Note => {
                let before = self.page().and_then(|page| page.door_note.clone());
                let form = NoteForm::new(first, before);
                cx.wish(Wish::Open(Box::new(Overlay::Note(Box::new(form)))));
            }
            _ => {}
        }
    }

    fn act_on_role(&mut self, action: MembersAction, cx: &mut Context) {
        let role = match action {
            MembersAction::Regular => UserType::Regular,
            MembersAction::Staff => UserType::Staff,
            MembersAction::Admin => UserType::Admin,
            _ => {
                self.mode = Mode::Table;
                return;
            }
        };
        self.mode = Mode::Table;
        if let Some(row) = self.table.marked().filter(|row| row.line.user_type != role) {
            let who = [row.name()];
            self.send(&Deed::Role(role), &who, cx);
        }
    }

    fn turn_role(&mut self, by: usize, cx: &mut Context) {
        self.filter.user_type = next(&ROLES, self.filter.user_type, by);
        self.relist(cx);
    }

    /// Marks who is under the cursor and goes on, so that several are marked by holding the key.
    fn mark(&mut self, cx: &mut Context) {
        if self.table.mark() && self.mode == Mode::Table {
            self.step(MoveAction::Down, cx);
        }
    }

    fn drop_search(&mut self, cx: &mut Context) {
        self.mode = Mode::Table;
        self.search.clear();
        self.search_now(cx);
    }

    /// One thing at a time: the page, the marks, the search, the filter.
    fn close(&mut self, cx: &mut Context) {
        let all = Self::default().filter;
        if self.mode == Mode::Page {
            self.mode = Mode::Table;
        } else if !self.table.marks.is_empty() {
            self.table.marks.clear();
        } else if !self.filter.query.is_empty() || !self.search.is_empty() {
            self.drop_search(cx);
        } else if self.filter != all {
            self.filter = all;
            self.relist(cx);
        }
    }
}
