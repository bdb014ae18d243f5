//! The door: every outcome in its order, pass codes as people give them, nonces, the log, and two doors at once.

use std::collections::HashMap;

use pine_time::db::{Db, Token};
use pine_time::domain::check_in::{Outcome, Presented, Standing};
use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;
use pine_time::domain::{Fault, Nonce};

use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce, typed};

#[tokio::test]
async fn a_check_in_pays_and_is_logged() {
    let world = World::new().await;
    let event = world.event(-10, Some(10)).await;
    let ana = world.guest("ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);

    let done = check_in(&db, &staff, event, "ana").await;
    assert_eq!((done.outcome, done.points, done.total), (Outcome::Ok, 15, 15));
    assert_eq!(done.member.as_ref().map(|member| member.id), Some(ana));
    assert_eq!(done.event_title.as_str(), "Trivia Night");

    let again = check_in(&db, &staff, event, "ana").await;
    assert_eq!(
        (again.outcome, again.points, again.total),
        (Outcome::Already, 0, 15)
    );
    let first = again.first.unwrap();
    assert_eq!(first.at, Some(done.at));
    assert_eq!(first.device.unwrap().as_str(), "door 1");
    assert_eq!(first.operator.unwrap().as_str(), "Staff0");

    let door = db.door(&staff, event).await.unwrap();
    assert_eq!((door.checked_in, door.registered, door.due), (1, 1, 0));
    let log: Vec<_> = door.attempts.iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(log, [Outcome::Already, Outcome::Ok], "newest first");
    assert_eq!(door.attempts[0].first_at, Some(done.at));
    assert_eq!(world.count("audit_log WHERE action = 'check_in'").await, 2);
    let cause: String = world.value("SELECT source_key FROM points_transactions").await;
    assert_eq!(cause, format!("attendance:{}:{}:1", event.0, ana.0));
}

#[tokio::test]
async fn every_refusal_has_its_outcome() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let early = world.event(121, None).await;
    let open = world.event(119, None).await;
    let over = world.event(-120, None).await;
    let off = world.event(-10, None).await;
    world
        .sql(&format!(
            "UPDATE events SET is_active = false WHERE id = {}",
            off.0
        ))
        .await;
    for name in [
        "registered",
        "stranger",
        "cancelled",
        "rejected",
        "pending",
        "waitlisted",
        "gone",
    ] {
        let member = world.member(name).await;
        let status = match name {
            "stranger" => continue,
            "gone" => "registered",
            status => status,
        };
        for event in [event, early, open, over, off] {
            world.registration(member, event, status).await;
        }
    }
    world
        .sql("UPDATE users SET is_active = false WHERE username = 'gone'")
        .await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    for (event, who, expected) in [
        (event, "nobody", Outcome::UnknownCode),
        (event, "", Outcome::UnknownCode),
        (event, "gone", Outcome::MemberInactive),
        (off, "gone", Outcome::MemberInactive),
        (off, "registered", Outcome::EventInactive),
        (event, "stranger", Outcome::NotRegistered),
        (event, "cancelled", Outcome::Cancelled),
        (event, "rejected", Outcome::Cancelled),
        (event, "pending", Outcome::Pending),
        (event, "waitlisted", Outcome::Waitlisted),
        (early, "registered", Outcome::TooEarly),
        (early, "stranger", Outcome::NotRegistered),
        (over, "registered", Outcome::Over),
        (open, "registered", Outcome::Ok),
        (event, "registered", Outcome::Ok),
        (event, "registered", Outcome::Already),
    ] {
        let done = check_in(&db, &staff, event, who).await;
        assert_eq!(done.outcome, expected, "{who} at {event:?}");
        assert_eq!(done.points, if expected == Outcome::Ok { 15 } else { 0 }, "{who}");
        assert_eq!(done.opens_at.is_some(), expected == Outcome::TooEarly);
        assert_eq!(done.ended_at.is_some(), expected == Outcome::Over);
        assert_eq!(done.first.is_some(), expected == Outcome::Already);
    }
    assert_eq!(world.count("check_in_log").await, 16, "every attempt is logged");
    assert_eq!(
        world.count("event_attendees").await,
        2,
        "refusals leave no attendance"
    );
    assert_eq!(world.count("points_transactions").await, 2);
    assert!(matches!(
        fault(db.check_in(&staff, nonce(), EventId(99), &typed("x")).await),
        Fault::NotFound(_)
    ));
}

#[tokio::test]
async fn already_comes_before_the_window_closes() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    world.guest("ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    check_in(&db, &staff, event, "ana").await;
    world
        .sql("UPDATE sessions SET idle_limit = interval '12 hours'")
        .await;
    world.move_clock("3 hours").await;
    assert_eq!(
        check_in(&db, &staff, event, "ana").await.outcome,
        Outcome::Already
    );
    world.guest("ben", event).await;
    assert_eq!(check_in(&db, &staff, event, "ben").await.outcome, Outcome::Over);
}

#[tokio::test]
async fn pass_codes_are_read_as_people_give_them() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    world.sql("UPDATE users SET pass_code = '01ABCDEFG' || pine.pass_code_check('01ABCDEFG') WHERE username = 'ana'").await;
    let code = world.pass_code(ana).await;
    let check = code.chars().last().unwrap();
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    for given in [
        code.clone(),
        code.to_lowercase(),
        format!("{}-{}", &code[..5], &code[5..]),
        format!("OIABC-DEFG{check}"),
        format!(" oLabc defg{} ", check.to_ascii_lowercase()),
        "ANA".to_owned(),
        "ana@EXAMPLE.org".to_owned(),
    ] {
        let done = check_in(&db, &staff, event, &given).await;
        assert_eq!(done.member.map(|member| member.id), Some(ana), "{given}");
    }
    let wrong_check = if check == 'Z' { 'Y' } else { 'Z' };
    let misread = format!("01ABC-DEFG{wrong_check}");
    let done = check_in(&db, &staff, event, &misread).await;
    assert_eq!(done.outcome, Outcome::UnknownCode);
    assert_eq!(done.input.as_str(), misread, "what was read is shown");
}

#[tokio::test]
async fn the_database_and_the_terminal_agree_on_check_characters() {
    let world = World::new().await;
    let made: Vec<String> = sqlx::query_scalar("SELECT pine.new_pass_code() FROM generate_series(1, 500)")
        .fetch_all(&world.owner)
        .await
        .unwrap();
    for code in &made {
        assert_eq!(
            pine_time::domain::pass_code::read(code).as_deref(),
            Ok(code.as_str())
        );
    }
    let distinct: std::collections::HashSet<_> = made.iter().collect();
    assert_eq!(distinct.len(), 500);
}

#[tokio::test]
async fn the_nonce_is_looked_at_first() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    world.guest("ana", event).await;
    world.guest("ben", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let press = nonce();
    let first = db.check_in(&staff, press, event, &typed("ana")).await.unwrap();
    world.move_clock("10 minutes").await;
    let again = db.check_in(&staff, press, event, &typed("ana")).await.unwrap();
    assert_eq!(first, again, "the first answer, not `already`");
    assert_eq!(world.count("check_in_log").await, 1);
    assert!(matches!(
        fault(db.check_in(&staff, press, event, &typed("ben")).await),
        Fault::Conflict(_)
    ));
    let other = world.staff().await;
    let theirs = db.check_in(&other, press, event, &typed("ana")).await.unwrap();
    assert_eq!(theirs.outcome, Outcome::Already, "a nonce belongs to its actor");
}

#[tokio::test]
async fn an_undone_attendance_begins_its_next_generation() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    check_in(&db, &staff, event, "ana").await;
    world.sql("UPDATE event_attendees SET status = 'undone'").await;
    let again = check_in(&db, &staff, event, "ana").await;
    assert_eq!((again.outcome, again.points, again.total), (Outcome::Ok, 15, 30));
    assert_eq!(
        world.value::<i32>("SELECT generation FROM event_attendees").await,
        2
    );
    assert_eq!(world.count("event_attendees").await, 1);
    let cause = format!("attendance:{}:{}:2", event.0, ana.0);
    assert_eq!(
        world
            .count(&format!("points_transactions WHERE source_key = '{cause}'"))
            .await,
        1
    );
}

#[tokio::test]
async fn only_staff_stand_at_the_door() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let token = world.session(ana).await;
    let (staff, kiosk) = (world.db(Role::Staff), world.db(Role::Kiosk));
    assert!(matches!(
        fault(staff.check_in(&token, nonce(), event, &typed("ana")).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(staff.door(&token, event).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(staff.find_at_door(&token, event, "a").await),
        Fault::NotAllowed(_)
    ));
    assert_eq!(
        fault(kiosk.check_in(&token, nonce(), event, &typed("ana")).await),
        Fault::Login
    );
    assert_eq!(world.count("event_attendees").await, 0);
}

#[tokio::test]
async fn the_search_finds_those_with_a_seat_first() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let people = [
        ("nino_b", "Niño Bautista"),
        ("ninar", "Ninotchka Reyes"),
        ("tonyf", "Antonino Flores"),
        ("zed", "100% Zed_\\"),
    ];
    for (username, full_name) in people {
        let member = world.member(username).await;
        sqlx::query("UPDATE users SET full_name = $1 WHERE id = $2")
            .bind(full_name)
            .bind(member.0)
            .execute(&world.owner)
            .await
            .unwrap();
        if username == "ninar" {
            world.registration(member, event, "registered").await;
        }
    }
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let find = |query: &'static str| {
        let (db, staff) = (db.clone(), staff.clone());
        async move {
            let found = db.find_at_door(&staff, event, query).await.unwrap();
            found
                .into_iter()
                .map(|one| one.username.to_string())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(
        find("nino").await,
        ["ninar", "nino_b", "tonyf"],
        "accents do not matter; a seat goes first, then whose name begins so"
    );
    assert_eq!(find("BAUTISTA ñino").await, ["nino_b"], "words in any order");
    assert_eq!(find("tonyf@example").await, ["tonyf"]);
    assert_eq!(find("%").await, ["zed"], "no wildcard");
    assert_eq!(find("_").await, ["zed", "nino_b"]);
    assert_eq!(find("\\").await, ["zed"]);
    assert_eq!(find("nobody like that").await, Vec::<String>::new());
    assert_eq!(find("TONYF").await, ["tonyf"]);
    world
        .sql("UPDATE users SET full_name = 'Tonyf Ninar Friend' WHERE username = 'ninar'")
        .await;
    assert_eq!(
        find("tonyf").await,
        ["tonyf", "ninar"],
        "exactly that user name goes before any seat"
    );
    check_in(&db, &staff, event, "ninar").await;
    let found = db.find_at_door(&staff, event, "ninar").await.unwrap();
    assert_eq!(found[0].standing, Standing::In);
    assert_eq!(
        found[0].first.as_ref().unwrap().device.as_ref().unwrap().as_str(),
        "door 1"
    );
    let code = pine_time::domain::pass_code::show(found[0].pass_code.as_str());
    let found = db.find_at_door(&staff, event, &code).await.unwrap();
    assert_eq!(found.len(), 1, "a pass code finds its member");
}

/// 64 attempts at once: each of 32 members presented at two doors.
async fn two_doors(world: &World) -> HashMap<Outcome, usize> {
    let event = world.event(-10, None).await;
    let mut members: Vec<MemberId> = Vec::new();
    for number in 0..32 {
        members.push(world.guest(&format!("m{number}"), event).await);
    }
    let doors: Vec<(Db, Token)> = vec![
        (world.db(Role::Staff), world.staff().await),
        (world.db(Role::Staff), world.staff().await),
    ];
    let mut running = tokio::task::JoinSet::new();
    for member in members {
        for (db, token) in &doors {
            let (db, token) = (db.clone(), token.clone());
            running.spawn(async move {
                let who = Presented::Member {
                    id: member,
                    typed: String::new(),
                };
                db.check_in(&token, Nonce::new_v4(), event, &who)
                    .await
                    .unwrap()
                    .outcome
            });
        }
    }
    let mut outcomes = HashMap::new();
    while let Some(outcome) = running.join_next().await {
        *outcomes.entry(outcome.unwrap()).or_default() += 1;
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread")]
async fn two_doors_at_once_pay_once() {
    let world = World::new().await;
    let outcomes = two_doors(&world).await;
    assert_eq!(
        outcomes,
        HashMap::from([(Outcome::Ok, 32), (Outcome::Already, 32)])
    );
    assert_eq!(world.count("event_attendees").await, 32);
    assert_eq!(
        world.count("points_transactions").await,
        32,
        "ledger = attendance"
    );
    assert_eq!(world.count("check_in_log").await, 64);
    assert_eq!(
        world
            .count("user_totals WHERE earned = 15 AND spendable = 15")
            .await,
        32
    );
}

/// Negative control: without the unique key on (user_id, event_id) the same doors let members in twice. The pause
/// before the entry makes sure that the doors would meet on any machine.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_unique_key_the_same_doors_let_people_in_twice() {
    let world = World::new().await;
    world
        .sql(
            "ALTER TABLE event_attendees DROP CONSTRAINT event_attendees_user_id_event_id_key;
             CREATE FUNCTION public.pause() RETURNS trigger LANGUAGE plpgsql
                 AS 'BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END';
             CREATE TRIGGER pause BEFORE INSERT ON event_attendees FOR EACH ROW EXECUTE FUNCTION public.pause()",
        )
        .await;
    two_doors(&world).await;
    let twice = world
        .count("(SELECT FROM event_attendees GROUP BY user_id, event_id HAVING count(*) > 1) AS t")
        .await;
    assert!(
        twice > 0,
        "without the key somebody must get in twice, or the test proves nothing"
    );
}

/// The same pause with the key in place: the first test's result does not come from luck.
#[tokio::test(flavor = "multi_thread")]
async fn with_the_unique_key_a_pause_changes_nothing() {
    let world = World::new().await;
    world
        .sql(
            "CREATE FUNCTION public.pause() RETURNS trigger LANGUAGE plpgsql
                 AS 'BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END';
             CREATE TRIGGER pause BEFORE INSERT ON event_attendees FOR EACH ROW EXECUTE FUNCTION public.pause()",
        )
        .await;
    let outcomes = two_doors(&world).await;
    assert_eq!(
        outcomes,
        HashMap::from([(Outcome::Ok, 32), (Outcome::Already, 32)])
    );
    assert_eq!(world.count("points_transactions").await, 32);
}
