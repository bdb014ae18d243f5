//! Questions whose answers must not be seen, asked on the controlling terminal, whatever standard input is. The
//! terminal stops echoing before the question is there: with rpassword's prompt, which is written first, a fast
//! hand's first letters stay on the screen.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};

use nix::sys::termios::{self, LocalFlags, SetArg, SpecialCharacterIndices, Termios};
use zeroize::Zeroizing;

use crate::domain::Secret;

const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;
const BACKSPACE: u8 = 8;
const CTRL_U: u8 = 21;
const DELETE: u8 = 127;

/// The terminal, quiet until this is dropped.
pub(super) struct QuietTty {
    tty: File,
    before: Termios,
}

/// How a question ended without an answer.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// Ctrl+C.
    Interrupted,
    /// The answer is longer than was allowed.
    TooLong,
    /// What was typed is no UTF-8.
    NotText,
    /// There is no terminal, or it has gone.
    NoTerminal(io::Error),
}

impl QuietTty {
    /// Opens the terminal and stops its echo. What was typed before is dropped: it was no answer.
    pub(super) fn open() -> Result<Self, NoAnswer> {
        let tty = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        let before = termios::tcgetattr(&tty).map_err(io::Error::from)?;
        let mut quiet = before.clone();
        quiet.local_flags &= !(LocalFlags::ECHO | LocalFlags::ECHONL | LocalFlags::ICANON | LocalFlags::ISIG);
        quiet.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
        quiet.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        termios::tcsetattr(&tty, SetArg::TCSAFLUSH, &quiet).map_err(io::Error::from)?;
        Ok(Self { tty, before })
    }

    /// Asks one question and reads its answer, of at most so many bytes.
    pub(super) fn ask(&mut self, question: &str, most: usize) -> Result<Secret, NoAnswer> {
        self.tty.write_all(question.as_bytes())?;
        let answer = read_line(&mut self.tty, most);
        // Enter was not echoed either.
        self.tty.write_all(b"\n")?;
        answer
    }
}

impl Drop for QuietTty {
    fn drop(&mut self) {
        let _ = termios::tcsetattr(&self.tty, SetArg::TCSADRAIN, &self.before);
    }
}

impl From<io::Error> for NoAnswer {
    fn from(error: io::Error) -> Self {
        Self::NoTerminal(error)
    }
}

/// A line as it is typed, one byte at a time, with the usual ways to take something back.
fn read_line(input: &mut impl Read, most: usize) -> Result<Secret, NoAnswer> {
    // Never grows beyond this, so no copy of a part of it is left behind in memory.
    let mut line = Zeroizing::new(Vec::with_capacity(most + 1));
    loop {
        let mut byte = Zeroizing::new([0_u8]);
        match input.read(byte.as_mut_slice()) {
            Ok(0) => return Err(NoAnswer::NoTerminal(io::ErrorKind::UnexpectedEof.into())),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        }
        match byte[0] {
            b'\n' | b'\r' => break,
            CTRL_D if line.is_empty() => break,
            CTRL_C => return Err(NoAnswer::Interrupted),
            CTRL_U => line.clear(),
            BACKSPACE | DELETE => {
                // A whole character: its first byte and what continues it (10xxxxxx).
                while line.pop().is_some_and(|last| last & 0b1100_0000 == 0b1000_0000) {}
            }
            control if control.is_ascii_control() => {}
            byte if line.len() <= most => line.push(byte),
            _ => {}
        }
    }
    if line.len() > most {
        return Err(NoAnswer::TooLong);
    }
    let text = std::str::from_utf8(&line).map_err(|_| NoAnswer::NotText)?;
    Ok(Secret::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(typed: &[u8]) -> Result<String, NoAnswer> {
        read_line(&mut io::Cursor::new(typed), 20).map(|answer| answer.reveal().to_owned())
    }

    #[test]
    fn a_line_is_what_stands_when_enter_is_pressed() {
        assert_eq!(read(b"secret\rrest").unwrap(), "secret");
        assert_eq!(read("ñandú\u{7f}\u{7f}o\n".as_bytes()).unwrap(), "ñano");
        assert_eq!(read("山\u{8}\u{8}\u{8}a\n".as_bytes()).unwrap(), "a");
        assert_eq!(read(b"wrong\x15right\n").unwrap(), "right");
        assert_eq!(read(b"tab\there\x1a\x1b\n").unwrap(), "tabhere");
        assert_eq!(read(b"\x04").unwrap(), "");
        assert_eq!(read(b"12345678901234567890\n").unwrap().len(), 20);
    }

    #[test]
    fn no_line_is_no_answer() {
        assert!(matches!(read(b"sec\x03ret\n"), Err(NoAnswer::Interrupted)));
        assert!(matches!(read(b"123456789012345678901\n"), Err(NoAnswer::TooLong)));
        assert!(matches!(read(&[b'x'; 5000]), Err(NoAnswer::NoTerminal(_))));
        assert!(matches!(read(b"caf\xe9\n"), Err(NoAnswer::NotText)));
        assert!(matches!(read(b"secret"), Err(NoAnswer::NoTerminal(_))));
    }
}
