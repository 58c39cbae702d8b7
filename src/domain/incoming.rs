//! What becomes of an incoming message, as one pure decision over the facts about it: a new submission, joined to its
//! case, noted on its letter, laid into the holding pen or that for spam, or ignored. Never two of them, and every
//! decision says its reasons.
//!
//! Strict where the message wants something: it joins a case only by a signed reply address or a known Message-ID, and
//! only when the sender fits; a case number in a subject never joins. Nothing automatic is answered or becomes a case.
//! Whatever is in doubt goes to the pen, where a person looks.

mod kinds;
mod mail;

use serde::Serialize;

pub use self::kinds::{
    Authentication, Automatic, ConfirmPolicy, DecisionKind, LeftOutWhy, MessageState, Reason, ReportKind, Sign,
};
pub use self::mail::{LeftOut, Mail};

/// A report on delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bounce {
    /// What happened.
    pub kind: ReportKind,
    /// The address the letter went to.
    pub recipient: Option<String>,
    /// Enhanced status code (RFC 3463), `5.1.1`.
    pub status: Option<String>,
    /// Sending it again is of no use.
    pub permanent: bool,
    /// What the server said, one line.
    pub diagnostic: Option<String>,
    /// Message-ID of the letter, without angle brackets.
    pub original_message_id: Option<String>,
    /// Envelope id the letter was sent with (RFC 3461).
    pub original_envelope_id: Option<String>,
}

/// The signed reply address a message was sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedReply {
    /// The case it names.
    pub case_id: i64,
    /// Its signature holds.
    pub valid: bool,
}

/// Whether the messages that this one refers to are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Known {
    /// It refers to none.
    #[default]
    NoReference,
    /// Nobody looked: there is no database.
    NotLookedUp,
    /// They are not ours.
    Unknown,
    /// A letter of ours, of this case, or of none yet.
    Letter {
        /// The case the letter is of.
        case_id: Option<i64>,
    },
}

/// What is known of a message when it is decided.
#[derive(Clone, Debug)]
pub struct Facts {
    /// It is automatic mail of this kind.
    pub automatic: Option<Automatic>,
    /// It reports on delivery.
    pub bounce: Option<Bounce>,
    /// It carries the mark of our own letters.
    pub own_loop: bool,
    /// Its From is an address of ours.
    pub from_us: bool,
    /// The signed reply address it came to.
    pub signed: Option<SignedReply>,
    /// It came to an address that looks signed, and nobody verified it: there are no keys.
    pub signed_unverified: bool,
    /// Whether what it answers, or reports on, is ours.
    pub known_message: Known,
    /// A report that a signature of ours proves to be about the letter, or whose failed recipient the letter went to.
    pub report_proven: bool,
    /// The sender is a person of the case that the address or the reference names.
    pub sender_fits: bool,
    /// What a trusted relay found out about the sender.
    pub authentication: Authentication,
    /// A trusted relay calls it spam.
    pub spam: bool,
    /// Addresses in From.
    pub senders: usize,
    /// One of our addresses is in To or Cc; `None` where it is not known which are ours.
    pub to_us: Option<bool>,
    /// Neither text nor attachment.
    pub empty: bool,
    /// It has no text but what is encrypted.
    pub unreadable: bool,
    /// A case number that checks stands in the subject.
    pub number_in_subject: bool,
    /// From whom mail may open a submission.
    pub confirm: ConfirmPolicy,
}

impl Default for Facts {
    /// An ordinary message of one sender, of whom nobody vouched.
    fn default() -> Self {
        Self {
            automatic: None,
            bounce: None,
            own_loop: false,
            from_us: false,
            signed: None,
            signed_unverified: false,
            known_message: Known::NoReference,
            report_proven: false,
            sender_fits: false,
            authentication: Authentication::Untrusted,
            spam: false,
            senders: 1,
            to_us: None,
            empty: false,
            unreadable: false,
            number_in_subject: false,
            confirm: ConfirmPolicy::Authenticated,
        }
    }
}

/// What becomes of a message, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What becomes of it.
    pub kind: DecisionKind,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// The case it joins, or that the pen suggests.
    pub case_id: Option<i64>,
}

/// Decides a message.
#[must_use]
pub fn decide(facts: &Facts) -> Decision {
    if facts.own_loop || facts.automatic == Some(Automatic::Loop) {
        return to(DecisionKind::Ignored, &[Reason::OwnLetter]);
    }
    if let Some(bounce) = &facts.bounce {
        return report(facts, bounce);
    }
    if facts.spam {
        return to(DecisionKind::Spam, &[Reason::Spam]);
    }
    if let Some(kind) = facts.automatic {
        return automatic(facts, kind);
    }
    let faults = [
        (facts.senders == 0, Reason::NoSender),
        (facts.senders > 1, Reason::SeveralSenders),
        (facts.from_us, Reason::FromUs),
        (facts.authentication == Authentication::Fail, Reason::SenderForged),
    ];
    let faults: Vec<Reason> = faults.iter().filter(|(is, _)| *is).map(|(_, reason)| *reason).collect();
    if !faults.is_empty() {
        return Decision { case_id: named_case(facts), ..to(DecisionKind::Pen, &faults) };
    }
    joined(facts).unwrap_or_else(|| opened(facts))
}

fn to(kind: DecisionKind, reasons: &[Reason]) -> Decision {
    Decision { kind, reasons: reasons.to_vec(), case_id: None }
}

/// A report is noted on its letter. Whoever had a letter before them knows its Message-ID: that it failed is believed only
/// when more proves it. For whatever reason: the server that reports a failure has given up (RFC 3464, 2.3.3). What reports on a letter that is not ours is the echo of a forged sender; one that
/// names none may be about ours all the same.
fn report(facts: &Facts, bounce: &Bounce) -> Decision {
    let what = match (bounce.kind, bounce.permanent) {
        (ReportKind::Failed, true) => Reason::DeliveryFailed,
        (ReportKind::Failed, false) => Reason::DeliveryFailedForNow,
        (ReportKind::Delayed, _) => Reason::DeliveryDelayed,
        (ReportKind::Delivered | ReportKind::Relayed | ReportKind::Expanded, _) => Reason::DeliveryDone,
    };
    let (kind, why) = match facts.known_message {
        Known::Letter { .. } if bounce.kind == ReportKind::Failed && !facts.report_proven => {
            // Joining it to the case is not what to do with it: none is suggested.
            return to(DecisionKind::Pen, &[what, Reason::ReportNotProven]);
        }
        Known::Letter { .. } => (DecisionKind::Noted, Reason::LetterKnown),
        Known::NotLookedUp => (DecisionKind::Noted, Reason::LetterNotLookedUp),
        _ if facts.spam => (DecisionKind::Spam, Reason::Spam),
        Known::Unknown => (DecisionKind::Ignored, Reason::Backscatter),
        Known::NoReference => (DecisionKind::Pen, Reason::LetterNotNamed),
    };
    Decision { case_id: named_case(facts), ..to(kind, &[what, why]) }
}

/// Automatic mail belongs to the letter it answers. Lists, mass mail and invitations may have a person behind them, or
/// come to us through a group's address: they wait where somebody sees them.
fn automatic(facts: &Facts, kind: Automatic) -> Decision {
    let personal = matches!(kind, Automatic::List | Automatic::Bulk | Automatic::Calendar);
    let signed = facts.signed.as_ref().is_some_and(|signed| signed.valid);
    let (kind, why) = match facts.known_message {
        Known::Letter { .. } => (DecisionKind::Noted, Reason::LetterKnown),
        _ if signed => (DecisionKind::Noted, Reason::SignedReply),
        Known::NotLookedUp if !personal => (DecisionKind::Noted, Reason::LetterNotLookedUp),
        _ if personal && facts.to_us == Some(false) => (DecisionKind::Ignored, Reason::NotToUs),
        _ if personal => (DecisionKind::Pen, Reason::MayBePersonal),
        _ => (DecisionKind::Ignored, Reason::AutomaticUnrelated),
    };
    Decision { case_id: named_case(facts), ..to(kind, &[Reason::Automatic, why]) }
}

/// The case that the address or the reference names.
fn named_case(facts: &Facts) -> Option<i64> {
    match (&facts.signed, facts.known_message) {
        (Some(signed), _) if signed.valid => Some(signed.case_id),
        (_, Known::Letter { case_id }) => case_id,
        _ => None,
    }
}

/// A message that says which case it belongs to: joined, or laid before a person.
fn joined(facts: &Facts) -> Option<Decision> {
    let case_id = named_case(facts);
    let by = match (&facts.signed, facts.known_message) {
        (Some(signed), _) if signed.valid => Reason::SignedReply,
        (Some(_), _) => return Some(Decision { case_id, ..to(DecisionKind::Pen, &[Reason::SignatureWrong]) }),
        (None, _) if facts.signed_unverified => return Some(to(DecisionKind::Pen, &[Reason::SignatureNotVerified])),
        (None, Known::Letter { .. }) => Reason::AnswersLetter,
        (None, _) if facts.number_in_subject => return Some(to(DecisionKind::Pen, &[Reason::NumberInSubject])),
        (None, _) => return None,
    };
    let (kind, fits) = match (facts.sender_fits, case_id) {
        (true, Some(_)) if facts.empty => (DecisionKind::Pen, Reason::Empty),
        (true, Some(_)) if facts.unreadable => (DecisionKind::Pen, Reason::Encrypted),
        (true, Some(_)) => (DecisionKind::Append, Reason::SenderFits),
        (true, None) => (DecisionKind::Pen, Reason::SenderFits),
        (false, _) => (DecisionKind::Pen, Reason::SenderDoesNotFit),
    };
    Some(Decision { case_id, ..to(kind, &[by, fits]) })
}

/// A message that belongs to nothing: it opens a submission, which answers it, only when its sender is vouched for.
fn opened(facts: &Facts) -> Decision {
    let not_looked_up = facts.known_message == Known::NotLookedUp;
    let (kind, why) = match (facts.confirm, facts.authentication) {
        _ if facts.empty => (DecisionKind::Pen, Reason::Empty),
        _ if facts.unreadable => (DecisionKind::Pen, Reason::Encrypted),
        (ConfirmPolicy::Never, _) => (DecisionKind::Pen, Reason::NobodyMay),
        (_, Authentication::Pass) => (DecisionKind::NewSubmission, Reason::SenderAuthenticated),
        (ConfirmPolicy::Always, _) => (DecisionKind::NewSubmission, Reason::EverybodyMay),
        (ConfirmPolicy::Authenticated, Authentication::Untrusted) => (DecisionKind::Pen, Reason::NoTrustedRelay),
        (ConfirmPolicy::Authenticated, _) => (DecisionKind::Pen, Reason::SenderNotAuthenticated),
    };
    let mut decision = to(kind, &[why]);
    if not_looked_up {
        decision.reasons.push(Reason::AnswerNotLookedUp);
    }
    decision
}

#[cfg(test)]
mod tests;
