//! The profile.

use pine_time::app::effect::Timer;
use pine_time::domain::member::UserType;
use pine_time::domain::points::Profile;
use pine_time::domain::{Answer, Call};

use crate::fixtures::{Desk, ledger, offline, profile};
use crate::{calls, hides, shows};

fn is_ledger(call: &Call) -> bool {
    matches!(call, Call::Ledger { .. })
}

fn at_profile(rows: i64) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("4");
    desk.reply(
        |call| matches!(call, Call::Profile),
        Ok(Answer::Profile(profile())),
    );
    desk.reply(is_ledger, Ok(Answer::Ledger(ledger(rows, 0, 100))));
    desk
}

#[test]
fn the_pass_opens_large_once_it_is_known() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("4");
    desk.press("p");
    shows(&desk.screen(80, 24), &["Your pass is not here yet."]);
    let mut desk = at_profile(3);
    desk.press("p");
    shows(
        &desk.screen(80, 24),
        &["─ Pass ─", "Ana Reyes", "R6K2F-9TQ4M", "█▀▀▀▀▀█"],
    );
    desk.press("p");
    assert!(!desk.screen(80, 24).contains("─ Pass ─"));
}

#[test]
fn the_profile_tells_points_rank_and_pass() {
    let desk = at_profile(88);
    shows(
        &desk.screen(80, 24),
        &[
            "Ana Reyes",
            "member since March 2025",
            "390 points   340 to spend",
            "rank 14 of 612",
            "23 events attended",
            "R6K2F-9TQ4M",
            "−50",
            "redeemed: tote bag",
            "1/88",
        ],
    );
}

#[test]
fn the_ledger_grows_as_it_is_read() {
    let mut desk = at_profile(250);
    desk.press("End");
    let (_, call) = desk.newest(is_ledger).unwrap();
    assert_eq!(
        call,
        Call::Ledger {
            skip: 100,
            limit: 100
        }
    );
    // A row joined at the top meanwhile: the page overlaps by one, and nothing is shown twice.
    let mut page = ledger(251, 100, 100);
    page.total = 251;
    desk.reply(is_ledger, Ok(Answer::Ledger(page)));
    desk.press("End");
    shows(&desk.screen(80, 24), &["199/251"]);
    // A page that brings nothing ends it.
    desk.reply(
        is_ledger,
        Ok(Answer::Ledger(pine_time::domain::points::Ledger {
            rows: Vec::new(),
            total: 251,
        })),
    );
    assert!(desk.newest(is_ledger).is_none());
    shows(&desk.screen(80, 24), &["199/199"]);
}

#[test]
fn new_points_refresh_the_ledger() {
    let mut desk = at_profile(88);
    let effects = desk.fire(Timer::Poll);
    assert_eq!(calls(&effects), [&Call::Profile]);
    let richer = Profile {
        earned: 405,
        spendable: 355,
        ..profile()
    };
    let effects = desk.reply(|call| matches!(call, Call::Profile), Ok(Answer::Profile(richer)));
    assert_eq!(calls(&effects), [&Call::Ledger { skip: 0, limit: 100 }]);
    shows(&desk.screen(80, 24), &["ana · 355 points"]);
}

#[test]
fn a_lost_link_keeps_the_profile() {
    let mut desk = at_profile(88);
    desk.fire(Timer::Poll);
    desk.reply(|call| matches!(call, Call::Profile), Err(offline()));
    let screen = desk.screen(80, 24);
    shows(&screen, &["390 points", "as of 18:52", "redeemed: tote bag"]);
    hides(&screen, &["does not answer"]);
}
