//! From a message that was read to the facts it is decided by: whose addresses are ours, which relays are trusted. What
//! needs the database or the keys is laid in by whoever has them.

use super::{Read, auth};
use crate::config::{Config, MailConfirm};
use crate::domain::case_number::CaseNumber;
use crate::domain::incoming::{Automatic, ConfirmPolicy, Facts, Known};

/// Characters of a token at least; a verified one has as many as [`crate::keys::VEILED_LETTERS`].
const SHORTEST_TOKEN: usize = 12;

/// What the configuration says of incoming mail.
#[derive(Clone, Debug)]
pub struct Own {
    /// Our addresses, in lower case.
    pub addresses: Vec<String>,
    /// Whether the list of them is whole: else nobody can say that a message is not to us.
    pub all_known: bool,
    /// The domain of our Message-IDs.
    pub domain: String,
    /// Every domain that addresses of ours are in.
    pub domains: Vec<String>,
    /// Servers whose `Authentication-Results` are believed.
    pub trusted_relays: Vec<String>,
    /// From whom mail may open a submission.
    pub confirm: ConfirmPolicy,
}

impl Own {
    /// As configured.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let mail = &config.mail;
        let from = mail.from.to_lowercase();
        let domain = from.rsplit('@').next().unwrap_or_default().to_owned();
        let mut addresses: Vec<String> = mail.incoming.addresses.iter().map(|address| address.to_lowercase()).collect();
        let all_known = !addresses.is_empty();
        addresses.push(from);
        let mut domains: Vec<String> =
            addresses.iter().filter_map(|address| address.rsplit_once('@')).map(|(_, at)| at.to_owned()).collect();
        domains.extend(Some(mail.address_domain.to_lowercase()).filter(|domain| !domain.is_empty()));
        let trusted_relays = mail.incoming.trusted_relays.clone();
        let confirm = match mail.incoming.confirm {
            MailConfirm::Authenticated => ConfirmPolicy::Authenticated,
            MailConfirm::Always => ConfirmPolicy::Always,
            MailConfirm::Never => ConfirmPolicy::Never,
        };
        Self { addresses, all_known, domain, domains, trusted_relays, confirm }
    }
}

/// The facts of a message as far as it tells them. References that are not looked up, and signed addresses that are not
/// verified, are marked so.
#[must_use]
pub fn facts(read: &Read, own: &Own) -> Facts {
    let ours = |address: &str| own.addresses.iter().any(|our| our == base(address).as_str());
    let recipients = read.to.iter().chain(&read.cc).map(|mailbox| mailbox.address.as_str());
    let mut recipients = recipients.chain(read.delivered_to.iter().map(String::as_str));
    let to_us = recipients.any(ours);
    let own_loop = read.own_mark || own_id(read, &own.domain);
    let named = match &read.bounce {
        Some(bounce) => bounce.original_message_id.is_some() || bounce.original_envelope_id.is_some(),
        None => !read.in_reply_to.is_empty() || !read.references.is_empty(),
    };
    let signed = read.to.iter().chain(&read.cc).map(|mailbox| mailbox.address.as_str());
    let mut signed = signed.chain(read.delivered_to.iter().map(String::as_str));
    let signed_unverified = signed.any(|address| looks_signed(address, own));
    let named = named || (read.bounce.is_some() && signed_unverified);
    Facts {
        automatic: if own_loop { Some(Automatic::Loop) } else { read.automatic },
        bounce: read.bounce.clone(),
        own_loop,
        from_us: read.senders.iter().any(|mailbox| ours(&mailbox.address)),
        signed: None,
        signed_unverified,
        known_message: if named { Known::NotLookedUp } else { Known::NoReference },
        report_proven: false,
        sender_fits: false,
        authentication: auth::authentication(read, &own.trusted_relays),
        spam: auth::spam(&read.fields, &own.trusted_relays),
        senders: read.senders.len(),
        to_us: if to_us { Some(true) } else { own.all_known.then_some(false) },
        empty: read.text.trim().is_empty() && read.attachments.is_empty(),
        unreadable: read.encrypted && read.text.trim().is_empty(),
        number_in_subject: number_in(&read.subject).is_some(),
        confirm: own.confirm,
    }
}

/// An address without what follows a plus.
fn base(address: &str) -> String {
    let lower = address.to_lowercase();
    match lower.rsplit_once('@') {
        Some((user, domain)) => format!("{}@{domain}", user.split('+').next().unwrap_or(user)),
        None => lower,
    }
}

/// `mailbox+c.TOKEN@…`, `bounce+l.TOKEN@…`, or without what stands before the plus sign: the forms of addresses that we
/// sign ([`crate::post::address`]).
fn looks_signed(address: &str, own: &Own) -> bool {
    let Some((user, domain)) = address.rsplit_once('@') else { return false };
    let tag = user.rsplit_once('+').map_or(user, |(_, tag)| tag);
    let marked = tag.split_once('.').is_some_and(|(kind, token)| {
        ["c", "s", "l"].iter().any(|known| kind.eq_ignore_ascii_case(known))
            && token.len() >= SHORTEST_TOKEN
            && token.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    marked && own.domains.iter().any(|our| our.eq_ignore_ascii_case(domain))
}

/// A Message-ID of the form of our letters (`letter.WORD`), in our domain.
fn own_id(read: &Read, domain: &str) -> bool {
    let Some((left, right)) = read.message_id.as_deref().and_then(|id| id.rsplit_once('@')) else { return false };
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    !domain.is_empty() && right.eq_ignore_ascii_case(domain) && left.strip_prefix("letter.").is_some_and(word)
}

/// The case number in a subject, as people write it.
#[must_use]
pub fn number_in(subject: &str) -> Option<CaseNumber> {
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let runs = subject.split(|c: char| !(digit(c) || matches!(c, '-' | '－' | '–')));
    runs.filter(|run| run.chars().filter(|c| digit(*c)).count() == 11).find_map(CaseNumber::parse)
}
