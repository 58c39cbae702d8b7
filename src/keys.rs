//! Everything done with secret keys: sealing columns, blind indexes, tokens of links, query codes, the seal chain. Keys
//! come from the configuration, never from the database; each purpose has its own, derived from the master key by HMAC.

mod veil;

use std::collections::BTreeMap;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::domain::link::{Link, Purpose};
use crate::domain::time::Moment;
use crate::error::{Error, Result};

pub use veil::VEILED_LETTERS;

/// The keys of an installation. Cheap to clone.
#[derive(Clone)]
pub struct Keys {
    masters: Arc<BTreeMap<u8, [u8; 32]>>,
    current: u8,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys(current {})", self.current)
    }
}

/// The letters of query codes: Crockford's, without I, L, O and U, which are misread.
const CODE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters in a query code: 13 × 5 = 65 random bits.
const CODE_LENGTH: usize = 13;

impl Keys {
    /// Keys from texts `ID:SECRET`, the secret at least 32 characters; the highest id is used for new work, the others
    /// still open what they sealed.
    ///
    /// # Errors
    /// A sentence that says what is wrong with which key.
    pub fn new<S: AsRef<str>>(texts: &[S]) -> std::result::Result<Self, String> {
        let mut masters = BTreeMap::new();
        for text in texts {
            let (id, secret) = text.as_ref().split_once(':').ok_or("a key must read ID:SECRET, for example 1:…")?;
            let id: u8 = id.trim().parse().map_err(|_| format!("key id {id:?} is not a number from 0 to 255"))?;
            if secret.len() < 32 {
                return Err(format!("the secret of key {id} is shorter than 32 characters"));
            }
            if masters.insert(id, Sha256::digest(secret.as_bytes()).into()).is_some() {
                return Err(format!("key id {id} is given twice"));
            }
        }
        let current = *masters.keys().next_back().ok_or("no key is configured")?;
        Ok(Self { masters: Arc::new(masters), current })
    }

    fn derive(&self, id: u8, label: &str) -> Result<[u8; 32]> {
        let master = self.masters.get(&id).ok_or_else(|| Error::internal(format!("key {id} is not configured")))?;
        Ok(mac(master, &[label.as_bytes()]))
    }

    /// Seals a text for one column (`label` binds it there): key id, nonce, ciphertext.
    ///
    /// # Errors
    /// `Internal` when the system gives no random bytes.
    pub fn seal(&self, label: &str, text: &str) -> Result<Vec<u8>> {
        let key = self.derive(self.current, "seal")?;
        let nonce: [u8; 24] = random()?;
        let cipher = XChaCha20Poly1305::new(&key.into())
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: text.as_bytes(), aad: label.as_bytes() })
            .map_err(|_| Error::internal("sealing failed"))?;
        let mut sealed = Vec::with_capacity(25 + cipher.len());
        sealed.push(self.current);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&cipher);
        Ok(sealed)
    }

    /// Opens what [`Keys::seal`] sealed for the same label.
    ///
    /// # Errors
    /// `Internal` when it was changed, belongs elsewhere, or its key is gone.
    pub fn open(&self, label: &str, sealed: &[u8]) -> Result<String> {
        let fault = || Error::internal(format!("cannot open a sealed {label}"));
        let (&id, rest) = sealed.split_first().ok_or_else(fault)?;
        let (nonce, cipher) = rest.split_at_checked(24).ok_or_else(fault)?;
        let plain = XChaCha20Poly1305::new(&self.derive(id, "seal")?.into())
            .decrypt(XNonce::from_slice(nonce), Payload { msg: cipher, aad: label.as_bytes() })
            .map_err(|_| fault())?;
        String::from_utf8(plain).map_err(|_| fault())
    }

    /// Blind index of a personal datum: equal data give equal indexes, and nothing else can be read from it. Made with
    /// the oldest key, so that it stays comparable when keys are added.
    ///
    /// # Errors
    /// `Internal` when no key is configured.
    pub fn index(&self, label: &str, text: &str) -> Result<String> {
        let oldest = *self.masters.keys().next().ok_or_else(|| Error::internal("no key"))?;
        let key = self.derive(oldest, "index")?;
        Ok(HEXLOWER.encode(&mac(&key, &[label.as_bytes(), text.as_bytes()])[..16]))
    }

    /// The token of a link, to be put in its URL.
    ///
    /// # Errors
    /// `Internal` when the key is missing.
    pub fn token(&self, link: &Link) -> Result<String> {
        let tag = self.link_tag(self.current, link)?;
        let mut bytes = vec![self.current];
        bytes.extend_from_slice(&link.row.to_be_bytes());
        bytes.extend_from_slice(&link.expires_at.0.to_be_bytes());
        bytes.extend_from_slice(&tag[..18]);
        bytes.extend_from_slice(link.nonce.as_bytes());
        Ok(BASE64URL_NOPAD.encode(&bytes))
    }

    /// Reads a token of this purpose. `None` when it is not ours or was changed; whether it has expired and whether the
    /// row still has that nonce is for the act to see.
    #[must_use]
    pub fn read_token(&self, purpose: Purpose, token: &str) -> Option<Link> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (&id, rest) = bytes.split_first()?;
        let (row, rest) = rest.split_first_chunk::<8>()?;
        let (expires, rest) = rest.split_first_chunk::<8>()?;
        let (tag, nonce) = rest.split_first_chunk::<18>()?;
        let link = Link {
            purpose,
            row: i64::from_be_bytes(*row),
            nonce: String::from_utf8(nonce.to_vec()).ok()?,
            expires_at: Moment(i64::from_be_bytes(*expires)),
        };
        let expected = self.link_tag(id, &link).ok()?;
        bool::from(expected[..18].ct_eq(tag)).then_some(link)
    }

    fn link_tag(&self, id: u8, link: &Link) -> Result<[u8; 32]> {
        let key = self.derive(id, "link")?;
        Ok(mac(
            &key,
            &[
                link.purpose.code().as_bytes(),
                &link.row.to_be_bytes(),
                &link.expires_at.0.to_be_bytes(),
                link.nonce.as_bytes(),
            ],
        ))
    }

    /// A new query code, as it is printed: `XXXXX-XXXX-XXXX`.
    ///
    /// # Errors
    /// `Internal` when the system gives no random bytes.
    pub fn new_query_code(&self) -> Result<String> {
        let bytes: [u8; CODE_LENGTH] = random()?;
        let letters: Vec<char> = bytes.iter().map(|b| char::from(CODE_LETTERS[usize::from(b % 32)])).collect();
        let text: String = letters.iter().collect();
        Ok(format!("{}-{}-{}", &text[..5], &text[5..9], &text[9..]))
    }

    /// The keyed digest of a query code as typed: case, spaces and dashes are forgiven, O reads as 0, I and L as 1.
    ///
    /// # Errors
    /// `Internal` when no key is configured.
    pub fn code_digest(&self, code: &str) -> Result<String> {
        let clean: String = code
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect();
        self.index("query-code", &clean)
    }

    /// The keyed seal over a new head of the history and the seal before it.
    ///
    /// # Errors
    /// `Internal` when the key is missing.
    pub fn seal_head(&self, text: &str) -> Result<String> {
        let key = self.derive(self.current, "history")?;
        Ok(format!("{}:{}", self.current, HEXLOWER.encode(&mac(&key, &[text.as_bytes()]))))
    }

    /// Whether `seal` is the seal of `text`.
    #[must_use]
    pub fn seal_fits(&self, text: &str, seal: &str) -> bool {
        let Some((id, tag)) = seal.split_once(':') else { return false };
        let Some(key) = id.parse().ok().and_then(|id| self.derive(id, "history").ok()) else { return false };
        bool::from(HEXLOWER.encode(&mac(&key, &[text.as_bytes()])).as_bytes().ct_eq(tag.as_bytes()))
    }
}

/// SHA-256 of bytes in lower-case hex: names of blobs, digests of bodies and sessions, the chain of events.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// A new random word of `N` bytes in lower-case base 32, for nonces, session cookies and idempotency keys.
///
/// # Errors
/// `Internal` when the system gives no random bytes.
pub fn random_word<const N: usize>() -> Result<String> {
    Ok(BASE32_NOPAD.encode(&random::<N>()?).to_ascii_lowercase())
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Error::internal(format!("no random bytes: {e}")))?;
    Ok(bytes)
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length; the error cannot happen, and an empty MAC would fail every check.
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::new(&["1:0123456789abcdef0123456789abcdef"]).unwrap()
    }

    #[test]
    fn a_seal_opens_only_in_its_place_and_with_its_key() {
        let sealed = keys().seal("party.name", "王小明").unwrap();
        assert_eq!(keys().open("party.name", &sealed).unwrap(), "王小明");
        assert!(keys().open("party.phone", &sealed).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(keys().open("party.name", &changed).is_err());
        let rotated = Keys::new(&["1:0123456789abcdef0123456789abcdef", "2:fedcba9876543210fedcba9876543210"]).unwrap();
        assert_eq!(rotated.open("party.name", &sealed).unwrap(), "王小明");
        assert_eq!(rotated.index("party.name", "x").unwrap(), keys().index("party.name", "x").unwrap());
    }

    #[test]
    fn a_token_serves_one_purpose_and_no_other_bytes() {
        let link = Link { purpose: Purpose::Confirm, row: 7, nonce: "abc".into(), expires_at: Moment(1_000_000) };
        let token = keys().token(&link).unwrap();
        assert_eq!(keys().read_token(Purpose::Confirm, &token), Some(link));
        assert_eq!(keys().read_token(Purpose::Rate, &token), None);
        for at in 0..token.len() {
            let mut wrong = token.clone().into_bytes();
            wrong[at] = if wrong[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(keys().read_token(Purpose::Confirm, std::str::from_utf8(&wrong).unwrap()), None);
        }
        assert_eq!(keys().read_token(Purpose::Confirm, "…"), None);
    }

    #[test]
    fn query_codes_are_forgiving_to_the_ear() {
        let code = keys().new_query_code().unwrap();
        assert_eq!(code.len(), 15);
        let digest = keys().code_digest(&code).unwrap();
        assert_eq!(keys().code_digest(&code.to_lowercase().replace('-', " ").replace('0', "o")).unwrap(), digest);
        assert_ne!(keys().code_digest(&keys().new_query_code().unwrap()).unwrap(), digest);
    }

    #[test]
    fn short_or_doubled_keys_are_refused() {
        assert!(Keys::new(&["1:short"]).is_err());
        assert!(Keys::new(&["x:0123456789abcdef0123456789abcdef"]).is_err());
        assert!(Keys::new::<&str>(&[]).is_err());
    }
}
