//! Out, back and taken back without a link: what the roster decides is what the database decides afterwards, and
//! nothing that happened later is undone by it.

use chrono::{DateTime, TimeDelta, Utc};
use pine_time::db::{Db, Token};
use pine_time::domain::check_in::{FirstScan, Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::kept::{Act, Kept};
use pine_time::domain::member::MemberId;
use pine_time::domain::passage::{Passage, UndoOutcome, Undone};
use pine_time::domain::{Answer, Fault};

use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce, refused_field};

struct Stage {
    world: World,
    db: Db,
    mira: MemberId,
    token: Token,
    event: EventId,
    guests: Vec<MemberId>,
}

impl Stage {
    /// An event that has run for an hour and checks people out.
    async fn new(guests: usize) -> Self {
        let world = World::new().await;
        let event = world.event(-60, None).await;
        world.sql("UPDATE events SET has_check_out = true").await;
        let mut members = Vec::new();
        for number in 0..guests {
            members.push(world.guest(&format!("guest{number}"), event).await);
        }
        let mira = world.person("mira", "staff").await;
        let token = world.session(mira).await;
        Self {
            db: world.db(Role::Staff),
            world,
            mira,
            token,
            event,
            guests: members,
        }
    }

    fn kept(&self, guest: usize, act: Act, at: DateTime<Utc>) -> Kept {
        Kept {
            nonce: nonce(),
            event: self.event,
            presented: Presented::Member {
                id: self.guests[guest],
                typed: format!("guest{guest}"),
            },
            act,
            operator: format!("user:{}", self.mira.0),
            device: "door 9".into(),
            occurred_at: at,
            decided: None,
        }
    }

    fn undo(&self, guest: usize, passage: Passage, at: DateTime<Utc>) -> Kept {
        let act = Act::Undo {
            member: self.guests[guest],
            passage,
            reason: None,
        };
        self.kept(guest, act, at)
    }

    async fn replay(&self, kept: &Kept) -> Answer {
        self.db
            .replay(&self.token, kept)
            .await
            .unwrap_or_else(|error| panic!("{}", error.fault))
    }

    async fn outcome(&self, kept: &Kept) -> Outcome {
        match self.replay(kept).await {
            Answer::CheckedIn(checked) => checked.outcome,
            other => panic!("{other:?}"),
        }
    }

    async fn undone(&self, kept: &Kept) -> Undone {
        match self.replay(kept).await {
            Answer::Undone(undone) => undone,
            other => panic!("{other:?}"),
        }
    }

    async fn status(&self, guest: usize) -> String {
        let sql = format!(
            "SELECT status FROM event_attendees WHERE user_id = {}",
            self.guests[guest].0
        );
        self.world.value(&sql).await
    }
}

fn ago(minutes: i64) -> DateTime<Utc> {
    Utc::now() - TimeDelta::minutes(minutes)
}

/// Draws that are the same in every run.
struct Dice(u64);

impl Dice {
    fn draw(&mut self, sides: u64) -> u64 {
        // Knuth's MMIX generator; its high bits.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[tokio::test]
async fn an_evening_on_the_roster_ends_as_it_does_in_the_database() {
    const GUESTS: usize = 5;
    let mut seen = std::collections::HashMap::<String, u32>::new();
    for seed in [3, 1978, 20_261_127] {
        let stage = Stage::new(GUESTS).await;
        // Of these the first were let in and out before the link was lost.
        for (guest, act, minutes) in [(0, Act::In, 50), (1, Act::In, 50), (1, Act::Out, 40)] {
            assert_eq!(
                stage.outcome(&stage.kept(guest, act, ago(minutes))).await,
                Outcome::Ok
            );
        }
        let mut roster = stage.db.door_roster(&stage.token, stage.event).await.unwrap();
        let mut dice = Dice(seed);
        for step in 0..120 {
            let guest = usize::try_from(dice.draw(GUESTS as u64)).unwrap();
            let member = stage.guests[guest];
            let at = ago(30) + TimeDelta::seconds(step);
            let kept = match dice.draw(5) {
                0 | 1 => stage.kept(guest, Act::In, at),
                2 => stage.kept(guest, Act::Out, at),
                3 => stage.undo(guest, Passage::In, at),
                _ if dice.draw(2) == 0 => stage.undo(guest, Passage::Out, at),
                _ => stage.undo(guest, Passage::Back, at),
            };
            // The database is not told what the roster said: it decides by itself.
            let there = stage.replay(&kept).await;
            let what = match (&kept.act, &there) {
                (Act::Undo { passage, .. }, Answer::Undone(there)) => {
                    let here = roster.take_back(member, *passage, at).unwrap();
                    assert_eq!(
                        (here.outcome, here.points, here.total),
                        (there.outcome, there.points, there.total),
                        "seed {seed}, step {step}: {kept:?}"
                    );
                    format!("undo {passage:?} {:?}", here.outcome)
                }
                (act, Answer::CheckedIn(there)) => {
                    let scan = FirstScan {
                        at: Some(at),
                        device: Some("door 9".into()),
                        operator: Some("Mira".into()),
                    };
                    let here = if *act == Act::Out {
                        roster.check_out(&kept.presented, at)
                    } else {
                        roster.check_in(&kept.presented, at, scan)
                    };
                    assert_eq!(
                        (here.outcome, here.passage, here.points, here.total),
                        (there.outcome, there.passage, there.points, there.total),
                        "seed {seed}, step {step}: {kept:?}"
                    );
                    format!("{:?} {:?}", here.passage, here.outcome)
                }
                (_, other) => panic!("{other:?}"),
            };
            *seen.entry(what).or_default() += 1;
        }
        let fresh = stage.db.door_roster(&stage.token, stage.event).await.unwrap();
        for (here, there) in roster.people().iter().zip(fresh.people()) {
            assert_eq!(
                (here.id, here.standing, here.total),
                (there.id, there.standing, there.total),
                "seed {seed}"
            );
        }
        assert_eq!(roster.counts(), fresh.counts());
        let odd = "points_transactions AS p JOIN user_totals AS t USING (user_id)
                   GROUP BY t.user_id, t.earned HAVING t.earned <> sum(p.points)";
        assert_eq!(stage.world.count(&format!("(SELECT FROM {odd}) AS odd")).await, 0);
    }
    for what in [
        "In Ok",
        "Back Ok",
        "In Already",
        "Out Ok",
        "Out NotIn",
        "undo In Undone",
        "undo In Nothing",
        "undo Out Undone",
        "undo Out Nothing",
        "undo Back Undone",
        "undo Back Nothing",
    ] {
        assert!(seen.get(what).is_some_and(|times| *times > 1), "{what}: {seen:?}");
    }
}

#[tokio::test]
async fn whoever_went_out_comes_back_by_a_replay_and_is_paid_once() {
    let stage = Stage::new(1).await;
    assert_eq!(stage.outcome(&stage.kept(0, Act::In, ago(50))).await, Outcome::Ok);
    assert_eq!(
        stage.outcome(&stage.kept(0, Act::Out, ago(40))).await,
        Outcome::Ok
    );
    let back = stage.kept(0, Act::In, ago(30));
    let Answer::CheckedIn(answer) = stage.replay(&back).await else {
        panic!("a check-in's answer");
    };
    assert_eq!(
        (answer.outcome, answer.passage, answer.points),
        (Outcome::Ok, Passage::Back, 0)
    );
    assert_eq!(back.compare(&answer), None, "nothing to settle");
    assert_eq!(stage.status(0).await, "attended");
    let out: DateTime<Utc> = stage
        .world
        .value("SELECT check_out_time FROM event_attendees")
        .await;
    assert!(
        (out - ago(40)).abs() < TimeDelta::seconds(5),
        "when they went out"
    );
    assert_eq!(stage.world.count("points_transactions").await, 1);
}

#[tokio::test]
async fn what_happened_later_is_not_undone_by_what_is_brought() {
    let stage = Stage::new(4).await;
    // Guest 0 came in and went out again after the moment at which another door saw them come.
    stage.outcome(&stage.kept(0, Act::In, ago(50))).await;
    stage.outcome(&stage.kept(0, Act::Out, ago(20))).await;
    assert_eq!(
        stage.outcome(&stage.kept(0, Act::In, ago(30))).await,
        Outcome::Already,
        "nobody comes back before they went"
    );
    assert_eq!(stage.status(0).await, "left");
    let roster = stage.db.door_roster(&stage.token, stage.event).await.unwrap();
    let early = stage.kept(0, Act::In, ago(30));
    assert_eq!(
        roster.evaluate(&early.presented, early.occurred_at),
        Outcome::Already
    );

    // Guest 1 went out and came back; an older way out is not gone again.
    stage.outcome(&stage.kept(1, Act::In, ago(50))).await;
    stage.outcome(&stage.kept(1, Act::Out, ago(20))).await;
    stage.outcome(&stage.kept(1, Act::In, ago(10))).await;
    let older = Kept {
        decided: Some(Outcome::Ok),
        ..stage.kept(1, Act::Out, ago(30))
    };
    let answer = stage.replay(&older).await;
    assert_eq!(stage.status(1).await, "attended");
    let listed = older.settle(&answer).unwrap();
    assert_eq!(
        listed.why.as_str(),
        "Let out at the door; in the database: not inside."
    );

    // Guest 2 was checked in again after they had been taken back.
    stage.outcome(&stage.kept(2, Act::In, ago(50))).await;
    stage.undone(&stage.undo(2, Passage::In, ago(40))).await;
    stage.outcome(&stage.kept(2, Act::In, ago(20))).await;
    let older = stage.undo(2, Passage::In, ago(30));
    let undone = stage.undone(&older).await;
    assert_eq!((undone.outcome, undone.points), (UndoOutcome::Nothing, 0));
    assert_eq!(stage.status(2).await, "attended");
    assert_eq!(
        older.settle(&Answer::Undone(undone)).unwrap().why.as_str(),
        "Taken back at the door; in the database there was nothing to take back."
    );

    // Whom the door told that there is nothing stays as they are.
    stage.outcome(&stage.kept(3, Act::In, ago(50))).await;
    for act in [Act::Out, stage.undo(3, Passage::In, ago(30)).act] {
        let told = Kept {
            decided: Some(Outcome::NotIn),
            ..stage.kept(3, act, ago(30))
        };
        let answer = stage.replay(&told).await;
        assert_eq!(told.settle(&answer), None);
        assert_eq!(stage.status(3).await, "attended");
    }
}

#[tokio::test]
async fn another_terminals_check_in_takes_a_reason_also_afterwards() {
    let stage = Stage::new(1).await;
    check_in(&stage.db, &stage.token, stage.event, "guest0").await;
    stage
        .world
        .sql("UPDATE event_attendees SET check_in_time = now() - interval '30 min'")
        .await;
    let without = stage.undo(0, Passage::In, ago(10));
    let undone = stage.undone(&without).await;
    assert_eq!(undone.outcome, UndoOutcome::ReasonNeeded);
    let listed = without.settle(&Answer::Undone(undone)).unwrap();
    assert!(listed.why.as_str().contains("another terminal"), "{}", listed.why);
    assert!(listed.first.unwrap().device.is_some());
    let with = Kept {
        act: Act::Undo {
            member: stage.guests[0],
            passage: Passage::In,
            reason: Some("wrong person".to_owned()),
        },
        ..stage.undo(0, Passage::In, ago(10))
    };
    assert_eq!(stage.undone(&with).await.outcome, UndoOutcome::Undone);
    let kept: String = stage
        .world
        .value("SELECT reason || ' ' || device FROM check_in_log WHERE passage = 'undo_in'")
        .await;
    assert_eq!(kept, "wrong person door 9");
}

#[tokio::test]
async fn brought_twice_or_live_as_well_it_is_done_once() {
    let stage = Stage::new(1).await;
    stage.outcome(&stage.kept(0, Act::In, ago(50))).await;
    let out = stage.kept(0, Act::Out, ago(40));
    let done = stage.replay(&out).await;
    assert_eq!(stage.replay(&out).await, done);
    let live = stage
        .db
        .check_out(&stage.token, out.nonce, stage.event, &out.presented)
        .await
        .unwrap();
    assert_eq!(Answer::CheckedIn(live), done, "the live try arrives late");

    for passage in [Passage::Out, Passage::In] {
        let undo = stage.undo(0, passage, ago(30));
        let done = stage.undone(&undo).await;
        assert_eq!(done.outcome, UndoOutcome::Undone, "{passage:?}");
        assert_eq!(stage.undone(&undo).await, done);
        let (db, token, member) = (&stage.db, &stage.token, stage.guests[0]);
        let live = if passage == Passage::In {
            db.undo_check_in(token, undo.nonce, stage.event, member, None)
                .await
        } else {
            db.undo_passage(token, undo.nonce, stage.event, member, passage, None)
                .await
        };
        assert_eq!(live.unwrap(), done, "the live try arrives late");
        // The same key press for something else.
        let other = stage.kept(0, Act::Out, ago(30));
        let other = Kept {
            nonce: undo.nonce,
            ..other
        };
        assert!(matches!(
            fault(stage.db.replay(&stage.token, &other).await),
            Fault::Conflict(_)
        ));
    }
    let rows: Vec<String> = sqlx::query_scalar("SELECT passage FROM check_in_log ORDER BY id")
        .fetch_all(&stage.world.owner)
        .await
        .unwrap();
    assert_eq!(rows, ["in", "out", "undo_out", "undo_in"]);
}

#[tokio::test]
async fn every_kind_refuses_strangers_and_the_wrong_time_and_names_both_operators() {
    let stage = Stage::new(1).await;
    let guest = stage.world.session(stage.guests[0]).await;
    let jo = stage.world.person("jo", "admin").await;
    let jos = stage.world.session(jo).await;
    stage.outcome(&stage.kept(0, Act::In, ago(50))).await;
    for (action, act) in [
        ("replay_check_out", Act::Out),
        ("replay_undo", stage.undo(0, Passage::Out, ago(5)).act),
        ("replay_check_in", Act::In),
    ] {
        let kept = |at| stage.kept(0, act.clone(), at);
        for at in [ago(72 * 60 + 1), ago(-1)] {
            assert_eq!(
                refused_field(stage.db.replay(&stage.token, &kept(at)).await),
                "occurred_at",
                "{action}"
            );
        }
        for operator in ["", "user:0", "owner:", &format!("user:{}", stage.guests[0].0)] {
            let stranger = Kept {
                operator: operator.to_owned(),
                ..kept(ago(5))
            };
            assert_eq!(
                refused_field(stage.db.replay(&stage.token, &stranger).await),
                "operator",
                "{action}"
            );
        }
        let denied = stage.db.replay(&guest, &kept(ago(5))).await;
        assert!(matches!(fault(denied), Fault::NotAllowed(_)), "{action}");
        stage.db.replay(&jos, &kept(ago(5))).await.unwrap();
        let named = format!(
            "audit_log WHERE action = '{action}' AND actor = 'jo' AND after ->> 'operator' = 'mira'
             AND after ->> 'operator_device' = 'door 9'"
        );
        assert_eq!(stage.world.count(&named).await, 1, "{action}");
    }
    let nonsense = stage.undo(0, Passage::UndoIn, ago(5));
    assert_eq!(
        refused_field(stage.db.replay(&stage.token, &nonsense).await),
        "passage"
    );
}
