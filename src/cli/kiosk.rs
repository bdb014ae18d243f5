//! `kiosk`: opens the kiosk; and what staff do with kiosks, and a device to become one.

use std::io::Write;
use std::process::ExitCode;

use crate::cluster::{self, Role};
use crate::config::{Config, Places};
use crate::db::{Db, DbError};
use crate::domain::kiosk::{Enrolment, Joined, KioskLine};
use crate::domain::{Fault, Nonce, Timestamp, pass_code};
use crate::door::DeviceFile;

use super::connect::{self, SignInArgs};
use super::output::{Align, Out, Table};
use super::{CliError, Exit, run, screens};

/// Called by this name, as a login shell is, the program is a kiosk whatever its arguments say.
pub(super) const SHELL: &str = "pine-time-kiosk";

/// Open this terminal for everybody: what is on, signing in, checking in by pass. Nothing leads out of it.
#[derive(Debug, clap::Args)]
pub(super) struct KioskArgs {
    #[command(subcommand)]
    command: Option<KioskCommand>,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum KioskCommand {
    /// Enrol a kiosk: prints a code for the device, good for an hour, and one for its attendant.
    Enrol(NameArgs),
    /// Make this device the kiosk that a code was given for.
    Join(JoinArgs),
    /// List kiosks, those at work first.
    List(ListArgs),
    /// Give a kiosk another name.
    Rename(RenameArgs),
    /// Print a new code for a kiosk's attendant; the old one is worth nothing any more.
    Code(NameArgs),
    /// Retire a kiosk: what is kept on the device is worth nothing any more.
    Retire(NameArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct NameArgs {
    /// How the kiosk is called.
    name: String,
    /// Print a JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct RenameArgs {
    /// How the kiosk is called.
    name: String,
    /// How it is called from now on.
    new_name: String,
    /// Print a JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct JoinArgs {
    /// The code that staff were given: ten letters and digits, worth nothing once it was used.
    code: String,
}

pub(super) fn run(args: KioskArgs, config: &Config) -> Result<ExitCode, CliError> {
    let out = &mut Out::stdout();
    let Some(command) = args.command else {
        return Ok(screens::run_kiosk(config));
    };
    match command {
        KioskCommand::Enrol(args) => enrol(args, config, out)?,
        KioskCommand::Join(args) => join(&args, config, out)?,
        KioskCommand::List(args) => {
            let kiosks = connect::visit(config, args.sign_in.who()?, async |visit| {
                Ok(visit.db.kiosks(&visit.token).await.map_err(fault)?)
            })?;
            list(&kiosks, args.json, out)?;
        }
        KioskCommand::Rename(args) => {
            let line = connect::visit(config, args.sign_in.who()?, async |visit| {
                let kiosk = visit
                    .db
                    .kiosk_named(&visit.token, &args.name)
                    .await
                    .map_err(fault)?;
                let new_name = &args.new_name;
                visit
                    .write(async |db, token, nonce| db.kiosk_rename(&token, nonce, kiosk.id, new_name).await)
                    .await
            })?;
            changed(
                &line,
                args.json,
                &format!("{} is now called {}.", args.name.trim(), line.name),
                out,
            )?;
        }
        KioskCommand::Code(args) => {
            let new = connect::visit(config, args.sign_in.who()?, async |visit| {
                let kiosk = visit
                    .db
                    .kiosk_named(&visit.token, &args.name)
                    .await
                    .map_err(fault)?;
                let new = visit.db.kiosk_new_pin(&visit.token, kiosk.id).await;
                Ok(new.map_err(fault)?)
            })?;
            if args.json {
                out.json(&new)?;
            } else {
                out.line(format!("Attendant's code of {}: {}", new.name, new.pin))?;
            }
        }
        KioskCommand::Retire(args) => {
            let line = connect::visit(config, args.sign_in.who()?, async |visit| {
                let kiosk = visit
                    .db
                    .kiosk_named(&visit.token, &args.name)
                    .await
                    .map_err(fault)?;
                visit
                    .write(async |db, token, nonce| db.kiosk_retire(&token, nonce, kiosk.id).await)
                    .await
            })?;
            changed(&line, args.json, &format!("{} is retired.", line.name), out)?;
        }
    }
    out.flush()?;
    Ok(Exit::Done.into())
}

fn fault(error: DbError) -> Fault {
    error.fault
}

fn changed(line: &KioskLine, json: bool, told: &str, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json { out.json(line) } else { out.line(told) }
}

fn enrol(args: NameArgs, config: &Config, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let made: Enrolment = connect::visit(config, args.sign_in.who()?, async |visit| {
        let made = visit.db.kiosk_enrol(&visit.token, &args.name).await;
        Ok(made.map_err(fault)?)
    })?;
    if args.json {
        return out.json(&made);
    }
    let code = pass_code::show(made.code.as_str());
    out.line(format!(
        "{} is enrolled. Within the hour, at the device:",
        made.name
    ))?;
    out.line(format!("  pine-time kiosk join {code}"))?;
    out.line(format!("Attendant's code: {}", made.pin))
}

/// The way to a kiosk's database, and where its secret is.
fn join(args: &JoinArgs, config: &Config, out: &mut Out<impl Write>) -> Result<(), CliError> {
    run::block_on(async {
        let (url, cluster) = if let Some(url) = &config.database.url {
            (url.expose().to_owned(), None)
        } else {
            let cluster = connect::join(config).await?;
            (cluster.url(Role::Kiosk, cluster::DATABASE), Some(cluster))
        };
        let file = device_file(&url)
            .ok_or_else(|| CliError::failed("This user has no home folder to keep a kiosk's secret in."))?;
        let kept = |error: std::io::Error| {
            CliError::failed(format!(
                "The secret cannot be kept in {}: {error}.",
                file.path().display()
            ))
        };
        let secret = file.prepare().map_err(kept)?;
        let db = Db::new(connect::settings(config, url)).map_err(fault)?;
        let joined = db
            .kiosk_join(Nonce::new_v4(), &args.code, &secret)
            .await
            .map_err(fault);
        db.close().await;
        if let Some(cluster) = cluster {
            cluster.leave();
        }
        match joined? {
            Joined::Ok { name } => {
                file.keep().map_err(kept)?;
                out.line(format!(
                    "This device is the kiosk {name}. Start it with: pine-time kiosk"
                ))
            }
            Joined::Refused => Err(CliError::Refused(
                "Nobody was given this code, or it is more than an hour old. Enrol the kiosk once more."
                    .to_owned(),
            )),
            Joined::Wait { seconds } => Err(CliError::Refused(format!(
                "Too many wrong tries. Try again in {seconds} seconds."
            ))),
        }
    })
}

/// Where this user's secret for a database is.
pub(super) fn device_file(url: &str) -> Option<DeviceFile> {
    Places::of_system()
        .state_dir
        .map(|folder| DeviceFile::new(&folder, url))
}

fn list(kiosks: &[KioskLine], json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if json {
        return out.json(&kiosks);
    }
    if kiosks.is_empty() {
        return out.line("No kiosk is enrolled. `pine-time kiosk enrol NAME` enrols one.");
    }
    let time = |at: Option<Timestamp>| {
        at.map_or_else(|| "-".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string())
    };
    let mut table = Table::new(&[
        ("ID", Align::Right),
        ("NAME", Align::Left),
        ("LOGIN", Align::Left),
        ("LAST SEEN (UTC)", Align::Left),
        ("EVENT", Align::Left),
        ("", Align::Left),
    ]);
    for kiosk in kiosks {
        table.row([
            kiosk.id.0.to_string(),
            kiosk.name.to_string(),
            kiosk
                .login_role
                .as_ref()
                .map_or_else(|| "-".to_owned(), ToString::to_string),
            time(kiosk.last_seen),
            kiosk
                .event_id
                .map_or_else(|| "now".to_owned(), |event| event.0.to_string()),
            match (kiosk.is_active, kiosk.joined_at) {
                (false, _) => "retired".to_owned(),
                (true, None) => "not joined yet".to_owned(),
                (true, Some(_)) => String::new(),
            },
        ]);
    }
    out.table(&table)
}

/// Starts the program anew in place of this process, as it was called; answers only when that cannot be done.
pub(super) fn start_again() -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    let mut args = std::env::args_os();
    let called = args.next().unwrap_or_else(|| SHELL.into());
    let error = match std::env::current_exe() {
        Ok(path) => {
            // After an upgrade the file of this process is gone, and a newer one lies in its place.
            let path = path.to_string_lossy();
            let path = path.strip_suffix(" (deleted)").unwrap_or(&path).to_owned();
            std::process::Command::new(path).arg0(called).args(args).exec()
        }
        Err(error) => error,
    };
    eprintln!("pine-time: the kiosk cannot be started again: {error}.");
    Exit::Failed.into()
}
