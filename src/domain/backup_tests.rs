//! Which backups stay: by example, and whatever the dates are.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use proptest::prelude::*;

use super::*;

fn dated(made_at: DateTime<Utc>, is_verified: bool) -> Dated {
    Dated {
        name: made_at.format("%Y-%m-%dT%H%M%SZ").to_string(),
        made_at,
        is_verified,
    }
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_348_800, 0).unwrap_or_default()
}

#[test]
fn a_year_of_hourly_backups_becomes_as_many_as_the_numbers_say() {
    let all: Vec<Dated> = (0..24 * 400)
        .map(|hours| dated(noon() - TimeDelta::hours(hours), hours == 24 * 300))
        .collect();
    let gone: BTreeSet<String> = to_prune(&all, Keep::default()).into_iter().collect();
    let left: Vec<&Dated> = all.iter().filter(|backup| !gone.contains(&backup.name)).collect();
    for newest in &all[..24] {
        assert!(left.contains(&newest), "{newest:?}");
    }
    let months: BTreeSet<_> = left
        .iter()
        .map(|backup| (backup.made_at.year(), backup.made_at.month()))
        .collect();
    assert_eq!(months.len(), 12);
    assert!(
        left.contains(&&all[24 * 300]),
        "the last verified one is never taken"
    );
    assert!(left.len() <= 24 + 7 + 5 + 12 + 1, "{}", left.len());
    // Of a day that is over the last one stands for it.
    assert!(left.iter().all(|backup| {
        backup.made_at > noon() - TimeDelta::hours(24) || backup.made_at.hour() == 23 || backup.is_verified
    }));
}

#[test]
fn with_nothing_to_keep_the_newest_and_the_last_verified_stay() {
    let none = Keep {
        hourly: 0,
        daily: 0,
        weekly: 0,
        monthly: 0,
    };
    let all = [
        dated(noon(), false),
        dated(noon() - TimeDelta::hours(1), true),
        dated(noon() - TimeDelta::hours(2), true),
    ];
    assert_eq!(to_prune(&all, none), [all[2].name.clone()]);
    assert_eq!(to_prune(&[], none), Vec::<String>::new());
}

fn backups() -> impl Strategy<Value = Vec<Dated>> {
    prop::collection::btree_map(0_i64..3600 * 24 * 900, any::<bool>(), 0..120).prop_map(|moments| {
        moments
            .into_iter()
            .map(|(seconds, verified)| dated(noon() - TimeDelta::seconds(seconds), verified))
            .collect()
    })
}

fn keep() -> impl Strategy<Value = Keep> {
    (0_u32..30, 0_u32..10, 0_u32..8, 0_u32..15).prop_map(|(hourly, daily, weekly, monthly)| Keep {
        hourly,
        daily,
        weekly,
        monthly,
    })
}

proptest! {
    #[test]
    fn what_stays_is_enough_and_not_too_much(all in backups(), keep in keep(), seed in any::<u64>()) {
        let gone = to_prune(&all, keep);
        let left: Vec<Dated> = all.iter().filter(|backup| !gone.contains(&backup.name)).cloned().collect();
        let newest = |of: &[Dated], verified: bool| {
            of.iter().filter(|b| b.is_verified || !verified).map(|b| b.made_at).max()
        };
        prop_assert_eq!(newest(&left, false), newest(&all, false));
        prop_assert_eq!(newest(&left, true), newest(&all, true));
        let most = keep.hourly + keep.daily + keep.weekly + keep.monthly + 2;
        prop_assert!(left.len() <= most as usize);
        // Every one of the newest days that had a backup still has its last one.
        let days: BTreeSet<_> = all.iter().map(|b| b.made_at.date_naive()).collect();
        for day in days.iter().rev().take(keep.daily as usize) {
            let last = |of: &[Dated]| of.iter().filter(|b| b.made_at.date_naive() == *day).map(|b| b.made_at).max();
            prop_assert_eq!(last(&left), last(&all));
        }
        // Pruned again, nothing more goes; and the order of the list says nothing.
        prop_assert_eq!(to_prune(&left, keep), Vec::<String>::new());
        let mut turned = all.clone();
        if !turned.is_empty() {
            let by = usize::try_from(seed % 97).unwrap_or_default() % turned.len();
            turned.rotate_left(by);
        }
        turned.reverse();
        prop_assert_eq!(to_prune(&turned, keep), gone);
    }
}
