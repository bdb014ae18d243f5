//! What a key can mean at the door, and in its log.

actions! {
    /// At the door.
    DoorAction {
        /// Check in what is typed or chosen.
        CheckIn,
        /// Put who is under the cursor into the party, or out of it.
        Gather,
        /// The note that is shown was read.
        ReadNote,
        /// Write a note on who is marked, or on who is on the card.
        WriteNote,
        /// Let the party go, clear the input, then the result.
        Clear,
        /// Every attempt of the event.
        Log,
        /// Every rule's answer for who is typed or chosen.
        Why,
        /// Look before letting in, or no longer.
        Careful,
        /// Let somebody in who has not registered.
        WalkIn,
        /// Take the payment that keeps somebody out.
        TakePayment,
        /// Let somebody in whom a rule refused.
        AdmitAnyway,
        /// Look for names that resemble what is typed.
        Similar,
        /// Check out what is typed or chosen.
        CheckOut,
        /// Check people out of the event, or no longer.
        ToggleCheckOut,
        /// Take back whom this terminal let through last; in a field with text, the text's undo.
        Undo,
        /// Bring back whom it took back last.
        Redo,
        /// Choose another event.
        ChooseEvent,
        /// Begin or end a rehearsal.
        Rehearse,
        /// The check-ins that wait for a person.
        Settle,
    }
}

actions! {
    /// In the door's log.
    LogAction {
        /// Take the marked passage back.
        TakeBack,
        /// Go on with the reason that was typed.
        Go,
        /// Write the rows into a file.
        Save,
        /// Leave the reason, or the log.
        Close,
    }
}
