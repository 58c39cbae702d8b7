//! What stands in a signed or encrypted message (CMS, RFC 5652), as far as that needs no key: the content that was signed.
//!
//! Mail programs write BER with lengths that are told by an end mark and contents in pieces, which libraries that read DER
//! refuse. Only the way to the content is read here, without recursion; certificates and signatures are not looked at.

/// What a content says it is.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// Signed, and this is what was signed.
    Signed(Vec<u8>),
    /// Encrypted.
    Encrypted,
}

/// 1.2.840.113549.1.7.2 signedData and .3 envelopedData.
const SIGNED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
const ENVELOPED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03];
/// 1.2.840.113549.1.9.16.1.23 authEnvelopedData.
const AUTH_ENVELOPED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17];

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const EXPLICIT: u8 = 0xA0;
const CONSTRUCTED: u8 = 0x20;

/// Reads bytes; none when they are neither, or nothing is in them (certificates alone).
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Content> {
    let mut ber = Ber { bytes, at: 0 };
    ber.enter(SEQUENCE)?;
    match ber.value(OID)? {
        SIGNED => {}
        ENVELOPED | AUTH_ENVELOPED => return Some(Content::Encrypted),
        _ => return None,
    }
    ber.enter(EXPLICIT)?;
    ber.enter(SEQUENCE)?;
    ber.value(INTEGER)?;
    ber.pass(SET)?;
    ber.enter(SEQUENCE)?;
    ber.value(OID)?;
    ber.enter(EXPLICIT)?;
    ber.octets().filter(|octets| !octets.is_empty()).map(Content::Signed)
}

/// The head of an element.
struct Head {
    tag: u8,
    /// None where an end mark tells it.
    length: Option<usize>,
}

impl Head {
    /// The end mark.
    fn ends(&self) -> bool {
        self.tag == 0 && self.length == Some(0)
    }
}

struct Ber<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Ber<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    fn head(&mut self) -> Option<Head> {
        let tag = *self.take(1)?.first()?;
        let first = *self.take(1)?.first()?;
        // No tag of more than a byte stands on the way.
        if tag & 0x1F == 0x1F {
            return None;
        }
        let length = match first {
            0..0x80 => Some(usize::from(first)),
            0x80 if tag & CONSTRUCTED != 0 => None,
            0x81..=0x84 => {
                let digits = self.take(usize::from(first & 0x7F))?;
                Some(digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)))
            }
            _ => return None,
        };
        Some(Head { tag, length })
    }

    /// Goes into an element.
    fn enter(&mut self, tag: u8) -> Option<()> {
        (self.head()?.tag == tag).then_some(())
    }

    /// The value of an element that holds no others.
    fn value(&mut self, tag: u8) -> Option<&'a [u8]> {
        let head = self.head()?;
        if head.tag == tag { self.take(head.length?) } else { None }
    }

    /// Passes over an element, with all within it.
    fn pass(&mut self, tag: u8) -> Option<()> {
        let head = self.head()?;
        if head.tag != tag {
            return None;
        }
        let Some(length) = head.length else { return self.pass_to_end() };
        self.take(length).map(drop)
    }

    /// Passes the end mark of an element whose head was read.
    fn pass_to_end(&mut self) -> Option<()> {
        let mut open = 1_usize;
        while open > 0 {
            let head = self.head()?;
            match head.length {
                None => open += 1,
                _ if head.ends() => open -= 1,
                Some(length) => drop(self.take(length)?),
            }
        }
        Some(())
    }

    /// A string of octets, whole or in pieces, which may be in pieces themselves. One that is cut gives what came.
    fn octets(&mut self) -> Option<Vec<u8>> {
        let head = self.head()?;
        if head.tag == OCTETS {
            let rest = self.bytes.len() - self.at;
            return self.take(head.length?.min(rest)).map(<[u8]>::to_vec);
        }
        if head.tag != OCTETS | CONSTRUCTED {
            return None;
        }
        let end = head.length.map_or(self.bytes.len(), |length| self.at.saturating_add(length));
        let (mut octets, mut open) = (Vec::new(), usize::from(head.length.is_none()));
        while self.at < end {
            let Some(piece) = self.head() else { break };
            match piece.length {
                Some(length) if piece.tag == OCTETS => {
                    octets.extend_from_slice(self.take(length.min(self.bytes.len() - self.at))?);
                }
                // The pieces of a piece follow, whatever its length.
                Some(_) if piece.tag == OCTETS | CONSTRUCTED => {}
                None if piece.tag == OCTETS | CONSTRUCTED => open += 1,
                _ if piece.ends() && open > 0 => open -= 1,
                _ => break,
            }
            if open == 0 && head.length.is_none() {
                break;
            }
        }
        Some(octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, value: &[u8]) -> Vec<u8> {
        let length = u32::try_from(value.len()).unwrap().to_be_bytes();
        [&[tag, 0x84], &length[..], value].concat()
    }

    fn endless(tag: u8, value: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], value, &[0, 0]].concat()
    }

    type Made = fn(u8, &[u8]) -> Vec<u8>;

    fn signed(made: Made, octets: &[u8]) -> Vec<u8> {
        let inner = made(SEQUENCE, &[element(OID, b"\x2A\x03"), made(EXPLICIT, octets)].concat());
        let data = made(SEQUENCE, &[&[INTEGER, 1, 1][..], &made(SET, &made(SEQUENCE, &[])), &inner, b"rest"].concat());
        made(SEQUENCE, &[element(OID, SIGNED), made(EXPLICIT, &data)].concat())
    }

    #[test]
    fn what_was_signed_is_found_however_lengths_are_told() {
        let pieces = [
            element(OCTETS, b"one, "),
            endless(OCTETS | CONSTRUCTED, &element(OCTETS, b"two")),
            element(OCTETS | CONSTRUCTED, &element(OCTETS, b" three")),
        ]
        .concat();
        for made in [element as Made, endless] {
            for (octets, text) in
                [(element(OCTETS, b"whole"), &b"whole"[..]), (made(OCTETS | CONSTRUCTED, &pieces), b"one, two three")]
            {
                let bytes = signed(made, &octets);
                assert_eq!(read(&bytes), Some(Content::Signed(text.to_vec())));
                // Cut anywhere, it is a beginning of that, or nothing.
                for end in 0..bytes.len() {
                    match read(&bytes[..end]) {
                        Some(Content::Signed(found)) => assert!(text.starts_with(&found)),
                        other => assert_eq!(other, None),
                    }
                }
            }
            assert_eq!(read(&signed(made, &element(OCTETS, b""))), None);
        }
        assert_eq!(read(&element(SEQUENCE, &element(OID, ENVELOPED))), Some(Content::Encrypted));
        assert_eq!(read(&element(SEQUENCE, &element(OID, b"\x2A\x03"))), None);
    }

    #[test]
    fn nothing_hostile_takes_long() {
        let deep = [0x24, 0x80].repeat(5_000_000);
        assert_eq!(read(&signed(endless, &deep)), None);
        assert_eq!(read(&[0x30, 0x80].repeat(5_000_000)), None);
        assert_eq!(read(&[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 0x06, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]), None);
    }
}
