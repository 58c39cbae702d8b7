//! Ids of rows in the hands of others, in mail addresses and headers: nobody can read one, count by one, or make one up.
//! The tag is a MAC of the id, and the id itself stands under a pad that is made of the tag, so that equal ids give equal
//! texts and nothing need be stored.

use data_encoding::BASE32_NOPAD;
use subtle::ConstantTimeEq;

use super::{Keys, mac};
use crate::error::Result;

/// Bytes of the tag.
const TAG: usize = 10;
/// Bytes of a veiled id: key id, id under its pad, tag.
const LENGTH: usize = 1 + 8 + TAG;
/// Letters of a veiled id.
pub const VEILED_LETTERS: usize = 31;

impl Keys {
    /// The id of a row, readable by this installation only and for this purpose only: 31 letters and digits, small ones,
    /// whose case does not matter.
    ///
    /// # Errors
    /// `Internal` when no key is configured.
    pub fn veil(&self, purpose: &str, row: i64) -> Result<String> {
        let tag = self.veil_tag(self.current, purpose, row)?;
        let pad = self.veil_pad(self.current, &tag)?;
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(self.current);
        bytes.extend(row.to_be_bytes().iter().zip(pad).map(|(byte, pad)| byte ^ pad));
        bytes.extend_from_slice(&tag);
        Ok(BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
    }

    /// The id under a veil; `None` when it is not ours, was changed, or serves another purpose.
    #[must_use]
    pub fn unveil(&self, purpose: &str, veiled: &str) -> Option<i64> {
        if veiled.len() != VEILED_LETTERS {
            return None;
        }
        let bytes = BASE32_NOPAD.decode(veiled.to_ascii_uppercase().as_bytes()).ok()?;
        let (&key, rest) = bytes.split_first()?;
        let (hidden, tag) = rest.split_first_chunk::<8>()?;
        let tag: [u8; TAG] = tag.try_into().ok()?;
        let mut id = self.veil_pad(key, &tag).ok()?;
        id.iter_mut().zip(hidden).for_each(|(pad, byte)| *pad ^= byte);
        let row = i64::from_be_bytes(id);
        let expected = self.veil_tag(key, purpose, row).ok()?;
        bool::from(expected.ct_eq(&tag)).then_some(row)
    }

    fn veil_tag(&self, key: u8, purpose: &str, row: i64) -> Result<[u8; TAG]> {
        let whole = mac(&self.derive(key, "veil")?, &[purpose.as_bytes(), &row.to_be_bytes()]);
        Ok(std::array::from_fn(|at| whole[at]))
    }

    fn veil_pad(&self, key: u8, tag: &[u8; TAG]) -> Result<[u8; 8]> {
        let whole = mac(&self.derive(key, "veil-pad")?, &[tag]);
        Ok(std::array::from_fn(|at| whole[at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "1:0123456789abcdef0123456789abcdef";
    const NEW: &str = "2:fedcba9876543210fedcba9876543210";

    #[test]
    fn an_id_is_read_back_for_its_purpose_only() {
        let keys = Keys::new(&[OLD]).unwrap();
        for row in [0, 1, 42, i64::MAX, -1] {
            let veiled = keys.veil("case", row).unwrap();
            assert_eq!(veiled.len(), VEILED_LETTERS);
            assert_eq!(keys.unveil("case", &veiled), Some(row));
            assert_eq!(keys.unveil("case", &veiled.to_ascii_uppercase()), Some(row));
            assert_eq!(keys.unveil("letter", &veiled), None);
            assert_eq!(Keys::new(&[OLD, NEW]).unwrap().unveil("case", &veiled), Some(row), "a new key reads the old");
            assert_eq!(Keys::new(&[NEW]).unwrap().unveil("case", &veiled), None);
        }
    }

    #[test]
    fn no_letter_of_it_can_be_changed() {
        let keys = Keys::new(&[OLD]).unwrap();
        let veiled = keys.veil("case", 7).unwrap();
        for at in 0..veiled.len() {
            for other in "abcdefghijklmnopqrstuvwxyz234567189".chars() {
                let mut wrong: Vec<char> = veiled.chars().collect();
                if wrong[at] != other {
                    wrong[at] = other;
                    assert_eq!(keys.unveil("case", &wrong.into_iter().collect::<String>()), None);
                }
            }
        }
        for wrong in ["", "…", "7", &veiled[1..], &format!("{veiled}a")] {
            assert_eq!(keys.unveil("case", wrong), None);
        }
    }

    #[test]
    fn neighbours_have_nothing_in_common() {
        let keys = Keys::new(&[OLD]).unwrap();
        let [one, two] = [1, 2].map(|row| keys.veil("case", row).unwrap());
        let alike = one.chars().zip(two.chars()).filter(|(a, b)| a == b).count();
        assert!(alike < 12, "{one} {two}");
    }
}
