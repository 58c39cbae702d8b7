//! The open data of a year before everybody: what would be published, why counts are suppressed, the files; and the forms
//! that release them and take them back.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::READERS;
use crate::acts::release_open_data::{Files, release_open_data};
use crate::acts::withdraw_open_data::withdraw_open_data;
use crate::domain::figures::{PeriodFigures, PeriodName};
use crate::domain::open_data::RELEASERS;
use crate::domain::time::Moment;
use crate::error::{Error, Message, Result};
use crate::keys::sha256;
use crate::reports::{open_data as made, year};
use crate::store::{Db, lists, open_data};
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::desk::{Desk, errors, posted, refusal};
use crate::web::session::SignedIn;
use crate::web::state::{State, Web, blocking};

/// `GET /management/{year}/open-data`: readers of the figures.
///
/// # Errors
/// `Refused` for others, and for figures that are not as they were locked; `NotFound` for a year that has not begun.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, year: web::Path<String>) -> Answer {
    signed_in.needs(READERS)?;
    let year = year_of(&year)?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/open_data", "", move |web, db, desk, now| {
        view(web, db, desk, year, ("", Vec::new()), now)
    })
    .await
}

/// `GET /management/{year}/open-data.zip` and `.json`: the same as files.
///
/// # Errors
/// As [`show`]; `NotFound` for a format there is not.
pub async fn download(state: State, signed_in: SignedIn, path: web::Path<(String, String)>) -> Answer {
    signed_in.needs(READERS)?;
    let (year, format) = path.into_inner();
    let year = year_of(&year)?;
    let media = media_type(&format).ok_or(Error::NotFound)?;
    let bytes = blocking(&state, move |web| {
        let now = web.now();
        let of = made::of(&web.app.office.store.read(|db| figures(web, db, year, now))?, &web.pages)?;
        if format == "zip" { made::zip(&of, &web.pages) } else { made::json(&of) }
    })
    .await?;
    let extension = if media == ZIP { "zip" } else { "json" };
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"open-data-{year}.{extension}\"")))
        .body(bytes))
}

/// `POST /management/{year}/open-data/release`: managers and control officers.
///
/// # Errors
/// `Refused` for others, for a wrong CSRF word, and for a year that is not locked.
pub async fn release(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    year: web::Path<String>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(RELEASERS)?;
    posted(&state, &request, &signed_in, body).await?;
    let year = year_of(&year)?;
    let desk = Desk::of(&state, &request, &signed_in);
    let done = desk
        .run(move |web, staff, now| {
            let office = &web.app.office;
            let locked = office.store.read(|db| year::locked(db, year))?;
            let locked = locked.ok_or_else(|| Error::refused("refused-open-data-not-locked"))?;
            let (archive, json) = files(web, &locked)?;
            // A year that was locked before checksums were kept has one now.
            let kept = office.store.read(|db| crate::store::year_packages::get(db, year))?;
            let figures_sha256 = kept.map(|package| sha256(package.figures.as_bytes())).unwrap_or_default();
            release_open_data(office, now, staff, Files { year, figures_sha256, archive, json })
        })
        .await;
    told(&desk, done, year, "notice-open-data-released", String::new()).await
}

/// `POST /management/{year}/open-data/withdraw`: managers and control officers.
///
/// # Errors
/// `Refused` for others and for a wrong CSRF word.
pub async fn withdraw(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    year: web::Path<String>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(RELEASERS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let year = year_of(&year)?;
    let desk = Desk::of(&state, &request, &signed_in);
    let reason = form.text("reason").to_owned();
    let done = desk
        .run(move |web, staff, now| {
            let id = form.number("release").ok_or(Error::Conflict)?;
            withdraw_open_data(&web.app.office, now, staff, (year, id), form.text("reason"))
        })
        .await;
    told(&desk, done, year, "notice-open-data-withdrawn", reason).await
}

/// The page after an act: as it is now, or with what was wrong.
async fn told(
    desk: &Desk,
    done: std::result::Result<(), Fault>,
    year: i16,
    notice: &'static str,
    reason: String,
) -> Answer {
    let error = match done {
        Ok(()) => return desk.go(&format!("/management/{year}/open-data"), Some(&Message::new(notice))),
        Err(Fault(error)) => error,
    };
    let list = match &error {
        Error::Invalid(list) => errors(list, ""),
        Error::Conflict => vec![refusal(&Message::new("refused-open-data-changed"))],
        Error::Refused(message) if message.key == "refused-open-data-not-locked" => vec![refusal(message)],
        other => return Err(Fault(other.clone())),
    };
    desk.page(status_of(&error), "management/open_data", "", move |web, db, desk, now| {
        view(web, db, desk, year, (&reason, list), now)
    })
    .await
}

const ZIP: &str = "application/zip";

/// The media type of a format there is.
pub fn media_type(format: &str) -> Option<&'static str> {
    match format {
        "zip" => Some(ZIP),
        "json" => Some("application/json"),
        _ => None,
    }
}

fn year_of(text: &str) -> Result<i16> {
    match PeriodName::parse(text) {
        Some(PeriodName::Year(year)) => Ok(year),
        _ => Err(Error::NotFound),
    }
}

fn figures(web: &Web, db: &mut Db, year: i16, now: Moment) -> Result<PeriodFigures> {
    let reference = web.app.office.reference(db)?;
    year::of_year(db, &reference, &web.app.office.zone, year, now)
}

/// The archive, and the same as JSON.
fn files(web: &Web, figures: &PeriodFigures) -> Result<(Vec<u8>, Vec<u8>)> {
    let of = made::of(figures, &web.pages)?;
    Ok((made::zip(&of, &web.pages)?, made::json(&of)?))
}

fn view(
    web: &Web,
    db: &mut Db,
    desk: &Desk,
    year: i16,
    (reason, wrong): (&str, Vec<Value>),
    now: Moment,
) -> Result<Value> {
    let figures = figures(web, db, year, now)?;
    let of = made::of(&figures, &web.pages)?;
    let mut data = made::page(&figures, &of, desk.locale(), &web.pages)?;
    let releases = open_data::of_year(db, i32::from(year))?;
    let people = releases.iter().flat_map(|release| [Some(release.released_by), release.withdrawn_by]).flatten();
    let names = lists::names(db, people)?;
    let history: Vec<Value> = releases
        .iter()
        .map(|release| {
            json!({
                "released_at": release.released_at, "released_by": names.get(&release.released_by),
                "withdrawn_at": release.withdrawn_at,
                "withdrawn_by": release.withdrawn_by.and_then(|id| names.get(&id)),
                "reason": release.reason, "sha256": release.archive_sha256,
            })
        })
        .collect();
    let stands = releases.iter().find(|release| release.withdrawn_at.is_none());
    let path = format!("/management/{year}/open-data");
    let may = desk.staff().is_any(RELEASERS);
    let fields = json!({
        "year": year,
        "year_url": format!("/management/{year}"),
        "as_of": figures.as_of,
        "locked_at": figures.locked_at,
        "locked_sha256": figures.locked_sha256,
        "downloads": [
            { "format": "ZIP", "url": format!("{path}.zip") },
            { "format": "JSON", "url": format!("{path}.json") },
        ],
        "standing": stands.map(|release| json!({ "id": release.id, "at": release.released_at })),
        "history": history,
        "release_action": (may && stands.is_none() && figures.locked_at.is_some()).then(|| format!("{path}/release")),
        "withdraw_action": (may && stands.is_some()).then(|| format!("{path}/withdraw")),
        "reason": reason,
        "errors": wrong,
    });
    if let (Some(map), Value::Object(fields)) = (data.as_object_mut(), fields) {
        map.extend(fields);
    }
    Ok(data)
}
