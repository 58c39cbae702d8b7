//! What stands before and after every request: security headers, and one log line without personal data.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;

use crate::clock::Stopwatch;

/// Middleware: the security headers of every answer. Pages that a token opens name no referrer at all.
///
/// # Errors
/// Those of the inner service.
pub async fn headers<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let path = request.path().strip_prefix("/en").unwrap_or(request.path());
    let by_token = ["/c/", "/f/", "/r/", "/s/"].iter().any(|p| path.starts_with(p));
    let mut response = next.call(request).await?;
    let referrer = if by_token { "no-referrer" } else { "same-origin" };
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'; object-src 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::REFERRER_POLICY, referrer),
    ] {
        // A handler that needs a stricter one (the sandbox of a shown letter) has set its own.
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    Ok(response)
}

/// Middleware: one line a request: method, the route's pattern (never the path: it may hold a token), status, time.
///
/// # Errors
/// Those of the inner service.
pub async fn access_log<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let method = request.method().clone();
    let watch = Stopwatch::start();
    let response = next.call(request).await?;
    let route = response.request().match_pattern().unwrap_or_else(|| "(none)".into());
    let micros = watch.micros();
    tracing::info!(%method, route, status = response.status().as_u16(), micros, "request");
    Ok(response)
}
