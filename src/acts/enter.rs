//! Staff enter what came by telephone, visit, letter, fax, social media, referral or the press: a case at once.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::acts::Office;
use crate::acts::opening::{Opening, Receipt, open};
use crate::acts::submit::party_of;
use crate::domain::case::Channel;
use crate::domain::event::acts;
use crate::domain::staff::{Actor, Role, Staff};
use crate::domain::submission::Petition;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::store::attachments::{Carrier, StoredFile, attach};
use crate::store::cases::{References, set_references};
use crate::store::idempotency::{self, Done, Request};
use crate::store::{letters, parties, texts};

/// The scope of idempotency keys of staff entry.
const SCOPE: &str = "enter";

/// What staff write down.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The petition.
    pub petition: Petition,
    /// When it was received: the limit runs from here.
    pub received_at: Moment,
    /// Number of the incoming document (收文號), or of the referring agency's letter.
    pub incoming_ref: Option<String>,
    /// The agency that referred it.
    pub referring_agency: Option<String>,
    /// The unit complained of, if the petition names one.
    pub respondent_unit_id: Option<i64>,
}

/// Enters a case. The receipt's query code is for telling the petitioner.
///
/// # Errors
/// `Refused` for anyone but a registrar; `Invalid` with every wrong field.
pub fn enter(
    office: &Office,
    now: Moment,
    staff: &Staff,
    entry: Entry,
    files: &[StoredFile],
    key: &str,
) -> Result<Receipt> {
    if !staff.is(Role::Registrar) {
        return Err(Error::refused("refused-registrar-only"));
    }
    let entry = Entry { petition: entry.petition.tidy(), ..entry };
    entry.petition.check_by_staff()?;
    if entry.petition.channel == Channel::Web {
        return Err(Error::invalid("channel", "field-choose"));
    }
    if entry.received_at > now {
        return Err(Error::invalid("received_at", "field-in-future"));
    }
    let digest = sha256(json!(entry).to_string().as_bytes());
    let sealed = parties::seal(&office.keys, &party_of(&entry.petition))?;
    let code = office.keys.new_query_code()?;
    let request = Request { scope: SCOPE, key: key.to_owned(), digest };
    let (here, staff, files) = (office.clone(), staff.clone(), files.to_vec());
    let done = idempotency::once(&office.store, request, now, move |db| {
        let petition = &entry.petition;
        let opening = Opening {
            channel: petition.channel,
            locale: petition.locale.clone(),
            party_id: parties::insert(db, &sealed, now)?,
            subject: petition.subject.clone(),
            text_id: texts::insert(db, &petition.body)?,
            kind: petition.kind,
            category: petition.category.clone(),
            place: petition.place.clone(),
            confidential: petition.confidential,
            reply_by: petition.reply_by,
            submission_id: None,
            received_at: entry.received_at,
        };
        let receipt = open(db, &here, &opening, acts::ENTERED, &Actor::Staff(staff.clone()), &code, now)?;
        attach(db, &files, Carrier::Case(receipt.case_id), now)?;
        set_references(
            db,
            &References {
                case_id: receipt.case_id,
                incoming_ref: entry.incoming_ref.clone().filter(|t| !t.is_empty()),
                referring_agency: entry.referring_agency.clone().filter(|t| !t.is_empty()),
                respondent_unit_id: entry.respondent_unit_id,
                ..References::default()
            },
        )?;
        let id = receipt.case_id.to_string();
        Ok((receipt, id))
    })?;
    match done {
        Done::Now(receipt) => Ok(receipt),
        Done::Before(id) => office.store.read(|db| again(db, office, &id)),
    }
}

/// The receipt of an entry that was made before with the same key. Its query code is shown again only where a letter
/// carries it.
fn again(db: &mut crate::store::Db, office: &Office, case_id: &str) -> Result<Receipt> {
    let case = crate::store::cases::get(db, case_id.parse().map_err(Error::internal)?)?;
    let code = match letters::receipt(db, case.id) {
        Ok(letter) => letter.query_code(&office.keys)?.unwrap_or_default(),
        Err(Error::NotFound) => String::new(),
        Err(e) => return Err(e),
    };
    Ok(Receipt {
        case_id: case.id,
        number: case.number().to_owned(),
        query_code: code,
        received_at: case.received_at,
        due_at: case.due_at,
        subject: case.subject,
    })
}
