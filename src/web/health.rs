//! For load balancers and browsers: is the process alive, can it serve, and the static files.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use actix_web::{HttpResponse, web};

use super::answer::Answer;
use super::state::{State, blocking};
use crate::error::Error;

/// `GET /healthz`: the process runs. Asks nothing else, so that a database that is down does not get nodes killed.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain").body("ok\n")
}

/// `GET /readyz`: the database answers; 503 otherwise, so that no traffic is sent here.
///
/// # Errors
/// `Unavailable` when the database does not answer.
pub async fn readyz(state: State) -> Answer {
    blocking(&state, |web| web.app.office.store.read(crate::store::reference::stamp)).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain").body("ready\n"))
}

/// `GET /assets/{digest}/{path}`: a static file, to be kept for a year: another content has another digest.
///
/// # Errors
/// `NotFound`.
pub async fn asset(state: State, path: web::Path<(String, String)>) -> Answer {
    let (_, path) = path.into_inner();
    let (bytes, media_type, digest) = state.pages.asset(&path).ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((ETAG, format!("\"{digest}\"")))
        .insert_header((CONTENT_TYPE, media_type))
        .body(bytes))
}
