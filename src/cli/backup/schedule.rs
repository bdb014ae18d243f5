//! `backup schedule`: what systemd or cron has to be told, printed or installed.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::config::{KEYS, Overrides};
use crate::ops::backup::{Plan, cron_line, service_unit, timer_unit};

use super::super::error::reason;
use super::super::output::Out;
use super::super::{CliError, environment};

const SERVICE: &str = "pine-time-backup.service";
const TIMER: &str = "pine-time-backup.timer";
/// What a line of ours in a crontab ends with.
const OURS: &str = "backup create --verify --prune";

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ScheduleArgs {
    /// Once a day, at night, instead of every hour.
    #[arg(long)]
    daily: bool,
    /// For cron instead of systemd.
    #[arg(long)]
    cron: bool,
    /// Install it for this user instead of printing it; for root, for the system.
    #[arg(long)]
    install: bool,
}

pub(super) fn run(args: &ScheduleArgs, flags: &Overrides, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let elsewhere = set_elsewhere(flags);
    if !elsewhere.is_empty() {
        let sentence = format!(
            "Settings that a timer would not have come from {}: write them into the configuration file (pine-time config path).",
            elsewhere.join(", ")
        );
        if args.install {
            return Err(CliError::Failed(sentence));
        }
        eprintln!("pine-time: {sentence}");
    }
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let plan = Plan {
        program: std::env::current_exe().map_err(|error| {
            CliError::failed(format!(
                "The program does not know where it is: {}.",
                reason(&error)
            ))
        })?,
        config: flags.config.as_deref().map(absolute),
        daily: args.daily,
    };
    match (args.cron, args.install) {
        (true, false) => out.line(cron_line(&plan))?,
        (true, true) => {
            install_cron(&cron_line(&plan))?;
            out.line("cron backs up and verifies from now on; crontab -l shows the line.")?;
        }
        (false, false) => {
            out.line(format!("# {SERVICE}"))?;
            out.line(service_unit(&plan))?;
            out.line(format!("# {TIMER}"))?;
            out.text(&timer_unit(&plan))?;
        }
        (false, true) => {
            let folder = install_systemd(&plan)?;
            out.line(format!(
                "systemd backs up and verifies from now on; the units are in {}. systemctl list-timers shows when.",
                folder.display()
            ))?;
        }
    }
    out.flush()
}

/// Flags and variables that say something which the configuration file does not.
fn set_elsewhere(flags: &Overrides) -> Vec<String> {
    let flag = flags.database_url.is_some().then(|| "--database-url".to_owned());
    let variables = KEYS
        .iter()
        .map(crate::config::Key::variable)
        .filter(|name| environment(name).is_some_and(|value| !value.is_empty()));
    flag.into_iter().chain(variables).collect()
}

fn install_systemd(plan: &Plan) -> Result<PathBuf, CliError> {
    let is_root = nix::unistd::geteuid().is_root();
    let folder = if is_root {
        PathBuf::from("/etc/systemd/system")
    } else {
        directories::BaseDirs::new()
            .map(|dirs| dirs.config_dir().join("systemd/user"))
            .ok_or_else(|| CliError::failed("This user has no home folder for systemd's units."))?
    };
    let systemctl = |words: &[&str]| {
        let mut command = Command::new("systemctl");
        if !is_root {
            command.arg("--user");
        }
        command.args(words);
        ran(command, None, "--cron installs it for cron")
    };
    // Whether it is there at all is asked before anything is written.
    systemctl(&["--version"])?;
    let written = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| {
                CliError::failed(format!(
                    "{} cannot be written: {}.",
                    path.display(),
                    reason(&error)
                ))
            })
    };
    written(SERVICE, &service_unit(plan))?;
    written(TIMER, &timer_unit(plan))?;
    systemctl(&["daemon-reload"])?;
    systemctl(&["enable", "--now", TIMER])?;
    Ok(folder)
}

/// Puts the line into this user's crontab, in the place of the one that is there.
fn install_cron(line: &str) -> Result<(), CliError> {
    let mut look = Command::new("crontab");
    look.arg("-l");
    // A user who has none yet is told so with a failure.
    let before = look.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let before = match before {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(CliError::failed(
                "There is no crontab on this system; without --cron systemd is told.",
            ));
        }
        Err(error) => {
            return Err(CliError::failed(format!(
                "crontab cannot be run: {}.",
                reason(&error)
            )));
        }
        Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
    };
    let mut text: String = before
        .lines()
        .filter(|line| !line.ends_with(OURS))
        .flat_map(|line| [line, "\n"])
        .collect();
    text.push_str(line);
    text.push('\n');
    let mut write = Command::new("crontab");
    write.arg("-");
    ran(write, Some(&text), "install cron")
}

/// Runs a program to its good end.
fn ran(mut command: Command, input: Option<&str>, otherwise: &str) -> Result<(), CliError> {
    let name = command.get_program().to_string_lossy().into_owned();
    command
        .stdin(if input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let failed = |why: String| CliError::failed(format!("{name} failed: {why} ({otherwise})."));
    let mut child = command.spawn().map_err(|error| failed(reason(&error)))?;
    if let (Some(mut stdin), Some(text)) = (child.stdin.take(), input) {
        stdin
            .write_all(text.as_bytes())
            .map_err(|error| failed(reason(&error)))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(reason(&error)))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let words: String = said
        .lines()
        .next()
        .unwrap_or("it gave no reason")
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    Err(failed(words.trim_end_matches('.').to_owned()))
}
