//! The samples of letters, in the time zone of these tests.

pub use chenqing::letters::samples::{NUMBER, all};

use chenqing::domain::letter::{Letter, Locale};
use chenqing::domain::time::Moment;
use chenqing::letters::{LetterContext, samples};
use jiff::tz::TimeZone;

/// The sample of a kind.
pub fn sample(kind: &str, locale: Locale) -> Letter {
    all(locale).into_iter().find(|letter| letter.code() == kind).unwrap()
}

pub fn context(letter: &Letter, locale: Locale) -> LetterContext {
    samples::context(letter, locale, TimeZone::get("Asia/Taipei").unwrap())
}

pub fn at(text: &str) -> Moment {
    Moment::from_jiff(text.parse().unwrap())
}
