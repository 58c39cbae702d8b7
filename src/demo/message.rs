//! A message of the demonstration as it arrives: its bytes as a mail server hands them over, and the way every message
//! takes, into the ledger and on.

use data_encoding::BASE64;
use serde::Deserialize;

use super::story::{Arriving, Story};
use crate::acts::mail_stored::store;
use crate::app::App;
use crate::domain::delivery::LetterState;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::post::address::Thread;
use crate::post::incoming::intake;
use crate::store::cases;
use crate::store::letters::{self, LetterRow};
use crate::store::messages::{self, MessageRow};

/// The mail server that the demonstration trusts.
pub const RELAY: &str = "mx.agency.example.tw";
/// Between the parts of a message.
const BOUNDARY: &str = "=_demonstration";

/// Words of the messages that come in, of `config/demo/mail.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "config/demo/mail.toml says what each is")]
pub struct Mails {
    petition: Enclosed,
    answer: Words,
    away: Words,
    relative: Words,
    neighbour: Words,
    spam: Words,
    unrelated: Words,
    advertisement: Words,
}

impl Mails {
    /// Why the registrar puts the advertisement aside.
    #[must_use]
    pub fn put_aside(&self) -> &str {
        &self.advertisement.reason
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Enclosed {
    closing: String,
    note_name: String,
    note: String,
    film_name: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(default)]
    from_name: String,
    #[serde(default)]
    from: String,
    subject: String,
    text: String,
    #[serde(default)]
    reason: String,
}

/// What a message needs to be written.
pub struct Arrival<'a> {
    /// The application.
    pub app: &'a App,
    /// The words.
    pub words: &'a Mails,
    /// The petitioner.
    pub story: &'a Story,
    /// The case of the story, once there is one.
    pub case_id: Option<i64>,
    /// The moment.
    pub now: Moment,
    /// The how manieth message it is.
    pub number: u64,
}

impl Arrival<'_> {
    /// Lets it come in and be taken in; its line in the ledger.
    ///
    /// # Errors
    /// Of the database; `NotFound` when what it answers was never sent.
    pub fn arrive(&self, what: Arriving) -> Result<MessageRow> {
        let raw = self.written(what)?.replace('\n', "\r\n");
        let (office, reference) = (&self.app.office, format!("17580001/{}", self.number));
        let stored = store(office, &self.app.files, self.now, "imap:director", &reference, raw.as_bytes())?;
        intake::one(self.app, self.now, stored.message_id)?;
        office.store.read(|db| messages::get(db, stored.message_id))
    }

    fn written(&self, what: Arriving) -> Result<String> {
        let words = self.words;
        let mailbox = self.app.config.mail.from.as_str();
        let vouched = format!("Authentication-Results: {RELAY}; dmarc=pass\n");
        Ok(match what {
            Arriving::Petition { files } => self.petition(mailbox, &vouched, files)?,
            Arriving::Answer => {
                let letter = self.letter()?;
                let text = format!("{}{}", words.answer.text.trim(), self.quoted(mailbox, &letter));
                let more = format!("{vouched}{}", answers(&letter));
                self.plain(&more, &self.case_address()?, &words.answer, &text)?
            }
            Arriving::Away => {
                let more = format!("{vouched}Auto-Submitted: auto-replied\n{}", answers(&self.letter()?));
                self.plain(&more, mailbox, &words.away, &words.away.text)?
            }
            Arriving::Bounce => self.bounce()?,
            Arriving::Relative => {
                let more = format!("{vouched}{}", answers(&self.letter()?));
                self.plain(&more, &self.case_address()?, &words.relative, &words.relative.text)?
            }
            Arriving::Neighbour => {
                let case = self.case_id.ok_or(Error::NotFound)?;
                let case = self.app.office.store.read(|db| cases::get(db, case))?;
                let subject = words.neighbour.subject.replace("{number}", case.number());
                let words = Words { subject, ..words.neighbour.clone() };
                self.plain(&vouched, mailbox, &words, &words.text)?
            }
            Arriving::Spam => {
                self.plain(&format!("{vouched}X-Spam-Flag: YES\n"), mailbox, &words.spam, &words.spam.text)?
            }
            Arriving::Unrelated => {
                let more = format!("{vouched}Auto-Submitted: auto-replied\n");
                self.plain(&more, mailbox, &words.unrelated, &words.unrelated.text)?
            }
            Arriving::Advertisement => {
                let more = format!("Authentication-Results: {RELAY}; dmarc=none\n");
                self.plain(&more, mailbox, &words.advertisement, &words.advertisement.text)?
            }
        })
    }

    /// The head of a message; nobody's name means the petitioner's.
    fn head(&self, more: &str, (name, from): (&str, &str), to: &str, subject: &str) -> Result<String> {
        let petition = &self.story.petition;
        let (name, from) =
            if from.is_empty() { (petition.name.as_str(), petition.email.as_str()) } else { (name, from) };
        let date = self.now.to_jiff().to_zoned(self.app.office.zone.clone());
        let date = jiff::fmt::rfc2822::to_string(&date).map_err(Error::internal)?;
        let host = from.rsplit('@').next().unwrap_or_default();
        Ok(format!(
            "{more}From: {} <{from}>\nTo: <{to}>\nSubject: {}\nDate: {date}\nMessage-ID: <demonstration.{}@{host}>\n\
             MIME-Version: 1.0\n",
            encoded(name),
            encoded(subject),
            self.number
        ))
    }

    fn plain(&self, more: &str, to: &str, words: &Words, text: &str) -> Result<String> {
        let head = self.head(more, (&words.from_name, &words.from), to, &words.subject)?;
        Ok(format!("{head}{}", part(text)))
    }

    fn petition(&self, mailbox: &str, vouched: &str, files: bool) -> Result<String> {
        let (petition, enclosed) = (&self.story.petition, &self.words.petition);
        let head = self.head(vouched, ("", ""), mailbox, &petition.subject)?;
        if !files {
            return Ok(format!("{head}{}", part(&petition.body)));
        }
        let text = format!("{}\n\n{}", petition.body, enclosed.closing);
        // The beginning of a film, which is all that tells its kind.
        let film = BASE64.encode(b"RIFF\x24\x00\x00\x00AVI LIST\x10\x00\x00\x00hdrlavih");
        let note = BASE64.encode(enclosed.note.trim_start().as_bytes());
        Ok(format!(
            "{head}Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\n\n--{BOUNDARY}\n{}--{BOUNDARY}\n{}--{BOUNDARY}\n{}\
             --{BOUNDARY}--\n",
            part(&text),
            file("text/plain; charset=utf-8", &enclosed.note_name, &note),
            file("video/x-msvideo", &enclosed.film_name, &film),
        ))
    }

    /// The mail server of the petitioner returns the letter.
    fn bounce(&self) -> Result<String> {
        let (letter, email) = (self.letter()?, &self.story.petition.email);
        let host = email.rsplit('@').next().unwrap_or_default();
        let (keys, post) = (&self.app.office.keys, &self.app.post);
        let to = post.addresses().returns_to(keys, letter.id)?.unwrap_or_else(|| self.app.config.mail.from.clone());
        let from = format!("MAILER-DAEMON@mx.{host}");
        let head = self.head(
            "Return-Path: <>\n",
            ("Mail Delivery System", &from),
            &to,
            "Undelivered Mail Returned to Sender",
        )?;
        let said = "550 5.1.1 mailbox unavailable";
        Ok(format!(
            "{head}Content-Type: multipart/report; report-type=delivery-status; boundary=\"{BOUNDARY}\"\n\n--{BOUNDARY}\n{}\
             --{BOUNDARY}\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.{host}\n\n\
             Final-Recipient: rfc822; {email}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; {said}\n\n\
             --{BOUNDARY}\nContent-Type: text/rfc822-headers\n\nMessage-ID: {}\nTo: {email}\n\n--{BOUNDARY}--\n",
            part(&format!("Your message could not be delivered.\n\n<{email}>: {said}")),
            letter.message_id.as_deref().unwrap_or_default(),
        ))
    }

    /// The newest letter that the petitioner got.
    fn letter(&self) -> Result<LetterRow> {
        let case = self.case_id.ok_or(Error::NotFound)?;
        let all = self.app.office.store.read(|db| letters::of_case(db, case))?;
        all.into_iter().rfind(|l| l.party_id.is_some() && l.state == LetterState::Sent).ok_or(Error::NotFound)
    }

    /// Where answers about the case go.
    fn case_address(&self) -> Result<String> {
        let thread = Thread::Case(self.case_id.ok_or(Error::NotFound)?);
        let own = self.app.post.addresses().reply_to(&self.app.office.keys, thread)?;
        Ok(own.unwrap_or_else(|| self.app.config.mail.from.clone()))
    }

    /// What mail programs put below an answer.
    fn quoted(&self, mailbox: &str, letter: &LetterRow) -> String {
        let sent = letter.sent_at.unwrap_or(letter.created_at).to_jiff().to_zoned(self.app.office.zone.clone());
        let (sent, name) = (sent.strftime("%Y年%-m月%-d日 %H:%M"), &self.app.config.mail.from_name);
        format!("\n\n於 {sent} {name} <{mailbox}> 寫道：\n> 您好：\n> 您的陳情已經分案，由承辦單位辦理。")
    }
}

/// The lines that say which letter is answered.
fn answers(letter: &LetterRow) -> String {
    let id = letter.message_id.as_deref().unwrap_or_default();
    format!("In-Reply-To: {id}\nReferences: {id}\n")
}

/// A part of plain text.
fn part(text: &str) -> String {
    format!("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}\n", text.trim())
}

/// A file, its bytes in base 64.
fn file(media: &str, name: &str, bytes: &str) -> String {
    let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!(
        "Content-Type: {media}\nContent-Transfer-Encoding: base64\n\
         Content-Disposition: attachment; filename*=UTF-8''{name}\n\n{bytes}\n"
    )
}

/// Text for a header (RFC 2047): as it is in ASCII, in words of a line each otherwise.
fn encoded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let words = letters.chunks(12).map(|some| {
        let some: String = some.iter().collect();
        format!("=?UTF-8?B?{}?=", BASE64.encode(some.as_bytes()))
    });
    words.collect::<Vec<_>>().join("\n ")
}
