//! What the roof owes the terminal, whatever happens: shown on a stage, a small face with one key for each
//! misfortune, driven by the program's own event loop. The stage is this test program itself, started once more
//! inside a pseudo-terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod stage;

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use support::process;
use support::terminal::{Key, LIMIT, Terminal};

/// The issue's own limit: a process that has to go is gone by then.
const GONE: Duration = Duration::from_millis(500);
/// Tells this program that it is the stage.
const STAGE: &str = "STAGE_OF_THE_TERMINAL_TESTS";

fn stage_with(env: &[(&str, &str)], size: (u16, u16)) -> Terminal {
    let mut env = env.to_vec();
    env.push((STAGE, "1"));
    let program = std::env::current_exe().unwrap();
    let args = [
        "--exact",
        "a_visit_leaves_no_trace",
        "--nocapture",
        "--test-threads=1",
    ];
    let terminal = Terminal::start_program(program.to_str().unwrap(), &args, &env, size);
    terminal.wait_until("the stage, and its first call answered", |screen| {
        screen.contains("1: answered")
    });
    terminal
}

fn stage() -> Terminal {
    stage_with(&[], (80, 24))
}

#[track_caller]
fn assert_gone(mut terminal: Terminal, why: &str) {
    let (status, took) = terminal.wait_exit(LIMIT);
    println!("{why}: gone after {took:?} ({status:?})");
    assert!(took < GONE, "{why}: 500 ms are promised, it took {took:?}");
    assert!(!status.success(), "{why}: {status:?}");
    terminal.assert_as_it_was();
    terminal.assert_nothing_forbidden();
}

#[test]
fn a_visit_leaves_no_trace() {
    if std::env::var_os(STAGE).is_some() {
        stage::act();
    }
    let mut terminal = stage_with(&[("STAGE_MOUSE", "1")], (80, 24));
    terminal.wait_until("a full screen with paste and mouse", |screen| {
        screen.is_full_screen()
            && screen.inner().bracketed_paste()
            && screen.inner().mouse_protocol_mode() != vt100::MouseProtocolMode::None
    });
    assert_ne!(
        terminal.settings(),
        terminal.settings_before(),
        "raw while the screens are there"
    );
    terminal.type_text("q");
    let (status, took) = terminal.wait_exit(LIMIT);
    println!("quit: gone after {took:?}");
    assert!(status.success(), "{status:?}");
    terminal.assert_as_it_was();
    terminal.assert_nothing_forbidden();
    assert!(
        terminal.screen_text().contains("left: Quit { unconfirmed: 0 }"),
        "{}",
        terminal.screen_text()
    );
}

#[test]
fn signals_end_it_at_once() {
    for signal in [Signal::SIGHUP, Signal::SIGTERM, Signal::SIGINT, Signal::SIGQUIT] {
        let terminal = stage();
        terminal.signal(signal);
        assert_gone(terminal, signal.as_str());
    }
}

#[test]
fn a_panic_in_update_or_draw_gives_the_terminal_back_first() {
    for key in ["p", "d"] {
        let terminal = stage();
        terminal.type_text(key);
        let (status, _) = terminal.wait_exit(LIMIT);
        assert_eq!(status.exit_code(), 101, "a panic is not swallowed: {status:?}");
        assert_gone(terminal, "panic");
    }
}

#[test]
fn a_panic_with_calls_under_way_does_not_wait_for_them() {
    let terminal = stage();
    terminal.type_text("wp");
    assert_gone(terminal, "panic with a write under way");
}

#[test]
fn a_loop_that_hangs_is_left_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let terminal = stage_with(&[("STAGE_LOG", log.to_str().unwrap())], (80, 24));
    terminal.type_text("b");
    let begun = Instant::now();
    while !std::fs::read_to_string(&log)
        .unwrap()
        .contains("hangs from now on")
    {
        assert!(begun.elapsed() < LIMIT, "the key reaches the stage");
        std::thread::sleep(Duration::from_millis(2));
    }
    terminal.signal(Signal::SIGTERM);
    assert_gone(terminal, "a hanging loop");
}

#[test]
fn a_hang_up_ends_it() {
    let mut terminal = stage();
    terminal.hang_up();
    let (status, took) = terminal.wait_exit(LIMIT);
    println!("hang-up: gone after {took:?} ({status:?})");
    assert!(took < GONE, "500 ms are promised, it took {took:?}");
}

#[test]
fn closed_input_without_a_signal_ends_it() {
    // In a session of its own nobody sends it SIGHUP: it has to notice by itself, and must not spin.
    let program = std::env::current_exe().unwrap();
    let args = [
        "--wait",
        program.to_str().unwrap(),
        "--exact",
        "a_visit_leaves_no_trace",
        "--nocapture",
        "--test-threads=1",
    ];
    let mut terminal = Terminal::start_program("setsid", &args, &[(STAGE, "1")], (80, 24));
    terminal.wait_for_text("1: answered");
    // setsid forks only if it leads a process group, which it does as the first process of a terminal.
    let stage = process::children(terminal.pid())[0];
    assert!(process::lives(stage));
    let hung_up = Instant::now();
    terminal.hang_up();
    while process::lives(stage) {
        assert!(
            hung_up.elapsed() < LIMIT,
            "the input is closed and the process is still there"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    let took = hung_up.elapsed();
    println!("closed input: gone after {took:?}");
    assert!(took < GONE, "500 ms are promised, it took {took:?}");
}

/// A large window, and how many keys that each repaint it are pressed while nobody reads what is painted: twice what
/// the kernel keeps for a pseudo-terminal (640 KiB), in frames of 17 KiB.
const LARGE: (u16, u16) = (250, 70);
const REPAINTS: usize = 80;

/// Stops reading and presses keys until the program's frames are stuck.
fn stall(terminal: &Terminal) {
    terminal.stall();
    for _ in 0..REPAINTS {
        terminal.type_text("f");
        // The pace of frames: pressed at once, all keys would be one frame.
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether frames were left out, as they must be if the stall was one.
fn frames(terminal: &Terminal) -> usize {
    terminal
        .raw_bytes()
        .windows(8)
        .filter(|bytes| bytes == b"\x1b[?2026l")
        .count()
}

#[test]
fn a_stalled_terminal_does_not_hold_up_the_way_out() {
    let mut terminal = stage_with(&[], LARGE);
    stall(&terminal);
    terminal.signal(Signal::SIGTERM);
    let (_, took) = terminal.wait_exit(LIMIT);
    println!("with the terminal stalled: gone after {took:?}");
    assert!(took < GONE, "500 ms are promised, it took {took:?}");
    assert_eq!(terminal.settings(), terminal.settings_before());
    terminal.unstall();
    terminal.assert_as_it_was();
}

#[test]
fn keys_pressed_during_a_stall_are_all_there_afterwards() {
    let terminal = stage_with(&[], LARGE);
    stall(&terminal);
    terminal.unstall();
    terminal.wait_for_text(&format!("keys {REPAINTS}"));
    let frames = frames(&terminal);
    println!("{frames} frames for {REPAINTS} keys");
    assert!(
        frames < REPAINTS,
        "frames were stuck, or this shows nothing: {frames}"
    );
}

#[test]
fn a_flood_of_keys_and_a_megabyte_pasted() {
    let terminal = stage();
    let begun = Instant::now();
    terminal.type_text(&"x".repeat(10_000));
    terminal.wait_for_text("keys 10000");
    println!("10,000 keys: {:?}", begun.elapsed());
    let text = "a line of text\n".repeat((1 << 20) / 15);
    let begun = Instant::now();
    terminal.paste(&text);
    terminal.wait_for_text(&format!("pasted {} bytes", text.len()));
    println!("{} bytes pasted: {:?}", text.len(), begun.elapsed());
    terminal.wait_for_text("keys 10000");
}

#[test]
fn writes_under_way_are_waited_for_and_the_screen_says_so() {
    let mut terminal = stage();
    terminal.type_text("sq");
    terminal.wait_for_text("Leaving once one change has been confirmed");
    let (status, _) = terminal.wait_exit(LIMIT);
    assert!(status.success(), "{status:?}");
    terminal.assert_as_it_was();
    assert!(
        terminal.screen_text().contains("unconfirmed: 0"),
        "{}",
        terminal.screen_text()
    );
}

#[test]
fn a_second_ctrl_c_waits_no_longer_and_the_log_names_what_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut terminal = stage_with(&[("STAGE_LOG", log.to_str().unwrap())], (80, 24));
    terminal.type_text("wwq");
    terminal.wait_for_text("Leaving once 2 changes have been confirmed");
    terminal.key(Key::Ctrl('c'));
    let (status, took) = terminal.wait_exit(LIMIT);
    assert!(
        took < Duration::from_secs(4),
        "the five seconds were not waited for, but {took:?}"
    );
    assert_eq!(status.exit_code(), 44);
    terminal.assert_as_it_was();
    let log = std::fs::read_to_string(log).unwrap();
    assert_eq!(
        log.matches("00000000-0000-0000-0000-00000000beef").count(),
        2,
        "{log}"
    );
    assert!(log.contains("register"), "{log}");
}

#[test]
fn a_signal_waits_for_no_write_and_the_log_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let terminal = stage_with(&[("STAGE_LOG", log.to_str().unwrap())], (80, 24));
    terminal.type_text("w");
    terminal.wait_for_text("keys 1");
    terminal.signal(Signal::SIGHUP);
    assert_gone(terminal, "SIGHUP with a write under way");
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("00000000-0000-0000-0000-00000000beef"), "{log}");
}

#[test]
fn a_call_that_panics_is_a_failed_call_and_the_screen_stays() {
    let terminal = stage();
    terminal.type_text("c");
    terminal.wait_for_text("2: Something went wrong in the database.");
    terminal.type_text("x");
    terminal.wait_for_text("keys 2");
    assert!(terminal.is_full_screen());
}

#[test]
fn timers_run_out() {
    let terminal = stage();
    terminal.type_text("t");
    terminal.wait_for_text("Toast(5)");
}

#[test]
fn stopped_it_gives_the_terminal_back_and_continued_it_paints_anew() {
    let mut terminal = stage();
    terminal.type_text("xx");
    terminal.wait_for_text("keys 2");
    for _ in 0..2 {
        terminal.signal(Signal::SIGTSTP);
        terminal.wait_until("the shell's screen", |screen| !screen.is_full_screen());
        process::wait_until_stopped(terminal.pid());
        assert_eq!(
            terminal.settings(),
            terminal.settings_before(),
            "while it is stopped"
        );
        terminal.resize((70, 20));
        terminal.signal(Signal::SIGCONT);
        terminal.wait_until("the stage again, in the new size", |screen| {
            screen.is_full_screen() && screen.contains("stage 70x20") && screen.contains("keys 2")
        });
    }
    terminal.type_text("q");
    assert!(terminal.wait_exit(LIMIT).0.success());
    terminal.assert_as_it_was();
}

#[test]
fn a_new_window_size_is_painted_whole() {
    let terminal = stage();
    for size in [(120, 40), (60, 15), (61, 15)] {
        terminal.resize(size);
        terminal.wait_for_text(&format!("stage {}x{}", size.0, size.1));
    }
}

#[test]
fn nothing_changed_is_nothing_written() {
    let terminal = stage();
    terminal.type_text("f");
    terminal.wait_until("a filled window", |screen| screen.contains("xxxxxxxx"));
    terminal.type_text("x");
    terminal.wait_for_text("keys 2");
    let before = terminal.written();
    terminal.type_text("x");
    terminal.wait_for_text("keys 3");
    let one_digit = terminal.written() - before;
    println!("one digit changed: {one_digit} bytes");
    assert!(
        one_digit < 48,
        "one changed cell is not a frame: {one_digit} bytes"
    );
    let before = terminal.written();
    terminal.type_text("r");
    terminal.wait_for_text("keys 4");
    let whole = terminal.written() - before;
    println!("painted anew: {whole} bytes");
    assert!(whole > 80 * 18, "all cells are written anew: {whole} bytes");
}

/// The loop's own figures, with the smallest of faces; printed and not asserted. Fails if a key is not answered.
#[test]
fn figures() {
    let terminal = stage();
    println!("stage: start to first frame {:?}", terminal.first_paint());
    let mut times: Vec<Duration> = (0..100).map(|_| terminal.time_to_answer(b"x")).collect();
    times.sort_unstable();
    println!("stage: key to bytes p50 {:?}, p99 {:?}", times[50], times[98]);
    let mut spaced: Vec<Duration> = (0..50)
        .map(|_| {
            // A hand's pace: the frame before is long over.
            std::thread::sleep(Duration::from_millis(20));
            terminal.time_to_answer(b"x")
        })
        .collect();
    spaced.sort_unstable();
    println!(
        "stage: key to bytes at a hand's pace p50 {:?}, worst {:?}",
        spaced[25], spaced[49]
    );
}
