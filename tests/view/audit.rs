//! The audit log.

use insta::assert_snapshot;
use pine_time::domain::audit::AuditCall;
use pine_time::domain::member::UserType;
use pine_time::domain::{Answer, Call, Fault};

use crate::fixtures::{Desk, offline};
use crate::insight_fixtures::audit;
use crate::pictures::slow;

fn is_audit(call: &Call) -> bool {
    matches!(call, Call::Audit(AuditCall { .. }))
}

#[test]
fn audit_log() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        let picture = |name: &str, desk: &Desk| {
            assert_snapshot!(format!("audit_{width}_{name}"), desk.screen(width, height));
        };
        let mut desk = Desk::signed_in(UserType::Staff, width, height);
        desk.press("7");
        desk.press("Tab");
        slow(&mut desk);
        picture("loading", &desk);
        desk.reply(is_audit, Ok(Answer::Audit(audit(900, None, 200))));
        desk.press("Down");
        desk.press("Down");
        picture("full", &desk);
        desk.press("Enter");
        picture("row", &desk);
        desk.press("Esc");
        desk.press("f");
        desk.write("mira");
        desk.press("Tab");
        picture("filter", &desk);
        desk.press("Enter");
        desk.reply(is_audit, Ok(Answer::Audit(audit(0, None, 200))));
        picture("empty", &desk);
        desk.press("Esc");
        desk.reply(is_audit, Err(Fault::Internal));
        desk.quiet();
        picture("failed", &desk);
        desk.press("F5");
        desk.reply(is_audit, Ok(Answer::Audit(audit(9, None, 200))));
        desk.press("F5");
        desk.reply(is_audit, Err(offline()));
        desk.quiet();
        picture("offline", &desk);
    }
}
