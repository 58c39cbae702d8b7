//! The reports of a seeded agency, as the command line writes them: of one form, the same to the byte on both databases and
//! however often they are written.

use chenqing::app::App;
use chenqing::cli::report::{ReportArgs, report};
use chenqing::domain::time::{DAY, Moment};
use clap::Parser;
use serde_json::Value;

use super::at;
use super::replay::{NOW, seeded};
use super::schema::{check, schema};
use crate::support::program::Installation;
use crate::support::{databases, on_both};

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    args: ReportArgs,
}

const PERIODS: [[&str; 2]; 6] = [
    ["year", "2024"],
    ["year", "2025"],
    ["year", "2026"],
    ["quarter", "2026Q3"],
    ["month", "2026-10"],
    ["month", "2026-11"],
];

fn written(app: &App, words: &[&str], format: &str, now: Moment) -> Result<String, String> {
    let words = [&["report"], words, &["--format", format, "--output", "-", "--lang", "en"]].concat();
    let typed = Typed::try_parse_from(words).map_err(|e| e.to_string())?;
    report(app, &typed.args, now).map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn both_databases_say_the_same_to_the_byte() {
    let databases = databases();
    let apps: Vec<App> = databases.iter().map(seeded).collect();
    for period in &PERIODS {
        for format in ["json", "csv", "html"] {
            let texts: Vec<String> = apps.iter().map(|app| written(app, period, format, at(NOW)).unwrap()).collect();
            assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "{period:?} {format}");
            // What is over does not depend on when it is asked for.
            let later = written(&apps[0], period, format, at(NOW).plus_seconds(DAY)).unwrap();
            let running = ["2026", "2026-11"].contains(&period[1]);
            assert!(running || texts[0] == later, "{period:?} {format}");
        }
    }
}

on_both!(every_report_is_of_the_described_form, |db| {
    let (app, schema) = (seeded(db), schema());
    for period in &PERIODS {
        let report: Value = serde_json::from_str(&written(&app, period, "json", at(NOW)).unwrap()).unwrap();
        check(&report, &schema, &schema, period[1]);
        assert_eq!(report["period"], period[1]);
        let table = |name: &str| report["tables"][name].as_array().unwrap().clone();
        let closed = report["total"]["closed"].as_u64().unwrap();
        assert!(closed > 10 && report["total"]["stages"]["accepted"]["number"].as_u64().unwrap() * 2 > closed);
        assert!(table("speed_class").len() >= 2 && table("unit_tree").len() >= table("unit").len());
        assert!(table("close_code").iter().any(|row| row["name_en"] == "Handled and answered"));
        let months = table("channel_month").into_iter().filter(|row| row["code"] == "web").count();
        assert_eq!(months, table("month").len());
    }
    for (words, part) in [
        (["quarter", "2027Q1"], "2027Q1 has not begun"),
        (["month", "2026-12"], "2026-12 has not begun"),
        (["quarter", "2026-09"], "a quarter is written 2026Q3"),
        (["month", "2026Q3"], "a month is written 2026-09"),
        (["year", "1900"], "1900 cannot be reported"),
        (["year", "114"], "a year is written 2025; 114 of the Republic is 2025"),
        (["quarter", "115Q3"], "a quarter is written 2026Q3; 115Q3 of the Republic is 2026Q3"),
        (["year", "abc"], "a year is written 2025"),
        (["year", "99999"], "a year is written 2025"),
    ] {
        let error = written(&app, &words, "json", at(NOW)).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
});

#[test]
fn a_pdf_is_written_where_it_is_built_in_and_elsewhere_it_is_said_how_to_get_it() {
    let db = &databases()[0];
    let place = Installation::new(db.folder(), &db.url, "smtp://127.0.0.1:9");
    assert!(place.run(&["migrate"]).status.success());
    let output = place.run(&["report", "year", "2025", "--format", "pdf", "--output", "-"]);
    let told = String::from_utf8_lossy(&output.stderr);
    if cfg!(feature = "pdf") {
        assert!(output.status.success() && output.stdout.starts_with(b"%PDF-"), "{told}");
    } else {
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{told}");
        assert!(told.contains("--features pdf"), "{told}");
    }
}
