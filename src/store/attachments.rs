//! Files: blobs named by their SHA-256, and which submission, case, reply or message carries them under which name.

use diesel::prelude::*;

use super::Db;
use super::schema::{attachments, blobs, messages};
use crate::domain::time::{DAY, Moment};
use crate::error::Result;
use crate::on;

/// A row of `attachments`.
#[derive(Clone, Debug, Queryable, Identifiable)]
#[diesel(table_name = attachments)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Attachment {
    pub id: i64,
    pub sha256: String,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub submission_id: Option<i64>,
    pub case_id: Option<i64>,
    pub reply_id: Option<i64>,
    pub created_at: Moment,
    /// The supplement it came with.
    pub supplement_id: Option<i64>,
    /// The message it came with, to a case that was there already.
    pub message_id: Option<i64>,
    /// The letter that carries it as its own.
    pub letter_id: Option<i64>,
    /// By which name the letter's text shows it.
    pub content_id: Option<String>,
}

/// A stored file that is about to be attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// SHA-256 of its bytes in hex.
    pub sha256: String,
    /// Name as the sender gave it, without a path.
    pub name: String,
    /// Media type told from the bytes.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
}

/// What carries a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A submission that waits for confirmation.
    Submission(i64),
    /// A case.
    Case(i64),
    /// A reply.
    Reply(i64),
    /// What a petitioner supplemented to a case: its number, and that of the case.
    Supplement(i64, i64),
    /// A message that joined a case: its number, and that of the case.
    Message(i64, i64),
    /// A letter, as its own: those of a reply are the reply's.
    Letter(i64),
}

/// Days that a letter's own files are kept after it was written; by then it was sent or has failed for good.
const LETTER_DAYS: i64 = 90;

/// Keeps the collector away from a file that was stored and is about to be referred to.
///
/// # Errors
/// Of the database.
pub fn lease(db: &mut Db, file: &StoredFile, now: Moment, until: Moment) -> Result<()> {
    let row = (
        blobs::sha256.eq(file.sha256.clone()),
        blobs::size.eq(file.size),
        blobs::created_at.eq(now),
        blobs::leased_until.eq(until),
        blobs::gone_at.eq(None::<Moment>),
    );
    on!(db, c => diesel::insert_into(blobs::table)
        .values(row)
        .on_conflict(blobs::sha256)
        .do_update()
        .set((blobs::leased_until.eq(until), blobs::gone_at.eq(None::<Moment>)))
        .execute(c))?;
    Ok(())
}

/// Attaches stored files.
///
/// # Errors
/// Of the database.
pub fn attach(db: &mut Db, files: &[StoredFile], to: Carrier, now: Moment) -> Result<()> {
    let (submission, case, reply, supplement, message) = match to {
        Carrier::Submission(id) => (Some(id), None, None, None, None),
        Carrier::Case(id) => (None, Some(id), None, None, None),
        Carrier::Reply(id) => (None, None, Some(id), None, None),
        Carrier::Supplement(id, case) => (None, Some(case), None, Some(id), None),
        Carrier::Message(id, case) => (None, Some(case), None, None, Some(id)),
        Carrier::Letter(id) => return attach_to_letter(db, files.iter().map(|file| (file, None)), id, now),
    };
    for file in files {
        diesel::insert_into(attachments::table)
            .values((
                attachments::sha256.eq(&file.sha256),
                attachments::name.eq(&file.name),
                attachments::media_type.eq(&file.media_type),
                attachments::size.eq(file.size),
                attachments::submission_id.eq(submission),
                attachments::case_id.eq(case),
                attachments::reply_id.eq(reply),
                attachments::created_at.eq(now),
                attachments::supplement_id.eq(supplement),
                attachments::message_id.eq(message),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Attaches stored files to a letter, each with the name by which its text shows it, if it does.
///
/// # Errors
/// Of the database.
pub fn attach_to_letter<'a>(
    db: &mut Db,
    files: impl Iterator<Item = (&'a StoredFile, Option<&'a str>)>,
    letter_id: i64,
    now: Moment,
) -> Result<()> {
    for (file, content_id) in files {
        diesel::insert_into(attachments::table)
            .values((
                attachments::sha256.eq(&file.sha256),
                attachments::name.eq(&file.name),
                attachments::media_type.eq(&file.media_type),
                attachments::size.eq(file.size),
                attachments::created_at.eq(now),
                attachments::letter_id.eq(Some(letter_id)),
                attachments::content_id.eq(content_id),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Takes their own files away from letters that were written so long ago that none of them is on its way any more.
///
/// # Errors
/// Of the database.
pub fn purge_of_letters(db: &mut Db, now: Moment) -> Result<usize> {
    let old = attachments::created_at.lt(now.plus_seconds(-LETTER_DAYS * DAY));
    Ok(diesel::delete(attachments::table.filter(attachments::letter_id.is_not_null().and(old))).execute(db)?)
}

/// The files of a carrier, in the order they were given.
///
/// # Errors
/// Of the database.
pub fn of(db: &mut Db, carrier: Carrier) -> Result<Vec<Attachment>> {
    let all = attachments::table.order(attachments::id);
    Ok(match carrier {
        Carrier::Submission(id) => all.filter(attachments::submission_id.eq(id)).load(db)?,
        Carrier::Case(id) => {
            let own = attachments::supplement_id.is_null().and(attachments::message_id.is_null());
            all.filter(attachments::case_id.eq(id).and(own)).load(db)?
        }
        Carrier::Reply(id) => all.filter(attachments::reply_id.eq(id)).load(db)?,
        Carrier::Supplement(id, _) => all.filter(attachments::supplement_id.eq(id)).load(db)?,
        Carrier::Message(id, _) => all.filter(attachments::message_id.eq(id)).load(db)?,
        Carrier::Letter(id) => all.filter(attachments::letter_id.eq(id)).load(db)?,
    })
}

/// Takes files away from a reply that is still being written: all but these.
///
/// # Errors
/// Of the database.
pub fn keep_only(db: &mut Db, reply_id: i64, kept: &[i64]) -> Result<()> {
    let others = attachments::reply_id.eq(reply_id).and(attachments::id.ne_all(kept.to_vec()));
    diesel::delete(attachments::table.filter(others)).execute(db)?;
    Ok(())
}

/// Reads one attachment.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<Attachment> {
    Ok(attachments::table.find(id).get_result(db)?)
}

/// Gives the files of a confirmed submission to its case.
///
/// # Errors
/// Of the database.
pub fn move_to_case(db: &mut Db, submission_id: i64, case_id: i64) -> Result<()> {
    diesel::update(attachments::table.filter(attachments::submission_id.eq(submission_id)))
        .set(attachments::case_id.eq(Some(case_id)))
        .execute(db)?;
    Ok(())
}

/// Blobs that nothing refers to and no lease protects; a line of the ledger whose original was erased does not count.
///
/// # Errors
/// Of the database.
pub fn orphans(db: &mut Db, now: Moment, limit: i64) -> Result<Vec<String>> {
    Ok(blobs::table
        .left_join(attachments::table.on(attachments::sha256.eq(blobs::sha256)))
        .left_join(messages::table.on(messages::sha256.eq(blobs::sha256).and(messages::erased_at.is_null())))
        .filter(attachments::id.is_null().and(messages::id.is_null()).and(blobs::leased_until.lt(now)))
        .filter(blobs::gone_at.is_null())
        .limit(limit)
        .select(blobs::sha256)
        .load(db)?)
}

/// Forgets a blob if nothing refers to it and no lease protects it, or there is no such row; whether it is forgotten. Where
/// lines of the ledger still name it, the row says since when its bytes are gone.
///
/// # Errors
/// Of the database; `Conflict` when something refers to it since a moment.
pub fn forget(db: &mut Db, sha256: &str, now: Moment) -> Result<bool> {
    let wanted: Option<i64> =
        attachments::table.filter(attachments::sha256.eq(sha256)).select(attachments::id).first(db).optional()?;
    let raw: Option<Option<Moment>> =
        messages::table.filter(messages::sha256.eq(sha256)).select(messages::erased_at).first(db).optional()?;
    if wanted.is_some() || raw == Some(None) {
        return Ok(false);
    }
    let free = blobs::table.filter(blobs::sha256.eq(sha256).and(blobs::leased_until.lt(now)));
    if raw.is_some() {
        return Ok(diesel::update(free).set(blobs::gone_at.eq(Some(now))).execute(db)? == 1);
    }
    diesel::delete(free).execute(db)?;
    let left: Option<String> = blobs::table.find(sha256).select(blobs::sha256).first(db).optional()?;
    Ok(left.is_none())
}
