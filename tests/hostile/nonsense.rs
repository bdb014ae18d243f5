//! Arguments that no screen of ours would send: every function of the `api` schema with wrong values of the right types, as
//! a member, as staff and as an administrator. Whatever they are, the database answers, or says no with an error of ours.

use sqlx::{Connection, PgConnection};

use crate::functions::{Function, all, answer, literal, session};
use crate::support::cluster::Role;
use crate::support::dice::Dice;
use crate::support::world::World;

/// How many calls each function gets from each of the three.
const ROUNDS: u64 = 120;

const NUMBERS: [&str; 8] = ["NULL", "0", "'-1'", "1", "2", "7", "2147483647", "'-2147483648'"];
const LARGE: [&str; 5] = ["NULL", "0", "1", "9223372036854775807", "'-9223372036854775808'"];
const TEXTS: [&str; 18] = [
    "NULL",
    "''",
    "'   '",
    "'ana'",
    "'ANA'",
    "'trivia'",
    "'registered'",
    "'in'",
    "'name'",
    "'all'",
    "'week'",
    "'cash'",
    "'%'",
    r"'\'",
    "'O''Brien\" --'",
    r"E'\u202e\u0007\u001b]52;c;aGk=\u0007'",
    "repeat('x', 3000)",
    "repeat('ﷺ', 70000)",
];
const JSON: [&str; 16] = [
    "NULL",
    "'null'",
    "'{}'",
    "'[]'",
    "'[[]]'",
    "'[null]'",
    "'[1, 2]'",
    "'[\"cash\", \"cash\"]'",
    "'1e400'",
    "'\"text\"'",
    "'true'",
    "'{\"1\": 1, \"x\": \"y\"}'",
    "'{\"skip\": -1, \"around\": \"me\", \"behind\": 1e30}'",
    "'{\"title\": null, \"start_time\": \"yesterday\", \"price\": \"free\", \"max_participants\": -3}'",
    "'{\"full_name\": [], \"email\": {}, \"points\": 99999999999, \"level\": 9, \"threshold\": 0.5}'",
    "('{\"a\":' || repeat('[', 500) || repeat(']', 500) || '}')",
];

/// A value of a type, as SQL writes it.
fn value(dice: &mut Dice, kind: &str) -> String {
    match kind {
        "integer" | "smallint" => dice.of(&NUMBERS).to_owned(),
        "bigint" => dice.of(&LARGE).to_owned(),
        "text" => dice.of(&TEXTS).to_owned(),
        "jsonb" => dice.of(&JSON).to_owned(),
        "boolean" => dice.of(&["NULL", "true", "false"]).to_owned(),
        "uuid" => dice
            .of(&[
                "NULL",
                "gen_random_uuid()",
                "'00000000-0000-0000-0000-000000000000'",
            ])
            .to_owned(),
        "bytea" => dice
            .of(&[
                "NULL",
                "''",
                r"'\x00'",
                r"decode(repeat('ab', 32), 'hex')",
                r"decode(repeat('ab', 5000), 'hex')",
            ])
            .to_owned(),
        "numeric" => dice
            .of(&[
                "NULL",
                "0",
                "'-1'",
                "0.001",
                "250",
                "'NaN'",
                "'Infinity'",
                "1e30",
                "99999999.99",
            ])
            .to_owned(),
        "timestamp with time zone" => dice
            .of(&[
                "NULL",
                "now()",
                "'infinity'",
                "'-infinity'",
                "'4713-01-01 BC'",
                "'9999-12-31'",
            ])
            .to_owned(),
        "date" => dice
            .of(&["NULL", "now()", "'infinity'", "'0001-01-01 BC'"])
            .to_owned(),
        "integer[]" => dice
            .of(&[
                "NULL",
                "'{}'",
                "'{NULL}'",
                "'{1,1,2}'",
                "'{-1,2147483647}'",
                "'{{1},{2}}'",
            ])
            .to_owned(),
        "text[]" => dice
            .of(&[
                "NULL",
                "'{}'",
                "'{NULL}'",
                "'{cash,cash}'",
                "'{registered,x}'",
                "'{{a},{b}}'",
            ])
            .to_owned(),
        "timestamp with time zone[]" => dice
            .of(&[
                "NULL",
                "'{}'",
                "'{NULL}'",
                "'{infinity,now}'",
                "ARRAY[now(), now()]",
            ])
            .to_owned(),
        "bigint[]" => dice.of(&["NULL", "'{}'", "'{NULL}'", "'{1,1}'"]).to_owned(),
        other => panic!("values of type {other} are wanted here"),
    }
}

/// Calls of one function by somebody, and what was no answer of ours.
async fn faults(conn: &mut PgConnection, dice: &mut Dice, function: &Function, token: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for _ in 0..ROUNDS {
        let mut arguments: Vec<_> = function.takes.iter().map(|kind| value(dice, kind)).collect();
        if function.has_token() {
            arguments[0] = literal(Some(token));
        }
        // A write that is refused for its nonce says nothing of the rest.
        if let Some(at) = function.names.iter().position(|name| name == "nonce")
            && dice.roll(10) > 0
        {
            "gen_random_uuid()".clone_into(&mut arguments[at]);
        }
        let (code, message) = answer(conn, &function.call(&arguments)).await;
        if code != "ok" && !code.starts_with("PT") {
            if function.has_token() {
                arguments[0] = literal(None);
            }
            faults.push(format!("{code} {message}: {}", function.call(&arguments)));
        }
    }
    faults
}

#[tokio::test]
async fn nonsense_is_refused_in_our_words() {
    let world = World::new().await;
    let event = world.event(-10, Some(2)).await;
    world.guest("ana", event).await;
    world.event(600, None).await;
    let tokens = [
        (Role::Kiosk, session(&world, "member", "regular").await),
        (Role::Staff, session(&world, "boss", "staff").await),
        (Role::Staff, session(&world, "chief", "admin").await),
    ];
    let mut dice = Dice(7);
    let mut wrong = Vec::new();
    for (role, token) in &tokens {
        let mut conn = PgConnection::connect(&world.database.url(*role)).await.unwrap();
        for function in all(&world).await {
            if if *role == Role::Kiosk {
                function.kiosk
            } else {
                function.staff
            } {
                let found = faults(&mut conn, &mut dice, &function, token).await;
                wrong.extend(found.into_iter().take(3));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}
