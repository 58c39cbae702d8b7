//! The header of a message or part as it stands there: names in lower case, values as bytes without their folding.
//! Decoding comes later, where it is known what a field holds.

use super::limits;

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name in lower case.
    pub name: String,
    /// The value, unfolded, as bytes.
    pub value: Vec<u8>,
}

/// The fields of a header, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<Field>);

impl Fields {
    /// The first field of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|field| field.name == name).map(|field| field.value.as_slice())
    }

    /// Every field of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |field| field.name == name).map(|field| field.value.as_slice())
    }

    /// The first field of a name as trimmed text; what is no ASCII is replaced.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| String::from_utf8_lossy(value).trim().to_owned())
    }

    /// Whether a field is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// What reading a header found.
pub struct Head {
    /// Its fields.
    pub fields: Fields,
    /// Where the body begins.
    pub body: usize,
    /// A line that is no field stood in it.
    pub broken: bool,
    /// It was longer than what is kept.
    pub cut: bool,
}

/// Reads the header at `from`. `ends` says which lines end it besides an empty one: boundaries.
pub fn read(bytes: &[u8], from: usize, ends: &dyn Fn(&[u8]) -> bool) -> Head {
    let mut head = Head { fields: Fields::default(), body: bytes.len(), broken: false, cut: false };
    let (mut at, mut kept, mut junk) = (from, 0usize, false);
    while at < bytes.len() {
        let (line, next) = line_at(bytes, at);
        if is_end(line) {
            head.body = next;
            return head;
        }
        if ends(line) {
            head.body = at;
            return head;
        }
        if matches!(line.first(), Some(b' ' | b'\t')) {
            if let Some(field) = head.fields.0.last_mut().filter(|_| !junk) {
                if field.value.len() + line.len() < limits::FIELD {
                    field.value.push(b' ');
                    field.value.extend_from_slice(line.trim_ascii());
                } else {
                    head.cut = true;
                }
            }
        } else if let Some((name, value)) = field(line) {
            junk = false;
            kept += value.len();
            if head.fields.0.len() < limits::FIELDS && kept < limits::HEADER {
                let value = value[..value.len().min(limits::FIELD)].to_vec();
                head.fields.0.push(Field { name, value });
            } else {
                head.cut = true;
                junk = true;
            }
        } else {
            // A line that is no field: junk among fields, or a body whose empty line is missing.
            head.broken = true;
            if !fields_follow(bytes, next) {
                head.body = at;
                return head;
            }
            junk = true;
        }
        at = next;
    }
    head
}

/// Whether a line ends the header it stands in.
pub fn is_end(line: &[u8]) -> bool {
    line.len() < 3 && line.iter().all(u8::is_ascii_whitespace)
}

/// The line at an offset without its end, and where the next begins. Ends are LF and CRLF.
pub fn line_at(bytes: &[u8], at: usize) -> (&[u8], usize) {
    let rest = &bytes[at..];
    let (line, next) = match memchr::memchr(b'\n', rest) {
        Some(end) => (&rest[..end], at + end + 1),
        None => (rest, bytes.len()),
    };
    (line.strip_suffix(b"\r").unwrap_or(line), next)
}

fn field(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = line.iter().take(100).position(|b| *b == b':')?;
    let name = line[..colon].trim_ascii_end();
    let fits = !name.is_empty() && name.iter().all(|b| (33..127).contains(b));
    fits.then(|| (String::from_utf8_lossy(name).to_ascii_lowercase(), line[colon + 1..].trim_ascii()))
}

/// Whether one of the next lines, before an empty one, is a field that mail really has.
fn fields_follow(bytes: &[u8], from: usize) -> bool {
    const NAMES: &[&str] = &[
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "received",
        "reply-to",
        "return-path",
        "in-reply-to",
        "references",
        "sender",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
    ];
    let mut at = from;
    for _ in 0..30 {
        if at >= bytes.len() {
            return false;
        }
        let (line, next) = line_at(bytes, at);
        if line.is_empty() {
            return false;
        }
        if field(line).is_some_and(|(name, _)| NAMES.contains(&name.as_str()) || name.starts_with("x-")) {
            return true;
        }
        at = next;
    }
    false
}
