//! A kiosk as people meet it, in a terminal over a database: a pass is scanned, a member signs in and walks away, the link
//! is lost, hands hammer on it, its attendant ends it. What somebody leaves behind is looked for in every byte that the
//! terminal was sent since.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::os::unix::fs::symlink;
use std::time::Duration;

use nix::sys::signal::Signal;
use pine_time::domain::event::EventId;
use support::cluster::Role;
use support::dice::Dice;
use support::kiosks::{self, enrolled};
use support::process;
use support::story;
use support::terminal::{Key, LIMIT, Terminal};
use support::until;
use support::world::World;
use tempfile::TempDir;

/// What the terminal may show of ana only while she is there.
const HERS: [&str; 3] = ["ana ", "Ana", "Reyes"];

/// The sample community with a kiosk in it, and an evening that began a minute ago.
struct Stage {
    world: World,
    state: TempDir,
    event: EventId,
    pass: String,
    pin: String,
}

async fn stage() -> Stage {
    let world = story::sample_world().await;
    let event = world.event(-1, Some(20)).await;
    world
        .sql(&format!(
            "UPDATE events SET title = 'Kiosk Night' WHERE id = {}",
            event.0
        ))
        .await;
    let ana: i32 = world.value("SELECT id FROM users WHERE username = 'ana'").await;
    let ana = pine_time::domain::member::MemberId(ana);
    world.registration(ana, event, "registered").await;
    let pass = world.pass_code(ana).await;

    let (state, enrolment) = enrolled(&world).await;
    Stage {
        world,
        state,
        event,
        pass,
        pin: enrolment.pin.to_string(),
    }
}

impl Stage {
    /// The kiosk at its start; `program` and `args` as it is called.
    fn start_as(&self, program: &str, args: &[&str], size: (u16, u16)) -> Terminal {
        let url = self.world.database.url(Role::Kiosk);
        let env = [
            ("PINE_TIME_DATABASE_URL", url.as_str()),
            ("XDG_STATE_HOME", self.state.path().to_str().unwrap()),
            ("PINE_TIME_TERMINAL_KIOSK_IDLE_SECONDS", "20"),
            ("SSH_ORIGINAL_COMMAND", "sh -i"),
        ];
        let terminal = Terminal::start_program(program, args, &env, size);
        at_start(&terminal);
        terminal.wait_for_text("Kiosk Night");
        terminal
    }

    fn start(&self) -> Terminal {
        self.start_as(env!("CARGO_BIN_EXE_pine-time"), &["kiosk"], (80, 24))
    }
}

fn at_start(terminal: &Terminal) {
    terminal.wait_until("the start", |screen| {
        screen.is_full_screen() && screen.contains("Scan your pass to check in")
    });
}

/// As a scanner types it.
fn scan(terminal: &Terminal, pass: &str) {
    terminal.send(format!("{pass}\r").as_bytes());
}

fn sign_in(terminal: &Terminal) {
    kiosks::sign_in(terminal, "ana");
    terminal.wait_until("the calendar", |screen| {
        screen.contains("1 Calendar") && screen.contains("ana \u{b7}")
    });
}

/// Nothing of hers is in what the terminal shows, or keeps of what has scrolled by.
fn assert_forgotten(terminal: &Terminal, size: (u16, u16)) {
    let mut parser = vt100::Parser::new(size.1, size.0, 10_000);
    parser.process(&terminal.raw_bytes());
    parser.screen_mut().set_scrollback(10_000);
    let kept = parser.screen().contents();
    parser.screen_mut().set_scrollback(0);
    let shown = parser.screen().contents();
    for hers in HERS {
        assert!(!shown.contains(hers), "{hers:?} is on the screen:\n{shown}");
        assert!(!kept.contains(hers), "{hers:?} has scrolled by:\n{kept}");
    }
    let raw = terminal.raw_bytes();
    let last = |bytes: &[u8]| raw.windows(bytes.len()).rposition(|window| window == bytes);
    let wiped = last(b"\x1b[3J").expect("what has scrolled by was taken away");
    for hers in ["Ana", "Reyes"] {
        assert!(
            last(hers.as_bytes()).is_none_or(|at| at < wiped),
            "{hers} was written behind the wipe"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_a_card_a_member_who_walks_away_and_nothing_of_them_left() {
    let stage = stage().await;
    let terminal = stage.start();
    scan(&terminal, &stage.pass);
    terminal.wait_until("what came of it", |screen| {
        screen.contains("Ana R.") && screen.contains("Kiosk Night") && screen.contains("+15 points")
    });
    let there = format!("event_attendees WHERE event_id = {}", stage.event.0);
    assert_eq!(stage.world.count(&there).await, 1);
    terminal.wait_until("five seconds later, the start", |screen| {
        screen.contains("Scan your pass") && !screen.contains("Ana R.")
    });

    sign_in(&terminal);
    terminal.type_text("2");
    terminal.wait_for_text("2 Registrations");
    terminal.wait_for_text("Kiosk Night");
    // A card with what she has earned comes by itself; it is closed, and the profile opened.
    until("her profile", || async {
        terminal.key(Key::Enter);
        tokio::time::sleep(Duration::from_millis(300)).await;
        terminal.key(Key::Alt('4'));
        tokio::time::sleep(Duration::from_millis(300)).await;
        terminal.screen_text().contains("Consistent Attendee")
    })
    .await;
    terminal.wait_until("the last seconds", |screen| {
        screen.contains("Back to the start in")
    });
    terminal.key(Key::Down);
    terminal.wait_until("she is still there", |screen| {
        !screen.contains("Back to the start in") && screen.contains("Consistent Attendee")
    });
    at_start(&terminal);
    assert_forgotten(&terminal, (80, 24));
    until("her session has ended", || async {
        let open = "sessions AS s JOIN users AS u ON u.id = s.user_id WHERE u.username = 'ana' AND s.ended_at IS NULL";
        stage.world.count(open).await == 0
    })
    .await;
    terminal.assert_nothing_forbidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_keyboard_can_send_as_a_signal_means_nothing_and_a_hang_up_ends_it() {
    let stage = stage().await;
    let mut terminal = stage.start();
    for signal in [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTSTP, Signal::SIGINT] {
        terminal.signal(signal);
    }
    // Raw input: these are keys, and not bound.
    terminal.send(b"\x03\x1a\x1c\x04\x11\x13");
    terminal.type_text("qr");
    terminal.wait_for_text("Pass  qr");
    assert!(!process::is_stopped(terminal.pid()));
    assert!(terminal.is_full_screen());
    terminal.signal(Signal::SIGTERM);
    let (status, _) = terminal.wait_exit(LIMIT);
    assert_eq!(status.exit_code(), 128 + Signal::SIGTERM as u32);
    terminal.assert_as_it_was();

    let mut terminal = stage.start();
    terminal.hang_up();
    assert_eq!(terminal.wait_exit(LIMIT).0.exit_code(), 129);
}

#[tokio::test(flavor = "multi_thread")]
async fn as_a_login_shell_it_is_a_kiosk_whatever_it_is_told() {
    let stage = stage().await;
    let shell = stage.state.path().join("pine-time-kiosk");
    symlink(env!("CARGO_BIN_EXE_pine-time"), &shell).unwrap();
    let terminal = stage.start_as(shell.to_str().unwrap(), &["-c", "user list"], (120, 40));
    terminal.type_text("q");
    terminal.wait_for_text("Pass  q");
    terminal.signal(Signal::SIGHUP);
    terminal.wait_exit(LIMIT);
    terminal.assert_nothing_forbidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_attendant_starts_it_again_and_ends_it() {
    let stage = stage().await;
    let mut terminal = stage.start();
    let menu = |terminal: &Terminal| {
        terminal.key(Key::Ctrl('k'));
        terminal.wait_for_text("Attendant");
        terminal.type_text(&stage.pin);
        terminal.key(Key::Enter);
        terminal.wait_for_text("Leave the kiosk");
    };
    menu(&terminal);
    terminal.key(Key::End);
    terminal.key(Key::Up);
    terminal.key(Key::Enter);
    terminal.wait_until("the menu is gone", |screen| !screen.contains("Leave the kiosk"));
    at_start(&terminal);
    menu(&terminal);
    terminal.key(Key::End);
    terminal.key(Key::Enter);
    let (status, _) = terminal.wait_exit(LIMIT);
    assert!(status.success(), "{status:?}");
    terminal.assert_as_it_was();
    assert!(
        !terminal
            .raw_bytes()
            .windows(6)
            .any(|window| window == stage.pin.as_bytes()),
        "the code was never shown"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_link_the_attendant_leaves_with_the_code_that_was_right_before() {
    let stage = stage().await;
    let mut terminal = stage.start();
    let code = |terminal: &Terminal, pin: &str| {
        terminal.key(Key::Ctrl('k'));
        terminal.wait_for_text("Attendant");
        terminal.type_text(pin);
        terminal.key(Key::Enter);
    };
    code(&terminal, &stage.pin);
    terminal.wait_for_text("Leave the kiosk");
    terminal.key(Key::Esc);
    at_start(&terminal);
    stage.world.shut().await;
    terminal.wait_for_text("does not answer");
    code(&terminal, "000000");
    terminal.wait_until("one answer or the other", |screen| {
        screen.contains("That is not the attendant's code.") || screen.contains("Leave the kiosk")
    });
    // One kiosk in a million has this very code.
    if stage.pin != "000000" {
        terminal.wait_for_text("That is not the attendant's code.");
        terminal.key(Key::Ctrl('u'));
        terminal.type_text(&stage.pin);
        terminal.key(Key::Enter);
        terminal.wait_for_text("Leave the kiosk");
    }
    assert!(!terminal.screen_text().contains("Name this kiosk"));
    terminal.key(Key::End);
    terminal.key(Key::Enter);
    let (status, _) = terminal.wait_exit(LIMIT);
    assert!(status.success(), "{status:?}");
    terminal.assert_as_it_was();
    terminal.assert_nothing_forbidden();
}

#[tokio::test(flavor = "multi_thread")]
async fn hammered_on_while_the_link_comes_and_goes_it_stays_a_kiosk_and_forgets() {
    let stage = stage().await;
    let terminal = stage.start();
    sign_in(&terminal);
    terminal.type_text("4");
    terminal.wait_for_text("Consistent Attendee");
    let mut dice = Dice(7);
    // No code of the attendant's is opened: its key is left out, and so is who knows what a hand would type there.
    let letters: Vec<u8> = (1..=26).chain(b' '..=b'~').filter(|byte| *byte != 0x0b).collect();
    for round in 0..400 {
        match dice.roll(12) {
            0 => scan(&terminal, &stage.pass),
            1 => terminal.paste(&"\u{1b}]52;c;aGk=\u{7}paste\n".repeat(1 + dice.roll(200))),
            2 => terminal.resize([(80, 24), (120, 40), (60, 16), (20, 5), (200, 60)][dice.roll(5)]),
            3 => terminal.send(
                [
                    &b"\x1b[A"[..],
                    b"\x1b[B",
                    b"\x1b[5~",
                    b"\x1bOP",
                    b"\x1b[24~",
                    b"\x1b",
                ][dice.roll(6)],
            ),
            4 => terminal.signal([Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTSTP][dice.roll(3)]),
            _ => {
                let keys: Vec<u8> = (0..=dice.roll(24))
                    .map(|_| letters[dice.roll(letters.len())])
                    .collect();
                terminal.send(&keys);
            }
        }
        if round % 100 == 40 {
            stage.world.shut().await;
        } else if round % 100 == 80 {
            stage.world.reopen().await;
        }
    }
    stage.world.reopen().await;
    terminal.resize((80, 24));
    at_start(&terminal);
    let (size, seen) = ((80, 24), terminal.screen_text());
    assert!(seen.contains("Highland Games Community"), "{seen}");
    let mut parser = vt100::Parser::new(size.1, size.0, 10_000);
    parser.process(&terminal.raw_bytes());
    assert!(parser.screen().alternate_screen(), "it has not left");
    for hers in HERS {
        assert!(!seen.contains(hers), "{hers:?}:\n{seen}");
    }
    // And it works.
    terminal.key(Key::Esc);
    terminal.wait_for_text("No scanner?");
    sign_in(&terminal);
    terminal.key(Key::Ctrl('o'));
    at_start(&terminal);
    assert_forgotten(&terminal, size);
    terminal.assert_nothing_forbidden();
}
