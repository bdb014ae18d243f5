//! The line over a link that breaks: queued, brought with original times, in order, by the next process too.

use std::path::Path;
use std::time::Duration;

use pine_time::db::{Db, Desk, Settings};
use pine_time::domain::check_in::{Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::kept::{Act, Deed, Unsettled};
use pine_time::domain::member::MemberId;
use pine_time::domain::passage::{Passage, UndoOutcome};
use pine_time::domain::{Answer, Nonce};
use pine_time::door::{Journal, Line, Told};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::support::cluster::Role;
use crate::support::proxy::Proxy;
use crate::support::until;
use crate::support::world::World;

type News = mpsc::UnboundedReceiver<Told<u64>>;

struct Door {
    line: Line<Desk, u64>,
    news: News,
    event: EventId,
    asked: u64,
}

impl Door {
    async fn open(world: &World, proxy: &Proxy, folder: &Path, event: EventId, who: MemberId) -> Self {
        let db = Db::new(Settings::new(proxy.url(Role::Staff), "door 1")).unwrap();
        let (tell, news) = mpsc::unbounded_channel();
        let journal = Journal::open(folder, "key").unwrap();
        let line = Line::start(&Handle::current(), Some(journal), move |told| {
            drop(tell.send(told));
        });
        line.open(Desk::with_token(db, world.session(who).await));
        line.signed_in(format!("user:{}", who.0), "door 1".into());
        Self {
            line,
            news,
            event,
            asked: 0,
        }
    }

    fn check_in(&mut self, name: &str) -> Nonce {
        self.does(name, Act::In)
    }

    fn does(&mut self, name: &str, act: Act) -> Nonce {
        self.asked += 1;
        let deed = Deed {
            nonce: Nonce::new_v4(),
            event: self.event,
            presented: Presented::Text(name.to_owned()),
            act,
        };
        let nonce = deed.nonce;
        self.line.ask(self.asked, deed);
        nonce
    }

    /// Takes news until this many are answered, letting in whomever is queued; what was queued, and what came.
    async fn answers(&mut self, many: usize) -> (Vec<u64>, Vec<Outcome>, Vec<Unsettled>) {
        let (mut queued, mut outcomes, mut unsettled) = (Vec::new(), Vec::new(), Vec::new());
        while outcomes.len() < many || self.line.queued() > 0 {
            let news = tokio::time::timeout(Duration::from_secs(30), self.news.recv()).await;
            match news.expect("news within half a minute").unwrap() {
                Told::Queued { request, kept, .. } => {
                    queued.push(request);
                    self.line.decide(kept.nonce, Some(Outcome::Ok));
                }
                Told::Done { result, .. } => match result {
                    Ok(Answer::CheckedIn(checked)) => outcomes.push(checked.outcome),
                    Ok(Answer::Undone(undone)) => outcomes.push(match undone.outcome {
                        UndoOutcome::Undone => Outcome::Ok,
                        _ => Outcome::NotIn,
                    }),
                    other => panic!("{other:?}"),
                },
                Told::Holding { unsettled: list, .. } => unsettled = list,
                Told::Retrying { .. } => {}
            }
        }
        // The last word on what is held comes right behind the last answer.
        while let Ok(told) = self.news.try_recv() {
            if let Told::Holding { unsettled: list, .. } = told {
                unsettled = list;
            }
        }
        (queued, outcomes, unsettled)
    }

    async fn queued(&mut self, many: usize) {
        let mut seen = 0;
        while seen < many {
            let news = tokio::time::timeout(Duration::from_secs(30), self.news.recv()).await;
            if let Told::Queued { kept, .. } = news.expect("queued within half a minute").unwrap() {
                self.line.decide(kept.nonce, Some(Outcome::Ok));
                seen += 1;
            }
        }
    }
}

async fn stage(names: &[&str]) -> (World, Proxy, EventId, MemberId) {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    for name in names {
        world.guest(name, event).await;
    }
    let mira = world.person("mira", "staff").await;
    let proxy = Proxy::start(&world.database).await;
    (world, proxy, event, mira)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_link_queues_and_brings_with_the_original_times() {
    let (world, mut proxy, event, mira) = stage(&["ana", "ben", "cleo"]).await;
    let folder = tempfile::tempdir().unwrap();
    let mut door = Door::open(&world, &proxy, folder.path(), event, mira).await;
    door.check_in("ana");
    assert_eq!(door.answers(1).await, (vec![], vec![Outcome::Ok], vec![]));

    proxy.refuse().await;
    let cut = chrono::Utc::now();
    door.check_in("ben");
    door.check_in("cleo");
    door.queued(2).await;
    let last = chrono::Utc::now();
    assert_eq!(door.line.queued(), 2);
    let again = door.check_in("ben");
    door.queued(1).await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    proxy.flow().await;
    let (_, outcomes, unsettled) = door.answers(3).await;
    assert_eq!(outcomes, [Outcome::Ok, Outcome::Ok, Outcome::Already]);
    assert_eq!(
        unsettled.iter().map(|u| u.kept.nonce).collect::<Vec<_>>(),
        [again]
    );
    let late: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM event_attendees WHERE check_in_time NOT BETWEEN $1 AND $2 AND user_id > 1",
    )
    .bind(cut)
    .bind(last)
    .fetch_one(&world.owner)
    .await
    .unwrap();
    assert_eq!(late, 0, "they came in when they stood there");
    assert_eq!(world.count("event_attendees").await, 3);
    assert_eq!(world.count("points_transactions").await, 3);

    // What is to be settled outlives the process, and goes when somebody has looked at it.
    drop(door);
    until("the first line is gone", async || {
        !Journal::open(folder.path(), "key")
            .unwrap()
            .state()
            .unsettled
            .is_empty()
    })
    .await;
    let door = Door::open(&world, &proxy, folder.path(), event, mira).await;
    door.line.settle(again, "Mira".into());
    until("nothing is left", async || {
        std::fs::read_dir(folder.path()).unwrap().count() == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_link_loses_and_doubles_nothing() {
    let (world, mut proxy, event, mira) = stage(&["ana", "ben", "cleo"]).await;
    let folder = tempfile::tempdir().unwrap();
    let mut door = Door::open(&world, &proxy, folder.path(), event, mira).await;
    door.check_in("ana");
    assert_eq!(door.answers(1).await.1, [Outcome::Ok]);
    for _ in 0..2 {
        // What lies in the link when it stalls arrives when it flows, beside its own replay.
        proxy.stall();
        for name in ["ben", "cleo"] {
            door.check_in(name);
        }
        door.queued(2).await;
        proxy.flow().await;
        door.answers(2).await;
    }
    assert_eq!(world.count("event_attendees").await, 3);
    assert_eq!(world.count("points_transactions").await, 3);
    assert_eq!(world.count("check_in_log").await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_is_asked_for_again() {
    let (world, mut proxy, event, mira) = stage(&["ana"]).await;
    let folder = tempfile::tempdir().unwrap();
    let mut door = Door::open(&world, &proxy, folder.path(), event, mira).await;
    door.check_in("nobody");
    assert_eq!(door.answers(1).await.1, [Outcome::UnknownCode]);
    proxy.keep_answers();
    door.check_in("ana");
    door.queued(1).await;
    until("it was carried out all the same", async || {
        world.count("event_attendees").await == 1
    })
    .await;
    proxy.flow().await;
    let (_, outcomes, unsettled) = door.answers(1).await;
    assert_eq!((outcomes, unsettled), (vec![Outcome::Ok], vec![]));
    assert_eq!(world.count("points_transactions").await, 1);
    assert_eq!(world.count("check_in_log WHERE outcome = 'already'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_doors_without_a_link_let_the_same_member_in() {
    let (world, mut proxy, event, mira) = stage(&["ana"]).await;
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut doors = Vec::new();
    for folder in &folders {
        doors.push(Door::open(&world, &proxy, folder.path(), event, mira).await);
    }
    proxy.stall();
    for door in &mut doors {
        door.check_in("ana");
        door.queued(1).await;
    }
    proxy.flow().await;
    let mut outcomes = Vec::new();
    let mut listed = 0;
    for door in &mut doors {
        let (_, outcome, unsettled) = door.answers(1).await;
        outcomes.extend(outcome);
        listed += unsettled.len();
    }
    outcomes.sort_by_key(|outcome| *outcome == Outcome::Ok);
    assert_eq!(outcomes, [Outcome::Already, Outcome::Ok]);
    assert_eq!(listed, 1);
    assert_eq!(world.count("event_attendees").await, 1);
    assert_eq!(world.count("points_transactions").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_keeps_everything_until_somebody_signs_in() {
    let (world, proxy, event, mira) = stage(&["ana"]).await;
    let folder = tempfile::tempdir().unwrap();
    let mut door = Door::open(&world, &proxy, folder.path(), event, mira).await;
    world.sql("UPDATE sessions SET ended_at = pine.clock()").await;
    door.check_in("ana");
    door.queued(1).await;
    assert_eq!(world.count("event_attendees").await, 0);
    drop(door);
    until("the first line is gone", async || {
        !Journal::open(folder.path(), "key")
            .unwrap()
            .state()
            .open
            .is_empty()
    })
    .await;
    // Another process, another member of the staff.
    let jo = world.person("jo", "staff").await;
    let mut door = Door::open(&world, &proxy, folder.path(), event, jo).await;
    let (_, outcomes, unsettled) = door.answers(1).await;
    assert_eq!((outcomes, unsettled), (vec![Outcome::Ok], vec![]));
    let by: i32 = world.value("SELECT checked_in_by FROM event_attendees").await;
    assert_eq!(by, mira.0);
}

#[tokio::test]
async fn what_was_taken_back_or_let_out_meanwhile_is_brought_behind_the_check_in() {
    let (world, mut proxy, event, mira) = stage(&["ana", "bea", "carlo"]).await;
    world.sql("UPDATE events SET has_check_out = true").await;
    let folder = tempfile::tempdir().unwrap();
    let mut door = Door::open(&world, &proxy, folder.path(), event, mira).await;
    door.check_in("carlo");
    assert_eq!(door.answers(1).await.1, [Outcome::Ok]);
    proxy.refuse().await;
    let ana: i32 = world.value("SELECT id FROM users WHERE username = 'ana'").await;
    let undo = |passage| Act::Undo {
        member: MemberId(ana),
        passage,
        reason: None,
    };
    door.check_in("ana");
    door.does("ana", undo(Passage::In));
    door.check_in("bea");
    door.does("bea", Act::Out);
    // Let in live, and out without a link.
    door.does("carlo", Act::Out);
    door.check_in("carlo");
    door.queued(6).await;
    proxy.flow().await;
    let (_, outcomes, unsettled) = door.answers(6).await;
    assert_eq!(outcomes, [Outcome::Ok; 6]);
    assert!(unsettled.is_empty(), "{unsettled:?}");
    let stands: Vec<(String, String)> = sqlx::query_as(
        "SELECT u.username, a.status FROM event_attendees AS a JOIN users AS u ON u.id = a.user_id ORDER BY 1",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    let expected = [("ana", "undone"), ("bea", "left"), ("carlo", "attended")];
    assert_eq!(
        stands,
        expected.map(|(name, status)| (name.to_owned(), status.to_owned()))
    );
    let passages: Vec<String> = sqlx::query_scalar("SELECT passage FROM check_in_log ORDER BY id")
        .fetch_all(&world.owner)
        .await
        .unwrap();
    assert_eq!(passages, ["in", "in", "undo_in", "in", "out", "out", "back"]);
    let sum: i64 = world.value("SELECT sum(points) FROM points_transactions").await;
    assert_eq!(sum, 30, "ana's are back, bea and carlo keep theirs");
    assert!(Journal::open(folder.path(), "key").unwrap().state().is_empty());
}
