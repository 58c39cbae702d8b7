//! Transfer encodings, read as far as they can be: junk in base64 is passed over, quoted-printable with mistakes keeps
//! what it cannot read, uuencoded blocks are found in plain text.

/// Base64 with whatever else stands in it passed over.
#[must_use]
pub fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let (mut group, mut count) = (0u32, 0u32);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                // The end of one run; another may follow.
                rest(&mut out, group, count);
                (group, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        group = group << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            out.extend_from_slice(&group.to_be_bytes()[1..]);
            (group, count) = (0, 0);
        }
    }
    rest(&mut out, group, count);
    out
}

fn rest(out: &mut Vec<u8>, group: u32, count: u32) {
    match count {
        2 => out.push((group >> 4) as u8),
        3 => out.extend_from_slice(&((group >> 2) as u16).to_be_bytes()),
        _ => {}
    }
}

/// Base64 of a body: what a list server wrote below it in plain lines, after the padding, is no part of it.
#[must_use]
pub fn base64_body(bytes: &[u8]) -> Vec<u8> {
    let mut end = bytes.len();
    let mut at = 0;
    while at < bytes.len() {
        let (line, next) = super::header::line_at(bytes, at);
        let line = line.trim_ascii();
        // A dashed line never stands in base64 that its sender wrote.
        if line.starts_with(b"--") || line.starts_with(b"__") {
            end = at;
            break;
        }
        at = next;
        if line.ends_with(b"=") {
            let (after, _) = if at < bytes.len() { super::header::line_at(bytes, at) } else { (&b""[..], at) };
            let prose =
                after.trim_ascii().iter().any(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')));
            if prose {
                end = at;
                break;
            }
        }
    }
    base64(&bytes[..end])
}

/// Quoted-printable; what is no code stays as it stands.
#[must_use]
pub fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (line, next) = super::header::line_at(bytes, at);
        let ended = bytes.get(next.wrapping_sub(1)) == Some(&b'\n') && next > at;
        let line = line.trim_ascii_end();
        let soft = line.ends_with(b"=");
        coded(&mut out, if soft { &line[..line.len() - 1] } else { line }, b'=', false);
        if !soft && ended {
            out.push(b'\n');
        }
        at = next;
    }
    out
}

/// The `Q` of encoded words.
#[must_use]
pub fn quoted_word(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    coded(&mut out, bytes, b'=', true);
    out
}

/// Percent codes, as parameters have them.
#[must_use]
pub fn percent(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    coded(&mut out, bytes, b'%', false);
    out
}

fn coded(out: &mut Vec<u8>, bytes: &[u8], mark: u8, underscore_is_space: bool) {
    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == mark
            && let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2))
        {
            out.push((high * 16 + low) as u8);
            at += 3;
            continue;
        }
        out.push(if underscore_is_space && byte == b'_' { b' ' } else { byte });
        at += 1;
    }
}

/// A file from a uuencoded block.
pub struct Uu {
    /// The name in its first line.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The text without its uuencoded blocks, and the files in them.
#[must_use]
pub fn uuencoded(text: &str) -> (String, Vec<Uu>) {
    if !text.contains("begin ") {
        return (text.to_owned(), Vec::new());
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut kept, mut files, mut at) = (String::with_capacity(text.len()), Vec::new(), 0);
    // Once no block ends any more there is no use in looking again.
    let last_end = lines.iter().rposition(|line| line.trim() == "end");
    while at < lines.len() {
        let file = begin(lines[at]).filter(|_| last_end.is_some_and(|end| end > at)).and_then(|name| {
            let mut bytes = Vec::new();
            for (offset, line) in lines[at + 1..].iter().enumerate() {
                if line.trim() == "end" {
                    return Some((Uu { name: name.to_owned(), bytes }, at + 1 + offset + 1));
                }
                uu_line(line.trim_end_matches(['\r', '\n']), &mut bytes)?;
            }
            None
        });
        match file {
            Some((file, next)) => {
                files.push(file);
                at = next;
            }
            None => {
                kept.push_str(lines[at]);
                at += 1;
            }
        }
    }
    (kept, files)
}

/// `begin 644 name`.
fn begin(line: &str) -> Option<&str> {
    let (mode, name) = line.trim_end().strip_prefix("begin ")?.split_once(' ')?;
    ((3..=4).contains(&mode.len()) && mode.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty()).then_some(name)
}

fn uu_line(line: &str, out: &mut Vec<u8>) -> Option<()> {
    let bytes = line.as_bytes();
    let Some(first) = bytes.first() else { return Some(()) };
    if !(0x20..=0x60).contains(first) {
        return None;
    }
    // What the line does not hold is not there, whatever length it claims.
    let length = usize::from((first - 0x20) & 0x3F).min((bytes.len() - 1).div_ceil(4) * 3);
    let value = |at: usize| bytes.get(at).map_or(0, |b| b.wrapping_sub(0x20) & 0x3F);
    if bytes.len() > 90 || bytes[1..].iter().any(|b| !(0x20..=0x60).contains(b)) {
        return None;
    }
    let (mut written, mut at) = (0, 1);
    while written < length {
        let group = [0, 1, 2, 3].iter().fold(0u32, |group, n| group << 6 | u32::from(value(at + n)));
        let three = group.to_be_bytes();
        let take = (length - written).min(3);
        out.extend_from_slice(&three[1..=take]);
        written += take;
        at += 4;
    }
    Some(())
}
