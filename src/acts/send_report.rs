//! A saved report is sent: its letters are owed with their files, and the report is moved on to the next time it is due, in one
//! transaction. So what is due goes once, however many nodes count it at the same time, and what broke off goes again.

use serde_json::json;

use crate::acts::Office;
use crate::acts::saved_reports::{changeable, reachable};
use crate::acts::submit::is_key;
use crate::domain::letter::Letter;
use crate::domain::link::{Link, Purpose};
use crate::domain::saved_report::RunOutcome;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::store::Db;
use crate::store::attachments::{StoredFile, attach_to_letter};
use crate::store::idempotency::{self, Done, Request};
use crate::store::letters::{self, NewLetter, Recipient};
use crate::store::saved_reports::{self, NewRun, SavedReport};

/// The scope of idempotency keys of reports sent by hand.
const SCOPE: &str = "send_report";

/// A letter in a language, with its files on the disk and leased; a file's second part is the name by which the text shows it.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The language.
    pub locale: String,
    /// What it says.
    pub letter: Letter,
    /// What it carries.
    pub files: Vec<(StoredFile, Option<String>)>,
}

/// When a report is due, as it stood when it was counted, and when next.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// The time that is sent now.
    pub at: Moment,
    /// The next one.
    pub next: Option<Moment>,
}

/// Sends what is due. How many letters are owed; none when another node was faster, or the report was changed meanwhile.
///
/// # Errors
/// Of the database.
pub fn send_due(
    office: &Office,
    now: Moment,
    report: &SavedReport,
    due: Due,
    ready: Vec<Ready>,
) -> Result<Option<usize>> {
    let (store, office, report) = (office.store.clone(), office.clone(), report.clone());
    store.write(move |db| {
        if !saved_reports::move_on(db, &report, due.next)? {
            return Ok(None);
        }
        owe(db, &office, report.id, (due.at, None), &ready, now).map(Some)
    })
}

/// Sends a report now because `staff` asked for it; its rhythm goes on as it was. How many letters are owed; the same key
/// sends nothing again.
///
/// # Errors
/// `NotFound` and `Refused` for those who may not; `Invalid` without anybody to send it to.
pub fn send_now(
    office: &Office,
    now: Moment,
    staff: &Staff,
    report_id: i64,
    ready: Vec<Ready>,
    key: &str,
) -> Result<usize> {
    if !is_key(key) {
        return Err(Error::invalid("idempotency_key", "field-invalid"));
    }
    let digest = sha256(json!([staff.id, report_id]).to_string().as_bytes());
    let request = Request { scope: SCOPE, key: key.to_owned(), digest };
    let (store, office, staff) = (office.store.clone(), office.clone(), staff.clone());
    let done = idempotency::once(&store, request, now, move |db| {
        changeable(db, &staff, report_id)?;
        let owed = owe(db, &office, report_id, (now, Some(staff.id)), &ready, now)?;
        if owed == 0 {
            return Err(Error::refused("refused-saved-nobody"));
        }
        Ok((owed, owed.to_string()))
    })?;
    match done {
        Done::Now(owed) => Ok(owed),
        Done::Before(owed) => owed.parse().map_err(Error::internal),
    }
}

/// Notes that what is due could not be counted or written. It stays due.
///
/// # Errors
/// Of the database.
pub fn failed(office: &Office, now: Moment, report_id: i64, due_at: Moment) -> Result<()> {
    let run = NewRun { report_id, due_at, staff_id: None, outcome: RunOutcome::Failed, letters: 0 };
    office.store.write(move |db| saved_reports::note(db, run, now))
}

/// Moves a report on without sending it: an office that was to be open is shut.
///
/// # Errors
/// Of the database.
pub fn put_off(office: &Office, report: &SavedReport, to: Moment) -> Result<()> {
    let report = report.clone();
    office.store.write(move |db| saved_reports::move_on(db, &report, Some(to)).map(|_| ()))
}

/// Owes the letters to whoever may be sent figures at this moment, and notes the run.
fn owe(
    db: &mut Db,
    office: &Office,
    report_id: i64,
    (due_at, staff_id): (Moment, Option<i64>),
    ready: &[Ready],
    now: Moment,
) -> Result<usize> {
    let recipients = saved_reports::recipients(db, report_id)?;
    let mut owed = 0;
    for (person, locale) in reachable(db, &recipients)? {
        // Whoever was put on the list in another language since gets the next one.
        let Some(ready) = ready.iter().find(|ready| ready.locale == locale).or_else(|| ready.first()) else { continue };
        let new = NewLetter {
            letter: &ready.letter,
            to: Recipient::Staff(person),
            locale: &ready.locale,
            case_id: None,
            submission_id: None,
            reply_id: None,
            // Opens nothing by itself: the reader signs in.
            link: Some(Link {
                purpose: Purpose::SavedReport,
                row: report_id,
                nonce: String::new(),
                expires_at: Moment(i64::MAX),
            }),
            query_code: None,
            by_post: false,
        };
        let letter = letters::insert(db, &office.keys, &new, now)?;
        attach_to_letter(db, ready.files.iter().map(|(file, shown)| (file, shown.as_deref())), letter, now)?;
        owed += 1;
    }
    let outcome = if owed == 0 { RunOutcome::Nobody } else { RunOutcome::Sent };
    let letters = i64::try_from(owed).unwrap_or(i64::MAX);
    saved_reports::note(db, NewRun { report_id, due_at, staff_id, outcome, letters }, now)?;
    Ok(owed)
}
