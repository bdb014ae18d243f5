//! Kiosks: who enrols them, who they are, what a presented pass does there, and what they tell nobody.

use pine_time::db::{Db, Desk, Token, new_device_secret};
use pine_time::domain::account::Proof;
use pine_time::domain::badge::Earned;
use pine_time::domain::board::{Board, Place};
use pine_time::domain::check_in::Outcome;
use pine_time::domain::event::EventId;
use pine_time::domain::kiosk::{
    Attended, AttendedAlone, Joined, KioskAnswer, KioskCall, KioskOutcome, KioskPage, ScanOutcome, Scanned,
};
use pine_time::domain::{Answer, Call, Fault, Secret};
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use crate::support::cluster::{Role, TestDb};
use crate::support::world::{World, fault, nonce, refused_field};

/// A kiosk that has joined, and who enrolled it.
struct Kiosk {
    db: Db,
    device: Token,
    pin: Secret,
    staff_db: Db,
    staff: Token,
}

fn device() -> Token {
    Token::from_hex(&new_device_secret().unwrap()).unwrap()
}

async fn kiosk(world: &World, name: &str) -> Kiosk {
    let (staff_db, staff, db) = (world.db(Role::Staff), world.staff().await, world.db(Role::Kiosk));
    let enrolment = staff_db.kiosk_enrol(&staff, name).await.unwrap();
    let device = device();
    let joined = db
        .kiosk_join(nonce(), enrolment.code.as_str(), &device)
        .await
        .unwrap();
    assert_eq!(joined, Joined::Ok { name: name.into() });
    Kiosk {
        db,
        device,
        pin: Secret::new(enrolment.pin.to_string()),
        staff_db,
        staff,
    }
}

impl Kiosk {
    async fn scan(&self, pass: &str) -> Scanned {
        let call = KioskCall::Scan {
            nonce: nonce(),
            pass: pass.to_owned(),
        };
        match self.db.kiosk_call(&self.device, &call).await.unwrap() {
            KioskAnswer::Scanned(scanned) => *scanned,
            other => panic!("{other:?}"),
        }
    }

    async fn page(&self) -> KioskPage {
        match self.db.kiosk_call(&self.device, &KioskCall::Page).await.unwrap() {
            KioskAnswer::Page(page) => page,
            other => panic!("{other:?}"),
        }
    }

    async fn attend(&self, pin: &str) -> Attended {
        let call = KioskCall::Attend {
            nonce: nonce(),
            pin: Secret::new(pin.to_owned()),
        };
        match self.db.kiosk_call(&self.device, &call).await.unwrap() {
            KioskAnswer::Attended(attended) => attended,
            other => panic!("{other:?}"),
        }
    }

    async fn choose(&self, event: Option<EventId>) -> Result<KioskAnswer, Fault> {
        let call = KioskCall::Choose {
            nonce: nonce(),
            pin: self.pin.clone(),
            event,
        };
        let chosen = self.db.kiosk_call(&self.device, &call).await;
        chosen.map_err(|error| error.fault)
    }
}

fn door(outcome: Outcome) -> ScanOutcome {
    ScanOutcome::Door(outcome)
}

async fn full_name(world: &World, member: pine_time::domain::member::MemberId, name: &str) {
    world
        .sql(&format!(
            "UPDATE users SET full_name = '{name}' WHERE id = {}",
            member.0
        ))
        .await;
}

#[tokio::test]
async fn a_scan_checks_in_and_tells_the_first_name_and_the_reward_and_nothing_else() {
    let world = World::new().await;
    let event = world.event(-10, Some(20)).await;
    let ana = world.guest("ana", event).await;
    full_name(&world, ana, "Ana Maria Reyes").await;
    let kiosk = kiosk(&world, "Lobby").await;
    let pass = world.pass_code(ana).await;

    let scanned = kiosk.scan(&pass).await;
    assert_eq!(scanned.outcome, door(Outcome::Ok));
    assert_eq!(scanned.name.as_ref().unwrap().as_str(), "Ana R.");
    assert_eq!(scanned.event_title.as_ref().unwrap().as_str(), "Trivia Night");
    assert_eq!(scanned.points, 15);
    assert_eq!(scanned.earned[0], Earned::Attendance { points: 15 });
    let again = kiosk.scan(&pass.to_lowercase()).await;
    assert_eq!(again.outcome, door(Outcome::Already));
    assert!(again.first_at.is_some() && again.points == 0);

    let said: serde_json::Value = world
        .value("SELECT jsonb_agg(answer) FROM request_log WHERE function = 'kiosk_scan'")
        .await;
    let said = said.to_string();
    for hidden in [
        "Maria", "Reyes", "ana@", "\"ana\"", &pass, "user_id", "total", "username",
    ] {
        assert!(!said.contains(hidden), "{hidden} in {said}");
    }
    let log: (String, String, Option<i32>) =
        sqlx::query_as("SELECT device, operator, operator_id FROM check_in_log ORDER BY id LIMIT 1")
            .fetch_one(&world.owner)
            .await
            .unwrap();
    assert_eq!(log, ("Lobby".to_owned(), "kiosk".to_owned(), None));
    let paid = world
        .count(&format!("points_transactions WHERE user_id = {}", ana.0))
        .await;
    assert_eq!(paid, 1);
}

#[tokio::test]
async fn the_same_scan_sent_again_is_done_once_and_two_kiosks_at_once_pay_once() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let (first, second) = (kiosk(&world, "Left").await, kiosk(&world, "Right").await);
    let call = KioskCall::Scan {
        nonce: nonce(),
        pass: world.pass_code(ana).await,
    };
    let other = KioskCall::Scan {
        nonce: nonce(),
        pass: world.pass_code(ana).await,
    };
    let (one, same, two) = tokio::join!(
        first.db.kiosk_call(&first.device, &call),
        first.db.kiosk_call(&first.device, &call),
        second.db.kiosk_call(&second.device, &other),
    );
    let (one, same, two) = (one.unwrap(), same.unwrap(), two.unwrap());
    assert_eq!(one, same, "the same key press has one answer");
    let ok = [&one, &two]
        .into_iter()
        .filter(|answer| matches!(answer, KioskAnswer::Scanned(s) if s.outcome == door(Outcome::Ok)))
        .count();
    assert_eq!(ok, 1, "{one:?} {two:?}");
    assert_eq!(world.count("points_transactions").await, 1);
    // The same number for something else is refused.
    let KioskCall::Scan { nonce, .. } = call else {
        panic!()
    };
    let else_ = KioskCall::Scan {
        nonce,
        pass: "0000000000".to_owned(),
    };
    assert!(matches!(
        fault(first.db.kiosk_call(&first.device, &else_).await),
        Fault::Conflict(_)
    ));
}

#[tokio::test]
async fn every_refusal_is_the_doors_own() {
    let world = World::new().await;
    let kiosk = kiosk(&world, "Lobby").await;
    let event = world.event(-10, Some(1)).await;
    let pass = async |name: &str, status: Option<&str>| {
        let member = world.member(name).await;
        if let Some(status) = status {
            world.registration(member, event, status).await;
        }
        world.pass_code(member).await
    };
    for (name, status, outcome) in [
        ("nora", None, Outcome::NotRegistered),
        ("carl", Some("cancelled"), Outcome::Cancelled),
        ("rita", Some("rejected"), Outcome::Cancelled),
        ("pete", Some("pending"), Outcome::Pending),
        ("wanda", Some("waitlisted"), Outcome::Waitlisted),
    ] {
        let scanned = kiosk.scan(&pass(name, status).await).await;
        assert_eq!(scanned.outcome, door(outcome), "{name}");
        assert!(scanned.name.is_some(), "{name}");
    }
    let gone = pass("gone", Some("registered")).await;
    world
        .sql("UPDATE users SET is_active = false WHERE username = 'gone'")
        .await;
    let scanned = kiosk.scan(&gone).await;
    assert_eq!(
        (scanned.outcome, scanned.name),
        (door(Outcome::MemberInactive), None)
    );

    let unpaid = pass("una", Some("registered")).await;
    world
        .sql(
            "UPDATE registrations SET price_due = 100, payment_status = 'pending'
             WHERE user_id = (SELECT id FROM users WHERE username = 'una')",
        )
        .await;
    assert_eq!(kiosk.scan(&unpaid).await.outcome, door(Outcome::Unpaid));

    let scanned = kiosk.scan("ZZZZZ-ZZZZZ").await;
    assert_eq!(scanned.outcome, door(Outcome::UnknownCode));
    assert_eq!((scanned.name, scanned.event_title), (None, None));
    // A pass, never a name or an address.
    pass("vera", Some("registered")).await;
    for name in ["vera", "vera@example.org", "", "VERA"] {
        assert_eq!(
            kiosk.scan(name).await.outcome,
            door(Outcome::UnknownCode),
            "{name:?}"
        );
    }
    assert_eq!(world.count("event_attendees").await, 0, "nobody came in");
}

#[tokio::test]
async fn which_event_a_scan_is_for() {
    let world = World::new().await;
    let kiosk = kiosk(&world, "Lobby").await;
    let ana = world.member("ana").await;
    let pass = world.pass_code(ana).await;
    assert_eq!(
        kiosk.scan(&pass).await.outcome,
        ScanOutcome::Kiosk(KioskOutcome::Closed)
    );
    // Nothing is open: the next one of the coming day says when.
    let tonight = world.event(300, None).await;
    world.registration(ana, tonight, "registered").await;
    let early = kiosk.scan(&pass).await;
    assert_eq!(early.outcome, door(Outcome::TooEarly));
    assert!(early.opens_at.is_some());
    // Two doors are open: hers, although another one runs.
    world.event(-30, None).await;
    let soon = world.event(60, None).await;
    world.registration(ana, soon, "registered").await;
    let title = async |event: EventId, title: &str| {
        world
            .sql(&format!(
                "UPDATE events SET title = '{title}' WHERE id = {}",
                event.0
            ))
            .await;
    };
    title(soon, "Soon").await;
    let scanned = kiosk.scan(&pass).await;
    assert_eq!(scanned.outcome, door(Outcome::Ok));
    assert_eq!(scanned.event_title.unwrap().as_str(), "Soon");
    // What runs comes before what is yet to begin: who is in is not let into the next one by holding the pass twice.
    let running = world.event(-60, None).await;
    title(running, "Running").await;
    let bea = world.guest("bea", running).await;
    world.registration(bea, soon, "registered").await;
    let pass = world.pass_code(bea).await;
    assert_eq!(kiosk.scan(&pass).await.event_title.unwrap().as_str(), "Running");
    let twice = kiosk.scan(&pass).await;
    assert_eq!(twice.outcome, door(Outcome::Already));
    // The attendant's choice stands above all that, and ends with the event.
    let KioskAnswer::Proved(Proof::Ok) = kiosk.choose(Some(soon)).await.unwrap() else {
        panic!("not chosen")
    };
    assert_eq!(kiosk.page().await.event_id, Some(soon));
    assert_eq!(kiosk.scan(&pass).await.event_title.unwrap().as_str(), "Soon");
    world
        .sql(&format!(
            "UPDATE events SET is_active = false WHERE id = {}",
            soon.0
        ))
        .await;
    let cleo = world.member("cleo").await;
    let off = kiosk.scan(&world.pass_code(cleo).await).await;
    assert_eq!(
        off.outcome,
        door(Outcome::EventInactive),
        "the door that was chosen is off"
    );
    world
        .sql(&format!(
            "UPDATE events SET is_active = true, start_time = now() - interval '3 hours', \
             end_time = now() - interval '1 hour' WHERE id = {}",
            soon.0
        ))
        .await;
    assert_eq!(kiosk.page().await.event_id, None);
    assert_ne!(
        kiosk.scan(&pass).await.event_title.unwrap().as_str(),
        "Soon",
        "what is over is no longer asked"
    );
}

#[tokio::test]
async fn a_door_that_is_open_can_be_chosen_before_midnight() {
    let world = World::new().await;
    // A zone in which it is past eleven in the evening: an hour from now is tomorrow.
    world
        .sql(
            "UPDATE settings SET time_zone = (
                 SELECT CASE WHEN h >= 9 THEN 'Etc/GMT-' || 23 - h ELSE 'Etc/GMT+' || h + 1 END
                 FROM (SELECT extract(hour FROM now() AT TIME ZONE 'UTC')::integer) AS t (h))",
        )
        .await;
    let kiosk = kiosk(&world, "Lobby").await;
    let (soon, late) = (world.event(60, None).await, world.event(1500, None).await);
    let chosen = kiosk.choose(Some(soon)).await.unwrap();
    assert!(matches!(chosen, KioskAnswer::Proved(Proof::Ok)), "{chosen:?}");
    let refused = kiosk.choose(Some(late)).await.unwrap_err();
    assert!(matches!(refused, Fault::NotFound(_)), "{refused:?}");
}

#[tokio::test]
async fn somebody_who_went_out_comes_back_in_by_scanning() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    world.sql("UPDATE events SET has_check_out = true").await;
    let ana = world.guest("ana", event).await;
    let pass = world.pass_code(ana).await;
    let kiosk = kiosk(&world, "Lobby").await;
    assert_eq!(kiosk.scan(&pass).await.outcome, door(Outcome::Ok));
    kiosk
        .staff_db
        .check_out(&kiosk.staff, nonce(), event, &crate::support::world::typed("ana"))
        .await
        .unwrap();
    let back = kiosk.scan(&pass).await;
    assert_eq!(back.outcome, door(Outcome::Ok));
    assert_eq!(back.passage, pine_time::domain::passage::Passage::Back);
    assert_eq!((back.name.unwrap().as_str(), back.points), ("Ana", 0));
}

#[tokio::test]
async fn nobody_but_the_device_itself_over_its_own_login_is_this_kiosk() {
    let world = World::new().await;
    let kiosk = kiosk(&world, "Lobby").await;
    let ana = world.member("ana").await;
    let calls = || {
        [
            KioskCall::Page,
            KioskCall::Touch,
            KioskCall::Scan {
                nonce: nonce(),
                pass: "R6K2F9TQ4M".to_owned(),
            },
            KioskCall::Attend {
                nonce: nonce(),
                pin: kiosk.pin.clone(),
            },
            KioskCall::Choose {
                nonce: nonce(),
                pin: kiosk.pin.clone(),
                event: None,
            },
            KioskCall::Name {
                nonce: nonce(),
                pin: kiosk.pin.clone(),
                name: "Mine".to_owned(),
            },
        ]
    };
    let member = world.session(ana).await;
    let other_login = login(&world, "other").await;
    for call in calls() {
        // Without a device, with a guessed one, with a member's or staff's token in its place.
        for wrong in [&Token::from_hex("").unwrap(), &device(), &member, &kiosk.staff] {
            assert_eq!(
                fault(kiosk.db.kiosk_call(wrong, &call).await),
                Fault::NotSignedIn,
                "{call:?}"
            );
        }
        // The right one over somebody else's login.
        assert_eq!(
            fault(other_login.db.kiosk_call(&kiosk.device, &call).await),
            Fault::NotSignedIn
        );
        // Staff's and the owner's logins have no business here.
        assert_eq!(
            fault(kiosk.staff_db.kiosk_call(&kiosk.device, &call).await),
            Fault::Login
        );
    }
    for call in calls() {
        kiosk.db.kiosk_call(&kiosk.device, &call).await.unwrap();
    }
    // Retired: as if it had never been, at once, and its name is free.
    let line = kiosk.staff_db.kiosk_named(&kiosk.staff, "mine").await.unwrap();
    let retired = kiosk
        .staff_db
        .kiosk_retire(&kiosk.staff, nonce(), line.id)
        .await
        .unwrap();
    assert!(!retired.is_active && retired.retired_at.is_some());
    for call in calls() {
        assert_eq!(
            fault(kiosk.db.kiosk_call(&kiosk.device, &call).await),
            Fault::NotSignedIn,
            "{call:?}"
        );
    }
    kiosk.staff_db.kiosk_enrol(&kiosk.staff, "Mine").await.unwrap();
    other_login.drop().await;
}

/// A login of this test's own in the group of the kiosks.
struct Login {
    db: Db,
    name: String,
    admin: String,
}

async fn login(world: &World, name: &str) -> Login {
    let name = format!("{}_{name}", world.database.name);
    let admin = world.database.url(Role::Admin);
    run(&admin, &format!("CREATE ROLE {name} LOGIN IN ROLE pine_kiosk")).await;
    let mut settings = world.settings(Role::Kiosk);
    settings.url = settings.url.replace("pine_kiosk_login", &name);
    Login {
        db: Db::new(settings).unwrap(),
        name,
        admin,
    }
}

impl Login {
    async fn drop(self) {
        self.db.close().await;
        run(&self.admin, &format!("DROP ROLE {}", self.name)).await;
    }
}

async fn run(url: &str, sql: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
}

#[tokio::test]
async fn staff_enrol_name_and_retire_kiosks_and_nobody_else() {
    let world = World::new().await;
    let kiosk = kiosk(&world, "Lobby").await;
    let (db, staff) = (&kiosk.staff_db, &kiosk.staff);
    let line = db.kiosk_named(staff, " LOBBY ").await.unwrap();
    assert_eq!(line.login_role.as_ref().unwrap().as_str(), "pine_kiosk_login");
    assert!(line.joined_at.is_some() && line.last_seen.is_some() && line.is_active);

    let member = world.member("ana").await;
    let ana = world.session(member).await;
    let no = |fault: Fault| matches!(fault, Fault::NotAllowed(_));
    assert!(no(fault(db.kiosks(&ana).await)));
    assert!(no(fault(db.kiosk_enrol(&ana, "X").await)));
    assert!(no(fault(db.kiosk_new_pin(&ana, line.id).await)));
    assert!(no(fault(db.kiosk_rename(&ana, nonce(), line.id, "X").await)));
    assert!(no(fault(db.kiosk_retire(&ana, nonce(), line.id).await)));
    // Over a kiosk's login not even staff.
    assert_eq!(fault(kiosk.db.kiosks(staff).await), Fault::Login);
    assert_eq!(fault(kiosk.db.kiosk_enrol(staff, "X").await), Fault::Login);
    assert_eq!(fault(kiosk.db.kiosk_new_pin(staff, line.id).await), Fault::Login);
    assert_eq!(
        fault(kiosk.db.kiosk_rename(staff, nonce(), line.id, "X").await),
        Fault::Login
    );
    assert_eq!(
        fault(kiosk.db.kiosk_retire(staff, nonce(), line.id).await),
        Fault::Login
    );

    for bad in ["", "  ", "a\u{7}b", &"x".repeat(61), "LOBBY"] {
        assert_eq!(refused_field(db.kiosk_enrol(staff, bad).await), "name", "{bad:?}");
    }
    db.kiosk_enrol(staff, "Garden").await.unwrap();
    assert_eq!(
        refused_field(db.kiosk_rename(staff, nonce(), line.id, "garden").await),
        "name"
    );
    let press = nonce();
    let named = db.kiosk_rename(staff, press, line.id, " Hall ").await.unwrap();
    assert_eq!(named.name.as_str(), "Hall");
    assert_eq!(
        db.kiosk_rename(staff, press, line.id, " Hall ").await.unwrap(),
        named
    );
    assert_eq!(
        kiosk.page().await.name.as_str(),
        "Hall",
        "the device learns its name"
    );
    let nobody = pine_time::domain::kiosk::KioskId(0);
    assert!(matches!(
        fault(db.kiosk_rename(staff, nonce(), nobody, "X").await),
        Fault::NotFound(_)
    ));
    assert!(matches!(
        fault(db.kiosk_retire(staff, nonce(), nobody).await),
        Fault::NotFound(_)
    ));
    assert!(matches!(
        fault(db.kiosk_new_pin(staff, nobody).await),
        Fault::NotFound(_)
    ));
    assert!(matches!(
        fault(db.kiosk_named(staff, "Attic").await),
        Fault::NotFound(_)
    ));
    db.kiosk_retire(staff, nonce(), line.id).await.unwrap();
    db.kiosk_retire(staff, nonce(), line.id).await.unwrap();
    let audited: Vec<String> =
        sqlx::query_scalar("SELECT action FROM audit_log WHERE subject = 'kiosk' ORDER BY id")
            .fetch_all(&world.owner)
            .await
            .unwrap();
    assert_eq!(
        audited,
        [
            "kiosk_enrol",
            "kiosk_join",
            "kiosk_enrol",
            "kiosk_rename",
            "kiosk_retire"
        ]
    );
}

#[tokio::test]
async fn a_code_enrols_one_device_once_within_the_hour() {
    let world = World::new().await;
    let (staff_db, staff, db) = (world.db(Role::Staff), world.staff().await, world.db(Role::Kiosk));
    let first = staff_db.kiosk_enrol(&staff, "Lobby").await.unwrap();
    let newer = staff_db.kiosk_enrol(&staff, "lobby").await.unwrap();
    assert_eq!(
        first.id, newer.id,
        "not joined yet: the same kiosk, with another code"
    );
    let join = async |code: &str, device: &Token| db.kiosk_join(nonce(), code, device).await.unwrap();
    let mine = device();
    assert_eq!(
        join(first.code.as_str(), &mine).await,
        Joined::Refused,
        "only the newest code"
    );
    let shown = pine_time::domain::pass_code::show(newer.code.as_str()).to_lowercase();
    assert_eq!(join(&shown, &mine).await, Joined::Ok { name: "Lobby".into() });
    assert_eq!(
        join(&shown, &mine).await,
        Joined::Ok { name: "Lobby".into() },
        "whose answer was lost asks again"
    );
    assert_eq!(join(&shown, &device()).await, Joined::Refused, "once");
    assert_eq!(refused_field(staff_db.kiosk_enrol(&staff, "Lobby").await), "name");
    let late = staff_db.kiosk_enrol(&staff, "Garden").await.unwrap();
    world.move_clock("61 minutes").await;
    assert_eq!(
        join(late.code.as_str(), &device()).await,
        Joined::Refused,
        "an hour"
    );
    assert_eq!(
        fault(world.db(Role::Staff).kiosk_join(nonce(), "x", &mine).await),
        Fault::Login
    );
    // Only hashes are kept.
    let kept: String = world
        .value("SELECT string_agg(k::text, '') FROM kiosks AS k")
        .await;
    for secret in [&newer.code, &late.code, &newer.pin] {
        assert!(!kept.contains(secret.as_str()), "{kept}");
    }
}

#[tokio::test]
async fn guessing_codes_passes_and_pins_is_slowed_down_and_a_right_one_is_not_forgotten() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let pass = world.pass_code(ana).await;
    let kiosk = kiosk(&world, "Lobby").await;

    let mut guesses = 0;
    for _ in 0..200 {
        if matches!(kiosk.scan("R6K2F9TQ4M").await.outcome, ScanOutcome::Door(_)) {
            guesses += 1;
        }
    }
    // A slow machine may take longer than the first waits.
    assert!(
        (5..=10).contains(&guesses),
        "five tries, then it waits: {guesses}"
    );
    world
        .sql("UPDATE kiosks SET misses = 10, last_miss = pine.clock()")
        .await;
    let waits = kiosk.scan(&pass).await;
    assert_eq!(
        waits.outcome,
        ScanOutcome::Kiosk(KioskOutcome::Wait),
        "the right one waits too"
    );
    assert!(waits.seconds >= 1 && waits.name.is_none());
    world.move_clock("1 minute").await;
    assert_eq!(
        kiosk.scan(&pass).await.outcome,
        door(Outcome::Ok),
        "and comes in a moment later"
    );
    // An hour of guessing at every moment that is allowed.
    world.move_clock("1 hour").await;
    let mut guesses = 0;
    for _ in 0..360 {
        world.move_clock("10 seconds").await;
        if matches!(kiosk.scan("R6K2F9TQ4M").await.outcome, ScanOutcome::Door(_)) {
            guesses += 1;
        }
    }
    assert!((5..=130).contains(&guesses), "{guesses} in an hour");

    for _ in 0..5 {
        assert_eq!(kiosk.attend("no").await, Attended::Refused);
    }
    let mut tries = 0;
    for _ in 0..2_000 {
        if !matches!(kiosk.attend("000000").await, Attended::Wait { .. }) {
            tries += 1;
        }
    }
    assert!(tries <= 6, "five tries, then it waits: {tries}");
    world
        .sql("UPDATE kiosks SET wrong_pins = 12, last_wrong_pin = pine.clock()")
        .await;
    assert!(matches!(
        kiosk.attend(kiosk.pin.reveal()).await,
        Attended::Wait { .. }
    ));
    world.move_clock("20 minutes").await;
    assert!(matches!(
        kiosk.attend(kiosk.pin.reveal()).await,
        Attended::Ok { .. }
    ));
    for _ in 0..5 {
        assert_eq!(
            kiosk.attend("no").await,
            Attended::Refused,
            "a right one forgets the wrong ones"
        );
    }
    // Neither has cost the members of this kiosk a try of their password, nor staff of anything.
    let waits = world.count("login_throttle WHERE failures > 0").await;
    assert_eq!(waits, 0);
}

#[tokio::test]
async fn thirty_scans_a_minute_are_enough_for_any_queue() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let ana = world.guest("ana", event).await;
    let pass = world.pass_code(ana).await;
    let kiosk = kiosk(&world, "Lobby").await;
    for scan in 0..30 {
        let outcome = kiosk.scan(&pass).await.outcome;
        assert!(matches!(outcome, ScanOutcome::Door(_)), "{scan}: {outcome:?}");
    }
    assert_eq!(
        kiosk.scan(&pass).await.outcome,
        ScanOutcome::Kiosk(KioskOutcome::Wait)
    );
    world.move_clock("61 seconds").await;
    assert_eq!(kiosk.scan(&pass).await.outcome, door(Outcome::Already));
}

#[tokio::test]
async fn the_attendant_chooses_among_todays_events_and_names_the_kiosk() {
    let world = World::new().await;
    let today = world.event(-10, None).await;
    let later = world.event(3 * 24 * 60, None).await;
    let kiosk = kiosk(&world, "Lobby").await;
    let Attended::Ok {
        name,
        event_id,
        events,
        ..
    } = kiosk.attend(kiosk.pin.reveal()).await
    else {
        panic!("the code is right")
    };
    assert_eq!((name.as_str(), event_id), ("Lobby", None));
    assert_eq!(events.iter().map(|event| event.id).collect::<Vec<_>>(), [today]);
    assert_eq!(
        kiosk.choose(Some(today)).await.unwrap(),
        KioskAnswer::Proved(Proof::Ok)
    );
    assert!(matches!(kiosk.choose(Some(later)).await, Err(Fault::NotFound(_))));
    assert!(matches!(
        kiosk.choose(Some(EventId(0))).await,
        Err(Fault::NotFound(_))
    ));
    assert_eq!(kiosk.page().await.event_id, Some(today));
    assert_eq!(kiosk.choose(None).await.unwrap(), KioskAnswer::Proved(Proof::Ok));
    assert_eq!(kiosk.page().await.event_id, None);

    let name = |pin: &Secret, name: &str| KioskCall::Name {
        nonce: nonce(),
        pin: pin.clone(),
        name: name.to_owned(),
    };
    let wrong = Secret::new("none".to_owned());
    let refused = kiosk
        .db
        .kiosk_call(&kiosk.device, &name(&wrong, "Hall"))
        .await
        .unwrap();
    assert_eq!(refused, KioskAnswer::Proved(Proof::Refused));
    assert_eq!(kiosk.page().await.name.as_str(), "Lobby");
    let named = kiosk
        .db
        .kiosk_call(&kiosk.device, &name(&kiosk.pin, "Hall"))
        .await
        .unwrap();
    assert_eq!(named, KioskAnswer::Proved(Proof::Ok));
    assert_eq!(kiosk.page().await.name.as_str(), "Hall");
    assert_eq!(
        refused_field(kiosk.db.kiosk_call(&kiosk.device, &name(&kiosk.pin, "")).await),
        "name"
    );
    // A new code, and the old one is worth nothing.
    let line = kiosk.staff_db.kiosk_named(&kiosk.staff, "Hall").await.unwrap();
    let renewed = kiosk.staff_db.kiosk_new_pin(&kiosk.staff, line.id).await.unwrap();
    assert_eq!(renewed.pin.as_str().len(), 6);
    assert!(matches!(
        kiosk.attend(renewed.pin.as_str()).await,
        Attended::Ok { .. }
    ));
    if renewed.pin.as_str() != kiosk.pin.reveal() {
        assert_eq!(kiosk.attend(kiosk.pin.reveal()).await, Attended::Refused);
    }
}

#[tokio::test]
async fn the_page_has_this_weeks_events_and_no_person() {
    let world = World::new().await;
    world.event(-4 * 24 * 60, None).await;
    let running = world.event(-10, Some(2)).await;
    let off = world.event(60, None).await;
    let tomorrow = world.event(24 * 60, Some(1)).await;
    world.event(9 * 24 * 60, None).await;
    world
        .sql(&format!(
            "UPDATE events SET is_active = false WHERE id = {}",
            off.0
        ))
        .await;
    for (name, event) in [("quentin", running), ("ursula", tomorrow)] {
        world.guest(name, event).await;
    }
    let wanda = world.member("wanda").await;
    world.registration(wanda, tomorrow, "waitlisted").await;
    let kiosk = kiosk(&world, "Lobby").await;
    let page = kiosk.page().await;
    let ids: Vec<_> = page.events.iter().map(|event| event.id).collect();
    assert_eq!(ids, [running, tomorrow]);
    assert_eq!(page.events[0].free_seats(), Some(1));
    assert_eq!(
        (page.events[1].free_seats(), page.events[1].waitlisted),
        (Some(0), 1)
    );
    let text = format!("{page:?}").to_lowercase();
    for person in ["quentin", "ursula", "wanda", "example.org", "staff"] {
        assert!(!text.contains(person), "{person}: {text}");
    }
}

/// What a kiosk's login answers to plain SQL.
async fn refused(database: &TestDb, sql: &str) -> String {
    let mut connection = PgConnection::connect(&database.url(Role::Kiosk)).await.unwrap();
    let error = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .expect_err(sql);
    let code = error
        .as_database_error()
        .and_then(|error| error.code().map(Into::into));
    code.unwrap_or_default()
}

#[tokio::test]
async fn with_plain_sql_a_kiosks_login_reads_no_kiosk_and_calls_no_rule() {
    let world = World::new().await;
    kiosk(&world, "Lobby").await;
    for sql in [
        "SELECT * FROM kiosks",
        "SELECT secret_hash FROM public.kiosks",
        "UPDATE kiosks SET is_active = true",
        "INSERT INTO kiosks (name) VALUES ('x')",
        "SELECT pine.kiosk_of('\\x00')",
        "SELECT pine.new_pin()",
        "SELECT pine.kiosk_check_in(NULL, 'R6K2F9TQ4M', gen_random_uuid(), now())",
        "SELECT api.check_in('\\x00', gen_random_uuid(), 1, 'x', NULL)",
        "SELECT api.kiosks('\\x00')",
    ] {
        assert_eq!(refused(&world.database, sql).await, "42501", "{sql}");
    }
}

#[tokio::test]
async fn on_shared_views_a_kiosk_shows_first_names_and_initials() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    let kiosk = kiosk(&world, "Lobby").await;
    for (name, full) in [("ana", "Ana Maria Reyes"), ("bea_lim", "Bea Lim")] {
        let member = world.guest(name, event).await;
        full_name(&world, member, full).await;
        kiosk.scan(&world.pass_code(member).await).await;
    }
    let ana: i32 = world.value("SELECT id FROM users WHERE username = 'ana'").await;
    let ana = world.session(pine_time::domain::member::MemberId(ana)).await;
    let names = async |db: &Db| {
        let page = db.board(&ana, Board::All, Place::Skip(0), 10).await.unwrap();
        let found = db.find_on_board(&ana, Board::All, "bea").await.unwrap();
        let there = db.attendees(&ana, event, None, 10).await.unwrap();
        let mut names: Vec<String> = page.rows.iter().map(|row| row.full_name.to_string()).collect();
        names.extend(page.rows.iter().map(|row| row.username.to_string()));
        names.extend(found.iter().map(|row| row.full_name.to_string()));
        names.extend(there.rows.iter().map(|row| row.name.to_string()));
        names
    };
    assert_eq!(
        names(&kiosk.db).await,
        [
            "Ana Maria Reyes",
            "Bea L.",
            "ana",
            "",
            "Bea L.",
            "Ana Maria Reyes",
            "Bea L."
        ]
    );
    assert_eq!(
        names(&kiosk.staff_db).await,
        [
            "Ana Maria Reyes",
            "Bea Lim",
            "ana",
            "bea_lim",
            "Bea Lim",
            "Ana Maria Reyes",
            "Bea Lim"
        ],
        "at a terminal of staff's, members read what others let them"
    );
    // Whom one knows is told in full where one reads alone.
    let bea: i32 = world
        .value("SELECT id FROM users WHERE username = 'bea_lim'")
        .await;
    let pass = world.pass_code(pine_time::domain::member::MemberId(bea)).await;
    for (db, full, username) in [(&kiosk.db, "Bea L.", ""), (&kiosk.staff_db, "Bea Lim", "bea_lim")] {
        let told = db.connect_with(&ana, nonce(), &pass).await.unwrap();
        let member = told.member.unwrap();
        assert_eq!(
            (member.full_name.as_str(), member.username.as_str()),
            (full, username)
        );
        let known = db.my_connections(&ana).await.unwrap();
        assert_eq!(known[0].full_name.as_str(), full);
    }
}

#[tokio::test]
async fn without_the_link_a_kiosk_knows_the_code_that_was_right_until_staff_give_out_another() {
    let world = World::new().await;
    let kiosk = kiosk(&world, "Lobby").await;
    let device = kiosk.device.clone();
    let desk = Desk::new(world.db(Role::Kiosk)).at_kiosk(move || Some(device.clone()));
    let ask = async |call: KioskCall| desk.answer(Call::Kiosk(call), |_, _| {}).await.0;
    let alone = async |pin: &Secret| match ask(KioskCall::AttendAlone { pin: pin.clone() }).await {
        Ok(Answer::Kiosk(KioskAnswer::Alone(attended))) => attended,
        other => panic!("{other:?}"),
    };
    let attend = async |pin: &Secret| {
        ask(KioskCall::Attend {
            nonce: nonce(),
            pin: pin.clone(),
        })
        .await
    };
    let wrong = Secret::new("no".to_owned());
    attend(&wrong).await.unwrap();
    assert_eq!(
        alone(&kiosk.pin).await,
        AttendedAlone::Unknown,
        "only a right one"
    );
    attend(&kiosk.pin).await.unwrap();
    world.shut().await;
    assert_eq!(alone(&wrong).await, AttendedAlone::Refused);
    assert_eq!(alone(&kiosk.pin).await, AttendedAlone::Ok);
    world.reopen().await;
    // Connections of its own: those from before were cut.
    let desk_db = world.db(Role::Staff);
    ask(KioskCall::Page).await.unwrap();
    assert_eq!(alone(&kiosk.pin).await, AttendedAlone::Ok, "still good");
    let line = desk_db.kiosk_named(&kiosk.staff, "Lobby").await.unwrap();
    desk_db.kiosk_new_pin(&kiosk.staff, line.id).await.unwrap();
    ask(KioskCall::Page).await.unwrap();
    assert_eq!(
        alone(&kiosk.pin).await,
        AttendedAlone::Unknown,
        "another is good now"
    );

    let renewed = desk_db.kiosk_new_pin(&kiosk.staff, line.id).await.unwrap();
    let renewed = Secret::new(renewed.pin.to_string());
    attend(&renewed).await.unwrap();
    assert_eq!(alone(&renewed).await, AttendedAlone::Ok);
    desk_db
        .kiosk_retire(&kiosk.staff, nonce(), line.id)
        .await
        .unwrap();
    assert_eq!(ask(KioskCall::Page).await, Err(Fault::NotSignedIn));
    assert_eq!(alone(&renewed).await, AttendedAlone::Unknown, "a retired kiosk's");
    // A desk that is no kiosk's remembers nothing.
    let desk = Desk::new(world.db(Role::Staff));
    let call = Call::Kiosk(KioskCall::AttendAlone { pin: renewed });
    assert_eq!(
        desk.answer(call, |_, _| {}).await.0,
        Ok(Answer::Kiosk(KioskAnswer::Alone(AttendedAlone::Unknown)))
    );
}
