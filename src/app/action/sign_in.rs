//! What a key can mean on the sign-in screen.

actions! {
    /// On the sign-in screen.
    SignInAction {
        /// Go on to the password, or sign in.
        Submit,
        /// The next field.
        Next,
        /// The field before.
        Previous,
        /// Show or hide the password.
        ShowPassword,
        /// Wait no longer.
        Stop,
        /// Make an account for somebody new.
        Join,
        /// Set a lost password anew, with a code of staff's.
        Anew,
    }
}
