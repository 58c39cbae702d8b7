//! The year-end package: from its day on, once, to every manager; and its numbers stay.

use chenqing::acts::Office;
use chenqing::domain::case::{Channel, CloseCode, Kind};
use chenqing::domain::delivery::LetterState;
use chenqing::domain::figures::{Row, TableName};
use chenqing::domain::letter::Letter;
use chenqing::domain::link::Purpose;
use chenqing::domain::staff::Role;
use chenqing::domain::time::Moment;
use chenqing::error::Result;
use chenqing::reports::{year, year_end};
use chenqing::store::letters::{self, LetterRow};
use chenqing::store::staff::{self, NewStaff};
use chenqing::store::{Db, cases};

use super::counting::{count, written};
use super::history::{self, Fact, History, Round, Terms};
use super::{at, office};
use crate::support::on_both;

const FROM: &str = "01-05";

/// Two cases of 2025 in a unit of the north, one of them still open.
fn histories() -> Vec<History> {
    let opened_at = at("2025-11-03T02:00:00Z");
    let fact = |unit| Fact { kind: Kind::Rights, category: Some("noise"), speed: None, unit };
    let life = |finish| History {
        channel: Channel::Web,
        received_at: opened_at,
        counted_at: opened_at,
        facts: vec![(opened_at, fact(None)), (at("2025-11-04T02:00:00Z"), fact(Some(3)))],
        rounds: vec![Round {
            opened_at,
            counted_at: opened_at,
            terms: Terms::plain(opened_at, at("2025-11-11T16:00:00Z")),
            asked: false,
            finish,
            rating: None,
        }],
        reached: [None; 3],
    };
    vec![life(Some((at("2025-11-05T02:00:00Z"), CloseCode::Answered, 4))), life(None)]
}

fn manager(db: &mut Db, name: &str, roles: &[Role], email: &str) -> Result<i64> {
    let unit_id = chenqing::store::reference::load(db, &super::taipei())?.units.all()[0].id;
    let new = NewStaff {
        username: name.into(),
        name: name.into(),
        unit_id,
        roles: roles.to_vec(),
        email: email.into(),
        phone: String::new(),
        password_hash: "x".into(),
        must_change_password: false,
    };
    staff::insert(db, &new, at("2025-01-01T00:00:00Z"))
}

fn waiting(office: &Office) -> Vec<LetterRow> {
    office.store.read(|db| letters::in_state(db, LetterState::Waiting, None, 100)).unwrap()
}

/// What a run of the sweep said: the message's key and arguments.
fn said(office: &Office, now: Moment) -> String {
    year_end::sweep(office, FROM, now).unwrap().to_string()
}

on_both!(last_year_is_reported_once_from_its_day_on, |db| {
    let office = written(db, &histories());
    let readers: Vec<i64> = office
        .store
        .write(|db| {
            manager(db, "auditor", &[Role::Auditor, Role::ControlOfficer], "auditor@agency.example.tw")?;
            let first = manager(db, "first", &[Role::Manager], "first@agency.example.tw")?;
            Ok(vec![first, manager(db, "second", &[Role::Handler, Role::Manager], "second@agency.example.tw")?])
        })
        .unwrap();
    // The fourth in the agency's time is not the day; the fifth is, from its first instant.
    let day = at("2026-01-04T16:00:00Z");
    assert_eq!(said(&office, day.plus_seconds(-1)), "job-result-year-early");
    assert!(waiting(&office).is_empty());
    assert_eq!(said(&office, day), "job-result-year-reported year=2025 letters=2");
    let owed = waiting(&office);
    let mut to: Vec<i64> = owed.iter().filter_map(|letter| letter.staff_id).collect();
    to.sort_unstable();
    assert_eq!(to, readers);
    for row in &owed {
        let link = row.link().unwrap().unwrap();
        assert_eq!((link.purpose, link.row), (Purpose::Management, 2025));
        let Letter::YearPackage {
            year,
            received,
            closed,
            open_at_end,
            on_time_rate,
            mean_days,
            satisfaction,
            agency,
            checksum,
        } = row.letter().unwrap()
        else {
            panic!("another letter")
        };
        assert_eq!((year, received, closed, open_at_end), (2025, 2, 1, 1));
        assert_eq!((on_time_rate, mean_days, satisfaction, agency.as_str()), (Some(1.0), Some(2.0), None, "示範署"));
        let locked = office.store.read(|db| year::locked(db, 2025)).unwrap().unwrap();
        assert_eq!(Some(checksum), locked.locked_sha256);
    }
    for later in [0, 86_400, 300 * 86_400] {
        assert_eq!(said(&office, day.plus_seconds(later)), "job-result-year-nothing year=2025");
    }
    assert_eq!(waiting(&office).len(), 2);
    assert!(year_end::sweep(&office, "13-45", day).unwrap_err().to_string().contains("13-45"));
});

on_both!(two_nodes_report_a_year_once, |db| {
    let office = written(db, &histories());
    office.store.write(|db| manager(db, "first", &[Role::Manager], "first@agency.example.tw")).unwrap();
    let nodes: Vec<_> = (0..6)
        .map(|_| {
            let office = office.clone();
            std::thread::spawn(move || said(&office, at("2026-01-06T00:00:00Z")))
        })
        .collect();
    let said: Vec<String> = nodes.into_iter().map(|node| node.join().unwrap()).collect();
    assert_eq!(
        said.iter().filter(|words| *words == "job-result-year-reported year=2025 letters=1").count(),
        1,
        "{said:?}"
    );
    assert_eq!(waiting(&office).len(), 1);
});

on_both!(a_year_before_the_first_case_is_not_reported, |db| {
    let (empty, _) = office(db);
    assert_eq!(said(&empty, at("2026-06-01T00:00:00Z")), "job-result-year-nothing year=2025");
});

on_both!(reported_numbers_stay_and_what_moved_is_told, |db| {
    let office = written(db, &histories());
    let day = at("2026-01-05T01:00:00Z");
    year_end::sweep(&office, FROM, day).unwrap();
    let of_year = |year, now| {
        let read = office.store.read(|db| {
            let reference = office.reference(db)?;
            year::of_year(db, &reference, &office.zone, year, now)
        });
        read.unwrap()
    };
    // A case of November that was entered late, and the open one given to the south.
    let late = at("2026-02-01T00:00:00Z");
    let (mut second, units) = (histories().remove(1), office.store.read(|db| office.reference(db)).unwrap());
    (second.counted_at, second.rounds[0].counted_at) = (late, late);
    let south = units.units.by_code("south").unwrap().id;
    let ids: Vec<i64> = units.units.all().iter().map(|unit| unit.id).collect();
    office
        .store
        .write(move |db| {
            history::write(db, &second, &ids, 1)?;
            let before = cases::lock(db, 2, None)?;
            cases::save(
                db,
                &before,
                &cases::Case { unit_id: Some(south), ..before.clone() },
                at("2026-02-01T00:00:00Z"),
            )
        })
        .unwrap();
    let later = at("2026-03-01T00:00:00Z");
    let locked = of_year(2025, later);
    assert_eq!((locked.total.received, locked.locked_at), (2, Some(day)));
    assert_eq!(count(&office, 2025, later).total.received, 2, "what is entered late counts when it is entered");

    let running = of_year(2026, later);
    let row = |code: &str| running.tables.get(TableName::Unit).iter().find(|row| row.code == code).cloned().unwrap();
    let (north, south) = (row("north"), row("south"));
    assert_eq!((south.figures.open_at_start, south.reclassified_in, south.reclassified_out), (1, 1, 0));
    assert_eq!((north.figures.open_at_start, north.reclassified_in, north.reclassified_out), (0, 0, 1));
    // The late one is no case of the year before.
    assert_eq!(north.figures.received, 1);
    let rows = running.tables.get(TableName::Unit);
    let sum = |of: fn(&Row) -> u64| rows.iter().map(of).sum::<u64>();
    assert_eq!(sum(|row| row.reclassified_in), sum(|row| row.reclassified_out));
});
