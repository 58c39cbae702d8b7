//! What would be counted otherwise now of a year that was locked: for those who read the figures.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::READERS;
use crate::error::{Error, Result};
use crate::reports::year;
use crate::reports::year_changes::{YearChanges, table_name, year_changes};
use crate::web::answer::Answer;
use crate::web::desk::Desk;
use crate::web::pages::Pages;
use crate::web::session::SignedIn;
use crate::web::state::State;

/// `GET /management/{year}/changes`: readers of the figures. Counts the year once, or shares the count of the last minute.
///
/// # Errors
/// `Refused` for others; `NotFound` for a year that was not locked.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, year: web::Path<String>) -> Answer {
    signed_in.needs(READERS)?;
    let asked: i16 = year.parse().map_err(|_| Error::NotFound)?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/changes", "", move |web, db, desk, now| {
        let (office, pages) = (&web.app.office, &web.pages);
        let locked = year::locked(db, asked)?.ok_or(Error::NotFound)?;
        let reference = office.reference(db)?;
        let (counted, at) = web.recent.year(db, &reference, &office.zone, asked, now)?;
        data(&year_changes(&locked, &counted, at, pages)?, desk.locale(), pages)
    })
    .await
}

fn data(of: &YearChanges, locale: &str, pages: &Pages) -> Result<Value> {
    let mut rows = Vec::new();
    for change in &of.changes {
        let figure = if locale == "en" { &change.figure_en } else { &change.figure_zh };
        let [locked, now, difference] = change.told(locale, pages)?;
        rows.push(json!({
            "table": table_name(change.table, locale, pages)?, "row": change.names.of(locale), "figure": figure,
            "locked": locked, "now": now, "difference": difference,
        }));
    }
    Ok(json!({
        "year": of.year, "locked_at": of.locked_at, "locked_sha256": of.locked_sha256,
        "locked_damaged": of.locked_damaged, "counted_at": of.counted_at, "rows": rows,
        "year_url": format!("/management/{}", of.year),
    }))
}
