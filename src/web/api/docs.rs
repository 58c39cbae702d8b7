//! The page that tells programmers how to use the interface, in both languages; the exact description is the OpenAPI file.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::web::answer::Answer;
use crate::web::citizen::{Reader, Reply, answer};
use crate::web::state::{State, Web};

/// A parameter: name, where it stands, message that says what it is.
type Parameter = (&'static str, &'static str, &'static str);
/// An answer: status, message that says when, example.
type Response = (&'static str, &'static str, Option<&'static str>);

/// What can be done, in the words of the message files.
struct Operation {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    description: &'static str,
    parameters: &'static [Parameter],
    request: Option<&'static str>,
    responses: &'static [Response],
}

const OPERATIONS: &[Operation] = &[
    Operation {
        method: "POST",
        path: "/api/v1/petitions",
        summary: "api-submit",
        description: "api-submit-text",
        parameters: &[("Idempotency-Key", "header", "api-key-means")],
        request: Some(NEW),
        responses: &[
            ("202", "api-taken", Some(TAKEN)),
            ("400", "api-unreadable", None),
            ("413", "api-too-large", None),
            ("415", "api-media", None),
            ("422", "api-invalid", Some(INVALID)),
            ("429", "api-too-many", None),
            ("503", "api-not-taken", None),
        ],
    },
    Operation {
        method: "GET",
        path: "/api/v1/petitions/{number}",
        summary: "api-status",
        description: "api-status-text",
        parameters: &[("number", "path", "api-number-means"), ("Chenqing-Code", "header", "api-code-means")],
        request: None,
        responses: &[
            ("200", "api-found", Some(FOUND)),
            ("404", "api-not-found", None),
            ("422", "api-code-missing", None),
            ("429", "api-too-many", None),
        ],
    },
];

const NEW: &str = r#"{
  "name": "林示範",
  "email": "lin@example.org",
  "phone": "0900-000-123",
  "subject": "示範漁港北堤路燈不亮",
  "body": "示範漁港北側堤防的路燈已經三天沒有亮。",
  "kind": "suggestion",
  "consent": true,
  "attachments": [{ "name": "位置圖.pdf", "content": "JVBERi0xLjcK…" }]
}"#;
const TAKEN: &str = r#"{
  "submission_id": "5f0c1f6be2f54e0f9a5d6f6f1c0b7a31",
  "state": "unconfirmed",
  "confirm_before": "2026-09-21T01:30:00Z"
}"#;
const INVALID: &str = r#"{
  "error": {
    "code": "error-invalid",
    "message": "…",
    "fields": [{ "field": "email", "code": "petition-email", "message": "…" }]
  }
}"#;
const FOUND: &str = r#"{
  "number": "1150001234-5",
  "state": "in_progress",
  "unit": "後勤組",
  "due_on": "2026-09-30",
  "steps": [{ "name": "received", "state": "done", "at": "2026-09-18T02:05:00Z" }],
  "reply": null
}"#;

/// `GET /api`
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State) -> Answer {
    answer(&state, Reader::of(&request, &state), |web, reader| {
        let operations: Vec<Value> = OPERATIONS.iter().map(|o| operation(web, reader, o)).collect::<Result<_>>()?;
        let data = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "openapi_url": "/api/openapi.json",
            "operations": operations,
        });
        Ok(Reply::Page(StatusCode::OK, "api/docs", data))
    })
    .await
}

fn operation(web: &Web, reader: &Reader, operation: &Operation) -> Result<Value> {
    let text = |key: &str| web.pages.text(reader.locale, key, &json!({})).map_err(Error::Internal);
    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|(name, place, key)| Ok(json!({ "name": name, "required": true, "in": place, "description": text(key)? })))
        .collect::<Result<_>>()?;
    let responses: Vec<Value> = operation
        .responses
        .iter()
        .map(|(status, key, example)| Ok(json!({ "status": status, "description": text(key)?, "example": example })))
        .collect::<Result<_>>()?;
    Ok(json!({
        "method": operation.method,
        "path": operation.path,
        "summary": text(operation.summary)?,
        "description": text(operation.description)?,
        "parameters": parameters,
        "request_example": operation.request,
        "responses": responses,
    }))
}
