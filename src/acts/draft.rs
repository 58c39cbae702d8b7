//! The handler writes the reply. A draft may be as unfinished as it likes; submitting it may not.

use serde_json::json;

use crate::acts::{Gate, Office};
use crate::domain::case::Verb;
use crate::domain::reply::ReplyState;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::random_word;
use crate::store::attachments::{Carrier, StoredFile, attach, keep_only};
use crate::store::replies::{self, NewReply};
use crate::store::{Db, texts};

/// The longest reply, in characters.
const LONGEST: usize = 20_000;

/// What a draft holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The reply's text.
    pub body: String,
    /// The legal basis, one provision a line.
    pub legal_basis: String,
    /// Files to add, stored already.
    pub files: Vec<StoredFile>,
}

impl Draft {
    /// Tidied and checked for length.
    ///
    /// # Errors
    /// `Invalid` when it is too long.
    pub fn checked(&self) -> Result<Self> {
        let tidy = Self {
            body: many_lines(&self.body),
            legal_basis: many_lines(&self.legal_basis),
            files: self.files.clone(),
        };
        if tidy.body.chars().count() > LONGEST {
            return Err(Error::invalid("body", "reply-long"));
        }
        if tidy.legal_basis.chars().count() > 1000 {
            return Err(Error::invalid("legal_basis", "reply-basis-long"));
        }
        Ok(tidy)
    }
}

/// Saves the draft. Returns the case's new version.
///
/// # Errors
/// `Invalid` when it is too long; `Refused`, `Conflict`, `NotFound` from the gate.
pub fn draft(office: &Office, now: Moment, staff: &Staff, case_id: i64, version: i64, draft: &Draft) -> Result<i64> {
    draft_keeping(office, now, staff, case_id, version, draft, None)
}

/// As [`draft()`]; of the files that the draft has so far only `kept` stay, `None` keeps them all.
///
/// # Errors
/// As [`draft()`].
pub fn draft_keeping(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    draft: &Draft,
    kept: Option<&[i64]>,
) -> Result<i64> {
    let draft = draft.checked()?;
    let nonce = random_word::<10>()?;
    let (office, staff, kept) = (office.clone(), staff.clone(), kept.map(<[i64]>::to_vec));
    office.store.clone().write(move |db| {
        let mut gate = Gate::staff(db, &office, &staff, Verb::Draft, case_id, version)?;
        save(db, &mut gate, &staff, &draft, kept.as_deref(), &nonce, now)?;
        gate.done(db, now, &json!({}))?;
        Ok(gate.case.version)
    })
}

/// Writes the draft into the round's reply, making it when it is the first.
///
/// # Errors
/// Of the database.
pub fn save(
    db: &mut Db,
    gate: &mut Gate,
    staff: &Staff,
    draft: &Draft,
    kept: Option<&[i64]>,
    nonce: &str,
    now: Moment,
) -> Result<()> {
    let id = match &mut gate.reply {
        Some(reply) => {
            texts::set(db, reply.text_id, &draft.body)?;
            reply.legal_basis.clone_from(&draft.legal_basis);
            reply.author_id = staff.id;
            reply.version += 1;
            reply.updated_at = now;
            replies::save(db, reply)?;
            reply.id
        }
        None => {
            let new = NewReply {
                case_id: gate.case.id,
                round: gate.case.round,
                version: 1,
                state: ReplyState::Draft,
                text_id: texts::insert(db, &draft.body)?,
                legal_basis: draft.legal_basis.clone(),
                author_id: staff.id,
                created_at: now,
                updated_at: now,
                return_reason: String::new(),
                nonce: nonce.to_owned(),
            };
            let id = replies::insert(db, &new)?;
            gate.reply = Some(replies::get(db, id)?);
            id
        }
    };
    if let Some(kept) = kept {
        keep_only(db, id, kept)?;
    }
    attach(db, &draft.files, Carrier::Reply(id), now)
}
