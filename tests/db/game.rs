//! The game: what a check-in brings and an undo takes, streaks, badges and their facts, and what staff do by hand.

mod boards;
mod by_hand;
mod desk;
mod facts;
mod model;
mod rewards;
mod storms;

use chrono::{DateTime, Utc};
use pine_time::db::{Db, Token};
use pine_time::domain::badge::{BadgeLine, Earned};
use pine_time::domain::check_in::{CheckedIn, Outcome};
use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;

use crate::support::cluster::Role;
use crate::support::world::{World, nonce};

/// A community with a door that is open for every event there ever was.
pub(crate) struct Game {
    pub(crate) world: World,
    pub(crate) db: Db,
    pub(crate) staff: Token,
}

impl Game {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let db = world.db(Role::Staff);
        let staff = world.staff().await;
        Self { world, db, staff }
    }

    /// An event of some type at the beginning of this week, or of one so many weeks ago.
    pub(crate) async fn event(&self, weeks_ago: i32, event_type: &str) -> EventId {
        let starts: DateTime<Utc> = self
            .world
            .value(&format!(
                "SELECT date_trunc('week', pine.clock()) - interval '{} days'",
                7 * weeks_ago
            ))
            .await;
        self.event_at(starts, event_type).await
    }

    pub(crate) async fn event_at(&self, starts: DateTime<Utc>, event_type: &str) -> EventId {
        let id: i32 = sqlx::query_scalar(
            "INSERT INTO events (title, event_type, location, start_time, end_time, points_reward)
             VALUES (initcap($2) || ' of ' || $1::date, $2, 'Hill Station', $1, $1 + interval '2 hours', 15) RETURNING id",
        )
        .bind(starts)
        .bind(event_type)
        .fetch_one(&self.world.owner)
        .await
        .unwrap();
        EventId(id)
    }

    /// Somebody is there, whenever that was: as staff enter it who had no door.
    pub(crate) async fn attend(&self, member: MemberId, event: EventId) -> CheckedIn {
        let answer: serde_json::Value = sqlx::query_scalar(
            "SELECT pine.check_in(ROW(NULL, NULL, 'test', 'admin', 'door 1', 'owner:test')::pine.actor, e, u, u.username,
                                  gen_random_uuid(), e.start_time, reason => 'late')
             FROM events AS e, users AS u WHERE e.id = $1 AND u.id = $2",
        )
        .bind(event.0)
        .bind(member.0)
        .fetch_one(&self.world.owner)
        .await
        .unwrap();
        let answer: CheckedIn = serde_json::from_value(answer).unwrap();
        assert_eq!(answer.outcome, Outcome::Ok, "{answer:?}");
        answer
    }

    /// Registers and attends.
    pub(crate) async fn come(&self, member: MemberId, event: EventId) -> Vec<Earned> {
        self.world
            .sql(&format!(
                "INSERT INTO registrations (user_id, event_id) VALUES ({}, {}) ON CONFLICT DO NOTHING",
                member.0, event.0
            ))
            .await;
        self.attend(member, event).await.earned
    }

    /// Takes an attendance back through the api.
    pub(crate) async fn undo(&self, member: MemberId, event: EventId) -> Vec<Earned> {
        self.db
            .undo_check_in(&self.staff, nonce(), event, member, Some("mistake"))
            .await
            .unwrap()
            .lost
    }

    pub(crate) async fn earned(&self, member: MemberId) -> i64 {
        self.world
            .value(&format!(
                "SELECT coalesce((SELECT earned FROM user_totals WHERE user_id = {}), 0)",
                member.0
            ))
            .await
    }

    /// A member's line of a family.
    pub(crate) async fn badge(&self, member: MemberId, name: &str) -> BadgeLine {
        let card = self.db.game_card(&self.staff, Some(member)).await.unwrap();
        card.badges
            .into_iter()
            .find(|badge| badge.name.as_str() == name)
            .unwrap()
    }

    /// What must hold whatever has happened: nothing has drifted, and the runs of weeks of all members, counted in one pass,
    /// are those that the engine counts of each.
    pub(crate) async fn holds(&self) {
        let otherwise = self
            .world
            .count(
                "users AS u LEFT JOIN pine.facts_of_all('weeks') AS f ON f.user_id = u.id
                 WHERE coalesce(f.facts, 0) <> (pine.attended(u.id)).longest",
            )
            .await;
        assert_eq!(otherwise, 0, "members whose longest run is another");
        let drift = pine_time::ops::game::verify(&self.world.database.url(Role::Owner), |_| {})
            .await
            .unwrap();
        assert!(drift.lines.is_empty(), "{:#?}", drift.lines);
    }
}

/// `streak 6 +25`, `Event Explorer 3 +30`, `event +15`.
pub(crate) fn told(earned: &[Earned]) -> Vec<String> {
    earned
        .iter()
        .map(|one| match one {
            Earned::Attendance { points } => format!("event {points:+}"),
            Earned::Streak { points, weeks } => format!("streak {weeks} {points:+}"),
            Earned::Badge {
                points, badge, level, ..
            } => format!("{badge} {level} {points:+}"),
        })
        .collect()
}
