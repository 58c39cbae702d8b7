//! A connection to a mail server: reached, encrypted as configured, logged in ([`log_in`]). Certificates are those the
//! system trusts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_imap::types::Capabilities;
use async_imap::{Client, Session};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::fault::{Fault, within};
use super::login::log_in;
use super::settings::Account;
use crate::app::App;
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
pub async fn open(app: &App, account: &Account) -> Result<(Open, Abilities), Fault> {
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
    let mut session = log_in(app, account, client).await?;
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

fn abilities(able: &Capabilities) -> Abilities {
    Abilities { idle: able.has_str("IDLE"), moves: able.has_str("MOVE"), uidplus: able.has_str("UIDPLUS") }
}

/// Says good-bye; whether it is heard does not matter.
pub async fn close(mut session: Open) {
    let _ = tokio::time::timeout(Duration::from_secs(2), session.logout()).await;
}
