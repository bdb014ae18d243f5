//! `kiosk`: enrolling, joining, listing, naming, retiring.

use std::os::unix::fs::PermissionsExt;

use crate::support::cluster::Role;
use crate::support::world::World;
use crate::{PASSWORD, Program};

#[tokio::test(flavor = "multi_thread")]
async fn a_kiosk_from_its_code_to_its_end() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    owner.add("mira", "staff");
    owner.add("ana", "regular");
    let staff = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", PASSWORD);
    let device = Program::of(&world, Role::Kiosk);

    assert!(owner.done(&["kiosk", "list"]).contains("No kiosk is enrolled."));
    assert_eq!(owner.json(&["kiosk", "list", "--json"]), serde_json::json!([]));
    let made = staff.json(&["kiosk", "enrol", "Lobby", "--json", "--as", "mira"]);
    assert_eq!(made["name"], "Lobby");
    assert_eq!(made["pin"].as_str().unwrap().len(), 6);
    assert!(owner.done(&["kiosk", "list"]).contains("not joined yet"));

    assert!(
        device
            .fails(&["kiosk", "join", "ZZZZZ-ZZZZZ"], 3)
            .contains("Nobody was given this code")
    );
    let told = device.done(&["kiosk", "join", made["code"].as_str().unwrap()]);
    assert!(told.contains("the kiosk Lobby"), "{told}");
    // One file, its owner's alone.
    let folder = device.home.path().join(".local/state/pine-time");
    let secrets: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("kiosk-"))
        .collect();
    assert_eq!(secrets.len(), 1, "{secrets:?}");
    assert_eq!(secrets[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);

    let listed = owner.json(&["kiosk", "list", "--json"]);
    assert_eq!(listed[0]["login_role"], "pine_kiosk_login");
    assert_eq!(listed[0]["is_active"], true);
    assert_eq!(listed[0]["enrolled_by"], "mira");
    for hidden in ["secret_hash", "pin_hash", "pin", "code"] {
        assert!(listed[0].get(hidden).is_none(), "{hidden}");
    }
    assert_eq!(
        owner.done(&["kiosk", "rename", "lobby", "Hall"]),
        "lobby is now called Hall.\n"
    );
    let code = owner.json(&["kiosk", "code", "hall", "--json"]);
    assert_eq!(
        (code["name"].as_str(), code["pin"].as_str().unwrap().len()),
        (Some("Hall"), 6)
    );
    assert!(owner.fails(&["kiosk", "enrol", "HALL"], 1).contains("already"));
    assert!(
        owner
            .fails(&["kiosk", "retire", "Attic"], 1)
            .contains("There is no kiosk called “Attic”.")
    );
    let retired = owner.json(&["kiosk", "retire", "Hall", "--json"]);
    assert_eq!(retired["is_active"], false);
    assert!(owner.done(&["kiosk", "list"]).contains("retired"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_refused() {
    let world = World::new().await;
    let owner = Program::of(&world, Role::Owner);
    owner.add("ana", "regular");
    let ana = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", PASSWORD);
    assert!(
        ana.fails(&["kiosk", "enrol", "Mine", "--as", "ana"], 3)
            .contains("staff")
    );
    // A kiosk's login enrols nobody, a staff login joins nothing.
    Program::of(&world, Role::Kiosk).fails(&["kiosk", "enrol", "Mine"], 3);
    Program::of(&world, Role::Staff).fails(&["kiosk", "join", "ZZZZZ-ZZZZZ"], 3);
    assert_eq!(world.count("kiosks").await, 0);
}
