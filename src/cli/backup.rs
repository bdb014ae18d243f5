//! `backup`: makes, lists, proves, prunes and restores. What is done stands in [`crate::ops::backup`]; here it is said.

mod progress;
mod schedule;

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use serde_json::json;

use crate::cluster::{self, DATABASE, Role};
use crate::config::{Config, Overrides};
use crate::domain::backup::{Dated, Keep, to_prune};
use crate::ops::backup::{self, BackupError, Kept, Programs, Store, Target, Verified, Way};

use super::output::{Align, Out, Table};
use super::{CliError, connect};
use progress::Teller;

#[derive(Debug, clap::Subcommand)]
pub(super) enum BackupCommand {
    /// Back the community up, as it is at this moment; needs the owner's login.
    Create(CreateArgs),
    /// List the backups, the newest first.
    List(JsonArgs),
    /// Restore a backup into a scratch database and compare: rows, sums, keys, sequences, one sign-in.
    ///
    /// Needs a login that may make databases.
    Verify(VerifyArgs),
    /// Remove the backups that are not worth keeping; never the newest, nor the newest verified one.
    Prune(PruneArgs),
    /// Bring a backup back: restored into a new database, compared, then put in the place of what is there.
    ///
    /// What was there stays beside it under another name. Needs a login that may make databases.
    Restore(RestoreArgs),
    /// Print, or install, what makes and proves a backup every hour.
    Schedule(schedule::ScheduleArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct JsonArgs {
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct CreateArgs {
    /// Prove it at once, as `backup verify` does.
    #[arg(long)]
    verify: bool,
    /// Remove afterwards what is not worth keeping, as `backup prune` does.
    #[arg(long)]
    prune: bool,
    #[command(flatten)]
    output: JsonArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// Which; without it, the newest.
    name: Option<String>,
    #[command(flatten)]
    output: JsonArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct PruneArgs {
    /// Only say what would go.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    output: JsonArgs,
}

#[derive(Debug, clap::Args)]
pub(super) struct RestoreArgs {
    /// Which; `backup list` shows them.
    name: String,
    /// Make a new database of this name, and leave what is there alone.
    #[arg(long, value_name = "DATABASE", conflicts_with = "replace")]
    into: Option<String>,
    /// The name of the database that it is to take the place of; without it, a prompt asks for it.
    #[arg(long, value_name = "DATABASE")]
    replace: Option<String>,
    #[command(flatten)]
    output: JsonArgs,
}

pub(super) fn run(command: BackupCommand, config: &Config, flags: &Overrides) -> Result<(), CliError> {
    if let BackupCommand::Schedule(args) = command {
        return schedule::run(&args, flags, &mut Out::stdout());
    }
    let folder = config.backup.folder().ok_or_else(|| {
        CliError::failed("This user has no home folder to keep backups in; set backup.dir to a folder.")
    })?;
    let store = Store::at(folder);
    let out = &mut Out::stdout();
    match command {
        BackupCommand::Create(args) => create(&args, &store, config, out)?,
        BackupCommand::List(args) => list(&args, &store, out)?,
        BackupCommand::Verify(args) => {
            let verified = at_target(config, async |target| {
                let teller = Teller::default();
                let tell = |progress| teller.tell(progress);
                Ok(backup::verify(&store, args.name.as_deref(), &target, folders(config), &tell).await?)
            })?;
            if args.output.json {
                out.json(&verified)?;
            } else {
                say_verified(&verified, out)?;
            }
        }
        BackupCommand::Prune(args) => {
            let gone = prune(&store, config, args.dry_run)?;
            if args.output.json {
                out.json(&json!({ "removed": gone, "dry_run": args.dry_run }))?;
            } else {
                say_pruned(&gone, args.dry_run, out)?;
            }
        }
        BackupCommand::Restore(args) => restore(&args, &store, config, out)?,
        BackupCommand::Schedule(_) => {}
    }
    out.flush()
}

fn create(
    args: &CreateArgs,
    store: &Store,
    config: &Config,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    let (kept, verified) = at_target(config, async |target| {
        let teller = Teller::default();
        let tell = |progress| teller.tell(progress);
        let kept = backup::create(store, &target, folders(config), &tell).await?;
        let verified = if args.verify {
            Some(backup::verify(store, Some(&kept.name), &target, folders(config), &tell).await?)
        } else {
            None
        };
        Ok((kept, verified))
    })?;
    let gone = if args.prune {
        Some(prune(store, config, false)?)
    } else {
        None
    };
    let manifest = kept.manifest()?;
    if args.output.json {
        return out.json(&json!({
            "name": kept.name,
            "folder": store.folder().join(&kept.name),
            "made_at": manifest.made_at,
            "bytes": manifest.bytes,
            "sha256": manifest.sha256,
            "tables": manifest.facts.tables.len(),
            "rows": manifest.facts.rows(),
            "verified": verified,
            "removed": gone,
        }));
    }
    out.line(format!(
        "Made {}: {}, {} tables, {} rows.",
        kept.name,
        size(manifest.bytes),
        manifest.facts.tables.len(),
        manifest.facts.rows()
    ))?;
    if let Some(verified) = verified {
        say_verified(&verified, out)?;
    }
    gone.map_or(Ok(()), |gone| say_pruned(&gone, false, out))
}

fn list(args: &JsonArgs, store: &Store, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let all = store.list()?;
    if args.json {
        let lines: Vec<_> = all
            .iter()
            .map(|kept| {
                let manifest = kept.manifest.as_ref().ok();
                json!({
                    "name": kept.name,
                    "made_at": manifest.map(|manifest| manifest.made_at),
                    "place": manifest.map(|manifest| &manifest.place),
                    "bytes": manifest.map(|manifest| manifest.bytes),
                    "rows": manifest.map(|manifest| manifest.facts.rows()),
                    "verified_at": kept.verified_at,
                    "damaged": kept.manifest.as_ref().err(),
                })
            })
            .collect();
        return out.json(&lines);
    }
    if all.is_empty() {
        return out.line(format!(
            "There is no backup in {} yet; pine-time backup create makes one.",
            store.folder().display()
        ));
    }
    let mut table = Table::new(&[
        ("NAME", Align::Left),
        ("MADE (UTC)", Align::Left),
        ("SIZE", Align::Right),
        ("ROWS", Align::Right),
        ("", Align::Left),
    ]);
    for kept in &all {
        table.row(row(kept));
    }
    out.table(&table)
}

fn row(kept: &Kept) -> [String; 5] {
    // The name is a folder's, which anybody may have made.
    let name = kept.name.escape_debug().to_string();
    match &kept.manifest {
        Ok(manifest) => [
            name,
            manifest.made_at.format("%Y-%m-%d %H:%M").to_string(),
            size(manifest.bytes),
            manifest.facts.rows().to_string(),
            kept.verified_at.map_or_else(
                || "not verified".to_owned(),
                |at| format!("verified {}", at.format("%Y-%m-%d %H:%M")),
            ),
        ],
        Err(why) => [
            name,
            "-".to_owned(),
            "-".to_owned(),
            "-".to_owned(),
            format!("damaged: {why}"),
        ],
    }
}

/// Removes what is not worth keeping, of each community's backups apart; or only names it.
fn prune(store: &Store, config: &Config, dry_run: bool) -> Result<Vec<String>, CliError> {
    let keep = Keep {
        hourly: config.backup.keep_hourly,
        daily: config.backup.keep_daily,
        weekly: config.backup.keep_weekly,
        monthly: config.backup.keep_monthly,
    };
    let all = store.list()?;
    let mut places: Vec<&str> = all
        .iter()
        .filter_map(|kept| {
            kept.manifest
                .as_ref()
                .ok()
                .map(|manifest| manifest.place.as_str())
        })
        .collect();
    places.sort_unstable();
    places.dedup();
    let mut gone = Vec::new();
    for place in places {
        let dated: Vec<Dated> = all
            .iter()
            .filter_map(|kept| {
                let manifest = kept.manifest.as_ref().ok()?;
                (manifest.place == place).then(|| Dated {
                    name: kept.name.clone(),
                    made_at: manifest.made_at,
                    is_verified: kept.verified_at.is_some(),
                })
            })
            .collect();
        gone.extend(to_prune(&dated, keep));
    }
    if !dry_run {
        store.remove(&gone)?;
    }
    Ok(gone)
}

fn restore(
    args: &RestoreArgs,
    store: &Store,
    config: &Config,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    let restored = at_target(config, async |target| {
        let way = match (&args.into, &args.replace) {
            (Some(database), _) => Way::Into(database.clone()),
            (None, Some(typed)) => Way::Replace {
                typed: Some(typed.clone()),
            },
            (None, None) => Way::Replace {
                typed: ask(&backup::occupied(&target).await?)?,
            },
        };
        let teller = Teller::default();
        let tell = |progress| teller.tell(progress);
        Ok(backup::restore(store, Some(&args.name), &target, &way, folders(config), &tell).await?)
    })?;
    if args.output.json {
        return out.json(&restored);
    }
    out.line(format!(
        "{} is in {} again: {} rows.",
        restored.name, restored.database, restored.rows
    ))?;
    match restored.before {
        Some(before) => out.line(format!(
            "What was there is now {before}; drop it when nobody misses anything. Terminals have to sign in again."
        )),
        None => Ok(()),
    }
}

/// Has the name of the database typed that would be replaced, where there is somebody to type it.
fn ask(place: &backup::Occupied) -> Result<Option<String>, CliError> {
    if place.members == 0 || !io::stdin().is_terminal() {
        return Ok(None);
    }
    super::output::say(&format!(
        "{} holds {} members. It will stay beside the restored one, under another name, and everybody is sent away from it.",
        place.database, place.members
    ));
    eprint!("Type its name to go on: ");
    let mut typed = String::new();
    io::stdin()
        .lock()
        .read_line(&mut typed)
        .map_err(|_| CliError::failed("Nothing could be read from the terminal."))?;
    Ok(Some(typed.trim().to_owned()))
}

/// Finds the community's database and a login that makes others beside it, and does the work.
fn at_target<T>(
    config: &Config,
    work: impl AsyncFnOnce(Target) -> Result<T, CliError>,
) -> Result<T, CliError> {
    super::run::block_on(async {
        let by = format!("owner:{}", connect::system_user());
        if let Some(url) = &config.database.url {
            let url = url.expose().to_owned();
            let parts = backup::with_database(&url, "postgres").zip(backup::place_of(&url));
            let (admin, place) =
                parts.ok_or_else(|| CliError::failed("The configured database address cannot be used."))?;
            return Box::pin(work(Target {
                url,
                admin,
                place,
                by,
            }))
            .await;
        }
        let cluster = connect::join(config).await?;
        let done = Box::pin(work(Target {
            url: cluster.url(Role::Owner, DATABASE),
            admin: cluster.url(Role::Admin, "postgres"),
            place: format!("{DATABASE} in {}", cluster.data_dir().display()),
            by,
        }))
        .await;
        cluster.leave();
        done
    })
}

fn folders(config: &Config) -> Vec<PathBuf> {
    cluster::folders_with(config.cluster.bin_dir.as_deref(), &Programs::NAMES)
}

fn say_verified(verified: &Verified, out: &mut Out<impl Write>) -> Result<(), CliError> {
    out.line(format!(
        "Verified {}: {} tables and {} rows came out as they went in{}.",
        verified.name,
        verified.tables,
        verified.rows,
        match verified.signed_in {
            Some(_) => ", and a member can sign in",
            None => "; nobody is in it who could sign in",
        }
    ))?;
    if verified.recorded {
        Ok(())
    } else {
        eprintln!(
            "pine-time: the community's database could not be told, so terminals do not show it; the log has the reason."
        );
        Ok(())
    }
}

fn say_pruned(gone: &[String], dry_run: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    for name in gone {
        out.line(format!(
            "{} {name}",
            if dry_run { "would remove" } else { "removed" }
        ))?;
    }
    if gone.is_empty() {
        out.line("Every backup is worth keeping.")?;
    }
    Ok(())
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        1_048_576..10_737_418_240 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}

impl From<BackupError> for CliError {
    fn from(error: BackupError) -> Self {
        tracing::error!(error = ?error, "backup");
        let text = error.to_string();
        let sentence = format!("{}.", text.trim_end_matches('.'));
        if error.is_refusal() {
            Self::Refused(sentence)
        } else {
            Self::Failed(sentence)
        }
    }
}
