//! Access tokens for mailboxes that are logged in to by OAuth 2.0 (RFC 6749): asked for at the token server by a refresh
//! token or as the program itself (client credentials), kept until shortly before they expire. None of it is ever printed.
//!
//! A token server may give a new refresh token with each access token: the next is asked for by that one ([`super::refresh`]).

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use tokio_rustls::rustls::crypto::ring::default_provider;
use ureq::Agent;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::fault::Fault;
use super::refresh::Refresh;
use super::settings::{is_this_machine, secret};
use crate::acts::Office;
use crate::config::{Oauth2, Secret};
use crate::domain::time::Moment;
use crate::post::mask::mask;

/// Until the token server has answered.
const ANSWER: Duration = Duration::from_secs(30);
/// Bytes of its answer at most.
const LONGEST: u64 = 1 << 18;
/// Seconds a token lasts when the server does not say.
const USUAL: i64 = 300;
/// Seconds before its end from which a token is not used any more; of a shorter one the last half.
const MARGIN: i64 = 60;

/// The token server of a mailbox, and the token in use.
pub struct Tokens {
    url: String,
    server: String,
    client_id: String,
    client_secret: Option<Secret>,
    scope: String,
    /// What tokens are asked for by; without it by the program's own secret alone.
    refresh: Option<Refresh>,
    /// The token in use, and until when.
    held: Mutex<Option<(Secret, Moment)>>,
}

/// A token to log in with.
pub struct Token {
    /// What it is.
    pub secret: Secret,
    /// It was given a moment ago: another one would be no better.
    pub fresh: bool,
}

/// What a token server answers, either way (RFC 6749, 5.1 and 5.2).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    access_token: String,
    token_type: String,
    expires_in: Option<serde_json::Value>,
    refresh_token: Option<String>,
    error: String,
    error_description: String,
}

impl Tokens {
    /// As configured for a mailbox.
    ///
    /// # Errors
    /// One sentence that names the key, without any secret.
    pub fn new(mailbox: &str, config: &Oauth2) -> Result<Self, String> {
        let server = server(&config.token_url)?;
        if config.client_id.is_empty() {
            return Err("oauth2.client_id is empty".into());
        }
        let client_secret = secret("oauth2.client_secret", config.client_secret_places())?;
        let refresh = secret("oauth2.refresh_token", config.refresh_token_places())?;
        if refresh.is_none() && client_secret.is_none() {
            return Err("oauth2 needs a refresh_token, or a client_secret to log in as the program itself".into());
        }
        Ok(Self {
            url: config.token_url.clone(),
            server,
            client_id: config.client_id.clone(),
            client_secret,
            scope: config.scope.clone(),
            refresh: refresh.map(|configured| Refresh::new(mailbox, config, configured)),
            held: Mutex::default(),
        })
    }

    /// The token in use, or a new one; asks the server, so it takes its time.
    ///
    /// # Errors
    /// What went wrong, or that the server refuses.
    pub fn get(&self, office: &Office, now: Moment) -> Result<Token, Fault> {
        if let Some((secret, until)) = &*self.held()
            && now < *until
        {
            return Ok(Token { secret: secret.clone(), fresh: false });
        }
        let answer = match &self.refresh {
            Some(refresh) => refresh.alone(office, now, || self.by_refresh(refresh, office, now))?,
            None => self.ask(None)?,
        };
        let secret = Secret::new(answer.access_token);
        *self.held() = Some((secret.clone(), now.plus_seconds(usable(answer.expires_in.as_ref()))));
        Ok(Token { secret, fresh: true })
    }

    /// By the newest refresh token; when it holds no more, by that which another process was given meanwhile.
    fn by_refresh(&self, refresh: &Refresh, office: &Office, now: Moment) -> Result<Answer, Fault> {
        let mut used = refresh.newest(office, now)?;
        let mut asked = self.ask(Some(&used));
        if let Err(Fault::Grant(_)) = asked
            && let Some(other) = refresh.other_than(office, &used)?
        {
            asked = self.ask(Some(&other));
            used = other;
        }
        let answer = asked?;
        let next = answer.refresh_token.clone().filter(|next| !next.is_empty()).map(Secret::new);
        if let Some(next) = next.filter(|next| *next != used) {
            refresh.given(office, next, now);
        }
        Ok(answer)
    }

    /// The mail server did not take it: it is not used again.
    pub fn forget(&self, token: &Token) {
        let mut held = self.held();
        if held.as_ref().is_some_and(|(secret, _)| *secret == token.secret) {
            *held = None;
        }
    }

    fn held(&self) -> MutexGuard<'_, Option<(Secret, Moment)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, refresh: Option<&Secret>) -> Result<Answer, Fault> {
        let mut form = vec![("client_id", self.client_id.as_str())];
        match refresh {
            Some(token) => form.extend([("grant_type", "refresh_token"), ("refresh_token", token.reveal())]),
            None => form.push(("grant_type", "client_credentials")),
        }
        if let Some(secret) = &self.client_secret {
            form.push(("client_secret", secret.reveal()));
        }
        if !self.scope.is_empty() {
            form.push(("scope", &self.scope));
        }
        let away = |why: &str| Fault::Connection(format!("the token server {}: {}", self.server, mask(why, "")));
        let mut response = agent().post(&self.url).send_form(form).map_err(|e| away(&e.to_string()))?;
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(|e| away(&e.to_string()))?;
        let answer: Answer = serde_json::from_slice(&body).unwrap_or_default();
        let usable = |token: &str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
        match status {
            200 if usable(&answer.access_token) && answer.token_type.eq_ignore_ascii_case("bearer") => Ok(answer),
            200 => Err(Fault::Token(format!("{} answers without a usable access token", self.server))),
            400..=403 | 405..=428 => {
                let said = self.refusal(status, &answer, refresh);
                Err(if answer.error == "invalid_grant" { Fault::Grant(said) } else { Fault::Token(said) })
            }
            status => Err(away(&format!("answers {status}"))),
        }
    }

    /// What the server said, without what it might repeat.
    fn refusal(&self, status: u16, answer: &Answer, refresh: Option<&Secret>) -> String {
        let mut said = format!("{} {}", answer.error, answer.error_description);
        for secret in [self.client_secret.as_ref(), refresh].into_iter().flatten() {
            said = said.replace(secret.reveal(), "…");
        }
        let said = mask(said.trim(), "");
        format!("{} refuses ({status}): {}", self.server, if said.is_empty() { "it does not say why" } else { &said })
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens({})", self.server)
    }
}

/// The token server of a URL. Without encryption secrets go to this machine only.
fn server(url: &str) -> Result<String, String> {
    let uri: Uri = url.parse().map_err(|_| "oauth2.token_url is no URL")?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err("oauth2.token_url must begin with https://".into());
    };
    if authority.as_str().contains('@') || uri.query().is_some() {
        return Err("oauth2.token_url names a server and a path only".into());
    }
    let host = authority.host().trim_matches(['[', ']']);
    match scheme {
        "https" => {}
        "http" if is_this_machine(host) => {}
        _ => return Err("oauth2.token_url must begin with https:// (http:// is for this machine only)".into()),
    }
    Ok(authority.to_string())
}

/// Seconds for which a token is used; some servers write the number as text.
fn usable(expires_in: Option<&serde_json::Value>) -> i64 {
    let said = expires_in.and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
    let seconds = said.unwrap_or(USUAL).clamp(0, 366 * 86_400);
    if seconds > 2 * MARGIN { seconds - MARGIN } else { seconds / 2 }
}

/// What asks: trusts what the system trusts, follows nowhere.
fn agent() -> Agent {
    let roots = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> = roots.iter().map(|cert| Certificate::from_der(cert).to_owned()).collect();
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(default_provider()))
        .root_certs(RootCerts::new_with_certs(&roots))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(ANSWER))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build();
    Agent::new_with_config(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(url: &str) -> Oauth2 {
        Oauth2 {
            token_url: url.into(),
            client_id: "chenqing".into(),
            client_secret: Secret::new("hidden"),
            refresh_token: Secret::new("hidden too"),
            ..Oauth2::default()
        }
    }

    #[test]
    fn secrets_go_to_this_machine_or_encrypted() {
        for url in ["https://login.example.org/token", "http://127.0.0.1:8/token", "http://localhost/t"] {
            let tokens = Tokens::new("head", &config(url)).unwrap();
            assert!(!format!("{tokens:?}").contains("hidden"));
        }
        for (wrong, says) in [
            (config("http://login.example.org/token"), "https://"),
            (config("login.example.org"), "https://"),
            (config("https://me:hidden@login.example.org/"), "a server and a path"),
            (config("https://login.example.org/?client_secret=hidden"), "a server and a path"),
            (Oauth2 { client_id: String::new(), ..config("https://a.example.org/") }, "client_id"),
            (Oauth2 { refresh_token_file: "x".into(), ..config("https://a.example.org/") }, "refresh_token"),
            (
                Oauth2 {
                    client_secret: Secret::default(),
                    refresh_token: Secret::default(),
                    ..config("https://a.example.org/")
                },
                "needs a refresh_token",
            ),
        ] {
            let error = Tokens::new("head", &wrong).unwrap_err();
            assert!(error.contains(says) && !error.contains("hidden"), "{error}");
        }
    }

    #[test]
    fn a_token_is_not_used_to_its_last_second() {
        for (said, seconds) in [("3599", 3539), ("\"3600\"", 3540), ("120", 60), ("1", 0), ("-5", 0), ("null", 240)] {
            assert_eq!(usable(Some(&serde_json::from_str(said).unwrap())), seconds);
        }
        assert_eq!(usable(None), 240);
    }
}
