//! Where the nonces of writes come from: chance in the running program, a count where tests compare effects.

use uuid::Uuid;

use crate::domain::Nonce;

/// A source of nonces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Nonces {
    /// Version 4 UUIDs from the system's randomness.
    #[default]
    Random,
    /// 1, 2, 3 …: the next number.
    Counted(u128),
}

impl Nonces {
    /// A source that counts from 1.
    pub fn counted() -> Self {
        Self::Counted(1)
    }

    /// The next nonce.
    pub fn make(&mut self) -> Nonce {
        match self {
            Self::Random => Uuid::new_v4(),
            Self::Counted(next) => {
                let nonce = Uuid::from_u128(*next);
                *next += 1;
                nonce
            }
        }
    }
}
