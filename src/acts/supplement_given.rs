//! The supplement came: the petitioner gives it on the status page or by e-mail, or staff enter what came by telephone or
//! letter. The wait ends, the clocks are measured anew, and whoever has the case is told.

use serde_json::json;

use crate::acts::owing::in_charge_of;
use crate::acts::{Gate, Office, counting};
use crate::domain::asking::SupplementState;
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::staff::{Actor, Staff};
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::store::attachments::{Carrier, StoredFile, attach};
use crate::store::idempotency::{self, Request};
use crate::store::{Db, clocks, pauses, supplements, texts};

/// The scope of idempotency keys of supplements.
const SCOPE: &str = "supplement";
/// The longest answer, in characters.
const LONGEST: usize = 20_000;

/// Takes in what the petitioner gives by their own hand; the caller has checked number and query code. Its files must be
/// stored already. The same key and content are taken in once.
///
/// # Errors
/// `Invalid` for an empty or very long text; `Refused` when nothing is asked for (any more), or the key was used for
/// something else.
pub fn by_petitioner(
    office: &Office,
    now: Moment,
    case_id: i64,
    text: &str,
    files: &[StoredFile],
    key: &str,
) -> Result<()> {
    let text = checked(text)?;
    if !crate::acts::submit::is_key(key) {
        return Err(Error::invalid("key", "field-invalid"));
    }
    let digests: Vec<&str> = files.iter().map(|f| f.sha256.as_str()).collect();
    let digest = sha256(json!([case_id, text, digests]).to_string().as_bytes());
    let request = Request { scope: SCOPE, key: key.to_owned(), digest };
    let (store, office, files) = (office.store.clone(), office.clone(), files.to_vec());
    idempotency::once(&store, request, now, move |db| {
        let mut gate = Gate::other(db, &office, Actor::Petitioner, Verb::SupplementGiven, case_id)?;
        give(db, &office, &mut gate, &text, &files, now)?;
        Ok(((), case_id.to_string()))
    })?;
    Ok(())
}

/// Enters what came by another way. Returns the case's new version.
///
/// # Errors
/// `Invalid` for an empty or very long text; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn by_staff(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    text: &str,
    files: &[StoredFile],
) -> Result<i64> {
    let text = checked(text)?;
    let (office, staff, files) = (office.clone(), staff.clone(), files.to_vec());
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::SupplementGiven, case_id, version)?;
        give(db, &office, &mut gate, &text, &files, now)?;
        Ok(gate.case.version)
    })
}

fn checked(text: &str) -> Result<String> {
    let text = many_lines(text);
    let long = text.chars().count() > LONGEST;
    if text.is_empty() || long { Err(Error::invalid("answer", "supplement-answer")) } else { Ok(text) }
}

/// Takes the supplement into a case that was taken for it.
///
/// # Errors
/// `Refused` when nothing is asked for; of the database.
pub(super) fn give(
    db: &mut Db,
    office: &Office,
    gate: &mut Gate,
    text: &str,
    files: &[StoredFile],
    now: Moment,
) -> Result<()> {
    let case_id = gate.case.id;
    let asked = supplements::open(db, case_id)?.ok_or_else(|| Error::refused("refused-no-supplement"))?;
    let in_time = now <= clocks::get(db, asked.clock_id)?.due_at;
    pauses::end(db, asked.pause_id, now, gate.actor.staff_id())?;
    counting::stop(db, asked.clock_id, now)?;
    let answer = texts::insert(db, text)?;
    supplements::settle(db, asked.id, SupplementState::Given, Some(answer), Some(now))?;
    attach(db, files, Carrier::Supplement(asked.id, case_id), now)?;
    gate.rest(db)?;
    let reference = gate.reference.clone();
    counting::refresh_all(db, office, &reference, &mut gate.case, now)?;
    gate.done(db, now, &json!({ "in_time": in_time, "files": files.len(), "due": gate.case.due_at }))?;
    let letter = Letter::SupplementGiven {
        number: gate.case.number().to_owned(),
        subject: gate.case.subject.clone(),
        due_on: counting::due_on(&reference, &gate.case),
    };
    in_charge_of(db, office, &gate.case, &reference, &letter, now)
}
