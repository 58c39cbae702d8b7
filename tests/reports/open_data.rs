//! The files of open data: what was reported and nothing else, every small count suppressed, the same bytes for the same
//! figures, and nothing of figures that were tampered with.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use chenqing::app::App;
use chenqing::cli::report::{ReportArgs, report};
use chenqing::domain::figures::{PeriodFigures, Row, TableName};
use chenqing::domain::open_data::{LEAST, Variable, is_small};
use chenqing::reports::{open_data, year, year_end};
use chenqing::web::pages::Pages;
use clap::Parser;
use serde_json::Value;

use super::at;
use super::replay::{NOW, seeded};
use crate::open_data::attacker;
use crate::support::on_both;
use crate::support::rows::execute;

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    args: ReportArgs,
}

/// What the command writes.
pub fn written(app: &App, year: &str, format: &str) -> Result<Vec<u8>, String> {
    let words = ["report", "open-data", year, "--format", format, "--output", "-"];
    report(app, &Typed::try_parse_from(words).unwrap().args, at(NOW))
}

/// The files of an archive.
pub fn unpacked(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        assert!(files.insert(file.name().unwrap().into_owned(), bytes).is_none());
    }
    files
}

fn locked(app: &App) -> PeriodFigures {
    app.office.store.read(|db| year::locked(db, 2025)).unwrap().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

on_both!(what_is_published_is_what_was_reported, |db| {
    let app = seeded(db);
    let before: Value = serde_json::from_slice(&written(&app, "2025", "json").unwrap()).unwrap();
    assert_eq!((&before["status"], &before["figures_sha256"]), (&"provisional".into(), &Value::Null));
    let readme = unpacked(written(&app, "2025", "zip").unwrap()).remove("README.txt").unwrap();
    assert!(text(&readme).contains("未定稿") && text(&readme).contains("Provisional"));

    year_end::sweep(&app.office, "01-05", at(NOW)).unwrap();
    let figures = locked(&app);
    let json = written(&app, "2025", "json").unwrap();
    let data: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(data["status"], "final");
    assert_eq!(data["figures_sha256"].as_str(), figures.locked_sha256.as_deref());
    is_reported(&data, &figures);
    // Cases that are written down later change nothing; the same figures are the same bytes.
    app.office
        .store
        .write(|db| {
            execute(db, "UPDATE case_facts SET channel = 'fax'");
            Ok(())
        })
        .unwrap();
    assert_eq!(written(&app, "2025", "json").unwrap(), json);
    let archive = written(&app, "2025", "zip").unwrap();
    assert_eq!(written(&app, "2025", "zip").unwrap(), archive);
    the_archive_says_the_same(&archive, &json, &data);

    app.office
        .store
        .write(|db| {
            execute(db, "UPDATE year_packages SET figures = replace(figures, '\"withdrawn\":', '\"withdrawn\": ')");
            Ok(())
        })
        .unwrap();
    for format in ["json", "zip"] {
        assert!(written(&app, "2025", format).unwrap_err().contains("核對碼不符"));
    }
    assert!(written(&app, "2027", "json").unwrap_err().contains("還沒開始"));
});

/// Every published count is the reported one; what is not published is empty and marked, and there is some of it.
fn is_reported(data: &Value, figures: &PeriodFigures) {
    let count = |row: &Row, population: &str| match population {
        "received" => row.figures.received,
        "closed" => row.figures.closed,
        _ => row.figures.ratings.number,
    };
    let (mut suppressed, mut compared) = (0, 0);
    for table in data["tables"].as_array().unwrap() {
        let rows = Variable::parse(table["rows"].as_str().unwrap()).unwrap().table();
        for cell in table["cells"].as_array().unwrap() {
            let published = cell["count"].as_u64();
            assert_eq!(cell["suppressed"].as_bool().unwrap(), published.is_none(), "{cell}");
            suppressed += usize::from(published.is_none());
            assert!(published.is_none_or(|count| !is_small(count)), "{cell}");
            if let (Some(rows), Some(published), "total") = (rows, published, cell["column_code"].as_str().unwrap()) {
                let found = figures.tables.get(rows).iter().find(|row| row.code == cell["row_code"].as_str().unwrap());
                if let Some(row) = found {
                    assert_eq!(published, count(row, table["population"].as_str().unwrap()), "{cell}");
                    compared += 1;
                }
            }
        }
    }
    let told = &data["suppression"];
    assert_eq!((told["suppressed"].as_u64(), told["least"].as_u64()), (Some(suppressed as u64), Some(LEAST)));
    assert!(suppressed > 10 && compared > 30, "{suppressed} {compared}");
    let table = |code: &str| data["tables"].as_array().unwrap().iter().find(|table| table["code"] == code).cloned();
    let cell = |code: &str, row: &str, column: &str| {
        let table = table(code).unwrap_or_else(|| panic!("there is no {code}"));
        let cells = table["cells"].as_array().unwrap().clone();
        let cell = cells.into_iter().find(|cell| cell["row_code"] == row && cell["column_code"] == column);
        cell.unwrap()["count"].as_u64()
    };
    // What a manager would look up first.
    let total = &figures.total;
    assert_eq!(cell("received-channel-month", "total", "total"), Some(total.received));
    assert_eq!(cell("closed-unit-timeliness", "total", "on_time"), Some(total.closed_on_time));
    assert_eq!(cell("closed-speed-class-days", "total", "up_to_3"), Some(total.days.up_to_3));
    assert_eq!(cell("ratings-category-rated-overall", "total", "total"), Some(total.ratings.number));
    let months = figures.tables.get(TableName::Month);
    assert_eq!(cell("received-channel-month", "total", "2025-03"), Some(months[2].figures.received));
    assert!(data["indicators"].as_array().unwrap().iter().any(|one| {
        one["indicator"] == "on_time_rate"
            && one["variable"].is_null()
            && (one["value"].as_f64().unwrap() - total.on_time_rate.unwrap()).abs() < 0.000_1
    }));
}

fn the_archive_says_the_same(archive: &[u8], json: &[u8], data: &Value) {
    let files = unpacked(archive.to_vec());
    assert_eq!(files["data.json"], json);
    let named: Vec<String> =
        data["tables"].as_array().unwrap().iter().map(|t| format!("{}.csv", t["code"].as_str().unwrap())).collect();
    for name in
        named.iter().map(String::as_str).chain(["dictionary.csv", "indicators.csv", "README.txt", "LICENSE.txt"])
    {
        let bytes = files.get(name).unwrap_or_else(|| panic!("there is no {name}"));
        assert!(bytes.starts_with(b"\xef\xbb\xbf") && text(bytes).ends_with("\r\n"), "{name}");
    }
    assert_eq!(files.len(), named.len() + 5);
    let licence = text(&files["LICENSE.txt"]);
    for words in ["政府資料開放授權條款－第1版", "https://data.gov.tw/license", "CC BY 4.0"] {
        assert!(licence.contains(words), "{words}");
    }
    let readme = text(&files["README.txt"]);
    assert!(readme.contains(data["figures_sha256"].as_str().unwrap()) && readme.contains("2025-01-01"));
    named.iter().for_each(|name| assert!(readme.contains(name.as_str()), "{name}"));
    // Line by line the same as in JSON, and every field stands in the dictionary.
    let dictionary: Vec<(&str, &str)> = data["dictionary"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| (field["file"].as_str().unwrap(), field["field"].as_str().unwrap()))
        .collect();
    for (name, table) in named.iter().zip(data["tables"].as_array().unwrap()) {
        let mut lines = csv::Reader::from_reader(&files[name][3..]);
        let fields: Vec<String> = lines.headers().unwrap().iter().map(str::to_owned).collect();
        fields.iter().for_each(|field| assert!(dictionary.contains(&("tables", field)), "{field}"));
        let cells = table["cells"].as_array().unwrap();
        let lines: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
        assert_eq!(lines.len(), cells.len());
        for (line, cell) in lines.iter().zip(cells) {
            let of = |field: &str| &line[fields.iter().position(|name| name == field).unwrap()];
            assert_eq!(of("row_code"), cell["row_code"].as_str().unwrap());
            assert_eq!(of("count"), cell["count"].as_u64().map(|count| count.to_string()).unwrap_or_default());
            assert_eq!(of("suppressed"), if cell["suppressed"] == true { "Y" } else { "N" });
        }
    }
    let indicators = csv::Reader::from_reader(&files["indicators.csv"][3..]).headers().unwrap().clone();
    indicators.iter().for_each(|field| assert!(dictionary.contains(&("indicators", field)), "{field}"));
}

#[test]
fn a_year_of_an_agency_withstands_both_attackers() {
    let app = seeded(&crate::support::sqlite());
    year_end::sweep(&app.office, "01-05", at(NOW)).unwrap();
    let figures = locked(&app);
    // The program's own attacker is asked before anything is published.
    for (counted, published) in open_data::populations(&figures).unwrap() {
        assert!(counted.is_forest());
        attacker::finds_nothing(&published, LEAST);
    }
    // Figures that do not add up are not published: nothing could be proven of them.
    let mut wrong = figures.clone();
    wrong.tables.get_mut(TableName::Unit)[0].figures.closed += 1;
    let pages = Pages::new(None).unwrap();
    assert!(open_data::of(&wrong, &pages).unwrap_err().to_string().contains("do not add up"));
    let damaged = PeriodFigures { locked_damaged: true, ..figures };
    assert!(open_data::of(&damaged, &pages).unwrap_err().to_string().contains("refused-open-data-damaged"));
}
