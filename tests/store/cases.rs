//! Cases: optimistic versions, numbers without gaps, and what a case is counted under.

use std::collections::BTreeSet;

use chenqing::domain::case::{Kind, State};
use chenqing::domain::case_number::CaseNumber;
use chenqing::domain::time::{DAY, Moment};
use chenqing::error::{Error, Result};
use chenqing::store::cases;
use jiff::tz::TimeZone;

use super::together;
use crate::support::on_both;
use crate::support::rows::{NOW, case, number, numbers};

fn taipei() -> TimeZone {
    TimeZone::get("Asia/Taipei").unwrap()
}

on_both!(a_change_of_a_case_that_a_colleague_changed_is_a_conflict, |db| {
    let store = db.store();
    let id = store.write(|db| case(db, "港區路燈")).unwrap();
    let seen = store.read(move |db| cases::get(db, id)).unwrap();
    let change = |subject: &'static str| {
        let version = seen.version;
        store.write(move |db| {
            let before = cases::lock(db, id, Some(version))?;
            let mut after = before.clone();
            after.subject = subject.into();
            cases::save(db, &before, &after, NOW)
        })
    };
    assert_eq!(change("first"), Ok(()));
    assert_eq!(change("second"), Err(Error::Conflict));
    let now = store.read(move |db| cases::get(db, id)).unwrap();
    assert_eq!((now.subject.as_str(), now.version), ("first", seen.version + 1));
    assert_eq!(store.write(|db| cases::lock(db, 4711, Some(1)).map(|_| ())), Err(Error::NotFound));
    assert_eq!(store.write(|db| cases::lock(db, 4711, None).map(|_| ())), Err(Error::NotFound));
});

on_both!(of_sixteen_who_saw_the_same_version_one_changes_it, |db| {
    let store = db.store();
    let id = store.write(|db| case(db, "港區路燈")).unwrap();
    let writers = store.clone();
    let answers = together(16, move |_| writers.write(move |db| cases::lock(db, id, Some(1)).map(|case| case.version)));
    assert_eq!(answers.iter().filter(|answer| **answer == Ok(2)).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| **answer == Err(Error::Conflict)).count(), 15, "{answers:?}");
    // Without a version every one goes through, one after the other.
    let writers = store.clone();
    let versions = together(16, move |_| writers.write(move |db| cases::lock(db, id, None)).unwrap().version);
    assert_eq!(versions.into_iter().collect::<BTreeSet<_>>(), (3..19).collect());
});

on_both!(case_numbers_have_no_gaps_and_no_twins_also_when_acts_fail, |db| {
    let store = db.store();
    let numbers: Vec<Vec<String>> = together(32, move |writer| {
        let one = |i: usize| -> Result<String> {
            store.write(move |db| {
                let id = case(db, "港區路燈")?;
                let number = cases::give_number(db, id, NOW, &taipei())?;
                if (writer + i).is_multiple_of(3) { Err(Error::refused("refused-for-a-test")) } else { Ok(number) }
            })
        };
        (0..6).filter_map(|i| one(i).ok()).collect()
    });
    let given: Vec<String> = numbers.into_iter().flatten().collect();
    let serials: BTreeSet<u32> = given
        .iter()
        .map(|text| {
            let number = CaseNumber::parse(text).unwrap();
            assert_eq!(number.roc_year, 115);
            number.serial
        })
        .collect();
    assert_eq!(given.len(), 128);
    assert_eq!(serials, (1..=128).collect());
    assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM cases WHERE number IS NOT NULL"), 128);
    assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM cases"), 128);
});

on_both!(numbers_begin_anew_with_the_local_year, |db| {
    let store = db.store();
    // 2026-12-31 15:59:59.999999 UTC is the last microsecond of the year in Taipei.
    let new_year = Moment(1_798_732_800_000_000);
    let at = [Moment(new_year.0 - 1), new_year, NOW];
    let given = at.map(|at| {
        store
            .write(move |db| {
                let id = case(db, "港區路燈")?;
                cases::give_number(db, id, at, &taipei())
            })
            .unwrap()
    });
    let given = given.map(|text| CaseNumber::parse(&text).map(|n| (n.roc_year, n.serial)).unwrap());
    assert_eq!(given, [(115, 1), (116, 1), (115, 2)]);
});

on_both!(what_a_case_is_counted_under_changes_with_its_kind_and_not_with_its_state, |db| {
    let store = db.store();
    let id = store.write(|db| case(db, "港區路燈")).unwrap();
    let change = |at: Moment, f: fn(&mut cases::Case)| {
        store
            .write(move |db| {
                let before = cases::lock(db, id, None)?;
                let mut after = before.clone();
                f(&mut after);
                cases::save(db, &before, &after, at)
            })
            .unwrap();
    };
    change(NOW.plus_seconds(DAY), |case| case.state = State::Registered);
    change(NOW.plus_seconds(2 * DAY), |case| case.kind = Kind::Report);
    let spans = |column: &str| {
        numbers(&mut db.connection(), &format!("SELECT COALESCE({column}, 0) AS n FROM case_facts ORDER BY id"))
    };
    assert_eq!(spans("from_at"), [NOW.0, NOW.plus_seconds(2 * DAY).0]);
    assert_eq!(spans("to_at"), [NOW.plus_seconds(2 * DAY).0, 0]);
    assert_eq!(store.read(move |db| cases::get(db, id)).unwrap().kind, Kind::Report);
});
