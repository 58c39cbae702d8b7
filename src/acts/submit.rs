//! A citizen hands in a petition: a submission and the mail to confirm it by.

use serde_json::json;

use crate::acts::Office;
use crate::domain::letter::Letter;
use crate::domain::link::{Link, Purpose};
use crate::domain::party::Party;
use crate::domain::submission::{Petition, SubmissionState};
use crate::domain::time::{DAY, Moment};
use crate::error::{Error, Result};
use crate::keys::{random_word, sha256};
use crate::store::attachments::{Carrier, StoredFile, attach};
use crate::store::idempotency::{self, Done, Request};
use crate::store::letters::{NewLetter, Recipient, insert as insert_letter};
use crate::store::parties::SealedParty;
use crate::store::submissions::{NewSubmission, Submission, get, insert};
use crate::store::{Db, parties, texts};

/// The scope of idempotency keys of submissions.
const SCOPE: &str = "submit";

/// Takes a petition in. Its files must be stored already. The same key and content give the same submission again.
///
/// # Errors
/// `Invalid` with every wrong field; `Refused` when the key was used for something else; `Unavailable` when it may not be
/// on disk: then nothing is promised to the citizen.
pub fn submit(office: &Office, now: Moment, petition: Petition, files: &[StoredFile], key: &str) -> Result<Submission> {
    let petition = petition.tidy();
    petition.check_public()?;
    if !is_key(key) {
        return Err(Error::invalid("key", "field-invalid"));
    }
    let digests: Vec<&str> = files.iter().map(|f| f.sha256.as_str()).collect();
    let digest = sha256(json!([petition, digests]).to_string().as_bytes());
    let sealed = parties::seal(&office.keys, &party_of(&petition))?;
    let nonce = random_word::<10>()?;
    let request = Request { scope: SCOPE, key: key.to_owned(), digest };
    let (store, office, files) = (office.store.clone(), office.clone(), files.to_vec());
    let done = idempotency::once(&store, request, now, move |db| {
        if let Some(code) = &petition.category
            && !is_offered(db, &office, code)?
        {
            return Err(Error::invalid("category", "field-choose"));
        }
        let submission = put(db, &office, &petition, &sealed, &nonce, &files, now)?;
        owe_confirmation(db, &office, &submission, now)?;
        let id = submission.id.to_string();
        Ok((submission, id))
    })?;
    match done {
        Done::Now(submission) => Ok(submission),
        Done::Before(id) => store.read(|db| get(db, id.parse().map_err(Error::internal)?)),
    }
}

/// Stores a submission that waits for its confirmation, with its party and files; the mail to confirm it is owed apart.
///
/// # Errors
/// Of the database.
pub(super) fn put(
    db: &mut Db,
    office: &Office,
    petition: &Petition,
    party: &SealedParty,
    nonce: &str,
    files: &[StoredFile],
    now: Moment,
) -> Result<Submission> {
    let party_id = parties::insert(db, party, now)?;
    let text_id = texts::insert(db, &petition.body)?;
    let submission = insert(db, &new_submission(office, petition, party_id, text_id, nonce, now))?;
    attach(db, files, Carrier::Submission(submission.id), now)?;
    Ok(submission)
}

/// Whether the form offers this category. One that it offered a moment ago may stay, for the registrar sets it anew; only
/// an unknown one is worth a question to the database.
fn is_offered(db: &mut Db, office: &Office, code: &str) -> Result<bool> {
    let known = office.last_reference().is_some_and(|reference| reference.category(code).is_some());
    Ok(known || office.reference(db)?.category(code).is_some())
}

/// Whether this can be an idempotency key: 16 to 128 visible ASCII characters.
#[must_use]
pub fn is_key(key: &str) -> bool {
    (16..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
}

/// The link of a submission's own page: good for as long as it can wait and is kept.
#[must_use]
pub fn page(office: &Office, submission: &Submission) -> Link {
    let rules = &office.rules;
    // Each corrected address begins the days to confirm anew.
    submission.page(rules.confirm_days * (rules.confirm_resends + 2) + rules.unconfirmed_keep_days)
}

/// The submission whose page the link opens.
///
/// # Errors
/// `NotFound` when the link is not ours or has run out.
pub fn by_page(db: &mut Db, link: &Link, now: Moment) -> Result<Submission> {
    let submission = get(db, link.row)?;
    let same = link.purpose == Purpose::Submission && link.nonce == submission.created_at.0.to_string();
    if same && now < link.expires_at { Ok(submission) } else { Err(Error::NotFound) }
}

/// The submission that a confirmation link opens.
///
/// # Errors
/// `NotFound` when the link is not ours; `Refused` when the address was corrected since and the link replaced.
pub fn by_link(db: &mut Db, link: &Link) -> Result<Submission> {
    let submission = get(db, link.row)?;
    if link.purpose != Purpose::Confirm {
        return Err(Error::NotFound);
    }
    if submission.nonce == link.nonce { Ok(submission) } else { Err(Error::refused("refused-link-replaced")) }
}

/// Owes the confirmation mail.
///
/// # Errors
/// Of the database.
pub fn owe_confirmation(db: &mut Db, office: &Office, submission: &Submission, now: Moment) -> Result<()> {
    let letter = Letter::Confirm { subject: submission.subject.clone(), expires_at: submission.expires_at };
    owe(db, office, submission, &letter, now)
}

/// Owes the reminder to confirm.
///
/// # Errors
/// Of the database.
pub fn owe_reminder(db: &mut Db, office: &Office, submission: &Submission, now: Moment) -> Result<()> {
    let letter = Letter::ConfirmReminder { subject: submission.subject.clone(), expires_at: submission.expires_at };
    owe(db, office, submission, &letter, now)
}

fn owe(db: &mut Db, office: &Office, submission: &Submission, letter: &Letter, now: Moment) -> Result<()> {
    insert_letter(
        db,
        &office.keys,
        &NewLetter {
            letter,
            to: Recipient::Party(submission.party_id),
            locale: &submission.locale,
            case_id: None,
            submission_id: Some(submission.id),
            reply_id: None,
            link: Some(submission.link()),
            query_code: None,
            by_post: false,
        },
        now,
    )?;
    Ok(())
}

/// The identity in a petition.
#[must_use]
pub fn party_of(petition: &Petition) -> Party {
    Party {
        name: petition.name.clone(),
        email: petition.email.clone(),
        phone: petition.phone.clone(),
        address: petition.address.clone(),
    }
}

fn new_submission(
    office: &Office,
    petition: &Petition,
    party_id: i64,
    text_id: i64,
    nonce: &str,
    now: Moment,
) -> NewSubmission {
    NewSubmission {
        state: SubmissionState::Unconfirmed,
        version: 1,
        channel: petition.channel,
        locale: petition.locale.clone(),
        party_id,
        subject: petition.subject.clone(),
        text_id,
        kind: petition.kind,
        category: petition.category.clone(),
        place: petition.place.clone(),
        confidential: petition.confidential,
        reply_by: petition.reply_by,
        nonce: nonce.to_owned(),
        created_at: now,
        expires_at: now.plus_seconds(office.rules.confirm_days * DAY),
        mails_sent: 1,
        last_mail_at: now,
        decision_reason: String::new(),
    }
}
