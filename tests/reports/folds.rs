//! Folded months: whatever is written after they were folded, a fold that passes for good is what a full count finds; and what
//! happens to cases day by day makes no fold stale.

use chenqing::acts::Office;
use chenqing::acts::fold_months::{check, fold_months};
use chenqing::domain::figures::Day;
use chenqing::domain::figures::{Period, PeriodName};
use chenqing::reports::dashboard;
use chenqing::store::figures_brief::brief;
use chenqing::store::{Db, folds};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::counting::written;
use super::history::{History, history, write};
use super::{at, taipei};
use crate::support::rows::execute;
use crate::support::{TestDb, on_both, postgres, sqlite};

/// After every case of the histories.
const LATER: &str = "2032-01-01T00:00:00Z";

fn stale(office: &Office) -> Vec<i32> {
    office.store.read(folds::stale).unwrap()
}

fn faults(office: &Office) -> (usize, usize) {
    let (checked, faults) = check(office, |_| ()).unwrap();
    (checked, faults.len())
}

fn add(office: &Office, histories: &[History]) {
    let (histories, units) = (histories.to_vec(), office.store.read(|db| office.reference(db)).unwrap());
    let units: Vec<i64> = units.units.all().iter().map(|unit| unit.id).collect();
    office.store.write(move |db| histories.iter().try_for_each(|history| write(db, history, &units, 1))).unwrap();
}

fn holds(open: impl Fn() -> TestDb, cases: u32) {
    let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let lives = || prop::collection::vec(history(), 1..12);
    // What is done to the rows afterwards, past the store: column, and the number it is moved by.
    let change = (0_usize..10, 1_i64..12, -40_i64..40);
    runner
        .run(&(lives(), lives(), prop::collection::vec(change, 0..8)), |(first, late, changes)| {
            let db = open();
            let office = written(&db, &first);
            let months = fold_months(&office, at(LATER)).unwrap();
            assert_eq!((faults(&office), stale(&office).len()), ((months, 0), 0));
            add(&office, &late);
            let mut connection = db.connection();
            let moved: Vec<usize> = changes.iter().map(|(what, ..)| *what).collect();
            for (what, id, by) in changes {
                execute(&mut connection, &changed(what, id, by));
            }
            // Whatever passes for good is good, before the stale ones are folded anew and after.
            assert_eq!(faults(&office).1, 0, "a change was missed");
            fold_months(&office, at(LATER)).unwrap();
            let all = office.store.read(folds::months).unwrap().len();
            assert_eq!((faults(&office), stale(&office).len()), ((all, 0), 0));
            // Facts moved into each other are in force twice, as none of a real history are.
            if moved.iter().all(|what| *what != 5) {
                sums(&office);
            }
            Ok(())
        })
        .unwrap();
}

fn changed(what: usize, id: i64, by: i64) -> String {
    let (days, month) = (by * 86_400_000_000, 202_401 + by.rem_euclid(12));
    match what {
        0 => format!("UPDATE case_rounds SET opened_month = {month} WHERE id = {id}"),
        1 => format!(
            "UPDATE case_rounds SET finished_month = {month}, finished_at = finished_at + {days} \
             WHERE id = {id} AND finished_at IS NOT NULL AND opened_month <= {month}"
        ),
        2 => format!("UPDATE case_rounds SET original_due_at = original_due_at + {days} WHERE id = {id}"),
        3 => format!(
            "UPDATE case_rounds SET half_days = 7, close_code = 'withdrawn' WHERE id = {id} AND finished_at > 0"
        ),
        4 => format!("UPDATE case_facts SET category = 'noise', unit_id = NULL WHERE id = {id}"),
        5 => format!("UPDATE case_facts SET to_at = to_at + {days}, from_at = from_at - 1 WHERE id = {id}"),
        6 => format!("UPDATE ratings SET overall = 6 - overall WHERE id = {id}"),
        7 => format!("DELETE FROM case_facts WHERE id = {id}"),
        8 => format!("UPDATE case_rounds SET asked = NOT asked, rated_at = opened_at + {days} WHERE id = {id}"),
        _ => format!("UPDATE case_rounds SET finished_at = NULL, finished_month = NULL WHERE id = {id}"),
    }
}

/// The fold's sums are those that the database adds up.
fn sums(office: &Office) {
    let zone = taipei();
    office
        .store
        .read(|db: &mut Db| {
            for (month, fold) in folds::good(db, 0, 999_999)? {
                let period =
                    Period::of(PeriodName::of_month(month).unwrap(), &zone, at("2033-01-01T00:00:00Z")).unwrap();
                // What has no place in force is not counted by either; deleted facts are none of a real history.
                let added = brief(db, &period)?;
                assert!(fold.total.received <= added.received && fold.total.closed <= added.closed, "{month}");
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn no_change_of_a_folded_month_is_missed_on_sqlite() {
    holds(sqlite, 10);
}

#[test]
fn no_change_of_a_folded_month_is_missed_on_postgres() {
    if postgres().is_some() {
        holds(|| postgres().unwrap(), 4);
    }
}

on_both!(daily_work_makes_no_fold_stale_and_the_dashboard_reads_them, |db| {
    let mut runner = TestRunner::deterministic();
    let lives = prop::collection::vec(history(), 60).new_tree(&mut runner).unwrap().current();
    let cut = at("2025-06-30T16:00:00Z");
    let (before, after): (Vec<_>, Vec<_>) = lives.into_iter().partition(|life| life.received_at < cut);
    let office = written(db, &before);
    let now = at("2025-07-10T00:00:00Z");
    let months = fold_months(&office, now).unwrap();
    assert!(months > 12, "{months}");
    assert_eq!(fold_months(&office, now).unwrap(), 0, "nothing is left to fold");
    // Everything of July and later, whatever it is.
    add(&office, &after);
    assert!(!after.is_empty() && stale(&office).is_empty(), "{:?}", stale(&office));

    let trend = |office: &Office| {
        let read = office.store.read(|db| {
            let reference = office.reference(db)?;
            let day = Day::of("2025-07-10".parse().unwrap(), now.plus_seconds(3600), &reference.calendar, 2).unwrap();
            dashboard::of(db, &reference, &office.zone, &day)
        });
        read.unwrap().trend
    };
    let folded = trend(&office);
    assert_eq!(folded.len(), 12);
    // The same without the folds: added up.
    let mut connection = db.connection();
    execute(&mut connection, "UPDATE month_folds SET version = version + 1");
    assert_eq!(trend(&office), folded);
    // And they are read indeed.
    fold_months(&office, now).unwrap();
    execute(
        &mut connection,
        "UPDATE month_folds SET figures = '{\"total\":{\"received\":77,\"closed\":0,\"closed_on_time\":0,\"used\":0,\"half_days\":0,\"asked\":0,\"answered\":0,\"open_at_end\":0,\"pending_overdue\":0,\"ratings\":0,\"levels\":0},\"categories\":{},\"units\":{}}' WHERE month = 202506",
    );
    assert_eq!(trend(&office)[11].1.received, 77);
    let (checked, faults) = check(&office, |_| ()).unwrap();
    assert_eq!((checked, faults.len(), faults[0].month), (months, 1, 202_506));
});
