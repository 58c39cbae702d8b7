//! The mail server's URL, read strictly: `smtp://` and `smtps://`, a name and password in it percent-encoded,
//! `?tls=required` or `?tls=opportunistic`. Without encryption letters go to this machine only.

use std::net::IpAddr;

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: this machine only.
    Never,
    /// By STARTTLS when the server offers it.
    Opportunistic,
    /// By STARTTLS, or nothing is sent.
    Required,
    /// From the first byte.
    Wrapped,
}

/// A mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    /// Name or address.
    pub host: String,
    /// Port; 25, 587 (STARTTLS) or 465 (smtps) when none is given.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// Name and password.
    pub login: Option<(String, String)>,
}

impl SmtpUrl {
    /// Reads the URL.
    ///
    /// # Errors
    /// One sentence that says what is wrong with `mail.smtp.url`, without the password.
    pub fn parse(url: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("mail.smtp.url {what}");
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("must begin with smtp:// or smtps://"))?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let tls = match (scheme, query) {
            ("smtps", "") => Tls::Wrapped,
            ("smtp", "") => Tls::Never,
            ("smtp", "tls=required") => Tls::Required,
            ("smtp", "tls=opportunistic") => Tls::Opportunistic,
            ("smtp" | "smtps", _) => {
                return Err(wrong("may end in ?tls=required or ?tls=opportunistic (smtp:// only)"));
            }
            _ => return Err(wrong("must begin with smtp:// or smtps://")),
        };
        let (login, server) = match rest.rsplit_once('@') {
            Some((login, server)) => (Some(login), server),
            None => (None, rest),
        };
        let (host, port) =
            host_and_port(server.trim_end_matches('/')).ok_or_else(|| wrong("names no server and port"))?;
        let login = login.map(read_login).transpose().map_err(|e| wrong(&e))?;
        let port = port.unwrap_or(match tls {
            Tls::Never => 25,
            Tls::Opportunistic | Tls::Required => 587,
            Tls::Wrapped => 465,
        });
        let read = Self { host, port, tls, login };
        if tls == Tls::Never && !read.is_this_machine() {
            return Err(wrong(&format!(
                "would send letters to {} unencrypted: use smtps://, or add ?tls=required (plain smtp:// is for this machine only)",
                read.host
            )));
        }
        Ok(read)
    }

    /// Whether the server is this machine.
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

impl std::fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SmtpUrl({}:{}, {:?})", self.host, self.port, self.tls)
    }
}

/// `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`.
pub fn host_and_port(server: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = if let Some(rest) = server.strip_prefix('[') {
        let (host, after) = rest.split_once(']')?;
        (host, after.strip_prefix(':').or(if after.is_empty() { None } else { Some("") }))
    } else {
        server.split_once(':').map_or((server, None), |(host, port)| (host, Some(port)))
    };
    let named = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if host.is_empty() || !(named || host.parse::<IpAddr>().is_ok()) {
        return None;
    }
    match port {
        None => Some((host.to_ascii_lowercase(), None)),
        Some(port) => Some((host.to_ascii_lowercase(), Some(port.parse().ok().filter(|port| *port > 0)?))),
    }
}

fn read_login(login: &str) -> Result<(String, String), String> {
    let (name, password) = login.split_once(':').ok_or("has a name without a password")?;
    let decoded = |text| decode(text).ok_or("has a name or password that is not percent-encoded rightly");
    Ok((decoded(name)?, decoded(password)?))
}

/// `%40` is `@`.
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let (code, after) = after.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_urls() {
        let read = |url| SmtpUrl::parse(url).unwrap();
        let plain = SmtpUrl { host: "127.0.0.1".into(), port: 25, tls: Tls::Never, login: None };
        assert_eq!(read("smtp://127.0.0.1"), plain);
        assert_eq!(read("smtp://127.0.0.1:2525/").port, 2525);
        assert_eq!(read("smtp://[::1]:2525").host, "::1");
        assert_eq!(read("smtp://localhost").tls, Tls::Never);
        let url = read("smtps://me%40example.org:p%3A%25w@mail.example.org");
        assert_eq!((url.port, url.tls), (465, Tls::Wrapped));
        assert_eq!(url.login, Some(("me@example.org".into(), "p:%w".into())));
        assert!(!format!("{url:?}").contains("p:%w"));
        let url = read("smtp://mail.example.org?tls=required");
        assert_eq!((url.port, url.tls), (587, Tls::Required));
        assert_eq!(read("smtp://mail.example.org:25?tls=opportunistic").tls, Tls::Opportunistic);
    }

    #[test]
    fn wrong_and_unsafe_urls_are_one_sentence_without_the_password() {
        for (url, says) in [
            ("mail.example.org", "must begin with"),
            ("http://mail.example.org", "must begin with"),
            ("smtp://", "names no server"),
            ("smtp://127.0.0.1:0", "names no server"),
            ("smtp://127.0.0.1:99999", "names no server"),
            ("smtp://[::1]x", "names no server"),
            ("smtp://mail.example.org", "unencrypted"),
            ("smtp://me:hidden@mail.example.org", "unencrypted"),
            ("smtp://127.0.0.1.evil.example", "unencrypted"),
            ("smtp://mail.example.org?tls=none", "?tls=required"),
            ("smtps://mail.example.org?tls=opportunistic", "?tls=required"),
            ("smtps://me@mail.example.org", "without a password"),
            ("smtps://me:hidden%4@mail.example.org", "percent-encoded"),
        ] {
            let error = SmtpUrl::parse(url).unwrap_err();
            assert!(error.starts_with("mail.smtp.url ") && error.contains(says), "{url}: {error}");
            assert!(!error.contains("hidden") && !error.contains('\n'), "{error}");
        }
    }
}
