#![allow(clippy::unwrap_used)]
#[path = "support/fixtures.rs"]
mod fixtures;
use fixtures::*;
use pine_time::domain::check_in::Outcome;
use pine_time::domain::member::UserType;
use pine_time::domain::*;
#[test]
fn look() {
    let mut d = Desk::sized(80, 24);
    println!("{}", d.screen(80, 24));
    d.open();
    d.write("ana");
    d.press("Enter");
    d.write("pin");
    println!("{}", d.screen(80, 24));
    let mut d = Desk::signed_in(UserType::Regular, 80, 24);
    d.with_events(events());
    println!("{}", d.screen(80, 24));
    d.press("v");
    println!("{}", d.screen(80, 24));
    d.press("Enter");
    d.reply(
        |c| matches!(c, Call::Event(_)),
        Ok(Answer::Event(page(events()[5].clone()))),
    );
    println!("{}", d.screen(80, 24));
    let mut d = Desk::signed_in(UserType::Staff, 120, 40);
    d.with_events(events());
    d.reply(
        |c| matches!(c, Call::Event(_)),
        Ok(Answer::Event(page(events()[5].clone()))),
    );
    println!("{}", d.screen(120, 40));
    d.press("v");
    println!("{}", d.screen(120, 40));
    let mut d = Desk::signed_in(UserType::Staff, 80, 24);
    d.with_events(events());
    d.press("n");
    d.reply(|c| matches!(c, Call::EventTypes), Ok(Answer::EventTypes(types())));
    d.press("Ctrl+S");
    println!("{}", d.screen(80, 24));
    d.press("Esc");
    d.at_the_door();
    d.find("niño", candidates());
    println!("{}", d.screen(80, 24));
    d.press("Enter");
    for o in [Outcome::Ok, Outcome::NotRegistered, Outcome::Already] {
        d.find("niño", candidates());
        d.press("Enter");
        d.reply(
            |c| matches!(c, Call::CheckIn { .. }),
            Ok(Answer::CheckedIn(checked_in(o))),
        );
        println!("{}", d.screen(80, 24));
    }
    d.press("Alt+5");
    d.reply(
        |c| matches!(c, Call::Leaderboard { .. }),
        Ok(Answer::Leaderboard(board(340, 0, 200))),
    );
    println!("{}", d.screen(80, 24));
    d.press("4");
    d.reply(|c| matches!(c, Call::Profile), Ok(Answer::Profile(profile())));
    d.reply(
        |c| matches!(c, Call::Ledger { .. }),
        Ok(Answer::Ledger(ledger(88, 0, 100))),
    );
    println!("{}", d.screen(80, 24));
    d.press("?");
    println!("{}", d.screen(80, 24));
    d.press("Esc");
    d.press("Ctrl+P");
    println!("{}", d.screen(80, 24));
}
