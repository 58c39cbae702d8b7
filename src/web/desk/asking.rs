//! What a case asks of others on its page: which of those acts make sense now, what their forms choose from, and the way
//! from a form to its act.

use serde_json::{Value, json};

use super::case::Seen;
use crate::acts::explained::PauseExplained;
use crate::acts::{
    answer_consultation, ask_supplement, consult, end_wait, explained, supplement_given, supplement_missing, wait,
    withdraw_consultation,
};
use crate::domain::policy::{PauseReason, SUPPLEMENT_PAUSE};
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::consultations::Consultation;
use crate::store::extensions::Request;
use crate::store::{Db, clocks, consultations, extensions, supplements};
use crate::web::forms::Form;
use crate::web::state::Web;
use crate::web::uploads;

/// The acts that ask others, wait for them, and take in what they give.
pub const ACTS: &[&str] = &[
    "ask_supplement",
    "supplement_given",
    "supplement_missing",
    "wait",
    "end_wait",
    "consult",
    "answer_consultation",
    "withdraw_consultation",
];

/// What a case asks for at present.
pub struct Asking {
    consultations: Vec<Consultation>,
    request: Option<Request>,
    /// The pauses that run.
    running: Vec<PauseExplained>,
    /// The reasons to wait for that it may log.
    reasons: Vec<PauseReason>,
    /// The petitioner's time is over.
    supplement_late: bool,
    /// The reply's last moment, as it stands now.
    due_at: Option<Moment>,
}

impl Asking {
    /// Of a case.
    ///
    /// # Errors
    /// Of the database.
    pub fn of(web: &Web, db: &mut Db, seen: &Seen, now: Moment) -> Result<Self> {
        let (office, case) = (&web.app.office, &seen.case);
        let clock = explained::reply_explained(db, office, case, "zh-TW", now)?;
        let running: Vec<PauseExplained> = clock
            .iter()
            .flat_map(|clock| &clock.pauses)
            .filter(|pause| pause.to_at.is_none() && !case.state.is_finished())
            .cloned()
            .collect();
        let reasons = explained::pause_reasons(db, office, case)?;
        let supplement_late = match supplements::open(db, case.id)? {
            Some(asked) => clocks::get(db, asked.clock_id)?.due_at <= now,
            None => false,
        };
        Ok(Self {
            consultations: consultations::open(db, case.id)?,
            request: extensions::open(db, case.id)?,
            reasons: reasons
                .into_iter()
                .filter(|r| r.code != SUPPLEMENT_PAUSE && running.iter().all(|pause| pause.code != r.code))
                .collect(),
            running,
            supplement_late,
            due_at: clock.map(|clock| clock.due_at),
        })
    }

    /// Whether an act makes sense now, beside state and rights.
    pub fn sensible(&self, name: &str, seen: &Seen, staff: &Staff, now: Moment) -> bool {
        let in_time = self.due_at.is_some_and(|due| now < due);
        match name {
            "extend" => in_time,
            "ask_extension" => in_time && self.request.is_none(),
            "decline_extension" => self.request.is_some(),
            "supplement_missing" => self.supplement_late,
            "wait" => !self.reasons.is_empty(),
            "end_wait" => !self.running.is_empty(),
            "answer_consultation" => self.of_unit(seen, staff).next().is_some(),
            "withdraw_consultation" => !self.consultations.is_empty(),
            "submit_reply" => self.running.is_empty(),
            _ => true,
        }
    }

    fn of_unit<'a>(&'a self, seen: &'a Seen, staff: &'a Staff) -> impl Iterator<Item = &'a Consultation> {
        let units = &seen.reference.units;
        self.consultations.iter().filter(move |asked| units.within(asked.unit_id, staff.unit_id))
    }

    /// The form of an extension: what was asked for, if it was.
    pub fn extension_form(&self) -> Value {
        let until = self.request.as_ref().and_then(|request| request.until().ok());
        json!({
            "until": until.map(|day| day.to_string()).unwrap_or_default(),
            "reason": self.request.as_ref().map(|request| request.reason.clone()).unwrap_or_default(),
        })
    }

    /// What the forms choose from.
    pub fn choices(&self, locale: &str, seen: &Seen, staff: &Staff) -> Value {
        let named = |asked: &Consultation| {
            let unit = seen.reference.units.get(asked.unit_id);
            json!({ "id": asked.id, "name": unit.map(|unit| unit.name(locale)).unwrap_or_default() })
        };
        let reason =
            |code: &str, zh: &str, en: &str| json!({ "code": code, "name": if locale == "en" { en } else { zh } });
        let name_of = |pause: &PauseExplained| {
            let known = explained::reason_name(&seen.reference, &pause.code, locale);
            json!({ "id": pause.id, "name": known.unwrap_or_else(|| pause.reason.clone()) })
        };
        json!({
            "consultations": self.consultations.iter().map(named).collect::<Vec<_>>(),
            "own_consultations": self.of_unit(seen, staff).map(named).collect::<Vec<_>>(),
            "pauses": self.running.iter().map(name_of).collect::<Vec<_>>(),
            "pause_reasons": self.reasons.iter().map(|r| reason(&r.code, &r.name_zh, &r.name_en)).collect::<Vec<_>>(),
        })
    }
}

/// From a form to its act; the case's new version.
///
/// # Errors
/// Of the act.
pub fn carry_out(
    web: &Web,
    staff: &Staff,
    now: Moment,
    (id, version): (i64, i64),
    name: &str,
    form: &Form,
) -> Result<i64> {
    let office = &web.app.office;
    let row = |field: &'static str| form.number(field).ok_or_else(|| Error::invalid(field, "field-choose"));
    let (question, answer) = (form.text("question"), form.text("answer"));
    match name {
        "ask_supplement" => ask_supplement::ask_supplement(office, now, staff, id, version, question),
        "supplement_given" => {
            let files = uploads::take_all(web, form, now)?;
            supplement_given::by_staff(office, now, staff, id, version, answer, &files)
        }
        "supplement_missing" => {
            let (reason, notice) = (form.text("reason"), form.text("notice"));
            supplement_missing::supplement_missing(office, now, staff, id, version, reason, notice)
        }
        "wait" => wait::wait(office, now, staff, id, version, form.text("pause_reason"), form.text("note")),
        "end_wait" => end_wait::end_wait(office, now, staff, id, version, row("pause_id")?),
        "consult" => consult::consult(office, now, staff, id, version, row("unit_id")?, question),
        "answer_consultation" => {
            let asked = row("consultation_id")?;
            answer_consultation::answer_consultation(office, now, staff, id, version, asked, answer)
        }
        "withdraw_consultation" => {
            withdraw_consultation::withdraw_consultation(office, now, staff, id, version, row("consultation_id")?)
        }
        _ => Err(Error::NotFound),
    }
}
