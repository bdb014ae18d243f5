//! From database and network errors to the words of the house: one total match. What a person cannot use goes to
//! the log and nowhere else.

use std::time::Duration;

use sqlx::postgres::PgDatabaseError;

use crate::domain::{Fault, SafeText};

/// Why a call failed, and whether sending it again may help.
#[derive(Debug, Clone)]
pub struct DbError {
    /// What a person is told.
    pub fault: Fault,
    /// Whether the trouble is passing: the same call, with the same nonce, may be sent again.
    pub transient: bool,
}

/// What is said of a pooler that lends connections without keeping statements apart.
pub(super) const MIXES_STATEMENTS: &str = "The pooler in front of the database mixes up what its clients ask. Set pool_mode = \
    session in PgBouncer, or use 1.21 or newer with max_prepared_statements = 200.";

impl From<DbError> for Fault {
    fn from(error: DbError) -> Self {
        error.fault
    }
}

impl DbError {
    fn lasting(fault: Fault) -> Self {
        Self {
            fault,
            transient: false,
        }
    }

    fn passing(fault: Fault) -> Self {
        Self {
            fault,
            transient: true,
        }
    }

    /// The call was sent and not answered within its limit.
    pub(super) fn slow(limit: Duration) -> Self {
        tracing::warn!(
            ?limit,
            "a call was not answered in time; its connection is discarded"
        );
        Self::passing(Fault::Slow)
    }

    /// No connection came free within the pool's limit.
    pub(super) fn busy() -> Self {
        Self::lasting(Fault::Busy)
    }

    /// Program and database do not fit together; the sentence says what to do.
    pub(super) fn version(text: &str) -> Self {
        Self::lasting(Fault::Version(SafeText::line(text)))
    }

    /// Something this program and its own api schema should never have produced.
    pub(super) fn internal(what: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %what, "unexpected answer of the database");
        Self::lasting(Fault::Internal)
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(ref db) => match db.try_downcast_ref::<PgDatabaseError>() {
                Some(pg) => of_postgres(pg),
                None => Self::internal(&error),
            },
            sqlx::Error::Io(ref io) => {
                tracing::warn!(error = %io, "the link to the database failed");
                Self::passing(Fault::Offline(SafeText::from(io_reason(io))))
            }
            sqlx::Error::Tls(ref tls) => {
                tracing::error!(error = %tls, "no encrypted connection");
                Self::lasting(Fault::Version(SafeText::line(
                    "No encrypted connection to the database could be made. Check sslmode and the server's certificate.",
                )))
            }
            sqlx::Error::Protocol(ref text) => {
                tracing::warn!(error = %text, "the database's answer broke off");
                Self::passing(Fault::Offline(SafeText::from("its answer broke off")))
            }
            sqlx::Error::Configuration(ref why) => {
                tracing::error!(error = %why, "the database's URL cannot be used");
                Self::lasting(Fault::Version(SafeText::line(
                    "The database's URL cannot be used. It looks like postgres://login@host/database.",
                )))
            }
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => {
                // Its own words may quote a person's data.
                Self::internal(&"it has another form than this program expects")
            }
            other => Self::internal(&other),
        }
    }
}

fn io_reason(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind as Kind;
    match error.kind() {
        Kind::ConnectionRefused => "nothing listens at its address",
        Kind::NotFound => "its socket does not exist",
        Kind::PermissionDenied => "its socket may not be opened by this user",
        Kind::TimedOut => "the network gave no sign in time",
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown => {
            "the network does not reach it"
        }
        _ => "the connection was lost",
    }
}

/// By SQLSTATE: ours first (DESIGN: PT4xx), then the constraints we named, then PostgreSQL's classes.
fn of_postgres(error: &PgDatabaseError) -> DbError {
    let text = || SafeText::line(error.message());
    match error.code() {
        "PT401" => DbError::lasting(Fault::NotSignedIn),
        "PT403" => DbError::lasting(Fault::NotAllowed(text())),
        "PT404" => DbError::lasting(Fault::NotFound(text())),
        "PT409" => DbError::lasting(Fault::Conflict(text())),
        "PT422" => DbError::lasting(Fault::Invalid {
            field: error.column().unwrap_or_default().to_owned(),
            why: text(),
        }),
        "23505" | "23514" | "23503" | "23502" => of_constraint(error),
        // Values that fit a form and not a column: too long, out of range, a zero byte.
        "22001" | "22003" | "22008" | "22021" => DbError::lasting(Fault::Invalid {
            field: String::new(),
            why: SafeText::line("One of the values is longer or larger than the database keeps."),
        }),
        "42501" => logged(error, DbError::lasting(Fault::Login)),
        "28000" | "28P01" => logged(
            error,
            DbError::version("The database refuses this login. Check the name and password in its URL."),
        ),
        "3D000" => logged(
            error,
            DbError::version("There is no database of that name on the server. Check the URL."),
        ),
        // An api schema that is missing, or was rebuilt under a prepared statement: a new connection tells which.
        "42883" | "3F000" | "42P01" | "0A000" => logged(
            error,
            DbError::passing(Fault::Version(SafeText::line(
                "The database was not set up by this version of Pine Time. Run `pine-time db migrate`.",
            ))),
        ),
        "40001" | "40P01" | "55P03" => DbError::passing(Fault::Busy),
        "57014" => DbError::passing(Fault::Slow),
        "53300" => DbError::passing(Fault::Offline(SafeText::from("it has no connection free"))),
        // An administrator's doing, or a time limit of the server's that ended the connection.
        "57P01" | "57P02" | "57P03" | "57P04" | "57P05" | "25P03" => {
            DbError::passing(Fault::Offline(SafeText::from("it is being restarted")))
        }
        // Closed for maintenance, or something in it is not ready yet.
        "55000" | "55006" => logged(
            error,
            DbError::passing(Fault::Offline(SafeText::from("it takes no calls at the moment"))),
        ),
        "25006" => DbError::passing(Fault::Offline(SafeText::from(
            "it accepts no changes at the moment",
        ))),
        "53100" => logged(
            error,
            DbError::passing(Fault::Offline(SafeText::from("its disk is full"))),
        ),
        // The machine's trouble: memory, files.
        code if code.starts_with("53") || code.starts_with("58") => logged(
            error,
            DbError::passing(Fault::Offline(SafeText::from("its machine is in trouble"))),
        ),
        // A statement that was prepared is not there, or one of that name is: somebody else's, of the same pooler.
        "26000" | "42P05" => logged(
            error,
            DbError::passing(Fault::Version(SafeText::line(MIXES_STATEMENTS))),
        ),
        "08P01" => of_pooler(error),
        code if code.starts_with("08") => {
            DbError::passing(Fault::Offline(SafeText::from("the connection was lost")))
        }
        // The messages of data exceptions quote the value.
        code if code.starts_with("22") => DbError::internal(&format_args!("data exception {code}")),
        _ => DbError::internal(error),
    }
}

/// PgBouncer says everything of its own with one code; which it is stands in the text alone.
fn of_pooler(error: &PgDatabaseError) -> DbError {
    let said = error.message();
    let starts = |with: &[&str]| with.iter().any(|with| said.starts_with(with));
    let answer = if starts(&["unsupported startup parameter"]) {
        DbError::version(
            "The pooler in front of the database refuses a setting. Add ignore_startup_parameters = extra_float_digits \
             to PgBouncer's file.",
        )
    } else if starts(&["no such database"]) || (starts(&["database "]) && said.ends_with(" does not exist")) {
        DbError::version("The pooler in front of the database has no database of that name. Check the URL.")
    } else if starts(&["no such user", "no such login", "bouncer config error"]) {
        DbError::version(
            "The pooler in front of the database refuses this login. Check PgBouncer's auth_file.",
        )
    } else if starts(&["password authentication failed", "SASL authentication failed"]) {
        DbError::version("The database refuses this login. Check the name and password in its URL.")
    } else if starts(&["no more connections allowed", "query_wait_timeout"]) {
        DbError::passing(Fault::Offline(SafeText::from(
            "its pooler has no connection free",
        )))
    } else {
        DbError::passing(Fault::Offline(SafeText::from("the connection was lost")))
    };
    logged(error, answer)
}

fn logged(error: &PgDatabaseError, as_error: DbError) -> DbError {
    tracing::error!(
        code = error.code(),
        message = error.message(),
        "refused by the database"
    );
    as_error
}

/// The constraints that a value of a person can meet although the api looked before: somebody was faster.
fn of_constraint(error: &PgDatabaseError) -> DbError {
    let (field, why) = match error.constraint().unwrap_or_default() {
        "users_username_key" => ("username", "That user name is taken."),
        "users_email_key" => ("email", "Somebody has that e-mail address already."),
        "events_end_after_start" => ("end_time", "The end must come after the start."),
        "events_max_participants_not_negative" => {
            ("max_participants", "Seats are a whole number, 0 or more.")
        }
        "events_points_reward_not_negative" => ("points_reward", "Points are a whole number, 0 or more."),
        "events_price_not_negative" => ("price", "A price is 0 or more."),
        "users_user_type_known" => ("user_type", "A role is one of regular, staff, admin."),
        _ => return DbError::internal(error),
    };
    DbError::lasting(Fault::Invalid {
        field: field.to_owned(),
        why: SafeText::line(why),
    })
}
