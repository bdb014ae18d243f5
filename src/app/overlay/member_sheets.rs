//! The sheets of the members' desk: a new member, and what is written down of one.

use crate::app::context::{Context, Tone, Wish};
use crate::app::overlay::sheet::{Field, Fields, Purpose, Sheet, Wrong};
use crate::app::screens::members::ask_code;
use crate::domain::admission::username_of;
use crate::domain::member::{MemberId, MemberName};
use crate::domain::members_desk::{MemberDraft, MemberPage, MembersAnswer, MembersCall, NewAccount};
use crate::domain::{Answer, Call, Fault, Nonce, SafeText};

/// The columns' limit for a name or an e-mail address.
const MAX_NAME: usize = 255;
/// Longest user name.
const MAX_USERNAME: usize = 64;

fn failed() -> Wrong {
    ("", Fault::Internal.to_string().into())
}

/// A new member.
#[derive(Debug)]
struct Add;

/// Opens the sheet for a new member; what was looked for in vain is their name, or their address.
pub(crate) fn add(searched: &str, cx: &mut Context) {
    let (name, email) = if searched.contains('@') {
        ("", searched.trim())
    } else {
        (searched.trim(), "")
    };
    let fields = vec![
        Field::line("full_name", "Name", MAX_NAME)
            .needed()
            .hint("as people say it")
            .with(name),
        Field::line("username", "User name", MAX_USERNAME).hint("what they type to sign in"),
        Field::line("email", "E-mail", MAX_NAME).needed().with(email),
        Field::line("referred_by", "Brought by", MAX_USERNAME)
            .hint("user name or pass code of the member who brought them, if any"),
    ];
    Sheet::new(Add, fields).open(cx);
}

impl Purpose for Add {
    fn title(&self) -> String {
        "A new member".to_owned()
    }

    fn about(&self, _cx: &Context) -> Vec<String> {
        vec!["They choose their password with a one-time code, which is shown next.".to_owned()]
    }

    fn proposal(&self, key: &str, fields: &Fields) -> Option<String> {
        let proposed = username_of(fields.value("full_name"));
        (key == "username" && proposed.len() >= 2).then_some(proposed)
    }

    fn call(&self, fields: &Fields, nonce: Nonce, _cx: &Context) -> Result<Call, Vec<Wrong>> {
        if fields.value("username").is_empty() {
            return Err(vec![("username", "Choose a user name.".into())]);
        }
        Ok(Call::Members(MembersCall::Add {
            nonce,
            who: NewAccount {
                username: fields.value("username").to_owned(),
                email: fields.value("email").to_owned(),
                full_name: fields.value("full_name").to_owned(),
                referrer: fields.value("referred_by").to_owned(),
            },
        }))
    }

    fn done(&mut self, answer: Answer, _fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        let Answer::Members(MembersAnswer::Made(line)) = answer else {
            return Err(failed());
        };
        cx.say(Tone::Good, format!("{} is a member.", line.full_name));
        let who = MemberName {
            id: line.id,
            username: line.username,
            full_name: line.full_name,
        };
        ask_code(who, cx);
        Ok(())
    }
}

/// What is written down of a member.
#[derive(Debug)]
struct Edit {
    member: MemberId,
    name: SafeText,
    seen: String,
}

/// Opens the sheet for a member.
pub(crate) fn edit(page: &MemberPage, cx: &mut Context) {
    let draft = &page.draft;
    let fields = vec![
        Field::line("full_name", "Name", MAX_NAME)
            .needed()
            .with(&draft.full_name),
        Field::line("username", "User name", MAX_NAME)
            .needed()
            .hint("what they type to sign in")
            .with(&draft.username),
        Field::line("email", "E-mail", MAX_NAME)
            .needed()
            .with(&draft.email),
        Field::line("referred_by", "Brought by", MAX_NAME)
            .hint("user name or pass code of the member who brought them, if any")
            .with(&draft.referred_by),
    ];
    let purpose = Edit {
        member: page.line.line.id,
        name: page.line.line.full_name.clone(),
        seen: page.version.clone(),
    };
    Sheet::new(purpose, fields).open(cx);
}

impl Purpose for Edit {
    fn title(&self) -> String {
        self.name.to_string()
    }

    fn call(&self, fields: &Fields, nonce: Nonce, _cx: &Context) -> Result<Call, Vec<Wrong>> {
        Ok(Call::Members(MembersCall::Save {
            nonce,
            member: self.member,
            seen: self.seen.clone(),
            draft: MemberDraft {
                full_name: fields.value("full_name").to_owned(),
                username: fields.value("username").to_owned(),
                email: fields.value("email").to_owned(),
                referred_by: fields.value("referred_by").to_owned(),
            },
        }))
    }

    fn done(&mut self, answer: Answer, _fields: &Fields, cx: &mut Context) -> Result<(), Wrong> {
        let Answer::Members(MembersAnswer::Saved(row)) = answer else {
            return Err(failed());
        };
        cx.say(Tone::Good, format!("{} is saved.", row.line.full_name));
        cx.wish(Wish::Refresh);
        Ok(())
    }
}
