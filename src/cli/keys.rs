//! `keys`: every key of the screens, from the table that drives them.

use std::io::Write;

use crate::app::keymap;

use super::CliError;
use super::output::{Align, Out, Table};

/// List every key, by screen.
#[derive(Debug, clap::Args)]
pub(super) struct KeysArgs {
    /// Print a Markdown table, as the README has it.
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Print a JSON array.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &KeysArgs, out: &mut Out<impl Write>) -> Result<(), CliError> {
    if args.json {
        out.json(&keymap::listed())?;
    } else if args.markdown {
        out.text(&keymap::as_markdown())?;
    } else {
        let mut table = Table::new(&[
            ("WHERE", Align::Left),
            ("KEYS", Align::Left),
            ("WHAT", Align::Left),
        ]);
        for (keys, binding) in keymap::merged(keymap::bindings().iter()) {
            let staff = if binding.staff { " (staff)" } else { "" };
            table.row([
                binding.scope.title().to_owned(),
                keys,
                format!("{}{staff}", binding.help),
            ]);
        }
        out.table(&table)?;
    }
    out.flush()
}
