//! The server's settings: one file of ours in the data directory, included last by `postgresql.conf`, rewritten at each
//! start, so that a newer Pine Time brings its settings along. What people change belongs into `ALTER SYSTEM`.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::Options;
use super::account::Account;
use super::paths::Paths;
use super::socket;

/// Its presence says that the data directory is ours.
pub(super) const FILE: &str = "pine-time.conf";

/// The line that `postgresql.conf` gets at the end.
const INCLUDE: &str = "\n# Pine Time's own settings, written anew at each start.\ninclude 'pine-time.conf'\n";

/// Settings for a desk: tens of terminals, short statements, one machine that does other things as well.
const DESK: &str = "\
# Written by Pine Time at each start; changes here do not last. Use ALTER SYSTEM for settings of your own.
listen_addresses = ''
unix_socket_permissions = 0700
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
shared_buffers = 128MB
effective_cache_size = 512MB
max_wal_size = 512MB
random_page_cost = 1.1
# Statements here are short; compiling them takes longer than running them.
jit = off
idle_in_transaction_session_timeout = 5min
logging_collector = off
log_line_prefix = '%m [%p] %u@%d '
log_checkpoints = off
";

/// For data that may be lost with the machine: tests.
const VOLATILE: &str = "\
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
";

/// The file's text.
pub(super) fn text(options: &Options, paths: &Paths, socket_dir: &Path) -> String {
    let durability = if options.durable { "" } else { VOLATILE };
    format!(
        "{DESK}{durability}port = {}\nmax_connections = {}\ncluster_name = '{}'\nunix_socket_directories = '{}'\n",
        socket::PORT,
        options.max_connections,
        paths.cluster_name(),
        socket_dir.display(),
    )
}

/// Writes the file into a data directory.
pub(super) fn write(data_dir: &Path, text: &str, account: &Account) -> io::Result<()> {
    // The folder belongs to the server's user and we may be root: a new file and a rename follow no link put there.
    let fresh = data_dir.join(format!("{FILE}.new"));
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&fresh)?;
    file.write_all(text.as_bytes())?;
    account.give(&file)?;
    fs::rename(&fresh, data_dir.join(FILE))
}

/// Makes `postgresql.conf` of a new data directory include the file.
pub(super) fn include(data_dir: &Path) -> io::Result<()> {
    fs::OpenOptions::new()
        .append(true)
        .open(data_dir.join("postgresql.conf"))?
        .write_all(INCLUDE.as_bytes())
}
