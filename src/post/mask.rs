//! What a mail server says, made fit to be stored and shown: servers like to repeat the address they refuse.

use crate::letters::clean;

/// Characters of a stored detail at most.
const LENGTH: usize = 300;
/// A name this short is no name to look for: it would blank out ordinary words.
const SHORT: usize = 4;

/// One line without e-mail addresses, and without the recipient's name before the @ when it stands alone.
#[must_use]
pub fn mask(text: &str, address: &str) -> String {
    let line = clean::line(text);
    let mut masked: Vec<String> = Vec::new();
    for word in line.split(' ') {
        masked.push(if word.contains('@') || word.to_ascii_lowercase().contains("%40") {
            mask_word(word)
        } else {
            word.to_owned()
        });
    }
    let mut masked = masked.join(" ");
    let (user, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    for part in [user, domain] {
        if part.len() >= SHORT {
            masked = without(&masked, part);
        }
    }
    masked.chars().take(LENGTH).collect()
}

/// The address in a word goes, the brackets and punctuation around it stay.
fn mask_word(word: &str) -> String {
    let around = |c: char| matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\'' | ',' | ';' | ':');
    let head: String = word.chars().take_while(|c| around(*c)).collect();
    let tail: Vec<char> = word.chars().rev().take_while(|c| around(*c)).collect();
    format!("{head}…@…{}", tail.into_iter().rev().collect::<String>())
}

/// Every occurrence of `part` replaced, however it is cased.
fn without(text: &str, part: &str) -> String {
    let (lower, part) = (text.to_ascii_lowercase(), part.to_ascii_lowercase());
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for (found, _) in lower.match_indices(&part) {
        kept.push_str(&text[at..found]);
        kept.push('…');
        at = found + part.len();
    }
    kept.push_str(&text[at..]);
    kept
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn no_address_is_left() {
        let address = "Lin.Hai@mail.example.org";
        for said in [
            "550 5.1.1 <lin.hai@mail.example.org>: Recipient address rejected: User unknown",
            "550 user lin.hai unknown at MAIL.EXAMPLE.ORG",
            "550 see https://help.example/?to=lin.hai%40mail.example.org",
            "550 \"Lin.Hai\"@mail.example.org\r\n550 other@example.tw",
        ] {
            let masked = mask(said, address).to_lowercase();
            for part in ["lin.hai", "mail.example.org", "other", "example.tw"] {
                assert!(!masked.contains(part), "{masked}");
            }
            assert!(masked.starts_with("550 "), "{masked}");
        }
    }

    #[test]
    fn the_rest_stays_and_is_one_short_line() {
        assert_eq!(mask("451 4.7.1 try\r\n later", "a@example.org"), "451 4.7.1 try later");
        assert_eq!(mask("<x@y.tw>: no", ""), "<…@…>: no");
        assert_eq!(mask(&"長".repeat(1000), "").chars().count(), 300);
    }
}
