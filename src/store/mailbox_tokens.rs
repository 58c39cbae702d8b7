//! The refresh token that each mailbox's token server gave last, sealed, with a digest of the configured one it came from.

use diesel::prelude::*;

use super::Db;
use super::schema::mailbox_tokens;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// The token of a mailbox that came from the configured one with this digest, sealed.
///
/// # Errors
/// Of the database.
pub fn get(db: &mut Db, mailbox: &str, configured: &str) -> Result<Option<Vec<u8>>> {
    Ok(mailbox_tokens::table
        .filter(mailbox_tokens::mailbox.eq(mailbox).and(mailbox_tokens::configured.eq(configured)))
        .select(mailbox_tokens::refresh_sealed)
        .first(db)
        .optional()?)
}

/// Keeps the token that a mailbox's server gave, in place of the one before.
///
/// # Errors
/// Of the database.
pub fn put(db: &mut Db, mailbox: &str, configured: &str, sealed: &[u8], now: Moment) -> Result<()> {
    let values = (
        mailbox_tokens::configured.eq(configured),
        mailbox_tokens::refresh_sealed.eq(sealed),
        mailbox_tokens::given_at.eq(now),
    );
    on!(db, c => diesel::insert_into(mailbox_tokens::table)
        .values((mailbox_tokens::mailbox.eq(mailbox), values))
        .on_conflict(mailbox_tokens::mailbox)
        .do_update()
        .set(values)
        .execute(c))?;
    Ok(())
}
