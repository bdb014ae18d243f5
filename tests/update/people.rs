//! An event's people: what is asked for and when, pages from both ends, search, filter and order, marks, the file, and
//! what stays when the link is lost.

use pine_time::app::effect::{Effect, Timer};
use pine_time::app::msg::Msg;
use pine_time::domain::completion::{CompletionAnswer, CompletionCall, Results};
use pine_time::domain::event::{EventId, RegistrationStatus as Status};
use pine_time::domain::event_people::{
    Attendance, EventPerson, PeopleFilter, PeoplePage, PeopleSort, PeopleTotals,
};
use pine_time::domain::member::UserType;
use pine_time::domain::seats::{PaymentStatus, SeatsAnswer, SeatsCall};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, events, member_name, offline, page};
use crate::seat_fixtures::{people, people_totals, person};
use crate::{calls, hides, shows};

pub(crate) fn is_page(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::People { .. }))
}

pub(crate) fn is_totals(call: &Call) -> bool {
    matches!(call, Call::Seats(SeatsCall::PeopleTotals { .. }))
}

pub(crate) fn is_results(call: &Call) -> bool {
    matches!(call, Call::Completion(CompletionCall::Results(_)))
}

pub(crate) fn a_page(page: PeoplePage) -> Answer {
    Answer::Seats(SeatsAnswer::People(page))
}

pub(crate) fn the_totals(totals: PeopleTotals) -> Answer {
    Answer::Seats(SeatsAnswer::PeopleTotals(totals))
}

pub(crate) fn the_results(results: Results) -> Answer {
    Answer::Completion(CompletionAnswer::Results(results))
}

/// Staff among the people of the event that runs, at their first page.
pub(crate) fn at_people(width: u16, height: u16) -> Desk {
    let mut desk = opened(width, height);
    answer(&mut desk, people(), people_totals(), Results::default());
    desk
}

/// The same before any answer.
fn opened(width: u16, height: u16) -> Desk {
    let mut desk = Desk::signed_in(UserType::Staff, width, height);
    desk.with_events(events());
    desk.press("Tab");
    let effects = desk.press("p");
    assert!(
        calls(&effects)
            .iter()
            .any(|call| matches!(call, Call::Seats(SeatsCall::People {
            event: EventId(6), sort: PeopleSort::Name, descending: false, after: None, most: 100, filter
        }) if *filter == PeopleFilter::default())),
        "{effects:?}"
    );
    desk
}

/// Lets everything that is asked for be answered.
pub(crate) fn answer(desk: &mut Desk, page: PeoplePage, totals: PeopleTotals, results: Results) {
    if desk.newest(is_page).is_some() {
        desk.reply(is_page, Ok(a_page(page)));
    }
    if desk.newest(is_totals).is_some() {
        desk.reply(is_totals, Ok(the_totals(totals)));
    }
    if desk.newest(is_results).is_some() {
        desk.reply(is_results, Ok(the_results(results)));
    }
}

/// Row number `at` of a long table.
fn guest(at: i32) -> EventPerson {
    let name = format!("{} {at:05}", member_name(usize::try_from(at).unwrap()));
    person(1000 + at, &format!("guest{at}"), &name, Status::Registered)
}

/// What the database would answer for a table of `total` rows, to a page's call.
fn a_long_page(call: &Call, total: i32) -> PeoplePage {
    let Call::Seats(SeatsCall::People {
        descending,
        after,
        most,
        ..
    }) = call
    else {
        panic!("{call:?}");
    };
    let row = |place: i32| guest(if *descending { total - 1 - place } else { place });
    // A cursor is opaque to the screen; here its id is the place behind which to go on.
    let from = after.as_ref().map_or(0, |after| {
        serde_json::to_value(after).unwrap()["id"].as_i64().unwrap()
    });
    let from = i32::try_from(from).unwrap();
    let to = (from + most).min(total);
    PeoplePage {
        rows: (from..to).map(row).collect(),
        next: (to < total)
            .then(|| serde_json::from_value(serde_json::json!({"key": "k", "id": to})).unwrap()),
    }
}

fn answer_pages(desk: &mut Desk, total: i32) {
    for _ in 0..8 {
        let Some((request, call)) = desk.newest(is_page) else {
            return;
        };
        desk.reply_to(request, Ok(a_page(a_long_page(&call, total))));
    }
    panic!("it asks for page after page without a key");
}

fn long(total: i32) -> Desk {
    let mut desk = opened(80, 24);
    let totals = PeopleTotals {
        people: total.into(),
        matching: total.into(),
        registered: total.into(),
        ..people_totals()
    };
    desk.reply(is_totals, Ok(the_totals(totals)));
    answer_pages(&mut desk, total);
    desk
}

#[test]
fn members_have_no_way_to_it() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.with_events(events());
    desk.press("Tab");
    assert!(desk.press("p").is_empty());
    hides(&desk.screen(80, 24), &["waitlisted"]);
}

#[test]
fn it_opens_from_the_list_the_page_and_the_palette_and_esc_leads_back() {
    let mut desk = at_people(80, 24);
    shows(
        &desk.screen(80, 24),
        &[
            "Trivia Night: Science",
            "registered 3/20   pending 1   waitlisted 1",
            "checked in 1",
            "1/5",
            "Ana Reyes",
        ],
    );
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["November 2026"]);
    desk.press("Enter");
    desk.with_page(page(events()[5].clone()));
    desk.press("p");
    shows(&desk.screen(80, 24), &["Tab all"]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["Hill Station"]);
    desk.press("Esc");
    desk.press("Ctrl+P");
    desk.write("late entries");
    desk.press("Enter");
    shows(&desk.screen(80, 24), &["Tab all"]);
}

#[test]
fn it_stays_while_staff_look_at_the_door_and_the_tab_again_closes_it() {
    let mut desk = at_people(80, 24);
    desk.press("Down");
    desk.press("3");
    hides(&desk.screen(80, 24), &["Tab all"]);
    desk.press("Alt+1");
    shows(&desk.screen(80, 24), &["Tab all", "2/5"]);
    desk.press("1");
    shows(&desk.screen(80, 24), &["November 2026"]);
}

#[test]
fn loading_shows_after_a_while_and_a_refusal_in_its_place() {
    let mut desk = opened(80, 24);
    hides(&desk.screen(80, 24), &["⠋"]);
    while let Some(timer) = desk.timer(|timer| matches!(timer, Timer::Spinner(_))) {
        desk.fire(timer);
    }
    shows(&desk.screen(80, 24), &["⠋"]);
    desk.reply(is_page, Err(Fault::Internal));
    shows(&desk.screen(80, 24), &["Something went wrong in the database."]);
    desk.press("F5");
    desk.reply(is_page, Ok(a_page(people())));
    shows(&desk.screen(80, 24), &["Ana Reyes"]);
}

#[test]
fn nobody_is_said_with_what_to_do_next() {
    let mut desk = opened(80, 24);
    let nobody = PeoplePage {
        rows: Vec::new(),
        next: None,
    };
    desk.reply(is_page, Ok(a_page(nobody.clone())));
    shows(
        &desk.screen(80, 24),
        &["Nobody is registered. A registers a member.", "0/0"],
    );
    desk.press("Tab");
    desk.reply(is_page, Ok(a_page(nobody.clone())));
    shows(&desk.screen(80, 24), &["Nobody holds a seat."]);
    desk.press("/");
    desk.write("x");
    desk.reply(is_page, Ok(a_page(nobody)));
    shows(&desk.screen(80, 24), &["Nobody matches. Esc drops the search."]);
}

#[test]
fn a_lost_link_keeps_what_is_here_and_says_how_old_it_is() {
    let mut desk = at_people(80, 24);
    desk.fire(Timer::Poll);
    desk.reply(is_page, Err(offline()));
    shows(
        &desk.screen(80, 24),
        &["Ana Reyes", "as of 18:52", "offline since"],
    );
    desk.press("a");
    shows(
        &desk.screen(80, 24),
        &["This needs the database, which has not answered since 18:52."],
    );
    desk.fire(Timer::Heartbeat);
    desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(crate::fixtures::community())),
    );
    // It is back: everything in view is asked for again.
    answer(&mut desk, people(), people_totals(), Results::default());
    hides(&desk.screen(80, 24), &["as of 18:52"]);
}

#[test]
fn it_asks_again_every_few_seconds_and_the_cursor_stays_on_its_person() {
    let mut desk = at_people(80, 24);
    desk.press("Down");
    desk.press("Down");
    shows(&desk.screen(80, 24), &["3/5"]);
    let effects = desk.fire(Timer::Poll);
    let asked = calls(&effects);
    assert!(
        asked.iter().any(|call| is_page(call)) && asked.iter().any(|call| is_totals(call)),
        "{asked:?}"
    );
    let mut newer = people();
    newer
        .rows
        .insert(0, person(20, "abel", "Abel Cruz", Status::Registered));
    let totals = PeopleTotals {
        people: 6,
        matching: 6,
        ..people_totals()
    };
    answer(&mut desk, newer, totals, Results::default());
    shows(&desk.screen(80, 24), &["4/6", "Abel Cruz"]);
    let mut fewer = people();
    fewer.rows.truncate(1);
    desk.fire(Timer::Poll);
    let totals = PeopleTotals {
        people: 1,
        matching: 1,
        ..people_totals()
    };
    answer(&mut desk, fewer, totals, Results::default());
    shows(&desk.screen(80, 24), &["1/1"]);
}

#[test]
fn twenty_thousand_people_are_read_by_the_page_from_whichever_end_is_nearer() {
    let mut desk = long(20_000);
    shows(&desk.screen(80, 24), &["1/20,000", "00000"]);
    let effects = desk.press("End");
    assert!(
        matches!(
            calls(&effects)[..],
            [Call::Seats(SeatsCall::People {
                descending: true,
                after: None,
                ..
            })]
        ),
        "the end is asked for, not everything before it: {effects:?}"
    );
    shows(&desk.screen(80, 24), &["20,000/20,000", "·"]);
    answer_pages(&mut desk, 20_000);
    shows(&desk.screen(80, 24), &["19999", "20,000/20,000"]);
    for _ in 0..12 {
        desk.press("PgUp");
        answer_pages(&mut desk, 20_000);
    }
    shows(&desk.screen(80, 24), &["19,844/20,000", "19843"]);
    desk.press("Home");
    shows(&desk.screen(80, 24), &["1/20,000", "00000"]);
    for _ in 0..12 {
        desk.press("PgDn");
        answer_pages(&mut desk, 20_000);
    }
    shows(&desk.screen(80, 24), &["157/20,000", "00156"]);
}

#[test]
fn what_was_looked_at_long_ago_is_forgotten_and_read_again() {
    let mut desk = long(5_000);
    for _ in 0..160 {
        desk.press("PgDn");
        answer_pages(&mut desk, 5_000);
    }
    shows(&desk.screen(80, 24), &["2,081/5,000", "02080"]);
    let effects = desk.press("Home");
    assert!(
        matches!(
            calls(&effects)[..],
            [Call::Seats(SeatsCall::People {
                descending: false,
                after: None,
                ..
            })]
        ),
        "the first page was let go: {effects:?}"
    );
    answer_pages(&mut desk, 5_000);
    shows(&desk.screen(80, 24), &["1/5,000", "00000"]);
}

#[test]
fn only_the_pages_in_view_are_asked_for_again() {
    let mut desk = long(20_000);
    for _ in 0..12 {
        desk.press("PgDn");
        answer_pages(&mut desk, 20_000);
    }
    let effects = desk.fire(Timer::Poll);
    let asked: Vec<_> = calls(&effects).into_iter().filter(|call| is_page(call)).collect();
    assert!(
        matches!(
            asked[..],
            [Call::Seats(SeatsCall::People {
                after: Some(_),
                most: 100,
                ..
            })]
        ),
        "{asked:?}"
    );
    answer_pages(&mut desk, 20_000);
    shows(&desk.screen(80, 24), &["157/20,000", "00156"]);
}

#[test]
fn kinds_turn_with_tab_and_older_answers_are_dropped() {
    let mut desk = at_people(80, 24);
    let filter_of = |effects: &[Effect]| {
        calls(effects)
            .into_iter()
            .find_map(|call| match call {
                Call::Seats(SeatsCall::People { filter, sort, .. }) => Some((filter.clone(), *sort)),
                _ => None,
            })
            .unwrap()
    };
    let kinds = [
        (vec![Status::Registered], vec![], None, PeopleSort::Name),
        (vec![Status::Pending], vec![], None, PeopleSort::Name),
        (vec![Status::Waitlisted], vec![], None, PeopleSort::Line),
        (
            vec![Status::Registered],
            vec![PaymentStatus::Pending],
            None,
            PeopleSort::Name,
        ),
        (vec![], vec![], Some(Attendance::Attended), PeopleSort::Name),
        (
            vec![Status::Registered],
            vec![],
            Some(Attendance::Absent),
            PeopleSort::Name,
        ),
        (
            vec![Status::Cancelled, Status::Rejected],
            vec![],
            None,
            PeopleSort::Name,
        ),
    ];
    for (status, payment, attendance, sort) in kinds {
        let effects = desk.press("Tab");
        let wanted = PeopleFilter {
            status,
            payment,
            attendance,
            query: String::new(),
        };
        assert_eq!(filter_of(&effects), (wanted, sort));
    }
    let (older, _) = desk.newest(is_page).unwrap();
    let effects = desk.press("Shift+Tab");
    assert_eq!(filter_of(&effects).0.attendance, Some(Attendance::Absent));
    // What was shown stays until the answer is here; one to an older question is nothing.
    shows(&desk.screen(80, 24), &["Ana Reyes"]);
    let one = PeoplePage {
        rows: vec![person(20, "abel", "Abel Cruz", Status::Cancelled)],
        next: None,
    };
    desk.reply_to(older, Ok(a_page(one.clone())));
    hides(&desk.screen(80, 24), &["Abel Cruz"]);
    desk.reply(is_page, Ok(a_page(one)));
    shows(&desk.screen(80, 24), &["Abel Cruz", "1/1"]);
    hides(&desk.screen(80, 24), &["Ana Reyes"]);
    // Esc: everybody again, then back.
    desk.press("Esc");
    desk.reply(is_page, Ok(a_page(people())));
    shows(&desk.screen(80, 24), &["Ana Reyes"]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["November 2026"]);
}

#[test]
fn a_search_is_sent_as_it_is_typed_and_letters_are_letters() {
    let mut desk = at_people(80, 24);
    desk.press("/");
    let effects = desk.write("xar");
    assert!(
        matches!(calls(&effects).last(), Some(Call::Seats(SeatsCall::People { filter, .. })) if filter.query == "xar"),
        "{effects:?}"
    );
    let found = PeoplePage {
        rows: vec![people().rows[4].clone()],
        next: None,
    };
    desk.reply(is_page, Ok(a_page(found)));
    shows(&desk.screen(80, 24), &["/ xar", "Rey Santos", "1/1"]);
    desk.press("Enter");
    // Kept: letters are commands again.
    desk.press("n");
    shows(&desk.screen(80, 24), &["A note on Rey Santos"]);
    desk.press("Esc");
    let effects = desk.press("Esc");
    assert!(
        matches!(calls(&effects).last(), Some(Call::Seats(SeatsCall::People { filter, .. })) if filter.query.is_empty())
    );
    desk.press("/");
    desk.send(Msg::Paste("katya\u{1b}[31m\n".to_owned()));
    shows(&desk.screen(80, 24), &["/ katya"]);
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["/ katya"]);
}

#[test]
fn the_panel_filters_and_sorts_when_it_is_taken_and_not_before() {
    let mut desk = at_people(80, 24);
    desk.press("f");
    assert!(desk.press("Right").is_empty());
    desk.press("Tab");
    desk.press("Right");
    desk.press("Right");
    desk.press("Down");
    desk.press("Space");
    desk.press("Down");
    desk.press("Left");
    desk.press("Down");
    desk.press("Right");
    shows(
        &desk.screen(80, 24),
        &[
            "‹ registered ›",
            "‹ paid ›",
            "‹ came ›",
            "‹ by arrival ›",
            "‹ backwards ›",
        ],
    );
    let effects = desk.press("Enter");
    assert!(
        matches!(&calls(&effects)[..], [.., Call::Seats(SeatsCall::People { filter, sort: PeopleSort::Arrival, descending: true, .. })]
            if filter.status == [Status::Registered] && filter.payment == [PaymentStatus::Paid]
                && filter.attendance == Some(Attendance::Attended)),
        "{effects:?}"
    );
    desk.reply(is_page, Ok(a_page(people())));
    shows(
        &desk.screen(80, 24),
        &["Tab filter: registered, paid, came", "by arrival, backwards"],
    );
    desk.press("f");
    desk.press("Ctrl+R");
    desk.press("Esc");
    assert!(desk.newest(is_page).is_none(), "closed without taking it");
    desk.press("f");
    desk.press("Ctrl+R");
    let effects = desk.press("Enter");
    assert!(
        matches!(&calls(&effects)[..], [.., Call::Seats(SeatsCall::People { filter, .. })] if *filter == PeopleFilter::default())
    );
}

#[test]
fn the_order_turns_and_runs_backwards() {
    let mut desk = at_people(80, 24);
    let effects = desk.press("s");
    assert!(matches!(
        &calls(&effects)[..],
        [
            ..,
            Call::Seats(SeatsCall::People {
                sort: PeopleSort::Date,
                descending: false,
                ..
            })
        ]
    ));
    shows(&desk.screen(80, 24), &["Listed by registration."]);
    let effects = desk.press("S");
    assert!(matches!(
        &calls(&effects)[..],
        [
            ..,
            Call::Seats(SeatsCall::People {
                sort: PeopleSort::Date,
                descending: true,
                ..
            })
        ]
    ));
    shows(&desk.screen(80, 24), &["Listed by registration, backwards."]);
}

#[test]
fn space_marks_and_goes_on_and_esc_lets_go() {
    let mut desk = at_people(80, 24);
    desk.press("Space");
    desk.press("Space");
    shows(
        &desk.screen(80, 24),
        &["● Ana Reyes", "● Katya Torres", "3/5", "2 marked"],
    );
    desk.press("Up");
    desk.press("Space");
    hides(&desk.screen(80, 24), &["● Katya Torres"]);
    desk.press("Esc");
    hides(&desk.screen(80, 24), &["●  "]);
    desk.press("*");
    shows(&desk.screen(80, 24), &["5 marked"]);
    desk.press("*");
    hides(&desk.screen(80, 24), &["marked"]);
    let mut desk = long(20_000);
    desk.press("*");
    shows(&desk.screen(80, 24), &["Too many to mark at once"]);
}

#[test]
fn enter_shows_one_in_full_where_there_is_no_room_beside() {
    let mut desk = at_people(80, 24);
    desk.press("Enter");
    shows(
        &desk.screen(80, 24),
        &[
            "ana@example.org",
            "Brings the projector",
            "Price      free",
            "approve, also after a refusal",
        ],
    );
    desk.press("Down");
    shows(&desk.screen(80, 24), &["katya@example.org", "₱250, due ₱250"]);
    desk.press("Esc");
    shows(&desk.screen(80, 24), &["2/5"]);
    let desk = at_people(120, 40);
    shows(&desk.screen(120, 40), &["ana@example.org", "1/5"]);
}

#[test]
fn a_click_goes_to_its_row_and_the_wheel_moves() {
    let mut desk = at_people(80, 24);
    desk.click(10, 10);
    shows(&desk.screen(80, 24), &["4/5"]);
    desk.click(10, 20);
    shows(&desk.screen(80, 24), &["4/5"]);
}

#[test]
fn the_file_is_all_pages_whatever_is_in_view() {
    let mut desk = long(1_200);
    desk.press("Ctrl+S");
    let mut written = Vec::new();
    for _ in 0..3 {
        let (request, call) = desk
            .newest(|call| matches!(call, Call::Seats(SeatsCall::People { most: 500, .. })))
            .expect("the next page of the file");
        written = desk.reply_to(request, Ok(a_page(a_long_page(&call, 1_200))));
    }
    let [Effect::Export { name, text }] = &written[..] else {
        panic!("{written:?}");
    };
    assert_eq!(name, "pine-time-people-6.csv");
    assert_eq!(text.lines().count(), 1_201);
    assert!(text.starts_with("registration_id,event_id,user_id,"));
    assert!(text.lines().nth(1_200).unwrap().contains(",guest1199,"));
}

#[test]
fn a_file_whose_link_breaks_is_not_half_a_file() {
    let mut desk = long(1_200);
    desk.press("Ctrl+S");
    let is_file = |call: &Call| matches!(call, Call::Seats(SeatsCall::People { most: 500, .. }));
    let (request, call) = desk.newest(is_file).unwrap();
    desk.reply_to(request, Ok(a_page(a_long_page(&call, 1_200))));
    let effects = desk.reply(is_file, Err(offline()));
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Export { .. }))
    );
    shows(&desk.screen(80, 24), &["Nothing is written."]);
    desk.press("Ctrl+S");
    assert!(desk.newest(is_file).is_some(), "and may be tried again");
}

#[test]
fn a_scan_is_taken_out_of_the_search_it_came_into() {
    let mut desk = at_people(80, 24);
    desk.press("/");
    desk.write("re");
    desk.scan("R6K2F9TQ4M");
    shows(
        &desk.screen(80, 24),
        &[
            "/ re",
            "R6K2F9TQ4M was scanned, and no event is open at the door.",
        ],
    );
    hides(&desk.screen(80, 24), &["reR6"]);
}
