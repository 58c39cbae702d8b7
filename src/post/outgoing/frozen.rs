//! A letter as it was put into words the first time it was claimed. It is kept sealed in the letter's row, and every
//! attempt sends this: the same subject, text, HTML, files, date and Message-ID. The address is not part of it; it is
//! looked up at each sending.

use serde::{Deserialize, Serialize};

use crate::domain::letter::Locale;
use crate::domain::time::Moment;
use crate::store::attachments::Attachment;

/// What is frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// With its angle brackets.
    pub message_id: String,
    /// The Message-ID of the first letter about the same matter to the same reader, which this one continues.
    #[serde(default)]
    pub thread: Option<String>,
    /// Where an answer goes, when not to the sender.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// What it is known by when it comes back.
    #[serde(default)]
    pub mark: Option<String>,
    /// The moment on the letter.
    pub date: Moment,
    /// The language it is written in.
    pub locale: Locale,
    /// Written by the program, not by an officer.
    pub automatic: bool,
    /// One line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// What it carries.
    pub files: Vec<FrozenFile>,
}

/// A file that a letter carries; its bytes are in the file store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenFile {
    /// Its name in the file store.
    pub sha256: String,
    /// Its name as the reader sees it.
    pub name: String,
    /// Media type told from its bytes.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// The name by which the HTML part shows it; the file is no attachment then.
    #[serde(default)]
    pub content_id: Option<String>,
}

impl From<Attachment> for FrozenFile {
    fn from(file: Attachment) -> Self {
        Self {
            sha256: file.sha256,
            name: file.name,
            media_type: file.media_type,
            size: file.size,
            content_id: file.content_id,
        }
    }
}

impl Frozen {
    /// The random word of the Message-ID: what else must be alike at each sending is named after it.
    pub fn word(&self) -> &str {
        let id = self.message_id.trim_matches(['<', '>']);
        id.split('@').next().and_then(|left| left.split('.').nth(1)).unwrap_or("chenqing")
    }

    /// Bytes of all its files.
    pub fn size(&self) -> i64 {
        self.files.iter().map(|file| file.size).sum()
    }
}

/// The whole Message-ID of a letter, from what was fixed when it was written (`letter.word`, or the whole).
pub fn message_id(fixed: &str, domain: &str) -> String {
    if fixed.starts_with('<') { fixed.to_owned() } else { format!("<{fixed}@{domain}>") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_read_back() {
        let frozen = Frozen {
            message_id: message_id("letter.k3v9", "agency.example.tw"),
            thread: None,
            reply_to: None,
            mark: None,
            date: Moment(0),
            locale: Locale::ZhTw,
            automatic: true,
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            files: Vec::new(),
        };
        assert_eq!(frozen.message_id, "<letter.k3v9@agency.example.tw>");
        assert_eq!(message_id(&frozen.message_id, "other.example.tw"), frozen.message_id);
        assert_eq!(frozen.word(), "k3v9");
    }
}
