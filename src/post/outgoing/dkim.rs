//! The DKIM signature of letters (RFC 6376, RFC 8463), by a key whose public half stands in the domain's DNS. The key is
//! read once, at the start: a wrong one refuses it.

use lettre::Message;
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey,
};
use lettre::message::header::HeaderName;
use pkcs8::{ObjectIdentifier, PrivateKeyInfo, SecretDocument};

use crate::config::Dkim;

/// What is signed: all that a reader or their program goes by. A header that a letter lacks is signed as absent; the
/// library keeps Content-Type with the body, where it cannot be named here.
const HEADERS: [&str; 10] = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "MIME-Version",
];
/// rsaEncryption (RFC 8017).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// id-Ed25519 (RFC 8410).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Signs letters.
#[derive(Debug)]
pub struct Signer {
    config: DkimConfig,
    said: String,
}

impl Signer {
    /// The signer that `[mail.dkim]` describes; `None` when no key file is named.
    ///
    /// # Errors
    /// One sentence that names the key of the configuration.
    pub fn from_config(dkim: &Dkim, sender_domain: &str) -> Result<Option<Self>, String> {
        if dkim.key_file.is_empty() {
            if dkim.selector.is_empty() && dkim.domain.is_empty() {
                return Ok(None);
            }
            return Err("mail.dkim.key_file is empty, but mail.dkim.selector or mail.dkim.domain is set".into());
        }
        if !is_domain(&dkim.selector) {
            return Err(format!("mail.dkim.selector is {:?}, which is no name in DNS", dkim.selector));
        }
        let domain = if dkim.domain.is_empty() { sender_domain } else { &dkim.domain };
        let above = sender_domain.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if !is_domain(domain) || !above {
            return Err(format!(
                "mail.dkim.domain is {domain:?}, which is neither the domain of mail.from nor one above it"
            ));
        }
        let wrong = |what: &str| format!("mail.dkim.key_file {}: {what}", dkim.key_file);
        let text = std::fs::read_to_string(&dkim.key_file).map_err(|e| wrong(&e.to_string()))?;
        let (key, algorithm) = read(&text).map_err(|e| wrong(&e))?;
        let key = DkimSigningKey::new(&key, algorithm).map_err(|_| wrong("the key in it cannot be read"))?;
        let relaxed =
            DkimCanonicalization { header: DkimCanonicalizationType::Relaxed, body: DkimCanonicalizationType::Relaxed };
        let headers = HEADERS.iter().map(|name| HeaderName::new_from_ascii_str(name)).collect();
        let config = DkimConfig::new(dkim.selector.clone(), domain.to_owned(), key, headers, relaxed);
        let said = format!(
            "letters are signed ({algorithm}); the public key belongs at {}._domainkey.{domain}",
            dkim.selector
        );
        Ok(Some(Self { config, said }))
    }

    /// What it does, in a line.
    #[must_use]
    pub fn describe(&self) -> &str {
        &self.said
    }

    /// Signs a letter.
    pub(super) fn sign(&self, message: &mut Message) {
        message.sign(&self.config);
    }
}

fn is_domain(name: &str) -> bool {
    let label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    name.split('.').all(label)
}

/// The key as the library takes it: RSA as PKCS #1 in PEM, Ed25519 as the base 64 of its 32 bytes. Files hold either of
/// them in PKCS #8 too, as `openssl genpkey` writes it.
fn read(text: &str) -> Result<(String, DkimSigningAlgorithm), String> {
    if text.contains("-----BEGIN RSA PRIVATE KEY-----") {
        return Ok((text.to_owned(), DkimSigningAlgorithm::Rsa));
    }
    let none = || "it holds no private key in PEM".to_owned();
    let (label, document) = SecretDocument::from_pem(text.trim()).map_err(|_| none())?;
    if label != "PRIVATE KEY" {
        return Err(format!("it holds a {label}, not an unencrypted private key"));
    }
    let info = PrivateKeyInfo::try_from(document.as_bytes()).map_err(|_| none())?;
    match info.algorithm.oid {
        RSA => Ok((pem("RSA PRIVATE KEY", info.private_key), DkimSigningAlgorithm::Rsa)),
        ED25519 => {
            // An OCTET STRING of its own (RFC 8410, section 7).
            let seed = info.private_key.strip_prefix(&[4, 32]).filter(|seed| seed.len() == 32).ok_or_else(none)?;
            Ok((data_encoding::BASE64.encode(seed), DkimSigningAlgorithm::Ed25519))
        }
        _ => Err("the key in it is neither RSA nor Ed25519".into()),
    }
}

fn pem(label: &str, bytes: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(bytes);
    let lines: Vec<&str> = (0..text.len()).step_by(64).filter_map(|at| text.get(at..text.len().min(at + 64))).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made for these tests (RFC 8410, section 10.3).
    const ED25519_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

    fn signer(change: impl Fn(&mut Dkim), key: &str) -> Result<Option<Signer>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), key).unwrap();
        let mut dkim =
            Dkim { selector: "chenqing".into(), domain: String::new(), key_file: file.path().display().to_string() };
        change(&mut dkim);
        Signer::from_config(&dkim, "mail.agency.example.tw")
    }

    #[test]
    fn a_key_is_read_and_said() {
        let said = signer(|_| {}, ED25519_KEY).unwrap().unwrap().said;
        assert!(said.contains("ed25519") && said.contains("chenqing._domainkey.mail.agency.example.tw"), "{said}");
        let above = signer(|dkim| dkim.domain = "example.tw".into(), ED25519_KEY).unwrap().unwrap().said;
        assert!(above.contains("chenqing._domainkey.example.tw"));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_key() {
        let key = |key: &str| signer(|_| {}, key).unwrap_err();
        assert!(key("").starts_with("mail.dkim.key_file "));
        assert!(key("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----").contains("cannot be read"));
        assert!(key(&ED25519_KEY.replace("PRIVATE", "PUBLIC")).contains("mail.dkim.key_file"));
        let set = |change: fn(&mut Dkim)| signer(change, ED25519_KEY).unwrap_err();
        assert!(set(|dkim| dkim.key_file = "no/such/file".into()).contains("no/such/file"));
        assert!(set(|dkim| dkim.selector = String::new()).contains("mail.dkim.selector"));
        assert!(set(|dkim| dkim.domain = "ple.tw".into()).contains("mail.dkim.domain"));
        assert!(set(|dkim| dkim.key_file = String::new()).contains("mail.dkim.key_file"));
    }

    #[test]
    fn without_a_key_nothing_is_signed() {
        let off = Dkim { selector: String::new(), domain: String::new(), key_file: String::new() };
        assert!(Signer::from_config(&off, "agency.example.tw").unwrap().is_none());
    }
}
