//! Reports in plain words: qmail, Exim, Postfix without a report, Exchange, Gmail, Yahoo, Notes, and providers who write
//! Chinese. What is looked for is the same everywhere: that it is such a report, whom it is about, what the server said.

use super::super::Read;
use super::super::address::cleaned;
use super::super::header::Fields;
use super::phrases::{DELAYED, FAILED, SAID};
use crate::domain::incoming::{Bounce, ReportKind};

/// Reads a report; none when the words are not of one.
#[must_use]
pub fn read(read: &Read, fields: &Fields) -> Option<Bounce> {
    let start: String = read.text.chars().take(6_000).collect();
    let subject = read.subject.to_lowercase();
    let lower = start.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| lower.contains(word) || subject.contains(word));
    let delayed = holds(DELAYED);
    let failed_header = fields.text("x-failed-recipients").filter(|text| !text.is_empty());
    if !delayed && !holds(FAILED) && failed_header.is_none() {
        return None;
    }
    let diagnostic = said(&start);
    let code = diagnostic.as_deref().and_then(|said| told(said).or_else(|| by_words(said)).or_else(|| by_reply(said)));
    let own = code.or_else(|| by_words(&start));
    let status = if delayed {
        own.filter(|s| s.starts_with('4')).or(Some("4.0.0".to_owned()))
    } else {
        own.or(Some("5.0.0".to_owned()))
    };
    // Whatever the reason, the server says that it tries no more.
    let given_up = ["permanent error", "i've given up"].iter().any(|words| lower.contains(words));
    let permanent = !delayed && (given_up || status.as_deref().is_some_and(|status| status.starts_with('5')));
    let listed = failed_header.and_then(|text| text.split(',').find_map(cleaned));
    let recipient = listed.or_else(|| recipient(&start, read));
    let kind = if delayed { ReportKind::Delayed } else { ReportKind::Failed };
    Some(Bounce {
        kind,
        recipient,
        status,
        permanent,
        diagnostic,
        original_message_id: None,
        original_envelope_id: None,
    })
}

/// Whom a report is about: the first address in it that is neither its sender nor its reader, an address alone in its
/// line or before a colon first.
fn recipient(text: &str, read: &Read) -> Option<String> {
    let others: Vec<&str> = read.senders.iter().chain(&read.to).map(|mailbox| mailbox.address.as_str()).collect();
    let fits = |address: &String| {
        let user = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
        !others.contains(&address.as_str())
            && !matches!(user.as_str(), "postmaster" | "mailer-daemon")
            && address.contains('.')
    };
    let lines: Vec<&str> = report(text).collect();
    let alone = lines.iter().filter_map(|line| {
        let line = line.trim().trim_start_matches(['*', '-', '•', ' ']);
        let word = line.strip_suffix(':').unwrap_or(line);
        let word =
            ["to:", "recipient:", "收件人:", "收件人：", "收件者:", "收件者："].iter().fold(word, |word, label| {
                if word.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label)) {
                    word[label.len()..].trim()
                } else {
                    word
                }
            });
        // A sentence in Chinese has no spaces either.
        (word.is_ascii() && !word.contains(char::is_whitespace)).then(|| cleaned(word)).flatten()
    });
    let bracketed = lines.iter().filter(|line| line.trim_start().starts_with('<')).flat_map(|line| addresses(line));
    let anywhere = lines.iter().flat_map(|line| addresses(line));
    alone.chain(bracketed).chain(anywhere).find(fits)
}

/// The lines of the report; what follows is the letter itself.
fn report(text: &str) -> impl Iterator<Item = &str> {
    let marks = ["below this line", "this is a copy of", "original message", "unsent message", "原始郵件"];
    let own = move |line: &str| {
        let line = line.trim().to_lowercase();
        line.starts_with("---") && marks.iter().any(|mark| line.contains(mark))
            || line.starts_with("received: ")
            || line.starts_with("message-id:")
    };
    text.lines().take_while(move |line| !own(line))
}

fn addresses(line: &str) -> Vec<String> {
    let parts =
        line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '_' | '-' | '+' | '=' | '\'')));
    parts.filter(|word| word.contains('@')).filter_map(cleaned).take(5).collect()
}

/// The line in which the server gives its reason, with the line that goes on from it.
#[must_use]
pub fn said(text: &str) -> Option<String> {
    let lines: Vec<&str> = report(text).take(200).map(str::trim).collect();
    let coded = |line: &&str| told(line).is_some() || reply(line).is_some();
    let at = lines
        .iter()
        .position(coded)
        .or_else(|| lines.iter().position(|line| !line.is_empty() && by_words(line).is_some()))?;
    let mut said = lines[at].to_owned();
    if let Some(next) =
        lines.get(at + 1).filter(|next| !next.is_empty() && !next.starts_with("---") && said.len() < 120)
    {
        said.push(' ');
        said.push_str(next);
    }
    Some(said)
}

/// An enhanced status code in a text.
#[must_use]
pub fn enhanced(text: &str) -> Option<String> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    words.map(|word| word.trim_matches('.')).find_map(|word| {
        let mut parts = word.split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        let short = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        (parts.next().is_none()
            && matches!(class, "2" | "4" | "5")
            && short(subject)
            && short(detail)
            && subject.len() < 3)
            .then(|| word.to_owned())
    })
}

/// The enhanced status code of a failure in a line of plain words, where version numbers and dates look alike: it stands at
/// the beginning, behind a reply code, or behind a mark or word that announces it. Subjects end at 7 (RFC 3463).
fn told(line: &str) -> Option<String> {
    let code = enhanced(line)
        .filter(|code| !code.starts_with('2') && matches!(code.as_bytes(), [_, b'.', b'0'..=b'7', b'.', ..]))?;
    let before = line[..line.find(&code)?].trim_end().to_lowercase();
    let marks = ['#', '(', '[', '<', ':', ';', '-', '"', '\'', '：', '（'];
    let words = ["status", "code", "error", "said", "smtp", "dsn", "狀態", "代碼", "錯誤", "状态", "代码", "错误"];
    let announced = before.is_empty() || before.ends_with(marks) || words.iter().any(|word| before.ends_with(word));
    let named = before.ends_with('-') && before.trim_end_matches('-').ends_with(char::is_alphabetic);
    (reply(line).is_some() || (announced && !named)).then_some(code)
}

/// A reply code of SMTP in a line: at its beginning, or after a server's name and a mark.
fn reply(line: &str) -> Option<u16> {
    let lower = line.to_ascii_lowercase();
    let mut words = line
        .split(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '#' | '<' | '>' | '(' | ')' | ';' | ',' | '-' | '"' | '\'')
        })
        .filter(|word| !word.is_empty());
    let code = words.find_map(|word| {
        let code: u16 = word.parse().ok()?;
        (word.len() == 3 && matches!(code, 421 | 450..=455 | 500..=504 | 521 | 530 | 535 | 541 | 550..=557 | 571))
            .then_some(code)
    })?;
    let at = lower.find(&code.to_string())?;
    let before = lower[..at].trim_end();
    let marked = before.is_empty()
        || before.ends_with([':', '#', ';', '(', '"', '<', '>', '\''])
        || ["said", "error", "smtp", "code", "said:", "remote"].iter().any(|w| before.contains(w));
    marked.then_some(code)
}

/// The status that a reply code stands for when nothing closer is said.
#[must_use]
pub fn by_reply(text: &str) -> Option<String> {
    let code = reply(text)?;
    Some(match code {
        552 => "5.2.2".to_owned(),
        553 => "5.1.3".to_owned(),
        554 => "5.0.0".to_owned(),
        452 => "4.2.2".to_owned(),
        other => format!("{}.0.0", other / 100),
    })
}

/// The status that the words stand for.
fn by_words(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let (status, _) = SAID.iter().find(|(_, words)| words.iter().any(|word| lower.contains(word)))?;
    // A reply code of its own says for how long.
    let class = reply(text).map(|code| if code >= 500 { '5' } else { '4' });
    let class = class.or_else(|| status.chars().next())?;
    Some(format!("{class}{}", &status[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_and_numbers_that_are_none_are_not() {
        assert_eq!(enhanced("550 5.1.1 <a@example.org>: no"), Some("5.1.1".into()));
        assert_eq!(enhanced("at 192.0.2.1 port 25"), None);
        assert_eq!(enhanced("#5.4.6#"), Some("5.4.6".into()));
        for (line, code) in [
            ("550 5.1.1 <a@example.org>: no", Some("5.1.1")),
            ("550-5.2.1 the account is closed", Some("5.2.1")),
            ("Remote host said: 452 4.2.2 full", Some("4.2.2")),
            ("#4.4.1 (tried for five days)", Some("4.4.1")),
            ("錯誤代碼：5.1.10", Some("5.1.10")),
            ("OpenDKIM Filter v2.11.0", None),
            ("X-Spam-Checker-Version: SpamAssassin 4.0.1", None),
            ("by mx.example.org with Exim 4.94.2", None),
            ("amavisd-new-4.1.1", None),
            ("日期 5.9.26", None),
        ] {
            assert_eq!(told(line).as_deref(), code, "{line}");
        }
        assert_eq!(reply("there are 550 boats"), None);
        assert_eq!(reply("550 no such user"), Some(550));
        assert_eq!(by_words("550 mailbox full"), Some("5.2.2".into()));
        assert_eq!(by_words("信箱已滿"), Some("4.2.2".into()));
    }
}
