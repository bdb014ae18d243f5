//! The engine against the plainest model of its rules: whatever comes in whatever order (attendance, undo, late entry, a
//! level given by hand and taken back, rule change), what the database holds is what the model says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use pine_time::domain::event::EventId;
use pine_time::domain::member::MemberId;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use super::Game;
use crate::support::world::nonce;

/// What may happen to one member.
#[derive(Debug, Clone)]
enum Step {
    /// They are at an event, whenever that was.
    Attend(usize),
    /// Staff enter afterwards that they were there.
    Late(usize),
    /// It is taken back.
    Undo(usize),
    /// Staff give a level of Event Explorer by hand.
    Grant(i32),
    /// Staff take such a level back.
    TakeBack(i32),
    /// Event Explorer's thresholds are set to begin here.
    Thresholds(i32),
    /// What a streak pays.
    Bonus(i32),
}

/// Starts around New Year 2026/27 (2026 has an ISO week 53), with clocks that change, and minutes before and after
/// midnights between Sunday and Monday.
fn starts(zone: Tz) -> Vec<DateTime<Utc>> {
    [
        "2026-12-07 19:00",
        "2026-12-13 23:59",
        "2026-12-14 00:00",
        "2026-12-21 19:00",
        "2026-12-27 23:30",
        "2026-12-28 00:30",
        "2026-12-31 23:00",
        "2027-01-01 00:10",
        "2027-01-03 23:59",
        "2027-01-04 00:00",
        "2027-01-11 12:00",
        "2027-01-20 12:00",
        "2027-03-28 23:30",
        "2027-03-29 00:30",
    ]
    .into_iter()
    .map(|text| {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        zone.from_local_datetime(&local).earliest().unwrap().to_utc()
    })
    .collect()
}

const TYPES: [&str; 4] = ["trivia", "hike", "games", "social"];

/// What the rules make of the steps, told as plainly as they are written down.
#[derive(Debug, Default)]
struct Model {
    attended: BTreeSet<usize>,
    /// Level → the threshold it was awarded by, or none by hand; and what it paid.
    explorer: BTreeMap<i32, (Option<usize>, i64)>,
    weeks_levels: BTreeMap<i32, (usize, i64)>,
    bonuses: BTreeMap<NaiveDate, i64>,
    thresholds: [usize; 5],
    step: i64,
}

const PAYS: [i64; 5] = [10, 20, 30, 50, 100];
const WEEKS: [usize; 5] = [2, 4, 8, 16, 26];

impl Model {
    fn new() -> Self {
        Self {
            thresholds: [2, 3, 4, 5, 6],
            step: 5,
            ..Self::default()
        }
    }

    fn mondays(&self, events: &[(NaiveDate, usize)]) -> BTreeSet<NaiveDate> {
        self.attended.iter().map(|&event| events[event].0).collect()
    }

    /// Length of the run that ends with a week.
    fn run(weeks: &BTreeSet<NaiveDate>, monday: NaiveDate) -> usize {
        let mut length = 0;
        let mut week = monday;
        while weeks.contains(&week) {
            length += 1;
            week = week - Days::new(7);
        }
        length
    }

    fn longest(weeks: &BTreeSet<NaiveDate>) -> usize {
        weeks
            .iter()
            .map(|&week| Self::run(weeks, week))
            .max()
            .unwrap_or(0)
    }

    fn settle(&mut self, events: &[(NaiveDate, usize)]) {
        let weeks = self.mondays(events);
        let types = self
            .attended
            .iter()
            .map(|&event| events[event].1)
            .collect::<BTreeSet<_>>()
            .len();
        let longest = Self::longest(&weeks);
        self.explorer
            .retain(|_, (threshold, _)| threshold.is_none_or(|threshold| threshold <= types));
        self.weeks_levels
            .retain(|_, (threshold, _)| *threshold <= longest);
        for level in 1..=5 {
            let at = usize::try_from(level - 1).unwrap();
            if self.thresholds[at] <= types {
                self.explorer
                    .entry(level)
                    .or_insert((Some(self.thresholds[at]), PAYS[at]));
            }
            if WEEKS[at] <= longest {
                self.weeks_levels.entry(level).or_insert((WEEKS[at], PAYS[at]));
            }
        }
    }

    fn apply(&mut self, step: &Step, events: &[(NaiveDate, usize)]) {
        match *step {
            Step::Attend(event) | Step::Late(event) => {
                if !self.attended.insert(event) {
                    return;
                }
                let monday = events[event].0;
                let first = self
                    .attended
                    .iter()
                    .filter(|&&other| events[other].0 == monday)
                    .count()
                    == 1;
                let run = i64::try_from(Self::run(&self.mondays(events), monday)).unwrap();
                let bonus = (self.step * (run - 1)).min(50);
                if first && bonus > 0 {
                    self.bonuses.insert(monday, bonus);
                }
                self.settle(events);
            }
            Step::Undo(event) => {
                if !self.attended.remove(&event) {
                    return;
                }
                let weeks = self.mondays(events);
                self.bonuses.retain(|monday, _| weeks.contains(monday));
                self.settle(events);
            }
            Step::Grant(level) => {
                let at = usize::try_from(level - 1).unwrap();
                self.explorer.entry(level).or_insert((None, PAYS[at]));
            }
            Step::TakeBack(level) => {
                if self
                    .explorer
                    .get(&level)
                    .is_some_and(|(threshold, _)| threshold.is_none())
                {
                    self.explorer.remove(&level);
                    self.settle(events);
                }
            }
            Step::Thresholds(from) => {
                let from = usize::try_from(from).unwrap();
                self.thresholds = [from, from + 1, from + 2, from + 3, from + 4];
                self.settle(events);
            }
            Step::Bonus(step) => self.step = step.into(),
        }
    }

    fn earned(&self) -> i64 {
        15 * i64::try_from(self.attended.len()).unwrap()
            + self.bonuses.values().sum::<i64>()
            + self.explorer.values().map(|(_, paid)| paid).sum::<i64>()
            + self.weeks_levels.values().map(|(_, paid)| paid).sum::<i64>()
    }
}

fn steps(events: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..events).prop_map(Step::Attend),
        2 => (0..events).prop_map(Step::Late),
        4 => (0..events).prop_map(Step::Undo),
        1 => (1..=5).prop_map(Step::Grant),
        1 => (1..=5).prop_map(Step::TakeBack),
        1 => (1..=4).prop_map(Step::Thresholds),
        1 => (0..=12).prop_map(Step::Bonus),
    ];
    prop::collection::vec(step, 20..45)
}

async fn do_it(game: &Game, member: MemberId, events: &[EventId], step: &Step, explorer: i32) {
    match *step {
        Step::Attend(event) => {
            let already: i64 = game
                .world
                .count(&format!(
                    "event_attendees WHERE user_id = {} AND event_id = {} AND status <> 'undone'",
                    member.0, events[event].0
                ))
                .await;
            if already == 0 {
                game.come(member, events[event]).await;
            }
        }
        Step::Late(event) => {
            let registered = format!(
                "INSERT INTO registrations (user_id, event_id) VALUES ({}, {}) ON CONFLICT DO NOTHING",
                member.0, events[event].0
            );
            game.world.sql(&registered).await;
            game.db
                .attend_late(&game.staff, nonce(), events[event], member, "on the photo")
                .await
                .unwrap();
        }
        Step::TakeBack(level) => {
            let facts = game.db.member_facts(&game.staff, member).await.unwrap();
            let by_hand = facts.awards.iter().find(|award| {
                award.badge.as_str() == "Event Explorer"
                    && award.level == level
                    && award.threshold.is_none()
                    && award.reversed_at.is_none()
            });
            if let Some(award) = by_hand {
                game.db
                    .take_back_badge(&game.staff, nonce(), award.id, "by mistake")
                    .await
                    .unwrap();
            }
        }
        Step::Undo(event) => {
            game.undo(member, events[event]).await;
        }
        Step::Grant(level) => {
            game.db
                .grant_badge(&game.staff, nonce(), member, explorer, level, "by hand")
                .await
                .unwrap();
        }
        Step::Thresholds(from) => {
            let levels: Vec<_> = PAYS
                .iter()
                .enumerate()
                .map(|(at, &points)| pine_time::domain::game_desk::BadgeLevelDraft {
                    threshold: i64::from(from) + i64::try_from(at).unwrap(),
                    points: i32::try_from(points).unwrap(),
                })
                .collect();
            game.db
                .set_badge_levels(&game.admin, nonce(), explorer, None, &levels)
                .await
                .unwrap();
        }
        Step::Bonus(step) => {
            game.world
                .sql(&format!("UPDATE settings SET streak_step = {step}"))
                .await;
        }
    }
}

async fn interleave(zone: &str, seeds: usize) {
    let zone: Tz = zone.parse().unwrap();
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let mut game = Game::new().await;
    game.world
        .sql(&format!("UPDATE settings SET time_zone = '{}'", zone.name()))
        .await;
    let mut events = Vec::new();
    let mut facts = Vec::new();
    for (number, start) in starts(zone).into_iter().enumerate() {
        let kind = number * 3 % TYPES.len();
        events.push(game.event_at(start, TYPES[kind]).await);
        let day = start.with_timezone(&zone).date_naive();
        facts.push((day - Days::new(day.weekday().num_days_from_monday().into()), kind));
    }
    // After all of it: an undo is of the past, and the running week is long over.
    game.world
        .sql("UPDATE pine.clock_offset SET moved_by = timestamptz '2027-04-15 12:00Z' - now()")
        .await;
    game.staff = game.world.staff().await;
    game.admin = game.world.session(game.world.person("ada2", "admin").await).await;
    let mut everybody: Vec<(MemberId, i64)> = Vec::new();
    for seed in 0..seeds {
        let script = steps(events.len()).new_tree(&mut runner).unwrap().current();
        let member = game.world.member(&format!("member {seed}")).await;
        let explorer = game.badge(member, "Event Explorer").await.id;
        let mut model = Model::new();
        do_it(&game, member, &events, &Step::Thresholds(2), explorer).await;
        do_it(&game, member, &events, &Step::Bonus(5), explorer).await;
        for (at, step) in script.iter().enumerate() {
            do_it(&game, member, &events, step, explorer).await;
            model.apply(step, &facts);
            let said = || format!("{zone}, after step {at} of {script:?}");
            let held: Vec<(String, i32, Option<i32>)> = sqlx::query_as(
                "SELECT b.rule, a.level, a.threshold FROM badge_awards AS a JOIN badges AS b ON b.id = a.badge_id
                 WHERE a.user_id = $1 AND a.reversed_at IS NULL ORDER BY 1, 2",
            )
            .bind(member.0)
            .fetch_all(&game.world.owner)
            .await
            .unwrap();
            let number = |threshold: usize| i32::try_from(threshold).unwrap();
            let mut expected: Vec<(String, i32, Option<i32>)> = Vec::new();
            expected.extend(
                model
                    .explorer
                    .iter()
                    .map(|(&level, &(threshold, _))| ("types".to_owned(), level, threshold.map(number))),
            );
            expected.extend(
                model
                    .weeks_levels
                    .iter()
                    .map(|(&level, &(threshold, _))| ("weeks".to_owned(), level, Some(number(threshold)))),
            );
            assert_eq!(held, expected, "{}", said());
            assert_eq!(game.earned(member).await, model.earned(), "{}", said());
            let bonuses: Vec<(NaiveDate, i64)> = sqlx::query_as(
                "SELECT b.monday, p.points::bigint FROM week_bonuses AS b JOIN points_transactions AS p ON p.id = b.transaction_id
                 WHERE b.user_id = $1 AND b.reversed_at IS NULL ORDER BY 1",
            )
            .bind(member.0)
            .fetch_all(&game.world.owner)
            .await
            .unwrap();
            assert_eq!(
                bonuses,
                model.bonuses.iter().map(|(&m, &p)| (m, p)).collect::<Vec<_>>(),
                "{}",
                said()
            );
        }
        let streak = game.db.game_card(&game.staff, Some(member)).await.unwrap().streak;
        let weeks = model.mondays(&facts);
        assert_eq!(usize::try_from(streak.longest).unwrap(), Model::longest(&weeks));
        assert_eq!(streak.current, 0, "nothing since March");
        everybody.push((member, model.earned()));
        ranked_plainly(&game, &everybody).await;
    }
    game.holds().await;
}

/// Everybody's rank is one more than how many have more points, and tied with whoever has as many.
async fn ranked_plainly(game: &Game, everybody: &[(MemberId, i64)]) {
    for (member, earned) in everybody {
        let card = game.db.game_card(&game.staff, Some(*member)).await.unwrap();
        let above = everybody.iter().filter(|(_, other)| other > earned).count();
        let same = everybody.iter().filter(|(_, other)| other == earned).count();
        let expected = (*earned > 0).then(|| (i64::try_from(above + 1).unwrap(), same > 1));
        let told = card.standing.map(|row| (row.rank, row.tied));
        assert_eq!(told, expected, "{member:?} among {everybody:?}");
    }
}

#[tokio::test]
async fn whatever_happens_in_manila() {
    interleave("Asia/Manila", 4).await;
}

#[tokio::test]
async fn whatever_happens_where_clocks_change() {
    interleave("Europe/Berlin", 3).await;
}

#[tokio::test]
async fn whatever_happens_west_of_greenwich() {
    interleave("America/St_Johns", 3).await;
}

/// The streak as it stands at a moment, the plain way.
fn plain_streak(weeks: &BTreeSet<NaiveDate>, this: NaiveDate) -> (i64, &'static str) {
    let last = this - Days::new(7);
    let end = if weeks.contains(&this) {
        this
    } else if weeks.contains(&last) {
        last
    } else {
        return (0, "none");
    };
    (
        i64::try_from(Model::run(weeks, end)).unwrap(),
        if end == this { "safe" } else { "at_risk" },
    )
}

#[tokio::test]
async fn a_streak_is_the_plain_ones_on_every_day_across_new_year() {
    let mut runner = TestRunner::deterministic();
    for name in ["Pacific/Auckland", "Europe/Berlin", "Pacific/Kiritimati"] {
        let zone: Tz = name.parse().unwrap();
        let game = Game::new().await;
        game.world
            .sql(&format!("UPDATE settings SET time_zone = '{name}'"))
            .await;
        let from = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        let attended = prop::collection::btree_set(0_u64..63, 3..9)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let ana = game.world.member("ana").await;
        let mut weeks = BTreeSet::new();
        for (at, days) in attended.iter().enumerate() {
            let day = from + Days::new(*days);
            // The first and the last minute of a day.
            let local = day.and_hms_opt(
                if at % 2 == 0 { 0 } else { 23 },
                if at % 2 == 0 { 0 } else { 59 },
                0,
            );
            let start = zone
                .from_local_datetime(&local.unwrap())
                .earliest()
                .unwrap()
                .to_utc();
            let event = game.event_at(start, "trivia").await;
            game.come(ana, event).await;
            weeks.insert(day - Days::new(day.weekday().num_days_from_monday().into()));
        }
        for days in 0..77_u64 {
            let day = from + Days::new(days);
            let this = day - Days::new(day.weekday().num_days_from_monday().into());
            let until: BTreeSet<NaiveDate> = weeks.iter().copied().filter(|&week| week <= this).collect();
            // What is attended in weeks to come is not asked about here.
            if until.len() < weeks.len() && weeks.contains(&(this + Days::new(7))) {
                continue;
            }
            for minute in ["00:00:00", "23:59:59"] {
                let (current, state): (i64, String) = sqlx::query_as(
                    "SELECT (s->>'current')::bigint, s->>'state'
                     FROM (SELECT pine.streaks($1, $2::timestamp AT TIME ZONE $3) AS s) AS t",
                )
                .bind(ana.0)
                .bind(NaiveDateTime::parse_from_str(&format!("{day} {minute}"), "%Y-%m-%d %H:%M:%S").unwrap())
                .bind(name)
                .fetch_one(&game.world.owner)
                .await
                .unwrap();
                let plain = plain_streak(&until, this);
                if plain.1 != "none" || until.len() == weeks.len() {
                    assert_eq!(
                        (current, state.as_str()),
                        plain,
                        "{name}, {day} {minute}, {weeks:?}"
                    );
                }
            }
        }
    }
}
