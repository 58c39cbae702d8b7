//! Compressed rich text (MS-OXRTFCP): pieces that were seen before are references into a ring of 4096 bytes, which begins
//! with what most rich texts begin with. Reading ends where the bytes lie or the limit is reached; what came so far stands.

use crate::post::incoming::limits;

/// What the ring holds at first (MS-OXRTFCP, 2.1.3.1.3).
const FIRST: &[u8; 207] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\
\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const RING: usize = 4096;
/// `LZFu` and `MELA`, read as numbers.
const COMPRESSED: u32 = 0x7546_5A4C;
const UNCOMPRESSED: u32 = 0x414C_454D;
const HEADER: usize = 16;

/// The rich text; none when the bytes are not of this form. The checksum is not looked at: a damaged text is still read.
#[must_use]
pub fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let (most, kind) = (usize::try_from(number(4)?).ok()?.min(limits::RICH), number(8)?);
    let data = bytes.get(HEADER..)?;
    match kind {
        UNCOMPRESSED => Some(data[..data.len().min(most)].to_vec()),
        COMPRESSED => Some(expanded(data, most)),
        _ => None,
    }
}

fn expanded(data: &[u8], most: usize) -> Vec<u8> {
    let (mut ring, mut at) = ([b' '; RING], FIRST.len());
    ring[..at].copy_from_slice(FIRST);
    let mut out = Vec::new();
    let mut bytes = data.iter().copied();
    // Each eight pieces stand after a byte that tells, from its lowest bit, which of them are references.
    while let Some(kinds) = bytes.next() {
        for bit in 0..8 {
            let (from, length) = if kinds >> bit & 1 == 0 {
                let Some(byte) = bytes.next() else { return out };
                ring[at] = byte;
                (at, 1)
            } else {
                let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { return out };
                let from = usize::from(high) << 4 | usize::from(low >> 4);
                if from == at {
                    // The end.
                    return out;
                }
                (from, usize::from(low & 0x0F) + 2)
            };
            for step in 0..length {
                if out.len() >= most {
                    return out;
                }
                let byte = ring[(from + step) % RING];
                ring[at] = byte;
                at = (at + 1) % RING;
                out.push(byte);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    #[test]
    fn the_examples_of_the_specification() {
        for (packed, text) in [
            (
                "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
                "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
            ),
            ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
        ] {
            let bytes = HEXLOWER.decode(packed.as_bytes()).unwrap();
            assert_eq!(unpacked(&bytes).unwrap(), text.as_bytes());
            // Cut anywhere, it is a beginning of the text.
            for end in HEADER..bytes.len() {
                assert!(text.as_bytes().starts_with(&unpacked(&bytes[..end]).unwrap()));
            }
        }
    }

    #[test]
    fn what_is_no_compressed_text_is_none_and_what_swells_is_cut() {
        assert_eq!(unpacked(b""), None);
        assert_eq!(unpacked(&[0; 40]), None);
        let head = |kind: &[u8]| [&[0; 4][..], &[0xFF; 4], kind, &[0; 4]].concat();
        assert_eq!(unpacked(&[&head(b"MELA")[..], b"{\\rtf1 x}"].concat()).unwrap(), b"{\\rtf1 x}");
        // References of the longest kind, to the beginning of the ring.
        let bomb = [
            &head(b"LZFu")[..],
            &[0xFF].iter().chain(&[0x00, 0x0F].repeat(8)).copied().collect::<Vec<u8>>().repeat(200_000),
        ];
        assert!(unpacked(&bomb.concat()).unwrap().len() <= limits::RICH);
    }
}
