//! What a key can mean on the registrations screen and on the card with its news.

actions! {
    /// On the registrations screen, and on the card that tells what others did to a registration.
    MineAction {
        /// Open the marked event.
        Open,
        /// What is to come, or what is over.
        Turn,
        /// Type a text to look for.
        Find,
        /// Keep the text and go back to the list.
        FindKeep,
        /// Drop the text.
        FindDrop,
        /// Show all of them again.
        FindClear,
        /// My events to come, as a calendar file.
        File,
        /// What others did to my registrations.
        News,
        /// I have seen the news shown.
        Seen,
        /// The news stay to be seen.
        Later,
    }
}
