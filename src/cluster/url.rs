//! The private server's URLs, in the one form that libpq and sqlx read alike: the socket's folder percent-encoded in the
//! place of the host (PostgreSQL manual, 34.1.1.2 "Connection URIs").

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::Role;

/// Everything but RFC 3986's unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `postgresql://pine_owner_login@%2Frun%2Fpine-time%2F0123456789ab:5432/pine_time?sslmode=disable`.
///
/// The port stands there because `PGPORT` would win otherwise, and `sslmode` because sqlx would ask for TLS on a socket.
pub(super) fn url(socket_dir: &Path, port: u16, role: Role, database: &str) -> String {
    let host = percent_encode(socket_dir.as_os_str().as_encoded_bytes(), ENCODED);
    let database = percent_encode(database.as_bytes(), ENCODED);
    format!(
        "postgresql://{}@{host}:{port}/{database}?sslmode=disable",
        role.login()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlx_reads_the_folder_the_login_and_the_database_back() {
        let folder = Path::new("/tmp/it's 100% é/s");
        let url = url(folder, 5432, Role::Kiosk, "odd name/ü?");
        let Ok(options) = url.parse::<sqlx::postgres::PgConnectOptions>() else {
            unreachable!("{url}")
        };
        assert_eq!(
            options.get_socket().map(std::path::PathBuf::as_path),
            Some(folder)
        );
        assert_eq!(options.get_username(), "pine_kiosk_login");
        assert_eq!(options.get_database(), Some("odd name/ü?"));
        assert_eq!(options.get_port(), 5432);
    }
}
