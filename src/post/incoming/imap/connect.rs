//! A connection to a mail server: reached, encrypted as configured, logged in. Certificates are those the system trusts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_imap::imap_proto::{Capability, Response};
use async_imap::types::{Capabilities, UnsolicitedResponse};
use async_imap::{Authenticator, Client, Session};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::fault::{Fault, within};
use super::settings::Account;
use crate::post::outgoing::Tls;

/// Until a server is reached or encryption stands.
const REACH: Duration = Duration::from_secs(30);
/// Until a command is answered.
pub const ANSWER: Duration = Duration::from_secs(60);

/// What a connection runs over, encrypted or not.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Wire for T {}

/// A connection that is logged in.
pub type Open = Session<Box<dyn Wire>>;

/// What of its abilities matters here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    /// RFC 2177: it tells of news.
    pub idle: bool,
    /// RFC 6851: it moves messages.
    pub moves: bool,
    /// RFC 4315: single messages can be removed.
    pub uidplus: bool,
}

/// Connects, encrypts and logs in.
///
/// # Errors
/// What went wrong.
pub async fn open(account: &Account) -> Result<(Open, Abilities), Fault> {
    let tcp = within(REACH, TcpStream::connect((account.host.as_str(), account.port))).await?;
    tcp.set_nodelay(true)?;
    let mut client = match account.tls {
        Tls::Wrapped => Client::new(encrypted(account, tcp).await?),
        _ => Client::new(Box::new(tcp) as Box<dyn Wire>),
    };
    within(REACH, client.read_response())
        .await?
        .ok_or_else(|| Fault::Connection("the server does not greet".into()))?;
    if account.tls == Tls::Required {
        within(ANSWER, client.run_command_and_check_ok("STARTTLS", None)).await?;
        // What came before the encryption is thrown away with the old client.
        client = Client::new(encrypted(account, client.into_inner()).await?);
    }
    let mut session = log_in(account, client).await?;
    let able = within(ANSWER, session.capabilities()).await?;
    Ok((session, abilities(&able)))
}

async fn encrypted(account: &Account, wire: impl Wire + 'static) -> Result<Box<dyn Wire>, Fault> {
    let name = ServerName::try_from(account.host.clone())
        .map_err(|_| Fault::Connection(format!("{:?} is no name a certificate could bear", account.host)))?;
    let mut roots = RootCertStore::empty();
    let trusted = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs).await;
    let trusted = trusted.map_err(|_| Fault::Connection("the system's certificates cannot be read".into()))?;
    roots.add_parsable_certificates(trusted.certs);
    let provider = tokio_rustls::rustls::crypto::ring::default_provider();
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(|e| Fault::Connection(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, wire);
    let stream = tokio::time::timeout(REACH, connecting).await.map_err(|_| Fault::Silent)?;
    Ok(Box::new(stream.map_err(|e| Fault::Connection(format!("no encryption: {e}")))?))
}

/// Logs in by AUTHENTICATE PLAIN, which takes every character; by LOGIN where the server offers only that.
async fn log_in(account: &Account, mut client: Client<Box<dyn Wire>>) -> Result<Open, Fault> {
    let offers = within(ANSWER, offered(&mut client)).await?;
    let (user, password) = (account.user.as_str(), account.password.reveal());
    let refused = |(error, _): (async_imap::error::Error, Client<Box<dyn Wire>>)| Fault::from(error).at_login();
    if offers.plain {
        let plain = Plain(format!("\0{user}\0{password}"));
        return within(ANSWER, async { client.authenticate("PLAIN", plain).await.map_err(refused) }).await;
    }
    if offers.no_login {
        return Err(Fault::Login("the server takes no password on this connection".into()));
    }
    within(ANSWER, async { client.login(user, password).await.map_err(refused) }).await
}

#[derive(Default)]
struct Offers {
    plain: bool,
    no_login: bool,
}

/// What the server offers before the log-in; the library itself asks for it only afterwards.
async fn offered(client: &mut Client<Box<dyn Wire>>) -> Result<Offers, Fault> {
    let (told, said) = async_channel::unbounded();
    client.run_command_and_check_ok("CAPABILITY", Some(told)).await?;
    let mut offers = Offers::default();
    while let Ok(answer) = said.try_recv() {
        let UnsolicitedResponse::Other(answer) = answer else { continue };
        let Response::Capabilities(list) = answer.parsed() else { continue };
        for one in list {
            match one {
                Capability::Auth(name) if name.eq_ignore_ascii_case("PLAIN") => offers.plain = true,
                Capability::Atom(name) if name.eq_ignore_ascii_case("LOGINDISABLED") => offers.no_login = true,
                _ => {}
            }
        }
    }
    Ok(offers)
}

/// Name and password for the mechanism PLAIN (RFC 4616).
struct Plain(String);

impl Authenticator for Plain {
    type Response = String;

    fn process(&mut self, _: &[u8]) -> String {
        std::mem::take(&mut self.0)
    }
}

fn abilities(able: &Capabilities) -> Abilities {
    Abilities { idle: able.has_str("IDLE"), moves: able.has_str("MOVE"), uidplus: able.has_str("UIDPLUS") }
}

/// Says good-bye; whether it is heard does not matter.
pub async fn close(mut session: Open) {
    let _ = tokio::time::timeout(Duration::from_secs(2), session.logout()).await;
}
