//! Saved reports (自訂報表): the list, one report with its figures as of now, the same as a file. The forms are in `form`, sending
//! and deleting in `doing`.

pub mod doing;
pub mod form;
mod words;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{CASES, READERS};
use crate::acts::saved_reports::{ownership, readable};
use crate::domain::figures::{PeriodFigures, Scope, TableName};
use crate::domain::saved_report::{SAVERS, SavedFormat, may_change, may_read};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::random_word;
use crate::reports::{page, saved, scope};
use crate::store::saved_reports::{self, SavedReport};
use crate::store::{Db, figures, lists};
use crate::web::answer::Answer;
use crate::web::desk::Desk;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web, blocking, locale_of};

/// Runs that a report's page lists.
const RUNS: i64 = 10;

/// `GET /management/reports`: who reads figures, each their own, shared ones and those they are sent.
///
/// # Errors
/// `Refused` for others.
pub async fn list(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(READERS)?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/saved_reports", "", |web, db, desk, _| {
        let reference = web.app.office.reference(db)?;
        let mut mine = Vec::new();
        for report in saved_reports::all(db)? {
            let of = ownership(db, desk.staff(), &report)?;
            if may_read(desk.staff(), of) {
                mine.push((report, may_change(desk.staff(), of)));
            }
        }
        let (categories, classes) = (figures::category_names(db)?, figures::speed_class_names(db)?);
        let names = lists::names(db, mine.iter().map(|(report, _)| report.owner_id))?;
        let mut rows = Vec::new();
        for (report, changeable) in &mine {
            let (terms, schedule) = (report.terms()?, report.schedule()?);
            let of = Scope::of(&report.name, &terms.filter, &reference.units, &categories, &classes);
            let last = saved_reports::runs(db, report.id, 1)?.pop();
            rows.push(json!({
                "name": report.name,
                "url": format!("/management/reports/{}", report.id),
                "scope": scope::line(&of, desk.locale(), &web.pages)?,
                "period": words::period(terms.period, desk.locale(), &web.pages)?,
                "schedule": words::schedule(schedule, desk.locale(), &web.pages)?,
                "next": report.next_run_at,
                "last": last.map(|run| json!({ "at": run.ran_at, "outcome": run.outcome, "letters": run.letters })),
                "owner": names.get(&report.owner_id),
                "shared": report.shared,
                "changeable": changeable,
            }));
        }
        Ok(json!({ "rows": rows, "may_save": desk.staff().is_any(SAVERS) }))
    })
    .await
}

/// `GET /management/reports/{id}`: whoever may look at it. The figures are those of now.
///
/// # Errors
/// `Refused` for those who read no figures; `NotFound` for others who may not.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, id: web::Path<i64>) -> Answer {
    signed_in.needs(READERS)?;
    let key = random_word::<20>()?;
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "management/saved_report", "", move |web, db, desk, now| {
        view(web, db, desk, *id, &key, now)
    })
    .await
}

/// `GET /management/reports/{id}/file.ods`: the same people.
///
/// # Errors
/// As [`show`]; `NotFound` for a format there is not.
pub async fn download(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    path: web::Path<(i64, String)>,
) -> Answer {
    signed_in.needs(READERS)?;
    let (id, format) = path.into_inner();
    let format = saved::of_ending(&format).ok_or(Error::NotFound)?;
    let (locale, staff) = (locale_of(&request), signed_in.staff);
    let file = blocking(&state, move |web| {
        let now = web.now();
        let figures = web.app.office.store.read(|db| {
            let (report, _) = readable(db, &staff, id)?;
            figures_of(web, db, &report, now)
        })?;
        saved::file(&figures, format, locale, &web.pages)?.ok_or(Error::NotFound)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .content_type(file.media_type)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![
                DispositionParam::Filename(format!("report-{id}.{}", file.name.rsplit('.').next().unwrap_or_default())),
                DispositionParam::FilenameExt(actix_web::http::header::ExtendedValue {
                    charset: actix_web::http::header::Charset::Ext("UTF-8".to_owned()),
                    language_tag: None,
                    value: file.name.clone().into_bytes(),
                }),
            ],
        })
        .body(file.bytes))
}

/// The figures of a report as of now.
fn figures_of(web: &Web, db: &mut Db, report: &SavedReport, now: Moment) -> Result<PeriodFigures> {
    let (office, terms) = (&web.app.office, report.terms()?);
    let reference = office.reference(db)?;
    saved::figures(db, (&reference, &office.zone), (&report.name, &terms), now.date_in(&office.zone), now)
}

fn view(web: &Web, db: &mut Db, desk: &Desk, id: i64, key: &str, now: Moment) -> Result<Value> {
    let (locale, staff) = (desk.locale(), desk.staff());
    let (report, changeable) = readable(db, staff, id)?;
    let (terms, schedule) = (report.terms()?, report.schedule()?);
    let figures = figures_of(web, db, &report, now)?;
    // Of a part of a period there are no lists of cases: theirs are of the whole.
    let cases = terms.filter.is_empty().then_some(CASES);
    let tables: Vec<TableName> = terms.tables.clone();
    let mut data = page::data(&figures, None, &tables, cases, locale, &web.pages)?;
    let recipients = saved_reports::recipients(db, id)?;
    let runs = saved_reports::runs(db, id, RUNS)?;
    let people = recipients.iter().map(|(id, _)| *id).chain(runs.iter().filter_map(|run| run.staff_id));
    let names = lists::names(db, people.chain([report.owner_id]))?;
    let base = format!("/management/reports/{id}");
    let download = |format: SavedFormat| {
        let ending = saved::ending(format);
        json!({ "format": ending.to_uppercase(), "url": format!("{base}/file.{ending}") })
    };
    let of = figures.scope.as_ref().map(|of| scope::line(of, locale, &web.pages)).transpose()?;
    data["report"] = json!({
        "name": report.name,
        "scope": of,
        "filtered": !terms.filter.is_empty(),
        "period": words::period(terms.period, locale, &web.pages)?,
        "schedule": words::schedule(schedule, locale, &web.pages)?,
        "next": report.next_run_at,
        "owner": names.get(&report.owner_id),
        "shared": report.shared,
        "formats": terms.formats.iter().map(|format| saved::ending(*format).to_uppercase()).collect::<Vec<_>>(),
        "recipients": recipients.iter().filter_map(|(id, _)| names.get(id)).collect::<Vec<_>>(),
        "runs": runs.iter().map(|run| json!({
            "at": run.ran_at, "outcome": run.outcome, "letters": run.letters,
            "who": run.staff_id.and_then(|id| names.get(&id)),
        })).collect::<Vec<_>>(),
    });
    data["may_change"] = json!(changeable);
    data["edit_url"] = json!(format!("{base}/edit"));
    data["delete_url"] = json!(format!("{base}/delete"));
    data["send_action"] = json!(format!("{base}/send"));
    data["idempotency_key"] = json!(key);
    data["downloads"] = saved::formats().map(download).collect();
    Ok(data)
}
