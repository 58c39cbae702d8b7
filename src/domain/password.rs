//! What a password of staff must be (security baseline): long, or shorter but mixed; and not built on the user name.

use crate::error::{Error, FieldError, Message, Result};

/// Characters that are enough by themselves.
pub const LONG: usize = 12;
/// Characters that are enough with three kinds of them.
pub const SHORT: usize = 8;
/// The most: hashing a book would keep the server busy.
const LONGEST: usize = 200;
/// Kinds of characters that a short one needs.
const KINDS: usize = 3;

/// Checks a new password.
///
/// # Errors
/// `Invalid` on the field `new`.
pub fn check(password: &str, username: &str) -> Result<()> {
    let length = password.chars().count();
    let enough = length >= LONG || (length >= SHORT && kinds(password) >= KINDS);
    let named = !username.is_empty() && password.to_lowercase().contains(&username.to_lowercase());
    let one_letter = password.chars().collect::<std::collections::BTreeSet<_>>().len() < 4;
    if enough && !named && !one_letter && length <= LONGEST {
        return Ok(());
    }
    let message = Message::new("password-weak").with("min", LONG.to_string()).with("short", SHORT.to_string());
    Err(Error::Invalid(vec![FieldError { field: "new", message }]))
}

/// How many kinds of characters: capitals, small letters, digits, anything else.
fn kinds(password: &str) -> usize {
    let has = |test: fn(&char) -> bool| usize::from(password.chars().any(|c| test(&c)));
    has(|c| c.is_ascii_uppercase())
        + has(|c| c.is_ascii_lowercase())
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_or_mixed_and_not_the_user_name() {
        for (password, good) in [
            ("correct horse", true),
            ("海邊的燈塔每天晚上都會亮起", true),
            ("Ab3defgh", true),
            ("ab-3efgh", true),
            ("abcdefgh", false),
            ("Abcdefgh", false),
            ("Ab3defg", false),
            ("elevenchars", false),
            ("aaaaaaaaaaaaaaaa", false),
            ("my-HANDLER-2026-x", false),
        ] {
            assert_eq!(check(password, "handler").is_ok(), good, "{password}");
        }
        assert!(check(&"x1Y-".repeat(100), "handler").is_err());
    }
}
