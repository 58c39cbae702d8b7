//! The numbers that are outside their usual range, as the dashboard tells them.

use serde_json::{Value, json};

use super::CASES;
use crate::domain::figures::{PeriodName, TableName, Watched, WatchedPlace};
use crate::error::Result;
use crate::reports::behind::address;
use crate::reports::{Words, summary};
use crate::store::excursions::{self, Excursion};
use crate::store::reference::Reference;
use crate::store::{Db, figures};
use crate::web::state::Web;

/// Each in words, with the list of its cases.
///
/// # Errors
/// Of the database; `Internal` when a text is missing.
pub fn rows(web: &Web, db: &mut Db, reference: &Reference, locale: &str) -> Result<Value> {
    let open = excursions::open(db)?;
    if open.is_empty() {
        return Ok(json!([]));
    }
    let (categories, words): (_, &dyn Words) = (figures::category_names(db)?, &web.pages);
    let row = |excursion: &Excursion| {
        let Excursion { measure, place, code, side, month, number, low, high } = excursion;
        let (table, name) = match place {
            WatchedPlace::Category => {
                let named = categories.iter().find(|(known, _)| known == code);
                (TableName::Category, named.map(|(_, names)| names.of(locale).to_owned()))
            }
            WatchedPlace::Unit => {
                (TableName::Unit, reference.units.by_code(code).map(|unit| unit.name(locale).to_owned()))
            }
        };
        let of = PeriodName::of_month(*month);
        let title = of.map(|of| summary::name_of(of, locale, words)).transpose()?;
        let what = match measure {
            Watched::Received => "unusual-of-received",
            Watched::ClosedLate => "unusual-of-closed-late",
        };
        let url = of.and_then(|of| address(CASES, &of.to_string(), Some((table, code))));
        Ok(json!({
            "told": { "key": format!("unusual-{side}"), "args": {
                "name": name.unwrap_or_else(|| code.clone()), "month": title, "number": number, "low": low, "high": high,
                "what": words.text(locale, what, &json!({}))?,
            } },
            "url": url.map(|url| format!("{url}{measure}")),
        }))
    };
    open.iter().map(row).collect::<Result<Vec<_>>>().map(Value::from)
}
