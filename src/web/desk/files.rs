//! Files of cases, replies and unconfirmed submissions, for whoever may see what they belong to.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, web};

use super::submissions;
use crate::acts::rights_of;
use crate::domain::rights::may_see;
use crate::domain::staff::Staff;
use crate::error::{Error, Result};
use crate::store::attachments::{self, Attachment};
use crate::store::{Db, cases, replies};
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web, blocking};

/// `GET /desk/files/{id}`: whoever may see the case; registrars for submissions that are no case yet.
///
/// # Errors
/// `NotFound` for everybody else.
pub async fn download(state: State, signed_in: SignedIn, id: web::Path<i64>) -> Answer {
    let staff = signed_in.staff;
    let (file, bytes) = blocking(&state, move |web| {
        let file = web.app.office.store.read(|db| allowed(web, db, &staff, *id))?;
        let bytes = web.app.files.get(&file.sha256)?;
        Ok((file, bytes))
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.media_type.clone()))
        .insert_header((CONTENT_DISPOSITION, disposition(&file.name)))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .body(bytes))
}

fn allowed(web: &Web, db: &mut Db, staff: &Staff, id: i64) -> Result<Attachment> {
    let file = attachments::get(db, id)?;
    let case_id = match (file.case_id, file.reply_id) {
        (Some(case), _) => Some(case),
        (None, Some(reply)) => Some(replies::get(db, reply)?.case_id),
        (None, None) => None,
    };
    let open = match case_id {
        Some(case_id) => {
            let case = cases::get(db, case_id)?;
            may_see(staff, &rights_of(db, &case, None)?, &web.app.office.reference(db)?.units)
        }
        None => file.submission_id.is_some() && staff.is_any(submissions::ROLES),
    };
    if open { Ok(file) } else { Err(Error::NotFound) }
}

/// Saved, never shown in the browser; the name in plain letters for old programs and whole (RFC 6266) for others.
#[must_use]
pub fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
    let whole: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            super::disposition("圖 1\"\r\n.pdf"),
            "attachment; filename=\"__1___.pdf\"; filename*=UTF-8''%E5%9C%96%201%22%0D%0A.pdf"
        );
    }
}
