//! The files of a message: what they are called, what they are by their bytes, and what hides in them (winmail.dat,
//! uuencoded blocks).

use super::header::{self, Fields};
use super::tree::{Part, Tree};
use super::{limits, text, tnef, words};
use crate::files::types::is_text;
use crate::keys::sha256;

/// Characters of a name at most.
const NAME: usize = 200;

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name; never a path.
    pub name: String,
    /// Media type, by its bytes where they say it.
    pub media: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 in lower-case hex.
    pub sha256: String,
    /// `Content-ID` without brackets, for the HTML's `cid:`.
    pub content_id: Option<String>,
    /// Shown within the text.
    pub inline: bool,
}

impl Attachment {
    /// A file under a name; both are cleaned.
    #[must_use]
    pub fn new(name: &str, declared: &str, bytes: Vec<u8>, number: usize) -> Self {
        let media = media(&bytes, declared, name);
        let mut name = file_name(name);
        if name.is_empty() {
            name = format!("attachment-{number}.{}", extension(&media, &bytes));
        }
        Self { name, media, sha256: sha256(&bytes), bytes, content_id: None, inline: false }
    }
}

/// The files of the parts that are no text, and of the blocks in the text. A winmail.dat is replaced by what it holds.
pub struct Files {
    /// The files.
    pub files: Vec<Attachment>,
    /// The text of a winmail.dat.
    pub text: Option<String>,
    /// There were more, or they were too large together.
    pub cut: bool,
}

/// Reads the files among the parts.
#[must_use]
pub fn collect(bytes: &[u8], tree: &Tree, parts: &[usize], hint: Option<&str>) -> Files {
    let mut found = Files { files: Vec::new(), text: None, cut: false };
    let mut total = 0;
    for number in parts {
        let part = &tree.parts[*number];
        if found.files.len() >= limits::ATTACHMENTS || total > limits::UNPACKED {
            found.cut = true;
            break;
        }
        let data = text::decoded(bytes, part);
        total += data.len();
        let name = part_name(part, &data, hint);
        let packed = part.kind.value.ends_with("/ms-tnef")
            || part.kind.value.ends_with("/vnd.ms-tnef")
            || name.eq_ignore_ascii_case("winmail.dat");
        if packed
            && let Some(opened) = tnef::read(&data).filter(|opened| !opened.files.is_empty() || opened.text.is_some())
        {
            for (name, data) in opened.files {
                found.files.push(Attachment::new(&name, "", data, found.files.len() + 1));
            }
            found.text = found.text.take().or(opened.text);
            continue;
        }
        let mut file = Attachment::new(&name, &part.kind.value, data, found.files.len() + 1);
        file.content_id = part.fields.text("content-id").map(|id| id.trim_matches(['<', '>']).to_owned());
        file.inline =
            part.disposition.value == "inline" || (file.content_id.is_some() && part.disposition.value.is_empty());
        found.files.push(file);
    }
    found
}

fn part_name(part: &Part, data: &[u8], hint: Option<&str>) -> String {
    let given = part
        .disposition
        .get("filename", hint)
        .or_else(|| part.kind.get("name", hint))
        .or_else(|| part.disposition.get("name", hint))
        .or_else(|| part.kind.get("filename", hint))
        .or_else(|| {
            part.fields.get("content-description").filter(|d| d.contains(&b'.')).map(|d| words::decode(d, hint))
        })
        .unwrap_or_default();
    let kind = part.kind.value.as_str();
    let message = matches!(kind, "message/rfc822" | "message/global");
    if !given.is_empty() {
        return if message && !given.to_ascii_lowercase().ends_with(".eml") { format!("{given}.eml") } else { given };
    }
    match kind {
        "message/rfc822" | "message/global" => {
            let fields: Fields = header::read(data, 0, &|_| false).fields;
            let subject = fields.get("subject").map(|subject| words::decode(subject, hint)).unwrap_or_default();
            let subject: String = subject.chars().take(60).collect();
            if subject.trim().is_empty() { "message.eml".to_owned() } else { format!("{}.eml", subject.trim()) }
        }
        "message/delivery-status" | "message/global-delivery-status" => "delivery-status.txt".to_owned(),
        "text/rfc822-headers" | "message/global-headers" => "headers.txt".to_owned(),
        "message/disposition-notification" => "disposition-notification.txt".to_owned(),
        "text/calendar" => "invite.ics".to_owned(),
        "application/pgp-signature" => "signature.asc".to_owned(),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "smime.p7m".to_owned(),
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "smime.p7s".to_owned(),
        _ => String::new(),
    }
}

/// A file's name without folders and control characters, its end kept when it is too long.
#[must_use]
pub fn file_name(name: &str) -> String {
    let name = words::one_line(name);
    // Full paths of old mail programs; a lone backslash may be what is left of Big5.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String =
        name.chars().map(|c| if matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|') { '_' } else { c }).collect();
    let name = name.trim().trim_start_matches('.');
    let length = name.chars().count();
    if length <= NAME {
        return name.to_owned();
    }
    let end: String = name.rsplit_once('.').map(|(_, end)| end.chars().take(10).collect()).unwrap_or_default();
    let head: String = name.chars().take(NAME - end.chars().count() - 1).collect();
    if end.is_empty() { head } else { format!("{head}.{end}") }
}

/// The media type: what the bytes say, then what was declared, then the end of the name.
fn media(bytes: &[u8], declared: &str, name: &str) -> String {
    let vague = declared.is_empty()
        || !declared.contains('/')
        || matches!(
            declared,
            "application/octet-stream"
                | "application/x-download"
                | "application/force-download"
                | "application/unknown"
                | "application/download"
                | "application/binary"
                | "image/*"
                | "unknown/unknown"
                | "text/plain"
        );
    let sniffed = infer::get(bytes).map(|kind| kind.mime_type());
    let sniffed = sniffed.filter(|kind| !kind.starts_with("text/") && !is_text(bytes));
    match sniffed {
        // What packs others is told more closely by who packed it.
        Some("application/zip" | "application/gzip" | "application/x-ole-storage" | "application/msword") if !vague => {
            declared.to_owned()
        }
        Some(kind) if kind == "application/zip" || vague || of_own_kind(kind, declared) => by_name(kind, name),
        Some(kind) => kind.to_owned(),
        None if vague && declared != "text/plain" => {
            mime_guess::from_path(name).first_raw().unwrap_or("application/octet-stream").to_owned()
        }
        None => declared.to_owned(),
    }
}

fn of_own_kind(sniffed: &str, declared: &str) -> bool {
    sniffed.split('/').next() == declared.split('/').next()
}

/// A package is what its name says when that is a kind of package.
fn by_name(sniffed: &str, name: &str) -> String {
    let named = mime_guess::from_path(name).first_raw().unwrap_or_default();
    let package = sniffed == "application/zip"
        && (named.contains("openxmlformats") || named.contains("opendocument") || named.contains("epub"));
    if package { named.to_owned() } else { sniffed.to_owned() }
}

fn extension(media: &str, bytes: &[u8]) -> &'static str {
    match media {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "message/rfc822" => "eml",
        "image/jpeg" => "jpg",
        _ => infer::get(bytes).map_or_else(
            || mime_guess::get_mime_extensions_str(media).and_then(|ends| ends.first()).copied().unwrap_or("bin"),
            |kind| kind.extension(),
        ),
    }
}
