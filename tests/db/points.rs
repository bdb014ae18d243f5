//! The leaderboard, profiles and ledgers, and that totals are the ledger's sum.

use pine_time::domain::Fault;
use pine_time::domain::board::{Board, Place};

use crate::support::cluster::Role;
use crate::support::world::{World, fault};

async fn give(world: &World, name: &str, points: i32, kind: &str) {
    sqlx::query("INSERT INTO points_transactions (user_id, points, transaction_type) SELECT id, $2, $3 FROM users WHERE username = $1")
        .bind(name)
        .bind(points)
        .bind(kind)
        .execute(&world.owner)
        .await
        .unwrap();
}

async fn community() -> World {
    let world = World::new().await;
    for (name, points) in [
        ("ana", 20),
        ("ben", 30),
        ("cat", 20),
        ("dan", 10),
        ("eve", 0),
        ("fay", 50),
        ("gus", 40),
    ] {
        world.member(name).await;
        if points > 0 {
            give(&world, name, points, "event_attendance").await;
        }
    }
    world.person("boss", "staff").await;
    give(&world, "boss", 500, "adjustment").await;
    world
        .sql(
            "UPDATE users SET show_on_leaderboard = false WHERE username = 'fay';
             UPDATE users SET is_active = false WHERE username = 'gus'",
        )
        .await;
    world
}

#[tokio::test]
async fn ranks_are_competition_ranks_and_ties_go_by_name() {
    let world = community().await;
    let ana = pine_time::domain::member::MemberId(1);
    let board = world
        .db(Role::Staff)
        .board(&world.session(ana).await, Board::All, Place::Skip(0), 100)
        .await
        .unwrap();
    let rows: Vec<_> = board
        .rows
        .iter()
        .map(|row| (row.rank, row.tied, row.username.to_string(), row.points))
        .collect();
    let row = |rank, tied, name: &str, points| (rank, tied, name.to_owned(), points);
    assert_eq!(
        rows,
        [
            row(1, false, "ben", 30),
            row(2, true, "ana", 20),
            row(2, true, "cat", 20),
            row(4, false, "dan", 10)
        ],
        "staff, inactive, opted-out and pointless members are left out"
    );
    assert_eq!(board.members, 4);
    assert_eq!(board.me.unwrap().rank, 2);
}

#[tokio::test]
async fn pages_and_own_rows() {
    let world = community().await;
    let db = world.db(Role::Staff);
    let session = |id| world.session(pine_time::domain::member::MemberId(id));
    let page = db
        .board(&session(1).await, Board::All, Place::Skip(1), 2)
        .await
        .unwrap();
    assert_eq!((page.skipped, page.members), (Some(1), 4));
    assert_eq!(
        page.rows
            .iter()
            .map(|row| row.username.as_str())
            .collect::<Vec<_>>(),
        ["ana", "cat"]
    );
    assert!(
        db.board(&session(1).await, Board::All, Place::Skip(100), 2)
            .await
            .unwrap()
            .rows
            .is_empty()
    );
    assert!(
        db.board(&session(1).await, Board::All, Place::Skip(-5), -5)
            .await
            .unwrap()
            .rows
            .is_empty()
    );
    assert_eq!(
        db.board(&session(5).await, Board::All, Place::Skip(0), 10)
            .await
            .unwrap()
            .me,
        None,
        "eve has nothing yet"
    );
    let opted_out = db
        .board(&session(6).await, Board::All, Place::Skip(0), 10)
        .await
        .unwrap();
    assert_eq!(
        opted_out.me.map(|me| (me.rank, me.tied)),
        Some((1, false)),
        "fay sees herself all the same"
    );
    assert!(opted_out.rows.iter().all(|row| row.username.as_str() != "fay"));
}

#[tokio::test]
async fn a_profile_and_its_ledger() {
    let world = community().await;
    give(&world, "ana", 30, "special_activity").await;
    give(&world, "ana", -15, "redemption").await;
    let db = world.db(Role::Staff);
    let token = world.session(pine_time::domain::member::MemberId(1)).await;
    let profile = db.profile(&token).await.unwrap();
    assert_eq!(
        (profile.earned, profile.spendable, profile.rank),
        (50, 35, Some(1))
    );
    assert_eq!(profile.pass_code.as_str(), world.pass_code(profile.user_id).await);
    let ledger = db.points_ledger(&token, None, None, None, 100).await.unwrap();
    let rows: Vec<_> = ledger.rows.iter().map(|row| (row.points, row.balance)).collect();
    assert_eq!(
        rows,
        [(-15, 35), (30, 50), (20, 20)],
        "newest first, with the balance after each"
    );
    assert_eq!(ledger.total, 3);
    let above = ledger.rows.first().map(|row| row.id);
    let page = db.points_ledger(&token, None, None, above, 1).await.unwrap();
    assert_eq!(
        page.rows.iter().map(|row| row.balance).collect::<Vec<_>>(),
        [50],
        "a page keeps the balance"
    );

    let owner = world.db(Role::Owner);
    let nobody = owner.owner_session("root").await.unwrap();
    assert!(matches!(
        fault(owner.profile(&nobody).await),
        Fault::NotAllowed(_)
    ));
    assert_eq!(
        owner
            .board(&nobody, Board::All, Place::Skip(0), 10)
            .await
            .unwrap()
            .me,
        None
    );
}

#[tokio::test]
async fn totals_are_the_ledgers_sum_whoever_writes_it() {
    let world = community().await;
    give(&world, "ana", -5, "redemption").await;
    world
        .sql(
            "INSERT INTO points_transactions (user_id, points, transaction_type, reverses_id)
             SELECT user_id, -points, 'reversal', id FROM points_transactions WHERE transaction_type = 'redemption'",
        )
        .await;
    let wrong = world
        .count(
            "user_totals AS t FULL JOIN (
                 SELECT user_id, sum(points) AS spendable,
                        coalesce(sum(points) FILTER (WHERE pine.counts_as_earned(p)), 0) AS earned
                 FROM points_transactions AS p GROUP BY user_id
             ) AS l USING (user_id)
             WHERE (t.earned, t.spendable) IS DISTINCT FROM (l.earned, l.spendable)",
        )
        .await;
    assert_eq!(wrong, 0);
    let (earned, spendable): (i64, i64) =
        sqlx::query_as("SELECT earned, spendable FROM user_totals WHERE user_id = 1")
            .fetch_one(&world.owner)
            .await
            .unwrap();
    assert_eq!(
        (earned, spendable),
        (20, 20),
        "a reversed redemption leaves both as they were"
    );
}

#[tokio::test]
async fn a_cause_pays_once_and_a_row_is_reversed_once() {
    let world = community().await;
    let insert = "INSERT INTO points_transactions (user_id, points, transaction_type, source_key) \
                  VALUES (1, 5, 'adjustment', 'cause:1')";
    world.sql(insert).await;
    let error = sqlx::raw_sql(insert).execute(&world.owner).await.unwrap_err();
    assert_eq!(
        error.as_database_error().unwrap().constraint(),
        Some("points_transactions_source_key_key")
    );
}
