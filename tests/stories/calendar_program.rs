//! `chenqing calendar` and `chenqing deadline --region` as they are typed, beside a running server.

use std::path::Path;

use crate::support::program::Installation;
use crate::support::rows::execute;
use crate::support::{TestDb, on_both};

/// An installation that is migrated; no mail leaves it.
fn installed(db: &TestDb) -> Installation {
    let place = Installation::new(db.folder(), &db.url, "smtp://127.0.0.1:1");
    place.must(&["migrate"]);
    place
}

/// What a verb that is refused said.
fn refused(place: &Installation, words: &[&str]) -> String {
    let output = place.run(words);
    assert_eq!(output.status.code(), Some(2), "{words:?}");
    assert!(output.stdout.is_empty(), "{words:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("chenqing: ")).collect();
    assert_eq!(lines.len(), 1, "{said}");
    lines[0].to_owned()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    std::fs::write(folder.join(name), bytes).unwrap();
    name.to_owned()
}

/// The official table of 2025 in Big5, with a weekday more off.
fn reissued() -> Vec<u8> {
    let text = chenqing::cli::calendar_text::decode(include_bytes!("../domain/calendar_2025_big5.csv")).unwrap();
    let text = text.replace("20250303,一,0,", "20250303,一,2,新增假日");
    encoding_rs::BIG5.encode(&text).0.into_owned()
}

on_both!(a_table_is_imported_at_the_command_line, |db| {
    let place = installed(db);
    let file = write(db.folder(), "2025.csv", include_bytes!("../domain/calendar_2025_big5.csv"));
    assert!(place.must(&["calendar", "import", &file]).starts_with("Nothing changes"));
    let other = write(db.folder(), "new.csv", &reissued());
    let shown = place.must(&["calendar", "import", &other, "--dry-run"]);
    assert!(shown.contains("1 day(s) differ:\n  2025-03-03 Mon  worked → day off 新增假日\n"), "{shown}");
    assert!(shown.ends_with("Nothing was changed: this was a trial.\n"), "{shown}");
    let json: serde_json::Value =
        serde_json::from_str(&place.must(&["calendar", "import", &other, "--dry-run", "--json"])).unwrap();
    assert_eq!((&json["changed"], &json["days"][0]["date"]), (&false.into(), &"2025-03-03".into()));
    assert_eq!((&json["later"], &json["earlier"]), (&0.into(), &0.into()));
    assert!(!place.must(&["calendar", "show", "2025"]).contains("新增假日"), "a trial changes nothing");
    assert!(place.must(&["calendar", "import", &other]).ends_with("The new calendar is in force.\n"));
    let drawn = place.must(&["calendar", "show", "2025"]);
    assert!(
        drawn.contains("* 2025-03-03 Mon day off 新增假日\n") && drawn.contains("+ 2025-02-08 Sat make-up workday")
    );
    let drawn: serde_json::Value = serde_json::from_str(&place.must(&["calendar", "show", "2024", "--json"])).unwrap();
    assert_eq!((&drawn["year"], drawn["months"].as_array().unwrap().len()), (&2024.into(), 12));
    assert!(place.must(&["calendar", "show", "2031"]).contains("No official table covers this year"));
});

on_both!(a_faulty_table_is_refused_whole, |db| {
    let place = installed(db);
    let text = chenqing::cli::calendar_text::decode(include_bytes!("../domain/calendar_2025_big5.csv")).unwrap();
    let good = write(db.folder(), "good.csv", &reissued());
    let bad = write(db.folder(), "bad.csv", text.replace("20250310,一,0,\r\n", "").as_bytes());
    let said = refused(&place, &["calendar", "import", &good, &bad]);
    assert!(said.contains("bad.csv: line 70: 2025-03-10 is missing before 2025-03-11"), "{said}");
    let said = refused(&place, &["calendar", "import", &good, &good]);
    assert!(said.contains("the year 2025 is in an earlier file already"), "{said}");
    assert!(refused(&place, &["calendar", "import", "nowhere.csv"]).contains("nowhere.csv"));
    assert!(!place.must(&["calendar", "show", "2025"]).contains("新增假日"), "not even the good half");
});

on_both!(a_typhoon_day_is_entered_beside_a_running_server, |db| {
    let place = installed(db);
    let server = place.serve();
    let today = chenqing::clock::Clock::System.now().date_in(&jiff::tz::TimeZone::get("Asia/Taipei").unwrap());
    let day = today.strftime("%Y-%m-%d").to_string();
    let close = ["calendar", "close", "--region", "taipei", "--date", day.as_str(), "--reason", "颱風停班"];
    let trial = place.must(&[&close[..], &["--dry-run"]].concat());
    assert!(trial.ends_with("Nothing was changed: this was a trial.\n"), "{trial}");
    assert_eq!(place.must(&["calendar", "list"]), "No closures.\n");
    assert!(place.must(&close).contains("In force as closure 1;"));
    assert!(refused(&place, &close).contains("shut at that time already"));
    let listed = place.must(&["calendar", "list"]);
    assert!(listed.contains(&format!("   1  {day}  00:00–24:00  taipei         颱風停班\n")), "{listed}");
    for (region, reason) in [("atlantis", "there is no region"), ("all", "not a time")] {
        let words =
            ["calendar", "close", "--region", region, "--date", day.as_str(), "--from", "8:00", "--reason", "颱風"];
        assert!(refused(&place, &words).contains(reason), "{region}");
    }
    // The registry desk sits in Taipei: its day is lost, Hualien's is not.
    let due = |more: &[&str]| {
        let words = ["deadline", "--received", "2026-01-01", "--limit", "by 2026-01-02", "--explain", "--json"];
        serde_json::from_str::<serde_json::Value>(&place.must(&[&words[..], more].concat())).unwrap()["calendar_version"].clone()
    };
    assert_eq!(due(&[]), due(&["--region", "hualien"]), "one version for all");
    assert!(
        refused(&place, &["deadline", "--received", "2026-01-01", "--class", "normal", "--region", "x"])
            .contains("no region")
    );
    let drawn = |region: &str| place.must(&["calendar", "show", &today.year().to_string(), "--region", region]);
    assert!(drawn("taipei").contains("x ") && drawn("taipei").contains("offices shut 颱風停班"));
    assert!(!drawn("hualien").contains("offices shut 颱風停班"));
    assert!(place.must(&["calendar", "reopen", "1"]).contains("The new calendar is in force."));
    assert!(refused(&place, &["calendar", "reopen", "1"]).contains("revoked before"));
    assert!(refused(&place, &["calendar", "reopen", "9"]).contains("no such closure"));
    assert!(place.must(&["calendar", "list"]).contains("(revoked)"));
    let listed: serde_json::Value = serde_json::from_str(&place.must(&["calendar", "list", "--json"])).unwrap();
    assert_eq!((&listed[0]["region"], listed[0]["revoked_at"].is_null()), (&"taipei".into(), false));
    drop(server);
});

on_both!(the_region_of_a_deadline_is_heeded, |db| {
    let place = installed(db);
    let today = chenqing::clock::Clock::System.now().date_in(&jiff::tz::TimeZone::get("Asia/Taipei").unwrap());
    // The first working day from tomorrow on, whatever day this runs.
    let due = |more: &[&str]| {
        let from = today.strftime("%Y-%m-%d").to_string();
        let words = ["deadline", "--received", from.as_str(), "--limit", "1 working day", "--json"];
        let answer: serde_json::Value = serde_json::from_str(&place.must(&[&words[..], more].concat())).unwrap();
        answer["last_day"].as_str().unwrap().to_owned()
    };
    let first = due(&[]);
    place.must(&["calendar", "close", "--region", "hualien", "--date", &first, "--reason", "颱風停班"]);
    assert_eq!(due(&[]), first, "the registry desk's own region");
    assert_eq!(due(&["--region", "taipei"]), first);
    assert!(due(&["--region", "hualien"]) > first);
});

on_both!(check_says_that_a_year_has_no_table, |db| {
    let place = installed(db);
    let year = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::get("Asia/Taipei").unwrap()).year();
    let calendar_line = || {
        let output = place.run(&["check"]);
        let said = String::from_utf8(output.stdout).unwrap();
        said.lines().find(|line| line.contains("calendar")).map(ToOwned::to_owned).unwrap_or_else(|| panic!("{said}"))
    };
    assert!(calendar_line().contains(&format!("official tables for {year}")), "{}", calendar_line());
    execute(&mut db.connection(), &format!("DELETE FROM calendar_years WHERE year = {year}"));
    let line = calendar_line();
    assert!(line.contains(&format!("the year {year} has no official table")), "{line}");
    assert_eq!(place.run(&["check"]).status.code(), Some(1));
});
