//! The link of a reply whose files were too large for the letter: what there is, and each file by a button. A mail scanner
//! that follows the link sees the list and fetches nothing.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::{Reader, Reply, answer, dead_link};
use crate::acts::fetch_file as act;
use crate::domain::link::{Link, Purpose};
use crate::error::{Error, Result};
use crate::store::cases;
use crate::web::answer::Answer;
use crate::web::desk::size;
use crate::web::forms;
use crate::web::state::{State, Web};

/// `GET /f/{token}`: the files.
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State, token: web::Path<String>) -> Answer {
    let token = token.into_inner();
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        read(web, &token).and_then(|link| page(web, reader, &token, &link)).or_else(dead_link)
    })
    .await
}

/// `POST /f/{token}`: one of them, by its place in the list; the case's history says so.
///
/// # Errors
/// Of the database; `Refused` for a form that cannot be read.
pub async fn fetch(request: HttpRequest, state: State, token: web::Path<String>, body: web::Payload) -> Answer {
    let form = forms::read(&request, body, &state.app.config.attachments).await?;
    let token = token.into_inner();
    answer(&state, Reader::of(&request, &state), move |web, reader| {
        let nth = form.number("file").and_then(|n| usize::try_from(n).ok());
        let file = nth.ok_or(Error::NotFound).and_then(|nth| {
            let file = act::fetch_file(&web.app.office, reader.now, &read(web, &token)?, nth)?;
            let bytes = web.app.files.get(&file.sha256)?;
            Ok(Reply::File(file.name, file.media_type, bytes))
        });
        file.or_else(dead_link)
    })
    .await
}

fn read(web: &Web, token: &str) -> Result<Link> {
    web.app.office.keys.read_token(Purpose::Files, token).ok_or(Error::NotFound)
}

fn page(web: &Web, reader: &Reader, token: &str, link: &Link) -> Result<Reply> {
    let (case, files) = web.app.office.store.read(|db| {
        let (reply, files) = act::by_link(db, link, reader.now)?;
        Ok((cases::get(db, reply.case_id)?, files))
    })?;
    let list: Vec<Value> = files
        .iter()
        .enumerate()
        .map(|(nth, file)| json!({ "nth": nth, "name": file.name, "size": size(file.size) }))
        .collect();
    let data = json!({
        "form_action": reader.href(&format!("/f/{token}")),
        "case_number": case.number(),
        "subject": case.subject,
        "expires_at": link.expires_at,
        "files": list,
    });
    Ok(Reply::Page(StatusCode::OK, "citizen/files", data))
}
