//! The settings page: who comes to it, the forms, what a zone does before it is saved, refusals, a lost link.

use pine_time::app::effect::Timer;
use pine_time::domain::game::GameCall;
use pine_time::domain::member::UserType;
use pine_time::domain::plan::PlanCall;
use pine_time::domain::settings::{Meanwhile, Setting, Settings, SettingsAnswer, SettingsCall};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, community, offline};
use crate::insight_fixtures::{settings, zone_effects};
use crate::{calls, hides, shows, writes};

fn is_settings(call: &Call) -> bool {
    matches!(call, Call::Settings(_))
}

fn all() -> Answer {
    Answer::Settings(SettingsAnswer::All(settings()))
}

fn page() -> Desk {
    let mut desk = Desk::signed_in(UserType::Admin, 80, 24);
    desk.press(",");
    desk.reply(is_settings, Ok(all()));
    desk
}

#[test]
fn administrators_come_by_a_key_or_a_page_and_staff_are_told() {
    let desk = page();
    shows(
        &desk.screen(80, 24),
        &[
            "Settings",
            "Asia/Manila",
            "12 characters",
            "end a streak",
            "Ways to pay",
            "Badges",
        ],
    );
    let mut desk = page();
    desk.press("Down");
    shows(&desk.screen(80, 24), &["Changed by mira,", "before: UTC."]);
    let mut desk = Desk::signed_in(UserType::Admin, 80, 24);
    desk.press("7");
    desk.press("Shift+Tab");
    assert!(desk.newest(is_settings).is_some());
    let mut staff = Desk::signed_in(UserType::Staff, 80, 24);
    assert!(calls(&staff.press(",")).is_empty());
    shows(&staff.screen(80, 24), &["Administrators change the settings."]);
    staff.press("7");
    hides(&staff.screen(80, 24), &["Settings"]);
    staff.press("Shift+Tab");
    shows(&staff.screen(80, 24), &["Audit log"]);
    assert!(staff.newest(is_settings).is_none());
}

#[test]
fn a_value_is_checked_at_the_field_and_sent_with_what_it_was() {
    let mut desk = page();
    for _ in 0..8 {
        desk.press("Down");
    }
    shows(&desk.screen(80, 24), &["Fewest characters of a new password."]);
    desk.press("Enter");
    // What is typed first takes the place of the value.
    desk.write("7");
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["Type a whole number from 8 to 64."]);
    desk.press("Backspace");
    desk.write("16");
    let effects = desk.press("Enter");
    let sent = writes(&effects);
    let [
        Call::Settings(SettingsCall::Set {
            setting, was, value, ..
        }),
    ] = sent.as_slice()
    else {
        panic!("{sent:?}")
    };
    assert_eq!(
        (*setting, was.as_str(), value.as_str()),
        (Setting::PasswordLeast, "12", "16")
    );
    let mut now = settings();
    now.values.insert("password_least".to_owned(), "16".into());
    desk.reply(is_settings, Ok(Answer::Settings(SettingsAnswer::All(now))));
    shows(&desk.screen(80, 24), &["Saved: Passwords."]);
    // The page asks for what holds now, and the program for the community's name and zone.
    assert_eq!(
        desk.newest(is_settings).map(|(_, call)| call),
        Some(Call::Settings(SettingsCall::All))
    );
    assert!(desk.newest(|call| matches!(call, Call::Community)).is_some());
}

#[test]
fn what_it_was_already_is_not_called_saved() {
    let mut desk = page();
    desk.press("Enter");
    desk.press("Enter");
    desk.reply(is_settings, Ok(all()));
    shows(&desk.screen(80, 24), &["Community was that already."]);
}

#[test]
fn every_setting_refuses_nonsense_at_its_field_and_sends_nothing() {
    for (down, nonsense, why) in [
        (0, "", "This has to be filled."),
        (
            1,
            "Mars/Olympus",
            "No such zone. Type its name, or its city: manila.",
        ),
        (1, "america", "Which one: America/"),
        (2, "pesos", "A currency is three letters"),
        (3, "10081", "Type whole minutes, 0 to 10080 (a week)."),
        (4, "never", "Type whole minutes, 0 to 10080, or the word end."),
        (5, "-5", "Type whole points, 0 to 10000."),
        (6, "1e3", "Type whole points, 0 to 10000."),
        (8, "65", "Type a whole number from 8 to 64."),
        (9, "sixty", "Type a whole number from 0 to 10000; 0 is none."),
    ] {
        let mut desk = page();
        for _ in 0..down {
            desk.press("Down");
        }
        desk.press("Enter");
        desk.press("Ctrl+U");
        desk.write(nonsense);
        assert!(calls(&desk.press("Enter")).is_empty(), "{nonsense}");
        shows(&desk.screen(80, 24), &[why, nonsense]);
    }
}

#[test]
fn the_database_s_refusal_stands_at_the_field_too() {
    let mut desk = page();
    desk.press("Enter");
    desk.write(" and Friends");
    desk.press("Enter");
    let refusal = Fault::Invalid {
        field: "value".to_owned(),
        why: "A name has 1 to 255 characters.".into(),
    };
    desk.reply(is_settings, Err(refusal));
    shows(
        &desk.screen(80, 24),
        &["A name has 1 to 255 characters.", "and Friends"],
    );
}

#[test]
fn a_streak_s_form_tells_what_each_length_pays_while_it_is_typed() {
    let mut desk = page();
    for _ in 0..5 {
        desk.press("Down");
    }
    shows(
        &desk.screen(80, 24),
        &["Week 2 pays 5, week 3 10, … from week 11 on 50."],
    );
    desk.press("Enter");
    desk.press("Ctrl+U");
    desk.write("20");
    shows(
        &desk.screen(80, 24),
        &["Week 2 pays 20, week 3 40, from week 4 on 50."],
    );
    desk.press("Ctrl+U");
    desk.write("x");
    hides(&desk.screen(80, 24), &["Week 2 pays 20"]);
}

#[test]
fn another_editor_is_named_what_was_typed_stays_and_enter_again_puts_it_in_its_place() {
    let mut desk = page();
    desk.press("Enter");
    desk.write(" and Friends");
    desk.press("Enter");
    let mut now = settings();
    now.values.insert("community_name".to_owned(), "Ridge".into());
    let late = Settings {
        meanwhile: Some(Meanwhile {
            actor: Some("jo".into()),
            value: "Ridge".into(),
        }),
        ..now
    };
    desk.reply(is_settings, Ok(Answer::Settings(SettingsAnswer::All(late))));
    shows(
        &desk.screen(80, 24),
        &[
            "Nothing was changed: jo was first, it is “Ridge” now.",
            "and Friends",
        ],
    );
    let effects = desk.press("Enter");
    assert!(matches!(
        writes(&effects).as_slice(),
        [Call::Settings(SettingsCall::Set { was, value, .. })] if was == "Ridge" && value == "Pine Time and Friends"
    ));
}

#[test]
fn a_change_that_got_lost_is_sent_again_as_the_same_and_a_stale_answer_changes_nothing() {
    let mut desk = page();
    desk.press("Enter");
    desk.write(" and Friends");
    let first = desk.press("Enter");
    desk.reply(is_settings, Err(offline()));
    shows(&desk.screen(80, 24), &["Nothing was done.", "and Friends"]);
    desk.fire(Timer::Heartbeat);
    desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(community())),
    );
    let again = desk.press("Enter");
    assert_eq!(writes(&first), writes(&again));
    desk.reply(is_settings, Ok(all()));
    // The page asked again meanwhile: an older answer is dropped.
    let older = desk.newest(is_settings).unwrap().0;
    desk.press("F5");
    assert_ne!(desk.newest(is_settings).unwrap().0, older);
    let other = Settings {
        values: [("community_name".to_owned(), "Ridge".into())].into(),
        ..settings()
    };
    desk.reply_to(older, Ok(Answer::Settings(SettingsAnswer::All(other))));
    hides(&desk.screen(80, 24), &["Ridge"]);
}

#[test]
fn a_zone_says_what_it_does_to_weeks_before_it_is_saved() {
    let mut desk = page();
    desk.press("Down");
    desk.press("Enter");
    desk.press("Ctrl+U");
    // Its city is enough, and the clock there tells whether it is the one that is meant.
    desk.write("new york");
    shows(&desk.screen(80, 24), &["America/New_York: it is "]);
    let effects = desk.press("Enter");
    assert_eq!(
        calls(&effects),
        [&Call::Settings(SettingsCall::Zone("America/New_York".to_owned()))]
    );
    let told = Answer::Settings(SettingsAnswer::Zone(zone_effects()));
    desk.reply(is_settings, Ok(told));
    shows(
        &desk.screen(80, 24),
        &[
            "14 events with 212 check-ins",
            "fall into another",
            "Streaks held now: 24, and 19 there.",
            "Enter again saves it.",
        ],
    );
    // Another zone is asked about anew.
    desk.press("Ctrl+U");
    desk.write("Europe/Berlin");
    hides(&desk.screen(80, 24), &["Enter again saves it."]);
    desk.press("Ctrl+U");
    desk.write("America/New_York");
    let effects = desk.press("Enter");
    assert!(matches!(
        writes(&effects).as_slice(),
        [Call::Settings(SettingsCall::Set { setting: Setting::TimeZone, value, .. })] if value == "America/New_York"
    ));
}

#[test]
fn a_choice_and_the_lists_open_where_they_are_kept() {
    let mut desk = page();
    for _ in 0..7 {
        desk.press("Down");
    }
    desk.press("Enter");
    desk.press("Right");
    let effects = desk.press("Enter");
    assert!(matches!(
        writes(&effects).as_slice(),
        [Call::Settings(SettingsCall::Set { setting: Setting::SkipEmptyWeeks, value, .. })] if value == "true"
    ));
    desk.reply(is_settings, Ok(all()));
    desk.press("End");
    desk.press("Enter");
    assert!(
        desk.newest(|call| matches!(call, Call::Game(GameCall::Rules)))
            .is_some()
    );
    desk.press("Esc");
    desk.press("Up");
    desk.press("Enter");
    assert!(
        desk.newest(|call| matches!(call, Call::Plan(PlanCall::Types)))
            .is_some()
    );
    desk.press("Esc");
    desk.press("Up");
    hides(&desk.screen(80, 24), &["┌─ Ways to pay"]);
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["┌─ Ways to pay"]);
}

#[test]
fn a_lost_link_keeps_the_values_and_says_why_nothing_can_be_changed() {
    let mut desk = page();
    desk.press("F5");
    desk.reply(is_settings, Err(offline()));
    shows(&desk.screen(80, 24), &["Asia/Manila", "as of"]);
    assert!(calls(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["A change needs the database"]);
}
