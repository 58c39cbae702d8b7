//! What was written about a case: notes, replies and ratings in the order of time; its letters; files as pages list them.

use serde_json::{Value, json};

use super::asked;
use super::case::Seen;
use super::mail::READERS;
use super::message::pieces;
use super::reminding;
use crate::domain::case::Verb;
use crate::domain::delivery::LetterState;
use crate::domain::incoming::LeftOutWhy;
use crate::domain::reply::ReplyState;
use crate::domain::rights::{may, may_see_identity};
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::attachments::{Attachment, Carrier, of};
use crate::store::messages::{self, MessageRow};
use crate::store::replies::{Reply, told_of_case};
use crate::store::reviews::RatingRow;
use crate::store::{Db, letters as letter_store, lists, notes, replies, reviews, texts};

/// The thread of a case.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, locale: &str, staff: &Staff, seen: &Seen) -> Result<Vec<Value>> {
    let case_id = seen.case.id;
    let (notes, replies, ratings) =
        (notes::of_case(db, case_id)?, replies::of_case(db, case_id)?, reviews::of_case(db, case_id)?);
    let told = told_of_case(db, case_id)?;
    let joined = messages::of_case(db, case_id)?;
    let people = notes.iter().map(|n| n.staff_id).chain(replies.iter().map(|r| r.author_id));
    let people = people.chain(told.iter().map(|t| t.staff_id)).chain(joined.iter().filter_map(|m| m.decided_by));
    let names = lists::names(db, people)?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    let mut entries: Vec<(Moment, Value)> = Vec::new();
    for note in notes {
        let mut entry = entry("note", note.at, &name(note.staff_id));
        entry["text"] = json!(note.body);
        entries.push((note.at, entry));
    }
    for reply in replies {
        entries.push((reply.updated_at, of_reply(db, &reply, &name(reply.author_id))?));
    }
    entries.extend(asked::of_case(db, locale, seen)?);
    for told in told {
        let mut entry = entry(&format!("told_{}", told.how), told.at, &name(told.staff_id));
        entry["at"] = json!(day_text(told.told_on));
        entry["text"] = json!(told.body);
        entries.push((told.at, entry));
    }
    for row in joined {
        let at = row.decided_at.or(row.processed_at).unwrap_or(row.stored_at);
        let mut entry = of_message(db, staff, &row, &row.decided_by.map(name).unwrap_or_default())?;
        entry["at"] = json!(at);
        entries.push((at, entry));
    }
    entries.extend(ratings.iter().map(|rating| (rating.updated_at, of_rating(rating))));
    for (kind, at, who, text) in reminding::said(db, case_id)? {
        let mut entry = entry(kind, at, &who);
        entry["text"] = json!(Some(text).filter(|text| !text.is_empty()));
        entries.push((at, entry));
    }
    entries.sort_by_key(|(at, _)| *at);
    Ok(entries.into_iter().map(|(_, entry)| entry).collect())
}

/// A day as pages take it.
fn day_text(day: i32) -> String {
    format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100)
}

pub(super) fn entry(kind: &str, at: Moment, who: &str) -> Value {
    json!({
        "type": kind, "at": at, "who": who, "text": null, "state": null, "rating": null, "return_reason": null,
        "legal_basis": null, "attachments": [], "unit_name": null, "pieces": [], "left_out": [], "message_url": null,
    })
}

/// A message that joined the case; whoever joined it by hand stands beside it. Who wrote it stands nowhere here.
fn of_message(db: &mut Db, staff: &Staff, row: &MessageRow, by: &str) -> Result<Value> {
    let mut entry = entry("mail", row.stored_at, by);
    if let Some(text) = row.text_id {
        entry["pieces"] = json!(pieces(&texts::get(db, text)?));
    }
    entry["attachments"] = json!(files(&of(db, Carrier::Message(row.id, 0))?));
    entry["left_out"] = json!(left_out(row, None));
    entry["message_url"] = json!(message_url(staff, row));
    Ok(entry)
}

/// The page of a message, for those who may look at the ledger.
fn message_url(staff: &Staff, row: &MessageRow) -> Option<String> {
    staff.is_any(READERS).then(|| format!("/desk/mail/{}", row.id))
}

/// What messages that are no entries of the thread could not bring into the case: that which opened it, supplements.
///
/// # Errors
/// Of the database.
pub fn left_out_beside(db: &mut Db, staff: &Staff, seen: &Seen) -> Result<Vec<Value>> {
    let rows = messages::beside_thread(db, seen.case.id, seen.case.submission_id)?;
    Ok(rows.iter().flat_map(|row| left_out(row, message_url(staff, row))).collect())
}

/// The files of a message that its case did not take over, by why; `url` leads to the message.
pub(super) fn left_out(row: &MessageRow, url: Option<String>) -> Vec<Value> {
    let all = row.left_out();
    let of =
        |why: LeftOutWhy| all.iter().filter(move |file| file.why == why).map(|file| &file.name).collect::<Vec<_>>();
    let by_why = LeftOutWhy::ALL.iter().map(|why| (why, of(*why))).filter(|(_, names)| !names.is_empty());
    by_why
        .map(|(why, names)| {
            let held = row.erased_at.is_none();
            json!({ "why": why, "number": names.len(), "names": names, "held": held, "url": url.clone().filter(|_| held) })
        })
        .collect()
}

fn of_reply(db: &mut Db, reply: &Reply, author: &str) -> Result<Value> {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let kind = if reply.state == ReplyState::Draft { "draft" } else { "reply" };
    let mut entry = entry(kind, reply.updated_at, author);
    entry["text"] = json!(texts::get(db, reply.text_id)?);
    entry["state"] = json!(reply.state);
    entry["return_reason"] =
        json!((reply.state == ReplyState::Returned).then(|| given(&reply.return_reason)).flatten());
    entry["legal_basis"] = json!(given(&reply.legal_basis));
    entry["attachments"] = json!(files(&of(db, Carrier::Reply(reply.id))?));
    Ok(entry)
}

fn of_rating(row: &RatingRow) -> Value {
    let mut entry = entry("rating", row.updated_at, "");
    let answers = [
        ("result", row.result),
        ("clarity", row.clarity),
        ("speed", row.speed),
        ("attitude", row.attitude),
        ("overall", row.overall),
    ];
    let answers: Vec<Value> = answers.iter().map(|(q, level)| json!({ "question": q, "level": level })).collect();
    entry["text"] = json!(Some(&row.comment).filter(|text| !text.is_empty()));
    entry["rating"] = json!({ "may_call": row.may_call, "answers": answers, "changed": row.changes > 0 });
    entry
}

/// Files as pages list them.
#[must_use]
pub fn files(list: &[Attachment]) -> Vec<Value> {
    list.iter()
        .map(|file| {
            json!({ "id": file.id, "name": file.name, "size": size(file.size), "url": format!("/desk/files/{}", file.id) })
        })
        .collect()
}

/// A number of bytes as people read it.
#[must_use]
pub fn size(bytes: i64) -> String {
    const KB: i64 = 1024;
    match bytes {
        b if b >= KB * KB => format!("{}.{} MB", b / (KB * KB), b % (KB * KB) * 10 / (KB * KB)),
        b if b >= KB => format!("{} KB", b / KB),
        b => format!("{b} B"),
    }
}

/// The letters to the petitioner, oldest first; a paper one can be printed by whoever may know the address.
///
/// # Errors
/// Of the database.
pub fn letters(db: &mut Db, staff: &Staff, seen: &Seen) -> Result<Vec<Value>> {
    let may_print = may_see_identity(staff, &seen.rights, &seen.reference.units).is_some();
    let may_post = may(staff, Verb::MarkPosted, &seen.rights, &seen.reference.units).is_ok();
    let rows = letter_store::of_case(db, seen.case.id)?;
    let to_petitioner = rows.into_iter().filter(|row| row.party_id.is_some());
    Ok(to_petitioner
        .map(|row| {
            let printable = may_print && matches!(row.state, LetterState::ToPost | LetterState::Posted);
            // A reply is posted with its case, by the act above.
            let waits = may_post && row.state == LetterState::ToPost && row.reply_id.is_none();
            json!({
                "kind": row.kind,
                "url": format!("/desk/letters/{}", row.id),
                "state": row.state,
                "at": row.sent_at.unwrap_or(row.created_at),
                "paper_action": printable.then(|| format!("/desk/letters/{}/paper", row.id)),
                "posted_action": waits.then(|| format!("/desk/letters/{}/posted", row.id)),
            })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_short() {
        assert_eq!([0, 1023, 1024, 1_258_291].map(super::size), ["0 B", "1023 B", "1 KB", "1.1 MB"]);
    }
}
