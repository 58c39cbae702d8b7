//! Petitioners: sealed columns and blind indexes. Whoever opens one for a person to read goes through `acts::identity`,
//! which checks the right and logs the look; letters open it when they are sent.

use diesel::prelude::*;

use super::Db;
use super::schema::parties;
use crate::domain::party::{Party, Reachable, fold_email, fold_name, fold_phone};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::keys::Keys;

#[derive(Insertable)]
#[diesel(table_name = parties, treat_none_as_default_value = false)]
struct NewParty {
    name_sealed: Option<Vec<u8>>,
    email_sealed: Option<Vec<u8>>,
    phone_sealed: Option<Vec<u8>>,
    address_sealed: Option<Vec<u8>>,
    name_index: Option<String>,
    email_index: Option<String>,
    phone_index: Option<String>,
    created_at: Moment,
}

/// A party as it is stored; made before the transaction, so that sealing costs it nothing.
pub struct SealedParty(NewPartyParts);

#[derive(Clone)]
struct NewPartyParts {
    sealed: [Option<Vec<u8>>; 4],
    indexes: [Option<String>; 3],
}

impl SealedParty {
    /// The sealed columns and the blind indexes.
    pub(super) fn parts(&self) -> ([Option<Vec<u8>>; 4], [Option<String>; 3]) {
        (self.0.sealed.clone(), self.0.indexes.clone())
    }
}

/// Seals a party for [`insert`].
///
/// # Errors
/// `Internal` when the keys do not serve.
pub fn seal(keys: &Keys, party: &Party) -> Result<SealedParty> {
    let seal = |label: &str, text: &str| (!text.is_empty()).then(|| keys.seal(label, text)).transpose();
    let index = |label: &str, text: String| (!text.is_empty()).then(|| keys.index(label, &text)).transpose();
    Ok(SealedParty(NewPartyParts {
        sealed: [
            seal("party.name", &party.name)?,
            seal("party.email", &party.email)?,
            seal("party.phone", &party.phone)?,
            seal("party.address", &party.address)?,
        ],
        indexes: [
            index("party.name", fold_name(&party.name))?,
            index("party.email", fold_email(&party.email))?,
            index("party.phone", fold_phone(&party.phone))?,
        ],
    }))
}

/// Stores a sealed party; its id.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, party: &SealedParty, now: Moment) -> Result<i64> {
    let NewPartyParts { sealed: [name, email, phone, address], indexes: [name_i, email_i, phone_i] } = party.0.clone();
    let row = NewParty {
        name_sealed: name,
        email_sealed: email,
        phone_sealed: phone,
        address_sealed: address,
        name_index: name_i,
        email_index: email_i,
        phone_index: phone_i,
        created_at: now,
    };
    Ok(diesel::insert_into(parties::table).values(row).returning(parties::id).get_result(db)?)
}

/// Opens a party. Erased or missing data come back empty.
///
/// # Errors
/// `NotFound`, or `Internal` when a seal does not open.
pub fn open(db: &mut Db, keys: &Keys, id: i64) -> Result<Party> {
    type Sealed = Option<Vec<u8>>;
    let (name, email, phone, address): (Sealed, Sealed, Sealed, Sealed) = parties::table
        .find(id)
        .select((parties::name_sealed, parties::email_sealed, parties::phone_sealed, parties::address_sealed))
        .get_result(db)?;
    let open = |label: &str, sealed: Sealed| sealed.map_or(Ok(String::new()), |s| keys.open(label, &s));
    Ok(Party {
        name: open("party.name", name)?,
        email: open("party.email", email)?,
        phone: open("party.phone", phone)?,
        address: open("party.address", address)?,
    })
}

/// Replaces the e-mail address of a party.
///
/// # Errors
/// Of the database or the keys.
pub fn set_email(db: &mut Db, keys: &Keys, id: i64, email: &str) -> Result<()> {
    let sealed = keys.seal("party.email", email)?;
    let index = keys.index("party.email", &fold_email(email))?;
    diesel::update(parties::table.find(id))
        .set((parties::email_sealed.eq(Some(sealed)), parties::email_index.eq(Some(index))))
        .execute(db)?;
    Ok(())
}

/// Whether a party's e-mail address is the one with this blind index.
///
/// # Errors
/// Of the database.
pub fn has_email(db: &mut Db, id: i64, index: &str) -> Result<bool> {
    let own: Option<Option<String>> = parties::table.find(id).select(parties::email_index).first(db).optional()?;
    Ok(own.flatten().as_deref() == Some(index))
}

/// Ids of parties whose name, telephone or e-mail is what was typed, newest first, at most `limit`.
///
/// # Errors
/// Of the database or the keys.
pub fn find(db: &mut Db, keys: &Keys, typed: &str, limit: i64) -> Result<Vec<i64>> {
    let name = keys.index("party.name", &fold_name(typed))?;
    let email = keys.index("party.email", &fold_email(typed))?;
    let phone = keys.index("party.phone", &fold_phone(typed))?;
    let mut ids: Vec<i64> = Vec::new();
    // Three look-ups, each by its own index: one OR over the three would scan.
    ids.extend(
        parties::table
            .filter(parties::name_index.eq(name))
            .order(parties::id.desc())
            .limit(limit)
            .select(parties::id)
            .load::<i64>(db)?,
    );
    ids.extend(
        parties::table
            .filter(parties::email_index.eq(email))
            .order(parties::id.desc())
            .limit(limit)
            .select(parties::id)
            .load::<i64>(db)?,
    );
    ids.extend(
        parties::table
            .filter(parties::phone_index.eq(phone))
            .order(parties::id.desc())
            .limit(limit)
            .select(parties::id)
            .load::<i64>(db)?,
    );
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.dedup();
    ids.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(ids)
}

/// How a party can be reached, without opening anything.
///
/// # Errors
/// `NotFound`.
pub fn reachable(db: &mut Db, id: i64) -> Result<Reachable> {
    let (by_email, by_post, by_phone) = parties::table
        .find(id)
        .select((
            parties::email_sealed.is_not_null(),
            parties::address_sealed.is_not_null(),
            parties::phone_sealed.is_not_null(),
        ))
        .get_result(db)?;
    Ok(Reachable { by_email, by_post, by_phone })
}
