//! A report is saved.

use serde_json::json;

use crate::acts::Office;
use crate::acts::saved_reports::check;
use crate::acts::submit::is_key;
use crate::domain::saved_report::{Draft, SAVERS};
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::store::idempotency::{self, Done, Request};
use crate::store::saved_reports;

/// The scope of idempotency keys of saved reports.
const SCOPE: &str = "save_report";

/// Saves a report; its id. The same key and content give the same report again.
///
/// # Errors
/// `Refused` for those who save none; `Invalid` names each field that is wrong.
pub fn save_report(office: &Office, now: Moment, staff: &Staff, draft: Draft, key: &str) -> Result<i64> {
    if !staff.is_any(SAVERS) {
        return Err(Error::refused("refused-saved-save"));
    }
    if !is_key(key) {
        return Err(Error::invalid("idempotency_key", "field-invalid"));
    }
    let draft = draft.tidy()?;
    let asked = json!([staff.id, draft.name, draft.shared, draft.terms, draft.schedule, draft.recipients]);
    let request = Request { scope: SCOPE, key: key.to_owned(), digest: sha256(asked.to_string().as_bytes()) };
    let (store, office, owner) = (office.store.clone(), office.clone(), staff.id);
    let done = idempotency::once(&store, request, now, move |db| {
        check(db, &office, &draft, now)?;
        let next = draft.schedule.next_after(now, &office.reference(db)?.calendar);
        let id = saved_reports::insert(db, &draft, owner, next, now)?;
        Ok((id, id.to_string()))
    })?;
    match done {
        Done::Now(id) => Ok(id),
        Done::Before(id) => id.parse().map_err(Error::internal),
    }
}
