//! The log-in: by a password, or by an access token (XOAUTH2), of which a new one is asked for once when the server does
//! not take the one in use.

use std::sync::Arc;

use async_imap::error::Error as ImapError;
use async_imap::imap_proto::{Capability, Response};
use async_imap::types::UnsolicitedResponse;
use async_imap::{Authenticator, Client};

use super::connect::{ANSWER, Open, Wire};
use super::fault::{Fault, within};
use super::settings::{Account, Login};
use super::token::{Token, Tokens};
use crate::app::App;
use crate::config::Secret;

/// A connection that is not logged in yet.
type Greeted = Client<Box<dyn Wire>>;

/// Logs in as configured.
///
/// # Errors
/// What went wrong; `Login` and `Token` when a refusal will last.
pub async fn log_in(app: &App, account: &Account, mut client: Greeted) -> Result<Open, Fault> {
    let offers = within(ANSWER, offered(&mut client)).await?;
    match &account.login {
        Login::Password(password) => by_password(&account.user, password, client, &offers).await,
        Login::Oauth2(_) if !offers.xoauth2 => {
            Err(Fault::Login("the server offers no log-in by OAuth 2.0 (XOAUTH2) on this connection".into()))
        }
        Login::Oauth2(tokens) => by_token(app, &account.user, tokens, client).await,
    }
}

#[derive(Default)]
struct Offers {
    plain: bool,
    xoauth2: bool,
    no_login: bool,
}

/// What the server offers before the log-in; the library itself asks for it only afterwards.
async fn offered(client: &mut Greeted) -> Result<Offers, Fault> {
    let (told, said) = async_channel::unbounded();
    client.run_command_and_check_ok("CAPABILITY", Some(told)).await?;
    let mut offers = Offers::default();
    while let Ok(answer) = said.try_recv() {
        let UnsolicitedResponse::Other(answer) = answer else { continue };
        let Response::Capabilities(list) = answer.parsed() else { continue };
        for one in list {
            match one {
                Capability::Auth(name) if name.eq_ignore_ascii_case("PLAIN") => offers.plain = true,
                Capability::Auth(name) if name.eq_ignore_ascii_case("XOAUTH2") => offers.xoauth2 = true,
                Capability::Atom(name) if name.eq_ignore_ascii_case("LOGINDISABLED") => offers.no_login = true,
                _ => {}
            }
        }
    }
    Ok(offers)
}

/// By AUTHENTICATE PLAIN, which takes every character; by LOGIN where the server offers only that.
async fn by_password(user: &str, password: &Secret, client: Greeted, offers: &Offers) -> Result<Open, Fault> {
    let password = password.reveal();
    let refused = |(error, _): (ImapError, Greeted)| Fault::from(error).at_login();
    if offers.plain {
        let plain = Words(format!("\0{user}\0{password}"));
        return within(ANSWER, async { client.authenticate("PLAIN", plain).await.map_err(refused) }).await;
    }
    if offers.no_login {
        return Err(Fault::Login("the server takes no password on this connection".into()));
    }
    within(ANSWER, async { client.login(user, password).await.map_err(refused) }).await
}

/// By the token in use. When the server refuses one that was not given just now, a new one is tried, once.
async fn by_token(app: &App, user: &str, tokens: &Arc<Tokens>, client: Greeted) -> Result<Open, Fault> {
    let token = token(app, tokens).await?;
    let (fault, client) = match xoauth2(user, &token, client).await? {
        Ok(open) => return Ok(open),
        Err(refused) => refused,
    };
    tokens.forget(&token);
    if token.fresh || !fault.lasts() {
        return Err(fault);
    }
    let token = self::token(app, tokens).await?;
    match xoauth2(user, &token, client).await? {
        Ok(open) => Ok(open),
        Err((fault, _)) => {
            tokens.forget(&token);
            Err(fault)
        }
    }
}

/// A token, asked for on a thread that may wait.
async fn token(app: &App, tokens: &Arc<Tokens>) -> Result<Token, Fault> {
    let (office, tokens, now) = (app.office.clone(), Arc::clone(tokens), app.clock.now());
    let got = tokio::task::spawn_blocking(move || tokens.get(&office, now)).await;
    got.map_err(|_| Fault::Connection("asking for an access token panicked".into()))?
}

/// One attempt; the connection comes back with a refusal.
async fn xoauth2(user: &str, token: &Token, client: Greeted) -> Result<Result<Open, (Fault, Greeted)>, Fault> {
    let words = Words(format!("user={user}\x01auth=Bearer {}\x01\x01", token.secret.reveal()));
    let tried = tokio::time::timeout(ANSWER, client.authenticate("XOAUTH2", words)).await.map_err(|_| Fault::Silent)?;
    Ok(tried.map_err(|(error, client)| (Fault::from(error).at_login(), client)))
}

/// What is said to the first question of the server (RFC 4616 for PLAIN). A second one tells why XOAUTH2 failed, and wants
/// an empty answer.
struct Words(String);

impl Authenticator for Words {
    type Response = String;

    fn process(&mut self, _: &[u8]) -> String {
        std::mem::take(&mut self.0)
    }
}
