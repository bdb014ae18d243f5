//! A kiosk's secret on its own disk: a file that its user alone may read. Here it is made, read and refused; what it
//! proves is the database's business.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::db::{Token, new_device_secret};

/// Longer than any secret.
const MOST: u64 = 1024;

/// Where a kiosk's secret is kept for one database.
#[derive(Debug, Clone)]
pub struct DeviceFile {
    path: PathBuf,
}

impl DeviceFile {
    /// In the folder of this user's state, for the database with this URL.
    pub fn new(state_dir: &Path, url: &str) -> Self {
        Self {
            path: state_dir.join(format!("kiosk-{}.secret", super::database_key(url))),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The secret; none when this device has not joined.
    ///
    /// # Errors
    /// The file cannot be read, holds something else, or could be read by others: then it is no secret.
    pub fn read(&self) -> io::Result<Option<Token>> {
        read(&self.path)
    }

    /// The secret of a device that is about to join: the one of a try that was cut short, else a new one.
    ///
    /// # Errors
    /// As [`DeviceFile::read`], or it cannot be written.
    pub fn prepare(&self) -> io::Result<Token> {
        let path = self.waiting();
        if let Some(secret) = read(&path)? {
            return Ok(secret);
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let secret = new_device_secret().map_err(|error| io::Error::other(error.fault.to_string()))?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(secret.as_bytes())?;
        file.sync_all()?;
        Token::from_hex(&secret).ok_or_else(no_secret)
    }

    /// The device has joined: what was prepared is its secret from now on.
    ///
    /// # Errors
    /// The file cannot be moved.
    pub fn keep(&self) -> io::Result<()> {
        fs::rename(self.waiting(), &self.path)
    }

    fn waiting(&self) -> PathBuf {
        self.path.with_extension("joining")
    }
}

fn read(path: &Path) -> io::Result<Option<Token>> {
    // What is looked at is what was opened, whoever moves files meanwhile; a link is not followed.
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(nix::libc::O_NOFOLLOW)
        .open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let about = file.metadata()?;
    if about.permissions().mode() & 0o077 != 0 || about.uid() != nix::unistd::geteuid().as_raw() {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!(
                "{} can be read by others, so it is no secret any more. Retire the kiosk, delete the file and enrol anew",
                path.display()
            ),
        ));
    }
    let mut text = Zeroizing::new(String::new());
    file.take(MOST).read_to_string(&mut text)?;
    Token::from_hex(text.trim())
        .filter(|_| !text.trim().is_empty())
        .map(Some)
        .ok_or_else(no_secret)
}

fn no_secret() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the file holds no kiosk's secret")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_secret_is_made_once_kept_and_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = DeviceFile::new(
            &folder.path().join("state"),
            "postgres://kiosk@db.example.org/pine",
        );
        assert_eq!(file.read().unwrap(), None);
        let secret = file.prepare().unwrap();
        assert_eq!(
            file.prepare().unwrap(),
            secret,
            "a try cut short goes on with the same"
        );
        assert_eq!(file.read().unwrap(), None, "it has not joined yet");
        file.keep().unwrap();
        assert_eq!(file.read().unwrap(), Some(secret.clone()));
        assert_eq!(
            fs::metadata(file.path()).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_ne!(
            file.prepare().unwrap(),
            secret,
            "a device that joins anew has another"
        );
        assert!(!format!("{file:?}{secret:?}").contains(&fs::read_to_string(file.path()).unwrap()));
    }

    #[test]
    fn what_others_can_read_or_is_something_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = DeviceFile::new(folder.path(), "postgres://kiosk@db.example.org/pine");
        file.prepare().unwrap();
        file.keep().unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o640)).unwrap();
        let refused = file.read().unwrap_err();
        assert!(refused.to_string().contains("no secret any more"), "{refused}");
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o600)).unwrap();
        for other in ["", "\n", "not hexadecimal", "0"] {
            fs::write(file.path(), other).unwrap();
            assert!(file.read().is_err(), "{other:?}");
        }
        fs::remove_file(file.path()).unwrap();
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), file.path()).unwrap();
        assert!(file.read().is_err(), "a link is not followed");
    }
}
