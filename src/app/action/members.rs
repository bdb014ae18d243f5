//! What a key can mean among members, and where somebody is signed in.

actions! {
    /// Among members.
    MembersAction {
        /// Show one of them in full.
        Open,
        /// Mark, or mark no longer.
        Mark,
        /// Type a search.
        Search,
        /// Keep what was typed.
        SearchKeep,
        /// Drop what was typed.
        SearchDrop,
        /// Those with the next role.
        RoleOn,
        /// Those with the role before.
        RoleBack,
        /// All, active ones, deactivated ones.
        Activity,
        /// Make a member.
        Add,
        /// Change name, user name, address.
        Edit,
        /// Deactivate, with a reason.
        Deactivate,
        /// Bring back, with a reason.
        Reactivate,
        /// Give a role.
        Role,
        /// A one-time code for a lost password.
        Code,
        /// Their points, badges and ledger.
        Profile,
        /// Where they are signed in.
        Sessions,
        /// End all their sessions.
        EndSessions,
        /// The note on them for the door.
        Note,
        /// Let the marked go, drop the search, leave the page.
        Close,
        /// Send what is typed.
        Take,
        /// Make them a member like others.
        Regular,
        /// Make them staff.
        Staff,
        /// Make them an administrator.
        Admin,
    }
}

actions! {
    /// Where somebody is signed in.
    SessionsAction {
        /// End the marked session.
        End,
        /// End all of them, of one's own all others.
        EndAll,
        /// Close the list.
        Close,
    }
}
