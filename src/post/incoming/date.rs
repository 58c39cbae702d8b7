//! Dates as mail has them: by the rule, by older rules, and as programs write them that know none.

use jiff::Timestamp;

use super::words;
use crate::domain::time::Moment;

/// A date as mail has it, with what mail programs make of it; none that lies outside the years of e-mail.
#[must_use]
pub fn read(value: &[u8]) -> Option<Moment> {
    let text = words::one_line(&String::from_utf8_lossy(value));
    // What is written by ISO 8601 would be cut at its dashes otherwise.
    let iso = text.parse::<Timestamp>().ok().map(Timestamp::as_second);
    let parsed = iso.or_else(|| mail_parser::DateTime::parse_rfc822(&spelled(&text)).map(|date| date.to_timestamp()));
    let seconds = parsed.filter(|seconds| (0..=7_258_118_400).contains(seconds))?;
    Timestamp::from_second(seconds).ok().map(Moment::from_jiff)
}

/// A date in the words that the parser knows: no weekday, a space between day, month and year, seconds, a zone as an
/// offset, the names of zones that Taiwan's mail has.
fn spelled(text: &str) -> String {
    let text =
        text.split_once(',').filter(|(day, _)| !day.chars().any(|c| c.is_ascii_digit())).map_or(text, |(_, rest)| rest);
    let text = text.split('(').next().unwrap_or(text);
    let mut words: Vec<String> = text.split_whitespace().map(|word| word.trim_matches([',', '"']).to_owned()).collect();
    // `2026/09/18`, `2026-09-18`.
    let numbers: Vec<u32> =
        words.first().map_or(Vec::new(), |w| w.split(['/', '-']).filter_map(|n| n.parse().ok()).collect());
    if let [year @ 1000..=9999, month @ 1..=12, day] = numbers[..] {
        let month = mail_parser::parsers::fields::date::MONTH.get(month as usize - 1).copied().unwrap_or_default();
        words.splice(0..1, [day.to_string(), month.to_owned(), year.to_string()]);
    }
    // `18-Sep-2026`, and the C library's `Fri Sep 18 09:30:00 2026`.
    if let Some(first) =
        words.first().filter(|w| w.contains('-') && w.chars().any(|c| c.is_ascii_alphabetic())).cloned()
    {
        words.splice(0..1, first.split('-').map(str::to_owned).collect::<Vec<_>>());
    }
    let is_word = |word: Option<&String>| word.is_some_and(|w| w.chars().all(|c| c.is_ascii_alphabetic()));
    if is_word(words.first()) && !is_word(words.get(1)) {
        let second = 1.min(words.len().saturating_sub(1));
        words.swap(0, second);
    } else if is_word(words.first()) && is_word(words.get(1)) {
        words.remove(0);
        if words.len() > 3 && words[2].contains(':') {
            let at = words.iter().position(|w| w.len() == 4 && w.chars().all(|c| c.is_ascii_digit()));
            if let Some(at) = at {
                let year = words.remove(at);
                words.insert(2, year);
            }
            words.swap(0, 1);
        }
    }
    if let Some(month) = words.get_mut(1).filter(|month| month.is_ascii()) {
        month.truncate(3);
    }
    if let Some(year) = words.get_mut(2).filter(|y| y.len() < 4)
        && let Ok(short) = year.parse::<u32>()
    {
        // RFC 5322, 4.3: two digits below 50 are of this century, three are counted from 1900.
        *year = (if short < 50 { short + 2000 } else { short + 1900 }).to_string();
    }
    if let Some(time) = words.get_mut(3) {
        *time = time.replace('.', ":");
        if time.matches(':').count() == 1 {
            time.push_str(":00");
        }
        // Fractions of seconds.
        if time.matches(':').count() > 2 {
            *time = time.split(':').take(3).collect::<Vec<_>>().join(":");
        }
    }
    if let Some(mark) = words.get(4).map(|w| w.to_ascii_uppercase()).filter(|w| w == "AM" || w == "PM") {
        words.remove(4);
        if let Some((hour, rest)) = words[3].split_once(':')
            && let Ok(hour) = hour.parse::<u32>()
        {
            words[3] = format!("{:02}:{rest}", hour % 12 + if mark == "PM" { 12 } else { 0 });
        }
    }
    let zone = words.get(4).map_or("", String::as_str).to_ascii_uppercase();
    let offset = match zone.as_str() {
        "" | "UT" | "UTC" | "GMT" | "Z" => "+0000".to_owned(),
        "CST" | "TST" | "HKT" | "SGT" | "PHT" | "AWST" if words.len() <= 5 => {
            // Taipei's CST; America's senders write an offset.
            "+0800".to_owned()
        }
        "JST" | "KST" => "+0900".to_owned(),
        "EST" | "CDT" => "-0500".to_owned(),
        "EDT" => "-0400".to_owned(),
        "MST" | "PDT" => "-0700".to_owned(),
        "MDT" => "-0600".to_owned(),
        "PST" => "-0800".to_owned(),
        "CET" | "BST" | "MEZ" => "+0100".to_owned(),
        "CEST" | "EET" => "+0200".to_owned(),
        zone => {
            let named = ["GMT", "UTC"].iter().find_map(|name| zone.strip_prefix(name)).unwrap_or(zone);
            let digits: String = named.chars().filter(char::is_ascii_digit).collect();
            let sign = if named.starts_with('-') { '-' } else { '+' };
            match digits.len() {
                1 | 2 => format!("{sign}{digits:0>2}00"),
                3 | 4 => format!("{sign}{digits:0>4}"),
                _ => "+0000".to_owned(),
            }
        }
    };
    words.truncate(4);
    words.push(offset);
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_mail_has_them() {
        for (text, expected) in [
            ("Fri, 18 Sep 2026 09:30:00 +0800", Some("2026-09-18T01:30:00Z")),
            ("18 Sep 26 09:30 +0800", Some("2026-09-18T01:30:00Z")),
            ("Fri, 18 Sep 126 09:30:00 +0800", Some("2026-09-18T01:30:00Z")),
            ("Fri, 18 Sep 2026 09:30:00 +0800 (CST)", Some("2026-09-18T01:30:00Z")),
            ("Fri, 18 Sep 2026 09:30:00 CST", Some("2026-09-18T01:30:00Z")),
            ("Fri, 18 Sep 2026 01:30:00 GMT", Some("2026-09-18T01:30:00Z")),
            ("Fri, 18 Sep 2026 01:30:00 -0000", Some("2026-09-18T01:30:00Z")),
            ("Fri, 18 Sep 2026 01:30:00", Some("2026-09-18T01:30:00Z")),
            ("Fri Sep 18 01:30:00 2026", Some("2026-09-18T01:30:00Z")),
            ("Fri Sep 18 09:30:00 +0800 2026", Some("2026-09-18T01:30:00Z")),
            ("18-Sep-2026 09:30:00 GMT+8", Some("2026-09-18T01:30:00Z")),
            ("18-Sep-2026 09:30:00 UTC+08:00", Some("2026-09-18T01:30:00Z")),
            ("2026-09-18T09:30:00+08:00", Some("2026-09-18T01:30:00Z")),
            ("Fri, 18 Sep 2026 9:30:00 PM +0800", Some("2026-09-18T13:30:00Z")),
            ("2026/09/18 09:30:00 +0800", Some("2026-09-18T01:30:00Z")),
            ("Friday, September 18, 2026 9:30 AM", Some("2026-09-18T09:30:00Z")),
            ("Fri, 18 Sep 2026 09:30:00 \"GMT+08:00\"", Some("2026-09-18T01:30:00Z")),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(read(text.as_bytes()).map(|at| at.to_string()).as_deref(), expected, "{text}");
        }
    }
}
