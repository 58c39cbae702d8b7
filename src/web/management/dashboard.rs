//! The dashboard: any day on one page, today's by default. Each number leads to the cases behind it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{CASES, READERS, missing, unusual};
use crate::domain::figures::{Age, Brief, Day, DayFigures, DayList, PeriodName, TableName, UNASSIGNED};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::reports::behind::address;
use crate::reports::book::Chart;
use crate::reports::dashboard::{self, Dashboard};
use crate::reports::document;
use crate::reports::page::{decimal, percent};
use crate::reports::{Words, charts, summary};
use crate::store::figures_day::Rated;
use crate::store::reference::Reference;
use crate::web::answer::Answer;
use crate::web::desk::{Desk, parameters, redirect};
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// `GET /management`: today, or `?day=2026-11-26`. Letters of earlier versions name a year here: they are led on.
///
/// # Errors
/// `Refused` for whoever does not answer for the figures. A day that is none, or has not begun, is told on a page.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(READERS)?;
    let parameters = parameters(&request);
    let (desk, now) = (Desk::of(&state, &request, &signed_in), state.now());
    if let Some(year) = parameters.get("year") {
        return match missing::period(year, &state, now) {
            Ok(year) => Ok(redirect(&format!("/management/{year}"))),
            Err(missing) => missing::page(&desk, missing).await,
        };
    }
    let today = now.date_in(&state.app.office.zone);
    let asked = match parameters.get("day").map(|typed| missing::day(typed, today)).transpose() {
        Ok(asked) => asked,
        Err(missing) => return missing::page(&desk, missing).await,
    };
    desk.page(StatusCode::OK, "management/dashboard", "", move |web, db, desk, now| {
        let reference = web.app.office.reference(db)?;
        let today = now.date_in(&web.app.office.zone);
        let date = asked.unwrap_or(today);
        let soon = web.app.config.cases.due_soon_days;
        let day = Day::of(date, now, &reference.calendar, soon).ok_or(Error::NotFound)?;
        let zone = &web.app.office.zone;
        let (numbers, _) = web
            .days
            .get(&date, now, || dashboard::of(db, &reference, zone, &day).map(|numbers| (day.as_of(), numbers)))?;
        let mut data = view(web, &reference, desk.locale(), (date, today), numbers.0, &numbers.1)?;
        if date == today {
            data["unusual"] = unusual::rows(web, db, &reference, desk.locale())?;
        }
        data["before_records"] = missing::before_records(web, db, day.period(), desk.locale())?;
        Ok(data)
    })
    .await
}

fn view(
    web: &Web,
    reference: &Reference,
    locale: &str,
    (date, today): (Date, Date),
    as_of: Moment,
    numbers: &Dashboard,
) -> Result<Value> {
    let words: &dyn Words = &web.pages;
    let of_day = |date: Date| format!("/management?day={date}");
    let units = units(reference, locale, date, &numbers.day, words)?;
    let month = PeriodName::Month(date.year(), date.month());
    Ok(json!({
        "on": date.to_string(),
        "today": date == today,
        "as_of": as_of,
        "previous_url": date.yesterday().ok().map(of_day),
        "next_url": date.tomorrow().ok().filter(|next| *next <= today).map(of_day),
        "latest": today.to_string(),
        "unusual": [],
        "cards": cards(web, date, month, numbers),
        "charts": pictures(numbers, &units, as_of, locale, words)?,
        "units": units.into_iter().map(|unit| unit.row).collect::<Vec<_>>(),
        "months": months(&numbers.trend, locale, words)?,
        "ages": ages(date, &numbers.day),
        "month": { "title": summary::name_of(month, locale, words)?, "url": format!("/management/{month}") },
        "year": { "title": summary::name_of(PeriodName::Year(date.year()), locale, words)?,
                  "url": format!("/management/{}", date.year()) },
    }))
}

/// Where the cases behind a number of the day are listed.
fn list_of(date: Date, list: DayList, part: Option<(&str, &str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("day", &date.to_string()).append_pair("list", list.code());
    if let Some((name, value)) = part {
        query.append_pair(name, value);
    }
    format!("{CASES}?{}", query.finish())
}

fn number_of(day: &DayFigures, list: DayList) -> u64 {
    day.lists.get(&list).copied().unwrap_or(0)
}

fn cards(web: &Web, date: Date, month: PeriodName, numbers: &Dashboard) -> Vec<Value> {
    let days = web.app.config.cases.due_soon_days;
    let mut cards: Vec<Value> = DayList::ALL
        .iter()
        .map(|list| {
            let (number, code) = (number_of(&numbers.day, *list), list.code().replace('_', "-"));
            json!({
                "name": { "key": format!("day-{code}"), "args": { "days": days } },
                "value": number, "unit": "cases", "note": null,
                "means": { "key": format!("day-means-{code}"), "args": { "days": days } },
                "url": (number > 0).then(|| list_of(date, *list, None)),
                "overdue": *list == DayList::Overdue && number > 0,
            })
        })
        .collect();
    let brief = &numbers.day.month;
    let rate = ratio(brief.closed_on_time, brief.closed);
    let on_time = json!({ "on_time": brief.closed_on_time, "closed": brief.closed });
    cards.push(json!({
        "name": { "key": "day-on-time-month", "args": {} },
        "value": decimal(rate.map(|rate| rate * 100.0), 1), "unit": rate.map(|_| "percent"),
        "note": { "key": "day-on-time-of", "args": on_time },
        "means": { "key": "day-means-on-time-month", "args": {} },
        "url": (brief.closed > 0).then(|| format!("{CASES}?period={month}&until={date}&figure=closed_on_time")),
        "overdue": false,
    }));
    let rated = |key: &str, rated: &Rated, url: Option<String>| {
        let (levels, number) = (rated.levels.unsigned_abs(), rated.number.unsigned_abs());
        let mean = ratio(levels, number);
        json!({
            "name": { "key": key, "args": {} }, "value": decimal(mean, 1), "unit": mean.map(|_| "of_five"),
            "note": { "key": "day-rated-of", "args": { "number": number } },
            "means": { "key": "day-means-satisfaction", "args": {} }, "url": url, "overdue": false,
        })
    };
    let answers = format!("/management/{month}#ratings");
    cards.push(rated("day-satisfaction-month", &numbers.month, (numbers.month.number > 0).then_some(answers)));
    cards.push(rated("day-satisfaction-quarter", &numbers.quarter, None));
    cards
}

#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A branch or division: its row, and what the chart draws.
struct UnitLine {
    row: Value,
    drawn: (String, u64, u64),
}

/// The branches and divisions in the agency's order; what no unit had stands last.
fn units(
    reference: &Reference,
    locale: &str,
    date: Date,
    day: &DayFigures,
    words: &dyn Words,
) -> Result<Vec<UnitLine>> {
    let month = PeriodName::Month(date.year(), date.month()).to_string();
    let mut lines = Vec::new();
    let known =
        reference.units.all().iter().map(|unit| (Some(unit.id), unit.code.as_str(), unit.name(locale).to_owned()));
    let nowhere = words.text(locale, "row-unassigned", &json!({}))?;
    for (id, code, name) in known.chain([(None, UNASSIGNED, nowhere)]) {
        let Some(unit) = day.units.get(&id).filter(|unit| unit.open + unit.closed > 0) else { continue };
        let list = |list: DayList, number: u64| (number > 0).then(|| list_of(date, list, Some(("unit", code))));
        let closed = address(CASES, &month, Some((TableName::Unit, code))).unwrap_or_default();
        let closed = closed.replace("&figure=", &format!("&until={date}&figure="));
        lines.push(UnitLine {
            row: json!({
                "name": name,
                "open": unit.open, "open_url": list(DayList::Open, unit.open),
                "overdue": unit.overdue, "overdue_url": list(DayList::Overdue, unit.overdue),
                "closed": unit.closed, "closed_url": (unit.closed > 0).then(|| format!("{closed}closed")),
                "on_time": unit.closed_on_time,
                "on_time_url": (unit.closed_on_time > 0).then(|| format!("{closed}closed_on_time")),
                "on_time_rate": percent(ratio(unit.closed_on_time, unit.closed)),
            }),
            drawn: (name, unit.open, unit.overdue),
        });
    }
    Ok(lines)
}

/// The months before, the latest first.
fn months(trend: &[(PeriodName, Brief)], locale: &str, words: &dyn Words) -> Result<Vec<Value>> {
    let row = |(name, brief): &(PeriodName, Brief)| {
        Ok(json!({
            "title": summary::name_of(*name, locale, words)?, "url": format!("/management/{name}"),
            "cases": address(CASES, &name.to_string(), None),
            "received": brief.received, "closed": brief.closed, "open_at_end": brief.open_at_end,
            "pending_overdue": brief.pending_overdue, "closed_on_time": brief.closed_on_time,
            "on_time_rate": percent(ratio(brief.closed_on_time, brief.closed)),
            "mean_days": decimal(ratio(brief.half_days, brief.used).map(|half| half / 2.0), 1),
            "satisfaction": decimal(ratio(brief.levels, brief.ratings), 1),
        }))
    };
    trend.iter().rev().map(row).collect()
}

fn ages(date: Date, day: &DayFigures) -> Vec<Value> {
    let row = |age: &Age| {
        let number = day.ages.get(age).copied().unwrap_or(0);
        let url = (number > 0).then(|| list_of(date, DayList::Open, Some(("age", age.code()))));
        json!({ "age": age, "number": number, "url": url })
    };
    Age::ALL.iter().map(row).collect()
}

fn pictures(numbers: &Dashboard, units: &[UnitLine], as_of: Moment, locale: &str, words: &dyn Words) -> Result<Value> {
    let drawn: Vec<_> = units.iter().map(|unit| unit.drawn.clone()).filter(|(_, open, _)| *open > 0).collect();
    let around = document::words(locale, words)?;
    let picture = |chart: Option<Chart>| -> Result<Option<Value>> {
        let Some(chart) = chart else { return Ok(None) };
        Ok(Some(json!({ "title": chart.title, "svg": charts::svg(&chart, &around)? })))
    };
    Ok(json!({
        "trend": picture(dashboard::trend_chart(&numbers.trend, as_of, locale, words)?)?,
        "units": picture(dashboard::unit_chart(&drawn, as_of, locale, words)?)?,
        "ages": picture(dashboard::age_chart(&numbers.day, as_of, locale, words)?)?,
    }))
}
