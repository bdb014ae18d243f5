//! The built `check-in`, killed between sending and answer, time and again: what it had taken down is brought by the
//! next start, once. As many times as asked for with `PINE_TIME_FAULTS=full`, else some.

use crate::headless::{Stage, journaled};
use crate::support::until;

fn times() -> usize {
    if std::env::var("PINE_TIME_FAULTS").is_ok_and(|value| value == "full") {
        200
    } else {
        30
    }
}

/// What does not fit together afterwards, each with its count; nothing is the promise.
async fn killed(stage: &mut Stage, times: usize) -> Vec<(&'static str, i64)> {
    let journal = stage.state().join("journal");
    let mut odd = Vec::new();
    for number in 0..times {
        let mut door = stage.start("30");
        // Started, and signed in: it has answered.
        door.line("nobody");
        assert_eq!(door.answer()["outcome"], "unknown_code");
        until("what others left has been brought", async || {
            stage.world.count("event_attendees").await == i64::try_from(number).unwrap()
                && stage.journal().state().open.is_empty()
        })
        .await;
        let before = journaled(&journal);
        let name = format!("guest{number}");
        if number % 3 == 0 {
            // It arrives, and its answer does not.
            stage.proxy.keep_answers();
            door.line(&name);
            let at = format!("check_in_log WHERE input = '{name}'");
            until("it was carried out", async || stage.world.count(&at).await > 0).await;
        } else {
            // It lies in the link, and is lost there or arrives late.
            stage.proxy.stall();
            door.line(&name);
            until("it is in the journal", async || journaled(&journal) > before).await;
        }
        door.kill();
        if number % 3 == 1 {
            stage.proxy.reset();
        }
        stage.proxy.flow().await;
    }
    // A start with nothing to do but what others have left.
    let (code, errors) = stage.start("30").end();
    if code != Some(0) {
        println!("the last start: {errors}");
        odd.push(("ends of the last start other than 0", 1));
    }
    if !stage.journal().state().is_empty() {
        odd.push(("journals with something left", 1));
    }
    for (what, from) in [
        (
            "people not in exactly once",
            "users AS u WHERE u.username LIKE 'guest%' AND 1 <> (SELECT count(*) FROM event_attendees AS a WHERE a.user_id = u.id)",
        ),
        (
            "attempts not logged exactly once",
            "users AS u WHERE u.username LIKE 'guest%' AND 1 <> (SELECT count(*) FROM check_in_log AS l WHERE l.user_id = u.id)",
        ),
        (
            "people not paid for what they attended",
            "event_attendees AS a FULL JOIN points_transactions AS p USING (user_id, event_id)
             LEFT JOIN user_totals AS t USING (user_id)
             WHERE a.id IS NULL OR p.id IS NULL OR t.earned IS DISTINCT FROM p.points",
        ),
    ] {
        let count = stage.world.count(from).await;
        if count > 0 {
            odd.push((what, count));
        }
    }
    odd
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_sending_and_answer_nothing_is_lost_or_done_twice() {
    let times = times();
    let mut stage = Stage::new(times).await;
    let odd = killed(&mut stage, times).await;
    println!("killed {times} times: {odd:?}");
    assert_eq!(odd, []);
}

/// Negative control: where nonces are not looked at, what was carried out unheard is done again by the next start.
#[tokio::test(flavor = "multi_thread")]
async fn without_nonces_a_killed_door_does_things_twice() {
    let mut stage = Stage::new(3).await;
    stage
        .world
        .sql(
            "SET ROLE pine_owner;
             CREATE OR REPLACE FUNCTION pine.begin_request(actor text, function text, nonce uuid, args jsonb)
                 RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
             CREATE OR REPLACE FUNCTION pine.end_request(actor text, nonce uuid, answer jsonb)
                 RETURNS jsonb LANGUAGE sql AS 'SELECT answer'",
        )
        .await;
    let odd = killed(&mut stage, 3).await;
    println!("without nonces: {odd:?}");
    assert!(!odd.is_empty(), "it must be seen, or the test proves nothing");
}
