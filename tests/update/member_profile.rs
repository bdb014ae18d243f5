//! Another member's profile, for staff: opened from where members are, what is asked and what is not, the forms on it, and what
//! stays when the link is lost.

use pine_time::app::effect::Timer;
use pine_time::domain::badge::GameCard;
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::game_desk::{
    GrantOutcome, Granted, LevelTaken, PointsChange, PointsChanged, PointsOutcome,
};
use pine_time::domain::ledger::{LedgerKind, PointsPage, PointsRow};
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{Desk, board_at, manila, offline};
use crate::game_fixtures::{any_answer, card, facts};
use crate::people::at_people;
use crate::{calls, hides, shows, writes};

/// The tenth of the fixtures' leaderboard.
const JO: MemberId = MemberId(1009);

fn is_game(wanted: impl Fn(&GameCall) -> bool) -> impl Fn(&Call) -> bool {
    move |call| matches!(call, Call::Game(game) if wanted(game))
}

fn of_jo(call: &Call) -> bool {
    matches!(
        call,
        Call::Game(
            GameCall::Card(Some(JO)) | GameCall::Facts(JO) | GameCall::Ledger { member: Some(JO), .. }
        )
    )
}

fn jo() -> GameCard {
    GameCard {
        user_id: JO,
        username: "jo".into(),
        full_name: "Jo Mendoza".into(),
        ..card()
    }
}

fn row(id: i32, kind: LedgerKind, points: i32) -> PointsRow {
    PointsRow {
        id,
        points,
        transaction_type: kind,
        description: "carried chairs".into(),
        transaction_date: Some(manila("2026-11-21 20:00")),
        event_id: None,
        counts_at: None,
        balance: 340,
        awarded_by: Some("Mira Santos".into()),
        reverses_id: None,
        reversed_by: None,
    }
}

fn rows() -> PointsPage {
    PointsPage {
        total: 4,
        rows: vec![
            row(9, LedgerKind::SpecialActivity, 40),
            PointsRow {
                reversed_by: Some(11),
                ..row(8, LedgerKind::Redemption, -30)
            },
            row(7, LedgerKind::EventAttendance, 15),
            row(6, LedgerKind::BadgeAward, 30),
        ],
    }
}

fn answer(desk: &mut Desk, wanted: impl Fn(&GameCall) -> bool, with: GameAnswer) {
    desk.reply(is_game(wanted), Ok(Answer::Game(with)));
}

/// Staff at the leaderboard, on the row of Jo Mendoza.
fn at_board() -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("5");
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Board { .. }),
        GameAnswer::Board(board_at(612, pine_time::domain::board::Place::Skip(0), 300)),
    );
    for _ in 0..9 {
        desk.press("Down");
    }
    desk
}

/// The profile of Jo, with everything answered.
fn at_jo() -> Desk {
    let mut desk = at_board();
    desk.press("Enter");
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Card(_)),
        GameAnswer::Card(Box::new(jo())),
    );
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Ledger { .. }),
        GameAnswer::Ledger(rows()),
    );
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Facts(_)),
        GameAnswer::Facts(Box::new(facts())),
    );
    desk
}

fn is_write(call: &Call) -> bool {
    matches!(call, Call::Game(game) if game.nonce().is_some())
}

fn sent(desk: &Desk) -> (Nonce, GameCall) {
    match desk.newest(is_write) {
        Some((_, Call::Game(call))) => (call.nonce().unwrap(), call),
        other => panic!("{other:?}"),
    }
}

fn changed(outcome: PointsOutcome, points: i32, spendable: i64) -> PointsChanged {
    PointsChanged {
        outcome,
        transaction_id: Some(12),
        points,
        earned: 390,
        spendable,
    }
}

#[test]
fn a_row_of_the_leaderboard_opens_its_members_profile_and_esc_goes_back() {
    let mut desk = at_board();
    let effects = desk.press("Enter");
    let asked = calls(&effects);
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert!(asked.iter().all(|call| of_jo(call)), "{asked:?}");
    // Whose it is stands there before any answer.
    shows(&desk.screen(80, 24), &["Profile of Jo Ramos"]);
    let mut desk = at_jo();
    shows(
        &desk.screen(80, 24),
        &[
            "Profile of Jo Mendoza",
            "340 to spend",
            "rank 14 of 612",
            "Event Explorer",
            "carried chairs",
        ],
    );
    hides(&desk.screen(80, 24), &["p pass", "c connect"]);
    let effects = desk.press("Esc");
    assert!(
        matches!(calls(&effects).as_slice(), [Call::Game(GameCall::Board { .. })]),
        "{effects:?}"
    );
    hides(&desk.screen(80, 24), &["Profile of"]);
    // The cursor is where it was.
    let effects = desk.press("o");
    assert!(calls(&effects).iter().any(|call| of_jo(call)));
}

#[test]
fn a_row_of_an_events_people_opens_it_and_esc_goes_back_to_them() {
    let mut desk = at_people(80, 24);
    let effects = desk.press("o");
    let whose = calls(&effects).into_iter().find_map(|call| match call {
        Call::Game(GameCall::Card(Some(member))) => Some(*member),
        _ => None,
    });
    assert!(whose.is_some(), "{effects:?}");
    shows(&desk.screen(80, 24), &["Profile of"]);
    let effects = desk.press("Esc");
    assert!(calls(&effects).iter().any(|call| crate::people::is_page(call)));
    hides(&desk.screen(80, 24), &["Profile of"]);
}

#[test]
fn for_a_member_the_leaderboard_opens_nobody() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("5");
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Board { .. }),
        GameAnswer::Board(board_at(612, pine_time::domain::board::Place::Skip(0), 300)),
    );
    assert!(desk.press("Enter").is_empty());
    assert!(desk.press("o").is_empty());
    hides(&desk.screen(80, 24), &["Profile of", "o profile"]);
}

#[test]
fn an_empty_leaderboard_says_that_nobody_is_there() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("5");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["The leaderboard is not here yet."]);
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Board { .. }),
        GameAnswer::Board(board_at(0, pine_time::domain::board::Place::Skip(0), 300)),
    );
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["There is nobody under the cursor."]);
}

#[test]
fn the_faces_go_round_with_the_facts_among_them() {
    let mut desk = at_jo();
    desk.press("v");
    hides(&desk.screen(80, 24), &["Event Explorer"]);
    desk.press("v");
    shows(
        &desk.screen(80, 24),
        &[
            "What the levels stand on",
            "Event Explorer Gold",
            "by hand: Mira Santos, guid",
            "for 3",
            "taken back",
            "1/40",
        ],
    );
    desk.press("f");
    shows(&desk.screen(80, 24), &["The ledger is not on the screen."]);
    desk.press("End");
    shows(&desk.screen(80, 24), &["40/40", "Trivia Night: History"]);
    let effects = desk.press("v");
    assert!(
        matches!(
            calls(&effects).as_slice(),
            [Call::Game(GameCall::Weeks(Some(JO)))]
        ),
        "{effects:?}"
    );
    answer(
        &mut desk,
        |call| matches!(call, GameCall::Weeks(_)),
        any_answer(&GameCall::Weeks(None), 0),
    );
    shows(&desk.screen(80, 24), &["Points over a year"]);
    desk.press("v");
    shows(&desk.screen(80, 24), &["Event Explorer"]);
    let effects = desk.press("f");
    assert!(
        matches!(
            calls(&effects).as_slice(),
            [Call::Game(GameCall::Ledger {
                member: Some(JO),
                kind: Some(LedgerKind::EventAttendance),
                ..
            })]
        ),
        "{effects:?}"
    );
}

#[test]
fn points_are_awarded_with_a_reason_and_the_result_is_told() {
    let mut desk = at_jo();
    desk.press("a");
    shows(
        &desk.screen(80, 24),
        &["Award points: Jo Mendoza", "340 to spend"],
    );
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["This has to be filled."]);
    desk.write("many");
    desk.press("Tab");
    desk.write("carried chairs");
    desk.press("Ctrl+S");
    shows(
        &desk.screen(80, 24),
        &["Points are a whole number, 1 or more", "many"],
    );
    assert!(desk.newest(is_write).is_none());
    desk.press("Ctrl+U");
    desk.write("40");
    shows(&desk.screen(80, 24), &["then 380 are to spend"]);
    desk.press("Ctrl+S");
    let (_, call) = sent(&desk);
    assert!(
        matches!(&call, GameCall::ChangePoints { member: JO, change, .. }
            if *change == PointsChange::Award { points: 40, reason: "carried chairs".to_owned() }),
        "{call:?}"
    );
    let effects = desk.reply(
        is_write,
        Ok(Answer::Game(GameAnswer::Points(changed(
            PointsOutcome::Done,
            40,
            380,
        )))),
    );
    shows(&desk.screen(80, 24), &["Jo Mendoza: +40 points, 380 to spend."]);
    hides(&desk.screen(80, 24), &["Award points"]);
    assert!(
        calls(&effects).iter().any(|call| of_jo(call)),
        "the figures are asked for again"
    );
}

#[test]
fn a_redemption_says_what_is_to_spend_and_goes_no_further() {
    let mut desk = at_jo();
    desk.press("r");
    desk.write("400");
    shows(&desk.screen(80, 24), &["Only 340 are to spend."]);
    desk.press("Tab");
    desk.write("tote bag");
    desk.press("Ctrl+S");
    desk.reply(
        is_write,
        Ok(Answer::Game(GameAnswer::Points(changed(
            PointsOutcome::TooLittle,
            0,
            310,
        )))),
    );
    // Somebody spent thirty meanwhile: what is true now is told at the field, and what was typed stays.
    shows(
        &desk.screen(80, 24),
        &["Only 310 are to spend.", "400", "tote bag", "Redeem points"],
    );
    desk.press("Ctrl+U");
    desk.write("300");
    desk.press("Ctrl+S");
    assert!(matches!(
        sent(&desk).1,
        GameCall::ChangePoints {
            change: PointsChange::Redeem { points: 300, .. },
            ..
        }
    ));
    desk.reply(
        is_write,
        Err(Fault::Invalid {
            field: "reason".to_owned(),
            why: "Say what for.".into(),
        }),
    );
    shows(&desk.screen(80, 24), &["Say what for."]);
}

#[test]
fn an_adjustment_goes_either_way_and_is_never_nothing() {
    let mut desk = at_jo();
    desk.press("A");
    for (typed, wrong) in [
        ("0", true),
        ("1 000 001", true),
        ("1.5", true),
        ("−15", false),
        ("+7", false),
    ] {
        desk.press("Ctrl+U");
        desk.write(typed);
        desk.press("Tab");
        desk.press("Ctrl+U");
        desk.write("counted twice");
        desk.press("Ctrl+S");
        if wrong {
            assert!(desk.newest(is_write).is_none(), "{typed}");
            shows(&desk.screen(80, 24), &["Points are a whole number, not 0"]);
        } else {
            let points = if typed == "+7" { 7 } else { -15 };
            let call = sent(&desk).1;
            assert!(
                matches!(&call, GameCall::ChangePoints { change: PointsChange::Adjust { points: sent, .. }, .. } if *sent == points),
                "{call:?}"
            );
            desk.reply(
                is_write,
                Ok(Answer::Game(GameAnswer::Points(changed(
                    PointsOutcome::Done,
                    points,
                    340,
                )))),
            );
            desk.press("A");
        }
    }
}

#[test]
fn a_level_is_given_by_hand_and_one_that_stands_is_not() {
    let mut desk = at_jo();
    desk.press("b");
    shows(
        &desk.screen(80, 24),
        &[
            "Give a badge: Jo Mendoza",
            "‹ Event Explorer ›",
            "‹ Bronze ›",
            "they have Gold",
        ],
    );
    // A letter goes to what begins with it; a choice takes no text.
    desk.write("t");
    shows(&desk.screen(80, 24), &["‹ Trivia Master ›"]);
    desk.press("Left");
    desk.press("Left");
    shows(&desk.screen(80, 24), &["‹ Event Explorer ›"]);
    desk.press("Tab");
    shows(&desk.screen(80, 24), &["they have it since"]);
    desk.press("Tab");
    desk.write("guided walks");
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["They have this level already."]);
    assert!(desk.newest(is_write).is_none());
    // The cursor is at the level.
    desk.write("p");
    shows(&desk.screen(80, 24), &["‹ Platinum ›", "pays 50"]);
    desk.press("Ctrl+S");
    let (_, call) = sent(&desk);
    assert!(
        matches!(&call, GameCall::Grant { member: JO, badge: 1, level: 4, reason, .. } if reason == "guided walks"),
        "{call:?}"
    );
    let granted = |outcome, earned| Ok(Answer::Game(GameAnswer::Granted(Granted { outcome, earned })));
    desk.reply(is_write, granted(GrantOutcome::Already, None));
    shows(&desk.screen(80, 24), &["They have this level already."]);
    desk.press("Ctrl+S");
    let GameAnswer::Granted(Granted { earned, .. }) = any_answer(&call, 0) else {
        panic!()
    };
    desk.reply(is_write, granted(GrantOutcome::Granted, earned));
    shows(
        &desk.screen(80, 24),
        &["Jo Mendoza: Event Explorer Platinum, +30 points."],
    );
}

#[test]
fn what_staff_wrote_is_taken_back_and_nothing_else() {
    let mut desk = at_jo();
    desk.press("x");
    shows(
        &desk.screen(80, 24),
        &[
            "Take back: Jo Mendoza",
            "+40 points: carried chairs",
            "by Mira Santos",
        ],
    );
    desk.write("mistyped");
    desk.press("Enter");
    let (_, call) = sent(&desk);
    assert!(
        matches!(&call, GameCall::TakeBackPoints { transaction: 9, reason, .. } if reason == "mistyped"),
        "{call:?}"
    );
    desk.reply(
        is_write,
        Ok(Answer::Game(GameAnswer::Points(changed(
            PointsOutcome::TooLittle,
            0,
            12,
        )))),
    );
    shows(&desk.screen(80, 24), &["Only 12 are to spend."]);
    desk.press("Esc");
    desk.press("y");
    for (why, step) in [
        ("This was taken back before.", "Down"),
        ("Points of an event go back with its check-in.", "Down"),
        (
            "A level given by hand is taken back where the levels stand",
            "Down",
        ),
    ] {
        desk.press(step);
        desk.press("x");
        shows(&desk.screen(80, 24), &[why]);
        hides(&desk.screen(80, 24), &["Take back: Jo Mendoza"]);
    }
}

#[test]
fn a_level_given_by_hand_is_taken_back_where_the_levels_stand() {
    let mut desk = at_jo();
    desk.press("v");
    desk.press("v");
    desk.press("x");
    shows(
        &desk.screen(80, 24),
        &["Only a level given by hand is taken back here."],
    );
    desk.press("Down");
    desk.press("x");
    shows(
        &desk.screen(80, 24),
        &[
            "Take a level back: Jo Mendoza",
            "Event Explorer Gold",
            "for: guided five walks",
        ],
    );
    desk.write("wrong member");
    desk.press("Enter");
    let (_, call) = sent(&desk);
    assert!(
        matches!(&call, GameCall::TakeBackLevel { award: 30, reason, .. } if reason == "wrong member"),
        "{call:?}"
    );
    let taken = |again| {
        Ok(Answer::Game(GameAnswer::LevelTaken(LevelTaken {
            points: changed(PointsOutcome::Done, -30, 310),
            again,
        })))
    };
    desk.reply(is_write, taken(false));
    shows(&desk.screen(80, 24), &["Jo Mendoza: −30 points, 310 to spend."]);
    desk.press("x");
    desk.write("again");
    desk.press("Enter");
    desk.reply(is_write, taken(true));
    shows(
        &desk.screen(80, 24),
        &["Event Explorer Gold came again by what they did."],
    );
    for why in [
        "This level came by what they did",
        "This level was taken back before.",
    ] {
        desk.press("Down");
        desk.press("x");
        shows(&desk.screen(80, 24), &[why]);
    }
}

#[test]
fn answers_about_somebody_who_is_not_looked_at_any_more_are_dropped() {
    let mut desk = at_board();
    desk.press("Enter");
    let (card, _) = desk
        .newest(is_game(|call| matches!(call, GameCall::Card(_))))
        .unwrap();
    let (ledger, _) = desk
        .newest(is_game(|call| matches!(call, GameCall::Ledger { .. })))
        .unwrap();
    desk.press("Esc");
    desk.press("Up");
    desk.press("Enter");
    let before = desk.screen(80, 24);
    desk.reply_to(card, Ok(Answer::Game(GameAnswer::Card(Box::new(jo())))));
    desk.reply_to(ledger, Ok(Answer::Game(GameAnswer::Ledger(rows()))));
    hides(&desk.screen(80, 24), &["340 to spend", "carried chairs", "Jo "]);
    assert_eq!(desk.screen(80, 24), before);
    // Another's points are never shown as one's own.
    let mut desk = at_jo();
    desk.press("4");
    hides(&desk.screen(80, 24), &["Jo Mendoza"]);
}

#[test]
fn without_a_link_it_is_kept_and_the_forms_say_why_not() {
    let mut desk = at_jo();
    desk.fire(Timer::Poll);
    desk.reply(is_game(|call| matches!(call, GameCall::Card(_))), Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["as of", "Event Explorer", "Profile of Jo Mendoza"],
    );
    for key in ["a", "r", "A", "b", "x"] {
        let effects = desk.press(key);
        assert!(writes(&effects).is_empty());
        shows(&desk.screen(80, 24), &["This needs the database"]);
    }
    // A form that was open keeps what was typed, and sends the same press again.
    let mut desk = at_jo();
    desk.press("a");
    desk.write("40");
    desk.press("Tab");
    desk.write("chairs");
    desk.press("Enter");
    let (first, _) = sent(&desk);
    desk.reply(is_write, Err(Fault::Slow));
    shows(&desk.screen(80, 24), &["Nothing was done.", "chairs"]);
    desk.press("Ctrl+S");
    assert_eq!(sent(&desk).0, first);
}

#[test]
fn a_tab_keeps_its_visitor_and_the_tab_again_lets_them_go() {
    let mut desk = at_jo();
    desk.press("1");
    hides(&desk.screen(80, 24), &["Profile of Jo Mendoza"]);
    desk.press("5");
    shows(&desk.screen(80, 24), &["Profile of Jo Mendoza"]);
    desk.press("5");
    hides(&desk.screen(80, 24), &["Profile of Jo Mendoza"]);
    // Whoever signs in next sees nobody.
    let mut desk = at_jo();
    desk.press("Ctrl+O");
    desk.sign_in(UserType::Regular);
    desk.press("5");
    hides(&desk.screen(80, 24), &["Jo Mendoza"]);
}
