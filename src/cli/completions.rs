//! `completions`: a script for the shell that completes commands and flags.

use std::io::Write;

use super::CliError;
use super::output::Out;

/// Print completions for a shell, for example:
/// `pine-time completions bash > ~/.local/share/bash-completion/completions/pine-time`.
#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// Which shell.
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(super) fn run(
    args: &CompletionsArgs,
    command: &mut clap::Command,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "pine-time", &mut script);
    out.text(&String::from_utf8_lossy(&script))?;
    out.flush()
}
