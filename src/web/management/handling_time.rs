//! How long petitions took, year beside year: the page, and the same as files.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::READERS;
use crate::domain::figures::{Period, PeriodFigures};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::reports::book::Book;
use crate::reports::handling_time::{YEARS, book};
use crate::reports::{Format, page, write_document};
use crate::store::{Db, figures};
use crate::web::answer::Answer;
use crate::web::desk::Desk;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web, blocking, locale_of};

/// `GET /management/handling-time`: readers of the figures. Locked years are read, others counted or shared with the last
/// minute's readers.
///
/// # Errors
/// `Refused` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(READERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/handling_time", "", move |web, db, desk, now| {
        let Some(book) = compared(web, db, desk.locale(), now)? else {
            return Ok(json!({ "title": null, "sections": [], "downloads": [] }));
        };
        Ok(json!({
            "title": book.title, "period": book.period, "made": book.made,
            "sections": page::sections(&book.sections, None, desk.locale(), &web.pages)?, "downloads": downloads(),
        }))
    })
    .await
}

/// The same as a file: `GET /management/handling-time.ods`.
///
/// # Errors
/// As [`show`]; `NotFound` for a format there is not, and where nothing was received yet.
pub async fn download(request: HttpRequest, state: State, signed_in: SignedIn, format: web::Path<String>) -> Answer {
    signed_in.needs(READERS)?;
    let format = Format::parse(&format).filter(|format| format.is_built_in() && format.is_document());
    let format = format.ok_or(Error::NotFound)?;
    let locale = locale_of(&request);
    let bytes = blocking(&state, move |web| {
        let now = web.now();
        let book = web.app.office.store.read(|db| compared(web, db, locale, now))?.ok_or(Error::NotFound)?;
        write_document(&book, format, &web.pages)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"handling-time.{format}\"")))
        .body(bytes))
}

/// This year and those before it that were recorded whole; none where nothing was received yet.
fn compared(web: &Web, db: &mut Db, locale: &str, now: Moment) -> Result<Option<Book>> {
    let first = figures::first_month(db)?;
    if first.is_none() {
        return Ok(None);
    }
    let (office, this_year) = (&web.app.office, now.date_in(&web.app.office.zone).year());
    let is_whole = |year: i16| Period::of_year(year, &office.zone, now).is_some_and(|period| period.is_recorded(first));
    let reference = office.reference(db)?;
    let mut years: Vec<Arc<PeriodFigures>> = Vec::new();
    for year in (this_year - YEARS..=this_year).filter(|year| *year == this_year || is_whole(*year)) {
        years.push(web.recent.standing(db, &reference, &office.zone, year, now)?);
    }
    book(&years, now, locale, &web.pages).map(Some)
}

fn downloads() -> Value {
    let file = |format: Format| json!({ "format": format.code().to_uppercase(), "url": format!("/management/handling-time.{format}") });
    Format::built_in().filter(|format| format.is_document()).map(file).collect()
}
