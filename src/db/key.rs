//! Passwords into keys: argon2id on this side of the wire, so that the database never sees a password and never
//! gives its hash away (server relief). Costs that the server names are bounded before a single pass is made. bcrypt is
//! for what an older database kept; it makes no new passwords.

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
/// OWASP's minimum for bcrypt, and what a terminal can be asked for: a second or two.
const ROUNDS: std::ops::RangeInclusive<u32> = 10..=15;
/// bcrypt looks at no more, and at the NUL that ends what is shorter.
const BCRYPT_BYTES: usize = 72;
/// Bytes of its output that are kept.
const BCRYPT_KEPT: usize = 23;

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
    #[serde(default)]
    rounds: u32,
    salt: String,
}

/// What today's passwords are kept as.
const ARGON2ID: &str = "argon2id-sha256";
/// What an older database's are kept as until somebody signs in with them.
const BCRYPT: &str = "bcrypt-sha256";

impl Challenge {
    /// Whether the password is to be kept otherwise from now on.
    pub(super) fn is_outdated(&self) -> bool {
        self.algorithm == BCRYPT
    }
}

/// How the letters of a password are written while it becomes a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    /// As they came from the keyboard.
    Typed,
    /// Composed (NFC), as today's passwords are.
    Composed,
}

/// The ways to try a password: what was kept before it was composed may have been typed either way.
pub(super) fn ways(challenge: &Challenge, password: &Secret) -> &'static [Letters] {
    let same = unicode_normalization::is_nfc(password.reveal());
    if challenge.is_outdated() && !same {
        &[Letters::Typed, Letters::Composed]
    } else {
        &[Letters::Composed]
    }
}

/// The key that proves a password to the database. Blocking, about a tenth of a second, and more for bcrypt.
pub(super) fn derive(
    challenge: &Challenge,
    password: &Secret,
    letters: Letters,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let refused = |why: &str| Fault::Version(SafeText::line(why));
    let too_much = "The database asks for a password cost outside the safe bounds; nothing was sent to it.";
    let salt = from_hex(&challenge.salt).ok_or(Fault::Internal)?;
    match challenge.algorithm.as_str() {
        ARGON2ID => {}
        BCRYPT if ROUNDS.contains(&challenge.rounds) => {
            return bcrypt_key(password, letters, &salt, challenge.rounds);
        }
        BCRYPT => return Err(refused(too_much)),
        _ => {
            return Err(refused(
                "The database asks for a password form this program does not know. Upgrade Pine Time.",
            ));
        }
    }
    let (m, t, p) = (challenge.memory_kib, challenge.passes, challenge.lanes);
    if !is_acceptable(m, t, p) {
        return Err(refused(too_much));
    }
    argon2id(password, &salt, (m, t, p)).map_err(|_| Fault::Internal)
}

/// The stored form of a new password: `$argon2id-sha256$v=19$m=65536,t=3,p=1$salt$hash`, where the hash is the
/// SHA-256 of the key. Whether it will do is [`crate::domain::password`]'s matter. Blocking.
///
/// # Errors
/// The machine has nothing to spare.
pub(super) fn hash_password(password: &Secret) -> Result<String, NoMachine> {
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

/// The same slow key, for what never leaves this process. Blocking.
pub(super) fn slow_key(secret: &Secret, salt: &[u8]) -> Result<Zeroizing<Vec<u8>>, NoMachine> {
    argon2id(secret, salt, COST).map_err(|_| NoMachine)
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

fn bcrypt_key(
    password: &Secret,
    letters: Letters,
    salt: &[u8],
    rounds: u32,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let salt: [u8; 16] = salt.try_into().map_err(|_| Fault::Internal)?;
    let text = Zeroizing::new(match letters {
        Letters::Typed => password.reveal().to_owned(),
        Letters::Composed => password.reveal().nfc().collect::<String>(),
    });
    let mut bytes = Zeroizing::new([0_u8; BCRYPT_BYTES]);
    let long = text.len().min(BCRYPT_BYTES);
    bytes[..long].copy_from_slice(&text.as_bytes()[..long]);
    let used = (long + 1).min(BCRYPT_BYTES);
    let made = Zeroizing::new(bcrypt::bcrypt(rounds, salt, &bytes[..used]));
    Ok(Zeroizing::new(made[..BCRYPT_KEPT].to_vec()))
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

    fn challenge(algorithm: &str, memory_kib: u32, rounds: u32) -> Challenge {
        Challenge {
            algorithm: algorithm.to_owned(),
            memory_kib,
            passes: 3,
            lanes: 1,
            rounds,
            salt: "144b3d691a7b4ecf39cf735c7fa7a79c".to_owned(),
        }
    }

    #[test]
    fn nothing_is_derived_for_a_cost_outside_the_bounds_or_a_form_that_is_not_known() {
        let password = Secret::new("correct horse battery".to_owned());
        for (challenge, word) in [
            (challenge(ARGON2ID, 8, 0), "safe bounds"),
            (challenge(ARGON2ID, 1 << 30, 0), "safe bounds"),
            (challenge(BCRYPT, 0, 4), "safe bounds"),
            (challenge(BCRYPT, 0, 16), "safe bounds"),
            (challenge(BCRYPT, 0, 31), "safe bounds"),
            (challenge("plain", 65_536, 12), "Upgrade Pine Time"),
        ] {
            let refused = derive(&challenge, &password, Letters::Composed);
            assert!(
                matches!(&refused, Err(Fault::Version(why)) if why.as_str().contains(word)),
                "{challenge:?}"
            );
        }
    }

    #[test]
    fn bcrypt_makes_what_others_make_of_the_same_password() {
        // `$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.`, of jBCrypt's vectors: the empty password.
        let salt = from_hex("144b3d691a7b4ecf39cf735c7fa7a79c");
        let key =
            salt.and_then(|salt| bcrypt_key(&Secret::new(String::new()), Letters::Typed, &salt, 6).ok());
        let alphabet = base64::alphabet::BCRYPT;
        let engine = base64::engine::GeneralPurpose::new(&alphabet, base64::engine::general_purpose::NO_PAD);
        assert_eq!(
            key.map(|key| engine.encode(&*key)).as_deref(),
            Some("TV4S6ytwfsfvkgY8jIucDrjc8deX1s.")
        );
    }

    #[test]
    fn only_an_older_password_is_tried_in_both_ways() {
        let both = Secret::new("Nin\u{303}o".to_owned());
        let one = Secret::new("Ni\u{f1}o".to_owned());
        assert_eq!(
            ways(&challenge(BCRYPT, 0, 12), &both),
            [Letters::Typed, Letters::Composed]
        );
        assert_eq!(ways(&challenge(BCRYPT, 0, 12), &one), [Letters::Composed]);
        assert_eq!(ways(&challenge(ARGON2ID, 65_536, 0), &both), [Letters::Composed]);
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
