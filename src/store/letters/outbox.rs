//! What the outbox does with rows of letters: it claims them, freezes what they say before it is sent for the first time,
//! and records what became of each, all under the word of its claim.

use diesel::prelude::*;

use super::{FROZEN, LetterRow};
use crate::domain::delivery::LetterState;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::keys::Keys;
use crate::store::Db;
use crate::store::schema::letters;

/// Claims letters whose attempt is due: until `until` nobody else takes them. The claim is a word of the caller's.
///
/// # Errors
/// Of the database.
pub fn claim(db: &mut Db, claim: &str, now: Moment, until: Moment, limit: i64) -> Result<Vec<LetterRow>> {
    let ids: Vec<i64> = letters::table
        .filter(letters::next_try_at.le(now))
        .order((letters::next_try_at, letters::id))
        .limit(limit)
        .select(letters::id)
        .load(db)?;
    // The condition stands again in the update: two nodes may have read the same ids.
    diesel::update(letters::table.filter(letters::id.eq_any(ids.clone()).and(letters::next_try_at.le(now))))
        .set((
            letters::state.eq(LetterState::Sending),
            letters::claim.eq(Some(claim)),
            letters::next_try_at.eq(Some(until)),
            letters::attempts.eq(letters::attempts + 1),
        ))
        .execute(db)?;
    Ok(letters::table.filter(letters::id.eq_any(ids).and(letters::claim.eq(claim))).order(letters::id).load(db)?)
}

/// Gives back the letters of a claim that were not begun: they wait as they did before it.
///
/// # Errors
/// Of the database.
pub fn release(db: &mut Db, claim: &str, now: Moment) -> Result<()> {
    diesel::update(letters::table.filter(letters::claim.eq(claim).and(letters::state.eq(LetterState::Sending))))
        .set((
            letters::state.eq(LetterState::Waiting),
            letters::claim.eq(None::<String>),
            letters::next_try_at.eq(Some(now)),
            letters::attempts.eq(letters::attempts - 1),
        ))
        .execute(db)?;
    Ok(())
}

/// What a letter says, sealed before the transaction that keeps it.
#[derive(Clone, Debug)]
pub struct SealedWords {
    id: i64,
    message_id: String,
    sealed: Vec<u8>,
}

impl SealedWords {
    /// The letter's.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }
}

/// Seals the words of a letter for [`freeze`].
///
/// # Errors
/// Of the keys.
pub fn seal_words(keys: &Keys, id: i64, message_id: &str, frozen: &str) -> Result<SealedWords> {
    Ok(SealedWords { id, message_id: message_id.to_owned(), sealed: keys.seal(FROZEN, frozen)? })
}

/// Freezes what claimed letters say, once: a later attempt sends the same. The ids of those whose claim was lost.
///
/// # Errors
/// Of the database.
pub fn freeze(db: &mut Db, claim: &str, words: &[SealedWords]) -> Result<Vec<i64>> {
    let mut lost = Vec::new();
    for SealedWords { id, message_id, sealed } in words {
        let changed = diesel::update(letters::table.filter(letters::id.eq(id).and(letters::claim.eq(claim))))
            .set((letters::frozen_sealed.eq(Some(sealed)), letters::message_id.eq(Some(message_id))))
            .execute(db)?;
        if changed != 1 {
            lost.push(*id);
        }
    }
    Ok(lost)
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Handed over.
    Sent,
    /// To be tried again at this moment.
    Later(Moment, String),
    /// Given up.
    Failed(String),
}

/// Records the outcome of an attempt; `false` when the claim was lost in the meantime, and then nothing is changed.
///
/// # Errors
/// Of the database.
pub fn record(db: &mut Db, id: i64, claim: &str, outcome: &Outcome, now: Moment) -> Result<bool> {
    let (state, next, sent_at, error) = match outcome {
        Outcome::Sent => (LetterState::Sent, None, Some(now), None),
        Outcome::Later(at, why) => (LetterState::Waiting, Some(*at), None, Some(why.clone())),
        Outcome::Failed(why) => (LetterState::Failed, None, None, Some(why.clone())),
    };
    let changed = diesel::update(letters::table.filter(letters::id.eq(id).and(letters::claim.eq(claim))))
        .set((
            letters::state.eq(state),
            letters::next_try_at.eq(next),
            letters::sent_at.eq(sent_at),
            letters::error.eq(error),
            letters::claim.eq(None::<String>),
        ))
        .execute(db)?;
    Ok(changed == 1)
}
