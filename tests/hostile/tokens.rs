//! Every function of the `api` schema × every role × every kind of token.

use sqlx::{Connection, PgConnection};

use crate::functions::{Function, all, answer, session};
use crate::support::cluster::Role;
use crate::support::world::World;

/// Functions that ask for no token, and why that gives nothing away.
const OPEN: [(&str, &str); 15] = [
    ("community", "the community's name, zone and currency"),
    (
        "kiosk_attend",
        "takes the device's secret and its attendant's code",
    ),
    ("kiosk_choose", "the same"),
    ("kiosk_join", "takes a code that staff gave"),
    ("kiosk_name", "takes the device's secret and its attendant's code"),
    ("kiosk_page", "takes the device's secret"),
    ("kiosk_scan", "the same, and a pass"),
    ("kiosk_touch", "takes the device's secret"),
    ("login", "what it answers depends on a key made of the password"),
    ("login_challenge", "salts of known and unknown names look alike"),
    ("owner_session", "for the owner's login alone"),
    ("password_reset", "takes a code that staff gave"),
    ("position", "how far the server's log is"),
    ("sign_up", "makes an ordinary member"),
    ("version", "the version of the api"),
];

/// Functions that are for administrators whatever they are given: a staff member's token is not allowed there.
const ADMINISTRATORS: [&str; 11] = [
    "event_type_add",
    "event_type_move",
    "event_type_remove",
    "event_type_rename",
    "event_type_set_trivia",
    "member_set_role",
    "set_badge_levels",
    "set_payment_channels",
    "set_setting",
    "set_streak_rules",
    "zone_effects",
];

/// Ends what there is to end, and answers the same whatever it was.
const ASKS_NOBODY: &str = "logout";

/// Granted to staff logins alone, and yet for members too: their calendar as a file.
const FOR_MEMBERS_OVER_STAFF: &str = "events_for_file";

/// Tokens as somebody might hold them.
struct Tokens {
    guessed: String,
    expired: String,
    idle: String,
    ended: String,
    deactivated: String,
    member: String,
    staff: String,
    admin: String,
    owner: String,
}

impl Tokens {
    async fn new(world: &World) -> Self {
        let mut tokens = Vec::new();
        for (name, user_type) in [
            ("ana", "regular"),
            ("expired", "staff"),
            ("idle", "staff"),
            ("ended", "staff"),
            ("gone", "staff"),
            ("boss", "staff"),
            ("chief", "admin"),
        ] {
            tokens.push(session(world, name, user_type).await);
        }
        world
            .sql(
                "UPDATE sessions SET expires_at = pine.clock()
                 WHERE user_id = (SELECT id FROM users WHERE username = 'expired');
                 UPDATE sessions SET last_active = pine.clock() - idle_limit
                 WHERE user_id = (SELECT id FROM users WHERE username = 'idle');
                 UPDATE sessions SET ended_at = pine.clock()
                 WHERE user_id = (SELECT id FROM users WHERE username = 'ended');
                 UPDATE users SET is_active = false WHERE username = 'gone'",
            )
            .await;
        let owner: String = world
            .value("SELECT api.owner_session('mallory', 'desk', gen_random_uuid())")
            .await;
        let mut tokens = tokens.into_iter();
        let mut next = || tokens.next().unwrap();
        Self {
            guessed: "5a".repeat(32),
            member: next(),
            expired: next(),
            idle: next(),
            ended: next(),
            deactivated: next(),
            staff: next(),
            admin: next(),
            owner,
        }
    }

    /// Those that nobody is let in with.
    fn worthless(&self) -> [(&'static str, Option<&str>); 6] {
        [
            ("no token", None),
            ("a guessed token", Some(&self.guessed)),
            ("an expired token", Some(&self.expired)),
            ("an idle token", Some(&self.idle)),
            ("an ended token", Some(&self.ended)),
            ("a deactivated member's token", Some(&self.deactivated)),
        ]
    }
}

/// What is wrong with the answers to one function over one login.
async fn faults(conn: &mut PgConnection, role: Role, function: &Function, tokens: &Tokens) -> Vec<String> {
    let may = if role == Role::Kiosk {
        function.kiosk
    } else {
        function.staff
    };
    let mut faults = Vec::new();
    let mut expect = |who: &str, (code, message): &(String, String), right: bool, wanted: &str| {
        if !right {
            faults.push(format!(
                "{role:?}, {}, {who}: {code} {message}; wanted {wanted}",
                function.name
            ));
        }
    };
    for (who, token) in tokens.worthless() {
        let said = answer(conn, &function.bare_call(token)).await;
        if !may {
            expect(who, &said, said.0 == "42501", "no permission");
        } else if function.name == ASKS_NOBODY {
            expect(who, &said, said.0 == "ok", "an answer that tells nothing");
        } else if function.has_token() {
            expect(who, &said, said.0 == "PT401", "not signed in");
        }
    }
    let held = [
        ("a member's token", &tokens.member),
        ("a staff member's token", &tokens.staff),
        ("an administrator's token", &tokens.admin),
        ("an owner's token", &tokens.owner),
    ];
    for (who, token) in held {
        let said = answer(conn, &function.bare_call(Some(token))).await;
        let is_ours = said.0 == "ok" || said.0.starts_with("PT");
        if !may {
            expect(who, &said, said.0 == "42501", "no permission");
            continue;
        } else if !function.has_token() || function.name == ASKS_NOBODY {
            expect(who, &said, is_ours, "an answer or an error of ours");
            continue;
        }
        match who {
            "a member's token"
                if role == Role::Staff && !function.kiosk && function.name != FOR_MEMBERS_OVER_STAFF =>
            {
                expect(who, &said, said.0 == "PT403", "not allowed");
            }
            "a staff member's token"
                if role == Role::Staff && ADMINISTRATORS.contains(&function.name.as_str()) =>
            {
                expect(who, &said, said.0 == "PT403", "not allowed");
            }
            "an owner's token" => expect(who, &said, said.0 == "PT401", "not signed in"),
            "a staff member's token" | "an administrator's token" if role == Role::Kiosk => {
                expect(who, &said, said.0 == "PT401", "not signed in");
            }
            _ => expect(
                who,
                &said,
                is_ours && said.0 != "PT401",
                "an answer or an error of ours",
            ),
        }
    }
    faults
}

#[tokio::test]
async fn every_function_asks_every_token_over_every_login() {
    let world = World::new().await;
    let tokens = Tokens::new(&world).await;
    let mut wrong = Vec::new();
    for role in [Role::Kiosk, Role::Staff] {
        let mut conn = PgConnection::connect(&world.database.url(role)).await.unwrap();
        let all = all(&world).await;
        let known = |name: &&str| all.iter().any(|function| function.name == **name);
        assert!(ADMINISTRATORS.iter().all(known), "each is there");
        for function in all {
            wrong.extend(faults(&mut conn, role, &function, &tokens).await);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn functions_without_a_token_are_known_by_name() {
    let world = World::new().await;
    let open: Vec<String> = all(&world)
        .await
        .into_iter()
        .filter(|function| !function.has_token())
        .map(|function| function.name)
        .collect();
    assert_eq!(open, OPEN.map(|(name, _)| name));
}

/// The test above must see a function that forgets to ask.
#[tokio::test]
async fn a_function_that_asks_nobody_is_found() {
    let world = World::new().await;
    let tokens = Tokens::new(&world).await;
    world
        .sql(
            "SET ROLE pine_owner;
             CREATE FUNCTION api.careless(token bytea) RETURNS jsonb LANGUAGE sql AS $$ SELECT '1'::jsonb $$;
             CREATE FUNCTION api.trusting(token bytea) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER AS
                 $$ BEGIN PERFORM pine.who(token); RETURN '1'; END $$;
             GRANT EXECUTE ON FUNCTION api.careless(bytea), api.trusting(bytea) TO pine_staff",
        )
        .await;
    let mut conn = PgConnection::connect(&world.database.url(Role::Staff))
        .await
        .unwrap();
    let all = all(&world).await;
    let of = |name: &str| all.iter().find(|function| function.name == name).unwrap();
    let found = faults(&mut conn, Role::Staff, of("careless"), &tokens).await;
    assert_eq!(found.len(), 8, "{found:#?}");
    let found = faults(&mut conn, Role::Staff, of("trusting"), &tokens).await;
    assert_eq!(found.len(), 1, "a member calls what is for staff: {found:#?}");
}
