//! Which system user runs the server: ourselves, or, when we are root, `postgres` or else `nobody`, because
//! PostgreSQL refuses to run as root. Everything that is started or owned on that user's behalf goes through here.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::{Gid, Uid, User};
use tokio::process::Command;

use super::error::ClusterError;

/// Users that may run the server when we are root, in order of preference.
const SERVER_USERS: [&str; 2] = ["postgres", "nobody"];

/// The system user that runs the server and owns its data.
#[derive(Debug, Clone)]
pub(super) struct Account {
    /// The user's name, for people.
    pub(super) name: String,
    pub(super) uid: Uid,
    pub(super) gid: Gid,
    /// We are root and must become this user before we start anything.
    pub(super) switch: bool,
}

impl Account {
    /// The user for the data in `data_dir`: whoever owns what is there, as long as we may become that user.
    ///
    /// # Errors
    /// `OtherOwner` when the data belongs to somebody we are not, `NoServerUser` when root finds nobody.
    pub(super) fn choose(data_dir: &Path) -> Result<Self, ClusterError> {
        let me = Uid::effective();
        let owner = fs::metadata(data_dir)
            .ok()
            .map(|found| Uid::from_raw(found.uid()));
        if !me.is_root() {
            let mine = Self {
                name: name_of(me),
                uid: me,
                gid: Gid::effective(),
                switch: false,
            };
            return match owner {
                Some(owner) if owner != me => Err(other_owner(data_dir, owner, mine.name)),
                _ => Ok(mine),
            };
        }
        let mut candidates: Vec<Self> = SERVER_USERS
            .iter()
            .filter_map(|name| User::from_name(name).ok().flatten())
            .map(Self::of)
            .collect();
        match owner {
            // A folder that root made, or none: anybody will do. What it holds is looked at later.
            Some(owner) if !owner.is_root() => match candidates.iter().position(|it| it.uid == owner) {
                Some(at) => Ok(candidates.swap_remove(at)),
                None => Err(other_owner(data_dir, owner, SERVER_USERS.join(" or "))),
            },
            _ => candidates.into_iter().next().ok_or(ClusterError::NoServerUser),
        }
    }

    fn of(user: User) -> Self {
        Self {
            name: user.name,
            uid: user.uid,
            gid: user.gid,
            switch: true,
        }
    }

    /// A command that runs as this user, with nothing of our environment that could steer PostgreSQL, in the folder
    /// `cwd`. Standard streams are closed; supplementary groups are dropped by std together with root.
    pub(super) fn command(&self, program: &Path, cwd: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .current_dir(cwd);
        for kept in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.stdin(std::process::Stdio::null());
        command.stdout(std::process::Stdio::null());
        command.stderr(std::process::Stdio::null());
        if self.switch {
            command.uid(self.uid.as_raw()).gid(self.gid.as_raw());
        }
        command
    }

    /// Hands an open file to this user. By descriptor, so that no name can be swapped in between.
    pub(super) fn give(&self, file: &fs::File) -> io::Result<()> {
        if self.switch {
            nix::unistd::fchown(file, Some(self.uid), Some(self.gid))?;
        }
        Ok(())
    }

    /// Hands a folder that we have just made to this user.
    pub(super) fn give_dir(&self, path: &Path) -> io::Result<()> {
        if self.switch {
            self.give(&fs::File::open(path)?)
        } else {
            Ok(())
        }
    }
}

/// The name of a user, or the number when it has none.
pub(super) fn name_of(uid: Uid) -> String {
    User::from_uid(uid)
        .ok()
        .flatten()
        .map_or_else(|| uid.to_string(), |user| user.name)
}

/// The name of the user we are.
pub(super) fn my_name() -> String {
    name_of(Uid::effective())
}

fn other_owner(data_dir: &Path, owner: Uid, expected: String) -> ClusterError {
    ClusterError::OtherOwner {
        data_dir: data_dir.to_path_buf(),
        owner: name_of(owner),
        expected,
    }
}
