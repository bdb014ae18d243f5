//! The door's log: everything, filtered by any word, page by page.

use pine_time::domain::Fault;
use pine_time::domain::check_in::Outcome;
use pine_time::domain::passage::{DoorLog, Passage};

use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce};

#[tokio::test]
async fn every_attempt_is_found_by_its_words_and_page_by_page() {
    let world = World::new().await;
    let (event, other) = (world.event(-10, None).await, world.event(-10, None).await);
    let ana = world.guest("ana", event).await;
    world.guest("niño_b", event).await;
    let (db, staff, second) = (world.db(Role::Staff), world.staff().await, world.staff().await);
    world
        .sql("UPDATE sessions SET device = 'back door' WHERE user_id = (SELECT max(user_id) FROM sessions)")
        .await;
    check_in(&db, &staff, event, "ana").await;
    check_in(&db, &second, event, "ana").await;
    check_in(&db, &staff, event, "niño_b").await;
    check_in(&db, &staff, event, "50%_off").await;
    check_in(&db, &staff, other, "ana").await;
    db.undo_check_in(&second, nonce(), event, ana, Some("wrong person"))
        .await
        .unwrap();
    let find = |words: &'static str| {
        let (db, staff) = (db.clone(), staff.clone());
        async move {
            let log = db.door_log(&staff, event, words, None, 100).await.unwrap();
            assert_eq!(log.total, i64::try_from(log.rows.len()).unwrap());
            log.rows
                .iter()
                .map(|row| (row.outcome, row.passage))
                .collect::<Vec<_>>()
        }
    };
    let all = find("").await;
    assert_eq!(
        all,
        [
            (Outcome::Ok, Passage::UndoIn),
            (Outcome::UnknownCode, Passage::In),
            (Outcome::Ok, Passage::In),
            (Outcome::Already, Passage::In),
            (Outcome::Ok, Passage::In),
        ],
        "newest first, of this event only"
    );
    assert_eq!(find("already").await, [(Outcome::Already, Passage::In)]);
    assert_eq!(find("unknown code").await, [(Outcome::UnknownCode, Passage::In)]);
    assert_eq!(
        find("50%_").await,
        [(Outcome::UnknownCode, Passage::In)],
        "no wildcard"
    );
    assert_eq!(find("NINO").await, [(Outcome::Ok, Passage::In)]);
    assert_eq!(find("wrong").await, [(Outcome::Ok, Passage::UndoIn)]);
    assert_eq!(find("back staff1").await.len(), 2, "terminal and operator");
    assert_eq!(find("nobody at all").await, []);

    let mut seen: Vec<i64> = Vec::new();
    let mut before = None;
    loop {
        let page: DoorLog = db.door_log(&staff, event, "", before, 2).await.unwrap();
        assert_eq!(page.total, 5);
        let Some(last) = page.rows.last() else { break };
        before = Some(last.id);
        seen.extend(page.rows.iter().map(|row| row.id));
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
    let theirs = world.session(ana).await;
    assert!(matches!(
        fault(db.door_log(&theirs, event, "", None, 10).await),
        Fault::NotAllowed(_)
    ));
}
