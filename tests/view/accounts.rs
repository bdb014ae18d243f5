//! The sheets of accounts.

use insta::assert_snapshot;

use crate::fixtures::Desk;

#[test]
fn joining_and_setting_anew_at_every_size() {
    for (width, height) in [(80, 24), (120, 40), (60, 16)] {
        let mut desk = Desk::sized(width, height);
        desk.open();
        assert_snapshot!(format!("sign_in_{width}"), desk.screen(width, height));
        desk.press("Ctrl+N");
        desk.press("Ctrl+S");
        assert_snapshot!(format!("join_{width}_missing"), desk.screen(width, height));
        desk.write("Nina Cruz");
        for _ in 0..3 {
            desk.press("Tab");
        }
        desk.write("moss otter quay 7");
        assert_snapshot!(format!("join_{width}_typed"), desk.screen(width, height));
        desk.press("Esc");
        desk.press("y");
        desk.press("Ctrl+O");
        assert_snapshot!(format!("anew_{width}"), desk.screen(width, height));
    }
}
