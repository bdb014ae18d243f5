//! A member's pass, large enough for a scanner at the door.

use crate::domain::SafeText;

/// The overlay. What it shows does not change while it is open.
#[derive(Debug)]
pub(crate) struct Pass {
    /// Whose.
    pub(crate) name: SafeText,
    /// Ten canonical characters.
    pub(crate) code: SafeText,
}
