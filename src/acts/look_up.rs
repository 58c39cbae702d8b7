//! The petitioner looks the case up by number and query code. Wrong pairs answer alike, whether the number exists or not,
//! and are counted: by who asks and by number.

use subtle::ConstantTimeEq;

use crate::acts::Office;
use crate::domain::case_number::CaseNumber;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::attempts;
use crate::store::cases::{self, Case};

/// Wrong pairs are counted in windows of this many seconds.
const WINDOW: i64 = 15 * 60;

/// The case of a right pair. `asker` is a digest of where the request comes from; `most` wrong pairs are allowed in
/// fifteen minutes, from one asker and for one number.
///
/// # Errors
/// `NotFound` for any wrong pair; `Refused` after too many.
pub fn look_up(office: &Office, now: Moment, number: &str, code: &str, asker: &str, most: i64) -> Result<Case> {
    let number = CaseNumber::parse(number).map(|n| n.to_string()).unwrap_or_default();
    let digest = office.keys.code_digest(code)?;
    let found = office.store.read(|db| {
        let by_asker = attempts::number(db, "look-up.asker", asker, WINDOW, now)?;
        let by_number = attempts::number(db, "look-up.number", &number, WINDOW, now)?;
        if by_asker >= most || (!number.is_empty() && by_number >= most) {
            return Err(Error::refused("refused-too-many-tries"));
        }
        match cases::by_number(db, &number) {
            Ok(case) => Ok(Some(case)),
            Err(Error::NotFound) => Ok(None),
            Err(e) => Err(e),
        }
    })?;
    // A number that does not exist is compared as well, with what no code has.
    let nothing = "-".repeat(digest.len());
    let expected = found.as_ref().and_then(|case| case.code_digest.clone()).unwrap_or(nothing);
    if bool::from(expected.as_bytes().ct_eq(digest.as_bytes()))
        && let Some(case) = found
    {
        return Ok(case);
    }
    let asker = asker.to_owned();
    office.store.write(move |db| {
        attempts::count(db, "look-up.asker", &asker, WINDOW, now)?;
        // What is no number at all costs the same work, and is never limited as one.
        attempts::count(db, "look-up.number", &number, WINDOW, now)?;
        Ok(())
    })?;
    Err(Error::NotFound)
}
