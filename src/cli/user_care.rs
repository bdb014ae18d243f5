//! `user deactivate`, `reactivate`, `sessions`, `reset`: what is done for and about accounts that exist.

use std::io::Write;

use serde_json::json;

use crate::config::Config;
use crate::domain::pass_code;

use super::CliError;
use super::connect::{self, SignInArgs};
use super::output::{Align, Out, Table};

#[derive(Debug, clap::Args)]
pub(super) struct ActiveArgs {
    /// The user name, e-mail address or pass code.
    name: String,
    /// Why; the audit log keeps it.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Print a JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct SessionsArgs {
    /// The user name, e-mail address or pass code.
    name: String,
    /// End all of them; of one's own all but the one of this command.
    #[arg(long)]
    end: bool,
    /// Print JSON: an array of sessions, or what was ended.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ResetArgs {
    /// The user name, e-mail address or pass code.
    name: String,
    /// Print a JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

pub(super) fn set_active(
    args: ActiveArgs,
    active: bool,
    config: &Config,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    let who = args.sign_in.who()?;
    let now = connect::visit(config, who, async |visit| {
        let member = visit.db.member_named(&visit.token, &args.name).await;
        let member = member.map_err(|error| error.fault)?;
        visit
            .write(async |db, token, nonce| {
                db.set_active(&token, nonce, member.id, active, &args.reason)
                    .await
            })
            .await
    })?;
    if args.json {
        return out.json(&now);
    }
    out.line(if now.is_active {
        format!("{} is active again.", now.username)
    } else {
        format!("{} is deactivated and signed out everywhere.", now.username)
    })
}

pub(super) fn sessions(
    args: SessionsArgs,
    config: &Config,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    let who = args.sign_in.who()?;
    let (listed, ended) = connect::visit(config, who, async |visit| {
        let member = visit.db.member_named(&visit.token, &args.name).await;
        let member = member.map_err(|error| error.fault)?;
        if args.end {
            let ended = visit
                .write(async |db, token, nonce| db.end_sessions(&token, nonce, Some(member.id)).await)
                .await?;
            return Ok((Vec::new(), Some(ended)));
        }
        let listed = visit.db.member_sessions(&visit.token, member.id).await;
        Ok((listed.map_err(|error| error.fault)?, None))
    })?;
    if let Some(ended) = ended {
        return if args.json {
            out.json(&json!({ "ended": ended }))
        } else {
            out.line(match ended {
                0 => "There was no session to end.".to_owned(),
                1 => "One session is ended.".to_owned(),
                many => format!("{many} sessions are ended."),
            })
        };
    }
    if args.json {
        return out.json(&listed);
    }
    if listed.is_empty() {
        return out.line("Signed in nowhere.");
    }
    let mut table = Table::new(&[
        ("ID", Align::Right),
        ("TERMINAL", Align::Left),
        ("SINCE (UTC)", Align::Left),
        ("LAST SEEN (UTC)", Align::Left),
        ("", Align::Left),
    ]);
    for session in &listed {
        table.row([
            session.id.to_string(),
            session.device.to_string(),
            session.created_at.format("%Y-%m-%d %H:%M").to_string(),
            session.last_active.format("%Y-%m-%d %H:%M").to_string(),
            if session.is_here { "this one" } else { "" }.to_owned(),
        ]);
    }
    out.table(&table)
}

pub(super) fn reset(args: ResetArgs, config: &Config, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let who = args.sign_in.who()?;
    let code = connect::visit(config, who, async |visit| {
        let member = visit.db.member_named(&visit.token, &args.name).await;
        let member = member.map_err(|error| error.fault)?;
        let code = visit.db.reset_code(&visit.token, member.id).await;
        Ok(code.map_err(|error| error.fault)?)
    })?;
    if args.json {
        return out.json(&code);
    }
    out.line(pass_code::show(code.code.as_str()))?;
    out.line(format!(
        "For {}, good once until {} UTC. Ctrl+O on the sign-in screen takes it and a new password.",
        code.username,
        code.expires_at.format("%Y-%m-%d %H:%M")
    ))
}
