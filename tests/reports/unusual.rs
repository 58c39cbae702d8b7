//! Numbers that leave their usual range: told to those who answer for them, once until they are usual again.

use chenqing::acts::Office;
use chenqing::acts::fold_months::fold_months;
use chenqing::acts::unusual::unusual;
use chenqing::config::Config;
use chenqing::domain::case::{Channel, CloseCode, Kind};
use chenqing::domain::delivery::LetterState;
use chenqing::domain::figures::{Side, Watched, WatchedPlace};
use chenqing::domain::letter::Letter;
use chenqing::domain::staff::Role;
use chenqing::domain::time::{DAY, HOUR, Moment};
use chenqing::store::staff::{self, NewStaff};
use chenqing::store::{excursions, letters};

use super::at;
use super::counting::written;
use super::history::{self, Fact, History, Round, Terms};
use crate::support::on_both;

/// So many cases of a month, all closed within the hour.
fn cases(month: &str, number: i64) -> Vec<History> {
    let first = at(&format!("{month}-01T02:00:00Z"));
    let fact = |unit| Fact { kind: Kind::Suggestion, category: Some("noise"), speed: None, unit };
    (0..number)
        .map(|n| {
            let opened_at = first.plus_seconds(n * 600);
            let due = opened_at.plus_seconds(8 * DAY);
            History {
                channel: Channel::Web,
                received_at: opened_at,
                counted_at: opened_at,
                facts: vec![(opened_at, fact(None)), (Moment(opened_at.0 + 1), fact(Some(3)))],
                rounds: vec![Round {
                    opened_at,
                    counted_at: opened_at,
                    terms: Terms::plain(opened_at, due),
                    asked: false,
                    finish: Some((opened_at.plus_seconds(HOUR), CloseCode::Explained, 1)),
                    rating: None,
                }],
                reached: [None; 3],
            }
        })
        .collect()
}

fn people(office: &Office) {
    let unit_id = office.store.read(|db| office.reference(db)).unwrap().units.all()[0].id;
    let person = move |name: &str, roles: &[Role], email: &str| NewStaff {
        username: name.into(),
        name: name.into(),
        unit_id,
        roles: roles.to_vec(),
        email: email.into(),
        phone: String::new(),
        password_hash: "x".into(),
        must_change_password: false,
    };
    let all = [
        person("manager", &[Role::Manager], "manager@agency.example.tw"),
        person("both", &[Role::Manager, Role::ControlOfficer], "both@agency.example.tw"),
        person("control", &[Role::ControlOfficer], "control@agency.example.tw"),
        person("mute", &[Role::Manager], ""),
        person("auditor", &[Role::Auditor], "auditor@agency.example.tw"),
    ];
    let now = at("2024-01-01T00:00:00Z");
    office.store.write(move |db| all.iter().try_for_each(|new| staff::insert(db, new, now).map(|_| ()))).unwrap();
}

fn add(office: &Office, cases: Vec<History>) {
    let reference = office.store.read(|db| office.reference(db)).unwrap();
    let units: Vec<i64> = reference.units.all().iter().map(|unit| unit.id).collect();
    office.store.write(move |db| cases.iter().try_for_each(|case| history::write(db, case, &units, 1))).unwrap();
}

on_both!(what_is_unusual_is_told_once_until_it_is_usual_again, |db| {
    let months = ["2024-12", "2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08"];
    let office = written(db, &months.iter().flat_map(|month| cases(month, 20)).collect::<Vec<_>>());
    people(&office);
    let config = Config::defaults().unwrap().figures;
    let look = |day: &str| unusual(&office, &config, at(&format!("{day}T00:45:00Z"))).unwrap();
    let waiting = || office.store.read(|db| letters::in_state(db, LetterState::Waiting, None, 100)).unwrap();
    assert_eq!(look("2025-09-05"), 0, "as ever");
    // Of the month that runs more came in already than is usual in a whole one: the category's number, and the branch's,
    // which the section lies in.
    add(&office, cases("2025-09", 40));
    fold_months(&office, at("2025-09-05T00:00:00Z")).unwrap();
    assert_eq!((look("2025-09-05"), waiting().len()), (2, 3));
    let Letter::UnusualFigures { count, lines, .. } = waiting()[0].letter().unwrap() else { panic!("another letter") };
    let said: Vec<_> =
        lines.iter().map(|l| (l.name.as_str(), l.year, l.month, l.late, l.number, l.low, l.high)).collect();
    assert_eq!((count, said.len()), (2, 2));
    assert_eq!(said[0], ("=業務1", 2025, 9, false, 40, 5, 35));
    assert_eq!((said[1].0, said[1].4), ("north組", 40));
    let open = office.store.read(excursions::open).unwrap();
    let places: Vec<_> = open.iter().map(|e| (e.measure, e.place, e.code.as_str(), e.side)).collect();
    let above = |place, code| (Watched::Received, place, code, Side::Above);
    assert!(
        places.contains(&above(WatchedPlace::Category, "noise"))
            && places.contains(&above(WatchedPlace::Unit, "north"))
    );
    // The next day, and when the month is over: it is known.
    add(&office, cases("2025-10", 20));
    for day in ["2025-09-06", "2025-10-02", "2025-10-31"] {
        assert_eq!(look(day), 0, "{day}");
    }
    // October was as ever; in November it is told anew.
    assert_eq!(look("2025-11-01"), 0);
    assert!(office.store.read(excursions::open).unwrap().is_empty());
    add(&office, cases("2025-11", 45));
    assert_eq!((look("2025-11-20"), waiting().len()), (2, 6));
    // December brought hardly any, which only the whole month says; the number was above, and is below now.
    add(&office, cases("2025-12", 1));
    assert_eq!(look("2025-12-31"), 0);
    assert_eq!((look("2026-01-02"), waiting().len()), (2, 9));
    let open = office.store.read(excursions::open).unwrap();
    assert!(open.len() == 2 && open.iter().all(|e| e.side == Side::Below && e.month == 202_512), "{open:?}");
});

on_both!(several_nodes_tell_it_once, |db| {
    let months = ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08"];
    let office = written(db, &months.iter().flat_map(|month| cases(month, 20)).collect::<Vec<_>>());
    people(&office);
    add(&office, cases("2025-09", 60));
    let nodes: Vec<_> = (0..4)
        .map(|_| {
            let office = office.clone();
            let config = Config::defaults().unwrap().figures;
            std::thread::spawn(move || unusual(&office, &config, at("2025-09-20T00:45:00Z")).unwrap())
        })
        .collect();
    let told: usize = nodes.into_iter().map(|node| node.join().unwrap()).sum();
    let waiting = office.store.read(|db| letters::in_state(db, LetterState::Waiting, None, 100)).unwrap();
    assert!(told == 2 && (3..=6).contains(&waiting.len()), "{told} told in {} letters", waiting.len());
});
