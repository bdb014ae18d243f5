//! Leaderboards of a community with a history, at 10,000, 100,000 and 1,000,000 members with about ten rows of the ledger
//! each, through the data layer on a private cluster of its own: the first page, the page around a member at the top, in
//! the middle and at the bottom, and a member's own rank, on every board; beside them the plain query that sums and ranks
//! the ledger. And `game verify` over it all: how long, and how much memory.
//!
//! `cargo bench --bench leaderboard` runs it, with numbers of members of one's own behind `--`; `-- --test` (as
//! `cargo test --benches` says) runs it small.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs
)]

#[allow(dead_code)]
mod support;

use std::time::{Duration, Instant};

use pine_time::cluster::{Cluster, Options, Role};
use pine_time::db::{Db, Settings, Token};
use pine_time::domain::board::{Board, Place};
use pine_time::domain::member::MemberId;
use pine_time::ops::{game, migrate};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Any page and any rank, p99.
const BUDGET: Duration = Duration::from_millis(5);
/// Rows of a page.
const PAGE: i32 = 40;

fn main() {
    let small = support::is_small();
    let mut sizes: Vec<i32> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    if small {
        sizes = vec![300];
    } else if sizes.is_empty() {
        sizes = vec![10_000, 100_000, 1_000_000];
    }
    for members in sizes {
        let options = Options {
            durable: false,
            ..Options::default()
        };
        support::block_on(support::on_private_postgres(options, async |cluster| {
            measure(cluster, members, if small { 2 } else { 200 }).await;
        }));
    }
}

async fn measure(cluster: &Cluster, members: i32, rounds: usize) {
    let url = cluster.url(Role::Owner, "pine_time");
    migrate::migrate(&url).await.unwrap();
    let began = Instant::now();
    fill(cluster, members).await;
    let mut owner = PgConnection::connect(&url).await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM points_transactions")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    println!(
        "\nleaderboard: {members} members, {rows} rows of the ledger, made in {:.0?}, PostgreSQL {}",
        began.elapsed(),
        cluster.server_version()
    );
    let token: String = sqlx::query_scalar(
        "SELECT encode(pine.open_session(id, NULL, true, 'desk', gen_random_uuid()), 'hex')
         FROM users WHERE username = 'desk'",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    let desk = Desk {
        db: Db::new(Settings::new(cluster.url(Role::Staff, "pine_time"), "desk")).unwrap(),
        token: Token::from_hex(&token).unwrap(),
    };
    println!("board        asked                        p50        p99");
    let mut worst = Duration::ZERO;
    let some_type = desk.db.type_boards(&desk.token).await.unwrap()[0].id;
    for board in [
        Board::All,
        Board::Month,
        Board::LastMonth,
        Board::Week,
        Board::LastWeek,
        Board::Type(some_type),
    ] {
        worst = worst.max(desk.measure(&mut owner, board, rounds).await);
        plain(&mut owner, board, rounds.div_ceil(50)).await;
    }
    let verdict = if worst <= BUDGET { "inside" } else { "OUTSIDE" };
    println!("worst p99 {worst:.2?}: {verdict} of the budget of {BUDGET:?}");

    let began = Instant::now();
    let mut checks: Vec<(&str, Instant)> = Vec::new();
    let drift = game::verify(&url, |check| checks.push((check, Instant::now())))
        .await
        .unwrap();
    assert!(
        drift.lines.is_empty() && drift.due.is_empty(),
        "what was made does not add up: {drift:?}"
    );
    checks.push(("", Instant::now()));
    for pair in checks.windows(2) {
        println!("  {:<22} {:>8.1?}", pair[0].0, pair[1].1 - pair[0].1);
    }
    println!(
        "game verify: {:.1?}, this program's memory at most {} MB",
        began.elapsed(),
        most_memory() / 1024
    );
}

/// The members, their history and what follows from it.
async fn fill(cluster: &Cluster, members: i32) {
    let mut admin = PgConnection::connect(&cluster.url(Role::Admin, "pine_time"))
        .await
        .unwrap();
    for sql in [
        include_str!("leaderboard.sql").to_owned(),
        "SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'".to_owned(),
        format!("SELECT bench_history({members})"),
        "INSERT INTO users (email, username, full_name, hashed_password, user_type)
         VALUES ('desk@example.org', 'desk', 'Desk', '!', 'staff')"
            .to_owned(),
        "VACUUM ANALYZE".to_owned(),
    ] {
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut admin)
            .await
            .unwrap();
    }
}

struct Desk {
    db: Db,
    token: Token,
}

impl Desk {
    /// Asks everything of one board; answers the worst p99.
    async fn measure(&self, owner: &mut PgConnection, board: Board, rounds: usize) -> Duration {
        let mut worst = Duration::ZERO;
        let key: String = sqlx::query_scalar("SELECT coalesce(pine.board_key($1, pine.clock()), $1)")
            .bind(board.word())
            .fetch_one(&mut *owner)
            .await
            .unwrap();
        let many: i64 = sqlx::query_scalar("SELECT count(*) FROM period_totals WHERE board = $1 AND listed")
            .bind(&key)
            .fetch_one(&mut *owner)
            .await
            .unwrap();
        let mut asked = vec![("first page", vec![Place::Skip(0)], PAGE)];
        for (name, rank_name, skip) in [
            ("around the top", "own rank at the top", 0),
            ("around the middle", "own rank in the middle", many / 2),
            ("around the bottom", "own rank at the bottom", (many - 100).max(0)),
        ] {
            let members: Vec<i32> = sqlx::query_scalar(
                "SELECT user_id FROM period_totals WHERE board = $1 AND listed
                 ORDER BY -earned, name, user_id OFFSET $2 LIMIT 100",
            )
            .bind(&key)
            .bind(skip)
            .fetch_all(&mut *owner)
            .await
            .unwrap();
            let around: Vec<_> = members
                .into_iter()
                .map(|id| Place::Around(MemberId(id)))
                .collect();
            asked.push((name, around.clone(), PAGE));
            asked.push((rank_name, around, 1));
        }
        for (name, places, most) in asked {
            if places.is_empty() {
                continue;
            }
            let mut took = Vec::with_capacity(rounds * 5);
            for place in places.iter().cycle().take(rounds * 5) {
                let sent = Instant::now();
                let page = self.db.board(&self.token, board, *place, most).await.unwrap();
                took.push(sent.elapsed());
                assert!(!page.rows.is_empty(), "{name} of {key} shows nobody");
            }
            worst = worst.max(print_line(&board.word(), name, took));
        }
        worst
    }
}

/// What one would write first: sum the period's ledger, rank the sums.
async fn plain(owner: &mut PgConnection, board: Board, rounds: usize) {
    let filter = match board {
        Board::All => "true".to_owned(),
        Board::Type(id) => format!("e.event_type = (SELECT t.name FROM event_types AS t WHERE t.id = {id})"),
        Board::Month => "p.counts_at >= date_trunc('month', now())".to_owned(),
        Board::LastMonth => "p.counts_at >= date_trunc('month', now()) - interval '1 month'
                             AND p.counts_at < date_trunc('month', now())"
            .to_owned(),
        Board::Week => "p.counts_at >= date_trunc('week', now())".to_owned(),
        Board::LastWeek => "p.counts_at >= date_trunc('week', now()) - interval '7 days'
                            AND p.counts_at < date_trunc('week', now())"
            .to_owned(),
    };
    let sql = format!(
        "SELECT count(*) FROM (
             SELECT u.full_name, sum(p.points), rank() OVER (ORDER BY sum(p.points) DESC) AS rank
             FROM points_transactions AS p
             JOIN users AS u ON u.id = p.user_id
             LEFT JOIN events AS e ON e.id = p.event_id
             WHERE {filter}
             GROUP BY u.id
             ORDER BY rank LIMIT {PAGE}) AS t"
    );
    let mut took = Vec::new();
    for _ in 0..rounds {
        let sent = Instant::now();
        let _: i64 = sqlx::query_scalar(AssertSqlSafe(sql.clone()))
            .fetch_one(&mut *owner)
            .await
            .unwrap();
        took.push(sent.elapsed());
    }
    print_line(&board.word(), "plain query, first page", took);
}

/// Prints one row of the table; answers its p99.
fn print_line(board: &str, asked: &str, mut took: Vec<Duration>) -> Duration {
    took.sort();
    let p99 = took[took.len() * 99 / 100];
    println!(
        "{board:<12} {asked:<24} {:>10.2?} {p99:>10.2?}",
        took[took.len() / 2]
    );
    p99
}

/// The most memory that this process has had, in kB; 0 where the kernel does not tell.
fn most_memory() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| {
            line.strip_prefix("VmHWM:")?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
        .unwrap_or(0)
}
