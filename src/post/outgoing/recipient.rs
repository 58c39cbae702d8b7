//! Whom a letter goes to, looked up at the moment of sending: a petitioner's sealed address, or a member of staff's.

use lettre::Address;

use super::attempt::Stop;
use crate::error::Error;
use crate::keys::Keys;
use crate::post::trouble::Trouble;
use crate::store::letters::LetterRow;
use crate::store::{Db, parties, staff};

/// Address and name of a reader.
pub struct Reader {
    /// Where the letter goes.
    pub address: Address,
    /// How the reader is greeted.
    pub name: String,
}

/// The reader of a letter.
///
/// # Errors
/// A trouble when there is no address (erased, missing, none that mail can go to).
pub fn of(db: &mut Db, keys: &Keys, row: &LetterRow) -> Result<Reader, Stop> {
    let (email, name) = match (row.party_id, row.staff_id) {
        (Some(id), _) => {
            let party = found(parties::open(db, keys, id))?;
            let own = row.own_address(keys)?;
            (own.unwrap_or(party.email), party.name)
        }
        (None, Some(id)) => {
            let person = found(staff::get(db, id))?;
            if !person.active {
                return Err(Trouble::AccountClosed.with("the account was closed").into());
            }
            (person.email, person.name)
        }
        (None, None) => return Err(Trouble::NoAddress.with("the letter names nobody").into()),
    };
    let email = email.trim();
    if email.is_empty() {
        return Err(Trouble::NoAddress.with("there is no e-mail address, or it was erased").into());
    }
    // Forms let no other in; this is for rows that came another way.
    let address: Option<Address> = if email.is_ascii() { email.parse().ok() } else { None };
    match address {
        Some(address) => Ok(Reader { address, name }),
        None => Err(Trouble::BadAddress.with("what stands as the e-mail address is none").into()),
    }
}

fn found<T>(read: Result<T, Error>) -> Result<T, Stop> {
    read.map_err(|e| match e {
        Error::NotFound => Trouble::NoAddress.with("the recipient is gone").into(),
        e => e.into(),
    })
}
