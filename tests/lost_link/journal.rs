//! The journal as bytes and as files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use pine_time::domain::SafeText;
use pine_time::domain::check_in::{Outcome, Presented};
use pine_time::domain::event::EventId;
use pine_time::domain::kept::{Act, Kept, Unsettled};
use pine_time::domain::member::MemberId;
use pine_time::door::{Journal, Record, State, database_key, decode, encode};
use proptest::prelude::*;
use uuid::Uuid;

pub(crate) fn kept(number: u128) -> Kept {
    Kept {
        nonce: Uuid::from_u128(number),
        event: EventId(6),
        presented: Presented::Text(format!("person {number}\n\u{1b}[2J")),
        act: Act::In,
        operator: "user:7".to_owned(),
        device: SafeText::from("door 1"),
        occurred_at: DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(number).unwrap()),
        decided: None,
    }
}

fn records() -> impl Strategy<Value = Vec<Record>> {
    let nonce = || (0..6_u128).prop_map(Uuid::from_u128);
    let some = prop_oneof![
        4 => (0..6_u128, ".{0,12}", any::<bool>()).prop_map(|(n, typed, member)| {
            let presented = if member {
                Presented::Member { id: MemberId(3), typed }
            } else {
                Presented::Text(typed)
            };
            Record::Kept(Kept { presented, ..kept(n) })
        }),
        2 => (nonce(), proptest::sample::select(&Outcome::ALL[..]))
            .prop_map(|(nonce, outcome)| Record::Decided { nonce, outcome }),
        3 => nonce().prop_map(|nonce| Record::Done { nonce }),
        1 => (0..6_u128, ".{0,12}").prop_map(|(n, why)| Record::Unsettled(Box::new(Unsettled {
            kept: kept(n),
            who: SafeText::line(&why),
            outcome: Some(Outcome::Already),
            first: None,
            why: SafeText::line(&why),
        }))),
        1 => nonce().prop_map(|nonce| Record::Settled { nonce, by: "Mira".into(), at: Utc::now() }),
    ];
    prop::collection::vec(some, 0..24)
}

fn state_of(records: &[Record]) -> State {
    let mut state = State::default();
    for record in records {
        state.apply(record.clone());
    }
    state
}

proptest! {
    #[test]
    fn whatever_was_written_is_read(records in records()) {
        let bytes: Vec<u8> = records.iter().flat_map(|record| encode(record).unwrap()).collect();
        let decoded = decode(&bytes);
        prop_assert_eq!(decoded.state, state_of(&records));
        prop_assert_eq!((decoded.whole, decoded.damaged), (bytes.len(), 0));
    }

    #[test]
    fn cut_anywhere_all_whole_records_stand(records in records(), cut in any::<prop::sample::Index>()) {
        let lines: Vec<Vec<u8>> = records.iter().map(|record| encode(record).unwrap()).collect();
        let bytes = lines.concat();
        let cut = if bytes.is_empty() { 0 } else { cut.index(bytes.len()) };
        let decoded = decode(&bytes[..cut]);
        let mut end = 0;
        let whole = lines.iter().take_while(|line| { end += line.len(); end <= cut }).count();
        prop_assert_eq!(decoded.state, state_of(&records[..whole]));
        prop_assert_eq!(decoded.whole, lines[..whole].concat().len());
        prop_assert_eq!(decoded.damaged, 0);
    }

    #[test]
    fn a_damaged_record_takes_no_other_with_it(records in records(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        prop_assume!(!records.is_empty());
        let lines: Vec<Vec<u8>> = records.iter().map(|record| encode(record).unwrap()).collect();
        let mut bytes = lines.concat();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let mut end = 0;
        let hit = lines.iter().take_while(|line| { end += line.len(); end <= at }).count();
        let decoded = decode(&bytes);
        // A line end that was hit joins two lines; one that was made splits one.
        let joined = at + 1 == lines[..=hit].concat().len();
        let rest: Vec<Record> = records.iter().enumerate()
            .filter(|(n, _)| *n != hit && !(joined && *n == hit + 1))
            .map(|(_, record)| record.clone())
            .collect();
        prop_assert_eq!(decoded.state, state_of(&rest));
        prop_assert!(decoded.damaged > 0 || joined);
    }

    #[test]
    fn anything_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let decoded = decode(&bytes);
        prop_assert!(decoded.whole <= bytes.len());
        prop_assert!(decoded.state.is_empty());
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_is_kept_is_found_by_the_next_and_by_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("journal");
    let mut journal = Journal::open(&folder, "abc").unwrap();
    assert_eq!(files(&folder), [""; 0], "nothing to keep, no file");
    journal.keep(kept(1)).unwrap();
    journal.keep(kept(2)).unwrap();
    journal.keep(kept(2)).unwrap();
    journal.decided(kept(2).nonce, Outcome::Ok).unwrap();
    let [name] = files(&folder).try_into().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join(&name))), (0o700, 0o600));

    // While its process lives nobody else takes it; neither does another database later.
    assert!(Journal::open(&folder, "abc").unwrap().state().is_empty());
    drop(journal);
    assert!(Journal::open(&folder, "abd").unwrap().state().is_empty());

    // A torn end, as a crash in the middle of a write leaves it.
    let mut bytes = fs::read(folder.join(&name)).unwrap();
    bytes.extend(b"211 deadbeef {\"record\":\"ke");
    fs::write(folder.join(&name), bytes).unwrap();
    let mut next = Journal::open(&folder, "abc").unwrap();
    let second = Kept {
        decided: Some(Outcome::Ok),
        ..kept(2)
    };
    assert_eq!(next.state().open, [kept(1), second.clone()]);

    next.keep(kept(3)).unwrap();
    next.done(kept(1).nonce).unwrap();
    next.done(kept(3).nonce).unwrap();
    next.unsettled(second.refused(&pine_time::domain::Fault::Slow))
        .unwrap();
    assert!(next.state().open.is_empty());
    drop(next);

    let mut last = Journal::open(&folder, "abc").unwrap();
    let state = last.state();
    assert_eq!(
        (state.open.len(), state.unsettled.len()),
        (0, 1),
        "what is unsettled stays"
    );
    last.settled(second.nonce, "Mira".into(), Utc::now()).unwrap();
    assert!(last.state().is_empty());
    assert_eq!(files(&folder), [""; 0], "what is done goes");
}

#[test]
fn one_file_serves_a_whole_evening_and_does_not_grow() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(folder.path(), "abc").unwrap();
    for number in 0..200 {
        journal.keep(kept(number)).unwrap();
        journal.done(kept(number).nonce).unwrap();
    }
    let [name] = files(folder.path()).try_into().unwrap();
    assert_eq!(fs::metadata(folder.path().join(name)).unwrap().len(), 0);
    drop(journal);
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn a_database_is_known_by_where_it_is_not_by_who_asks() {
    let key = database_key("postgresql://staff:secret@db.example.org:5433/pine?sslmode=disable");
    assert_eq!(key, database_key("postgres://other@db.example.org:5433/pine"));
    assert_ne!(key, database_key("postgres://other@db.example.org:5433/pine2"));
    assert_ne!(key, database_key("postgres://other@db.example.org/pine"));
    assert_eq!(key.len(), 16);
}
