//! What a key can mean at a kiosk while nobody is signed in.

actions! {
    /// At a kiosk, before anybody has signed in.
    KioskAction {
        /// Sign in; or present the pass that is typed.
        Go,
        /// Close the result, clear what is typed.
        Clear,
        /// Back to the start, from signing in.
        Back,
        /// The attendant's menu.
        Attend,
    }
}
