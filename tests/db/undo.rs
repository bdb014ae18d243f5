//! Taking check-ins back: whole, by reversing rows, once, whoever asks; and in again as the next generation.

use pine_time::db::{Db, Token};
use pine_time::domain::Fault;
use pine_time::domain::check_in::{Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;
use pine_time::domain::passage::{Passage, UndoOutcome, Undone};

use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce};

async fn undo(db: &Db, token: &Token, event: EventId, member: MemberId, reason: Option<&str>) -> Undone {
    db.undo_check_in(token, nonce(), event, member, reason)
        .await
        .unwrap_or_else(|error| panic!("{}", error.fault))
}

/// Members whose points are not what their live attendances pay: 15 each.
async fn broken(world: &World) -> i64 {
    world
        .count(
            "(SELECT u.id
              FROM users AS u
              LEFT JOIN user_totals AS t ON t.user_id = u.id
              CROSS JOIN LATERAL (
                  SELECT coalesce(sum(p.points), 0) AS points FROM points_transactions AS p WHERE p.user_id = u.id
              ) AS ledger
              CROSS JOIN LATERAL (
                  SELECT 15 * count(*) AS points FROM event_attendees AS a
                  WHERE a.user_id = u.id AND a.status <> 'undone'
              ) AS live
              WHERE coalesce(t.earned, 0) <> live.points OR coalesce(t.spendable, 0) <> live.points
                 OR ledger.points <> live.points) AS b",
        )
        .await
}

#[tokio::test]
async fn an_undo_takes_everything_back_by_new_rows() {
    let world = World::new().await;
    let event = world.event(-10, Some(10)).await;
    let ana = world.guest("ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    check_in(&db, &staff, event, "ana").await;

    let undone = undo(&db, &staff, event, ana, None).await;
    assert_eq!(
        (undone.outcome, undone.points, undone.total),
        (UndoOutcome::Undone, -15, 0)
    );
    assert_eq!(undone.member.full_name.as_str(), "Ana");
    assert_eq!(broken(&world).await, 0);
    let reversal: bool = world
        .value(
            "SELECT r.points = -p.points AND r.transaction_type = 'reversal' AND r.counts_at = p.counts_at
                AND r.event_id = p.event_id AND r.source_key <> p.source_key AND r.awarded_by IS NOT NULL
             FROM points_transactions AS r JOIN points_transactions AS p ON p.id = r.reverses_id",
        )
        .await;
    assert!(reversal, "the reversal mirrors the row it reverses");
    assert_eq!(
        world
            .value::<String>("SELECT status::text FROM event_attendees")
            .await,
        "undone"
    );
    let door = db.door(&staff, event).await.unwrap();
    assert_eq!((door.checked_in, door.due), (0, 1));
    assert_eq!(door.attempts[0].passage, Passage::UndoIn);
    assert!(door.attempts[0].first_at.is_some());
    assert_eq!(world.count("audit_log WHERE action = 'undo_in'").await, 1);

    let nothing = undo(&db, &staff, event, ana, None).await;
    assert_eq!((nothing.outcome, nothing.points), (UndoOutcome::Nothing, 0));
    assert_eq!(world.count("points_transactions").await, 2);
    assert_eq!(world.count("audit_log WHERE action = 'undo_in'").await, 1);

    let again = check_in(&db, &staff, event, "ana").await;
    assert_eq!((again.outcome, again.points, again.total), (Outcome::Ok, 15, 15));
    assert_eq!(broken(&world).await, 0);
}

#[tokio::test]
async fn what_another_terminal_did_takes_a_reason() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let (db, staff, other) = (world.db(Role::Staff), world.staff().await, world.staff().await);
    world
        .sql("UPDATE sessions SET device = 'door 2' WHERE user_id = (SELECT max(user_id) FROM sessions)")
        .await;
    check_in(&db, &staff, event, "ana").await;
    for no_reason in [None, Some(""), Some("  ")] {
        let refused = undo(&db, &other, event, ana, no_reason).await;
        assert_eq!(refused.outcome, UndoOutcome::ReasonNeeded);
        let first = refused.first.unwrap();
        assert_eq!(first.device.unwrap().as_str(), "door 1");
        assert!(first.at.is_some());
    }
    assert_eq!(world.count("check_in_log").await, 1);
    assert_eq!(broken(&world).await, 0);
    let undone = undo(&db, &other, event, ana, Some(" wrong person ")).await;
    assert_eq!(undone.outcome, UndoOutcome::Undone);
    assert_eq!(
        world
            .value::<String>("SELECT reason FROM check_in_log ORDER BY id DESC LIMIT 1")
            .await,
        "wrong person"
    );
    assert_eq!(
        world
            .value::<String>("SELECT after->>'reason' FROM audit_log WHERE action = 'undo_in'")
            .await,
        "wrong person"
    );
}

#[tokio::test]
async fn undo_is_safe_to_send_again_and_for_staff_only() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    check_in(&db, &staff, event, "ana").await;
    let press = nonce();
    let first = db.undo_check_in(&staff, press, event, ana, None).await.unwrap();
    check_in(&db, &staff, event, "ana").await;
    let again = db.undo_check_in(&staff, press, event, ana, None).await.unwrap();
    assert_eq!(first, again, "the first answer; the new check-in stands");
    assert_eq!(world.count("event_attendees WHERE status = 'attended'").await, 1);
    assert!(matches!(
        fault(db.undo_check_in(&staff, press, event, ana, Some("why")).await),
        Fault::Conflict(_)
    ));
    assert!(matches!(
        fault(
            db.undo_check_in(&staff, nonce(), event, MemberId(99_999), None)
                .await
        ),
        Fault::NotFound(_)
    ));
    assert!(matches!(
        fault(
            db.undo_check_in(&staff, nonce(), EventId(99_999), ana, None)
                .await
        ),
        Fault::NotFound(_)
    ));
    let theirs = world.session(ana).await;
    assert!(matches!(
        fault(db.undo_check_in(&theirs, nonce(), event, ana, None).await),
        Fault::NotAllowed(_)
    ));
    assert_eq!(
        fault(
            world
                .db(Role::Kiosk)
                .undo_check_in(&theirs, nonce(), event, ana, None)
                .await
        ),
        Fault::Login
    );
}

#[tokio::test]
async fn an_event_without_points_is_taken_back_too() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    world.sql("UPDATE events SET points_reward = NULL").await;
    let ana = world.guest("ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    check_in(&db, &staff, event, "ana").await;
    let undone = undo(&db, &staff, event, ana, None).await;
    assert_eq!((undone.outcome, undone.points), (UndoOutcome::Undone, 0));
    assert_eq!(world.count("points_transactions").await, 0);
}

fn chosen(member: MemberId) -> Presented {
    Presented::Member {
        id: member,
        typed: String::new(),
    }
}

async fn guests(world: &World, event: EventId, many: usize) -> Vec<MemberId> {
    let mut members = Vec::new();
    for number in 0..many {
        members.push(world.guest(&format!("m{number}"), event).await);
    }
    members
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_thousand_undos_and_redos_the_ledger_still_adds_up() {
    const MEMBERS: usize = 20;
    const ROUNDS: usize = 50;
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let members = guests(&world, event, MEMBERS).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let mut running = tokio::task::JoinSet::new();
    for member in members {
        let (db, staff) = (db.clone(), staff.clone());
        running.spawn(async move {
            for _ in 0..ROUNDS {
                let done = db
                    .check_in(&staff, nonce(), event, &chosen(member))
                    .await
                    .unwrap();
                assert_eq!((done.outcome, done.points, done.total), (Outcome::Ok, 15, 15));
                let back = undo(&db, &staff, event, member, None).await;
                assert_eq!(
                    (back.outcome, back.points, back.total),
                    (UndoOutcome::Undone, -15, 0)
                );
            }
            // Every other member ends inside.
            if member.0 % 2 == 0 {
                db.check_in(&staff, nonce(), event, &chosen(member))
                    .await
                    .unwrap();
            }
        });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
    let inside = world.count("event_attendees WHERE status = 'attended'").await;
    assert_eq!(inside, i64::try_from(MEMBERS / 2).unwrap());
    assert_eq!(broken(&world).await, 0);
    let undos = i64::try_from(MEMBERS * ROUNDS).unwrap();
    assert_eq!(undos, 1000);
    assert_eq!(
        world
            .count("points_transactions WHERE reverses_id IS NOT NULL")
            .await,
        undos
    );
    assert_eq!(world.count("points_transactions").await, 2 * undos + inside);
    assert_eq!(world.count("check_in_log WHERE passage = 'undo_in'").await, undos);
}

/// Two doors, one lets in what the other takes back, all at once; and two that take back the same.
async fn doors_at_odds(world: &World) {
    let event = world.event(-10, None).await;
    let members = guests(world, event, 16).await;
    let doors: Vec<(Db, Token)> = vec![
        (world.db(Role::Staff), world.staff().await),
        (world.db(Role::Staff), world.staff().await),
    ];
    for _ in 0..3 {
        let mut running = tokio::task::JoinSet::new();
        for member in &members {
            for (db, token) in &doors {
                for takes_back in [true, false] {
                    let (db, token, member) = (db.clone(), token.clone(), *member);
                    running.spawn(async move {
                        if takes_back {
                            undo(&db, &token, event, member, Some("test")).await;
                        } else {
                            db.check_in(&token, nonce(), event, &chosen(member))
                                .await
                                .unwrap();
                        }
                    });
                }
            }
        }
        while let Some(done) = running.join_next().await {
            done.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_doors_at_odds_never_break_the_ledger() {
    let world = World::new().await;
    doors_at_odds(&world).await;
    assert_eq!(broken(&world).await, 0);
    assert!(
        world.count("check_in_log WHERE passage = 'undo_in'").await > 0,
        "something must have been taken back"
    );
}

/// A pause between the look and the deed, so that the doors would meet on any machine.
const PAUSE: &str = "
    CREATE FUNCTION public.pause() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END';
    CREATE TRIGGER pause BEFORE INSERT ON check_in_log FOR EACH ROW
        WHEN (NEW.passage = 'undo_in') EXECUTE FUNCTION public.pause();";

#[tokio::test(flavor = "multi_thread")]
async fn with_the_guards_a_pause_changes_nothing() {
    let world = World::new().await;
    world.sql(PAUSE).await;
    doors_at_odds(&world).await;
    assert_eq!(broken(&world).await, 0);
}

/// Negative control: without the row's lock, the look at the status and the unique keys, the same doors take the
/// same award back twice.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_guards_the_same_doors_take_points_back_twice() {
    let world = World::new().await;
    world.sql(PAUSE).await;
    world
        .sql(
            "ALTER TABLE points_transactions DROP CONSTRAINT points_transactions_reverses_id_key,
                 DROP CONSTRAINT points_transactions_source_key_key;
             DO $do$
             DECLARE
                 was text; now text;
             BEGIN
                 was := pg_get_functiondef('pine.undo_passage'::regproc);
                 now := regexp_replace(was, 'FOR (NO KEY )?UPDATE;', ';', 'g');
                 ASSERT was <> now;
                 EXECUTE now;
                 was := pg_get_functiondef('pine.take_back_attendance'::regproc);
                 now := replace(was, $$AND coalesce(a.status, 'attended') <> 'undone'$$, '');
                 ASSERT was <> now;
                 EXECUTE now;
             END
             $do$",
        )
        .await;
    doors_at_odds(&world).await;
    assert!(
        broken(&world).await > 0,
        "without the guards somebody must lose points twice, or the test proves nothing"
    );
}
