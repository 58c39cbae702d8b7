//! How long petitions took, year beside year: the numbers, what is said of them, and who reads it.

use std::sync::Arc;

use chenqing::domain::case::{Channel, CloseCode, Kind};
use chenqing::domain::figures::PeriodFigures;
use chenqing::domain::staff::Role;
use chenqing::domain::time::{HOUR, Moment};
use chenqing::reports::book::{Book, Cell};
use chenqing::reports::handling_time::book;
use chenqing::reports::year;
use chenqing::web::pages::Pages;
use reqwest::StatusCode;

use super::counting::written;
use super::history::{Fact, History, Round, Terms};
use super::pages::Site;
use super::{at, taipei};
use crate::support::on_both;

/// A case that took so many half days; accepted a tenth of the way, replied at its end.
fn took(opened_at: Moment, category: &'static str, half_days: i64) -> History {
    let end = opened_at.plus_seconds(half_days * 12 * HOUR);
    let fact = |unit| Fact { kind: Kind::Suggestion, category: Some(category), speed: None, unit };
    History {
        channel: Channel::Web,
        received_at: opened_at,
        counted_at: opened_at,
        facts: vec![(opened_at, fact(None)), (opened_at.plus_seconds(HOUR), fact(Some(1)))],
        rounds: vec![Round {
            opened_at,
            counted_at: opened_at,
            terms: Terms::plain(opened_at, opened_at.plus_seconds(30 * 24 * HOUR)),
            asked: false,
            finish: Some((end, CloseCode::Explained, half_days)),
            rating: None,
        }],
        reached: [Some(opened_at.plus_seconds(HOUR)), Some(opened_at.plus_seconds(2 * HOUR)), None],
    }
}

/// Twenty cases of each category a year: rescue takes longer each year, noise less.
fn lives() -> Vec<History> {
    let mut lives = Vec::new();
    for (year, rescue, noise) in [(2023, 4, 12), (2024, 6, 11), (2025, 10, 8)] {
        for day in 1..=20 {
            let opened_at = at(&format!("{year}-03-{day:02}T02:00:00Z"));
            lives.extend([took(opened_at, "rescue", rescue), took(opened_at, "noise", noise)]);
        }
    }
    lives
}

fn cells(book: &Book, sheet: &str, row: &str) -> Vec<Cell> {
    let sheet = book.sections.iter().flat_map(|section| &section.sheets).find(|found| found.code == sheet).unwrap();
    sheet.rows.iter().find(|found| found.code == row).unwrap().cells.clone()
}

on_both!(years_stand_beside_each_other_and_what_moved_most_is_said, |db| {
    let office = written(db, &lives());
    let now = at("2026-03-10T04:00:00Z");
    let count = |year: i16| -> Arc<PeriodFigures> {
        let counted = office.store.read(|db| {
            let reference = office.reference(db)?;
            year::count(db, &reference, &taipei(), year, now)
        });
        Arc::new(counted.unwrap())
    };
    let years: Vec<_> = (2023..=2026).map(count).collect();
    let pages = Pages::in_zone(None, taipei()).unwrap();
    let book = book(&years, now, "en", &pages).unwrap();
    let days = |values: [f64; 3], change: &str| {
        let mut cells: Vec<Cell> = values.into_iter().map(Cell::Days).collect();
        cells.extend([Cell::Empty, Cell::Text(change.to_owned())]);
        cells
    };
    // The year that runs has nothing yet, and is not what the change is told to.
    assert_eq!(cells(&book, "category", "rescue"), days([2.0, 3.0, 5.0], "+3.0"));
    assert_eq!(cells(&book, "category", "noise"), days([6.0, 5.5, 4.0], "−2.0"));
    assert_eq!(cells(&book, "days", "mean_days"), days([4.0, 4.25, 4.5], "+0.5"));
    assert_eq!(cells(&book, "stages", "replied"), days([96.0, 102.0, 108.0], "+12.0"));
    let notes = &book.sections[0].notes;
    assert_eq!(notes.len(), 3, "{notes:?}");
    for (note, says) in notes.iter().zip([
        ["Replied", "106 hours", "98%"],
        ["Category 0", "from 2.0 to 5.0", "grew most"],
        ["Category 1", "from 6.0 to 4.0", "fell most"],
    ]) {
        let plain: String = note.chars().filter(|c| !('\u{2066}'..='\u{2069}').contains(c)).collect();
        assert!(says.iter().all(|part| plain.contains(part)), "{plain}: {says:?}");
    }
    let chart = &book.sections[0].charts[0];
    assert_eq!((chart.categories.join(" "), chart.unit.as_str()), ("2023 2024 2025".to_owned(), "days"));
    assert!(chart.alt.contains("2023 4.0, ") && !chart.alt.contains("2026"), "{}", chart.alt);
});

on_both!(only_readers_of_the_figures_compare_years, async |db| {
    let site = Site::open(db);
    for role in Role::ALL {
        let cookie = site.sign_in(role.code(), &[*role]);
        let may = [Role::Manager, Role::ControlOfficer, Role::Auditor].contains(role);
        for path in ["/management/handling-time", "/management/handling-time.ods", "/management/handling-time.zip"] {
            let expected = if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(site.get(path, &cookie).await.status(), expected, "{role} {path}");
        }
    }
    let cookie = site.sign_in("reader", &[Role::Manager]);
    let page = site.get("/management/handling-time", &cookie).await.text().await.unwrap();
    assert!(
        page.contains("114年")
            && page.contains("115年（尚未結束）")
            && page.contains("<svg") == page.contains("<figure")
    );
    for path in ["/management/handling-time.json", "/management/handling-time.exe"] {
        assert_eq!(site.get(path, &cookie).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
});
