//! What the pages of the calendar are given: the year with its days, the closures, and what a change does.

use serde_json::{Value, json};

use super::{Asked, HERE};
use crate::acts::calendar_change::{Change, Preview};
use crate::acts::calendar_missing::missing;
use crate::acts::{close_offices, import_calendar};
use crate::domain::calendar::DayKind;
use crate::domain::calendar_year::{DayChange, draw};
use crate::domain::closure::WHOLE_DAY;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::closures::{self, ClosureRow};
use crate::store::lists::{self, COUNTED};
use crate::store::reference::Reference;
use crate::store::{Db, running};
use crate::web::desk::{Desk, capped};
use crate::web::state::Web;

/// Closures that are listed.
const CLOSURES: i64 = 50;
/// Days that are listed of a change.
const DAYS: usize = 100;

/// The page.
///
/// # Errors
/// Of the database.
pub(super) fn page(web: &Web, db: &mut Db, desk: &Desk, asked: &Asked, now: Moment) -> Result<Value> {
    let reference = web.app.office.reference(db)?;
    let today = now.date_in(&web.app.office.zone);
    let data = reference.calendar.data();
    let mut years = data.years.clone().unwrap_or_default();
    let shown = asked.year.filter(|year| (1970..=2099).contains(year)).unwrap_or_else(|| today.year());
    if !years.contains(&shown) {
        years.push(shown);
    }
    years.sort_unstable_by(|a, b| b.cmp(a));
    let region = match asked.region.as_deref() {
        Some("all") => "",
        Some(code) if reference.regions.iter().any(|region| region.code == code) => code,
        _ => reference.region_of(None),
    };
    let year_row = |year: &i16| {
        let of = |kind: DayKind| data.days.iter().filter(|d| d.date.year() == *year && d.kind == kind).count();
        json!({
            "year": year, "covered": reference.calendar.covers(*year), "shown": *year == shown,
            "url": format!("{HERE}?year={year}&region={}", coded(region)),
            "days_off": of(DayKind::DayOff), "makeup_days": of(DayKind::MakeUp),
        })
    };
    let drawn = draw(reference.calendar_in(region), shown);
    let missed = missing(db, &reference, today)?;
    let stale = running::older(db, reference.calendar.version(), (0, 0), COUNTED + 1)?.len();
    let rows = closures::newest(db, CLOSURES)?;
    let may_close = desk.staff().is_any(close_offices::ROLES);
    let names = lists::names(db, rows.iter().filter_map(|row| row.entered_by))?;
    let closures: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut value = closure(&reference, desk.locale(), row)?;
            value["entered_by"] = json!(row.entered_by.and_then(|id| names.get(&id)));
            value["revoke_action"] =
                json!((may_close && row.revoked_at.is_none()).then(|| format!("{HERE}/closures/{}/revoke", row.id)));
            Ok(value)
        })
        .collect::<Result<_>>()?;
    let typed = |name: &str, otherwise: &str| {
        let text = asked.form.text(name);
        if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
    };
    Ok(json!({
        "errors": asked.errors,
        "form_action": HERE,
        "years": years.iter().map(year_row).collect::<Vec<_>>(),
        "drawn": drawn,
        "region_name": region_name(&reference, desk.locale(), region),
        "missing": missed.map(|m| json!({ "year": m.year, "clocks": (m.clocks > 0).then(|| capped(m.clocks)) })),
        "recomputing": (stale > 0).then(|| capped(stale)),
        "regions": regions(&reference, desk.locale(), region),
        "import_action": desk.staff().is_any(import_calendar::ROLES).then(|| format!("{HERE}/import")),
        "close_action": may_close.then(|| format!("{HERE}/close")),
        "form": {
            "regions": regions(&reference, desk.locale(), &uncoded(&typed("region", coded(reference.region_of(None))))),
            "date": typed("date", &today.to_string()),
            "span": typed("span", "day"),
            "reason": typed("reason", ""),
        },
        "closures": closures,
    }))
}

/// What a change does, with the form that does it.
///
/// # Errors
/// Of the database.
pub(super) fn preview(
    web: &Web,
    db: &mut Db,
    desk: &Desk,
    change: &Change,
    found: &Preview,
    fields: &[(&'static str, String)],
    action: &str,
) -> Result<Value> {
    let (reference, locale) = (web.app.office.reference(db)?, desk.locale());
    let (kind, years, closed) = match change {
        Change::Import(file) => ("import", json!(file.years), Value::Null),
        Change::Close(it) => ("close", json!([]), closure_of(&reference, locale, it)),
        Change::Reopen(id) => ("reopen", json!([]), closure(&reference, locale, &closures::get(db, *id)?)?),
    };
    let unit = |id: Option<i64>| id.and_then(|id| reference.units.get(id)).map(|unit| unit.name(locale).to_owned());
    let moves: Vec<Value> = found
        .moves
        .iter()
        .map(|m| {
            json!({
                "number": m.number, "unit_name": unit(m.unit_id), "purpose": m.purpose,
                "old_on": m.old_on.to_string(), "new_on": m.new_on.to_string(), "earlier": m.earlier,
            })
        })
        .collect();
    let day = |day: &DayChange| json!({ "date": day.date.to_string(), "before": day.before, "after": day.after });
    Ok(json!({
        "errors": [],
        "kind": kind,
        "years": years,
        "closure": closed,
        "new_years": found.new_years,
        "days": found.days.iter().take(DAYS).map(day).collect::<Vec<_>>(),
        "days_count": found.days.len(),
        "nothing": found.is_empty(),
        "later": found.later,
        "earlier": found.earlier,
        "moves": moves,
        "more": (found.later + found.earlier).saturating_sub(found.moves.len()),
        "action": action,
        "seen": found.version,
        "fields": fields.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect::<Vec<_>>(),
        "back_url": HERE,
    }))
}

fn closure(reference: &Reference, locale: &str, row: &ClosureRow) -> Result<Value> {
    let mut value = closure_of(reference, locale, &row.closure()?);
    value["id"] = json!(row.id);
    value["entered_at"] = json!(row.entered_at);
    value["revoked_at"] = json!(row.revoked_at);
    Ok(value)
}

fn closure_of(reference: &Reference, locale: &str, closure: &crate::domain::closure::Closure) -> Value {
    let half = WHOLE_DAY / 2;
    let span = match (closure.from_minute, closure.to_minute) {
        (0, WHOLE_DAY) => Some("day"),
        (0, to) if to == half => Some("morning"),
        (from, WHOLE_DAY) if from == half => Some("afternoon"),
        _ => None,
    };
    let time = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
    json!({
        "region_name": region_name(reference, locale, &closure.region),
        "date": closure.date.to_string(),
        "span": span,
        "hours": format!("{}–{}", time(closure.from_minute), time(closure.to_minute)),
        "reason": closure.reason,
    })
}

/// The name of a region; none for everywhere.
fn region_name(reference: &Reference, locale: &str, code: &str) -> Option<String> {
    if code.is_empty() {
        return None;
    }
    let region = reference.regions.iter().find(|region| region.code == code);
    Some(region.map_or_else(|| code.to_owned(), |region| region.name(locale).to_owned()))
}

fn regions(reference: &Reference, locale: &str, chosen: &str) -> Vec<Value> {
    reference
        .regions
        .iter()
        .map(|region| json!({ "code": region.code, "name": region.name(locale), "selected": region.code == chosen }))
        .collect()
}

/// A region as forms and addresses name it: everywhere has a word of its own.
fn coded(region: &str) -> &str {
    if region.is_empty() { "all" } else { region }
}

fn uncoded(text: &str) -> String {
    if text == "all" { String::new() } else { text.to_owned() }
}
