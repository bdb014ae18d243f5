//! The leaderboard: periods and types, the window of rows and its cursor, names, and the file.

use pine_time::app::effect::{Effect, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::board::{Board, BoardPage, Place, Ranked, TypeBoard};
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, board, board_at, community, offline, ranked};
use crate::{calls, hides, shows};

fn is_board(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Board { .. }))
}

fn is_find(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Find { .. }))
}

fn is_types(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::TypeBoards))
}

fn page(page: BoardPage) -> Answer {
    Answer::Game(GameAnswer::Board(page))
}

/// What the newest call for rows asks for.
#[track_caller]
fn asked(desk: &Desk) -> (Board, Place, i32) {
    match desk.newest(is_board) {
        Some((_, Call::Game(GameCall::Board { board, place, most }))) => (board, place, most),
        other => panic!("{other:?}"),
    }
}

/// Answers the call for rows that waits, as a board of so many members would.
#[track_caller]
fn deal(desk: &mut Desk, members: i64) -> Vec<Effect> {
    let (_, place, most) = asked(desk);
    desk.reply(is_board, Ok(page(board_at(members, place, most))))
}

fn leaderboard(members: i64) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("5");
    deal(&mut desk, members);
    desk
}

fn this_month(members: i64) -> Desk {
    let mut desk = leaderboard(members);
    desk.press("l");
    deal(&mut desk, members);
    desk
}

/// The line of the screen that shows this.
#[track_caller]
fn line(desk: &Desk, text: &str) -> String {
    let screen = desk.screen(80, 24);
    let found = screen.lines().find(|line| line.contains(text));
    found
        .unwrap_or_else(|| panic!("nothing shows {text:?}:\n{screen}"))
        .to_owned()
}

/// Which row of the list is marked, by its colours.
fn marked(desk: &Desk) -> String {
    let theme = pine_time::ui::Theme::terminal();
    let buffer = desk.buffer(80, 24, &theme);
    let y = (0..24)
        .find(|y| Some(buffer[(5, *y)].bg) == theme.selection.bg)
        .expect("a row is marked");
    (0..80).map(|x| buffer[(x, y)].symbol()).collect()
}

#[test]
fn the_top_on_entry_with_medals_ties_and_the_own_row() {
    let desk = leaderboard(340);
    shows(
        &desk.screen(80, 24),
        &[
            "All time",
            "340 members · live",
            "1 ★  Ana Aquino",
            "=2 ★  Bea Bautista",
            "=2 ★  Carlo Cruz",
            "4    Dina Diaz",
            "14    Ana Reyes  you",
        ],
    );
    assert!(marked(&desk).contains("Ana Aquino"));
    // There is no period before all time: nobody has moved.
    hides(&desk.screen(80, 24), &["▲", "▼", "new"]);
}

#[test]
fn periods_are_chosen_and_named_and_tell_who_moved() {
    let mut desk = leaderboard(340);
    for (key, which, name) in [
        ("l", Board::Month, "November 2026"),
        ("[", Board::LastMonth, "October 2026"),
        ("]", Board::Month, "November 2026"),
        ("Right", Board::Week, "Week of Mon 23 Nov"),
        ("[", Board::LastWeek, "Week of Mon 16 Nov"),
        ("Right", Board::All, "All time"),
        ("Left", Board::Week, "Week of Mon 23 Nov"),
        ("h", Board::Month, "November 2026"),
    ] {
        desk.press(key);
        assert_eq!(asked(&desk), (which, Place::Skip(0), 300));
        deal(&mut desk, 340);
        shows(&desk.screen(80, 24), &[name, "340 members"]);
    }
    assert!(line(&desk, "Ana Aquino").contains("▲2"));
    assert!(line(&desk, "Bea Bautista").contains("▼1"));
    assert!(line(&desk, "Carlo Cruz").contains('·'));
    assert!(line(&desk, "Dina Diaz").contains("new"));
}

#[test]
fn what_a_period_has_not_is_said() {
    let mut desk = leaderboard(20);
    for (keys, said) in [
        (&["["][..], "All time has no previous period."),
        (&["]"], "All time has no running period."),
        (&["l", "]"], "This is the running one."),
        (&["[", "["], "The board goes no further back."),
    ] {
        for key in keys {
            desk.press(key);
            if desk.newest(is_board).is_some() {
                deal(&mut desk, 20);
            }
        }
        shows(&desk.screen(80, 24), &[said]);
    }
}

#[test]
fn another_period_begins_at_its_top_and_an_answer_to_the_one_before_is_dropped() {
    let mut desk = leaderboard(340);
    desk.press("End");
    deal(&mut desk, 340);
    desk.press("l");
    let (late, _) = desk.newest(is_board).unwrap();
    desk.press("l");
    desk.reply_to(late, Ok(page(board(7, 0, 300))));
    // The rows of the board before stay until there are others; its count does not.
    hides(&desk.screen(80, 24), &["7 members", "340 members"]);
    deal(&mut desk, 12);
    shows(&desk.screen(80, 24), &["Week of", "12 members", "Ana Aquino"]);
    assert!(marked(&desk).contains("Ana Aquino"));
}

#[test]
fn the_board_before_does_not_stand_in_for_one_that_failed() {
    let mut desk = leaderboard(340);
    desk.press("l");
    desk.reply(is_board, Err(offline()));
    let screen = desk.screen(80, 24);
    shows(&screen, &["November 2026", "does not answer"]);
    hides(&screen, &["Ana Aquino"]);
    desk.press("F5");
    deal(&mut desk, 9);
    shows(&desk.screen(80, 24), &["9 members"]);
}

#[test]
fn the_own_row_is_pinned_when_out_of_view_and_m_goes_there() {
    let mut desk = leaderboard(5000);
    for _ in 0..3 {
        desk.press("PgDn");
    }
    shows(&desk.screen(80, 24), &["14    Ana Reyes  you"]);
    assert!(!marked(&desk).contains("Ana Reyes"));
    desk.press("m");
    assert_eq!(asked(&desk).1, Place::Around(MemberId(3)));
    deal(&mut desk, 5000);
    assert!(marked(&desk).contains("14    Ana Reyes  you"));
    shows(&desk.screen(80, 24), &["13    Ana Bautista"]);
}

#[test]
fn whoever_is_left_out_stands_where_they_would_and_is_told() {
    let mut desk = leaderboard(340);
    desk.press("m");
    let mut hidden = board_at(340, Place::Around(MemberId(3)), 300);
    hidden.rows.retain(|row| row.user_id != MemberId(3));
    desk.reply(is_board, Ok(page(hidden)));
    shows(
        &desk.screen(80, 24),
        &["Others do not see you on the board", "14    Ana Reyes  you"],
    );
    assert!(marked(&desk).contains(" 15    "));
}

#[test]
fn staff_and_members_without_points_have_no_row_and_are_told_so() {
    for (kind, said) in [
        (
            UserType::Staff,
            "You have no row here; staff are not on the leaderboard.",
        ),
        (UserType::Regular, "You have no points on this board."),
    ] {
        let mut desk = Desk::signed_in(kind, 80, 24);
        desk.press("5");
        desk.press("m");
        shows(&desk.screen(80, 24), &["The leaderboard is not here yet."]);
        let without = BoardPage {
            me: None,
            ..board(340, 0, 300)
        };
        desk.reply(is_board, Ok(page(without)));
        desk.quiet();
        let pinned = desk.screen(80, 24).contains("You have no points on this board.");
        assert_eq!(pinned, kind == UserType::Regular);
        desk.press("m");
        assert!(desk.newest(is_board).is_none());
        shows(&desk.screen(80, 24), &[said]);
    }
}

#[test]
fn more_rows_are_asked_for_as_the_cursor_comes_near_either_end() {
    let mut desk = leaderboard(5000);
    assert!(desk.newest(is_board).is_none(), "the top is here");
    while desk.newest(is_board).is_none() {
        desk.press("PgDn");
    }
    assert_eq!(asked(&desk).1, Place::Behind(MemberId(1299)));
    // Meanwhile the cursor goes on, at most to the end of what is here.
    for _ in 0..9 {
        desk.press("PgDn");
    }
    assert!(marked(&desk).contains("user299"));
    deal(&mut desk, 5000);
    desk.press("Down");
    assert!(marked(&desk).contains("user300"));
    desk.press("End");
    assert_eq!(asked(&desk).1, Place::Skip(4700));
    deal(&mut desk, 5000);
    assert!(marked(&desk).contains("5,000"));
    while desk.newest(is_board).is_none() {
        desk.press("PgUp");
    }
    assert_eq!(asked(&desk).1, Place::Before(MemberId(1000 + 4700)));
    let before = marked(&desk);
    deal(&mut desk, 5000);
    assert_eq!(marked(&desk), before, "rows above do not move the cursor");
    for _ in 0..20 {
        desk.press("PgUp");
    }
    shows(&marked(&desk), &["user4"]);
    desk.press("Home");
    deal(&mut desk, 5000);
    assert!(marked(&desk).contains("user0"));
    assert!(desk.newest(is_board).is_none());
}

#[test]
fn an_end_that_moved_is_not_asked_for_for_ever() {
    let mut desk = leaderboard(5000);
    while desk.newest(is_board).is_none() {
        desk.press("PgDn");
    }
    // All of them have climbed meanwhile: nothing new comes.
    let none = BoardPage {
        skipped: None,
        ..board(5000, 0, 300)
    };
    desk.reply(is_board, Ok(page(none)));
    assert!(desk.newest(is_board).is_none());
    // Who stood at the end has left the board: the rows around the cursor are asked for again.
    desk.fire(Timer::Poll);
    deal(&mut desk, 5000);
    while desk.newest(is_board).is_none() {
        desk.press("PgDn");
    }
    desk.reply(is_board, Ok(page(board(5000, 0, 300))));
    assert!(matches!(asked(&desk).1, Place::Around(_)));
}

#[test]
fn a_look_every_five_seconds_keeps_the_row_and_its_place() {
    let mut desk = leaderboard(340);
    for _ in 0..4 {
        desk.press("Down");
    }
    desk.fire(Timer::Poll);
    assert_eq!(asked(&desk).1, Place::Skip(0), "the top is in view");
    let mut moved = board(340, 0, 300);
    let fifth = moved.rows.remove(4);
    moved.rows.insert(9, fifth.clone());
    desk.reply(is_board, Ok(page(moved)));
    assert!(marked(&desk).contains(fifth.username.as_str()));
    shows(&desk.screen(80, 24), &["user0"]);
    // Further down it is held where it stands in the window, whatever comes before it.
    for _ in 0..5 {
        desk.press("PgDn");
    }
    let (row, screen) = (marked(&desk), desk.screen(80, 24));
    desk.fire(Timer::Poll);
    assert!(matches!(asked(&desk).1, Place::Around(_)));
    deal(&mut desk, 340);
    assert_eq!(marked(&desk), row);
    assert_eq!(desk.screen(80, 24), screen);
}

#[test]
fn when_the_marked_member_leaves_the_cursor_stays_where_they_stood() {
    let mut desk = leaderboard(5000);
    for _ in 0..10 {
        desk.press("PgDn");
    }
    let row = marked(&desk);
    desk.fire(Timer::Poll);
    // They are not on it any more: its top is answered.
    desk.reply(is_board, Ok(page(board(5000, 0, 300))));
    assert_eq!(asked(&desk).1, Place::Skip(0));
    deal(&mut desk, 5000);
    assert_eq!(marked(&desk), row);
}

#[test]
fn a_lost_link_keeps_the_board_and_says_how_old_it_is() {
    let mut desk = leaderboard(340);
    desk.fire(Timer::Poll);
    desk.reply(is_board, Err(offline()));
    let screen = desk.screen(80, 24);
    shows(&screen, &["340 members · as of 18:52", "Ana Aquino"]);
    hides(&screen, &["members · live"]);
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["A file needs the database"]);
}

#[test]
fn an_empty_board_says_how_it_fills() {
    let mut desk = leaderboard(0);
    shows(&desk.screen(80, 24), &["Nobody has points yet.", "0 members"]);
    for (key, said) in [
        ("l", "Nobody has points this month yet."),
        ("[", "Nobody earned points in October 2026."),
        ("l", "Nobody has points this week yet."),
        ("[", "Nobody earned points in that week."),
    ] {
        desk.press(key);
        deal(&mut desk, 0);
        shows(&desk.screen(80, 24), &[said]);
    }
    desk.press("Ctrl+S");
    shows(
        &desk.screen(80, 24),
        &["There is nobody on this board to write down."],
    );
}

// ---- types ----

fn types() -> Answer {
    let one = |id, name: &str| TypeBoard {
        id,
        name: name.into(),
    };
    Answer::Game(GameAnswer::TypeBoards(vec![one(1, "trivia"), one(4, "hike")]))
}

#[test]
fn a_type_is_picked_and_all_of_them_again() {
    let mut desk = this_month(20);
    desk.press("t");
    desk.reply(is_types, Ok(types()));
    shows(
        &desk.screen(80, 24),
        &["Events of which type?", "All events", "trivia", "hike"],
    );
    desk.press("Down");
    desk.press("Down");
    desk.press("Enter");
    assert_eq!(asked(&desk).0, Board::Type(4));
    deal(&mut desk, 7);
    let screen = desk.screen(80, 24);
    shows(&screen, &["hike, all time", "7 members"]);
    hides(&screen, &["▲"]);
    desk.press("t");
    assert!(marked(&desk).contains("✓ hike"));
    desk.press("Home");
    desk.press("Enter");
    assert_eq!(asked(&desk).0, Board::All);
    deal(&mut desk, 20);
    desk.press("t");
    desk.press("Esc");
    assert!(desk.newest(is_board).is_none());
    shows(&desk.screen(80, 24), &["All time", "20 members"]);
}

#[test]
fn types_that_cannot_be_asked_for_say_why() {
    let mut desk = leaderboard(20);
    desk.press("t");
    desk.reply(is_types, Err(Fault::Internal));
    shows(
        &desk.screen(80, 24),
        &["All events", &Fault::Internal.to_string()],
    );
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["All time", "20 members"]);
}

// ---- names ----

fn found(rows: &[Ranked]) -> Answer {
    Answer::Game(GameAnswer::Found(rows.to_vec()))
}

#[test]
fn a_name_is_found_with_its_rank_and_enter_goes_there() {
    let mut desk = leaderboard(5000);
    desk.press("/");
    shows(&desk.screen(80, 24), &["name or user name", "Type a name"]);
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Type a name first."]);
    desk.write("dina");
    let Some((_, Call::Game(GameCall::Find { board, query }))) = desk.newest(is_find) else {
        panic!("nothing is looked for")
    };
    assert_eq!((board, query.as_str()), (Board::All, "dina"));
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Still looking."]);
    desk.reply(is_find, Ok(found(&[ranked(5000, 3), ranked(5000, 1511)])));
    shows(&desk.screen(80, 24), &["4    Dina Diaz", "1,512"]);
    desk.press("Down");
    desk.press("Enter");
    assert_eq!(asked(&desk).1, Place::Around(MemberId(2511)));
    deal(&mut desk, 5000);
    assert!(marked(&desk).contains("user1511"));
    shows(&desk.screen(80, 24), &["all time", "14    Ana Reyes  you"]);
}

#[test]
fn an_answer_to_an_older_name_is_dropped_and_nobody_is_said() {
    let mut desk = leaderboard(20);
    desk.press("/");
    desk.write("d");
    let (old, _) = desk.newest(is_find).unwrap();
    desk.write("x");
    desk.reply_to(old, Ok(found(&[ranked(20, 3)])));
    hides(&desk.screen(80, 24), &["Dina"]);
    desk.reply(is_find, Ok(found(&[])));
    shows(&desk.screen(80, 24), &["Nobody on this board is called that."]);
    desk.press("Enter");
    assert!(desk.newest(is_board).is_none());
    // The same name typed again is not asked for again, and no name asks for nobody.
    desk.write("y");
    desk.press("Backspace");
    desk.press("Backspace");
    desk.press("Backspace");
    shows(&desk.screen(80, 24), &["Type a name"]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["20 members", "Ana Aquino"]);
}

#[test]
fn a_name_that_cannot_be_looked_for_says_why_and_letters_are_no_commands() {
    let mut desk = leaderboard(20);
    desk.press("/");
    desk.write("mthl[]q5");
    assert!(desk.newest(is_board).is_none());
    desk.reply(is_find, Err(offline()));
    shows(&desk.screen(80, 24), &["mthl[]q5", "does not answer"]);
    desk.send(Msg::Paste("x".repeat(500)));
    shows(&desk.screen(80, 24), &["That is more than fits"]);
}

/// The database answers again.
fn back(desk: &mut Desk) {
    desk.fire(Timer::Heartbeat);
    let community = Ok(Answer::Community(community()));
    desk.reply(|call| matches!(call, Call::Community), community);
}

#[test]
fn a_name_typed_without_a_link_is_looked_for_when_it_is_back() {
    let mut desk = leaderboard(340);
    desk.press("/");
    desk.write("d");
    desk.reply(is_find, Ok(found(&[ranked(340, 3)])));
    desk.write("x");
    desk.reply(is_find, Err(offline()));
    // Whoever was found by another name is not gone to.
    hides(&desk.screen(80, 24), &["Dina Diaz"]);
    desk.press("Enter");
    hides(&desk.screen(80, 24), &["Still looking."]);
    shows(&desk.screen(80, 24), &["· The database does not answer"]);
    assert!(desk.newest(is_board).is_none(), "nobody is gone to");
    // A letter taken back asks for what is not here.
    desk.write("y");
    desk.press("Backspace");
    let Some((_, Call::Game(GameCall::Find { query, .. }))) = desk.newest(is_find) else {
        panic!("nothing is looked for")
    };
    assert_eq!(query, "dx");
    desk.reply(is_find, Err(offline()));
    back(&mut desk);
    let Some((_, Call::Game(GameCall::Find { query, .. }))) = desk.newest(is_find) else {
        panic!("nothing is looked for")
    };
    assert_eq!(query, "dx");
    desk.reply(is_find, Ok(found(&[ranked(340, 5)])));
    hides(&desk.screen(80, 24), &["does not answer"]);
    desk.press("Enter");
    assert_eq!(asked(&desk).1, Place::Around(ranked(340, 5).user_id));
}

#[test]
fn whoever_has_left_since_they_were_found_is_not_gone_to() {
    let mut desk = leaderboard(340);
    desk.press("/");
    desk.write("dina");
    desk.reply(is_find, Ok(found(&[ranked(340, 3)])));
    desk.press("Enter");
    desk.reply(is_board, Ok(page(board(340, 0, 300))));
    // In the top that is answered they are not.
    shows(&desk.screen(80, 24), &["340 members"]);
    desk.press("/");
    desk.write("dina");
    desk.reply(
        is_find,
        Ok(found(&[Ranked {
            user_id: MemberId(77),
            ..ranked(340, 3)
        }])),
    );
    desk.press("Enter");
    desk.reply(is_board, Ok(page(board(340, 0, 300))));
    shows(&desk.screen(80, 24), &["They are not on this board any more."]);
}

// ---- the mouse ----

#[test]
fn a_click_marks_a_row_a_name_or_a_type() {
    let mut desk = Desk::with(|setup| setup.mouse = true);
    desk.open();
    desk.sign_in(UserType::Regular);
    desk.press("5");
    deal(&mut desk, 340);
    desk.click(20, 8);
    assert!(marked(&desk).contains("user3"));
    desk.press("t");
    desk.reply(is_types, Ok(types()));
    desk.click(5, 7);
    assert!(marked(&desk).contains("hike"));
}

// ---- the file ----

fn exported(effects: &[Effect]) -> (&str, &str) {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Export { name, text } => Some((name.as_str(), text.as_str())),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("nothing is written: {effects:?}"))
}

#[test]
fn the_whole_board_is_written_each_member_once() {
    let mut desk = this_month(1200);
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["Writing 1,200 members into a file."]);
    assert_eq!(asked(&desk), (Board::Month, Place::Skip(0), 500));
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["The file is on its way."]);
    let mut first = board(1200, 0, 500);
    first.rows[3].full_name = "=cmd|' /C calc'!A0".into();
    desk.reply(is_board, Ok(page(first)));
    assert_eq!(asked(&desk).1, Place::Behind(MemberId(1499)));
    // Somebody who was written already comes once more, behind those who passed them.
    let mut second = board_at(1200, Place::Behind(MemberId(1499)), 500);
    second.rows.insert(2, ranked(1200, 7));
    desk.reply(is_board, Ok(page(second)));
    // Who was the last has left: on from where they stood.
    desk.reply(is_board, Ok(page(board(1200, 0, 500))));
    assert_eq!(asked(&desk).1, Place::Skip(1000));
    let effects = deal(&mut desk, 1200);
    let (name, text) = exported(&effects);
    assert_eq!(name, "pine-time-leaderboard-2026-11.csv");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1201);
    assert_eq!(lines[0], "rank,tied,username,full_name,points,rank_before");
    assert_eq!(lines[1], "1,false,user0,Ana Aquino,3600,3");
    assert_eq!(lines[2], "2,true,user1,Bea Bautista,3597,1");
    assert_eq!(lines[4], "4,false,user3,\"'=cmd|' /C calc'!A0\",3591,");
    assert_eq!(lines.iter().filter(|line| line.contains(",user7,")).count(), 1);
}

#[test]
fn the_board_of_a_type_is_written_under_its_name() {
    let mut desk = leaderboard(20);
    desk.press("t");
    desk.reply(is_types, Ok(types()));
    desk.press("Down");
    desk.press("Enter");
    deal(&mut desk, 20);
    desk.press("Ctrl+S");
    let effects = deal(&mut desk, 20);
    assert_eq!(exported(&effects).0, "pine-time-leaderboard-type-trivia.csv");
}

#[test]
fn a_file_that_fails_says_so_and_one_that_was_pushed_aside_goes_on() {
    let mut desk = leaderboard(20);
    desk.press("Ctrl+S");
    desk.reply(is_board, Err(Fault::Internal));
    shows(&desk.screen(80, 24), &["Nothing is written."]);
    desk.press("[");
    desk.press("h");
    deal(&mut desk, 20);
    desk.press("[");
    deal(&mut desk, 20);
    desk.press("Ctrl+S");
    let (aside, _) = desk.newest(is_board).unwrap();
    desk.waiting.retain(|(id, _)| *id != aside);
    let effects = desk.fire(Timer::Poll);
    assert_eq!(calls(&effects).iter().filter(|call| is_board(call)).count(), 1);
    let effects = desk.reply_to(aside, Ok(page(board(20, 0, 500))));
    let (name, text) = exported(&effects);
    assert_eq!(name, "pine-time-leaderboard-week-of-2026-11-16.csv");
    assert_eq!(text.lines().count(), 21);
}

#[test]
fn whoever_signs_out_leaves_no_board_behind() {
    let mut desk = this_month(340);
    desk.press("Ctrl+O");
    desk.sign_in(UserType::Staff);
    desk.press("5");
    let screen = desk.screen(80, 24);
    shows(&screen, &["All time"]);
    hides(&screen, &["340 members", "Ana Aquino"]);
}

/// What a standby says is shown, and says nothing of the link to the database.
#[test]
fn an_answer_of_a_standby_is_taken_and_leaves_the_link_as_it_is() {
    let mut desk = leaderboard(300);
    desk.fire(Timer::Poll);
    desk.reply(is_board, Err(offline()));
    let old = |desk: &Desk, members| {
        let (_, place, most) = asked(desk);
        Answer::FromStandby {
            answer: Box::new(page(board_at(members, place, most))),
            behind: std::time::Duration::from_secs(7),
        }
    };
    desk.press("F5");
    let answer = old(&desk, 321);
    desk.reply(is_board, Ok(answer));
    shows(&desk.screen(80, 24), &["321 members", "offline since"]);
    // A session that has ended at the database has ended, whatever a standby still answers.
    desk.press("F5");
    desk.reply(is_board, Err(Fault::NotSignedIn));
    hides(&desk.screen(80, 24), &["321 members"]);
}
