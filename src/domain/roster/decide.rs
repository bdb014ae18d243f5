//! The rules of the door decided in memory: check-in in the order of `pine.evaluate_check_in`, coming back, check-out, and
//! taking back. Tests hold each against the database's own.

use chrono::TimeDelta;

use super::{Person, Roster};
use crate::domain::badge::Earned;
use crate::domain::check_in::{CheckedIn, FirstScan, Outcome, Presented, Standing};
use crate::domain::member::MemberId;
use crate::domain::passage::{Evaluation, Passage, UndoOutcome, Undone};
use crate::domain::{SafeText, Timestamp, pass_code};

impl Roster {
    /// What the rules say of what was presented, at one moment: the rules and the order of
    /// `pine.evaluate_check_in`. Who is not on the roster is not registered, if chosen from a list or shown by a pass
    /// code; a text is unknown: whether some other member is called so, only the database knows.
    pub fn evaluate(&self, presented: &Presented, at: Timestamp) -> Outcome {
        let page = &self.page;
        let Some(person) = self.find(presented) else {
            return match presented {
                _ if !page.is_active => Outcome::EventInactive,
                Presented::Member { .. } => Outcome::NotRegistered,
                Presented::Text(text) if pass_code::read(text).is_ok() => Outcome::NotRegistered,
                Presented::Text(_) => Outcome::UnknownCode,
            };
        };
        if !person.is_active {
            return Outcome::MemberInactive;
        } else if !page.is_active {
            return Outcome::EventInactive;
        }
        match person.standing {
            Standing::Left if self.may_come_back(person, at) => return Outcome::Ok,
            Standing::In | Standing::Left => return Outcome::Already,
            Standing::None => return Outcome::NotRegistered,
            Standing::Cancelled => return Outcome::Cancelled,
            Standing::Pending => return Outcome::Pending,
            Standing::Waitlisted => return Outcome::Waitlisted,
            Standing::Registered | Standing::Unpaid => {}
        }
        if at < self.opens_at() {
            Outcome::TooEarly
        } else if at >= page.end_time {
            Outcome::Over
        } else if person.standing == Standing::Unpaid {
            Outcome::Unpaid
        } else {
            Outcome::Ok
        }
    }

    /// What a check-in would bring, for a look before letting in. The rules one by one are the database's to tell.
    pub fn weigh(&self, presented: &Presented, at: Timestamp) -> Evaluation {
        let outcome = self.evaluate(presented, at);
        let person = self.find(presented);
        let back = person.is_some_and(|person| person.standing == Standing::Left);
        Evaluation {
            input: shown(presented),
            outcome,
            passage: if back && outcome == Outcome::Ok {
                Passage::Back
            } else {
                Passage::In
            },
            member: person.map(Person::name),
            event_id: self.page.event_id,
            event_title: self.page.title.clone(),
            at,
            rules: Vec::new(),
            door_note: person.and_then(|p| p.door_note.clone()),
        }
    }

    /// Whether somebody who went out may come in again, as `pine.may_come_back` has it: not before they went.
    fn may_come_back(&self, person: &Person, at: Timestamp) -> bool {
        let out = person.first.as_ref().and_then(|out| out.at);
        self.page.has_check_out && at < self.page.end_time && out.is_none_or(|out| out <= at)
    }

    /// When the door opens.
    pub fn opens_at(&self) -> Timestamp {
        self.page.start_time - TimeDelta::minutes(i64::from(self.page.opens_minutes))
    }

    /// One attempt, decided here and now, as the database would answer it; whoever is let in is in from now on.
    pub fn check_in(&mut self, presented: &Presented, at: Timestamp, scan: FirstScan) -> CheckedIn {
        let outcome = self.evaluate(presented, at);
        let person = self.find(presented).cloned();
        let back = person
            .as_ref()
            .is_some_and(|person| person.standing == Standing::Left);
        let points = if outcome == Outcome::Ok && !back {
            self.page.points_reward
        } else {
            0
        };
        if let (Outcome::Ok, Some(person)) = (outcome, &person) {
            self.put(person.id, Standing::In, Some(scan));
            if let Some(row) = self.row(person.id) {
                row.total += i64::from(points);
            }
        }
        CheckedIn {
            input: shown(presented),
            outcome,
            event_id: self.page.event_id,
            event_title: self.page.title.clone(),
            points,
            total: person.as_ref().map_or(0, |p| p.total) + i64::from(points),
            at,
            first: person
                .as_ref()
                .filter(|_| outcome == Outcome::Already || (back && outcome == Outcome::Ok))
                .and_then(|p| p.first.clone()),
            opens_at: (outcome == Outcome::TooEarly).then(|| self.opens_at()),
            ended_at: (outcome == Outcome::Over).then_some(self.page.end_time),
            passage: if back && outcome == Outcome::Ok {
                Passage::Back
            } else {
                Passage::In
            },
            overrode: None,
            over_capacity: false,
            due: person
                .as_ref()
                .filter(|_| outcome == Outcome::Unpaid)
                .and_then(|p| p.due),
            paid: None,
            door_note: person.as_ref().and_then(|p| p.door_note.clone()),
            // Streaks and badges are the database's to count.
            earned: match points {
                0 => Vec::new(),
                points => vec![Earned::Attendance { points }],
            },
            member: person.as_ref().map(Person::name),
        }
    }

    /// One person at the way out, decided here and now, as `pine.check_out` would.
    pub fn check_out(&mut self, presented: &Presented, at: Timestamp) -> CheckedIn {
        let person = self.find(presented).cloned();
        let outcome = match (&person, presented) {
            (Some(person), _) if person.standing == Standing::In => Outcome::Ok,
            (None, Presented::Text(text)) if pass_code::read(text).is_err() => Outcome::UnknownCode,
            _ => Outcome::NotIn,
        };
        if let (Outcome::Ok, Some(person)) = (outcome, &person) {
            let out = FirstScan {
                at: Some(at),
                device: None,
                operator: None,
            };
            self.put(person.id, Standing::Left, Some(out));
            if let Some(person) = self.row(person.id) {
                person.outs.push(at);
            }
        }
        CheckedIn {
            input: shown(presented),
            outcome,
            event_id: self.page.event_id,
            event_title: self.page.title.clone(),
            points: 0,
            total: person.as_ref().map_or(0, |person| person.total),
            at,
            first: person.as_ref().and_then(|person| person.first.clone()),
            opens_at: None,
            ended_at: None,
            overrode: None,
            over_capacity: false,
            due: None,
            paid: None,
            door_note: person.as_ref().and_then(|p| p.door_note.clone()),
            earned: Vec::new(),
            passage: Passage::Out,
            member: person.as_ref().map(Person::name),
        }
    }

    /// Takes over what the database has answered about somebody; whom it changed.
    pub fn learn(&mut self, checked: &CheckedIn, scan: FirstScan) -> Option<MemberId> {
        let member = checked.member.as_ref()?.id;
        let (standing, first) = match (checked.outcome, checked.passage) {
            (Outcome::Ok, Passage::Out) => {
                let out = FirstScan {
                    at: Some(checked.at),
                    device: None,
                    operator: None,
                };
                (Standing::Left, Some(out))
            }
            (Outcome::Ok, _) => (Standing::In, Some(scan)),
            (Outcome::Already, _) => (Standing::In, checked.first.clone()),
            _ => return None,
        };
        let person = self.row(member)?;
        person.standing = standing;
        person.first = first;
        person.total = checked.total;
        if standing == Standing::Left {
            person.outs.push(checked.at);
        }
        Some(member)
    }

    /// Takes somebody's last passage of a kind back, as `pine.undo_passage` would; none for who is not on the roster.
    pub fn take_back(&mut self, member: MemberId, passage: Passage, at: Timestamp) -> Option<Undone> {
        let reward = self.page.points_reward;
        let person = self.row(member)?;
        let stands = match (passage, person.standing) {
            (Passage::In, Standing::In | Standing::Left) if person.due.is_some() => Some(Standing::Unpaid),
            (Passage::In, Standing::In | Standing::Left) => Some(Standing::Registered),
            (Passage::Out, Standing::Left) => Some(Standing::In),
            (Passage::Back, Standing::In) if !person.outs.is_empty() => Some(Standing::Left),
            _ => None,
        };
        let first = person.first.clone().filter(|_| stands.is_some());
        let mut points = 0;
        if let Some(standing) = stands {
            person.standing = standing;
            person.first = None;
            match passage {
                Passage::Out => drop(person.outs.pop()),
                Passage::Back => {
                    person.first = person.outs.last().map(|out| FirstScan {
                        at: Some(*out),
                        device: None,
                        operator: None,
                    });
                }
                _ => {
                    points = -reward;
                    person.total += i64::from(points);
                    person.outs.clear();
                }
            }
        }
        let (name, total) = (person.name(), person.total);
        Some(Undone {
            outcome: if stands.is_some() {
                UndoOutcome::Undone
            } else {
                UndoOutcome::Nothing
            },
            passage,
            member: name,
            event_id: self.page.event_id,
            event_title: self.page.title.clone(),
            points,
            total,
            at,
            voided: None,
            first,
            lost: Vec::new(),
        })
    }
}

fn shown(presented: &Presented) -> SafeText {
    match presented {
        Presented::Member { typed, .. } | Presented::Text(typed) => SafeText::line(typed),
    }
}
