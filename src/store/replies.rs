//! Replies, one a round of a case.

use diesel::prelude::*;

use super::Db;
use super::schema::{replies, reply_records, texts};
use crate::domain::case::ReplyBy;
use crate::domain::link::{Link, Purpose};
use crate::domain::reply::{ReplyState, Telling};
use crate::domain::time::Moment;
use crate::error::Result;

/// A row of `replies`.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset, Insertable)]
#[diesel(table_name = replies, treat_none_as_null = true, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct Reply {
    pub id: i64,
    pub case_id: i64,
    pub round: i32,
    pub version: i64,
    pub state: ReplyState,
    pub text_id: i64,
    pub legal_basis: String,
    pub author_id: i64,
    pub approver_id: Option<i64>,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub submitted_at: Option<Moment>,
    pub decided_at: Option<Moment>,
    pub return_reason: String,
    pub nonce: String,
    pub rating_until: Option<Moment>,
    /// `YYYYMMDD`
    pub posted_on: Option<i32>,
    /// How it reaches the petitioner, once it is approved; none for those approved before this was kept, which went by
    /// e-mail or letter.
    pub way: Option<ReplyBy>,
}

impl Reply {
    /// The link to rate it by, once it is approved; none for one that no letter carries.
    #[must_use]
    pub fn link(&self) -> Option<Link> {
        let expires_at = self.rating_until?;
        Some(Link { purpose: Purpose::Rate, row: self.id, nonce: self.nonce.clone(), expires_at })
    }
}

/// A new draft.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = replies, treat_none_as_default_value = false)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct NewReply {
    pub case_id: i64,
    pub round: i32,
    pub version: i64,
    pub state: ReplyState,
    pub text_id: i64,
    pub legal_basis: String,
    pub author_id: i64,
    pub created_at: Moment,
    pub updated_at: Moment,
    pub return_reason: String,
    pub nonce: String,
}

/// Stores a draft; its id.
///
/// # Errors
/// `Conflict` when the round has a reply.
pub fn insert(db: &mut Db, new: &NewReply) -> Result<i64> {
    Ok(diesel::insert_into(replies::table).values(new.clone()).returning(replies::id).get_result(db)?)
}

/// Reads a reply.
///
/// # Errors
/// `NotFound`.
pub fn get(db: &mut Db, id: i64) -> Result<Reply> {
    Ok(replies::table.find(id).get_result(db)?)
}

/// The reply of a round, if there is one.
///
/// # Errors
/// Of the database.
pub fn of_round(db: &mut Db, case_id: i64, round: i32) -> Result<Option<Reply>> {
    Ok(replies::table.filter(replies::case_id.eq(case_id).and(replies::round.eq(round))).get_result(db).optional()?)
}

/// Every reply of a case, first round first.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, case_id: i64) -> Result<Vec<Reply>> {
    Ok(replies::table.filter(replies::case_id.eq(case_id)).order(replies::round).load(db)?)
}

/// Writes a reply back.
///
/// # Errors
/// Of the database.
pub fn save(db: &mut Db, reply: &Reply) -> Result<()> {
    diesel::update(replies::table.find(reply.id)).set(reply.clone()).execute(db)?;
    Ok(())
}

/// The written record of a reply that was told by telephone or interview.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the tables")]
pub struct Told {
    pub reply_id: i64,
    pub how: Telling,
    /// `YYYYMMDD`
    pub told_on: i32,
    pub staff_id: i64,
    pub at: Moment,
    pub body: String,
}

/// Stores the record of a told reply.
///
/// # Errors
/// `Conflict` when it has one.
pub fn record_told(db: &mut Db, told: &Told) -> Result<()> {
    let text_id = super::texts::insert(db, &told.body)?;
    diesel::insert_into(reply_records::table)
        .values((
            reply_records::reply_id.eq(told.reply_id),
            reply_records::how.eq(told.how),
            reply_records::told_on.eq(told.told_on),
            reply_records::staff_id.eq(told.staff_id),
            reply_records::text_id.eq(text_id),
            reply_records::at.eq(told.at),
        ))
        .execute(db)?;
    Ok(())
}

/// The records of a case's told replies, oldest first.
///
/// # Errors
/// Of the database.
pub fn told_of_case(db: &mut Db, case_id: i64) -> Result<Vec<Told>> {
    Ok(reply_records::table
        .inner_join(replies::table.on(replies::id.eq(reply_records::reply_id)))
        .inner_join(texts::table.on(texts::id.eq(reply_records::text_id)))
        .filter(replies::case_id.eq(case_id))
        .order(replies::round)
        .select((
            reply_records::reply_id,
            reply_records::how,
            reply_records::told_on,
            reply_records::staff_id,
            reply_records::at,
            texts::body,
        ))
        .load(db)?)
}
