//! What a key can mean on the leaderboard.

actions! {
    /// On the leaderboard.
    BoardAction {
        /// All time, month, week: the one before.
        PeriodBack,
        /// The next one.
        PeriodOn,
        /// The month or week before the running one.
        Previous,
        /// The running month or week.
        Running,
        /// Choose an event type.
        Types,
        /// Take the type that is marked.
        TypesTake,
        /// Leave the types.
        TypesClose,
        /// The profile of who is marked, for staff.
        Open,
        /// To my own row.
        Me,
        /// Type a name to look for.
        Find,
        /// To the row of who is marked.
        FindTake,
        /// Leave the names.
        FindDrop,
        /// Write the whole board into a file.
        File,
    }
}
