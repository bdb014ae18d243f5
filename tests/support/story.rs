//! How a story in terminals begins and ends: the sample community, somebody at a terminal, and a terminal that is left as it
//! was found.

use pine_time::ops::sample;

use super::cluster::Role;
use super::terminal::{Key, LIMIT, Terminal};
use super::world::World;

/// The sample community.
pub async fn sample_world() -> World {
    let world = World::new().await;
    sample::fill(&world.database.url(Role::Owner)).await.unwrap();
    world
}

/// A staff terminal of that name, and the sign-in screen on it.
pub fn terminal(world: &World, name: &str, size: (u16, u16)) -> Terminal {
    terminal_of(world, Role::Staff, name, size)
}

/// A terminal over one of the logins.
pub fn terminal_of(world: &World, role: Role, name: &str, size: (u16, u16)) -> Terminal {
    let url = world.database.url(role);
    let env = [
        ("PINE_TIME_DATABASE_URL", url.as_str()),
        ("PINE_TIME_TERMINAL_NAME", name),
    ];
    let terminal = Terminal::start(&[], &env, size);
    terminal.wait_until("the sign-in screen with the community's name", |screen| {
        screen.contains("Highland Games Community") && screen.contains("live")
    });
    terminal
}

/// Signs somebody of the sample in, and waits until their calendar is there.
pub fn sign_in(terminal: &Terminal, name: &str) {
    terminal.type_text(name);
    terminal.key(Key::Enter);
    terminal.type_text(sample::PASSWORD);
    terminal.key(Key::Enter);
    terminal.wait_until("the calendar", |screen| {
        screen.contains("1 Cal") && screen.contains(name)
    });
    terminal.wait_for_text("times in Manila");
}

/// Ends the program with a key.
pub fn leave(mut terminal: Terminal) {
    terminal.key(Key::Ctrl('c'));
    let (status, _) = terminal.wait_exit(LIMIT);
    assert!(status.success(), "{status:?}");
    terminal.assert_as_it_was();
    terminal.assert_nothing_forbidden();
}
