//! Names of folders as they go over the wire: modified UTF-7 (RFC 3501, 5.1.3), so that 收件匣 may stand in the
//! configuration as people read it.

use data_encoding::BASE64_NOPAD;

/// A folder's name on the wire.
#[must_use]
pub fn encoded(name: &str) -> String {
    let mut wire = String::with_capacity(name.len());
    let mut run: Vec<u8> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            end(&mut wire, &mut run);
            wire.push(c);
            if c == '&' {
                wire.push('-');
            }
        } else {
            let mut units = [0; 2];
            run.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    end(&mut wire, &mut run);
    wire
}

/// Ends a run of other characters.
fn end(wire: &mut String, run: &mut Vec<u8>) {
    if !run.is_empty() {
        wire.push('&');
        wire.push_str(&BASE64_NOPAD.encode(run).replace('/', ","));
        wire.push('-');
        run.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn names_as_the_standard_writes_them() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("收件匣", "&ZTZO9lMj-"),
            ("A&B", "A&-B"),
            ("😀", "&2D3eAA-"),
        ] {
            assert_eq!(encoded(name), wire);
        }
    }
}
