//! The supervisor approves the reply (決行): the case is finished at this moment. The reply goes out by e-mail with the
//! rating link, on paper to be posted, or is told by telephone or interview; where the petitioner left no way to be
//! reached it stays on file and the case is closed.

use serde_json::json;

use crate::acts::gate::unit_of;
use crate::acts::owing::{Enclosed, petitioner};
use crate::acts::{Gate, Office, counting};
use crate::domain::case::{CloseCode, ReplyBy};
use crate::domain::letter::Letter;
use crate::domain::reply::{ReplyState, approval, way};
use crate::domain::staff::Staff;
use crate::domain::time::{DAY, Moment};
use crate::error::{Error, Result};
use crate::store::attachments::{Carrier, of};
use crate::store::cases::Case;
use crate::store::reference::Reference;
use crate::store::replies::Reply;
use crate::store::{Db, cases, parties, replies, staff as staff_store, texts};

/// Approves the reply under one of [`CloseCode::REPLIED`]. Returns the case's new version.
///
/// # Errors
/// `Refused` for the reply's own author; `Conflict`, `NotFound`.
pub fn approve(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    result: CloseCode,
) -> Result<i64> {
    if !CloseCode::REPLIED.contains(&result) {
        return Err(Error::invalid("result", "field-choose"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let seen = cases::get(db, case_id)?;
        let way = way(seen.reply_by, parties::reachable(db, seen.party_id)?);
        let mut gate = Gate::staff(db, &office, &staff, approval(way), case_id, version)?;
        let mut reply = gate.reply()?.clone();
        reply.state = ReplyState::Approved;
        reply.approver_id = Some(staff.id);
        reply.decided_at = Some(now);
        reply.way = Some(way);
        // On paper the link's days begin when the letter is posted; until then they are counted from approval. Without a
        // letter nobody gets a link.
        reply.rating_until = way.is_written().then(|| now.plus_seconds(office.rules.rating_days * DAY));
        replies::save(db, &reply)?;
        gate.case.close_code = Some(result);
        match way {
            ReplyBy::Email => (gate.case.replied_at, gate.case.rating_until) = (Some(now), reply.rating_until),
            ReplyBy::OnFile => gate.case.closed_at = Some(now),
            ReplyBy::Letter | ReplyBy::Phone => {}
        }
        let reference = gate.reference.clone();
        counting::finish(db, &office, &reference, &mut gate.case, now)?;
        gate.done(db, now, &json!({ "reply": reply.id, "result": result }))?;
        if way.is_written() {
            cases::ask_rating(db, &gate.case)?;
            let letter = letter_of(db, &gate.reference, &gate.case, &reply)?;
            let enclosed = Enclosed { reply_id: Some(reply.id), link: reply.link(), query_code: None };
            petitioner(db, &office, &gate.case, &letter, enclosed, now)?;
        }
        Ok(gate.case.version)
    })
}

/// The reply as a letter, for sending and for a look before approval.
///
/// # Errors
/// Of the database.
pub fn letter_of(db: &mut Db, reference: &Reference, case: &Case, reply: &Reply) -> Result<Letter> {
    let words = Words {
        body: texts::get(db, reply.text_id)?,
        legal_basis: reply.legal_basis.clone(),
        officer_id: reply.author_id,
        rating_until: reply.rating_until.unwrap_or(reply.updated_at),
        attachments: of(db, Carrier::Reply(reply.id))?.into_iter().map(|a| a.name).collect(),
    };
    letter_from(db, reference, case, words)
}

/// What a reply says, stored already or just being typed.
#[derive(Clone, Debug)]
pub struct Words {
    /// The text.
    pub body: String,
    /// The legal basis.
    pub legal_basis: String,
    /// Who answers.
    pub officer_id: i64,
    /// Until when it can be rated.
    pub rating_until: Moment,
    /// Names of the files that go with it.
    pub attachments: Vec<String>,
}

/// The letter of a reply's words, for the preview beside the editor.
///
/// # Errors
/// Of the database.
pub fn letter_from(db: &mut Db, reference: &Reference, case: &Case, words: Words) -> Result<Letter> {
    let officer = staff_store::get(db, words.officer_id)?;
    let (unit, unit_phone) = unit_of(case, reference);
    Ok(Letter::Reply {
        number: case.number().to_owned(),
        subject: case.subject.clone(),
        body: words.body,
        legal_basis: words.legal_basis,
        officer_phone: if officer.phone.is_empty() { unit_phone } else { officer.phone },
        officer_name: officer.name,
        unit,
        rating_until: words.rating_until,
        remedy: None,
        attachments: words.attachments,
    })
}
