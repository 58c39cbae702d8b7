//! What of a message stays in the database once it was read: who wrote, about what, the words within the limits of a
//! petition. The whole message stays as it came, in its file.

use serde::{Deserialize, Serialize};

use super::{Automatic, Bounce, LeftOutWhy};
use crate::domain::case::{Channel, Kind, ReplyBy};
use crate::domain::submission::{Petition, is_email, many_lines, one_line};

/// Characters of a petition's matter, and of a supplement, at most.
const LONGEST: usize = 20_000;
/// Characters of a subject, and of a name, at most.
const SUBJECT: usize = 200;
const NAME: usize = 60;

/// A message as it is taken in.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// The sender's address.
    pub from: Option<String>,
    /// The sender's name; empty when there is none.
    pub from_name: String,
    /// Subject, one line.
    pub subject: String,
    /// The whole text.
    pub text: String,
    /// Message-ID without brackets.
    pub header_id: Option<String>,
    /// It is automatic mail of this kind.
    pub automatic: Option<Automatic>,
    /// It reports on delivery.
    pub bounce: Option<Bounce>,
    /// Its files that the case does not take over.
    pub left_out: Vec<LeftOut>,
}

/// A file of a message that its case does not take over; it stays in the original.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Name as the sender gave it.
    pub name: String,
    /// Why.
    pub why: LeftOutWhy,
}

impl Mail {
    /// The sender as lists show them.
    #[must_use]
    pub fn sender(&self) -> String {
        let (name, address) = (one_line(&self.from_name), self.from.as_deref().map(one_line).unwrap_or_default());
        match (name.is_empty(), address.is_empty()) {
            (false, false) => format!("{name} <{address}>"),
            (false, true) => name,
            (true, _) => address,
        }
    }

    /// The language to answer in: Chinese when there is any in it.
    #[must_use]
    pub fn locale(&self) -> &'static str {
        let han = |c: char| matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}');
        let words = || self.subject.chars().chain(self.text.chars());
        // Neither: what the agency writes.
        if words().any(han) || !words().any(char::is_alphabetic) { "zh-TW" } else { "en" }
    }

    /// Whether its sender can be written to.
    #[must_use]
    pub fn can_be_answered(&self) -> bool {
        self.from.as_deref().is_some_and(is_email)
    }

    /// The text within the limits of a petition; what is missing, or that nothing was written, stands in it, in the
    /// sender's language like everything around it.
    #[must_use]
    pub fn body(&self) -> String {
        let english = self.locale() == "en";
        let text = many_lines(&self.text);
        if text.is_empty() {
            return if english { "(The message has no text.)" } else { "（來信沒有文字。）" }.to_owned();
        }
        if text.chars().count() <= LONGEST {
            return text;
        }
        let rest = if english {
            "… (The whole text stands in the original message.)"
        } else {
            "……（全文請見原始來信。）"
        };
        let kept: String = text.chars().take(LONGEST - 100).collect();
        format!("{kept}{rest}")
    }

    /// The petition it makes. Kind, category and the rest are for the registrar to set.
    #[must_use]
    pub fn petition(&self) -> Petition {
        let locale = self.locale();
        let subject: String = one_line(&self.subject).chars().take(SUBJECT).collect();
        let none = if locale == "en" { "(no subject)" } else { "（無主旨）" };
        let email = self.from.clone().filter(|address| is_email(address)).unwrap_or_default();
        Petition {
            name: one_line(&self.from_name).chars().take(NAME).collect(),
            phone: String::new(),
            address: String::new(),
            subject: if subject.chars().count() < 2 { format!("{none}{subject}") } else { subject },
            body: self.body(),
            kind: Kind::Suggestion,
            category: None,
            place: String::new(),
            confidential: false,
            reply_by: if email.is_empty() { ReplyBy::OnFile } else { ReplyBy::Email },
            email,
            locale: locale.to_owned(),
            channel: Channel::Email,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(subject: &str, text: &str) -> Mail {
        let from = Some("lin@example.org".to_owned());
        Mail { from, from_name: "林海".into(), subject: subject.into(), text: text.into(), ..Mail::default() }
    }

    #[test]
    fn what_is_missing_or_too_long_still_makes_a_petition() {
        for (subject, text) in [
            ("", ""),
            ("x", "\0\u{202e}"),
            ("港", "燈不亮。"),
            (&"長".repeat(5000), &"很長的信。\n".repeat(20_000)),
            ("Lights", "No light."),
        ] {
            let petition = mail(subject, text).petition();
            assert_eq!(petition.check_by_staff(), Ok(()), "{subject:.10}");
            assert_eq!(petition.clone().tidy(), petition);
            assert!(!petition.body.contains('\0'));
        }
        assert!(mail("長", &"字".repeat(30_000)).body().ends_with("……（全文請見原始來信。）"));
    }

    #[test]
    fn the_language_is_the_writer_s() {
        for (text, locale) in [("燈不亮", "zh-TW"), ("No light", "en"), ("123", "zh-TW"), ("Hi 您好", "zh-TW")] {
            assert_eq!(mail("", text).locale(), locale, "{text}");
        }
    }

    #[test]
    fn who_has_no_address_is_answered_on_file() {
        let petition = Mail { from: None, ..mail("港", "燈不亮。") }.petition();
        assert_eq!((petition.reply_by, petition.check_by_staff()), (ReplyBy::OnFile, Ok(())));
        assert!(!Mail { from: Some("林@海".into()), ..mail("", "") }.can_be_answered());
    }
}
