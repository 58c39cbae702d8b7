//! The formats: the same figures as a page, a table and JSON, in both languages.

use std::io::Cursor;

use calamine::{DataType, Ods, Reader, Xlsx};
use chenqing::domain::case::{Channel, CloseCode, Kind};
use chenqing::domain::figures::{PeriodFigures, TableName};
use chenqing::reports::{Format, write};
use chenqing::web::pages::Pages;
use serde_json::Value;

use super::at;
use super::counting::{count, written};
use super::history::{Fact, History, Round, Terms};
use crate::support::sqlite;

/// One case of 2025 under the first category, whose name a spreadsheet would take for a formula, and one without any.
pub fn figures() -> PeriodFigures {
    let fact = |category, unit| Fact { kind: Kind::Report, category, speed: Some("normal"), unit };
    let opened_at = at("2025-03-03T02:00:00Z");
    let round = Round {
        opened_at,
        counted_at: opened_at,
        terms: Terms::plain(opened_at, at("2025-03-11T16:00:00Z")),
        asked: true,
        finish: Some((at("2025-03-05T02:00:00Z"), CloseCode::Answered, 4)),
        rating: Some((at("2025-03-06T02:00:00Z"), [5, 4, 5, 5, 4])),
    };
    let history = |facts| History {
        channel: Channel::Phone,
        received_at: opened_at,
        counted_at: opened_at,
        facts,
        rounds: vec![round.clone()],
        reached: [None; 3],
    };
    let first =
        history(vec![(opened_at, fact(None, None)), (at("2025-03-04T02:00:00Z"), fact(Some("rescue"), Some(4)))]);
    let second = history(vec![(opened_at, fact(None, None))]);
    let db = sqlite();
    count(&written(&db, &[first, second]), 2025, at("2026-01-05T01:00:00Z"))
}

fn text(format: Format, locale: &str) -> String {
    String::from_utf8(write(&figures(), format, locale, &Pages::new(None).unwrap()).unwrap()).unwrap()
}

#[test]
fn csv_is_one_table_that_spreadsheets_read_and_never_run() {
    let english = text(Format::Csv, "en");
    for locale in ["zh-TW", "en"] {
        let text = text(Format::Csv, locale);
        let plain = text.strip_prefix('\u{feff}').expect("a byte order mark");
        assert!(plain.contains("\r\n"));
        let mut table = csv::Reader::from_reader(plain.as_bytes());
        let head: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
        let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
        assert_eq!(head.iter().collect::<std::collections::BTreeSet<_>>().len(), head.len(), "{head:?}");
        for row in &rows {
            assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{row:?}");
            let keys: Vec<&str> = english.lines().next().unwrap().split(',').collect();
            let numbers = |key: &str| row[keys.iter().position(|k| *k == key).unwrap()].parse::<u64>().unwrap();
            assert_eq!(
                numbers("open_at_start") + numbers("received"),
                numbers("closed") + numbers("open_at_end"),
                "{row:?}"
            );
        }
        let rescue = rows.iter().find(|row| &row[2] == "rescue").unwrap();
        let own = rows.iter().filter(|row| &row[5] == "2").count();
        assert_eq!(own, 2, "the section below the north, the category in its group");
        assert_eq!(&rescue[3], if locale == "en" { "Category 0" } else { "'=業務0" });
        let of_section = |code: &str| rows.iter().filter(|row| &row[2] == code).count();
        assert_eq!(
            [of_section("total"), of_section("2025-12"), of_section("north"), of_section("unassigned")],
            [1, 1, 2, 2]
        );
    }
    let head = english.lines().next().unwrap();
    assert!(head.starts_with("\u{feff}period,section,code,name,month,level,parent,open_at_start,received,"), "{head}");
    assert!(text(Format::Csv, "zh-TW").lines().next().unwrap().contains("期初未結,收件"));
}

#[test]
fn json_says_what_every_figure_means() {
    let report: Value = serde_json::from_str(&text(Format::Json, "zh-TW")).unwrap();
    assert_eq!(report["year"], 2025);
    assert_eq!(
        (&report["complete"], &report["from"], &report["to"]),
        (&true.into(), &"2025-01-01".into(), &"2025-12-31".into())
    );
    assert_eq!(report["as_of"], "2026-01-05T01:00:00Z");
    assert_eq!(report["locked_at"], Value::Null);
    assert_eq!(report["total"]["received"], 2);
    assert_eq!(report["total"]["ratings"]["questions"]["overall"]["levels"]["4"], 2);
    let tables = report["tables"].as_object().unwrap();
    assert_eq!(
        tables.keys().collect::<Vec<_>>(),
        TableName::ALL
            .iter()
            .map(|name| name.code())
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    );
    for row in tables.values().flat_map(|rows| rows.as_array().unwrap()) {
        for name in ["name_zh", "name_en", "code"] {
            assert!(!row[name].as_str().unwrap().is_empty(), "{row}");
        }
        // Every figure of a row is explained.
        for (key, _) in row
            .as_object()
            .unwrap()
            .iter()
            .filter(|(key, _)| !["name_zh", "name_en", "code", "month", "level", "parent"].contains(&key.as_str()))
        {
            for locale in ["zh", "en"] {
                assert!(!report["definitions"][key][locale].as_str().unwrap().is_empty(), "{key}");
            }
        }
    }
    assert_eq!(tables["unit"][0]["code"], "north", "a section two steps below counts in its division");
}

#[test]
fn the_page_needs_nothing_but_itself() {
    for locale in ["zh-TW", "en"] {
        let html = text(Format::Html, locale);
        assert!(html.contains(&format!("<html lang=\"{locale}\">")));
        assert!(html.contains("<style>") && html.contains("<svg") && html.contains(".figures-table"));
        // Patterns of the charts lie in the page itself.
        let others = html.replace("url(#", "");
        for outside in [" src=", " href=", "<link", "<script", "@import", "url("] {
            assert!(!others.contains(outside), "{outside}");
        }
        assert!(html.contains(if locale == "en" {
            "March brought the most petitions: 2"
        } else {
            "3月收到最多陳情，共2件"
        }));
        assert!(html.contains(if locale == "en" { "Category 0" } else { "業務0" }));
        assert!(html.contains(if locale == "en" { "<dt>Closed late</dt>" } else { "<dt>逾限辦結</dt>" }));
    }
}

#[test]
fn workbooks_hold_every_table_and_their_rows_add_up() {
    let pages = Pages::new(None).unwrap();
    for locale in ["zh-TW", "en"] {
        let written = |format| write(&figures(), format, locale, &pages).unwrap();
        assert_eq!(written(Format::Ods), written(Format::Ods));
        let mut ods = Ods::new(Cursor::new(written(Format::Ods))).unwrap();
        let mut xlsx = Xlsx::new(Cursor::new(written(Format::Xlsx))).unwrap();
        assert_eq!(ods.sheet_names(), xlsx.sheet_names());
        // The cover, five years, stages, days, satisfaction, definitions, charts, and the tables of the figures.
        assert_eq!(ods.sheet_names().len(), 7 + TableName::ALL.len());
        let mut summed = 0;
        for name in ods.sheet_names() {
            let range = ods.worksheet_range(&name).unwrap();
            assert_eq!(range, xlsx.worksheet_range(&name).unwrap(), "{name}");
            let Some(head) = range.rows().nth(2) else { continue };
            let flow = if locale == "en" {
                ["Open at start", "Received", "Closed", "Open at end"]
            } else {
                ["期初未結", "收件", "辦結", "期末未結"]
            };
            let place = |of: &str| head.iter().position(|cell| cell.get_string() == Some(of));
            let Some(places) = flow.iter().map(|of| place(of)).collect::<Option<Vec<usize>>>() else { continue };
            for row in range.rows().skip(3) {
                let [start, received, closed, end] =
                    [0, 1, 2, 3].map(|at: usize| row[places[at]].to_string().parse::<i64>().unwrap());
                assert_eq!(start + received, closed + end, "{name} {row:?}");
                summed += 1;
            }
        }
        assert!(summed > 50, "{summed}");
        let mut zip = zip::ZipArchive::new(Cursor::new(written(Format::Zip))).unwrap();
        assert_eq!(zip.len(), 6 + TableName::ALL.len());
        assert!(zip.by_name("04-month.csv").is_ok());
    }
}
