//! Reports on delivery: those by the standard (RFC 3464), and the plain words of mail servers that follow none. A person
//! who forwards such a report does not report: the sender must be a mail server, or the message a report by its type.

mod phrases;
mod words;

use super::address::cleaned;
use super::header::{self, Fields};
use super::tree::Tree;
use super::{Mailbox, Read, text};
use crate::domain::incoming::{Bounce, ReportKind};
use crate::post::MARK;

/// Characters of a diagnostic at most.
const DIAGNOSTIC: usize = 500;

/// The report in a message.
#[must_use]
pub fn find(bytes: &[u8], tree: &Tree, read: &Read, fields: &Fields) -> Option<Bounce> {
    let by_type = read.report_type == "delivery-status";
    let system = system_sender(read) || read.return_path.as_deref() == Some("") || fields.has("x-failed-recipients");
    if !by_type && !system {
        return None;
    }
    let returned = returned(bytes, tree);
    let mut bounce = delivery_status(bytes, tree).or_else(|| words::read(read, fields))?;
    let text = read.text.as_str();
    let id_of = |fields: &Fields| fields.get("message-id").and_then(|id| super::ids(id).into_iter().next());
    bounce.original_message_id = returned.as_ref().and_then(id_of).or_else(|| id_in_text(text));
    bounce.original_message_id = bounce.original_message_id.or_else(|| read.in_reply_to.first().cloned());
    let to = |fields: &Fields| super::address::list(fields.get("to").unwrap_or_default(), None).into_iter().next();
    bounce.recipient =
        bounce.recipient.or_else(|| verp(fields)).or_else(|| returned.as_ref().and_then(to).map(|m| m.address));
    if bounce.diagnostic.is_none() {
        bounce.diagnostic = words::said(text);
    }
    bounce.diagnostic = bounce.diagnostic.map(|said| super::words::one_line(&said).chars().take(DIAGNOSTIC).collect());
    Some(bounce)
}

/// The mark of our own letters in the letter that comes back: it stays when a relay rewrote the Message-ID.
#[must_use]
pub fn returned_mark(bytes: &[u8], tree: &Tree) -> Option<String> {
    returned(bytes, tree)?.text(&MARK.to_ascii_lowercase())
}

/// Whether a mail server itself seems to be the sender.
#[must_use]
pub fn system_sender(read: &Read) -> bool {
    const NAMES: &[&str] = &[
        "mail delivery subsystem",
        "mail delivery system",
        "mail administrator",
        "郵件傳遞系統",
        "邮件系统",
        "郵件系統管理員",
    ];
    let named = |mailbox: &Mailbox| NAMES.contains(&mailbox.name.to_lowercase().as_str());
    daemon(read) || read.senders.iter().chain(&read.sender).any(|mailbox| named(mailbox) || is_daemon(mailbox))
}

/// Whether it is one beyond doubt: by the address that it writes from, not by a name or by who handed the message in.
#[must_use]
pub fn daemon(read: &Read) -> bool {
    read.senders.iter().any(is_daemon) || (read.senders.is_empty() && read.return_path.as_deref() == Some(""))
}

fn is_daemon(mailbox: &Mailbox) -> bool {
    const USERS: &[&str] = &[
        "mailer-daemon",
        "mailerdaemon",
        "mail-daemon",
        "maildaemon",
        "mdaemon",
        "postmaster",
        "mailer_daemon",
        "bounce",
        "bounces",
    ];
    let user = mailbox.address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    USERS.contains(&user.as_str())
}

/// The report by the standard: the first recipient that failed, else the first that waits, else the first.
fn delivery_status(bytes: &[u8], tree: &Tree) -> Option<Bounce> {
    let part = tree.parts.iter().find(|part| {
        matches!(part.kind.value.as_str(), "message/delivery-status" | "message/global-delivery-status")
    })?;
    let data = text::decoded(bytes, part);
    let blocks = blocks(&data);
    let field = |block: &Fields, name: &str| block.text(name).filter(|text| !text.is_empty());
    let envelope = blocks.iter().find_map(|block| field(block, "original-envelope-id"));
    let mut recipients: Vec<Bounce> = blocks
        .iter()
        .filter(|b| ["final-recipient", "original-recipient", "action", "status"].iter().any(|name| b.has(name)))
        .map(|block| {
            let typed = |name: &str| field(block, name).and_then(|text| recipient(&text));
            let diagnostic = field(block, "diagnostic-code").map(|text| after_type(&text).to_owned());
            let code = |text: &str| words::enhanced(text);
            let status = field(block, "status").and_then(|text| code(&text));
            let status =
                status.or_else(|| diagnostic.as_deref().and_then(|text| code(text).or_else(|| words::by_reply(text))));
            let action = field(block, "action").unwrap_or_default().to_ascii_lowercase();
            let action = action.split([' ', ';', '(']).next().unwrap_or_default();
            let kind = ReportKind::parse(action).unwrap_or(match status.as_deref().and_then(|s| s.chars().next()) {
                Some('2') => ReportKind::Delivered,
                _ => ReportKind::Failed,
            });
            let class = status.as_deref().and_then(|s| s.chars().next());
            let permanent = kind == ReportKind::Failed && class != Some('4');
            let recipient = typed("original-recipient").or_else(|| typed("final-recipient"));
            Bounce {
                kind,
                recipient,
                status,
                permanent,
                diagnostic,
                original_message_id: None,
                original_envelope_id: envelope.clone(),
            }
        })
        .collect();
    let first = |kind| recipients.iter().position(|bounce: &Bounce| bounce.kind == kind);
    let chosen = first(ReportKind::Failed).or_else(|| first(ReportKind::Delayed)).unwrap_or(0);
    (chosen < recipients.len()).then(|| recipients.swap_remove(chosen))
}

/// Blocks of fields parted by empty lines.
fn blocks(data: &[u8]) -> Vec<Fields> {
    let (mut blocks, mut at) = (Vec::new(), 0);
    while at < data.len() && blocks.len() < 1_000 {
        let head = header::read(data, at, &|_| false);
        if !head.fields.0.is_empty() {
            blocks.push(head.fields);
        }
        let (_, next) = header::line_at(data, at);
        at = head.body.max(next);
    }
    blocks
}

/// `rfc822; user@example.org`; the address may be in xtext (RFC 3461).
fn recipient(text: &str) -> Option<String> {
    let address = after_type(text);
    cleaned(address).or_else(|| cleaned(&xtext(address)))
}

fn after_type(text: &str) -> &str {
    match text.split_once(';') {
        Some((kind, rest)) if kind.len() < 20 && !kind.contains('@') => rest.trim(),
        _ => text.trim(),
    }
}

fn xtext(text: &str) -> String {
    let bytes = super::transfer::percent(text.replace('+', "%").as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The header of the letter that comes back with the report.
fn returned(bytes: &[u8], tree: &Tree) -> Option<Fields> {
    let kinds =
        ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/rfc822-headers"];
    let part = tree.parts.iter().find(|part| kinds.contains(&part.kind.value.as_str()))?;
    let data = text::decoded(bytes, part);
    let start = data.len() - data.trim_ascii_start().len();
    Some(header::read(&data, start, &|_| false).fields)
}

/// The Message-ID that stands in a text as a line of a header.
fn id_in_text(text: &str) -> Option<String> {
    let mut lines = text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t', '|']));
    while let Some(line) = lines.next() {
        if line.get(..11).is_some_and(|name| name.eq_ignore_ascii_case("message-id:")) {
            let value = if line[11..].trim().is_empty() { lines.next().unwrap_or_default() } else { &line[11..] };
            return super::ids(value.as_bytes()).into_iter().next();
        }
    }
    None
}

/// The recipient in the envelope's own address: `bounces+user=example.org@…`.
fn verp(fields: &Fields) -> Option<String> {
    ["delivered-to", "x-original-to", "to"].iter().find_map(|name| {
        let to = super::address::list(fields.get(name)?, None).into_iter().next()?.address;
        let (user, _) = to.rsplit_once('@')?;
        let (_, tag) = user.split_once(['+', '-'])?;
        let (user, domain) = tag.rsplit_once('=')?;
        domain.contains('.').then(|| cleaned(&format!("{user}@{domain}"))).flatten()
    })
}
