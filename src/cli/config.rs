//! `config`: where the settings are, whether they are right, and an example of them. Works however broken the
//! settings are, since that is when it is needed.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::config::{Config, EXAMPLE, KEYS, Loaded, Overrides, Places, Source};

use super::output::{Align, Out, Table};
use super::{CliError, environment};

#[derive(Debug, clap::Subcommand)]
pub(super) enum ConfigCommand {
    /// Print where the configuration file is looked for.
    Path,
    /// Check the settings and show what applies, and where it was set.
    Check,
    /// Print a complete, commented configuration file.
    Example,
}

pub(super) fn run(
    command: &ConfigCommand,
    flags: &Overrides,
    places: &Places,
    out: &mut Out<impl Write>,
) -> Result<(), CliError> {
    match command {
        ConfigCommand::Path => match flags.config.as_ref().or(places.config_file.as_ref()) {
            Some(file) => out.line(file.display().to_string())?,
            None => {
                return Err(CliError::failed(
                    "This user has no home folder; name a file with --config.",
                ));
            }
        },
        ConfigCommand::Check => check(&Config::load_explained(flags, places, &environment)?, places, out)?,
        ConfigCommand::Example => out.text(EXAMPLE)?,
    }
    out.flush()
}

fn check(loaded: &Loaded, places: &Places, out: &mut Out<impl Write>) -> Result<(), CliError> {
    match (&loaded.file, &places.config_file) {
        (Some(file), _) => out.line(format!("{} is right.", file.display()))?,
        (None, Some(file)) => out.line(format!("There is no file {}; defaults apply.", file.display()))?,
        (None, None) => out.line("There is no configuration file; defaults apply.")?,
    }
    out.line("")?;
    let mut table = Table::new(&[
        ("SETTING", Align::Left),
        ("VALUE", Align::Left),
        ("SET BY", Align::Left),
    ]);
    for key in KEYS {
        table.row([
            key.path(),
            key.shown(&loaded.config).unwrap_or_else(|| "-".to_owned()),
            match loaded.source(key) {
                None => "default".to_owned(),
                Some(Source::File(line)) => format!("file, line {line}"),
                Some(Source::Environment(name)) => name.clone(),
                Some(Source::Flag(flag)) => (*flag).to_owned(),
            },
        ]);
    }
    out.table(&table)?;
    if let Some(file) = loaded.file.as_deref().filter(|file| tells_others(loaded, file)) {
        out.line(format!(
            "\n{0} holds a password and can be read by other users. Hide it: chmod 600 {0}",
            file.display()
        ))?;
    }
    Ok(())
}

/// Whether the file shows a password to others on this machine.
fn tells_others(loaded: &Loaded, file: &Path) -> bool {
    let database = &loaded.config.database;
    let has_password = |name, url: &Option<crate::config::DatabaseUrl>| {
        let of_the_file = |(key, source): &(String, Source)| key == name && matches!(source, Source::File(_));
        loaded.sources.iter().any(of_the_file)
            && url.as_ref().is_some_and(crate::config::DatabaseUrl::has_password)
    };
    let has_password = has_password("database.url", &database.url)
        || has_password("database.listen_url", &database.listen_url)
        || has_password("database.read_url", &database.read_url);
    has_password && std::fs::metadata(file).is_ok_and(|data| data.permissions().mode() & 0o044 != 0)
}
