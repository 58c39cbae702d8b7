//! What a case asked of others and what they gave, as entries of its thread: supplements, consultations, requests for more
//! time.

use serde_json::{Value, json};

use super::case::Seen;
use super::thread::{entry, files};
use crate::domain::asking::RequestState;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::attachments::{Carrier, of};
use crate::store::{Db, consultations, extensions, lists, supplements, texts};

/// The entries, each with its moment.
///
/// # Errors
/// Of the database.
pub fn of_case(db: &mut Db, locale: &str, seen: &Seen) -> Result<Vec<(Moment, Value)>> {
    let id = seen.case.id;
    let (supplements, asked, requests) =
        (supplements::of_case(db, id)?, consultations::of_case(db, id)?, extensions::of_case(db, id)?);
    let people = supplements
        .iter()
        .map(|s| s.asked_by)
        .chain(asked.iter().flat_map(|c| [Some(c.asked_by), c.answered_by]).flatten())
        .chain(requests.iter().flat_map(|r| [Some(r.asked_by), r.decided_by]).flatten());
    let names = lists::names(db, people.collect::<Vec<_>>())?;
    let name = |id: Option<i64>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    let mut entries = Vec::new();
    let mut put = |kind: &str, at: Moment, who: String, text: String, unit: Option<&str>| {
        let mut entry = entry(kind, at, &who);
        entry["text"] = json!(Some(text).filter(|text| !text.is_empty()));
        entry["unit_name"] = json!(unit);
        entries.push((at, entry));
        entries.len() - 1
    };
    let mut given = Vec::new();
    for s in &supplements {
        put("supplement_asked", s.asked_at, name(Some(s.asked_by)), texts::get(db, s.question_id)?, None);
        if let Some((answer, at)) = s.answer_id.zip(s.answered_at) {
            let at = put("supplement_given", at, String::new(), texts::get(db, answer)?, None);
            given.push((at, of(db, Carrier::Supplement(s.id, id))?));
        }
    }
    for c in &asked {
        let unit = seen.reference.units.get(c.unit_id).map(|unit| unit.name(locale));
        put("consult_asked", c.asked_at, name(Some(c.asked_by)), texts::get(db, c.question_id)?, unit);
        if let Some((answer, at)) = c.answer_id.zip(c.answered_at) {
            put("consult_answered", at, name(c.answered_by), texts::get(db, answer)?, unit);
        }
    }
    for r in &requests {
        put("extension_asked", r.asked_at, name(Some(r.asked_by)), r.reason.clone(), None);
        if let (RequestState::Declined, Some(at)) = (r.state, r.decided_at) {
            put("extension_declined", at, name(r.decided_by), r.decision_reason.clone(), None);
        }
    }
    for (at, list) in given {
        if let Some((_, entry)) = entries.get_mut(at) {
            entry["attachments"] = json!(files(&list));
        }
    }
    Ok(entries)
}
