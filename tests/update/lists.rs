//! Leaderboard and profile.

use pine_time::app::effect::Timer;
use pine_time::domain::member::UserType;
use pine_time::domain::points::{Leaderboard, Profile};
use pine_time::domain::{Answer, Call};

use crate::fixtures::{Desk, board, ledger, offline, profile};
use crate::{calls, hides, shows};

fn is_board(call: &Call) -> bool {
    matches!(call, Call::Leaderboard { .. })
}

fn is_ledger(call: &Call) -> bool {
    matches!(call, Call::Ledger { .. })
}

/// Answers the leaderboard call that waits, as a board of so many members would.
fn deal(desk: &mut Desk, members: i64) {
    let (request, call) = desk.newest(is_board).unwrap();
    let Call::Leaderboard { skip, limit } = call else {
        panic!("{call:?}")
    };
    desk.reply_to(request, Ok(Answer::Leaderboard(board(members, skip, limit))));
}

fn leaderboard(members: i64) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("5");
    deal(&mut desk, members);
    desk
}

#[test]
fn ranks_ties_and_the_own_row() {
    let desk = leaderboard(340);
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &[
            "1/340",
            "=2   Bea Bautista",
            "=2   Carlo Cruz",
            "4   Dina Diaz",
            "14   Ana Reyes  you",
        ],
    );
}

#[test]
fn the_own_row_is_pinned_when_out_of_view_and_m_goes_there() {
    let mut desk = leaderboard(340);
    desk.press("End");
    let screen = desk.screen(80, 24);
    shows(&screen, &["340/340", "14   Ana Reyes  you"]);
    desk.press("m");
    shows(&desk.screen(80, 24), &["14/340", "14   Ana Reyes  you"]);
}

#[test]
fn pages_are_asked_for_as_they_come_into_view() {
    let mut desk = leaderboard(1000);
    for _ in 0..10 {
        desk.press("PgDn");
    }
    assert!(desk.newest(is_board).is_none(), "still within the window");
    desk.press("End");
    let (_, call) = desk.newest(is_board).unwrap();
    assert_eq!(
        call,
        Call::Leaderboard {
            skip: 899,
            limit: 200
        }
    );
    deal(&mut desk, 1000);
    shows(&desk.screen(80, 24), &["1,000/1,000", "user999"]);
    // Going back over rows that are not here shows their places until they come.
    desk.press("Home");
    shows(&desk.screen(80, 24), &["·"]);
    deal(&mut desk, 1000);
    shows(&desk.screen(80, 24), &["user0"]);
    assert!(desk.newest(is_board).is_none());
}

#[test]
fn a_board_shorter_than_announced_is_not_asked_for_for_ever() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("5");
    let short = Leaderboard {
        members: 1000,
        ..board(5, 0, 200)
    };
    desk.reply(is_board, Ok(Answer::Leaderboard(short)));
    assert!(desk.newest(is_board).is_none());
}

#[test]
fn the_cursor_stays_on_its_member_when_ranks_move() {
    let mut desk = leaderboard(340);
    for _ in 0..4 {
        desk.press("Down");
    }
    desk.fire(Timer::Poll);
    let mut moved = board(340, 0, 200);
    let fifth = moved.rows.remove(4);
    moved.rows.insert(9, fifth);
    desk.reply(is_board, Ok(Answer::Leaderboard(moved)));
    shows(&desk.screen(80, 24), &["10/340"]);
}

#[test]
fn staff_have_no_row_and_are_told_so() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("5");
    let without = Leaderboard {
        me: None,
        ..board(340, 0, 200)
    };
    desk.reply(is_board, Ok(Answer::Leaderboard(without)));
    desk.press("m");
    shows(
        &desk.screen(80, 24),
        &["You have no row here; staff are not on the leaderboard."],
    );
}

#[test]
fn an_empty_board_says_how_it_fills() {
    let desk = leaderboard(0);
    shows(&desk.screen(80, 24), &["Nobody has points yet."]);
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
