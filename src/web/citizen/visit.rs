//! The half hour after number and query code were given: a signed cookie names the case, nothing is stored. Files are
//! handed out to it, and the form to withdraw is bound to it.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Charset, ContentDisposition, DispositionParam,
    DispositionType, ExtendedValue,
};
use actix_web::{HttpRequest, HttpResponse};

use crate::domain::link::{Link, Purpose};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::store::cases::Case;
use crate::web::session::is_secure;
use crate::web::state::Web;

/// Minutes a visit lasts.
const MINUTES: i64 = 30;

/// The cookie of a visit to a case.
///
/// # Errors
/// `Internal` when the keys do not serve.
pub fn begin(web: &Web, case: &Case, now: Moment) -> Result<Cookie<'static>> {
    let expires_at = now.plus_seconds(MINUTES * 60);
    let link = Link { purpose: Purpose::Visit, row: case.id, nonce: String::new(), expires_at };
    Ok(Cookie::build(name(web), web.app.office.keys.token(&link)?)
        .path("/")
        .http_only(true)
        .secure(is_secure(web))
        .same_site(SameSite::Lax)
        .max_age(Duration::minutes(MINUTES))
        .finish())
}

/// The word in a request's cookie, if there is one.
#[must_use]
pub fn word(web: &Web, request: &HttpRequest) -> String {
    request.cookie(&name(web)).map(|cookie| cookie.value().to_owned()).unwrap_or_default()
}

/// The case of a visit that is still going on.
#[must_use]
pub fn case_of(web: &Web, word: &str, now: Moment) -> Option<i64> {
    let link = web.app.office.keys.read_token(Purpose::Visit, word)?;
    (now < link.expires_at).then_some(link.row)
}

/// The word that a form of this purpose carries: it fits this visit only.
///
/// # Errors
/// `Internal` when the keys do not serve.
pub fn form_word(web: &Web, word: &str, purpose: Purpose, case_id: i64, now: Moment) -> Result<String> {
    let (nonce, expires_at) = (sha256(word.as_bytes()), now.plus_seconds(MINUTES * 60));
    web.app.office.keys.token(&Link { purpose, row: case_id, nonce, expires_at })
}

/// Checks the word of a form.
///
/// # Errors
/// `Refused` when it is another visit's.
pub fn check_form(web: &Web, word: &str, purpose: Purpose, case_id: i64, typed: &str, now: Moment) -> Result<()> {
    let link = web.app.office.keys.read_token(purpose, typed);
    let fits = |l: Link| l.row == case_id && l.nonce == sha256(word.as_bytes()) && now < l.expires_at;
    if link.is_some_and(fits) { Ok(()) } else { Err(Error::refused("refused-csrf")) }
}

fn name(web: &Web) -> String {
    if is_secure(web) { "__Host-chenqing-visit".into() } else { "chenqing-visit".into() }
}

/// A file to save: never shown in place, whatever it is.
#[must_use]
pub fn download(name: &str, media: &str, bytes: Vec<u8>) -> HttpResponse {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') { c } else { '_' }).collect();
    let named = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(plain),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".into()),
                language_tag: None,
                value: name.as_bytes().to_vec(),
            }),
        ],
    };
    HttpResponse::Ok()
        .insert_header(named)
        .insert_header((CONTENT_TYPE, media))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(bytes)
}
