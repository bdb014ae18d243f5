//! Files, variables and lines of input that bring text of any bytes.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::corpus;
use crate::support::cluster::Role;
use crate::support::world::World;

const NO_DATABASE: (&str, &str) = ("PINE_TIME_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");

/// The whole corpus as bytes, with names.
fn everything() -> Vec<(String, Vec<u8>)> {
    let texts = corpus::texts()
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()));
    let bytes = corpus::bytes()
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes));
    texts.chain(bytes).collect()
}

fn program(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pine-time"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env(NO_DATABASE.0, NO_DATABASE.1)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[track_caller]
fn assert_clean(output: &Output, what: &str) {
    for said in [&output.stdout, &output.stderr] {
        let found = corpus::let_through(said);
        assert!(found.is_empty(), "{what}: {found:#?}\nin {}", said.escape_ascii());
    }
}

/// A text as a TOML string has it: escaped where it must be, and as it is where it need not.
fn toml(bytes: &[u8]) -> Vec<u8> {
    let mut out = b"\"".to_vec();
    for byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', *byte]),
            0..0x20 | 0x7f => out.extend(format!("\\u{byte:04x}").bytes()),
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
    out
}

#[test]
fn a_settings_file_is_quoted_harmlessly() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    let config = ["config", "check", "--config", file.to_str().unwrap()];
    for (name, bytes) in everything() {
        let value = toml(&bytes);
        let files = [
            // A value that is taken, one of a wrong kind, an unknown key, an unknown section, and no TOML at all.
            [b"[terminal]\nname = ".as_slice(), &value].concat(),
            [b"[terminal]\nmouse = ".as_slice(), &value].concat(),
            [b"[theme]\nname = ".as_slice(), &value].concat(),
            [b"[database]\nurl = ".as_slice(), &value].concat(),
            [b"[backup]\ndir = ".as_slice(), &value].concat(),
            [b"[terminal]\n".as_slice(), &value, b" = 1"].concat(),
            [b"[".as_slice(), &value, b"]\nname = 1"].concat(),
            bytes.clone(),
            [b"[terminal]\nname = ".as_slice(), &bytes].concat(),
            [b"# ".as_slice(), &bytes].concat(),
        ];
        for (number, text) in files.iter().enumerate() {
            fs::write(&file, text).unwrap();
            let output = program(home.path(), &config).output().unwrap();
            assert_clean(&output, &format!("{name}, file {number}"));
            let told = !output.stdout.is_empty() || !output.stderr.is_empty();
            assert!(told, "{name}, file {number}: it says something");
        }
    }
}

#[test]
fn variables_arguments_and_paths_are_quoted_harmlessly() {
    let home = tempfile::tempdir().unwrap();
    for (name, bytes) in everything() {
        if bytes.contains(&0) {
            // The system gives no program such a word.
            continue;
        }
        let word = OsStr::from_bytes(&bytes);
        for variable in [
            "PINE_TIME_TERMINAL_NAME",
            "PINE_TIME_THEME_NAME",
            "PINE_TIME_DATABASE_URL",
            "PINE_TIME_BACKUP_DIR",
            "PINE_TIME_CLUSTER_DATA_DIR",
        ] {
            for arguments in [&["config", "check"][..], &["config", "path"], &["backup", "list"]] {
                let output = program(home.path(), arguments)
                    .env(variable, word)
                    .output()
                    .unwrap();
                assert_clean(&output, &format!("{name} in {variable}, {arguments:?}"));
            }
        }
        for arguments in [
            &["--config"][..],
            &["--database-url"],
            &["config", "check", "--config"],
            &["events", "show"],
            &["completions"],
            &["backup", "verify"],
            &["check-in", "--event"],
            &["events", "export", "--ics"],
            &[],
        ] {
            let output = program(home.path(), arguments).arg(word).output().unwrap();
            assert!(!output.status.success(), "{name} behind {arguments:?}");
            assert_clean(&output, &format!("{name} behind {arguments:?}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_a_scanner_brings_are_answered_harmlessly() {
    let world = World::new().await;
    let event = world.event(0, None).await.0.to_string();
    let home = tempfile::tempdir().unwrap();
    let mut lines = Vec::new();
    for (_, bytes) in everything() {
        lines.extend(bytes);
        lines.push(b'\n');
    }
    for arguments in [
        &["check-in", "--event", &event][..],
        &["check-in", "--event", &event, "--json"],
        &["check-in", "--event", &event, "--careful"],
        &["check-in", "--event", &event, "--undo"],
    ] {
        let mut child = program(home.path(), arguments)
            .env("PINE_TIME_DATABASE_URL", world.database.url(Role::Owner))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let lines = lines.clone();
        let writer = std::thread::spawn(move || stdin.write_all(&lines));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert_clean(&output, &format!("{arguments:?}"));
        let answers = output.stdout.split(|byte| *byte == b'\n').count();
        assert!(answers > everything().len() / 2, "{answers} answers: {output:?}");
    }
}

#[test]
fn a_backups_manifest_and_a_kiosks_file_are_told_harmlessly() {
    let home = tempfile::tempdir().unwrap();
    let backups = home.path().join("backups");
    for (number, (name, bytes)) in everything().into_iter().enumerate() {
        let folder = backups.join(format!("pine_time-2026-11-23T15{number:04}Z"));
        fs::create_dir_all(&folder).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let manifest = serde_json::json!({
            "format": 1, "made_at": "2026-11-23T15:00:01Z", "place": text, "program": text, "schema": 1, "api": text,
            "server": text, "pg_dump": text, "collate": text, "ctype": text, "bytes": 1, "sha256": text,
            "facts": {"tables": {}, "sequences": {}},
        });
        fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
        for arguments in [
            &["backup", "list"][..],
            &["backup", "list", "--json"],
            &["doctor"],
        ] {
            let output = program(home.path(), arguments)
                .env("PINE_TIME_BACKUP_DIR", &backups)
                .output()
                .unwrap();
            assert_clean(&output, &format!("{name}, {arguments:?}"));
        }
        fs::write(folder.join("manifest.json"), &bytes).unwrap();
        let output = program(home.path(), &["backup", "list"])
            .env("PINE_TIME_BACKUP_DIR", &backups)
            .output()
            .unwrap();
        assert_clean(&output, &format!("{name} as a manifest"));
    }
}
