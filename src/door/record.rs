//! The journal as bytes, one record a line: its length, a checksum and JSON. Pure. What a crash or a bad disk left
//! of a record is recognised and left out; all others stand.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::check_in::Outcome;
use crate::domain::kept::{Kept, Unsettled};
use crate::domain::{Nonce, SafeText, Timestamp};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// A check-in was made; written before it is sent.
    Kept(Kept),
    /// The door told the person this, before the database had answered.
    Decided {
        /// Which check-in.
        nonce: Nonce,
        /// What was told.
        outcome: Outcome,
    },
    /// The database has answered, and there is nothing to settle.
    Done {
        /// Which check-in.
        nonce: Nonce,
    },
    /// The database has answered otherwise than the door.
    Unsettled(Box<Unsettled>),
    /// Somebody has looked at it.
    Settled {
        /// Which check-in.
        nonce: Nonce,
        /// Who.
        by: SafeText,
        /// When.
        at: Timestamp,
    },
}

/// What is left of a journal: what is to be brought, and what is to be settled, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Check-ins without an answer, oldest first.
    pub open: Vec<Kept>,
    /// Check-ins that a person has to look at.
    pub unsettled: Vec<Unsettled>,
}

impl State {
    /// Takes in what happened next. The same again changes nothing.
    pub fn apply(&mut self, record: Record) {
        match record {
            Record::Kept(kept) => {
                if !self.open.iter().any(|known| known.nonce == kept.nonce) {
                    self.open.push(kept);
                }
            }
            Record::Decided { nonce, outcome } => {
                if let Some(kept) = self.open.iter_mut().find(|kept| kept.nonce == nonce) {
                    kept.decided = Some(outcome);
                }
            }
            Record::Done { nonce } => self.open.retain(|kept| kept.nonce != nonce),
            Record::Unsettled(unsettled) => {
                let nonce = unsettled.kept.nonce;
                self.open.retain(|kept| kept.nonce != nonce);
                self.unsettled.retain(|known| known.kept.nonce != nonce);
                self.unsettled.push(*unsettled);
            }
            Record::Settled { nonce, .. } => self.unsettled.retain(|known| known.kept.nonce != nonce),
        }
    }

    /// Whether nothing is left to do.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.unsettled.is_empty()
    }
}

/// A record as a line.
///
/// # Errors
/// It holds a value that JSON does not know; no value of ours does.
pub fn encode(record: &Record) -> serde_json::Result<Vec<u8>> {
    let json = serde_json::to_string(record)?;
    Ok(format!("{} {} {json}\n", json.len(), checksum(json.as_bytes())).into_bytes())
}

/// What a journal was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// What it comes to.
    pub state: State,
    /// Bytes up to the end of the last whole line; what follows is torn and to be cut off.
    pub whole: usize,
    /// Lines that are no records any more.
    pub damaged: usize,
}

/// Reads a journal, whatever it holds.
pub fn decode(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded {
        state: State::default(),
        whole: 0,
        damaged: 0,
    };
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let Some(line_without_end) = line.strip_suffix(b"\n") else {
            break;
        };
        decoded.whole += line.len();
        match read(line_without_end) {
            Some(record) => decoded.state.apply(record),
            None => decoded.damaged += 1,
        }
    }
    decoded
}

fn read(line: &[u8]) -> Option<Record> {
    let line = std::str::from_utf8(line).ok()?;
    let (length, rest) = line.split_once(' ')?;
    let (sum, json) = rest.split_once(' ')?;
    if length.parse() != Ok(json.len()) || sum != checksum(json.as_bytes()) {
        return None;
    }
    serde_json::from_str(json).ok()
}

fn checksum(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let [a, b, c, d] = [digest[0], digest[1], digest[2], digest[3]];
    format!("{:08x}", u32::from_be_bytes([a, b, c, d]))
}
