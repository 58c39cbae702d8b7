//! A frozen letter as the bytes that travel: text and HTML side by side, with the pictures that the HTML shows, files after
//! them. The same letter to the same
//! address gives the same bytes each time, to the last boundary.
//!
//! Chinese lines are long and unbroken: the text part keeps a paragraph on one line, encoded so that no line that
//! travels is long, and each reader's program breaks it where its window ends.
//!
//! The To line holds the address alone: a name there would be one more place for a stranger's words. These letters are
//! no list mail, so they carry no List headers; those the program wrote itself say so, that no absence notice answers.

use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::message::header::{
    ContentDisposition, ContentId, ContentTransferEncoding, ContentType, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};

use super::dkim::Signer;
use super::frozen::{Frozen, FrozenFile};
use crate::letters::{Rendered, clean};

/// The header by which a letter of ours is known when it comes back or goes round in a circle; its value is read by
/// [`crate::post::address::marked`].
pub const MARK: &str = "X-Chenqing-Letter";
/// Characters of a file's name at most.
const NAME_LENGTH: usize = 120;

/// The bytes of a letter; `files` are those the frozen letter names, with their bytes.
///
/// # Errors
/// What the library says when it cannot build the message.
pub fn build(
    frozen: &Frozen,
    from: &Mailbox,
    to: &Address,
    files: Vec<(&FrozenFile, Vec<u8>)>,
    signer: Option<&Signer>,
) -> Result<Vec<u8>, String> {
    let reply_to = frozen.reply_to.as_deref().map(str::parse).transpose().map_err(|e| format!("reply address: {e}"))?;
    let mut message = Message::builder()
        .date(system_time(frozen))
        .from(from.clone())
        .reply_to(reply_to.map_or_else(|| from.clone(), |address| Mailbox::new(from.name.clone(), address)))
        .to(Mailbox::new(None, to.clone()))
        .subject(clean::line(&frozen.subject))
        .message_id(Some(frozen.message_id.clone()))
        .raw_header(raw("Content-Language", frozen.locale.code()));
    if let Some(first) = &frozen.thread {
        message = message.in_reply_to(first.clone()).references(first.clone());
    }
    if let Some(mark) = &frozen.mark {
        message = message.raw_header(raw(MARK, mark));
    }
    if frozen.automatic {
        message = message
            .raw_header(raw("Auto-Submitted", "auto-generated"))
            .raw_header(raw("X-Auto-Response-Suppress", "OOF, AutoReply"));
    }
    let (shown, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|(file, _)| file.content_id.is_some());
    let words = MultiPart::alternative()
        .boundary(format!("words{}", frozen.word()))
        .singlepart(SinglePart::plain(lines(&frozen.text)));
    let html = SinglePart::html(lines(&frozen.html));
    let words = if shown.is_empty() {
        words.singlepart(html)
    } else {
        let related = MultiPart::related().boundary(format!("shown{}", frozen.word())).singlepart(html);
        words.multipart(shown.into_iter().fold(related, |related, (file, bytes)| related.singlepart(part(file, bytes))))
    };
    let body = if files.is_empty() {
        words
    } else {
        let mixed = MultiPart::mixed().boundary(format!("mixed{}", frozen.word())).multipart(words);
        files.into_iter().fold(mixed, |mixed, (file, bytes)| mixed.singlepart(part(file, bytes)))
    };
    let mut message = message.multipart(body).map_err(|e| e.to_string())?;
    if let Some(signer) = signer {
        signer.sign(&mut message);
    }
    Ok(message.formatted())
}

/// Bytes that the words of a letter take on their way: text and HTML, encoded as [`build`] has them encoded.
pub fn travelling(words: &Rendered) -> i64 {
    let bytes: usize = [&words.text, &words.html].map(|part| Body::new(lines(part)).len()).iter().sum();
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn system_time(frozen: &Frozen) -> SystemTime {
    let seconds = u64::try_from(frozen.date.0.div_euclid(1_000_000)).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// A lone carriage return must not travel: servers differ in what they take it for.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A file always travels in base 64, so that its bytes arrive as they are, whatever they hold.
fn part(file: &FrozenFile, bytes: Vec<u8>) -> SinglePart {
    let nested = ["text/html", "multipart/", "message/"].iter().any(|kind| file.media_type.starts_with(kind));
    let plain = || ContentType::parse("application/octet-stream").unwrap_or(ContentType::TEXT_PLAIN);
    let media_type = if nested { plain() } else { ContentType::parse(&file.media_type).unwrap_or_else(|_| plain()) };
    let part = SinglePart::builder().header(media_type).header(ContentTransferEncoding::Base64);
    match &file.content_id {
        Some(id) => part
            .header(ContentDisposition::inline_with_name(&file_name(&file.name)))
            .header(ContentId::from(format!("<{id}>")))
            .body(bytes),
        None => part.header(ContentDisposition::attachment(&file_name(&file.name))).body(bytes),
    }
}

/// A name of one line without a path; what some systems read as part of a path or command becomes `_`.
fn file_name(name: &str) -> String {
    let line = clean::line(name);
    let name = line.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name
        .chars()
        .map(|c| if matches!(c, '"' | '\'' | ':' | '*' | '?' | '<' | '>' | '|' | ';') { '_' } else { c })
        .take(NAME_LENGTH)
        .collect();
    let name = name.trim_start_matches('.').trim();
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn file_names_hold_no_path_and_no_header() {
        for (name, safe) in [
            ("海域污染照片.jpg", "海域污染照片.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\x\\a\"b.txt", "a_b.txt"),
            ("a.pdf\r\nBcc: x@example.org", "a.pdf Bcc_ x@example.org"),
            (".htaccess", "htaccess"),
            ("\u{202e}", "file"),
        ] {
            assert_eq!(file_name(name), safe);
        }
    }
}
