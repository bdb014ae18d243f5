//! What a key can mean in the overlays of money: payments, receipts, takings and the ways to pay.

actions! {
    /// In the overlays of money.
    MoneyAction {
        /// Open what is marked, or go on and send.
        Go,
        /// Take a payment.
        Pay,
        /// Give back.
        Refund,
        /// Put the right payment in a mistyped one's place.
        Correct,
        /// Void what was mistyped.
        Void,
        /// Write a file.
        File,
        /// Type a search.
        Search,
        /// Keep what was typed.
        SearchKeep,
        /// Drop what was typed.
        SearchDrop,
        /// The next kind of rows.
        KindOn,
        /// The kind of rows before.
        KindBack,
        /// The day before.
        DayBack,
        /// The day after.
        DayOn,
        /// Today.
        Today,
        /// The ways to pay.
        Channels,
        /// Add a way to pay.
        Add,
        /// Take a way to pay off the list.
        Remove,
        /// Up in the order.
        Earlier,
        /// Down in the order.
        Later,
        /// Send it.
        Send,
        /// The next field.
        Next,
        /// The field before.
        Previous,
        /// The choice before.
        ChoiceBack,
        /// The next choice.
        ChoiceOn,
        /// Leave.
        Close,
    }
}
