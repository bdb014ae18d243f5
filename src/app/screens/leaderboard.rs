//! The leaderboard: of a period or of a type of events, a window of rows around the cursor out of as many as there are
//! members. The window is held by its rows, not by their numbers: it grows at either end as the cursor comes near, and
//! when ranks move the cursor stays on its member.

mod file;
mod keys;

use crate::app::context::{Context, Tone};
use crate::app::cursor::Cursor;
use crate::app::effect::Lane;
use crate::app::geometry;
use crate::app::keymap::{Chain, chains};
use crate::app::remote::Remote;
use crate::app::requests::Want;
use crate::app::text_field::TextField;
use crate::domain::board::{Board as Which, BoardPage, Place, Ranked, TypeBoard};
use crate::domain::game::{GameAnswer, GameCall};
use crate::domain::member::MemberId;
use crate::domain::{Call, Fault};

use file::FileJob;

/// Rows asked for at once.
const WINDOW: i32 = 300;
/// So many rows before the end of what is here, more is asked for.
const AHEAD: usize = 40;
/// Longest name to look for.
const MAX_FIND: usize = 80;

/// The result with its answer unpacked. An answer of another kind is a fault of the data layer, and told as one.
macro_rules! unpack {
    ($result:expr, $pattern:pat => $value:expr) => {
        match $result {
            Ok($pattern) => Ok($value),
            Ok(_) => Err(Fault::Internal),
            Err(fault) => Err(fault),
        }
    };
}

/// Which rows are asked for, and what the cursor does when they are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// The first; the cursor goes there.
    Top,
    /// The first again, as they are in view.
    Still,
    /// Those around the cursor again.
    Here(MemberId),
    /// Those around somebody to whom the cursor goes.
    To(MemberId),
    /// Those around a rank: who stood there has left the board.
    Rank(i64),
    /// The last; the cursor goes there.
    End(i64),
    /// Those below the last one that is here.
    Behind(MemberId),
    /// Those above the first one that is here.
    Before(MemberId),
}

impl At {
    fn place(self) -> Place {
        let half = i64::from(WINDOW / 2);
        match self {
            Self::Top | Self::Still => Place::Skip(0),
            Self::Here(member) | Self::To(member) => Place::Around(member),
            Self::Rank(rank) => Place::Skip((rank - half).max(0)),
            Self::End(members) => Place::Skip((members - i64::from(WINDOW)).max(0)),
            Self::Behind(member) => Place::Behind(member),
            Self::Before(member) => Place::Before(member),
        }
    }
}

/// What an answer about leaderboards is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum BoardWant {
    Page(Which, At),
    Find(Which, String),
    Types,
    /// The next rows of a file.
    File(Which, Place),
}

/// What has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mode {
    #[default]
    Board,
    /// A name is typed.
    Find,
    /// The event types are shown.
    Types,
}

/// The leaderboard screen.
#[derive(Debug)]
pub(crate) struct Board {
    /// Which one is asked for.
    pub(crate) which: Which,
    /// Which one the rows are of; another one until the first answer.
    pub(crate) shown: Which,
    pub(crate) page: Remote<BoardPage>,
    /// Counts from the first row that is here.
    pub(crate) cursor: Cursor,
    pub(crate) mode: Mode,
    pub(crate) find: TextField,
    pub(crate) found: Remote<Vec<Ranked>>,
    /// The name that they were found by.
    found_by: String,
    pub(crate) types: Remote<Vec<TypeBoard>>,
    /// In what is found, or in the types.
    pub(crate) choice: Cursor,
    file: Option<FileJob>,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            which: Which::All,
            shown: Which::All,
            page: Remote::default(),
            cursor: Cursor::default(),
            mode: Mode::default(),
            find: TextField::new(MAX_FIND),
            found: Remote::default(),
            found_by: String::new(),
            types: Remote::default(),
            choice: Cursor::default(),
            file: None,
        }
    }
}

impl Board {
    pub(crate) fn chain(&self) -> Chain {
        match self.mode {
            Mode::Board => chains::LEADERBOARD,
            Mode::Find => chains::BOARD_FIND,
            Mode::Types => chains::BOARD_TYPES,
        }
    }

    pub(crate) fn is_typing(&self) -> bool {
        self.mode == Mode::Find
    }

    pub(crate) fn rows(&self) -> &[Ranked] {
        self.page.get().map_or(&[], |page| page.rows.as_slice())
    }

    fn marked(&self) -> Option<&Ranked> {
        self.rows().get(self.cursor.at)
    }

    fn position(&self, member: MemberId) -> Option<usize> {
        self.rows().iter().position(|row| row.user_id == member)
    }

    /// My own row, unless it is in view already.
    pub(crate) fn own_out_of_view(&self, height: usize) -> Option<&Ranked> {
        let me = self.page.get()?.me.as_ref()?;
        let mut view = self.rows().iter().skip(self.cursor.top).take(height);
        (!view.any(|row| row.user_id == me.user_id)).then_some(me)
    }

    /// The event types' boards, behind the one of all events.
    pub(crate) fn type_names(&self) -> Vec<(Which, &str)> {
        let all = std::iter::once((Which::All, "All events"));
        let types = self.types.get().map_or(&[][..], Vec::as_slice);
        let types = types.iter().map(|one| (Which::Type(one.id), one.name.as_str()));
        all.chain(types).collect()
    }

    /// The name of the type whose board this is.
    pub(crate) fn type_name(&self) -> Option<&str> {
        self.type_names()
            .into_iter()
            .find(|(which, _)| matches!(which, Which::Type(_)) && *which == self.which)
            .map(|(_, name)| name)
    }

    pub(crate) fn height(cx: &Context) -> usize {
        usize::from(geometry::board(cx.setup.size).list.height)
    }

    // ---- asking ----

    fn ask(&mut self, at: At, cx: &mut Context) {
        let call = GameCall::Board {
            board: self.which,
            place: at.place(),
            most: WINDOW,
        };
        let want = Want::Board(BoardWant::Page(self.which, at));
        if self.shown == self.which && self.page.get().is_some() && !matches!(at, At::To(_) | At::End(_)) {
            cx.ask(want, Lane::Page, Call::Game(call));
        } else {
            self.page.ask();
            cx.ask_and_wait(want, Lane::Page, Call::Game(call));
        }
    }

    /// Asks again for what is here.
    fn ask_again(&mut self, cx: &mut Context) {
        let at = match (self.page.get(), self.marked()) {
            _ if self.shown != self.which => At::Top,
            (Some(page), Some(_)) if self.cursor.top == 0 && !page.above => At::Still,
            (Some(_), Some(row)) => At::Here(row.user_id),
            _ => At::Top,
        };
        self.ask(at, cx);
    }

    /// On coming here, and on F5.
    pub(crate) fn enter(&mut self, cx: &mut Context) {
        self.ask_again(cx);
        if self.mode == Mode::Types {
            self.ask_types(cx);
        }
        // What could not be looked for without the link is looked for now.
        if self.mode == Mode::Find && !self.wanted_name().is_empty() {
            self.ask_found(cx);
        }
    }

    pub(crate) fn poll(&mut self, cx: &mut Context) {
        if cx.requests.on(Lane::Page).is_none() {
            self.ask_again(cx);
        }
        self.go_on_with_the_file(cx);
    }

    fn ask_types(&mut self, cx: &mut Context) {
        let call = Call::Game(GameCall::TypeBoards);
        cx.fetch(&mut self.types, Want::Board(BoardWant::Types), Lane::Detail, call);
    }

    pub(crate) fn age(&mut self) {
        self.page.age();
    }

    /// Keeps cursor and window together, and asks for rows that the cursor comes near.
    pub(crate) fn settle(&mut self, cx: &mut Context) {
        let height = Self::height(cx);
        self.cursor.fit(self.rows().len(), height);
        let chosen = self.choices();
        self.choice.fit(chosen, height);
        if self.shown != self.which || cx.requests.on(Lane::Page).is_some() {
            return;
        }
        let Remote::Here(page) = &self.page else { return };
        let (Some(first), Some(last)) = (page.rows.first(), page.rows.last()) else {
            return;
        };
        if page.below && self.cursor.top + height + AHEAD >= page.rows.len() {
            self.ask(At::Behind(last.user_id), cx);
        } else if page.above && self.cursor.top < AHEAD {
            self.ask(At::Before(first.user_id), cx);
        }
    }

    // ---- answers ----

    pub(crate) fn answered(&mut self, want: BoardWant, result: Result<GameAnswer, Fault>, cx: &mut Context) {
        match want {
            BoardWant::Page(which, at) => {
                if which == self.which {
                    self.page_answered(at, unpack!(result, GameAnswer::Board(page) => page), cx);
                }
            }
            BoardWant::Find(which, query) => {
                if which == self.which && self.mode == Mode::Find && query == self.wanted_name() {
                    let same = self.found_by == query;
                    if !same {
                        // Those of another name are not kept over a broken link: Enter would go to one of them.
                        self.found = Remote::Loading;
                        self.choice = Cursor::default();
                    }
                    self.found_by = query;
                    self.found
                        .answer(unpack!(result, GameAnswer::Found(found) => found));
                    self.settle(cx);
                }
            }
            BoardWant::Types => {
                let first = self.types.get().is_none();
                self.types
                    .answer(unpack!(result, GameAnswer::TypeBoards(types) => types));
                if first {
                    self.mark_type(cx);
                }
            }
            BoardWant::File(which, place) => {
                let result = unpack!(result, GameAnswer::Board(page) => page);
                self.file_answered(which, place, result, cx);
            }
        }
    }

    fn page_answered(&mut self, at: At, result: Result<BoardPage, Fault>, cx: &mut Context) {
        let page = match result {
            Ok(page) => page,
            Err(fault) => {
                if self.shown == self.which {
                    self.page.answer(Err(fault));
                } else {
                    // What is here is of another board.
                    self.shown = self.which;
                    self.page = Remote::Failed(fault);
                }
                return;
            }
        };
        self.shown = self.which;
        // A page that was asked for by a member knows no number, unless they have left the board.
        let left = page.skipped.is_some();
        match at {
            At::Top => self.replace(page, |_| Some(0), cx),
            At::End(_) => self.replace(page, |page| page.rows.len().checked_sub(1), cx),
            At::To(member) => {
                let me = page.me.as_ref().filter(|me| me.user_id == member).cloned();
                let listed = page.rows.iter().any(|row| row.user_id == member);
                match (&me, listed, left) {
                    (Some(_), false, false) => cx.say(
                        Tone::Plain,
                        "Others do not see you on the board; this is where you would stand.",
                    ),
                    (_, false, true) => cx.say(Tone::Warn, "They are not on this board any more."),
                    _ => {}
                }
                let rank = me.map_or(1, |me| me.rank);
                self.replace(
                    page,
                    |page| place_of(page, member).or_else(|| place_at(page, rank)),
                    cx,
                );
            }
            At::Here(_) if left && page.below => {
                // Whoever the cursor was on has left the board: it stays where they stood.
                let rank = self.marked().map_or(1, |row| row.rank);
                self.ask(At::Rank(rank), cx);
                return;
            }
            At::Rank(rank) => self.replace(page, |page| place_at(page, rank), cx),
            At::Still | At::Here(_) => self.renew(page),
            At::Behind(_) | At::Before(_) if left => return self.ask_again(cx),
            At::Behind(member) => self.grow_down(member, page),
            At::Before(member) => self.grow_up(member, page),
        }
        self.settle(cx);
    }

    /// Other rows: the cursor goes to one of them.
    fn replace(&mut self, page: BoardPage, to: impl Fn(&BoardPage) -> Option<usize>, cx: &Context) {
        let at = to(&page).unwrap_or(0);
        self.cursor.jump(at, Self::height(cx));
        self.page.answer(Ok(page));
    }

    /// The same rows as they are now: the cursor, and what is around it, stay on the same member.
    fn renew(&mut self, page: BoardPage) {
        let on = self.marked().map(|row| row.user_id);
        let (at_top, above) = (self.is_at_the_top(), page.above);
        self.page.answer(Ok(page));
        if let Some(at) = on.and_then(|on| self.position(on)) {
            let before = self.cursor.at.saturating_sub(self.cursor.top);
            self.cursor.at = at;
            // Whoever watches the top goes on watching it.
            self.cursor.top = if at_top && !above {
                0
            } else {
                at.saturating_sub(before)
            };
        }
    }

    fn is_at_the_top(&self) -> bool {
        self.cursor.top == 0 && self.page.get().is_some_and(|page| !page.above)
    }

    fn grow_down(&mut self, behind: MemberId, more: BoardPage) {
        let Some(page) = self.page.get_mut() else { return };
        if page.rows.last().is_none_or(|last| last.user_id != behind) {
            return;
        }
        // Who has moved up or down meanwhile is here already; the next look puts them right.
        let new = more
            .rows
            .into_iter()
            .filter(|row| page.rows.iter().all(|old| old.user_id != row.user_id))
            .collect::<Vec<_>>();
        page.below = more.below && !new.is_empty();
        page.rows.extend(new);
        (page.members, page.me) = (more.members, more.me);
    }

    fn grow_up(&mut self, before: MemberId, more: BoardPage) {
        let Some(page) = self.page.get_mut() else { return };
        if page.rows.first().is_none_or(|first| first.user_id != before) {
            return;
        }
        let new = more
            .rows
            .into_iter()
            .filter(|row| page.rows.iter().all(|old| old.user_id != row.user_id))
            .collect::<Vec<_>>();
        page.above = more.above && !new.is_empty();
        let count = new.len();
        page.rows.splice(0..0, new);
        (page.members, page.me) = (more.members, more.me);
        self.cursor.at += count;
        self.cursor.top += count;
    }
}

fn place_of(page: &BoardPage, member: MemberId) -> Option<usize> {
    page.rows.iter().position(|row| row.user_id == member)
}

/// The first row that has this rank or a lower one.
fn place_at(page: &BoardPage, rank: i64) -> Option<usize> {
    let last = page.rows.len().checked_sub(1)?;
    Some(page.rows.iter().position(|row| row.rank >= rank).unwrap_or(last))
}
