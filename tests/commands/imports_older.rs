//! `import` of an older application's tables, as files and as its SQLite file: its words become ours, what was there twice
//! is there once, nobody may do more than before, and its history is neither paid nor celebrated again.

use base64::Engine as _;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Executor};

use crate::imports::{added, adds_up, import};
use crate::imports_refused::files;
use crate::support::cluster::Role;
use crate::support::world::World;
use crate::{PASSWORD, Program, finished};

/// As the older application kept a password.
fn kept_before(password: &str) -> String {
    let mut bytes = password.as_bytes().to_vec();
    bytes.push(0);
    let salt = *b"0123456789abcdef";
    let made = bcrypt::bcrypt(10, salt, &bytes);
    let engine = base64::engine::GeneralPurpose::new(
        &base64::alphabet::BCRYPT,
        base64::engine::general_purpose::NO_PAD,
    );
    format!("$2b$10${}{}", engine.encode(salt), engine.encode(&made[..23]))
}

/// Its tables, as the statements that made and filled them. `{hash}` is Ana's password.
const TABLES: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR, username VARCHAR, full_name VARCHAR, hashed_password VARCHAR,
                        is_active BOOLEAN, is_superuser BOOLEAN, user_type VARCHAR);
    INSERT INTO users VALUES (1, 'ana@x.org', 'ana', 'Ana Reyes', '{hash}', 1, 0, 'business'),
                             (2, 'boss@x.org', 'boss', NULL, '{hash}', 1, 1, 'user'),
                             (3, 'mallory@x.org', 'mallory', 'Mallory', '{hash}', 1, 0, 'admin'),
                             (4, 'staff@x.org', 'staff', 'Staff', '{hash}', 1, NULL, 'staff');
    CREATE TABLE event (id INTEGER PRIMARY KEY, title VARCHAR, description TEXT, event_type VARCHAR, location VARCHAR,
                        start_time DATETIME, end_time DATETIME, max_participants INTEGER, points_reward INTEGER,
                        price FLOAT, image_url VARCHAR, organizer_id INTEGER, updated_at DATETIME);
    INSERT INTO event VALUES
        (1, 'Quiz', '', 'trivia', 'Bar', '2025-03-03 18:00:00', '2025-03-03 20:00:00.000000', 10, 15, 99.90000000000001, NULL, 2, NULL),
        (2, 'Walk', NULL, 'hike', 'Hill', '2025-03-12 08:00:00', '2025-03-12 10:00:00', NULL, NULL, 0.0, 'x.png', 2, NULL),
        (3, 'Ball', NULL, 'social', 'Hall', '2031-03-12 08:00:00', '2031-03-12 10:00:00', 1, 5, 20.5, NULL, NULL, NULL);
    CREATE TABLE registration (id INTEGER PRIMARY KEY, user_id INTEGER, event_id INTEGER, registration_date DATETIME,
                               status VARCHAR, payment_status VARCHAR);
    INSERT INTO registration VALUES
        (1, 1, 1, '2025-03-01 10:00:00', 'cancelled', 'pending'), (2, 1, 1, '2025-03-02 10:00:00', 'checked_in', 'completed'),
        (3, 1, 2, '2025-03-02 11:00:00', 'attended', 'pending'), (4, 3, 1, '2025-03-02 12:00:00', 'approved', 'pending'),
        (5, 3, 3, '2025-03-02 13:00:00', 'pending', 'pending'), (6, 2, 3, '2025-03-02 14:00:00', 'registered', 'refunded'),
        (7, 4, 3, '2025-03-02 15:00:00', 'rejected', 'pending'), (8, 1, 3, '2025-03-02 16:00:00', 'waitlisted', 'pending');
    CREATE TABLE payment (id INTEGER PRIMARY KEY, registration_id INTEGER, user_id INTEGER, event_id INTEGER, amount FLOAT,
                          payment_method VARCHAR, created_at DATETIME);
    INSERT INTO payment VALUES (1, 1, 1, 1, 99.9, 'cash', '2025-03-01 10:00:00'), (2, 2, 1, 1, 99.9, 'gcash', '2025-03-02 10:00:00'),
                               (3, 6, 2, 3, 20.5, 'cash', '2025-03-02 14:00:00');
    CREATE TABLE event_attendees (id INTEGER PRIMARY KEY, user_id INTEGER, event_id INTEGER, status VARCHAR, check_in_time DATETIME);
    INSERT INTO event_attendees VALUES (1, 1, 1, 'attended', '2025-03-03 18:05:00'), (2, 1, 1, 'checked_in', '2025-03-03 18:09:00');
    CREATE TABLE badge_types (id INTEGER PRIMARY KEY, name VARCHAR, description VARCHAR, image_url VARCHAR);
    INSERT INTO badge_types VALUES (1, 'Founding Member', 'Was there', NULL), (2, 'Trivia Master', 'Wins', NULL);
    CREATE TABLE badges (id INTEGER PRIMARY KEY, user_id INTEGER, badge_type_id INTEGER, name VARCHAR, level INTEGER, earned_date DATETIME);
    INSERT INTO badges VALUES (1, 1, 2, 'Trivia Master', 1, '2025-03-03 21:00:00'), (2, 1, 2, 'Trivia Master', 2, '2025-03-04 21:00:00'),
                              (3, 2, 1, 'Founding Member', NULL, '2025-01-01 00:00:00');
    CREATE TABLE points_transaction (id INTEGER PRIMARY KEY, user_id INTEGER, points INTEGER, transaction_type VARCHAR,
                                     description VARCHAR, event_id INTEGER, admin_id INTEGER, transaction_date DATETIME);
    INSERT INTO points_transaction VALUES
        (1, 1, 15, 'earned', 'Quiz', 1, NULL, '2025-03-03 18:05:00'), (2, 1, -5, 'redeemed', 'Mug', NULL, 2, '2025-03-05 10:00:00'),
        (3, 1, 20, 'awarded', 'Help', NULL, 2, '2025-03-06 10:00:00');
    CREATE TABLE alembic_version (version_num VARCHAR);
    INSERT INTO alembic_version VALUES ('abc');
";

async fn old_file(path: &std::path::Path) {
    let mut conn = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    let sql = TABLES.replace("{hash}", &kept_before(PASSWORD));
    conn.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    sqlx::Connection::close(conn).await.unwrap();
}

/// What became of it, whatever form it came in.
async fn looks_right(world: &World) {
    let told = |sql: &'static str| world.value::<String>(sql);
    assert_eq!(
        told("SELECT string_agg(concat_ws(' ', username, full_name, user_type, is_superuser), '; ' ORDER BY id) FROM users").await,
        "ana Ana Reyes regular f; boss boss admin t; mallory Mallory regular f; staff Staff regular f"
    );
    assert_eq!(
        told("SELECT string_agg(concat_ws(' ', id, price, coalesce(created_by, 0), start_time AT TIME ZONE 'UTC'), '; ' ORDER BY id) FROM events").await,
        "1 99.90 2 2025-03-03 18:00:00; 2 0.00 2 2025-03-12 08:00:00; 3 20.50 0 2031-03-12 08:00:00"
    );
    assert_eq!(
        told("SELECT string_agg(concat_ws(' ', id, user_id, event_id, status, payment_status, price_due), '; ' ORDER BY id) FROM registrations").await,
        "2 1 1 registered paid 99.90; 3 1 2 registered not_required 0.00; 4 3 1 registered pending 99.90; \
         5 3 3 pending pending 20.50; 6 2 3 registered refunded 20.50; 7 4 3 rejected pending 20.50; \
         8 1 3 waitlisted pending 20.50"
    );
    assert_eq!(
        told("SELECT string_agg(concat_ws(' ', id, registration_id, amount_paid, payment_channel, voided_at IS NOT NULL, refunded), '; ' ORDER BY id) FROM payment").await,
        "1 2 99.90 cash t 0; 2 2 99.90 gcash f 0; 3 6 20.50 cash f 20.50"
    );
    assert_eq!(
        told("SELECT string_agg(concat_ws(' ', user_id, event_id, status, check_in_time AT TIME ZONE 'UTC'), '; ' ORDER BY event_id) FROM event_attendees").await,
        "1 1 attended 2025-03-03 18:05:00; 1 2 attended"
    );
    assert_eq!(
        told("SELECT string_agg(concat_ws(' ', transaction_type, points, awarded_by), '; ' ORDER BY id) FROM points_transactions").await,
        "event_attendance 15; redemption -5 2; special_activity 20 2"
    );
    assert_eq!(
        told("SELECT string_agg(concat_ws(' ', b.name, u.user_id, u.level), '; ' ORDER BY b.name, u.user_id) FROM user_badges AS u JOIN badges AS b ON b.id = u.badge_id").await,
        "Consistent Attendee 1 1; Event Explorer 1 1; Founding Member 2 1; Trivia Master 1 2"
    );
    assert_eq!(
        told("SELECT concat_ws(' ', taken, waiting, last_in_line) FROM event_seats WHERE event_id = 3").await,
        "1 1 1"
    );
    assert_eq!(
        told("SELECT concat_ws(' ', earned, spendable) FROM user_totals WHERE user_id = 1").await,
        "35 30"
    );
    // Neither paid nor celebrated, now or later.
    assert_eq!(world.count("points_transactions").await, 3);
    assert_eq!(world.count("pine.levels_due()").await, 0);
    assert_eq!(world.count("users WHERE celebrated_through < 3").await, 0);
    assert_eq!(world.count("audit_log WHERE action = 'import'").await, 1);
    adds_up(world);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_file_becomes_a_community() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pine_time.db");
    old_file(&path).await;
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    let told = import(&owner, "sqlite", &path, &[]);
    assert_eq!(
        (&told["older"], &told["refused"]),
        (&true.into(), &0.into()),
        "{told}"
    );
    assert_eq!(told["left_out"], serde_json::json!(["alembic_version"]));
    assert_eq!(told["tables"]["registrations"]["known"], 1);
    looks_right(&world).await;
    let again = import(&owner, "sqlite", &path, &[]);
    assert_eq!((added(&again), &again["refused"]), (0, &0.into()), "{again}");
    looks_right(&world).await;
    // Everybody signs in with the old password.
    let staff = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", PASSWORD);
    staff.done(&["user", "list", "--as", "boss"]);
    staff.done(&["registrations", "list", "--as", "ana"]);
    let refused = staff.run_with(&["user", "list", "--as", "mallory"], b"");
    finished(&refused, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_tables_as_files_become_the_same() {
    let hash = kept_before(PASSWORD);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old");
    let users = format!(
        "id,email,username,full_name,hashed_password,is_active,is_superuser,user_type\n\
         1,ana@x.org,ana,Ana Reyes,{hash},True,False,business\n\
         2,boss@x.org,boss,,{hash},1,1,user\n\
         3,mallory@x.org,mallory,Mallory,{hash},true,false,admin\n\
         4,staff@x.org,staff,Staff,{hash},1,,staff\n"
    );
    files(
        &path,
        &[
            ("users.csv", users.as_bytes()),
            (
                "event.csv",
                b"id,title,event_type,location,start_time,end_time,max_participants,points_reward,price,image_url,organizer_id\n\
                  1,Quiz,trivia,Bar,2025-03-03T18:00:00,2025-03-03 20:00:00,10,15,99.90000000000001,,2\n\
                  2,Walk,hike,Hill,2025-03-12 08:00:00,2025-03-12 10:00,,,0,x.png,2\n\
                  3,Ball,social,Hall,2031-03-12 08:00:00,2031-03-12 10:00:00,1,5,20.5,,\n",
            ),
            (
                "registration.csv",
                b"id,user_id,event_id,registration_date,status,payment_status\n\
                  1,1,1,2025-03-01 10:00:00,cancelled,pending\n2,1,1,2025-03-02 10:00:00,checked_in,completed\n\
                  3,1,2,2025-03-02 11:00:00,attended,pending\n4,3,1,2025-03-02 12:00:00,approved,pending\n\
                  5,3,3,2025-03-02 13:00:00,pending,pending\n6,2,3,2025-03-02 14:00:00,registered,refunded\n\
                  7,4,3,2025-03-02 15:00:00,rejected,pending\n8,1,3,2025-03-02 16:00:00,waitlisted,pending\n",
            ),
            (
                "payment.csv",
                b"id,registration_id,user_id,event_id,amount,payment_method,created_at\n\
                  1,1,1,1,99.9,cash,2025-03-01 10:00:00\n2,2,1,1,99.9,gcash,2025-03-02 10:00:00\n\
                  3,6,2,3,20.5,cash,2025-03-02 14:00:00\n",
            ),
            (
                "event_attendees.csv",
                b"id,user_id,event_id,status,check_in_time\n1,1,1,attended,2025-03-03 18:05:00\n\
                  2,1,1,checked_in,2025-03-03 18:09:00\n",
            ),
            ("badge_types.csv", b"id,name,description,image_url\n1,Founding Member,Was there,\n2,Trivia Master,Wins,\n"),
            (
                "badges.csv",
                b"id,user_id,badge_type_id,name,level,earned_date\n1,1,2,Trivia Master,1,2025-03-03 21:00:00\n\
                  2,1,2,Trivia Master,2,2025-03-04 21:00:00\n3,2,1,Founding Member,,2025-01-01 00:00:00\n",
            ),
            (
                "points_transaction.csv",
                b"id,user_id,points,transaction_type,description,event_id,admin_id,transaction_date\n\
                  1,1,15,earned,Quiz,1,,2025-03-03 18:05:00\n2,1,-5,redeemed,Mug,,2,2025-03-05 10:00:00\n\
                  3,1,20,awarded,Help,,2,2025-03-06 10:00:00\n",
            ),
        ],
    );
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    let told = import(&owner, "csv", &path, &[]);
    assert_eq!(
        (&told["older"], &told["refused"]),
        (&true.into(), &0.into()),
        "{told}"
    );
    looks_right(&world).await;
    assert_eq!(added(&import(&owner, "csv", &path, &[])), 0);

    // Its clocks stood elsewhere, if somebody says so.
    let manila = World::new().await;
    import(
        &Program::of(&manila, Role::Owner),
        "csv",
        &path,
        &["--zone", "Asia/Manila"],
    );
    let starts: String = manila
        .value("SELECT (start_time AT TIME ZONE 'UTC')::text FROM events WHERE id = 1")
        .await;
    assert_eq!(starts, "2025-03-03 10:00:00");

    // A word that nobody knows is no guess.
    let registrations = b"id,user_id,event_id,status\n1,1,1,maybe\n";
    files(
        &path,
        &[
            ("users.csv", users.as_bytes()),
            ("registration.csv", registrations),
        ],
    );
    let (_, said) = finished(
        &Program::of(&World::new().await, Role::Owner)
            .run_with(&["import", "--from", "csv", path.to_str().unwrap()], b""),
        1,
    );
    assert!(
        said.contains("registration.csv, line 2, status: “maybe” is no status of a registration"),
        "{said}"
    );
}
