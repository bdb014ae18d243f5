//! The database's definition as this program carries it: the versioned migrations, the files of the `api` schema,
//! and what they hash to. Applying them is the business of [`crate::ops::migrate`].

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use sqlx::migrate::Migrator;

/// The versioned migrations: forward only, never edited once released.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The files of the `api` schema, in the order in which they are run.
pub const API_FILES: &[(&str, &str)] = &[
    (
        "community.sql",
        include_str!("../../migrations/api/community.sql"),
    ),
    ("sign_in.sql", include_str!("../../migrations/api/sign_in.sql")),
    ("accounts.sql", include_str!("../../migrations/api/accounts.sql")),
    ("members.sql", include_str!("../../migrations/api/members.sql")),
    (
        "members_desk.sql",
        include_str!("../../migrations/api/members_desk.sql"),
    ),
    ("events.sql", include_str!("../../migrations/api/events.sql")),
    ("calendar.sql", include_str!("../../migrations/api/calendar.sql")),
    (
        "event_plans.sql",
        include_str!("../../migrations/api/event_plans.sql"),
    ),
    (
        "registrations.sql",
        include_str!("../../migrations/api/registrations.sql"),
    ),
    (
        "registration_desk.sql",
        include_str!("../../migrations/api/registration_desk.sql"),
    ),
    (
        "event_people.sql",
        include_str!("../../migrations/api/event_people.sql"),
    ),
    (
        "completion.sql",
        include_str!("../../migrations/api/completion.sql"),
    ),
    ("check_in.sql", include_str!("../../migrations/api/check_in.sql")),
    (
        "admission.sql",
        include_str!("../../migrations/api/admission.sql"),
    ),
    ("payments.sql", include_str!("../../migrations/api/payments.sql")),
    (
        "lost_link.sql",
        include_str!("../../migrations/api/lost_link.sql"),
    ),
    ("door_log.sql", include_str!("../../migrations/api/door_log.sql")),
    ("passages.sql", include_str!("../../migrations/api/passages.sql")),
    ("settings.sql", include_str!("../../migrations/api/settings.sql")),
    (
        "audit_log.sql",
        include_str!("../../migrations/api/audit_log.sql"),
    ),
    ("insights.sql", include_str!("../../migrations/api/insights.sql")),
    ("live.sql", include_str!("../../migrations/api/live.sql")),
    (
        "door_notes.sql",
        include_str!("../../migrations/api/door_notes.sql"),
    ),
    ("points.sql", include_str!("../../migrations/api/points.sql")),
    ("game.sql", include_str!("../../migrations/api/game.sql")),
    (
        "game_desk.sql",
        include_str!("../../migrations/api/game_desk.sql"),
    ),
    ("kiosk.sql", include_str!("../../migrations/api/kiosk.sql")),
    ("backups.sql", include_str!("../../migrations/api/backups.sql")),
    ("pinned.sql", include_str!("../../migrations/api/pinned.sql")),
];

/// The door's call. Prepared on every connection when it is made, so that a check-in is one flush.
pub(super) const CHECK_IN: &str = "SELECT api.check_in($1, $2, $3, $4, $5)";

/// The newest migration that this program knows.
pub fn version() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}

/// What the `api` schema's files hash to; the database keeps the hash of those it was built from.
pub fn api_hash() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| {
        let mut hash = Sha256::new();
        for (name, text) in API_FILES {
            hash.update(name.as_bytes());
            hash.update([0]);
            hash.update(text.as_bytes());
            hash.update([0]);
        }
        hex(&hash.finalize()[..16])
    });
    &HASH
}

/// What all files together hash to: names a template of the migrated database.
pub fn fingerprint() -> String {
    let mut hash = Sha256::new();
    for migration in MIGRATIONS.iter() {
        hash.update(&*migration.checksum);
    }
    hash.update(api_hash().as_bytes());
    hex(&hash.finalize()[..8])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
