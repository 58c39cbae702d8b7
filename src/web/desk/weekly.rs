//! The weekly list of what is overdue, to print and sign: a table a unit, or the same as CSV.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpRequest, HttpResponse};
use jiff::ToSpan;
use serde_json::{Value, json};

use super::{Desk, control};
use crate::acts::control_list::{Entry, desk_name, overdue};
use crate::domain::control::{READERS, reach};
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Message, Result};
use crate::reports::guard::guarded;
use crate::store::Db;
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web, blocking, locale_of};

/// Before the text: without it spreadsheets take UTF-8 for an older encoding.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// The columns of the CSV, as keys of messages.
const COLUMNS: &[&str] = &[
    "column-unit",
    "column-number",
    "column-subject",
    "fact-handler",
    "control-purpose",
    "control-last-day",
    "control-days-over",
    "control-extensions",
    "control-asked-on",
    "control-explained-on",
    "control-explanation",
];

/// `GET /desk/control/weekly`: control officers and managers; supervisors for their part of the tree.
///
/// # Errors
/// `Refused` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(READERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "desk/weekly", "queue-control", |web, db, desk, now| {
        list(web, db, desk.staff(), desk.locale(), now)
    })
    .await
}

/// `GET /desk/control/weekly.csv`: the same people.
///
/// # Errors
/// `Refused` for others.
pub async fn csv(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(READERS)?;
    let (locale, staff) = (locale_of(&request), signed_in.staff);
    let (day, bytes) = blocking(&state, move |web| {
        let now = web.now();
        let bytes = web.app.office.store.read(|db| written(web, db, &staff, locale, now))?;
        Ok((now.date_in(&web.app.office.zone), bytes))
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"overdue-{day}.csv\"")))
        .body(bytes))
}

fn list(web: &Web, db: &mut Db, staff: &Staff, locale: &str, now: Moment) -> Result<Value> {
    let reference = web.app.office.reference(db)?;
    let (entries, more) = overdue(db, &reference, reach(staff, &reference.units), Some(staff.id), now)?;
    let zone = &web.app.office.zone;
    let mut units: Vec<Value> = Vec::new();
    for entry in &entries {
        let mut row = control::row(&reference, locale, entry);
        let reminder = entry.reminder.as_ref();
        row["asked_on"] = json!(reminder.map(|r| r.asked_at.date_in(zone).to_string()));
        row["explained_on"] = json!(reminder.and_then(|r| r.explained_at).map(|at| at.date_in(zone).to_string()));
        row["text"] = json!(reminder.map(|r| r.explanation.clone()).unwrap_or_default());
        let unit = desk_name(&reference, entry.unit_id, locale);
        match units.last_mut().filter(|last| last["name"] == json!(unit)).and_then(|last| last["rows"].as_array_mut()) {
            Some(rows) => rows.push(row),
            None => units.push(json!({ "name": unit, "rows": [row] })),
        }
    }
    let today = now.date_in(zone);
    let monday = today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days()).unwrap_or(today);
    Ok(json!({
        "week_of": monday.to_string(),
        "as_of": now,
        "count": entries.len(),
        "more": more,
        "units": units,
        "csv_url": "/desk/control/weekly.csv",
        "control_url": "/desk/control",
    }))
}

fn written(web: &Web, db: &mut Db, staff: &Staff, locale: &str, now: Moment) -> Result<Vec<u8>> {
    let reference = web.app.office.reference(db)?;
    let (entries, _) = overdue(db, &reference, reach(staff, &reference.units), Some(staff.id), now)?;
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    let head: Vec<String> = COLUMNS.iter().map(|key| web.text(locale, &Message::new(key))).collect();
    out.write_record(head).map_err(Error::internal)?;
    for entry in &entries {
        let unit = desk_name(&reference, entry.unit_id, locale);
        out.write_record(cells(web, locale, &unit, entry)).map_err(Error::internal)?;
    }
    out.into_inner().map_err(|e| Error::internal(e.to_string()))
}

fn cells(web: &Web, locale: &str, unit: &str, entry: &Entry) -> Vec<String> {
    let zone = &web.app.office.zone;
    let key = format!("control-clock-{}", entry.row.purpose.code().replace('_', "-"));
    let purpose = web.pages.text(locale, &key, &json!({})).unwrap_or_default();
    let reminder = entry.reminder.as_ref();
    let day = |at: Option<Moment>| at.map(|at| at.date_in(zone).to_string()).unwrap_or_default();
    [
        unit,
        entry.row.number.as_deref().unwrap_or_default(),
        &entry.row.subject,
        entry.handler.as_deref().unwrap_or_default(),
        &purpose,
        &entry.due_on.to_string(),
        &entry.days.to_string(),
        &entry.extensions.to_string(),
        &day(reminder.map(|r| r.asked_at)),
        &day(reminder.and_then(|r| r.explained_at)),
        reminder.map_or("", |r| r.explanation.as_str()),
    ]
    .into_iter()
    .map(guarded)
    .collect()
}
