//! The profile.

use pine_time::app::effect::Timer;
use pine_time::domain::account::AccountCall;
use pine_time::domain::badge::GameCard;
use pine_time::domain::connection::{ConnectOutcome, Connected};
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::ledger::{LedgerKind, PointsPage};
use pine_time::domain::member::{MemberId, MemberName, UserType};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, community, ledger, offline, profile};
use crate::game_fixtures::{any_answer, card};
use crate::{calls, hides, shows};

fn is_ledger(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Ledger { .. }))
}

fn is_card(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Card(None)))
}

fn card_of(card: GameCard) -> Answer {
    Answer::Game(GameAnswer::Card(Box::new(card)))
}

fn rows(page: PointsPage) -> Answer {
    Answer::Game(GameAnswer::Ledger(page))
}

fn older_than(before: Option<i32>) -> Call {
    Call::Game(GameCall::Ledger {
        member: None,
        kind: None,
        before,
        most: 100,
    })
}

fn at_profile(total: i32) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("4");
    desk.reply(
        |call| matches!(call, Call::Profile),
        Ok(Answer::Profile(profile())),
    );
    desk.reply(is_card, Ok(card_of(card())));
    desk.reply(is_ledger, Ok(rows(ledger(total, None, 100))));
    desk
}

#[test]
fn the_pass_opens_large_once_it_is_known() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("4");
    desk.press("p");
    shows(&desk.screen(80, 24), &["Your profile is not here yet."]);
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
fn the_profile_tells_points_streak_badges_and_ledger() {
    let desk = at_profile(88);
    shows(
        &desk.screen(80, 24),
        &[
            "Ana Reyes",
            "member since March 2025",
            "390 points  340 to spend",
            "rank 14 of 612",
            "6 weeks",
            "longest 9",
            "attend by Sunday to keep 6 weeks",
            "Event Explorer",
            "★★★☆☆",
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
    assert_eq!(call, older_than(Some(151)));
    // A row joined at the top meanwhile, and the page overlaps by one: nothing is shown twice.
    let mut page = ledger(250, Some(152), 100);
    page.total = 251;
    desk.reply(is_ledger, Ok(rows(page)));
    desk.press("End");
    shows(&desk.screen(80, 24), &["199/251"]);
    // A page that brings nothing ends it.
    desk.reply(
        is_ledger,
        Ok(rows(PointsPage {
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
    assert_eq!(calls(&effects), [&Call::Game(GameCall::Card(None))]);
    let richer = GameCard {
        earned: 405,
        spendable: 355,
        ..card()
    };
    let effects = desk.reply(is_card, Ok(card_of(richer)));
    assert_eq!(calls(&effects), [&older_than(None)]);
    shows(&desk.screen(80, 24), &["ana · 355 points"]);
}

#[test]
fn a_lost_link_keeps_the_profile() {
    let mut desk = at_profile(88);
    desk.fire(Timer::Poll);
    desk.reply(is_card, Err(offline()));
    let screen = desk.screen(80, 24);
    shows(&screen, &["390 points", "as of 18:52", "redeemed: tote bag"]);
    hides(&screen, &["does not answer"]);
}

#[test]
fn the_ledger_is_filtered_by_kind_and_a_late_page_of_another_kind_is_dropped() {
    let mut desk = at_profile(88);
    desk.press("f");
    shows(&desk.screen(80, 24), &["▾ events"]);
    let (first, call) = desk.newest(is_ledger).unwrap();
    assert!(
        matches!(
            call,
            Call::Game(GameCall::Ledger {
                kind: Some(LedgerKind::EventAttendance),
                before: None,
                ..
            })
        ),
        "{call:?}"
    );
    desk.press("f");
    shows(&desk.screen(80, 24), &["▾ streaks"]);
    desk.reply_to(first, Ok(rows(ledger(88, None, 100))));
    hides(&desk.screen(80, 24), &["attended Trivia Night"]);
    desk.reply(
        is_ledger,
        Ok(rows(PointsPage {
            rows: Vec::new(),
            total: 0,
        })),
    );
    shows(&desk.screen(80, 24), &["No such rows. f shows others."]);
    desk.press("F");
    desk.press("F");
    hides(&desk.screen(80, 24), &["▾"]);
}

#[test]
fn the_faces_turn_and_the_chart_asks_for_its_weeks() {
    let mut desk = at_profile(88);
    desk.press("v");
    hides(&desk.screen(80, 24), &["Event Explorer"]);
    shows(&desk.screen(80, 24), &["390 points", "attended Trivia Night 80"]);
    let effects = desk.press("v");
    assert_eq!(calls(&effects), [&Call::Game(GameCall::Weeks(None))]);
    let weeks = any_answer(&GameCall::Weeks(None), 0);
    desk.reply(
        |call| matches!(call, Call::Game(GameCall::Weeks(_))),
        Ok(Answer::Game(weeks)),
    );
    shows(
        &desk.screen(80, 24),
        &["Points over a year", "in all", "in the best week"],
    );
    desk.press("f");
    shows(&desk.screen(80, 24), &["The ledger is not on the screen."]);
    desk.press("v");
    shows(&desk.screen(80, 24), &["Event Explorer"]);
}

#[test]
fn privacy_is_one_key_and_says_what_holds() {
    let mut desk = at_profile(3);
    desk.press("s");
    let privacy = |call: &Call| matches!(call, Call::Game(GameCall::SetPrivacy { show_me: false, .. }));
    desk.reply(privacy, Ok(Answer::Game(GameAnswer::Privacy(false))));
    shows(
        &desk.screen(80, 24),
        &["Nobody else sees you on the leaderboard."],
    );
    desk.press("s");
    let again = |call: &Call| matches!(call, Call::Game(GameCall::SetPrivacy { show_me: true, .. }));
    desk.reply(again, Err(Fault::Slow));
    shows(&desk.screen(80, 24), &["Nothing was changed."]);
}

#[test]
fn two_connect_by_a_pass_and_a_yes() {
    let mut desk = at_profile(3);
    let connects = |call: &Call| matches!(call, Call::Game(GameCall::Connect { .. }));
    let told = |outcome| {
        Ok(Answer::Game(GameAnswer::Connected(Connected {
            outcome,
            member: Some(MemberName {
                id: MemberId(10),
                username: "nino_b".into(),
                full_name: "Niño Bautista".into(),
            }),
        })))
    };
    desk.press("c");
    desk.write("7hq2m-9kxtc");
    desk.press("Enter");
    desk.reply(connects, told(ConnectOutcome::NotMet));
    shows(
        &desk.screen(80, 24),
        &["Both of you attend the same event first", "7hq2m-9kxtc"],
    );
    desk.press("Enter");
    desk.reply(connects, told(ConnectOutcome::Asked));
    shows(&desk.screen(80, 24), &["Asked: Niño Bautista says yes"]);
    hides(&desk.screen(80, 24), &["Their pass"]);

    desk.press("C");
    let lists = |call: &Call| matches!(call, Call::Game(GameCall::Connections));
    desk.reply(lists, Ok(Answer::Game(any_answer(&GameCall::Connections, 0))));
    shows(&desk.screen(80, 24), &["Niño Bautista", "asks, until"]);
    desk.press("Enter");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["It is being sent."]);
    let confirms = |call: &Call| matches!(call, Call::Game(GameCall::Confirm { .. }));
    let effects = desk.reply(confirms, told(ConnectOutcome::Connected));
    assert!(calls(&effects).contains(&&Call::Game(GameCall::Connections)));
    shows(&desk.screen(80, 24), &["You are connected: Niño Bautista."]);
    desk.reply(lists, Err(offline()));
    shows(&desk.screen(80, 24), &["Niño Bautista"]);
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["─ Connections"]);
    // Opened without a link, it comes by itself with the link.
    desk.press("C");
    desk.reply(lists, Err(offline()));
    shows(&desk.screen(80, 24), &["does not answer"]);
    desk.fire(Timer::Heartbeat);
    let back = Ok(Answer::Community(community()));
    let effects = desk.reply(|call| matches!(call, Call::Community), back);
    assert!(calls(&effects).contains(&&Call::Game(GameCall::Connections)));
    desk.reply(lists, Ok(Answer::Game(any_answer(&GameCall::Connections, 0))));
    shows(&desk.screen(80, 24), &["Niño Bautista"]);
}

#[test]
fn sessions_asked_for_before_the_link_broke_come_when_it_is_back() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("4");
    desk.press("S");
    let mine = |call: &Call| matches!(call, Call::Account(AccountCall::Mine));
    desk.reply(mine, Err(offline()));
    shows(&desk.screen(80, 24), &["does not answer"]);
    desk.fire(Timer::Heartbeat);
    let back = Ok(Answer::Community(community()));
    let effects = desk.reply(|call| matches!(call, Call::Community), back);
    assert!(calls(&effects).contains(&&Call::Account(AccountCall::Mine)));
}
