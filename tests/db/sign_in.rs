//! Signing in by server relief, counted failures, sessions and their ends.

use base64::Engine as _;
use pine_time::db::{Token, hash_password};
use pine_time::domain::member::UserType;
use pine_time::domain::{Fault, Secret};

use sqlx::{Connection as _, PgConnection};

use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce};

const PASSWORD: &str = "correct horse battery";

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

async fn give_password(world: &World, name: &str, password: &str) {
    let hash = hash_password(&secret(password)).unwrap();
    sqlx::query("UPDATE users SET hashed_password = $2 WHERE username = $1")
        .bind(name)
        .bind(hash)
        .execute(&world.owner)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_right_password_opens_a_session() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    let db = world.db(Role::Kiosk);
    for name in ["ana", " ANA ", "Ana@Example.org"] {
        let signed_in = db
            .sign_in(name, &secret(PASSWORD))
            .await
            .unwrap()
            .unwrap_or_else(|| panic!("{name}"));
        assert_eq!(signed_in.me.user_id, ana);
        assert_eq!(signed_in.me.user_type, UserType::Regular);
        assert_eq!(signed_in.me.device.as_str(), "door 1");
        assert_eq!(
            db.profile(&signed_in.token).await.unwrap().username.as_str(),
            "ana"
        );
    }
    assert!(
        world
            .value::<bool>("SELECT last_login IS NOT NULL FROM users WHERE username = 'ana'")
            .await
    );
    assert_eq!(world.count("audit_log WHERE action = 'sign_in'").await, 3);
}

#[tokio::test]
async fn the_stored_hash_is_of_the_key_and_never_leaves() {
    let world = World::new().await;
    world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    let stored: String = world
        .value("SELECT hashed_password FROM users WHERE username = 'ana'")
        .await;
    assert!(
        stored.starts_with("$argon2id-sha256$v=19$m=65536,t=3,p=1$"),
        "{stored}"
    );
    let answer: serde_json::Value = world.value("SELECT api.login_challenge('ana')").await;
    let hash = stored.rsplit('$').next().unwrap();
    assert!(!answer.to_string().contains(hash));
    let mut keys: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    assert_eq!(
        keys,
        ["algorithm", "lanes", "memory_kib", "passes", "rounds", "salt"]
    );
}

#[tokio::test]
async fn wrong_tries_are_counted_over_every_connection_and_forgiven_by_a_right_one() {
    let world = World::new().await;
    world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    for _ in 0..4 {
        let db = world.db(Role::Staff);
        assert!(
            db.sign_in("ana", &secret("not her password"))
                .await
                .unwrap()
                .is_none()
        );
        db.close().await;
    }
    let db = world.db(Role::Staff);
    assert!(db.sign_in("ben", &secret(PASSWORD)).await.unwrap().is_none());
    let of_name = "SELECT failures FROM login_throttle WHERE login_role = 'pine_staff_login'
                   AND name_hash = pine.login_name_hash('ana')";
    let of_login =
        "SELECT failures FROM login_throttle WHERE login_role = 'pine_staff_login' AND name_hash = '\\x'";
    assert_eq!(world.value::<i64>(of_name).await, 4);
    assert_eq!(world.value::<i64>(of_login).await, 5);

    // The right one takes back what is the name's, from the login too.
    later(&world, "1 minute").await;
    assert!(db.sign_in("ana", &secret(PASSWORD)).await.unwrap().is_some());
    assert_eq!(
        world
            .count("login_throttle WHERE name_hash = pine.login_name_hash('ana')")
            .await,
        0
    );
    assert_eq!(world.value::<i64>(of_login).await, 0);
}

/// Lets time pass for the rules.
async fn later(world: &World, by: &str) {
    world
        .sql(&format!(
            "UPDATE pine.clock_offset SET moved_by = moved_by + interval '{by}'"
        ))
        .await;
}

/// One wrong try over a kiosk's or the staff's login, without the cost of a key; what came of it.
async fn guess(connection: &mut PgConnection, name: &str) -> serde_json::Value {
    sqlx::query_scalar("SELECT api.login($1, '\\x00', 'a guesser', '00000000-0000-0000-0000-000000000001')")
        .bind(name.to_owned())
        .fetch_one(connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn guesses_have_to_wait_longer_and_longer_and_lock_nobody_out_elsewhere() {
    let world = World::new().await;
    world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    let mut kiosk = PgConnection::connect(&world.settings(Role::Kiosk).url)
        .await
        .unwrap();
    let mut waits = Vec::new();
    let mut tried = 0;
    // Two thousand tries over two days of the rules' time, four or so in every quarter of an hour.
    for number in 0..2000 {
        if number % 10 == 9 {
            later(&world, "15 minutes").await;
        }
        let came = guess(&mut kiosk, "ana").await;
        match came["outcome"].as_str().unwrap() {
            "refused" => tried += 1,
            "wait" => waits.push(came["seconds"].as_i64().unwrap()),
            other => panic!("{other}"),
        }
    }
    assert!(tried < 5 + 2 * 200 + 10, "{tried} of 2000 guesses were looked at");
    assert!(waits.iter().all(|seconds| (1..=900).contains(seconds)));
    assert!(waits.contains(&900), "the longest wait is a quarter of an hour");

    // Unknown names are treated alike, and the staff's login is as open as before.
    let mut unknown = Vec::new();
    for _ in 0..6 {
        unknown.push(guess(&mut kiosk, "nobody at all").await["outcome"].to_string());
    }
    assert!(unknown.contains(&"\"wait\"".to_owned()), "{unknown:?}");
    let staff = world.db(Role::Staff);
    assert!(staff.sign_in("ana", &secret(PASSWORD)).await.unwrap().is_some());

    // Over the kiosk even the right password waits, and says how long.
    let db = world.db(Role::Kiosk);
    let why = fault(db.sign_in("ana", &secret(PASSWORD)).await);
    assert!(
        matches!(&why, Fault::Conflict(why) if why.as_str().starts_with("Too many wrong tries. Try again in ")),
        "{why:?}"
    );
    later(&world, "1 day 1 minute").await;
    assert!(db.sign_in("ana", &secret(PASSWORD)).await.unwrap().is_some());
}

#[tokio::test]
async fn without_the_throttle_every_guess_would_be_looked_at() {
    let world = World::new().await;
    world.member("ana").await;
    world
        .sql(
            "CREATE OR REPLACE FUNCTION pine.wait_after(t login_throttle, at timestamptz) RETURNS interval
             LANGUAGE sql IMMUTABLE AS $$ SELECT interval '0' $$",
        )
        .await;
    let mut kiosk = PgConnection::connect(&world.settings(Role::Kiosk).url)
        .await
        .unwrap();
    for _ in 0..50 {
        assert_eq!(guess(&mut kiosk, "ana").await["outcome"], "refused");
    }
}

#[tokio::test]
async fn guesses_at_once_are_counted_one_by_one() {
    let world = World::new().await;
    world.member("ana").await;
    let url = world.settings(Role::Kiosk).url;
    let guesses = (0..16).map(|_| {
        let url = url.clone();
        tokio::spawn(async move {
            let mut kiosk = PgConnection::connect(&url).await.unwrap();
            guess(&mut kiosk, "ana").await["outcome"] == "refused"
        })
    });
    let mut looked_at = 0;
    for guess in guesses.collect::<Vec<_>>() {
        looked_at += usize::from(guess.await.unwrap());
    }
    assert!(looked_at >= 5, "{looked_at}");
    let failures: i64 = world
        .value("SELECT failures FROM login_throttle WHERE name_hash = pine.login_name_hash('ana')")
        .await;
    assert_eq!(
        usize::try_from(failures).unwrap(),
        looked_at,
        "each that was looked at was counted"
    );
}

#[tokio::test]
async fn an_unknown_name_looks_like_a_known_one() {
    let world = World::new().await;
    world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    let challenge = |name: &str| {
        let sql = format!("SELECT api.login_challenge('{name}')");
        let world = &world;
        async move { world.value::<serde_json::Value>(&sql).await }
    };
    let (known, unknown) = (challenge("ana").await, challenge("nobody").await);
    for key in ["algorithm", "memory_kib", "passes", "lanes"] {
        assert_eq!(known[key], unknown[key], "{key}");
    }
    assert_eq!(
        known["salt"].as_str().unwrap().len(),
        unknown["salt"].as_str().unwrap().len()
    );
    assert_eq!(unknown, challenge(" NOBODY ").await, "a fake salt stays the same");
    assert_ne!(unknown["salt"], challenge("nobody2").await["salt"]);

    let db = world.db(Role::Staff);
    assert!(db.sign_in("nobody", &secret(PASSWORD)).await.unwrap().is_none());
    assert!(db.sign_in("", &secret("")).await.unwrap().is_none());
    assert_eq!(
        world
            .value::<i64>(
                "SELECT failures FROM login_throttle WHERE name_hash = pine.login_name_hash('nobody')"
            )
            .await,
        1,
        "unknown names are counted too"
    );
}

#[tokio::test]
async fn who_may_not_come_in_is_refused_with_the_same_words() {
    let world = World::new().await;
    world.member("gone").await;
    world.member("sample").await;
    world.person("boss", "staff").await;
    for name in ["gone", "sample", "boss"] {
        give_password(&world, name, PASSWORD).await;
    }
    world
        .sql(
            "UPDATE users SET is_active = false WHERE username = 'gone';
             UPDATE users SET is_sample = true WHERE username = 'sample'",
        )
        .await;
    let (staff, kiosk) = (world.db(Role::Staff), world.db(Role::Kiosk));
    assert!(
        staff.sign_in("gone", &secret(PASSWORD)).await.unwrap().is_none(),
        "deactivated"
    );
    assert!(
        staff
            .sign_in("sample", &secret(PASSWORD))
            .await
            .unwrap()
            .is_none(),
        "sample account outside a demo"
    );
    assert!(
        kiosk.sign_in("boss", &secret(PASSWORD)).await.unwrap().is_none(),
        "staff at a kiosk"
    );
    assert!(staff.sign_in("boss", &secret(PASSWORD)).await.unwrap().is_some());
    world.sql("UPDATE settings SET is_demo = true").await;
    assert!(
        staff
            .sign_in("sample", &secret(PASSWORD))
            .await
            .unwrap()
            .is_some(),
        "in a demo it may"
    );
}

#[tokio::test]
async fn a_staff_token_is_worth_nothing_over_a_kiosk_login() {
    let world = World::new().await;
    let staff = world.staff().await;
    let (from, to) = (chrono::Utc::now(), chrono::Utc::now());
    assert!(world.db(Role::Staff).events(&staff, from, to).await.is_ok());
    assert_eq!(
        fault(world.db(Role::Kiosk).events(&staff, from, to).await),
        Fault::NotSignedIn
    );
    let owner = world.db(Role::Owner).owner_session("root").await.unwrap();
    assert!(world.db(Role::Owner).events(&owner, from, to).await.is_ok());
    assert_eq!(
        fault(world.db(Role::Staff).events(&owner, from, to).await),
        Fault::NotSignedIn
    );
    assert_eq!(
        fault(world.db(Role::Staff).owner_session("root").await),
        Fault::Login
    );
}

#[tokio::test]
async fn sessions_end_by_idleness_age_and_sign_out() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    let ana = world.member("ana").await;
    let alive = |token: Token| {
        let db = db.clone();
        async move { db.profile(&token).await.is_ok() }
    };

    let idle = world.session(ana).await;
    world.move_clock("14 minutes").await;
    assert!(alive(idle.clone()).await);
    assert!(db.touch(&idle).await.unwrap(), "activity is written");
    world.move_clock("14 minutes").await;
    assert!(alive(idle.clone()).await, "touched in time");
    world.move_clock("2 minutes").await;
    assert!(!alive(idle.clone()).await, "idle for 16 minutes");
    assert_eq!(
        fault(db.touch(&idle).await),
        Fault::NotSignedIn,
        "and cannot be woken"
    );

    let old = world.session(ana).await;
    for _ in 0..71 {
        world.move_clock("10 minutes").await;
        db.touch(&old).await.unwrap();
    }
    assert!(alive(old.clone()).await, "11 h 50 min, always busy");
    world.move_clock("11 minutes").await;
    assert!(!alive(old).await, "12 hours are the end");

    let left = world.session(ana).await;
    assert!(db.sign_out(&left).await.unwrap());
    assert!(!alive(left.clone()).await);
    assert!(!db.sign_out(&left).await.unwrap(), "saying it twice is no fault");
    let deactivated = world.session(ana).await;
    world.sql("UPDATE users SET is_active = false").await;
    assert!(!alive(deactivated).await, "a deactivated member is out at once");
}

#[tokio::test]
async fn the_newest_session_of_a_terminal_is_the_only_one() {
    let world = World::new().await;
    world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    let (here, there) = (world.db(Role::Staff), world.db(Role::Staff));
    let first = here
        .sign_in("ana", &secret(PASSWORD))
        .await
        .unwrap()
        .unwrap()
        .token;
    let elsewhere = there
        .sign_in("ana", &secret(PASSWORD))
        .await
        .unwrap()
        .unwrap()
        .token;
    let second = here
        .sign_in("ana", &secret(PASSWORD))
        .await
        .unwrap()
        .unwrap()
        .token;
    assert_eq!(fault(here.profile(&first).await), Fault::NotSignedIn);
    assert!(here.profile(&second).await.is_ok());
    assert!(
        there.profile(&elsewhere).await.is_ok(),
        "another terminal keeps its own"
    );
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let world = World::new().await;
    let ana = world.member("ana").await;
    let token = world.session(ana).await;
    let staff = world.staff().await;
    let db = world.db(Role::Staff);
    let hash = hash_password(&secret("another long password")).unwrap();
    db.set_password(&staff, nonce(), "ana", &hash).await.unwrap();
    assert_eq!(fault(db.profile(&token).await), Fault::NotSignedIn);
    assert!(
        db.sign_in("ana", &secret("another long password"))
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn guessed_tokens_open_nothing() {
    let world = World::new().await;
    world.staff().await;
    let db = world.db(Role::Staff);
    for guess in ["", "00", &"ab".repeat(32), &"ff".repeat(5000)] {
        let token = Token::from_hex(guess).unwrap();
        assert_eq!(fault(db.profile(&token).await), Fault::NotSignedIn);
        assert_eq!(fault(db.members(&token, "", 10).await), Fault::NotSignedIn);
    }
}

/// `$2b$` hashes as an older database kept them; the cost is the least that is taken.
fn kept_before(password: &str) -> String {
    let salt = *b"0123456789abcdef";
    let mut bytes = password.as_bytes().to_vec();
    bytes.push(0);
    let made = bcrypt::bcrypt(10, salt, &bytes);
    let engine = base64::engine::GeneralPurpose::new(
        &base64::alphabet::BCRYPT,
        base64::engine::general_purpose::NO_PAD,
    );
    format!("$2b$10${}{}", engine.encode(salt), engine.encode(&made[..23]))
}

async fn stored(world: &World, name: &str) -> String {
    let sql = format!("SELECT hashed_password::text FROM users WHERE username = '{name}'");
    world.value(&sql).await
}

async fn keep(world: &World, name: &str, hashed: &str) {
    sqlx::query("UPDATE users SET hashed_password = $2 WHERE username = $1")
        .bind(name)
        .bind(hashed)
        .execute(&world.owner)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_password_of_an_older_database_signs_in_once_and_is_argon2id_afterwards() {
    let world = World::new().await;
    world.member("ana").await;
    let before = kept_before(PASSWORD);
    keep(&world, "ana", &before).await;
    let kept = stored(&world, "ana").await;
    assert!(kept.starts_with("$bcrypt-sha256$r=10$"), "{kept}");
    assert!(!kept.contains(&before[29..]), "the hash itself is not kept");

    let db = world.db(Role::Kiosk);
    let challenge: serde_json::Value = world.value("SELECT api.login_challenge('ana')").await;
    assert_eq!(
        (&challenge["algorithm"], &challenge["rounds"]),
        (&"bcrypt-sha256".into(), &10.into())
    );
    assert!(db.sign_in("ana", &secret("not it")).await.unwrap().is_none());
    assert_eq!(stored(&world, "ana").await, kept, "a wrong try changes nothing");
    assert!(db.sign_in("ana", &secret(PASSWORD)).await.unwrap().is_some());
    let now = stored(&world, "ana").await;
    assert!(now.starts_with("$argon2id-sha256$v=19$m=65536,t=3,p=1$"), "{now}");
    assert_eq!(
        world.count("audit_log WHERE action = 'password_upgrade'").await,
        1
    );
    assert!(db.sign_in("ana", &secret(PASSWORD)).await.unwrap().is_some());
    assert_eq!(stored(&world, "ana").await, now, "once");
}

#[tokio::test]
async fn an_older_password_is_tried_as_it_was_typed_and_then_composed() {
    let world = World::new().await;
    let db = world.db(Role::Staff);
    for (name, kept) in [
        ("one", "Nin\u{303}o and the moss"),
        ("two", "Ni\u{f1}o and the moss"),
    ] {
        world.member(name).await;
        keep(&world, name, &kept_before(kept)).await;
        // Whatever the old program hashed, both keyboards come in; afterwards it does not matter any more.
        for typed in [
            "Nin\u{303}o and the moss",
            "Nin\u{303}o and the moss",
            "Ni\u{f1}o and the moss",
        ] {
            assert!(
                db.sign_in(name, &secret(typed)).await.unwrap().is_some(),
                "{name} {typed:?}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_no_bcrypt_stays_and_lets_nobody_in() {
    let world = World::new().await;
    world.member("ana").await;
    let db = world.db(Role::Staff);
    for odd in [
        "$2x$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
        "$2b$10$short",
        "$2",
        "plain",
        "$bcrypt-sha256$r=10$short$short",
    ] {
        keep(&world, "ana", odd).await;
        assert_eq!(stored(&world, "ana").await, odd);
        assert!(db.sign_in("ana", &secret(odd)).await.unwrap().is_none(), "{odd}");
    }
    // A cost that would hold the terminal up is refused before anything is derived.
    keep(&world, "ana", &kept_before(PASSWORD).replace("$10$", "$31$")).await;
    let refused = fault(db.sign_in("ana", &secret(PASSWORD)).await);
    assert!(matches!(refused, Fault::Version(_)), "{refused:?}");
}

#[tokio::test]
async fn unknown_names_get_the_kinds_of_challenges_that_the_community_has() {
    let world = World::new().await;
    for at in 0..40 {
        let name = format!("m{at}");
        world.member(&name).await;
        if at % 4 == 0 {
            keep(&world, &name, &kept_before("x")).await;
        } else {
            keep(&world, &name, &hash_password_of(at)).await;
        }
    }
    let mut older = 0;
    for at in 0..400 {
        let sql = format!("SELECT api.login_challenge('nobody{at}')->>'algorithm'");
        let (one, other): (String, String) = (world.value(&sql).await, world.value(&sql).await);
        assert_eq!(one, other, "the same at every asking");
        older += usize::from(one == "bcrypt-sha256");
    }
    // A quarter of them, as chance has it.
    assert!((60..=140).contains(&older), "{older} of 400");
}

fn hash_password_of(at: usize) -> String {
    format!(
        "$argon2id-sha256$v=19$m=65536,t=3,p=1${at:022}${}",
        "A".repeat(43)
    )
}

/// The middle, and the ninth of ten, in milliseconds.
fn spread(mut took: Vec<std::time::Duration>) -> (f64, f64) {
    took.sort();
    let at = |share: usize| took[took.len() * share / 100].as_secs_f64() * 1000.0;
    (at(50), at(90))
}

#[tokio::test]
async fn known_and_unknown_names_are_answered_alike() {
    let world = World::new().await;
    // The clock is moved between tries, so that none has to wait.
    for at in 0..20 {
        let name = format!("m{at}");
        world.member(&name).await;
        keep(&world, &name, &hash_password_of(at)).await;
    }
    let mut connection = PgConnection::connect(&world.settings(Role::Staff).url)
        .await
        .unwrap();
    let mut took = [Vec::new(), Vec::new()];
    let mut came = [Vec::new(), Vec::new()];
    for at in 0..200 {
        for (kind, name) in [format!("m{}", at % 20), format!("nobody{}", at % 20)]
            .into_iter()
            .enumerate()
        {
            if at % 2 == 0 {
                later(&world, "1 day").await;
            }
            let begun = std::time::Instant::now();
            let challenge: serde_json::Value = sqlx::query_scalar("SELECT api.login_challenge($1)")
                .bind(&name)
                .fetch_one(&mut connection)
                .await
                .unwrap();
            let answer = guess(&mut connection, &name).await;
            took[kind].push(begun.elapsed());
            let keys: Vec<String> = challenge.as_object().unwrap().keys().cloned().collect();
            came[kind].push((
                keys,
                challenge["algorithm"].clone(),
                challenge["memory_kib"].clone(),
                answer,
            ));
        }
    }
    assert_eq!(came[0], came[1], "every answer is the same");
    let [known, unknown] = took.map(spread);
    println!(
        "known names: p50 {:.2}, p90 {:.2} ms; unknown names: p50 {:.2}, p90 {:.2} ms",
        known.0, known.1, unknown.0, unknown.1
    );
}

#[tokio::test]
async fn what_a_kiosk_guesses_is_counted_for_the_kiosk_alone() {
    let world = World::new().await;
    world.member("ana").await;
    give_password(&world, "ana", PASSWORD).await;
    let mut kiosk = PgConnection::connect(&world.settings(Role::Kiosk).url)
        .await
        .unwrap();
    for _ in 0..40 {
        guess(&mut kiosk, "ana").await;
    }
    let staff = world.db(Role::Staff);
    assert!(staff.sign_in("ana", &secret(PASSWORD)).await.unwrap().is_some());
    // The control: counted for everybody, the same guesses would lock the staff out.
    world
        .sql(
            "INSERT INTO login_throttle (name_hash, login_role, failures, last_failure)
             SELECT name_hash, 'pine_staff_login', failures + 20, pine.clock() FROM login_throttle
             WHERE login_role = 'pine_kiosk_login'
             ON CONFLICT (name_hash, login_role) DO UPDATE
             SET failures = excluded.failures, last_failure = excluded.last_failure",
        )
        .await;
    let locked = fault(staff.sign_in("ana", &secret(PASSWORD)).await);
    assert!(matches!(locked, Fault::Conflict(_)), "{locked:?}");
}
