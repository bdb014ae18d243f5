//! The database as this program reaches it: link, TLS, role, versions, pool, clock, backups. What cannot be looked at
//! because something before it failed says so.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::cluster::{self, Cluster, DATABASE, Role, Status};
use crate::config::{Config, DatabaseUrl};
use crate::db::{Db, Desk};
use crate::domain::community::Community;
use crate::domain::{Answer, Call, Fault};
use crate::ops::doctor::{self, Look};
use crate::ops::owner;

use super::super::{CliError, connect, run};
use super::{Finding, beside};

/// How long a server may take to answer.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
/// Versions that Pine Time works with.
const SUPPORTED: std::ops::RangeInclusive<i32> = 15..=18;
/// A clock that is further off than this puts check-ins of a lost link into the wrong minute.
const CLOCK_LIMIT: f64 = 2.0;
/// With fewer free connections an evening's doors do not fit.
const FEW_CONNECTIONS: i64 = 10;

/// Every check that needs a link, in the order of the page.
const BEHIND_THE_LINK: [&str; 8] = [
    "TLS", "role", "server", "program", "pool", "hints", "clock", "backups",
];

pub(super) fn look(config: Option<&Config>) -> Result<Vec<Finding>, CliError> {
    let Some(config) = config else {
        return Ok(without(
            vec![Finding::unknown("link", "the settings are wrong")],
            "there is no link",
        ));
    };
    run::block_on(async { Ok(Box::pin(look_at(config)).await) })
}

async fn look_at(config: &Config) -> Vec<Finding> {
    if let Some(url) = &config.database.url {
        return visit(config, url.expose(), &place(url)).await;
    }
    let options = connect::cluster_options(config);
    match cluster::status(&options).await {
        Ok(Status::NotInitialised { data_dir }) => {
            let link = match cluster::server_programs(&options).await {
                Ok(version) => Finding::note(
                    "link",
                    format!(
                        "no database is configured, and the private PostgreSQL {version} has not been used yet; its data \
                         will be in {}",
                        data_dir.display()
                    ),
                    "pine-time demo makes one with a sample community; pine-time db migrate an empty one",
                ),
                Err(error) => Finding::wrong(
                    "link",
                    format!("{error}."),
                    "or set database.url to the address of a server",
                ),
            };
            without(vec![link], "there is no database yet")
        }
        Ok(_) => match Cluster::join(&options).await {
            Ok(cluster) => {
                let place = format!("the private PostgreSQL in {}", cluster.data_dir().display());
                let findings = visit(config, &cluster.url(Role::Owner, DATABASE), &place).await;
                cluster.leave();
                findings
            }
            Err(error) => no_private(&error),
        },
        Err(error) => no_private(&error),
    }
}

fn no_private(error: &cluster::ClusterError) -> Vec<Finding> {
    let link = Finding::wrong(
        "link",
        format!("{error}."),
        "see there; pine-time db status tells more",
    );
    without(vec![link], "there is no link")
}

/// The database without login and password.
pub(super) fn place(url: &DatabaseUrl) -> String {
    url.expose().parse::<PgConnectOptions>().map_or_else(
        |_| "the configured database".to_owned(),
        |options| {
            let host = options.get_socket().map_or_else(
                || format!("{}:{}", options.get_host(), options.get_port()),
                |socket| socket.display().to_string(),
            );
            format!(
                "{} at {host}",
                options.get_database().unwrap_or(options.get_username())
            )
        },
    )
}

async fn visit(config: &Config, url: &str, place: &str) -> Vec<Finding> {
    let look = match tokio::time::timeout(LIMIT, doctor::look(url)).await {
        Ok(Ok(look)) => look,
        Ok(Err(error)) => {
            let link = Finding::wrong(
                "link",
                format!("{place} cannot be used: {}", owner::words(&error)),
                if owner::is_refusal(&error) {
                    "correct name and password in database.url, or in ~/.pgpass"
                } else {
                    "see that the server runs and that database.url is right; pine-time config check shows who set it"
                },
            );
            return without(vec![link], "there is no link");
        }
        Err(_) => {
            let link = Finding::wrong(
                "link",
                format!("{place} does not answer within {} seconds", LIMIT.as_secs()),
                "see whether a firewall is in between, and whether the server is overloaded",
            );
            return without(vec![link], "there is no link");
        }
    };
    let community = community(config, url).await;
    let mut findings = vec![
        Finding::right("link", place),
        tls(&look, url),
        role(&look),
        server(&look),
        program(&community),
        pool(config, &look),
        beside::hints(config, url).await,
    ];
    findings.extend(beside::standby(config, &look).await);
    findings.extend(clock(&look, community.as_ref().ok()));
    findings.push(backups(&look, community.as_ref().ok()));
    findings
}

/// The page's other lines, which could not be looked at.
fn without(mut findings: Vec<Finding>, why: &str) -> Vec<Finding> {
    findings.extend(BEHIND_THE_LINK.map(|check| Finding::unknown(check, format!("not looked at: {why}"))));
    findings
}

async fn community(config: &Config, url: &str) -> Result<Community, Fault> {
    let db = Db::new(connect::settings(config, url.to_owned())).map_err(|error| error.fault)?;
    let desk = Desk::new(db);
    let answer = desk.answer(Call::Community, |_, _| {}).await.0;
    desk.close().await;
    match answer? {
        Answer::Community(community) => Ok(community),
        _ => Err(Fault::Internal),
    }
}

fn tls(look: &Look, url: &str) -> Finding {
    let server = &look.server;
    if server.is_local {
        return Finding::right("TLS", "not needed: the link is a socket on this machine");
    }
    if !server.is_encrypted {
        return Finding::wrong(
            "TLS",
            "the link is not encrypted: passwords of the database and all that members are shown can be read on the way",
            "set sslmode=verify-full in database.url, and a certificate on the server",
        );
    }
    let protocol = server.tls_version.clone().unwrap_or_else(|| "TLS".to_owned());
    let mode = url
        .parse::<PgConnectOptions>()
        .map(|options| options.get_ssl_mode());
    if matches!(mode, Ok(PgSslMode::VerifyFull)) {
        Finding::right("TLS", format!("{protocol}; the server's name is checked"))
    } else {
        Finding::note(
            "TLS",
            format!("{protocol}, but nobody checks whether it is the right server"),
            "set sslmode=verify-full in database.url",
        )
    }
}

fn role(look: &Look) -> Finding {
    let server = &look.server;
    let login = &server.login;
    if server.is_superuser {
        Finding::note(
            "role",
            format!("{login} is a superuser of the server"),
            "give terminals a login in pine_staff, administrators one in pine_owner",
        )
    } else if server.is_owner {
        Finding::right("role", format!("{login}, the owner's: may migrate and back up"))
    } else if server.is_staff {
        Finding::right("role", format!("{login}, a staff terminal's"))
    } else if server.is_kiosk {
        Finding::right("role", format!("{login}, a kiosk's"))
    } else {
        Finding::wrong(
            "role",
            format!("{login} is in none of pine_owner, pine_staff and pine_kiosk"),
            format!("have the server's administrator run: GRANT pine_staff TO \"{login}\""),
        )
    }
}

fn server(look: &Look) -> Finding {
    let server = &look.server;
    let says = format!("PostgreSQL {}", server.server_version);
    if !SUPPORTED.contains(&(server.server_number / 10_000)) {
        return Finding::wrong("server", says, "use PostgreSQL 15 to 18");
    }
    if server.encoding != "UTF8" {
        return Finding::wrong(
            "server",
            format!("{says}, whose database is encoded in {}", server.encoding),
            "make the database anew with ENCODING 'UTF8', and restore a backup into it",
        );
    }
    if server.is_standby {
        return Finding::wrong(
            "server",
            format!("{says}, a standby that takes no changes"),
            "set database.url to the primary",
        );
    }
    Finding::right("server", says)
}

fn program(community: &Result<Community, Fault>) -> Finding {
    let own = format!(
        "{}, migration {}",
        env!("CARGO_PKG_VERSION"),
        crate::db::schema::version()
    );
    match community {
        Ok(_) => Finding::right("program", format!("{own}; the database has the same")),
        Err(fault @ Fault::Version(said)) if said.as_str().starts_with("The pooler") => Finding::wrong(
            "program",
            fault.to_string(),
            "correct the pooler's settings, or set database.url to the server itself",
        ),
        Err(fault @ Fault::Version(_)) => Finding::wrong(
            "program",
            format!("{own}. {fault}"),
            "program and database have to be of one version: upgrade the older of the two",
        ),
        Err(fault) => Finding::wrong(
            "program",
            format!("{own}. The database's functions cannot be called: {fault}"),
            "pine-time db migrate, with the owner's login",
        ),
    }
}

fn pool(config: &Config, look: &Look) -> Finding {
    let most = i64::from(look.server.most_connections);
    let free = most - look.server.connections;
    let ours = config.database.pool_size + config.database.max_overflow;
    let says = format!(
        "{} and {} in a rush; the server has {free} of {most} connections free",
        config.database.pool_size, config.database.max_overflow
    );
    if free < FEW_CONNECTIONS {
        Finding::wrong(
            "pool",
            says,
            "raise max_connections on the server, or close what does not need it",
        )
    } else if i64::from(ours) > most {
        Finding::note(
            "pool",
            says,
            "this terminal alone may ask for more than there are: lower database.max_overflow",
        )
    } else {
        Finding::right("pool", says)
    }
}

fn clock(look: &Look, community: Option<&Community>) -> Vec<Finding> {
    let off = look.clock_ahead;
    let mut findings = vec![if off.abs() > CLOCK_LIMIT {
        let (seconds, way) = (off.abs(), if off > 0.0 { "before" } else { "behind" });
        Finding::wrong(
            "clock",
            format!("the server's clock is {seconds:.1} seconds {way} this machine's"),
            "set both by a time server (timedatectl set-ntp true): check-ins of a lost link are dated by this machine",
        )
    } else {
        Finding::right("clock", "this machine's and the server's agree")
    }];
    let Some(community) = community else {
        findings.push(Finding::unknown(
            "zone",
            "not looked at: the database's functions cannot be called",
        ));
        return findings;
    };
    if community.clock_offset_seconds != 0 {
        findings.push(Finding::wrong(
            "rules' clock",
            format!(
                "it was moved by {} seconds, for a test or a rehearsal",
                community.clock_offset_seconds
            ),
            "as the owner: UPDATE pine.clock_offset SET moved_by = interval '0'",
        ));
    }
    findings.push(Finding::right(
        "zone",
        format!("{}, the community's", community.time_zone),
    ));
    findings
}

fn backups(look: &Look, community: Option<&Community>) -> Finding {
    const REMEDY: &str = "pine-time backup create --verify; pine-time backup schedule does it every hour";
    if community.is_some_and(|community| community.is_demo) {
        return Finding::right("backups", "not needed: this is the sample community");
    }
    let Some(backup) = &look.backup else {
        return Finding::unknown("backups", "not looked at: this needs the owner's login");
    };
    match backup {
        None => Finding::wrong("backups", "none was ever verified", REMEDY),
        Some(backup) => {
            let hours = backup.age().num_hours();
            let says = format!("the last verified one, {}, is {hours} hours old", backup.name);
            if backup.is_old() {
                Finding::wrong("backups", says, REMEDY)
            } else {
                Finding::right("backups", says)
            }
        }
    }
}
