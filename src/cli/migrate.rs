//! `db migrate`: brings the configured database, or the private one, to this program's version.

use std::io::Write;

use serde_json::json;

use crate::cluster::{DATABASE, Role};
use crate::config::Config;
use crate::ops::migrate;

use super::output::Out;
use super::{CliError, connect};

pub(super) fn run(config: &Config, json: bool, out: &mut Out<impl Write>) -> Result<(), CliError> {
    let done = super::run::block_on(async {
        if let Some(url) = &config.database.url {
            return Ok(migrate::migrate(url.expose()).await?);
        }
        let cluster = connect::join(config).await?;
        let done = migrate::migrate(&cluster.url(Role::Owner, DATABASE)).await;
        cluster.leave();
        Ok(done?)
    })?;
    if json {
        out.json(&json!({"schema": done.schema, "applied": done.applied, "api_rebuilt": done.api_rebuilt}))?;
    } else {
        out.line(match (done.applied, done.api_rebuilt) {
            (0, false) => format!("The database is up to date (migration {}).", done.schema),
            (0, true) => format!(
                "The functions were rebuilt; the tables are at migration {}.",
                done.schema
            ),
            (1, _) => format!("Applied one migration; the database is at {}.", done.schema),
            (many, _) => format!("Applied {many} migrations; the database is at {}.", done.schema),
        })?;
    }
    out.flush()
}
