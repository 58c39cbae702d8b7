//! The ledger of incoming mail: messages, each once by its bytes, and their receipts. Who wrote and about what stands
//! sealed; the whole message is a file.

mod lists;
mod originals;

use diesel::prelude::*;

use super::Db;
use super::schema::{message_views, messages, receipts};
use crate::domain::incoming::{DecisionKind, LeftOut, Mail, MessageState, Reason};
use crate::domain::party::fold_email;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::on;

pub use lists::{
    beside_thread, count, from_sender_since, in_state, known_sender, newest, of_case, of_letter, waiting_since,
};
pub use originals::{erase, forget_submission, outlived, purge_spam};

/// The column label of who wrote.
const FROM: &str = "message.from";
/// The column label of the subject.
const SUBJECT: &str = "message.subject";
/// Characters of a stored fault at most.
const FAULT: usize = 500;

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
    pub left_out: String,
    pub erased_at: Option<Moment>,
}

impl MessageRow {
    /// Who wrote, as lists show it.
    ///
    /// # Errors
    /// `Internal` when the seal does not open.
    pub fn sender(&self, keys: &Keys) -> Result<Option<String>> {
        self.from_sealed.as_deref().map(|sealed| keys.open(FROM, sealed)).transpose()
    }

    /// The subject; `None` until the message was read.
    ///
    /// # Errors
    /// `Internal` when the seal does not open.
    pub fn subject(&self, keys: &Keys) -> Result<Option<String>> {
        self.subject_sealed.as_deref().map(|sealed| keys.open(SUBJECT, sealed)).transpose()
    }

    /// Why it was decided so.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason> {
        serde_json::from_str(&self.reasons).unwrap_or_default()
    }

    /// Lays down why it was decided so.
    ///
    /// # Errors
    /// What the library says.
    pub fn set_reasons(&mut self, reasons: &[Reason]) -> Result<()> {
        self.reasons = serde_json::to_string(reasons).map_err(Error::internal)?;
        Ok(())
    }

    /// Its files that the case did not take over.
    #[must_use]
    pub fn left_out(&self) -> Vec<LeftOut> {
        serde_json::from_str(&self.left_out).unwrap_or_default()
    }

    /// Lays down what was in the way.
    pub fn set_error(&mut self, why: &str) {
        self.error = Some(why.chars().take(FAULT).collect());
    }
}

/// What a ledger's line says of a message that was read: sealed before the transaction.
#[derive(Clone, Debug)]
pub struct SealedMail {
    from: Option<Vec<u8>>,
    subject: Vec<u8>,
    index: Option<String>,
    header_id: Option<String>,
    left_out: String,
}

impl SealedMail {
    /// Puts it into a line.
    pub fn write(&self, row: &mut MessageRow) {
        (row.from_sealed, row.subject_sealed) = (self.from.clone(), Some(self.subject.clone()));
        (row.from_index, row.header_id) = (self.index.clone(), self.header_id.clone());
        self.left_out.clone_into(&mut row.left_out);
    }
}

/// Seals who wrote and about what.
///
/// # Errors
/// Of the keys.
pub fn seal(keys: &Keys, mail: &Mail) -> Result<SealedMail> {
    let sender = mail.sender();
    Ok(SealedMail {
        from: (!sender.is_empty()).then(|| keys.seal(FROM, &sender)).transpose()?,
        subject: keys.seal(SUBJECT, &mail.subject)?,
        index: mail.from.as_deref().map(|from| index(keys, from)).transpose()?,
        // Ids that nobody writes are of no use as keys, and PostgreSQL takes no NUL.
        header_id: mail.header_id.clone().filter(|id| id.len() <= 998 && id.bytes().all(|b| b.is_ascii_graphic())),
        left_out: serde_json::to_string(&mail.left_out).map_err(Error::internal)?,
    })
}

/// The blind index of a sender's address: the same as of a petitioner's.
///
/// # Errors
/// Of the keys.
pub fn index(keys: &Keys, address: &str) -> Result<String> {
    keys.index("party.email", &fold_email(address))
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
        messages::left_out.eq("[]"),
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

/// Takes a message for a change: counts its version up and returns it, locked until the transaction ends.
///
/// # Errors
/// `NotFound`.
pub fn lock(db: &mut Db, id: i64) -> Result<MessageRow> {
    Ok(diesel::update(messages::table.find(id))
        .set(messages::version.eq(messages::version + 1))
        .returning(messages::all_columns)
        .get_result(db)?)
}

/// Writes a locked message back.
///
/// # Errors
/// Of the database.
pub fn save(db: &mut Db, row: &MessageRow) -> Result<()> {
    let changed = diesel::update(messages::table.find(row.id)).set(row.clone()).execute(db)?;
    if changed == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Messages whose taking in is due, the longest waiting first.
///
/// # Errors
/// Of the database.
pub fn due(db: &mut Db, now: Moment, limit: i64) -> Result<Vec<i64>> {
    Ok(messages::table
        .filter(messages::next_try_at.le(now))
        .order((messages::next_try_at, messages::id))
        .limit(limit)
        .select(messages::id)
        .load(db)?)
}

/// What a Message-ID, without brackets, that came in earlier became: its case and submission.
///
/// # Errors
/// Of the database.
pub fn by_header_id(db: &mut Db, header_id: &str) -> Result<Option<(Option<i64>, Option<i64>)>> {
    let ended = vec![MessageState::NewSubmission, MessageState::Appended];
    Ok(messages::table
        .filter(messages::header_id.eq(header_id).and(messages::state.eq_any(ended)))
        .order(messages::id)
        .select((messages::case_id, messages::submission_id))
        .first(db)
        .optional()?)
}

/// Logs that somebody fetched the raw message.
///
/// # Errors
/// Of the database.
pub fn log_view(db: &mut Db, message: i64, staff_id: i64, at: Moment) -> Result<()> {
    diesel::insert_into(message_views::table)
        .values((message_views::message_id.eq(message), message_views::staff_id.eq(staff_id), message_views::at.eq(at)))
        .execute(db)?;
    Ok(())
}
