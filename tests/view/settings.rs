//! The settings.

use insta::assert_snapshot;
use pine_time::domain::member::UserType;
use pine_time::domain::settings::{Meanwhile, Settings, SettingsAnswer};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, offline};
use crate::insight_fixtures::{settings, zone_effects};
use crate::pictures::slow;

fn is_settings(call: &Call) -> bool {
    matches!(call, Call::Settings(_))
}

/// A community with a long name.
fn long_name() -> Settings {
    let mut all = settings();
    let name = "The Ridge and Valley Walking, Board Game and Trivia Community of the Highlands".into();
    all.values.insert("community_name".to_owned(), name);
    all
}

#[test]
fn settings_page() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        let picture = |name: &str, desk: &Desk| {
            assert_snapshot!(format!("settings_{width}_{name}"), desk.screen(width, height));
        };
        let mut desk = Desk::signed_in(UserType::Admin, width, height);
        desk.press(",");
        slow(&mut desk);
        picture("loading", &desk);
        desk.reply(is_settings, Ok(Answer::Settings(SettingsAnswer::All(settings()))));
        desk.press("Down");
        picture("full", &desk);
        desk.press("Enter");
        desk.press("Ctrl+U");
        desk.write("new york");
        picture("typed", &desk);
        desk.press("Enter");
        let told = Answer::Settings(SettingsAnswer::Zone(zone_effects()));
        desk.reply(is_settings, Ok(told));
        picture("zone", &desk);
        desk.press("Esc");
        desk.press("y");
        desk.press("F5");
        desk.reply(is_settings, Err(offline()));
        desk.quiet();
        picture("offline", &desk);
        let mut desk = Desk::signed_in(UserType::Admin, width, height);
        desk.press(",");
        desk.reply(is_settings, Err(Fault::Internal));
        desk.quiet();
        picture("failed", &desk);
        let mut desk = Desk::signed_in(UserType::Admin, width, height);
        desk.press(",");
        desk.reply(
            is_settings,
            Ok(Answer::Settings(SettingsAnswer::All(long_name()))),
        );
        picture("long", &desk);
        for _ in 0..5 {
            desk.press("Down");
        }
        desk.press("Enter");
        desk.press("Ctrl+U");
        desk.write("20");
        picture("streak", &desk);
        desk.press("Enter");
        let late = Settings {
            meanwhile: Some(Meanwhile {
                actor: Some("jo".into()),
                value: "12".into(),
            }),
            ..settings()
        };
        desk.reply(is_settings, Ok(Answer::Settings(SettingsAnswer::All(late))));
        picture("late", &desk);
    }
}
