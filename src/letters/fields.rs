//! What templates see of a letter: each value as it is printed, cleaned, dates in words; and the names of
//! the fields that are empty this time, so that a template may ask for them and a misspelt one is an error.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::{LetterContext, clean, dates};
use crate::domain::letter::{Audience, ClosedDay, Letter, Locale};
use crate::domain::link::Purpose;
use crate::domain::numbers::grouped;
use crate::domain::time::Moment;

/// Fields that keep their lines.
const LONG: [&str; 9] =
    ["body", "question", "reason", "legal_basis", "remedy", "legal_note", "ground_text", "comment", "note"];
/// Fields the layouts ask of every letter, whether its kind has them or not.
const COMMON: [&str; 5] = ["number", "unit", "unit_phone", "officer_name", "officer_phone"];
/// Columns of a saved report's name in the mail's subject, where its period alone stands beside it; of the petition's own
/// subject; and of any other value there.
const REPORT_SHARE: usize = 120;
const SUBJECT_SHARE: usize = 60;
const OTHER_SHARE: usize = 40;

/// The fields of one letter.
pub struct Fields {
    values: Map<String, Value>,
    absent: Vec<String>,
}

/// Builds the fields of a letter, for e-mail or for paper.
pub fn of(letter: &Letter, context: &LetterContext, paper: bool) -> Result<Fields, String> {
    let Ok(Value::Object(stored)) = serde_json::to_value(letter) else {
        return Err(format!("the letter {} cannot be written as JSON", letter.code()));
    };
    // Whoever fills in the form chooses both the address and these words: until it is confirmed, this
    // letter must be of no use to carry a stranger's link to someone else.
    let unconfirmed = letter.needs_link() == Purpose::Confirm;
    let mut fields = Fields { values: Map::new(), absent: Vec::new() };
    for (name, value) in stored {
        let printed = printed(&name, value, context)?;
        fields.put(&name, if unconfirmed && name == "subject" { unlinked(printed) } else { printed });
    }
    for name in COMMON {
        if !fields.values.contains_key(name) {
            fields.absent.push(name.to_owned());
        }
    }
    let recipient = clean::line(context.recipient_name.as_deref().unwrap_or_default());
    fields.set("recipient_name", &if unconfirmed { clean::unlinked(&recipient) } else { recipient });
    fields.set("agency_name", &clean::line(&context.agency_name));
    fields.set("agency_phone", &clean::line(&context.agency_phone));
    fields.set("mailbox_name", &clean::line(&context.mailbox_name));
    fields.set("hotline", &clean::line(&context.hotline));
    fields.set("link", context.link.as_deref().unwrap_or_default());
    fields.set("query_code", context.query_code.as_deref().unwrap_or_default());
    let files = context.files.as_ref();
    fields.set("files_link", files.map_or("", |files| &files.url));
    let until = files.map(|files| dates::until(files.until, &context.zone, context.locale));
    fields.set("files_until", &until.unwrap_or_default());
    fields.set("lang", context.locale.code());
    fields.put("staff", json!(letter.audience() == Audience::Staff));
    fields.put("paper", json!(paper));
    Ok(fields)
}

impl Fields {
    /// Sets a field to a text that is ready to print.
    pub fn set(&mut self, name: &str, value: &str) {
        self.put(name, json!(value));
    }

    /// Shortens every text to its share of a mail's subject.
    pub fn for_subject(mut self) -> Self {
        for (name, value) in &mut self.values {
            if let Value::String(text) = value {
                let share = match name.as_str() {
                    "report" => REPORT_SHARE,
                    "subject" => SUBJECT_SHARE,
                    _ => OTHER_SHARE,
                };
                *text = clean::cut(&clean::line(text), share);
            }
        }
        self
    }

    /// The data handed to a template.
    pub fn to_json(&self) -> Value {
        let mut data = self.values.clone();
        data.insert("absent".to_owned(), json!(self.absent));
        Value::Object(data)
    }

    /// An empty value is left out: printing it is an error, asking for it is not.
    fn put(&mut self, name: &str, value: Value) {
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        if empty {
            self.absent.push(name.to_owned());
        } else {
            self.values.insert(name.to_owned(), value);
        }
    }
}

/// One stored value as a reader of this locale sees it.
fn printed(name: &str, value: Value, context: &LetterContext) -> Result<Value, String> {
    let wrong = |value: &str| format!("the field {name} of a letter holds {value}");
    let locale = context.locale;
    Ok(match (name, value) {
        (_, Value::Null) => Value::Null,
        ("due_on" | "old_due" | "new_due" | "until" | "explain_by" | "asked_on" | "week_of", Value::String(text)) => {
            json!(dates::date(text.parse::<Date>().map_err(|_| wrong(&text))?, locale))
        }
        ("received_at" | "last_read_at", value) => json!(dates::moment(moment(value, wrong)?, &context.zone, locale)),
        ("expires_at" | "rating_until", value) => json!(dates::until(moment(value, wrong)?, &context.zone, locale)),
        ("year", Value::Number(year)) => {
            let year = year.as_i64().and_then(|year| i16::try_from(year).ok()).ok_or_else(|| wrong("no year"))?;
            json!(dates::year(year, locale))
        }
        ("received" | "closed" | "open_at_end", Value::Number(count)) => json!(grouped(&count.to_string())),
        ("on_time_rate", Value::Number(rate)) => {
            json!(format!("{:.1}%", rate.as_f64().unwrap_or_default() * 100.0))
        }
        ("mean_days" | "satisfaction", Value::Number(mean)) => {
            json!(format!("{:.1}", mean.as_f64().unwrap_or_default()))
        }
        ("closed", Value::Array(days)) => {
            days.into_iter().map(|day| closed(day, context, &wrong)).collect::<Result<_, _>>()?
        }
        (name, Value::String(text)) if LONG.contains(&name) => json!(clean::text(&text)),
        (_, Value::String(text)) => json!(clean::line(&text)),
        (name, Value::Array(items)) => {
            Value::Array(items.into_iter().map(|item| printed(name, item, context)).collect::<Result<_, _>>()?)
        }
        // A line of a list: what it lacks stays null, so that a template may ask for it.
        (_, Value::Object(line)) => {
            let printed = line.into_iter().map(|(name, value)| Ok((name.clone(), printed(&name, value, context)?)));
            Value::Object(printed.collect::<Result<_, String>>()?)
        }
        (_, value) => value,
    })
}

/// A day on which offices are shut, with the reason.
fn closed(day: Value, context: &LetterContext, wrong: &impl Fn(&str) -> String) -> Result<Value, String> {
    let day: ClosedDay = serde_json::from_value(day).map_err(|error| wrong(&error.to_string()))?;
    let between = if context.locale == Locale::En { ": " } else { "：" };
    Ok(json!(format!("{}{between}{}", dates::date(day.on, context.locale), clean::line(&day.reason))))
}

fn moment(value: Value, wrong: impl Fn(&str) -> String) -> Result<Moment, String> {
    serde_json::from_value(value).map_err(|error| wrong(&error.to_string()))
}

fn unlinked(value: Value) -> Value {
    match value {
        Value::String(text) => json!(clean::unlinked(&text)),
        value => value,
    }
}
