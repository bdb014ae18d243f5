//! Out and back in: at events that say so, without points, and every passage in the log.

use pine_time::db::{Db, Token};
use pine_time::domain::Fault;
use pine_time::domain::check_in::{CheckedIn, Outcome, Standing};
use pine_time::domain::event::EventId;
use pine_time::domain::passage::{Passage, UndoOutcome};

use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce, typed};

async fn check_out(db: &Db, token: &Token, event: EventId, text: &str) -> CheckedIn {
    db.check_out(token, nonce(), event, &typed(text))
        .await
        .unwrap_or_else(|error| panic!("{}", error.fault))
}

async fn world_with_check_out() -> (World, EventId, Db, Token) {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    world.guest("ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    assert!(db.set_check_out(&staff, nonce(), event, true).await.unwrap());
    (world, event, db, staff)
}

async fn passages(world: &World) -> Vec<String> {
    sqlx::query_scalar("SELECT passage || ' ' || outcome FROM check_in_log ORDER BY id")
        .fetch_all(&world.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn people_go_out_and_come_back_and_are_paid_once() {
    let (world, event, db, staff) = world_with_check_out().await;
    let came = check_in(&db, &staff, event, "ana").await;
    let out = check_out(&db, &staff, event, "ana").await;
    assert_eq!((out.outcome, out.passage), (Outcome::Ok, Passage::Out));
    assert_eq!(out.word(), "OUT");
    assert_eq!(out.first.as_ref().unwrap().at, Some(came.at));
    let door = db.door(&staff, event).await.unwrap();
    assert_eq!((door.checked_in, door.inside, door.due), (1, 0, 0));
    assert!(door.has_check_out);
    let found = db.find_at_door(&staff, event, "ana").await.unwrap();
    assert_eq!(found[0].standing, Standing::Left);
    assert_eq!(found[0].first.as_ref().unwrap().at, Some(out.at));

    let twice = check_out(&db, &staff, event, "ana").await;
    assert_eq!(twice.outcome, Outcome::NotIn);
    assert_eq!(twice.first.unwrap().at, Some(out.at), "when they went out");

    let back = check_in(&db, &staff, event, "ana").await;
    assert_eq!(
        (back.outcome, back.passage, back.points, back.total),
        (Outcome::Ok, Passage::Back, 0, 15)
    );
    assert_eq!(back.word(), "BACK IN");
    assert_eq!(
        check_in(&db, &staff, event, "ana").await.outcome,
        Outcome::Already
    );
    let last = check_out(&db, &staff, event, "ana").await;
    let kept: bool = sqlx::query_scalar(
        "SELECT check_in_time = $1 AND check_out_time = $2 AND status = 'left' FROM event_attendees",
    )
    .bind(came.at)
    .bind(last.at)
    .fetch_one(&world.owner)
    .await
    .unwrap();
    assert!(kept, "first in and last out");
    assert_eq!(world.count("points_transactions").await, 1);
    assert_eq!(
        passages(&world).await,
        ["in ok", "out ok", "out not_in", "back ok", "in already", "out ok"]
    );
    assert_eq!(world.count("audit_log WHERE action = 'check_out'").await, 3);
}

#[tokio::test]
async fn without_the_toggle_nobody_goes_out() {
    let (world, event, db, staff) = world_with_check_out().await;
    check_in(&db, &staff, event, "ana").await;
    check_out(&db, &staff, event, "ana").await;
    assert!(!db.set_check_out(&staff, nonce(), event, false).await.unwrap());
    assert!(matches!(
        fault(db.check_out(&staff, nonce(), event, &typed("ana")).await),
        Fault::Conflict(_)
    ));
    assert_eq!(
        check_in(&db, &staff, event, "ana").await.outcome,
        Outcome::Already,
        "who went out while it was on stays out"
    );
    assert_eq!(world.count("audit_log WHERE action = 'set_check_out'").await, 2);
    let ana = world
        .value::<i32>("SELECT id FROM users WHERE username = 'ana'")
        .await;
    let theirs = world.session(pine_time::domain::member::MemberId(ana)).await;
    assert!(matches!(
        fault(db.set_check_out(&theirs, nonce(), event, true).await),
        Fault::NotAllowed(_)
    ));
    assert!(matches!(
        fault(db.check_out(&theirs, nonce(), event, &typed("ana")).await),
        Fault::NotAllowed(_)
    ));
}

#[tokio::test]
async fn who_is_not_inside_is_not_checked_out() {
    let (world, event, db, staff) = world_with_check_out().await;
    let stranger = check_out(&db, &staff, event, "nobody").await;
    assert_eq!((stranger.outcome, stranger.member), (Outcome::UnknownCode, None));
    let absent = check_out(&db, &staff, event, "ana").await;
    assert_eq!((absent.outcome, absent.first), (Outcome::NotIn, None));
    assert_eq!(world.count("event_attendees").await, 0);
    let press = nonce();
    check_in(&db, &staff, event, "ana").await;
    let first = db.check_out(&staff, press, event, &typed("ana")).await.unwrap();
    let again = db.check_out(&staff, press, event, &typed("ana")).await.unwrap();
    assert_eq!(first, again);
}

#[tokio::test]
async fn nobody_comes_back_to_what_is_over_or_cancelled() {
    let (world, event, db, staff) = world_with_check_out().await;
    check_in(&db, &staff, event, "ana").await;
    check_out(&db, &staff, event, "ana").await;
    world.sql("UPDATE events SET is_active = false").await;
    assert_eq!(
        check_in(&db, &staff, event, "ana").await.outcome,
        Outcome::EventInactive
    );
    world.sql("UPDATE events SET is_active = NULL").await;
    world
        .sql("UPDATE sessions SET idle_limit = interval '12 hours'")
        .await;
    world.move_clock("3 hours").await;
    assert_eq!(
        check_in(&db, &staff, event, "ana").await.outcome,
        Outcome::Already
    );
}

#[tokio::test]
async fn going_out_and_coming_back_are_taken_back_one_by_one() {
    let (world, event, db, staff) = world_with_check_out().await;
    let ana = check_in(&db, &staff, event, "ana").await.member.unwrap().id;
    let undo = |passage| {
        let (db, staff) = (db.clone(), staff.clone());
        async move {
            let undone = db.undo_passage(&staff, nonce(), event, ana, passage, None).await;
            undone.unwrap().outcome
        }
    };
    let state = || async {
        world
            .value::<String>("SELECT status || ' ' || (check_out_time IS NOT NULL) FROM event_attendees")
            .await
    };
    assert_eq!(undo(Passage::Out).await, UndoOutcome::Nothing);
    assert_eq!(undo(Passage::Back).await, UndoOutcome::Nothing);
    let first_out = check_out(&db, &staff, event, "ana").await;
    check_in(&db, &staff, event, "ana").await;
    check_out(&db, &staff, event, "ana").await;

    assert_eq!(undo(Passage::Back).await, UndoOutcome::Nothing, "out since then");
    assert_eq!(undo(Passage::Out).await, UndoOutcome::Undone);
    let restored: Option<chrono::DateTime<chrono::Utc>> =
        world.value("SELECT check_out_time FROM event_attendees").await;
    assert_eq!(
        restored,
        Some(first_out.at),
        "the last out is the first one again"
    );
    assert_eq!(undo(Passage::Out).await, UndoOutcome::Nothing);
    assert_eq!(undo(Passage::Back).await, UndoOutcome::Undone);
    assert_eq!(state().await, "left true");
    assert_eq!(undo(Passage::Out).await, UndoOutcome::Undone);
    assert_eq!(state().await, "attended false");
    assert_eq!(undo(Passage::Back).await, UndoOutcome::Nothing);
    assert_eq!(undo(Passage::Out).await, UndoOutcome::Nothing);
    assert_eq!(world.count("points_transactions").await, 1, "the check-in stands");
    let whole = db.undo_check_in(&staff, nonce(), event, ana, None).await.unwrap();
    assert_eq!((whole.outcome, whole.total), (UndoOutcome::Undone, 0));
    check_in(&db, &staff, event, "ana").await;
    assert_eq!(
        state().await,
        "attended false",
        "a new generation has not been out"
    );
}

#[tokio::test]
async fn who_went_out_is_taken_back_whole() {
    let (world, event, db, staff) = world_with_check_out().await;
    let ana = check_in(&db, &staff, event, "ana").await.member.unwrap().id;
    check_out(&db, &staff, event, "ana").await;
    let whole = db.undo_check_in(&staff, nonce(), event, ana, None).await.unwrap();
    assert_eq!((whole.outcome, whole.points), (UndoOutcome::Undone, -15));
    assert_eq!(check_out(&db, &staff, event, "ana").await.outcome, Outcome::NotIn);
    let door = db.door(&staff, event).await.unwrap();
    assert_eq!((door.checked_in, door.inside, door.due), (0, 0, 1));
    assert_eq!(world.count("event_attendees WHERE status = 'undone'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_doors_let_one_back_in_once() {
    let (world, event, db, staff) = world_with_check_out().await;
    let other = world.staff().await;
    for _ in 0..10 {
        check_in(&db, &staff, event, "ana").await;
        check_out(&db, &staff, event, "ana").await;
        let (one, two) = tokio::join!(
            check_in(&db, &staff, event, "ana"),
            check_in(&db, &other, event, "ana")
        );
        let mut outcomes = [one.outcome, two.outcome];
        outcomes.sort_by_key(|outcome| *outcome == Outcome::Ok);
        assert_eq!(outcomes, [Outcome::Already, Outcome::Ok]);
        check_out(&db, &staff, event, "ana").await;
    }
    assert_eq!(world.count("points_transactions").await, 1);
}
