//! A message of the ledger is taken in: exactly one thing becomes of it, in the transaction that says so in the ledger. It
//! was read and decided before ([`crate::domain::incoming::decide`]); here the decision is carried out. Whatever cannot
//! be taken in however often it is tried waits for a person, and never stands in the way of others.

use serde_json::json;

use crate::acts::confirm::become_case;
use crate::acts::joining::append;
use crate::acts::{Office, delivered, submit};
use crate::config::{Incoming, MailAccept};
use crate::domain::delivery::LetterState;
use crate::domain::event::acts;
use crate::domain::incoming::{Decision, DecisionKind, Mail, MessageState as S, Reason, ReportKind};
use crate::domain::staff::Actor;
use crate::domain::submission::SubmissionState;
use crate::domain::time::{DAY, Moment};
use crate::error::{Error, Result};
use crate::keys::random_word;
use crate::store::attachments::StoredFile;
use crate::store::learned_ids::{self, Learned};
use crate::store::letters::Outcome;
use crate::store::messages::{self, MessageRow, SealedMail};
use crate::store::parties::SealedParty;
use crate::store::{Db, cases, events, letters, parties};

/// Attempts until a person has to look.
const MOST: i64 = 5;
/// Minutes that an attempt may take before another is made: its process may have died.
const CLAIM_MINUTES: i64 = 10;
/// Seconds.
const MINUTE: i64 = 60;

/// A message that was read and decided.
#[derive(Clone, Debug)]
pub struct Taking {
    /// What of it stays in the database.
    pub mail: Mail,
    /// What becomes of it.
    pub decision: Decision,
    /// The letter it is about.
    pub letter_id: Option<i64>,
    /// Message-IDs that it proves to be of a letter or matter of ours, though they are not ours.
    pub learned: Option<(Vec<String>, Learned)>,
    /// What is to stand with that letter when it came back for good: a code and masked words.
    pub came_back: Option<String>,
    /// The case that the pen suggests.
    pub suggested: Option<i64>,
    /// Its files, stored and leased; only where it opens or joins something.
    pub files: Vec<StoredFile>,
}

/// Takes a waiting message for an attempt; `None` when it does not wait (any more), is in somebody else's hands, or was
/// tried too often: then it lies in the pen now.
///
/// # Errors
/// Of the database.
pub fn claim(office: &Office, now: Moment, id: i64) -> Result<Option<MessageRow>> {
    office.store.write(move |db| {
        let mut row = messages::lock(db, id)?;
        if row.state != S::Waiting || row.next_try_at.is_none_or(|at| at > now) {
            return Ok(None);
        }
        if row.attempts >= MOST {
            give_up(&mut row, now)?;
            messages::save(db, &row)?;
            return Ok(None);
        }
        row.attempts += 1;
        row.next_try_at = Some(now.plus_seconds(CLAIM_MINUTES * MINUTE));
        messages::save(db, &row)?;
        Ok(Some(row))
    })
}

fn give_up(row: &mut MessageRow, now: Moment) -> Result<()> {
    (row.state, row.processed_at, row.next_try_at) = (S::Pen, Some(now), None);
    row.set_reasons(&[Reason::NotTakenIn])
}

/// An attempt failed: it is made again later, each time after a longer wait, or the message goes to the pen. An attempt
/// that only the database or the disk was in the way of does not count.
///
/// # Errors
/// Of the database.
pub fn put_off(office: &Office, now: Moment, id: i64, why: &Error) -> Result<S> {
    let (why, counts) = (why.to_string(), !matches!(why, Error::Unavailable(_)));
    office.store.write(move |db| {
        let mut row = messages::lock(db, id)?;
        if row.state != S::Waiting {
            return Ok(row.state);
        }
        row.set_error(&why);
        if counts && row.attempts >= MOST {
            give_up(&mut row, now)?;
        } else {
            row.attempts -= i64::from(!counts);
            row.next_try_at = Some(now.plus_seconds(MINUTE << row.attempts.clamp(0, MOST)));
        }
        messages::save(db, &row)?;
        Ok(row.state)
    })
}

/// Carries out what was decided of a waiting message, and nothing when it was carried out before. What became of it.
///
/// # Errors
/// `Conflict` when its letter is on its way at this moment; of the database or the keys.
pub fn take_in(office: &Office, rules: &Incoming, now: Moment, id: i64, taking: &Taking) -> Result<S> {
    let sealed = messages::seal(&office.keys, &taking.mail)?;
    let party = parties::seal(&office.keys, &submit::party_of(&taking.mail.petition()))?;
    let (code, nonce) = (office.keys.new_query_code()?, random_word::<10>()?);
    let act =
        Act { office: office.clone(), rules: rules.clone(), now, taking: taking.clone(), sealed, party, code, nonce };
    office.store.write(move |db| {
        let mut row = messages::lock(db, id)?;
        if row.state == S::Waiting {
            act.carry_out(db, &mut row)?;
            messages::save(db, &row)?;
        }
        Ok(row.state)
    })
}

/// Everything that carrying a decision out needs.
struct Act {
    office: Office,
    rules: Incoming,
    now: Moment,
    taking: Taking,
    sealed: SealedMail,
    party: SealedParty,
    code: String,
    nonce: String,
}

impl Act {
    fn carry_out(&self, db: &mut Db, row: &mut MessageRow) -> Result<()> {
        let decision = &self.taking.decision;
        self.sealed.write(row);
        row.decision = Some(decision.kind);
        row.set_reasons(&decision.reasons)?;
        (row.letter_id, row.suggested_case_id) = (self.taking.letter_id, self.taking.suggested.or(decision.case_id));
        (row.processed_at, row.next_try_at, row.error) = (Some(self.now), None, None);
        // Not from what a person has yet to look at: its sender may be forged.
        if let (DecisionKind::Append | DecisionKind::Noted, Some((ids, what))) = (decision.kind, &self.taking.learned) {
            learned_ids::learn(db, ids, *what, self.now)?;
        }
        match (decision.kind, decision.case_id) {
            (DecisionKind::NewSubmission, _) => self.submission(db, row),
            (DecisionKind::Append, Some(case_id)) => {
                let (mail, files) = (&self.taking.mail, &self.taking.files);
                append(db, &self.office, row, case_id, mail, files, &Actor::Petitioner, self.now)
            }
            (DecisionKind::Noted, _) => self.note(db, row),
            (DecisionKind::Spam | DecisionKind::Ignored | DecisionKind::Pen | DecisionKind::Append, _) => {
                row.state = match decision.kind {
                    DecisionKind::Spam => S::Spam,
                    DecisionKind::Ignored => S::Ignored,
                    _ => S::Pen,
                };
                Ok(())
            }
        }
    }

    /// The pen, for one more reason than was decided by.
    fn pen(&self, row: &mut MessageRow, why: Reason) -> Result<()> {
        let mut reasons = vec![why];
        reasons.extend(&self.taking.decision.reasons);
        row.state = S::Pen;
        row.set_reasons(&reasons)
    }

    /// A submission as the web form makes it, or a case at once.
    fn submission(&self, db: &mut Db, row: &mut MessageRow) -> Result<()> {
        let (office, now, mail) = (&self.office, self.now, &self.taking.mail);
        if !mail.can_be_answered() {
            return self.pen(row, Reason::NoAnswerPossible);
        }
        if let (Some(index), 1..) = (&row.from_index, self.rules.per_sender)
            && messages::from_sender_since(db, index, now.plus_seconds(-DAY))? >= self.rules.per_sender
        {
            return self.pen(row, Reason::TooMany);
        }
        let petition = mail.petition();
        let mut submission = submit::put(db, office, &petition, &self.party, &self.nonce, &self.taking.files, now)?;
        (row.state, row.submission_id) = (S::NewSubmission, Some(submission.id));
        match self.rules.accept {
            MailAccept::Confirm => submit::owe_confirmation(db, office, &submission, now),
            MailAccept::AtOnce => {
                (submission.state, submission.decided_at) = (SubmissionState::Accepted, Some(now));
                let receipt =
                    become_case(db, office, &mut submission, acts::ACCEPTED, &Actor::System, &self.code, now)?;
                row.case_id = Some(receipt.case_id);
                Ok(())
            }
        }
    }

    /// A line at the letter and in the history of its case; a letter that came back for good has failed, as if the mail
    /// server had refused it at once.
    fn note(&self, db: &mut Db, row: &mut MessageRow) -> Result<()> {
        (row.state, row.case_id) = (S::Noted, self.taking.decision.case_id);
        let letter = self.taking.letter_id.map(|id| letters::get(db, id)).transpose()?;
        let bounce = self.taking.mail.bounce.as_ref();
        if let (Some(letter), Some(why)) = (&letter, &self.taking.came_back) {
            if letter.state == LetterState::Sending {
                // Its outcome is recorded in a moment; this waits for it.
                return Err(Error::Conflict);
            }
            if letters::bounced(db, letter.id, why)? {
                return delivered::settle(db, letter, &Outcome::Failed(why.clone()), self.now);
            }
        }
        // Notices to staff are not part of a case's history.
        let Some(case_id) = row.case_id.filter(|_| letter.as_ref().is_none_or(|l| l.party_id.is_some())) else {
            return Ok(());
        };
        let what = match (bounce, self.taking.mail.automatic) {
            (Some(bounce), _) if bounce.kind == ReportKind::Failed && !bounce.permanent => "failed_for_now",
            (Some(bounce), _) => bounce.kind.code(),
            (None, Some(kind)) => kind.code(),
            (None, None) => return Ok(()),
        };
        cases::lock_for_log(db, case_id)?;
        let facts = json!({
            "message": row.id,
            "letter": letter.as_ref().map(|letter| letter.id),
            "what": what,
            "status": bounce.and_then(|bounce| bounce.status.clone()),
        });
        events::append(db, case_id, self.now, acts::MAIL_NOTED, &Actor::System, &facts)
    }
}
