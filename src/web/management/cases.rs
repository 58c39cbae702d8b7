//! The cases behind a number: a list that anybody who answers for the figures may read, so it says nothing of the matter nor
//! of people. Who may read a case gets its link; of what complains of the reader nothing is said but that it was counted.

mod naming;

use std::collections::{BTreeMap, HashMap};

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{CASES, READERS};
use crate::domain::figures::{
    Age, Cell, Day, DayCell, DayList, Figure, Period, PeriodFigures, PeriodName, RowOf, TableName,
};
use crate::domain::rights::{CaseRights, may_see};
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::reports::behind::Behind;
use crate::reports::{Words, summary, year};
use crate::store::figures_list::{Listed, RoundKey};
use crate::store::lists::{self, COUNTED, CaseRow};
use crate::store::reference::Reference;
use crate::store::{Db, figures};
use crate::web::answer::Answer;
use crate::web::desk::{Desk, capped, parameters};
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};
use naming::Names;

/// Rows on a page.
const PAGE: usize = 50;

/// The number that is asked about.
#[derive(Clone, Debug)]
enum Asked {
    /// Of a period, as of now or as of the end of a day.
    Period(PeriodName, Cell, Option<Date>),
    Day(Date, DayCell),
}

/// `GET /management/cases`: of a period `?period=2026&figure=closed_late`, with `&table=unit&row=north` of one row, with
/// `&until=2026-11-20` as it stood when that day ended; of a day
/// `?day=2026-11-26&list=overdue`, with `&unit=north` or `&age=up_to_3` of a part.
///
/// # Errors
/// `Refused` for whoever does not answer for the figures; `NotFound` where there is no such number.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(READERS)?;
    let parameters = parameters(&request);
    let asked = Asked::read(&parameters).ok_or(Error::NotFound)?;
    let after = parameters.get("after").and_then(|text| read_key(text));
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/cases", "", move |web, db, desk, now| list(web, db, desk, &asked, after, now))
        .await
}

impl Asked {
    fn read(parameters: &BTreeMap<String, String>) -> Option<Self> {
        let text = |name: &str| parameters.get(name).cloned();
        if let Some(day) = text("day") {
            let age = text("age").map(|age| Age::parse(&age).ok_or(())).transpose().ok()?;
            return Some(Self::Day(
                day.parse().ok()?,
                DayCell { list: DayList::parse(&text("list")?)?, unit: text("unit"), age },
            ));
        }
        let row = match (text("table"), text("row")) {
            (None, None) => None,
            (Some(table), Some(code)) => {
                let table = TableName::parse(&table).filter(|table| Cell::TABLES.contains(table))?;
                Some(RowOf { table, code })
            }
            _ => return None,
        };
        let figure = Figure::parse(&text("figure")?)?;
        let until = text("until").map(|day| day.parse::<Date>()).transpose().ok()?;
        Some(Self::Period(PeriodName::parse(&text("period")?)?, Cell { figure, row }, until))
    }

    /// The row of which cases are asked for, if not for all.
    fn row(&self) -> Option<RowOf> {
        match self {
            Self::Period(_, cell, _) => cell.row.clone(),
            Self::Day(_, cell) => cell.unit.clone().map(|code| RowOf { table: TableName::Unit, code }),
        }
    }

    /// The list's address, without the page.
    fn address(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        match self {
            Self::Period(name, cell, until) => {
                query.append_pair("period", &name.to_string());
                if let Some(until) = until {
                    query.append_pair("until", &until.to_string());
                }
                if let Some(row) = &cell.row {
                    query.append_pair("table", row.table.code()).append_pair("row", &row.code);
                }
                query.append_pair("figure", cell.figure.code());
            }
            Self::Day(day, cell) => {
                query.append_pair("day", &day.to_string()).append_pair("list", cell.list.code());
                if let Some(unit) = &cell.unit {
                    query.append_pair("unit", unit);
                }
                if let Some(age) = cell.age {
                    query.append_pair("age", age.code());
                }
            }
        }
        format!("{CASES}?{}", query.finish())
    }
}

fn list(web: &Web, db: &mut Db, desk: &Desk, asked: &Asked, after: Option<RoundKey>, now: Moment) -> Result<Value> {
    let (reference, zone) = (web.app.office.reference(db)?, &web.app.office.zone);
    let names = Names { categories: figures::category_names(db)?, classes: figures::speed_class_names(db)? };
    let (period, day);
    let (behind, as_of, back) = match asked {
        Asked::Period(name, cell, until) => {
            let soon = web.app.config.cases.due_soon_days;
            let as_of = match until {
                Some(until) => Day::of(*until, now, &reference.calendar, soon).ok_or(Error::NotFound)?.as_of(),
                None => now,
            };
            period = Period::of(*name, zone, as_of).ok_or(Error::NotFound)?;
            (Behind::OfPeriod(&period, cell), as_of, format!("/management/{name}"))
        }
        Asked::Day(date, cell) => {
            let soon = web.app.config.cases.due_soon_days;
            day = Day::of(*date, now, &reference.calendar, soon).ok_or(Error::NotFound)?;
            (Behind::OfDay(&day, cell), day.as_of(), format!("/management?day={date}"))
        }
    };
    // One more than is shown says whether there is a next page.
    let mut found = behind.page(db, &reference.units, after, PAGE + 1)?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    // A row that was closed or renamed since is known by its cases.
    if found.is_empty() && after.is_none() && asked.row().is_some_and(|row| !names.know(&row, &reference)) {
        return Err(Error::NotFound);
    }
    let most = usize::try_from(COUNTED).unwrap_or(usize::MAX);
    let count = behind.count(db, &reference.units, most + 1)?;
    let frozen = match asked {
        Asked::Period(PeriodName::Year(year), cell, None) => match year::locked(db, *year)? {
            Some(locked) => Some(since_frozen(web, db, &reference, &locked, cell, (count, most), now)?),
            None => None,
        },
        _ => None,
    };
    let here = asked.address();
    let next = found.last().filter(|_| more).map(|listed| format!("{here}&after={}", write_key(listed.key())));
    Ok(json!({
        "title": title(web, &reference, &names, asked, desk.locale())?,
        "number": capped(count),
        "as_of": as_of,
        "frozen": frozen,
        "back_url": back,
        "rows": rows(db, desk, &reference, &names, &found)?,
        "first_url": after.map(|_| here),
        "next_url": next,
    }))
}

/// What was reported, and whether as many would be counted now.
fn since_frozen(
    web: &Web,
    db: &mut Db,
    reference: &Reference,
    locked: &PeriodFigures,
    cell: &Cell,
    (count, most): (usize, usize),
    now: Moment,
) -> Result<Value> {
    let then = number_in(locked, cell);
    let today = if count <= most {
        count as u64
    } else {
        number_in(&year::count(db, reference, &web.app.office.zone, locked.year, now)?, cell)
    };
    Ok(json!({ "number": then, "now": today, "differs": then != today, "locked_at": locked.locked_at }))
}

/// The number that stands in a cell of a report.
fn number_in(figures: &PeriodFigures, cell: &Cell) -> u64 {
    let row = match &cell.row {
        None => Some(&figures.total),
        Some(of) => figures.tables.get(of.table).iter().find(|row| row.code == of.code).map(|row| &row.figures),
    };
    row.map_or(0, |row| row.number(cell.figure))
}

/// What the list is of: the period, the row, the figure.
fn title(web: &Web, reference: &Reference, names: &Names, asked: &Asked, locale: &str) -> Result<Value> {
    let words: &dyn Words = &web.pages;
    let (none, days) = (json!({}), json!({ "days": web.app.config.cases.due_soon_days }));
    let key = |prefix: &str, code: &str| format!("{prefix}-{}", code.replace('_', "-"));
    let (of, date, number) = match asked {
        Asked::Period(name, cell, _) => {
            let code = cell.figure.code();
            let number = code.strip_prefix("days_").map_or_else(|| key("figure", code), |band| key("days", band));
            (Some(summary::name_of(*name, locale, words)?), None, number)
        }
        Asked::Day(date, cell) => (None, Some(date.to_string()), key("day", cell.list.code())),
    };
    let mut parts = Vec::new();
    if let Some(row) = asked.row() {
        parts.push(names.of(&row, reference, locale, words)?);
    }
    if let Asked::Day(_, DayCell { age: Some(age), .. }) = asked {
        parts.push(words.text(locale, &key("age", age.code()), &none)?);
    }
    Ok(json!({ "period": of, "day": date, "parts": parts, "number": words.text(locale, &number, &days)? }))
}

fn rows(db: &mut Db, desk: &Desk, reference: &Reference, names: &Names, found: &[Listed]) -> Result<Vec<Value>> {
    let locale = desk.locale();
    let ids: Vec<i64> = found.iter().map(|listed| listed.case_id).collect();
    let cases: HashMap<i64, (CaseRow, CaseRights)> =
        lists::of_ids(db, &ids)?.into_iter().map(|(row, rights)| (row.id, (row, rights))).collect();
    let category = |code: Option<&str>| {
        let named = names.categories.iter().find(|(known, _)| Some(known.as_str()) == code);
        named.map(|(_, names)| names.of(locale).to_owned()).or_else(|| code.map(str::to_owned))
    };
    let row = |listed: &Listed| {
        let (case, rights) = cases.get(&listed.case_id)?;
        let seen = may_see(desk.staff(), rights, &reference.units);
        let (round, calendar) = (&listed.round, reference.calendar_of(listed.round.place.unit_id));
        let day = |at: Moment| at.date_in(calendar.zone()).to_string();
        let number = case.number.clone().unwrap_or_default();
        Some(if seen {
            json!({
                "number": number, "url": format!("/desk/cases/{number}"), "state": case.state,
                "unit": round.place.unit_id.and_then(|id| reference.units.get(id)).map(|unit| unit.name(locale)),
                "category": category(round.place.category.as_deref()), "channel": round.place.channel,
                "opened_on": day(round.opened_at),
                "due_on": round.due_at.map(|due| last_day(due, calendar).to_string()),
                "original_on": round.original_due_at.filter(|original| round.due_at.is_some_and(|due| due != *original))
                    .map(|original| last_day(original, calendar).to_string()),
                "finished_on": round.finish.map(|finish| day(finish.at)),
                "days": round.finish.and_then(|finish| finish.half_days).map(days),
                "again": round.round > 1,
            })
        } else {
            json!({ "number": null })
        })
    };
    Ok(found.iter().filter_map(row).collect())
}

/// Days used, which are counted in halves.
fn days(half_days: i64) -> String {
    format!("{}{}", half_days / 2, if half_days % 2 == 1 { ".5" } else { "" })
}

/// A key as it stands in an address.
fn write_key(key: RoundKey) -> String {
    format!("{}.{}.{}", key.month, key.case_id, key.round)
}

/// Reads [`write_key`].
fn read_key(text: &str) -> Option<RoundKey> {
    let mut parts = text.split('.');
    let (month, case_id, round) = (parts.next()?, parts.next()?, parts.next()?);
    Some(RoundKey { month: month.parse().ok()?, case_id: case_id.parse().ok()?, round: round.parse().ok()? })
}
