//! The link itself: stalled, its answers lost, reset and refused, under doors at work.

use std::time::Duration;

use crate::crew::{Evening, Violations, attempts, is_full, judge};
use crate::support::cluster::Role;
use crate::support::proxy::Proxy;
use crate::support::world::World;

const TERMINALS: usize = 16;
/// Shorter than the cut, so that calls are given up under it and sent again over new connections.
const PATIENCE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_link_cut_for_five_seconds_loses_and_doubles_nothing() {
    let world = World::new().await;
    let evening = Evening::prepare(&world.database.url(Role::Owner), TERMINALS, attempts(60)).await;
    let mut proxy = Proxy::start(&world.database).await;
    let crew = evening.open(&proxy.url(Role::Staff), PATIENCE);
    let mut cuts = vec![5];
    if is_full() {
        cuts.push(30);
    }
    for (at, seconds) in cuts.into_iter().enumerate() {
        crew.reach(30 * (at + 1)).await;
        proxy.stall();
        // The cut's own length, not a wait for something.
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let standing = crew.percent();
        assert!(standing < 95, "the cut must come under load: {standing} %");
        // What lay in the link is lost with it.
        proxy.reset();
        proxy.flow().await;
    }
    let told = crew.finish().await;
    let violations = judge(&evening, &told).await;
    println!("link cut: {violations}");
    assert_eq!(violations.count(), 0, "{violations}");
}

/// What is sent arrives and the answers do not, time and again: every attempt under way is carried out and sent again.
async fn answers_lost(world: &World) -> Violations {
    let evening = Evening::prepare(&world.database.url(Role::Owner), TERMINALS, attempts(40)).await;
    let mut proxy = Proxy::start(&world.database).await;
    let crew = evening.open(&proxy.url(Role::Staff), PATIENCE);
    for percent in [10, 30, 50, 70] {
        crew.reach(percent).await;
        proxy.keep_answers();
        let silent = "SELECT count(*) FROM check_in_log";
        // Until nobody's answer is still being made: every terminal waits for one that has been.
        let mut before = -1;
        loop {
            let now: i64 = world.value(silent).await;
            if now == before {
                break;
            }
            before = now;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        proxy.reset();
        proxy.flow().await;
    }
    // A door that is refused goes on trying.
    crew.reach(85).await;
    proxy.refuse().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    proxy.flow().await;
    let told = crew.finish().await;
    judge(&evening, &told).await
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_are_asked_for_again_and_nothing_is_done_twice() {
    let world = World::new().await;
    let violations = answers_lost(&world).await;
    println!("answers lost: {violations}");
    assert_eq!(violations.count(), 0, "{violations}");
}

/// Negative control: where nonces are not looked at, what is sent again is done again, or answered otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn without_nonces_the_judge_finds_attempts_done_twice() {
    let world = World::new().await;
    world
        .sql(
            "SET ROLE pine_owner;
             CREATE OR REPLACE FUNCTION pine.begin_request(actor text, function text, nonce uuid, args jsonb)
                 RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
             CREATE OR REPLACE FUNCTION pine.end_request(actor text, nonce uuid, answer jsonb)
                 RETURNS jsonb LANGUAGE sql AS 'SELECT answer'",
        )
        .await;
    let violations = answers_lost(&world).await;
    println!("without nonces: {violations}");
    assert!(
        violations.count() > 0,
        "the judge must see it, or the test proves nothing"
    );
}
