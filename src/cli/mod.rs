//! The command line: what may be written on it, and the way from there to the rest of the house. One file a
//! command; what several of them need (output, passwords, the log, the way to a database) has a file of its own.

mod adopt;
mod backup;
mod check_in;
mod completions;
mod config;
mod connect;
pub mod db;
mod demo;
mod doctor;
mod door_line;
mod door_look;
mod error;
mod event_plans;
mod events;
mod export;
mod game;
mod keys;
mod kiosk;
mod leaderboard;
mod lines;
pub mod logging;
mod migrate;
pub mod output;
pub mod password;
mod payment_lines;
mod payments;
mod points;
mod registration_rows;
mod registrations;
mod run;
mod sample;
mod screens;
mod sequences;
mod tty;
mod user;
mod user_care;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::config::{Config, Overrides, Places};
use output::Out;

pub use error::{CliError, Exit};

/// The event desk of a community, in a terminal, over PostgreSQL.
#[derive(Debug, Parser)]
#[command(
    name = "pine-time",
    version,
    max_term_width = 100,
    after_help = "Without a command Pine Time opens its screens.\n\
                  Settings come from flags, then environment variables (PINE_TIME_<SECTION>_<KEY>), then the \
                  configuration file: see `pine-time config`.\n\
                  Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused."
)]
struct Cli {
    #[command(flatten)]
    global: GlobalArgs,
    /// Begin at the door with a rehearsal: the event's roster decides, and nobody is checked in.
    #[arg(long)]
    rehearse: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The flags that every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Settings")]
struct GlobalArgs {
    /// Read settings from this file instead of the default one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database to use instead of the private PostgreSQL.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Append the log to this file instead of one a day in the state folder.
    #[arg(long, global = true, value_name = "FILE")]
    log_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Desk(DeskCommand),
    #[command(flatten)]
    Plain(PlainCommand),
}

/// Commands that need settings, and most of them a database.
#[derive(Debug, Subcommand)]
enum DeskCommand {
    Demo(demo::DemoArgs),
    /// List and show events; create, edit, cancel, reopen and export them.
    #[command(subcommand)]
    Events(events::EventsCommand),
    /// List registrations, register and cancel, approve, reject and promote.
    #[command(subcommand)]
    Registrations(registrations::RegistrationsCommand),
    CheckIn(check_in::CheckInArgs),
    Kiosk(kiosk::KioskArgs),
    /// List, take and give back payments; receipts, takings, CSV.
    #[command(subcommand)]
    Payments(payments::PaymentsCommand),
    Leaderboard(leaderboard::LeaderboardArgs),
    /// Give, spend and correct a member's points; list their ledger.
    #[command(subcommand)]
    Points(points::PointsCommand),
    /// List badges and what their levels take; show a member's.
    #[command(subcommand)]
    Badges(points::BadgesCommand),
    /// Verify that points, streaks, badges and leaderboards add up.
    #[command(subcommand)]
    Game(game::GameCommand),
    /// Add and list accounts, set passwords, give roles.
    #[command(subcommand)]
    User(user::UserCommand),
    /// Make, list, prove, prune and restore backups; schedule them.
    #[command(subcommand)]
    Backup(backup::BackupCommand),
    /// Write the community into files for other programs; needs the owner's login.
    #[command(subcommand)]
    Export(export::ExportCommand),
    Adopt(adopt::AdoptArgs),
    /// Start, stop, set up and look at the database.
    Db(DbArgs),
}

/// Commands that work however wrong the settings are.
#[derive(Debug, Subcommand)]
enum PlainCommand {
    /// Show where settings come from, check them, or print an example file.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    Doctor(doctor::DoctorArgs),
    Keys(keys::KeysArgs),
    /// Print completions for a shell.
    Completions(completions::CompletionsArgs),
}

#[derive(Debug, clap::Args)]
struct DbArgs {
    /// Print one JSON document.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: DbCommand,
}

#[derive(Debug, Subcommand)]
enum DbCommand {
    #[command(flatten)]
    Server(db::DbCommand),
    /// Bring the database to this program's version; needs the owner's login.
    Migrate,
    /// Set every sequence that would give a number already in use; needs the owner's login.
    ResetSequences(sequences::ResetArgs),
}

impl From<GlobalArgs> for Overrides {
    fn from(args: GlobalArgs) -> Self {
        Self {
            config: args.config,
            database_url: args.database_url,
            log_file: args.log_file,
        }
    }
}

/// Runs the command line and answers the process's exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(arguments(std::env::args_os().collect())) {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody may be reading; that is no reason to fail.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Done.into()
            };
        }
    };
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| dispatch(cli))) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => {
            if let Some(message) = error.message() {
                eprintln!("pine-time: {message}");
            }
            error.exit().into()
        }
        Err(_) => {
            eprintln!(
                "pine-time: stopped by a fault of its own; {}.",
                logging::where_to_look()
            );
            Exit::Failed.into()
        }
    }
}

fn dispatch(cli: Cli) -> Result<ExitCode, CliError> {
    let rehearse = cli.rehearse;
    let flags = Overrides::from(cli.global);
    let places = Places::of_system();
    let done = |()| Exit::Done.into();
    let command = match cli.command {
        None => None,
        Some(Command::Desk(command)) => Some(command),
        Some(Command::Plain(command)) => return plain(command, &flags, &places),
    };
    if let Some(DeskCommand::Db(DbArgs {
        command: DbCommand::Server(command),
        ..
    })) = &command
        && db::needs_no_config(command)
    {
        let (command, target) = (command.clone(), db::Target::default());
        return run::block_on(async { Ok(db::run(command, &target).await?) }).map(done);
    }
    let config = Config::load(&flags, &places, &environment)?;
    let _log = logging::start(&config.log, &places)?;
    match command {
        None => Ok(screens::run(&config, None, rehearse)),
        Some(command) => at_desk(command, config, &flags),
    }
}

fn plain(command: PlainCommand, flags: &Overrides, places: &Places) -> Result<ExitCode, CliError> {
    let out = &mut Out::stdout();
    match command {
        PlainCommand::Config(command) => config::run(&command, flags, places, out)?,
        PlainCommand::Doctor(args) => return doctor::run(&args, flags, places),
        PlainCommand::Keys(args) => keys::run(&args, out)?,
        PlainCommand::Completions(args) => completions::run(&args, &mut Cli::command(), out)?,
    }
    Ok(Exit::Done.into())
}

fn at_desk(command: DeskCommand, config: Config, flags: &Overrides) -> Result<ExitCode, CliError> {
    match command {
        DeskCommand::Demo(args) => return demo::run(&args, config),
        DeskCommand::Events(command) => events::run(command, &config)?,
        DeskCommand::Registrations(command) => registrations::run(command, &config)?,
        DeskCommand::CheckIn(args) => check_in::run(&args, &config)?,
        DeskCommand::Kiosk(args) => return kiosk::run(args, &config),
        DeskCommand::Payments(command) => payments::run(command, &config)?,
        DeskCommand::Leaderboard(args) => leaderboard::run(&args, &config)?,
        DeskCommand::Points(command) => points::run(command, &config)?,
        DeskCommand::Badges(command) => points::run_badges(command, &config)?,
        DeskCommand::Game(command) => return game::run(&command, &config),
        DeskCommand::User(command) => user::run(command, &config)?,
        DeskCommand::Backup(command) => backup::run(command, &config, flags)?,
        DeskCommand::Export(command) => export::run(command, &config)?,
        DeskCommand::Adopt(args) => return adopt::run(&args, &config),
        DeskCommand::Db(DbArgs {
            command: DbCommand::Migrate,
            json,
        }) => {
            migrate::run(&config, json, &mut Out::stdout())?;
        }
        DeskCommand::Db(DbArgs {
            command: DbCommand::ResetSequences(args),
            json,
        }) => return sequences::run(&args, &config, json),
        DeskCommand::Db(DbArgs {
            command: DbCommand::Server(command),
            json,
        }) => {
            let target = db::Target {
                database_url: config.database.url.as_ref().map(|url| url.expose().to_owned()),
                cluster: connect::cluster_options(&config),
                json,
            };
            run::block_on(async { Ok(db::run(command, &target).await?) })?;
        }
    }
    Ok(Exit::Done.into())
}

/// What is on the command line. As a login shell of this name the program is a kiosk and nothing else: whoever logs in
/// chooses the arguments (`ssh kiosk@host anything`).
fn arguments(given: Vec<OsString>) -> Vec<OsString> {
    let name = given
        .first()
        .and_then(|program| Path::new(program).file_name())
        .map(|name| name.to_string_lossy().into_owned());
    if name.is_some_and(|name| name.trim_start_matches('-') == kiosk::SHELL) {
        return vec!["pine-time".into(), "kiosk".into()];
    }
    given
}

/// An environment variable; bytes that are not UTF-8 become U+FFFD, which no setting accepts.
fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_login_shell_takes_no_arguments() {
        let line = |words: &[&str]| arguments(words.iter().map(Into::into).collect());
        for words in [
            &["-pine-time-kiosk"][..],
            &["pine-time-kiosk", "-c", "sh"],
            &["/usr/local/bin/pine-time-kiosk", "kiosk", "list"],
            &["-pine-time-kiosk", "--config", "/tmp/mine"],
        ] {
            assert_eq!(line(words), ["pine-time", "kiosk"], "{words:?}");
        }
        assert_eq!(
            line(&["pine-time", "user", "list"]),
            ["pine-time", "user", "list"]
        );
        assert!(line(&[]).is_empty());
    }
}
