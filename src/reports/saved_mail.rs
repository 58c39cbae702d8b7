//! Saved reports on their way: a sweep sends those that are due, somebody sends one now. Each language is counted and written
//! once, however many read it; its files are on the disk before the letters that carry them are owed.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Words, saved, saved_letter};
use crate::acts::Office;
use crate::acts::saved_reports::{changeable, reachable};
use crate::acts::send_report::{self, Due, Ready};
use crate::domain::letter::Letter;
use crate::domain::staff::Staff;
use crate::domain::time::{HOUR, Moment};
use crate::error::{Error, Message, Result};
use crate::files::Files;
use crate::keys::sha256;
use crate::store::attachments::{StoredFile, lease};
use crate::store::saved_reports::{self, SavedReport};

/// Hours a file is kept for the letter that is about to carry it.
const LEASE_HOURS: i64 = 2;

/// What reports need to be sent.
#[derive(Clone, Copy)]
pub struct Mailing<'a> {
    /// Where acts are done.
    pub office: &'a Office,
    /// Where files are kept.
    pub files: &'a Files,
    /// The largest letter, in bytes.
    pub most_bytes: i64,
}

/// Sends every report that is due. Says in words what it did; one that fails is noted as failed and keeps none of the others
/// waiting. `words` are made only when something is due.
///
/// # Errors
/// Of the database.
pub fn sweep(mailing: Mailing<'_>, words: impl FnOnce() -> Result<Box<dyn Words>>, now: Moment) -> Result<Message> {
    let office = mailing.office;
    let due = office.store.read(|db| saved_reports::due(db, now))?;
    let (mut letters, mut failed) = (0, 0);
    if !due.is_empty() {
        let words = words()?;
        for report in &due {
            match send_due(mailing, &*words, report, now) {
                Ok(owed) => letters += owed,
                Err(e @ Error::Unavailable(_))
                    if office.store.read(|db| saved_reports::get(db, report.id)).is_err() =>
                {
                    return Err(e);
                }
                Err(e) => {
                    tracing::error!(report = report.id, error = %e, "a saved report could not be sent");
                    failed += 1;
                    send_report::failed(office, now, report.id, report.next_run_at.unwrap_or(now))?;
                }
            }
        }
    }
    let message = Message::new("job-result-saved-reports").with("letters", letters.to_string());
    Ok(message.with("failed", failed.to_string()))
}

/// Sends a report now, as `staff` asked for; how many letters are owed.
///
/// # Errors
/// `NotFound` and `Refused` for those who may not, or when nobody can be sent it; `Internal` when it cannot be written.
pub fn send_now(
    mailing: Mailing<'_>,
    words: &dyn Words,
    staff: &Staff,
    (id, key): (i64, &str),
    now: Moment,
) -> Result<usize> {
    let office = mailing.office;
    let report = office.store.read(|db| changeable(db, staff, id))?;
    let ready = ready(mailing, words, &report, now.date_in(&office.zone), Some(&staff.name), now)?;
    if ready.is_empty() {
        return Err(Error::refused("refused-saved-nobody"));
    }
    send_report::send_now(office, now, staff, id, ready, key)
}

fn send_due(mailing: Mailing<'_>, words: &dyn Words, report: &SavedReport, now: Moment) -> Result<usize> {
    let office = mailing.office;
    let (reference, schedule) = (office.store.read(|db| office.reference(db))?, report.schedule()?);
    let calendar = &reference.calendar;
    let at = schedule.last_due(report.next_run_at.unwrap_or(now), now, calendar);
    if let Some(later) = schedule.put_off(at, calendar).filter(|later| *later > now) {
        return send_report::put_off(office, report, later).map(|()| 0);
    }
    let day = schedule.planned_day(at, calendar);
    let ready = ready(mailing, words, report, day, None, now)?;
    let due = Due { at, next: schedule.next_after(now, calendar) };
    Ok(send_report::send_due(office, now, report, due, ready)?.unwrap_or(0))
}

/// Counts the report as of a day and writes it in each language that somebody reads.
fn ready(
    mailing: Mailing<'_>,
    words: &dyn Words,
    report: &SavedReport,
    day: Date,
    sent_by: Option<&str>,
    now: Moment,
) -> Result<Vec<Ready>> {
    let (office, terms) = (mailing.office, report.terms()?);
    let recipients = office.store.read(|db| {
        let listed = saved_reports::recipients(db, report.id)?;
        reachable(db, &listed)
    })?;
    let locales: BTreeSet<String> = recipients.into_iter().map(|(_, locale)| locale).collect();
    if locales.is_empty() {
        return Ok(Vec::new());
    }
    let figures = office.store.read(|db| {
        let reference = office.reference(db)?;
        saved::figures(db, (&reference, &office.zone), (&report.name, &terms), day, now)
    })?;
    let mut all = Vec::new();
    for locale in locales {
        let kept = (terms.formats.as_slice(), mailing.most_bytes);
        let written = saved_letter::write(&figures, kept, sent_by, &locale, words)?;
        let mut files = Vec::new();
        for (file, shown) in written.files {
            files.push((keep(mailing, &file, now)?, shown));
        }
        all.push(Ready { locale, letter: Letter::SavedReport(written.letter), files });
    }
    Ok(all)
}

/// Puts a file on the disk. The lease comes first, so that no collector takes it before the letter refers to it.
fn keep(mailing: Mailing<'_>, file: &saved::ReportFile, now: Moment) -> Result<StoredFile> {
    let stored = StoredFile {
        sha256: sha256(&file.bytes),
        name: file.name.clone(),
        media_type: file.media_type.to_owned(),
        size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
    };
    let (leased, until) = (stored.clone(), now.plus_seconds(LEASE_HOURS * HOUR));
    mailing.office.store.write(move |db| lease(db, &leased, now, until))?;
    mailing.files.put(&file.bytes)?;
    Ok(stored)
}
