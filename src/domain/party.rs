//! Who a petition is from, and how names and numbers are folded so that the same person is found however they are typed.

use serde::{Deserialize, Serialize};

/// Identity of a petitioner; stands apart from the matter and sealed in the database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Real name.
    pub name: String,
    /// E-mail address, empty if none.
    pub email: String,
    /// Telephone, empty if none.
    pub phone: String,
    /// Postal address, empty if none.
    pub address: String,
}

/// What a petitioner left to be reached by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reachable {
    /// Gave an e-mail address.
    pub by_email: bool,
    /// Gave a postal address.
    pub by_post: bool,
    /// Gave a telephone number.
    pub by_phone: bool,
}

/// A name without white space, full-width forms and case; 臺 reads as 台.
#[must_use]
pub fn fold_name(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '·' | '‧' | '.' | '-'))
        .map(half_width)
        .map(|c| if c == '臺' { '台' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

/// An address in lower case without white space around it.
#[must_use]
pub fn fold_email(email: &str) -> String {
    email.trim().chars().map(half_width).flat_map(char::to_lowercase).collect()
}

/// The digits of a number as dialled inside Taiwan: `+886 2` reads as `02`; extensions after 轉, # or ext are dropped.
#[must_use]
pub fn fold_phone(phone: &str) -> String {
    let lower: String = phone.chars().map(half_width).flat_map(char::to_lowercase).collect();
    let main = lower.split(['#', '轉', '分', 'e', '*']).next().unwrap_or_default();
    let plus = main.trim_start().starts_with('+');
    let digits: String = main.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("886") {
        Some(rest) if plus => format!("0{}", rest.trim_start_matches('0')),
        _ => digits,
    }
}

/// A sender as lists show one who is not to be read in full: `林○○ <l…@example.org>`.
#[must_use]
pub fn masked(sender: &str) -> String {
    let (name, address) = match sender.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((name, address)) => (name.trim(), address),
        None if sender.contains('@') => ("", sender),
        None => (sender, ""),
    };
    let mut shown: Vec<String> = Vec::new();
    if let Some(first) = name.chars().next() {
        let rest = name.chars().count().clamp(2, 3) - 1;
        shown.push(if first.is_ascii() { format!("{first}…") } else { format!("{first}{}", "○".repeat(rest)) });
    }
    if let Some((user, domain)) = address.rsplit_once('@') {
        let first: String = user.chars().take(1).collect();
        shown.push(if shown.is_empty() { format!("{first}…@{domain}") } else { format!("<{first}…@{domain}>") });
    }
    shown.join(" ")
}

/// A text with every e-mail address in it shortened as [`masked`] does it: reports of mail servers repeat whom a letter
/// went to.
#[must_use]
pub fn without_addresses(text: &str) -> String {
    let of_user = |c: char| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let of_domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        let user = before.rfind(|c| !of_user(c)).map_or(before, |at| &before[at..]);
        let user = user.trim_start_matches(|c| !of_user(c));
        shown.push_str(&before[..before.len() - user.len()]);
        match user.chars().next().filter(|_| after.starts_with(of_domain)) {
            Some(first) => shown.extend([first, '…']),
            None => shown.push_str(user),
        }
        shown.push('@');
        rest = after;
    }
    shown + rest
}

fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_person_folds_alike() {
        for (a, b) in [("王 小明", "王小明"), ("臺大明", "台大明"), ("ＪＯＨＮ Smith", "john smith")] {
            assert_eq!(fold_name(a), fold_name(b));
        }
        for phone in ["02-0000-1234", "(02) 0000 1234 轉 56", "+886 2 0000-1234", "０２００００１２３４#7"] {
            assert_eq!(fold_phone(phone), "0200001234", "{phone}");
        }
        assert_eq!(fold_email(" Lin@Example.ORG "), "lin@example.org");
    }

    #[test]
    fn addresses_in_a_text_are_shortened_and_nothing_else() {
        for (text, shown) in [
            ("<lin.hai@example.org>: host mx.example.org said: 550", "<l…@example.org>: host mx.example.org said: 550"),
            (
                "Final-Recipient: rfc822;lin@example.org\nlin+a=b@example.org",
                "Final-Recipient: rfc822;l…@example.org\nl…@example.org",
            ),
            ("收件人：林海@example.tw，請查", "收件人：林…@example.tw，請查"),
            ("lin@a@b @ @x y@ 5 @\n", "l…@a…@b @ @x y@ 5 @\n"),
            ("沒有地址", "沒有地址"),
            ("", ""),
        ] {
            assert_eq!(without_addresses(text), shown);
        }
    }

    #[test]
    fn a_masked_sender_is_recognised_and_not_read() {
        for (sender, shown) in [
            ("林海 <lin.hai@example.org>", "林○ <l…@example.org>"),
            ("歐陽小明 <o@example.org>", "歐○○ <o…@example.org>"),
            ("Jane Doe <jane@example.org>", "J… <j…@example.org>"),
            ("jane@example.org", "j…@example.org"),
            ("林", "林○"),
            ("林 <>", "林○"),
            ("", ""),
        ] {
            assert_eq!(masked(sender), shown);
        }
    }
}
