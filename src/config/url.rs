//! The address of a database, which may hold a password and therefore never prints it.

use std::fmt;

/// A checked `postgres://` URL. `Debug` and `Display` show it with the password hidden.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

/// Names of this machine itself.
const LOOPBACK: [&str; 2] = ["localhost", "localhost.localdomain"];

const SSL_MODES: [&str; 6] = [
    "disable",
    "allow",
    "prefer",
    "require",
    "verify-ca",
    "verify-full",
];
const HIDDEN: &str = "****";

impl DatabaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// A sentence that goes on after the key's name, without any part of the URL that could be a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        const SHAPE: &str = "postgres://USER@HOST:PORT/DATABASE";
        let url = url::Url::parse(text)
            .map_err(|error| format!("is not a database address ({error}); it must look like {SHAPE}"))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            // The scheme of "secret:…" could be somebody's password; do not repeat it.
            return Err(format!(
                "is not the address of a PostgreSQL database; it must look like {SHAPE}"
            ));
        }
        for (name, value) in url.query_pairs() {
            if matches!(&*name, "sslmode" | "ssl-mode") && !SSL_MODES.contains(&&*value) {
                return Err(format!(
                    "has an unknown sslmode; it must be one of {}",
                    SSL_MODES.join(", ")
                ));
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Sees to it that what travels over a network is encrypted and the server is who it says: a URL that says nothing of
    /// TLS asks for `verify-full` from now on. `default_host` is where a URL without a host leads (`PGHOST`).
    ///
    /// # Errors
    /// A sentence that goes on after the key's name: the URL asks for less, and `allowed` is false.
    pub fn secure(&mut self, default_host: Option<&str>, allowed: bool) -> Result<(), String> {
        let mode = self.sslmode();
        if allowed || mode.as_deref() == Some("verify-full") || self.is_local(default_host) {
            return Ok(());
        }
        if let Some(mode) = mode {
            return Err(format!(
                "asks for sslmode={mode}, with which others on the network can read and change what is sent; use \
                 sslmode=verify-full, or allow it with database.unverified_tls = true"
            ));
        }
        let sign = if self.0.contains('?') { '&' } else { '?' };
        self.0.push(sign);
        self.0.push_str("sslmode=verify-full");
        Ok(())
    }

    fn sslmode(&self) -> Option<String> {
        self.query(&["sslmode", "ssl-mode"])
    }

    /// The last value of a parameter, by any of its names.
    fn query(&self, names: &[&str]) -> Option<String> {
        let url = url::Url::parse(&self.0).ok()?;
        url.query_pairs()
            .filter(|(name, _)| names.contains(&&**name))
            .map(|(_, value)| value.into_owned())
            .last()
    }

    /// Whether the server is reached over a Unix socket or at an address of this machine's own.
    fn is_local(&self, default_host: Option<&str>) -> bool {
        let host = url::Url::parse(&self.0)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .filter(|host| !host.is_empty());
        // What stands in the query wins, as in libpq.
        let host = self
            .query(&["host", "hostaddr"])
            .or(host)
            .or_else(|| default_host.map(str::to_owned));
        let Some(host) = host else { return true };
        let host = host.replace("%2F", "/").replace("%2f", "/");
        let name = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_ascii_lowercase();
        host.starts_with('/')
            || LOOPBACK.contains(&name.as_str())
            || name
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// The URL as it was given, password included: for connecting, never for showing.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether a password is written in the URL.
    pub fn has_password(&self) -> bool {
        self.to_string() != url::Url::parse(&self.0).map_or_else(|_| String::new(), |url| url.to_string())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(mut url) = url::Url::parse(&self.0) else {
            return f.write_str(HIDDEN);
        };
        if url.password().is_some() && url.set_password(Some(HIDDEN)).is_err() {
            return f.write_str(HIDDEN);
        }
        if url.query_pairs().any(|(name, _)| is_secret(&name)) {
            let shown: Vec<(String, String)> = url
                .query_pairs()
                .map(|(name, value)| {
                    let value = if is_secret(&name) { HIDDEN.into() } else { value };
                    (name.into_owned(), value.into_owned())
                })
                .collect();
            url.query_pairs_mut().clear().extend_pairs(shown);
        }
        write!(f, "{url}")
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

fn is_secret(parameter: &str) -> bool {
    parameter.to_ascii_lowercase().contains("password")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn shows_no_password_anywhere() {
        for text in [
            "postgres://ana:s3cret@db.example.org:5432/pine",
            "postgresql://ana@db.example.org/pine?password=s3cret&sslmode=verify-full",
            "postgresql:///pine?host=/run/pine&user=ana&PASSWORD=s3cret",
            "postgres://ana:s3cret@/pine?host=/run/pine",
        ] {
            let Ok(url) = DatabaseUrl::parse(text) else {
                continue; // refused is as good as hidden; the first must not be, see below
            };
            assert!(!url.to_string().contains("s3cret"), "{url}");
            assert!(!format!("{url:?}").contains("s3cret"), "{url:?}");
            assert!(url.has_password(), "{text}");
            assert_eq!(url.expose(), text);
        }
        let url = DatabaseUrl::parse("postgres://ana:s3cret@db.example.org:5432/pine").unwrap();
        assert_eq!(url.to_string(), "postgres://ana:****@db.example.org:5432/pine");
        assert!(
            !DatabaseUrl::parse("postgres://ana@db.example.org/pine")
                .unwrap()
                .has_password()
        );
    }

    fn secured(text: &str, host: Option<&str>, allowed: bool) -> Result<String, String> {
        let mut url = DatabaseUrl::parse(text)?;
        url.secure(host, allowed)?;
        Ok(url.expose().to_owned())
    }

    #[test]
    fn over_a_network_the_server_is_verified() {
        for remote in [
            "postgres://ana@db.example.org/pine",
            "postgres://ana@10.0.0.7:5433/pine",
            "postgres://ana@[2001:db8::1]/pine",
            "postgres:///pine?host=db.example.org",
            "postgres://ana@localhost.example.org/pine",
        ] {
            let sign = if remote.contains('?') { '&' } else { '?' };
            assert_eq!(
                secured(remote, None, false).unwrap(),
                format!("{remote}{sign}sslmode=verify-full")
            );
            assert_eq!(secured(remote, None, true).unwrap(), remote, "allowed: as it is");
            for weaker in ["disable", "allow", "prefer", "require", "verify-ca"] {
                let url = format!("{remote}{sign}sslmode={weaker}");
                let refused = secured(&url, None, false).unwrap_err();
                assert!(
                    refused.contains(weaker) && refused.contains("database.unverified_tls = true"),
                    "{refused}"
                );
                assert_eq!(secured(&url, None, true).unwrap(), url);
            }
            let full = format!("{remote}{sign}sslmode=verify-full");
            assert_eq!(secured(&full, None, false).unwrap(), full);
        }
        let refused = secured("postgres://ana:s3cret@db/pine?sslmode=prefer", None, false).unwrap_err();
        assert!(!refused.contains("s3cret"));
    }

    #[test]
    fn a_socket_and_this_machine_itself_need_no_tls() {
        for local in [
            "postgres://ana@localhost/pine",
            "postgres://ana@127.0.0.1:5433/pine?sslmode=disable",
            "postgres://ana@127.8.0.1/pine",
            "postgres://ana@[::1]/pine?sslmode=prefer",
            "postgres://ana@%2Frun%2Fpostgresql/pine?sslmode=disable",
            "postgres:///pine?host=/run/postgresql",
            "postgres:///pine",
        ] {
            assert_eq!(secured(local, None, false).unwrap(), local);
        }
        // Without a host, the environment's.
        assert!(
            secured("postgres:///pine", Some("db.example.org"), false)
                .unwrap()
                .ends_with("verify-full")
        );
        assert!(secured("postgres:///pine?sslmode=prefer", Some("db.example.org"), false).is_err());
        assert_eq!(
            secured("postgres:///pine", Some("/run/pg"), false).unwrap(),
            "postgres:///pine"
        );
    }

    #[test]
    fn refuses_without_repeating() {
        for text in [
            "s3cret",
            "s3cret:stuff",
            "mysql://u:s3cret@h/d",
            "postgres://h/d?sslmode=s3cret",
            "",
        ] {
            let problem = DatabaseUrl::parse(text).unwrap_err();
            assert!(!problem.contains("s3cret"), "{problem}");
        }
    }
}
