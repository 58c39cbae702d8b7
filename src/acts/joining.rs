//! A message joins a case: as the supplement it waits for, or else as an entry of its thread; whoever has the case is
//! told. A finished case stays finished: that is for the reader to decide.

use serde_json::json;

use crate::acts::owing::{having, people};
use crate::acts::{Gate, Office, rights_of, supplement_given};
use crate::domain::case::{State, Verb};
use crate::domain::event::acts;
use crate::domain::incoming::{Mail, MessageState};
use crate::domain::letter::Letter;
use crate::domain::rights::may_see;
use crate::domain::staff::{Actor, Role};
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::attachments::{Carrier, StoredFile, attach};
use crate::store::messages::MessageRow;
use crate::store::{Db, cases, events, staff, supplements, texts};

/// Joins a locked message to a case; the caller writes the message.
///
/// # Errors
/// `NotFound` for a case that is not there; of the database.
#[allow(clippy::too_many_arguments, reason = "what joins, to what, by whom and when")]
pub fn append(
    db: &mut Db,
    office: &Office,
    row: &mut MessageRow,
    case_id: i64,
    mail: &Mail,
    files: &[StoredFile],
    actor: &Actor,
    now: Moment,
) -> Result<()> {
    (row.state, row.case_id) = (MessageState::Appended, Some(case_id));
    let case = cases::lock_for_log(db, case_id)?;
    if case.state == State::AwaitingPetitioner && supplements::open(db, case_id)?.is_some() {
        let mut gate = Gate::other(db, office, actor.clone(), Verb::SupplementGiven, case_id)?;
        return supplement_given::give(db, office, &mut gate, &mail.body(), files, now);
    }
    let text = many_lines(&mail.text);
    row.text_id = Some(texts::insert(db, if text.is_empty() { &mail.subject } else { &text })?);
    attach(db, files, Carrier::Message(row.id, case_id), now)?;
    let facts = json!({ "message": row.id, "files": files.len() });
    events::append(db, case_id, now, acts::MAIL_JOINED, actor, &facts)?;
    let reference = office.reference(db)?;
    let finished = case.state.is_finished();
    let letter = Letter::MailJoined { number: case.number().to_owned(), subject: case.subject.clone(), finished };
    let mut readers = having(db, &case, &reference)?;
    // Nobody has a case before it is assigned, and whoever had a finished one may have moved on.
    if finished || readers.is_empty() {
        let rights = rights_of(db, &case, None)?;
        let registrars = staff::with_role(db, Role::Registrar)?;
        readers.extend(registrars.into_iter().filter(|person| may_see(person, &rights, &reference.units)));
    }
    people(db, office, case_id, &readers, &letter, now)
}
