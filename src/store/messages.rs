//! The ledger of incoming mail: messages, each once by its bytes, and their receipts. Who wrote and about what stands
//! sealed; the whole message is a file.

use diesel::prelude::*;

use super::Db;
use super::schema::{messages, receipts};
use crate::domain::incoming::{DecisionKind, MessageState};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::on;

/// A row of `messages`.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = messages, treat_none_as_null = true)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct MessageRow {
    pub id: i64,
    pub sha256: String,
    pub size: i64,
    pub stored_at: Moment,
    pub version: i64,
    pub state: MessageState,
    pub decision: Option<DecisionKind>,
    pub reasons: String,
    pub from_sealed: Option<Vec<u8>>,
    pub subject_sealed: Option<Vec<u8>>,
    pub from_index: Option<String>,
    pub header_id: Option<String>,
    pub submission_id: Option<i64>,
    pub case_id: Option<i64>,
    pub letter_id: Option<i64>,
    pub text_id: Option<i64>,
    pub suggested_case_id: Option<i64>,
    pub decided_by: Option<i64>,
    pub decided_at: Option<Moment>,
    pub decision_reason: String,
    pub processed_at: Option<Moment>,
    pub attempts: i64,
    pub next_try_at: Option<Moment>,
    pub error: Option<String>,
}

/// A row of `receipts`.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Receipt {
    pub id: i64,
    pub message_id: i64,
    pub source: String,
    pub reference: String,
    pub at: Moment,
}

/// Enters a message by its bytes' digest, unless it is there; its id, and whether it is new.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, sha256: &str, size: i64, now: Moment) -> Result<(i64, bool)> {
    let row = (
        messages::sha256.eq(sha256),
        messages::size.eq(size),
        messages::stored_at.eq(now),
        messages::version.eq(1_i64),
        messages::state.eq(MessageState::Waiting),
        messages::reasons.eq("[]"),
        messages::decision_reason.eq(""),
        messages::attempts.eq(0_i64),
        messages::next_try_at.eq(Some(now)),
    );
    let entered = on!(db, c => diesel::insert_into(messages::table).values(row).on_conflict_do_nothing().execute(c))?;
    let id = messages::table.filter(messages::sha256.eq(sha256)).select(messages::id).first(db)?;
    Ok((id, entered == 1))
}

/// Enters a receipt, unless it is there. Should another message have come under the same name, this one is told apart by
/// its digest, so that it is not lost.
///
/// # Errors
/// Of the database.
pub fn receive(db: &mut Db, message: i64, sha256: &str, source: &str, reference: &str, now: Moment) -> Result<()> {
    let apart = format!("{reference}#{}", sha256.get(..16).unwrap_or(sha256));
    for reference in [reference, &apart] {
        let row = (
            receipts::message_id.eq(message),
            receipts::source.eq(source),
            receipts::reference.eq(reference),
            receipts::at.eq(now),
        );
        on!(db, c => diesel::insert_into(receipts::table).values(row).on_conflict_do_nothing().execute(c))?;
        let here = receipts::source.eq(source).and(receipts::reference.eq(reference));
        let whose: i64 = receipts::table.filter(here).select(receipts::message_id).first(db)?;
        if whose == message {
            return Ok(());
        }
    }
    Err(Error::Conflict)
}

/// Reads a message.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<MessageRow> {
    Ok(messages::table.find(id).get_result(db)?)
}

/// Its receipts, the first one first.
///
/// # Errors
/// Of the database.
pub fn receipts_of(db: &mut Db, message: i64) -> Result<Vec<Receipt>> {
    Ok(receipts::table.filter(receipts::message_id.eq(message)).order(receipts::id).load(db)?)
}
