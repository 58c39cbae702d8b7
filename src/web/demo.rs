//! The demonstration's mail: every letter that left, exactly as it would have arrived. Outside the demonstration these
//! pages do not exist.

use std::path::Path;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ContentType, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, Fault};
use super::state::{State, Web, blocking};
use crate::error::{Error, Result};
use crate::post::caught::{self, Opened};

/// Letters on a page.
const PAGE: usize = 50;

/// What a shown letter may do: nothing but be read. Its links open in a window of their own.
const LETTER_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
                             style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

/// Where in the list.
#[derive(Deserialize)]
pub struct Place {
    before: Option<String>,
}

/// The list, newest first.
///
/// # Errors
/// `NotFound` outside the demonstration.
pub async fn list(request: HttpRequest, state: State, place: web::Query<Place>) -> Answer {
    let before = place.into_inner().before;
    let first_url = before.as_ref().map(|_| "/demo/mail");
    let mut letters = blocking(&state, move |web| caught::list(folder(web)?, before.as_deref(), PAGE + 1)).await?;
    let more = letters.len() > PAGE;
    letters.truncate(PAGE);
    let next_url = letters.last().filter(|_| more).map(|last| format!("/demo/mail?before={}", last.id));
    let letters: Vec<_> = letters
        .into_iter()
        .map(|letter| {
            let url = format!("/demo/mail/{}", letter.id);
            json!({ "url": url, "subject": letter.subject, "to": letter.to, "at": letter.date })
        })
        .collect();
    let data = json!({ "letters": letters, "first_url": first_url, "next_url": next_url });
    Ok(state.citizen_page(&request, "demo/mail", data)?)
}

/// One letter: headers, links, HTML in a frame, text.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn letter(request: HttpRequest, state: State, id: web::Path<String>) -> Answer {
    let id = id.into_inner();
    let letter = opened(&state, &id).await?;
    let header = |name: &str| {
        letter
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.as_str())
    };
    let files: Vec<_> = (0..)
        .zip(&letter.files)
        // What the HTML shows is no attachment.
        .filter(|(_, file)| file.content_id.is_none())
        .map(|(nth, file): (usize, _)| {
            json!({ "name": file.name, "size": size(file.bytes.len()), "url": format!("/demo/mail/{id}/files/{nth}") })
        })
        .collect();
    let data = json!({
        "back_url": "/demo/mail",
        "letter": {
            "subject": letter.caught.subject,
            "from": header("From"),
            "to": letter.caught.to,
            "at": letter.caught.date,
            "message_id": header("Message-ID"),
            "links": links(&letter.text, &state.app.config.public.url),
            "attachments": files,
            "html_url": format!("/demo/mail/{id}/html"),
            "text": letter.text,
        },
    });
    Ok(state.citizen_page(&request, "demo/letter", data)?)
}

/// The HTML part as it is, under a policy that lets it do nothing.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn html(state: State, id: web::Path<String>) -> Answer {
    let letter = opened(&state, &id).await?;
    // A page of the service does not open inside the frame of a letter.
    let mut html = letter.html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    for file in &letter.files {
        if let Some(id) = &file.content_id {
            let inline = format!("data:{};base64,{}", file.media_type, BASE64.encode(&file.bytes));
            html = html.replace(&format!("cid:{id}"), &inline);
        }
    }
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, LETTER_POLICY))
        .body(html))
}

/// A file that came with a letter.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn file(state: State, place: web::Path<(String, usize)>) -> Answer {
    let (id, nth) = place.into_inner();
    let letter = opened(&state, &id).await?;
    let file = letter.files.into_iter().nth(nth).ok_or(Fault(Error::NotFound))?;
    let media_type =
        HeaderValue::from_str(&file.media_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, "attachment"))
        .body(file.bytes))
}

async fn opened(state: &State, id: &str) -> std::result::Result<Opened, Fault> {
    let id = id.to_owned();
    blocking(state, move |web| caught::open(folder(web)?, &id)).await
}

/// The folder of caught letters, in a demonstration only.
fn folder(web: &Web) -> Result<&Path> {
    web.app.post.transport().folder().filter(|_| web.app.demo).ok_or(Error::NotFound)
}

/// The links of ours in a letter's text, each once.
fn links<'a>(text: &'a str, public_url: &str) -> Vec<&'a str> {
    let mut links: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        if word.starts_with(public_url) && !links.contains(&word) {
            links.push(word);
        }
    }
    links
}

fn size(bytes: usize) -> String {
    match bytes {
        b if b >= 1_048_576 => format!("{}.{} MB", b / 1_048_576, b % 1_048_576 * 10 / 1_048_576),
        b if b >= 1024 => format!("{} KB", b / 1024),
        b => format!("{b} B"),
    }
}
