//! Every rule's answer for one person at the door, as the database sees it.

use crate::app::remote::Remote;
use crate::domain::SafeText;
use crate::domain::check_in::Presented;
use crate::domain::passage::Evaluation;

/// The overlay. Its answer comes while it is open.
#[derive(Debug)]
pub(crate) struct Why {
    /// Who or what was asked about, for the eye.
    pub(crate) label: SafeText,
    pub(crate) presented: Presented,
    pub(crate) evaluation: Remote<Box<Evaluation>>,
}
