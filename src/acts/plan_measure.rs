//! An improvement measure is planned: from the figures of a year, or from cases whose petitioners were dissatisfied.

use jiff::civil::Date;
use serde_json::json;

use crate::acts::Office;
use crate::acts::rights_of;
use crate::acts::submit::is_key;
use crate::domain::figures::FIRST_YEAR;
use crate::domain::letter::Letter;
use crate::domain::link::{Link, Purpose};
use crate::domain::measure::{CASES, Ownership, PLANNERS, Plan};
use crate::domain::rights::may_see;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::domain::units::Units;
use crate::error::{Error, FieldError, Message, Result};
use crate::keys::sha256;
use crate::store::idempotency::{self, Done, Request};
use crate::store::letters::{self, NewLetter, Recipient};
use crate::store::measures::{self, NewMeasure};
use crate::store::{Db, cases, staff as staff_store};

/// The scope of idempotency keys of measures.
const SCOPE: &str = "plan_measure";

/// What was entered.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The year whose figures or ratings gave the reason.
    pub year: i16,
    /// The category it is about, when it is about one.
    pub category: Option<String>,
    /// In words.
    pub plan: Plan,
    /// Who carries it out.
    pub owned: Ownership,
    /// By when.
    pub due_on: Date,
    /// Numbers of the cases that gave the reason.
    pub numbers: Vec<String>,
}

/// Plans a measure; its id. The same key and content give the same measure again.
///
/// # Errors
/// `Refused` for those who plan none; `Invalid` names each field that is wrong.
pub fn plan_measure(office: &Office, now: Moment, staff: &Staff, planned: Planned, key: &str) -> Result<i64> {
    if !staff.is_any(PLANNERS) {
        return Err(Error::refused("refused-measure-plan"));
    }
    if !is_key(key) {
        return Err(Error::invalid("idempotency_key", "field-invalid"));
    }
    let today = now.date_in(&office.zone);
    let mut wrong = Vec::new();
    if !(FIRST_YEAR..=today.year()).contains(&planned.year) {
        wrong.push(FieldError::new("year", "measure-year"));
    }
    if planned.due_on < today {
        wrong.push(FieldError::new("due_on", "measure-due-past"));
    }
    if planned.numbers.len() > CASES {
        wrong.push(FieldError::new("cases", "measure-cases-many"));
    }
    let plan = match planned.plan.clone().tidy() {
        Ok(plan) => plan,
        Err(Error::Invalid(more)) => {
            wrong.extend(more);
            return Err(Error::Invalid(wrong));
        }
        Err(e) => return Err(e),
    };
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let Planned { year, category, owned, due_on, numbers, .. } = planned;
    let asked = json!([staff.id, year, category, plan.title, plan.cause, plan.action, owned.unit_id, owned.owner_id]);
    let digest = sha256(json!([asked, due_on.to_string(), numbers]).to_string().as_bytes());
    let request = Request { scope: SCOPE, key: key.to_owned(), digest };
    let (store, office, planner) = (office.store.clone(), office.clone(), staff.clone());
    let done = idempotency::once(&store, request, now, move |db| {
        let reference = office.reference(db)?;
        if category.as_deref().is_some_and(|code| reference.category(code).is_none()) {
            return Err(Error::invalid("category", "measure-category-choose"));
        }
        if reference.units.get(owned.unit_id).is_none_or(|unit| !unit.active) {
            return Err(Error::invalid("unit_id", "measure-unit-choose"));
        }
        if let Some(owner) = owned.owner_id
            && !staff_store::get(db, owner).is_ok_and(|row| row.active)
        {
            return Err(Error::invalid("owner_id", "measure-owner-choose"));
        }
        let new = NewMeasure {
            year: i32::from(year),
            category: category.clone(),
            plan: plan.clone(),
            owned,
            due_on,
            cases: ids(db, &planner, &reference.units, &numbers)?,
        };
        let id = measures::insert(db, &new, planner.id, now)?;
        tell_owner(db, &office, (id, &new), &planner, now)?;
        Ok((id, id.to_string()))
    })?;
    match done {
        Done::Now(id) => Ok(id),
        Done::Before(id) => id.parse().map_err(Error::internal),
    }
}

/// Whoever answers for the measure, and did not plan it, gets a letter.
fn tell_owner(db: &mut Db, office: &Office, (id, new): (i64, &NewMeasure), planner: &Staff, now: Moment) -> Result<()> {
    let Some(owner) = new.owned.owner_id.filter(|owner| *owner != planner.id) else { return Ok(()) };
    if staff_store::get(db, owner)?.email.is_empty() {
        return Ok(());
    }
    let reference = office.reference(db)?;
    let letter = Letter::MeasureYours {
        measure: new.plan.title.clone(),
        unit: reference.units.get(new.owned.unit_id).map(|unit| unit.name_zh.clone()).unwrap_or_default(),
        by: planner.name.clone(),
        due_on: new.due_on,
    };
    let new = NewLetter {
        letter: &letter,
        to: Recipient::Staff(owner),
        locale: "zh-TW",
        case_id: None,
        submission_id: None,
        reply_id: None,
        // Opens nothing by itself: the reader signs in.
        link: Some(Link { purpose: Purpose::Measure, row: id, nonce: String::new(), expires_at: Moment(i64::MAX) }),
        query_code: None,
        by_post: false,
    };
    letters::insert(db, &office.keys, &new, now).map(|_| ())
}

/// The cases of these numbers, each once; one that the planner may not see is unknown to them.
fn ids(db: &mut Db, planner: &Staff, units: &Units, numbers: &[String]) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for number in numbers {
        let found = match cases::by_number(db, number) {
            Ok(case) => may_see(planner, &rights_of(db, &case, None)?, units).then_some(case.id),
            Err(Error::NotFound) => None,
            Err(e) => return Err(e),
        };
        let Some(id) = found else {
            let message = Message::new("measure-case-unknown").with("number", number);
            return Err(Error::Invalid(vec![FieldError { field: "cases", message }]));
        };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}
