//! Names that want to do something to the terminal: columns stay where they are, and nothing unsafe is in the frame.

use pine_time::app::effect::Timer;
use pine_time::domain::check_in::{Door, Outcome, Standing};
use pine_time::domain::event::RegistrationStatus;
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::member::UserType;
use pine_time::domain::safe_text::may_stand;
use pine_time::domain::seats::{
    Attendee, Attendees, MyLine, MyRegistration, MyRegistrations, News, SeatsAnswer, SeatsCall,
};
use pine_time::domain::{Answer, Call, SafeText};
use pine_time::ui::Theme;
use ratatui::buffer::{Buffer, CellWidth};

use crate::fixtures::{
    Desk, board, candidate, checked_in, door, event, ledger, now, page, present, profile, text_of,
};
use crate::game_fixtures::card;
use crate::seat_fixtures::{my_registration, my_registrations};

pub(crate) fn names() -> Vec<String> {
    vec![
        "Ana Reyes".to_owned(),
        "\u{1b}[2J\u{1b}[31mRed\u{7}".to_owned(),
        "\u{1b}]52;c;cm0gLXJm\u{7}Clip".to_owned(),
        "\u{202e}desrever\u{202c} \u{2066}iso\u{2069}".to_owned(),
        "ze\u{200b}ro\u{200d}wi\u{feff}dth".to_owned(),
        "L".repeat(500),
        "日本語の名前がとても長い場合どうなるか見てみましょうそうしましょう".to_owned(),
        "👩🏽‍🚀🇵🇭👨‍👩‍👧‍👦 emoji".to_owned(),
        "Z\u{335}\u{336}\u{337}\u{338}\u{339}\u{33a}\u{33b}\u{33c}algo".to_owned(),
        "ｱｲｳｴｵﾞﾟ half".to_owned(),
        "line\nbreak\ttab\r\nreturn".to_owned(),
        "\u{e0041}\u{e0042}tags\u{f8ff}private".to_owned(),
        "العربية والعبرية עברית".to_owned(),
        "ก็็็็็็็็็็ thai".to_owned(),
    ]
}

#[track_caller]
pub(crate) fn all_safe(buffer: &Buffer, place: &str) {
    for y in 0..buffer.area.height {
        let mut covered = 0;
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            assert!(may_stand(symbol), "{place}: {symbol:?} at {x}, {y}");
            if covered > 0 {
                covered -= 1;
            } else {
                covered = symbol.cell_width().saturating_sub(1);
                let end = x + symbol.cell_width();
                assert!(
                    end <= buffer.area.width,
                    "{place}: {symbol:?} hangs over the edge in row {y}"
                );
            }
        }
    }
}

/// The symbol at a column of a row.
fn at(buffer: &Buffer, x: u16, y: u16) -> &str {
    buffer[(x, y)].symbol()
}

#[test]
fn on_the_leaderboard_points_stay_in_their_column() {
    let names = names();
    let mut page = board(i64::try_from(names.len()).unwrap(), 0, 200);
    for (row, name) in page.rows.iter_mut().zip(&names) {
        row.full_name = SafeText::line(name);
        row.username = SafeText::line(name);
        row.points = 111;
    }
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("5");
    desk.reply(
        |call| matches!(call, Call::Game(GameCall::Board { .. })),
        Ok(Answer::Game(GameAnswer::Board(page))),
    );
    let buffer = desk.buffer(80, 24, &Theme::terminal());
    all_safe(&buffer, "leaderboard");
    for y in 5..5 + u16::try_from(names.len()).unwrap() {
        let points: String = (75..78).map(|x| at(&buffer, x, y)).collect();
        assert_eq!(points, "111", "row {y}\n{}", text_of(&buffer));
        assert_eq!(at(&buffer, 74, y), " ", "row {y}");
    }
}

#[test]
fn at_the_door_state_and_code_stay_in_their_columns() {
    let found: Vec<_> = names()
        .iter()
        .enumerate()
        .map(|(id, name)| candidate(i32::try_from(id).unwrap(), name, name, Standing::Registered))
        .collect();
    let count = found.len();
    let mut desk = Desk::signed_in(UserType::Staff, 80, 40);
    desk.at_the_door();
    let crowd = names().into_iter().map(|name| present(&name, &name, false));
    let crowd = Door {
        present: crowd.chain([present("door 2", "Mira", true)]).collect(),
        ..door()
    };
    desk.fire(Timer::Poll);
    desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(crowd)));
    desk.find("a", found);
    for _ in 0..count {
        let buffer = desk.buffer(80, 40, &Theme::terminal());
        all_safe(&buffer, "door");
        for y in 6..13 {
            let state: String = (45..55).map(|x| at(&buffer, x, y)).collect();
            assert_eq!(state, "registered", "row {y}\n{}", text_of(&buffer));
            let code: String = (68..79).map(|x| at(&buffer, x, y)).collect();
            assert_eq!(code, "R6K2F-9TQ4M", "row {y}");
        }
        desk.press("Down");
    }
}

#[test]
fn among_my_registrations_the_state_stays_in_its_column_and_the_card_in_its_box() {
    let rows: Vec<MyLine> = names()
        .iter()
        .zip(1..)
        .map(|(name, id)| {
            let mut line = event(id, name, "2026-11-28 10:00", 2);
            line.location = SafeText::line(name);
            MyLine {
                cancel_reason: None,
                event: line,
                registration: MyRegistration {
                    status_reason: Some(SafeText::line(name)),
                    news: Some(News::Promoted),
                    news_at: Some(now()),
                    ..my_registration(RegistrationStatus::Registered)
                },
            }
        })
        .collect();
    for (width, state) in [(80, 62), (120, 54)] {
        let mut desk = Desk::signed_in(UserType::Regular, width, 60);
        desk.press("2");
        desk.reply(
            |call| matches!(call, Call::Seats(SeatsCall::Mine { .. })),
            Ok(Answer::Seats(SeatsAnswer::Mine(MyRegistrations {
                rows: rows.clone(),
                ..my_registrations()
            }))),
        );
        let buffer = desk.buffer(width, 60, &Theme::terminal());
        all_safe(&buffer, "registrations");
        let states = (4..57).filter(|y| at(&buffer, state, *y) == "✓").count();
        let lines = (4..57).filter(|y| at(&buffer, 1, *y) == "S").count();
        assert!(
            lines > 5 && states == lines,
            "{states} of {lines}\n{}",
            text_of(&buffer)
        );
        desk.reply(
            |call| matches!(call, Call::Seats(SeatsCall::News)),
            Ok(Answer::Seats(SeatsAnswer::News(rows.clone()))),
        );
        for _ in &rows {
            let buffer = desk.buffer(width, 60, &Theme::terminal());
            all_safe(&buffer, "news");
            let text = text_of(&buffer);
            assert!(
                text.contains("You have a seat now") && text.contains("Enter seen"),
                "{text}"
            );
            desk.press("Down");
        }
    }
}

#[test]
fn everywhere_else_nothing_unsafe_gets_through() {
    for name in names() {
        let text = SafeText::line(&name);
        for (width, height) in [(80, 24), (120, 40), (60, 16)] {
            let mut desk = Desk::signed_in(UserType::Staff, width, height);
            let mut line = event(6, &name, "2026-11-27 18:30", 2);
            line.location = text.clone();
            line.event_type = text.clone();
            desk.with_events(vec![line.clone(); 5]);
            let theme = Theme::terminal();
            all_safe(&desk.buffer(width, height, &theme), "month");
            desk.press("v");
            all_safe(&desk.buffer(width, height, &theme), "week");
            desk.press("v");
            all_safe(&desk.buffer(width, height, &theme), "agenda");
            desk.press("f");
            desk.reply(
                |call| matches!(call, Call::EventTypes),
                Ok(Answer::EventTypes(vec![text.clone()])),
            );
            desk.press("Right");
            all_safe(&desk.buffer(width, height, &theme), "filter");
            desk.press("Enter");
            all_safe(&desk.buffer(width, height, &theme), "filtered");
            desk.press("r");
            all_safe(&desk.buffer(width, height, &theme), "question");
            desk.press("Esc");
            desk.press("Enter");
            let mut page = page(line);
            page.description = SafeText::paragraphs(&format!("{name}\n{name} {name}"));
            page.organiser = Some(text.clone());
            desk.reply(
                |call| matches!(call, Call::Event(_)),
                Ok(Answer::Event(page.clone())),
            );
            desk.reply(
                |call| matches!(call, Call::Seats(_)),
                Ok(Answer::Seats(SeatsAnswer::Attendees(Attendees {
                    rows: vec![
                        Attendee {
                            name: text.clone(),
                            is_me: false,
                        };
                        3
                    ],
                    next: None,
                    total: 9,
                }))),
            );
            all_safe(&desk.buffer(width, height, &theme), "event page");
            desk.press("End");
            all_safe(&desk.buffer(width, height, &theme), "event page, its end");
            desk.press("End");
            all_safe(&desk.buffer(width, height, &theme), "event page, its end");
            desk.press("e");
            desk.reply(|call| matches!(call, Call::Event(_)), Ok(Answer::Event(page)));
            desk.reply(
                |call| matches!(call, Call::EventTypes),
                Ok(Answer::EventTypes(vec![text.clone()])),
            );
            all_safe(&desk.buffer(width, height, &theme), "form");
            desk.press("Esc");
            // A title longer than the column holds is cut in the form: that is a change.
            desk.press("y");
            desk.press("3");
            desk.reply(
                |call| matches!(call, Call::Events { .. }),
                Ok(Answer::Events(vec![event(6, &name, "2026-11-27 18:30", 2)])),
            );
            let mut at_door = door();
            at_door.title = text.clone();
            for attempt in &mut at_door.attempts {
                attempt.full_name = Some(text.clone());
                attempt.device = text.clone();
            }
            desk.reply(|call| matches!(call, Call::Door(_)), Ok(Answer::Door(at_door)));
            desk.send(pine_time::app::msg::Msg::Paste(name.clone()));
            desk.press("Esc");
            desk.find("x", vec![candidate(1, &name, &name, Standing::In)]);
            desk.press("Enter");
            let mut answer = checked_in(Outcome::Already);
            if let Some(member) = &mut answer.member {
                member.full_name = text.clone();
            }
            if let Some(first) = &mut answer.first {
                first.device = Some(text.clone());
                first.operator = Some(text.clone());
            }
            desk.reply(
                |call| matches!(call, Call::CheckIn { .. }),
                Ok(Answer::CheckedIn(answer)),
            );
            all_safe(&desk.buffer(width, height, &theme), "door");
            desk.press("F6");
            all_safe(&desk.buffer(width, height, &theme), "picker");
            desk.press("Esc");
            desk.press("Alt+4");
            let mut mine = profile();
            mine.full_name = text.clone();
            mine.username = text.clone();
            desk.reply(|call| matches!(call, Call::Profile), Ok(Answer::Profile(mine)));
            let mut one = card();
            one.full_name = text.clone();
            one.username = text.clone();
            for badge in &mut one.badges {
                badge.name = text.clone();
                badge.level_name = Some(text.clone());
            }
            desk.reply(
                |call| matches!(call, Call::Game(GameCall::Card(_))),
                Ok(Answer::Game(GameAnswer::Card(Box::new(one)))),
            );
            let mut rows = ledger(30, None, 100);
            for row in &mut rows.rows {
                row.description = text.clone();
            }
            desk.reply(
                |call| matches!(call, Call::Game(GameCall::Ledger { .. })),
                Ok(Answer::Game(GameAnswer::Ledger(rows))),
            );
            let buffer = desk.buffer(width, height, &theme);
            all_safe(&buffer, "profile");
            let ascii = desk.buffer(width, height, &theme.clone().ascii(true));
            assert!(ascii.content.iter().all(|cell| cell.symbol().is_ascii()));
        }
    }
}

#[test]
fn a_box_over_wide_letters_leaves_no_half_of_one() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    let wide = "日本語".repeat(20);
    desk.with_events(
        (0..30)
            .map(|id| event(id, &wide, "2026-11-27 18:30", 2))
            .collect(),
    );
    for shift in ["", " "] {
        let lines = (0..30)
            .map(|id| event(id, &format!("{shift}{wide}"), "2026-11-27 18:30", 2))
            .collect();
        desk.press("F5");
        desk.with_events(lines);
        desk.press("v");
        desk.press("v");
        desk.press("Ctrl+P");
        let buffer = desk.buffer(80, 24, &Theme::terminal());
        all_safe(&buffer, "palette");
        // The borders stand in one column each.
        for y in 3..19 {
            assert_eq!(at(&buffer, 7, y), "│", "row {y}\n{}", text_of(&buffer));
            assert_eq!(at(&buffer, 72, y), "│", "row {y}\n{}", text_of(&buffer));
            assert!(
                at(&buffer, 6, y).cell_width() < 2,
                "row {y}\n{}",
                text_of(&buffer)
            );
        }
        desk.press("Esc");
    }
}

#[test]
fn marks_that_are_typed_one_by_one_pile_up_in_no_field() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(vec![event(6, "Trivia", "2026-11-27 18:30", 2)]);
    let theme = Theme::terminal();
    for open in ["/", "n", "3", "Ctrl+P"] {
        desk.press(open);
        desk.press("e");
        for _ in 0..50 {
            for mark in ["\u{336}", "\u{489}", "\u{11a8}"] {
                desk.press(mark);
            }
        }
        let buffer = desk.buffer(80, 24, &theme);
        all_safe(&buffer, open);
        assert!(
            text_of(&buffer).contains("e\u{336}"),
            "{open}: it is typed\n{}",
            text_of(&buffer)
        );
        desk.press("Esc");
        desk.press("y");
        desk.press("Esc");
    }
}
