//! What a key can mean among the badges' levels and in the form that changes them.

actions! {
    /// Among the badges' levels.
    BadgeRulesAction {
        /// The form of the marked badge.
        Edit,
        /// On to the next field; behind the last one, look who would gain.
        Go,
        /// Look who would gain; after that, save.
        Save,
        /// The next field.
        Next,
        /// The field before.
        Previous,
        /// The same figure of the level above.
        Up,
        /// The same figure of the level below.
        Down,
        /// Leave the form, or the list.
        Close,
    }
}
