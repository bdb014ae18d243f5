//! What sheets about accounts are for: joining, setting a lost password anew, changing one's own.

use crate::app::context::{Context, Tone, Wish};
use crate::app::overlay::sheet::{Field, Fields, Purpose, Sheet, Wrong};
use crate::app::screens::sign_in::MAX_PASSWORD;
use crate::domain::account::{AccountAnswer, AccountCall, Proof, SignUp};
use crate::domain::admission::username_of;
use crate::domain::password::{self, Strength};
use crate::domain::{Answer, Call, Nonce, SafeText, Secret};

/// The columns' limit for a name or an e-mail address.
const MAX_NAME: usize = 255;
/// Longest user name.
const MAX_USERNAME: usize = 64;
/// A code with room for blanks and dashes.
const MAX_CODE: usize = 24;

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

/// How hard what is typed is to guess, or why it will not do; nothing while there is nothing.
fn meter(typed: &str, names: &[&str], cx: &Context) -> Option<(Tone, String)> {
    if typed.is_empty() {
        return None;
    }
    if let Err(weak) = password::check(typed, cx.password_least(), names) {
        return Some((Tone::Warn, weak.to_string()));
    }
    let strength = password::strength(typed, names);
    let steps = usize::from(strength.steps());
    let meter = format!(
        "{}{} {}",
        "■".repeat(steps),
        "·".repeat(4 - steps),
        strength.words()
    );
    let tone = if strength > Strength::Fair {
        Tone::Good
    } else {
        Tone::Plain
    };
    Some((tone, meter))
}

fn check(typed: &str, names: &[&str], cx: &Context) -> Result<(), Vec<Wrong>> {
    password::check(typed, cx.password_least(), names)
        .map_err(|weak| vec![("password", weak.to_string().into())])
}

/// What came of a proof; the sentence is about the field that was to prove it.
fn proved(answer: &Answer, field: &'static str, refused: &'static str) -> Result<(), Wrong> {
    match answer {
        Answer::Account(AccountAnswer::Proved(Proof::Ok)) => Ok(()),
        Answer::Account(AccountAnswer::Proved(Proof::Refused)) => Err((field, refused.into())),
        Answer::Account(AccountAnswer::Proved(Proof::Wait { seconds })) => {
            let text = format!("Too many wrong tries. Try again in {}.", how_long(*seconds));
            Err(("", text.into()))
        }
        _ => Err(("", crate::domain::Fault::Internal.to_string().into())),
    }
}

fn how_long(seconds: i32) -> String {
    match seconds {
        ..=1 => "a second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", (seconds + 59) / 60),
    }
}

// ---- joining ----

/// Somebody new joins.
#[derive(Debug)]
struct Join;

/// Opens the sheet for somebody new.
pub(crate) fn join(cx: &mut Context) {
    let fields = vec![
        Field::line("full_name", "Name", MAX_NAME)
            .needed()
            .hint("as people say it"),
        Field::line("username", "User name", MAX_USERNAME).hint("what you type to sign in"),
        Field::line("email", "E-mail", MAX_NAME).needed(),
        Field::secret("password", "Password", MAX_PASSWORD)
            .hint("three or four words that nobody connects with you"),
        Field::line("referred_by", "Brought by", MAX_USERNAME)
            .hint("user name or pass code of the member who brought you, if any"),
    ];
    Sheet::new(Join, fields).open(cx);
}

fn names(fields: &Fields) -> [&str; 3] {
    [
        fields.value("username"),
        fields.value("full_name"),
        fields.value("email"),
    ]
}

impl Purpose for Join {
    fn title(&self) -> String {
        "New here".to_owned()
    }

    fn note(&self, key: &str, fields: &Fields, cx: &Context) -> Option<(Tone, String)> {
        (key == "password")
            .then(|| meter(fields.value(key), &names(fields), cx))
            .flatten()
    }

    fn proposal(&self, key: &str, fields: &Fields) -> Option<String> {
        let proposed = username_of(fields.value("full_name"));
        (key == "username" && proposed.len() >= 2).then_some(proposed)
    }

    fn call(&self, fields: &Fields, nonce: Nonce, cx: &Context) -> Result<Call, Vec<Wrong>> {
        let mut wrong = check(fields.value("password"), &names(fields), cx)
            .err()
            .unwrap_or_default();
        if fields.value("username").is_empty() {
            wrong.insert(0, ("username", "Choose a user name.".into()));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Call::Account(AccountCall::SignUp {
            nonce,
            who: SignUp {
                username: fields.value("username").to_owned(),
                email: fields.value("email").to_owned(),
                full_name: fields.value("full_name").to_owned(),
                password: secret(fields.value("password")),
                referrer: fields.value("referred_by").to_owned(),
            },
        }))
    }

    fn done(&mut self, answer: Answer, fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        let Answer::Account(AccountAnswer::SignedUp(username)) = answer else {
            return Err(("", crate::domain::Fault::Internal.to_string().into()));
        };
        cx.say(Tone::Good, format!("Welcome, {}.", fields.value("full_name")));
        cx.wish(Wish::SignIn(username, secret(fields.value("password"))));
        Ok(())
    }
}

// ---- a lost password ----

/// A lost password is set anew.
#[derive(Debug)]
struct Anew;

/// Opens the sheet for a lost password.
pub(crate) fn anew(name: &str, cx: &mut Context) {
    let fields = vec![
        Field::line("name", "Name", MAX_NAME)
            .needed()
            .hint("user name or e-mail address")
            .with(name),
        Field::line("code", "Code", MAX_CODE)
            .needed()
            .hint("staff give you one; it is good for a day"),
        Field::secret("password", "New password", MAX_PASSWORD)
            .hint("three or four words that nobody connects with you"),
    ];
    Sheet::new(Anew, fields).open(cx);
}

impl Purpose for Anew {
    fn title(&self) -> String {
        "Set a password anew".to_owned()
    }

    fn note(&self, key: &str, fields: &Fields, cx: &Context) -> Option<(Tone, String)> {
        (key == "password")
            .then(|| meter(fields.value(key), &[fields.value("name")], cx))
            .flatten()
    }

    fn call(&self, fields: &Fields, nonce: Nonce, cx: &Context) -> Result<Call, Vec<Wrong>> {
        check(fields.value("password"), &[fields.value("name")], cx)?;
        Ok(Call::Account(AccountCall::Reset {
            nonce,
            name: fields.value("name").to_owned(),
            code: fields.value("code").to_owned(),
            password: secret(fields.value("password")),
        }))
    }

    fn done(&mut self, answer: Answer, fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        proved(
            &answer,
            "code",
            "Name and code do not match, or the code is over. Staff give you another.",
        )?;
        cx.say(Tone::Good, "The password is set.");
        let name = SafeText::line(fields.value("name"));
        cx.wish(Wish::SignIn(name, secret(fields.value("password"))));
        Ok(())
    }
}

// ---- my own ----

/// My name and address.
#[derive(Debug)]
struct Details;

/// Opens the sheet for my name and address.
pub(crate) fn details(full_name: &str, email: &str, cx: &mut Context) {
    let fields = vec![
        Field::line("full_name", "Name", MAX_NAME)
            .needed()
            .with(full_name),
        Field::line("email", "E-mail", MAX_NAME).needed().with(email),
    ];
    Sheet::new(Details, fields).open(cx);
}

impl Purpose for Details {
    fn title(&self) -> String {
        "Name and address".to_owned()
    }

    fn call(&self, fields: &Fields, nonce: Nonce, _cx: &Context) -> Result<Call, Vec<Wrong>> {
        Ok(Call::Account(AccountCall::Save {
            nonce,
            full_name: fields.value("full_name").to_owned(),
            email: fields.value("email").to_owned(),
        }))
    }

    fn done(&mut self, answer: Answer, _fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        let Answer::Account(AccountAnswer::Saved { full_name, .. }) = answer else {
            return Err(("", crate::domain::Fault::Internal.to_string().into()));
        };
        if let Some(me) = &mut cx.me {
            me.full_name = full_name;
        }
        cx.say(Tone::Good, "Saved.");
        cx.wish(Wish::Refresh);
        Ok(())
    }
}

/// My password.
#[derive(Debug)]
struct Mine;

/// Opens the sheet for my password.
pub(crate) fn my_password(cx: &mut Context) {
    let fields = vec![
        Field::secret("old", "Old password", MAX_PASSWORD),
        Field::secret("password", "New password", MAX_PASSWORD)
            .hint("three or four words that nobody connects with you"),
    ];
    Sheet::new(Mine, fields).open(cx);
}

fn my_names(cx: &Context) -> Vec<&str> {
    cx.me
        .iter()
        .flat_map(|me| [me.username.as_str(), me.full_name.as_str()])
        .collect()
}

impl Purpose for Mine {
    fn title(&self) -> String {
        "Password".to_owned()
    }

    fn about(&self, _cx: &Context) -> Vec<String> {
        vec!["Wherever else you are signed in, you will be signed out.".to_owned()]
    }

    fn note(&self, key: &str, fields: &Fields, cx: &Context) -> Option<(Tone, String)> {
        (key == "password")
            .then(|| meter(fields.value(key), &my_names(cx), cx))
            .flatten()
    }

    fn call(&self, fields: &Fields, nonce: Nonce, cx: &Context) -> Result<Call, Vec<Wrong>> {
        check(fields.value("password"), &my_names(cx), cx)?;
        let username = cx.me.as_ref().map(|me| me.username.to_string());
        Ok(Call::Account(AccountCall::SetPassword {
            nonce,
            username: username.unwrap_or_default(),
            old: secret(fields.value("old")),
            new: secret(fields.value("password")),
        }))
    }

    fn done(&mut self, answer: Answer, _fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        proved(&answer, "old", "That is not the old password.")?;
        cx.say(
            Tone::Good,
            "The password is changed; your other sessions have ended.",
        );
        Ok(())
    }
}
