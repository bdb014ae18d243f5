//! What a key can mean in the audit log.

actions! {
    /// In the audit log.
    AuditAction {
        /// One row in full.
        Open,
        /// From the row to the list; there, every row again.
        Back,
        /// Type what to filter by.
        Filter,
        /// Filter so.
        Apply,
        /// Leave the filter as it was.
        Drop,
        /// The next field.
        Next,
        /// The field before.
        Previous,
        /// Every field empty.
        Reset,
        /// Write what is listed into a file.
        Csv,
        /// The same as JSON.
        Json,
    }
}
