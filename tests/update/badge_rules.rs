//! The badges' levels: the list, the form with its look at who would gain, two editors, and what stays without a link.

use pine_time::app::effect::Lane;
use pine_time::domain::game::{GameAnswer, GameCall};
use pine_time::domain::game_desk::{BadgeLevelDraft, Gain, GainPreview, RulesOutcome, RulesSaved};
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::{Answer, Call, Fault, Nonce};

use crate::fixtures::{Desk, events, offline};
use crate::game_fixtures::rules;
use crate::{calls, hides, shows, writes};

fn is_rules(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Rules))
}

fn is_look(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::Preview { .. }))
}

fn is_save(call: &Call) -> bool {
    matches!(call, Call::Game(GameCall::SetLevels { .. }))
}

/// Somebody in front of the list.
fn list(user_type: UserType) -> Desk {
    let mut desk = Desk::signed_in(user_type, 80, 24);
    desk.with_events(events());
    let effects = desk.press("B");
    assert!(
        matches!(calls(&effects).as_slice(), [Call::Game(GameCall::Rules)]),
        "{effects:?}"
    );
    desk.reply(is_rules, Ok(Answer::Game(GameAnswer::Rules(rules()))));
    desk
}

/// An administrator in the form of Event Explorer.
fn form() -> Desk {
    let mut desk = list(UserType::Admin);
    desk.press("Enter");
    shows(
        &desk.screen(80, 24),
        &[
            "Event Explorer",
            "Diamond",
            "takes",
            "pays",
            "look who would gain",
        ],
    );
    desk
}

#[allow(clippy::unnecessary_wraps, reason = "as a reply takes it")]
fn preview(members: i64) -> Result<Answer, Fault> {
    Ok(Answer::Game(GameAnswer::Preview(GainPreview {
        members,
        levels: members,
        points: 10 * members,
        first: (0..members.min(50))
            .map(|at| Gain {
                user_id: MemberId(10),
                full_name: format!("Member {at}").into(),
                level: 1,
                points: 10,
            })
            .collect(),
    })))
}

#[allow(clippy::unnecessary_wraps, reason = "as a reply takes it")]
fn saved(outcome: RulesOutcome, gained: i64, first: i64) -> Result<Answer, Fault> {
    let mut rules = rules();
    rules.badges[0].levels[0].threshold = first;
    Ok(Answer::Game(GameAnswer::RulesSaved(RulesSaved {
        outcome,
        gained,
        rules,
    })))
}

fn sent(desk: &Desk) -> (Nonce, Vec<BadgeLevelDraft>, Vec<BadgeLevelDraft>) {
    match desk.newest(is_save) {
        Some((
            _,
            Call::Game(GameCall::SetLevels {
                nonce,
                badge: 1,
                seen,
                levels,
            }),
        )) => (nonce, seen, levels),
        other => panic!("{other:?}"),
    }
}

#[test]
fn staff_see_the_levels_and_administrators_change_them() {
    let mut desk = list(UserType::Staff);
    shows(
        &desk.screen(80, 24),
        &[
            "Bronze",
            "Social Butterfly",
            "weeks in a row",
            "+100",
            "administrators change them",
        ],
    );
    desk.press("Down");
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["Only administrators change what the levels take and pay."],
    );
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["weeks in a row"]);
    // Members have no such key.
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    assert!(desk.press("B").is_empty());
    hides(&desk.screen(80, 24), &["Badges: what"]);
}

#[test]
fn the_palette_opens_it_from_anywhere() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.press("Ctrl+P");
    desk.write("badges");
    let effects = desk.press("Enter");
    assert!(calls(&effects).into_iter().any(is_rules), "{effects:?}");
}

#[test]
fn who_would_gain_is_shown_before_anything_is_saved() {
    let mut desk = form();
    let effects = desk.press("Ctrl+S");
    assert!(calls(&effects).is_empty());
    shows(&desk.screen(80, 24), &["Nothing is changed."]);
    // The first letter replaces what was there.
    desk.write("1");
    let effects = desk.press("Ctrl+S");
    assert!(writes(&effects).is_empty(), "a look is no write");
    assert!(
        matches!(calls(&effects).as_slice(), [Call::Game(GameCall::Preview { badge: 1, levels })]
            if levels[0] == BadgeLevelDraft { threshold: 1, points: 10 } && levels[4].threshold == 6),
        "{effects:?}"
    );
    desk.reply(is_look, preview(2));
    shows(
        &desk.screen(80, 24),
        &[
            "2 members would gain 2 levels and 20 points; nobody loses",
            "Member 1",
            "Ctrl+S save",
        ],
    );
    // Whoever types on has to look again.
    desk.press("Down");
    desk.write("2");
    hides(&desk.screen(80, 24), &["would gain 2 levels"]);
    desk.press("Ctrl+S");
    desk.reply(is_look, preview(70));
    shows(&desk.screen(80, 24), &["70 members", "more"]);
    desk.press("Ctrl+S");
    let (_, seen, levels) = sent(&desk);
    assert_eq!((seen[0].threshold, seen[1].threshold), (2, 3));
    assert_eq!((levels[0].threshold, levels[1].threshold), (1, 2));
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["It is being sent."]);
    desk.reply(is_save, saved(RulesOutcome::Saved, 70, 1));
    shows(
        &desk.screen(80, 24),
        &["Saved. 70 members gained by it.", "Badges: what a level takes"],
    );
}

#[test]
fn a_level_takes_more_than_the_one_before_and_the_cursor_goes_where_it_is_wrong() {
    let mut desk = form();
    for (typed, why) in [
        ("0", "A whole number, 1 or more."),
        ("x", "A whole number, 1 or more."),
        ("9", "More than the one before."),
    ] {
        desk.press("Ctrl+U");
        desk.write(typed);
        assert!(calls(&desk.press("Ctrl+S")).is_empty());
        shows(&desk.screen(80, 24), &[why]);
        if typed == "9" {
            // It is Silver's three that is too little now.
            desk.write("10");
            desk.press("Ctrl+S");
            shows(&desk.screen(80, 24), &["More than the one before."]);
            break;
        }
    }
    let mut desk = form();
    desk.press("Tab");
    desk.write("-5");
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["A whole number, 0 or more.", "-5"]);
    // What the database minds is told at its field too.
    desk.press("Ctrl+U");
    desk.write("7");
    desk.press("Ctrl+S");
    desk.reply(
        is_look,
        Err(Fault::Invalid {
            field: "threshold_3".to_owned(),
            why: "Each level needs more.".into(),
        }),
    );
    shows(&desk.screen(80, 24), &["Each level needs more."]);
    desk.write("8");
    desk.press("Ctrl+S");
    hides(&desk.screen(80, 24), &["Each level needs more."]);
}

#[test]
fn the_second_editor_is_told_and_keeps_what_was_typed() {
    let mut desk = form();
    desk.write("1");
    desk.press("Ctrl+S");
    desk.reply(is_look, preview(0));
    shows(
        &desk.screen(80, 24),
        &["Nobody would gain anything, and nobody loses anything."],
    );
    desk.press("Ctrl+S");
    let (first, ..) = sent(&desk);
    let mut theirs = rules();
    theirs.badges[0].levels[1].threshold = 4;
    theirs.badges[0].levels[2].threshold = 5;
    desk.reply(
        is_save,
        Ok(Answer::Game(GameAnswer::RulesSaved(RulesSaved {
            outcome: RulesOutcome::Changed,
            gained: 0,
            rules: theirs,
        }))),
    );
    shows(
        &desk.screen(80, 24),
        &[
            "Somebody else changed it: it takes 2 4 5 5 6 and pays",
            "Bronze      1",
        ],
    );
    // Looking again is against what they made of it.
    desk.press("Ctrl+S");
    desk.reply(is_look, preview(1));
    desk.press("Ctrl+S");
    let (second, seen, levels) = sent(&desk);
    assert_ne!(first, second);
    assert_eq!(seen[1].threshold, 4);
    assert_eq!(levels[0].threshold, 1);
    desk.reply(is_save, saved(RulesOutcome::Saved, 1, 1));
    shows(&desk.screen(80, 24), &["Saved. One member gained by it."]);
}

#[test]
fn an_answer_that_got_lost_is_asked_for_with_the_same_press() {
    let mut desk = form();
    desk.write("1");
    desk.press("Ctrl+S");
    desk.reply(is_look, preview(1));
    desk.press("Ctrl+S");
    let (first, ..) = sent(&desk);
    desk.reply(is_save, Err(Fault::Slow));
    shows(&desk.screen(80, 24), &["Nothing was done."]);
    desk.press("Ctrl+S");
    assert_eq!(sent(&desk).0, first);
    desk.reply(is_save, Err(offline()));
    desk.press("Ctrl+S");
    shows(&desk.screen(80, 24), &["This needs the database"]);
    // A stale look, of levels that are others by now, is nobody's.
    let mut desk = form();
    desk.write("1");
    desk.press("Ctrl+S");
    let (look, _) = desk.newest(is_look).unwrap();
    desk.press("Tab");
    desk.write("9");
    desk.reply_to(look, preview(3));
    hides(&desk.screen(80, 24), &["would gain 3"]);
}

#[test]
fn leaving_with_something_typed_takes_two_escapes() {
    let mut desk = form();
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Badges: what a level takes"]);
    desk.press("Enter");
    desk.write("1");
    desk.press("Esc");
    shows(
        &desk.screen(80, 24),
        &["What was typed is not saved. Esc again leaves it."],
    );
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Badges: what a level takes"]);
    // A save that is answered after that is told all the same.
    let mut desk = form();
    desk.write("1");
    desk.press("Ctrl+S");
    desk.reply(is_look, preview(1));
    let effects = desk.press("Ctrl+S");
    assert!(matches!(
        effects.first(),
        Some(pine_time::app::effect::Effect::Run {
            lane: Lane::Write,
            ..
        })
    ));
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["?"]);
    desk.press("y");
    desk.reply(is_save, saved(RulesOutcome::Saved, 1, 1));
    shows(&desk.screen(80, 24), &["saved"]);
}
