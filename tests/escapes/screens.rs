//! The screens of the desk over a poisoned community, walked place by place.

use pine_time::ops::sample;

use crate::corpus::MARK;
use crate::poison::poison;
use crate::support::cluster::Role;
use crate::support::story;
use crate::support::terminal::{Key, Terminal};
use crate::support::world::World;
use crate::walk::{Place, end, walk};

/// What an administrator sees, and may open.
const DESK: &[Place] = &[
    &[("Alt+1", "times in"), ("?", "Keys")],
    &[("Ctrl+p", "Command")],
    &[("Alt+1", "times in"), ("v", "this week")],
    &[("Alt+1", "times in"), ("f", "┌─ Filter")],
    &[("Alt+1", "times in"), ("/", "Enter keep")],
    &[("Alt+1", "times in"), ("T", "┌─ Event types")],
    &[("Alt+1", "this week"), ("v", "!this week|times in")],
    &[("Alt+1", "times in"), ("Enter", "Esc back")],
    &[("Enter", "Esc back"), ("e", "Title *|Ctrl+S save")],
    &[("Enter", "Esc back"), ("D", "Title *|Ctrl+S save")],
    &[("Enter", "Esc back"), ("W", "how many copies")],
    &[("Enter", "Esc back"), ("X", "┌─ Cancel the event")],
    &[("Enter", "Esc back"), ("$", "┌─ Payments")],
    &[("Alt+1", "times in"), ("p", "Tab all")],
    &[("p", "Tab all"), ("f", "┌─ Filter")],
    &[("p", "Tab all"), ("/", "Enter keep")],
    &[("p", "Tab all"), ("n", "┌─ A note on")],
    &[("p", "Tab all"), ("A", "┌─ Register a member")],
    &[("p", "Tab all| 1/"), ("Down", " 2/"), ("x", "┌─ Cancel")],
    &[("p", "Tab all| 1/"), ("Down", " 2/"), ("r", "┌─ Reject")],
    &[("p", "Tab all| 1/"), ("Down", " 2/"), ("m", "┌─ Move")],
    &[("p", "Tab all| 1/"), ("Down", " 2/"), ("l", "┌─ Was there")],
    &[("p", "Tab all"), ("o", "a award")],
    &[("Alt+2", "To come  Over")],
    &[("Alt+3", "due")],
    &[("Alt+3", "due"), ("F6", "┌─ The door's event")],
    &[("Alt+3", "due"), ("F12", "┌─ Log of the door")],
    &[
        ("Alt+3", "due"),
        ("q", "> q|registered"),
        ("Down", "> q"),
        ("F8", "┌─ Why"),
    ],
    &[("Alt+3", "due"), ("q", "> q"), ("F2", "┌─ Walk-in")],
    &[("Alt+3", "due"), ("q", "> q"), ("Alt+n", "┌─ Door note")],
    &[
        ("Alt+3", "due"),
        ("q", "> q|registered"),
        ("Down", "> q"),
        ("Enter", "!> q"),
    ],
    &[("Alt+4", "to spend")],
    &[("Alt+4", "to spend"), ("S", "┌─ Where you are signed in")],
    &[("Alt+4", "to spend"), ("e", "┌─ Name and address")],
    &[("Alt+4", "to spend"), ("C", "┌─ Connections")],
    &[("Alt+4", "to spend"), ("p", "┌─ Pass")],
    &[("Alt+5", "all time")],
    &[("Alt+5", "all time"), ("t", "Events of which type?")],
    &[("Alt+5", "all time"), ("Enter", "a award")],
    &[("o", "☆"), ("v", "!☆")],
    &[("o", "☆"), ("v", "!☆"), ("v", "What the levels stand on")],
    &[
        ("o", "☆"),
        ("v", "!☆"),
        ("v", "stand on"),
        ("v", "in the best week"),
    ],
    &[("Alt+6", "Tab everybody")],
    &[("Alt+6", "Tab everybody"), ("e", "User name")],
    &[("Alt+6", "Tab everybody"), ("n", "┌─ A new member")],
    &[("Alt+6", "Tab everybody"), ("s", "┌─ Where you are signed in")],
    &[("Alt+6", "Tab everybody"), ("r", "┌─ Role of")],
    &[("Alt+6", "Tab everybody"), ("d", "┌─ Door note")],
    &[
        ("Alt+6", "Tab everybody| 1/"),
        ("Down", " 2/"),
        ("x", "┌─ Deactivate"),
    ],
    &[
        ("Alt+6", "Tab everybody"),
        ("o", "a award"),
        ("a", "┌─ Award points"),
    ],
    &[("Alt+7", "Attendance")],
    &[
        ("Alt+7", "Attendance"),
        ("Enter", "Attendance"),
        ("Enter", "Attendance ·"),
    ],
    &[("Alt+7", "Attendance"), ("Tab", "whom")],
    &[("Tab", "Currency")],
    &[(",", "Currency"), ("Enter", "┌─ Community")],
    &[("Ctrl+t", "┌─ Takings")],
    &[("Ctrl+t", "┌─ Takings"), ("w", "┌─ Ways to pay")],
    &[("B", "┌─ Badges")],
    &[("B", "┌─ Badges"), ("Enter", "pays |Ctrl+S")],
];

/// What stands beside the list in a wide window, and takes its place in a narrow one.
const NARROW: &[Place] = &[
    &[("Alt+1", "times in"), ("p", "Tab all"), ("Enter", "Told")],
    &[("Alt+6", "Tab everybody"), ("Enter", "Last sign-in")],
    &[
        ("Alt+7", "Numbers"),
        ("Tab", "Attendance"),
        ("Tab", "whom"),
        ("Enter", " row  "),
    ],
];

/// The sample community, everything in it poisoned.
async fn poisoned() -> World {
    let world = story::sample_world().await;
    poison(&world).await;
    world
}

fn start(world: &World, size: (u16, u16)) -> Terminal {
    let url = world.database.url(Role::Staff);
    // A setting takes no control character; what it takes can still be no name.
    let device = format!("{MARK}\u{202e}txet\u{200b}\u{e0041}{MARK}");
    let env = [
        ("PINE_TIME_DATABASE_URL", url.as_str()),
        ("PINE_TIME_TERMINAL_NAME", device.as_str()),
    ];
    Terminal::start(&[], &env, size)
}

fn sign_in(terminal: &Terminal) {
    terminal.wait_until("the sign-in screen with the community's name", |screen| {
        screen.contains("Password") && screen.contains(MARK)
    });
    terminal.type_text("admin");
    terminal.wait_for_text("admin");
    terminal.key(Key::Enter);
    terminal.type_text(sample::PASSWORD);
    terminal.key(Key::Enter);
    terminal.wait_for_text("times in");
}

fn walk_as_admin(world: &World, size: (u16, u16), places: &[Place]) {
    let terminal = start(world, size);
    sign_in(&terminal);
    walk(&terminal, places);
    walk(&terminal, &[&[("Ctrl+l", "Ctrl+O somebody else")]]);
    end(terminal);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_of_the_desk_shows_it_and_none_lets_it_through() {
    let world = poisoned().await;
    std::thread::scope(|both| {
        both.spawn(|| walk_as_admin(&world, (120, 40), DESK));
        both.spawn(|| walk_as_admin(&world, (80, 24), &[DESK, NARROW].concat()));
    });
}
