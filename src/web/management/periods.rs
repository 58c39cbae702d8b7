//! The page of a year, a quarter or a month, and the same figures as a file.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{CASES, READERS, missing};
use crate::domain::figures::{Period, PeriodFigures, PeriodName, TableName};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::reports::{self, Format, Words, page, summary, year};
use crate::store::{Db, figures};
use crate::web::answer::Answer;
use crate::web::desk::Desk;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web, blocking, locale_of};

/// The tables of the page; the others stand in the files.
const SHOWN: &[TableName] =
    &[TableName::Month, TableName::Channel, TableName::Kind, TableName::Category, TableName::Unit];

/// `GET /management/{period}`: `2026`, `2026Q3` or `2026-09`.
///
/// # Errors
/// `Refused` for whoever does not answer for the figures. A period that is none, or has not begun, is told on a page.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, period: web::Path<String>) -> Answer {
    signed_in.needs(READERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    let name = match missing::period(&period, &state, state.now()) {
        Ok(name) => name,
        Err(missing) => return missing::page(&desk, missing).await,
    };
    desk.page(StatusCode::OK, "management/year", "", move |web, db, desk, now| {
        let (figures, before) = with_year_before(web, db, name, now)?;
        let mut data = page::data(&figures, before.as_ref(), SHOWN, Some(CASES), desk.locale(), &web.pages)?;
        if let Some(map) = data.as_object_mut() {
            map.insert("around".to_owned(), around(web, db, name, desk.locale(), now)?);
            let counted = Period::of(name, &web.app.office.zone, now).ok_or(Error::NotFound)?;
            map.insert("before_records".to_owned(), missing::before_records(web, db, &counted, desk.locale())?);
            map.insert("downloads".to_owned(), downloads(name));
            let changes = figures.locked_at.map(|_| format!("/management/{}/changes", figures.year));
            map.insert("changes_url".to_owned(), changes.into());
            // Open data are published by the year.
            let open_data = matches!(name, PeriodName::Year(_)).then(|| format!("/management/{name}/open-data"));
            map.insert("open_data_url".to_owned(), open_data.into());
        }
        Ok(data)
    })
    .await
}

/// The figures of a period as a file: `GET /management/2026.csv`.
///
/// # Errors
/// As [`show`]; `NotFound` for a format or a period there is not.
pub async fn download(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
) -> Answer {
    signed_in.needs(READERS)?;
    let (name, format) = path.into_inner();
    let format = Format::parse(&format).filter(|format| format.is_built_in()).ok_or(Error::NotFound)?;
    let name = PeriodName::parse(&name).ok_or(Error::NotFound)?;
    let locale = locale_of(&request);
    let bytes = blocking(&state, move |web| {
        let now = web.now();
        let figures = web.app.office.store.read(|db| of_period(web, db, name, now))?;
        reports::write(&figures, format, locale, &web.pages)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"petitions-{name}.{format}\"")))
        .body(bytes))
}

fn of_period(web: &Web, db: &mut Db, name: PeriodName, now: Moment) -> Result<PeriodFigures> {
    let reference = web.app.office.reference(db)?;
    year::of_period(db, &reference, &web.app.office.zone, name, now)
}

/// A period and what it is compared with: the same one a year before, as far as this one has come. None where records
/// begin later: what has grown since is the recording.
fn with_year_before(
    web: &Web,
    db: &mut Db,
    name: PeriodName,
    now: Moment,
) -> Result<(PeriodFigures, Option<PeriodFigures>)> {
    let figures = of_period(web, db, name, now)?;
    let (earlier, zone) = (name.earlier(1), &web.app.office.zone);
    let first = figures::first_month(db)?;
    if Period::of(earlier, zone, now).is_none_or(|period| !period.is_recorded(first)) {
        return Ok((figures, None));
    }
    let before = if figures.complete {
        of_period(web, db, earlier, now)?
    } else {
        let reference = web.app.office.reference(db)?;
        year::count_period(db, &reference, zone, earlier, year::year_before(zone, now))?
    };
    Ok((figures, Some(before)))
}

/// The way from here: the years there is anything of, the latest first; the quarters and months of this one; the periods
/// before and after.
fn around(web: &Web, db: &mut Db, name: PeriodName, locale: &str, now: Moment) -> Result<Value> {
    let zone = &web.app.office.zone;
    let this_year = now.date_in(zone).year();
    let first = figures::first_month(db)?.and_then(|month| i16::try_from(month / 100).ok());
    let first = first.unwrap_or(this_year);
    let link = |to: PeriodName, label: String, active: bool| {
        let begun = Period::of(to, zone, now).is_some() && to.year() >= first;
        json!({ "label": label, "url": begun.then(|| format!("/management/{to}")), "active": active })
    };
    let year = PeriodName::Year(name.year());
    let years: Vec<Value> = (first..=this_year)
        .rev()
        .map(|year| {
            json!({ "year": year, "url": format!("/management/{year}"), "active": PeriodName::Year(year) == name,
                "here": year == name.year() })
        })
        .collect();
    let mut quarters =
        vec![link(year, Words::text(&web.pages, locale, "period-whole-year", &json!({}))?, year == name)];
    for (number, quarter) in (1..).zip(name.quarters()) {
        let label = Words::text(&web.pages, locale, "period-quarter", &json!({ "quarter": number }))?;
        quarters.push(link(quarter, label, quarter == name));
    }
    let mut months = Vec::new();
    for (number, month) in (1..).zip(name.months_of_year()) {
        let label = Words::text(&web.pages, locale, "month-short", &json!({ "month": number }))?;
        months.push(link(month, label, month == name));
    }
    let titled = |to: PeriodName| -> Result<Option<Value>> {
        if Period::of(to, zone, now).is_none() || to.year() < first {
            return Ok(None);
        }
        Ok(Some(json!({ "title": summary::name_of(to, locale, &web.pages)?, "url": format!("/management/{to}") })))
    };
    let (previous, next) = (titled(name.previous())?, titled(name.next())?);
    Ok(json!({ "years": years, "quarters": quarters, "months": months, "previous": previous, "next": next }))
}

fn downloads(name: PeriodName) -> Value {
    let file = |format: Format| json!({ "format": format.code().to_uppercase(), "url": format!("/management/{name}.{format}") });
    Format::built_in().map(file).collect()
}
