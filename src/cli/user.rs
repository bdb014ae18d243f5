//! `user`: accounts. Passwords are derived here, on this machine; the database gets the derived form only.

use std::io::Write;

use clap::ValueEnum;

use crate::config::Config;
use crate::db::{self, NewMember};
use crate::domain::Secret;
use crate::domain::member::{MemberLine, UserType};

use super::CliError;
use super::connect::{self, AsArgs, SignInArgs, Who};
use super::output::{Align, Out, Table};
use super::password::{self, PasswordArgs};
use super::user_care;

/// More accounts than any community has.
const ALL: i32 = 1_000_000;

#[derive(Debug, clap::Subcommand)]
pub(super) enum UserCommand {
    /// Add an account.
    Add(AddArgs),
    /// List accounts by user name.
    List(ListArgs),
    /// Set an account's password and end its sessions.
    Passwd(PasswdArgs),
    /// Give an account a role.
    Role(RoleArgs),
    /// Deactivate an account: it is signed out and signs in no more; registrations and points stay.
    Deactivate(super::user_care::ActiveArgs),
    /// Bring a deactivated account back.
    Reactivate(super::user_care::ActiveArgs),
    /// List where an account is signed in, or end all its sessions (administrators).
    Sessions(super::user_care::SessionsArgs),
    /// Print a one-time code with which its owner sets a new password.
    Reset(super::user_care::ResetArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
    /// The user name: what its owner types to sign in.
    name: String,
    /// The name as people say it.
    #[arg(long, value_name = "NAME")]
    full_name: String,
    /// The e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Who brought them: a user name or pass code.
    #[arg(long, value_name = "NAME", default_value = "")]
    brought_by: String,
    /// What the account may do.
    #[arg(long, value_enum, default_value_t = Role::Regular)]
    role: Role,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    who: AsArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Only accounts with this text in user name, full name or e-mail address.
    #[arg(long, value_name = "TEXT", default_value = "")]
    containing: String,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct PasswdArgs {
    /// The user name.
    name: String,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    who: AsArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct RoleArgs {
    /// The user name.
    name: String,
    /// What the account may do from now on.
    #[arg(value_enum)]
    role: Role,
    #[command(flatten)]
    sign_in: SignInArgs,
}

/// What an account may do.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Role {
    /// Registers, attends, collects points.
    Regular,
    /// Also runs events and the door.
    Staff,
    /// Also gives roles.
    Admin,
}

impl From<Role> for UserType {
    fn from(role: Role) -> Self {
        match role {
            Role::Regular => Self::Regular,
            Role::Staff => Self::Staff,
            Role::Admin => Self::Admin,
        }
    }
}

pub(super) fn run(command: UserCommand, config: &Config) -> Result<(), CliError> {
    let out = &mut Out::stdout();
    match command {
        UserCommand::Add(args) => {
            let (who, hashed_password) = new_password(args.who, args.password, &args.name)?;
            let new = NewMember {
                username: args.name,
                email: args.email,
                full_name: args.full_name,
                user_type: args.role.into(),
                hashed_password,
                referrer: args.brought_by,
            };
            let member = connect::visit(config, who, async |visit| {
                visit
                    .write(async |db, token, nonce| db.add_member(&token, nonce, &new).await)
                    .await
            })?;
            out.line(format!(
                "{} is now a member ({}).",
                member.username,
                member.user_type.word()
            ))?;
        }
        UserCommand::List(args) => {
            let who = args.sign_in.who()?;
            let members = connect::visit(config, who, async |visit| {
                Ok(visit
                    .db
                    .members(&visit.token, &args.containing, ALL)
                    .await
                    .map_err(|error| error.fault)?)
            })?;
            list(&members, args.json, out)?;
        }
        UserCommand::Passwd(args) => {
            let (who, hashed) = new_password(args.who, args.password, &args.name)?;
            let changed = connect::visit(config, who, async |visit| {
                visit
                    .write(async |db, token, nonce| db.set_password(&token, nonce, &args.name, &hashed).await)
                    .await
            })?;
            out.line(format!(
                "The password of {} is set; their sessions have ended.",
                changed.username
            ))?;
        }
        UserCommand::Role(args) => {
            let who = args.sign_in.who()?;
            let role = UserType::from(args.role);
            let changed = connect::visit(config, who, async |visit| {
                visit
                    .write(async |db, token, nonce| db.set_role(&token, nonce, &args.name, role).await)
                    .await
            })?;
            out.line(format!("The role of {} is {}.", changed.username, role.word()))?;
        }
        UserCommand::Deactivate(args) => user_care::set_active(args, false, config, out)?,
        UserCommand::Reactivate(args) => user_care::set_active(args, true, config, out)?,
        UserCommand::Sessions(args) => user_care::sessions(args, config, out)?,
        UserCommand::Reset(args) => user_care::reset(args, config, out)?,
    }
    out.flush()
}

/// Who acts, and the stored form of the password that somebody is to have. Where both need a password, the variable
/// is the actor's, so that one never stands for the other.
fn new_password(who: AsArgs, args: PasswordArgs, name: &str) -> Result<(Who, String), CliError> {
    let is_for_actor = who.name.is_some();
    let who = who.who()?;
    let password = password::new(
        args,
        is_for_actor,
        &format!("New password of {}: ", name.escape_debug()),
        name,
    )?;
    Ok((who, hashed(&password)?))
}

fn hashed(password: &Secret) -> Result<String, CliError> {
    db::hash_password(password).map_err(|error| CliError::failed(error.to_string()))
}

fn list(members: &[MemberLine], json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json {
        return out.json(&members);
    }
    if members.is_empty() {
        return out.line("No account matches.");
    }
    let mut table = Table::new(&[
        ("ID", Align::Right),
        ("USER", Align::Left),
        ("NAME", Align::Left),
        ("E-MAIL", Align::Left),
        ("ROLE", Align::Left),
        ("LAST SIGN-IN (UTC)", Align::Left),
        ("", Align::Left),
    ]);
    for member in members {
        table.row([
            member.id.0.to_string(),
            member.username.to_string(),
            member.full_name.to_string(),
            member.email.to_string(),
            member.user_type.word().to_owned(),
            member
                .last_login
                .map_or_else(|| "-".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string()),
            if member.is_active {
                String::new()
            } else {
                "inactive".to_owned()
            },
        ]);
    }
    out.table(&table)
}
