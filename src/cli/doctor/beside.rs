//! What stands beside the database: the way on which hints are heard, and the standby.

use std::time::Duration;

use crate::config::Config;
use crate::ops::doctor::{self, Look};
use crate::ops::owner;

use super::super::connect;
use super::Finding;
use super::database::{LIMIT, place};

/// Behind by more than this, a standby is something to mind.
const FAR_BEHIND: Duration = Duration::from_secs(60);

/// Whether what one terminal notifies is heard by another.
pub(super) async fn hints(config: &Config, url: &str) -> Finding {
    let listen = connect::settings(config, url.to_owned()).listen_url;
    let way = if listen.is_some() {
        "database.listen_url"
    } else {
        "database.url"
    };
    let heard = doctor::hears(listen.as_deref().unwrap_or(url), url);
    match tokio::time::timeout(LIMIT, heard).await {
        Ok(Ok(true)) => Finding::right("hints", "doors hear of one another at once"),
        Ok(Ok(false)) => Finding::note(
            "hints",
            format!(
                "nothing is heard over {way}, as through a pooler that lends connections for a transaction; doors look every second"
            ),
            "set database.listen_url to the server itself",
        ),
        Ok(Err(error)) => Finding::wrong(
            "hints",
            format!("nothing is heard over {way}: {}", owner::words(&error)),
            "correct database.listen_url",
        ),
        Err(_) => Finding::wrong(
            "hints",
            format!("nothing is heard over {way}: it does not answer"),
            "correct database.listen_url, or look for a firewall in between",
        ),
    }
}

/// The standby, if there is to be one.
pub(super) async fn standby(config: &Config, primary: &Look) -> Option<Finding> {
    let url = config
        .database
        .read_url
        .as_ref()
        .filter(|_| config.database.url.is_some())?;
    let remedy = "see that it runs and that database.read_url is right; until then database.url is asked";
    let place = place(url);
    let look = match tokio::time::timeout(LIMIT, doctor::look(url.expose())).await {
        Ok(Ok(look)) => look,
        Ok(Err(error)) => {
            let says = format!("{place} cannot be used: {}", owner::words(&error));
            return Some(Finding::wrong("standby", says, remedy));
        }
        Err(_) => {
            let says = format!("{place} does not answer within {} seconds", LIMIT.as_secs());
            return Some(Finding::wrong("standby", says, remedy));
        }
    };
    if !look.server.is_standby {
        return Some(Finding::note(
            "standby",
            format!("{place} follows no other server"),
            "set database.read_url to a standby of the server that database.url leads to",
        ));
    }
    Some(match look.server.behind(&primary.server) {
        Some(behind) if behind > FAR_BEHIND => Finding::wrong(
            "standby",
            format!("{place} is {} seconds behind", behind.as_secs()),
            "see whether it is connected to the primary: leaderboards and insights are as old",
        ),
        Some(behind) => Finding::right("standby", format!("{place}, {} seconds behind", behind.as_secs())),
        None => Finding::right("standby", format!("{place}, up to date")),
    })
}
