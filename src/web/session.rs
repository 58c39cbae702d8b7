//! Who is signed in: the session cookie, read once a request; handlers name [`SignedIn`] to need it. Every form of a
//! signed-in page carries the session's CSRF word.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use subtle::ConstantTimeEq;

use super::answer::Fault;
use super::state::{State, Web, blocking, digest};
use crate::domain::staff::{Role, Staff};
use crate::domain::time::HOUR;
use crate::error::{Error, Result};
use crate::store::staff::{self, Session};

/// A signed-in member of staff. As an extractor it sends everybody else to the sign-in page, and whoever must choose a
/// new password there first.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub staff: Staff,
    /// By which session.
    pub session: Session,
}

impl SignedIn {
    /// Checks the CSRF word of a form.
    ///
    /// # Errors
    /// `Refused` when it is not this session's.
    pub fn check_csrf(&self, word: &str) -> Result<()> {
        let fits = bool::from(self.session.csrf.as_bytes().ct_eq(word.as_bytes()));
        if fits { Ok(()) } else { Err(Error::refused("refused-csrf")) }
    }

    /// Lets only people with one of the roles on.
    ///
    /// # Errors
    /// `Refused` for everybody else.
    pub fn needs(&self, roles: &[Role]) -> Result<()> {
        if self.staff.is_any(roles) { Ok(()) } else { Err(Error::refused("refused-role")) }
    }
}

impl FromRequest for SignedIn {
    type Error = Fault;
    type Future = LocalBoxFuture<'static, std::result::Result<Self, Fault>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let state = request.app_data::<State>().cloned().ok_or_else(|| Fault(Error::internal("no state")))?;
            let cookie = request.cookie(&cookie_name(&state)).map(|c| c.value().to_owned());
            let signed_in = match cookie {
                Some(word) => blocking(&state, move |web| current(web, &word)).await?,
                None => None,
            };
            let signed_in = signed_in.ok_or_else(|| Fault(Error::refused("refused-signed-out")))?;
            let choosing = ["/desk/password", "/desk/sign-out"].contains(&request.path())
                || request.path().starts_with("/desk/locale");
            if signed_in.staff.must_change_password && !choosing {
                return Err(Fault(Error::refused("refused-change-password")));
            }
            Ok(signed_in)
        })
    }
}

/// The session of a cookie, with its time moved on; written at most once a minute.
fn current(web: &Web, word: &str) -> Result<Option<SignedIn>> {
    let (now, digest) = (web.now(), digest(word));
    let Some((session, staff)) = web.app.office.store.read(|db| staff::session(db, &digest, now))? else {
        return Ok(None);
    };
    if now.seconds_since(session.seen_at) >= 60 {
        let rules = &web.app.config.session;
        let end = session.created_at.plus_seconds(rules.hours * HOUR);
        let until = now.plus_seconds(rules.idle_minutes * 60).min(end);
        web.app.office.store.write(move |db| staff::touch_session(db, &digest, now, until))?;
    }
    Ok(Some(SignedIn { staff, session }))
}

/// The cookie that carries a session; with TLS its name binds it to this host.
#[must_use]
pub fn cookie(state: &web::Data<Web>, word: &str) -> Cookie<'static> {
    Cookie::build(cookie_name(state), word.to_owned())
        .path("/")
        .http_only(true)
        .secure(is_secure(state))
        .same_site(SameSite::Lax)
        .finish()
}

/// The cookie that ends a session in the browser.
#[must_use]
pub fn no_cookie(state: &web::Data<Web>) -> Cookie<'static> {
    let mut gone = cookie(state, "");
    gone.make_removal();
    gone
}

/// The name of the session cookie.
#[must_use]
pub fn cookie_name(state: &Web) -> String {
    if is_secure(state) { "__Host-chenqing".into() } else { "chenqing".into() }
}

/// Whether citizens reach the service over TLS.
#[must_use]
pub fn is_secure(state: &Web) -> bool {
    state.app.config.public.url.starts_with("https://")
}
