//! The attendant's code while the database is out of reach. What is remembered is a slow key of the code that the database
//! said was right, under a salt of this process's own, in memory alone: the code itself is nowhere, and nothing of it on
//! the disk. It lets somebody leave the kiosk and nothing else; what else the menu does is the database's to allow.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::domain::kiosk::AttendedAlone;
use crate::domain::{Fault, Secret};

use super::error::DbError;
use super::gate;
use super::key;

/// Wrong tries that cost nothing.
const FREE: u32 = 5;
/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// What this process remembers. Cheap to clone; clones are one.
#[derive(Clone, Default)]
pub(super) struct Remembered(Arc<Mutex<Option<Known>>>);

struct Known {
    salt: [u8; 16],
    key: Zeroizing<Vec<u8>>,
    /// Names the code in the database: another one there, and this is forgotten.
    stamp: String,
    wrong: u32,
    last_wrong: Option<Instant>,
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Remembered(…)")
    }
}

/// A code as the database reads it: without blanks and dashes.
fn bare(pin: &Secret) -> Secret {
    Secret::new(
        pin.reveal()
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect(),
    )
}

/// How long is still to wait after so many wrong tries: nothing for five, then a second, doubling.
fn wait(wrong: u32, last_wrong: Option<Instant>, now: Instant) -> Duration {
    let Some(last) = last_wrong.filter(|_| wrong >= FREE) else {
        return Duration::ZERO;
    };
    let pause = Duration::from_secs(1 << (wrong - FREE).min(20)).min(LONGEST);
    (last + pause).saturating_duration_since(now)
}

async fn slow_key(pin: &Secret, salt: [u8; 16]) -> Result<Zeroizing<Vec<u8>>, DbError> {
    let turn = gate::turn().await?;
    let pin = bare(pin);
    let made = tokio::task::spawn_blocking(move || {
        let key = key::slow_key(&pin, &salt);
        drop(turn);
        key
    });
    made.await.ok().and_then(Result::ok).ok_or(DbError {
        fault: Fault::Internal,
        transient: false,
    })
}

impl Remembered {
    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        // Replaced whole; a panic elsewhere cannot leave half of one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The database said that this is the code.
    pub(super) async fn learn(&self, pin: &Secret, stamp: &str) {
        if let Some(known) = self.known().as_mut().filter(|known| known.stamp == stamp) {
            known.wrong = 0;
            known.last_wrong = None;
            return;
        }
        self.forget();
        let mut salt = [0; 16];
        let made = match getrandom::fill(&mut salt) {
            Ok(()) => slow_key(pin, salt).await.ok(),
            Err(_) => None,
        };
        let Some(key) = made else {
            return tracing::warn!("the attendant's code is not remembered");
        };
        *self.known() = Some(Known {
            salt,
            key,
            stamp: stamp.to_owned(),
            wrong: 0,
            last_wrong: None,
        });
    }

    /// The code that is good now is called so.
    pub(super) fn stands(&self, stamp: &str) {
        let mut known = self.known();
        if known.as_ref().is_some_and(|known| known.stamp != stamp) {
            *known = None;
        }
    }

    /// This is no kiosk any more.
    pub(super) fn forget(&self) {
        *self.known() = None;
    }

    /// Whether this is the code. A try counts before it is looked at.
    pub(super) async fn ask(&self, pin: &Secret) -> Result<AttendedAlone, DbError> {
        let salt = {
            let mut held = self.known();
            let Some(known) = held.as_mut() else {
                return Ok(AttendedAlone::Unknown);
            };
            let now = Instant::now();
            let wait = wait(known.wrong, known.last_wrong, now);
            if !wait.is_zero() {
                let seconds = i32::try_from(wait.as_secs())
                    .unwrap_or(i32::MAX)
                    .saturating_add(1);
                return Ok(AttendedAlone::Wait { seconds });
            }
            known.wrong = known.wrong.saturating_add(1);
            known.last_wrong = Some(now);
            known.salt
        };
        let key = slow_key(pin, salt).await?;
        let mut held = self.known();
        Ok(match held.as_mut().filter(|known| known.key == key) {
            Some(known) => {
                known.wrong = 0;
                known.last_wrong = None;
                AttendedAlone::Ok
            }
            None => AttendedAlone::Refused,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn pin(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn only_a_code_that_was_right_opens_and_guesses_wait() {
        let kiosk = Remembered::default();
        assert_eq!(kiosk.ask(&pin("123456")).await.unwrap(), AttendedAlone::Unknown);
        kiosk.learn(&pin("123-456 "), "a").await;
        assert_eq!(kiosk.ask(&pin("12 34 56")).await.unwrap(), AttendedAlone::Ok);
        for guess in 0..5 {
            assert_eq!(
                kiosk.ask(&pin(&format!("00000{guess}"))).await.unwrap(),
                AttendedAlone::Refused
            );
        }
        assert_eq!(kiosk.known().as_ref().unwrap().wrong, 5);
        if let Some(known) = kiosk.known().as_mut() {
            known.wrong = 40;
            known.last_wrong = Some(Instant::now());
        }
        // The right one waits like any other.
        assert!(matches!(
            kiosk.ask(&pin("123456")).await.unwrap(),
            AttendedAlone::Wait { seconds: 600..=900 }
        ));
        kiosk.learn(&pin("123456"), "a").await;
        assert_eq!(kiosk.ask(&pin("123456")).await.unwrap(), AttendedAlone::Ok);
        kiosk.stands("a");
        assert_eq!(kiosk.ask(&pin("123456")).await.unwrap(), AttendedAlone::Ok);
        kiosk.stands("b");
        assert_eq!(
            kiosk.ask(&pin("123456")).await.unwrap(),
            AttendedAlone::Unknown,
            "staff gave out another one"
        );
        kiosk.learn(&pin("654321"), "b").await;
        kiosk.forget();
        assert_eq!(kiosk.ask(&pin("654321")).await.unwrap(), AttendedAlone::Unknown);
    }

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let now = Instant::now();
        let waits = |wrong| wait(wrong, Some(now), now).as_secs();
        assert_eq!(
            [0, 4, 5, 6, 9, 14, 15, 40, u32::MAX].map(waits),
            [0, 0, 1, 2, 16, 512, 900, 900, 900]
        );
        assert_eq!(wait(5, Some(now), now + Duration::from_secs(1)), Duration::ZERO);
    }

    #[test]
    fn nothing_of_it_is_printed() {
        assert_eq!(format!("{:?}", Remembered::default()), "Remembered(…)");
    }
}
