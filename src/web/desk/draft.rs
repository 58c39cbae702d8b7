//! The reply's editor: the text beside the letter it becomes. The preview comes by itself where scripts run, and by a
//! button where they do not.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ContentType};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::act::{again, told_errors};
use super::case::{Seen, facts, see};
use super::{Desk, errors, posted, preview, thread};
use crate::acts::draft::{Draft, draft_keeping};
use crate::acts::submit_reply::submit_keeping;
use crate::domain::case::{Verb, after};
use crate::domain::reply::ReplyState;
use crate::domain::rights::may;
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Message, Result};
use crate::store::attachments::{Attachment, Carrier, StoredFile, of};
use crate::store::{Db, texts};
use crate::web::answer::{Answer, Fault, status_of};
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web, blocking};
use crate::web::uploads;

/// What the editor shows beside what is stored.
#[derive(Default)]
struct Typed {
    form: Option<Form>,
    conflict: bool,
    errors: Vec<Value>,
    /// Files that came with the form and are not part of the draft yet.
    kept: Vec<StoredFile>,
}

/// `GET /desk/cases/{number}/draft`: the case's handler, while the reply may be written.
///
/// # Errors
/// `NotFound` or `Refused`.
pub async fn form(request: HttpRequest, state: State, signed_in: SignedIn, number: web::Path<String>) -> Answer {
    let desk = Desk::of(&state, &request, &signed_in);
    page(&desk, StatusCode::OK, number.into_inner(), Typed::default()).await
}

/// `POST /desk/cases/{number}/preview`: the case's handler. Changes nothing; answers with the letter alone where a script
/// asks, otherwise with the whole editor.
///
/// # Errors
/// `NotFound` or `Refused`.
pub async fn preview(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    number: web::Path<String>,
    body: web::Payload,
) -> Answer {
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    if request.headers().get("hx-request").is_none() {
        return whole_preview(&desk, number.into_inner(), form).await;
    }
    let (staff, locale) = (desk.staff().clone(), desk.locale());
    let letter = blocking(&state, move |web| {
        web.app.office.store.read(|db| {
            let seen = writable(web, db, &staff, &number)?;
            letter(web, db, locale, &seen, &staff, &form)
        })
    })
    .await?;
    let html = match letter {
        Some(letter) => state.pages.render("desk/preview", desk.locale(), &letter).map_err(Error::Internal)?,
        None => state.pages.render("desk/preview_empty", desk.locale(), &json!({})).map_err(Error::Internal)?,
    };
    Ok(HttpResponse::Ok().insert_header(ContentType::html()).insert_header((CACHE_CONTROL, "no-store")).body(html))
}

/// The whole editor once more; files that were just chosen come back with it.
async fn whole_preview(desk: &Desk, number: String, form: Form) -> Answer {
    let taken = desk
        .run({
            let (number, form) = (number.clone(), form.clone());
            move |web, staff, now| {
                let old = web.app.office.store.read(|db| {
                    let seen = writable(web, db, staff, &number)?;
                    stored(db, &seen)
                })?;
                uploads::take(web, &form, old.staying(&form), now)
            }
        })
        .await?;
    let status = if taken.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let errors = errors(&taken.wrong, "");
    page(desk, status, number, Typed { form: Some(form), conflict: false, errors, kept: taken.files }).await
}

/// Saves the draft, or submits it; called by the acts of the case.
///
/// # Errors
/// `NotFound`.
pub async fn save(desk: &Desk, number: String, form: Form, submit: bool) -> Answer {
    let editor = !form.texts("body").is_empty();
    let done = desk
        .run({
            let (number, form) = (number.clone(), form.clone());
            move |web, staff, now| store(web, staff, now, &number, &form, submit, editor)
        })
        .await;
    let case = format!("/desk/cases/{number}");
    let (kept, done) = match done {
        Ok(Kept { files, done }) => (files, done.map_err(Fault)),
        Err(fault) => (Vec::new(), Err(fault)),
    };
    match done {
        Ok(_) if submit => desk.go(&case, Some(&Message::new("notice-submitted"))),
        Ok(_) => desk.go(&format!("{case}/draft"), Some(&Message::new("notice-draft-saved"))),
        Err(Fault(error)) if !editor => again(desk, number, "submit_reply".into(), form, error).await,
        Err(Fault(error)) => match told_errors(&error) {
            Some((conflict, errors)) => {
                page(desk, status_of(&error), number, Typed { form: Some(form), conflict, errors, kept }).await
            }
            None => Err(error.into()),
        },
    }
}

/// What came of a form: its files are on the disk, whatever the act said.
struct Kept {
    files: Vec<StoredFile>,
    done: Result<i64>,
}

fn store(web: &Web, staff: &Staff, now: Moment, number: &str, form: &Form, submit: bool, editor: bool) -> Result<Kept> {
    let office = &web.app.office;
    let version = form.version()?;
    let (seen, old) = office.store.read(|db| {
        let seen = writable(web, db, staff, number)?;
        let old = stored(db, &seen)?;
        Ok((seen, old))
    })?;
    if !editor {
        let draft = Draft { body: old.body, legal_basis: old.legal_basis, files: Vec::new() };
        let done = submit_keeping(office, now, staff, seen.case.id, version, &draft, None);
        return Ok(Kept { files: Vec::new(), done });
    }
    let taken = uploads::take(web, form, old.staying(form), now)?;
    if !taken.wrong.is_empty() {
        return Ok(Kept { files: taken.files, done: Err(Error::Invalid(taken.wrong)) });
    }
    let (body, legal_basis) = (form.text("body").to_owned(), form.text("legal_basis").to_owned());
    let draft = Draft { body, legal_basis, files: taken.files };
    let act = if submit { submit_keeping } else { draft_keeping };
    let done = act(office, now, staff, seen.case.id, version, &draft, Some(&ticked(form)));
    Ok(Kept { files: draft.files, done })
}

/// The files of the draft that are to stay.
fn ticked(form: &Form) -> Vec<i64> {
    form.texts("kept_attachment").iter().filter_map(|id| id.parse().ok()).collect()
}

/// The case, if this person may write its reply now.
fn writable(web: &Web, db: &mut Db, staff: &Staff, number: &str) -> Result<Seen> {
    let seen = see(web, db, staff, number)?;
    may(staff, Verb::Draft, &seen.rights, &seen.reference.units)?;
    after(seen.case.state, Verb::Draft)?;
    Ok(seen)
}

/// The draft as it is stored.
#[derive(Default)]
struct Stored {
    body: String,
    legal_basis: String,
    files: Vec<Attachment>,
}

impl Stored {
    /// How many of its files a form lets stay.
    fn staying(&self, form: &Form) -> usize {
        let ticked = ticked(form);
        self.files.iter().filter(|file| ticked.contains(&file.id)).count()
    }
}

fn stored(db: &mut Db, seen: &Seen) -> Result<Stored> {
    let Some(reply) = &seen.reply else { return Ok(Stored::default()) };
    Ok(Stored {
        body: texts::get(db, reply.text_id)?,
        legal_basis: reply.legal_basis.clone(),
        files: of(db, Carrier::Reply(reply.id))?,
    })
}

async fn page(desk: &Desk, status: StatusCode, number: String, typed: Typed) -> Answer {
    desk.page(status, "desk/draft", "", move |web, db, desk, now| {
        // A colleague may have taken the case away meanwhile: what was typed is still shown, to be copied.
        let failed = typed.conflict || !typed.errors.is_empty();
        let look = if failed { see } else { writable };
        let seen = look(web, db, desk.staff(), &number)?;
        view(web, db, desk, now, &seen, &typed)
    })
    .await
}

fn view(web: &Web, db: &mut Db, desk: &Desk, now: Moment, seen: &Seen, typed: &Typed) -> Result<Value> {
    let old = stored(db, seen)?;
    let form = match &typed.form {
        Some(form) => form.clone(),
        None => Form::with(&[("body", &old.body), ("legal_basis", &old.legal_basis)]),
    };
    let action = |act: &str| format!("/desk/cases/{}/{act}", seen.case.number());
    let returned = seen.reply.as_ref().filter(|r| r.state == ReplyState::Returned);
    Ok(json!({
        "conflict": typed.conflict,
        "errors": typed.errors,
        "case": facts(web, db, desk.locale(), now, seen)?,
        "form_action": action("draft"),
        "submit_action": action("submit_reply"),
        "preview_action": action("preview"),
        "form": { "body": form.text("body"), "legal_basis": form.text("legal_basis") },
        "attachments": attachments(&old, typed),
        "kept_files": uploads::shown(web, now, &typed.kept)?,
        "limits": uploads::limits(&web.app.config.attachments),
        "return_reason": returned.map(|r| r.return_reason.clone()).filter(|text| !text.is_empty()),
        "way": seen.way(),
        "written": seen.way().is_written(),
        "saved_at": seen.reply.as_ref().map(|r| r.updated_at),
        "preview": letter(web, db, desk.locale(), seen, desk.staff(), &form)?,
    }))
}

/// The draft's files, each ticked unless the form that came had let go of it.
fn attachments(old: &Stored, typed: &Typed) -> Vec<Value> {
    let ticked = typed.form.as_ref().map(ticked);
    let mut list = thread::files(&old.files);
    for (row, file) in list.iter_mut().zip(&old.files) {
        row["kept"] = json!(ticked.as_ref().is_none_or(|ids| ids.contains(&file.id)));
    }
    list
}

fn letter(web: &Web, db: &mut Db, locale: &str, seen: &Seen, staff: &Staff, form: &Form) -> Result<Option<Value>> {
    if !seen.way().is_written() {
        return Ok(None);
    }
    let names = stored(db, seen)?.files.into_iter().map(|file| file.name).collect();
    let text = (form.text("body"), form.text("legal_basis"));
    preview::of_words(web, db, locale, seen, staff.id, text, names)
}
