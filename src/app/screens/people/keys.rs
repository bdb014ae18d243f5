//! What keys do among an event's people.

use crate::app::action::{MoveAction, PeopleAction};
use crate::app::batch::Batch;
use crate::app::context::{Context, Tone, Wish};
use crate::app::geometry;
use crate::app::keymap::{Chain, Key, chains};
use crate::app::overlay::money;
use crate::app::pages::Pages;
use crate::app::remote::Remote;
use crate::app::text_field::{Edit, TextField};
use crate::domain::completion::Place;
use crate::domain::event_people::{DeskAct, EventPerson};
use crate::domain::member::MemberName;
use crate::domain::payment::RegistrationId;

use super::deeds::{self, Deed};
use super::listing::{Kind, Panel, SORTS, next};
use super::{Ask, Find, Found, Mode, People, Question};

/// Most that are marked with one key.
const MOST_MARKED: usize = 200;

impl People {
    /// The scopes that hold.
    pub(crate) fn chain(&self) -> Chain {
        match &self.mode {
            Mode::Table | Mode::Detail => chains::PEOPLE,
            Mode::Search => chains::PEOPLE_SEARCH,
            Mode::Panel(_) => chains::PEOPLE_PANEL,
            Mode::Ask(ask) if ask.choosing => chains::PEOPLE_ASK_CHOICE,
            Mode::Ask(ask) if ask.has_choice() => chains::PEOPLE_ASK_LINES,
            Mode::Ask(_) => chains::PEOPLE_ASK,
            Mode::Find(_) => chains::PEOPLE_FIND,
            Mode::Place => chains::PEOPLE_PLACE,
            Mode::Report(_) => chains::PEOPLE_REPORT,
        }
    }

    /// Whether printable keys go into a field.
    pub(crate) fn is_typing(&self) -> bool {
        matches!(
            self.mode,
            Mode::Search | Mode::Panel(_) | Mode::Ask(_) | Mode::Find(_)
        )
    }

    /// The field that takes what is typed.
    pub(crate) fn field_with_keys(&mut self) -> Option<&mut TextField> {
        match &mut self.mode {
            Mode::Search => Some(&mut self.search),
            Mode::Ask(ask) if !ask.sending && !ask.choosing => Some(&mut ask.text),
            Mode::Find(find) => Some(&mut find.field),
            _ => None,
        }
    }

    /// That field was put back as it had been.
    pub(crate) fn field_put_back(&mut self, cx: &mut Context) {
        self.edited(Edit::Changed, cx);
    }

    pub(crate) fn key(&mut self, key: Key, cx: &mut Context) -> Edit {
        let edit = match &mut self.mode {
            Mode::Search => self.search.key(key),
            Mode::Panel(panel) => panel.key(key),
            Mode::Ask(ask) => ask.key(key),
            Mode::Find(find) => find.field.key(key),
            _ => Edit::Ignored,
        };
        self.edited(edit, cx);
        edit
    }

    pub(crate) fn paste(&mut self, raw: &str, cx: &mut Context) -> Edit {
        let edit = match &mut self.mode {
            Mode::Search => self.search.paste(raw),
            Mode::Ask(ask) => ask.edit(|field| field.paste(raw)),
            Mode::Find(find) => find.field.paste(raw),
            _ => Edit::Ignored,
        };
        self.edited(edit, cx);
        edit
    }

    fn edited(&mut self, edit: Edit, cx: &mut Context) {
        if self.mode == Mode::Search && matches!(edit, Edit::Changed | Edit::Cut) {
            self.search_for(cx);
        }
        if let Mode::Find(find) = &mut self.mode
            && find.edited(edit)
        {
            self.look_for_members(cx);
        }
    }

    fn search_for(&mut self, cx: &mut Context) {
        let query = self.search.text().trim().to_owned();
        if query != self.listing.filter.query {
            self.listing.filter.query = query;
            self.relist(cx);
        }
    }

    pub(crate) fn step(&mut self, to: MoveAction, cx: &mut Context) {
        match &mut self.mode {
            Mode::Table | Mode::Detail | Mode::Search => {
                let len = self.table.len();
                self.table.cursor.step(to, len, Self::list_height(cx));
                self.moved(cx);
            }
            Mode::Find(find) => {
                let room = usize::from(geometry::people_find(cx.setup.size).1.height);
                let len = find.len();
                find.cursor.step(to, len, room);
                find.cursor.fit(len, room);
                find.offer = None;
                find.error = None;
            }
            Mode::Report(cursor) => {
                let len = self.batches.last().map_or(0, |batch| batch.lines.len());
                let room = usize::from(geometry::people_report(cx.setup.size, len).1.height);
                cursor.step(to, len, room);
                cursor.fit(len, room);
            }
            Mode::Panel(_) | Mode::Ask(_) | Mode::Place => {}
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
    }

    /// Why an action cannot be done now; `None` when it can.
    pub(crate) fn why_not(&self, action: PeopleAction, cx: &Context) -> Option<String> {
        use PeopleAction as A;
        let acts = matches!(
            action,
            A::Approve
                | A::Reject
                | A::Cancel
                | A::Move
                | A::Note
                | A::Promote
                | A::Late
                | A::TakeBack
                | A::Place
        );
        let writes = acts || action == A::Add;
        if writes && let Some(why) = cx.needs_link("This") {
            return Some(why);
        }
        if matches!(action, A::Pay | A::Refund | A::Payments)
            && let Some(why) = cx.needs_link("Money")
        {
            return Some(why);
        }
        let targets = self.table.targets();
        match action {
            A::Open | A::Mark | A::Profile if self.table.marked().is_none() => {
                Some("There is nobody under the cursor.".to_owned())
            }
            A::MarkAll if self.table.marks.is_empty() => self.why_not_mark_all(),
            A::Pay | A::Refund if targets.len() > 1 => {
                Some("Money is taken and given back one by one; Esc lets the marked ones go.".to_owned())
            }
            A::Place if self.results.get().is_none() => Some("The results are not here yet.".to_owned()),
            // Nobody is marked who was not there.
            A::Place => match targets.as_slice() {
                [] => Some("There is nobody under the cursor.".to_owned()),
                several => several
                    .iter()
                    .find_map(|person| deeds::why_not(action, person, &self.line, cx)),
            },
            _ if !acts && !matches!(action, A::Pay | A::Refund) => None,
            _ => {
                let busy =
                    |person: &&EventPerson| self.batches.iter().any(|batch| batch.awaits(person.member.id));
                if let Some(person) = targets.iter().copied().find(|person| busy(person)) {
                    let name = &person.member.full_name;
                    return Some(format!("What was done about {name} is not answered yet."));
                }
                let mut whys = targets
                    .iter()
                    .map(|person| deeds::why_not(action, person, &self.line, cx));
                match whys.next() {
                    None => Some("There is nobody under the cursor.".to_owned()),
                    // Of several those who can are done; the others' lines say why not.
                    Some(first) => first.filter(|_| whys.all(|why| why.is_some())),
                }
            }
        }
    }

    fn why_not_mark_all(&self) -> Option<String> {
        match self.table.pages.get() {
            Some(pages) if pages.total() == 0 => Some("There is nobody to mark.".to_owned()),
            Some(pages) if pages.has_all() && pages.total() <= MOST_MARKED => None,
            Some(_) => Some(format!(
                "Too many to mark at once: / and f narrow them down to {MOST_MARKED} or fewer."
            )),
            None => Some("Nobody is here yet.".to_owned()),
        }
    }

    pub(crate) fn act(&mut self, action: PeopleAction, cx: &mut Context) {
        match &mut self.mode {
            Mode::Panel(_) => self.act_on_panel(action, cx),
            Mode::Ask(_) => self.act_on_ask(action, cx),
            Mode::Find(_) => self.act_on_find(action, cx),
            Mode::Place => self.act_on_place(action, cx),
            Mode::Report(_) => self.mode = Mode::Table,
            Mode::Table | Mode::Detail | Mode::Search => self.act_on_table(action, cx),
        }
    }

    fn act_on_table(&mut self, action: PeopleAction, cx: &mut Context) {
        match action {
            PeopleAction::Open if cx.is_wide() => {}
            PeopleAction::Open => {
                self.mode = if self.mode == Mode::Detail {
                    Mode::Table
                } else {
                    Mode::Detail
                };
            }
            PeopleAction::Mark => self.mark(cx),
            PeopleAction::MarkAll if self.table.marks.is_empty() => {
                let rows = self.table.pages.get().into_iter().flat_map(Pages::rows);
                self.table.marks = rows.map(|row| (row.member.id, row.clone())).collect();
            }
            PeopleAction::MarkAll => self.table.marks.clear(),
            PeopleAction::Search => self.mode = Mode::Search,
            PeopleAction::SearchKeep => self.mode = Mode::Table,
            PeopleAction::SearchDrop => self.drop_search(cx),
            PeopleAction::KindOn | PeopleAction::KindBack => {
                self.listing.step(action == PeopleAction::KindOn);
                self.relist(cx);
            }
            PeopleAction::Panel => self.mode = Mode::Panel(Panel::new(&self.listing)),
            PeopleAction::Sort => {
                self.listing.sort = next(&SORTS, self.listing.sort, true);
                self.relist(cx);
                cx.say(Tone::Plain, format!("Listed {}.", self.listing.order()));
            }
            PeopleAction::Reverse => {
                self.listing.descending = !self.listing.descending;
                self.relist(cx);
                cx.say(Tone::Plain, format!("Listed {}.", self.listing.order()));
            }
            PeopleAction::File => self.begin_file(cx),
            PeopleAction::Payments => money::payments_of(&self.line, cx),
            PeopleAction::Profile => {
                if let Some(person) = self.table.marked() {
                    cx.wish(Wish::Profile(Some(Box::new(person.member.clone()))));
                }
            }
            PeopleAction::Add => self.mode = Mode::Find(Box::new(Find::new(Found::Members(Remote::Nothing)))),
            PeopleAction::Close => self.close(cx),
            action => self.act_on_targets(action, cx),
        }
    }

    fn act_on_targets(&mut self, action: PeopleAction, cx: &mut Context) {
        let question = match action {
            PeopleAction::Approve => return self.send_at_once(&Deed::Desk(DeskAct::Approve), cx),
            PeopleAction::Pay | PeopleAction::Refund => {
                if let Some(person) = self.table.targets().first() {
                    let registration = RegistrationId(person.registration_id);
                    if action == PeopleAction::Pay {
                        money::pay(registration, cx);
                    } else {
                        money::refund(registration, cx);
                    }
                }
                return;
            }
            PeopleAction::Place => {
                self.mode = Mode::Place;
                return;
            }
            PeopleAction::Move => {
                let people = self.table.targets().into_iter().cloned().collect();
                return self.look_for_events(people, cx);
            }
            PeopleAction::Reject => Question::Reject,
            PeopleAction::Cancel => Question::Cancel,
            PeopleAction::Note => Question::Note,
            PeopleAction::Promote => Question::Promote,
            PeopleAction::Late => Question::Late,
            PeopleAction::TakeBack => Question::TakeBack,
            _ => return,
        };
        let people: Vec<EventPerson> = self.table.targets().into_iter().cloned().collect();
        self.mode = Mode::Ask(Box::new(Ask::new(question, &people)));
    }

    /// Marks who is under the cursor and goes on, so that several are marked by holding the key.
    fn mark(&mut self, cx: &mut Context) {
        if self.table.mark() {
            self.step(MoveAction::Down, cx);
        }
    }

    fn drop_search(&mut self, cx: &mut Context) {
        self.mode = Mode::Table;
        self.search.clear();
        self.search_for(cx);
    }

    /// One thing at a time: the page, the marks, the search, the filter, the screen.
    fn close(&mut self, cx: &mut Context) {
        if self.mode == Mode::Detail {
            self.mode = Mode::Table;
        } else if !self.table.marks.is_empty() {
            self.table.marks.clear();
        } else if !self.listing.filter.query.is_empty() {
            self.drop_search(cx);
        } else if self.listing.kind() != Some(Kind::All) {
            self.listing.turn(Kind::All);
            self.relist(cx);
        } else {
            cx.wish(Wish::People(None));
        }
    }

    fn act_on_panel(&mut self, action: PeopleAction, cx: &mut Context) {
        let Mode::Panel(panel) = &mut self.mode else {
            return;
        };
        match action {
            PeopleAction::Take => {
                let listing = panel.listing.clone();
                self.mode = Mode::Table;
                if listing != self.listing {
                    self.listing = listing;
                    self.relist(cx);
                }
            }
            PeopleAction::Close => self.mode = Mode::Table,
            action => panel.act(action),
        }
    }

    fn act_on_ask(&mut self, action: PeopleAction, cx: &mut Context) {
        let Mode::Ask(ask) = &mut self.mode else { return };
        match action {
            PeopleAction::Close => self.mode = Mode::Table,
            _ if ask.sending => {}
            PeopleAction::Next | PeopleAction::Previous => ask.choosing = ask.has_choice() && !ask.choosing,
            PeopleAction::ChoiceOn | PeopleAction::ChoiceBack => ask.turn(),
            PeopleAction::Take => match ask.deed() {
                Ok(deed) => {
                    ask.sending = true;
                    ask.error = None;
                    let who: Vec<MemberName> = ask.who.clone();
                    self.send(&deed, &who, cx);
                }
                Err(why) => ask.error = Some(why.into()),
            },
            _ => {}
        }
    }

    fn act_on_find(&mut self, action: PeopleAction, cx: &mut Context) {
        let Mode::Find(find) = &mut self.mode else { return };
        match (action, &find.found) {
            (PeopleAction::Close, _) => self.mode = Mode::Table,
            (PeopleAction::Take, Found::Members(_)) => self.register_found(cx),
            (PeopleAction::Take, Found::Events(_, people)) => {
                if let Some(to) = find.events().get(find.cursor.at) {
                    let question = Question::Move {
                        to: Box::new((*to).clone()),
                        wait: false,
                    };
                    let ask = Ask::new(question, people);
                    self.mode = Mode::Ask(Box::new(ask));
                }
            }
            _ => {}
        }
    }

    fn act_on_place(&mut self, action: PeopleAction, cx: &mut Context) {
        match action {
            PeopleAction::First => self.set_place(Some(Place::First), cx),
            PeopleAction::Second => self.set_place(Some(Place::Second), cx),
            PeopleAction::Third => self.set_place(Some(Place::Third), cx),
            PeopleAction::NoPlace => self.set_place(None, cx),
            _ => self.mode = Mode::Table,
        }
    }

    /// What several are being done, for the list of results.
    pub(crate) fn batch(&self) -> Option<&Batch> {
        self.batches.last()
    }
}
