//! The page of a case: the matter first, then what was written about it, then the next act, clock, people and history.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde_json::{Value, json};

use super::message::pieces;
use super::{Desk, clocks, history, offer, preview, reminding, rows, thread};
use crate::acts::explained::reply_explained;
use crate::acts::rights_of;
use crate::domain::case::{Channel, ReplyBy, State as CaseState};
use crate::domain::case_number::CaseNumber;
use crate::domain::party::{Party, Reachable};
use crate::domain::reply::way;
use crate::domain::rights::{CaseRights, may_see, may_see_identity};
use crate::domain::staff::Staff;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::store::attachments::{Carrier, of};
use crate::store::cases::{self, Case, References};
use crate::store::reference::Reference;
use crate::store::replies::{self, Reply};
use crate::store::{Db, lists, parties, texts};
use crate::web::answer::Answer;
use crate::web::forms::Form;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// A case that somebody may see.
pub struct Seen {
    /// The case.
    pub case: Case,
    /// The reply of its current round.
    pub reply: Option<Reply>,
    /// What rights depend on.
    pub rights: CaseRights,
    /// Where it came from, whom it complains of.
    pub references: References,
    /// What the petitioner left to be reached by.
    pub reach: Reachable,
    /// Reference data.
    pub reference: Arc<Reference>,
}

impl Seen {
    /// How the reply of this round reaches the petitioner: as it was decided, or as it would be.
    #[must_use]
    pub fn way(&self) -> ReplyBy {
        let decided = self.reply.as_ref().and_then(|reply| reply.way);
        decided.unwrap_or_else(|| way(self.case.reply_by, self.reach))
    }
}

/// What an act left to be told on the page of its case.
#[derive(Default)]
pub struct Told {
    /// A colleague was faster.
    pub conflict: bool,
    /// What is wrong, for the page.
    pub errors: Vec<Value>,
    /// The act that was tried.
    pub act: Option<String>,
    /// What was typed into its form.
    pub typed: Form,
    /// The petitioner's identity, opened for this answer only.
    pub party: Option<Party>,
}

/// `GET /desk/cases/{number}`: whoever may see the case; 404 for everybody else, as if there were none.
///
/// # Errors
/// `NotFound`.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn, number: web::Path<String>) -> Answer {
    let desk = Desk::of(&state, &request, &signed_in);
    page(&desk, StatusCode::OK, number.into_inner(), Told::default()).await
}

/// The case's page.
///
/// # Errors
/// `NotFound`.
pub async fn page(desk: &Desk, status: StatusCode, number: String, told: Told) -> Answer {
    desk.page(status, "desk/case", "", move |web, db, desk, now| {
        let seen = see(web, db, desk.staff(), &number)?;
        view(web, db, desk, now, &seen, &told)
    })
    .await
}

/// The case of a number as it stands in an address: a case number, or the row's own number as letters to staff carry it.
///
/// # Errors
/// `NotFound` also for a case that this person may not see.
pub fn see(web: &Web, db: &mut Db, staff: &Staff, number: &str) -> Result<Seen> {
    let case = match CaseNumber::parse(number) {
        Some(number) => cases::by_number(db, &number.to_string())?,
        None => cases::get(db, number.parse().map_err(|_| Error::NotFound)?)?,
    };
    let reference = web.app.office.reference(db)?;
    let reply = replies::of_round(db, case.id, case.round)?;
    let rights = rights_of(db, &case, reply.as_ref())?;
    if !may_see(staff, &rights, &reference.units) {
        return Err(Error::NotFound);
    }
    let references = cases::references(db, case.id)?;
    let reach = parties::reachable(db, case.party_id)?;
    Ok(Seen { case, reply, rights, references, reach, reference })
}

fn view(web: &Web, db: &mut Db, desk: &Desk, now: Moment, seen: &Seen, told: &Told) -> Result<Value> {
    let (staff, locale) = (desk.staff(), desk.locale());
    let acts = offer::acts(web, db, desk, seen, now, told)?;
    // Only who decides on the reply needs the letter it becomes; the thread shows its text to everybody.
    let approving = seen.case.state == CaseState::InReview && acts["main"]["name"] == "approve";
    let approving = approving && seen.way().is_written();
    Ok(json!({
        "conflict": told.conflict,
        "reminders": reminding::open(db, seen)?,
        "errors": told.errors,
        "open_act": told.act,
        "case": facts(web, db, locale, now, seen)?,
        "attachments": thread::files(&of(db, Carrier::Case(seen.case.id))?),
        "left_out": thread::left_out_beside(db, staff, seen)?,
        "thread": thread::of_case(db, locale, staff, seen)?,
        "clocks": clocks::of_case(web, db, locale, seen, now)?,
        "clocks_url": format!("/desk/cases/{}/clocks", seen.case.number()),
        "petitioner": petitioner(staff, seen, told),
        "letters": thread::letters(db, staff, seen)?,
        "letter": if approving { Some(preview::of_reply(web, db, locale, seen, now)?) } else { None },
        "history": history::lines(db, locale, seen)?,
        "options": offer::options(db, desk, seen, &acts)?,
        "acts": acts,
    }))
}

/// The facts of a case, for its page and its draft's.
///
/// # Errors
/// Of the database.
pub fn facts(web: &Web, db: &mut Db, locale: &str, now: Moment, seen: &Seen) -> Result<Value> {
    let (case, reference) = (&seen.case, &seen.reference);
    let category = case.category.as_deref().and_then(|code| reference.category(code));
    let class = case.speed_class.as_deref().and_then(|code| reference.speed_class(code).ok());
    let names = lists::names(db, case.handler_id.into_iter().chain(seen.references.respondent_staff_id))?;
    let unit = |id: Option<i64>| id.and_then(|id| reference.units.get(id)).map(|u| u.name(locale).to_owned());
    let in_locale = |zh: &str, en: &str| if locale == "en" { en.to_owned() } else { zh.to_owned() };
    let body = texts::get(db, case.text_id)?;
    // A mail brings quotations and signatures along; the text itself stays whole.
    let folded = if case.channel == Channel::Email { pieces(&body) } else { Vec::new() };
    let low = lists::with_open_review(db, &[case.id])?.contains(&case.id);
    let mut facts = json!({
        "number": case.number(),
        "url": format!("/desk/cases/{}", case.number()),
        "version": case.version,
        "subject": case.subject,
        "body": body,
        "pieces": folded,
        "state": case.state,
        "kind": case.kind,
        "category": category.map(|c| in_locale(&c.name_zh, &c.name_en)),
        "speed_class": class.map(|c| in_locale(&c.name_zh, &c.name_en)),
        "channel": case.channel,
        "place": case.place,
        "reply_by": case.reply_by,
        "received_at": case.received_at,
        "unit_name": unit(case.unit_id),
        "handler_name": case.handler_id.and_then(|id| names.get(&id)),
        "badges": rows::badges(case.confidential, low, case.round, case.extended),
        "references": references(seen, unit(seen.references.respondent_unit_id), &names),
    });
    let soon = i64::from(web.app.config.cases.due_soon_days);
    // As it stands today: while the case waits the stored date is that of the last time it was written.
    let clock = reply_explained(db, &web.app.office, case, locale, now)?;
    let due_at = clock.as_ref().map(|clock| clock.due_at);
    rows::due(&mut facts, now, due_at, case.finished_at.is_some(), &reference.calendar, soon);
    facts["stands"] = json!(clock.is_some_and(|clock| clock.stands));
    Ok(facts)
}

fn references(seen: &Seen, unit: Option<String>, names: &std::collections::HashMap<i64, String>) -> Vec<Value> {
    let of = &seen.references;
    let person = of.respondent_staff_id.and_then(|id| names.get(&id).cloned());
    let due = of.referring_due_at.map(|at| at.date_in(seen.reference.calendar.zone()).to_string());
    [
        ("document_in", of.document_in.clone()),
        ("incoming_ref", of.incoming_ref.clone()),
        ("referring_agency", of.referring_agency.clone()),
        ("referring_due_at", due),
        ("document_out", of.document_out.clone()),
        ("transferred_to", of.transferred_to.clone()),
        ("respondent_unit", unit),
        ("respondent_staff", person),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.map(|value| json!({ "name": name, "value": value })))
    .collect()
}

fn petitioner(staff: &Staff, seen: &Seen, told: &Told) -> Value {
    let right = may_see_identity(staff, &seen.rights, &seen.reference.units);
    let party = told.party.clone().unwrap_or_default();
    let Reachable { by_email, by_post, by_phone } = seen.reach;
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    json!({
        "shown": told.party.is_some(),
        "needs_reason": right == Some(true),
        "show_action": right.map(|_| format!("/desk/cases/{}/identity", seen.case.number())),
        "name": given(party.name),
        "email": given(party.email),
        "phone": given(party.phone),
        "address": given(party.address),
        "unreachable": !(by_email || by_post || by_phone),
    })
}
