//! Whether the ledger of incoming mail goes on: as long as messages wait for more than an hour, the administrators are told,
//! once a day.

use crate::acts::Office;
use crate::domain::letter::Letter;
use crate::domain::link::{Link, Purpose};
use crate::domain::staff::Role;
use crate::domain::time::{HOUR, Moment};
use crate::error::Result;
use crate::store::letters::{NewLetter, Recipient, insert};
use crate::store::{messages, reference, staff};

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
        let administrators = staff::with_role(db, Role::Administrator)?;
        let mut owed = 0;
        for person in administrators.iter().filter(|person| !person.email.is_empty()) {
            let new = NewLetter {
                letter: &letter,
                to: Recipient::Staff(person.id),
                locale: "zh-TW",
                case_id: None,
                submission_id: None,
                reply_id: None,
                // Opens nothing by itself: the reader signs in.
                link: Some(Link { purpose: Purpose::Jobs, row: 0, nonce: String::new(), expires_at: Moment(i64::MAX) }),
                query_code: None,
                by_post: false,
            };
            insert(db, &office.keys, &new, now)?;
            owed += 1;
        }
        Ok(owed)
    })
}
