//! PostgreSQL on another machine: a build without the feature `postgres-tls` has no TLS for it, and petitions must not cross
//! a network in the clear because somebody took the wrong build.

/// Whether this build speaks TLS with PostgreSQL.
pub const HAS_TLS: bool = cfg!(feature = "postgres-tls");

/// Refuses a URL that a build without TLS could only serve in the clear, unless it says `sslmode=disable` itself.
///
/// # Errors
/// One sentence that says what to do.
pub fn allowed(url: &str, has_tls: bool) -> Result<(), String> {
    let asked = parameter(url, "sslmode").or_else(|| std::env::var("PGSSLMODE").ok());
    match asked.as_deref() {
        _ if has_tls => Ok(()),
        Some("disable") => Ok(()),
        Some(mode @ ("require" | "verify-ca" | "verify-full")) => Err(format!(
            "database.url asks for sslmode={mode}, and this build has no TLS for PostgreSQL: build with \
             `--features postgres-tls`"
        )),
        _ if hosts(url).iter().all(|host| is_here(host)) => Ok(()),
        _ => {
            Err("database.url names another machine, and this build has no TLS for PostgreSQL: build with `--features \
                  postgres-tls`, or say sslmode=disable if nobody can listen on the way"
                .into())
        }
    }
}

fn hosts(url: &str) -> Vec<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    // As libpq reads it: everything before an @ that no slash precedes is user and password.
    let named = match rest.find(['@', '/']) {
        Some(at) if rest[at..].starts_with('@') => &rest[at + 1..],
        _ => rest,
    };
    let named = named.split(['/', '?']).next().unwrap_or_default();
    let without_port = |host: &str| match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default().to_owned(),
        None => host.split(':').next().unwrap_or_default().to_owned(),
    };
    let parameters = ["host", "hostaddr"].into_iter().filter_map(|name| parameter(url, name));
    let given = parameters.flat_map(|list| list.split(',').map(ToOwned::to_owned).collect::<Vec<_>>());
    named.split(',').map(without_port).chain(given).collect()
}

/// A parameter of the URL's query.
fn parameter(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
}

/// This machine: a socket, or an address that leads back.
fn is_here(host: &str) -> bool {
    let socket = host.is_empty() || host.starts_with('/') || host.to_ascii_lowercase().starts_with("%2f");
    let loopback = || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    socket || host == "localhost" || loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_without_tls() {
        for (url, plain) in [
            ("postgres:///chenqing", true),
            ("postgres://me@localhost/chenqing", true),
            ("postgres://me:p%40ss@127.0.0.1:5432/chenqing", true),
            ("postgres://me@[::1]:5432/chenqing", true),
            ("postgres://me:se?cret@127.0.0.1:5432/chenqing", true),
            ("postgres://me:se?cret@10.0.0.5/chenqing", false),
            ("postgres://%2Fvar%2Frun%2Fpostgresql/chenqing", true),
            ("postgres:///chenqing?host=/var/run/postgresql", true),
            ("postgres://me@db.agency.example/chenqing", false),
            ("postgres://me@10.0.0.5/chenqing", false),
            ("postgres://me@localhost,10.0.0.5/chenqing", false),
            ("postgres:///chenqing?host=db.agency.example", false),
            ("postgres://localhost/chenqing?hostaddr=10.0.0.5", false),
            ("postgres://me@db.agency.example/chenqing?sslmode=prefer", false),
            ("postgres://me@db.agency.example/chenqing?sslmode=disable", true),
            ("postgres://me@localhost/chenqing?sslmode=require", false),
        ] {
            assert_eq!(allowed(url, false).is_ok(), plain, "{url}");
            assert_eq!(allowed(url, true), Ok(()), "{url}");
        }
    }
}
