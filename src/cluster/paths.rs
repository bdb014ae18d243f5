//! Where everything lies. Beside a data directory `cluster` (PostgreSQL's own, nothing of ours but one settings file in
//! it) lie `cluster.log`, the server's log, and `cluster.run`, the locks and the list of who is sharing the server.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use nix::unistd::Uid;
use sha2::{Digest, Sha256};

use super::account;
use super::error::ClusterError;

/// Characters that `pg_ctl`, which goes through a shell, or the settings file would not take as they are.
const UNFIT: [char; 5] = ['"', '$', '`', '\\', '\n'];

/// The places that belong to one data directory. Absolute and with links resolved, so that one data directory has one
/// set of locks, whatever it was called on the command line.
#[derive(Debug, Clone)]
pub(super) struct Paths {
    /// PostgreSQL's data directory.
    pub(super) data_dir: PathBuf,
    /// The folder it lies in.
    pub(super) parent: PathBuf,
    /// The server's log.
    pub(super) log: PathBuf,
    /// Locks, members, marks.
    pub(super) run: PathBuf,
    name: String,
}

impl Paths {
    /// Resolves the data directory; makes nothing.
    ///
    /// # Errors
    /// `NoHome` without a place to start from, `UnfitPath` for a path that PostgreSQL's programs cannot take.
    pub(super) fn resolve(data_dir: Option<&Path>) -> Result<Self, ClusterError> {
        let wanted = match data_dir {
            Some(path) => path.to_path_buf(),
            None => default_data_dir()?,
        };
        let unfit = |why| ClusterError::UnfitPath {
            path: wanted.clone(),
            why,
        };
        let absolute = std::path::absolute(&wanted).map_err(|_| unfit("it is not a path"))?;
        let data_dir =
            canonical_as_far_as_it_exists(&absolute).ok_or_else(|| unfit("its folder has .. in it"))?;
        let text = data_dir.to_str().ok_or_else(|| unfit("it is not UTF-8"))?;
        if text.contains(UNFIT) {
            return Err(unfit("it has one of \" $ ` \\ or a line break in it"));
        }
        let (Some(parent), Some(name)) = (
            data_dir.parent(),
            data_dir.file_name().and_then(|name| name.to_str()),
        ) else {
            return Err(unfit("it is the root of the file system"));
        };
        let (parent, name) = (parent.to_path_buf(), name.to_owned());
        Ok(Self {
            log: parent.join(format!("{name}.log")),
            run: parent.join(format!("{name}.run")),
            data_dir,
            parent,
            name,
        })
    }

    /// A name for this data directory that is short and no other's: twelve hexadecimal digits.
    pub(super) fn hash(&self) -> String {
        let digest = Sha256::digest(self.data_dir.as_os_str().as_encoded_bytes());
        digest
            .iter()
            .take(6)
            .fold(String::with_capacity(12), |mut text, byte| {
                use std::fmt::Write as _;
                let _ = write!(text, "{byte:02x}");
                text
            })
    }

    /// The name the server carries in the list of processes.
    pub(super) fn cluster_name(&self) -> String {
        format!("pine-time-{}", self.hash())
    }

    /// The beginning of the names under which new data is made, before it is moved to its place.
    pub(super) fn init_prefix(&self) -> String {
        format!("{}.init-", self.name)
    }

    /// Makes the parent folders and `run`.
    ///
    /// # Errors
    /// The sentence for the folder that could not be made.
    pub(super) fn make(&self) -> Result<(), ClusterError> {
        // As root the server runs as somebody else, who must be able to walk here whatever the umask is.
        let mode = if Uid::effective().is_root() { 0o755 } else { 0o700 };
        let made = make_dirs(&self.parent, mode).and_then(|()| make_dirs(&self.run, 0o700));
        made.map_err(|(place, error)| {
            // The folder that was asked for is what a person knows; the one that refused says where to look.
            match ClusterError::from_io(&self.parent, &account::my_name(), error) {
                ClusterError::Unwritable { path, user, why } if place != self.parent => {
                    ClusterError::Unwritable {
                        path,
                        user,
                        why: format!("{why} in {}", place.display()),
                    }
                }
                error => error,
            }
        })
    }
}

/// `cluster` in the user's data folder; `/var/lib/pine-time/cluster` for root.
fn default_data_dir() -> Result<PathBuf, ClusterError> {
    if Uid::effective().is_root() {
        return Ok(PathBuf::from("/var/lib/pine-time/cluster"));
    }
    directories::ProjectDirs::from("", "", "pine-time")
        .map(|dirs| dirs.data_dir().join("cluster"))
        .ok_or(ClusterError::NoHome)
}

/// Resolves links in the part of the path that exists; `None` when the rest climbs with `..`.
fn canonical_as_far_as_it_exists(path: &Path) -> Option<PathBuf> {
    let mut rest: Vec<OsString> = Vec::new();
    let mut here = path;
    loop {
        if let Ok(real) = fs::canonicalize(here) {
            return Some(rest.into_iter().rev().fold(real, |path, part| path.join(part)));
        }
        match here.components().next_back()? {
            Component::Normal(part) => rest.push(part.to_os_string()),
            _ => return None,
        }
        here = here.parent()?;
    }
}

/// Makes a folder and the missing ones above it, each with exactly `mode`; names the folder that refused.
fn make_dirs(path: &Path, mode: u32) -> Result<(), (PathBuf, io::Error)> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make_dirs(above, mode)?;
    }
    let created = match fs::DirBuilder::new().mode(mode).create(path) {
        Ok(()) => fs::set_permissions(path, fs::Permissions::from_mode(mode)),
        // Somebody else made it in this moment.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    };
    created.map_err(|error| (path.parent().unwrap_or(path).to_path_buf(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_data_directory_has_one_name_whatever_it_is_called() {
        let there = std::env::temp_dir();
        let plain = Paths::resolve(Some(&there.join("pine-nothing-here/data")));
        let detour = Paths::resolve(Some(&there.join("./pine-nothing-here//data/")));
        let other = Paths::resolve(Some(&there.join("pine-nothing-here/data2")));
        let (Ok(plain), Ok(detour), Ok(other)) = (plain, detour, other) else {
            unreachable!("all three are fit");
        };
        assert_eq!(plain.data_dir, detour.data_dir);
        assert_eq!(plain.hash(), detour.hash());
        assert_ne!(plain.hash(), other.hash());
        assert_eq!(plain.hash().len(), 12);
    }

    #[test]
    fn paths_that_a_shell_would_read_are_refused() {
        for path in [
            "/",
            "/nowhere/a$HOME",
            "/nowhere/a\"b",
            "/nowhere/../b",
            "/nowhere/a`id`",
        ] {
            let said = Paths::resolve(Some(Path::new(path)))
                .err()
                .map(|error| error.to_string());
            assert!(
                said.is_some_and(|said| said.contains("set cluster.data_dir to a plainer path")),
                "{path}"
            );
        }
        assert!(Paths::resolve(Some(Path::new("/nowhere/it's a folder/data"))).is_ok());
    }
}
