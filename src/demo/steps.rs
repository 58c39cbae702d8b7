//! One step of the plan through the act it stands for.

use std::collections::HashMap;

use super::content::Content;
use super::story::{Arriving, REGISTRAR, Step, Story};
use crate::acts::accept::{accept, dismiss};
use crate::acts::draft::{Draft, draft};
use crate::acts::enter::{Entry, enter};
use crate::acts::no_action::Ground;
use crate::acts::register::{Classification, register};
use crate::acts::{
    Office, answer_consultation, approve, ask_extension, ask_supplement, assign, confirm, consult, correct_address,
    decline_extension, discard_message, extend, identity, keep_closed, letter_posted, mark_posted, no_action, note,
    rate, reopen, resend, return_reply, submit, submit_reply, supplement_given, supplement_missing, take, transfer,
    wait, withdraw,
};
use crate::app::App;
use crate::domain::delivery::LetterState;
use crate::domain::staff::Staff;
use crate::domain::time::{DAY, HOUR, Moment};
use crate::domain::watch::last_day;
use crate::error::{Error, Result};
use crate::keys::random_word;
use crate::store::letters::{self, Outcome};
use crate::store::messages::MessageRow;
use crate::store::submissions::{self, Submission};
use crate::store::{cases, consultations, replies};

/// What a step leaves for the jobs.
#[derive(Clone, Copy, Debug)]
pub enum Due {
    /// Letters may wait.
    Letters,
    /// A submission is reminded of or runs out then.
    Expiry(Moment),
    /// A rating link runs out then.
    Close(Moment),
}

/// What has come of each story so far.
pub struct Play {
    office: Office,
    settled: crate::acts::delivered::Settled,
    staff: HashMap<String, Staff>,
    submissions: Vec<Option<i64>>,
    cases: Vec<Option<i64>>,
    /// The message that the registrar puts aside.
    advertisement: Option<i64>,
}

impl Play {
    /// Before anything has happened.
    #[must_use]
    pub fn new(app: &App, staff: HashMap<String, Staff>, stories: usize) -> Self {
        let settled = crate::acts::delivered::settled();
        Self {
            office: app.office.clone(),
            settled,
            staff,
            submissions: vec![None; stories],
            cases: vec![None; stories],
            advertisement: None,
        }
    }

    /// Does one step; what it leaves for the jobs.
    ///
    /// # Errors
    /// Those of the act.
    pub fn step(&mut self, now: Moment, nth: usize, story: &Story, step: &Step, content: &Content) -> Result<Vec<Due>> {
        let office = self.office.clone();
        match step {
            Step::Submit { mistyped } => {
                let mut petition = story.petition.clone();
                if let Some(wrong) = mistyped {
                    petition.email.clone_from(wrong);
                }
                let submission = submit::submit(&office, now, petition, &[], &key("submit", nth))?;
                self.put(nth, Some(submission.id), None);
                if mistyped.is_some() {
                    self.bounce(now.plus_seconds(1), submission.id, &content.phrases.bounce)?;
                }
                return Ok(self.unconfirmed(now, &submission));
            }
            Step::PutAside => {
                let (message, reason) = (self.advertisement.ok_or(Error::NotFound)?, content.mail.put_aside());
                discard_message::discard_message(&office, now, self.who(REGISTRAR)?, message, reason)?;
            }
            Step::CorrectAddress => {
                let submission = self.submission(nth)?;
                let email = &story.petition.email;
                let submission =
                    correct_address::correct_address(&office, now, &submit::page(&office, &submission), email)?;
                return Ok(vec![Due::Letters, Due::Expiry(submission.expires_at)]);
            }
            Step::Resend => drop(resend::resend(&office, now, &submit::page(&office, &self.submission(nth)?))?),
            Step::Confirm => {
                let receipt = confirm::confirm(&office, now, &self.submission(nth)?.link())?;
                self.put(nth, None, Some(receipt.case_id));
            }
            Step::Accept { reason } => {
                let receipt = accept(&office, now, self.who(REGISTRAR)?, self.submission(nth)?.id, reason)?;
                self.put(nth, None, Some(receipt.case_id));
            }
            Step::Dismiss { reason } => {
                dismiss(&office, now, self.who(REGISTRAR)?, self.submission(nth)?.id, reason)?;
            }
            Step::Enter { received_at, incoming_ref, referring_agency } => {
                let entry = Entry {
                    petition: story.petition.clone(),
                    received_at: *received_at,
                    incoming_ref: incoming_ref.clone(),
                    referring_agency: referring_agency.clone(),
                    respondent_unit_id: None,
                };
                let receipt = enter(&office, now, self.who(REGISTRAR)?, entry, &[], &key("enter", nth))?;
                self.put(nth, None, Some(receipt.case_id));
            }
            Step::Rate(rating) => {
                let id = self.case(nth)?;
                let reply = office.store.read(|db| {
                    let approved = replies::of_case(db, id)?.into_iter().rfind(|reply| reply.rating_until.is_some());
                    approved.ok_or(Error::NotFound)
                })?;
                rate::rate(&office, now, &reply.link().ok_or(Error::NotFound)?, rating)?;
            }
            Step::GiveSupplement { text } => {
                supplement_given::by_petitioner(&office, now, self.case(nth)?, text, &[], &key("supplement", nth))?;
            }
            Step::WithdrawByPetitioner => withdraw::by_petitioner(&office, now, self.case(nth)?)?,
            by_staff => return self.on_the_desk(now, nth, story, by_staff),
        }
        Ok(vec![Due::Letters])
    }

    /// What a submission that waits for its confirmation leaves for the jobs.
    fn unconfirmed(&self, now: Moment, submission: &Submission) -> Vec<Due> {
        let remind = now.plus_seconds(self.office.rules.confirm_reminder_hours * HOUR);
        vec![Due::Letters, Due::Expiry(remind), Due::Expiry(submission.expires_at)]
    }

    /// A message came in; what it leaves for the jobs.
    ///
    /// # Errors
    /// Of the database.
    pub fn arrived(&mut self, nth: usize, what: Arriving, message: &MessageRow) -> Result<Vec<Due>> {
        if what == Arriving::Advertisement {
            self.advertisement = Some(message.id);
        }
        let Some(id) = message.submission_id else { return Ok(vec![Due::Letters]) };
        self.put(nth, Some(id), None);
        Ok(self.unconfirmed(message.stored_at, &self.submission(nth)?))
    }

    /// A step of a member of staff on a case.
    fn on_the_desk(&mut self, now: Moment, nth: usize, story: &Story, step: &Step) -> Result<Vec<Due>> {
        let (office, id) = (&self.office, self.case(nth)?);
        let case = office.store.read(|db| cases::get(db, id))?;
        let v = case.version;
        let mut dues = vec![Due::Letters];
        match step {
            Step::Register => {
                let class = Classification {
                    kind: case.kind,
                    category: story.category.clone(),
                    speed_class: story.speed.clone(),
                    confidential: case.confidential,
                    respondent_unit_id: None,
                };
                register(office, now, self.who(REGISTRAR)?, id, v, &class)?;
                dues.clear();
            }
            Step::Assign { by, unit, handler } => {
                let reference = office.store.read(|db| office.reference(db))?;
                let unit = reference.units.by_code(unit).ok_or(Error::NotFound)?.id;
                let handler = handler.as_ref().map(|name| self.who(name).map(|staff| staff.id)).transpose()?;
                assign::assign(office, now, self.who(by)?, id, v, unit, handler)?;
            }
            Step::Take { by } => {
                take::take(office, now, self.who(by)?, id, v)?;
                dues.clear();
            }
            Step::Identity { by, reason } => {
                identity::identity(office, now, self.who(by)?, id, reason)?;
                dues.clear();
            }
            Step::Note { by, text } => {
                note::note(office, now, self.who(by)?, id, v, text)?;
                dues.clear();
            }
            Step::Draft { by, body, basis } => {
                draft(office, now, self.who(by)?, id, v, &words(body, basis))?;
                dues.clear();
            }
            Step::SubmitReply { by, body, basis } => {
                submit_reply::submit_reply(office, now, self.who(by)?, id, v, &words(body, basis))?;
            }
            Step::Return { by, reason } => {
                return_reply::return_reply(office, now, self.who(by)?, id, v, reason)?;
            }
            Step::Approve { by, result } => {
                approve::approve(office, now, self.who(by)?, id, v, *result)?;
                dues.push(Due::Close(now.plus_seconds(office.rules.rating_days * DAY)));
            }
            Step::MarkPosted => {
                let number = format!("示範發字第 {id:06} 號");
                mark_posted::mark_posted(office, now, self.who(REGISTRAR)?, id, v, now.date_in(&office.zone), &number)?;
                dues.push(Due::Close(now.plus_seconds(office.rules.rating_days * DAY)));
            }
            Step::Extend { by, days, reason } => {
                let until = self.later(&case, *days)?;
                extend::extend(office, now, self.who(by)?, id, v, until, reason)?;
            }
            Step::AskExtension { by, days, reason } => {
                let until = self.later(&case, *days)?;
                ask_extension::ask_extension(office, now, self.who(by)?, id, v, until, reason)?;
                dues.clear();
            }
            Step::DeclineExtension { by, reason } => {
                decline_extension::decline_extension(office, now, self.who(by)?, id, v, reason)?;
            }
            Step::NoAction { by, ground, reason } => {
                let ground = Ground { code: *ground, reason: reason.clone(), notice: reason.clone() };
                no_action::no_action(office, now, self.who(by)?, id, v, &ground)?;
            }
            Step::Transfer { by, agency, reason } => {
                transfer::transfer(office, now, self.who(by)?, id, v, agency, reason)?;
            }
            Step::WithdrawByStaff { by, reason } => {
                withdraw::by_staff(office, now, self.who(by)?, id, v, reason)?;
            }
            Step::Reopen { by, reason } => {
                reopen::reopen(office, now, self.who(by)?, id, v, reason)?;
            }
            Step::Keep { by, reason } => {
                keep_closed::keep_closed(office, now, self.who(by)?, id, v, reason)?;
            }
            asking => return self.asking(now, id, v, asking),
        }
        Ok(dues)
    }

    /// A step that asks others, waits for them, or takes in what they give.
    fn asking(&self, now: Moment, id: i64, v: i64, step: &Step) -> Result<Vec<Due>> {
        let office = &self.office;
        match step {
            Step::AskSupplement { by, text } => {
                ask_supplement::ask_supplement(office, now, self.who(by)?, id, v, text)?;
            }
            Step::EnterSupplement { by, text } => {
                supplement_given::by_staff(office, now, self.who(by)?, id, v, text, &[])?;
            }
            Step::SupplementMissing { by, reason } => {
                supplement_missing::supplement_missing(office, now, self.who(by)?, id, v, reason, reason)?;
            }
            Step::Wait { by, reason, text } => {
                wait::wait(office, now, self.who(by)?, id, v, reason, text)?;
            }
            Step::Consult { by, unit, text } => {
                let reference = office.store.read(|db| office.reference(db))?;
                let unit = reference.units.by_code(unit).ok_or(Error::NotFound)?.id;
                consult::consult(office, now, self.who(by)?, id, v, unit, text)?;
            }
            Step::AnswerConsultation { by, text } => {
                let open = office.store.read(|db| consultations::open(db, id))?;
                let asked = open.first().ok_or(Error::NotFound)?.id;
                answer_consultation::answer_consultation(office, now, self.who(by)?, id, v, asked, text)?;
            }
            other => return Err(Error::internal(format!("{other:?} is no step on the desk"))),
        }
        Ok(vec![Due::Letters])
    }

    /// So many working days after a case's last day.
    fn later(&self, case: &cases::Case, days: u32) -> Result<jiff::civil::Date> {
        let reference = self.office.store.read(|db| self.office.reference(db))?;
        let calendar = &reference.calendar;
        let mut until = last_day(case.due_at.ok_or(Error::NotFound)?, calendar);
        let mut left = days;
        while left > 0 {
            until = until.tomorrow().map_err(Error::internal)?;
            left -= u32::from(calendar.is_working_day(until));
        }
        Ok(until)
    }

    /// The mail server refuses a submission's waiting mail: what the outbox records then, with what follows from it.
    fn bounce(&self, now: Moment, id: i64, why: &str) -> Result<()> {
        let (claim, why) = (random_word::<10>()?, why.to_owned());
        let settled = self.settled.clone();
        self.office.store.write(move |db| {
            let until = now.plus_seconds(HOUR);
            for letter in letters::claim(db, &claim, now, until, 100)? {
                let outcome = if letter.submission_id == Some(id) {
                    Outcome::Failed(why.clone())
                } else {
                    Outcome::Later(now, String::new())
                };
                letters::record(db, letter.id, &claim, &outcome, now)?;
                settled(db, &letter, &outcome, now)?;
            }
            Ok(())
        })
    }

    /// The registry desk posts the paper letters that wait, save replies, which are posted with their case.
    ///
    /// # Errors
    /// Of the database.
    pub fn post_letters(&self, now: Moment) -> Result<()> {
        let waiting = self.office.store.read(|db| letters::in_state(db, LetterState::ToPost, None, 100))?;
        for letter in waiting.into_iter().filter(|letter| letter.reply_id.is_none()) {
            letter_posted::letter_posted(&self.office, now, self.who(REGISTRAR)?, letter.id)?;
        }
        Ok(())
    }

    fn who(&self, username: &str) -> Result<&Staff> {
        self.staff.get(username).ok_or_else(|| Error::internal(format!("there is no {username:?} among the staff")))
    }

    fn put(&mut self, nth: usize, submission: Option<i64>, case: Option<i64>) {
        if let Some(place) = self.submissions.get_mut(nth) {
            *place = submission.or(*place);
        }
        if let Some(place) = self.cases.get_mut(nth) {
            *place = case.or(*place);
        }
    }

    fn submission(&self, nth: usize) -> Result<Submission> {
        let id = self.submissions.get(nth).copied().flatten().ok_or(Error::NotFound)?;
        self.office.store.read(|db| submissions::get(db, id))
    }

    /// The case of a story.
    ///
    /// # Errors
    /// `NotFound` when there is none yet.
    pub fn case(&self, nth: usize) -> Result<i64> {
        self.cases.get(nth).copied().flatten().ok_or(Error::NotFound)
    }
}

fn key(what: &str, nth: usize) -> String {
    format!("demonstration-{what}-{nth:06}")
}

fn words(body: &str, basis: &str) -> Draft {
    Draft { body: body.to_owned(), legal_basis: basis.to_owned(), files: Vec::new() }
}
