//! What the form of a saved report offers, and what of it is chosen.

use serde_json::{Map, Value, json};

use crate::domain::case::{Channel, Kind};
use crate::domain::figures::{Names, TableName, UNASSIGNED, UNCLASSIFIED};
use crate::domain::saved_report::{DAYS, HOURS, READERS, SavedPeriod, TABLES};
use crate::error::Result;
use crate::reports::{Words, saved};
use crate::store::reference::Reference;
use crate::store::{Db, figures, staff as staff_store};
use crate::web::desk::{Desk, indented};
use crate::web::forms::Form;
use crate::web::state::Web;

/// The rhythms, as their codes.
const RHYTHMS: [&str; 5] = ["never", "week", "month", "quarter", "year"];
/// What stands before the id of a person in the name of their field.
pub const TO: &str = "to_";
/// The period that is named in a field of its own.
pub const FIXED: &str = "fixed";

/// The data of the form's page; `id` is that of the report to change.
///
/// # Errors
/// Of the database; `Internal` when a text is missing.
pub fn view(web: &Web, db: &mut Db, desk: &Desk, id: Option<i64>, form: &Form, errors: Vec<Value>) -> Result<Value> {
    let reference = web.app.office.reference(db)?;
    let make = Maker { form, locale: desk.locale(), words: &web.pages };
    let fields = ["name", "version", "period_fixed", "idempotency_key"];
    let typed: Map<String, Value> =
        fields.into_iter().map(|field| (field.to_owned(), json!(form.text(field)))).collect();
    let texts = |codes: Vec<&'static str>, prefix: &str| -> Result<Vec<(String, String)>> {
        let one = |code: &str| Ok((code.to_owned(), make.term(prefix, code)?));
        codes.into_iter().map(one).collect()
    };
    let numbers = |numbers: std::ops::RangeInclusive<i8>, key: &str| -> Result<Vec<(String, String)>> {
        let one = |n: i8| Ok((n.to_string(), make.words.text(make.locale, key, &json!({ "number": n }))?));
        numbers.map(one).collect()
    };
    let mut periods = texts(SavedPeriod::MOVING.iter().map(|(_, code)| *code).collect(), "saved-period")?;
    periods.push((FIXED.to_owned(), make.say("saved-period-fixed")?));
    let weekdays = (1..=7).map(|n: i8| Ok((n.to_string(), make.say(&format!("saved-weekday-{n}"))?)));
    let weekdays = weekdays.collect::<Result<Vec<_>>>()?;
    let months =
        (1..=12).map(|n: i8| Ok((n.to_string(), make.words.text(make.locale, "month-name", &json!({ "month": n }))?)));
    let months = months.collect::<Result<Vec<_>>>()?;
    let formats = saved::formats().map(|format| format.code()).collect();
    Ok(json!({
        "errors": errors,
        "form": typed,
        "new": id.is_none(),
        "form_action": id.map_or("/management/reports".to_owned(), |id| format!("/management/reports/{id}")),
        "back_url": id.map_or("/management/reports".to_owned(), |id| format!("/management/reports/{id}")),
        "shared": form.flag("shared"),
        "below": form.flag("below"),
        "periods": make.chosen("period", periods),
        "units": make.chosen("units", units(&reference, make.locale, make.say("row-unassigned")?)),
        "categories": make.chosen("categories", make.named(figures::category_names(db)?)?),
        "channels": make.chosen("channels", texts(Channel::ALL.iter().map(|c| c.code()).collect(), "channel")?),
        "kinds": make.chosen("kinds", texts(Kind::ALL.iter().map(|k| k.code()).collect(), "kind")?),
        "speed_classes": make.chosen("speed_classes", make.named(figures::speed_class_names(db)?)?),
        "tables": make.chosen("tables", texts(TABLES.iter().map(|t: &TableName| t.code()).collect(), "table")?),
        "formats": make.chosen("formats", texts(formats, "saved-format")?),
        "rhythms": make.chosen("rhythm", texts(RHYTHMS.to_vec(), "saved-rhythm")?),
        "weekdays": make.chosen("weekday", weekdays),
        "months": make.chosen("month", months),
        "days": make.chosen("day", numbers(DAYS, "saved-day")?),
        "hours": make.chosen("hour", numbers(HOURS, "saved-hour")?),
        "people": people(db, &reference, form, make.locale)?,
    }))
}

struct Maker<'a> {
    form: &'a Form,
    locale: &'a str,
    words: &'a dyn Words,
}

impl Maker<'_> {
    fn say(&self, key: &str) -> Result<String> {
        self.words.text(self.locale, key, &json!({}))
    }

    fn term(&self, prefix: &str, code: &str) -> Result<String> {
        self.say(&format!("{prefix}-{}", code.replace('_', "-")))
    }

    /// The agency's names, and the place of what has none.
    fn named(&self, names: Vec<(String, Names)>) -> Result<Vec<(String, String)>> {
        let mut all: Vec<(String, String)> =
            names.into_iter().map(|(code, names)| (code, names.of(self.locale).to_owned())).collect();
        all.push((UNCLASSIFIED.to_owned(), self.say("row-unclassified")?));
        Ok(all)
    }

    /// Choices with those that are chosen in a field.
    fn chosen(&self, field: &str, choices: Vec<(String, String)>) -> Vec<Value> {
        let chosen = self.form.texts(field);
        let one = |(value, label): (String, String)| json!({ "chosen": chosen.contains(&value), "value": value, "label": label });
        choices.into_iter().map(one).collect()
    }
}

fn units(reference: &Reference, locale: &str, unassigned: String) -> Vec<(String, String)> {
    let units = reference.units.all().iter().filter(|unit| unit.active);
    let mut all: Vec<(String, String)> =
        units.map(|unit| (unit.code.clone(), indented(&reference.units, unit.id, locale))).collect();
    all.push((UNASSIGNED.to_owned(), unassigned));
    all
}

/// Who may be sent figures, each with the language that is chosen for them; and whoever is on the list still.
fn people(db: &mut Db, reference: &Reference, form: &Form, locale: &str) -> Result<Vec<Value>> {
    let mut people = Vec::new();
    for row in staff_store::all(db)? {
        let field = format!("{TO}{}", row.id);
        let chosen = form.text(&field).to_owned();
        let able = row.active && !row.email.is_empty() && row.person()?.is_any(READERS);
        if able || !chosen.is_empty() {
            let unit = reference.units.get(row.unit_id).map(|unit| unit.name(locale).to_owned());
            people.push(json!({ "field": field, "name": row.name, "unit_name": unit, "able": able, "locale": chosen }));
        }
    }
    Ok(people)
}
