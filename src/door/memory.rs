//! Where a door keeps what must not be lost, and a desk that knows of it.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::db::Desk;
use crate::domain::event::EventId;
use crate::domain::roster::Roster;
use crate::domain::{Answer, Call, Fault};

use super::{Answering, Journal, RosterFile};

/// A place on this machine's disk, for one database.
#[derive(Debug, Clone)]
pub struct Memory {
    folder: PathBuf,
    key: String,
    rosters: RosterFile,
}

impl Memory {
    /// In the folder of this user's state, for the database with this URL.
    pub fn new(state_dir: &Path, url: &str) -> Self {
        let key = super::database_key(url);
        Self {
            folder: state_dir.join("journal"),
            rosters: RosterFile::new(&state_dir.join("roster"), &key),
            key,
        }
    }

    /// The journal, with whatever processes that are gone have left in it; none when it cannot be opened, which is in
    /// the log.
    pub fn journal(&self) -> Option<Journal> {
        Journal::open(&self.folder, &self.key)
            .inspect_err(|error| {
                tracing::error!(folder = %self.folder.display(), %error, "no journal of check-ins is kept");
            })
            .ok()
    }

    /// Keeps a roster, in place of any other of this process.
    pub fn keep_roster(&self, roster: &Roster) {
        if let Err(error) = self.rosters.keep(roster) {
            tracing::warn!(%error, "the roster is not on the disk");
        }
    }

    /// The newest roster of an event on the disk.
    pub fn find_roster(&self, event: EventId) -> Option<Roster> {
        self.rosters.find(event)
    }

    /// Removes the rosters of this process, and of those that are gone.
    pub fn drop_rosters(&self) {
        self.rosters.drop_all();
    }
}

/// The data layer, and the place where a door keeps what must not be lost.
#[derive(Clone)]
pub struct DoorDesk {
    /// Who answers.
    pub desk: Desk,
    /// None for a user without a home folder.
    pub memory: Option<Memory>,
}

impl Answering for DoorDesk {
    async fn answer(
        &self,
        call: Call,
        told: impl FnMut(u32, &Fault) + Send,
    ) -> (Result<Answer, Fault>, Duration) {
        self.desk.answer(call, told).await
    }

    async fn close(&self) {
        self.desk.close().await;
    }

    async fn listen(&self, told: impl FnMut(EventId) + Send, stop: impl Future<Output = ()> + Send) {
        self.desk.listen(told, stop).await;
    }

    fn memory(&self) -> Option<&Memory> {
        self.memory.as_ref()
    }
}
