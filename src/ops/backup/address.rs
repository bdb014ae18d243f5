//! A database's URL as PostgreSQL's own programs take it: the password apart, since a command line is everybody's to
//! read, and without what only this program's driver understands.

use std::ffi::OsString;
use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sqlx::postgres::PgConnectOptions;
use tokio::process::Command;
use url::Url;

/// Bundles of certificate authorities, where the common systems keep them.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/opt/homebrew/etc/ca-certificates/cert.pem",
];

/// How a program is told where to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    url: String,
    password: Option<String>,
}

impl Address {
    /// Takes a URL apart.
    pub(super) fn of(url: &str) -> Option<Self> {
        let mut url = Url::parse(url).ok()?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let mut password = url.password().map(decoded);
        let _ = url.set_password(None);
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in url.query_pairs() {
            let value = value.into_owned();
            match &*name {
                "password" => password = Some(value),
                // The driver's own, and its other spellings.
                "statement-cache-capacity" => {}
                "ssl-mode" => parameters.push(("sslmode".to_owned(), value)),
                "ssl-root-cert" | "ssl-ca" => parameters.push(("sslrootcert".to_owned(), value)),
                "ssl-cert" => parameters.push(("sslcert".to_owned(), value)),
                "ssl-key" => parameters.push(("sslkey".to_owned(), value)),
                name => parameters.push((name.to_owned(), value)),
            }
        }
        let find = |name: &str| parameters.iter().any(|(key, _)| key == name);
        let verifies = parameters
            .iter()
            .any(|(key, value)| key == "sslmode" && value.starts_with("verify"));
        // This program trusts the system's authorities; PostgreSQL's have to be told where they are.
        if verifies
            && !find("sslrootcert")
            && let Some(bundle) = BUNDLES.iter().find(|bundle| Path::new(bundle).is_file())
        {
            parameters.push(("sslrootcert".to_owned(), (*bundle).to_owned()));
        }
        let query: Vec<String> = parameters
            .iter()
            .map(|(name, value)| format!("{}={}", name, percent_encode(value.as_bytes(), NON_ALPHANUMERIC)))
            .collect();
        url.set_query((!query.is_empty()).then(|| query.join("&")).as_deref());
        Some(Self {
            url: url.to_string(),
            password,
        })
    }

    /// Points a program there.
    pub(super) fn tell(&self, command: &mut Command) {
        let mut dbname = OsString::from("--dbname=");
        dbname.push(&self.url);
        command.arg(dbname).arg("--no-password");
        command.env("LC_ALL", "C").env("PGCONNECT_TIMEOUT", "10");
        command.env("PGAPPNAME", "pine-time backup");
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
    }
}

/// The same server and login, another database.
pub fn with_database(url: &str, database: &str) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    let name = percent_encode(database.as_bytes(), NON_ALPHANUMERIC).to_string();
    url.set_path(&format!("/{name}"));
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "dbname")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if kept.is_empty() {
        url.set_query(None);
    } else {
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    Some(url.to_string())
}

/// The database's name in a URL; PostgreSQL takes the login's when there is none.
pub fn database_of(url: &str) -> Option<String> {
    let options: PgConnectOptions = url.parse().ok()?;
    Some(
        options
            .get_database()
            .unwrap_or_else(|| options.get_username())
            .to_owned(),
    )
}

/// Where a URL leads, without login and password.
pub fn place_of(url: &str) -> Option<String> {
    let options: PgConnectOptions = url.parse().ok()?;
    let host = options.get_socket().map_or_else(
        || format!("{}:{}", options.get_host(), options.get_port()),
        |socket| socket.display().to_string(),
    );
    Some(format!("{} at {host}", database_of(url)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_password_is_never_on_the_command_line() {
        for url in [
            "postgres://ana:s3c%2Fret@db.example.org:6432/pine?sslmode=require&statement-cache-capacity=5",
            "postgres://ana@db.example.org:6432/pine?password=s3c/ret&ssl-mode=require",
        ] {
            let address = Address::of(url).unwrap();
            assert_eq!(address.password.as_deref(), Some("s3c/ret"));
            assert_eq!(
                address.url,
                "postgres://ana@db.example.org:6432/pine?sslmode=require"
            );
        }
        let socket = "postgresql://pine_admin@%2Frun%2Fpine%2D1:5432/pine_time?sslmode=disable";
        assert_eq!(Address::of(socket).unwrap().url, socket);
    }

    #[test]
    fn another_database_of_the_same_server() {
        let url = "postgresql://a:b@%2Frun%2Fx:5432/pine_time?sslmode=disable&dbname=other";
        let other = with_database(url, "odd name/ü?").unwrap();
        assert_eq!(database_of(&other).as_deref(), Some("odd name/ü?"));
        let options: PgConnectOptions = other.parse().unwrap();
        assert_eq!(options.get_socket().unwrap(), Path::new("/run/x"));
        assert_eq!(place_of(url).as_deref(), Some("other at /run/x"));
        assert_eq!(place_of("postgres://a:b@h/").as_deref(), Some("a at h:5432"));
    }
}
