//! The petitioner fetches a file of a reply by the link that the letter carried in its place, because it was too large to
//! travel. Each time stands in the case's history.

use serde_json::json;

use crate::acts::Office;
use crate::domain::event::acts;
use crate::domain::link::{Link, Purpose};
use crate::domain::reply::ReplyState;
use crate::domain::staff::Actor;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::attachments::{self, Attachment, Carrier};
use crate::store::replies::{self, Reply};
use crate::store::{Db, cases, events};

/// The reply whose files the link opens, and the files.
///
/// # Errors
/// `NotFound` when the link is not for this, or its reply is not (any more) an approved one; `Refused` when it has run out.
pub fn by_link(db: &mut Db, link: &Link, now: Moment) -> Result<(Reply, Vec<Attachment>)> {
    if link.purpose != Purpose::Files {
        return Err(Error::NotFound);
    }
    let reply = replies::get(db, link.row)?;
    if reply.nonce != link.nonce || reply.state != ReplyState::Approved {
        return Err(Error::NotFound);
    }
    if link.expires_at <= now {
        return Err(Error::refused("refused-link-expired"));
    }
    let files = attachments::of(db, Carrier::Reply(reply.id))?;
    Ok((reply, files))
}

/// Records that the `nth` file of the link was fetched, and gives it.
///
/// # Errors
/// As for [`by_link`]; `NotFound` when there is no such file.
pub fn fetch_file(office: &Office, now: Moment, link: &Link, nth: usize) -> Result<Attachment> {
    let link = link.clone();
    office.store.write(move |db| {
        let (reply, files) = by_link(db, &link, now)?;
        let file = files.into_iter().nth(nth).ok_or(Error::NotFound)?;
        cases::lock_for_log(db, reply.case_id)?;
        let facts = json!({ "file": file.id, "reply": reply.id });
        events::append(db, reply.case_id, now, acts::FILE_FETCHED, &Actor::Petitioner, &facts)?;
        Ok(file)
    })
}
