//! `export`: the community as files for other programs. What is written stands in [`crate::ops::exchange`].

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use crate::cluster::{DATABASE, Role};
use crate::config::Config;
use crate::domain::SafeText;
use crate::ops::exchange::{self, ExportError, Exported, Form};

use super::output::{Out, clear_progress};
use super::{CliError, connect};

#[derive(Debug, clap::Subcommand)]
pub(super) enum ExportCommand {
    /// One CSV file per table, with a header.
    Csv(ExportArgs),
    /// One file per table, one JSON object a line.
    Json(ExportArgs),
    /// One SQLite file with the same tables.
    Sqlite(ExportArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// A folder that is new or empty; for SQLite a file that is new. Members' addresses and password hashes will be in it.
    #[arg(value_name = "PATH")]
    dir: PathBuf,
    /// Print one JSON document: rows and an exact sum of every table.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: ExportCommand, config: &Config) -> Result<(), CliError> {
    let (args, form) = match command {
        ExportCommand::Csv(args) => (args, Some(Form::Csv)),
        ExportCommand::Json(args) => (args, Some(Form::Json)),
        ExportCommand::Sqlite(args) => (args, None),
    };
    let exported = super::run::block_on(async {
        if let Some(url) = &config.database.url {
            return work(url.expose(), &args, form).await;
        }
        let cluster = connect::join(config).await?;
        let done = work(&cluster.url(Role::Owner, DATABASE), &args, form).await;
        cluster.leave();
        done
    });
    clear_progress();
    let exported = exported?;
    let out = &mut Out::stdout();
    if args.json {
        out.json(&exported)?;
    } else {
        let rows: i64 = exported.tables.values().map(|table| table.rows).sum();
        out.line(format!(
            "{} tables and {rows} rows are in {}; nobody else can read it.",
            exported.tables.len(),
            args.dir.display()
        ))?;
    }
    out.flush()
}

/// Into a folder of this form, or into a SQLite file.
async fn work(url: &str, args: &ExportArgs, form: Option<Form>) -> Result<Exported, CliError> {
    let is_terminal = std::io::stderr().is_terminal();
    let tell = |table: &str| {
        let table = SafeText::line(table);
        if is_terminal {
            eprint!("\r\x1b[K{table} …");
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{table} …");
        }
    };
    Ok(match form {
        Some(form) => exchange::export(url, &args.dir, form, &tell).await,
        None => exchange::export_sqlite(url, &args.dir, &tell).await,
    }?)
}

impl From<ExportError> for CliError {
    fn from(error: ExportError) -> Self {
        tracing::error!(error = ?error, "export");
        let sentence = format!("{error}.");
        match &error {
            ExportError::Database(why) if crate::ops::owner::is_refusal(why) => Self::Refused(sentence),
            _ => Self::Failed(sentence),
        }
    }
}
