//! Random histories, written through the store: what the report counts is what a naive count finds, in every row of every
//! year, whether the year is over or runs.

use chenqing::acts::Office;
use chenqing::domain::figures::{PeriodFigures, PeriodName, SeriesRow};
use chenqing::domain::staff::Role;
use chenqing::domain::time::Moment;
use chenqing::reports::year;
use chenqing::store::staff::{self, NewStaff};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::history::{History, history, write};
use super::{at, naive, office};
use crate::support::rows::NOW;
use crate::support::{TestDb, postgres, sqlite};

/// A year as of a moment.
pub fn count(office: &Office, year: i16, now: Moment) -> PeriodFigures {
    let counted = office.store.read(|db| {
        let reference = office.reference(db)?;
        year::count(db, &reference, &office.zone, year, now)
    });
    counted.unwrap()
}

/// The whole report of a period.
pub fn whole(office: &Office, name: PeriodName, now: Moment) -> PeriodFigures {
    let counted = office.store.read(|db| {
        let reference = office.reference(db)?;
        year::report(db, &reference, &office.zone, name, now, &mut |_| ())
    });
    counted.unwrap()
}

/// Every row of a series is what the period's own report says, though it was added up by the database.
fn series(office: &Office, report: &PeriodFigures, name: PeriodName, now: Moment) {
    for row in &report.series {
        let years = report.year - row.period[..4].parse::<i16>().unwrap();
        let own = whole(office, name.earlier(years), now);
        assert_eq!(own.total.open_at_start + own.total.received, own.total.closed + own.total.open_at_end);
        let begins = own.series.last().unwrap().records_from.clone();
        assert_eq!(*row, SeriesRow { records_from: begins, ..SeriesRow::of(&own) });
    }
    assert!((1..=5).contains(&report.series.len()));
    let comparable = report.series.iter().rev().nth(1).is_some_and(|before| before.records_from.is_none());
    assert_eq!(report.changes.is_empty(), !comparable);
}

/// Writes the histories into a fresh database.
pub fn written(db: &TestDb, histories: &[History]) -> Office {
    let (office, units) = office(db);
    let (histories, unit_id) = (histories.to_vec(), units[0]);
    office
        .store
        .write(move |db| {
            let author = NewStaff {
                username: "author".into(),
                name: "示範".into(),
                unit_id,
                roles: vec![Role::Handler],
                email: String::new(),
                phone: String::new(),
                password_hash: "x".into(),
                must_change_password: false,
            };
            let author = staff::insert(db, &author, NOW)?;
            histories.iter().try_for_each(|history| write(db, history, &units, author))
        })
        .unwrap();
    office
}

fn holds(open: impl Fn() -> TestDb, cases: u32) {
    let mut runner = TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let running = 0_i64..24 * 900;
    let lives = prop::collection::vec(history(), 1..40);
    runner
        .run(&(lives, running), |(histories, hours)| {
            let db = open();
            let office = written(&db, &histories);
            let later = at("2032-01-01T00:00:00Z");
            let mut ended: Option<u64> = None;
            for year in 2023..=2031 {
                let report = count(&office, year, later);
                assert!(report.complete);
                naive::check(&report, &histories, year, later);
                // What was open when a year ended is open when the next begins.
                assert!(ended.is_none_or(|open| open == report.total.open_at_start), "{year}");
                ended = Some(report.total.open_at_end);
            }
            // A quarter and a month are counted by the same rules.
            for (name, first, months) in [
                (PeriodName::Quarter(2024, 3), (2024, 7), 3),
                (PeriodName::Quarter(2025, 1), (2025, 1), 3),
                (PeriodName::Month(2024, 6), (2024, 6), 1),
                (PeriodName::Month(2024, 12), (2024, 12), 1),
            ] {
                let report = whole(&office, name, later);
                naive::check_months(&report, &histories, first, months, later);
                series(&office, &report, name, later);
            }
            series(&office, &whole(&office, PeriodName::Year(2026), later), PeriodName::Year(2026), later);
            // Any moment, and one at which something happened, which belongs to the period.
            let moments = [Moment(at("2023-10-01T00:00:00Z").0 + hours * 3_600_000_000), histories[0].received_at];
            for now in moments {
                let year = now.date_in(&office.zone).year();
                let report = count(&office, year, now);
                assert!(!report.complete);
                naive::check(&report, &histories, year, now);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_figures_are_those_of_a_naive_count_on_sqlite() {
    holds(sqlite, 40);
}

#[test]
fn the_figures_are_those_of_a_naive_count_on_postgres() {
    if postgres().is_some() {
        holds(|| postgres().unwrap(), 15);
    }
}
