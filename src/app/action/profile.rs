//! What a key can mean on the profile.

actions! {
    /// On the profile.
    ProfileAction {
        /// My pass, large enough for a scanner.
        Pass,
        /// My name and address.
        Details,
        /// My password.
        Password,
    }
}
