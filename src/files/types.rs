//! What a file is, told from its bytes: the short names of the configuration (`attachments.types`), and whether the name
//! it came under says the same.

/// A type of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileType {
    /// Short name, as the configuration lists it.
    pub short: &'static str,
    /// Media type.
    pub media: &'static str,
    /// The ends of names that say the same.
    pub ends: &'static [&'static str],
}

const fn of(short: &'static str, media: &'static str, ends: &'static [&'static str]) -> FileType {
    FileType { short, media, ends }
}

/// Every type this program can tell apart.
const TYPES: &[FileType] = &[
    of("pdf", "application/pdf", &["pdf"]),
    of("jpg", "image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    of("png", "image/png", &["png"]),
    of("gif", "image/gif", &["gif"]),
    of("webp", "image/webp", &["webp"]),
    of("heic", "image/heif", &["heic", "heif"]),
    of("txt", "text/plain; charset=utf-8", &["txt", "text", "log", "md"]),
    of("csv", "text/csv; charset=utf-8", &["csv"]),
    of("doc", "application/msword", &["doc"]),
    of("xls", "application/vnd.ms-excel", &["xls"]),
    of("ppt", "application/vnd.ms-powerpoint", &["ppt"]),
    of("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    of("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    of("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    of("odt", "application/vnd.oasis.opendocument.text", &["odt"]),
    of("ods", "application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    of("odp", "application/vnd.oasis.opendocument.presentation", &["odp"]),
    of("mp3", "audio/mpeg", &["mp3"]),
    of("mp4", "video/mp4", &["mp4", "m4v"]),
    of("mov", "video/quicktime", &["mov", "qt"]),
    of("zip", "application/zip", &["zip"]),
];

/// The type with a short name.
#[must_use]
pub fn named(short: &str) -> Option<FileType> {
    TYPES.iter().copied().find(|kind| kind.short == short)
}

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is this, and its name says nothing else.
    Is(FileType),
    /// Its name says something else.
    Lies,
    /// Nothing this program takes.
    Unknown,
}

/// Judges a file by its bytes and the name it came under.
#[must_use]
pub fn judge(bytes: &[u8], name: &str) -> Verdict {
    let end = ending(name).unwrap_or_default();
    let claimed = TYPES.iter().find(|kind| kind.ends.contains(&end.as_str()));
    match (told(bytes, &end), claimed) {
        (Some(kind), Some(claimed)) if kind == *claimed => Verdict::Is(kind),
        (_, Some(_)) => Verdict::Lies,
        // A script is text by its bytes; what a computer would run or show as a page is not taken under such a name.
        (Some(kind), None) if !RUNS.contains(&end.as_str()) => Verdict::Is(kind),
        (_, None) => Verdict::Unknown,
    }
}

/// Whether bytes are text throughout, in whatever encoding: a letter about a BMW begins as a picture does, but no picture
/// is without control characters. A PDF may be.
#[must_use]
pub fn is_text(bytes: &[u8]) -> bool {
    let control = |byte: &u8| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31 | 127);
    !bytes.iter().any(control) && !bytes.starts_with(b"%PDF-")
}

/// What the bytes are; the end of the name decides only between kinds of text.
fn told(bytes: &[u8], end: &str) -> Option<FileType> {
    let short = if bytes.starts_with(&OLE) {
        compound(bytes)?
    } else if let Some(text) = text(bytes, end).filter(|_| is_text(bytes)) {
        text
    } else {
        match infer::get(bytes).map(|kind| (kind.mime_type(), kind.extension())) {
            Some(("application/zip", _)) => packed(bytes),
            Some(("video/x-m4v", _)) => "mp4",
            Some(("image/heif", _)) => "heic",
            Some((media, extension)) if !media.starts_with("text/") => extension,
            _ => text(bytes, end)?,
        }
    };
    named(short)
}

/// How Word, Excel and PowerPoint files began before 2007.
const OLE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// What a compound file holds, by the names of its streams.
fn compound(bytes: &[u8]) -> Option<&'static str> {
    let streams = [("WordDocument", "doc"), ("PowerPoint Document", "ppt"), ("Workbook", "xls"), ("Book", "xls")];
    let wide = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    streams.iter().find(|(stream, _)| holds(bytes, &wide(stream))).map(|(_, short)| *short)
}

/// What a package of zipped files is, by the names in it.
fn packed(bytes: &[u8]) -> &'static str {
    // The list of names stands at the end; the mark of an open document at the very beginning.
    let list = &bytes[bytes.len().saturating_sub(256 * 1024)..];
    if holds(list, b"[Content_Types].xml") {
        for (part, short) in [(&b"word/document"[..], "docx"), (b"xl/workbook", "xlsx"), (b"ppt/presentation", "pptx")]
        {
            if holds(list, part) {
                return short;
            }
        }
    }
    let kinds = [("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp")];
    let marked = |kind: &str| {
        let mark = format!("mimetypeapplication/vnd.oasis.opendocument.{kind}");
        bytes.get(30..30 + mark.len()) == Some(mark.as_bytes())
    };
    kinds.iter().find(|(kind, _)| marked(kind)).map_or("zip", |(_, short)| short)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Text is UTF-8 without control characters. Markup and scripts are text as well: they are only ever handed out as such.
fn text(bytes: &[u8], end: &str) -> Option<&'static str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let clean = text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{C}'));
    clean.then_some(if end == "csv" { "csv" } else { "txt" })
}

/// The end of a name, in lower case.
#[must_use]
pub fn ending(name: &str) -> Option<String> {
    let (stem, end) = name.rsplit_once('.')?;
    (!stem.is_empty() && !end.is_empty()).then(|| end.to_ascii_lowercase())
}

/// Ends of names that a computer would run or show as a page.
const RUNS: &[&str] = &[
    "exe", "com", "bat", "cmd", "scr", "pif", "msi", "js", "jse", "vbs", "vbe", "ps1", "sh", "py", "jar", "lnk", "hta",
    "htm", "html", "xhtml", "svg", "svgz", "xml", "mht", "php", "url", "app", "apk", "dmg", "iso", "docm", "xlsm",
    "pptm",
];

#[cfg(test)]
mod tests;
