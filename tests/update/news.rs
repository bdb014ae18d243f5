//! What others did to my registrations: told on a card, until I say that I have seen it.

use pine_time::app::effect::Timer;
use pine_time::domain::event::{EventId, RegistrationStatus};
use pine_time::domain::member::UserType;
use pine_time::domain::seats::{MyLine, MyRegistration, News, SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, events, manila, me, offline};
use crate::registrations::{is_mine, mine};
use crate::seat_fixtures::{my_registration, my_registrations};
use crate::{calls, hides, shows, writes};

fn is_news(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::News))
}

fn is_seen(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::NewsSeen { .. }))
}

fn item(event: usize, status: RegistrationStatus, news: News, minute: u32) -> MyLine {
    MyLine {
        cancel_reason: None,
        event: events()[event].clone(),
        registration: MyRegistration {
            news: Some(news),
            news_at: Some(manila(&format!("2026-11-27 18:{minute:02}"))),
            ..my_registration(status)
        },
    }
}

fn promoted() -> MyLine {
    item(6, RegistrationStatus::Registered, News::Promoted, 30)
}

fn refused() -> MyLine {
    item(7, RegistrationStatus::Rejected, News::Rejected, 40)
}

fn news(items: &[MyLine]) -> Answer {
    Answer::Seats(SeatsAnswer::News(items.to_vec()))
}

/// Answers the list of the screen, which the news follow.
fn list(desk: &mut Desk) {
    let is_list = |call: &Call| is_mine(call) || matches!(call, Call::Events { .. });
    let (request, call) = desk.newest(is_list).expect("the list is asked for");
    desk.reply_to(
        request,
        Ok(if is_mine(&call) {
            mine(my_registrations())
        } else {
            Answer::Events(events())
        }),
    );
}

/// The screen's next look brings this.
fn look(desk: &mut Desk, items: &[MyLine]) {
    desk.fire(Timer::Poll);
    list(desk);
    desk.reply(is_news, Ok(news(items)));
}

/// Signed in, with this answered.
fn told(items: &[MyLine]) -> Desk {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.reply(is_news, Ok(news(items)));
    desk
}

#[test]
fn they_are_asked_for_behind_every_look_of_the_screens_on_which_members_plan() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    assert!(desk.newest(is_news).is_none(), "one call at a time");
    desk.with_events(events());
    desk.reply(is_news, Ok(news(&[])));
    hides(&desk.screen(80, 24), &["News", "news"]);
    for tab in ["1", "2"] {
        desk.press(tab);
        look(&mut desk, &[]);
        desk.fire(Timer::Poll);
        list(&mut desk);
        let (request, _) = desk.newest(is_news).unwrap();
        desk.fire(Timer::Poll);
        list(&mut desk);
        assert_eq!(desk.newest(is_news).unwrap().0, request, "asked once at a time");
        desk.reply_to(request, Ok(news(&[])));
    }
    // Where the list cannot be asked for, the news cannot either.
    desk.fire(Timer::Poll);
    desk.reply(is_mine, Err(offline()));
    assert!(desk.newest(is_news).is_none());
}

#[test]
fn whoever_looks_sees_it_without_a_key_and_says_so_with_one() {
    let mut desk = told(&[]);
    desk.press("2");
    desk.reply(is_mine, Ok(mine(my_registrations())));
    desk.reply(is_news, Ok(news(&[])));
    look(&mut desk, &[promoted()]);
    shows(
        &desk.screen(80, 24),
        &[
            "✓ You have a seat now",
            "The Manor Murder",
            "Fri 27 Nov 20:00–23:00",
            "22 min ago",
            "2 Registrations•",
            "N 1 news",
        ],
    );
    // The Enter that was under way when the card came was not meant for it.
    assert!(desk.press("Enter").is_empty());
    shows(&desk.screen(80, 24), &["You have a seat now"]);
    desk.pass(1);
    let effects = desk.press("Enter");
    let [Call::Seats(SeatsCall::NewsSeen { nonce, event, at })] = writes(&effects)[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((*event, Some(*at)), (EventId(7), promoted().registration.news_at));
    assert!(!nonce.is_nil());
    let screen = desk.screen(80, 24);
    hides(&screen, &["You have a seat now", "Registrations•", "1 news"]);
    // A look that was under way brings it once more: it was seen.
    look(&mut desk, &[promoted()]);
    desk.reply(is_seen, Ok(Answer::Seats(SeatsAnswer::NewsSeen(true))));
    hides(&desk.screen(80, 24), &["You have a seat now"]);
}

#[test]
fn several_are_told_one_after_the_other_and_none_is_lost() {
    let mut desk = told(&[promoted(), refused()]);
    shows(&desk.screen(80, 24), &["News 1 of 2", "You have a seat now"]);
    desk.press("Down");
    shows(
        &desk.screen(80, 24),
        &[
            "News 2 of 2",
            "✕ Your registration was refused",
            "The staff say: For members of a year or more.",
        ],
    );
    desk.pass(1);
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["You have a seat now", "N 1 news"]);
    // Held down, the key does not run through what nobody has read.
    assert!(desk.press("Enter").is_empty());
    desk.pass(1);
    desk.press("Enter");
    assert_eq!(desk.waiting.iter().filter(|(_, call)| is_seen(call)).count(), 2);
    hides(&desk.screen(80, 24), &["News"]);
}

#[test]
fn later_puts_the_card_away_until_something_new_comes() {
    let mut desk = told(&[promoted()]);
    assert!(writes(&desk.press("Esc")).is_empty());
    shows(&desk.screen(80, 24), &["N 1 news", "November 2026"]);
    look(&mut desk, &[promoted()]);
    hides(&desk.screen(80, 24), &["You have a seat now"]);
    desk.press("N");
    shows(&desk.screen(80, 24), &["You have a seat now"]);
    desk.press("Esc");
    look(&mut desk, &[promoted(), refused()]);
    shows(&desk.screen(80, 24), &["News 1 of 2"]);
    // Seen elsewhere meanwhile: nothing is left to tell.
    look(&mut desk, &[]);
    hides(&desk.screen(80, 24), &["News", "news"]);
    desk.press("N");
    shows(
        &desk.screen(80, 24),
        &["There is no news about your registrations."],
    );
}

#[test]
fn it_waits_while_something_else_has_the_keys() {
    let mut desk = told(&[]);
    desk.press("/");
    desk.write("tri");
    look(&mut desk, &[promoted()]);
    shows(&desk.screen(80, 24), &["/tri", "N 1 news"]);
    hides(&desk.screen(80, 24), &["You have a seat now"]);
    desk.press("Esc");
    desk.press("?");
    look(&mut desk, &[promoted()]);
    hides(&desk.screen(80, 24), &["You have a seat now"]);
    desk.press("Esc");
    desk.press("5");
    desk.press("1");
    list(&mut desk);
    desk.reply(is_news, Ok(news(&[promoted()])));
    shows(&desk.screen(80, 24), &["You have a seat now"]);
}

#[test]
fn at_the_door_and_in_a_rehearsal_no_card_comes() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.at_the_door();
    desk.reply(is_news, Ok(news(&[promoted()])));
    hides(&desk.screen(80, 24), &["You have a seat now"]);
    desk.press("F9");
    desk.press("Alt+1");
    list(&mut desk);
    desk.reply(is_news, Ok(news(&[promoted()])));
    hides(&desk.screen(80, 24), &["You have a seat now"]);
    desk.press("N");
    desk.pass(1);
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&desk.screen(80, 24), &["You have a seat now", "not rehearsed"]);
}

#[test]
fn over_an_events_people_no_card_comes_and_behind_them_it_does() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.with_events(events());
    desk.reply(is_news, Ok(news(&[])));
    desk.press("2");
    list(&mut desk);
    let (request, _) = desk.newest(is_news).unwrap();
    desk.press("p");
    desk.reply_to(request, Ok(news(&[promoted()])));
    let screen = desk.screen(80, 24);
    shows(&screen, &["Café Français", "N 1 news"]);
    hides(&screen, &["You have a seat now", "To come"]);
    desk.press("Esc");
    look(&mut desk, &[promoted()]);
    shows(&desk.screen(80, 24), &["You have a seat now", "To come"]);
}

#[test]
fn what_could_not_be_marked_as_seen_stays() {
    let mut desk = told(&[promoted()]);
    desk.pass(1);
    desk.press("Enter");
    desk.reply(is_seen, Err(Fault::Internal));
    shows(&desk.screen(80, 24), &["Not marked as seen."]);
    desk.reply(is_news, Ok(news(&[promoted()])));
    shows(&desk.screen(80, 24), &["N 1 news"]);
    hides(&desk.screen(80, 24), &["You have a seat now"]);
    // With the link down, the key says why.
    desk.fire(Timer::Poll);
    list(&mut desk);
    desk.reply(is_news, Err(offline()));
    desk.press("N");
    desk.pass(1);
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(
        &desk.screen(80, 24),
        &["needs the database", "You have a seat now"],
    );
}

#[test]
fn something_newer_at_the_same_event_is_asked_for() {
    let mut desk = told(&[promoted()]);
    desk.pass(1);
    desk.press("Enter");
    let effects = desk.reply(is_seen, Ok(Answer::Seats(SeatsAnswer::NewsSeen(false))));
    assert!(calls(&effects).iter().any(|call| is_news(call)), "{effects:?}");
    let newer = item(6, RegistrationStatus::Cancelled, News::Cancelled, 45);
    desk.reply(is_news, Ok(news(&[newer])));
    shows(&desk.screen(80, 24), &["✕ The staff cancelled your registration"]);
}

#[test]
fn an_ended_session_sends_it_again_and_another_member_sees_none_of_it() {
    let mut desk = told(&[promoted()]);
    desk.pass(1);
    desk.press("Enter");
    let (_, sent) = desk.newest(is_seen).unwrap();
    desk.reply(is_seen, Err(Fault::NotSignedIn));
    desk.write("pinetime");
    desk.press("Enter");
    let effects = desk.reply(
        |call| matches!(call, Call::SignIn { .. }),
        Ok(Answer::SignIn(Some(me(UserType::Regular)))),
    );
    assert_eq!(writes(&effects), [&sent], "as it was, under its nonce");
    let mut desk = told(&[promoted()]);
    desk.press("Esc");
    desk.press("Ctrl+O");
    desk.sign_in(UserType::Regular);
    hides(&desk.screen(80, 24), &["N 1 news"]);
}

#[test]
fn every_kind_says_what_has_happened() {
    let kinds = [
        (
            RegistrationStatus::Registered,
            News::Promoted,
            "You have a seat now",
        ),
        (
            RegistrationStatus::Registered,
            News::Approved,
            "The staff said yes: you have a seat",
        ),
        (
            RegistrationStatus::Waitlisted,
            News::Approved,
            "The staff said yes: you are 3rd in line",
        ),
        (
            RegistrationStatus::Rejected,
            News::Rejected,
            "Your registration was refused",
        ),
        (
            RegistrationStatus::Cancelled,
            News::Cancelled,
            "The staff cancelled your registration",
        ),
        (
            RegistrationStatus::Registered,
            News::Moved,
            "The staff moved you to this event: you have a seat",
        ),
        (
            RegistrationStatus::Pending,
            News::Moved,
            "The staff moved you to this event: it waits for approval",
        ),
        (
            RegistrationStatus::Registered,
            News::Registered,
            "The staff registered you: you have a seat",
        ),
    ];
    for (status, kind, words) in kinds {
        let desk = told(&[item(6, status, kind, 50)]);
        shows(&desk.screen(80, 24), &[words]);
    }
}
