//! What staff do by hand: points, levels, rules; and who may.

use pine_time::domain::Fault;
use pine_time::domain::game_desk::{BadgeLevelDraft, GrantOutcome, PointsChange, PointsOutcome, StreakRules};

use super::Game;
use crate::support::cluster::Role;
use crate::support::world::{fault, nonce, refused_field};

fn award(points: i32) -> PointsChange {
    PointsChange::Award {
        points,
        reason: "carried chairs".to_owned(),
    }
}

fn redeem(points: i32) -> PointsChange {
    PointsChange::Redeem {
        points,
        reason: "tote bag".to_owned(),
    }
}

fn adjust(points: i32) -> PointsChange {
    PointsChange::Adjust {
        points,
        reason: "counted twice".to_owned(),
    }
}

#[tokio::test]
async fn points_are_given_spent_and_corrected_and_never_below_zero() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let change = async |change: &PointsChange| {
        let changed = game
            .db
            .change_points(&game.staff, nonce(), ana, change)
            .await
            .unwrap();
        (changed.outcome, changed.points, changed.earned, changed.spendable)
    };
    assert_eq!(change(&redeem(1)).await, (PointsOutcome::TooLittle, 0, 0, 0));
    assert_eq!(change(&award(40)).await, (PointsOutcome::Done, 40, 40, 40));
    assert_eq!(change(&redeem(30)).await, (PointsOutcome::Done, -30, 40, 10));
    assert_eq!(change(&redeem(11)).await, (PointsOutcome::TooLittle, 0, 40, 10));
    assert_eq!(change(&adjust(-11)).await, (PointsOutcome::TooLittle, 0, 40, 10));
    assert_eq!(change(&adjust(-10)).await, (PointsOutcome::Done, -10, 30, 0));
    assert_eq!(change(&adjust(5)).await, (PointsOutcome::Done, 5, 35, 5));
    assert_eq!(
        game.world
            .count("audit_log WHERE subject = 'member' AND after ? 'reason'")
            .await,
        4
    );

    let press = nonce();
    for _ in 0..2 {
        let done = game
            .db
            .change_points(&game.staff, press, ana, &award(7))
            .await
            .unwrap();
        assert_eq!(done.spendable, 12, "the same key press gives once");
    }
    let bad = async |change: PointsChange| {
        refused_field(game.db.change_points(&game.staff, nonce(), ana, &change).await)
    };
    assert_eq!(bad(award(0)).await, "points");
    assert_eq!(bad(award(-5)).await, "points");
    assert_eq!(bad(redeem(2_000_000)).await, "points");
    assert_eq!(
        bad(PointsChange::Award {
            points: 5,
            reason: "  ".to_owned()
        })
        .await,
        "reason"
    );
    game.holds().await;
}

#[tokio::test]
async fn a_mistaken_change_is_taken_back_once() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let event = game.event(0, "hike").await;
    game.come(ana, event).await;
    let given = game
        .db
        .change_points(&game.staff, nonce(), ana, &award(40))
        .await
        .unwrap();
    let spent = game
        .db
        .change_points(&game.staff, nonce(), ana, &redeem(50))
        .await
        .unwrap();
    let back = async |row: i32| {
        let back = game
            .db
            .take_back_points(&game.staff, nonce(), row, "mistyped")
            .await
            .unwrap();
        (back.outcome, back.points, back.earned, back.spendable)
    };
    let given = given.transaction_id.unwrap();
    assert_eq!(
        back(given).await,
        (PointsOutcome::TooLittle, 0, 55, 5),
        "they are spent"
    );
    assert_eq!(
        back(spent.transaction_id.unwrap()).await,
        (PointsOutcome::Done, 50, 55, 55),
        "what is spent is not earned, nor is what comes back of it"
    );
    assert_eq!(back(given).await, (PointsOutcome::Done, -40, 15, 15));
    assert_eq!(back(given).await.0, PointsOutcome::Already);
    let page = game
        .db
        .points_ledger(&game.staff, Some(ana), None, None, 10)
        .await
        .unwrap();
    assert_eq!(page.rows[0].reverses_id, Some(given));
    let attended = page.rows.last().unwrap().id;
    assert!(matches!(
        fault(
            game.db
                .take_back_points(&game.staff, nonce(), attended, "no")
                .await
        ),
        Fault::Conflict(_)
    ));
    assert!(matches!(
        fault(
            game.db
                .take_back_points(&game.staff, nonce(), 999_999, "no")
                .await
        ),
        Fault::NotFound(_)
    ));
    game.holds().await;
}

#[tokio::test]
async fn a_level_given_by_hand_stays_whatever_the_facts_say() {
    let game = Game::new().await;
    let ana = game.world.member("ana").await;
    let explorer = game.badge(ana, "Event Explorer").await.id;
    let grant = async |level| {
        game.db
            .grant_badge(&game.staff, nonce(), ana, explorer, level, "guided five walks")
            .await
    };
    let granted = grant(3).await.unwrap();
    assert_eq!(granted.outcome, GrantOutcome::Granted);
    assert_eq!(granted.earned.unwrap().points(), 30);
    assert_eq!(grant(3).await.unwrap().outcome, GrantOutcome::Already);
    let (hike, trivia) = (game.event(0, "hike").await, game.event(0, "trivia").await);
    game.come(ana, hike).await;
    game.come(ana, trivia).await;
    game.undo(ana, hike).await;
    let badge = game.badge(ana, "Event Explorer").await;
    assert_eq!((badge.level, badge.facts, badge.dates.len()), (3, 1, 1));
    assert!(badge.dates[0].by_hand);
    assert_eq!(badge.distance().unwrap(), "4 more event types to Platinum");
    assert!(matches!(fault(grant(6).await), Fault::NotFound(_)));
    assert_eq!(
        refused_field(
            game.db
                .grant_badge(&game.staff, nonce(), ana, explorer, 4, " ")
                .await
        ),
        "reason"
    );
    let facts = game.db.member_facts(&game.staff, ana).await.unwrap();
    let given = facts.awards.iter().find(|award| award.level == 3).unwrap();
    assert_eq!(given.threshold, None);
    assert_eq!(given.reason.as_ref().unwrap().as_str(), "guided five walks");
    game.holds().await;
}

#[tokio::test]
async fn new_thresholds_are_previewed_and_only_give() {
    let game = Game::new().await;
    let (ana, ben) = (game.world.member("ana").await, game.world.member("ben").await);
    for kind in ["hike", "trivia", "games"] {
        let event = game.event(0, kind).await;
        game.come(ana, event).await;
        if kind == "hike" {
            game.come(ben, event).await;
        }
    }
    let explorer = game.badge(ana, "Event Explorer").await.id;
    let drafts = |thresholds: [i64; 5]| {
        thresholds
            .map(|threshold| BadgeLevelDraft { threshold, points: 5 })
            .to_vec()
    };
    let preview = game
        .db
        .preview_badge_levels(&game.staff, explorer, &drafts([1, 2, 3, 4, 5]))
        .await
        .unwrap();
    assert_eq!((preview.members, preview.levels, preview.points), (2, 2, 10));
    assert_eq!(preview.first[0].full_name.as_str(), "Ana");
    assert_eq!(preview.first[0].level, 3);
    assert_eq!(
        game.badge(ben, "Event Explorer").await.level,
        0,
        "a look changes nothing"
    );
    let press = nonce();
    let saved = game
        .db
        .set_badge_levels(&game.admin, press, explorer, None, &drafts([1, 2, 3, 4, 5]))
        .await
        .unwrap();
    assert_eq!(saved.gained, 2);
    assert_eq!(saved.rules.badges[0].levels[0].threshold, 1);
    assert_eq!(game.badge(ana, "Event Explorer").await.level, 3);
    assert_eq!(game.badge(ben, "Event Explorer").await.level, 1);
    let saved = game
        .db
        .set_badge_levels(
            &game.admin,
            nonce(),
            explorer,
            None,
            &drafts([10, 20, 30, 40, 50]),
        )
        .await
        .unwrap();
    assert_eq!(saved.gained, 0);
    assert_eq!(game.badge(ana, "Event Explorer").await.level, 3, "nobody loses");
    let refuse = async |levels: [i64; 5]| {
        refused_field(
            game.db
                .set_badge_levels(&game.admin, nonce(), explorer, None, &drafts(levels))
                .await,
        )
    };
    assert_eq!(refuse([1, 2, 2, 4, 5]).await, "threshold_3");
    assert_eq!(refuse([0, 1, 2, 4, 5]).await, "threshold_1");
    game.holds().await;

    let rules = StreakRules {
        streak_step: 3,
        streak_most: 9,
        skip_weeks_without_events: true,
    };
    let saved = game
        .db
        .set_streak_rules(&game.admin, nonce(), rules)
        .await
        .unwrap();
    assert_eq!(saved.streak, rules);
    assert_eq!(game.db.game_rules(&game.staff).await.unwrap(), saved);
    let wrong = StreakRules {
        streak_most: -1,
        ..rules
    };
    assert_eq!(
        refused_field(game.db.set_streak_rules(&game.admin, nonce(), wrong).await),
        "streak_most"
    );
}

#[tokio::test]
async fn members_see_their_own_game_and_do_none_of_this() {
    let game = Game::new().await;
    let (ana, ben) = (game.world.member("ana").await, game.world.member("ben").await);
    let token = game.world.session(ana).await;
    let kiosk = game.world.db(Role::Kiosk);
    assert_eq!(kiosk.game_card(&token, None).await.unwrap().user_id, ana);
    assert_eq!(kiosk.game_card(&token, Some(ana)).await.unwrap().user_id, ana);
    assert_eq!(kiosk.points_over_time(&token, None).await.unwrap().len(), 53);
    assert_eq!(kiosk.game_rules(&token).await.unwrap().badges.len(), 5);
    for refused in [
        fault(kiosk.game_card(&token, Some(ben)).await),
        fault(kiosk.points_ledger(&token, Some(ben), None, None, 1).await),
        fault(kiosk.points_over_time(&token, Some(ben)).await),
    ] {
        assert!(matches!(refused, Fault::NotAllowed(_)), "{refused:?}");
    }
    let staff = &game.db;
    for refused in [
        fault(staff.member_facts(&token, ana).await),
        fault(staff.change_points(&token, nonce(), ana, &award(5)).await),
        fault(staff.take_back_points(&token, nonce(), 1, "x").await),
        fault(staff.grant_badge(&token, nonce(), ana, 1, 1, "x").await),
        fault(staff.preview_badge_levels(&token, 1, &[]).await),
        fault(staff.set_badge_levels(&token, nonce(), 1, None, &[]).await),
        fault(
            staff
                .set_streak_rules(
                    &token,
                    nonce(),
                    StreakRules {
                        streak_step: 1,
                        streak_most: 1,
                        skip_weeks_without_events: false,
                    },
                )
                .await,
        ),
    ] {
        assert!(matches!(refused, Fault::NotAllowed(_)), "{refused:?}");
    }
    let owner = game.world.db(Role::Owner);
    let nobody = owner.owner_session("root").await.unwrap();
    assert!(matches!(
        fault(owner.game_card(&nobody, None).await),
        Fault::NotAllowed(_)
    ));
    assert_eq!(owner.game_card(&nobody, Some(ana)).await.unwrap().user_id, ana);
    assert!(matches!(
        fault(
            owner
                .game_card(&nobody, Some(pine_time::domain::member::MemberId(999)))
                .await
        ),
        Fault::NotFound(_)
    ));
}
