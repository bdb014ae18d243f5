//! The address of a database, which may hold a password and therefore never prints it.

use std::fmt;

/// A checked `postgres://` URL. `Debug` and `Display` show it with the password hidden.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

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
