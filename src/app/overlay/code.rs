//! A one-time code, to be told to the member it is for. It is shown once: what is closed is gone, and only another code
//! takes its place.

use crate::domain::SafeText;
use crate::domain::account::ResetCode;

/// The card. Its `Debug` does not tell the code.
#[derive(Debug)]
pub(crate) struct CodeCard {
    /// Whose.
    pub(crate) name: SafeText,
    pub(crate) code: ResetCode,
}
