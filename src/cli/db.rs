//! `pine-time db`: starting, stopping and looking at the database, its URL, its roles. Without a configured database all
//! of it is about the private PostgreSQL; what is said on standard output is made to be read by programs too.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection};

use crate::cluster::{self, Cluster, ClusterError, Options, Reap, Role, Status, Stopped};
use crate::domain::SafeText;
use crate::ops::roles::{self, GroupRoles, Login, LoginRole};

/// The commands under `db`.
#[derive(Debug, Clone, Subcommand)]
pub enum DbCommand {
    /// Start the private PostgreSQL and leave it running until `db stop`
    Start,
    /// Stop the private PostgreSQL, whoever is using it
    Stop,
    /// Print the database's URL, for psql and other programs; starts the private PostgreSQL and leaves it running
    Url {
        /// Whom to connect as
        #[arg(long, value_enum, default_value = "owner")]
        role: UrlRole,
    },
    /// The group roles of the database server
    #[command(subcommand)]
    Roles(RolesCommand),
    /// Show where the database is and whether it runs
    Status,
    /// Stop the private PostgreSQL when nobody uses it any more (started by the program itself)
    #[command(hide = true)]
    Reap(ReapArgs),
}

/// The commands under `db roles`.
#[derive(Debug, Clone, Subcommand)]
pub enum RolesCommand {
    /// Make the group roles of owner, staff and kiosks; prints the SQL for a DBA when this login may not
    Create,
    /// Make a login for one terminal and print what was done; prints the SQL for a DBA when this login may not
    CreateLogin(LoginArgs),
}

/// The arguments of `db roles create-login`.
#[derive(Debug, Clone, Args)]
pub struct LoginArgs {
    /// How the login is called, up to 63 bytes
    name: String,
    /// What it is for; a kiosk's has few connections and short time limits
    #[arg(long, value_enum)]
    role: LoginFor,
}

/// What a login is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LoginFor {
    /// A staff terminal
    Staff,
    /// One kiosk
    Kiosk,
}

/// Whom `db url` is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UrlRole {
    /// Owns the data and migrates
    Owner,
    /// Staff terminals
    Staff,
    /// Kiosks
    Kiosk,
}

/// The arguments of `db reap`.
#[derive(Debug, Clone, Args)]
pub struct ReapArgs {
    /// The data directory whose server to stop
    #[arg(long)]
    data_dir: PathBuf,
    /// How long nobody must have been there, in milliseconds
    #[arg(long, default_value_t = 0)]
    linger_ms: u64,
    /// Wait for everybody to go, rather than end when somebody is there
    #[arg(long)]
    watch: bool,
}

impl From<UrlRole> for Role {
    fn from(role: UrlRole) -> Self {
        match role {
            UrlRole::Owner => Self::Owner,
            UrlRole::Staff => Self::Staff,
            UrlRole::Kiosk => Self::Kiosk,
        }
    }
}

/// Which database the commands are about.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The configured database; `None` means the private PostgreSQL.
    pub database_url: Option<String>,
    /// How to run the private PostgreSQL.
    pub cluster: Options,
    /// One JSON document on standard output instead of sentences.
    pub json: bool,
}

/// Why a `db` command failed. `Display` is the sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The private PostgreSQL cannot be had.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The command is for the private PostgreSQL only.
    #[error(
        "A database is configured ({0}), which Pine Time neither starts nor stops: its administrator does"
    )]
    NotPrivate(String),
    /// The configured URL is none.
    #[error(
        "The configured database URL cannot be read: it must look like postgresql://user:password@host/database (special \
         characters percent-encoded)"
    )]
    Url,
    /// The configured URL is for one login, which cannot be exchanged.
    #[error("The configured database URL is for one login: --role works on the private PostgreSQL only")]
    OneLogin,
    /// The configured database cannot be reached.
    #[error("{at} cannot be reached: {why}")]
    Connect {
        /// Where it should be.
        at: String,
        /// The system's or the server's reason.
        why: String,
    },
    /// The roles could not be made.
    #[error("The roles could not be made: {0}")]
    Roles(String),
    /// This login may not make roles.
    #[error(
        "This login may not make roles. Have the server's administrator run the SQL that was printed (it is safe to run \
         again), then go on with: pine-time db migrate"
    )]
    NeedsDba,
    /// No login can be called so.
    #[error("No login can be called “{}”: a name has 1 to 63 bytes and does not begin with pg_", .0.escape_debug())]
    LoginName(String),
    /// Somebody has the name.
    #[error("There is a role called “{}” already; nothing was done", .0.escape_debug())]
    LoginTaken(String),
    /// The group roles are missing.
    #[error(
        "The roles pine_staff and pine_kiosk are not there yet. Make them first: pine-time db roles create"
    )]
    NoGroups,
    /// This login may not make that login.
    #[error("This login may not make roles. Have the server's administrator run the SQL that was printed")]
    LoginNeedsDba,
    /// Standard output is closed or full.
    #[error("Nothing could be written to standard output: {0}")]
    Output(#[from] io::Error),
}

/// Whether a command must run before any configuration is read: the reaper has all it needs in its arguments, and must
/// not be kept from its work by a mistake in a file.
pub fn needs_no_config(command: &DbCommand) -> bool {
    matches!(command, DbCommand::Reap(_))
}

/// Runs a `db` command.
///
/// # Errors
/// One sentence for the user.
pub async fn run(command: DbCommand, target: &Target) -> Result<(), DbError> {
    match command {
        DbCommand::Start => start(target).await,
        DbCommand::Stop => stop(target).await,
        DbCommand::Url { role } => url(role, target).await,
        DbCommand::Roles(RolesCommand::Create) => create_roles(target).await,
        DbCommand::Roles(RolesCommand::CreateLogin(args)) => create_login(&args, target).await,
        DbCommand::Status => status(target).await,
        DbCommand::Reap(ReapArgs {
            data_dir,
            linger_ms,
            watch,
        }) => Ok(cluster::reap(Reap {
            data_dir,
            linger: Duration::from_millis(linger_ms),
            watch,
        })
        .await?),
    }
}

async fn start(target: &Target) -> Result<(), DbError> {
    only_private(target)?;
    Cluster::join(&target.cluster).await?.leave_running()?;
    show(&cluster::status(&target.cluster).await?, target.json)
}

async fn stop(target: &Target) -> Result<(), DbError> {
    only_private(target)?;
    let stopped = cluster::stop(&target.cluster).await?;
    if target.json {
        let sharing = match stopped {
            Stopped::WasNotRunning => None,
            Stopped::Stopped { sharing } => Some(sharing),
        };
        return document(&json!({ "stopped": sharing.is_some(), "sharing": sharing.unwrap_or(0) }));
    }
    line(&match stopped {
        Stopped::WasNotRunning => "The private PostgreSQL was not running.".to_owned(),
        Stopped::Stopped { sharing: 0 } => "The private PostgreSQL is stopped.".to_owned(),
        Stopped::Stopped { sharing: 1 } => {
            "The private PostgreSQL is stopped; one terminal was using it.".to_owned()
        }
        Stopped::Stopped { sharing } => {
            format!("The private PostgreSQL is stopped; {sharing} terminals were using it.")
        }
    })
}

async fn url(role: UrlRole, target: &Target) -> Result<(), DbError> {
    let url = match &target.database_url {
        Some(url) if role == UrlRole::Owner => url.clone(),
        Some(_) => return Err(DbError::OneLogin),
        None => {
            let cluster = Cluster::join(&target.cluster).await?;
            let url = cluster.url(role.into(), cluster::DATABASE);
            // Whoever asks for the URL connects later, without our knowing when.
            cluster.leave_running()?;
            url
        }
    };
    if target.json {
        document(&json!({ "url": url }))
    } else {
        line(&url)
    }
}

async fn create_roles(target: &Target) -> Result<(), DbError> {
    let outcome = if let Some(url) = &target.database_url {
        let mut connection = connect(url).await?;
        roles::create_group_roles(&mut connection)
            .await
            .map_err(|error| DbError::Roles(reason(&error)))?
    } else {
        // Joining makes them.
        Cluster::join(&target.cluster).await?.leave();
        GroupRoles::AlreadyThere
    };
    if target.json {
        let (created, sql) = match &outcome {
            GroupRoles::AlreadyThere => (Vec::new(), None),
            GroupRoles::Created(created) => (created.clone(), None),
            GroupRoles::NeedsDba => (Vec::new(), Some(roles::GROUP_ROLES_SQL)),
        };
        document(&json!({ "done": sql.is_none(), "created": created, "sql": sql }))?;
    } else {
        line(&match &outcome {
            GroupRoles::AlreadyThere => {
                "The roles pine_owner, pine_staff and pine_kiosk are there.".to_owned()
            }
            GroupRoles::Created(created) if created.is_empty() => {
                "pine_owner is now in pine_staff.".to_owned()
            }
            GroupRoles::Created(created) => format!("Created {}.", created.join(", ")),
            GroupRoles::NeedsDba => roles::GROUP_ROLES_SQL.trim_end().to_owned(),
        })?;
    }
    if outcome == GroupRoles::NeedsDba {
        Err(DbError::NeedsDba)
    } else {
        Ok(())
    }
}

async fn create_login(args: &LoginArgs, target: &Target) -> Result<(), DbError> {
    let role = match args.role {
        LoginFor::Staff => LoginRole::Staff,
        LoginFor::Kiosk => LoginRole::Kiosk,
    };
    let sql = roles::login_sql(&args.name, role).ok_or_else(|| DbError::LoginName(args.name.clone()))?;
    let (url, cluster) = if let Some(url) = &target.database_url {
        (url.clone(), None)
    } else {
        let cluster = Cluster::join(&target.cluster).await?;
        (cluster.url(Role::Admin, "postgres"), Some(cluster))
    };
    let mut connection = connect(&url).await?;
    let made = roles::create_login(&mut connection, &sql).await;
    drop(connection);
    if let Some(cluster) = cluster {
        cluster.leave();
    }
    let made = made.map_err(|error| DbError::Roles(reason(&error)))?;
    match made {
        Login::Taken => return Err(DbError::LoginTaken(args.name.clone())),
        Login::NoGroups => return Err(DbError::NoGroups),
        Login::Created | Login::NeedsDba => {}
    }
    let done = made == Login::Created;
    if target.json {
        document(&json!({ "done": done, "sql": sql }))?;
    } else {
        line(sql.trim_end())?;
        if done {
            super::output::say(&format!(
                "The login is there, without a password yet. Set one (in psql: \\password {}), or let it in otherwise.",
                args.name
            ));
        }
    }
    if done { Ok(()) } else { Err(DbError::LoginNeedsDba) }
}

async fn status(target: &Target) -> Result<(), DbError> {
    let Some(url) = &target.database_url else {
        return show(&cluster::status(&target.cluster).await?, target.json);
    };
    let connection = connect(url).await?;
    let at = place(url)?;
    let version = connection.server_version_num().map(readable).unwrap_or_default();
    if target.json {
        document(&json!({ "state": "configured", "at": at, "version": version }))
    } else {
        line(&format!("{at} answers: PostgreSQL {version}."))
    }
}

fn show(status: &Status, json: bool) -> Result<(), DbError> {
    if json {
        return document(&json!(status));
    }
    match status {
        Status::NotInitialised { data_dir } => line(&format!(
            "The private PostgreSQL has not been used yet; its data will be in {}.",
            data_dir.display()
        )),
        Status::Stopped { data_dir, version } => line(&format!(
            "The private PostgreSQL is stopped.\nversion  {version}\ndata     {}",
            data_dir.display()
        )),
        Status::Running {
            pid,
            version,
            data_dir,
            socket_dir,
            sharing,
            kept,
        } => line(&format!(
            "The private PostgreSQL runs.\nprocess  {pid}\nversion  {version}\ndata     {}\nsocket   {}\nshared   by {sharing}\nuntil    {}",
            data_dir.display(),
            socket_dir.display(),
            if *kept {
                "pine-time db stop"
            } else {
                "the last one leaves"
            },
        )),
    }
}

fn only_private(target: &Target) -> Result<(), DbError> {
    match &target.database_url {
        Some(url) => Err(DbError::NotPrivate(place(url)?)),
        None => Ok(()),
    }
}

async fn connect(url: &str) -> Result<PgConnection, DbError> {
    let options: PgConnectOptions = url.parse().map_err(|_| DbError::Url)?;
    let refused = |why| DbError::Connect {
        at: describe(&options),
        why,
    };
    match tokio::time::timeout(
        Duration::from_secs(10),
        options.clone().disable_statement_logging().connect(),
    )
    .await
    {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(refused(reason(&error))),
        Err(_) => Err(refused("no answer within 10 seconds".to_owned())),
    }
}

fn place(url: &str) -> Result<String, DbError> {
    url.parse()
        .map(|options| describe(&options))
        .map_err(|_| DbError::Url)
}

/// Where a database is, without the password.
fn describe(options: &PgConnectOptions) -> String {
    let host = options.get_socket().map_or_else(
        || format!("{}:{}", options.get_host(), options.get_port()),
        |socket| socket.display().to_string(),
    );
    format!(
        "{} at {host}",
        options.get_database().unwrap_or_else(|| options.get_username())
    )
}

/// The part of an error that a person can use.
fn reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::Tls(error) => format!("TLS: {error}"),
        _ => "the server's answer was not understood".to_owned(),
    }
}

/// `150018` → `15.18`.
fn readable(number: u32) -> String {
    format!("{}.{}", number / 10_000, number % 10_000)
}

fn document(value: &serde_json::Value) -> Result<(), DbError> {
    Ok(writeln!(
        io::stdout(),
        "{}",
        super::output::escaped(&value.to_string())
    )?)
}

fn line(text: &str) -> Result<(), DbError> {
    Ok(writeln!(io::stdout(), "{}", SafeText::paragraphs(text))?)
}
