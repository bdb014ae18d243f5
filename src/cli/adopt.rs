//! `adopt`: an older Pine Time database becomes ours, in place. What is done stands in [`crate::ops::adopt`].

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cluster::{DATABASE, Role};
use crate::config::Config;
use crate::domain::SafeText;
use crate::ops::adopt::{self, AdoptError, Adoption, Note, Step};

use super::error::Exit;
use super::output::{Align, Out, Table, clear_progress};
use super::{CliError, connect};

/// Take over an older Pine Time database in place, in one transaction or not at all.
///
/// The old tables are kept in a schema of their own. Stop the old application first, and make a backup with pg_dump: nobody
/// has to trust one program with the only copy.
#[derive(Debug, clap::Args)]
pub(super) struct AdoptArgs {
    /// Only say what would be done, row by row where something has to be decided. Exit code 3 when it could not be done.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &AdoptArgs, config: &Config) -> Result<ExitCode, CliError> {
    let keeping = AtomicBool::new(false);
    let adoption = super::run::block_on(async {
        if let Some(url) = &config.database.url {
            return Ok(work(url.expose(), args.dry_run, &keeping).await);
        }
        let cluster = connect::join(config).await?;
        let done = work(&cluster.url(Role::Owner, DATABASE), args.dry_run, &keeping).await;
        cluster.leave();
        Ok(done)
    });
    clear_progress();
    let adoption = adoption.map_err(|error| match error {
        CliError::Interrupted if keeping.load(Ordering::Relaxed) => AdoptError::Unsure.into(),
        CliError::Interrupted => CliError::failed("Interrupted; the database is as it was."),
        other => other,
    })?;
    let (adoption, refused) = match adoption {
        Ok(adoption) => (adoption, None),
        Err(AdoptError::Stopped(adoption)) => {
            let refused = AdoptError::Stopped(adoption.clone()).to_string();
            (*adoption, Some(refused))
        }
        Err(error) => return Err(error.into()),
    };
    let out = &mut Out::stdout();
    if args.json {
        out.json(&adoption)?;
    } else {
        show(&adoption, out)?;
    }
    out.flush()?;
    match refused {
        Some(sentence) => Err(CliError::Refused(sentence)),
        None if adoption.stops() > 0 => Ok(Exit::Refused.into()),
        None => Ok(Exit::Done.into()),
    }
}

/// `keeping` becomes true when all that is left is to keep it.
async fn work(url: &str, dry_run: bool, keeping: &AtomicBool) -> Result<Adoption, AdoptError> {
    if dry_run {
        return adopt::look(url).await;
    }
    let is_terminal = std::io::stderr().is_terminal();
    let by = format!("owner:{}", connect::system_user());
    adopt::adopt(url, &by, |step| {
        keeping.store(step == Step::Keep, Ordering::Relaxed);
        if is_terminal {
            let at = Step::ALL.iter().position(|one| *one == step).unwrap_or_default();
            eprint!("\r\x1b[K[{at}/{}] {step} …", Step::ALL.len());
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{step} …");
        }
    })
    .await
}

fn show(adoption: &Adoption, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let mut table = Table::new(&[
        ("TABLE", Align::Left),
        ("OLD NAME", Align::Left),
        ("OLD ROWS", Align::Right),
        ("ROWS", Align::Right),
    ]);
    for line in &adoption.tables {
        table.row([
            line.table.clone(),
            if line.old.is_empty() {
                "-".to_owned()
            } else {
                clean(&line.old)
            },
            line.rows.to_string(),
            line.becomes.to_string(),
        ]);
    }
    out.table(&table)?;
    if !adoption.left.is_empty() {
        let left: Vec<String> = adoption.left.iter().map(|name| clean(name)).collect();
        out.line(format!("\nOnly in {}: {}.", adoption.kept_in, left.join(", ")))?;
    }
    if !adoption.notes.is_empty() {
        out.line(format!(
            "\n{} to know about:",
            many(adoption.notes.len(), "thing", "things")
        ))?;
        for note in &adoption.notes {
            out.line(sentence(note))?;
        }
    }
    out.line("")?;
    if adoption.adopted {
        out.line(format!(
            "Adopted, and proved by {} checks. The old tables are in the schema {}.",
            adoption.proved, adoption.kept_in
        ))?;
        return out.line(
            "Next: pine-time doctor, and time zone, currency and name of the community; everybody signs in as before.",
        );
    }
    if !adoption.clients.is_empty() {
        let clients: Vec<String> = adoption.clients.iter().map(|name| clean(name)).collect();
        out.line(format!(
            "Connected at this moment: {}. Stop the old application before it is adopted.",
            clients.join(", ")
        ))?;
    }
    match adoption.stops() {
        0 => out.line(format!(
            "Nothing was changed. Without --dry-run this is done, and the old tables are kept in the schema {}.",
            adoption.kept_in
        )),
        stops => out.line(format!(
            "Nothing was changed, and nothing can be: {} marked STOPS {} to be seen to first.",
            many(stops, "line", "lines"),
            if stops == 1 { "has" } else { "have" }
        )),
    }
}

/// `registrations 7: duplicate: …`
fn sentence(note: &Note) -> String {
    let row = match (&note.table, note.id) {
        (table, _) if table.is_empty() => String::new(),
        (table, Some(id)) => format!("{} {id}: ", clean(table)),
        (table, None) => format!("{}: ", clean(table)),
    };
    let stops = if note.stops { "STOPS " } else { "" };
    format!("{stops}{row}{}: {}", note.kind, clean(&note.what))
}

/// What an old database says may hold anything.
fn clean(text: &str) -> String {
    SafeText::line(text).as_str().to_owned()
}

fn many(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

impl From<AdoptError> for CliError {
    fn from(error: AdoptError) -> Self {
        tracing::error!(error = %error, "adopting");
        let sentence = clean(&error.to_string());
        if error.is_refusal() {
            Self::Refused(sentence)
        } else {
            Self::Failed(sentence)
        }
    }
}
