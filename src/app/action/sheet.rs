//! What a key can mean in a sheet: the small form that most subjects use.

actions! {
    /// In a sheet.
    SheetAction {
        /// On to the next field; behind the last one, send.
        Go,
        /// Send.
        Send,
        /// The next field.
        Next,
        /// The field before.
        Previous,
        /// The option before.
        ChoiceBack,
        /// The next option.
        ChoiceOn,
        /// Show what is typed in secret, or hide it.
        Show,
        /// Leave.
        Close,
    }
}
