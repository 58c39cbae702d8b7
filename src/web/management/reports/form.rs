//! The form of a saved report: new, or to change one. What was typed is kept when something is wrong.

mod view;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};

use crate::acts::change_report::change_report;
use crate::acts::save_report::save_report;
use crate::acts::saved_reports::changeable;
use crate::domain::case::{Channel, Kind};
use crate::domain::figures::{FIRST_YEAR, Filter, PeriodName, TableName};
use crate::domain::saved_report::{Draft, Rhythm, SAVERS, SavedFormat, SavedPeriod, Schedule, Terms};
use crate::error::{Error, FieldError, Message, Result};
use crate::keys::random_word;
use crate::store::Db;
use crate::store::saved_reports::{self, SavedReport};
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::desk::{Desk, errors, posted, refusal};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::State;
use view::{FIXED, TO, view};

/// `GET /management/reports/new`: managers and control officers.
///
/// # Errors
/// `Refused` for others.
pub async fn new(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(SAVERS)?;
    let (key, me) = (random_word::<20>()?, signed_in.staff.id);
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/saved_form", "", move |web, db, desk, _| {
        let to = format!("{TO}{me}");
        let usual = [
            ("period", "last_month"),
            ("below", "on"),
            ("tables", "month"),
            ("tables", "unit"),
            ("tables", "category"),
            ("formats", "ods"),
            ("rhythm", "never"),
            ("hour", "9"),
            ("day", "1"),
            ("idempotency_key", &key),
            (&to, desk.locale()),
        ];
        let form = Form::filled(usual.map(|(name, value)| (name.to_owned(), value.to_owned())));
        view(web, db, desk, None, &form, Vec::new())
    })
    .await
}

/// `GET /management/reports/{id}/edit`: whoever may change it.
///
/// # Errors
/// `NotFound` and `Refused` for those who may not.
pub async fn edit(request: HttpRequest, state: State, signed_in: SignedIn, id: web::Path<i64>) -> Answer {
    signed_in.needs(SAVERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/saved_form", "", move |web, db, desk, _| {
        let report = changeable(db, desk.staff(), *id)?;
        let form = as_saved(db, &report)?;
        view(web, db, desk, Some(*id), &form, Vec::new())
    })
    .await
}

/// `POST /management/reports`: managers and control officers.
///
/// # Errors
/// `Refused` for others and for a wrong CSRF word.
pub async fn save(request: HttpRequest, state: State, signed_in: SignedIn, body: web::Payload) -> Answer {
    signed_in.needs(SAVERS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let typed = form.clone();
    let done = desk
        .run(move |web, staff, now| {
            save_report(&web.app.office, now, staff, draft(&typed)?, typed.text("idempotency_key"))
        })
        .await;
    match done {
        Ok(id) => desk.go(&format!("/management/reports/{id}"), Some(&Message::new("notice-saved-saved"))),
        Err(Fault(error)) => again(&desk, None, form, &error).await,
    }
}

/// `POST /management/reports/{id}`: whoever may change it.
///
/// # Errors
/// `NotFound` and `Refused` for those who may not.
pub async fn change(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(SAVERS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let (desk, id, typed) = (Desk::of(&state, &request, &signed_in), *id, form.clone());
    let done = desk
        .run(move |web, staff, now| {
            web.app.office.store.read(|db| changeable(db, staff, id))?;
            change_report(&web.app.office, now, staff, (id, typed.version()?), draft(&typed)?)
        })
        .await;
    match done {
        Ok(()) => desk.go(&format!("/management/reports/{id}"), Some(&Message::new("notice-saved-saved"))),
        Err(Fault(error)) => again(&desk, Some(id), form, &error).await,
    }
}

/// The form once more, with what was typed and what is wrong with it.
async fn again(desk: &Desk, id: Option<i64>, form: Form, error: &Error) -> Answer {
    let list = match error {
        Error::Invalid(list) => errors(list, ""),
        Error::Conflict => vec![refusal(&Message::new("refused-saved-changed"))],
        Error::Refused(message) if message.key == "refused-idempotency" => vec![refusal(message)],
        other => return Err(Fault(other.clone())),
    };
    desk.page(status_of(error), "management/saved_form", "", move |web, db, desk, _| {
        view(web, db, desk, id, &form, list)
    })
    .await
}

/// What was typed, as far as it can be read.
fn draft(form: &Form) -> Result<Draft> {
    let texts = |name: &str| form.texts(name).to_vec();
    let period = match form.text("period") {
        FIXED => fixed(form.text("period_fixed").trim()),
        moving => SavedPeriod::parse(moving).filter(|p| !matches!(p, SavedPeriod::Fixed(_))),
    };
    let (channels, kinds) = (coded(form.texts("channels"), Channel::parse), coded(form.texts("kinds"), Kind::parse));
    let tables = coded(form.texts("tables"), TableName::parse);
    let formats = coded(form.texts("formats"), SavedFormat::parse);
    let (schedule, recipients) = (schedule(form), recipients(form));
    match (period, channels, kinds, tables, formats, schedule, recipients) {
        (Some(period), Some(channels), Some(kinds), Some(tables), Some(formats), Some(schedule), Some(recipients)) => {
            let filter = Filter {
                units: texts("units"),
                below: form.flag("below"),
                categories: texts("categories"),
                channels,
                kinds,
                speed_classes: texts("speed_classes"),
            };
            let terms = Terms { period, filter, tables, formats };
            let name = form.text("name").to_owned();
            Ok(Draft { name, shared: form.flag("shared"), terms, schedule, recipients })
        }
        (period, channels, kinds, tables, formats, schedule, recipients) => {
            let typed = form.text("period") == FIXED;
            let fields = [
                ("period", "field-choose", period.is_none() && !typed),
                ("period_fixed", "saved-period-forms", period.is_none() && typed),
                ("channels", "field-choose", channels.is_none()),
                ("kinds", "field-choose", kinds.is_none()),
                ("tables", "field-choose", tables.is_none()),
                ("formats", "field-choose", formats.is_none()),
                ("rhythm", "field-choose", schedule.is_none()),
                ("recipients", "field-choose", recipients.is_none()),
            ];
            let wrong = fields.into_iter().filter(|(.., wrong)| *wrong);
            Err(Error::Invalid(wrong.map(|(field, key, _)| FieldError::new(field, key)).collect()))
        }
    }
}

/// The period that was typed; none in another form, nor for a year of which there are no figures, as one of the Republic.
fn fixed(typed: &str) -> Option<SavedPeriod> {
    PeriodName::parse(typed).filter(|name| name.year() >= FIRST_YEAR).map(SavedPeriod::Fixed)
}

fn coded<T>(values: &[String], parse: fn(&str) -> Option<T>) -> Option<Vec<T>> {
    values.iter().map(|value| parse(value)).collect()
}

fn schedule(form: &Form) -> Option<Schedule> {
    let number = |name: &str| form.number(name).and_then(|number| i8::try_from(number).ok());
    let rhythm = match form.text("rhythm") {
        "never" => Rhythm::Never,
        "week" => Rhythm::Week { weekday: number("weekday")? },
        "month" => Rhythm::Month { day: number("day")? },
        "quarter" => Rhythm::Quarter { day: number("day")? },
        "year" => Rhythm::Year { month: number("month")?, day: number("day")? },
        _ => return None,
    };
    Some(Schedule { rhythm, hour: number("hour")? })
}

/// Those for whom a language was chosen.
fn recipients(form: &Form) -> Option<Vec<(i64, String)>> {
    let chosen = form.names().filter_map(|name| name.strip_prefix(TO).map(|id| (id, form.text(name))));
    chosen
        .filter(|(_, locale)| !locale.is_empty())
        .map(|(id, locale)| Some((id.parse().ok()?, locale.to_owned())))
        .collect()
}

/// The form as a report was saved.
fn as_saved(db: &mut Db, report: &SavedReport) -> Result<Form> {
    let (terms, schedule) = (report.terms()?, report.schedule()?);
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
    put("name", &report.name);
    put("version", &report.version.to_string());
    if report.shared {
        put("shared", "on");
    }
    match terms.period {
        SavedPeriod::Fixed(name) => {
            put("period", FIXED);
            put("period_fixed", &name.to_string());
        }
        moving => put("period", &moving.to_string()),
    }
    let filter = &terms.filter;
    if filter.below {
        put("below", "on");
    }
    filter.units.iter().for_each(|code| put("units", code));
    filter.categories.iter().for_each(|code| put("categories", code));
    filter.channels.iter().for_each(|code| put("channels", code.code()));
    filter.kinds.iter().for_each(|code| put("kinds", code.code()));
    filter.speed_classes.iter().for_each(|code| put("speed_classes", code));
    terms.tables.iter().for_each(|table| put("tables", table.code()));
    terms.formats.iter().for_each(|format| put("formats", format.code()));
    let (rhythm, numbers) = match schedule.rhythm {
        Rhythm::Never => ("never", vec![]),
        Rhythm::Week { weekday } => ("week", vec![("weekday", weekday)]),
        Rhythm::Month { day } => ("month", vec![("day", day)]),
        Rhythm::Quarter { day } => ("quarter", vec![("day", day)]),
        Rhythm::Year { month, day } => ("year", vec![("month", month), ("day", day)]),
    };
    put("rhythm", rhythm);
    put("hour", &schedule.hour.to_string());
    numbers.iter().for_each(|(name, number)| put(name, &number.to_string()));
    for (id, locale) in saved_reports::recipients(db, report.id)? {
        put(&format!("{TO}{id}"), &locale);
    }
    Ok(Form::filled(fields))
}
