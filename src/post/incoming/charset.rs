//! Bytes to text, whatever the label says. A label is believed when the bytes fit it; when they do not, or when there is
//! none, the bytes are looked at themselves: UTF-8 is unmistakable, Big5 and GBK are told apart by where their common
//! characters stand, the rest is guessed by chardetng.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};
use mail_parser::decoders::charsets::map::charset_decoder;

/// Bytes looked at to guess from.
const SAMPLE: usize = 64 * 1024;

/// Labels that say nothing of bytes above ASCII.
const VAGUE: &[&str] = &[
    "",
    "us-ascii",
    "ascii",
    "unknown-8bit",
    "x-unknown",
    "unknown",
    "default",
    "default_charset",
    "8bit",
    "7bit",
    "binary",
    "none",
    "x-user-defined",
    "ansi_x3.4-1968",
    "ansi",
];

/// The text of bytes; NUL and a byte order mark are left out.
#[must_use]
pub fn decode(bytes: &[u8], label: Option<&str>) -> String {
    let text = decoded(bytes, &label.map(cleaned).unwrap_or_default());
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.contains('\0') { text.replace('\0', "") } else { text.to_owned() }
}

/// Whether a label names an encoding that can be read.
#[must_use]
pub fn known(label: &str) -> bool {
    let label = cleaned(label);
    !VAGUE.contains(&label.as_str()) && (named(&label).is_some() || charset_decoder(label.as_bytes()).is_some())
}

/// The encoding that bytes which declare none look like, when there are enough of them to tell.
#[must_use]
pub fn looked_at(bytes: &[u8]) -> Option<&'static str> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let high = sample.iter().filter(|b| **b >= 0x80).count();
    (high >= 12 && std::str::from_utf8(sample).is_err_and(|e| e.error_len().is_some())).then(|| guess(sample).name())
}

fn cleaned(label: &str) -> String {
    let label = label.split('*').next().unwrap_or_default();
    label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '=')).to_ascii_lowercase()
}

fn decoded(bytes: &[u8], label: &str) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    let encoding = named(label);
    if bytes.is_ascii() {
        return ascii(bytes, label, encoding);
    }
    let wide = encoding == Some(UTF_16LE) || encoding == Some(UTF_16BE);
    if let Some(encoding) = encoding.filter(|_| wide) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let multi = encoding.filter(is_multi_byte);
        // A few bytes may be both; from six on it is no accident.
        let high = bytes.iter().filter(|b| **b >= 0x80).take(6).count();
        match multi.and_then(|encoding| strict(encoding, bytes)) {
            Some(other) if high < 6 => return other,
            _ => return text.to_owned(),
        }
    }
    match encoding {
        // Every byte is something in these: only believe them when the text is not dense with such bytes.
        Some(encoding) if encoding.is_single_byte() => {
            let east = dense(bytes).then(|| guess(bytes)).filter(is_multi_byte);
            let east = east.filter(|_| encoding == WINDOWS_1252).and_then(|guess| strict(guess, bytes));
            east.unwrap_or_else(|| encoding.decode_without_bom_handling(bytes).0.into_owned())
        }
        Some(encoding) if encoding != UTF_8 => {
            strict(encoding, bytes).unwrap_or_else(|| repaired(bytes, Some(encoding)))
        }
        Some(_) => repaired(bytes, Some(UTF_8)),
        None => match charset_decoder(label.as_bytes()).filter(|_| !VAGUE.contains(&label)) {
            Some(decoder) => decoder(bytes),
            None => repaired(bytes, None),
        },
    }
}

/// Encodings that write everything in seven bits.
fn ascii(bytes: &[u8], label: &str, encoding: Option<&'static Encoding>) -> String {
    let plain = || String::from_utf8_lossy(bytes).into_owned();
    if memchr::memchr(0x1B, bytes).is_some() {
        let bytes = without_idle_escapes(bytes);
        let labelled = encoding == Some(ISO_2022_JP);
        let lossy = || labelled.then(|| ISO_2022_JP.decode_without_bom_handling(&bytes).0.into_owned());
        if let Some(text) = strict(ISO_2022_JP, &bytes).or_else(lossy) {
            return text;
        }
    }
    if label.contains("utf-7") || label == "utf7" {
        return utf7(bytes);
    }
    if label.starts_with("hz") || (label.contains("gb2312") && memchr::memmem::find(bytes, b"~{").is_some()) {
        return hz(bytes);
    }
    match encoding {
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => {
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        _ => plain(),
    }
}

/// ISO-2022-JP without the escapes that another follows at once, as where two encoded words meet: decoders refuse them.
fn without_idle_escapes(bytes: &[u8]) -> Vec<u8> {
    let length = |at: usize| match bytes.get(at..at + 3) {
        Some([0x1B, b'$', b'(']) => 4,
        Some([0x1B, b'$' | b'(', _]) => 3,
        _ => 0,
    };
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let escape = length(at);
        if escape > 0 && length(at + escape) > 0 {
            at += escape;
            continue;
        }
        out.push(byte);
        at += 1;
    }
    out
}

/// UTF-7 (RFC 2152): UTF-16 in base64 between `+` and whatever is none; a `-` there only ends it, and `+-` is a plus.
fn utf7(bytes: &[u8]) -> String {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'a'..=b'z' => Some(u32::from(byte - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut out, mut at) = (String::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte != b'+' {
            out.push(char::from(byte));
            continue;
        }
        if bytes.get(at) == Some(&b'-') {
            out.push('+');
            at += 1;
            continue;
        }
        let (mut units, mut held, mut bits) = (Vec::new(), 0_u32, 0);
        while let Some(sextet) = bytes.get(at).copied().and_then(value) {
            (held, bits, at) = ((held << 6) | sextet, bits + 6, at + 1);
            if bits >= 16 {
                bits -= 16;
                units.push(u16::try_from((held >> bits) & 0xFFFF).unwrap_or_default());
                held &= (1 << bits) - 1;
            }
        }
        out.push_str(&String::from_utf16_lossy(&units));
        at += usize::from(bytes.get(at) == Some(&b'-'));
    }
    out
}

/// HZ (RFC 1843): GB 2312 between `~{` and `~}`.
fn hz(bytes: &[u8]) -> String {
    let (mut out, mut chinese, mut at) = (Vec::with_capacity(bytes.len()), false, 0);
    while let Some(&byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'~', Some(b'{')) => chinese = true,
            (b'~', Some(b'}')) => chinese = false,
            (b'~', Some(b'~')) if !chinese => out.push(b'~'),
            (b'~', Some(b'\n')) if !chinese => {}
            (first, Some(&second)) if chinese && first > 0x20 => out.extend([first | 0x80, second | 0x80]),
            _ => {
                chinese &= byte != b'\n';
                out.push(byte);
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    GB18030.decode_without_bom_handling(&out).0.into_owned()
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}

fn is_multi_byte(encoding: &&'static Encoding) -> bool {
    [BIG5, GB18030, EUC_KR, EUC_JP, SHIFT_JIS, ISO_2022_JP].contains(encoding)
}

/// More than three in ten bytes are above ASCII: no language of Latin letters writes so.
fn dense(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(SAMPLE)];
    let high = bytes.iter().filter(|b| **b >= 0x80).count();
    high * 10 > bytes.iter().filter(|b| !b.is_ascii_whitespace()).count() * 3
}

/// Text that does not fit its label: by the label when little is wrong (a character cut in two), else by its looks.
fn repaired(bytes: &[u8], label: Option<&'static Encoding>) -> String {
    let lossy = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling(bytes).0.into_owned();
        let wrong = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
        let high = text.chars().filter(|c| !c.is_ascii()).count();
        (wrong, high, text)
    };
    for encoding in label.into_iter().chain([UTF_8]) {
        let (wrong, high, text) = lossy(encoding);
        if wrong * 12 <= high || (wrong == 1 && high >= 3) {
            return text;
        }
    }
    let guess = guess(bytes);
    strict(guess, bytes).unwrap_or_else(|| lossy(guess).2)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(sample, true);
    let guess = detector.guess(Some(b"tw"), chardetng::Utf8Detection::Allow);
    let high = sample.iter().filter(|b| **b >= 0x80).count();
    let chinese = [BIG5, GB18030, encoding_rs::GBK].contains(&guess);
    let (big5, gb) = (score(bytes, BIG5), score(bytes, GB18030));
    if let Some(other) =
        [SHIFT_JIS, EUC_JP, EUC_KR].into_iter().find(|e| looks(sample, e) && strict(e, sample).is_some())
    {
        return other;
    }
    if !chinese && high >= 12 && strict(guess, sample).is_some() {
        return guess;
    }
    match (big5, gb) {
        (None, None) => guess,
        (Some(_), None) => BIG5,
        (None, Some(_)) => GB18030,
        (Some(big5), Some(gb)) if !chinese && big5 <= 0 && gb <= 0 => guess,
        (Some(big5), Some(gb)) => {
            if gb > big5 {
                GB18030
            } else {
                BIG5
            }
        }
    }
}

/// Whether the pairs of bytes are mostly those that every text of a language has: Japanese syllables, Korean ones.
fn looks(bytes: &[u8], encoding: &'static Encoding) -> bool {
    let (mut pairs, mut own, mut at) = (0, 0, 0);
    while let (Some(&lead), Some(&trail)) = (bytes.get(at), bytes.get(at + 1)) {
        if lead < 0x80 {
            at += 1;
            continue;
        }
        at += 2;
        pairs += 1;
        own += usize::from(if encoding == SHIFT_JIS {
            matches!((lead, trail), (0x82, 0x9F..=0xF1) | (0x83, 0x40..=0x96))
        } else if encoding == EUC_JP {
            matches!((lead, trail), (0xA4, 0xA1..=0xF3) | (0xA5, 0xA1..=0xF6))
        } else {
            matches!((lead, trail), (0xB0..=0xC8, 0xA1..=0xFE))
        });
    }
    let (least, of) = if encoding == EUC_KR { (95, 8) } else { (40, 4) };
    pairs >= of && own * 100 >= pairs * least
}

/// How much bytes look like an encoding's common characters; none when they do not fit it (but for a cut last one).
fn score(bytes: &[u8], encoding: &'static Encoding) -> Option<i64> {
    let bytes = &bytes[..bytes.len().min(SAMPLE)];
    let (mut score, mut pairs, mut at) = (0, 0i64, 0);
    while let Some(&lead) = bytes.get(at) {
        if lead < 0x80 {
            at += 1;
            continue;
        }
        let Some(&trail) = bytes.get(at + 1) else { break };
        at += 2;
        pairs += 1;
        score += if encoding == BIG5 {
            match (lead, trail) {
                (_, 0x00..=0x3F | 0x7F..=0xA0 | 0xFF) | (0x80 | 0xFF, _) => return None,
                (0xA4..=0xC6, _) => 2,
                (0xA1, _) => 2,
                (0xC9..=0xF9, _) => -1,
                _ => -3,
            }
        } else {
            match (lead, trail) {
                (_, 0x00..=0x2F | 0x7F | 0xFF) | (0x80 | 0xFF, _) => return None,
                (0xB0..=0xD7, 0xA1..=0xFE) => 2,
                (0xA1 | 0xA3, 0xA1..=0xFE) => 2,
                (0xD8..=0xF7, 0xA1..=0xFE) => -1,
                _ => -3,
            }
        };
    }
    (pairs > 0).then_some(score)
}

/// The encoding of a label, widened to what senders really write under it.
fn named(label: &str) -> Option<&'static Encoding> {
    Some(match label {
        vague if VAGUE.contains(&vague) => return None,
        "cp950" | "ms950" | "windows-950" | "big5-eten" | "big5eten" | "big-5" | "x-big5" | "x-x-big5"
        | "big5hkscs" | "x-windows-950" | "x-mac-chinesetrad" | "chinesebig5" | "zh_tw-big5" | "big5-2003" => BIG5,
        "cp936" | "ms936" | "windows-936" | "gb2312" | "gb_2312-80" | "gbk" | "x-gbk" | "gb18030" | "gb-18030"
        | "gb2312-80" | "x-gb2312" | "gb" | "euc-cn" | "x-euc-cn" | "chinesegb" | "zh_cn" | "x-mac-chinesesimp"
        | "gb2312_charset" => GB18030,
        "cp932" | "ms932" | "windows-932" | "sjis" | "x-sjis" | "shift-jis" | "shift_jis_1" | "x-mac-japanese" => {
            SHIFT_JIS
        }
        "cp949" | "ms949" | "uhc" | "x-windows-949" | "ks_c_5601" | "x-mac-korean" => EUC_KR,
        "iso-2022-jp-1" | "iso-2022-jp-2" | "iso-2022-jp-3" | "iso-2022-jp-ms" | "iso2022jp" | "cp50220"
        | "cp50221" => ISO_2022_JP,
        "utf8" | "utf-8-sig" | "utf-8mb4" | "utf8mb4" | "utf_8" | "unicode" | "x-utf-8" | "cp65001" | "utf-8;" => UTF_8,
        "utf-16" | "utf16" | "ucs-2" | "iso-10646-ucs-2" | "utf-16be" => UTF_16BE,
        "latin1" | "latin-1" | "iso8859-1" | "iso-8859-1" | "8859-1" | "cp1252" | "iso_8859-1" => WINDOWS_1252,
        "iso-2022-kr" | "iso-2022-cn" | "iso-2022-cn-ext" | "hz-gb-2312" | "utf-7" => return None,
        other => {
            let found = Encoding::for_label_no_replacement(other.as_bytes())?;
            if found == encoding_rs::GBK { GB18030 } else { found }
        }
    })
}
