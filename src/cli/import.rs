//! `import`: a community out of files. What is read, checked and written stands in [`crate::ops::exchange`].

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono_tz::Tz;

use crate::cluster::{DATABASE, Role};
use crate::config::Config;
use crate::domain::SafeText;
use crate::ops::exchange::{self, ImportError, Imported, Order, Progress, SourceForm, TableImport};

use super::error::Exit;
use super::output::{Align, Out, Table, clear_progress};
use super::{CliError, connect};

/// How wide the bar is, in cells.
const BAR: u64 = 24;
/// How many refused rows are listed; more are counted.
const LISTED: usize = 20;

/// Bring a community in from files: an export, tables of your own, or an older application's. Needs the owner's login.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// What PATH is.
    #[arg(long, value_name = "FORMAT")]
    from: Format,
    /// A folder with a file per table, named after it (csv, json), or a SQLite file.
    path: PathBuf,
    /// Read and check everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write the good rows although some are refused, and the refused ones into a file.
    #[arg(long)]
    skip_bad: bool,
    /// The file of the refused rows, a new one; PATH with .refused.csv if not said.
    #[arg(long, value_name = "FILE", requires = "skip_bad")]
    refused: Option<PathBuf>,
    /// The time zone of times that are written without one, as Asia/Manila. An older application's are UTC.
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    zone: Option<Tz>,
    /// Print one JSON document: what became of every table's rows.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// CSV files, each with a header.
    Csv,
    /// Files named .jsonl, a JSON object a line.
    Json,
    /// A SQLite file.
    Sqlite,
}

fn zone(name: &str) -> Result<Tz, String> {
    name.parse()
        .map_err(|_| "that is no time zone; name one as Asia/Manila or UTC".to_owned())
}

pub(super) fn run(args: &ImportArgs, config: &Config) -> Result<ExitCode, CliError> {
    let keeping = AtomicBool::new(false);
    let imported = super::run::block_on(async {
        if let Some(url) = &config.database.url {
            return work(url.expose(), args, &keeping).await;
        }
        let cluster = connect::join(config).await?;
        let done = work(&cluster.url(Role::Owner, DATABASE), args, &keeping).await;
        cluster.leave();
        done
    });
    clear_progress();
    let imported = imported.map_err(|error| match error {
        CliError::Interrupted if keeping.load(Ordering::Relaxed) => ImportError::Unsure.into(),
        CliError::Interrupted => CliError::failed("Interrupted; nothing was written."),
        other => other,
    })?;
    let is_good = imported.refused == 0 || args.skip_bad;
    let out = &mut Out::stdout();
    if args.json {
        out.json(&imported)?;
    } else if is_good {
        show(&imported, args, out)?;
    }
    out.flush()?;
    for refused in imported.bad.iter().take(LISTED) {
        let column = refused
            .column
            .as_ref()
            .map(|column| format!(", {column}"))
            .unwrap_or_default();
        eprintln!(
            "{}, line {}{column}: {}",
            refused.file, refused.line, refused.reason
        );
    }
    let listed = imported.bad.len().min(LISTED) as u64;
    if imported.refused > listed {
        eprintln!("… and {} more.", imported.refused - listed);
    }
    if is_good {
        return Ok(Exit::Done.into());
    }
    eprintln!(
        "pine-time: {} refused, and nothing was written. With --skip-bad the rest is written.",
        match imported.refused {
            1 => "1 row was".to_owned(),
            many => format!("{many} rows were"),
        }
    );
    Ok(Exit::Failed.into())
}

/// `keeping` becomes true when the rows are about to be.
async fn work(url: &str, args: &ImportArgs, keeping: &AtomicBool) -> Result<Imported, CliError> {
    let is_terminal = std::io::stderr().is_terminal();
    let told = Mutex::new(String::new());
    let tell = |progress: Progress<'_>| {
        keeping.store(progress.step == exchange::KEEPING, Ordering::Relaxed);
        if is_terminal {
            eprint!("\r\x1b[K{}", SafeText::line(&bar(&progress)));
            let _ = std::io::stderr().flush();
            return;
        }
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if *told != progress.step {
            progress.step.clone_into(&mut told);
            eprintln!("{} …", SafeText::line(progress.step));
        }
    };
    let order = Order {
        form: match args.from {
            Format::Csv => SourceForm::Csv,
            Format::Json => SourceForm::Json,
            Format::Sqlite => SourceForm::Sqlite,
        },
        path: args.path.clone(),
        zone: args.zone,
        dry_run: args.dry_run,
        skip_bad: args.skip_bad.then(|| refused_file(args)),
        by: format!("owner:{}", connect::system_user()),
    };
    Ok(exchange::import(url, &order, &tell).await?)
}

/// Where the refused rows go.
fn refused_file(args: &ImportArgs) -> PathBuf {
    args.refused.clone().unwrap_or_else(|| {
        let mut name: OsString = args.path.file_name().unwrap_or_default().to_owned();
        name.push(".refused.csv");
        args.path.with_file_name(name)
    })
}

/// `users.csv  ██████░░░░  42 %  120000 rows`, as much of it as is known.
fn bar(progress: &Progress<'_>) -> String {
    if progress.rows == 0 {
        return format!("{} …", progress.step);
    }
    let rows = format!("{} rows", progress.rows);
    if progress.whole == 0 {
        return format!("{}  {rows}", progress.step);
    }
    let done = progress.done.min(progress.whole);
    let filled = done * BAR / progress.whole;
    format!(
        "{}  {}{}  {:>3} %  {rows}",
        progress.step,
        "█".repeat(usize::try_from(filled).unwrap_or(0)),
        "░".repeat(usize::try_from(BAR - filled).unwrap_or(0)),
        done * 100 / progress.whole
    )
}

fn show(imported: &Imported, args: &ImportArgs, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let mut table = Table::new(&[
        ("TABLE", Align::Left),
        ("READ", Align::Right),
        (if args.dry_run { "TO ADD" } else { "ADDED" }, Align::Right),
        ("KNOWN", Align::Right),
        ("REFUSED", Align::Right),
    ]);
    let mut added = 0;
    let said = |line: &TableImport| line.read + line.added > 0;
    for (name, line) in imported.tables.iter().filter(|(_, line)| said(line)) {
        added += line.added;
        let cells = [line.read, line.added, line.known, line.refused].map(|number| number.to_string());
        let [read, new, known, refused] = cells;
        table.row([name.clone(), read, new, known, refused]);
    }
    out.table(&table)?;
    if !imported.left_out.is_empty() {
        let names = imported.left_out.join(", ");
        out.line(format!("Left out: {}.", SafeText::line(&names)))?;
    }
    if let Some(file) = &imported.refused_file {
        out.line(format!("The refused rows are in {}.", file.display()))?;
    }
    out.line(match (args.dry_run, added) {
        (true, _) => format!("{added} rows would be added. Without --dry-run they are."),
        (false, 0) => "Everything was here already; nothing was changed.".to_owned(),
        (false, _) => format!("{added} rows were added."),
    })
}

impl From<ImportError> for CliError {
    fn from(error: ImportError) -> Self {
        // Not all of it: the server's details quote rows.
        tracing::error!(%error, "import");
        let sentence = SafeText::line(&format!("{error}.")).to_string();
        match &error {
            ImportError::Database(why) if crate::ops::owner::is_refusal(why) => Self::Refused(sentence),
            _ => Self::Failed(sentence),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_tells_what_is_known() {
        let bar = |rows, done, whole| {
            bar(&Progress {
                step: "users.csv",
                rows,
                done,
                whole,
            })
        };
        assert_eq!(bar(0, 0, 0), "users.csv …");
        assert_eq!(bar(7, 0, 0), "users.csv  7 rows");
        assert_eq!(
            bar(8192, 50, 100),
            format!(
                "users.csv  {}{}   50 %  8192 rows",
                "█".repeat(12),
                "░".repeat(12)
            )
        );
        assert!(bar(8192, 120, 100).contains("100 %"));
    }
}
