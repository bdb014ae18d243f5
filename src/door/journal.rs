//! The journal on disk: one append-only file for each process that has something to keep, locked while it lives. A
//! check-in is on the disk before it is sent; files whose process is gone are adopted by the next that opens the
//! journal. A file goes when everything in it is done.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::domain::check_in::Outcome;
use crate::domain::kept::{Kept, Unsettled};
use crate::domain::{Nonce, SafeText, Timestamp};

use super::record::{Record, State, decode, encode};

/// The journal of one process for one database.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    key: String,
    own: Option<Log>,
    adopted: Vec<Log>,
}

/// One file, locked.
#[derive(Debug)]
struct Log {
    path: PathBuf,
    file: File,
    length: u64,
    state: State,
}

impl Journal {
    /// The journal in this folder for the database of this key (see [`super::database_key`]), with whatever
    /// processes that are gone have left in it.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub fn open(folder: &Path, key: &str) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let mut journal = Self {
            folder: folder.to_owned(),
            key: key.to_owned(),
            own: None,
            adopted: Vec::new(),
        };
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| journal.is_ours(path))
            .collect();
        paths.sort();
        for path in paths {
            match Log::adopt(&path) {
                Ok(Some(log)) if log.state.is_empty() => log.remove(),
                Ok(Some(log)) => journal.adopted.push(log),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(path = %path.display(), %error, "a journal of check-ins cannot be read");
                }
            }
        }
        Ok(journal)
    }

    fn is_ours(&self, path: &Path) -> bool {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        name.starts_with(&format!("{}-", self.key)) && path.extension().is_some_and(|e| e == "journal")
    }

    /// What is to be brought and to be settled, the oldest first.
    pub fn state(&self) -> State {
        let mut state = State::default();
        for log in self.adopted.iter().chain(&self.own) {
            state.open.extend(log.state.open.iter().cloned());
            state.unsettled.extend(log.state.unsettled.iter().cloned());
        }
        state.open.sort_by_key(|kept| kept.occurred_at);
        state
    }

    /// Keeps a check-in; when this returns, it is on the disk.
    ///
    /// # Errors
    /// It could not be written; the journal is as it was.
    pub fn keep(&mut self, kept: Kept) -> io::Result<()> {
        let own = match &mut self.own {
            Some(own) => own,
            none => none.insert(Log::create(&self.folder, &self.key)?),
        };
        own.write(Record::Kept(kept))?;
        own.file.sync_data()
    }

    /// What the door told the person. On the disk when this returns.
    pub fn decided(&mut self, nonce: Nonce, outcome: Outcome) -> io::Result<()> {
        let Some(log) = self.holds_open(nonce) else {
            return Ok(());
        };
        log.write(Record::Decided { nonce, outcome })?;
        log.file.sync_data()
    }

    /// The database has answered. Not waited for on the disk: brought once more, it is answered once more.
    pub fn done(&mut self, nonce: Nonce) -> io::Result<()> {
        let Some(log) = self.holds_open(nonce) else {
            return Ok(());
        };
        log.write(Record::Done { nonce })?;
        self.tidy()
    }

    /// The database has answered otherwise than the door.
    pub fn unsettled(&mut self, unsettled: Unsettled) -> io::Result<()> {
        let Some(log) = self.holds_open(unsettled.kept.nonce) else {
            return Ok(());
        };
        log.write(Record::Unsettled(Box::new(unsettled)))?;
        log.file.sync_data()
    }

    /// Somebody has looked at what was unsettled.
    pub fn settled(&mut self, nonce: Nonce, by: SafeText, at: Timestamp) -> io::Result<()> {
        let mut logs = self.adopted.iter_mut().chain(&mut self.own);
        let holder = logs.find(|log| log.state.unsettled.iter().any(|u| u.kept.nonce == nonce));
        let Some(log) = holder else { return Ok(()) };
        log.write(Record::Settled { nonce, by, at })?;
        log.file.sync_data()?;
        self.tidy()
    }

    fn holds_open(&mut self, nonce: Nonce) -> Option<&mut Log> {
        let mut logs = self.adopted.iter_mut().chain(&mut self.own);
        logs.find(|log| log.state.open.iter().any(|kept| kept.nonce == nonce))
    }

    /// Files that hold nothing any more go; the own one is emptied and used again.
    fn tidy(&mut self) -> io::Result<()> {
        for log in self.adopted.extract_if(.., |log| log.state.is_empty()) {
            log.remove();
        }
        if let Some(own) = self
            .own
            .as_mut()
            .filter(|own| own.state.is_empty() && own.length > 0)
        {
            own.file.set_len(0)?;
            own.length = 0;
        }
        Ok(())
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        if let Some(own) = self.own.take_if(|own| own.state.is_empty()) {
            own.remove();
        }
    }
}

impl Log {
    fn create(folder: &Path, key: &str) -> io::Result<Self> {
        let name = format!(
            "{key}-{}-{}.journal",
            std::process::id(),
            Nonce::new_v4().simple()
        );
        let path = folder.join(name);
        let file = OpenOptions::new()
            .create_new(true)
            .append(true)
            .read(true)
            .mode(0o600)
            .open(&path)?;
        file.lock()?;
        // Without this the file's name may be lost with the power.
        File::open(folder)?.sync_all()?;
        Ok(Self {
            path,
            file,
            length: 0,
            state: State::default(),
        })
    }

    /// A file whose process is gone; none while it lives, or when somebody else was faster.
    fn adopt(path: &Path) -> io::Result<Option<Self>> {
        let mut file = match OpenOptions::new().read(true).append(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Between opening and locking, its last holder may have removed it.
        if fs::metadata(path).map_or(true, |now| {
            file.metadata().is_ok_and(|own| own.ino() != now.ino())
        }) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let decoded = decode(&bytes);
        if decoded.damaged > 0 {
            tracing::error!(path = %path.display(), lines = decoded.damaged, "damaged lines in a journal of check-ins");
        }
        let length = u64::try_from(decoded.whole).unwrap_or(u64::MAX);
        file.set_len(length)?;
        Ok(Some(Self {
            path: path.to_owned(),
            file,
            length,
            state: decoded.state,
        }))
    }

    fn write(&mut self, record: Record) -> io::Result<()> {
        let line = encode(&record)?;
        if let Err(error) = self.file.write_all(&line) {
            // Half a record would damage the next one.
            let _ = self.file.set_len(self.length);
            return Err(error);
        }
        self.length += u64::try_from(line.len()).unwrap_or(0);
        self.state.apply(record);
        Ok(())
    }

    fn remove(self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "an empty journal stays behind");
        }
    }
}
