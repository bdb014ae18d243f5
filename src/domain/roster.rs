//! The roster of one event as a door takes it along: who is on it, how they stand, and the search that needs no database.
//! The rules decided on it stand in `decide.rs`.

mod decide;
mod words;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::check_in::{Candidate, FirstScan, Presented, Standing};
use super::door_note::DoorNote;
use super::event::EventId;
use super::member::{MemberId, MemberName};
use super::money::Money;
use super::{SafeText, Timestamp, pass_code};
use words::{Folded, Word};

pub use words::fold;

/// Rows of a search, as many as the database answers.
const FOUND: usize = 40;

/// Somebody on the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// `users.id`.
    pub id: MemberId,
    /// Sign-in name.
    pub username: SafeText,
    /// Name as people say it.
    pub full_name: SafeText,
    /// E-mail address.
    pub email: SafeText,
    /// Name, user name and e-mail address without accents and case, as the database folds them.
    pub folded: String,
    /// Ten canonical characters.
    pub pass_code: SafeText,
    /// False once deactivated.
    pub is_active: bool,
    /// Points earned when the roster was taken.
    pub total: i64,
    /// How they stand to the event.
    pub standing: Standing,
    /// What is to be paid, if anything is.
    #[serde(default)]
    pub due: Option<Money>,
    /// The check-in that stands, when `in`; when they went out, when `left`.
    pub first: Option<FirstScan>,
    /// When they went out in this attendance, as far as it is known here; the last one last.
    #[serde(default)]
    pub outs: Vec<Timestamp>,
    /// What the door should know of them.
    #[serde(default)]
    pub door_note: Option<DoorNote>,
}

impl Person {
    fn name(&self) -> MemberName {
        MemberName {
            id: self.id,
            username: self.username.clone(),
            full_name: self.full_name.clone(),
        }
    }
}

/// How somebody stands after what a door did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    member: MemberId,
    standing: Standing,
    first: Option<FirstScan>,
    outs: Vec<Timestamp>,
    total: i64,
}

/// A page of the roster, and the event's numbers with each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Which event.
    pub event_id: EventId,
    /// Its title.
    pub title: SafeText,
    /// Its start.
    pub start_time: Timestamp,
    /// Its end.
    pub end_time: Timestamp,
    /// False once cancelled.
    pub is_active: bool,
    /// Whether people who leave are checked out and may come back.
    pub has_check_out: bool,
    /// What a check-in pays.
    pub points_reward: i32,
    /// Minutes before the start at which the door opens.
    pub opens_minutes: i32,
    /// The database's clock when the page was read.
    pub clock: Timestamp,
    /// By id.
    pub people: Vec<Person>,
}

/// Everybody with a registration or an attendance at one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    page: Page,
    /// What all of them are found by, one behind the other, and where each ends: it is read whole with every key.
    folded: String,
    ends: Vec<usize>,
    /// The rows in the order of their pass codes, their user names and their e-mail addresses.
    by_code: Vec<u32>,
    by_username: Vec<u32>,
    by_email: Vec<u32>,
}

/// The order of two texts whatever the case of plain letters, which is what PostgreSQL's `lower` knows in the C locale.
fn compare(one: &str, other: &str) -> Ordering {
    let lower = |letter: u8| letter.to_ascii_lowercase();
    one.bytes().map(lower).cmp(other.bytes().map(lower))
}

/// Whom a name brings.
enum Called<'a> {
    Nobody,
    One(&'a Person),
    /// Not known which.
    Several,
}

impl<'a> Called<'a> {
    fn alone(self) -> Option<&'a Person> {
        match self {
            Self::One(person) => Some(person),
            Self::Nobody | Self::Several => None,
        }
    }
}

impl Roster {
    /// A roster of all its people. Later pages of it were joined to the first by the caller.
    pub fn new(page: Page) -> Self {
        let mut page = page;
        page.people.sort_by_key(|person| person.id);
        let order = |key: fn(&Person) -> &SafeText| {
            let text = |at: &u32| page.people.get(*at as usize).map_or("", |p| key(p).as_str());
            let mut rows: Vec<u32> = (0..).take(page.people.len()).collect();
            rows.sort_unstable_by(|a, b| compare(text(a), text(b)));
            rows
        };
        let (mut folded, mut ends) = (String::new(), Vec::with_capacity(page.people.len()));
        for person in &page.people {
            folded.push_str(&person.folded);
            ends.push(folded.len());
        }
        Self {
            folded,
            ends,
            by_code: order(|person| &person.pass_code),
            by_username: order(|person| &person.username),
            by_email: order(|person| &person.email),
            page,
        }
    }

    /// Who is called so in one of the orders.
    fn called(&self, rows: &[u32], key: fn(&Person) -> &SafeText, wanted: &str) -> Called<'_> {
        let person = |at: usize| self.page.people.get(*rows.get(at)? as usize);
        let is_so = |person: &&Person| compare(key(person).as_str(), wanted).is_eq();
        let first = rows.partition_point(|at| {
            let person = self.page.people.get(*at as usize);
            person.is_some_and(|person| compare(key(person).as_str(), wanted).is_lt())
        });
        match person(first).filter(is_so) {
            None => Called::Nobody,
            Some(_) if person(first + 1).is_some_and(|next| is_so(&next)) => Called::Several,
            Some(found) => Called::One(found),
        }
    }

    /// What it was made of, for keeping it.
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Which event it is of.
    pub fn event_id(&self) -> EventId {
        self.page.event_id
    }

    /// Everybody on it, by id.
    pub fn people(&self) -> &[Person] {
        &self.page.people
    }

    /// Who is meant, as `pine.find_presented` reads it: a pass code, else exactly a user name, else exactly an e-mail
    /// address.
    pub fn find(&self, presented: &Presented) -> Option<&Person> {
        match presented {
            Presented::Member { id, .. } => {
                let at = self.page.people.binary_search_by_key(id, |p| p.id).ok()?;
                self.page.people.get(at)
            }
            Presented::Text(text) => {
                let wanted = text.trim_matches(' ');
                let by_code = pass_code::read(text)
                    .ok()
                    .and_then(|code| self.called(&self.by_code, |p| &p.pass_code, &code).alone());
                by_code.or_else(|| match self.called(&self.by_username, |p| &p.username, wanted) {
                    Called::Nobody => self.called(&self.by_email, |p| &p.email, wanted).alone(),
                    called => called.alone(),
                })
            }
        }
    }

    /// How somebody stands now; none for who is not on the roster.
    pub fn stands(&self, member: MemberId) -> Option<Stood> {
        let at = self
            .page
            .people
            .binary_search_by_key(&member, |person| person.id)
            .ok()?;
        let person = self.page.people.get(at)?;
        Some(Stood {
            member,
            standing: person.standing,
            first: person.first.clone(),
            outs: person.outs.clone(),
            total: person.total,
        })
    }

    /// Somebody stands so: what a door did while a newer roster did not know it yet.
    pub fn stand(&mut self, stood: &Stood) {
        if let Some(person) = self.row(stood.member) {
            person.standing = stood.standing;
            person.first.clone_from(&stood.first);
            person.outs.clone_from(&stood.outs);
            person.total = stood.total;
        }
    }

    fn put(&mut self, member: MemberId, standing: Standing, first: Option<FirstScan>) {
        if let Some(person) = self.row(member) {
            person.standing = standing;
            person.first = first;
        }
    }

    /// The note on somebody is another now, or was read.
    pub fn set_note(&mut self, member: MemberId, note: Option<DoorNote>) {
        if let Some(person) = self.row(member) {
            person.door_note = note;
        }
    }

    fn row(&mut self, member: MemberId) -> Option<&mut Person> {
        let at = self.page.people.binary_search_by_key(&member, |p| p.id).ok()?;
        self.page.people.get_mut(at)
    }

    /// Who matches what is typed, at most forty, in the order of `api.find_at_door`: exactly named first, then by
    /// standing, then those of whose name words begin so, then those of whose user name or address they do.
    pub fn search(&self, query: &str) -> Vec<Candidate> {
        let typed = query.trim();
        if typed.is_empty() {
            return Vec::new();
        }
        let exact = self
            .find(&Presented::Text(typed.to_owned()))
            .map(|person| person.id);
        let whole = fold(typed);
        let words: Vec<Word> = whole.split_whitespace().map(Word::read).collect();
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        let texts = begins
            .zip(&self.ends)
            .map(|(begin, end)| Folded(self.folded.get(begin..*end).unwrap_or_default()));
        let mut found: Vec<(bool, u8, u8, &Person)> = texts
            .zip(&self.page.people)
            .filter(|(text, p)| words.iter().all(|word| text.has(word)) || Some(p.id) == exact)
            .filter(|(_, p)| p.is_active)
            .map(|(text, p)| (Some(p.id) != exact, place(p.standing), text.fit(&words), p))
            .collect();
        let order = |a: &(bool, u8, u8, &Person), b: &(bool, u8, u8, &Person)| {
            (a.0, a.1, a.2, &a.3.full_name, a.3.id).cmp(&(b.0, b.1, b.2, &b.3.full_name, b.3.id))
        };
        if found.len() > FOUND {
            // Of thousands only the first are put in order: this runs with every key.
            found.select_nth_unstable_by(FOUND, order);
            found.truncate(FOUND);
        }
        found.sort_by(order);
        found
            .into_iter()
            .map(|(_, _, _, p)| Candidate {
                id: p.id,
                username: p.username.clone(),
                full_name: p.full_name.clone(),
                pass_code: p.pass_code.clone(),
                standing: p.standing,
                due: p.due.filter(|_| p.standing == Standing::Unpaid),
                first: p.first.clone(),
                door_note: p.door_note.clone(),
            })
            .collect()
    }

    /// People who hold a seat, people who are in, people who are due.
    pub fn counts(&self) -> (i64, i64, i64) {
        let many = |standing| {
            let people = self.page.people.iter().filter(|p| p.standing == standing);
            i64::try_from(people.count()).unwrap_or(i64::MAX)
        };
        let (due, inside) = (
            many(Standing::Registered) + many(Standing::Unpaid),
            many(Standing::In) + many(Standing::Left),
        );
        (due + inside, inside, due)
    }
}

fn place(standing: Standing) -> u8 {
    match standing {
        Standing::Registered => 0,
        Standing::Unpaid => 1,
        Standing::In => 2,
        Standing::Left => 3,
        Standing::Pending => 4,
        Standing::Waitlisted => 5,
        Standing::Cancelled => 6,
        Standing::None => 7,
    }
}
