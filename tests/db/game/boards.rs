//! Leaderboards against the plainest there is: every member ranked by counting those with more points.

use std::collections::BTreeMap;

use pine_time::db::{Db, Token};
use pine_time::domain::Fault;
use pine_time::domain::board::{Board, Place, Ranked};
use pine_time::domain::member::MemberId;

use super::Game;
use crate::support::cluster::Role;
use crate::support::world::{World, fault, nonce};

async fn give(world: &World, member: i32, points: i32, counts_at: &str) {
    world
        .sql(&format!(
            "INSERT INTO points_transactions (user_id, points, transaction_type, counts_at)
             VALUES ({member}, {points}, 'adjustment', {counts_at})"
        ))
        .await;
}

/// Members with ids from 2 on (1 is the staff), many tied, some who are on no board.
async fn crowd(game: &Game, count: i32) {
    game.world
        .sql(&format!(
            "INSERT INTO users (email, username, full_name, hashed_password, user_type, is_active, show_on_leaderboard)
             SELECT 'p' || n || '@example.org', 'p' || n, 'Person ' || (n * 7919) % 1000, '!',
                    CASE WHEN n % 17 = 0 THEN 'staff' ELSE 'regular' END,
                    CASE WHEN n % 13 = 0 THEN false END, n % 11 <> 0
             FROM generate_series(1, {count}) AS n;
             INSERT INTO points_transactions (user_id, points, transaction_type, counts_at)
             SELECT u.id, p.points, 'event_attendance', pine.clock() - p.ago
             FROM users AS u
             CROSS JOIN LATERAL (VALUES ((u.id * 31) % 60 * 5, interval '0'), ((u.id * 17) % 9 * 5, interval '33 days'),
                                        (u.id % 4 * 50, interval '7 days')) AS p (points, ago)
             WHERE u.username LIKE 'p%'"
        ))
        .await;
}

/// The whole board, counted the plain way: rank, whether tied, id.
async fn plainly(world: &World, since: &str, until: &str) -> Vec<(i64, bool, i32)> {
    let points: Vec<(i32, String, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT u.id, u.full_name::text, sum(p.points)::bigint
         FROM users AS u JOIN points_transactions AS p ON p.user_id = u.id
         WHERE coalesce(u.is_active, true) AND u.show_on_leaderboard AND pine.user_type(u) = 'regular'
           AND coalesce(p.counts_at, p.transaction_date) >= {since} AND coalesce(p.counts_at, p.transaction_date) < {until}
         GROUP BY u.id HAVING sum(p.points) > 0"
    )))
    .fetch_all(&world.owner)
    .await
    .unwrap();
    let mut by: BTreeMap<i64, Vec<(String, i32)>> = BTreeMap::new();
    for (id, name, points) in points {
        by.entry(points).or_default().push((name, id));
    }
    let mut rows = Vec::new();
    for (_, mut tied) in by.into_iter().rev() {
        tied.sort();
        let rank = i64::try_from(rows.len()).unwrap() + 1;
        let is_tied = tied.len() > 1;
        rows.extend(tied.into_iter().map(|(_, id)| (rank, is_tied, id)));
    }
    rows
}

fn picture(rows: &[Ranked]) -> Vec<(i64, bool, i32)> {
    rows.iter()
        .map(|row| (row.rank, row.tied, row.user_id.0))
        .collect()
}

async fn walk(db: &Db, token: &Token, board: Board) -> Vec<(i64, bool, i32)> {
    let mut all = Vec::new();
    let mut page = db.board(token, board, Place::Skip(0), 7).await.unwrap();
    loop {
        all.extend(picture(&page.rows));
        let Some(last) = page.rows.last().filter(|_| page.below) else {
            return all;
        };
        page = db
            .board(token, board, Place::Behind(last.user_id), 7)
            .await
            .unwrap();
        assert!(page.above);
    }
}

#[tokio::test]
async fn every_page_is_that_of_the_plain_board_folded_or_not() {
    let game = Game::new().await;
    crowd(&game, 150).await;
    let (db, token) = (&game.db, &game.staff);
    let month = "date_trunc('month', pine.clock())";
    let week = "date_trunc('week', pine.clock())";
    for fold in [false, true] {
        if fold {
            game.world.sql("SELECT pine.fold_ranks()").await;
            assert_eq!(game.world.count("rank_moves").await, 0);
        }
        for (board, since, until) in [
            (Board::All, "'-infinity'".to_owned(), "'infinity'".to_owned()),
            (Board::Month, month.to_owned(), "'infinity'".to_owned()),
            (Board::Week, week.to_owned(), "'infinity'".to_owned()),
            (
                Board::LastMonth,
                format!("{month} - interval '1 month'"),
                month.to_owned(),
            ),
            (
                Board::LastWeek,
                format!("{week} - interval '7 days'"),
                week.to_owned(),
            ),
        ] {
            let plain = plainly(&game.world, &since, &until).await;
            assert!(plain.len() > 20, "{board:?}: {}", plain.len());
            assert_eq!(walk(db, token, board).await, plain, "{board:?}");
            for skip in [0, 1, 2, 5, 19, plain.len() - 1, plain.len(), plain.len() + 5] {
                let page = db
                    .board(token, board, Place::Skip(i64::try_from(skip).unwrap()), 9)
                    .await
                    .unwrap();
                let upto = plain.len().min(skip + 9);
                assert_eq!(
                    picture(&page.rows),
                    plain[skip.min(upto)..upto],
                    "{board:?} from {skip}"
                );
                assert_eq!(page.members, i64::try_from(plain.len()).unwrap());
                assert_eq!(page.below, upto < plain.len() && skip < plain.len());
            }
            for at in [0, 3, plain.len() / 2, plain.len() - 1] {
                let member = MemberId(plain[at].2);
                let page = db.board(token, board, Place::Around(member), 9).await.unwrap();
                let (from, upto) = (at.saturating_sub(4), plain.len().min(at + 5));
                assert_eq!(picture(&page.rows), plain[from..upto], "{board:?} around {at}");
                assert_eq!((page.above, page.below), (from > 0, upto < plain.len()));
                let page = db.board(token, board, Place::Before(member), 4).await.unwrap();
                assert_eq!(
                    picture(&page.rows),
                    plain[at.saturating_sub(4)..at],
                    "before {at}"
                );
            }
        }
    }
    game.holds().await;
}

#[tokio::test]
async fn ones_own_row_and_what_opting_out_does() {
    let game = Game::new().await;
    let (ana, ben) = (game.world.member("ana").await, game.world.member("ben").await);
    give(&game.world, ana.0, 50, "pine.clock()").await;
    give(&game.world, ben.0, 50, "pine.clock()").await;
    let kiosk = game.world.db(Role::Kiosk);
    let token = game.world.session(ana).await;
    let me = async || {
        let page = kiosk
            .board(&token, Board::Week, Place::Skip(0), 10)
            .await
            .unwrap();
        let me = page.me.unwrap();
        (me.rank, me.tied, page.rows.len(), page.members)
    };
    assert_eq!(me().await, (1, true, 2, 2));
    assert!(!kiosk.set_privacy(&token, nonce(), false).await.unwrap());
    assert_eq!(
        me().await,
        (1, true, 1, 1),
        "as she would stand: level with the one who is shown"
    );
    let around = kiosk
        .board(&token, Board::Week, Place::Around(ana), 10)
        .await
        .unwrap();
    assert_eq!(picture(&around.rows), [(1, false, ben.0)]);
    give(&game.world, ben.0, 5, "pine.clock()").await;
    assert_eq!(me().await, (2, false, 1, 1));
    assert!(kiosk.set_privacy(&token, nonce(), true).await.unwrap());
    assert_eq!(me().await, (2, false, 2, 2));
    assert!(!kiosk.game_card(&token, None).await.unwrap().badges.is_empty());
    game.world
        .sql(&format!(
            "UPDATE users SET is_active = false WHERE id = {}",
            ben.0
        ))
        .await;
    assert_eq!(me().await, (1, false, 1, 1));
    game.world
        .sql(&format!(
            "UPDATE users SET full_name = 'Zoe' WHERE id = {}",
            ana.0
        ))
        .await;
    game.holds().await;
    let staff = game
        .db
        .board(&game.staff, Board::All, Place::Skip(0), 10)
        .await
        .unwrap();
    assert_eq!(staff.me, None, "staff have no row");
}

#[tokio::test]
async fn movement_is_told_against_the_period_before() {
    let game = Game::new().await;
    let (ana, ben, cat) = (
        game.world.member("ana").await,
        game.world.member("ben").await,
        game.world.member("cat").await,
    );
    for (member, before, now) in [(ana, 30, 10), (ben, 20, 40), (cat, 0, 20)] {
        give(&game.world, member.0, before, "pine.clock() - interval '7 days'").await;
        give(&game.world, member.0, now, "pine.clock()").await;
    }
    let moved = async |board| {
        game.db
            .board(&game.staff, board, Place::Skip(0), 10)
            .await
            .unwrap()
            .rows
            .into_iter()
            .map(|row| (row.full_name.to_string(), row.moved))
            .collect::<Vec<_>>()
    };
    let row = |name: &str, moved| (name.to_owned(), moved);
    assert_eq!(
        moved(Board::Week).await,
        [row("Ben", Some(1)), row("Cat", None), row("Ana", Some(-2))]
    );
    assert_eq!(
        moved(Board::All).await,
        [row("Ben", None), row("Ana", None), row("Cat", None)],
        "ever has no period before"
    );
}

#[tokio::test]
async fn boards_of_types_and_of_weeks_that_begin_elsewhere() {
    let game = Game::new().await;
    let (ana, ben) = (game.world.member("ana").await, game.world.member("ben").await);
    let (hike, trivia) = (game.event(0, "hike").await, game.event(0, "trivia").await);
    game.come(ana, hike).await;
    game.come(ben, trivia).await;
    game.come(ben, hike).await;
    let types = game.db.type_boards(&game.staff).await.unwrap();
    let hikes = types.iter().find(|board| board.name.as_str() == "hike").unwrap();
    let page = game
        .db
        .board(&game.staff, Board::Type(hikes.id), Place::Skip(0), 10)
        .await
        .unwrap();
    assert_eq!(
        page.rows
            .iter()
            .map(|row| (row.user_id, row.points))
            .collect::<Vec<_>>(),
        [(ben, 25), (ana, 15)],
        "with the badge that the hike brought"
    );
    game.holds().await;

    // Monday 00:30 in Manila is still Sunday in UTC.
    let cat = game.world.member("cat").await;
    give(
        &game.world,
        cat.0,
        5,
        "date_trunc('week', pine.clock()) - interval '7 hours 30 minutes'",
    )
    .await;
    let on = async |board| {
        let page = game
            .db
            .board(&game.staff, board, Place::Skip(0), 10)
            .await
            .unwrap();
        page.rows.iter().any(|row| row.user_id == cat)
    };
    assert_eq!((on(Board::Week).await, on(Board::LastWeek).await), (false, true));
    game.world
        .sql("UPDATE settings SET time_zone = 'Asia/Manila'")
        .await;
    assert_eq!((on(Board::Week).await, on(Board::LastWeek).await), (true, false));
    game.holds().await;
}

#[tokio::test]
async fn names_are_found_addresses_are_not() {
    let game = Game::new().await;
    let ana = game.world.member("ana maria").await;
    give(&game.world, ana.0, 10, "pine.clock()").await;
    game.world.member("ana nobody").await;
    let find = async |query: &str| {
        game.db
            .find_on_board(&game.staff, Board::Month, query)
            .await
            .unwrap()
            .len()
    };
    assert_eq!(find("ana").await, 1, "who has no points is not on the board");
    assert_eq!(find("MAR an").await, 1);
    assert_eq!(find("").await, 0);
    assert_eq!(find("example.org").await, 0);
    let bad = sqlx::query("SELECT pine.board_page('year', '{}', 10, NULL, pine.clock())")
        .execute(&game.world.owner)
        .await
        .unwrap_err();
    assert_eq!(bad.as_database_error().unwrap().code().unwrap(), "PT422");
    let nobody = Token::from_hex(&"0".repeat(64)).unwrap();
    assert_eq!(
        fault(game.db.board(&nobody, Board::All, Place::Skip(0), 1).await),
        Fault::NotSignedIn
    );
}

#[tokio::test]
async fn old_periods_are_forgotten_and_old_causes_make_no_board() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    give(&game.world, ana.0, 10, "pine.clock()").await;
    give(&game.world, ana.0, 10, "pine.clock() - interval '1 year'").await;
    assert_eq!(
        game.world.count("period_totals").await,
        3,
        "all, this month, this week"
    );
    game.world.move_clock("1 year").await;
    game.world.sql("SELECT pine.fold_ranks()").await;
    assert_eq!(game.world.count("period_totals").await, 1);
    assert_eq!(game.world.count("rank_counts WHERE board <> 'all'").await, 0);
    game.holds().await;
}
