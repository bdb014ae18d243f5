//! What keys do on the leaderboard: periods and types, the cursor, and the name that is looked for.

use crate::app::action::{BoardAction, MoveAction};
use crate::app::context::{Context, Wish};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::keymap::Key;
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::Edit;
use crate::domain::Call;
use crate::domain::board::{Board as Which, Ranked};
use crate::domain::game::GameCall;
use crate::domain::member::MemberName;

use super::{At, Board, BoardWant, Mode};

/// All time, month, week.
const PERIODS: [[Which; 2]; 3] = [
    [Which::All, Which::All],
    [Which::Month, Which::LastMonth],
    [Which::Week, Which::LastWeek],
];

/// Which of the periods a board is of; boards of types are of all time.
pub(super) fn period(which: Which) -> usize {
    PERIODS.iter().position(|both| both.contains(&which)).unwrap_or(0)
}

impl Board {
    /// Which of all time, month and week is shown.
    pub(crate) fn period(&self) -> usize {
        period(self.which)
    }

    pub(crate) fn why_not(&self, action: BoardAction, cx: &Context) -> Option<String> {
        let here = self.page.get().filter(|_| self.shown == self.which);
        let none = |board: &str| Some(format!("All time has no {board} period."));
        match action {
            BoardAction::Previous if self.period() == 0 => none("previous"),
            BoardAction::Running if self.period() == 0 => none("running"),
            BoardAction::Previous if matches!(self.which, Which::LastMonth | Which::LastWeek) => {
                Some("The board goes no further back.".to_owned())
            }
            BoardAction::Running if matches!(self.which, Which::Month | Which::Week) => {
                Some("This is the running one.".to_owned())
            }
            BoardAction::Open => match (self.under_cursor(), here) {
                (Some(_), _) => None,
                (None, Some(_)) => Some("There is nobody under the cursor.".to_owned()),
                (None, None) => Some("The leaderboard is not here yet.".to_owned()),
            },
            BoardAction::Me => match here {
                Some(page) if page.me.is_some() => None,
                Some(_) if cx.is_staff() => {
                    Some("You have no row here; staff are not on the leaderboard.".to_owned())
                }
                Some(_) => Some("You have no points on this board.".to_owned()),
                None => Some("The leaderboard is not here yet.".to_owned()),
            },
            BoardAction::File => match here {
                Some(page) if page.members > 0 && cx.link.is_down() => cx.needs_link("A file"),
                Some(page) if page.members > 0 => None,
                Some(_) => Some("There is nobody on this board to write down.".to_owned()),
                None => Some("The leaderboard is not here yet.".to_owned()),
            },
            BoardAction::FindTake => {
                if self.wanted_name().is_empty() {
                    Some("Type a name first.".to_owned())
                } else if let Remote::Failed(fault) = &self.found {
                    Some(fault.to_string())
                } else if self.found_by != self.wanted_name() || self.found.get().is_none() {
                    Some("Still looking.".to_owned())
                } else if self.hit().is_none() {
                    Some("Nobody on this board is called that.".to_owned())
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    pub(crate) fn act(&mut self, action: BoardAction, cx: &mut Context) {
        match action {
            BoardAction::PeriodBack => self.show(PERIODS[(self.period() + 2) % 3][0], cx),
            BoardAction::PeriodOn => self.show(PERIODS[(self.period() + 1) % 3][0], cx),
            BoardAction::Previous => self.show(PERIODS[self.period()][1], cx),
            BoardAction::Running => self.show(PERIODS[self.period()][0], cx),
            BoardAction::Open => {
                if let Some(row) = self.under_cursor() {
                    let who = MemberName {
                        id: row.user_id,
                        username: row.username.clone(),
                        full_name: row.full_name.clone(),
                    };
                    cx.wish(Wish::Profile(Some(Box::new(who))));
                }
            }
            BoardAction::Me => {
                if let Some(me) = self.page.get().and_then(|page| page.me.as_ref()) {
                    self.ask(At::To(me.user_id), cx);
                }
            }
            BoardAction::Types => {
                self.mode = Mode::Types;
                self.mark_type(cx);
                self.ask_types(cx);
            }
            BoardAction::TypesTake => {
                let chosen = self.type_names().get(self.choice.at).map(|(which, _)| *which);
                self.mode = Mode::Board;
                if let Some(which) = chosen {
                    self.show(which, cx);
                }
            }
            BoardAction::Find => {
                self.mode = Mode::Find;
                self.find.clear();
                self.found = Remote::Nothing;
                self.found_by.clear();
                self.choice = Cursor::default();
            }
            BoardAction::FindTake => {
                if let Some(hit) = self.hit().map(|hit| hit.user_id) {
                    self.mode = Mode::Board;
                    self.ask(At::To(hit), cx);
                }
            }
            BoardAction::FindDrop | BoardAction::TypesClose => self.mode = Mode::Board,
            BoardAction::File => self.begin_file(cx),
        }
    }

    /// Another board; what is here stays until its first rows are.
    fn show(&mut self, which: Which, cx: &mut Context) {
        if which != self.which {
            self.which = which;
            self.ask(At::Top, cx);
        }
    }

    /// Puts the cursor of the types on the one that is shown.
    pub(super) fn mark_type(&mut self, cx: &Context) {
        let at = self
            .type_names()
            .iter()
            .position(|(which, _)| *which == self.which);
        self.choice = Cursor::default();
        self.choice.jump(at.unwrap_or(0), Self::height(cx));
    }

    // ---- the name that is looked for ----

    /// The name without what is around it.
    pub(crate) fn wanted_name(&self) -> &str {
        self.find.text().trim()
    }

    fn under_cursor(&self) -> Option<&Ranked> {
        self.rows().get(self.cursor.at)
    }

    fn hit(&self) -> Option<&Ranked> {
        self.found.get()?.get(self.choice.at)
    }

    pub(crate) fn key(&mut self, key: Key, cx: &mut Context) -> Edit {
        let edit = self.find.key(key);
        self.edited(edit, cx)
    }

    pub(crate) fn paste(&mut self, raw: &str, cx: &mut Context) -> Edit {
        let edit = self.find.paste(raw);
        self.edited(edit, cx)
    }

    fn edited(&mut self, edit: Edit, cx: &mut Context) -> Edit {
        let query = self.wanted_name().to_owned();
        let known = query == self.found_by && self.found.get().is_some();
        if !matches!(edit, Edit::Changed | Edit::Cut) || known {
            return edit;
        }
        if query.is_empty() {
            self.found = Remote::Nothing;
            self.found_by.clear();
        } else {
            self.ask_found(cx);
        }
        edit
    }

    /// Asks who has the name that is typed.
    pub(super) fn ask_found(&mut self, cx: &mut Context) {
        let query = self.wanted_name().to_owned();
        let call = GameCall::Find {
            board: self.which,
            query: query.clone(),
        };
        let want = Want::Board(BoardWant::Find(self.which, query));
        cx.fetch(&mut self.found, want, Lane::Search, Call::Game(call));
    }

    // ---- the cursor ----

    /// Rows of what is found, or of the types.
    pub(super) fn choices(&self) -> usize {
        match self.mode {
            Mode::Board => 0,
            Mode::Find => self.found.get().map_or(0, Vec::len),
            Mode::Types => self.type_names().len(),
        }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        let height = Self::height(cx);
        if self.mode != Mode::Board {
            let choices = self.choices();
            self.choice.step(to, choices, height);
            return self.settle(cx);
        }
        let rows = self.rows().len();
        let (above, below, members) = self
            .page
            .get()
            .map_or((false, false, 0), |page| (page.above, page.below, page.members));
        match to {
            MoveAction::First if above => self.ask(At::Top, cx),
            MoveAction::Last if below => self.ask(At::End(members), cx),
            _ => {
                self.cursor.step(to, rows, height);
                self.settle(cx);
            }
        }
    }

    pub(crate) fn pick(&mut self, at: usize, cx: &mut Context) {
        if self.mode == Mode::Board {
            if at < self.rows().len() {
                self.cursor.at = at;
                self.settle(cx);
            }
        } else if at < self.choices() {
            self.choice.at = at;
        }
    }

    /// The first row in view of whatever is in the list.
    pub(crate) fn top(&self) -> usize {
        match self.mode {
            Mode::Board => self.cursor.top,
            Mode::Find | Mode::Types => self.choice.top,
        }
    }
}
