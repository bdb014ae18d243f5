//! Passwords into keys: argon2id on this side of the wire, so that the database never sees a password and never
//! gives its hash away (server relief). Costs that the server names are bounded before a single pass is made.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::domain::{Fault, SafeText, Secret};

/// Cost of new hashes: 64 MiB, three passes, one lane.
const COST: (u32, u32, u32) = (65_536, 3, 1);
const KEY_BYTES: usize = 32;

/// The machine has no memory or no randomness to spare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("The password could not be prepared on this machine.")]
pub struct NoMachine;

/// What the database says of a name's credential: how to derive the key from the password.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Challenge {
    algorithm: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
}

/// The key that proves a password to the database. Blocking, about a tenth of a second.
pub(super) fn derive(challenge: &Challenge, password: &Secret) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let refused = |why: &str| Fault::Version(SafeText::line(why));
    if challenge.algorithm != "argon2id-sha256" {
        return Err(refused(
            "The database asks for a password form this program does not know. Upgrade Pine Time.",
        ));
    }
    let (m, t, p) = (challenge.memory_kib, challenge.passes, challenge.lanes);
    if !is_acceptable(m, t, p) {
        return Err(refused(
            "The database asks for a password cost outside the safe bounds; nothing was sent to it.",
        ));
    }
    let salt = from_hex(&challenge.salt).ok_or(Fault::Internal)?;
    argon2id(password, &salt, (m, t, p)).map_err(|_| Fault::Internal)
}

/// The stored form of a new password: `$argon2id-sha256$v=19$m=65536,t=3,p=1$salt$hash`, where the hash is the
/// SHA-256 of the key. Whether it will do is [`crate::domain::password`]'s matter. Blocking.
///
/// # Errors
/// The machine has nothing to spare.
pub fn hash_password(password: &Secret) -> Result<String, NoMachine> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|_| NoMachine)?;
    let key = argon2id(password, &salt, COST).map_err(|_| NoMachine)?;
    let (m, t, p) = COST;
    Ok(format!(
        "$argon2id-sha256$v=19$m={m},t={t},p={p}${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(Sha256::digest(&*key))
    ))
}

/// Between OWASP's minimum for argon2id (Password Storage Cheat Sheet) and what a terminal can be asked for:
/// 256 MiB, six passes, four lanes.
fn is_acceptable(memory_kib: u32, passes: u32, lanes: u32) -> bool {
    let least = match passes {
        1 => 47_104,
        2 => 19_456,
        3 => 12_288,
        4 => 9_216,
        5..=6 => 7_168,
        _ => return false,
    };
    (least..=262_144).contains(&memory_kib) && (1..=4).contains(&lanes)
}

fn argon2id(
    password: &Secret,
    salt: &[u8],
    (m, t, p): (u32, u32, u32),
) -> Result<Zeroizing<Vec<u8>>, argon2::Error> {
    // The same letters are the same password, however the keyboard composed them.
    let normal = Zeroizing::new(password.reveal().nfc().collect::<String>());
    let mut key = Zeroizing::new(vec![0; KEY_BYTES]);
    let params = Params::new(m, t, p, Some(KEY_BYTES))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
        normal.as_bytes(),
        salt,
        &mut key,
    )?;
    Ok(key)
}

/// Lower-case hexadecimal.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Reads lower- or upper-case hexadecimal.
pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| {
            std::str::from_utf8(pair)
                .ok()
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_outside_the_bounds_are_refused() {
        for (m, t, p, fine) in [
            (65_536, 3, 1, true),
            (19_456, 2, 1, true),
            (262_144, 6, 4, true),
            (19_455, 2, 1, false),
            (8, 1, 1, false),
            (262_145, 3, 1, false),
            (65_536, 7, 1, false),
            (65_536, 0, 1, false),
            (65_536, 3, 5, false),
        ] {
            assert_eq!(is_acceptable(m, t, p), fine, "m={m} t={t} p={p}");
        }
    }

    #[test]
    fn composed_and_decomposed_letters_give_the_same_key() {
        let key = |text: &str| argon2id(&Secret::new(text.to_owned()), b"0123456789abcdef", (12_288, 3, 1));
        assert_eq!(key("Ni\u{f1}o").ok(), key("Nin\u{303}o").ok());
        assert_ne!(key("Ni\u{f1}o").ok(), key("Nino").ok());
    }

    #[test]
    fn hexadecimal_is_read_or_refused() {
        assert_eq!(from_hex("00fFa1"), Some(vec![0, 255, 161]));
        assert_eq!(from_hex("0"), None);
        assert_eq!(from_hex("zz"), None);
    }
}
