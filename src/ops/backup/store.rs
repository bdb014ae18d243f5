//! The folder of backups. What is being made has a hidden name until it is whole and on the disk; what is being removed
//! has lost its name before the first byte goes. One process at a time changes anything in here.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::BackupError;
use super::{FORMAT, Manifest};

/// What a backup that is not whole is called.
const PARTIAL: &str = ".partial-";
const DUMP: &str = "dump";
const MANIFEST: &str = "manifest.json";
const PROOF: &str = "verified.json";
/// A manifest is larger than this in no community.
const LARGEST: u64 = 16 << 20;

/// A folder of backups.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// A backup in the folder.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// What it says of itself, or why it cannot be used.
    pub manifest: Result<Manifest, String>,
    /// When it was proved to be whole, if it was.
    pub verified_at: Option<DateTime<Utc>>,
    folder: PathBuf,
}

/// That a backup was restored and compared.
#[derive(Debug, Serialize, Deserialize)]
struct Proof {
    sha256: String,
    verified_at: DateTime<Utc>,
}

/// The right to change what is in the folder; given back when dropped.
#[derive(Debug)]
pub(super) struct Held(#[expect(dead_code, reason = "held for its lock")] File);

/// A backup in the making. Dropped before it has its name, it is gone.
#[derive(Debug)]
pub(super) struct Making {
    folder: PathBuf,
    name: String,
    parent: PathBuf,
    done: bool,
    _held: Held,
}

impl Store {
    /// The backups in this folder, which need not exist.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Everything that has a backup's name, the newest first; what cannot be used comes last.
    ///
    /// # Errors
    /// The folder cannot be read. No folder is no error: there is nothing in it.
    pub fn list(&self) -> Result<Vec<Kept>, BackupError> {
        let failed = |error| BackupError::reading(&self.folder, &error);
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') && entry.path().join(MANIFEST).exists() {
                found.push(Kept::read(name, entry.path()));
            }
        }
        found.sort_by(|a, b| {
            let made = |kept: &Kept| kept.manifest.as_ref().ok().map(|manifest| manifest.made_at);
            (made(b), &b.name).cmp(&(made(a), &a.name))
        });
        Ok(found)
    }

    /// The backup of this name, or the newest one that can be used.
    ///
    /// # Errors
    /// There is none.
    pub fn find(&self, name: Option<&str>) -> Result<Kept, BackupError> {
        let all = self.list()?;
        let path = self.folder.clone();
        match name {
            Some(name) => all
                .into_iter()
                .find(|kept| kept.name == name)
                .ok_or(BackupError::Unknown {
                    name: name.to_owned(),
                    path,
                }),
            None => all
                .into_iter()
                .find(|kept| kept.manifest.is_ok())
                .ok_or(BackupError::None { path }),
        }
    }

    /// Begins a backup, and clears away what killed processes left of theirs.
    pub(super) fn begin(&self, made_at: DateTime<Utc>, database: &str) -> Result<Making, BackupError> {
        let held = self.hold()?;
        let failed = |error| BackupError::writing(&self.folder, &error);
        for entry in fs::read_dir(&self.folder).map_err(failed)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
                fs::remove_dir_all(entry.path()).map_err(failed)?;
            }
        }
        let plain: String = database
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let stem = format!("{plain}-{}", made_at.format("%Y-%m-%dT%H%M%SZ"));
        let name = (1..1000)
            .map(|number| {
                if number == 1 {
                    stem.clone()
                } else {
                    format!("{stem}-{number}")
                }
            })
            .find(|name| !self.folder.join(name).exists())
            .unwrap_or(stem);
        let folder = self.folder.join(format!("{PARTIAL}{name}"));
        DirBuilder::new().mode(0o700).create(&folder).map_err(failed)?;
        Ok(Making {
            folder,
            name,
            parent: self.folder.clone(),
            done: false,
            _held: held,
        })
    }

    /// Removes backups, each at once as far as anybody can see.
    ///
    /// # Errors
    /// The folder refuses; what was removed before stays removed.
    pub fn remove(&self, names: &[String]) -> Result<(), BackupError> {
        if names.is_empty() {
            return Ok(());
        }
        let _held = self.hold()?;
        for name in names {
            let path = self.folder.join(name);
            let gone = self.folder.join(format!("{PARTIAL}{name}"));
            let failed = |error| BackupError::writing(&path, &error);
            fs::rename(&path, &gone).map_err(failed)?;
            sync_folder(&self.folder).map_err(failed)?;
            fs::remove_dir_all(&gone).map_err(failed)?;
        }
        Ok(())
    }

    fn hold(&self) -> Result<Held, BackupError> {
        let failed = |error| BackupError::writing(&self.folder, &error);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)
            .map_err(failed)?;
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.folder.join(".lock"))
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Held(lock)),
            Err(TryLockError::WouldBlock) => Err(BackupError::Locked {
                path: self.folder.clone(),
            }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

impl Making {
    pub(super) fn dump_path(&self) -> PathBuf {
        self.folder.join(DUMP)
    }

    /// The dump, empty, to be written.
    pub(super) fn dump(&self) -> Result<File, BackupError> {
        new_file(&self.dump_path()).map_err(|error| BackupError::writing(&self.folder, &error))
    }

    /// Puts the manifest beside the dump, sees that all is on the disk, and gives the backup its name.
    pub(super) fn finish(mut self, manifest: &Manifest) -> Result<Kept, BackupError> {
        let path = self.parent.join(&self.name);
        let failed = |error| BackupError::writing(&path, &error);
        write_json(&self.folder.join(MANIFEST), manifest).map_err(failed)?;
        sync_folder(&self.folder).map_err(failed)?;
        fs::rename(&self.folder, &path).map_err(failed)?;
        self.done = true;
        sync_folder(&self.parent).map_err(failed)?;
        Ok(Kept {
            name: self.name.clone(),
            manifest: Ok(manifest.clone()),
            verified_at: None,
            folder: path.clone(),
        })
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        if !self.done {
            // What cannot be removed now is removed by the next one.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

impl Kept {
    fn read(name: String, folder: PathBuf) -> Self {
        let manifest = read_manifest(&folder);
        let verified_at = manifest.as_ref().ok().and_then(|manifest| {
            let proof: Proof = serde_json::from_slice(&fs::read(folder.join(PROOF)).ok()?).ok()?;
            (proof.sha256 == manifest.sha256).then_some(proof.verified_at)
        });
        Self {
            name,
            manifest,
            verified_at,
            folder,
        }
    }

    /// The dump's file.
    pub(super) fn dump_path(&self) -> PathBuf {
        self.folder.join(DUMP)
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// It says nothing that can be used.
    pub fn manifest(&self) -> Result<&Manifest, BackupError> {
        let manifest = self.manifest.as_ref().map_err(|why| BackupError::Damaged {
            name: self.name.clone(),
            why: why.clone(),
        })?;
        if manifest.format > FORMAT || manifest.schema > crate::db::schema::version() {
            return Err(BackupError::Newer {
                name: self.name.clone(),
                program: manifest.program.clone(),
            });
        }
        Ok(manifest)
    }

    /// Reads the whole dump and compares its checksum; tells how far it has come.
    pub(super) fn check(&self, mut tell: impl FnMut(u64)) -> Result<(), BackupError> {
        let manifest = self.manifest()?;
        let path = self.dump_path();
        let failed = |error| BackupError::reading(&path, &error);
        let mut file = File::open(&path).map_err(failed)?;
        let (mut hash, mut read) = (Sha256::new(), 0);
        let mut buffer = vec![0; 256 << 10];
        loop {
            let count = file.read(&mut buffer).map_err(failed)?;
            if count == 0 {
                break;
            }
            hash.update(&buffer[..count]);
            read += count as u64;
            tell(read);
        }
        if hex(&hash.finalize()) == manifest.sha256 {
            Ok(())
        } else {
            Err(BackupError::Damaged {
                name: self.name.clone(),
                why: "the dump's checksum is not the one that was written down".to_owned(),
            })
        }
    }

    /// Writes down that it was restored and compared.
    pub(super) fn prove(&mut self, verified_at: DateTime<Utc>) -> Result<(), BackupError> {
        let proof = Proof {
            sha256: self.manifest()?.sha256.clone(),
            verified_at,
        };
        let (new, path) = (self.folder.join(".verified"), self.folder.join(PROOF));
        let failed = |error| BackupError::writing(&path, &error);
        match fs::remove_file(&new) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        write_json(&new, &proof).map_err(failed)?;
        fs::rename(&new, &path).map_err(failed)?;
        sync_folder(&self.folder).map_err(failed)?;
        self.verified_at = Some(verified_at);
        Ok(())
    }
}

/// The manifest, and whether the dump beside it has the size it tells. The dump's contents are another matter.
fn read_manifest(folder: &Path) -> Result<Manifest, String> {
    let mut text = Vec::new();
    File::open(folder.join(MANIFEST))
        .and_then(|file| file.take(LARGEST).read_to_end(&mut text))
        .map_err(|_| "its manifest cannot be read".to_owned())?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|_| "its manifest cannot be understood".to_owned())?;
    match fs::metadata(folder.join(DUMP)) {
        Ok(dump) if dump.len() == manifest.bytes => Ok(manifest),
        Ok(dump) => Err(format!(
            "its dump has {} bytes instead of {}",
            dump.len(),
            manifest.bytes
        )),
        Err(_) => Err("its dump is missing".to_owned()),
    }
}

fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

fn write_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(value).map_err(io::Error::other)?;
    text.push(b'\n');
    let mut file = new_file(path)?;
    file.write_all(&text)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Bytes as text.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
