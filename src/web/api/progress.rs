//! Where a case stands, for programs: what the status page shows, as JSON.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::header;
use crate::acts::look_up;
use crate::error::{Error, Result};
use crate::store::attachments::Attachment;
use crate::web::answer::{Answer, api_locale};
use crate::web::citizen::Reader;
use crate::web::citizen::status::ending_text;
use crate::web::citizen::view::{self, View};
use crate::web::state::{State, Web, blocking};

/// `GET /api/v1/petitions/{number}`
///
/// # Errors
/// `NotFound` for every wrong pair; `Refused` after too many.
pub async fn show(request: HttpRequest, state: State, number: web::Path<String>) -> Answer {
    let code = header(&request, "Chenqing-Code");
    if code.is_empty() {
        return Err(Error::invalid("Chenqing-Code", "field-missing").into());
    }
    let asker = state.asker(&request)?;
    let reader = Reader::of(&request, &state).in_locale(api_locale(&request));
    let status = blocking(&state, move |web| {
        let (office, most) = (&web.app.office, web.app.config.limits.lookups);
        let case = look_up::look_up(office, reader.now, &number, &code, &asker, most)?;
        let view = office.store.read(|db| view::view(db, office, &case, reader.locale, reader.now))?;
        Status::of(web, &reader, &view)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(status))
}

/// Where a case stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    /// Case number.
    #[schema(example = "1150001234-5")]
    pub number: String,
    /// Subject.
    pub subject: String,
    /// Code of the state.
    #[schema(example = "in_progress")]
    pub state: String,
    /// The state in plain words.
    pub state_text: String,
    /// Code of the kind.
    #[schema(example = "suggestion")]
    pub kind: String,
    /// Category by name.
    pub category: Option<String>,
    /// When it was received.
    #[schema(format = DateTime)]
    pub received_at: String,
    /// The unit in charge.
    pub unit: Option<String>,
    /// The last day to reply.
    #[schema(format = Date)]
    pub due_on: Option<String>,
    /// Whether the clock stands still now, because the case waits for the petitioner or for others: then the last day is
    /// that of today and moves on.
    pub stands_still: bool,
    /// How that day was counted.
    pub explanation: Option<Explained>,
    /// An extension, if there was one.
    pub extension: Option<Extended>,
    /// What the petitioner is asked to supplement; it is given on the status page.
    pub supplement: Option<Supplement>,
    /// When it ended.
    #[schema(format = DateTime)]
    pub finished_at: Option<String>,
    /// The steps of its way.
    pub steps: Vec<Stepped>,
    /// The reply.
    pub reply: Option<Replied>,
    /// How it ended without one.
    pub ending: Option<Ended>,
    /// The petitioner's own files.
    pub attachments: Vec<File>,
}

/// How a last day was counted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explained {
    /// The rule in words.
    pub rule: String,
    /// Since when the calendar was in force that the days are told by, where it is no longer.
    #[schema(format = DateTime)]
    pub calendar_since: Option<String>,
    /// Each day: `date`, `counted` (which day of the limit), `reason`, and where there is one `note` or `minutes`.
    #[schema(value_type = Vec<Object>)]
    pub days: serde_json::Value,
}

/// An extension.
#[derive(Debug, Serialize, ToSchema)]
pub struct Extended {
    /// The last day before it.
    #[schema(format = Date)]
    pub original_due_on: String,
    /// Why.
    pub reason: String,
}

/// What the petitioner is asked to supplement.
#[derive(Debug, Serialize, ToSchema)]
pub struct Supplement {
    /// What is missing.
    pub question: String,
    /// The last day to give it.
    #[schema(format = Date)]
    pub until: String,
}

/// A step.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stepped {
    /// `received`, `assigned`, `handled` or `replied`.
    pub name: String,
    /// `done`, `current` or `next`.
    pub state: String,
    /// When it was done.
    #[schema(format = DateTime)]
    pub at: Option<String>,
}

/// A reply.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replied {
    /// Its text.
    pub text: String,
    /// When it went out.
    #[schema(format = DateTime)]
    pub sent_at: String,
    /// Legal basis.
    pub legal_basis: String,
    /// The officer who answers.
    pub officer_name: String,
    /// Their telephone.
    pub officer_phone: String,
    /// Their unit.
    pub unit: String,
    /// Its files; they are handed out on the status page.
    pub attachments: Vec<File>,
}

/// An ending without a reply.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ended {
    /// Code.
    #[schema(example = "transferred")]
    pub code: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// What the petitioner was told.
    pub text: Option<String>,
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub struct File {
    /// Name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
}

impl Status {
    fn of(web: &Web, reader: &Reader, view: &View) -> Result<Self> {
        let state_key = format!("status-{}", view.state.code().replace('_', "-"));
        let explanation = match &view.explanation {
            Some(told) => Some(Explained {
                rule: web.text(reader.locale, &told.rule),
                calendar_since: told.calendar_since.map(|at| at.to_string()),
                days: serde_json::to_value(&told.days).map_err(Error::internal)?,
            }),
            None => None,
        };
        let step = |s: &view::Step| Stepped {
            name: s.name.to_owned(),
            state: s.state.to_owned(),
            at: s.at.map(|at| at.to_string()),
        };
        Ok(Self {
            number: view.number.clone(),
            subject: view.subject.clone(),
            state: view.state.code().to_owned(),
            state_text: web.pages.text(reader.locale, &state_key, &json!({})).map_err(Error::Internal)?,
            kind: view.kind.code().to_owned(),
            category: view.category.clone(),
            received_at: view.received_at.to_string(),
            unit: view.unit.clone(),
            due_on: view.due_on.map(|day| day.to_string()),
            stands_still: view.stands,
            explanation,
            extension: view
                .extension
                .as_ref()
                .map(|(day, reason)| Extended { original_due_on: day.to_string(), reason: reason.clone() }),
            supplement: view
                .supplements
                .iter()
                .rfind(|asked| asked.open)
                .map(|asked| Supplement { question: asked.question.clone(), until: asked.until.to_string() }),
            finished_at: view.finished_at.map(|at| at.to_string()),
            steps: view.steps.iter().map(step).collect(),
            reply: view.reply.as_ref().map(|reply| Replied {
                text: reply.text.clone(),
                sent_at: reply.sent_at.to_string(),
                legal_basis: reply.legal_basis.clone(),
                officer_name: reply.officer_name.clone(),
                officer_phone: reply.officer_phone.clone(),
                unit: reply.unit.clone(),
                attachments: File::all(&reply.files),
            }),
            ending: view.ending.as_ref().map(|ending| Ended {
                code: ending.code.code().to_owned(),
                at: ending.at.to_string(),
                text: ending_text(web, reader, ending),
            }),
            attachments: File::all(&view.files),
        })
    }
}

impl File {
    fn all(files: &[Attachment]) -> Vec<Self> {
        let file = |f: &Attachment| Self { name: f.name.clone(), media_type: f.media_type.clone(), size: f.size };
        files.iter().map(file).collect()
    }
}
