//! Management: the figures of a year for those who answer for them, and the same figures as files.

pub mod measures;

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::answer::Answer;
use super::desk::Desk;
use super::session::SignedIn;
use super::state::{State, Web, blocking, locale_of};
use crate::domain::figures::{PeriodFigures, TableName};
use crate::domain::staff::Role;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::reports::{self, Format, page, year};
use crate::store::{Db, figures};

/// Who may read the figures.
const READERS: &[Role] = &[Role::Manager, Role::ControlOfficer, Role::Auditor];

/// The tables of the page; the others stand in the files.
const SHOWN: &[TableName] =
    &[TableName::Month, TableName::Channel, TableName::Kind, TableName::Category, TableName::Unit];

/// The page of a year, of the current one unless another is asked for.
///
/// # Errors
/// As the error table says.
pub async fn year(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    query: web::Query<HashMap<String, String>>,
) -> Answer {
    signed_in.needs(READERS)?;
    let asked = query.get("year").map(|text| text.parse::<i16>()).transpose().map_err(|_| Error::NotFound)?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/year", "", move |web, db, desk, now| {
        let this_year = now.date_in(&web.app.office.zone).year();
        let (figures, before) = with_year_before(web, db, asked.unwrap_or(this_year), now)?;
        let mut data = page::data(&figures, before.as_ref(), SHOWN, desk.locale(), &web.pages)?;
        if let Some(map) = data.as_object_mut() {
            map.insert("years".to_owned(), years(db, this_year, figures.year)?);
            map.insert("downloads".to_owned(), downloads(figures.year));
        }
        Ok(data)
    })
    .await
}

/// The figures of a year as a file: `/management/2026.csv`.
///
/// # Errors
/// As the error table says.
pub async fn download(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
) -> Answer {
    signed_in.needs(READERS)?;
    let (year, format) = path.into_inner();
    let format = Format::parse(&format).filter(|format| format.is_built_in()).ok_or(Error::NotFound)?;
    let year: i16 = year.parse().map_err(|_| Error::NotFound)?;
    let locale = locale_of(&request);
    let bytes = blocking(&state, move |web| {
        let now = web.now();
        let figures = web.app.office.store.read(|db| of_year(web, db, year, now))?;
        reports::write(&figures, format, locale, &web.pages)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"petitions-{year}.{format}\"")))
        .body(bytes))
}

fn of_year(web: &Web, db: &mut Db, year: i16, now: Moment) -> Result<PeriodFigures> {
    let reference = web.app.office.reference(db)?;
    year::of_year(db, &reference, &web.app.office.zone, year, now)
}

/// A year and what it is compared with: the year before, as far as this one has come. None where nothing was counted then.
fn with_year_before(web: &Web, db: &mut Db, year: i16, now: Moment) -> Result<(PeriodFigures, Option<PeriodFigures>)> {
    let figures = of_year(web, db, year, now)?;
    if figures::first_month(db)?.is_none_or(|month| month / 100 >= i32::from(year)) {
        return Ok((figures, None));
    }
    let before = if figures.complete {
        of_year(web, db, year - 1, now)?
    } else {
        let (reference, zone) = (web.app.office.reference(db)?, &web.app.office.zone);
        year::count(db, &reference, zone, year - 1, year::year_before(zone, now))?
    };
    Ok((figures, Some(before)))
}

/// The years there is anything of, the latest first.
fn years(db: &mut Db, this_year: i16, shown: i16) -> Result<Value> {
    let first = figures::first_month(db)?.and_then(|month| i16::try_from(month / 100).ok());
    let link = |year: i16| json!({ "year": year, "url": format!("/management?year={year}"), "active": year == shown });
    Ok((first.unwrap_or(this_year).min(shown)..=this_year).rev().map(link).collect())
}

fn downloads(year: i16) -> Value {
    let file = |format: Format| json!({ "format": format.code().to_uppercase(), "url": format!("/management/{year}.{format}") });
    Format::built_in().map(file).collect()
}
