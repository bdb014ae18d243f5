//! Data that lives elsewhere, as far as it is known here.

use crate::domain::Fault;

/// One piece of remote data.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Remote<T> {
    /// Never asked for.
    #[default]
    Nothing,
    /// Asked for, not here yet.
    Loading,
    /// Here, as it was a moment ago.
    Here(T),
    /// Kept while the link is down.
    Stale(T),
    /// The answer was a refusal, and nothing older is kept.
    Failed(Fault),
}

impl<T> Remote<T> {
    /// What is known, old or new.
    pub(crate) fn get(&self) -> Option<&T> {
        match self {
            Self::Here(value) | Self::Stale(value) => Some(value),
            _ => None,
        }
    }

    /// The same, to change.
    pub(crate) fn get_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Here(value) | Self::Stale(value) => Some(value),
            _ => None,
        }
    }

    /// Asked for: what is here stays.
    pub(crate) fn ask(&mut self) {
        if self.get().is_none() {
            *self = Self::Loading;
        }
    }

    /// The answer: data stays over a broken link, and gives way to a refusal.
    pub(crate) fn answer(&mut self, result: Result<T, Fault>) {
        *self = match (result, std::mem::take(self)) {
            (Ok(value), _) => Self::Here(value),
            (Err(fault), Self::Here(old) | Self::Stale(old)) if fault.is_link() => Self::Stale(old),
            (Err(fault), _) => Self::Failed(fault),
        };
    }

    /// The link is down.
    pub(crate) fn age(&mut self) {
        *self = match std::mem::take(self) {
            Self::Here(value) => Self::Stale(value),
            other => other,
        };
    }
}
