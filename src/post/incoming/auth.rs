//! What our own relay found out about the sender: `Authentication-Results` (RFC 8601), believed only from the servers in
//! `mail.incoming.trusted_relays` and only where they wrote it, above whatever the sender brought along. SPF and DKIM
//! count when their domain and that of From belong to one organisation.

use super::Read;
use super::header::Fields;
use crate::domain::incoming::Authentication;

/// One result of a header.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    method: String,
    result: String,
    properties: Vec<(String, String)>,
}

impl Outcome {
    fn domain(&self, property: &str) -> Option<&str> {
        let value = &self.properties.iter().find(|(name, _)| name == property)?.1;
        Some(value.rsplit('@').next().unwrap_or(value))
    }
}

/// What the trusted relays say.
#[must_use]
pub fn authentication(read: &Read, trusted: &[String]) -> Authentication {
    let outcomes = outcomes(&read.fields, trusted);
    if outcomes.is_empty() {
        return Authentication::Untrusted;
    }
    let [from] = read.senders.as_slice() else { return Authentication::None };
    let from = from.address.rsplit('@').next().unwrap_or_default();
    let dmarc =
        outcomes.iter().find(|o| o.method == "dmarc" && (o.domain("header.from").is_none_or(|d| aligned(d, from))));
    match dmarc.map(|o| o.result.as_str()) {
        Some("pass") => return Authentication::Pass,
        Some("fail" | "permerror") => return Authentication::Fail,
        _ => {}
    }
    let holds = outcomes.iter().any(|o| {
        let domain = match o.method.as_str() {
            "spf" => o.domain("smtp.mailfrom").or_else(|| o.domain("smtp.mail")),
            "dkim" => o.domain("header.d").or_else(|| o.domain("header.i")),
            _ => None,
        };
        o.result == "pass" && domain.is_some_and(|domain| aligned(domain, from))
    });
    if holds { Authentication::Pass } else { Authentication::None }
}

/// Whether two domains belong to one organisation (relaxed alignment, RFC 7489, 3.1).
fn aligned(one: &str, other: &str) -> bool {
    let clean = |domain: &str| domain.trim().trim_end_matches('.').to_ascii_lowercase();
    let (one, other) = (clean(one), clean(other));
    if one.is_empty() || one == other {
        return !one.is_empty();
    }
    matches!((psl::domain_str(&one), psl::domain_str(&other)), (Some(a), Some(b)) if a == b)
}

/// The results that count: those of each method from the topmost header that names it.
fn outcomes(fields: &Fields, trusted: &[String]) -> Vec<Outcome> {
    let is_trusted = |id: &str| trusted.iter().any(|name| name.trim().eq_ignore_ascii_case(id));
    let mut kept: Vec<Outcome> = Vec::new();
    for value in own_section(fields, trusted) {
        let Some((id, found)) = parse(&String::from_utf8_lossy(value)) else { continue };
        if !is_trusted(&id) {
            continue;
        }
        let known: Vec<String> = kept.iter().map(|outcome| outcome.method.clone()).collect();
        kept.extend(found.into_iter().filter(|outcome| !known.contains(&outcome.method)));
    }
    kept
}

/// The headers that our own relay wrote. A relay writes its trace on top of what it got: they stand above the line of its
/// own reception; some write them directly below it, which counts when nothing stands above.
fn own_section<'a>(fields: &'a Fields, trusted: &[String]) -> Vec<&'a [u8]> {
    let received: Vec<usize> =
        fields.0.iter().enumerate().filter(|(_, f)| f.name == "received").map(|(at, _)| at).collect();
    let by_us = |at: &&usize| {
        let line = String::from_utf8_lossy(&fields.0[**at].value).to_ascii_lowercase();
        let by =
            line.split_once(" by ").map(|(_, rest)| rest.split([' ', ';', '(']).next().unwrap_or_default().to_owned());
        by.is_some_and(|by| trusted.iter().any(|name| by == name.trim().to_ascii_lowercase()))
    };
    let ours = received.iter().find(by_us).or(received.first()).copied();
    let results = |from: usize, to: usize| -> Vec<&'a [u8]> {
        let fields = fields.0[from..to].iter().filter(|field| field.name == "authentication-results");
        fields.map(|field| field.value.as_slice()).collect()
    };
    let Some(ours) = ours else { return results(0, fields.0.len()) };
    let above = results(0, ours);
    let counts = above.iter().any(|value| {
        parse(&String::from_utf8_lossy(value))
            .is_some_and(|(id, _)| trusted.iter().any(|t| t.trim().eq_ignore_ascii_case(&id)))
    });
    if counts {
        return above;
    }
    let next = received.iter().find(|at| **at > ours).copied().unwrap_or(fields.0.len());
    // Below the reception only when that line itself is known to be our relay's.
    if received.iter().find(by_us).is_some() { results(ours, next) } else { Vec::new() }
}

/// The server's name and its results; comments are passed over.
fn parse(value: &str) -> Option<(String, Vec<Outcome>)> {
    let value = without_comments(value);
    let mut parts = split(&value).into_iter();
    let id = parts.next()?.split_whitespace().next()?.trim_matches('"').to_ascii_lowercase();
    let outcomes = parts.take(100).filter_map(|part| {
        let mut words = part.split_whitespace();
        let (method, result) = words.next()?.split_once('=')?;
        let method = method.split('/').next().unwrap_or(method).to_ascii_lowercase();
        let properties = words.filter_map(|word| {
            let (name, value) = word.split_once('=')?;
            Some((name.to_ascii_lowercase(), value.trim_matches('"').to_ascii_lowercase()))
        });
        Some(Outcome { method, result: result.to_ascii_lowercase(), properties: properties.collect() })
    });
    Some((id, outcomes.collect()))
}

/// Without comments, which nest; spaces around equals signs go.
fn without_comments(value: &str) -> String {
    let (mut out, mut depth, mut quoted, mut escaped) = (String::new(), 0usize, false, false);
    for c in value.chars() {
        if escaped {
            escaped = false;
            if depth == 0 {
                out.push(c);
            }
            continue;
        }
        match c {
            '\\' => escaped = true,
            '"' if depth == 0 => {
                quoted = !quoted;
                out.push(c);
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted && depth > 0 => {
                depth -= 1;
                out.push(' ');
            }
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    let mut tight = String::with_capacity(out.len());
    for word in out.split_whitespace() {
        if !(tight.is_empty() || word.starts_with('=') || tight.ends_with('=')) {
            tight.push(' ');
        }
        tight.push_str(word);
    }
    tight
}

/// The pieces between semicolons outside quotation marks.
fn split(value: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in value.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => {
                pieces.push(&value[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    pieces.push(&value[start..]);
    pieces
}

/// Whether a spam filter of ours calls it spam: its headers count where a relay is trusted at all.
#[must_use]
pub fn spam(fields: &Fields, trusted: &[String]) -> bool {
    if trusted.is_empty() {
        return false;
    }
    let yes = |name: &str| {
        fields.text(name).is_some_and(|value| {
            let word = value.split([',', ' ', ';']).next().unwrap_or_default().to_ascii_lowercase();
            matches!(word.as_str(), "yes" | "true" | "spam")
        })
    };
    let microsoft = fields.text("x-forefront-antispam-report").is_some_and(|value| {
        let upper = value.to_ascii_uppercase();
        ["SFV:SPM", "SFV:SKS", "SFV:SKB", "CAT:SPM", "CAT:HSPM", "CAT:PHSH", "CAT:HPHSH", "CAT:MALW"]
            .iter()
            .any(|mark| upper.contains(mark))
    });
    let level = fields.text("x-ms-exchange-organization-scl").and_then(|value| value.parse::<i32>().ok());
    yes("x-spam-flag") || yes("x-spam-status") || yes("x-spam") || microsoft || level.is_some_and(|level| level >= 5)
}

#[cfg(test)]
mod tests;
