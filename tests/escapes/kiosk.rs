//! A kiosk over a poisoned community: its page, a pass, a member's screens, a pass of somebody else.

use pine_time::domain::member::MemberId;
use tempfile::TempDir;

use crate::corpus::{self, MARK};
use crate::poison::poison;
use crate::support::cluster::Role;
use crate::support::kiosks::{self, enrolled};
use crate::support::story;
use crate::support::terminal::{Key, Terminal};
use crate::support::world::World;
use crate::walk::{Place, end, walk};

/// What a member sees there.
const MEMBER: &[Place] = &[
    &[("Alt+1", "times in"), ("v", "this week")],
    &[("Alt+1", "this week"), ("v", "!this week|times in")],
    &[("Enter", "Esc back")],
    &[("Alt+2", "To come  Over")],
    &[("Alt+2", "To come"), ("v", "not checked in")],
    &[("Alt+4", "to spend")],
    &[("Alt+4", "to spend"), ("C", "┌─ Connections")],
    &[("Alt+4", "to spend"), ("e", "┌─ Name and address")],
    &[("Alt+4", "to spend"), ("S", "┌─ Where you are signed in")],
    &[("Alt+4", "to spend"), ("p", "┌─ Pass")],
    &[("Alt+4", "☆"), ("v", "!☆")],
    &[("v", "in the best week")],
    &[("Alt+5", "all time")],
    &[
        ("Alt+5", "all time"),
        ("/", "Enter go there"),
        ("q", "!Type a name|!all time"),
    ],
    &[("Alt+5", "all time"), ("t", "Events of which type?")],
];

/// A community with an evening that began a minute ago, ana in it, and a kiosk; all texts are the corpus's.
async fn stage() -> (World, TempDir, String) {
    let world = story::sample_world().await;
    let event = world.event(-1, Some(20)).await;
    let ana: i32 = world.value("SELECT id FROM users WHERE username = 'ana'").await;
    world.registration(MemberId(ana), event, "registered").await;
    let pass = world.pass_code(MemberId(ana)).await;
    poison(&world).await;
    // Behind the poison: a device is found by its login.
    let (state, _) = enrolled(&world).await;
    for (table, column, id) in [
        ("kiosks", "name", 1),
        ("events", "title", event.0),
        ("users", "full_name", ana),
    ] {
        let update = format!("UPDATE {table} SET {column} = left($1, 60) WHERE id = $2");
        sqlx::query(sqlx::AssertSqlSafe(update))
            .bind(corpus::everything_at_once())
            .bind(id)
            .execute(&world.owner)
            .await
            .unwrap();
    }
    (world, state, pass)
}

fn at_start(terminal: &Terminal) {
    terminal.wait_until("the start with what is on", |screen| {
        screen.contains("Scan your pass to check in") && screen.contains(MARK)
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_shows_it_and_lets_nothing_through() {
    let (world, state, pass) = stage().await;
    let url = world.database.url(Role::Kiosk);
    let env = [
        ("PINE_TIME_DATABASE_URL", url.as_str()),
        ("XDG_STATE_HOME", state.path().to_str().unwrap()),
    ];
    let terminal = Terminal::start(&["kiosk"], &env, (80, 24));
    at_start(&terminal);
    for (name, text) in corpus::texts() {
        terminal.paste(&text);
        terminal.wait_until(&format!("{name:?} in the field"), |screen| {
            screen.contains("Enter checks in")
        });
        terminal.key(Key::Esc);
        terminal.wait_for_text("No scanner?");
    }
    terminal.send(format!("{pass}\r").as_bytes());
    terminal.wait_until("what came of the pass", |screen| {
        screen.contains("points") && screen.contains(MARK) && !screen.contains("Scan your pass")
    });
    at_start(&terminal);
    kiosks::sign_in(&terminal, "ana");
    terminal.wait_until("what she has earned", |screen| {
        screen.contains("─ Earned ─") && screen.contains(MARK)
    });
    terminal.wait_until("the card is closed", |screen| {
        let shown = screen.contains("─ Earned ─");
        if shown {
            // It takes no key before it could be read.
            terminal.type_text(" ");
        }
        !shown
    });
    terminal.wait_until("the calendar", |screen| screen.contains("times in"));
    walk(&terminal, MEMBER);
    terminal.key(Key::Esc);
    terminal.wait_for_text("Ctrl+O sign out");
    terminal.key(Key::Ctrl('o'));
    at_start(&terminal);
    end(terminal);
}
