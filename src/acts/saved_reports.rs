//! What the acts on saved reports share: who may do what to one, and whether what was wanted is there.

use jiff::tz::TimeZone;

use crate::acts::Office;
use crate::domain::figures::{Filter, Names, Period, UNASSIGNED, UNCLASSIFIED};
use crate::domain::saved_report::{Draft, Ownership, READERS, SAVERS, SavedPeriod, may_change, may_read};
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Result};
use crate::store::reference::Reference;
use crate::store::saved_reports::{self, SavedReport};
use crate::store::{Db, figures, staff as staff_store};

/// What the rights of `staff` to a report depend on.
///
/// # Errors
/// Of the database.
pub fn ownership(db: &mut Db, staff: &Staff, report: &SavedReport) -> Result<Ownership> {
    let recipients = saved_reports::recipients(db, report.id)?;
    let owner = staff_store::get(db, report.owner_id)?;
    Ok(Ownership {
        owner_id: report.owner_id,
        owner_saves: owner.active && owner.person()?.is_any(SAVERS),
        shared: report.shared,
        sent_to_me: recipients.iter().any(|(id, _)| *id == staff.id),
    })
}

/// A report that `staff` may look at, and whether they may change it.
///
/// # Errors
/// `NotFound` also for those who may not.
pub fn readable(db: &mut Db, staff: &Staff, id: i64) -> Result<(SavedReport, bool)> {
    let report = saved_reports::get(db, id)?;
    let of = ownership(db, staff, &report)?;
    if may_read(staff, of) { Ok((report, may_change(staff, of))) } else { Err(Error::NotFound) }
}

/// A report that `staff` may change.
///
/// # Errors
/// `NotFound` for those who may not even look at it; `Refused` for others.
pub fn changeable(db: &mut Db, staff: &Staff, id: i64) -> Result<SavedReport> {
    match readable(db, staff, id)? {
        (report, true) => Ok(report),
        (_, false) => Err(Error::refused("refused-saved-change")),
    }
}

/// Those of these people who may be sent figures now: their account is open, they read figures and have an address.
///
/// # Errors
/// Of the database.
pub fn reachable(db: &mut Db, recipients: &[(i64, String)]) -> Result<Vec<(i64, String)>> {
    let mut able = Vec::new();
    for (id, locale) in recipients {
        let row = staff_store::get(db, *id)?;
        if row.active && !row.email.is_empty() && row.person()?.is_any(READERS) {
            able.push((*id, locale.clone()));
        }
    }
    Ok(able)
}

/// Checks what was wanted against what there is.
pub(super) fn check(db: &mut Db, office: &Office, draft: &Draft, now: Moment) -> Result<()> {
    let reference = office.reference(db)?;
    let mut wrong = of_filter(db, &reference, &draft.terms.filter)?;
    if !has_begun(draft.terms.period, &office.zone, now) {
        let fixed = matches!(draft.terms.period, SavedPeriod::Fixed(_));
        wrong.push(FieldError::new(if fixed { "period_fixed" } else { "period" }, "saved-period-future"));
    }
    // Whoever lost the right since is no fault of the form: they stay on the list and get nothing.
    let mut known = true;
    for (id, locale) in &draft.recipients {
        known &= ["zh-TW", "en"].contains(&locale.as_str()) && staff_store::get(db, *id).is_ok();
    }
    if !known {
        wrong.push(FieldError::new("recipients", "field-choose"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

fn of_filter(db: &mut Db, reference: &Reference, filter: &Filter) -> Result<Vec<FieldError>> {
    let known = |of: &[(String, Names)], wanted: &[String]| {
        wanted.iter().all(|code| code == UNCLASSIFIED || of.iter().any(|(known, _)| known == code))
    };
    let (categories, classes) = (figures::category_names(db)?, figures::speed_class_names(db)?);
    let units = filter.units.iter().all(|code| code == UNASSIGNED || reference.units.by_code(code).is_some());
    let fields = [
        ("units", units),
        ("categories", known(&categories, &filter.categories)),
        ("speed_classes", known(&classes, &filter.speed_classes)),
    ];
    Ok(fields.into_iter().filter(|(_, good)| !good).map(|(field, _)| FieldError::new(field, "field-choose")).collect())
}

fn has_begun(period: SavedPeriod, zone: &TimeZone, now: Moment) -> bool {
    Period::of(period.on(now.date_in(zone)), zone, now).is_some()
}
