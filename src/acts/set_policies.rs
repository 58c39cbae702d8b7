//! An administrator puts a policy document in force from its day on. It is added to those there are, with who, when and why:
//! what was in force stays to be read, and new cases go by it from its day by themselves.

use crate::acts::{Office, policy_text};
use crate::domain::staff::{Role, Staff};
use crate::domain::submission::one_line;
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Result};
use crate::store::{policies, reference};

/// The most characters of a document, and of its note.
pub const MOST_TEXT: usize = 200_000;
/// The most characters of a note.
pub const MOST_NOTE: usize = 200;

/// A document to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// Its text.
    pub source: String,
    /// Why, in a line.
    pub note: String,
    /// The newest document that its writer saw.
    pub seen: i64,
}

/// Stores a document; its id. The open cases it touches are measured anew by [`crate::acts::remeasure`].
///
/// # Errors
/// `Refused` for everybody but administrators; `Invalid` for a text that is no sound document, or without a note; `Conflict`
/// when another document came since.
pub fn set_policies(office: &Office, now: Moment, staff: &Staff, new: &NewDocument) -> Result<i64> {
    if !staff.is(Role::Administrator) {
        return Err(Error::refused("refused-role"));
    }
    let note = one_line(&new.note);
    if note.is_empty() || note.chars().count() > MOST_NOTE {
        return Err(Error::invalid("note", "policy-note-wrong"));
    }
    if new.source.len() > MOST_TEXT {
        return Err(Error::refused("refused-too-large"));
    }
    let (office, staff_id, new) = (office.clone(), staff.id, new.clone());
    office.store.clone().write(move |db| {
        let now_in_force = office.reference(db)?;
        let document = policy_text::read(&new.source, &now_in_force, office.rules.ceiling_days)
            .map_err(|e| Error::Invalid(vec![FieldError { field: "source", message: e.message }]))?;
        if newest(&now_in_force) != new.seen {
            return Err(Error::Conflict);
        }
        let id = policies::insert(db, &new.source, &document, &note, Some(staff_id), now)?;
        reference::touch(db)?;
        Ok(id)
    })
}

/// The id of the document stored last.
#[must_use]
pub fn newest(reference: &reference::Reference) -> i64 {
    reference.policies.iter().map(|set| set.id).max().unwrap_or_default()
}
