//! The arithmetic of a row, table by table, with the rule each line shows.

use chenqing::domain::case::{Channel, CloseCode, Kind};
use std::collections::HashMap;

use chenqing::domain::figures::{
    CountedRating, CountedRound, Counts, Directory, Figures, Finish, Names, Period, Place, Reached, Stage, TableName,
};
use chenqing::domain::figures::{PeriodFigures, Row};
use chenqing::domain::time::Moment;
use chenqing::domain::units::Units;

use super::support::zone;

fn at(text: &str) -> Moment {
    format!("{text}+08:00[Asia/Taipei]").parse::<jiff::Zoned>().map(|z| Moment::from_jiff(z.timestamp())).unwrap()
}

fn place() -> Place {
    Place { channel: Channel::Web, kind: Kind::Inquiry, category: None, speed_class: None, unit_id: None }
}

/// A round by its local moments: opened, due, due with extensions, finished.
fn round(opened: &str, due: &str, extended: &str, finished: Option<&str>) -> CountedRound {
    let taipei = zone("Asia/Taipei");
    let finish = finished.map(at).map(|at| Finish {
        at,
        month: at.month_in(&taipei),
        code: Some(CloseCode::Answered),
        half_days: Some(6),
    });
    let opened_month = at(opened).month_in(&taipei);
    CountedRound {
        opened_at: at(opened),
        counted_at: at(opened),
        opened_month,
        round: 1,
        finish,
        original_due_at: Some(at(due)),
        due_at: Some(at(extended)),
        reached: Reached::default(),
        moves: 0,
        asked: false,
        rated_at: None,
        place: place(),
    }
}

fn counted(now: &str, rounds: &[CountedRound]) -> PeriodFigures {
    let period = Period::of_year(2026, &zone("Asia/Taipei"), at(now)).unwrap();
    let mut counts = Counts::new(&period);
    rounds.iter().for_each(|round| {
        counts.round(round);
    });
    figures(counts)
}

fn figures(counts: Counts<'_>) -> PeriodFigures {
    let name = || "示範署".to_owned();
    let units = Units::default();
    counts.figures(&Directory {
        agency: Names { name_zh: name(), name_en: name() },
        categories: Vec::new(),
        category_groups: HashMap::new(),
        speed_classes: Vec::new(),
        units: &units,
    })
}

/// The four columns of a row: open at start, received, closed, open at end.
fn columns(f: &Figures) -> [u64; 4] {
    [f.open_at_start, f.received, f.closed, f.open_at_end]
}

#[test]
fn a_case_stands_in_the_columns_of_its_year() {
    let due = "2026-12-31T00:00:00";
    // (opened, finished, the four columns)
    let table = [
        ("2026-03-01T09:00:00", Some("2026-03-05T09:00:00"), [0, 1, 1, 0]),
        ("2026-03-01T09:00:00", None, [0, 1, 0, 1]),
        ("2025-12-31T23:59:59", Some("2026-01-01T00:00:00"), [1, 0, 1, 0]),
        ("2025-12-31T23:59:59", Some("2027-01-01T00:00:00"), [1, 0, 0, 1]),
        ("2025-06-01T09:00:00", Some("2025-12-31T23:59:59"), [0, 0, 0, 0]),
        ("2026-01-01T00:00:00", Some("2026-12-31T23:59:59"), [0, 1, 1, 0]),
        ("2027-01-01T00:00:00", None, [0, 0, 0, 0]),
    ];
    for (opened, finished, expected) in table {
        let year = counted("2027-01-05T09:00:00", &[round(opened, due, due, finished)]);
        assert_eq!(columns(&year.total), expected, "{opened} {finished:?}");
        let kind = year.tables.get(TableName::Kind).iter().find(|row| row.code == "inquiry").unwrap();
        assert_eq!(columns(&kind.figures), expected, "{opened} {finished:?}");
        for row in year.tables.get(TableName::Month) {
            let f = &row.figures;
            assert_eq!(f.open_at_start + f.received, f.closed + f.open_at_end, "{opened} {finished:?} {}", row.code);
        }
    }
}

#[test]
fn a_month_begins_with_what_the_month_before_left_open() {
    let due = "2026-03-10T00:00:00";
    let year = counted("2026-05-15T12:00:00", &[round("2026-02-20T09:00:00", due, due, Some("2026-04-02T09:00:00"))]);
    let months: Vec<[u64; 4]> = year.tables.get(TableName::Month).iter().map(|row| columns(&row.figures)).collect();
    assert_eq!(months, [[0, 0, 0, 0], [0, 1, 0, 1], [1, 0, 0, 1], [1, 0, 1, 0], [0, 0, 0, 0]]);
    // Open at the end of February within its limit, at the end of March over it.
    let within: Vec<u64> = year.tables.get(TableName::Month).iter().map(|row| row.figures.pending_within).collect();
    assert_eq!(within, [0, 1, 0, 0, 0]);
}

#[test]
fn on_time_is_by_the_original_limit_and_extensions_stand_beside_it() {
    // Domain page 3.2, 3 (on time: finished ≤ due) and 3.2, 5 (late even when extended).
    // (finished, on time, on time with extensions, late)
    let table = [
        ("2026-03-10T00:00:00", [1, 1, 0]),
        ("2026-03-10T00:00:01", [0, 1, 1]),
        ("2026-03-20T00:00:00", [0, 1, 1]),
        ("2026-03-20T00:00:01", [0, 0, 1]),
    ];
    for (finished, expected) in table {
        let life = round("2026-03-01T09:00:00", "2026-03-10T00:00:00", "2026-03-20T00:00:00", Some(finished));
        let f = counted("2027-01-05T09:00:00", &[life]).total;
        assert_eq!([f.closed_on_time, f.closed_on_time_extended, f.closed_late], expected, "{finished}");
        assert_eq!((f.extended, f.on_time_rate), (1, Some(f64::from(u8::from(expected[0] == 1)))));
    }
}

#[test]
fn what_is_open_is_judged_at_the_end_or_now() {
    // (now, within, within with extensions, over)
    let table = [
        ("2026-03-10T00:00:00", [1, 1, 0]),
        ("2026-03-10T00:00:01", [0, 1, 1]),
        ("2026-03-20T00:00:01", [0, 0, 1]),
        ("2027-01-05T09:00:00", [0, 0, 1]),
    ];
    for (now, expected) in table {
        let life = round("2026-03-01T09:00:00", "2026-03-10T00:00:00", "2026-03-20T00:00:00", None);
        let f = counted(now, &[life]).total;
        assert_eq!([f.pending_within, f.pending_within_extended, f.pending_overdue], expected, "{now}");
    }
    // A last day of 31 December has not passed when the year ends.
    let last = "2027-01-01T00:00:00";
    assert_eq!(
        counted("2027-01-05T09:00:00", &[round("2026-12-20T09:00:00", last, last, None)]).total.pending_within,
        1
    );
}

#[test]
fn a_reopening_counts_as_received_and_the_earlier_ending_stays() {
    let due = "2026-06-30T00:00:00";
    let first = round("2026-03-01T09:00:00", due, due, Some("2026-03-05T09:00:00"));
    let again = CountedRound { round: 2, ..round("2026-04-01T09:00:00", due, due, None) };
    let year = counted("2026-04-30T12:00:00", &[first, again]);
    let f = &year.total;
    assert_eq!((columns(f), f.received_new, f.reopened), ([0, 2, 1, 1], 1, 1));
    let reopened: Vec<u64> = year.tables.get(TableName::Month).iter().map(|row| row.figures.reopened).collect();
    assert_eq!(reopened, [0, 0, 0, 1]);
}

#[test]
fn every_ending_is_closed_under_its_own_name() {
    // Domain page, section 5: merged, withdrawn, transferred, no action = closed.
    let due = "2026-03-10T00:00:00";
    let lives: Vec<CountedRound> = CloseCode::ALL
        .iter()
        .map(|code| {
            let mut life = round("2026-03-01T09:00:00", due, due, Some("2026-03-05T09:00:00"));
            life.finish.as_mut().unwrap().code = Some(*code);
            life
        })
        .collect();
    let f = counted("2027-01-05T09:00:00", &lives).total;
    assert_eq!((f.closed, f.replied, f.transferred, f.withdrawn), (11, 4, 1, 1));
    assert!(f.no_action.len() == 5 && f.no_action.values().all(|number| *number == 1), "{:?}", f.no_action);
}

#[test]
fn days_used_have_a_mean_a_median_and_bands() {
    // (half days used, mean, median, bands ≤3 ≤6 ≤15 ≤30 >30)
    type Row = (&'static [i64], Option<f64>, Option<f64>, [u64; 5]);
    let table: [Row; 5] = [
        (&[], None, None, [0, 0, 0, 0, 0]),
        (&[1], Some(0.5), Some(0.5), [1, 0, 0, 0, 0]),
        (&[6, 7], Some(3.25), Some(3.25), [1, 1, 0, 0, 0]),
        (&[2, 2, 12, 13], Some(3.625), Some(3.5), [2, 1, 1, 0, 0]),
        (&[30, 31, 60, 61, 200], Some(38.2), Some(30.0), [0, 0, 1, 2, 2]),
    ];
    for (used, mean, median, bands) in table {
        let lives: Vec<CountedRound> = used
            .iter()
            .map(|half_days| {
                let mut life = round(
                    "2026-03-01T09:00:00",
                    "2026-03-10T00:00:00",
                    "2026-03-10T00:00:00",
                    Some("2026-03-05T09:00:00"),
                );
                life.finish.as_mut().unwrap().half_days = Some(*half_days);
                life
            })
            .collect();
        let f = counted("2027-01-05T09:00:00", &lives).total;
        let of = [f.days.up_to_3, f.days.up_to_6, f.days.up_to_15, f.days.up_to_30, f.days.over_30];
        assert_eq!((f.mean_days, f.median_days, of), (mean, median, bands), "{used:?}");
    }
}

#[test]
fn ratings_count_in_the_month_they_were_given() {
    let period = Period::of_year(2026, &zone("Asia/Taipei"), at("2026-03-15T12:00:00")).unwrap();
    let mut counts = Counts::new(&period);
    let due = "2026-03-10T00:00:00";
    // Three were asked with the reply; one answered, one will after the moment of the report. Who was never asked does not count.
    for (asked, rated) in
        [(true, Some("2026-03-01T09:00:00")), (true, None), (true, Some("2026-03-16T09:00:00")), (false, None)]
    {
        let life = round("2026-02-01T09:00:00", due, due, Some("2026-02-05T09:00:00"));
        counts.round(&CountedRound { asked, rated_at: rated.map(at), ..life });
    }
    for (month, levels) in [(202_602, [5, 4, 3, 2, 1]), (202_603, [4, 4, 4, 4, 4]), (202_512, [1, 1, 1, 1, 1])] {
        counts.rating(&CountedRating { month, levels, place: place() });
    }
    let year = figures(counts);
    let numbers: Vec<u64> = year.tables.get(TableName::Month).iter().map(|row| row.figures.ratings.number).collect();
    assert_eq!(numbers, [0, 1, 1]);
    let ratings = &year.total.ratings;
    assert_eq!((ratings.number, ratings.overall()), (2, Some(2.5)));
    assert_eq!((ratings.asked, ratings.answered, ratings.missing), (3, 1, 2));
    assert_eq!(ratings.response_rate, Some(1.0 / 3.0));
    // The month that asked has the answer, whenever it came.
    let asked: Vec<u64> = year.tables.get(TableName::Month).iter().map(|row| row.figures.ratings.answered).collect();
    assert_eq!(asked, [0, 1, 0]);
    let levels: Vec<u64> = ratings.questions.values().next().unwrap().levels.values().copied().collect();
    assert_eq!(levels, [0, 0, 0, 1, 1]);
}

#[test]
fn a_locked_report_is_read_back_as_it_was_written() {
    let due = "2026-03-10T00:00:00";
    let year = counted("2027-01-05T09:00:00", &[round("2026-03-01T09:00:00", due, due, Some("2026-03-05T09:00:00"))]);
    let text = serde_json::to_string(&year).unwrap();
    assert_eq!(serde_json::from_str::<PeriodFigures>(&text).unwrap(), year);
    // What a program finds in a row.
    let row: serde_json::Value = serde_json::to_value(&year.tables.get(TableName::Month)[2]).unwrap();
    for key in ["open_at_start", "received", "closed", "open_at_end"] {
        assert!(row[key].is_u64(), "{key}");
    }
    let _: Row = serde_json::from_value(row).unwrap();
}

#[test]
fn stages_are_told_in_hours_of_the_closed_that_reached_them() {
    let due = "2026-03-30T00:00:00";
    let life = |registered: Option<&str>, finished: &str, code| {
        let mut life = round("2026-03-01T09:00:00", due, due, Some(finished));
        life.reached.registered_at = registered.map(at);
        life.finish.as_mut().unwrap().code = Some(code);
        life
    };
    let year = counted(
        "2027-01-05T09:00:00",
        &[
            life(Some("2026-03-01T10:59:59"), "2026-03-02T09:00:00", CloseCode::Answered),
            life(Some("2026-03-02T09:00:00"), "2026-03-04T09:00:00", CloseCode::Explained),
            // Registered after its end it was not on its way; transferred it was not replied to.
            life(Some("2026-03-09T09:00:00"), "2026-03-05T09:00:00", CloseCode::Transferred),
            life(None, "2026-03-05T09:00:00", CloseCode::Withdrawn),
        ],
    );
    let of = |stage| {
        let hours = &year.total.stages[&stage];
        (hours.number, hours.mean_hours, hours.median_hours, hours.p90_hours)
    };
    assert_eq!(of(Stage::Registered), (2, Some(12.5), Some(12.5), Some(24.0)));
    assert_eq!(of(Stage::Replied), (2, Some(48.0), Some(48.0), Some(72.0)));
    assert_eq!(of(Stage::Accepted), (0, None, None, None));
}

#[test]
fn what_went_to_and_fro_is_told() {
    let due = "2026-03-30T00:00:00";
    let lives: Vec<CountedRound> = [0, 1, 2, 3, 7]
        .map(|moves| CountedRound { moves, ..round("2026-03-01T09:00:00", due, due, Some("2026-03-05T09:00:00")) })
        .into();
    let year = counted("2027-01-05T09:00:00", &lives);
    assert_eq!((year.total.reassigned, year.total.reassigned_often), (4, 2));
    let rows: Vec<(&str, u64)> =
        year.tables.get(TableName::Reassignment).iter().map(|row| (row.code.as_str(), row.figures.closed)).collect();
    assert_eq!(rows, [("0", 1), ("1", 1), ("2", 1), ("3_or_more", 2)]);
}

#[test]
fn a_report_of_an_earlier_version_is_read() {
    let due = "2026-03-10T00:00:00";
    let year = counted("2027-01-05T09:00:00", &[round("2026-03-01T09:00:00", due, due, None)]);
    let mut old = serde_json::to_value(&year).unwrap();
    for key in ["period", "series", "changes"] {
        old.as_object_mut().unwrap().remove(key);
    }
    let total = old["total"].as_object_mut().unwrap();
    let overdue = total.remove("pending_overdue").unwrap();
    total.insert("pending_over".into(), overdue);
    for key in ["p90_days", "stages", "reassigned", "reassigned_often", "repeated", "on_time_rate_extended"] {
        total.remove(key);
    }
    let tables = old["tables"].as_object_mut().unwrap();
    tables.retain(|name, _| ["month", "channel", "kind", "category", "unit"].contains(&name.as_str()));
    let read: PeriodFigures = serde_json::from_value(old).unwrap();
    assert_eq!((read.total.pending_overdue, read.total.p90_days), (1, None));
    assert!(read.tables.get(TableName::UnitTree).is_empty() && read.tables.get(TableName::Month).len() == 12);
}
