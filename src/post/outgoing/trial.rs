//! Letters that the program sends itself, to see which addresses of its own arrive. They carry the mark of our letters, so
//! that a ledger they come to ignores them.

use lettre::Address;

use super::frozen::{Frozen, message_id};
use super::message::build;
use super::smtp::Session;
use crate::config::AddressMode;
use crate::domain::letter::Locale;
use crate::domain::time::Moment;
use crate::keys::random_word;
use crate::post::Post;

/// Which form of address is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// That which answers go to in a mode.
    Answers(AddressMode),
    /// That which letters return to: the letter goes there and has it as its envelope's sender too, as letters have theirs.
    Returned,
}

/// A letter of a trial that the mail server took.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Which form of address is tried.
    pub tried: Tried,
    /// The address.
    pub to: String,
    /// Its Message-ID, with angle brackets.
    pub message_id: String,
    mark: String,
}

/// Sends one to the address of a form; `words` are its subject and its text.
///
/// # Errors
/// One sentence: why the mail server does not take it.
pub fn send_trial(post: &Post, tried: Tried, words: (&str, &str), now: Moment) -> Result<Trial, String> {
    let to = match tried {
        Tried::Answers(mode) => post.addresses.for_trial(&post.keys, mode).map(Some),
        Tried::Returned => post.addresses.for_returned_trial(&post.keys),
    };
    let to = to.map_err(|e| e.to_string())?.ok_or("letters return to the sender's own address")?;
    let address: Address = to.parse().map_err(|_| format!("{to} is no mail address: its name is too long"))?;
    let word = random_word::<10>().map_err(|e| e.to_string())?;
    let trial = Trial {
        tried,
        to,
        message_id: message_id(&format!("letter.{word}"), post.from.email.domain()),
        mark: format!("trial.{word}"),
    };
    let frozen = Frozen {
        message_id: trial.message_id.clone(),
        thread: None,
        reply_to: None,
        mark: Some(trial.mark.clone()),
        date: now,
        locale: Locale::ZhTw,
        automatic: true,
        subject: words.0.to_owned(),
        text: words.1.to_owned(),
        html: format!("<p>{}</p>", words.1.replace('\n', "<br>")),
        files: Vec::new(),
    };
    let bytes = build(&frozen, &post.from, &address, Vec::new(), post.signer())?;
    let mut session = Session::default();
    let from = if tried == Tried::Returned { &address } else { &post.from.email };
    let sent = post.transport.send(&mut session, 0, (from, &address), &bytes, now);
    session.close();
    sent.map(|()| trial).map_err(|failure| failure.detail)
}

impl Trial {
    /// Whether a message that came in, with this value of the header [`super::MARK`] and this Message-ID without brackets,
    /// is this letter: the id counts where the mark was taken off.
    #[must_use]
    pub fn is(&self, mark: Option<&str>, message_id: Option<&str>) -> bool {
        mark.is_some_and(|mark| mark.trim() == self.mark) || self.bears(message_id)
    }

    /// Whether its Message-ID came through as it was.
    #[must_use]
    pub fn bears(&self, message_id: Option<&str>) -> bool {
        message_id == Some(self.message_id.trim_matches(['<', '>']))
    }
}
