//! Files that a person asked for: written into their home directory, never over another one.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Most names that are tried for one file.
const TRIES: u32 = 1000;

/// Writes a file into the home directory, or the current one where there is none; answers its path, or a sentence.
pub(super) fn write(name: &str, text: &str) -> Result<PathBuf, String> {
    let folder =
        directories::UserDirs::new().map_or_else(|| PathBuf::from("."), |dirs| dirs.home_dir().into());
    write_into(&folder, name, text)
}

fn write_into(folder: &Path, name: &str, text: &str) -> Result<PathBuf, String> {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
    for number in 1..=TRIES {
        let path = folder.join(if number == 1 {
            name.to_owned()
        } else {
            format!("{stem}-{number}.{ending}")
        });
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        return match options.open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            Err(error) => Err(format!("{} cannot be written: {error}.", path.display())),
            Ok(mut file) => match file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
                Ok(()) => Ok(path),
                Err(error) => {
                    // Half a file looks like a whole one.
                    let _ = std::fs::remove_file(&path);
                    Err(format!("{} cannot be written: {error}.", path.display()))
                }
            },
        };
    }
    Err(format!(
        "There are {TRIES} files called {stem} in {} already.",
        folder.display()
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::write_into;

    #[test]
    fn a_file_never_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let first = write_into(folder.path(), "door.csv", "one").unwrap();
        let second = write_into(folder.path(), "door.csv", "two").unwrap();
        assert_eq!(first, folder.path().join("door.csv"));
        assert_eq!(second, folder.path().join("door-2.csv"));
        assert_eq!(std::fs::read_to_string(first).unwrap(), "one");
        assert_eq!(std::fs::read_to_string(second).unwrap(), "two");
        let nowhere = folder.path().join("nowhere");
        assert!(
            write_into(&nowhere, "door.csv", "x")
                .unwrap_err()
                .contains("cannot be written")
        );
    }
}
