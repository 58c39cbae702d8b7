//! Staff sign in and out, and choose their language. Anybody may ask for the form; signing in twice ends the older session
//! of the same browser.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::REFERER;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use super::{parameters, posted, redirect, refusal};
use crate::acts::sign_in;
use crate::error::{Error, Result};
use crate::keys::random_word;
use crate::store::{Db, reference, staff};
use crate::web::answer::{Answer, Fault};
use crate::web::forms;
use crate::web::pages::LOCALES;
use crate::web::session::{self, SignedIn, is_secure};
use crate::web::state::{Frame, LOCALE_COOKIE, State, Web, blocking};

/// The cookie against forms that other sites send here: the form repeats its word.
const GUARD: &str = "chenqing-login";

/// `GET /desk/login`: anybody.
///
/// # Errors
/// Of the database.
pub async fn form(request: HttpRequest, state: State, signed_in: Option<SignedIn>) -> Answer {
    let next = safe(parameters(&request).get("next").map_or("", String::as_str));
    if signed_in.is_some() {
        return Ok(redirect(&next));
    }
    page(&state, &request, StatusCode::OK, &next, "", &[]).await
}

/// `POST /desk/login`: anybody.
///
/// # Errors
/// `Refused` for a form that is not ours.
pub async fn sign_in(request: HttpRequest, state: State, old: Option<SignedIn>, body: web::Payload) -> Answer {
    let form = forms::read(&request, body, &state.app.config.attachments).await?;
    let guard = request.cookie(GUARD).map(|c| c.value().to_owned()).unwrap_or_default();
    if guard.is_empty() || !bool::from(guard.as_bytes().ct_eq(form.text("_csrf").as_bytes())) {
        return Err(Error::refused("refused-csrf").into());
    }
    let (username, password) = (form.text("username").to_owned(), form.text("password").to_owned());
    let next = safe(form.text("next"));
    let opened = blocking(&state, {
        let username = username.clone();
        move |web| sign_in::sign_in(&web.app.office, &web.app.config.session, web.now(), &username, &password)
    })
    .await;
    let opened = match opened {
        Ok(opened) => opened,
        Err(Fault(Error::Refused(message))) => {
            let locked = message.key == "login-locked";
            let status = if locked { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
            return page(&state, &request, status, &next, &username, &[refusal(&message)]).await;
        }
        Err(fault) => return Err(fault),
    };
    if let Some(old) = old {
        blocking(&state, move |web| sign_in::sign_out(&web.app.office, &old.session)).await?;
    }
    let mut response = redirect(&next);
    set(&mut response, &session::cookie(&state, &opened.word))?;
    set(&mut response, &guard_cookie(&state, ""))?;
    Ok(response)
}

/// `POST /desk/sign-out`: everybody who is signed in.
///
/// # Errors
/// `Refused` for a wrong CSRF word.
pub async fn sign_out(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    posted(&state, &request, &signed_in, body).await?;
    blocking(&state, move |web| sign_in::sign_out(&web.app.office, &signed_in.session)).await?;
    let mut response = redirect("/desk/login");
    set(&mut response, &session::no_cookie(&state))?;
    Ok(response)
}

/// `GET /desk/locale/{locale}`: anybody; keeps the choice in a cookie and leads back.
///
/// # Errors
/// `NotFound` for another language.
pub async fn locale(request: HttpRequest, state: State, locale: web::Path<String>) -> Answer {
    let locale = LOCALES.iter().find(|l| **l == locale.as_str()).ok_or(Error::NotFound)?;
    let from = request.headers().get(REFERER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let path = from.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()));
    let mut response = redirect(&safe(&path.unwrap_or_default()));
    let cookie = Cookie::build(LOCALE_COOKIE, *locale)
        .path("/")
        .secure(is_secure(&state))
        .same_site(SameSite::Lax)
        .max_age(actix_web::cookie::time::Duration::days(365))
        .finish();
    set(&mut response, &cookie)?;
    Ok(response)
}

async fn page(
    state: &State,
    request: &HttpRequest,
    status: StatusCode,
    next: &str,
    username: &str,
    errors: &[Value],
) -> Answer {
    let frame = Frame::of(request);
    let (mut shell, accounts) = blocking(state, move |web| {
        web.app.office.store.read(|db| Ok((web.shell_in(db, &frame, None)?, demo_accounts(web, db, frame.locale)?)))
    })
    .await?;
    let word = random_word::<20>()?;
    shell["csrf"] = json!(word);
    let data = json!({
        "form_action": "/desk/login",
        "next": next,
        "errors": errors,
        "form": { "username": username },
        "demo_accounts": accounts,
    });
    let locale = crate::web::state::locale_of(request);
    let mut response = state.page(status, "desk/login", locale, shell, data)?;
    set(&mut response, &guard_cookie(state, &word))?;
    Ok(response)
}

fn set(response: &mut HttpResponse, cookie: &Cookie<'_>) -> Result<()> {
    response.add_cookie(cookie).map_err(|e| Error::internal(format!("cookie: {e}")))
}

/// The guard's cookie; an empty word deletes it.
fn guard_cookie(state: &State, word: &str) -> Cookie<'static> {
    let cookie = Cookie::build(GUARD, word.to_owned())
        .path("/desk/login")
        .http_only(true)
        .secure(is_secure(state))
        .same_site(SameSite::Strict);
    let mut cookie = cookie.finish();
    if word.is_empty() {
        cookie.make_removal();
    }
    cookie
}

/// Where to go after signing in: a page of ours behind the log-in, otherwise the desk.
fn safe(next: &str) -> String {
    let inside = ["/desk", "/management", "/admin"]
        .iter()
        .any(|p| next.strip_prefix(p).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?'])));
    let plain = next.bytes().all(|b| b.is_ascii_graphic()) && !next.contains(['\\', '"', '<', '>']);
    let again = next.starts_with("/desk/login") || next.starts_with("/desk/locale") || next.contains("//");
    if inside && plain && !again { next.to_owned() } else { "/desk".to_owned() }
}

/// An account that the demonstration shows with its password.
#[derive(Deserialize)]
struct DemoAccount {
    username: String,
    password: String,
}

/// The fact of the installation that holds the demonstration's accounts, as JSON.
pub const DEMO_ACCOUNTS: &str = "demo.accounts";

fn demo_accounts(web: &Web, db: &mut Db, locale: &str) -> Result<Vec<Value>> {
    if !web.app.demo {
        return Ok(Vec::new());
    }
    let text = reference::value(db, DEMO_ACCOUNTS)?.unwrap_or_else(|| "[]".into());
    let accounts: Vec<DemoAccount> = serde_json::from_str(&text).map_err(Error::internal)?;
    let units = web.app.office.reference(db)?;
    accounts
        .into_iter()
        .map(|account| {
            let person = staff::by_username(db, &account.username)?.person()?;
            let unit = units.units.get(person.unit_id).map(|u| u.name(locale)).unwrap_or_default();
            Ok(json!({
                "username": account.username, "password": account.password, "unit": unit, "roles": person.roles,
            }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_follow_a_log_in() {
        for next in ["/desk", "/desk?queue=mine", "/desk/cases/1150000001-2", "/management?year=2026"] {
            assert_eq!(safe(next), next);
        }
        for next in [
            "",
            "/",
            "//evil.example",
            "/desk//evil.example",
            "https://evil.example/desk",
            "/deskx",
            "/desk\\x",
            "/desk/login",
            "/desk/\r\nSet-Cookie: x",
            "/petitions/new",
        ] {
            assert_eq!(safe(next), "/desk", "{next}");
        }
    }
}
