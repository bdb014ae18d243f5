//! Money from the registration to the day's takings, in terminals on one database: a member registers, staff take the
//! payment at the desk, write its receipt, give a part back, then the rest, and the takings say what the books say.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use support::story::{leave, sample_world, sign_in, terminal};
use support::terminal::{Key, Terminal};
use support::world::World;

const EVENT: &str = "Lantern Walk";

async fn world_with_an_event() -> World {
    let world = sample_world().await;
    world
        .sql(&format!(
            "INSERT INTO events (title, event_type, location, start_time, end_time, max_participants, price)
             VALUES ('{EVENT}', 'hike', 'Lower Gate', now() + interval '3 hours', now() + interval '5 hours', 20, 320.50);
             -- What the sample took today would stand among the day's takings.
             UPDATE payment SET payment_date = payment_date - interval '2 days'
             WHERE payment_date > now() AT TIME ZONE 'UTC' - interval '2 days'"
        ))
        .await;
    world
}

fn find_event(terminal: &Terminal) {
    terminal.wait_for_text("times in Manila");
    terminal.type_text("vv/lantern");
    terminal.key(Key::Enter);
    terminal.wait_until("the event alone", |screen| {
        screen.contains(EVENT) && screen.contains("1/1")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_registration_to_the_takings() {
    let world = world_with_an_event().await;
    let member = terminal(&world, "kiosk", (80, 24));
    sign_in(&member, "ana");
    find_event(&member);
    member.type_text("r");
    member.wait_for_text("Register for Lantern Walk");
    member.type_text("y");
    member.wait_until("she is registered", |screen| {
        screen.contains("Lantern Walk") && screen.contains("✓ in")
    });

    let desk = terminal(&world, "desk", (80, 24));
    sign_in(&desk, "staff");
    find_event(&desk);
    desk.type_text("$");
    desk.wait_until("she owes", |screen| {
        screen.contains("Ana Reyes") && screen.contains("due ₱320.50 from 1")
    });
    // Three decimals are refused where they stand, and stay.
    desk.type_text("p");
    desk.wait_for_text("Cash given");
    desk.key(Key::BackTab);
    desk.type_text("5");
    desk.key(Key::Ctrl('s'));
    desk.wait_until("a sentence at the field", |screen| {
        screen.contains("320.505") && screen.contains("At most two decimals")
    });
    desk.key(Key::Backspace);
    desk.key(Key::Enter);
    desk.key(Key::Enter);
    desk.type_text("400");
    desk.wait_for_text("change ₱79.50");
    desk.key(Key::Enter);
    desk.wait_until("it is taken", |screen| {
        screen.contains("Taken: ₱320.50 from Ana Reyes, cash.") && screen.contains("taken ₱320.50")
    });

    desk.key(Key::Enter);
    desk.wait_until("the receipt", |screen| {
        screen.contains("Highland Games Community") && screen.contains("Taken by staff, desk")
    });
    desk.key(Key::Ctrl('s'));
    desk.wait_for_text("Written: ");
    desk.key(Key::Esc);

    for (amount, told) in [("120.25", "part back"), ("", "refunded")] {
        desk.type_text("r");
        desk.wait_for_text("Goes by");
        if !amount.is_empty() {
            desk.key(Key::Ctrl('u'));
            desk.type_text(amount);
        }
        desk.key(Key::Enter);
        desk.key(Key::Enter);
        desk.type_text("rained off");
        desk.key(Key::Enter);
        desk.wait_until("given back", |screen| {
            screen.contains("Given back: ") && screen.contains(told) && !screen.contains("Goes by")
        });
        // The row of who owes again stands above the payment.
        desk.key(Key::Down);
    }
    desk.key(Key::Esc);
    desk.key(Key::Ctrl('t'));
    desk.wait_until("the day's takings", |screen| {
        screen.contains("By person")
            && screen
                .text()
                .lines()
                .any(|line| line.contains("All") && line.contains("₱320.50") && line.contains("₱0"))
    });

    let books: String = world
        .value(
            "SELECT concat_ws(' ', r.payment_status, p.amount_paid, p.refunded,
                    (SELECT string_agg(f.amount || ' ' || f.reason, ', ' ORDER BY f.id) FROM refunds AS f), p.operator)
             FROM payment AS p JOIN registrations AS r ON r.id = p.registration_id
             WHERE p.event_id = (SELECT max(id) FROM events)",
        )
        .await;
    assert_eq!(
        books,
        "refunded 320.50 320.50 120.25 rained off, 200.25 rained off staff"
    );
    leave(member);
    leave(desk);
}
