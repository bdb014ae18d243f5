//! The way from a command line to everything else, and the commands that need no screen.

pub mod db;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

#[derive(Debug, Parser)]
#[command(name = "pine-time")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[arg(long, global = true)]
    json: bool,
    #[arg(long, global = true, env = "PINE_TIME_DATABASE_URL")]
    database_url: Option<String>,
    #[arg(long, global = true, env = "PINE_TIME_CLUSTER_DATA_DIR")]
    cluster_data_dir: Option<PathBuf>,
    #[arg(long, global = true, env = "PINE_TIME_CLUSTER_BIN_DIR")]
    cluster_bin_dir: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    #[command(subcommand)]
    Db(db::DbCommand),
}

/// Runs the command line and answers the process's exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let target = db::Target {
        database_url: cli.database_url,
        cluster: crate::cluster::Options {
            data_dir: cli.cluster_data_dir,
            bin_dir: cli.cluster_bin_dir,
            ..crate::cluster::Options::default()
        },
        json: cli.json,
    };
    let Command::Db(command) = cli.command;
    let ran = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(db::DbError::Output)
        .and_then(|runtime| runtime.block_on(db::run(command, &target)));
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pine-time: {error}");
            ExitCode::FAILURE
        }
    }
}
