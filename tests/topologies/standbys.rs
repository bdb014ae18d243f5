//! Leaderboards and insights from a standby: what it answers, how old it says it is, and what is asked at the primary
//! nevertheless.

use std::time::Duration;

use chrono::{Datelike, Days, NaiveDate, Utc};
use pine_time::cluster::Role;
use pine_time::db::{Db, Desk, Settings, Token};
use pine_time::domain::board::{Board, Place};
use pine_time::domain::game::GameCall;
use pine_time::domain::game_desk::PointsChange;
use pine_time::domain::insights::{Behind, InsightCall, Subject};
use pine_time::domain::member::MemberId;
use pine_time::domain::{Answer, Call, Fault, Secret};

use crate::support::servers::{Primary, Standby, run};
use crate::support::until;
use crate::support::world::{fault, nonce};

const PASSWORD: &str = "pinetime";

fn settings(primary: &Primary, standby: &Standby) -> Settings {
    Settings {
        read_url: Some(standby.url(Role::Staff)),
        ..Settings::new(primary.url(Role::Staff), "door 1")
    }
}

async fn session(db: &Db) -> Token {
    let signed_in = db
        .sign_in("admin", &Secret::new(PASSWORD.to_owned()))
        .await
        .unwrap();
    signed_in
        .expect("the sample community has an administrator")
        .token
}

fn monday() -> NaiveDate {
    let today = Utc::now().date_naive();
    today - Days::new(u64::from(today.weekday().num_days_from_monday()))
}

fn board(board: Board) -> Call {
    Call::Game(GameCall::Board {
        board,
        place: Place::Skip(0),
        most: 20,
    })
}

/// Every call that a standby may answer.
fn reads() -> Vec<Call> {
    let boards = [
        Board::All,
        Board::Month,
        Board::LastMonth,
        Board::Week,
        Board::LastWeek,
        Board::Type(1),
    ];
    let (first, weeks) = (monday() - Days::new(12 * 7), 13);
    let behind = |subject| {
        Call::Insight(InsightCall::Rows {
            behind: Behind {
                first,
                weeks,
                subject,
                part: None,
            },
            after: None,
            most: 50,
        })
    };
    let mut all: Vec<Call> = boards.into_iter().map(board).collect();
    all.push(Call::Game(GameCall::Find {
        board: Board::All,
        query: "a".to_owned(),
    }));
    all.push(Call::Game(GameCall::TypeBoards));
    all.push(Call::Insight(InsightCall::Numbers { first, weeks }));
    all.push(Call::Insight(InsightCall::Streaks { first, weeks }));
    all.push(Call::Insight(InsightCall::Backup));
    all.extend(Subject::ALL.map(behind));
    all
}

async fn ask(desk: &Desk, call: Call) -> Answer {
    desk.answer(call, |_, _| {}).await.0.unwrap()
}

/// The answer without saying who gave it, and how old it was if a standby did.
fn opened(answer: Answer) -> (Answer, Option<Duration>) {
    match answer {
        Answer::FromStandby { answer, behind } => (*answer, Some(behind)),
        answer => (answer, None),
    }
}

/// Points for the first of the board, who is told.
async fn award(db: &Db, token: &Token, points: i32) -> MemberId {
    let top = db.board(token, Board::All, Place::Skip(0), 1).await.unwrap();
    let change = PointsChange::Award {
        points,
        reason: "helped with the chairs".to_owned(),
    };
    let member = top.rows[0].user_id;
    db.change_points(token, nonce(), member, &change).await.unwrap();
    member
}

/// What the first of the board has.
fn highest(answer: &Answer) -> i64 {
    match answer {
        Answer::Game(pine_time::domain::game::GameAnswer::Board(page)) => page.rows[0].points,
        other => panic!("no board: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_as_the_primary_would_and_says_how_old_that_is() {
    let mut primary = Primary::new().await;
    let standby = Standby::of(&mut primary).await;
    let db = Db::new(settings(&primary, &standby)).unwrap();
    let token = session(&db).await;
    let desk = Desk::with_token(db.clone(), token.clone());
    let straight = Desk::with_token(
        Db::new(Settings::new(primary.url(Role::Staff), "door 1")).unwrap(),
        token.clone(),
    );
    // The session was opened a moment ago: until the standby has heard of it the primary answers.
    until("the standby knows the session", || async {
        opened(ask(&desk, board(Board::All)).await).1 == Some(Duration::ZERO)
    })
    .await;
    for call in reads() {
        let (answer, behind) = opened(ask(&desk, call.clone()).await);
        assert!(behind.is_some(), "{call:?} was asked at the primary");
        let (expected, of_nobody) = opened(ask(&straight, call.clone()).await);
        assert_eq!(of_nobody, None);
        assert_eq!(answer, expected, "{call:?}");
    }
    // All else goes to the primary.
    for call in [Call::Community, Call::Profile, Call::EventTypes] {
        assert_eq!(opened(ask(&desk, call).await).1, None);
    }

    // The standby stands still: its answer is old, and says so.
    let before = highest(&opened(ask(&desk, board(Board::All)).await).0);
    standby.sql("SELECT pg_wal_replay_pause()").await;
    award(&db, &token, 500).await;
    let (old, behind) = opened(ask(&desk, board(Board::All)).await);
    assert_eq!(highest(&old), before);
    assert!(behind.unwrap() > Duration::ZERO);
    // A session that it has not heard of is asked for at the primary, whose answer is new.
    let newcomer = Db::new(settings(&primary, &standby)).unwrap();
    let newer = Desk::with_token(newcomer.clone(), session(&newcomer).await);
    let (new, behind) = opened(ask(&newer, board(Board::All)).await);
    assert_eq!((highest(&new), behind), (before + 500, None));
    standby.sql("SELECT pg_wal_replay_resume()").await;
    until("it has caught up", || async {
        let (answer, behind) = opened(ask(&newer, board(Board::All)).await);
        highest(&answer) == before + 500 && behind == Some(Duration::ZERO)
    })
    .await;

    // Nobody is there: nobody notices.
    standby.stop();
    for _ in 0..2 {
        let (answer, behind) = opened(ask(&desk, board(Board::All)).await);
        assert_eq!((highest(&answer), behind), (before + 500, None));
    }
    for desk in [desk, newer, straight] {
        desk.db().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn its_refusals_are_said_and_it_changes_nothing() {
    let mut primary = Primary::new().await;
    let standby = Standby::of(&mut primary).await;
    let at_standby = Db::new(Settings::new(standby.url(Role::Staff), "door 1")).unwrap();
    let db = Db::new(settings(&primary, &standby)).unwrap();
    let token = session(&db).await;
    until("the standby knows the session", || async {
        at_standby.profile(&token).await.is_ok()
    })
    .await;
    let change = PointsChange::Award {
        points: 5,
        reason: "helped".to_owned(),
    };
    let said = fault(
        at_standby
            .change_points(&token, nonce(), MemberId(1), &change)
            .await,
    );
    assert_eq!(
        said.to_string(),
        "The database does not answer: it accepts no changes at the moment."
    );
    // Another database than the primary's: whatever it has is not taken for an answer.
    run(
        &primary.url(Role::Admin),
        "CREATE DATABASE other OWNER pine_owner",
    )
    .await;
    let other = primary.cluster.url(Role::Staff, "other");
    let db = Db::new(Settings {
        read_url: Some(other),
        ..Settings::new(primary.url(Role::Staff), "door 1")
    })
    .unwrap();
    let desk = Desk::with_token(db, token);
    assert_eq!(opened(ask(&desk, board(Board::All)).await).1, None);
    assert!(
        Db::new(Settings {
            read_url: Some("not a url".to_owned()),
            ..Settings::new(primary.url(Role::Staff), "door 1")
        })
        .is_err_and(|error| matches!(error.fault, Fault::Version(_)))
    );
}
