//! Hashing of passwords: argon2id at the strength OWASP recommends where memory is scarce (19 MiB, two passes, one
//! lane). Never inside a transaction: it takes some 30 ms on purpose.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::error::{Error, Result};
use crate::keys::random_word;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes at the same time: a flood of log-ins waits here instead of taking 19 MiB each.
const AT_ONCE: usize = 4;
static RUNNING: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// The hash of a password, in PHC form.
///
/// # Errors
/// `Internal` when the system gives no random bytes.
pub fn hash(password: &str) -> Result<String> {
    let salt = SaltString::encode_b64(random_word::<15>()?.as_bytes()).map_err(Error::internal)?;
    let _turn = Turn::take();
    Ok(hasher()?.hash_password(password.as_bytes(), &salt).map_err(Error::internal)?.to_string())
}

/// Whether the password is the one that was hashed.
#[must_use]
pub fn fits(password: &str, hash: &str) -> bool {
    let (Ok(hasher), Ok(parsed)) = (hasher(), PasswordHash::new(hash)) else { return false };
    let _turn = Turn::take();
    hasher.verify_password(password.as_bytes(), &parsed).is_ok()
}

/// Does the work of [`fits`] for nothing, where there is no account: whoever tries names cannot tell by the clock.
pub fn spend(password: &str) {
    let Ok(hasher) = hasher() else { return };
    let _turn = Turn::take();
    let mut nothing = [0_u8; 32];
    // The outcome is of no interest; only its time is.
    let _ = hasher.hash_password_into(password.as_bytes(), b"nobody has this one", &mut nothing);
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// One of the hashes that may run at the same time.
struct Turn;

impl Turn {
    fn take() -> Self {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        while *running >= AT_ONCE {
            running = ENDED.wait(running).unwrap_or_else(PoisonError::into_inner);
        }
        *running += 1;
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        ENDED.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_only_and_says_its_strength() {
        let first = hash("正確的密碼 A1").unwrap();
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert!(fits("正確的密碼 A1", &first));
        assert!(!fits("正確的密碼 A2", &first));
        assert!(!fits("正確的密碼 A1", "nothing"));
        assert_ne!(hash("正確的密碼 A1").unwrap(), first);
        std::thread::scope(|s| (0..12).for_each(|_| drop(s.spawn(|| spend("x")))));
    }
}
