//! To be laid.

pub mod db;

/// Runs the command line and answers the process's exit code.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
