//! What a key can mean where staff look after the game: on another member's profile, and on the badges' rules.

actions! {
    /// On another member's profile, for staff.
    GameDeskAction {
        /// Back to where it was opened from.
        Close,
        /// The page, the whole ledger, what the levels stand on, points over time.
        Face,
        /// Only the next kind of rows of the ledger.
        KindOn,
        /// Only the kind of rows before.
        KindBack,
        /// Give points for a special activity.
        Award,
        /// Spend points.
        Redeem,
        /// Correct the balance.
        Adjust,
        /// Give a badge's level by hand.
        Grant,
        /// Take back what is marked.
        TakeBack,
    }
}
