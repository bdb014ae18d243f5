//! The leaderboard, and the card with what was earned.

use std::time::Duration;

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::domain::board::{BoardPage, TypeBoard};
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::ledger::{Celebration, LedgerKind, News};
use pine_time::domain::member::UserType;
use pine_time::domain::seats::{SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call, Fault};
use pine_time::ui::Theme;

use crate::fixtures::{Desk, board, board_at, events, manila, offline, ranked, text_of};
use crate::pictures::slow;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 16)];
const MEMBER: UserType = UserType::Regular;

fn is_board(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Board { .. }))
}

fn deal(desk: &mut Desk, members: i64) {
    let Some((request, Call::Game(GameCall::Board { place, most, .. }))) = desk.newest(is_board) else {
        panic!("no rows are asked for")
    };
    let page = board_at(members, place, most);
    desk.reply_to(request, Ok(Answer::Game(GameAnswer::Board(page))));
}

#[test]
fn leaderboard() {
    for (width, height) in SIZES {
        let picture = |name: &str, desk: &Desk| {
            assert_snapshot!(format!("board_{width}_{name}"), desk.screen(width, height));
        };
        let mut desk = Desk::signed_in(MEMBER, width, height);
        desk.press("5");
        slow(&mut desk);
        picture("loading", &desk);
        deal(&mut desk, 340);
        picture("all_time", &desk);
        desk.press("l");
        deal(&mut desk, 340);
        picture("month", &desk);
        desk.press("l");
        deal(&mut desk, 0);
        picture("empty", &desk);
        desk.press("[");
        desk.reply(is_board, Err(Fault::Internal));
        desk.quiet();
        picture("failed", &desk);
        desk.press("h");
        deal(&mut desk, 1_234_567);
        desk.press("End");
        deal(&mut desk, 1_234_567);
        picture("end", &desk);
        desk.fire(Timer::Poll);
        desk.reply(is_board, Err(offline()));
        desk.quiet();
        picture("offline", &desk);
    }
}

#[test]
fn a_board_from_a_standby_says_how_old_it_is() {
    let mut desk = Desk::signed_in(MEMBER, 80, 24);
    desk.press("5");
    let ages = [
        (0, "members · copy, up to date"),
        (12, "members · copy, 12 s old"),
        (600, "members · copy, 10 min old"),
        (9000, "members · copy, 2 h old"),
        (400_000, "members · copy, 4 days old"),
    ];
    for (seconds, says) in ages {
        let answer = Box::new(Answer::Game(GameAnswer::Board(board(9, 0, 340))));
        let behind = Duration::from_secs(seconds);
        desk.reply(is_board, Ok(Answer::FromStandby { answer, behind }));
        desk.quiet();
        let screen = desk.screen(80, 24);
        assert!(screen.contains(says), "{screen}");
        if seconds == 12 {
            assert_snapshot!("board_80_from_a_standby", screen);
        }
        desk.fire(Timer::Poll);
    }
    // The database itself answers: nothing of a copy stands there.
    deal(&mut desk, 340);
    let screen = desk.screen(80, 24);
    assert!(
        screen.contains("members · live") && !screen.contains("copy"),
        "{screen}"
    );
}

#[test]
fn leaderboard_choices() {
    for (width, height) in SIZES {
        let picture = |name: &str, desk: &Desk| {
            assert_snapshot!(format!("board_{width}_{name}"), desk.screen(width, height));
        };
        let mut desk = Desk::signed_in(MEMBER, width, height);
        desk.press("5");
        let without = BoardPage {
            me: None,
            ..board(9, 0, 300)
        };
        desk.reply(is_board, Ok(Answer::Game(GameAnswer::Board(without))));
        picture("without_me", &desk);
        desk.press("/");
        picture("finding", &desk);
        desk.write("di");
        let hits = [3, 135, 267].map(|at| ranked(340, at)).to_vec();
        desk.reply(
            |call| matches!(call, Call::Game(GameCall::Find { .. })),
            Ok(Answer::Game(GameAnswer::Found(hits))),
        );
        picture("found", &desk);
        desk.press("Esc");
        desk.press("t");
        let types = [(1, "trivia"), (2, "board games"), (3, "hike")];
        let types = types.map(|(id, name)| TypeBoard {
            id,
            name: name.into(),
        });
        desk.reply(
            |call| matches!(call, Call::Game(GameCall::TypeBoards)),
            Ok(Answer::Game(GameAnswer::TypeBoards(types.to_vec()))),
        );
        picture("types", &desk);
        desk.press("Down");
        desk.press("Enter");
        deal(&mut desk, 44);
        picture("of_a_type", &desk);
    }
}

#[test]
fn glyphs_have_twins() {
    let mut desk = Desk::signed_in(MEMBER, 80, 24);
    desk.press("5");
    deal(&mut desk, 340);
    desk.press("l");
    deal(&mut desk, 340);
    let buffer = desk.buffer(80, 24, &Theme::plain().ascii(true));
    assert_snapshot!("board_ascii", text_of(&buffer));
}

fn earned(rows: Vec<News>, width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(MEMBER, width, height);
    desk.with_events(events());
    desk.reply(
        |call| matches!(call, Call::Seats(SeatsCall::News)),
        Ok(Answer::Seats(SeatsAnswer::News(Vec::new()))),
    );
    let celebration = Celebration {
        through: 42,
        points: rows.iter().map(|news| i64::from(news.points)).sum(),
        rows,
    };
    desk.reply(
        |call| matches!(call, Call::Game(GameCall::Celebrate)),
        Ok(Answer::Game(GameAnswer::Celebration(celebration))),
    );
    desk
}

#[test]
fn what_was_earned() {
    let one = |kind, points, description: &str| News {
        points,
        transaction_type: kind,
        description: description.into(),
        transaction_date: Some(manila("2026-11-26 19:00")),
    };
    let evening = vec![
        one(LedgerKind::EventAttendance, 15, "Attended Trivia Night: Science"),
        one(LedgerKind::StreakBonus, 25, "Streak, week 6"),
        one(LedgerKind::BadgeAward, 30, "Event Explorer Gold"),
        one(LedgerKind::BadgeAward, 0, "Consistent Attendee Diamond"),
        one(
            LedgerKind::SpecialActivity,
            1_500,
            "Painted the scenery of the Manor Murder, both sides of it, in one night",
        ),
    ];
    let many: Vec<News> = (1..40)
        .map(|night| {
            one(
                LedgerKind::EventAttendance,
                15,
                &format!("Attended Trivia Night {night}"),
            )
        })
        .collect();
    for (width, height) in SIZES {
        let desk = earned(evening.clone(), width, height);
        assert_snapshot!(format!("earned_{width}"), desk.screen(width, height));
        let desk = earned(many.clone(), width, height);
        assert_snapshot!(format!("earned_{width}_many"), desk.screen(width, height));
    }
}
