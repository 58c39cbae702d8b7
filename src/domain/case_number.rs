//! Case numbers: `1150001234-5` is the ROC year of receipt, seven digits counted within it, and a check digit by
//! ISO 7064 MOD 11,10, so that a digit misheard on the telephone is noticed.

use std::fmt;

/// A case number. Its text form is the only one that is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseNumber {
    /// Year of the Republic of China (115 = 2026).
    pub roc_year: u16,
    /// Running number within the year, from 1.
    pub serial: u32,
}

impl CaseNumber {
    /// Reads a number as people type it: spaces, full-width digits and dashes, and a missing dash are forgiven; a wrong
    /// check digit is not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u32> = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－' | '–' | '—' | '‐'))
            .map(|c| match c {
                '0'..='9' => c.to_digit(10),
                '０'..='９' => Some(u32::from(c) - u32::from('０')),
                _ => None,
            })
            .collect::<Option<_>>()?;
        if digits.len() != 11 {
            return None;
        }
        let number = |d: &[u32]| d.iter().fold(0, |n, d| n * 10 + d);
        let (body, check) = digits.split_at(10);
        if check.first() != Some(&check_digit(body.iter().copied())) {
            return None;
        }
        let (year, serial) = body.split_at(3);
        Some(Self { roc_year: u16::try_from(number(year)).ok()?, serial: number(serial) })
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = format!("{:03}{:07}", self.roc_year, self.serial);
        let check = check_digit(body.chars().filter_map(|c| c.to_digit(10)));
        write!(f, "{body}-{check}")
    }
}

/// ISO 7064 MOD 11,10: finds every single wrong digit and nearly every swap of two neighbours.
fn check_digit(digits: impl Iterator<Item = u32>) -> u32 {
    let product = digits.fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digit_is_that_of_the_standards_example() {
        // ISO 7064 MOD 11,10, worked example of the standard: 0794 has check digit 5.
        assert_eq!(check_digit([0, 7, 9, 4].into_iter()), 5);
    }

    #[test]
    fn reads_back_what_it_writes_however_it_is_typed() {
        let number = CaseNumber { roc_year: 115, serial: 1234 };
        let text = number.to_string();
        assert!(text.starts_with("1150001234-"));
        let full_width: String =
            text.chars().map(|c| c.to_digit(10).map_or('－', |d| char::from_u32(0xFF10 + d).unwrap())).collect();
        for typed in [text.clone(), text.replace('-', ""), format!(" {} ", text.replace('-', " - ")), full_width] {
            assert_eq!(CaseNumber::parse(&typed), Some(number), "{typed}");
        }
    }

    #[test]
    fn one_wrong_digit_is_noticed() {
        let text = CaseNumber { roc_year: 115, serial: 9_876_543 }.to_string().replace('-', "");
        for (at, old) in text.char_indices() {
            for new in ('0'..='9').filter(|new| *new != old) {
                let wrong: String = text.char_indices().map(|(i, c)| if i == at { new } else { c }).collect();
                assert_eq!(CaseNumber::parse(&wrong), None, "{wrong}");
            }
        }
        assert_eq!(CaseNumber::parse("12345"), None);
        assert_eq!(CaseNumber::parse("115000123x-5"), None);
    }
}
