//! A mail server and a connection to it. Each worker owns one connection, opened for its first letter and used for the
//! next ones.
//!
//! A letter's bytes and the end mark are written at once: written one after the other, the second waits for the
//! acknowledgement of the first, 40 ms a letter, and the library's socket cannot be told not to wait (TCP_NODELAY).

use std::fmt;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::smtp_url::{SmtpUrl, Tls};
use crate::post::trouble::{Failure, Trouble};

/// Letters over one connection: many servers count them.
const LETTERS_A_CONNECTION: u32 = 50;
/// A letter of more bytes is handed over without a copy of it all.
const LARGE: usize = 1 << 18;
/// Answers about the log-in, whenever they come: the letter is not to blame.
const LOGIN_CODES: [u16; 4] = [530, 534, 535, 538];

/// A mail server as configured.
#[derive(Debug)]
pub struct Smtp {
    url: SmtpUrl,
    tls: Option<TlsParametersOf>,
    hello: ClientId,
    timeout: Duration,
}

/// TLS parameters, which have no `Debug` of their own.
struct TlsParametersOf(TlsParameters);

impl fmt::Debug for TlsParametersOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsParameters")
    }
}

impl Smtp {
    /// The server of a URL.
    ///
    /// # Errors
    /// One sentence: what is wrong with the URL, or that the system's certificates cannot be read.
    pub fn new(url: &str, timeout_seconds: u64) -> Result<Self, String> {
        let url = SmtpUrl::parse(url)?;
        let tls = match url.tls {
            Tls::Never => None,
            _ => Some(TlsParametersOf(
                TlsParameters::new(url.host.clone())
                    .map_err(|e| format!("TLS to the mail server {} cannot be set up: {e}", url.host))?,
            )),
        };
        Ok(Self { url, tls, hello: ClientId::default(), timeout: Duration::from_secs(timeout_seconds.clamp(1, 600)) })
    }

    /// Connects, encrypts, logs in and asks for a sign of life.
    ///
    /// # Errors
    /// One sentence: which server, what failed.
    pub fn check(&self) -> Result<String, String> {
        let name = format!("{}:{}", self.url.host, self.url.port);
        let mut connection = self.connect().map_err(|f| format!("the mail server {name}: {}", f.detail))?;
        if !connection.test_connected() {
            return Err(format!("the mail server {name} does not answer after the greeting"));
        }
        let encrypted = if connection.is_encrypted() { "encrypted" } else { "not encrypted" };
        let login = if self.url.login.is_some() { "logged in" } else { "without log-in" };
        let _ = connection.quit();
        Ok(format!("mail server {name}, {encrypted}, {login}"))
    }

    fn connect(&self) -> Result<SmtpConnection, Failure> {
        let unreachable = |e: SmtpError| Trouble::Unreachable.with(e.to_string());
        let tls = self.tls.as_ref().map(|tls| &tls.0);
        let wrapped = if self.url.tls == Tls::Wrapped { tls } else { None };
        let server = (self.url.host.as_str(), self.url.port);
        let mut connection =
            SmtpConnection::connect(server, Some(self.timeout), &self.hello, wrapped, None).map_err(unreachable)?;
        if let (Tls::Required | Tls::Opportunistic, Some(tls)) = (self.url.tls, tls)
            && (self.url.tls == Tls::Required || connection.can_starttls())
        {
            connection.starttls(tls, &self.hello).map_err(unreachable)?;
        }
        if let Some((name, password)) = &self.url.login {
            if !connection.is_encrypted() && !self.url.is_this_machine() {
                connection.abort();
                return Err(Trouble::Unreachable.with("the server offers no encryption: the password is not sent"));
            }
            let credentials = Credentials::new(name.clone(), password.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).map_err(unreachable)?;
        }
        Ok(connection)
    }
}

/// A worker's connection.
#[derive(Default)]
pub struct Session {
    open: Option<SmtpConnection>,
    sent: u32,
}

impl Session {
    /// Sends a letter; opens the connection when there is none.
    ///
    /// # Errors
    /// What went wrong, and with it whether another attempt may help.
    pub fn send(&mut self, smtp: &Smtp, from: &Address, to: &Address, message: &[u8]) -> Result<(), Failure> {
        if self.sent >= LETTERS_A_CONNECTION {
            self.close();
        }
        let mut open = self.begin(smtp, from)?;
        match transmit(&mut open, to, message) {
            Ok(()) => {
                self.open = Some(open);
                self.sent += 1;
                Ok(())
            }
            Err(e) => Err(end(open, &e)),
        }
    }

    /// A connection on which a letter of this sender has begun: the open one, or else a new one.
    fn begin(&mut self, smtp: &Smtp, from: &Address) -> Result<SmtpConnection, Failure> {
        let begin = || Mail::new(Some(from.clone()), Vec::new());
        if let Some(mut open) = self.open.take() {
            // It was good for the last letter but may have ended since, which is no trouble of this one.
            match open.command(begin()) {
                Ok(_) => return Ok(open),
                Err(e) if e.is_permanent() => return Err(end(open, &e)),
                Err(e) => drop(end(open, &e)),
            }
        }
        self.sent = 0;
        let mut open = smtp.connect()?;
        match open.command(begin()) {
            Ok(_) => Ok(open),
            Err(e) => Err(end(open, &e)),
        }
    }

    /// Says good-bye.
    pub fn close(&mut self) {
        if let Some(mut open) = self.open.take() {
            let _ = open.quit();
        }
        self.sent = 0;
    }
}

/// Recipient and content.
fn transmit(open: &mut SmtpConnection, to: &Address, message: &[u8]) -> Result<(), SmtpError> {
    open.command(Rcpt::new(to.clone(), Vec::new()))?;
    open.command(Data)?;
    match std::str::from_utf8(message) {
        Ok(text) if text.len() < LARGE => open.command(Whole(text))?,
        _ => open.message(message)?,
    };
    Ok(())
}

/// Ends a connection after an error, politely where the server still answers, and says what the error was.
fn end(mut open: SmtpConnection, error: &SmtpError) -> Failure {
    if error.status().is_some() {
        open.abort();
    }
    let code = error.status().map(u16::from);
    let trouble = match code {
        // Closing down, or about the log-in: true for every letter, and none is to blame.
        Some(421) => Trouble::Unreachable,
        Some(code) if LOGIN_CODES.contains(&code) => Trouble::Unreachable,
        _ if error.is_permanent() => Trouble::Refused,
        _ if error.is_transient() => Trouble::Deferred,
        _ => Trouble::BrokenOff,
    };
    trouble.with(error.to_string())
}

/// A letter with its end mark, as it goes over the wire: lines that begin with a dot get another.
struct Whole<'a>(&'a str);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.split_inclusive("\r\n") {
            if line.starts_with('.') {
                f.write_str(".")?;
            }
            f.write_str(line)?;
        }
        f.write_str(if self.0.ends_with("\r\n") { ".\r\n" } else { "\r\n.\r\n" })
    }
}

#[cfg(test)]
mod tests {
    use super::Whole;

    #[test]
    fn dots_at_the_start_of_a_line_are_doubled_and_no_line_is_added() {
        assert_eq!(Whole("a: b\r\n\r\n.\r\n..x\r\ny.\r\n").to_string(), "a: b\r\n\r\n..\r\n...x\r\ny.\r\n.\r\n");
        assert_eq!(Whole(".x").to_string(), "..x\r\n.\r\n");
    }
}
