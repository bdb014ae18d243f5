//! What staff do about registrations, each with all of its refusals; nonces, roles and the audit log.

use pine_time::domain::Fault;
use pine_time::domain::event::{EventId, RegisterOutcome, RegistrationStatus};
use pine_time::domain::event_people::{DeskAct, DeskOutcome, MAX_NOTE};
use pine_time::domain::member::MemberId;
use pine_time::domain::seats::News;

use crate::people::{BEGUN, Member, OVER, Staff, cancel, move_to, note, promote, register, reject, seats};
use crate::support::cluster::Role;
use crate::support::world::{World, check_in, fault, nonce, refused_field};

#[tokio::test]
async fn approving_seats_people_and_then_puts_them_in_line_in_its_order() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    world.sql("UPDATE events SET requires_approval = true").await;
    let staff = Staff::new(&world).await;
    let ana = Member::new(&world, "ana").await;
    let ben = Member::new(&world, "ben").await;
    let cem = Member::new(&world, "cem").await;
    for member in [&ana, &ben, &cem] {
        assert_eq!(member.register(event).await, RegisterOutcome::Pending);
    }
    let done = staff.does(event, cem.id, DeskAct::Approve).await;
    assert_eq!((done.outcome, done.registered), (DeskOutcome::Registered, 1));
    assert_eq!(
        staff.outcome(event, ben.id, DeskAct::Approve).await,
        DeskOutcome::Waitlisted
    );
    let done = staff.does(event, ana.id, DeskAct::Approve).await;
    assert_eq!((done.outcome, done.waitlisted), (DeskOutcome::Waitlisted, 2));
    assert_eq!(
        done.person.unwrap().place,
        Some(2),
        "by approval, not by registering"
    );
    assert_eq!(ben.mine(event).await.news, Some(News::Approved));
    assert_eq!(
        staff.outcome(event, ana.id, DeskAct::Approve).await,
        DeskOutcome::NotPending
    );

    let done = staff.does(event, cem.id, reject("Members only.")).await;
    assert_eq!(done.outcome, DeskOutcome::Rejected);
    assert_eq!(
        done.promoted.iter().map(|name| name.id).collect::<Vec<_>>(),
        [ben.id],
        "a rejection frees a seat"
    );
    assert_eq!(ben.status(event).await, RegistrationStatus::Registered);
}

#[tokio::test]
async fn nobody_is_approved_into_an_event_that_is_cancelled_over_or_full_and_running() {
    let world = World::new().await;
    let staff = Staff::new(&world).await;
    let event = world.event(60, Some(0)).await;
    let ana = world.member("ana").await;
    world.registration(ana, event, "pending").await;
    world.sql("UPDATE events SET is_active = false").await;
    assert_eq!(
        staff.outcome(event, ana, DeskAct::Approve).await,
        DeskOutcome::EventInactive
    );
    world
        .sql("UPDATE events SET is_active = true; UPDATE users SET is_active = false WHERE username = 'ana'")
        .await;
    assert_eq!(
        staff.outcome(event, ana, DeskAct::Approve).await,
        DeskOutcome::MemberInactive
    );
    world.sql("UPDATE users SET is_active = true").await;
    world.sql(BEGUN).await;
    assert_eq!(
        staff.outcome(event, ana, DeskAct::Approve).await,
        DeskOutcome::Full,
        "its line does not move any more"
    );
    world.sql(OVER).await;
    assert_eq!(
        staff.outcome(event, ana, DeskAct::Approve).await,
        DeskOutcome::Over
    );
}

#[tokio::test]
async fn who_was_refused_reads_why_and_comes_back_only_through_staff() {
    let world = World::new().await;
    let event = world.event(60, Some(5)).await;
    let staff = Staff::new(&world).await;
    let ana = Member::new(&world, "ana").await;
    ana.register(event).await;
    assert_eq!(
        refused_field(staff.try_to(event, ana.id, reject("  ")).await),
        "reason"
    );
    assert_eq!(
        refused_field(staff.try_to(event, ana.id, reject(&"x".repeat(256))).await),
        "reason"
    );
    assert_eq!(
        ana.status(event).await,
        RegistrationStatus::Registered,
        "nothing half done"
    );
    staff.does(event, ana.id, reject(" Too young. ")).await;
    let mine = ana.mine(event).await;
    assert_eq!(
        (
            mine.status,
            mine.news,
            mine.status_reason
                .as_ref()
                .map(pine_time::domain::SafeText::as_str)
        ),
        (
            RegistrationStatus::Rejected,
            Some(News::Rejected),
            Some("Too young.")
        )
    );
    assert_eq!(ana.register(event).await, RegisterOutcome::Rejected);
    assert_eq!(
        staff.outcome(event, ana.id, reject("Again.")).await,
        DeskOutcome::Already
    );
    assert_eq!(
        staff.outcome(event, ana.id, cancel("Again.")).await,
        DeskOutcome::NotRegistered
    );
    assert_eq!(
        staff.outcome(event, ana.id, DeskAct::Approve).await,
        DeskOutcome::Registered
    );
    let mine = ana.mine(event).await;
    assert_eq!((mine.news, mine.status_reason), (Some(News::Approved), None));
}

#[tokio::test]
async fn staff_cancel_with_a_reason_until_somebody_has_come() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    let staff = Staff::new(&world).await;
    let ana = Member::new(&world, "ana").await;
    let ben = Member::new(&world, "ben").await;
    ana.register(event).await;
    ben.wait(event).await;
    assert_eq!(
        refused_field(staff.try_to(event, ana.id, cancel("")).await),
        "reason"
    );
    let done = staff.does(event, ana.id, cancel("She called.")).await;
    assert_eq!(done.outcome, DeskOutcome::Cancelled);
    assert_eq!(done.promoted.len(), 1);
    let mine = ana.mine(event).await;
    assert_eq!(
        (mine.status, mine.news),
        (RegistrationStatus::Cancelled, Some(News::Cancelled))
    );
    assert_eq!(mine.status_reason.unwrap().as_str(), "She called.");
    assert_eq!(
        staff.outcome(event, ana.id, cancel("Twice.")).await,
        DeskOutcome::Already
    );
    let audit: String = world
        .value(
            "SELECT format('%s %s %s %s', action, before->>'status', after->>'reason', after->'promoted')
                FROM audit_log ORDER BY id DESC LIMIT 1",
        )
        .await;
    assert_eq!(
        audit,
        format!("registration_cancel registered She called. [{}]", ben.id.0)
    );

    check_in(&staff.db, &staff.token, event, "ben").await;
    assert_eq!(
        staff.outcome(event, ben.id, cancel("Too late.")).await,
        DeskOutcome::CheckedIn
    );
    assert_eq!(
        staff.outcome(event, ben.id, reject("Too late.")).await,
        DeskOutcome::CheckedIn
    );
    assert_eq!(ana.register(event).await, RegisterOutcome::Full);
    staff
        .db
        .undo_check_in(&staff.token, nonce(), event, ben.id, None)
        .await
        .unwrap();
    world.sql(BEGUN).await;
    assert_eq!(
        staff.outcome(event, ben.id, cancel("Did not come.")).await,
        DeskOutcome::Cancelled,
        "staff may, when members may not any more"
    );
}

#[tokio::test]
async fn staff_register_somebody_past_approval_but_never_past_the_last_seat() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    world
        .sql("UPDATE events SET requires_approval = true, price = 250")
        .await;
    let staff = Staff::new(&world).await;
    let ana = Member::new(&world, "ana").await;
    let ben = Member::new(&world, "ben").await;
    let done = staff.does(event, ana.id, register(false)).await;
    assert_eq!(done.outcome, DeskOutcome::Registered);
    assert_eq!(done.person.unwrap().due.unwrap().to_string(), "250.00");
    assert_eq!(ana.mine(event).await.news, Some(News::Registered));
    assert_eq!(
        staff.outcome(event, ana.id, register(true)).await,
        DeskOutcome::Already
    );
    let done = staff.does(event, ben.id, register(false)).await;
    assert_eq!((done.outcome, done.person), (DeskOutcome::Full, None));
    assert_eq!(
        staff.outcome(event, ben.id, register(true)).await,
        DeskOutcome::Waitlisted
    );
    assert_eq!(
        staff.outcome(event, ben.id, register(true)).await,
        DeskOutcome::Already
    );
    assert_eq!(seats(&world, event).await, (1, 1));

    staff.does(event, ben.id, reject("No.")).await;
    world.sql("UPDATE events SET max_participants = 2").await;
    assert_eq!(
        staff.outcome(event, ben.id, register(false)).await,
        DeskOutcome::Registered,
        "staff may think better of it"
    );
    let gone = world.member("gone").await;
    world
        .sql("UPDATE users SET is_active = false WHERE username = 'gone'")
        .await;
    assert_eq!(
        staff.outcome(event, gone, register(true)).await,
        DeskOutcome::MemberInactive
    );
    world.sql("UPDATE events SET is_active = false").await;
    assert_eq!(
        staff.outcome(event, gone, register(true)).await,
        DeskOutcome::EventInactive
    );
    world.sql("UPDATE events SET is_active = true").await;
    world.sql(OVER).await;
    assert_eq!(
        staff.outcome(event, gone, register(true)).await,
        DeskOutcome::Over
    );
}

#[tokio::test]
async fn a_move_goes_through_the_other_events_capacity_and_frees_the_seat_here() {
    let world = World::new().await;
    let (here, there) = (world.event(60, Some(1)).await, world.event(90, Some(1)).await);
    let staff = Staff::new(&world).await;
    let ana = Member::new(&world, "ana").await;
    let ben = Member::new(&world, "ben").await;
    let cem = Member::new(&world, "cem").await;
    ana.register(here).await;
    ben.wait(here).await;
    staff.does(here, ana.id, note("Brings the projector")).await;
    let done = staff
        .does(
            here,
            ana.id,
            DeskAct::Move {
                to: there,
                wait: false,
                reason: Some("The hall is smaller.".to_owned()),
            },
        )
        .await;
    assert_eq!((done.outcome, done.promoted.len()), (DeskOutcome::Registered, 1));
    let person = done.person.unwrap();
    assert_eq!(
        (person.event_id, person.note.unwrap().as_str()),
        (there, "Brings the projector")
    );
    let mine = ana.mine(there).await;
    assert_eq!(
        (mine.news, mine.status_reason.unwrap().as_str()),
        (Some(News::Moved), "The hall is smaller.")
    );
    let left = ana.mine(here).await;
    assert_eq!(left.status, RegistrationStatus::Cancelled);
    assert_eq!(left.news, None, "told once");
    assert!(
        left.status_reason
            .unwrap()
            .as_str()
            .starts_with("Moved to Trivia Night")
    );
    assert_eq!(ben.status(here).await, RegistrationStatus::Registered);

    assert_eq!(
        staff.outcome(here, ben.id, move_to(there, false)).await,
        DeskOutcome::Full
    );
    assert_eq!(
        ben.status(here).await,
        RegistrationStatus::Registered,
        "nothing was done"
    );
    cem.wait(here).await;
    assert_eq!(
        staff.outcome(here, ben.id, move_to(there, true)).await,
        DeskOutcome::Waitlisted
    );
    assert_eq!(cem.status(here).await, RegistrationStatus::Registered);
    assert_eq!(
        (seats(&world, here).await, seats(&world, there).await),
        ((1, 0), (1, 1))
    );
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_move_is_told_and_nothing_is_done() {
    let world = World::new().await;
    let (here, there) = (world.event(60, Some(9)).await, world.event(90, Some(9)).await);
    let staff = Staff::new(&world).await;
    let ana = Member::new(&world, "ana").await;
    assert!(matches!(
        fault(staff.try_to(here, ana.id, move_to(there, false)).await),
        Fault::NotFound(_)
    ));
    ana.register(here).await;
    assert_eq!(
        refused_field(staff.try_to(here, ana.id, move_to(here, false)).await),
        "to_event_id"
    );
    assert!(matches!(
        fault(staff.try_to(here, ana.id, move_to(EventId(999), false)).await),
        Fault::NotFound(_)
    ));
    let outcome = async || staff.outcome(here, ana.id, move_to(there, true)).await;

    world.registration(ana.id, there, "waitlisted").await;
    assert_eq!(outcome().await, DeskOutcome::Already);
    world
        .sql(&format!("DELETE FROM registrations WHERE event_id = {}", there.0))
        .await;
    world
        .sql(&format!(
            "UPDATE events SET is_active = false WHERE id = {}",
            there.0
        ))
        .await;
    assert_eq!(outcome().await, DeskOutcome::EventInactive);
    world.sql("UPDATE events SET is_active = true").await;
    world
        .sql("UPDATE users SET is_active = false WHERE username = 'ana'")
        .await;
    assert_eq!(outcome().await, DeskOutcome::MemberInactive);
    world.sql("UPDATE users SET is_active = true").await;
    world
        .sql(&format!(
            "UPDATE events SET start_time = now() - interval '1 h', end_time = now() WHERE id = {}",
            there.0
        ))
        .await;
    assert_eq!(outcome().await, DeskOutcome::Over);
    world
        .sql(&format!(
            "UPDATE events SET end_time = now() + interval '1 h' WHERE id = {}",
            there.0
        ))
        .await;

    world
        .sql(
            "INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel)
               SELECT id, user_id, event_id, 10, 'cash' FROM registrations",
        )
        .await;
    assert_eq!(outcome().await, DeskOutcome::Paid);
    world.sql("UPDATE payment SET voided_at = now()").await;
    check_in(&staff.db, &staff.token, here, "ana").await;
    assert_eq!(outcome().await, DeskOutcome::CheckedIn);
    staff
        .db
        .undo_check_in(&staff.token, nonce(), here, ana.id, None)
        .await
        .unwrap();
    assert_eq!(
        world
            .count(&format!("registrations WHERE event_id = {}", there.0))
            .await,
        0
    );

    world
        .sql("UPDATE events SET requires_approval = true; UPDATE registrations SET status = 'pending'")
        .await;
    assert_eq!(outcome().await, DeskOutcome::Pending, "a move approves nobody");
    assert_eq!(outcome().await, DeskOutcome::NotRegistered);
}

#[tokio::test]
async fn a_promotion_out_of_order_takes_a_reason_and_the_next_seat_never_one_too_many() {
    let world = World::new().await;
    let event = world.event(60, Some(1)).await;
    let staff = Staff::new(&world).await;
    let ana = Member::new(&world, "ana").await;
    let ben = Member::new(&world, "ben").await;
    let cem = Member::new(&world, "cem").await;
    ana.register(event).await;
    ben.wait(event).await;
    cem.wait(event).await;
    assert_eq!(
        refused_field(staff.try_to(event, cem.id, promote(None)).await),
        "reason"
    );
    assert_eq!(
        staff.outcome(event, ben.id, promote(None)).await,
        DeskOutcome::FirstAlready
    );
    assert_eq!(
        staff.outcome(event, ana.id, promote(Some("Why."))).await,
        DeskOutcome::NotWaitlisted
    );
    let done = staff
        .does(event, cem.id, promote(Some("She is the speaker.")))
        .await;
    assert_eq!(
        (done.outcome, done.registered),
        (DeskOutcome::Next, 1),
        "never over capacity"
    );
    assert_eq!(
        (cem.mine(event).await.place, ben.mine(event).await.place),
        (Some(1), Some(2))
    );
    let dan = Member::new(&world, "dan").await;
    dan.wait(event).await;
    staff
        .does(event, dan.id, promote(Some("The other speaker.")))
        .await;
    assert_eq!(
        (dan.mine(event).await.place, cem.mine(event).await.place),
        (Some(1), Some(2))
    );
    ana.cancel(event).await;
    assert_eq!(dan.status(event).await, RegistrationStatus::Registered);
    let reason: String = world
        .value("SELECT after->>'reason' FROM audit_log WHERE action = 'registration_promote' ORDER BY id DESC LIMIT 1")
        .await;
    assert_eq!(reason, "The other speaker.");

    // It has begun: the line stands still, and a free seat is staff's to give.
    world.sql(BEGUN).await;
    assert_eq!(
        staff.outcome(event, ben.id, promote(Some("Here."))).await,
        DeskOutcome::Full
    );
    staff.does(event, dan.id, cancel("Did not come.")).await;
    assert_eq!(cem.status(event).await, RegistrationStatus::Waitlisted);
    assert_eq!(
        staff.outcome(event, ben.id, promote(Some("Here."))).await,
        DeskOutcome::Registered
    );
    assert_eq!(
        staff.outcome(event, cem.id, promote(None)).await,
        DeskOutcome::Full
    );
    assert_eq!(seats(&world, event).await, (1, 1));
    world.sql(OVER).await;
    assert_eq!(
        staff.outcome(event, cem.id, promote(None)).await,
        DeskOutcome::Over
    );
    world.sql("UPDATE events SET is_active = false").await;
    assert_eq!(
        staff.outcome(event, cem.id, promote(None)).await,
        DeskOutcome::EventInactive
    );
}

#[tokio::test]
async fn notes_are_for_staff_and_bounded() {
    let world = World::new().await;
    let event = world.event(60, None).await;
    let staff = Staff::new(&world).await;
    let ana = world.guest("ana", event).await;
    let done = staff.does(event, ana, note("  Needs a ramp. ")).await;
    assert_eq!(done.outcome, DeskOutcome::Noted);
    assert_eq!(done.person.unwrap().note.unwrap().as_str(), "Needs a ramp.");
    assert_eq!(
        refused_field(staff.try_to(event, ana, note(&"x".repeat(MAX_NOTE + 1))).await),
        "note"
    );
    let done = staff.does(event, ana, note(" ")).await;
    assert_eq!(done.person.unwrap().note, None);
    let audit: String = world
        .value("SELECT before->>'note' FROM audit_log WHERE action = 'registration_note' ORDER BY id DESC LIMIT 1")
        .await;
    assert_eq!(audit, "Needs a ramp.");
}

#[tokio::test]
async fn every_act_sent_twice_is_done_once_and_a_nonce_is_for_one_thing() {
    let world = World::new().await;
    let (event, other) = (world.event(60, Some(2)).await, world.event(90, Some(2)).await);
    let staff = Staff::new(&world).await;
    let ana = world.member("ana").await;
    let ben = world.member("ben").await;
    world.registration(ana, event, "pending").await;
    for act in [
        DeskAct::Approve,
        note("A note"),
        reject("No."),
        DeskAct::Approve,
        cancel("She called."),
        register(true),
        move_to(other, true),
    ] {
        let press = nonce();
        let send = |member| {
            staff
                .db
                .change_registration(&staff.token, press, event, member, &act)
        };
        let before = world.count("audit_log").await;
        let (first, second) = tokio::join!(send(ana), send(ana));
        let first = first.unwrap();
        assert_eq!(first, second.unwrap(), "{act:?}");
        assert_eq!(first.outcome.why_not(), None, "{act:?}");
        assert_eq!(world.count("audit_log").await, before + 1, "{act:?}");
        assert!(matches!(fault(send(ben).await), Fault::Conflict(_)), "{act:?}");
    }
    world
        .sql("UPDATE registrations SET status = 'waitlisted'; UPDATE events SET max_participants = 0")
        .await;
    let press = nonce();
    let act = promote(None);
    let send = || {
        staff
            .db
            .change_registration(&staff.token, press, other, ana, &act)
    };
    assert_eq!(send().await.unwrap(), send().await.unwrap());
}

#[tokio::test]
async fn the_desk_is_for_staff_over_staff_logins() {
    let world = World::new().await;
    let event = world.event(60, Some(2)).await;
    let ana = Member::new(&world, "ana").await;
    ana.register(event).await;
    let staff = Staff::new(&world).await;
    for act in [
        DeskAct::Approve,
        reject("No."),
        cancel("No."),
        register(true),
        promote(None),
        move_to(EventId(1), true),
        note("x"),
    ] {
        let as_member = staff
            .db
            .change_registration(&ana.token, nonce(), event, ana.id, &act)
            .await;
        assert!(matches!(fault(as_member), Fault::NotAllowed(_)), "{act:?}");
        let at_kiosk = ana
            .db
            .change_registration(&staff.token, nonce(), event, ana.id, &act)
            .await;
        assert_eq!(fault(at_kiosk), Fault::Login, "{act:?}");
    }
    assert_eq!(ana.status(event).await, RegistrationStatus::Registered);

    let owner = world.db(Role::Owner);
    let nobody = owner.owner_session("root").await.unwrap();
    let done = owner
        .change_registration(&nobody, nonce(), event, ana.id, &cancel("By the owner."))
        .await
        .unwrap();
    assert_eq!(done.outcome, DeskOutcome::Cancelled);
    assert_eq!(
        world
            .value::<String>("SELECT actor FROM audit_log ORDER BY id DESC LIMIT 1")
            .await,
        "owner:root"
    );
}

#[tokio::test]
async fn who_or_what_does_not_exist_is_not_found() {
    let world = World::new().await;
    let event = world.event(60, Some(2)).await;
    let ana = world.member("ana").await;
    let staff = Staff::new(&world).await;
    for act in [
        DeskAct::Approve,
        reject("No."),
        cancel("No."),
        promote(Some("Why.")),
        note("x"),
    ] {
        for (event, member) in [(event, ana), (event, MemberId(999)), (EventId(999), ana)] {
            let result = staff.try_to(event, member, act.clone()).await;
            assert!(matches!(fault(result), Fault::NotFound(_)), "{act:?}");
        }
    }
    assert!(matches!(
        fault(staff.try_to(event, MemberId(999), register(true)).await),
        Fault::NotFound(_)
    ));
    assert_eq!(world.count("registrations").await, 0);
}
