//! `pine-time` without a command: the screens, over the configured database or the private PostgreSQL. The screens
//! are on the terminal before anything else is looked for; what is done to reach the database is told there.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use crate::cluster::{self, Cluster, Role};
use crate::config::{Config, Places, ThemeName};
use crate::db::{Db, Desk};
use crate::domain::SafeText;
use crate::domain::when::Zone;
use crate::door::{DoorDesk, Memory};
use crate::ops::migrate;
use crate::term::{self, Parting, Screens};
use crate::ui::Theme;

use super::connect;
use super::sample::{self, Demo};
use super::{Exit, logging};

/// Opens the screens and stays there until they are left. With a demo, over its sample community.
pub(super) fn run(config: &Config, demo: Option<Demo>, rehearse: bool) -> ExitCode {
    let screens = Screens {
        rehearse,
        ..screens(config)
    };
    show(screens, config, demo)
}

/// Opens the kiosk, and stays there until its attendant or the system ends it.
pub(super) fn run_kiosk(config: &Config) -> ExitCode {
    let screens = Screens {
        kiosk: true,
        lock_after: None,
        // Whoever stands there is where the community is, whatever zone the machine is set to.
        zone: None,
        ..screens(config)
    };
    show(screens, config, None)
}

fn screens(config: &Config) -> Screens {
    Screens {
        theme: theme(config),
        zone: zone_here(),
        mouse: config.terminal.mouse,
        flash: config.door.flash,
        bell: config.door.bell,
        lock_after: config.terminal.lock_after(),
        device: SafeText::line(&config.terminal.name_here()),
        rehearse: false,
        kiosk: false,
        kiosk_idle: config.terminal.kiosk_idle(),
    }
}

fn show(screens: Screens, config: &Config, demo: Option<Demo>) -> ExitCode {
    let kiosk = screens.kiosk;
    let (progress, stages) = mpsc::unbounded_channel();
    let kept = Arc::new(Kept::default());
    let (settings, keep) = (config.clone(), Arc::clone(&kept));
    let way = async move || find_desk(&settings, demo, kiosk, &keep, &progress).await;
    let parting = match term::run(screens, way, stages) {
        Ok(parting) => parting,
        Err(refused) => {
            super::output::say(&format!("pine-time: {refused}"));
            return Exit::Usage.into();
        }
    };
    drop(lock(&kept).take());
    if parting == Parting::Restart {
        return super::kiosk::start_again();
    }
    // After a hang-up there is nobody left to tell.
    if let Parting::Quit { unconfirmed: n @ 1.. } = parting {
        let changes = if n == 1 {
            "one change was".to_owned()
        } else {
            format!("{n} changes were")
        };
        eprintln!(
            "pine-time: {changes} not confirmed by the database before you left, and may or may not be there; {}.",
            logging::where_to_look()
        );
    }
    parting.exit_code()
}

/// This process's share of the private PostgreSQL; given back when the screens have been left.
type Kept = Mutex<Option<Cluster>>;

fn lock(kept: &Kept) -> MutexGuard<'_, Option<Cluster>> {
    // Replaced whole; a panic elsewhere cannot leave half of one.
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The zone of who sits here: `TZ`, as `ssh -o SendEnv=TZ` brings it along, else the machine's.
fn zone_here() -> Option<Zone> {
    let named = std::env::var("TZ").ok().filter(|name| !name.is_empty());
    let name = named.or_else(|| iana_time_zone::get_timezone().ok())?;
    name.trim_start_matches(':').parse().ok()
}

fn theme(config: &Config) -> Theme {
    let theme = match config.theme.name {
        _ if !config.theme.uses_colour() => Theme::plain(),
        ThemeName::Terminal => Theme::terminal(),
        ThemeName::Highland => Theme::highland(),
    };
    theme.ascii(config.theme.ascii)
}

/// The way to the database. A configured one is not looked at here: the first call does, and goes on trying.
async fn find_desk(
    config: &Config,
    demo: Option<Demo>,
    kiosk: bool,
    kept: &Kept,
    progress: &mpsc::UnboundedSender<SafeText>,
) -> Result<DoorDesk, SafeText> {
    let tell = |line: &str| drop(progress.send(SafeText::from(line)));
    let url = if let Some(url) = &config.database.url {
        url.expose().to_owned()
    } else {
        tell("Starting the private PostgreSQL");
        let options = cluster::Options {
            watch: true,
            ..connect::cluster_options(config)
        };
        let cluster = Cluster::join(&options)
            .await
            .map_err(|error| SafeText::from(format!("{error}.")))?;
        let owner = cluster.url(Role::Owner, cluster::DATABASE);
        let role = if kiosk { Role::Kiosk } else { Role::Staff };
        let login = cluster.url(role, cluster::DATABASE);
        let admin = cluster.url(Role::Admin, "postgres");
        // Kept before the migration: it may be interrupted, the server is shared all the same.
        *lock(kept) = Some(cluster);
        let prepared = if let Some(demo) = demo {
            sample::prepare(demo, &owner, &admin, tell).await
        } else {
            tell("Bringing the database up to date");
            migrate::migrate(&owner).await.map(drop).map_err(Into::into)
        };
        prepared.map_err(|error| SafeText::from(error.message().unwrap_or_default()))?;
        login
    };
    let device = kiosk.then(|| super::kiosk::device_file(&url)).flatten();
    let memory = Places::of_system()
        .state_dir
        .filter(|_| !kiosk)
        .map(|folder| Memory::new(&folder, &url));
    let db =
        Db::new(connect::settings(config, url)).map_err(|error| SafeText::from(error.fault.to_string()))?;
    let mut desk = Desk::new(db);
    if let Some(device) = device {
        // Looked up with every call: a device that joins while it shows that it has not need not start again.
        desk = desk.at_kiosk(move || {
            device.read().unwrap_or_else(|error| {
                tracing::error!(path = %device.path().display(), %error, "the kiosk's secret cannot be used");
                None
            })
        });
    }
    Ok(DoorDesk { desk, memory })
}
