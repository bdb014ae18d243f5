//! The door's search against the plainest search there is: every member read, every word looked for. Whoever matches is
//! found as long as all fit, and where they do not, those who come first do.

use pine_time::domain::check_in::{Candidate, Standing};
use pine_time::domain::roster::fold;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use proptest::{prop_oneof, sample};

use crate::support::cluster::Role;
use crate::support::world::World;

const MEMBERS: i32 = 3000;
const SHOWN: usize = 40;

const GIVEN: [&str; 16] = [
    "María",
    "Mariano",
    "Maria",
    "José",
    "Ana",
    "Niño",
    "Jo",
    "Zoë",
    "Søren",
    "Łukasz",
    "Иван",
    "王小明",
    "Ma. Luz",
    "Jean-Luc",
    "D’Arcy",
    "100%",
];
const FAMILY: [&str; 16] = [
    "Santos",
    "de la Cruz",
    "Reyes",
    "Cruz",
    "Xu",
    "Ng",
    "O'Brien",
    "Weiß",
    "Nguyễn",
    "Marín",
    "Åkesson",
    "Петров",
    "San Juan",
    "Under_Score",
    "Back\\slash",
    "Amari",
];

/// Half of them with a middle name, some switched off, some of the event; three of them can be told by nothing but
/// their number.
async fn people(world: &World, event: i32) {
    let list = |names: [&str; 16]| {
        let quoted: Vec<String> = names
            .iter()
            .map(|name| format!("'{}'", name.replace('\'', "''")))
            .collect();
        format!("(ARRAY[{}])", quoted.join(", "))
    };
    let (given, family) = (list(GIVEN), list(FAMILY));
    world
        .sql(&format!(
            "INSERT INTO users (full_name, username, email, hashed_password, is_active)
             SELECT {given}[1 + n % 16] || CASE WHEN n % 2 = 0 THEN ' ' || {given}[1 + n / 16 % 16] ELSE '' END
                        || ' ' || {family}[1 + n / 7 % 16],
                    CASE n % 4 WHEN 0 THEN 'maria.' || n WHEN 1 THEN 'xs_' || n WHEN 2 THEN 'cruz' || n ELSE 'u-' || n END,
                    CASE n % 3 WHEN 0 THEN 'post' || n ELSE 'jo.' || n END || '@mail.example', '!',
                    CASE WHEN n % 10 = 0 THEN false WHEN n % 10 > 1 THEN true END
             FROM generate_series(1, {MEMBERS}) AS n;
             INSERT INTO registrations (user_id, event_id, status)
             SELECT id, {event}, (ARRAY['registered', 'cancelled', 'waitlisted'])[1 + id % 3]
             FROM users WHERE id % 41 = 7;
             ANALYZE users"
        ))
        .await;
}

/// A member as the plain search reads them.
struct Row {
    id: i32,
    full_name: String,
    name: String,
    username: String,
    email: String,
    pass_code: String,
    standing: Standing,
}

async fn rows(world: &World, event: i32) -> Vec<Row> {
    let rows: Vec<(i32, String, String, String, String, String)> = sqlx::query_as(
        "SELECT u.id, u.full_name, pine.fold(u.full_name), u.username, u.email, u.pass_code
         FROM users AS u WHERE coalesce(u.is_active, true)",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    let registered: std::collections::HashMap<i32, String> =
        sqlx::query_as("SELECT user_id, status FROM registrations WHERE event_id = $1")
            .bind(event)
            .fetch_all(&world.owner)
            .await
            .unwrap()
            .into_iter()
            .collect();
    rows.into_iter()
        .map(|(id, full_name, name, username, email, pass_code)| Row {
            standing: match registered.get(&id).map(String::as_str) {
                None => Standing::None,
                Some("cancelled") => Standing::Cancelled,
                Some("waitlisted") => Standing::Waitlisted,
                Some(_) => Standing::Registered,
            },
            id,
            full_name,
            name,
            username,
            email,
            pass_code,
        })
        .collect()
}

/// What decides the order: exactly named, standing, fit, name, number.
type Key = (bool, usize, u8, String, i32);

impl Row {
    fn has(&self, word: &str) -> bool {
        let (local, _) = self.email.rsplit_once('@').unwrap();
        let text = format!("{} {} {local}", self.name, self.username);
        if word.contains('@') {
            self.email.starts_with(word)
        } else if word.len() < 3 && word.chars().all(|c| c.is_ascii_alphanumeric()) {
            text.split(' ').any(|own| own.starts_with(word))
        } else {
            text.contains(word)
        }
    }

    /// Where they stand in the list of what is typed; not at all when they do not match.
    fn key(&self, query: &str) -> Option<Key> {
        let typed = query.trim();
        let named = typed.eq_ignore_ascii_case(&self.username)
            || typed.eq_ignore_ascii_case(&self.email)
            || pine_time::domain::pass_code::read(typed).is_ok_and(|code| code == self.pass_code);
        let folded = fold(query);
        let words: Vec<&str> = folded.split_whitespace().collect();
        if !named && !words.iter().all(|word| self.has(word)) {
            return None;
        }
        let (local, _) = self.email.rsplit_once('@').unwrap();
        let begins = |text: &str, word: &str| text.split(' ').any(|own| own.starts_with(word));
        let anywhere = format!("{} {} {local}", self.name, self.username);
        let fit = if words.iter().all(|word| begins(&self.name, word)) {
            0
        } else if words
            .iter()
            .all(|word| word.contains('@') || begins(&anywhere, word))
        {
            1
        } else {
            2
        };
        let places = [
            Standing::Registered,
            Standing::Waitlisted,
            Standing::Cancelled,
            Standing::None,
        ];
        let place = places.iter().position(|place| *place == self.standing).unwrap();
        Some((!named, place, fit, self.full_name.clone(), self.id))
    }
}

/// Pieces of names, whole and cut, with and without accents and case, some of them nobody's.
fn queries() -> impl Strategy<Value = String> {
    let mut pieces: Vec<String> = GIVEN.iter().chain(&FAMILY).map(ToString::to_string).collect();
    pieces.extend(
        [
            "maria.",
            "xs_1",
            "cruz29",
            "u-",
            "post",
            "jo.1",
            "mail",
            "example",
            "%",
            "_",
            "\\",
            "'",
            "’",
            "@",
            "@mail",
            "jo.14@mail",
            "jo.1@",
            "12",
            "999",
            "zzz",
            "aria",
            "ruz",
            "ва",
            "小明",
            "n",
            "x y",
        ]
        .map(str::to_owned),
    );
    let piece =
        (sample::select(pieces), 0..6_usize, 1..9_usize, 0..4_u8).prop_map(|(piece, from, many, how)| {
            let letters: Vec<char> = piece.chars().collect();
            let from = if how % 2 == 0 {
                0
            } else {
                from.min(letters.len() - 1)
            };
            let cut: String = letters[from..].iter().take(many).collect();
            match how {
                0 | 1 => cut,
                2 => fold(&cut),
                _ => cut.to_uppercase(),
            }
        });
    prop_oneof![
        3 => piece.clone(),
        3 => (piece.clone(), piece.clone()).prop_map(|(one, two)| format!("{one} {two}")),
        1 => (piece.clone(), piece.clone(), piece).prop_map(|(one, two, three)| format!(" {one}  {two} {three} ")),
    ]
}

/// What is wrong with the answer; nothing, if it is right.
fn judge(rows: &[Row], query: &str, found: &[Candidate]) -> Result<(), String> {
    let mut keys: Vec<Key> = rows.iter().filter_map(|row| row.key(query)).collect();
    keys.sort();
    let ids = |keys: &[Key]| keys.iter().map(|key| key.4).collect::<Vec<i32>>();
    let got: Vec<i32> = found.iter().map(|one| one.id.0).collect();
    if keys.len() <= SHOWN {
        return if got == ids(&keys) {
            Ok(())
        } else {
            Err(format!("{query:?}: {got:?} instead of {:?}", ids(&keys)))
        };
    }
    // More than fit: whoever is named or of the event stands there in order, and all are in order.
    let first = keys.iter().filter(|key| !key.0 || key.1 < 3).count().min(SHOWN);
    let mut shown = Vec::new();
    for id in &got {
        match keys.iter().find(|key| key.4 == *id) {
            Some(key) => shown.push(key.clone()),
            None => return Err(format!("{query:?}: {id} does not match")),
        }
    }
    if got.len() != SHOWN || got[..first] != ids(&keys)[..first] {
        return Err(format!(
            "{query:?}: {got:?} begins not with {:?}",
            &ids(&keys)[..first]
        ));
    }
    if !shown.is_sorted() {
        return Err(format!("{query:?}: not in order, {shown:?}"));
    }
    // Of all others the names whose words begin so go first, whoever of them it is.
    let best = |keys: &[Key]| keys.iter().filter(|key| key.2 == 0).count();
    if best(&shown[first..]) != best(&keys[first..SHOWN]) {
        return Err(format!("{query:?}: names that begin so are missing, {shown:?}"));
    }
    Ok(())
}

#[tokio::test]
async fn whoever_a_plain_search_finds_is_found_and_in_its_order() {
    let world = World::new().await;
    let event = world.event(-10, None).await;
    people(&world, event.0).await;
    let (db, staff) = (world.db(Role::Staff), world.staff().await);
    let rows = rows(&world, event.0).await;
    let mut runner = TestRunner::deterministic();
    let strategy = queries();
    let (mut more, mut fewer, mut none) = (0, 0, 0);
    let mut wrong = Vec::new();
    for _ in 0..400 {
        let query = strategy.new_tree(&mut runner).unwrap().current();
        if fold(&query).trim().is_empty() {
            continue;
        }
        let found = db.find_at_door(&staff, event, &query).await.unwrap();
        match found.len() {
            0 => none += 1,
            SHOWN => more += 1,
            _ => fewer += 1,
        }
        wrong.extend(judge(&rows, &query, &found).err());
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(
        more > 50 && fewer > 50 && none > 20,
        "all kinds must come: {more} full lists, {fewer} short ones, {none} empty ones"
    );

    // Negative control: without the index of second words the same eyes see who is missing.
    world
        .sql("CREATE OR REPLACE FUNCTION pine.members_by_name_word(first text, last text, patterns text[], look integer, most integer)
              RETURNS integer[] LANGUAGE sql STABLE AS $$ SELECT '{}'::integer[] $$")
        .await;
    let found = db.find_at_door(&staff, event, "cr").await.unwrap();
    judge(&rows, "cr", &found).expect_err("nobody is looked up by a name any more");
}
