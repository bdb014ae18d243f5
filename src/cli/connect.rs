//! How a command gets to its database and who it is there: the configured one, else the private PostgreSQL; a member
//! who signs in for the command, else the database's owner. However the command ends, the session ends with it.

use std::future::Future;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};

use crate::cluster::{self, Cluster, ClusterError, Role};
use crate::config::{Config, DatabaseUrl, Places};
use crate::db::{Db, DbError, Desk, Settings, Token};
use crate::domain::community::Community;
use crate::domain::{Answer, Call, Fault, Nonce, Secret};
use crate::door::Memory;
use crate::ops::migrate::{self, MigrateError};
use crate::ops::owner;

use super::CliError;
use super::password::{self, PasswordArgs};
use super::run::{self, Stop};

/// How long a write outside of the desk is tried again while the trouble is passing.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(250);

/// Who a command acts for.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct AsArgs {
    /// Sign in as this member for the command; the password comes from `PINE_TIME_PASSWORD` or a prompt. Without
    /// it the command acts as the owner of the database, which needs the owner's login.
    #[arg(id = "as", long = "as", value_name = "NAME")]
    pub(super) name: Option<String>,
}

/// Who a command acts for, where standard input may hold the password.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct SignInArgs {
    #[command(flatten)]
    who: AsArgs,
    /// Read that member's password from the first line of standard input.
    #[arg(long, requires = "as")]
    password_stdin: bool,
}

/// Who the database is told is acting.
#[derive(Debug, Clone)]
pub(super) enum Who {
    /// Its owner, recorded with the name of the system's user.
    Owner,
    /// A member.
    Member {
        /// User name or e-mail address.
        name: String,
        /// Theirs.
        password: Secret,
    },
}

impl AsArgs {
    /// Asks for the password, if there is a name.
    pub(super) fn who(self) -> Result<Who, CliError> {
        SignInArgs {
            who: self,
            password_stdin: false,
        }
        .who()
    }
}

impl SignInArgs {
    /// Asks for the password, if there is a name.
    pub(super) fn who(self) -> Result<Who, CliError> {
        let Some(name) = self.who.name else {
            return Ok(Who::Owner);
        };
        let args = PasswordArgs {
            password_stdin: self.password_stdin,
        };
        let password = password::existing(args, &format!("Password of {}: ", name.escape_debug()))?;
        Ok(Who::Member { name, password })
    }
}

/// A signed-in command.
pub(super) struct Visit {
    pub(super) db: Db,
    pub(super) desk: Desk,
    pub(super) token: Token,
    pub(super) community: Community,
    /// The community's clock before this machine's.
    pub(super) clock_ahead: TimeDelta,
    /// Who acts, as the database's request log calls them.
    pub(super) operator: String,
    /// Where a door keeps what must not be lost; none for a user without a home folder.
    pub(super) memory: Option<Memory>,
    who: Who,
    /// This process's share of the private PostgreSQL.
    cluster: Option<Cluster>,
}

/// Connects, signs in, does the work, and signs out again, also when a signal ends the work.
pub(super) fn visit<T>(
    config: &Config,
    who: Who,
    work: impl AsyncFnOnce(&mut Visit) -> Result<T, CliError>,
) -> Result<T, CliError> {
    run::block_on_until(async |stop: Stop| {
        let mut visit = stop.or(Box::pin(Visit::begin(config, who))).await?;
        let result = stop.or(Box::pin(work(&mut visit))).await;
        visit.end().await;
        result
    })
}

impl Visit {
    async fn begin(config: &Config, who: Who) -> Result<Self, CliError> {
        let (url, cluster) = if let Some(url) = &config.database.url {
            (url.expose().to_owned(), None)
        } else {
            let cluster = join(config).await?;
            let role = if matches!(who, Who::Owner) {
                Role::Owner
            } else {
                Role::Staff
            };
            (cluster.url(role, cluster::DATABASE), Some(cluster))
        };
        let memory = Places::of_system()
            .state_dir
            .map(|folder| Memory::new(&folder, &url));
        // What a command prints does not say how old it is: it is read at the database itself.
        let settings = Settings {
            read_url: None,
            ..settings(config, url)
        };
        let db = Db::new(settings).map_err(fault)?;
        let community = match (community(&db).await, &cluster) {
            // The private database is ours to bring up to date; nobody else will.
            (Err(Fault::Version(_)), Some(cluster)) => {
                migrate::migrate(&cluster.url(Role::Owner, cluster::DATABASE)).await?;
                community(&db).await?
            }
            (community, _) => community?,
        };
        let clock_ahead = clock_ahead(&db).await?;
        let (token, operator) = sign_in(&db, &who).await?;
        let desk = Desk::with_token(db.clone(), token.clone());
        Ok(Self {
            db,
            desk,
            token,
            community,
            clock_ahead,
            operator,
            memory,
            who,
            cluster,
        })
    }

    /// Sends a call that the desk knows; what is tried again is told on standard error once.
    pub(super) async fn ask(&self, call: Call) -> Result<Answer, Fault> {
        let told = |tries: u32, fault: &Fault| {
            if tries == 1 {
                eprintln!("pine-time: {fault} Trying again.");
            }
        };
        self.desk.answer(call, told).await.0
    }

    /// Sends a write that the desk does not know, again with the same nonce while the trouble is passing.
    pub(super) async fn write<T, F>(&self, send: impl Fn(Db, Token, Nonce) -> F) -> Result<T, CliError>
    where
        F: Future<Output = Result<T, DbError>>,
    {
        let began = Instant::now();
        let nonce = Nonce::new_v4();
        loop {
            match send(self.db.clone(), self.token.clone(), nonce).await {
                Err(error) if error.transient && began.elapsed() < PATIENCE => {
                    tokio::time::sleep(PAUSE).await;
                }
                result => {
                    tracing::info!(request = %nonce, done = result.is_ok(), "a command's write");
                    return result.map_err(fault);
                }
            }
        }
    }

    /// Signs in once more, after the session has run out.
    pub(super) async fn renew(&mut self) -> Result<(), CliError> {
        (self.token, self.operator) = sign_in(&self.db, &self.who).await?;
        self.desk = Desk::with_token(self.db.clone(), self.token.clone());
        Ok(())
    }

    async fn end(self) {
        self.desk.close().await;
        if let Some(cluster) = self.cluster {
            cluster.leave();
        }
    }
}

/// Takes a share of the private PostgreSQL.
pub(super) async fn join(config: &Config) -> Result<Cluster, CliError> {
    Ok(Cluster::join(&cluster_options(config)).await?)
}

/// How to run the private PostgreSQL.
pub(super) fn cluster_options(config: &Config) -> cluster::Options {
    cluster::Options {
        data_dir: config.cluster.data_dir.clone(),
        bin_dir: config.cluster.bin_dir.clone(),
        ..cluster::Options::default()
    }
}

/// How the data layer is to reach a database.
pub(super) fn settings(config: &Config, url: String) -> Settings {
    // The private PostgreSQL has neither.
    let beside = |beside: &Option<DatabaseUrl>| {
        let is_configured = config.database.url.as_ref().is_some_and(|it| it.expose() == url);
        beside
            .as_ref()
            .filter(|_| is_configured)
            .map(|it| it.expose().to_owned())
    };
    Settings {
        listen_url: beside(&config.database.listen_url),
        read_url: beside(&config.database.read_url),
        pool_size: config.database.pool_size,
        max_overflow: config.database.max_overflow,
        pool_timeout: config.database.pool_timeout(),
        pool_recycle: config.database.pool_recycle(),
        call_timeout: config.database.call_timeout(),
        client_told: crate::config::ssh_client(|name| std::env::var(name).ok()),
        ..Settings::new(url, config.terminal.name_here())
    }
}

/// How far the community's clock is before this machine's. Asked once more: the first question also made the
/// connection, and how long that took says nothing of when the clock was read.
async fn clock_ahead(db: &Db) -> Result<TimeDelta, Fault> {
    let asked = Utc::now();
    let clock = community(db).await?.clock;
    Ok(clock - (asked + (Utc::now() - asked) / 2))
}

async fn community(db: &Db) -> Result<Community, Fault> {
    match Desk::new(db.clone()).answer(Call::Community, |_, _| {}).await.0? {
        Answer::Community(community) => Ok(community),
        _ => Err(Fault::Internal),
    }
}

/// The session's token, and who has it.
async fn sign_in(db: &Db, who: &Who) -> Result<(Token, String), CliError> {
    match who {
        Who::Owner => db
            .owner_session(&system_user())
            .await
            .map(|token| (token, format!("owner:{}", system_user())))
            .map_err(|error| match error.fault {
                Fault::NotAllowed(_) | Fault::Login => CliError::Refused(
                    "This database login is not the owner's; say who you are with --as NAME.".to_owned(),
                ),
                fault => fault.into(),
            }),
        Who::Member { name, password } => match db.sign_in(name, password).await.map_err(fault)? {
            Some(signed_in) => Ok((signed_in.token, format!("user:{}", signed_in.me.user_id.0))),
            None => Err(CliError::Refused("Name and password do not match.".to_owned())),
        },
    }
}

/// The name of the system's user, for the records.
pub(super) fn system_user() -> String {
    let uid = nix::unistd::getuid();
    nix::unistd::User::from_uid(uid)
        .ok()
        .flatten()
        .map_or_else(|| uid.to_string(), |user| user.name)
}

fn fault(error: DbError) -> CliError {
    error.fault.into()
}

impl From<ClusterError> for CliError {
    fn from(error: ClusterError) -> Self {
        Self::Failed(format!("{error}."))
    }
}

impl From<MigrateError> for CliError {
    fn from(error: MigrateError) -> Self {
        tracing::error!(error = ?error, "migrating failed");
        match &error {
            MigrateError::Connect(why) if owner::is_refusal(why) => Self::Refused(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}
