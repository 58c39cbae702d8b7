//! What an act has to say is told once, on the page after it: sealed in a cookie that lives a minute and is deleted when
//! it was read. It may hold a query code, so it never stands in an address or a log.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::{HttpRequest, HttpResponse};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::told;
use crate::domain::time::Moment;
use crate::error::{Error, Message, Result};
use crate::web::session::is_secure;
use crate::web::state::{State, Web};

const NAME: &str = "chenqing-notice";
const LABEL: &str = "desk.notice";
const SECONDS: i64 = 60;

/// Puts a notice for a member of staff on its way.
///
/// # Errors
/// Of the keys.
pub fn put(state: &State, response: &mut HttpResponse, staff_id: i64, message: &Message) -> Result<()> {
    let until = state.now().plus_seconds(SECONDS);
    let text = json!({ "staff": staff_id, "until": until.0, "message": told(message) }).to_string();
    let sealed = BASE64URL_NOPAD.encode(&state.app.office.keys.seal(LABEL, &text)?);
    let cookie = cookie(sealed, Duration::seconds(SECONDS), is_secure(state));
    response.add_cookie(&cookie).map_err(|e| Error::internal(format!("cookie: {e}")))
}

/// The sealed notice that a request brings.
#[must_use]
pub fn cookie_of(request: &HttpRequest) -> Option<String> {
    request.cookie(NAME).map(|c| c.value().to_owned()).filter(|value| !value.is_empty())
}

/// Opens a notice; nothing when it is not ours, another's, or old.
#[must_use]
pub fn open(web: &Web, sealed: Option<&str>, staff_id: i64, now: Moment) -> Option<Value> {
    let bytes = BASE64URL_NOPAD.decode(sealed?.as_bytes()).ok()?;
    let text = web.app.office.keys.open(LABEL, &bytes).ok()?;
    let value: Value = serde_json::from_str(&text).ok()?;
    let fits = value["staff"] == json!(staff_id) && value["until"].as_i64().is_some_and(|until| now.0 < until);
    fits.then(|| value["message"].clone())
}

/// Deletes the notice in the browser.
pub fn forget(response: &mut HttpResponse) {
    let gone = cookie(String::new(), Duration::ZERO, false);
    // A cookie that cannot be written would only tell the notice again, for a minute.
    let _ = response.add_cookie(&gone);
}

fn cookie(value: String, age: Duration, secure: bool) -> Cookie<'static> {
    Cookie::build(NAME, value).path("/").http_only(true).secure(secure).same_site(SameSite::Lax).max_age(age).finish()
}
