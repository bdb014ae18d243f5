//! Finding the PostgreSQL server programs: in the folder that was named, else where the packages of the common systems
//! put them, else on `PATH`. What is found is asked for its version; nothing is inferred from a folder's name.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::account::Account;
use super::error::ClusterError;
use super::package;

/// Major versions that Pine Time works with.
pub(super) const SUPPORTED: std::ops::RangeInclusive<u32> = 15..=18;

/// The programs we start.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Where packages put a version's programs: a folder, the beginning of the name of what lies in it, and the way on.
const PLACES: [(&str, &str, &str); 13] = [
    ("/usr/lib/postgresql", "", "bin"),                      // Debian, Ubuntu
    ("/usr", "pgsql-", "bin"),                               // PGDG on Fedora and RHEL
    ("/usr/lib", "postgresql", "bin"),                       // openSUSE
    ("/usr/lib64", "postgresql", "bin"),                     // Gentoo
    ("/usr/libexec", "postgresql", ""),                      // Alpine
    ("/opt/homebrew/opt", "postgresql", "bin"),              // Homebrew, Apple silicon
    ("/usr/local/opt", "postgresql", "bin"),                 // Homebrew, Intel
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"), // Homebrew on Linux
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ("/opt/local/lib", "postgresql", "bin"), // MacPorts
    ("/usr/local", "pgsql", "bin"),          // built from source
    ("/opt", "postgresql", "bin"),
    ("/usr/lib", "psql", "bin"), // Void
];

/// The server programs of one installed version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Programs {
    /// The folder they are in.
    pub(super) dir: PathBuf,
    /// As the program says it, `15.18` or `18beta1`.
    pub(super) version: String,
    /// The first number of it.
    pub(super) major: u32,
}

impl Programs {
    /// The path of one of them.
    pub(super) fn path(&self, program: &str) -> PathBuf {
        self.dir.join(program)
    }
}

/// Everything installed here, newest first.
///
/// # Errors
/// `NoPrograms`, or `ProgramsIncomplete` when `bin_dir` was named and is not what it should be.
pub(super) async fn installed(
    bin_dir: Option<&Path>,
    account: &Account,
) -> Result<Vec<Programs>, ClusterError> {
    let folders = match bin_dir {
        Some(dir) => {
            if let Some(missing) = PROGRAMS.into_iter().find(|program| !dir.join(program).is_file()) {
                return Err(ClusterError::ProgramsIncomplete {
                    bin_dir: dir.to_path_buf(),
                    missing,
                });
            }
            vec![dir.to_path_buf()]
        }
        None => candidates(&PLACES, std::env::var_os("PATH").as_deref(), &PROGRAMS),
    };
    let mut found = Vec::new();
    for dir in folders {
        if let Some(programs) = ask_version(&dir, account).await {
            found.push(programs);
        } else if bin_dir.is_some() {
            return Err(ClusterError::ProgramsIncomplete {
                bin_dir: dir,
                missing: "postgres",
            });
        }
    }
    if found.is_empty() {
        return Err(ClusterError::NoPrograms {
            install: package::how_to_install(),
        });
    }
    // Stable: of equal versions the package's own place wins over PATH.
    found.sort_by_key(|programs| std::cmp::Reverse(numbers(&programs.version)));
    Ok(found)
}

/// The programs for new data: the newest version we support.
pub(super) fn newest(installed: &[Programs]) -> Result<&Programs, ClusterError> {
    installed
        .iter()
        .find(|it| SUPPORTED.contains(&it.major))
        .ok_or_else(|| match installed.first() {
            Some(newest) => ClusterError::UnsupportedVersion {
                found: newest.version.clone(),
                bin_dir: newest.dir.clone(),
                install: package::how_to_install(),
            },
            None => ClusterError::NoPrograms {
                install: package::how_to_install(),
            },
        })
}

/// The programs for data that the major version `made_by` made.
pub(super) fn matching<'a>(
    installed: &'a [Programs],
    made_by: &str,
    data_dir: &Path,
) -> Result<&'a Programs, ClusterError> {
    installed
        .iter()
        .find(|it| it.major.to_string() == made_by)
        .ok_or_else(|| ClusterError::OtherMajor {
            data_dir: data_dir.to_path_buf(),
            made_by: made_by.to_owned(),
            installed: installed
                .iter()
                .map(|it| it.version.clone())
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
                .join(", "),
        })
}

/// The folders that hold all of these programs, each once, packages first: in `bin_dir` when one is named, else in the
/// common places.
pub(super) fn folders_with(bin_dir: Option<&Path>, programs: &[&str]) -> Vec<PathBuf> {
    match bin_dir {
        Some(dir) if programs.iter().all(|program| dir.join(program).is_file()) => vec![dir.to_path_buf()],
        Some(_) => Vec::new(),
        None => candidates(&PLACES, std::env::var_os("PATH").as_deref(), programs),
    }
}

/// Folders that hold all programs, each once, packages first.
fn candidates(places: &[(&str, &str, &str)], path: Option<&OsStr>, programs: &[&str]) -> Vec<PathBuf> {
    let Some(first) = programs.first() else {
        return Vec::new();
    };
    let packaged = places.iter().flat_map(|(folder, prefix, rest)| {
        fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter(move |entry| entry.file_name().to_string_lossy().starts_with(prefix))
            .map(move |entry| entry.path().join(rest))
    });
    let on_path = path
        .into_iter()
        .flat_map(std::env::split_paths)
        .filter(|dir| dir.is_absolute());
    let mut seen = BTreeSet::new();
    packaged
        .chain(on_path)
        .filter(|dir| programs.iter().all(|program| dir.join(program).is_file()))
        // /usr/local/bin/postgres may be a link to one that was found already.
        .filter(|dir| fs::canonicalize(dir.join(first)).is_ok_and(|real| seen.insert(real)))
        .collect()
}

/// Asks `postgres --version`, as the user who will run it; `None` when it cannot be run.
async fn ask_version(dir: &Path, account: &Account) -> Option<Programs> {
    let said = account
        .command(&dir.join("postgres"), Path::new("/"))
        .arg("--version")
        .stdout(Stdio::piped())
        .output()
        .await
        .ok()?;
    let version = version_in(&String::from_utf8_lossy(&said.stdout))?;
    let major = *numbers(&version).first()?;
    Some(Programs {
        dir: dir.to_path_buf(),
        version,
        major,
    })
}

/// `15.18` out of `postgres (PostgreSQL) 15.18 (Debian 15.18-1)`.
fn version_in(said: &str) -> Option<String> {
    let version = said.split("(PostgreSQL)").nth(1)?.split_whitespace().next()?;
    version
        .starts_with(|c: char| c.is_ascii_digit())
        .then(|| version.to_owned())
}

/// The numbers of a version, for comparing: a beta (`18beta1`) sorts below the release (`18.0`).
fn numbers(version: &str) -> Vec<u32> {
    let (released, text) = match version.find(|c: char| c.is_ascii_alphabetic()) {
        Some(at) => (false, &version[..at]),
        None => (true, version),
    };
    let mut numbers: Vec<u32> = text.split('.').filter_map(|part| part.parse().ok()).collect();
    if released {
        numbers.resize(2, 0);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(version: &str) -> Programs {
        let major = numbers(version)[0];
        Programs {
            dir: PathBuf::from(format!("/opt/{version}")),
            version: version.to_owned(),
            major,
        }
    }

    #[test]
    fn versions_are_read_from_what_the_program_says() {
        for (said, version) in [
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n",
                Some("15.18"),
            ),
            ("postgres (PostgreSQL) 17.4\n", Some("17.4")),
            ("postgres (PostgreSQL) 18beta1\n", Some("18beta1")),
            ("postgres (EnterpriseThing) 1\n", None),
            ("", None),
        ] {
            assert_eq!(version_in(said).as_deref(), version, "{said}");
        }
    }

    #[test]
    fn newer_sorts_higher_and_a_beta_below_its_release() {
        let mut versions = vec!["9.6.24", "15.2", "15.18", "18beta1", "18.0", "17.4"];
        versions.sort_by_key(|version| numbers(version));
        assert_eq!(versions, ["9.6.24", "15.2", "15.18", "17.4", "18beta1", "18.0"]);
    }

    #[test]
    fn new_data_is_made_by_the_newest_supported_version() {
        let installed = ["19.0", "17.4", "15.18"].map(programs);
        assert_eq!(newest(&installed).map(|it| it.major).ok(), Some(17));
        let old = [programs("14.9")];
        let said = newest(&old)
            .map(|it| it.major)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(
            said.starts_with("PostgreSQL 14.9 in /opt/14.9 cannot be used, Pine Time needs 15 to 18."),
            "{said}"
        );
    }

    #[test]
    fn old_data_is_opened_by_its_own_version_or_not_at_all() {
        let installed = ["17.4", "15.18"].map(programs);
        let here = Path::new("/data");
        assert_eq!(
            matching(&installed, "15", here)
                .map(|it| it.version.as_str())
                .ok(),
            Some("15.18")
        );
        let said = matching(&installed, "16", here)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(
            said.contains("made by PostgreSQL 16, but only 15.18, 17.4 is installed here"),
            "{said}"
        );
    }
}
