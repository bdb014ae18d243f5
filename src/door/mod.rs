//! The door's memory outside of the database: the journal of check-ins, the roster on disk, and the line in which
//! check-ins are sent, kept and brought again. It knows the data layer as somebody who answers calls; no screen.

mod journal;
mod keeper;
mod line;
mod memory;
mod record;
mod roster_file;
mod waiting;

use std::future::Future;
use std::time::Duration;

use crate::db::Desk;
use crate::domain::event::EventId;
use crate::domain::{Answer, Call, Fault};

pub use journal::Journal;
pub use line::{Line, Told};
pub use memory::{DoorDesk, Memory};
pub use record::{Record, State, decode, encode};
pub use roster_file::RosterFile;
pub use waiting::{Waiting, waiting};

/// Who answers calls: in the program, the data layer.
pub trait Answering: Clone + Send + Sync + 'static {
    /// Sends one call and waits for its answer, trying again what may be tried again, with the same nonce; `told`
    /// hears of every retry, with the tries so far and why the last one failed. The duration is that of the last
    /// try.
    fn answer(
        &self,
        call: Call,
        told: impl FnMut(u32, &Fault) + Send,
    ) -> impl Future<Output = (Result<Answer, Fault>, Duration)> + Send;

    /// Ends the connections, and nothing but them.
    fn close(&self) -> impl Future<Output = ()> + Send;

    /// Tells of events at which something has happened elsewhere, until `stop` is over; where nothing can be heard, it
    /// is over at once.
    fn listen(
        &self,
        told: impl FnMut(EventId) + Send,
        stop: impl Future<Output = ()> + Send,
    ) -> impl Future<Output = ()> + Send {
        drop((told, stop));
        std::future::ready(())
    }

    /// Where a door keeps what must not be lost; none where nothing is kept.
    fn memory(&self) -> Option<&Memory> {
        None
    }
}

impl Answering for Desk {
    async fn answer(
        &self,
        call: Call,
        told: impl FnMut(u32, &Fault) + Send,
    ) -> (Result<Answer, Fault>, Duration) {
        Self::answer(self, call, told).await
    }

    async fn close(&self) {
        Self::close(self).await;
    }

    async fn listen(&self, told: impl FnMut(EventId) + Send, stop: impl Future<Output = ()> + Send) {
        self.db().listen(told, stop).await;
    }
}

/// Names a database in file names, so that nothing kept for one is ever brought to another: where it is and what it
/// is called, without login or password.
pub fn database_key(url: &str) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;

    let options = url.parse::<sqlx::postgres::PgConnectOptions>().ok();
    let name = options.map_or_else(
        || url.to_owned(),
        |o| {
            let host = o
                .get_socket()
                .map_or_else(|| o.get_host().to_owned(), |s| s.display().to_string());
            format!("{host}:{}/{}", o.get_port(), o.get_database().unwrap_or_default())
        },
    );
    Sha256::digest(name.as_bytes())[..8]
        .iter()
        .fold(String::new(), |mut key, byte| {
            let _ = write!(key, "{byte:02x}");
            key
        })
}
