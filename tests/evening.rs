//! The main job, whole: the built program in terminals of 80×24, on one database with the sample community. A member
//! registers, two doors check her in at the same moment, and what the screens say is what plain SQL finds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use pine_time::ops::sample;
use support::cluster::Role;
use support::story::{leave, sample_world, sign_in, terminal};
use support::terminal::{Key, Terminal};
use support::until;

const TONIGHT: &str = "Trivia Night: The Big One";

/// Waits for the card that tells what was earned, and closes it. It takes no key before it could be read.
fn read_what_was_earned(terminal: &Terminal) {
    terminal.wait_for_text("─ Earned ─");
    terminal.wait_until("the card is closed", |screen| {
        let shown = screen.contains("─ Earned ─");
        if shown {
            terminal.type_text(" ");
        }
        !shown
    });
}

/// Finds tonight's event in the agenda, whatever day it is on by now.
fn find_tonight(terminal: &Terminal) {
    terminal.wait_for_text("times in Manila");
    terminal.type_text("vv/big one");
    terminal.key(Key::Enter);
    terminal.wait_until("tonight's event alone", |screen| {
        screen.contains(TONIGHT) && screen.contains("1/1")
    });
}

fn open_the_door_of_tonight(terminal: &Terminal) {
    terminal.type_text("3");
    terminal.wait_until("the running event is open already", |screen| {
        screen.contains("Open Table") && screen.contains("due")
    });
    terminal.key(Key::F(6));
    terminal.wait_for_text(TONIGHT);
    terminal.key(Key::Down);
    terminal.key(Key::Enter);
    terminal.wait_until("tonight's door", |screen| {
        screen.contains(TONIGHT) && screen.contains("in 0") && !screen.contains("The door's event")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_evening_over_three_terminals() {
    let world = sample_world().await;
    let before: i64 = world
        .value("SELECT earned FROM user_totals JOIN users ON id = user_id WHERE username = 'ana'")
        .await;

    let member = terminal(&world, "kiosk", (80, 24));
    sign_in(&member, "ana");
    find_tonight(&member);
    member.type_text("r");
    member.wait_for_text("Register for Trivia Night");
    member.type_text("y");
    member.wait_until("she is told that she is in", |screen| {
        screen.contains("You are in: Trivia Night")
    });

    let doors = [
        terminal(&world, "door 1", (80, 24)),
        terminal(&world, "door 2", (80, 24)),
    ];
    sign_in(&doors[0], "staff");
    sign_in(&doors[1], "admin");
    for door in &doors {
        open_the_door_of_tonight(door);
        door.type_text("ana");
        door.wait_until("she is found, with a seat", |screen| {
            screen.contains("Ana Reyes") && screen.contains("registered")
        });
    }
    for door in &doors {
        door.send(b"\r");
    }
    let mut results: Vec<&str> = doors
        .iter()
        .map(|door| {
            door.wait_until("a result, and one person in", |screen| {
                screen.contains("in 1") && (screen.contains("+15 points") || screen.contains("since "))
            });
            if door.screen_text().contains("+15 points") {
                "paid"
            } else {
                "already"
            }
        })
        .collect();
    results.sort_unstable();
    assert_eq!(
        results,
        ["already", "paid"],
        "one door pays, the other says since when and where"
    );

    let rank: i64 = world
        .value("SELECT (pine.own_row('all', NULL, id)->>'rank')::bigint FROM users WHERE username = 'ana'")
        .await;
    read_what_was_earned(&member);
    member.key(Key::Esc);
    member.type_text("5m");
    let points: i64 = world
        .value("SELECT earned FROM user_totals JOIN users ON id = user_id WHERE username = 'ana'")
        .await;
    assert!(
        points >= before + 15,
        "the event's points, and what they brought with them"
    );
    let points = points.to_string();
    member.wait_until("her new points on the leaderboard", |screen| {
        screen
            .text()
            .lines()
            .any(|line| line.contains("you") && line.contains(&points))
    });
    member.type_text("4");
    member.wait_until("the profile tells the same", |screen| {
        screen.contains(&format!("{points} points"))
            && (screen.contains(&format!("rank {rank} ")) || screen.contains(&format!("rank ={rank} ")))
            && screen.contains("Attended Trivia Night: The")
    });

    for terminal in doors {
        leave(terminal);
    }
    leave(member);

    // What plain SQL finds afterwards.
    let ana = "(SELECT id FROM users WHERE username = 'ana')";
    let event = format!("(SELECT id FROM events WHERE title = '{TONIGHT}')");
    let of = |table: &str| format!("{table} WHERE user_id = {ana} AND event_id = {event}");
    assert_eq!(world.count(&of("event_attendees")).await, 1);
    assert_eq!(
        world.count(&of("points_transactions")).await,
        1,
        "two doors at once pay once"
    );
    assert_eq!(world.count(&of("registrations")).await, 1);
    assert_eq!(
        world
            .value::<i64>(&format!("SELECT earned FROM user_totals WHERE user_id = {ana}"))
            .await,
        before + 15
    );
    let outcomes: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT outcome FROM check_in_log WHERE user_id = {ana} AND event_id = {event} ORDER BY id"
    )))
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(outcomes, ["ok", "already"], "every attempt is logged");
    until("leaving ends the sessions", || async {
        world.count("sessions WHERE ended_at IS NULL").await == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_in_at_capacity_and_a_guest_who_pays_cash() {
    let world = sample_world().await;
    // Tonight costs something now, and is full but for nobody.
    world
        .sql(&format!(
            "UPDATE events AS e SET price = 250,
                 max_participants = (SELECT taken FROM event_seats WHERE event_id = e.id)
             WHERE title = '{TONIGHT}';
             UPDATE registrations SET price_due = 250, payment_status = 'pending'
             WHERE status = 'registered'
               AND event_id = (SELECT id FROM events WHERE title = '{TONIGHT}')"
        ))
        .await;
    let owing: String = world
        .value(&format!(
            "SELECT username FROM users JOIN registrations AS r ON user_id = users.id
             WHERE r.status = 'registered' AND event_id = (SELECT id FROM events WHERE title = '{TONIGHT}')
             ORDER BY username LIMIT 1"
        ))
        .await;
    let door = terminal(&world, "door 1", (80, 24));
    sign_in(&door, "staff");
    open_the_door_of_tonight(&door);

    // Somebody who pays in cash.
    door.type_text(&owing);
    door.wait_until("they are found, and owe", |screen| {
        screen.contains("unpaid  ₱250 due")
    });
    door.key(Key::Enter);
    door.wait_until("refused, with what to do", |screen| {
        screen.contains("F3 take payment")
    });
    door.key(Key::F(3));
    door.wait_for_text("‹ cash ›");
    door.key(Key::Enter);
    door.type_text("500");
    door.wait_for_text("change ₱250");
    door.key(Key::Enter);
    door.wait_until("paid and in", |screen| {
        screen.contains("+15 points") && screen.contains("₱250 paid") && screen.contains("in 1")
    });

    // Somebody nobody knows, beyond the last seat.
    door.type_text("Zoila Quimpo");
    door.wait_for_text("Nobody matches.");
    door.key(Key::F(2));
    door.wait_until("the house is full, and the name is there", |screen| {
        screen.contains("one more needs a reason") && screen.contains("Name *     Zoila Quimpo")
    });
    door.type_text("zoila@example.org");
    door.key(Key::Enter);
    door.key(Key::Right);
    door.wait_for_text("‹ GCash ›");
    door.key(Key::Enter);
    door.type_text("Judges the last round");
    door.key(Key::Enter);
    door.wait_until("in, over capacity", |screen| {
        screen.contains("Zoila Quimpo") && screen.contains("over capacity") && screen.contains("in 2")
    });
    let live = "SELECT count(*) FROM payment WHERE voided_at IS NULL AND payment_date > (now() AT TIME ZONE 'UTC') - interval '5 min'";
    assert_eq!(world.value::<i64>(live).await, 2);
    let kept: String = world
        .value("SELECT reason FROM check_in_log WHERE (did->>'over_capacity')::boolean")
        .await;
    assert_eq!(kept, "Judges the last round");

    // And back out again: attendance, points, payment and seat.
    door.key(Key::Ctrl('z'));
    door.wait_until("what is to be given back", |screen| {
        screen.contains("Give ₱250 back.") && screen.contains("in 1")
    });
    assert_eq!(world.value::<i64>(live).await, 1);
    let zoila: String = world
        .value(
            "SELECT r.status || ' ' || a.status || ' ' || t.earned
             FROM users AS u
             JOIN registrations AS r ON r.user_id = u.id
             JOIN event_attendees AS a ON a.user_id = u.id
             JOIN user_totals AS t ON t.user_id = u.id
             WHERE u.username = 'zoila.quimpo'",
        )
        .await;
    assert_eq!(zoila, "cancelled undone 0");
    leave(door);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let world = sample_world().await;
    let terminal = terminal(&world, "door 1", (80, 24));
    let mut screens = Vec::new();
    for (name, password) in [("ana", "wrong wrong"), ("nil", "pinetime")] {
        terminal.type_text(name);
        terminal.key(Key::Enter);
        terminal.type_text(password);
        terminal.key(Key::Enter);
        terminal.wait_for_text("Name and password do not match.");
        let screen = terminal.screen_text();
        assert!(screen.contains(name), "what was typed stays\n{screen}");
        screens.push(screen.replace(name, "…"));
        terminal.key(Key::Up);
        terminal.key(Key::Ctrl('u'));
        terminal.wait_until("an empty name", |screen| {
            screen
                .text()
                .lines()
                .any(|line| line.trim_end().ends_with("Name"))
        });
    }
    let told = |screen: &String| {
        screen
            .lines()
            .find(|line| line.contains("match"))
            .map(str::to_owned)
    };
    assert_eq!(
        told(&screens[0]),
        told(&screens[1]),
        "the same words at the same place"
    );
    assert_eq!(
        world
            .count("login_throttle WHERE failures = 1 AND name_hash <> '\\x'")
            .await,
        2
    );
    leave(terminal);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_make_an_event_and_a_wrong_field_keeps_what_was_typed() {
    let world = sample_world().await;
    let terminal = terminal(&world, "office", (80, 24));
    sign_in(&terminal, "staff");
    terminal.wait_for_text("times in Manila");
    terminal.type_text("n");
    terminal.wait_for_text("New event");
    terminal.type_text("Kite Day");
    terminal.key(Key::Tab);
    until("the types have come and one is chosen", || async {
        terminal.key(Key::Right);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        !terminal.screen_text().contains("‹ choose ›")
    })
    .await;
    terminal.key(Key::Tab);
    terminal.type_text("South Field");
    terminal.key(Key::Tab);
    terminal.key(Key::Ctrl('u'));
    terminal.type_text("2031-05-03 10:00");
    terminal.key(Key::Tab);
    terminal.type_text("2031-05-03 09:00");
    // Past the two fields of a series.
    for _ in 0..3 {
        terminal.key(Key::Tab);
    }
    terminal.type_text("minus two");
    terminal.key(Key::Ctrl('s'));
    terminal.wait_until("both fields say what is wrong", |screen| {
        screen.contains("The end must come after the start.") && screen.contains("whole number")
    });
    for typed in [
        "Kite Day",
        "South Field",
        "2031-05-03 10:00",
        "2031-05-03 09:00",
        "minus two",
    ] {
        assert!(
            terminal.screen_text().contains(typed),
            "{typed} must stay\n{}",
            terminal.screen_text()
        );
    }
    assert_eq!(
        world.count("events WHERE title = 'Kite Day'").await,
        0,
        "nothing half done"
    );

    // The first wrong field has the cursor.
    terminal.key(Key::Ctrl('u'));
    terminal.type_text("12:00");
    for _ in 0..3 {
        terminal.key(Key::Tab);
    }
    terminal.key(Key::Ctrl('u'));
    terminal.type_text("20");
    terminal.key(Key::Ctrl('s'));
    until("the event is there", || async {
        world.count("events WHERE title = 'Kite Day'").await == 1
    })
    .await;
    let saved: String = world
        .value(
            "SELECT format('%s|%s|%s|%s', location, max_participants,
                           to_char(start_time AT TIME ZONE 'Asia/Manila', 'YYYY-MM-DD HH24:MI'), end_time - start_time)
             FROM events WHERE title = 'Kite Day'",
        )
        .await;
    assert_eq!(saved, "South Field|20|2031-05-03 10:00|02:00:00");
    leave(terminal);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_link_keeps_the_screen_and_comes_back_by_itself() {
    let world = sample_world().await;
    let door = terminal(&world, "door 1", (80, 24));
    sign_in(&door, "staff");
    door.type_text("3");
    door.wait_until("the door", |screen| {
        screen.contains("Open Table") && screen.contains("due")
    });
    door.type_text("karl");
    door.wait_for_text("Karl Weiß");

    // Nobody may connect to the database, and whoever is connected is thrown out.
    world.shut().await;
    door.wait_for_text("offline since");
    assert!(door.screen_text().contains("> karl"), "what was typed stays");
    door.key(Key::F(1));
    door.wait_until("the keyboard works", |screen| screen.contains("Esc closes"));
    door.key(Key::Esc);
    door.wait_for_text("> karl");

    world.reopen().await;
    door.wait_for_text("● live");
    door.key(Key::Enter);
    door.wait_for_text("Not registered for this event");
    until("the attempt is logged once", || async {
        world
            .count("check_in_log WHERE device = 'door 1' AND input = 'karl' AND outcome = 'not_registered'")
            .await
            == 1
    })
    .await;
    leave(door);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_screen_locks_and_opens_again_where_it_was() {
    let world = sample_world().await;
    let url = world.database.url(Role::Staff);
    let door = Terminal::start(&[], &[("PINE_TIME_DATABASE_URL", url.as_str())], (80, 24));
    door.wait_for_text("live");
    sign_in(&door, "staff");
    door.type_text("3");
    door.wait_for_text("due");
    door.type_text("karl");
    door.wait_for_text("Karl Weiß");
    door.key(Key::Ctrl('l'));
    door.wait_until("nothing of the door is seen", |screen| {
        !screen.contains("Karl") && screen.contains("Locked")
    });
    door.type_text("not the password");
    door.key(Key::Enter);
    door.wait_for_text("do not match");
    door.key(Key::Ctrl('u'));
    door.type_text(sample::PASSWORD);
    door.key(Key::Enter);
    door.wait_until("the door as it was left", |screen| {
        screen.contains("> karl") && screen.contains("Karl Weiß")
    });
    leave(door);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_from_outside_cannot_reach_the_terminal() {
    let world = sample_world().await;
    let hostile = format!(
        "\u{1b}[2J\u{1b}]52;c;QUJD\u{7}Eve\u{202e}\u{200b}\u{9b}31m {} 日本語🎉",
        "x".repeat(180)
    );
    for sql in [
        "UPDATE users SET full_name = $1 WHERE username = 'sven'",
        "UPDATE events SET title = $1, location = $1, description = $1 WHERE title = 'Open Table: Games and Puzzles'",
    ] {
        sqlx::query(sql)
            .bind(&hostile)
            .execute(&world.owner)
            .await
            .unwrap();
    }
    let terminal = terminal(&world, "door 1", (80, 24));
    sign_in(&terminal, "staff");
    terminal.wait_until("the day's events", |screen| screen.contains("[2J]52;c;QUJDEve"));
    terminal.key(Key::Enter);
    terminal.wait_until("the event's page", |screen| {
        // A day of several events is a list first, as the hours after midnight are that the event goes on into.
        if screen.contains("Enter open  Esc back") {
            terminal.key(Key::Enter);
        }
        screen.contains("Where")
    });
    terminal.type_text("3");
    terminal.wait_for_text("due");
    terminal.type_text("sven");
    terminal.wait_for_text("[2J]52;c;QUJDEve31m");
    terminal.key(Key::Enter);
    terminal.wait_until("a result for that name", |screen| {
        screen.contains("NOT REGISTERED") || screen.contains("Eve")
    });
    terminal.paste(&"paste\u{1b}[31m\u{7}".repeat(50_000));
    terminal.key(Key::Esc);
    terminal.resize((120, 40));
    terminal.wait_until("the wide window", |screen| screen.text().lines().count() == 40);
    leave(terminal);
}
