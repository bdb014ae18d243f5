//! What a new password has to be: long enough, not among those that are tried first, not the name again. No rules of
//! composition (NIST SP 800-63B, 5.1.1.2). How it becomes a key is the data layer's matter.

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

/// Fewest characters of a new password, unless the community asks for more or fewer.
pub const LEAST: usize = 12;
/// Most characters of a password.
pub const MOST: usize = 128;
/// So many characters of it must be something else than the name.
const BESIDES_NAMES: usize = 8;
/// Shorter parts of a name are in many words.
const SHORTEST_NAME: usize = 3;

/// Why a new password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WeakPassword {
    /// Too short; so many characters are asked for.
    #[error("A password has at least {0} characters.")]
    TooShort(usize),
    /// Longer than [`MOST`].
    #[error("A password has at most {MOST} characters.")]
    TooLong,
    /// Among those that are tried first.
    #[error("That is among the passwords that are tried first. Add a word or two.")]
    Common,
    /// The name, and not much besides.
    #[error("That is too much like the name. Take words that nobody would connect with it.")]
    LikeName,
}

/// How hard a password is to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Guessed at once.
    Weak,
    /// Guessed by somebody who wants to.
    Fair,
    /// Holds.
    Good,
    /// Holds for long.
    Strong,
}

impl Strength {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Weak => "easy to guess",
            Self::Fair => "fair",
            Self::Good => "good",
            Self::Strong => "strong",
        }
    }

    /// Of four steps.
    pub fn steps(self) -> u8 {
        self as u8 + 1
    }
}

/// How hard a password is to guess for somebody who knows these names.
pub fn strength(password: &str, names: &[&str]) -> Strength {
    match zxcvbn(password, names).score() {
        Score::Zero | Score::One => Strength::Weak,
        Score::Two => Strength::Fair,
        Score::Three => Strength::Good,
        _ => Strength::Strong,
    }
}

/// Whether a password will do for somebody with these names (user name, full name, e-mail address), where so many
/// characters are asked for.
///
/// # Errors
/// What is wrong with it.
pub fn check(password: &str, least: usize, names: &[&str]) -> Result<(), WeakPassword> {
    let normal: Zeroizing<String> = Zeroizing::new(password.nfc().collect());
    let length = normal.chars().count();
    if length < least {
        return Err(WeakPassword::TooShort(least));
    } else if length > MOST {
        return Err(WeakPassword::TooLong);
    }
    let mut left = Zeroizing::new(normal.to_lowercase());
    let parts = names
        .iter()
        .flat_map(|name| name.split(|letter: char| !letter.is_alphanumeric()))
        .map(str::to_lowercase)
        .filter(|part| part.chars().count() >= SHORTEST_NAME);
    let before = left.chars().count();
    for part in parts {
        *left = left.replace(&part, "");
    }
    let now = left.chars().count();
    if now < before && now < BESIDES_NAMES {
        return Err(WeakPassword::LikeName);
    } else if strength(&normal, names) == Strength::Weak {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["ana_r", "Ana Reyes", "ana@example.org"];

    #[test]
    fn length_counts_letters_as_people_see_them() {
        assert_eq!(check("elevenchars", 12, &[]), Err(WeakPassword::TooShort(12)));
        assert_eq!(check("moss otter quay", 16, &[]), Err(WeakPassword::TooShort(16)));
        assert_eq!(check(&"x".repeat(129), 12, &[]), Err(WeakPassword::TooLong));
        // Twelve letters, each of two code points until composed.
        assert_eq!(
            check(&"e\u{301}".repeat(12), 13, &[]),
            Err(WeakPassword::TooShort(13))
        );
        assert_eq!(check("пароль-на-зиму", 12, &[]), Ok(()));
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for common in [
            "passwordpassword",
            "123456789012",
            "qwertyuiop[]",
            "aaaaaaaaaaaaaaaa",
            "password12345",
        ] {
            assert_eq!(check(common, 12, &[]), Err(WeakPassword::Common), "{common}");
        }
        for fine in [
            "correct horse battery",
            "moss otter quay 7",
            "tr0mb0ne-quartz-lamp",
        ] {
            assert_eq!(check(fine, 12, &[]), Ok(()), "{fine}");
        }
    }

    #[test]
    fn the_name_again_is_refused_with_ornaments_too() {
        for like in ["AnaReyesAna1!", "reyes.ana.2026", "example.org ana"] {
            assert_eq!(check(like, 12, NAMES), Err(WeakPassword::LikeName), "{like}");
        }
        assert_eq!(check("ana likes wet moss", 12, NAMES), Ok(()));
    }

    #[test]
    fn strength_grows_with_what_is_added() {
        let steps: Vec<u8> = [
            "password1234",
            "moss otter",
            "moss otter quay 7",
            "moss otter quay 7 trombone",
        ]
        .map(|password| strength(password, &[]).steps())
        .to_vec();
        assert!(steps.is_sorted() && steps[0] == 1 && steps[3] == 4, "{steps:?}");
    }
}
