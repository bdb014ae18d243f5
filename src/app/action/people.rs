//! What a key can mean among an event's people.

actions! {
    /// Among an event's people.
    PeopleAction {
        /// Show one of them in full.
        Open,
        /// Their profile.
        Profile,
        /// Mark, or mark no longer.
        Mark,
        /// Mark all that are listed, or none.
        MarkAll,
        /// Let in who waits for approval.
        Approve,
        /// Refuse.
        Reject,
        /// Cancel in their stead.
        Cancel,
        /// Move to another event.
        Move,
        /// Write a note for other staff.
        Note,
        /// Register somebody.
        Add,
        /// Prefer somebody who waits.
        Promote,
        /// Take what is due.
        Pay,
        /// Give back.
        Refund,
        /// The event's payments.
        Payments,
        /// Enter that somebody was there.
        Late,
        /// Take an attendance back.
        TakeBack,
        /// Enter the place somebody came in.
        Place,
        /// Write what is listed into a file.
        File,
        /// Type a search.
        Search,
        /// Keep what was typed.
        SearchKeep,
        /// Drop what was typed.
        SearchDrop,
        /// The next kind of people.
        KindOn,
        /// The kind before.
        KindBack,
        /// The panel with everything that can be filtered by.
        Panel,
        /// The next order.
        Sort,
        /// The order the other way round.
        Reverse,
        /// Leave.
        Close,
        /// The next choice of a field.
        ChoiceOn,
        /// The choice before.
        ChoiceBack,
        /// The next field.
        Next,
        /// The field before.
        Previous,
        /// Every field as it is without a filter.
        Reset,
        /// Take what is chosen, or send what is typed.
        Take,
        /// They won.
        First,
        /// They came second.
        Second,
        /// They came third.
        Third,
        /// They have no place.
        NoPlace,
    }
}
