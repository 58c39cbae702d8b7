//! Whether the ledger of incoming mail goes on: as long as messages wait for more than an hour, the administrators are told,
//! once a day.

use crate::acts::Office;
use crate::acts::owing::administrators;
use crate::domain::letter::Letter;
use crate::domain::link::Purpose;
use crate::domain::time::{HOUR, Moment};
use crate::error::Result;
use crate::store::{messages, reference};

/// When the administrators were told last.
const TOLD: &str = "mail_waiting_told";

/// Owes every administrator the letter of the day, if there is anything to say. Returns how many letters.
///
/// # Errors
/// Of the database.
pub fn mail_check(office: &Office, now: Moment) -> Result<usize> {
    let today = now.date_in(&office.zone).to_string();
    let office = office.clone();
    office.store.clone().write(move |db| {
        let waiting = messages::waiting_since(db, now.plus_seconds(-HOUR))?;
        if waiting == 0 || reference::value(db, TOLD)?.as_deref() == Some(today.as_str()) {
            return Ok(0);
        }
        reference::set_value(db, TOLD, &today)?;
        let agency = office.reference(db)?.agency.name_zh.clone();
        let letter = Letter::MailWaiting { waiting: i64::try_from(waiting).unwrap_or(i64::MAX), agency };
        administrators(db, &office, &letter, (Purpose::Jobs, 0), now)
    })
}
