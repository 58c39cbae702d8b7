//! Letters once more: one that came back, the same one tried again, or what it says sent elsewhere.

use diesel::prelude::*;

use super::{LetterRow, TO, new_message_id};
use crate::domain::delivery::LetterState;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::store::schema::letters;
use crate::store::{Db, nudge};

/// Marks a letter that was sent and came back as failed for good; `false` when it is not (or no longer) sent, and then
/// nothing is changed.
///
/// # Errors
/// Of the database.
pub fn bounced(db: &mut Db, id: i64, why: &str) -> Result<bool> {
    let sent = letters::table.filter(letters::id.eq(id).and(letters::state.eq(LetterState::Sent)));
    let changed =
        diesel::update(sent).set((letters::state.eq(LetterState::Failed), letters::error.eq(Some(why)))).execute(db)?;
    Ok(changed == 1)
}

/// Has a failed letter tried again at once, with all its days before it.
///
/// # Errors
/// Of the database; `Conflict` when it is no longer failed.
pub fn retry(db: &mut Db, id: i64, now: Moment) -> Result<()> {
    let failed = letters::table.filter(letters::id.eq(id).and(letters::state.eq(LetterState::Failed)));
    let changed = diesel::update(failed)
        .set((
            letters::state.eq(LetterState::Waiting),
            letters::next_try_at.eq(Some(now)),
            letters::tried_from.eq(Some(now)),
            letters::attempts.eq(0_i64),
        ))
        .execute(db)?;
    nudge::owed();
    if changed == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Stores a letter that says the same as another, to be sent at once: to `address` alone when one is given, otherwise to
/// where its reader is written to now. It has a Message-ID of its own. Its id.
///
/// # Errors
/// Of the database or the keys.
pub fn copy(db: &mut Db, keys: &Keys, row: &LetterRow, address: Option<&str>, now: Moment) -> Result<i64> {
    let to = address.map(|address| keys.seal(TO, address)).transpose()?;
    nudge::owed();
    Ok(diesel::insert_into(letters::table)
        .values((
            letters::kind.eq(&row.kind),
            letters::case_id.eq(row.case_id),
            letters::submission_id.eq(row.submission_id),
            letters::reply_id.eq(row.reply_id),
            letters::party_id.eq(row.party_id),
            letters::staff_id.eq(row.staff_id),
            letters::locale.eq(&row.locale),
            letters::data.eq(&row.data),
            letters::link.eq(&row.link),
            letters::secret_sealed.eq(&row.secret_sealed),
            letters::state.eq(LetterState::Waiting),
            letters::attempts.eq(0_i64),
            letters::next_try_at.eq(Some(now)),
            letters::message_id.eq(new_message_id()?),
            letters::created_at.eq(now),
            letters::to_sealed.eq(to),
        ))
        .returning(letters::id)
        .get_result(db)?)
}
