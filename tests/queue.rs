//! The door with a queue in front of it: the built program in terminals, scanners that type ten thousand keys a second,
//! and what plain SQL finds afterwards.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pine_time::domain::event::EventId;
use pine_time::domain::pass_code;
use pine_time::ops::sample;
use support::cluster::Role;
use support::story::{self, leave};
use support::terminal::{Key, Terminal};
use support::until;
use support::world::World;

/// The sample community with one event alone around now.
async fn world_with_an_event() -> (World, EventId) {
    let world = story::sample_world().await;
    world
        .sql("UPDATE events SET start_time = start_time + interval '400 days', end_time = end_time + interval '400 days'")
        .await;
    let event = world.event(-10, Some(100)).await;
    (world, event)
}

fn door(world: &World, name: &str, staff: &str, env: &[(&str, &str)]) -> Terminal {
    let url = world.database.url(Role::Staff);
    let mut all = vec![
        ("PINE_TIME_DATABASE_URL", url.as_str()),
        ("PINE_TIME_TERMINAL_NAME", name),
    ];
    all.extend_from_slice(env);
    let terminal = Terminal::start(&[], &all, (80, 24));
    terminal.wait_for_text("live");
    terminal.type_text(staff);
    terminal.key(Key::Enter);
    terminal.type_text(sample::PASSWORD);
    terminal.key(Key::Enter);
    terminal.wait_for_text("1 Cal");
    terminal.type_text("3");
    terminal.wait_until("the event's door", |screen| {
        screen.contains("Trivia Night") && screen.contains("due")
    });
    terminal
}

/// A scan as one write: faster than ten thousand keys a second, however busy the machine is. Nobody pulls the trigger in
/// the same 30 ms in which a hand presses a key.
fn scan(terminal: &Terminal, text: &str) {
    std::thread::sleep(Duration::from_millis(60));
    terminal.send(text.as_bytes());
}

async fn code_of(world: &World, name: &str) -> String {
    let code: String = world
        .value(&format!("SELECT pass_code FROM users WHERE username = '{name}'"))
        .await;
    pass_code::show(&code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_of_thirty_is_scanned_as_fast_as_a_scanner_types() {
    let (world, event) = world_with_an_event().await;
    let mut codes = Vec::new();
    for number in 0..30 {
        let name = format!("guest{number}");
        let member = world.member(&name).await;
        match number % 10 {
            4 => world.registration(member, event, "waitlisted").await,
            6 => world.registration(member, event, "cancelled").await,
            7 => world.registration(member, event, "pending").await,
            8 => {}
            _ => world.registration(member, event, "registered").await,
        }
        if number % 10 == 5 {
            world
                .sql(&format!(
                    "UPDATE registrations SET price_due = 250, payment_status = 'pending' WHERE user_id = {}",
                    member.0
                ))
                .await;
        }
        if number == 23 {
            world
                .sql(&format!(
                    "UPDATE users SET is_active = false WHERE id = {}",
                    member.0
                ))
                .await;
        }
        let mut code = code_of(&world, &name).await;
        if number % 10 == 9 {
            // A check character that cannot be right.
            let last = if code.ends_with('Z') { 'Y' } else { 'Z' };
            code.replace_range(10.., &last.to_string());
        }
        if number % 10 == 2 {
            // Somebody of a moment ago once more.
            code.clone_from(&codes[number - 2]);
        }
        codes.push(code);
    }
    let door = door(&world, "door 1", "staff", &[]);
    door.type_text("ni");
    door.wait_for_text("> ni");
    // Thirty passes, one right behind the other.
    let queue = codes.join("\r") + "\r";
    scan(&door, &queue);
    door.wait_until("nothing is under way", |screen| screen.contains("in 8"));
    until("thirty attempts are answered", || async {
        world
            .count(&format!("check_in_log WHERE event_id = {}", event.0))
            .await
            == 30
    })
    .await;
    door.wait_for_text("in 8 ");
    assert!(
        door.screen_text().contains("> ni"),
        "what was typed by hand is still there, and nothing else:\n{}",
        door.screen_text()
    );
    let outcomes: Vec<(String, i64)> = sqlx::query_as(
        "SELECT outcome, count(*) FROM check_in_log WHERE event_id = $1 GROUP BY 1 ORDER BY 1",
    )
    .bind(event.0)
    .fetch_all(&world.owner)
    .await
    .unwrap();
    let expected = [
        ("already", 3),
        ("cancelled", 3),
        ("member_inactive", 1),
        ("not_registered", 3),
        ("ok", 8),
        ("pending", 3),
        ("unknown_code", 3),
        ("unpaid", 3),
        ("waitlisted", 3),
    ];
    assert_eq!(
        outcomes,
        expected.map(|(outcome, times)| (outcome.to_owned(), times))
    );
    let inputs: Vec<String> =
        sqlx::query_scalar("SELECT input FROM check_in_log WHERE event_id = $1 ORDER BY id")
            .bind(event.0)
            .fetch_all(&world.owner)
            .await
            .unwrap();
    assert_eq!(inputs, codes, "in the order of the queue, as they were read");

    // The same pass again: held too long before the scanner.
    scan(&door, &format!("{}\r", codes[28]));
    scan(&door, &format!("{}\r", codes[28]));
    door.wait_for_text("The same scan again");
    leave(door);
    assert_eq!(
        world
            .count(&format!("event_attendees WHERE event_id = {}", event.0))
            .await,
        8
    );
    assert_eq!(
        world
            .count(&format!("points_transactions WHERE event_id = {}", event.0))
            .await,
        8,
        "ledger = attendance"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_from_any_screen_reaches_the_door_and_nothing_else() {
    let (world, event) = world_with_an_event().await;
    for number in 0..6 {
        world.guest(&format!("guest{number}"), event).await;
    }
    let door = door(&world, "door 1", "staff", &[]);
    let registrations = world.count("registrations").await;
    let events = world.count("events").await;
    let mut scanned = 0;
    let mut next = async |ending: &str| {
        let code = code_of(&world, &format!("guest{scanned}")).await;
        // With the control characters that scanners wrap codes in: STX, GS, ETX.
        scan(
            &door,
            &format!("\x02{}\x1d{}\x03{ending}", &code[..5], &code[5..]),
        );
        scanned += 1;
        door.wait_until("its result", |screen| {
            screen.contains(&format!("Guest{}: checked in.", scanned - 1))
        });
        let logged = world
            .count(&format!(
                "check_in_log WHERE outcome = 'ok' AND event_id = {}",
                event.0
            ))
            .await;
        assert_eq!(logged, scanned);
    };
    // On the calendar, where letters are commands.
    door.key(Key::Alt('1'));
    door.wait_for_text("Trivia Night");
    next("\r").await;
    // In a form, in the middle of a word.
    door.type_text("n");
    door.wait_for_text("New event");
    door.type_text("Kite");
    door.wait_for_text("Kite");
    next("\t").await;
    door.wait_until("the form has only what was typed", |screen| {
        screen
            .text()
            .lines()
            .any(|line| line.contains("Title") && line.contains("Kite") && !line.contains('-'))
    });
    // Before a question: Enter says neither yes nor no, and nor does any letter.
    door.key(Key::Esc);
    door.wait_for_text("Close the form?");
    next("\r\n").await;
    door.wait_for_text("Close the form?");
    door.type_text("y");
    door.wait_until("the form is closed", |screen| !screen.contains("New event"));
    // Over help, in the palette, on the leaderboard.
    door.key(Key::F(1));
    door.wait_for_text("Esc closes");
    next("\r").await;
    door.key(Key::Esc);
    door.key(Key::Ctrl('p'));
    door.wait_for_text("Commands");
    next("\r\r").await;
    door.wait_for_text("Commands");
    door.key(Key::Esc);
    // A key right behind Esc would be one with Alt.
    door.wait_until("the palette is closed", |screen| !screen.contains("Commands"));
    door.type_text("5");
    door.wait_for_text("All time");
    next("\r").await;
    leave(door);
    assert_eq!(world.count("registrations").await, registrations);
    assert_eq!(world.count("events").await, events);
    assert_eq!(
        world
            .count(&format!("event_attendees WHERE event_id = {}", event.0))
            .await,
        6
    );
}

/// A key as a hand presses it, at its own pace.
fn press(terminal: &Terminal, key: Key) {
    std::thread::sleep(Duration::from_millis(60));
    terminal.key(key);
}

/// Whether a row of the screen has all of these.
fn has_row(text: &str, wanted: &[&str]) -> bool {
    text.lines()
        .any(|line| wanted.iter().all(|wanted| line.contains(wanted)))
}

/// Types at the door, and waits until this member is found.
fn find(terminal: &Terminal, name: &str, shown: &str, standing: &str) {
    terminal.type_text(name);
    terminal.wait_until("the member is found", |screen| {
        screen.contains(&format!("> {name}")) && has_row(&screen.text(), &[shown, standing])
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_of_three_comes_in_with_one_unpaid_and_goes_back_together() {
    let (world, event) = world_with_an_event().await;
    for name in ["zadie", "zelda", "zuri"] {
        world.guest(name, event).await;
    }
    world
        .sql(
            "UPDATE registrations SET price_due = 250, payment_status = 'pending'
             WHERE user_id = (SELECT id FROM users WHERE username = 'zelda')",
        )
        .await;
    let door = door(&world, "door 1", "staff", &[]);
    find(&door, "zadie", "Zadie", "registered");
    press(&door, Key::Up);
    door.type_text(" ");
    door.wait_for_text("party of 1: Zadie");
    find(&door, "zelda", "Zelda", "unpaid");
    // Insert
    door.send(b"\x1b[2~");
    door.wait_for_text("party of 2: Zadie, Zelda");
    find(&door, "zuri", "Zuri", "registered");
    // Ctrl+Space
    door.send(b"\0");
    door.wait_for_text("party of 3: Zadie, Zelda, Zuri");
    press(&door, Key::Enter);
    door.wait_until("one question about all of them", |screen| {
        screen.contains("Check in 3 together?") && screen.contains("2 would come in, 1 would be held up")
    });
    let inside = format!("event_attendees WHERE event_id = {}", event.0);
    assert_eq!(world.count(&inside).await, 0);
    press(&door, Key::Enter);
    door.wait_until("a row for each, the one who has not paid first", |screen| {
        let text = screen.text();
        let rows: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("UNPAID") || line.contains("+15 points"))
            .collect();
        rows.len() == 3
            && rows[0].contains("Zelda")
            && rows[0].contains("F3 take payment")
            && has_row(&text, &["✓", "Zadie", "OK"])
            && screen.contains("in 2")
    });
    press(&door, Key::F(3));
    door.wait_until("what is due", |screen| {
        screen.contains("Payment") && screen.contains("₱250 due")
    });
    press(&door, Key::Ctrl('s'));
    door.wait_until("she is in, and stays on the card", |screen| {
        has_row(&screen.text(), &["Zelda", "₱250 paid"]) && screen.contains("in 3")
    });
    let attempts: Vec<(String, i64)> = sqlx::query_as(
        "SELECT outcome, count(DISTINCT nonce) FROM check_in_log WHERE event_id = $1 GROUP BY 1 ORDER BY 1",
    )
    .bind(event.0)
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(attempts, [("ok".to_owned(), 3), ("unpaid".to_owned(), 1)]);

    // Zelda came in by a payment of her own; the others go back together.
    press(&door, Key::Ctrl('z'));
    door.wait_until("her money is to be given back", |screen| {
        screen.contains("Taken back: Zelda") && screen.contains("in 2")
    });
    press(&door, Key::Ctrl('z'));
    door.wait_until("both are taken back", |screen| {
        let text = screen.text();
        has_row(&text, &["Zadie", "TAKEN BACK"])
            && has_row(&text, &["Zuri", "TAKEN BACK"])
            && screen.contains("in 0")
    });
    press(&door, Key::Ctrl('y'));
    door.wait_until("and both brought back", |screen| {
        let text = screen.text();
        has_row(&text, &["Zadie", "OK"]) && has_row(&text, &["Zuri", "OK"]) && screen.contains("in 2")
    });
    leave(door);
    let earned: Vec<(String, i64)> = sqlx::query_as(
        "SELECT u.username, sum(p.points) FROM points_transactions AS p JOIN users AS u ON u.id = p.user_id
         WHERE p.event_id = $1 GROUP BY 1 ORDER BY 1",
    )
    .bind(event.0)
    .fetch_all(&world.owner)
    .await
    .unwrap();
    let expected =
        [("zadie", 15), ("zelda", 0), ("zuri", 15)].map(|(name, points)| (name.to_owned(), points));
    assert_eq!(earned, expected, "paid once for every attendance that stands");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_written_at_one_door_is_read_at_the_other_and_never_lost_between() {
    let (world, event) = world_with_an_event().await;
    world.guest("zadie", event).await;
    world.guest("zuri", event).await;
    let doors = [
        door(&world, "door 1", "staff", &[]),
        door(&world, "door 2", "admin", &[]),
    ];
    find(&doors[0], "zadie", "Zadie", "registered");
    doors[0].key(Key::Alt('n'));
    doors[0].wait_for_text("Door note");
    doors[0].type_text("Her badge waits at the desk.");
    press(&doors[0], Key::Enter);
    doors[0].wait_until("it is kept, and marked in the list", |screen| {
        screen.contains("The note on Zadie is kept.") && screen.contains("Zadie ✎")
    });

    scan(&doors[1], &format!("{}\r", code_of(&world, "zadie").await));
    doors[1].wait_until("she is in, and the note is there", |screen| {
        screen.contains("Note on Zadie") && screen.contains("Her badge waits at the desk.")
    });
    scan(&doors[1], &format!("{}\r", code_of(&world, "zuri").await));
    doors[1].wait_until("the next one is in, and the note is still there", |screen| {
        screen.contains("✓  Zuri") && screen.contains("Her badge waits at the desk.")
    });
    press(&doors[1], Key::Ctrl('n'));
    doors[1].wait_until("it is read", |screen| !screen.contains("Note on"));
    let reads = "door_note_reads AS r JOIN users AS u ON u.id = r.user_id
                 WHERE u.username = 'zadie' AND r.reader = 'admin' AND r.device = 'door 2'";
    until("who has read it is in the database", || async {
        world.count(reads).await == 1
    })
    .await;

    // At this event it does not come up again, at any door.
    doors[0].key(Key::Ctrl('u'));
    scan(&doors[0], &format!("{}\r", code_of(&world, "zadie").await));
    doors[0].wait_until("in already, and no note", |screen| {
        screen.contains("since ") && screen.contains("!  Zadie") && !screen.contains("Note on")
    });
    assert_eq!(
        world
            .count("audit_log WHERE action = 'acknowledge_door_note'")
            .await,
        1
    );
    for door in doors {
        leave(door);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_doors_check_in_is_taken_back_from_the_log_with_a_reason() {
    let (world, event) = world_with_an_event().await;
    world.guest("zadie", event).await;
    world.guest("zora", event).await;
    let first = door(&world, "door 1", "staff", &[]);
    let second = door(&world, "door 2", "admin", &[]);
    let lets_in = |door: &Terminal, name: &str| {
        door.type_text(name);
        door.wait_until("they are found", |screen| screen.contains("registered"));
        door.key(Key::Enter);
        door.wait_for_text("+15 points");
    };
    lets_in(&first, "zadie");
    second.wait_until("the other door's check-in comes by itself", |screen| {
        screen.contains("in 1 ") && screen.contains("Zadie")
    });
    lets_in(&second, "zora");

    // Ctrl+Z at the second door is about its own; the other one is the log's.
    second.key(Key::F(12));
    second.wait_until("both are in the log", |screen| {
        screen.contains("Log of the door") && screen.contains("door 1") && screen.contains("Zadie")
    });
    second.type_text("zadie");
    second.wait_until("the filter leaves one", |screen| !screen.contains("Zora "));
    second.key(Key::Ctrl('z'));
    second.wait_for_text("Why is Zadie taken back?");
    // Without a reason nothing is sent.
    second.key(Key::Enter);
    second.wait_for_text("Type why; the reason is kept.");
    assert_eq!(world.count("check_in_log WHERE passage = 'undo_in'").await, 0);
    second.type_text("Was her sister");
    second.key(Key::Enter);
    second.wait_for_text("Taken back: Zadie");
    second.wait_for_text("door 2 · admin");
    second.key(Key::Up);
    second.wait_for_text("Was her sister");
    second.key(Key::Esc);
    first.wait_until("the first door sees it", |screen| {
        screen.contains("in 1 ") && screen.contains("taken back")
    });
    let kept: (String, String, String) = sqlx::query_as(
        "SELECT l.reason, l.operator, l.device FROM check_in_log AS l WHERE l.passage = 'undo_in'",
    )
    .fetch_one(&world.owner)
    .await
    .unwrap();
    assert_eq!(
        kept,
        (
            "Was her sister".to_owned(),
            "admin".to_owned(),
            "door 2".to_owned()
        )
    );
    let zadies = "FROM users AS u JOIN event_attendees AS a ON a.user_id = u.id JOIN user_totals AS t ON t.user_id = u.id";
    let stands: String = world
        .value(&format!(
            "SELECT a.status || ' ' || t.earned {zadies} WHERE u.username = 'zadie'"
        ))
        .await;
    assert_eq!(stands, "undone 0");
    assert_eq!(
        world
            .count(&format!(
                "event_attendees WHERE event_id = {} AND status = 'attended'",
                event.0
            ))
            .await,
        1,
        "the other one stays"
    );
    leave(first);
    leave(second);
}

/// Figures for the README, printed: machines differ. What is held is that no key waits for the database: its backends are
/// stopped in the middle, as a machine does that swaps or a disk that hangs.
#[tokio::test(flavor = "multi_thread")]
async fn no_key_waits_for_a_database_that_was_stopped() {
    let (world, event) = world_with_an_event().await;
    world.guest("zadie", event).await;
    let door = door(&world, "door 1", "staff", &[]);
    let backends = "SELECT pid FROM pg_stat_activity
                    WHERE application_name LIKE 'pine-time%' AND datname = current_database()";
    let signal = |pids: &[i32], signal| {
        for pid in pids {
            kill(Pid::from_raw(*pid), signal).unwrap();
        }
    };
    let figures = |what: &str| {
        let mut times: Vec<Duration> = (0..100)
            .map(|n| {
                // A hand's pace.
                std::thread::sleep(Duration::from_millis(20));
                door.time_to_answer(if n % 2 == 0 { b"a" } else { b"\x7f" })
            })
            .collect();
        times.sort_unstable();
        println!(
            "key to bytes at the door, {what}: p50 {:.1?}, p99 {:.1?}, worst {:.1?}",
            times[50], times[98], times[99]
        );
        times[98]
    };
    figures("the database answers");
    let pids: Vec<i32> = sqlx::query_scalar(backends)
        .fetch_all(&world.owner)
        .await
        .unwrap();
    assert!(!pids.is_empty());
    signal(&pids, Signal::SIGSTOP);
    let stopped = figures("the database stopped");
    signal(&pids, Signal::SIGCONT);
    // A call is given up after 10 s: a key that had waited for one would show.
    assert!(stopped < Duration::from_secs(1), "keys wait: {stopped:?}");
    door.type_text("zadie");
    door.wait_until("the search works again", |screen| {
        screen.contains("Zadie") && screen.contains("registered")
    });
    leave(door);
}

#[tokio::test(flavor = "multi_thread")]
async fn doors_see_each_other_without_a_key() {
    let (world, event) = world_with_an_event().await;
    for number in 0..3 {
        world.guest(&format!("guest{number}"), event).await;
    }
    let there = async |device: &str, name: &str| -> String {
        let who = format!("SELECT split_part(full_name, ' ', 1) FROM users WHERE username = '{name}'");
        format!("{device} {}", world.value::<String>(&who).await)
    };
    let (staff, admin) = (there("door 1", "staff").await, there("door 2", "admin").await);
    let first = door(&world, "door 1", "staff", &[]);
    let second = door(&world, "door 2", "admin", &[]);
    second.wait_until("who is where", |screen| {
        screen.contains("door 2 you") && screen.contains(&staff) && screen.contains("0/min")
    });
    first.wait_until("the second door", |screen| {
        screen.contains("door 1 you") && screen.contains(&admin)
    });
    for number in 0..3 {
        scan(
            &first,
            &format!("{}\r", code_of(&world, &format!("guest{number}")).await),
        );
        second.wait_until("the first door's check-in", |screen| {
            screen.contains(&format!("in {}   due {}", number + 1, 2 - number))
                && screen.contains(&format!("Guest{number}"))
                && screen.contains(&format!("{}/min", number + 1))
        });
    }
    // On the connection that only listens, and for this event.
    let hints = world
        .count(&format!("pine.hints WHERE event_id = {}", event.0))
        .await;
    assert_eq!(hints, 1);
    first.key(Key::Ctrl('o'));
    first.wait_for_text("Password");
    second.wait_until("the first door is left", |screen| !screen.contains(&staff));
    leave(first);
    leave(second);
}
