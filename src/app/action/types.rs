//! What a key can mean in the list of event types.

actions! {
    /// In the list of event types.
    TypesAction {
        /// A new type.
        Add,
        /// Another name for the marked one.
        Rename,
        /// The marked one a place up.
        Up,
        /// The marked one a place down.
        Down,
        /// The marked one is trivia, or no longer.
        Trivia,
        /// Remove the marked one.
        Remove,
        /// Keep the name that was typed.
        Keep,
        /// Leave the name, or the list.
        Close,
    }
}
