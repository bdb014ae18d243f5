//! Messages in, effects and screens out: what every key, reply and timer does to the model.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/dice.rs"]
mod dice;
#[path = "../support/fixtures.rs"]
mod fixtures;
#[path = "../support/game_fixtures.rs"]
mod game_fixtures;
#[path = "../support/insight_fixtures.rs"]
mod insight_fixtures;
#[path = "../support/kiosk_fixtures.rs"]
mod kiosk_fixtures;
#[path = "../support/member_fixtures.rs"]
mod member_fixtures;
#[path = "../support/money_fixtures.rs"]
mod money_fixtures;
#[path = "../support/plans.rs"]
mod plans;
#[path = "../support/seat_fixtures.rs"]
mod seat_fixtures;

mod accounts;
mod audit;
mod badge_rules;
mod board;
mod calendar;
mod calendar_views;
mod careful;
mod check_in;
mod door_log;
mod earned;
mod form;
mod garbage;
mod insights;
mod keys;
mod kiosk;
mod kiosk_storm;
mod lists;
mod live;
mod lost_link;
mod member_profile;
mod members;
mod money;
mod news;
mod notes;
mod outcomes;
mod party;
mod passages;
mod people;
mod people_acts;
mod planning;
mod registrations;
mod scanner;
mod session;
mod settings;
mod sign_in;
mod till;
mod undo;

use pine_time::app::effect::{Effect, Lane};
use pine_time::domain::Call;

/// The calls among effects.
fn calls(effects: &[Effect]) -> Vec<&Call> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Run { call, .. } => Some(call),
            _ => None,
        })
        .collect()
}

/// The writes among effects.
fn writes(effects: &[Effect]) -> Vec<&Call> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Run {
                call,
                lane: Lane::Write,
                ..
            } => Some(call),
            _ => None,
        })
        .collect()
}

/// Holds if a screen shows all of these.
#[track_caller]
fn shows(screen: &str, wanted: &[&str]) {
    for text in wanted {
        assert!(
            screen.contains(text),
            "the screen does not show {text:?}:\n{screen}"
        );
    }
}

/// Holds if a screen shows none of these.
#[track_caller]
fn hides(screen: &str, unwanted: &[&str]) {
    for text in unwanted {
        assert!(!screen.contains(text), "the screen shows {text:?}:\n{screen}");
    }
}
