//! `payments`: list, record, refund, receipt, takings, export.

use serde_json::json;

use crate::support::cluster::Role;
use crate::support::world::World;
use crate::{PASSWORD, Program, open_sessions};

async fn with_an_event(world: &World) -> String {
    let event = world.event(60, None).await;
    world.sql("UPDATE events SET price = 250.50").await;
    for name in ["ana", "ben"] {
        let member = world.member(name).await;
        world
            .sql(&format!(
                "SELECT pine.take_seat({}, {}, pine.clock(), '{{}}');
                 UPDATE users SET full_name = '=' || full_name WHERE id = {}",
                member.0, event.0, member.0
            ))
            .await;
    }
    event.0.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn money_is_taken_given_back_and_told_without_a_screen() {
    let world = World::new().await;
    let event = with_an_event(&world).await;
    let owner = Program::of(&world, Role::Owner);
    let due = owner.json(&["payments", "list", "--event", &event, "--kind", "due", "--json"]);
    assert_eq!(due.as_array().unwrap().len(), 2);
    let ana = &due[1];
    assert_eq!(
        (&ana["username"], &ana["due"], &ana["payment_id"]),
        (&json!("ana"), &json!("250.50"), &json!(null))
    );
    let registration = ana["registration_id"].to_string();

    for (amount, why) in [
        ("250.505", "At most two decimals"),
        ("250,50", "No commas"),
        ("-250.50", "0 or more"),
        ("", "Type an amount"),
    ] {
        let err = owner.fails(
            &[
                "payments",
                "record",
                &registration,
                "--amount",
                amount,
                "--channel",
                "cash",
            ],
            2,
        );
        assert!(err.contains(why), "{amount}: {err}");
    }
    let record = |amount: &str, channel: &str| {
        owner.fails(
            &[
                "payments",
                "record",
                &registration,
                "--amount",
                amount,
                "--channel",
                channel,
            ],
            1,
        )
    };
    assert_eq!(
        record("100", "cash"),
        "pine-time: PHP 250.50 is due, not PHP 100.00.\n"
    );
    assert!(record("250.50", "shells").contains("none of the community's ways to pay"));

    let taken = owner.json(&[
        "payments",
        "record",
        &registration,
        "--amount",
        "250.50",
        "--channel",
        "gcash",
        "--json",
    ]);
    assert_eq!(
        (
            &taken["amount_paid"],
            &taken["payment_status"],
            &taken["payment_channel"]
        ),
        (&json!("250.50"), &json!("paid"), &json!("gcash"))
    );
    let payment = taken["payment_id"].to_string();
    assert!(record("250.50", "cash").contains("were paid already, taken by owner:"));

    let back = owner.json(&[
        "payments",
        "refund",
        &payment,
        "--amount",
        "50.25",
        "--channel",
        "cash",
        "--reason",
        "no menu",
        "--json",
    ]);
    assert_eq!(
        (&back["refunded"], &back["refunds"][0]["reason"]),
        (&json!("50.25"), &json!("no menu"))
    );
    assert!(
        owner
            .fails(
                &[
                    "payments", "refund", &payment, "--amount", "200.26", "--reason", "x"
                ],
                1
            )
            .contains("At most PHP 200.25 can be given back.")
    );
    // The rest, without saying how much.
    let text = owner.done(&["payments", "refund", &payment, "--reason", "sick"]);
    assert!(text.starts_with("Given back: ₱200.25 to =Ana, GCash."), "{text}");
    owner.fails(&["payments", "refund", &payment, "--reason", "x"], 1);
    owner.fails(&["payments", "refund", &payment], 2);

    let receipt = owner.done(&["payments", "receipt", &payment]);
    assert!(
        receipt.contains("Receipt 1") && receipt.contains("−₱50.25"),
        "{receipt}"
    );
    owner.fails(&["payments", "receipt", "99"], 1);

    let takings = owner.json(&["payments", "takings", "--json"]);
    let nets: Vec<_> = takings
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["channel"], &row["net"]))
        .collect();
    assert_eq!(
        nets,
        [
            (&json!("cash"), &json!("-50.25")),
            (&json!("gcash"), &json!("50.25"))
        ]
    );
    let text = owner.done(&["payments", "takings"]);
    assert!(text.lines().last().unwrap().starts_with("all"), "{text}");
    assert!(
        owner
            .done(&["payments", "takings", "--day", "2020-02-29"])
            .starts_with("No money came in")
    );
    owner.fails(&["payments", "takings", "--day", "2021-02-29"], 2);

    let csv = owner.done(&["payments", "export", "--event", &event]);
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert!(lines[0].starts_with("kind,payment_id,refund_id"), "{csv}");
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("refund,1,")).count(),
        2,
        "{csv}"
    );
    assert!(csv.contains(",\"'=Ana\","), "no cell becomes a formula: {csv}");

    let text = owner.done(&["payments", "list", "--event", &event]);
    assert!(
        text.contains("taken 250.50, given back 250.50, stays 0.00; due 501.00 from 2"),
        "{text}"
    );
    assert_eq!(
        owner.json(&["payments", "list", "--search", "nobody", "--json"]),
        json!([])
    );
    owner.fails(
        &[
            "payments",
            "list",
            "--from",
            "2026-12-02",
            "--until",
            "2026-12-01",
        ],
        2,
    );
    owner.fails(&["payments", "list", "--event", "999"], 1);
    assert_eq!(open_sessions(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_sign_in_for_it_and_members_are_refused() {
    let world = World::new().await;
    let event = with_an_event(&world).await;
    let owner = Program::of(&world, Role::Owner);
    owner.add("mira", "staff");
    owner.add("cleo", "regular");
    let front = Program::of(&world, Role::Staff).with("PINE_TIME_PASSWORD", PASSWORD);
    let due = front.json(&["payments", "list", "--event", &event, "--as", "mira", "--json"]);
    let registration = due[0]["registration_id"].to_string();
    let text = front.done(&[
        "payments",
        "record",
        &registration,
        "--amount",
        "250.5",
        "--channel",
        "cash",
        "--as",
        "mira",
    ]);
    assert!(
        text.starts_with("Taken: ₱250.50 from =Ben for Trivia Night, cash"),
        "{text}"
    );
    assert_eq!(
        world
            .value::<String>("SELECT operator || ' ' || device FROM payment")
            .await,
        "mira door 7"
    );
    for command in [
        vec!["payments", "list", "--as", "cleo"],
        vec!["payments", "takings", "--as", "cleo"],
        vec!["payments", "export", "--as", "cleo"],
        vec!["payments", "refund", "1", "--reason", "x", "--as", "cleo"],
    ] {
        assert!(front.fails(&command, 3).contains("Only staff"), "{command:?}");
    }
    assert_eq!(open_sessions(&world).await, 0);
}
