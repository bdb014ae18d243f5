//! What a key can mean on the insights screen.

actions! {
    /// On the insights screen.
    InsightAction {
        /// 4 weeks, 12 weeks, a year.
        Range,
        /// The weeks before.
        Earlier,
        /// The weeks after.
        Later,
        /// The running week and those before it.
        Now,
        /// Into the table, and from a number to its rows.
        Open,
        /// A column to the right.
        Right,
        /// A column to the left.
        Left,
        /// From the rows to the number, from the table to the list.
        Back,
        /// Write what is shown into a file.
        File,
    }
}
