//! How members look: the list and one in full, in both sizes; what lies over them; sessions and the one-time code.

use insta::assert_snapshot;
use pine_time::app::effect::Timer;
use pine_time::domain::account::{AccountAnswer, AccountCall, Activity, ResetCode};
use pine_time::domain::member::{MemberId, UserType};
use pine_time::domain::members_desk::{MembersAnswer, MembersCall, MembersPage};
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, manila, member_name, offline};
use crate::member_fixtures::{a_page, answer, answer_member, at_members, is_page, members, row, sessions};

const NARROW: (u16, u16) = (80, 24);
const WIDE: (u16, u16) = (120, 40);

fn on_ana(user_type: UserType, size: (u16, u16)) -> Desk {
    let mut desk = at_members(user_type, size.0, size.1);
    desk.press("Down");
    answer_member(&mut desk, &members());
    desk
}

fn crowd() -> MembersPage {
    let mut rows = members().rows;
    rows.extend((0..40).map(|at| {
        let name = member_name(usize::try_from(at).unwrap() + 3);
        let mut row = row(100 + at, &format!("guest.{at}"), &name, UserType::Regular);
        row.points = i64::from(at) * 35;
        row.line.is_active = at % 9 != 4;
        row
    }));
    MembersPage { rows, next: None }
}

#[test]
fn the_list() {
    for (name, size) in [("narrow", NARROW), ("wide", WIDE), ("very_wide", (200, 50))] {
        let mut desk = Desk::signed_in(UserType::Staff, size.0, size.1);
        desk.press("6");
        answer(&mut desk, &crowd());
        desk.press("Down");
        answer_member(&mut desk, &crowd());
        assert_snapshot!(format!("members_list_{name}"), desk.screen(size.0, size.1));
    }
}

#[test]
fn one_in_full() {
    let mut desk = on_ana(UserType::Admin, NARROW);
    desk.press("Enter");
    assert_snapshot!("members_page_narrow", desk.screen(80, 24));
    desk.press("End");
    assert_snapshot!("members_page_narrow_end", desk.screen(80, 24));
    let mut desk = on_ana(UserType::Admin, WIDE);
    desk.press("Enter");
    assert_snapshot!("members_page_wide", desk.screen(120, 40));
}

#[test]
fn loading_empty_failed_offline() {
    let mut desk = Desk::signed_in(UserType::Staff, 80, 24);
    desk.press("6");
    while let Some(timer) = desk.timer(|timer| matches!(timer, Timer::Spinner(_))) {
        desk.fire(timer);
    }
    assert_snapshot!("members_loading", desk.screen(80, 24));
    desk.reply(is_page, Err(Fault::Internal));
    assert_snapshot!("members_failed", desk.screen(80, 24));
    let mut desk = at_members(UserType::Staff, 80, 24);
    desk.press("/");
    desk.write("nobody");
    let pause = desk.timer(|timer| matches!(timer, Timer::Debounce(_))).unwrap();
    desk.fire(pause);
    desk.reply(
        is_page,
        Ok(a_page(MembersPage {
            rows: vec![],
            next: None,
        })),
    );
    assert_snapshot!("members_nobody", desk.screen(80, 24));
    let mut desk = at_members(UserType::Staff, 80, 24);
    desk.fire(Timer::Poll);
    desk.reply(is_page, Err(offline()));
    assert_snapshot!("members_offline", desk.screen(80, 24));
}

#[test]
fn what_lies_over_them() {
    let mut desk = on_ana(UserType::Admin, NARROW);
    desk.press("x");
    desk.press("Enter");
    assert_snapshot!("members_reason", desk.screen(80, 24));
    let mut desk = on_ana(UserType::Admin, NARROW);
    desk.press("r");
    assert_snapshot!("members_role", desk.screen(80, 24));
    let mut desk = on_ana(UserType::Admin, NARROW);
    desk.press("e");
    assert_snapshot!("members_edit", desk.screen(80, 24));
    let mut desk = at_members(UserType::Admin, 80, 24);
    desk.press("n");
    assert_snapshot!("members_new", desk.screen(80, 24));
    let mut desk = on_ana(UserType::Admin, NARROW);
    desk.press("?");
    assert_snapshot!("members_help", desk.screen(80, 24));
}

#[test]
fn several_at_once() {
    let mut desk = on_ana(UserType::Admin, NARROW);
    desk.press("Space");
    desk.press("Down");
    desk.press("Space");
    assert_snapshot!("members_marked", desk.screen(80, 24));
    desk.press("x");
    desk.write("cleaning up");
    desk.press("Enter");
    let of = |wanted: i32| move |call: &Call| matches!(call, Call::Account(AccountCall::SetActive { member, .. }) if member.0 == wanted);
    desk.reply(
        of(16),
        Err(Fault::NotAllowed(
            "Only administrators may do that to staff.".into(),
        )),
    );
    let done = Activity {
        id: MemberId(3),
        username: "ana".into(),
        is_active: false,
    };
    desk.reply(of(3), Ok(Answer::Account(AccountAnswer::Activity(done))));
    assert_snapshot!("members_report", desk.screen(80, 24));
}

#[test]
fn a_one_time_code() {
    for (name, size) in [("narrow", NARROW), ("wide", WIDE)] {
        let mut desk = on_ana(UserType::Admin, size);
        desk.press("w");
        let code = ResetCode {
            code: "MJX2F9ZQ4M".into(),
            username: "ana".into(),
            expires_at: manila("2026-11-28 18:52"),
        };
        desk.reply(
            |call| matches!(call, Call::Account(AccountCall::ResetCode { .. })),
            Ok(Answer::Account(AccountAnswer::Code(code))),
        );
        assert_snapshot!(format!("members_code_{name}"), desk.screen(size.0, size.1));
    }
}

#[test]
fn somebodys_sessions() {
    let mut desk = on_ana(UserType::Admin, NARROW);
    desk.press("s");
    let is_list = |call: &Call| matches!(call, Call::Members(MembersCall::Sessions(_)));
    desk.reply(is_list, Ok(Answer::Members(MembersAnswer::Sessions(sessions()))));
    assert_snapshot!("members_sessions", desk.screen(80, 24));
    let mut desk = on_ana(UserType::Admin, NARROW);
    desk.press("s");
    desk.reply(is_list, Ok(Answer::Members(MembersAnswer::Sessions(Vec::new()))));
    assert_snapshot!("members_sessions_none", desk.screen(80, 24));
}
