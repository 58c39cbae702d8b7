//! A token server of a test's own, over real HTTP: gives access tokens for the right refresh token or client secret, and
//! tells Dovecot which of them hold.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::json;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::dovecot::USER;

/// What the server gives tokens for.
pub const REFRESH: &str = "the-first-refresh-token";
/// The program's secret.
pub const CLIENT_SECRET: &str = "the-secret-of-the-program";

/// What it does and what it was asked.
pub struct State {
    /// Seconds that it says a token lasts.
    pub expires_in: i64,
    /// The refresh token that is good.
    pub refresh: String,
    /// A new refresh token comes with each access token, and the old one is good no more.
    pub rotates: bool,
    /// Answers nothing but this status, where there is one.
    pub broken: Option<u16>,
    /// The tokens that hold.
    pub valid: BTreeSet<String>,
    /// The forms it was sent.
    pub asked: Vec<BTreeMap<String, String>>,
    /// The tokens that Dovecot asked about.
    pub shown: Vec<String>,
}

/// The server.
pub struct TokenServer {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl TokenServer {
    pub fn up() -> Self {
        let state = Arc::new(Mutex::new(State {
            expires_in: 3600,
            refresh: REFRESH.into(),
            rotates: false,
            broken: None,
            valid: BTreeSet::new(),
            asked: Vec::new(),
            shown: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        let port = served(move |mut stream| while answered(&mut stream, &shared) {});
        Self { port, state }
    }

    /// Its URL on another port, encrypted with this certificate for `localhost`.
    pub fn encrypted(&self, certificate: &Path, key: &Path) -> String {
        let chain = vec![CertificateDer::from_pem_file(certificate).unwrap()];
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::from_pem_file(key).unwrap());
        let (config, shared) = (Arc::new(config.unwrap()), Arc::clone(&self.state));
        let port = served(move |stream| {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            while answered(&mut stream, &shared) {}
        });
        format!("https://localhost:{port}/token")
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/token", self.port)
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

/// Serves every connection on a thread of its own; the port.
fn served(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            std::thread::spawn(move || serve(stream));
        }
    });
    port
}

/// Answers one request; whether another may come.
fn answered(stream: &mut (impl Read + Write), state: &Mutex<State>) -> bool {
    let mut reader = BufReader::new(&mut *stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return false;
        }
    }
    let length = head.to_ascii_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let mut state = state.lock().unwrap();
    let (status, body) = match path.split_once("access_token=") {
        Some((_, token)) => {
            state.shown.push(token.to_owned());
            if state.valid.contains(token) {
                (200, json!({ "email": USER, "expires_in": 3600 }))
            } else {
                (400, json!({ "error": "invalid_token" }))
            }
        }
        None => given(&mut state, &body),
    };
    let body = body.to_string();
    let answer = format!(
        "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).is_ok()
}

fn given(state: &mut State, body: &[u8]) -> (u16, serde_json::Value) {
    let form: BTreeMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
    state.asked.push(form.clone());
    if let Some(status) = state.broken {
        return (status, json!({}));
    }
    let is = |key: &str, value: &str| form.get(key).is_some_and(|given| given == value);
    let good = match form["grant_type"].as_str() {
        "refresh_token" => is("refresh_token", &state.refresh),
        "client_credentials" => is("scope", "mail.read"),
        _ => false,
    };
    if !good || !is("client_secret", CLIENT_SECRET) {
        let repeated = form.get("refresh_token").cloned().unwrap_or_default();
        let why = format!("The grant {repeated} of {USER} has expired or was revoked.\nTrace: 1");
        return (400, json!({ "error": "invalid_grant", "error_description": why }));
    }
    let nth = state.asked.len();
    let token = format!("access-token-{nth}");
    state.valid.insert(token.clone());
    let mut answer = json!({ "access_token": token, "token_type": "Bearer", "expires_in": state.expires_in });
    if state.rotates {
        state.refresh = format!("refresh-token-{nth}");
        answer["refresh_token"] = json!(state.refresh);
    }
    (200, answer)
}
