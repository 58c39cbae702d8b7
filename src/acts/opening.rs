//! A case begins: by the petitioner's confirmation, by the registrar's acceptance, or by staff entry. One way for all.

use serde_json::json;

use crate::acts::owing::{Enclosed, petitioner};
use crate::acts::{Office, counting};
use crate::domain::case::{Channel, Kind, ReplyBy, State};
use crate::domain::letter::Letter;
use crate::domain::policy::ClockPurpose;
use crate::domain::staff::Actor;
use crate::domain::time::Moment;
use crate::domain::watch::last_day;
use crate::error::Result;
use crate::store::cases::{self, Case, NewCase};
use crate::store::submissions::Submission;
use crate::store::{Db, events, texts};

/// What a petitioner keeps: number and query code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The case.
    pub case_id: i64,
    /// Its number.
    pub number: String,
    /// The query code, shown here and in the receipt letter only.
    pub query_code: String,
    /// When it was received.
    pub received_at: Moment,
    /// Until when it is due.
    pub due_at: Option<Moment>,
    /// The subject.
    pub subject: String,
}

/// What a case begins from.
#[derive(Clone, Debug)]
pub struct Opening {
    /// How it came in.
    pub channel: Channel,
    /// Language.
    pub locale: String,
    /// Who.
    pub party_id: i64,
    /// One line.
    pub subject: String,
    /// The matter.
    pub text_id: i64,
    /// Kind.
    pub kind: Kind,
    /// Category.
    pub category: Option<String>,
    /// Place.
    pub place: String,
    /// Confidential.
    pub confidential: bool,
    /// Way of reply.
    pub reply_by: ReplyBy,
    /// The submission it was.
    pub submission_id: Option<i64>,
    /// When it counts as received: the confirmation, or the receipt at the desk.
    pub received_at: Moment,
}

impl Opening {
    /// A case from a submission.
    #[must_use]
    pub fn from(submission: &Submission, received_at: Moment) -> Self {
        Self {
            channel: submission.channel,
            locale: submission.locale.clone(),
            party_id: submission.party_id,
            subject: submission.subject.clone(),
            text_id: submission.text_id,
            kind: submission.kind,
            category: submission.category.clone(),
            place: submission.place.clone(),
            confidential: submission.confidential,
            reply_by: submission.reply_by,
            submission_id: Some(submission.id),
            received_at,
        }
    }
}

/// Opens the case: state received, clock running, receipt letter owed, number given last. `code` is a fresh query code.
///
/// # Errors
/// Of the database.
pub fn open(
    db: &mut Db,
    office: &Office,
    opening: &Opening,
    act: &str,
    actor: &Actor,
    code: &str,
    now: Moment,
) -> Result<Receipt> {
    let reference = office.reference(db)?;
    let class = reference.speed_class(&office.rules.default_speed_class)?;
    let at = opening.received_at;
    let id = cases::insert(
        db,
        &NewCase {
            code_digest: Some(office.keys.code_digest(code)?),
            version: 1,
            state: State::Received,
            channel: opening.channel,
            kind: opening.kind,
            category: opening.category.clone(),
            speed_class: Some(class.code.clone()),
            confidential: opening.confidential,
            party_id: opening.party_id,
            subject: opening.subject.clone(),
            text_id: opening.text_id,
            place: opening.place.clone(),
            locale: opening.locale.clone(),
            reply_by: opening.reply_by,
            submission_id: opening.submission_id,
            round: 1,
            received_at: at,
            // Entered late it counts when it is entered: what was reported stays. Its clocks run from the receipt.
            received_month: now.month_in(&office.zone),
            original_due_at: None,
            due_at: None,
            extended: false,
        },
        now,
    )?;
    let before = cases::get(db, id)?;
    let mut case = before.clone();
    for purpose in [ClockPurpose::Registration, ClockPurpose::Ceiling] {
        counting::start(db, office, &reference, &mut case, purpose, None, at)?;
    }
    counting::begin_reply(db, office, &reference, &mut case)?;
    cases::save(db, &before, &case, now)?;
    let facts = json!({ "channel": case.channel, "kind": case.kind, "due": case.due_at, "class": class.code });
    events::append(db, id, now, act, actor, &facts)?;
    case.number = Some(cases::give_number(db, id, now, &office.zone)?);
    owe_receipt(db, office, &case, code, now)?;
    Ok(Receipt {
        case_id: id,
        number: case.number().to_owned(),
        query_code: code.to_owned(),
        received_at: at,
        due_at: case.due_at,
        subject: case.subject,
    })
}

fn owe_receipt(db: &mut Db, office: &Office, case: &Case, code: &str, now: Moment) -> Result<()> {
    let reference = office.reference(db)?;
    let letter = Letter::Receipt {
        number: case.number().to_owned(),
        subject: case.subject.clone(),
        body: texts::get(db, case.text_id)?,
        received_at: case.received_at,
        due_on: case.due_at.map(|due| last_day(due, &reference.calendar)),
        unit: None,
    };
    petitioner(db, office, case, &letter, Enclosed { query_code: Some(code), ..Enclosed::default() }, now)
}
