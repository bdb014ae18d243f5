//! Where a command gets a password: the first line of standard input, the variable `PINE_TIME_PASSWORD`, or a prompt
//! on the terminal. Never an argument, which every user of the machine could read.

use std::io::{self, BufRead, Read};

use zeroize::Zeroizing;

use crate::domain::{Secret, password};

use super::environment;
use super::error::{CliError, reason};
use super::tty::{NoAnswer, QuietTty};

/// Bytes a password has at most; more is a file sent by mistake.
pub const LONGEST_BYTES: usize = 1000;

/// The variable that holds a password for commands that run unattended.
pub const VARIABLE: &str = "PINE_TIME_PASSWORD";

/// The flag of commands that need a password.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct PasswordArgs {
    /// Read the password from the first line of standard input; without it, from `PINE_TIME_PASSWORD`, else a
    /// prompt asks for it.
    #[arg(long)]
    pub password_stdin: bool,
}

/// A password that exists: to sign in.
///
/// # Errors
/// No password, one that is empty or too long, or nowhere to ask for it.
pub fn existing(args: PasswordArgs, prompt: &str) -> Result<Secret, CliError> {
    match given(args, true)? {
        Some(password) => Ok(password),
        None => answered(QuietTty::open().and_then(|mut tty| tty.ask(prompt, LONGEST_BYTES))),
    }
}

/// A password to be, of somebody with this name: one that will do, and asked for twice when it is typed. The variable is
/// left alone when it holds the password of whoever acts.
///
/// # Errors
/// As [`existing`], or too short, or typed differently the second time.
pub fn new(
    args: PasswordArgs,
    variable_is_taken: bool,
    prompt: &str,
    name: &str,
) -> Result<Secret, CliError> {
    if let Some(password) = given(args, !variable_is_taken)? {
        check_new(&password, name)?;
        return Ok(password);
    }
    // Quiet from before the first question until after the second.
    let mut tty = QuietTty::open().map_err(unanswered)?;
    let password = answered(tty.ask(prompt, LONGEST_BYTES))?;
    check_new(&password, name)?;
    if answered(tty.ask("Once more: ", LONGEST_BYTES))? != password {
        return Err(CliError::failed("The two passwords differ; nothing was changed."));
    }
    Ok(password)
}

fn given(args: PasswordArgs, use_variable: bool) -> Result<Option<Secret>, CliError> {
    if args.password_stdin {
        return first_line(&mut io::stdin().lock()).map(Some);
    }
    match environment(VARIABLE).filter(|_| use_variable) {
        Some(password) if password.contains(char::REPLACEMENT_CHARACTER) => {
            Err(CliError::failed(format!("{VARIABLE} is not UTF-8 text.")))
        }
        Some(password) if !password.is_empty() => check_length(Secret::new(password)).map(Some),
        _ => Ok(None),
    }
}

/// The first line without its end; the rest stays unread.
fn first_line(input: &mut impl BufRead) -> Result<Secret, CliError> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_BYTES + 2));
    input
        .take(LONGEST_BYTES as u64 + 2)
        .read_until(b'\n', &mut line)
        .map_err(|error| {
            CliError::failed(format!(
                "The password cannot be read from standard input: {}.",
                reason(&error)
            ))
        })?;
    let text = line.strip_suffix(b"\n").unwrap_or(&line);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let text = std::str::from_utf8(text)
        .map_err(|_| CliError::failed("The password on standard input is not UTF-8 text."))?;
    if text.is_empty() {
        return Err(CliError::failed(
            "Standard input holds no password on its first line.",
        ));
    }
    check_length(Secret::new(text.to_owned()))
}

fn unanswered(why: NoAnswer) -> CliError {
    match why {
        NoAnswer::Interrupted => CliError::Interrupted,
        NoAnswer::TooLong => too_long(),
        NoAnswer::NotText => CliError::failed("What was typed is not UTF-8 text."),
        NoAnswer::NoTerminal(error) => {
            tracing::info!(%error, "no terminal to ask on");
            CliError::failed(format!(
                "There is no terminal to ask for the password; use --password-stdin or {VARIABLE}."
            ))
        }
    }
}

fn answered(answer: Result<Secret, NoAnswer>) -> Result<Secret, CliError> {
    let password = answer.map_err(unanswered)?;
    if password.is_empty() {
        return Err(CliError::failed("No password was typed."));
    }
    Ok(password)
}

fn check_length(password: Secret) -> Result<Secret, CliError> {
    if password.reveal().len() > LONGEST_BYTES {
        return Err(too_long());
    }
    Ok(password)
}

fn too_long() -> CliError {
    CliError::failed(format!("The password is longer than {LONGEST_BYTES} bytes."))
}

fn check_new(password: &Secret, name: &str) -> Result<(), CliError> {
    password::check(password.reveal(), password::LEAST, &[name])
        .map_err(|weak| CliError::failed(weak.to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_first_line_is_the_password() {
        let read =
            |bytes: &[u8]| first_line(&mut io::Cursor::new(bytes)).map(|secret| secret.reveal().to_owned());
        assert_eq!(read(b"correct horse\n").unwrap(), "correct horse");
        assert_eq!(read(b"correct horse\r\nnext\n").unwrap(), "correct horse");
        assert_eq!(read(b" spaces stay ").unwrap(), " spaces stay ");
        assert_eq!(read("ñandú\n".as_bytes()).unwrap(), "ñandú");
        assert_eq!(read(&[b'x'; LONGEST_BYTES]).unwrap().len(), LONGEST_BYTES);
        for wrong in [
            &b""[..],
            b"\n",
            b"\xff\n",
            &[b'x'; LONGEST_BYTES + 1],
            &[b'x'; 5000],
        ] {
            assert!(read(wrong).is_err(), "{} bytes", wrong.len());
        }
    }

    #[test]
    fn the_rest_of_the_input_stays() {
        let mut input = io::Cursor::new(b"password\nfirst code\n");
        first_line(&mut input).unwrap();
        let mut rest = String::new();
        input.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "first code\n");
    }

    #[test]
    fn a_new_password_is_judged_by_letters_and_beside_the_name() {
        let check = |text: &str| check_new(&Secret::new(text.to_owned()), "marisol");
        assert!(check("señor búho!").is_err());
        assert!(check("señor búho 2").is_ok());
        assert!(check("marisol.2026").is_err());
    }
}
