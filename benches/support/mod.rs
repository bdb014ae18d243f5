//! What the benches over a database share: a private PostgreSQL of their own, the figures of many calls, and pgbench to
//! hold beside them. What is measured, and on which data, stands in each bench.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Duration;

use pine_time::cluster::{self, Cluster, Options};

/// On how many threads many connections are served, pgbench's as well as ours.
pub(crate) const THREADS: usize = 2;

/// Whether it is to run small, as `cargo test --benches` says.
pub(crate) fn is_small() -> bool {
    std::env::args().any(|arg| arg == "--test")
}

/// Runs a bench to its end.
pub(crate) fn block_on<T>(bench: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(bench)
}

/// Measures on a private PostgreSQL that is made for it and goes with it, also when the bench ends early.
pub(crate) async fn on_private_postgres(options: Options, measure: impl AsyncFnOnce(&Cluster)) {
    let folder = tempfile::tempdir().unwrap();
    // Root's server runs as another user, who must be able to walk in.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let options = Options {
        data_dir: Some(folder.path().join("data")),
        // Ourselves started as a reaper would measure once more.
        reaper: Some(env!("CARGO_BIN_EXE_pine-time").into()),
        ..options
    };
    let cluster = Cluster::join(&options).await.unwrap();
    measure(&cluster).await;
    cluster.leave_running().unwrap();
    cluster::stop(&options).await.unwrap();
}

/// What many calls came to.
pub(crate) struct Figures {
    /// Calls a second.
    pub(crate) per_second: f64,
    /// Half of them took at most so long.
    pub(crate) p50: Duration,
    /// Ninety-nine of a hundred took at most so long.
    pub(crate) p99: Duration,
}

impl Figures {
    /// Of calls that took so long each, all together in this time.
    pub(crate) fn of(whole: Duration, mut took: Vec<Duration>) -> Self {
        took.sort();
        Self {
            per_second: took.len() as f64 / whole.as_secs_f64(),
            p50: took[took.len() / 2],
            p99: took[took.len() * 99 / 100],
        }
    }

    /// The rate of one side beside another's, where both take turns: the middle of the rounds' own ratios, because a machine
    /// that slows down for a minute slows both sides of the rounds in it.
    pub(crate) fn ratio(of: &[Self], beside: &[Self]) -> f64 {
        let mut ratios: Vec<f64> = of
            .iter()
            .zip(beside)
            .map(|(one, other)| one.per_second / other.per_second)
            .collect();
        ratios.sort_by(f64::total_cmp);
        ratios[ratios.len() / 2]
    }

    /// The round in the middle, by throughput.
    pub(crate) fn middle(mut rounds: Vec<Self>) -> Self {
        rounds.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        rounds.swap_remove(rounds.len() / 2)
    }
}

/// One call of pgbench's.
pub(crate) struct Done {
    /// Its number on its connection, from 0.
    pub(crate) turn: usize,
    /// How long it took.
    pub(crate) took: Duration,
    /// When it was answered, since 1970.
    pub(crate) at: Duration,
}

/// What pgbench tells.
pub(crate) struct Pgbench {
    /// Calls a second, connecting left out.
    pub(crate) per_second: f64,
    /// Every call.
    pub(crate) done: Vec<Done>,
}

/// Runs a script with `pgbench -M prepared`, so many times on each of so many connections; `:n` is 0 at first.
pub(crate) fn pgbench(url: &str, script: &str, connections: usize, each: usize) -> Pgbench {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("script.sql");
    std::fs::write(&file, script).unwrap();
    let output = Command::new("pgbench")
        .current_dir(folder.path())
        .args(["-n", "-M", "prepared", "-D", "n=0", "--log", "--log-prefix=took"])
        .args([
            "-c",
            &connections.to_string(),
            "-j",
            &connections.min(THREADS).to_string(),
        ])
        .args(["-t", &each.to_string()])
        .arg("-f")
        .arg(&file)
        .arg(url)
        .output()
        .expect("pgbench, which comes with PostgreSQL's contrib package");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}");
    let per_second = text
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
        .unwrap_or_else(|| panic!("no throughput in:\n{text}"));
    let mut done = Vec::with_capacity(connections * each);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_string_lossy().starts_with("took") {
            continue;
        }
        // Client, turn, microseconds, script, and when: seconds and microseconds.
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let field: Vec<u64> = line.split(' ').map(|field| field.parse().unwrap()).collect();
            done.push(Done {
                turn: usize::try_from(field[1]).unwrap(),
                took: Duration::from_micros(field[2]),
                at: Duration::from_secs(field[4]) + Duration::from_micros(field[5]),
            });
        }
    }
    assert_eq!(done.len(), connections * each, "pgbench did not do all of it");
    Pgbench { per_second, done }
}
