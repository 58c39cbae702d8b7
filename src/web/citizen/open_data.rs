//! The open data that were released, for everybody: the years there are, and their files. They are kept by browsers and
//! proxies for an hour, and told apart by their checksum.

use std::time::{Duration, SystemTime};

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, ETAG, HttpDate, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, VARY,
};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::{Reader, Reply, answer};
use crate::domain::time::Moment;
use crate::error::{Error, Message};
use crate::store::open_data::{self, File};
use crate::web::answer::Answer;
use crate::web::management::open_data::media_type;
use crate::web::state::{State, blocking};

/// `GET /open-data`
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State) -> Answer {
    answer(&state, Reader::of(&request, &state), |web, reader| {
        let releases = web.app.office.store.read(open_data::standing)?;
        let years: Vec<_> = releases
            .iter()
            .map(|release| {
                let path = reader.href(&format!("/open-data/{}", release.year));
                json!({
                    "year": release.year, "released_at": release.released_at,
                    "figures_sha256": release.figures_sha256,
                    "files": [
                        { "format": "ZIP", "url": format!("{path}.zip"), "sha256": release.archive_sha256 },
                        { "format": "JSON", "url": format!("{path}.json"), "sha256": release.json_sha256 },
                    ],
                })
            })
            .collect();
        Ok(Reply::Page(StatusCode::OK, "citizen/open_data", json!({ "years": years })))
    })
    .await
}

/// `GET /open-data/{year}.zip` and `.json`: the files as they were released; 304 to whoever has them already.
///
/// # Errors
/// `NotFound` when the year was not released, or was taken back; `Refused` (429) after too many.
pub async fn download(request: HttpRequest, state: State, path: web::Path<(i32, String)>) -> Answer {
    let (year, format) = path.into_inner();
    let media = media_type(&format).ok_or(Error::NotFound)?;
    if let Err(minutes) = state.downloads.count(&state.client_address(&request)) {
        let message = Message::new("refused-too-many-downloads").with("minutes", minutes.to_string());
        return Err(Error::Refused(message).into());
    }
    let name = format!("open-data-{year}.{format}");
    let file = blocking(&state, move |web| {
        let read = if format == "zip" { open_data::archive } else { open_data::json };
        web.app.office.store.read(|db| read(db, year))?.ok_or(Error::NotFound)
    })
    .await?;
    let mut response = if is_had(&request, &file) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        // Asked again each time, which costs nothing while it is the same: what was withdrawn is given out by nobody.
        .insert_header((CACHE_CONTROL, "public, no-cache"))
        .insert_header((ETAG, format!("\"{}\"", file.sha256)))
        .insert_header((LAST_MODIFIED, HttpDate::from(time_of(file.released_at))))
        .insert_header((VARY, "accept-encoding"));
    if is_had(&request, &file) {
        return Ok(response.finish());
    }
    Ok(response
        .content_type(media)
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(file.bytes))
}

/// Whether whoever asks has this very file: by its checksum, or, where none is named, by its day.
fn is_had(request: &HttpRequest, file: &File) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(tags) = header(IF_NONE_MATCH) {
        return tags.split(',').map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"')).any(|tag| {
            // What was compressed on its way may carry a mark behind the checksum.
            tag == "*" || tag.split('-').next() == Some(file.sha256.as_str())
        });
    }
    let since = header(IF_MODIFIED_SINCE).and_then(|text| text.parse::<HttpDate>().ok());
    since.is_some_and(|since| HttpDate::from(time_of(file.released_at)) <= since)
}

fn time_of(moment: Moment) -> SystemTime {
    // Whole seconds, as the header has them.
    SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(moment.0 / 1_000_000).unwrap_or(0))
}
