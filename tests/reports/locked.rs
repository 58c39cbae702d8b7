//! A locked year: its checksum stands in every format, a change of what was kept is told, and what would be counted otherwise
//! is listed beside it.

use chenqing::app::App;
use chenqing::cli::report::{ReportArgs, report};
use chenqing::domain::figures::PeriodFigures;
use chenqing::keys::sha256;
use chenqing::reports::recent::Recent;
use chenqing::reports::{year, year_end};
use clap::Parser;
use serde_json::Value;

use super::at;
use super::replay::{NOW, seeded};
use crate::support::on_both;
use crate::support::program::Installation;
use crate::support::rows::{execute, words};

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    args: ReportArgs,
}

fn typed(app: &App, rest: &[&str]) -> Result<Vec<u8>, String> {
    let words = [&["report", "year", "2025"], rest].concat();
    let typed = Typed::try_parse_from(words).map_err(|e| e.to_string())?;
    report(app, &typed.args, at(NOW))
}

fn text(app: &App, rest: &[&str]) -> String {
    String::from_utf8(typed(app, rest).unwrap()).unwrap()
}

fn changes(app: &App) -> Value {
    serde_json::from_str(&text(app, &["--changes", "--json"])).unwrap()
}

fn locked(app: &App) -> PeriodFigures {
    app.office.store.read(|db| year::locked(db, 2025)).unwrap().unwrap()
}

fn run(app: &App, statement: &'static str) {
    app.office
        .store
        .write(move |db| {
            execute(db, statement);
            Ok(())
        })
        .unwrap();
}

on_both!(a_locked_year_has_its_checksum_everywhere_and_tells_when_it_is_broken, |db| {
    let app = seeded(db);
    assert!(typed(&app, &["--changes"]).unwrap_err().contains("還沒有定稿"));
    year_end::sweep(&app.office, "01-05", at(NOW)).unwrap();
    let kept = app.office.store.read(|db| Ok(words(db, "SELECT figures AS t FROM year_packages"))).unwrap().remove(0);
    let checksum = sha256(kept.as_bytes());
    let figures = locked(&app);
    assert_eq!((figures.locked_sha256.as_deref(), figures.locked_damaged), (Some(checksum.as_str()), false));
    for format in ["json", "csv", "html"] {
        let text = text(&app, &["--format", format, "--output", "-"]);
        assert!(text.contains(&checksum), "{format}");
        assert!(!text.contains("核對碼不符"), "{format}");
    }
    // Years of the Republic; what was locked and what still runs says so.
    let html = text(&app, &["--format", "html", "--output", "-"]);
    assert!(html.contains("114年（已定稿）") && html.contains(">113年<"), "{html}");
    let words = ["report", "year", "2026", "--format", "html", "--output", "-"];
    let running = Typed::try_parse_from(words).unwrap();
    let running = String::from_utf8(report(&app, &running.args, at(NOW)).unwrap()).unwrap();
    assert!(running.contains("115年（尚未結束）") && running.contains("114年（已定稿）"));
    assert!(running.contains("1月 ") && running.contains("、2月 "), "the alternative text of the months");
    // Spreadsheets are packed: what they are made from has it, and the moment.
    let book = chenqing::reports::document::of(&figures, "zh-TW", &chenqing::web::pages::Pages::new(None).unwrap());
    let book = book.unwrap();
    assert!(book.checksum.contains(&checksum) && book.made.contains("定稿"), "{} {}", book.checksum, book.made);

    // Somebody changes what was kept.
    run(&app, "UPDATE year_packages SET figures = replace(figures, '\"withdrawn\":', '\"withdrawn\": ')");
    let broken = locked(&app);
    assert_eq!((broken.locked_sha256.as_deref(), broken.locked_damaged), (Some(checksum.as_str()), true));
    assert!(text(&app, &["--format", "html", "--output", "-"]).contains("與定稿時的核對碼不符"));
    let json: Value = serde_json::from_str(&text(&app, &["--format", "json", "--output", "-"])).unwrap();
    assert_eq!(json["locked_damaged"], true);
    let program = Installation::new(db.folder(), &db.url, "smtp://127.0.0.1:9");
    for rest in [&["--format", "json", "--output", "2025.json"][..], &["--changes"]] {
        let output = program.run(&[&["report", "year", "2025"], rest].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("請與備份比對"), "{said}");
    }
});

on_both!(what_would_be_counted_otherwise_is_listed_beside_the_locked_year, |db| {
    let app = seeded(db);
    year_end::sweep(&app.office, "01-05", at(NOW)).unwrap();
    let before = locked(&app);
    assert_eq!(changes(&app)["changes"], Value::Array(Vec::new()), "counted again it is the same");
    assert_eq!(text(&app, &["--changes"]), "現在重新統計的數字與定稿完全相同。\n");
    let recent = Recent::default();
    let shared = |seconds: i64| {
        app.office
            .store
            .read(|db| {
                let reference = app.office.reference(db)?;
                recent.year(db, &reference, &app.office.zone, 2025, at(NOW).plus_seconds(seconds))
            })
            .unwrap()
    };
    let first = shared(0).0;
    run(
        &app,
        "UPDATE case_rounds SET close_code = 'withdrawn' WHERE id = \
         (SELECT min(id) FROM case_rounds WHERE finished_month = 202506 AND close_code = 'answered')",
    );
    let listed = changes(&app);
    let of = |table: Value, code: &str, figure: &str| {
        let list = listed["changes"].as_array().unwrap();
        let found = list.iter().find(|c| c["table"] == table && c["code"] == code && c["figure"] == figure);
        let found = found.unwrap_or_else(|| panic!("{table} {code} {figure}")).clone();
        (found["locked"].as_f64().unwrap(), found["now"].as_f64().unwrap(), found["difference"].as_f64().unwrap())
    };
    let (total, withdrawn) = (before.total.replied as f64, before.total.withdrawn as f64);
    assert_eq!(of(Value::Null, "total", "replied"), (total, total - 1.0, -1.0));
    assert_eq!(of(Value::Null, "total", "withdrawn"), (withdrawn, withdrawn + 1.0, 1.0));
    assert_eq!(of("month".into(), "2025-06", "withdrawn").2, 1.0);
    assert_eq!(of("close_code".into(), "answered", "closed").2, -1.0);
    assert!(listed["changes"].as_array().unwrap().iter().all(|c| c["code"] != "2025-05"), "nothing else is listed");
    let told = text(&app, &["--changes", "--lang", "en"]);
    assert!(told.contains("Total / Total / Withdrawn: locked"));
    // Each difference is that of the two numbers before it, and none is nothing.
    assert!(
        told.contains(" points)") && !told.contains("(+0.0 ") && !told.contains("(+0.00") && !told.contains("(−0.00")
    );
    assert_eq!(locked(&app), before, "the locked figures stay");
    // Who looks within a minute shares one count; after it the year is counted anew.
    assert!(std::sync::Arc::ptr_eq(&first, &shared(59).0));
    assert_ne!(shared(60).0.total, first.total);
});
