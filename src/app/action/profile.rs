//! What a key can mean on the profile.

actions! {
    /// On the profile.
    ProfileAction {
        /// My pass, large enough for a scanner.
        Pass,
        /// The page, the whole ledger, points over time.
        Face,
        /// Only the next kind of rows of the ledger.
        KindOn,
        /// Only the kind of rows before.
        KindBack,
        /// Present somebody's pass.
        Connect,
        /// My connections, and who asks for one.
        Connections,
        /// Whether others see me on leaderboards.
        Privacy,
        /// My name and address.
        Details,
        /// My password.
        Password,
        /// Where I am signed in.
        Sessions,
    }
}
