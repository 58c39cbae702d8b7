//! What a citizen (or staff, for them) hands in, and the rules it must keep. The limits are those common among agencies'
//! mailboxes (domain page, section 4).

use serde::{Deserialize, Serialize};
use validator::{Validate, ValidationError};

use crate::codes;
use crate::domain::case::{Channel, Kind, ReplyBy};
use crate::error::{Error, FieldError, Message, Result};

codes! {
    /// Where an unconfirmed submission stands.
    SubmissionState {
        /// 待確認: the confirmation mail is out.
        Unconfirmed = "unconfirmed",
        /// Confirmed; it is a case now.
        Confirmed = "confirmed",
        /// 逾時未確認: nobody followed the link in time.
        Expired = "expired",
        /// The confirmation mail came back.
        Bounced = "bounced",
        /// Taken in by hand by the registrar, with a reason.
        Accepted = "accepted",
        /// Put aside by the registrar, with a reason.
        Dismissed = "dismissed",
    }
}

/// A petition as it is handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
pub struct Petition {
    /// Real name; empty where staff do not know it.
    #[validate(length(max = 60, message = "petition-name"))]
    pub name: String,
    /// E-mail address; empty where the channel needs none.
    pub email: String,
    /// Telephone; empty where the channel needs none.
    #[validate(length(max = 40, message = "petition-phone"), custom(function = "phone", message = "petition-phone"))]
    pub phone: String,
    /// Postal address.
    #[validate(length(max = 200, message = "petition-address"))]
    pub address: String,
    /// One line.
    #[validate(length(min = 2, max = 200, message = "petition-subject"))]
    pub subject: String,
    /// The matter.
    #[validate(length(min = 1, max = 20000, message = "petition-body"))]
    pub body: String,
    /// Which of the four kinds, as the petitioner sees it.
    pub kind: Kind,
    /// The agency's category, if they know it.
    pub category: Option<String>,
    /// Where it happened.
    #[validate(length(max = 200, message = "petition-place"))]
    pub place: String,
    /// Wishes to be kept confidential.
    pub confidential: bool,
    /// How the reply should come.
    pub reply_by: ReplyBy,
    /// `zh-TW` or `en`.
    pub locale: String,
    /// How it came in.
    pub channel: Channel,
}

impl Petition {
    /// The petition with white space tidied and control characters gone, as it is checked and stored.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        for line in
            [&mut self.name, &mut self.email, &mut self.phone, &mut self.address, &mut self.subject, &mut self.place]
        {
            *line = one_line(line);
        }
        self.body = many_lines(&self.body);
        self.category = self.category.filter(|code| !code.is_empty());
        if self.locale != "en" {
            self.locale = "zh-TW".into();
        }
        self
    }

    /// Checks a petition that the citizen hands in: e-mail (to confirm by) and telephone are needed.
    ///
    /// # Errors
    /// `Invalid` with every wrong field.
    pub fn check_public(&self) -> Result<()> {
        let mut errors = self.field_errors();
        if self.name.is_empty() {
            errors.push(FieldError::new("name", "petition-name"));
        }
        if self.email.is_empty() || !is_email(&self.email) {
            errors.push(FieldError::new("email", "petition-email"));
        }
        if self.phone.is_empty() {
            errors.push(FieldError::new("phone", "petition-phone"));
        }
        if !ReplyBy::PUBLIC.contains(&self.reply_by) {
            errors.push(FieldError::new("reply_by", "petition-reply-by"));
        }
        self.check_reply_by(&mut errors);
        verdict(errors)
    }

    /// Checks a petition that staff write down for somebody. Whoever gave neither name nor a way to be reached still has
    /// a case: it may be left unprocessed, and is registered all the same (Administrative Procedure Act 173; Directions
    /// pt 14).
    ///
    /// # Errors
    /// `Invalid` with every wrong field.
    pub fn check_by_staff(&self) -> Result<()> {
        let mut errors = self.field_errors();
        if !self.email.is_empty() && !is_email(&self.email) {
            errors.push(FieldError::new("email", "petition-email"));
        }
        if self.reply_by == ReplyBy::Email && self.email.is_empty() {
            errors.push(FieldError::new("email", "petition-email-for-reply"));
        }
        if self.reply_by == ReplyBy::Phone && self.phone.is_empty() {
            errors.push(FieldError::new("phone", "petition-phone-for-reply"));
        }
        self.check_reply_by(&mut errors);
        let unreached = [&self.email, &self.phone, &self.address].iter().all(|way| way.is_empty());
        if self.reply_by == ReplyBy::OnFile && !unreached {
            errors.push(FieldError::new("reply_by", "petition-reply-on-file"));
        }
        verdict(errors)
    }

    fn check_reply_by(&self, errors: &mut Vec<FieldError>) {
        if self.reply_by == ReplyBy::Letter && self.address.is_empty() {
            errors.push(FieldError::new("address", "petition-address-for-reply"));
        }
    }

    fn field_errors(&self) -> Vec<FieldError> {
        self.validate().err().map(|e| from_validator(&e)).unwrap_or_default()
    }
}

/// The field errors of a failed `validator` check; messages are keys of the message files.
#[must_use]
pub fn from_validator(errors: &validator::ValidationErrors) -> Vec<FieldError> {
    let mut list: Vec<FieldError> = errors
        .field_errors()
        .into_iter()
        .filter_map(|(field, errors)| {
            let key = match errors.first().and_then(|e| e.message.clone()) {
                Some(std::borrow::Cow::Borrowed(key)) => key,
                _ => "field-invalid",
            };
            FIELDS.iter().find(|f| **f == field).map(|field| FieldError { field, message: Message::new(key) })
        })
        .collect();
    list.sort_by_key(|e| FIELDS.iter().position(|f| *f == e.field));
    list
}

/// The order in which mistakes are listed: that of the form.
const FIELDS: &[&str] = &[
    "name", "email", "phone", "address", "subject", "body", "place", "result", "clarity", "speed", "attitude",
    "overall", "comment",
];

fn verdict(errors: Vec<FieldError>) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

fn phone(text: &str) -> std::result::Result<(), ValidationError> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let other = text.chars().all(|c| c.is_ascii_digit() || " +-()#,.*轉分機ext".contains(c));
    if text.is_empty() || ((6..=25).contains(&digits) && other) { Ok(()) } else { Err(ValidationError::new("phone")) }
}

/// Whether this can be an address that mail is sent to: one `@`, a dotted domain, no control or space characters.
#[must_use]
pub fn is_email(text: &str) -> bool {
    use validator::ValidateEmail;
    text.len() <= 254
        && text.is_ascii()
        && text.validate_email()
        && text.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.') && !domain.ends_with('.'))
}

/// White space folded to single spaces, control and direction-override characters removed.
#[must_use]
pub fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !hidden(*c)).collect();
    clean.split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Line ends as `\n`, trailing white space and hidden characters removed.
#[must_use]
pub fn many_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean: String = text.chars().filter(|c| *c == '\n' || *c == '\t' || !hidden(*c)).collect();
    clean.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Characters that show nothing and can mislead: controls and overrides of the writing direction.
pub(super) fn hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{200B}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn petition() -> Petition {
        Petition {
            name: "林測試".into(),
            email: "lin@example.org".into(),
            phone: "0900-000-123".into(),
            address: String::new(),
            subject: "港區照明".into(),
            body: "燈不亮。".into(),
            kind: Kind::Suggestion,
            category: None,
            place: String::new(),
            confidential: false,
            reply_by: ReplyBy::Email,
            locale: "zh-TW".into(),
            channel: Channel::Web,
        }
    }

    fn wrong(change: impl FnOnce(&mut Petition)) -> Vec<&'static str> {
        let mut p = petition();
        change(&mut p);
        match p.tidy().check_public() {
            Err(Error::Invalid(errors)) => errors.iter().map(|e| e.field).collect(),
            other => {
                assert_eq!(other, Ok(()));
                vec![]
            }
        }
    }

    #[test]
    fn each_wrong_field_is_named() {
        assert_eq!(wrong(|_| ()), [""; 0]);
        assert_eq!(wrong(|p| p.name = " \u{200B} ".into()), ["name"]);
        assert_eq!(wrong(|p| p.email = "lin@example".into()), ["email"]);
        assert_eq!(wrong(|p| p.email = "林@example.org".into()), ["email"]);
        assert_eq!(wrong(|p| p.email = "a@b.tw\nBcc: x@y.tw".into()), ["email"]);
        assert_eq!(wrong(|p| p.phone = "call me".into()), ["phone"]);
        assert_eq!(wrong(|p| p.phone = "02-0000-0000 轉 12".into()), [""; 0]);
        assert_eq!(wrong(|p| p.subject = "x".into()), ["subject"]);
        assert_eq!(wrong(|p| p.body = "\r\n \t".into()), ["body"]);
        assert_eq!(wrong(|p| p.body = "字".repeat(20_001)), ["body"]);
        assert_eq!(wrong(|p| p.reply_by = ReplyBy::Letter), ["address"]);
        assert_eq!(wrong(|p| p.reply_by = ReplyBy::Phone), ["reply_by"]);
        assert_eq!(wrong(|p| p.reply_by = ReplyBy::OnFile), ["reply_by"]);
        assert_eq!(wrong(|p| (p.name, p.email) = (String::new(), String::new())), ["name", "email"]);
    }

    #[test]
    fn staff_may_leave_the_address_out_if_the_reply_goes_by_letter() {
        let mut p = petition();
        (p.email, p.phone) = (String::new(), String::new());
        assert!(p.check_by_staff().is_err());
        (p.reply_by, p.address) = (ReplyBy::Letter, "示範市示範路 1 號".into());
        assert_eq!(p.check_by_staff(), Ok(()));
    }

    #[test]
    fn staff_enter_also_who_left_neither_name_nor_address() {
        // reply_by, e-mail, telephone, address: what is wrong.
        for (reply_by, email, phone, address, wrong) in [
            (ReplyBy::OnFile, "", "", "", &[][..]),
            (ReplyBy::OnFile, "", "02-0000-0000", "", &["reply_by"]),
            (ReplyBy::OnFile, "a@example.org", "", "", &["reply_by"]),
            (ReplyBy::OnFile, "", "", "示範市示範路 1 號", &["reply_by"]),
            (ReplyBy::Phone, "", "02-0000-0000", "", &[]),
            (ReplyBy::Phone, "", "02-0000-0000", "示範市示範路 1 號", &[]),
            (ReplyBy::Phone, "", "", "", &["phone"]),
            (ReplyBy::Phone, "", "call me", "", &["phone"]),
            (ReplyBy::Letter, "", "02-0000-0000", "", &["address"]),
            (ReplyBy::Email, "", "02-0000-0000", "", &["email"]),
        ] {
            let mut p = petition();
            (p.name, p.reply_by) = (String::new(), reply_by);
            (p.email, p.phone, p.address) = (email.into(), phone.into(), address.into());
            let found = match p.check_by_staff() {
                Err(Error::Invalid(errors)) => errors.iter().map(|e| e.field).collect(),
                other => other.map(|()| Vec::new()).unwrap(),
            };
            assert_eq!(found, wrong, "{reply_by:?} {email:?} {phone:?} {address:?}");
        }
    }

    #[test]
    fn tidying_keeps_lines_and_drops_what_misleads() {
        assert_eq!(one_line(" a\u{202E}b\r\n c "), "ab c");
        assert_eq!(many_lines("一\r\n\r\n二  \u{0007}\n"), "一\n\n二");
    }
}
