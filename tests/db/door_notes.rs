//! Notes for the door: written by the staff, shown with whatever names the member, read once an event, unknown to
//! everybody else.

use pine_time::db::{Db, DbError, Token};
use pine_time::domain::Fault;
use pine_time::domain::admission::{Guest, Taking, WalkIn};
use pine_time::domain::board::{Board, Place};
use pine_time::domain::check_in::Outcome;
use pine_time::domain::door_note::{DoorNote, NoteAnswer, NoteCall, NoteOutcome};
use pine_time::domain::event::EventId;
use pine_time::domain::kept::{Act, Kept};
use pine_time::domain::member::MemberId;
use pine_time::domain::passage::UndoOutcome;

use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce, refused_field, typed};

const TEXT: &str = "Has her badge still to get; ask for Mira.";

async fn set(
    db: &Db,
    token: &Token,
    member: MemberId,
    text: Option<&str>,
    number: Option<i32>,
) -> Result<NoteAnswer, DbError> {
    let call = NoteCall::Set {
        nonce: nonce(),
        member,
        note: text.map(str::to_owned),
        number,
    };
    db.door_note(token, &call).await
}

async fn read(
    db: &Db,
    token: &Token,
    event: EventId,
    member: MemberId,
    number: i32,
) -> Result<NoteAnswer, DbError> {
    let call = NoteCall::Acknowledge {
        nonce: nonce(),
        event,
        member,
        number,
    };
    db.door_note(token, &call).await
}

#[allow(clippy::unnecessary_wraps, reason = "as the answers have it")]
fn note(number: i32, read: bool) -> Option<DoorNote> {
    Some(DoorNote {
        text: TEXT.into(),
        number,
        read,
    })
}

/// Ana, registered, with the note on her; over the staff's login.
async fn with_note() -> (World, EventId, MemberId, Db, Token) {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let done = set(&db, &staff, ana, Some(TEXT), None).await.unwrap();
    assert_eq!((done.outcome, done.note), (NoteOutcome::Done, note(1, false)));
    (world, event, ana, db, staff)
}

#[tokio::test]
async fn it_comes_with_every_answer_that_names_the_member() {
    let (world, event, ana, db, staff) = with_note().await;
    world
        .sql(&format!(
            "UPDATE events SET has_check_out = true, price = 250 WHERE id = {}; 
             UPDATE registrations SET price_due = 250, payment_status = 'pending' WHERE user_id = {}",
            event.0, ana.0
        ))
        .await;
    let unread = note(1, false);
    let looked = db.evaluate_check_in(&staff, event, &typed("ana")).await.unwrap();
    assert_eq!((looked.outcome, &looked.door_note), (Outcome::Unpaid, &unread));
    let found = db.find_at_door(&staff, event, "ana").await.unwrap();
    assert_eq!(found[0].door_note, unread);
    let roster = db.door_roster(&staff, event).await.unwrap();
    assert_eq!(roster.people()[0].door_note, unread);
    let offline = roster.clone().check_in(
        &typed("ana"),
        looked.at,
        pine_time::domain::check_in::FirstScan {
            at: None,
            device: None,
            operator: None,
        },
    );
    assert_eq!(offline.door_note, unread, "the lost link shows it");

    let refused = check_in(&db, &staff, event, "ana").await;
    assert_eq!((refused.outcome, &refused.door_note), (Outcome::Unpaid, &unread));
    let admitted = db
        .admit_anyway(&staff, nonce(), event, ana, "ana", "pays tomorrow")
        .await
        .unwrap();
    assert_eq!((admitted.outcome, &admitted.door_note), (Outcome::Ok, &unread));
    let already = check_in(&db, &staff, event, "ana").await;
    assert_eq!((already.outcome, &already.door_note), (Outcome::Already, &unread));
    let out = db.check_out(&staff, nonce(), event, &typed("ana")).await.unwrap();
    assert_eq!((out.outcome, &out.door_note), (Outcome::Ok, &unread));
    let back = check_in(&db, &staff, event, "ana").await;
    assert_eq!(
        (back.word(), &back.door_note),
        ("BACK IN", &unread),
        "coming back shows it too"
    );
    let undone = db.undo_check_in(&staff, nonce(), event, ana, None).await.unwrap();
    assert_eq!(undone.outcome, UndoOutcome::Undone);
    let paid = db
        .take_payment(
            &staff,
            nonce(),
            event,
            ana,
            "ana",
            &Taking {
                amount: refused.due.unwrap(),
                channel: "cash".to_owned(),
            },
        )
        .await
        .unwrap();
    assert_eq!((paid.outcome, &paid.door_note), (Outcome::Ok, &unread));

    let bea = world.member("bea").await;
    set(&db, &staff, bea, Some(TEXT), None).await.unwrap();
    let walked = db
        .walk_in(
            &staff,
            nonce(),
            event,
            &WalkIn {
                guest: Guest::Member(bea),
                taking: None,
                reason: Some("a friend".to_owned()),
            },
        )
        .await
        .unwrap();
    let pine_time::domain::admission::WalkedIn::Attempted { checked_in } = walked else {
        panic!("{walked:?}")
    };
    assert_eq!(
        (checked_in.outcome, checked_in.door_note),
        (Outcome::Ok, note(1, false))
    );

    let carla = world.guest("carla", event).await;
    set(&db, &staff, carla, Some(TEXT), None).await.unwrap();
    let kept = Kept {
        nonce: nonce(),
        event,
        presented: typed("carla"),
        act: Act::In,
        operator: "owner:root".to_owned(),
        device: "door 1".into(),
        occurred_at: looked.at,
        decided: None,
    };
    let replayed = db.replay_check_in(&staff, &kept).await.unwrap();
    assert_eq!(
        (replayed.outcome, replayed.door_note),
        (Outcome::Ok, note(1, false))
    );

    let stranger = check_in(&db, &staff, event, "nobody").await;
    assert_eq!(
        (stranger.outcome, stranger.door_note),
        (Outcome::UnknownCode, None)
    );
    let dina = world.guest("dina", event).await;
    assert_eq!(check_in(&db, &staff, event, "dina").await.door_note, None);
    world
        .sql(&format!(
            "UPDATE users SET door_note = '  ' WHERE id = {}",
            dina.0
        ))
        .await;
    assert_eq!(
        check_in(&db, &staff, event, "dina").await.door_note,
        None,
        "blanks are no note"
    );
}

#[tokio::test]
async fn what_was_read_does_not_come_up_again_at_this_event() {
    let (world, event, ana, db, staff) = with_note().await;
    let done = read(&db, &staff, event, ana, 1).await.unwrap();
    assert_eq!((done.outcome, done.note), (NoteOutcome::Done, note(1, true)));
    assert_eq!(check_in(&db, &staff, event, "ana").await.door_note, note(1, true));
    assert_eq!(
        db.door_roster(&staff, event).await.unwrap().people()[0].door_note,
        note(1, true)
    );
    let tomorrow = world.event(-10, None).await;
    world.registration(ana, tomorrow, "registered").await;
    assert_eq!(
        check_in(&db, &staff, tomorrow, "ana").await.door_note,
        note(1, false),
        "another event's door has not read it"
    );
    let logged: (String, String, String, i32, String) = sqlx::query_as(
        "SELECT a.actor, a.device, a.after ->> 'door_note', (a.after ->> 'user_id')::integer, r.reader
         FROM audit_log AS a, door_note_reads AS r
         WHERE a.action = 'acknowledge_door_note' AND r.at <= a.at AND a.subject_id = r.event_id",
    )
    .fetch_one(&world.owner)
    .await
    .unwrap();
    assert_eq!(
        logged,
        (
            "staff0".to_owned(),
            "door 1".to_owned(),
            TEXT.to_owned(),
            ana.0,
            "staff0".to_owned()
        )
    );

    // The other door reads it as well: the first reader stays.
    let other = world.staff().await;
    assert_eq!(
        read(&db, &other, event, ana, 1).await.unwrap().outcome,
        NoteOutcome::Done
    );
    assert_eq!(world.count("door_note_reads").await, 1);
    assert_eq!(
        world
            .count("audit_log WHERE action = 'acknowledge_door_note'")
            .await,
        2
    );
}

#[tokio::test]
async fn a_changed_note_has_not_been_read() {
    let (world, event, ana, db, staff) = with_note().await;
    read(&db, &staff, event, ana, 1).await.unwrap();
    let changed = set(&db, &staff, ana, Some("Another."), Some(1)).await.unwrap();
    assert_eq!(changed.note.unwrap().number, 2);
    assert!(!check_in(&db, &staff, event, "ana").await.door_note.unwrap().read);
    let stale = read(&db, &staff, event, ana, 1).await.unwrap();
    assert_eq!(stale.outcome, NoteOutcome::Changed);
    assert_eq!(stale.note.unwrap().text.as_str(), "Another.");
    assert_eq!(
        world.count("door_note_reads").await,
        1,
        "what was not shown was not read"
    );

    // The same words again are a note of their own; so is what somebody writes past the functions.
    world
        .sql(&format!(
            "UPDATE users SET door_note = '{TEXT}' WHERE id = {}",
            ana.0
        ))
        .await;
    assert_eq!(
        check_in(&db, &staff, event, "ana").await.door_note,
        note(3, false)
    );
    // The same write of what stands there already changes nothing.
    let same = set(&db, &staff, ana, Some(TEXT), Some(3)).await.unwrap();
    assert_eq!(same.note, note(3, false));
    let cleared = set(&db, &staff, ana, None, Some(3)).await.unwrap();
    assert_eq!((cleared.outcome, cleared.note), (NoteOutcome::Done, None));
    let gone = read(&db, &staff, event, ana, 3).await.unwrap();
    assert_eq!((gone.outcome, gone.note), (NoteOutcome::Gone, None));
}

#[tokio::test]
async fn a_note_is_not_written_over_one_that_was_not_seen() {
    let (_world, _, ana, db, staff) = with_note().await;
    let blind = set(&db, &staff, ana, Some("Mine."), None).await.unwrap();
    assert_eq!(
        (blind.outcome, blind.note),
        (NoteOutcome::Changed, note(1, false))
    );
    let old = set(&db, &staff, ana, None, Some(7)).await.unwrap();
    assert_eq!(old.outcome, NoteOutcome::Changed);
    set(&db, &staff, ana, None, Some(1)).await.unwrap();
    let late = set(&db, &staff, ana, Some("Mine."), Some(1)).await.unwrap();
    assert_eq!((late.outcome, late.note), (NoteOutcome::Changed, None));
    let fresh = set(&db, &staff, ana, Some("  Mine. "), None).await.unwrap();
    assert_eq!(
        fresh.note.unwrap().text.as_str(),
        "Mine.",
        "without blanks around it"
    );
}

#[tokio::test]
async fn every_write_is_done_once_and_audited_once() {
    let (world, event, ana, db, staff) = with_note().await;
    let calls = [
        NoteCall::Set {
            nonce: nonce(),
            member: ana,
            note: Some("Two.".to_owned()),
            number: Some(1),
        },
        NoteCall::Acknowledge {
            nonce: nonce(),
            event,
            member: ana,
            number: 2,
        },
    ];
    for call in &calls {
        let first = db.door_note(&staff, call).await.unwrap();
        assert_eq!(first.outcome, NoteOutcome::Done);
        assert_eq!(
            db.door_note(&staff, call).await.unwrap(),
            first,
            "the first answer again"
        );
    }
    assert_eq!(world.count("audit_log WHERE action = 'set_door_note'").await, 2);
    assert_eq!(
        world
            .value::<String>(
                "SELECT concat_ws(' > ', before ->> 'door_note', after ->> 'door_note') FROM audit_log
                 WHERE action = 'set_door_note' ORDER BY id DESC LIMIT 1"
            )
            .await,
        format!("{TEXT} > Two.")
    );
    assert_eq!(
        world
            .count("audit_log WHERE action = 'acknowledge_door_note'")
            .await,
        1
    );
    // The same nonce for something else is refused.
    let other = NoteCall::Set {
        nonce: calls[0].nonce(),
        member: ana,
        note: None,
        number: Some(2),
    };
    assert!(matches!(
        fault(db.door_note(&staff, &other).await),
        Fault::Conflict(_)
    ));
}

#[tokio::test]
async fn too_long_a_note_and_nobody_are_refused() {
    let (world, event, ana, db, staff) = with_note().await;
    let longest = "é".repeat(500);
    let done = set(&db, &staff, ana, Some(&longest), Some(1)).await.unwrap();
    assert_eq!(done.note.unwrap().text.as_str(), longest);
    let longer = "é".repeat(501);
    assert_eq!(
        refused_field(set(&db, &staff, ana, Some(&longer), Some(2)).await),
        "door_note"
    );
    let nobody = MemberId(999_999);
    assert!(matches!(
        fault(set(&db, &staff, nobody, Some("x"), None).await),
        Fault::NotFound(_)
    ));
    assert!(matches!(
        fault(read(&db, &staff, event, nobody, 1).await),
        Fault::NotFound(_)
    ));
    assert!(matches!(
        fault(read(&db, &staff, EventId(999_999), ana, 2).await),
        Fault::NotFound(_)
    ));
    let past = sqlx::query("UPDATE users SET door_note = repeat('x', 501)")
        .execute(&world.owner)
        .await
        .unwrap_err();
    assert!(past.to_string().contains("users_door_note_length"), "{past}");
}

#[tokio::test]
async fn members_and_kiosks_never_learn_of_it() {
    let (world, event, ana, db, staff) = with_note().await;
    let (hers, kiosk) = (world.session(ana).await, world.db(Role::Kiosk));
    for result in [
        set(&db, &hers, ana, None, Some(1)).await,
        read(&db, &hers, event, ana, 1).await,
    ] {
        assert!(
            matches!(fault(result), Fault::NotAllowed(_)),
            "not a member's business"
        );
    }
    // Over a kiosk's login the functions are out of reach, whoever has signed in.
    for token in [&hers, &staff] {
        assert_eq!(fault(set(&kiosk, token, ana, None, Some(1)).await), Fault::Login);
        assert_eq!(fault(read(&kiosk, token, event, ana, 1).await), Fault::Login);
    }
    // Whatever a kiosk's login may call tells nothing of it, and the column is out of its reach.
    let told = [
        format!("{:?}", kiosk.profile(&hers).await.unwrap()),
        format!("{:?}", kiosk.event(&hers, event).await.unwrap()),
        format!(
            "{:?}",
            kiosk.points_ledger(&hers, None, None, None, 50).await.unwrap()
        ),
        format!(
            "{:?}",
            kiosk.board(&hers, Board::All, Place::Skip(0), 50).await.unwrap()
        ),
    ];
    assert!(told.iter().all(|told| !told.contains("badge still")), "{told:?}");
    for role in ["pine_kiosk", "pine_staff"] {
        let reach: bool = world
            .value(&format!(
                "SELECT has_column_privilege('{role}', 'users', 'door_note', 'SELECT')
                     OR has_table_privilege('{role}', 'door_note_reads', 'SELECT')"
            ))
            .await;
        assert!(!reach, "{role}");
    }
    let granted = world
        .count(
            "pg_proc WHERE pronamespace = 'api'::regnamespace AND prosrc LIKE '%door_note%'
             AND has_function_privilege('pine_kiosk', oid, 'EXECUTE')",
        )
        .await;
    assert_eq!(granted, 0);
    assert_eq!(world.count("door_note_reads").await, 0);
}
