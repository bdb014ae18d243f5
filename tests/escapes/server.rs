//! A database that answers every caller with an error of its own making: its words are text from outside like any other.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use nix::sys::signal::Signal;

use crate::corpus::{self, MARK};
use crate::support::terminal::{LIMIT, Terminal};

/// An `ErrorResponse` of the protocol, hostile in every field that has words.
fn refusal(code: &str, text: &str) -> Vec<u8> {
    let text = text.replace('\0', "");
    let fields = [
        ('S', "FATAL"),
        ('V', "FATAL"),
        ('C', code),
        ('M', &text),
        ('D', &text),
        ('H', &text),
        ('c', &text),
        ('n', &text),
        ('t', &text),
    ];
    let mut body = Vec::new();
    for (field, value) in fields {
        body.push(field as u8);
        body.extend(value.as_bytes());
        body.push(0);
    }
    body.push(0);
    let mut message = vec![b'E'];
    message.extend(u32::try_from(body.len() + 4).unwrap().to_be_bytes());
    message.extend(body);
    message
}

/// Every code that the data layer knows, and one that it does not.
const CODES: [&str; 20] = [
    "PT401", "PT403", "PT404", "PT409", "PT422", "23505", "22001", "42501", "28P01", "3D000", "42883",
    "40001", "57014", "53300", "57P01", "55000", "25006", "53100", "08006", "XX000",
];

#[test]
fn a_server_that_speaks_in_escapes_is_not_repeated() {
    for code in CODES {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!(
            "postgres://nobody@{}/none?sslmode=disable",
            server.local_addr().unwrap()
        );
        std::thread::spawn(move || {
            let texts = corpus::texts();
            for (caller, number) in server.incoming().zip(0..) {
                let mut caller = caller.unwrap();
                let mut start = [0; 1024];
                let _ = caller.read(&mut start);
                let _ = caller.write_all(&refusal(code, &texts[number % texts.len()].1));
            }
        });
        let terminal = Terminal::start(&[], &[("PINE_TIME_DATABASE_URL", &url)], (80, 24));
        terminal.wait_for_text("Password");
        terminal.type_text("ana");
        terminal.wait_for_text("ana");
        terminal.send(b"\t");
        terminal.type_text("secret");
        terminal.wait_for_text("\u{2022}\u{2022}\u{2022}");
        terminal.send(b"\r");
        terminal.wait_until("what came of it", |screen| {
            !screen.contains("Connecting")
                && (screen.contains("database") || screen.contains("session") || screen.contains(MARK))
        });
        let found = corpus::let_through(&terminal.raw_bytes());
        assert!(found.is_empty(), "{code}: {found:#?}");
        terminal.signal(Signal::SIGTERM);
        terminal.wait_exit(LIMIT);

        let output = std::process::Command::new(env!("CARGO_BIN_EXE_pine-time"))
            .args(["events", "list"])
            .env_clear()
            .env("HOME", terminal.home())
            .env("PINE_TIME_DATABASE_URL", &url)
            .output()
            .unwrap();
        assert!(!output.status.success(), "{code}");
        for said in [&output.stdout, &output.stderr] {
            let found = corpus::let_through(said);
            assert!(found.is_empty(), "{code}: {found:#?}");
        }
    }
}
