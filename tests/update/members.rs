//! Members: what is asked for and when, the search, filters, pages, every act and its refusals, several at once, sessions and
//! one-time codes, stale answers and the lost link.

use pine_time::app::effect::{Effect, Timer};
use pine_time::domain::account::{Account, AccountAnswer, AccountCall, Activity, ResetCode};
use pine_time::domain::door_note::{NoteAnswer, NoteCall, NoteOutcome};
use pine_time::domain::member::{MemberId, MemberName, UserType};
use pine_time::domain::members_desk::{MembersAnswer, MembersCall, MembersCount, MembersFilter, MembersPage};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, account, community, manila, offline};
use crate::member_fixtures::{
    a_page, answer, answer_member, at_members, count, is_count, is_member, is_page, members, row, sessions,
};
use crate::{calls, hides, shows, writes};

fn screen(desk: &Desk) -> String {
    desk.screen(80, 24)
}

fn filter_of(desk: &Desk) -> MembersFilter {
    match desk.newest(is_page) {
        Some((_, Call::Members(MembersCall::Page { filter, .. }))) => filter,
        other => panic!("{other:?}"),
    }
}

/// Moves to a member by their name in the list.
fn on(desk: &mut Desk, name: &str) {
    let at = members()
        .rows
        .iter()
        .position(|row| row.line.full_name.as_str() == name)
        .unwrap();
    desk.press("Home");
    for _ in 0..at {
        desk.press("Down");
    }
    answer_member(desk, &members());
}

fn activity(id: i32, name: &str, is_active: bool) -> Answer {
    Answer::Account(AccountAnswer::Activity(Activity {
        id: MemberId(id),
        username: name.into(),
        is_active,
    }))
}

fn is_active_call(call: &Call) -> bool {
    matches!(call, Call::Account(AccountCall::SetActive { .. }))
}

fn code() -> Answer {
    Answer::Account(AccountAnswer::Code(ResetCode {
        code: "R6K2F9TQ4M".into(),
        username: "ana".into(),
        expires_at: manila("2026-11-28 18:52"),
    }))
}

fn is_code(call: &Call) -> bool {
    matches!(call, Call::Account(AccountCall::ResetCode { .. }))
}

#[test]
fn members_have_no_way_to_it() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    for key in ["6", "Alt+6"] {
        assert!(calls(&desk.press(key)).is_empty());
    }
    hides(&screen(&desk), &["6 Members"]);
    desk.press("Ctrl+P");
    desk.write("members");
    hides(&screen(&desk), &["Alt+6"]);
}

#[test]
fn it_opens_by_key_and_palette_and_asks_for_active_members() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    let effects = desk.press("6");
    let asked = calls(&effects);
    assert!(
        asked.iter().any(|call| matches!(
            call,
            Call::Members(MembersCall::Page {
                filter: MembersFilter {
                    active: Some(true),
                    user_type: None,
                    ..
                },
                after: None,
                descending: false,
                ..
            })
        )),
        "{asked:?}"
    );
    assert!(asked.iter().any(|call| is_count(call)));
    answer(&mut desk, &members());
    shows(
        &screen(&desk),
        &["6 Members", "Ana Reyes", "1/7", "Tab everybody", "f active"],
    );
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("Ctrl+P");
    desk.write("members");
    let effects = desk.press("Enter");
    assert!(calls(&effects).iter().any(|call| is_page(call)), "{effects:?}");
}

#[test]
fn a_search_is_sent_when_typing_pauses_and_a_stale_answer_is_dropped() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    desk.press("/");
    shows(&screen(&desk), &["name, user name, address or pass"]);
    let typed = desk.write("a");
    assert!(calls(&typed).is_empty(), "not before a pause: {typed:?}");
    let first = desk.timer(|timer| matches!(timer, Timer::Debounce(_))).unwrap();
    desk.write("n");
    let second = desk.timer(|timer| matches!(timer, Timer::Debounce(_)) && *timer != first);
    assert!(calls(&desk.fire(first)).is_empty(), "typing went on");
    let effects = desk.fire(second.unwrap());
    assert!(calls(&effects).iter().any(|call| is_page(call)));
    assert_eq!(filter_of(&desk).query, "an");
    let stale = desk.newest(is_page).unwrap().0;
    desk.write("a");
    let third = desk.timer(|timer| matches!(timer, Timer::Debounce(_))).unwrap();
    desk.fire(third);
    desk.reply_to(
        stale,
        Ok(a_page(MembersPage {
            rows: vec![],
            next: None,
        })),
    );
    shows(&screen(&desk), &["Ana Reyes"]);
    let found = MembersPage {
        rows: vec![row(3, "ana", "Ana Reyes", UserType::Regular)],
        next: None,
    };
    desk.reply(is_page, Ok(a_page(found)));
    shows(&screen(&desk), &["1/1", "Ana Reyes"]);
    hides(&screen(&desk), &["Bea Lim"]);
    desk.press("Enter");
    desk.press("Esc");
    assert_eq!(filter_of(&desk).query, "");
}

#[test]
fn where_many_match_the_next_letter_is_asked_for() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    desk.press("/");
    desk.write("a");
    let pause = desk.timer(|timer| matches!(timer, Timer::Debounce(_))).unwrap();
    desk.fire(pause);
    let rows = (0..40)
        .map(|at| {
            row(
                100 + at,
                &format!("a{at}"),
                &format!("Ana {at:02}"),
                UserType::Regular,
            )
        })
        .collect();
    desk.reply(is_page, Ok(a_page(MembersPage { rows, next: None })));
    shows(
        &screen(&desk),
        &[
            "1/40+",
            "These are the nearest; go on typing if others are meant.",
        ],
    );
}

#[test]
fn roles_and_states_are_turned_over_and_esc_lets_go_one_by_one() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    for role in [
        Some(UserType::Regular),
        Some(UserType::Staff),
        Some(UserType::Admin),
        None,
    ] {
        desk.press("Tab");
        assert_eq!(filter_of(&desk).user_type, role);
    }
    desk.press("Shift+Tab");
    assert_eq!(filter_of(&desk).user_type, Some(UserType::Admin));
    for active in [Some(false), None, Some(true), Some(false)] {
        desk.press("f");
        assert_eq!(filter_of(&desk).active, active);
    }
    desk.reply(
        is_page,
        Ok(a_page(MembersPage {
            rows: vec![],
            next: None,
        })),
    );
    shows(
        &screen(&desk),
        &["Nobody here. Esc shows all active members", "0/0", "deactivated"],
    );
    desk.press("Esc");
    assert_eq!(
        filter_of(&desk),
        MembersFilter {
            active: Some(true),
            ..MembersFilter::default()
        }
    );
}

#[test]
fn a_long_list_is_asked_for_by_pages_from_both_ends() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("6");
    let guest = |at: i32| {
        row(
            1000 + at,
            &format!("m{at}"),
            &format!("Member {at:04}"),
            UserType::Regular,
        )
    };
    let total = 1000;
    let many = MembersCount {
        members: total.into(),
        inactive: 0,
        ..count()
    };
    desk.reply(is_count, Ok(Answer::Members(MembersAnswer::Count(many))));
    let serve = |desk: &mut Desk| {
        for _ in 0..8 {
            let Some((
                request,
                Call::Members(MembersCall::Page {
                    descending,
                    after,
                    most,
                    ..
                }),
            )) = desk.newest(is_page)
            else {
                return;
            };
            let from = after.map_or(0, |after| {
                let place = serde_json::to_value(&after).unwrap()["id"].as_i64().unwrap();
                i32::try_from(place).unwrap()
            });
            let to = (from + most).min(total);
            let rows = (from..to)
                .map(|place| guest(if descending { total - 1 - place } else { place }))
                .collect();
            let next = (to < total)
                .then(|| serde_json::from_value(serde_json::json!({"key": "k", "id": to})).unwrap());
            desk.reply_to(request, Ok(a_page(MembersPage { rows, next })));
        }
        panic!("it asks for page after page without a key");
    };
    serve(&mut desk);
    shows(&screen(&desk), &["1/1,000", "Member 0000"]);
    desk.press("End");
    serve(&mut desk);
    shows(&screen(&desk), &["1,000/1,000", "Member 0999"]);
    desk.press("Home");
    serve(&mut desk);
    shows(&screen(&desk), &["1/1,000", "Member 0000"]);
    for _ in 0..12 {
        desk.press("PgDn");
        serve(&mut desk);
    }
    hides(&screen(&desk), &["  ·"]);
}

#[test]
fn a_member_opens_in_full_and_the_arrows_scroll() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    on(&mut desk, "Ana Reyes");
    desk.press("Enter");
    shows(
        &screen(&desk),
        &[
            "ana   ana@example.org",
            "Brings the quiz cards",
            "390 earned, 340 to spend",
            "12 events",
        ],
    );
    hides(&screen(&desk), &["Bea Lim"]);
    desk.press("End");
    shows(&screen(&desk), &["Ridge Walk", "came", "absent"]);
    desk.press("Esc");
    shows(&screen(&desk), &["Bea Lim", "2/7"]);
}

#[test]
fn beside_the_list_stands_who_is_under_the_cursor_and_no_other() {
    let mut desk = at_members(UserType::Staff, 120, 40);
    shows(&desk.screen(120, 40), &["administrator"]);
    desk.press("Down");
    let late = desk.newest(is_member).unwrap().0;
    desk.press("Down");
    // The answer for whom the cursor has left says nothing here.
    desk.reply_to(
        late,
        Ok(Answer::Members(MembersAnswer::Member(Box::new(
            crate::member_fixtures::page(row(3, "ana", "Ana Reyes", UserType::Regular)),
        )))),
    );
    let seen = desk.screen(120, 40);
    shows(&seen, &["bea   bea@example.org"]);
    hides(&seen, &["390 earned"]);
    answer_member(&mut desk, &members());
    shows(&desk.screen(120, 40), &["390 earned", "Deactivated: signs in"]);
}

#[test]
fn somebody_is_deactivated_with_a_reason_and_the_row_follows() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    on(&mut desk, "Ana Reyes");
    desk.press("x");
    shows(
        &screen(&desk),
        &["Deactivate Ana Reyes", "they are signed out and sign in no more"],
    );
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&screen(&desk), &["Type why; the audit log keeps it."]);
    desk.write("moved away");
    let effects = desk.press("Enter");
    assert!(
        matches!(writes(&effects).as_slice(), [Call::Account(AccountCall::SetActive {
            member: MemberId(3), active: false, reason, ..
        })] if reason == "moved away"),
        "{effects:?}"
    );
    assert!(writes(&desk.press("Enter")).is_empty(), "once");
    let effects = desk.reply(is_active_call, Ok(activity(3, "ana", false)));
    assert!(
        calls(&effects).iter().any(|call| is_page(call)),
        "asked anew: {effects:?}"
    );
    assert!(calls(&effects).iter().any(|call| is_count(call)));
    shows(
        &screen(&desk),
        &["Ana Reyes is deactivated and signed out everywhere."],
    );
}

#[test]
fn a_refused_reason_and_a_lost_link_keep_what_was_typed() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    on(&mut desk, "Ana Reyes");
    desk.press("x");
    desk.write("no");
    desk.press("Enter");
    let refused = Fault::Invalid {
        field: "reason".to_owned(),
        why: "Say why.".into(),
    };
    desk.reply(is_active_call, Err(refused));
    shows(&screen(&desk), &["Say why.", "no"]);
    desk.press("Enter");
    desk.reply(is_active_call, Err(offline()));
    shows(&screen(&desk), &["Nothing is done.", "no"]);
    desk.press("Esc");
    desk.press("x");
    shows(&screen(&desk), &["This needs the database"]);
    // Back again, everything is asked anew.
    desk.fire(Timer::Heartbeat);
    desk.reply(
        |call| matches!(call, Call::Community),
        Ok(Answer::Community(community())),
    );
    assert!(desk.newest(is_page).is_some());
}

#[test]
fn several_are_done_at_once_with_a_line_for_each() {
    let mut desk = at_members(UserType::Admin, 80, 24);
    on(&mut desk, "Ana Reyes");
    desk.press("Space");
    desk.press("Down");
    desk.press("Down");
    desk.press("Space");
    shows(&screen(&desk), &["2 marked: x, X and S are about all of them."]);
    desk.press("e");
    shows(&screen(&desk), &["This is done one by one"]);
    desk.press("x");
    shows(
        &screen(&desk),
        &["Deactivate 2 members", "Ana Reyes, Dina Ocampo"],
    );
    desk.write("cleaning up");
    let effects = desk.press("Enter");
    assert_eq!(writes(&effects).len(), 2, "{effects:?}");
    let of = |wanted: i32| move |call: &Call| matches!(call, Call::Account(AccountCall::SetActive { member, .. }) if member.0 == wanted);
    desk.reply(
        of(17),
        Err(Fault::Conflict("Nobody deactivates themselves.".into())),
    );
    desk.reply(of(3), Ok(activity(3, "ana", false)));
    shows(
        &screen(&desk),
        &[
            "✓ Ana Reyes",
            "✕ Dina Ocampo",
            "1 of 2 done",
            "who is not done stays marked",
        ],
    );
    desk.press("Esc");
    shows(&screen(&desk), &["● Dina Ocampo"]);
    hides(&screen(&desk), &["● Ana Reyes"]);
    desk.press("Esc");
    // Sessions need no reason.
    desk.press("Home");
    desk.press("Space");
    desk.press("Space");
    let effects = desk.press("S");
    let ended = |call: &&&Call| {
        matches!(
            call,
            Call::Members(MembersCall::EndSessions { member: Some(_), .. })
        )
    };
    assert_eq!(writes(&effects).iter().filter(ended).count(), 2, "{effects:?}");
}

#[test]
fn what_one_may_not_is_said_before_anything_is_sent() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    on(&mut desk, "Ana Reyes");
    for (key, why) in [
        ("r", "Only administrators give roles."),
        ("s", "Only administrators see and end the sessions of others."),
        ("S", "Only administrators see and end the sessions of others."),
        ("X", "Ana Reyes is active."),
    ] {
        assert!(calls(&desk.press(key)).is_empty(), "{key}");
        shows(&screen(&desk), &[why]);
    }
    on(&mut desk, "Ada Minister");
    for key in ["e", "x", "w"] {
        assert!(calls(&desk.press(key)).is_empty(), "{key}");
        shows(&screen(&desk), &["Only administrators may do that to staff."]);
    }
    on(&mut desk, "Bea Lim");
    for (key, why) in [
        ("x", "Bea Lim is deactivated already."),
        ("w", "Bea Lim is deactivated; X brings them back first."),
    ] {
        assert!(calls(&desk.press(key)).is_empty(), "{key}");
        shows(&screen(&desk), &[why]);
    }
    let mut desk = at_members(UserType::Admin, 80, 24);
    on(&mut desk, "Ada Minister");
    desk.press("x");
    shows(&screen(&desk), &["Nobody deactivates themselves."]);
}

#[test]
fn administrators_give_roles() {
    let mut desk = at_members(UserType::Admin, 80, 24);
    on(&mut desk, "Ana Reyes");
    desk.press("r");
    shows(&screen(&desk), &["Role of Ana Reyes", "2  staff"]);
    assert!(writes(&desk.press("1")).is_empty(), "it stands so already");
    desk.press("r");
    let effects = desk.press("2");
    assert!(
        matches!(writes(&effects).as_slice(), [Call::Members(MembersCall::SetRole { username, role: UserType::Staff, .. })]
            if username == "ana"),
        "{effects:?}"
    );
    desk.press("r");
    shows(
        &screen(&desk),
        &["What was done about Ana Reyes is not answered yet."],
    );
    let name = MemberName {
        id: MemberId(3),
        username: "ana".into(),
        full_name: "ana".into(),
    };
    desk.reply(
        |call| matches!(call, Call::Members(MembersCall::SetRole { .. })),
        Ok(Answer::Members(MembersAnswer::Role(name, UserType::Staff))),
    );
    shows(&screen(&desk), &["Ana Reyes is staff now."]);
    desk.press("r");
    desk.press("Esc");
    hides(&screen(&desk), &["Role of"]);
}

#[test]
fn a_code_is_shown_once_and_goes_with_esc_alone() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    on(&mut desk, "Ana Reyes");
    let effects = desk.press("w");
    assert!(matches!(
        writes(&effects).as_slice(),
        [Call::Account(AccountCall::ResetCode { member: MemberId(3) })]
    ));
    let effects = desk.reply(is_code, Ok(code()));
    assert!(
        !format!("{effects:?}").contains("R6K2F9TQ4M"),
        "a code is in no effect"
    );
    let seen = screen(&desk);
    shows(
        &seen,
        &[
            "R6K2F-9TQ4M",
            "Ana Reyes · signs in as ana",
            "good once, until",
            "Ctrl+O takes it",
        ],
    );
    // A scanner's Enter does not close what is shown only once.
    desk.press("Enter");
    shows(&screen(&desk), &["R6K2F-9TQ4M"]);
    desk.press("Esc");
    hides(&screen(&desk), &["R6K2F-9TQ4M"]);
    desk.press("w");
    desk.reply(
        is_code,
        Err(Fault::NotAllowed(
            "Only administrators may do that to staff.".into(),
        )),
    );
    shows(&screen(&desk), &["There is no code for Ana Reyes."]);
}

#[test]
fn the_lock_hides_a_code() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    on(&mut desk, "Ana Reyes");
    desk.press("w");
    desk.reply(is_code, Ok(code()));
    shows(&screen(&desk), &["R6K2F-9TQ4M"]);
    desk.fire(Timer::Poll);
    desk.reply(is_page, Err(Fault::NotSignedIn));
    shows(&screen(&desk), &["Password"]);
    hides(&screen(&desk), &["R6K2F-9TQ4M"]);
}

#[test]
fn somebody_new_is_made_and_their_code_follows() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    desk.press("/");
    desk.write("Nina Cruz");
    desk.press("Enter");
    desk.press("n");
    shows(
        &screen(&desk),
        &["A new member", "Nina Cruz", "nina.cruz", "one-time code"],
    );
    desk.press("Tab");
    desk.press("Tab");
    desk.write("nina@example.org");
    let effects = desk.press("Ctrl+S");
    assert!(
        matches!(writes(&effects).as_slice(), [Call::Members(MembersCall::Add { who, .. })]
            if who.username == "nina.cruz" && who.full_name == "Nina Cruz" && who.referrer.is_empty()),
        "{effects:?}"
    );
    let is_add = |call: &Call| matches!(call, Call::Members(MembersCall::Add { .. }));
    let taken = Fault::Invalid {
        field: "email".to_owned(),
        why: "Somebody has the e-mail address “nina@example.org” already.".into(),
    };
    desk.reply(is_add, Err(taken));
    shows(&screen(&desk), &["already"]);
    desk.press("Ctrl+S");
    let made = row(30, "nina.cruz", "Nina Cruz", UserType::Regular).line;
    let effects = desk.reply(is_add, Ok(Answer::Members(MembersAnswer::Made(made))));
    assert!(
        matches!(
            writes(&effects).as_slice(),
            [Call::Account(AccountCall::ResetCode { member: MemberId(30) })]
        ),
        "{effects:?}"
    );
    let effects = desk.reply(is_code, Ok(code()));
    assert!(
        calls(&effects).iter().any(|call| is_page(call)),
        "the list is asked anew"
    );
    shows(&screen(&desk), &["R6K2F-9TQ4M", "Nina Cruz"]);
}

#[test]
fn what_is_written_down_is_edited_from_how_it_stood() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    desk.press("Home");
    desk.press("Down");
    desk.press("e");
    shows(&screen(&desk), &["Ana Reyes's page is not here yet."]);
    answer_member(&mut desk, &members());
    desk.press("e");
    shows(&screen(&desk), &["ana@example.org", "mira"]);
    desk.press("End");
    desk.write(" Cruz");
    let effects = desk.press("Ctrl+S");
    assert!(
        matches!(writes(&effects).as_slice(), [Call::Members(MembersCall::Save { member: MemberId(3), seen, draft, .. })]
            if seen == "v1" && draft.full_name == "Ana Reyes Cruz" && draft.referred_by == "mira"),
        "{effects:?}"
    );
    let is_save = |call: &Call| matches!(call, Call::Members(MembersCall::Save { .. }));
    desk.reply(
        is_save,
        Err(Fault::Conflict("Somebody changed this member meanwhile.".into())),
    );
    shows(
        &screen(&desk),
        &["Somebody changed this member meanwhile.", "Ana Reyes Cruz"],
    );
    desk.press("Ctrl+S");
    let saved = row(3, "ana", "Ana Reyes Cruz", UserType::Regular);
    let effects = desk.reply(is_save, Ok(Answer::Members(MembersAnswer::Saved(saved))));
    shows(&screen(&desk), &["Ana Reyes Cruz is saved."]);
    assert!(calls(&effects).iter().any(|call| is_page(call)));
}

#[test]
fn a_door_note_is_written_from_here() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    on(&mut desk, "Ana Reyes");
    desk.press("d");
    shows(&screen(&desk), &["Brings the quiz cards"]);
    desk.write(" Soon.");
    let effects = desk.press("Ctrl+S");
    let [Call::Note(NoteCall::Set { number: Some(3), .. })] = writes(&effects).as_slice() else {
        panic!("{effects:?}")
    };
    let kept = NoteAnswer {
        outcome: NoteOutcome::Done,
        member: row(3, "ana", "Ana Reyes", UserType::Regular).name(),
        note: None,
    };
    let effects = desk.reply(|call| matches!(call, Call::Note(_)), Ok(Answer::Note(kept)));
    assert!(calls(&effects).iter().any(|call| is_member(call)), "{effects:?}");
}

#[test]
fn administrators_end_anybodys_sessions() {
    let mut desk = at_members(UserType::Admin, 80, 24);
    on(&mut desk, "Ana Reyes");
    desk.press("s");
    let is_list = |call: &Call| matches!(call, Call::Members(MembersCall::Sessions(MemberId(3))));
    let theirs = sessions().into_iter().map(|mut line| {
        line.is_here = false;
        line
    });
    desk.reply(
        is_list,
        Ok(Answer::Members(MembersAnswer::Sessions(theirs.collect()))),
    );
    shows(
        &screen(&desk),
        &[
            "Where Ana Reyes is signed in",
            "kiosk by the entrance",
            "X end all",
        ],
    );
    desk.press("Down");
    let effects = desk.press("Enter");
    assert!(matches!(
        writes(&effects).as_slice(),
        [Call::Account(AccountCall::EndSession { session: 20, .. })]
    ));
    let effects = desk.reply(
        |call| matches!(call, Call::Account(AccountCall::EndSession { .. })),
        Ok(Answer::Account(AccountAnswer::Ended(true))),
    );
    assert!(calls(&effects).iter().any(|call| is_list(call)), "asked anew");
    shows(&screen(&desk), &["The session is ended."]);
    let effects = desk.press("X");
    assert!(matches!(
        writes(&effects).as_slice(),
        [Call::Members(MembersCall::EndSessions {
            member: Some(MemberId(3)),
            ..
        })]
    ));
    let is_all = |call: &Call| matches!(call, Call::Members(MembersCall::EndSessions { .. }));
    desk.reply(is_all, Err(offline()));
    shows(&screen(&desk), &["Nothing is ended."]);
    desk.press("Esc");
    hides(&screen(&desk), &["Where Ana Reyes"]);
}

#[test]
fn nothing_is_announced_of_somebody_who_is_signed_in_nowhere() {
    let mut desk = at_members(UserType::Admin, 80, 24);
    on(&mut desk, "Ana Reyes");
    desk.press("s");
    desk.reply(
        |call| matches!(call, Call::Members(MembersCall::Sessions(_))),
        Ok(Answer::Members(MembersAnswer::Sessions(Vec::new()))),
    );
    shows(&screen(&desk), &["Nowhere at the moment."]);
    hides(&screen(&desk), &["X end all  Esc closes"]);
}

#[test]
fn my_own_sessions_are_ended_from_the_profile_but_not_this_one() {
    let mut desk = Desk::signed_in(UserType::Regular, 80, 24);
    desk.press("4");
    desk.press("S");
    let mine = Account {
        sessions: sessions(),
        ..account()
    };
    let is_mine = |call: &Call| matches!(call, Call::Account(AccountCall::Mine));
    desk.reply(is_mine, Ok(Answer::Account(AccountAnswer::Mine(mine))));
    shows(
        &screen(&desk),
        &["Where you are signed in", "this one", "X end all others"],
    );
    assert!(writes(&desk.press("Enter")).is_empty());
    shows(&screen(&desk), &["This is where you sit; Ctrl+O signs you out."]);
    // Only what can be done is announced: this one cannot be ended here.
    hides(&screen(&desk), &["Enter end  X end all others"]);
    let effects = desk.press("X");
    assert!(matches!(
        writes(&effects).as_slice(),
        [Call::Members(MembersCall::EndSessions { member: None, .. })]
    ));
    desk.reply(
        |call| matches!(call, Call::Members(MembersCall::EndSessions { .. })),
        Ok(Answer::Members(MembersAnswer::Ended(2))),
    );
    shows(&screen(&desk), &["2 sessions are ended."]);
}

#[test]
fn a_lost_link_keeps_what_is_here_and_a_refusal_is_told_in_its_place() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    desk.fire(Timer::Poll);
    desk.reply(is_page, Err(offline()));
    shows(&screen(&desk), &["Ana Reyes", "as of 18:52", "offline since"]);
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("6");
    desk.reply(is_page, Err(Fault::Internal));
    shows(&screen(&desk), &["Something went wrong in the database."]);
    desk.press("F5");
    answer(&mut desk, &members());
    shows(&screen(&desk), &["Ana Reyes"]);
}

#[test]
fn what_was_done_is_told_on_another_screen_too() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    on(&mut desk, "Ana Reyes");
    desk.press("x");
    desk.write("moved");
    desk.press("Enter");
    desk.press("Esc");
    desk.press("1");
    let effects = desk.reply(is_active_call, Ok(activity(3, "ana", false)));
    shows(
        &screen(&desk),
        &["Ana Reyes is deactivated and signed out everywhere."],
    );
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Run { call, .. } if is_page(call))),
        "nothing of it is asked for from elsewhere: {effects:?}"
    );
}

#[test]
fn nothing_of_it_is_left_for_whoever_signs_in_next() {
    let mut desk = at_members(UserType::Staff, 80, 24);
    desk.press("/");
    desk.write("secret search");
    desk.press("Ctrl+O");
    desk.sign_in(UserType::Staff);
    desk.press("6");
    hides(&screen(&desk), &["secret search", "Ana Reyes"]);
}
