//! Settings: every value checked, every change in the log, two editors told apart, and what another zone does.

use pine_time::domain::Fault;
use pine_time::domain::event::RegisterOutcome;
use pine_time::domain::event_people::DeskOutcome;
use pine_time::domain::settings::Setting;

use crate::people::register;
use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce, refused_field};

#[tokio::test]
async fn every_setting_is_changed_and_the_change_is_in_the_log() {
    let world = World::new().await;
    let admin = world.person("mira", "admin").await;
    let (db, token) = (world.db(Role::Staff), world.session(admin).await);
    let new = [
        (Setting::CommunityName, "  Ridge Walkers ", "Ridge Walkers"),
        (Setting::TimeZone, "Asia/Manila", "Asia/Manila"),
        (Setting::Currency, "eur", "EUR"),
        (Setting::DoorOpens, "0", "0"),
        (Setting::RegistrationCloses, "060", "60"),
        (Setting::StreakStep, "007", "7"),
        (Setting::StreakMost, "10000", "10000"),
        (Setting::SkipEmptyWeeks, "true", "true"),
        (Setting::PasswordLeast, "64", "64"),
        (Setting::SignUps, "0", "0"),
    ];
    assert_eq!(new.map(|(setting, ..)| setting), Setting::ALL);
    for (setting, typed, kept) in new {
        let before = db.community_settings(&token).await.unwrap();
        // The program's word for what a setting begins with is the table's.
        assert_eq!(before.value(setting), setting.default(), "{setting:?}");
        let request = nonce();
        for _ in 0..2 {
            // Sent again it is the same change.
            let was = setting.default();
            let after = db
                .set_setting(&token, request, setting, was, typed)
                .await
                .unwrap();
            assert_eq!(after.value(setting), kept);
            let last = after.last(setting).unwrap();
            assert_eq!((last.actor.as_str(), last.before.as_str()), ("mira", was));
            assert_eq!(after.meanwhile, None);
        }
        let column: String = world
            .value(&format!("SELECT {}::text FROM settings", setting.word()))
            .await;
        assert_eq!(column, kept);
        let told: String = world
            .value("SELECT before::text || ' ' || after::text FROM audit_log ORDER BY id DESC LIMIT 1")
            .await;
        let word = setting.word();
        assert_eq!(
            told,
            format!(
                "{{\"{word}\": \"{}\"}} {{\"{word}\": \"{kept}\"}}",
                setting.default()
            )
        );
    }
    assert_eq!(world.count("audit_log WHERE action = 'setting_change'").await, 10);
    // The same value again is no change.
    db.set_setting(&token, nonce(), Setting::SignUps, "0", "0")
        .await
        .unwrap();
    assert_eq!(world.count("audit_log WHERE action = 'setting_change'").await, 10);
}

#[tokio::test]
async fn what_may_not_be_is_refused_at_its_field() {
    let world = World::new().await;
    let admin = world.person("mira", "admin").await;
    let (db, token) = (world.db(Role::Staff), world.session(admin).await);
    for setting in Setting::ALL {
        let nonsense = match setting {
            Setting::CommunityName => vec!["", "   "],
            Setting::TimeZone => vec!["", "Mars/Olympus", "X+3", "UTC; DROP TABLE users"],
            Setting::Currency => vec!["", "P", "PHPX", "12₱"],
            Setting::SkipEmptyWeeks => vec!["", "maybe", "yes"],
            Setting::RegistrationCloses => vec!["", "never", "-1", "10081", "1.5"],
            Setting::PasswordLeast => vec!["", "7", "65", "-9", "twelve", "99999999999999"],
            _ => vec!["", "-1", "10081", "1.5", "1e3", "99999999999999"],
        };
        for value in nonsense {
            let result = db
                .set_setting(&token, nonce(), setting, setting.default(), value)
                .await;
            assert_eq!(refused_field(result), "value", "{setting:?} {value:?}");
        }
    }
    let long = "x".repeat(256);
    let result = db
        .set_setting(&token, nonce(), Setting::CommunityName, "Pine Time", &long)
        .await;
    assert_eq!(refused_field(result), "value");
    assert_eq!(
        refused_field(db.zone_effects(&token, "Mars/Olympus").await),
        "value"
    );
    assert_eq!(world.count("audit_log WHERE action = 'setting_change'").await, 0);
    // The table holds it too, whoever writes.
    for change in [
        "password_least = 7",
        "time_zone = 'X+3'",
        "currency = 'php'",
        "streak_step = -1",
        "registration_closes_minutes = 10081",
    ] {
        let result = sqlx::raw_sql(sqlx::AssertSqlSafe(format!("UPDATE settings SET {change}")))
            .execute(&world.owner)
            .await;
        assert!(result.is_err(), "{change}");
    }
}

#[tokio::test]
async fn the_second_of_two_editors_is_told_who_was_first() {
    let world = World::new().await;
    let (mira, jo) = (
        world.person("mira", "admin").await,
        world.person("jo", "admin").await,
    );
    let (db, mira, jo) = (
        world.db(Role::Staff),
        world.session(mira).await,
        world.session(jo).await,
    );
    db.set_setting(&mira, nonce(), Setting::StreakMost, "50", "60")
        .await
        .unwrap();
    let late = db
        .set_setting(&jo, nonce(), Setting::StreakMost, "50", "70")
        .await
        .unwrap();
    assert_eq!(late.value(Setting::StreakMost), "60");
    let meanwhile = late.meanwhile.unwrap();
    assert_eq!(meanwhile.actor.unwrap().as_str(), "mira");
    assert_eq!(meanwhile.value.as_str(), "60");
    // Who knows that may put theirs in its place; and who wants what it is already is not told off.
    let known = db
        .set_setting(&jo, nonce(), Setting::StreakMost, "60", "70")
        .await
        .unwrap();
    assert_eq!(
        (known.value(Setting::StreakMost), known.meanwhile.is_none()),
        ("70", true)
    );
    let same = db
        .set_setting(&mira, nonce(), Setting::StreakMost, "60", "70")
        .await
        .unwrap();
    assert_eq!(same.meanwhile, None);
    // Another setting does not collide.
    db.set_setting(&jo, nonce(), Setting::StreakStep, "5", "6")
        .await
        .unwrap();
    assert_eq!(world.count("audit_log WHERE action = 'setting_change'").await, 3);
}

/// So many of twenty pairs of editors at once of whom both got through.
async fn both_got_through(world: &World) -> usize {
    let db = world.db(Role::Staff);
    let (mira, jo) = (
        world.session(world.person("mira", "admin").await).await,
        world.session(world.person("jo", "admin").await).await,
    );
    let mut both = 0;
    for was in 0..20 {
        world
            .sql(&format!("UPDATE settings SET sign_ups_an_hour = {was}"))
            .await;
        let (was, one, two) = (was.to_string(), (was + 100).to_string(), (was + 200).to_string());
        let (one, two) = tokio::join!(
            db.set_setting(&mira, nonce(), Setting::SignUps, &was, &one),
            db.set_setting(&jo, nonce(), Setting::SignUps, &was, &two),
        );
        let (one, two) = (one.unwrap().meanwhile, two.unwrap().meanwhile);
        both += usize::from(one.is_none() && two.is_none());
        assert!(one.is_none() || two.is_none(), "nobody got through");
    }
    both
}

#[tokio::test]
async fn of_two_editors_at_once_one_is_told() {
    assert_eq!(both_got_through(&World::new().await).await, 0);
}

/// The control: without the row's lock both get through.
#[tokio::test]
async fn without_the_lock_both_get_through() {
    let world = World::new().await;
    let unlocked = "DO $do$
        DECLARE
            source text := pg_get_functiondef('pine.set_setting'::regproc);
        BEGIN
            -- The pause stands where the lock was, so that the other one comes in between for certain.
            EXECUTE replace(source, 'PERFORM FROM public.settings AS s FOR NO KEY UPDATE;', '');
            source := pg_get_functiondef('pine.set_setting'::regproc);
            EXECUTE replace(source, '    UPDATE public.settings AS s', '    PERFORM pg_sleep(0.05);
    UPDATE public.settings AS s');
        END
        $do$";
    world.sql(unlocked).await;
    assert!(both_got_through(&world).await > 0);
}

#[tokio::test]
async fn only_administrators_see_and_change_them() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let ana = world.member("ana").await;
    for token in [world.staff().await, world.session(ana).await] {
        assert!(matches!(
            fault(db.community_settings(&token).await),
            Fault::NotAllowed(_)
        ));
        assert!(matches!(
            fault(db.zone_effects(&token, "UTC").await),
            Fault::NotAllowed(_)
        ));
        let result = db.set_setting(&token, nonce(), Setting::SignUps, "60", "1").await;
        assert!(matches!(fault(result), Fault::NotAllowed(_)));
    }
}

#[tokio::test]
async fn another_zone_is_foretold_and_moves_weeks_and_boards() {
    let world = World::new().await;
    let admin = world.person("mira", "admin").await;
    let (db, token) = (world.db(Role::Staff), world.session(admin).await);
    let ana = world.member("ana").await;
    // Sunday 20:00 in UTC is Monday in Manila; Wednesday is Wednesday everywhere.
    world
        .sql(&format!(
            "INSERT INTO events (title, event_type, location, start_time, end_time, points_reward)
             SELECT 'Event', 'trivia', 'Hill Station', s.at, s.at + interval '1 hour', 15
             FROM (VALUES (interval '-4 hours'), (interval '-4 days')) AS v (before)
             CROSS JOIN LATERAL (SELECT date_trunc('week', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + v.before AS at) AS s;
             INSERT INTO event_attendees (user_id, event_id, status, check_in_time)
             SELECT {0}, e.id, 'attended', e.start_time FROM events AS e;
             INSERT INTO points_transactions (user_id, points, transaction_type, event_id, counts_at)
             SELECT {0}, 15, 'event_attendance', e.id, e.start_time FROM events AS e",
            ana.0
        ))
        .await;
    let effects = db.zone_effects(&token, "Asia/Manila").await.unwrap();
    assert_eq!((effects.events, effects.attendances), (1, 1));
    let weeks =
        "SELECT string_agg(DISTINCT board, ' ' ORDER BY board) FROM period_totals WHERE board LIKE 'week:%'";
    let before: String = world.value(weeks).await;
    assert_eq!(before.split(' ').count(), 1);
    db.set_setting(&token, nonce(), Setting::TimeZone, "UTC", "Asia/Manila")
        .await
        .unwrap();
    let after: String = world.value(weeks).await;
    assert_eq!(after.split(' ').count(), 2, "{before} and then {after}");
    let differing = "(SELECT board, user_id, earned FROM period_totals
                      EXCEPT SELECT board, user_id, earned FROM pine.boards_by_ledger(pine.clock())) AS d";
    assert_eq!(world.count(differing).await, 0);
    assert_eq!(db.zone_effects(&token, "Asia/Manila").await.unwrap().events, 0);
}

#[tokio::test]
async fn members_register_until_the_window_closes_and_staff_until_the_end() {
    let world = World::new().await;
    let admin = world.person("mira", "admin").await;
    let ana = world.member("ana").await;
    let (db, admin, token) = (
        world.db(Role::Staff),
        world.session(admin).await,
        world.session(ana).await,
    );
    let event = world.event(45, None).await;
    // To begin with a member registers until the event ends; `end` says so again, in any case of letters.
    let mut was = "end".to_owned();
    for (typed, outcome) in [
        ("60", RegisterOutcome::Closed),
        ("30", RegisterOutcome::Registered),
        ("End", RegisterOutcome::Registered),
    ] {
        let all = db
            .set_setting(&admin, nonce(), Setting::RegistrationCloses, &was, typed)
            .await
            .unwrap();
        was = all.value(Setting::RegistrationCloses).to_owned();
        let (came, _) = db.register(&token, nonce(), event).await.unwrap();
        assert_eq!(came, outcome, "{typed}");
        if came == RegisterOutcome::Closed {
            // Staff still do it for them.
            let added = db
                .change_registration(&admin, nonce(), event, ana, &register(false))
                .await
                .unwrap();
            assert_eq!(added.outcome, DeskOutcome::Registered);
        }
        db.cancel_registration(&token, nonce(), event).await.unwrap();
    }
}
