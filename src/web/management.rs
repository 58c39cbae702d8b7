//! Management: the figures of a year for those who answer for them, and the same figures as files.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::answer::Answer;
use super::session::SignedIn;
use super::state::{State, Web, blocking, locale_of};
use crate::domain::figures::YearFigures;
use crate::domain::staff::Role;
use crate::error::{Error, Result};
use crate::reports::{self, Format, page, year};
use crate::store::figures;

/// Who may read the figures.
const READERS: &[Role] = &[Role::Manager, Role::ControlOfficer, Role::Auditor];

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
    let locale = locale_of(&request);
    let data = blocking(&state, move |web| {
        let this_year = this_year(web);
        let (figures, before) = with_year_before(web, asked.unwrap_or(this_year))?;
        let mut data = page::data(&figures, before.as_ref(), locale, &web.pages)?;
        if let Some(map) = data.as_object_mut() {
            map.insert("notice".to_owned(), Value::Null);
            map.insert("years".to_owned(), years(web, this_year, figures.year)?);
            map.insert("downloads".to_owned(), downloads(figures.year));
        }
        Ok(data)
    })
    .await?;
    let shell = state.shell(&request, Some(&signed_in))?;
    Ok(state.page(StatusCode::OK, "management/year", locale, shell, data)?)
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
    let format = Format::parse(&format).ok_or(Error::NotFound)?;
    let year: i16 = year.parse().map_err(|_| Error::NotFound)?;
    let locale = locale_of(&request);
    let bytes = blocking(&state, move |web| reports::write(&of_year(web, year)?, format, locale, &web.pages)).await?;
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"petitions-{year}.{format}\"")))
        .body(bytes))
}

fn this_year(web: &Web) -> i16 {
    web.now().date_in(&web.app.office.zone).year()
}

fn of_year(web: &Web, year: i16) -> Result<YearFigures> {
    let (office, now) = (&web.app.office, web.now());
    office.store.read(|db| {
        let reference = office.reference(db)?;
        year::of_year(db, &reference, &office.zone, year, now)
    })
}

/// A year and what it is compared with: the year before, as far as this one has come. None where nothing was counted then.
fn with_year_before(web: &Web, year: i16) -> Result<(YearFigures, Option<YearFigures>)> {
    let (office, now) = (&web.app.office, web.now());
    let figures = of_year(web, year)?;
    let before = office.store.read(|db| {
        let reference = office.reference(db)?;
        let zone = &office.zone;
        match figures::first_month(db)? {
            Some(month) if month / 100 < i32::from(year) => {}
            _ => return Ok(None),
        }
        let before = if figures.complete {
            year::of_year(db, &reference, zone, year - 1, now)
        } else {
            year::count(db, &reference, zone, year - 1, year::year_before(zone, now))
        };
        before.map(Some)
    })?;
    Ok((figures, before))
}

/// The years there is anything of, the latest first.
fn years(web: &Web, this_year: i16, shown: i16) -> Result<Value> {
    let first = web.app.office.store.read(figures::first_month)?;
    let first = first.and_then(|month| i16::try_from(month / 100).ok()).unwrap_or(this_year).min(shown);
    let link = |year: i16| json!({ "year": year, "url": format!("/management?year={year}"), "active": year == shown });
    Ok((first..=this_year).rev().map(link).collect())
}

fn downloads(year: i16) -> Value {
    let file = |format: &Format| {
        json!({ "format": format.code().to_uppercase(), "url": format!("/management/{year}.{format}") })
    };
    Format::ALL.iter().map(file).collect()
}
