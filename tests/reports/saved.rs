//! What a saved report leaves of a period: exactly the cases its filter names, counted as a naive count of these alone counts
//! them; the parts of a filter are together the whole; and every file says what it counts.

use chenqing::acts::Office;
use chenqing::domain::case::{Channel, Kind};
use chenqing::domain::figures::{Filter, PeriodFigures, PeriodName};
use chenqing::domain::saved_report::{SavedFormat, SavedPeriod, TABLES, Terms};
use chenqing::domain::time::Moment;
use chenqing::reports::{saved, saved_letter, year};
use chenqing::web::pages::Pages;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::at;
use super::counting::written;
use super::history::{Fact, History, history};
use super::naive::{check, fact_at};
use crate::support::on_both;

/// After every case of the histories.
const LATER: &str = "2032-01-01T00:00:00Z";
/// The end of 2024 in Taipei.
const END: &str = "2024-12-31T16:00:00Z";

fn histories() -> Vec<History> {
    let mut runner = TestRunner::deterministic();
    prop::collection::vec(history(), 150..151).new_tree(&mut runner).unwrap().current()
}

fn part(office: &Office, filter: &Filter) -> PeriodFigures {
    let now = at(LATER);
    let counted = office.store.read(|db| {
        let reference = office.reference(db)?;
        year::count_part(db, &reference, &office.zone, (PeriodName::Year(2024), filter), now)
    });
    counted.unwrap()
}

/// The histories that stand under something at the end of the year.
fn only(histories: &[History], holds: impl Fn(&History, &Fact) -> bool) -> Vec<History> {
    let end = at(END);
    histories.iter().filter(|h| fact_at(h, end).is_some_and(|fact| holds(h, fact))).cloned().collect()
}

fn texts(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

on_both!(a_part_is_what_a_naive_count_of_its_cases_finds, |db| {
    let histories = histories();
    let office = written(db, &histories);
    let none = Filter::default;
    type Holds = fn(&History, &Fact) -> bool;
    let parts: Vec<(Filter, Holds)> = vec![
        (Filter { units: texts(&["north"]), below: true, ..none() }, |_, f| {
            f.unit.is_some_and(|u| [1, 3, 4].contains(&u))
        }),
        (Filter { units: texts(&["north"]), ..none() }, |_, f| f.unit == Some(1)),
        (Filter { units: texts(&["south", "unassigned"]), ..none() }, |_, f| f.unit.is_none_or(|u| u == 2)),
        (Filter { categories: texts(&["noise", "unclassified"]), ..none() }, |_, f| {
            f.category.is_none_or(|c| c == "noise")
        }),
        (Filter { channels: vec![Channel::Web, Channel::Phone], ..none() }, |h, _| {
            [Channel::Web, Channel::Phone].contains(&h.channel)
        }),
        (Filter { kinds: vec![Kind::Rights], ..none() }, |_, f| f.kind == Kind::Rights),
        (Filter { speed_classes: texts(&["urgent"]), ..none() }, |_, f| f.speed == Some("urgent")),
        (
            Filter { units: texts(&["north"]), below: true, kinds: vec![Kind::Rights, Kind::Inquiry], ..none() },
            |_, f| f.unit.is_some_and(|u| [1, 3, 4].contains(&u)) && [Kind::Rights, Kind::Inquiry].contains(&f.kind),
        ),
    ];
    for (filter, holds) in parts {
        let (found, wanted) = (part(&office, &filter), only(&histories, holds));
        assert!(found.total.received + found.total.open_at_start > 0, "{filter:?} leaves nothing");
        check(&found, &wanted, 2024, at(LATER));
    }
});

on_both!(the_parts_of_a_filter_are_together_the_whole, |db| {
    let office = written(db, &histories());
    let whole = part(&office, &Filter::default());
    let filters: [Vec<Filter>; 3] = [
        Kind::ALL.iter().map(|kind| Filter { kinds: vec![*kind], ..Filter::default() }).collect(),
        Channel::ALL.iter().map(|channel| Filter { channels: vec![*channel], ..Filter::default() }).collect(),
        ["headquarters", "north", "south", "north-1", "north-1-a", "unassigned"]
            .iter()
            .map(|unit| Filter { units: texts(&[unit]), ..Filter::default() })
            .collect(),
    ];
    for parts in filters {
        let parts: Vec<PeriodFigures> = parts.iter().map(|filter| part(&office, filter)).collect();
        let sum = |of: fn(&PeriodFigures) -> u64| parts.iter().map(of).sum::<u64>();
        for of in [
            |f: &PeriodFigures| f.total.received,
            |f: &PeriodFigures| f.total.closed,
            |f: &PeriodFigures| f.total.open_at_start,
            |f: &PeriodFigures| f.total.open_at_end,
            |f: &PeriodFigures| f.total.closed_late,
            |f: &PeriodFigures| f.total.ratings.number,
        ] as [fn(&PeriodFigures) -> u64; 6]
        {
            assert_eq!(sum(of), of(&whole));
        }
        assert!(whole.total.received > 50 && parts.iter().all(|f| f.total.received < whole.total.received));
    }
});

fn report(office: &Office, filter: Filter, now: Moment) -> PeriodFigures {
    let terms = Terms {
        period: SavedPeriod::parse("2024").unwrap(),
        filter,
        tables: TABLES.to_vec(),
        formats: SavedFormat::ALL.to_vec(),
    };
    let counted = office.store.read(|db| {
        let reference = office.reference(db)?;
        let day = now.date_in(&office.zone);
        saved::figures(db, (&reference, &office.zone), ("=北部概況", &terms), day, now)
    });
    counted.unwrap()
}

on_both!(every_file_chart_and_letter_says_what_is_counted, |db| {
    let office = written(db, &histories());
    let filter = Filter { units: texts(&["north"]), below: true, categories: texts(&["noise"]), ..Filter::default() };
    let figures = report(&office, filter, at(LATER));
    let pages = Pages::new(None).unwrap();
    let said = "範圍：單位為north組（含所屬單位）；業務為=業務1";
    let csv = saved::file(&figures, SavedFormat::Csv, "zh-TW", &pages).unwrap().unwrap();
    assert_eq!(csv.name, "=北部概況-2024.zip");
    let readme = unzipped(&csv.bytes, "README.txt");
    assert!(readme.contains(said) && readme.contains("=北部概況：") && readme.contains("沒有定稿"), "{readme}");
    // In the sheet of each table, not only on the first.
    let ods = saved::file(&figures, SavedFormat::Ods, "zh-TW", &pages).unwrap().unwrap();
    assert!(unzipped(&ods.bytes, "content.xml").matches(said).count() > 8);
    let json = saved::file(&figures, SavedFormat::Json, "en", &pages).unwrap().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json.bytes).unwrap();
    assert_eq!(json["scope"]["report"], "=北部概況");
    assert_eq!(json["scope"]["parts"][0]["values"][0]["code"], "north");
    assert_eq!(json["scope"]["parts"][0]["below"], true);
    assert_eq!(json["locked_at"], serde_json::Value::Null);
    assert_eq!(json["series"].as_array().unwrap().len(), 1);
    for (locale, said) in [("zh-TW", said), ("en", "Scope: Unit north with the units below; Subject area Category 1")] {
        let written = saved_letter::write(&figures, (&[SavedFormat::Xlsx], 10_485_760), None, locale, &pages).unwrap();
        assert_eq!(written.letter.scope, said);
        assert_eq!(written.letter.files.last().unwrap(), "=北部概況-2024.xlsx");
        assert!(!written.letter.left_out && written.letter.tables.len() == 4);
        // The total of the table beside a chart is the report's.
        let total = written.letter.tables[0].rows.last().unwrap();
        assert_eq!((total.total, &total.cells[0]), (true, &figures.total.received.to_string()));
        let charts = written.files.iter().filter(|(file, _)| !file.name.ends_with(".xlsx"));
        let mut drawn = 0;
        for (file, shown) in charts {
            drawn += 1;
            if cfg!(feature = "pdf") {
                // The picture is shown beside its table, with what it shows in words.
                let of = |table: &&chenqing::domain::letter::ReportTable| {
                    table.picture.as_ref().is_some_and(|picture| Some(&picture.content_id) == shown.as_ref())
                };
                let picture = written.letter.tables.iter().find(of).unwrap().picture.as_ref().unwrap();
                assert!(file.name.ends_with(".png") && file.bytes.starts_with(b"\x89PNG"));
                assert!(picture.alt.len() > 40 && file.bytes.len() < 200_000, "{} bytes", file.bytes.len());
            } else {
                let svg = String::from_utf8(file.bytes.clone()).unwrap();
                assert!(file.name.ends_with(".svg") && shown.is_none() && svg.contains(&said[..9]));
            }
        }
        assert!(drawn >= 2, "{drawn} charts");
    }
    // Too large for a letter: told, and left to the page.
    let written = saved_letter::write(&figures, (&[SavedFormat::Xlsx], 1_000), None, "en", &pages).unwrap();
    assert!(written.letter.left_out && !written.letter.files.iter().any(|name| name.ends_with(".xlsx")));
});

fn unzipped(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
    text
}
