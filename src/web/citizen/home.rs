//! The first page: what the mailbox is for, and the way a petition goes.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde_json::json;

use super::{Reader, Reply, answer, privacy};
use crate::domain::limit::Limit;
use crate::web::answer::Answer;
use crate::web::state::{State, Web};

/// `GET /`
///
/// # Errors
/// Of the database.
pub async fn show(request: HttpRequest, state: State) -> Answer {
    answer(&state, Reader::of(&request, &state), |web, _| {
        let data = json!({
            "attachments_max": web.app.config.attachments.max_files,
            "confirm_days": web.app.config.cases.confirm_days,
            "reply_days": usual_days(web),
            "privacy": privacy(web)?,
        });
        Ok(Reply::Page(StatusCode::OK, "citizen/home", data))
    })
    .await
}

/// Days in which most petitions are answered: the limit of the class that every new case has.
fn usual_days(web: &Web) -> u32 {
    let rules = &web.app.config.cases;
    let limit = web.reference().and_then(|r| r.speed_class(&rules.default_speed_class).map(|class| class.limit));
    match limit {
        Ok(Limit::WorkingDays(days) | Limit::CalendarDays(days)) => days,
        Ok(Limit::WorkingMinutes(_)) => 1,
        _ => rules.ceiling_days,
    }
}
