//! Doors that see each other: hints and who hears them, who stands where, when people came.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use pine_time::db::{Db, Token};
use pine_time::domain::Fault;
use pine_time::domain::admission::{Guest, Taking, WalkIn};
use pine_time::domain::check_in::{Door, Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::kept::{Act, Kept};
use pine_time::domain::member::MemberId;
use pine_time::domain::money::Money;
use pine_time::domain::passage::Passage;
use sqlx::postgres::PgListener;
use tokio::sync::{mpsc, oneshot};

use crate::support::cluster::Role;
use crate::support::until;
use crate::support::world::{World, check_in, fault, nonce, typed};

/// What the last hint of a test is followed by.
const OVER: &str = "over";

/// Who hears everything, over a login of the staff's.
async fn ear(world: &World) -> PgListener {
    let mut ear = PgListener::connect(&world.database.url(Role::Staff))
        .await
        .unwrap();
    ear.listen("pine_door").await.unwrap();
    ear
}

/// All that was notified until now. What commits later is heard later, so nothing can be missing.
async fn heard(world: &World, ear: &mut PgListener) -> Vec<String> {
    world.sql(&format!("NOTIFY pine_door, '{OVER}'")).await;
    let mut all = Vec::new();
    loop {
        let hint = ear.recv().await.unwrap();
        if hint.payload() == OVER {
            return all;
        }
        all.push(hint.payload().to_owned());
    }
}

/// Hints may be sent again at once.
async fn rested(world: &World) {
    world.sql("DELETE FROM pine.hints").await;
}

/// A session of a staff member's at a terminal of this name.
async fn at(world: &World, person: MemberId, device: &str) -> Token {
    let token = world.session(person).await;
    world
        .sql(&format!(
            "UPDATE sessions SET device = '{device}' WHERE id = (SELECT max(id) FROM sessions)"
        ))
        .await;
    token
}

async fn door(db: &Db, token: &Token, event: EventId) -> Door {
    db.door(token, event)
        .await
        .unwrap_or_else(|error| panic!("{}", error.fault))
}

/// Who is at a door: `door 1 Mira`, `door 2 you`.
async fn present(db: &Db, token: &Token, event: EventId) -> Vec<String> {
    let door = door(db, token, event).await;
    let name = |one: &pine_time::domain::live::Present| {
        let who = if one.is_you { "you" } else { one.operator.as_str() };
        format!("{} {who}", one.device)
    };
    door.present.iter().map(name).collect()
}

#[tokio::test]
async fn every_passage_sends_a_hint_with_the_events_number() {
    let world = World::new().await;
    let event = world.event(-10, Some(50)).await;
    world
        .sql(&format!(
            "UPDATE events SET has_check_out = true WHERE id = {}",
            event.0
        ))
        .await;
    let (ana, ben, dev) = (
        world.guest("ana", event).await,
        world.guest("ben", event).await,
        world.member("dev").await,
    );
    world.guest("cleo", event).await;
    world
        .sql(&format!(
            "UPDATE registrations SET price_due = 250, payment_status = 'pending' WHERE user_id = {}",
            ben.0
        ))
        .await;
    world.registration(dev, event, "pending").await;
    let mira = world.person("mira", "staff").await;
    let (db, staff) = (world.db(Role::Staff), world.session(mira).await);
    rested(&world).await;
    let mut ear = ear(&world).await;
    let once = [event.0.to_string()];
    let mut hinted = async |what: &str| {
        assert_eq!(heard(&world, &mut ear).await, once, "{what}");
        rested(&world).await;
    };

    assert_eq!(check_in(&db, &staff, event, "ana").await.outcome, Outcome::Ok);
    hinted("check-in").await;
    assert_eq!(
        check_in(&db, &staff, event, "ana").await.outcome,
        Outcome::Already
    );
    hinted("a refusal: it stands in the other doors' log too").await;
    db.check_out(&staff, nonce(), event, &typed("ana")).await.unwrap();
    hinted("check-out").await;
    db.undo_passage(&staff, nonce(), event, ana, Passage::Out, None)
        .await
        .unwrap();
    hinted("undo of a check-out").await;
    db.check_out(&staff, nonce(), event, &typed("ana")).await.unwrap();
    hinted("check-out").await;
    assert_eq!(check_in(&db, &staff, event, "ana").await.passage, Passage::Back);
    hinted("back in").await;
    db.undo_check_in(&staff, nonce(), event, ana, None).await.unwrap();
    hinted("undo").await;
    let taking = Taking {
        amount: Money::from_hundredths(25_000).unwrap(),
        channel: "cash".to_owned(),
    };
    db.take_payment(&staff, nonce(), event, ben, "ben", &taking)
        .await
        .unwrap();
    hinted("payment and admission").await;
    db.admit_anyway(&staff, nonce(), event, dev, "dev", "knows the band")
        .await
        .unwrap();
    hinted("admission with a reason").await;
    let walk_in = WalkIn {
        guest: Guest::New {
            full_name: "Eve Adams".to_owned(),
            email: "eve@example.org".to_owned(),
            username: None,
        },
        taking: None,
        reason: None,
    };
    db.walk_in(&staff, nonce(), event, &walk_in).await.unwrap();
    hinted("walk-in").await;
    let kept = Kept {
        nonce: nonce(),
        event,
        act: Act::In,
        presented: typed("cleo"),
        operator: format!("user:{}", mira.0),
        device: "door 9".into(),
        occurred_at: Utc::now() - TimeDelta::minutes(3),
        decided: Some(Outcome::Ok),
    };
    assert_eq!(
        db.replay_check_in(&staff, &kept).await.unwrap().outcome,
        Outcome::Ok
    );
    hinted("replay").await;
    db.set_check_out(&staff, nonce(), event, false).await.unwrap();
    hinted("check-out switched off").await;
    // Off already: nothing happened, and nothing is said.
    db.set_check_out(&staff, nonce(), event, false).await.unwrap();
    assert!(heard(&world, &mut ear).await.is_empty());
    // Neither when the same key press comes again, which is answered as before.
    assert_eq!(
        db.replay_check_in(&staff, &kept).await.unwrap().outcome,
        Outcome::Ok
    );
    assert!(heard(&world, &mut ear).await.is_empty());
}

/// Everybody at once, at as many doors; how many hints came of it, and how many seconds it took.
async fn burst(world: &World, names: &[String], event: EventId) -> (usize, f64) {
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let mut ear = ear(world).await;
    let began = Instant::now();
    let mut doors = tokio::task::JoinSet::new();
    for share in names.chunks(names.len() / 8) {
        let (db, staff, share) = (db.clone(), staff.clone(), share.to_vec());
        doors.spawn(async move {
            for name in share {
                assert_eq!(check_in(&db, &staff, event, &name).await.outcome, Outcome::Ok);
            }
        });
    }
    while let Some(done) = doors.join_next().await {
        done.unwrap();
    }
    let took = began.elapsed().as_secs_f64();
    let hints = heard(world, &mut ear).await;
    assert!(hints.iter().all(|hint| *hint == event.0.to_string()), "{hints:?}");
    (hints.len(), took)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_check_ins_sends_at_most_four_hints_a_second() {
    let world = World::new().await;
    let (event, other) = (world.event(-10, None).await, world.event(-10, None).await);
    let mut names = Vec::new();
    for number in 0..200 {
        let member = world.guest(&format!("guest{number}"), event).await;
        world.registration(member, other, "registered").await;
        names.push(format!("guest{number}"));
    }
    let allowed = |seconds: f64| 1.0 + 4.0 * seconds;
    let (hints, took) = burst(&world, &names, event).await;
    let hints = u32::try_from(hints).unwrap();
    assert!(hints >= 1, "one at least");
    assert!(f64::from(hints) <= allowed(took), "{hints} in {took} s");

    // Negative control: without lock and clock every check-in is heard, and the count above sees it.
    world
        .sql(
            "SET ROLE pine_owner;
             CREATE OR REPLACE FUNCTION pine.send_hint() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 PERFORM pg_catalog.pg_notify('pine_door', NEW.event_id::text);
                 RETURN NULL;
             END $$",
        )
        .await;
    let (hints, took) = burst(&world, &names, other).await;
    assert_eq!(hints, 200);
    assert!(200.0 > allowed(took), "{took} s");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_get_the_lock_sends_nothing_and_waits_for_nobody() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    for name in ["ana", "ben", "cleo"] {
        world.guest(name, event).await;
    }
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let mut ear = ear(&world).await;
    let mut other = world.owner.begin().await.unwrap();
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('pine-time hint'), $1)")
        .bind(event.0)
        .execute(&mut *other)
        .await
        .unwrap();
    assert_eq!(check_in(&db, &staff, event, "ana").await.outcome, Outcome::Ok);
    assert!(heard(&world, &mut ear).await.is_empty());
    other.rollback().await.unwrap();
    // The control: with nobody else at it, the hint comes.
    check_in(&db, &staff, event, "ben").await;
    assert_eq!(heard(&world, &mut ear).await.len(), 1);
    // And for a quarter of a second there is no other, whoever has the lock.
    let sent = "SELECT extract(epoch FROM sent_at)::float8 FROM pine.hints";
    let before: f64 = world.value(sent).await;
    check_in(&db, &staff, event, "cleo").await;
    let hints = heard(&world, &mut ear).await.len();
    let after: f64 = world.value(sent).await;
    let apart = after - before;
    assert!(
        (hints == 0 && apart == 0.0) || (hints == 1 && apart >= 0.25),
        "{hints} hints, {apart} s apart"
    );
}

#[tokio::test]
async fn a_hint_that_fails_fails_nobody_at_the_door() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    world.guest("ana", event).await;
    world.guest("ben", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let mut ear = ear(&world).await;
    // A clock that was put back must not silence the hints until it has come round again.
    world
        .sql(&format!(
            "INSERT INTO pine.hints VALUES ({}, clock_timestamp() + interval '1 day')",
            event.0
        ))
        .await;
    check_in(&db, &staff, event, "ana").await;
    assert_eq!(heard(&world, &mut ear).await.len(), 1);
    world.sql("SET ROLE pine_owner; DROP TABLE pine.hints").await;
    assert_eq!(check_in(&db, &staff, event, "ben").await.outcome, Outcome::Ok);
    assert!(heard(&world, &mut ear).await.is_empty());
    assert_eq!(world.count("event_attendees").await, 2);
    // The control: what is missing there is an error to anybody else.
    let error = sqlx::raw_sql("SELECT FROM pine.hints")
        .execute(&world.owner)
        .await;
    assert!(error.is_err());
}

/// The data layer's listener at work: what it tells, and what ends it.
fn listen(
    db: &Db,
) -> (
    mpsc::UnboundedReceiver<EventId>,
    oneshot::Sender<()>,
    tokio::task::JoinHandle<()>,
) {
    let (tell, told) = mpsc::unbounded_channel();
    let (end, ended) = oneshot::channel::<()>();
    let db = db.clone();
    let task = tokio::spawn(async move {
        let tell = move |event| {
            let _ = tell.send(event);
        };
        db.listen(tell, async { drop(ended.await) }).await;
    });
    (told, end, task)
}

/// Connections of the data layer.
const BACKENDS: &str =
    "pg_stat_activity WHERE application_name LIKE 'pine-time%' AND datname = current_database()";

/// Waits until hints are heard, by sending some about an event that is none.
async fn listens(world: &World, told: &mut mpsc::UnboundedReceiver<EventId>, probe: i32) {
    let began = Instant::now();
    let mut heard = false;
    while !heard {
        assert!(began.elapsed() < Duration::from_secs(30), "hints are not heard");
        world.sql(&format!("NOTIFY pine_door, '{probe}'")).await;
        let hint = tokio::time::timeout(Duration::from_millis(50), told.recv()).await;
        heard = matches!(hint, Ok(Some(EventId(event))) if event == probe);
    }
}

/// The next hint about a real event.
async fn next(told: &mut mpsc::UnboundedReceiver<EventId>) -> Option<EventId> {
    loop {
        match told.recv().await {
            Some(EventId(..0)) => {}
            other => return other,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_listener_tells_comes_back_and_leaves_no_connection_behind() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    for name in ["ana", "ben"] {
        world.guest(name, event).await;
    }
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let (mut told, end, task) = listen(&db);
    listens(&world, &mut told, -1).await;
    assert_eq!(db.open_connections(), 0, "on a connection of its own");
    check_in(&db, &staff, event, "ana").await;
    assert_eq!(next(&mut told).await, Some(event));

    let pids = format!("SELECT coalesce(sum(pid), 0) FROM {BACKENDS}");
    let before: i64 = world.value(&pids).await;
    world.cut_connections().await;
    until("it is cut off", || async {
        world.value::<i64>(&pids).await != before
    })
    .await;
    listens(&world, &mut told, -2).await;
    rested(&world).await;
    // The pool's own connection was cut as well.
    until("somebody is checked in", || async {
        db.check_in(&staff, nonce(), event, &typed("ben")).await.is_ok()
    })
    .await;
    assert_eq!(next(&mut told).await, Some(event));

    drop(end);
    task.await.unwrap();
    db.close().await;
    until("its connection is closed", || async {
        world.count(BACKENDS).await == 0
    })
    .await;
    assert!(next(&mut told).await.is_none(), "nothing more is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_listener_makes_nothing_of_nonsense_and_little_of_much() {
    let world = World::new().await;
    let (mut told, _end, _task) = listen(&world.db(Role::Staff));
    listens(&world, &mut told, -1).await;
    // Any login may say anything.
    world
        .sql("NOTIFY pine_door; NOTIFY pine_door, 'x'; NOTIFY pine_door, '99999999999'; NOTIFY pine_other, '5'")
        .await;
    for round in 0..20 {
        for _ in 0..20 {
            world.sql("NOTIFY pine_door, '7'").await;
        }
        if round == 0 {
            world.sql("NOTIFY pine_door, '8'").await;
        }
    }
    world.sql("NOTIFY pine_door, '9'").await;
    let mut all = Vec::new();
    while all.last() != Some(&EventId(9)) {
        all.push(next(&mut told).await.unwrap());
    }
    assert_eq!(all[0], EventId(7), "the first at once");
    assert!(
        all.contains(&EventId(8)),
        "and nobody's hint is lost in another's: {all:?}"
    );
    assert!(all.len() < 200, "400 hints became {}", all.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_without_a_database_is_quiet_and_ends_when_told() {
    let settings = pine_time::db::Settings::new("postgres://nobody@127.0.0.1:1/none", "door 1");
    let (mut told, end, task) = listen(&Db::new(settings).unwrap());
    drop(end);
    tokio::time::timeout(Duration::from_secs(30), task)
        .await
        .unwrap()
        .unwrap();
    assert!(told.recv().await.is_none());
}

#[tokio::test]
async fn who_stands_at_a_door_is_seen_there_until_they_leave() {
    let world = World::new().await;
    let (event, other) = (world.event(-10, None).await, world.event(-10, None).await);
    let (mira, jo) = (
        world.person("mira", "staff").await,
        world.person("jo", "admin").await,
    );
    let db = world.db(Role::Staff);
    let (one, two) = (at(&world, mira, "door 1").await, at(&world, jo, "door 2").await);
    assert_eq!(
        present(&db, &one, event).await,
        ["door 1 you"],
        "whoever looks is there"
    );
    db.stand_at_door(&two, Some(event)).await.unwrap();
    assert_eq!(present(&db, &one, event).await, ["door 1 you", "door 2 Jo"]);
    db.stand_at_door(&one, Some(event)).await.unwrap();
    assert_eq!(present(&db, &two, event).await, ["door 1 Mira", "door 2 you"]);
    assert_eq!(
        present(&db, &two, other).await,
        ["door 2 you"],
        "not at another event"
    );

    // Killed and started again: its old session stands there for a while, and the person once.
    let killed = at(&world, mira, "door 1").await;
    db.stand_at_door(&killed, Some(event)).await.unwrap();
    assert_eq!(present(&db, &two, event).await, ["door 1 Mira", "door 2 you"]);
    assert_eq!(present(&db, &one, event).await, ["door 1 you", "door 2 Jo"]);
    db.sign_out(&killed).await.unwrap();

    // Elsewhere, and nowhere.
    db.stand_at_door(&one, Some(other)).await.unwrap();
    assert_eq!(present(&db, &two, event).await, ["door 2 you"]);
    assert_eq!(present(&db, &two, other).await, ["door 1 Mira", "door 2 you"]);
    db.stand_at_door(&one, None).await.unwrap();
    assert_eq!(present(&db, &two, other).await, ["door 2 you"]);

    // Without a word for two and a half minutes.
    db.stand_at_door(&one, Some(event)).await.unwrap();
    world.move_clock("149 seconds").await;
    assert_eq!(present(&db, &two, event).await.len(), 2);
    world.move_clock("1 second").await;
    assert_eq!(present(&db, &two, event).await, ["door 2 you"]);
    db.stand_at_door(&one, Some(event)).await.unwrap();
    assert_eq!(
        present(&db, &two, event).await.len(),
        2,
        "it keeps the session awake as well"
    );
    db.sign_out(&one).await.unwrap();
    assert_eq!(present(&db, &two, event).await, ["door 2 you"], "signed out");
    assert!(matches!(
        fault(db.stand_at_door(&one, Some(event)).await),
        Fault::NotSignedIn
    ));

    // Whom it is not for.
    let ana = world.member("ana").await;
    let theirs = world.session(ana).await;
    assert!(matches!(
        fault(db.stand_at_door(&theirs, Some(event)).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(db.stand_at_door(&two, Some(EventId(99_999))).await),
        Fault::NotFound(_)
    ));
    let kiosk = world.db(Role::Kiosk);
    assert_eq!(
        fault(kiosk.stand_at_door(&theirs, Some(event)).await),
        Fault::Login
    );
}

#[tokio::test]
async fn terminals_stand_in_the_order_in_which_people_count() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let db = world.db(Role::Staff);
    let names = ["door 10", "door 2", "Gate 007b", "door", "door 1", "Gate 7a"];
    let mut last = None;
    for (number, device) in names.iter().enumerate() {
        let person = world.person(&format!("p{number}"), "staff").await;
        let token = at(&world, person, device).await;
        db.stand_at_door(&token, Some(event)).await.unwrap();
        last = Some(token);
    }
    let door = door(&db, &last.unwrap(), event).await;
    let devices: Vec<_> = door.present.iter().map(|one| one.device.as_str()).collect();
    assert_eq!(
        devices,
        ["Gate 7a", "Gate 007b", "door", "door 1", "door 2", "door 10"]
    );
}

#[tokio::test]
async fn a_door_without_a_screen_is_seen_by_what_it_does() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    for name in ["ana", "ben", "cleo", "dev"] {
        world.guest(name, event).await;
    }
    let (mira, jo) = (
        world.person("mira", "staff").await,
        world.person("jo", "staff").await,
    );
    let db = world.db(Role::Staff);
    let (screen, line) = (at(&world, mira, "door 1").await, at(&world, jo, "gate").await);
    check_in(&db, &line, event, "ana").await;
    check_in(&db, &line, event, "ben").await;
    assert_eq!(
        present(&db, &screen, event).await,
        ["door 1 you", "gate Jo"],
        "once"
    );
    world.move_clock("5 minutes").await;
    assert_eq!(
        present(&db, &screen, event).await,
        ["door 1 you"],
        "it has been quiet for too long"
    );
    check_in(&db, &line, event, "cleo").await;
    db.sign_out(&line).await.unwrap();
    assert_eq!(present(&db, &screen, event).await, ["door 1 you"], "signed out");
    // The next run of the same command.
    let line = at(&world, jo, "gate").await;
    check_in(&db, &line, event, "cleo").await;
    assert_eq!(present(&db, &screen, event).await, ["door 1 you", "gate Jo"]);
    // A terminal that has a screen and has left it is not brought back by the log.
    let left = at(&world, jo, "door 3").await;
    db.stand_at_door(&left, Some(event)).await.unwrap();
    check_in(&db, &left, event, "dev").await;
    assert_eq!(
        present(&db, &screen, event).await,
        ["door 1 you", "door 3 Jo", "gate Jo"]
    );
    db.stand_at_door(&left, None).await.unwrap();
    assert_eq!(present(&db, &screen, event).await, ["door 1 you", "gate Jo"]);
    // The owner's command line has no member behind it.
    let owner = world.db(Role::Owner).owner_session("root").await.unwrap();
    world
        .db(Role::Owner)
        .check_in(&owner, nonce(), event, &typed("ana"))
        .await
        .unwrap();
    let seen = present(&db, &screen, event).await;
    assert!(seen.contains(&"door 1 owner:root".to_owned()), "{seen:?}");
}

#[tokio::test]
async fn arrivals_are_counted_by_the_minute_from_attendance() {
    let world = World::new().await;
    // The middle of a minute, so that seconds may pass.
    world
        .sql(
            "UPDATE pine.clock_offset SET moved_by = date_trunc('minute', now()) + interval '1 minute 30 seconds' - now()",
        )
        .await;
    let event = world.event(-60, None).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let quiet = door(&db, &staff, event).await.arrivals;
    assert_eq!((quiet.last_minute, quiet.minutes), (0, vec![0; 30]));
    for (name, ago) in [
        ("now", "0 seconds"),
        ("just", "50 seconds"),
        ("before", "70 seconds"),
        ("half", "29 minutes 20 seconds"),
        ("long", "31 minutes"),
        ("undone", "10 seconds"),
        ("left", "5 minutes"),
    ] {
        let member = world.guest(name, event).await;
        world
            .sql(&format!(
                "INSERT INTO event_attendees (user_id, event_id, status, check_in_time)
                 VALUES ({}, {}, {}, pine.clock() - interval '{ago}')",
                member.0,
                event.0,
                match name {
                    "undone" => "'undone'",
                    "left" => "'left'",
                    "just" => "NULL",
                    _ => "'attended'",
                }
            ))
            .await;
    }
    let arrivals = door(&db, &staff, event).await.arrivals;
    assert_eq!(arrivals.last_minute, 2);
    let mut expected = vec![0; 30];
    expected[29] = 1; // now
    expected[28] = 2; // 50 and 70 seconds ago, as the minute is half over
    expected[24] = 1; // went out again, but came
    expected[0] = 1;
    assert_eq!(arrivals.minutes, expected);

    // A check-in counts, and not any more when it is taken back.
    let ana = world.guest("ana", event).await;
    let presented = Presented::Text("ana".to_owned());
    db.check_in(&staff, nonce(), event, &presented).await.unwrap();
    assert_eq!(door(&db, &staff, event).await.arrivals.last_minute, 3);
    db.undo_check_in(&staff, nonce(), event, ana, None).await.unwrap();
    assert_eq!(door(&db, &staff, event).await.arrivals.last_minute, 2);
}
