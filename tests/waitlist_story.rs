//! A seat's way through a week, in four terminals on one database: an organiser makes a weekly series, one member takes
//! the only seat and another stands in line, the first gives it up, and the second, who is looking at their
//! registrations, has it; they pay at the desk, are given their money back, and give the seat up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use support::cluster::Role;
use support::story::{leave, sample_world, sign_in, terminal_of};
use support::terminal::{Key, Terminal};
use support::until;
use support::world::World;

const SERIES: &str = "Lantern Walk";

/// The sample community, in which katya signs in as well.
async fn world_with_katya() -> World {
    let world = sample_world().await;
    world
        .sql(
            "UPDATE users SET hashed_password = (SELECT hashed_password FROM users WHERE username = 'ana')
             WHERE username = 'katya'",
        )
        .await;
    world
}

/// Marks the first event of the series in the agenda.
fn find_series(terminal: &Terminal) {
    terminal.type_text("vv/lantern");
    terminal.key(Key::Enter);
    terminal.wait_until("the series alone, its first event marked", |screen| {
        screen.contains(SERIES) && screen.contains("1/3")
    });
}

/// Types and waits until it is on the screen: on a busy machine a long text and the key behind it might else be read at
/// once, and taken for a scanner's.
fn type_and_see(terminal: &Terminal, text: &str) {
    terminal.type_text(text);
    terminal.wait_for_text(text);
}

/// Fills the form for three evenings, a week apart, with one seat each.
async fn make_series(organiser: &Terminal, day: &str) {
    organiser.type_text("n");
    organiser.wait_for_text("New event");
    type_and_see(organiser, SERIES);
    organiser.key(Key::Tab);
    until("the types have come and one is chosen", || async {
        organiser.key(Key::Right);
        tokio::time::sleep(Duration::from_millis(50)).await;
        !organiser.screen_text().contains("‹ choose ›")
    })
    .await;
    let start = format!("{day} 18:00");
    // From the place on: start, end, every so many weeks, how often, seats, points, price.
    for typed in ["Lower Gate", &start, "20:00", "1", "3", "1", "15", "250"] {
        organiser.key(Key::Tab);
        organiser.key(Key::Ctrl('u'));
        type_and_see(organiser, typed);
    }
    organiser.wait_for_text("3 events, the last on");
    organiser.key(Key::Ctrl('s'));
    organiser.wait_until("the series is saved", |screen| {
        !screen.contains("New event") && screen.contains(SERIES)
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_from_the_series_to_the_refund() {
    let world = world_with_katya().await;
    let day: String = world
        .value("SELECT to_char((pine.clock() AT TIME ZONE 'Asia/Manila') + interval '3 days', 'YYYY-MM-DD')")
        .await;
    let organiser = terminal_of(&world, Role::Staff, "office", (100, 30));
    sign_in(&organiser, "staff");
    make_series(&organiser, &day).await;
    assert_eq!(world.count(&format!("events WHERE title = '{SERIES}'")).await, 3);

    // One takes the seat.
    let first = terminal_of(&world, Role::Kiosk, "kiosk 1", (80, 24));
    sign_in(&first, "katya");
    find_series(&first);
    first.type_text("r");
    first.wait_until("what it costs", |screen| {
        screen.contains("Register for Lantern Walk?") && screen.contains("It costs ₱250.")
    });
    first.type_text("y");
    first.wait_until("she is in", |screen| {
        screen.contains("✓ in") && screen.contains("1/1")
    });

    // The other waits for it, and looks at her registrations.
    let second = terminal_of(&world, Role::Kiosk, "kiosk 2", (80, 24));
    sign_in(&second, "ana");
    find_series(&second);
    second.type_text("r");
    second.wait_for_text("Wait for a seat at Lantern Walk?");
    second.type_text("y");
    second.wait_for_text("You are number 1 in line: Lantern Walk");
    second.type_text("2");
    second.wait_until("the line is among her registrations", |screen| {
        screen.contains("Waiting") && screen.contains("Lantern Walk") && screen.contains("… 1st in line")
    });
    second.type_text("/lantern");
    second.key(Key::Enter);
    second.wait_for_text("▾ 1 of");

    // The first gives it up; the second has not touched a key.
    first.type_text("x");
    first.wait_for_text("Give up your seat at Lantern Walk?");
    first.type_text("y");
    first.wait_for_text("Your registration is cancelled: Lantern Walk");
    second.wait_until("the promotion, without a key", |screen| {
        screen.contains("✓ You have a seat now")
            && screen.contains("Lantern Walk")
            && screen.contains("₱250 to pay")
            && screen.contains("N 1 news")
    });
    // A card that has just come takes no key for a moment, so that nobody puts away what they have not read.
    std::thread::sleep(Duration::from_secs(1));
    second.key(Key::Enter);
    second.wait_until("it is seen, and the seat is hers", |screen| {
        !screen.contains("You have a seat now")
            && !screen.contains("news")
            && screen.contains("₱250 due  ✓ registered")
    });
    until("the database knows that she has seen it", || async {
        world.count("registrations WHERE news IS NOT NULL").await == 0
    })
    .await;

    // She pays at the desk, and sees it where she is.
    organiser.type_text("$");
    organiser.wait_until("she owes", |screen| {
        screen.contains("Ana Reyes") && screen.contains("due ₱250 from 1")
    });
    organiser.type_text("p");
    organiser.wait_for_text("Cash given");
    organiser.key(Key::Tab);
    organiser.type_text("500");
    organiser.wait_for_text("change ₱250");
    organiser.key(Key::Enter);
    organiser.wait_for_text("Taken: ₱250 from Ana Reyes, cash.");
    second.wait_until("it is paid", |screen| screen.contains("paid  ✓ registered"));

    // And is given it back.
    organiser.type_text("r");
    organiser.wait_for_text("Goes by");
    organiser.key(Key::Enter);
    organiser.key(Key::Enter);
    type_and_see(&organiser, "twisted ankle");
    organiser.key(Key::Enter);
    organiser.wait_until("given back", |screen| {
        screen.contains("Given back: ") && !screen.contains("Goes by")
    });
    // Who keeps the seat owes for it again; she gives it up.
    second.wait_for_text("₱250 due  ✓ registered");
    second.type_text("x");
    second.wait_for_text("Give up your seat at Lantern Walk?");
    second.type_text("y");
    second.wait_for_text("refunded  ✕ cancelled");

    let books: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT format('%s %s %s, %s of %s, %s wait', u.username, r.status, r.payment_status, s.taken,
                       e.max_participants, s.waiting)
         FROM registrations AS r
         JOIN users AS u ON u.id = r.user_id
         JOIN events AS e ON e.id = r.event_id
         JOIN event_seats AS s ON s.event_id = e.id
         WHERE e.title = '{SERIES}'
         ORDER BY r.id"
    )))
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(
        books,
        [
            "katya cancelled pending, 0 of 1, 0 wait",
            "ana cancelled refunded, 0 of 1, 0 wait"
        ]
    );
    leave(first);
    leave(second);
    organiser.key(Key::Esc);
    leave(organiser);
}
