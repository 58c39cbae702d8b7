//! Days and periods of which there are no figures: why there are none, and where there are some.

use actix_web::http::StatusCode;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::domain::figures::{FIRST_YEAR, Period, PeriodName};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::reports::{Words, summary};
use crate::store::{Db, figures};
use crate::web::answer::Answer;
use crate::web::desk::Desk;
use crate::web::state::Web;

/// So much of what was typed is repeated.
const TYPED: usize = 40;

/// What was asked for and is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    typed: String,
    why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// No date.
    DayForm,
    /// A date that no calendar has.
    NoSuchDay,
    /// A day that is still to come.
    DayAhead,
    /// A day before years are counted.
    DayEarly,
    /// No period.
    PeriodForm,
    /// A year of the Republic, and the period that is meant by it.
    Republic(PeriodName),
    /// A period that is still to come.
    PeriodAhead(PeriodName),
    /// A period before years are counted.
    PeriodEarly,
}

/// The day that was typed.
///
/// # Errors
/// Why there are no figures of it.
pub fn day(typed: &str, today: Date) -> std::result::Result<Date, Missing> {
    let missing = |why| Missing { typed: typed.to_owned(), why };
    let typed = typed.trim();
    match typed.parse::<Date>() {
        Ok(date) if date > today => Err(missing(Why::DayAhead)),
        Ok(date) if date.year() < FIRST_YEAR => Err(missing(Why::DayEarly)),
        Ok(date) => Ok(date),
        Err(_) if is_shaped(typed) => Err(missing(Why::NoSuchDay)),
        Err(_) => Err(missing(Why::DayForm)),
    }
}

/// Whether a text has the digits of a date in their places.
fn is_shaped(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

/// The period that was typed.
///
/// # Errors
/// Why there are no figures of it.
pub fn period(typed: &str, web: &Web, now: Moment) -> std::result::Result<PeriodName, Missing> {
    let why = match PeriodName::parse(typed) {
        Some(name) if name.year() < FIRST_YEAR => Why::PeriodEarly,
        Some(name) if Period::of(name, &web.app.office.zone, now).is_none() => Why::PeriodAhead(name),
        Some(name) => return Ok(name),
        None => PeriodName::of_republic(typed).map_or(Why::PeriodForm, Why::Republic),
    };
    Err(Missing { typed: typed.to_owned(), why })
}

/// The page that says why, with the way to today and to the latest year.
///
/// # Errors
/// Of the database; `Internal` when a text is missing.
pub async fn page(desk: &Desk, missing: Missing) -> Answer {
    desk.page(StatusCode::NOT_FOUND, "management/missing", "", move |web, db, desk, now| {
        data(web, db, desk.locale(), &missing, now)
    })
    .await
}

fn data(web: &Web, db: &mut Db, locale: &str, missing: &Missing, now: Moment) -> Result<Value> {
    let (words, zone): (&dyn Words, _) = (&web.pages, &web.app.office.zone);
    let today = now.date_in(zone);
    let typed: String = missing.typed.chars().take(TYPED).collect();
    let named = |name: PeriodName| summary::name_of(name, locale, words);
    let mut links = Vec::new();
    let mut link = |url: String, label: String| links.push(json!({ "url": url, "label": label }));
    let told = match missing.why {
        Why::DayForm => json!({ "key": "missing-day-form", "args": { "typed": typed } }),
        Why::NoSuchDay => json!({ "key": "missing-day-none", "args": { "typed": typed } }),
        Why::DayAhead => {
            let today = words.moment(locale, &today.to_string())?;
            json!({ "key": "missing-day-ahead", "args": { "typed": typed, "today": today } })
        }
        Why::PeriodForm => json!({ "key": "missing-period-form", "args": { "typed": typed } }),
        Why::Republic(name) => {
            if Period::of(name, zone, now).is_some() {
                link(
                    format!("/management/{name}"),
                    words.text(locale, "missing-figures", &json!({ "of": named(name)? }))?,
                );
            }
            let (number, year) = ((name.year() - 1911).to_string(), name.year().to_string());
            json!({ "key": "missing-period-republic", "args": { "typed": typed, "number": number, "year": year } })
        }
        Why::PeriodAhead(name) => {
            json!({ "key": "missing-period-ahead", "args": { "typed": typed, "period": named(name)? } })
        }
        Why::DayEarly | Why::PeriodEarly => match first(db)? {
            Some(first) => json!({ "key": "missing-early", "args": { "typed": typed, "first": named(first)? } }),
            None => json!({ "key": "missing-no-records", "args": {} }),
        },
    };
    let latest = PeriodName::Year(today.year());
    if !matches!(missing.why, Why::Republic(name) if name == latest) {
        link(format!("/management/{latest}"), words.text(locale, "missing-figures", &json!({ "of": named(latest)? }))?);
    }
    link("/management".to_owned(), words.text(locale, "missing-today", &json!({}))?);
    let asked = matches!(missing.why, Why::DayForm | Why::NoSuchDay | Why::DayAhead | Why::DayEarly);
    Ok(json!({ "told": told, "typed": asked.then_some(typed), "links": links }))
}

/// The month of the first record.
fn first(db: &mut Db) -> Result<Option<PeriodName>> {
    Ok(figures::first_month(db)?.and_then(PeriodName::of_month))
}

/// What stands at the head of a page of a period that lies before the first record, as a message; nothing for others.
///
/// # Errors
/// Of the database; `Internal` when a text is missing.
pub fn before_records(web: &Web, db: &mut Db, period: &Period, locale: &str) -> Result<Value> {
    let Some(month) = figures::first_month(db)?.filter(|month| period.final_month() < *month) else {
        return Ok(Value::Null);
    };
    let first = PeriodName::of_month(month).map(|first| summary::name_of(first, locale, &web.pages)).transpose()?;
    Ok(json!({ "key": "period-before-records", "args": { "first": first.unwrap_or_default() } }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_there_or_it_is_known_why_not() {
        let today = jiff::civil::date(2026, 11, 26);
        assert_eq!(day("2026-11-26", today), Ok(today));
        for (typed, why) in [
            ("2026-11-27", Why::DayAhead),
            ("9999-12-31", Why::DayAhead),
            ("1900-01-01", Why::DayEarly),
            ("2026-02-30", Why::NoSuchDay),
            ("2026-13-01", Why::NoSuchDay),
            ("abc", Why::DayForm),
            ("115/11/26", Why::DayForm),
            ("二〇二六", Why::DayForm),
        ] {
            assert_eq!(day(typed, today), Err(Missing { typed: typed.to_owned(), why }), "{typed}");
        }
    }
}
