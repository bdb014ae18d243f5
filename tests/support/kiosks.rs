//! A device that is a kiosk.

use pine_time::domain::Nonce;
use pine_time::domain::kiosk::{Enrolment, Joined};
use pine_time::door::DeviceFile;
use pine_time::ops::sample;
use tempfile::TempDir;

use super::cluster::Role;
use super::terminal::{Key, Terminal};
use super::world::World;

/// Enrols a device called Lobby; answers its state folder, and what the staff who did it were told.
pub async fn enrolled(world: &World) -> (TempDir, Enrolment) {
    let state = tempfile::tempdir().unwrap();
    let (staff, url) = (world.staff().await, world.database.url(Role::Kiosk));
    let enrolment = world.db(Role::Staff).kiosk_enrol(&staff, "Lobby").await.unwrap();
    let file = DeviceFile::new(&state.path().join("pine-time"), &url);
    let secret = file.prepare().unwrap();
    let joined = world
        .db(Role::Kiosk)
        .kiosk_join(Nonce::new_v4(), enrolment.code.as_str(), &secret)
        .await
        .unwrap();
    assert_eq!(joined, Joined::Ok { name: "Lobby".into() });
    file.keep().unwrap();
    (state, enrolment)
}

/// Signs a member of the sample in at the kiosk's start page.
pub fn sign_in(terminal: &Terminal, username: &str) {
    terminal.key(Key::Enter);
    terminal.wait_for_text("Password");
    terminal.type_text(username);
    terminal.wait_for_text(&format!("Name      {username}"));
    terminal.key(Key::Enter);
    terminal.type_text(sample::PASSWORD);
    terminal.key(Key::Enter);
}
