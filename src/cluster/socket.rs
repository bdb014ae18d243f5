//! The folder of the server's socket. Whoever can enter it is let in without a password, so it is 0700, belongs to the
//! server's user, and is checked each time: in a folder that everybody can write, somebody else may have been first.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::unistd::Uid;

use super::account::{self, Account};
use super::error::ClusterError;
use super::paths::Paths;

/// Bytes a socket's path may have: `sun_path` less its end (108 on Linux, 104 on the BSDs and macOS).
const LONGEST: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The port in the socket's name. There is no TCP; 5432 is what every client takes when none is named.
pub(super) const PORT: u16 = 5432;

/// Makes or checks the folder for the socket of this data directory.
///
/// # Errors
/// `NoSocketDir` when none of the places is both short enough and safe.
pub(super) fn folder(paths: &Paths, account: &Account) -> Result<PathBuf, ClusterError> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let places = places(runtime.as_deref(), &std::env::temp_dir(), account, &paths.hash());
    let mut why = String::new();
    for (base, folder) in places {
        match usable(base.as_deref(), &folder, account) {
            Ok(()) => return Ok(folder),
            Err(reason) => why = format!("{}: {reason}", folder.display()),
        }
    }
    Err(ClusterError::NoSocketDir { why })
}

/// Removes the socket of a server that was killed, and its lock. PostgreSQL would do it, but not while the killed process
/// waits to be collected, which it does for ever in a container whose first process collects nobody. The folder is this
/// data directory's alone, and the caller knows that no server runs on it.
pub(super) fn remove_stale(folder: &Path) {
    for name in [format!(".s.PGSQL.{PORT}"), format!(".s.PGSQL.{PORT}.lock")] {
        let _ = fs::remove_file(folder.join(name));
    }
}

/// Where it may be, best first: the folder, and the one above it that is ours to make.
fn places(
    runtime: Option<&Path>,
    temp: &Path,
    account: &Account,
    hash: &str,
) -> Vec<(Option<PathBuf>, PathBuf)> {
    let mut places = Vec::new();
    // Root's own runtime folder is closed to the user who runs the server.
    if let Some(runtime) =
        runtime.filter(|dir| !account.switch && dir.is_absolute() && belongs_to(dir, account.uid))
    {
        let base = runtime.join("pine-time");
        places.push((Some(base.clone()), base.join(hash)));
    }
    let base = PathBuf::from("/run/pine-time");
    places.push((Some(base.clone()), base.join(hash)));
    for temp in [temp, Path::new("/tmp")] {
        places.push((None, temp.join(format!("pine-time-{}-{hash}", account.uid))));
    }
    places
}

fn belongs_to(dir: &Path, uid: Uid) -> bool {
    fs::metadata(dir).is_ok_and(|found| found.is_dir() && found.uid() == uid.as_raw())
}

/// Makes the folder if need be, and checks it.
fn usable(base: Option<&Path>, folder: &Path, account: &Account) -> Result<(), String> {
    let text = folder.to_str().ok_or("its name is not UTF-8")?;
    if text.contains(['\'', '"', ',', '\\', '\n']) {
        return Err("its name has a quote, a comma or a backslash in it".to_owned());
    }
    let socket = text.len() + format!("/.s.PGSQL.{PORT}").len();
    if socket > LONGEST {
        return Err(format!(
            "the socket's path would have {socket} bytes, more than {LONGEST}"
        ));
    }
    let refused = |error: io::Error| error.to_string();
    if let Some(base) = base {
        // Open to walk through (the server's user must), closed to write.
        make(base, if account.switch { 0o755 } else { 0o700 }).map_err(refused)?;
        check(base, Uid::effective(), 0o022)?;
    }
    if make(folder, 0o700).map_err(refused)? {
        account.give_dir(folder).map_err(refused)?;
    }
    check(folder, account.uid, 0o077)
}

/// Makes a folder with exactly `mode`; tells whether it is new.
fn make(folder: &Path, mode: u32) -> io::Result<bool> {
    match fs::DirBuilder::new().mode(mode).create(folder) {
        Ok(()) => fs::set_permissions(folder, fs::Permissions::from_mode(mode)).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// A real folder (no link), of the right owner, without the rights in `closed` for others.
fn check(folder: &Path, owner: Uid, closed: u32) -> Result<(), String> {
    let found = fs::symlink_metadata(folder).map_err(|error| error.to_string())?;
    if !found.is_dir() {
        return Err("it is not a folder".to_owned());
    }
    if found.uid() != owner.as_raw() {
        return Err(format!(
            "it belongs to {}, not to {}",
            account::name_of(Uid::from_raw(found.uid())),
            account::name_of(owner)
        ));
    }
    if found.mode() & closed != 0 {
        return Err(format!("its rights are {:03o}, too open", found.mode() & 0o777));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::fs::symlink;

    use nix::unistd::Gid;

    use super::*;

    fn me() -> Account {
        Account {
            name: account::my_name(),
            uid: Uid::effective(),
            gid: Gid::effective(),
            switch: false,
        }
    }

    #[test]
    fn a_new_folder_is_ours_alone() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("s");
        usable(None, &folder, &me()).unwrap();
        assert_eq!(fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
        usable(None, &folder, &me()).unwrap();
    }

    #[test]
    fn a_folder_that_others_may_enter_a_link_or_a_file_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let (open, link, file) = (
            temp.path().join("open"),
            temp.path().join("link"),
            temp.path().join("file"),
        );
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o750)).unwrap();
        assert_eq!(
            usable(None, &open, &me()),
            Err("its rights are 750, too open".to_owned())
        );
        fs::set_permissions(&open, fs::Permissions::from_mode(0o700)).unwrap();
        symlink(&open, &link).unwrap();
        assert_eq!(usable(None, &link, &me()), Err("it is not a folder".to_owned()));
        fs::write(&file, "").unwrap();
        assert_eq!(usable(None, &file, &me()), Err("it is not a folder".to_owned()));
    }

    #[test]
    fn a_folder_of_somebody_else_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("theirs");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
        let said = check(&folder, Uid::from_raw(4_294_967), 0o077).unwrap_err();
        assert!(said.starts_with("it belongs to "), "{said}");
    }

    #[test]
    fn a_long_temporary_folder_gives_way_to_the_next_place() {
        let long = PathBuf::from(format!("/{}", "x".repeat(90)));
        let said = usable(None, &long.join("pine-time-0-abcdefabcdef"), &me()).unwrap_err();
        assert!(said.contains("more than"), "{said}");
        let offered = places(None, &long, &me(), "abcdefabcdef");
        assert_eq!(
            offered.last().unwrap().1,
            PathBuf::from(format!("/tmp/pine-time-{}-abcdefabcdef", Uid::effective()))
        );
    }
}
