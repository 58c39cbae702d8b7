//! The rules of joining, opening, noting and ignoring, a line each.

use super::*;

fn bounce(kind: ReportKind, permanent: bool) -> Option<Bounce> {
    Some(Bounce {
        kind,
        recipient: Some("lin@example.org".into()),
        status: None,
        permanent,
        diagnostic: None,
        original_message_id: None,
        original_envelope_id: None,
    })
}

fn signed(valid: bool) -> Option<SignedReply> {
    Some(SignedReply { case_id: 7, valid })
}

const LETTER: Known = Known::Letter { case_id: Some(7) };

#[test]
fn every_message_ends_in_one_place_with_its_reasons() {
    let facts = Facts::default;
    let pass = || Facts { authentication: Authentication::Pass, ..facts() };
    use DecisionKind::{Append, Ignored, NewSubmission, Noted, Pen};
    for (what, facts, kind, reasons) in [
        ("a stranger nobody vouches for", facts(), Pen, vec![Reason::NoTrustedRelay]),
        (
            "a stranger the relay knows nothing of",
            Facts { authentication: Authentication::None, ..facts() },
            Pen,
            vec![Reason::SenderNotAuthenticated],
        ),
        ("a stranger who is vouched for", pass(), NewSubmission, vec![Reason::SenderAuthenticated]),
        ("a forged one", Facts { authentication: Authentication::Fail, ..facts() }, Pen, vec![Reason::SenderForged]),
        (
            "everybody may",
            Facts { confirm: ConfirmPolicy::Always, ..facts() },
            NewSubmission,
            vec![Reason::EverybodyMay],
        ),
        ("nobody may", Facts { confirm: ConfirmPolicy::Never, ..pass() }, Pen, vec![Reason::NobodyMay]),
        ("nothing in it", Facts { empty: true, ..pass() }, Pen, vec![Reason::Empty]),
        ("encrypted", Facts { unreadable: true, ..pass() }, Pen, vec![Reason::Encrypted]),
        (
            "an encrypted answer",
            Facts { signed: signed(true), sender_fits: true, unreadable: true, ..facts() },
            Pen,
            vec![Reason::SignedReply, Reason::Encrypted],
        ),
        ("several senders", Facts { senders: 2, ..pass() }, Pen, vec![Reason::SeveralSenders]),
        ("no sender", Facts { senders: 0, ..pass() }, Pen, vec![Reason::NoSender]),
        ("ourselves as the sender", Facts { from_us: true, ..pass() }, Pen, vec![Reason::FromUs]),
        ("our own letter", Facts { own_loop: true, spam: true, ..pass() }, Ignored, vec![Reason::OwnLetter]),
        ("spam", Facts { spam: true, ..pass() }, DecisionKind::Spam, vec![Reason::Spam]),
        (
            "a number in the subject alone",
            Facts { number_in_subject: true, sender_fits: true, ..pass() },
            Pen,
            vec![Reason::NumberInSubject],
        ),
        (
            "a signed address",
            Facts { signed: signed(true), sender_fits: true, ..facts() },
            Append,
            vec![Reason::SignedReply, Reason::SenderFits],
        ),
        (
            "a signed address in other hands",
            Facts { signed: signed(true), ..pass() },
            Pen,
            vec![Reason::SignedReply, Reason::SenderDoesNotFit],
        ),
        (
            "a wrong signature",
            Facts { signed: signed(false), known_message: LETTER, sender_fits: true, ..pass() },
            Pen,
            vec![Reason::SignatureWrong],
        ),
        (
            "a signature nobody verified",
            Facts { signed_unverified: true, ..pass() },
            Pen,
            vec![Reason::SignatureNotVerified],
        ),
        (
            "an answer to a letter",
            Facts { known_message: LETTER, sender_fits: true, ..facts() },
            Append,
            vec![Reason::AnswersLetter, Reason::SenderFits],
        ),
        (
            "an answer by somebody else",
            Facts { known_message: LETTER, ..pass() },
            Pen,
            vec![Reason::AnswersLetter, Reason::SenderDoesNotFit],
        ),
        (
            "an answer to a letter of no case yet",
            Facts { known_message: Known::Letter { case_id: None }, sender_fits: true, ..pass() },
            Pen,
            vec![Reason::AnswersLetter, Reason::SenderFits],
        ),
        (
            "an answer by a forged sender",
            Facts { known_message: LETTER, sender_fits: true, authentication: Authentication::Fail, ..facts() },
            Pen,
            vec![Reason::SenderForged],
        ),
        (
            "an answer to somebody else's mail",
            Facts { known_message: Known::Unknown, ..pass() },
            NewSubmission,
            vec![Reason::SenderAuthenticated],
        ),
        (
            "a report on our letter",
            Facts { bounce: bounce(ReportKind::Failed, true), known_message: LETTER, report_proven: true, ..facts() },
            Noted,
            vec![Reason::DeliveryFailed, Reason::LetterKnown],
        ),
        (
            "a report on our letter that nothing proves",
            Facts { bounce: bounce(ReportKind::Failed, true), known_message: LETTER, ..facts() },
            Pen,
            vec![Reason::DeliveryFailed, Reason::ReportNotProven],
        ),
        (
            "given up for a reason that may pass",
            Facts { bounce: bounce(ReportKind::Failed, false), known_message: LETTER, report_proven: true, ..facts() },
            Noted,
            vec![Reason::DeliveryFailedForNow, Reason::LetterKnown],
        ),
        (
            "the same, and nothing proves it",
            Facts { bounce: bounce(ReportKind::Failed, false), known_message: LETTER, ..facts() },
            Pen,
            vec![Reason::DeliveryFailedForNow, Reason::ReportNotProven],
        ),
        (
            "a delay",
            Facts { bounce: bounce(ReportKind::Delayed, false), known_message: LETTER, ..facts() },
            Noted,
            vec![Reason::DeliveryDelayed, Reason::LetterKnown],
        ),
        (
            "backscatter",
            Facts { bounce: bounce(ReportKind::Failed, true), known_message: Known::Unknown, ..facts() },
            Ignored,
            vec![Reason::DeliveryFailed, Reason::Backscatter],
        ),
        (
            "a report that names no letter",
            Facts { bounce: bounce(ReportKind::Failed, false), ..facts() },
            Pen,
            vec![Reason::DeliveryFailedForNow, Reason::LetterNotNamed],
        ),
        (
            "an absence notice to our letter",
            Facts { automatic: Some(Automatic::OutOfOffice), known_message: LETTER, ..pass() },
            Noted,
            vec![Reason::Automatic, Reason::LetterKnown],
        ),
        (
            "an absence notice to a signed address",
            Facts { automatic: Some(Automatic::OutOfOffice), signed: signed(true), sender_fits: true, ..pass() },
            Noted,
            vec![Reason::Automatic, Reason::SignedReply],
        ),
        (
            "an absence notice of no concern",
            Facts { automatic: Some(Automatic::OutOfOffice), ..pass() },
            Ignored,
            vec![Reason::Automatic, Reason::AutomaticUnrelated],
        ),
        (
            "a list to us",
            Facts { automatic: Some(Automatic::List), to_us: Some(true), ..pass() },
            Pen,
            vec![Reason::Automatic, Reason::MayBePersonal],
        ),
        (
            "a list not to us",
            Facts { automatic: Some(Automatic::List), to_us: Some(false), ..pass() },
            Ignored,
            vec![Reason::Automatic, Reason::NotToUs],
        ),
    ] {
        let decision = decide(&facts);
        assert_eq!((decision.kind, decision.reasons), (kind, reasons), "{what}");
    }
}

#[test]
fn automatic_mail_never_opens_or_joins_anything_whatever_else_holds() {
    for kind in Automatic::ALL {
        for known_message in [Known::NoReference, Known::NotLookedUp, Known::Unknown, LETTER] {
            for signed in [None, signed(true), signed(false)] {
                let facts = Facts {
                    automatic: Some(*kind),
                    known_message,
                    signed,
                    sender_fits: true,
                    authentication: Authentication::Pass,
                    confirm: ConfirmPolicy::Always,
                    ..Facts::default()
                };
                let decided = decide(&facts).kind;
                assert!(!matches!(decided, DecisionKind::NewSubmission | DecisionKind::Append), "{kind} {facts:?}");
            }
        }
    }
}

#[test]
fn the_pen_is_told_which_case_is_meant() {
    let facts = Facts { known_message: LETTER, ..Facts::default() };
    assert_eq!(decide(&facts).case_id, Some(7));
    assert_eq!(decide(&Facts { senders: 2, ..facts.clone() }).case_id, Some(7));
    assert_eq!(decide(&Facts { signed: signed(false), known_message: Known::NoReference, ..facts }).case_id, None);
}
