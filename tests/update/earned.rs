//! What I have earned and was not told: on a card once, behind the news of my registrations.

use pine_time::app::effect::{Effect, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::badge::GameCard;
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::ledger::{Celebration, LedgerKind, News};
use pine_time::domain::member::UserType;
use pine_time::domain::seats::{MyLine, SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, board as board_of, events, manila, offline};
use crate::seat_fixtures::my_registrations;
use crate::{calls, hides, shows, writes};

fn is_news(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::News))
}

fn is_celebrate(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Celebrate))
}

fn is_told(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Celebrated { .. }))
}

fn news(items: Vec<MyLine>) -> Answer {
    Answer::Seats(SeatsAnswer::News(items))
}

fn one(kind: LedgerKind, points: i32, description: &str) -> News {
    News {
        points,
        transaction_type: kind,
        description: description.into(),
        transaction_date: Some(manila("2026-11-26 19:00")),
    }
}

fn evening() -> Celebration {
    Celebration {
        through: 42,
        points: 70,
        rows: vec![
            one(LedgerKind::EventAttendance, 15, "Trivia Night: Science"),
            one(LedgerKind::StreakBonus, 25, "Streak, week 6"),
            one(LedgerKind::BadgeAward, 30, "Event Explorer Gold"),
        ],
    }
}

fn earned(celebration: Celebration) -> Answer {
    Answer::Game(GameAnswer::Celebration(celebration))
}

fn nothing_yet() -> Celebration {
    Celebration {
        through: 41,
        points: 0,
        rows: Vec::new(),
    }
}

fn nothing(through: i32) -> Answer {
    earned(Celebration {
        through,
        ..nothing_yet()
    })
}

/// The calendar's next look, and that there is no news.
fn look(desk: &mut Desk) -> Vec<Effect> {
    desk.fire(Timer::Poll);
    desk.with_events(events());
    desk.reply(is_news, Ok(news(Vec::new())))
}

/// Signed in, with no news, and this earned.
fn told(celebration: Celebration) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.reply(is_news, Ok(news(Vec::new())));
    desk.reply(is_celebrate, Ok(earned(celebration)));
    desk
}

const TITLE: &str = "─ Earned ─";

#[test]
fn the_card_comes_after_signing_in_and_says_what_for() {
    let desk = told(evening());
    let screen = desk.screen(80, 24);
    shows(
        &screen,
        &[
            TITLE,
            "+70 points",
            "★★★    Event Explorer Gold",
            "Streak, week 6",
            "Trivia Night: Science",
            "+25",
        ],
    );
    let at = |text: &str| screen.find(text).unwrap();
    assert!(at("Event Explorer Gold") < at("Streak, week 6"));
    assert!(at("Streak, week 6") < at("Trivia Night: Science  "));
}

#[test]
fn one_key_closes_it_and_says_so_and_it_never_comes_again() {
    let mut desk = told(evening());
    // The key that was under way when the card came was not meant for it.
    assert!(desk.press("Enter").is_empty());
    shows(&desk.screen(80, 24), &[TITLE]);
    desk.pass(1);
    let effects = desk.press("Enter");
    let [Call::Game(GameCall::Celebrated { nonce, through: 42 })] = writes(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert!(!nonce.is_nil());
    hides(&desk.screen(80, 24), &[TITLE]);
    // Until the database has heard it, nothing more is looked for.
    look(&mut desk);
    assert!(desk.newest(is_celebrate).is_none());
    desk.reply(is_told, Ok(Answer::Game(GameAnswer::Done)));
    look(&mut desk);
    desk.reply(is_celebrate, Ok(nothing(42)));
    hides(&desk.screen(80, 24), &[TITLE]);
    // What comes later is told.
    look(&mut desk);
    let more = Celebration {
        through: 50,
        points: 15,
        rows: vec![one(LedgerKind::EventAttendance, 15, "Board Games")],
    };
    desk.reply(is_celebrate, Ok(earned(more)));
    shows(&desk.screen(80, 24), &[TITLE, "+15 points", "Board Games"]);
}

#[test]
fn a_look_from_before_the_card_was_closed_brings_it_not_back() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.reply(is_news, Ok(news(Vec::new())));
    let (early, _) = desk.newest(is_celebrate).unwrap();
    desk.reply_to(early, Ok(earned(evening())));
    // While it is shown, nothing is looked for.
    look(&mut desk);
    assert!(desk.newest(is_celebrate).is_none());
    desk.pass(1);
    desk.press("Esc");
    desk.reply(is_told, Ok(Answer::Game(GameAnswer::Done)));
    hides(&desk.screen(80, 24), &[TITLE]);
}

#[test]
fn what_the_database_could_not_be_told_is_told_again_before_anything_is_asked() {
    let mut desk = told(evening());
    desk.pass(1);
    desk.press("Space");
    desk.reply(is_told, Err(Fault::Internal));
    shows(&desk.screen(80, 24), &["Not marked as seen."]);
    let effects = look(&mut desk);
    assert!(matches!(
        writes(&effects)[..],
        [Call::Game(GameCall::Celebrated { through: 42, .. })]
    ));
    assert!(desk.newest(is_celebrate).is_none());
    desk.reply(is_told, Ok(Answer::Game(GameAnswer::Done)));
    look(&mut desk);
    assert!(desk.newest(is_celebrate).is_some());
}

#[test]
fn news_of_registrations_come_first() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    let item = my_registrations().rows[0].clone();
    let item = MyLine {
        registration: pine_time::domain::seats::MyRegistration {
            news: Some(pine_time::domain::seats::News::Promoted),
            news_at: Some(manila("2026-11-27 18:30")),
            ..item.registration
        },
        ..item
    };
    desk.reply(is_news, Ok(news(vec![item])));
    desk.reply(is_celebrate, Ok(earned(evening())));
    let screen = desk.screen(80, 24);
    shows(&screen, &["You have a seat now"]);
    hides(&screen, &[TITLE]);
    desk.pass(1);
    desk.press("Esc");
    let screen = desk.screen(80, 24);
    shows(&screen, &[TITLE]);
    hides(&screen, &["You have a seat now"]);
}

#[test]
fn it_waits_while_something_else_has_the_keys() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("/");
    desk.reply(is_news, Ok(news(Vec::new())));
    desk.reply(is_celebrate, Ok(earned(evening())));
    hides(&desk.screen(80, 24), &[TITLE]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &[TITLE]);
    // It is not over a window that is too small for it, nor at the door.
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.reply(is_news, Ok(news(Vec::new())));
    desk.at_the_door();
    desk.reply(is_celebrate, Ok(earned(evening())));
    hides(&desk.screen(80, 24), &[TITLE]);
    desk.press("Alt+5");
    shows(&desk.screen(80, 24), &[TITLE]);
    let mut desk = Desk::signed_in(UserType::Regular, 50, 12);
    desk.with_events(events());
    desk.reply(is_news, Ok(news(Vec::new())));
    desk.reply(is_celebrate, Ok(earned(evening())));
    desk.send(Msg::Resize {
        width: 80,
        height: 24,
    });
    shows(&desk.screen(80, 24), &[TITLE]);
}

#[test]
fn it_is_looked_for_behind_the_leaderboard_and_not_at_the_door() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.reply(is_news, Ok(news(Vec::new())));
    desk.reply(is_celebrate, Ok(nothing(0)));
    desk.press("5");
    for _ in 0..2 {
        let board = |call: &Call| matches!(call, Call::Game(GameCall::Board { .. }));
        let page = Answer::Game(GameAnswer::Board(board_of(9, 0, 300)));
        let effects = desk.reply(board, Ok(page));
        assert!(calls(&effects).iter().any(|call| is_celebrate(call)));
        desk.reply(is_celebrate, Err(offline()));
        hides(&desk.screen(80, 24), &[TITLE]);
        desk.fire(Timer::Poll);
    }
    desk.at_the_door();
    desk.fire(Timer::Poll);
    assert!(desk.newest(is_celebrate).is_none());
}

#[test]
fn another_member_is_not_told_of_it() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("/");
    desk.reply(is_news, Ok(news(Vec::new())));
    desk.reply(is_celebrate, Ok(earned(evening())));
    desk.press("Ctrl+O");
    desk.sign_in(UserType::Staff);
    hides(&desk.screen(80, 24), &[TITLE]);
}

fn is_card(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Card(_)))
}

#[allow(clippy::unnecessary_wraps, reason = "as a reply takes it")]
fn with_points(points: i64) -> Result<Answer, Fault> {
    Ok(Answer::Game(GameAnswer::Card(Box::new(GameCard {
        earned: points,
        spendable: points,
        ..crate::game_fixtures::card()
    }))))
}

#[test]
fn the_profile_looks_once_when_it_is_opened_and_once_when_points_have_come() {
    let mut desk = told(nothing_yet());
    desk.press("4");
    assert!(desk.newest(is_celebrate).is_none(), "the page comes first");
    let effects = desk.reply(is_card, with_points(340));
    assert!(calls(&effects).into_iter().any(is_celebrate), "{effects:?}");
    desk.reply(is_celebrate, Ok(nothing(41)));
    for (points, looks) in [(340, false), (410, true), (410, false)] {
        desk.fire(Timer::Poll);
        let effects = desk.reply(is_card, with_points(points));
        assert_eq!(
            calls(&effects).into_iter().any(is_celebrate),
            looks,
            "{points} points"
        );
        if looks {
            desk.reply(is_celebrate, Ok(earned(evening())));
            shows(&desk.screen(80, 24), &[TITLE, "Event Explorer Gold"]);
            desk.pass(1);
            desk.press("Esc");
            desk.reply(is_told, Ok(Answer::Game(GameAnswer::Done)));
        }
    }
    // A page that does not come looks for nothing; the tab again does.
    desk.press("1");
    desk.press("4");
    let effects = desk.reply(is_card, Err(offline()));
    assert!(!calls(&effects).into_iter().any(is_celebrate));
    desk.fire(Timer::Poll);
    let effects = desk.reply(is_card, with_points(410));
    assert!(calls(&effects).into_iter().any(is_celebrate));
}

#[test]
fn another_members_profile_celebrates_nobody() {
    let mut desk = crate::people::at_people(80, 24);
    desk.press("o");
    let effects = desk.reply(is_card, with_points(500));
    assert!(!calls(&effects).into_iter().any(is_celebrate));
}
