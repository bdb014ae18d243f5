//! `user`: accounts. Passwords are derived here, on this machine; the database gets the derived form only.

use std::io::Write;

use clap::ValueEnum;

use crate::domain::member::{MemberLine, UserType};

use super::CliError;
use super::output::{Align, Out, Table};
use super::password::PasswordArgs;

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
    /// What the account may do.
    #[arg(long, value_enum, default_value_t = Role::Regular)]
    role: Role,
    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Only accounts with this text in user name, full name or e-mail address.
    #[arg(long, value_name = "TEXT", default_value = "")]
    containing: String,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct PasswdArgs {
    /// The user name.
    name: String,
    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct RoleArgs {
    /// The user name.
    name: String,
    /// What the account may do from now on.
    #[arg(value_enum)]
    role: Role,
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

fn list(members: &[MemberLine], json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json {
        return out.json(&members);
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
            member.last_login.map_or_else(|| "-".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string()),
            if member.is_active { String::new() } else { "inactive".to_owned() },
        ]);
    }
    out.table(&table)?;
    if members.is_empty() {
        out.line("No account matches.")?;
    }
    Ok(())
}
