//! What a key can mean on the settings page.

actions! {
    /// On the settings page.
    SettingsAction {
        /// A form for the marked setting, or the list it stands for.
        Change,
    }
}
