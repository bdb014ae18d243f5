//! The child that stops the server when the last terminal has gone. It is a run of our own binary (`pine-time db reap`)
//! in a session of its own, so that the terminal that called it may be closed at once.

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::error::ClusterError;
use super::lock::Held;
use super::server::Site;
use super::{Options, account};

/// How long the child may take to be on its own before we leave regardless, in milliseconds.
const ON_ITS_OWN_WITHIN: u16 = 300;

/// How often the reaper looks whether the last program that is still connected has gone.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What a reaper is to do; the arguments of `pine-time db reap`.
#[derive(Debug, Clone)]
pub struct Reap {
    /// The data directory whose server to stop.
    pub data_dir: PathBuf,
    /// How long nobody must have been here.
    pub linger: Duration,
    /// Wait for everybody to go, instead of ending when somebody is here: who goes then need not call a reaper, so a
    /// killed process is noticed as well.
    pub watch: bool,
}

/// Starts a reaper and waits until it no longer depends on us.
pub(super) fn summon(site: &Site, watch: bool) -> io::Result<()> {
    let program = match &site.options.reaper {
        Some(program) => program.clone(),
        None => std::env::current_exe()
            .ok()
            .filter(|program| program.exists())
            .unwrap_or_else(|| {
                // The file was removed under the running program, as upgrades do; this link goes on working.
                PathBuf::from("/proc/self/exe")
            }),
    };
    let mut command = Command::new(program);
    command
        .args(["db", "reap", "--data-dir"])
        .arg(&site.paths.data_dir);
    command
        .arg("--linger-ms")
        .arg(site.options.linger.as_millis().to_string());
    if watch {
        command.arg("--watch");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(said) = child.stdout.take() {
        // Until it has a session of its own, the end of our terminal would be its end too.
        let mut wanted = [PollFd::new(said.as_fd(), PollFlags::POLLIN)];
        poll(&mut wanted, PollTimeout::from(ON_ITS_OWN_WITHIN))?;
    }
    Ok(())
}

/// Stops the server when nobody has been here for a while; ends at once when there is another reaper.
///
/// # Errors
/// The sentence for what went wrong; nobody reads it but the log.
pub async fn reap(task: Reap) -> Result<(), ClusterError> {
    // Fails only for the leader of a process group, who was not started by `summon` and depends on nobody.
    let _ = nix::unistd::setsid();
    let _ = std::env::set_current_dir("/");
    let _ = io::stdout()
        .write_all(b"on my own\n")
        .and_then(|()| io::stdout().flush());

    let site = Site::of(&Options {
        data_dir: Some(task.data_dir),
        ..Options::default()
    })?;
    let failed = |error| ClusterError::from_io(&site.paths.run, &account::my_name(), error);
    let Some(mut only) = site.locks.reaper().map_err(failed)? else {
        return Ok(());
    };
    let mut seen = None;
    let mut since = Instant::now();
    loop {
        let Some((still_only, alone)) = nobody_here(&site, only, task.watch).await.map_err(failed)? else {
            return Ok(());
        };
        only = still_only;
        if site.locks.is_kept() {
            finish(only, alone);
            return Ok(());
        }
        let change = site.locks.last_change().map_err(failed)?;
        if seen.replace(change) != Some(change) {
            since = Instant::now();
        }
        let rest = task.linger.saturating_sub(since.elapsed());
        if !rest.is_zero() {
            drop(alone);
            tokio::time::sleep(rest).await;
        } else if site.clients().await.is_some_and(|clients| clients > 0) {
            drop(alone);
            tokio::time::sleep(LOOK_AGAIN).await;
        } else {
            site.stop(&alone).await?;
            finish(only, alone);
            return Ok(());
        }
    }
}

/// The members' lock, or `None` when somebody is here who will call a reaper when leaving.
async fn nobody_here(site: &Site, only: Held, watch: bool) -> io::Result<Option<(Held, Held)>> {
    if watch {
        let locks = site.locks.clone();
        let alone = tokio::task::spawn_blocking(move || locks.until_nobody_is_here())
            .await
            .map_err(io::Error::other)??;
        return Ok(Some((only, alone)));
    }
    if let Some(alone) = site.locks.nobody_here()? {
        return Ok(Some((only, alone)));
    }
    // Whoever left in this moment may have found us holding `reaper` and relied on us. So: give it back, look again.
    drop(only);
    if site.locks.nobody_here()?.is_none() {
        return Ok(None);
    }
    let Some(only) = site.locks.reaper()? else {
        return Ok(None);
    };
    Ok(site.locks.nobody_here()?.map(|alone| (only, alone)))
}

/// `reaper` goes back before `members`: whoever comes in then finds that there is no reaper any more.
fn finish(only: Held, alone: Held) {
    drop(only);
    drop(alone);
}
