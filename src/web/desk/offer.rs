//! Which acts a case's page offers to whom: those the state allows and the person may do, by the same two functions that
//! the acts themselves ask; one of them is the main one. Each has its form, filled in with what is known or was typed.

use serde_json::{Map, Value, json};

use super::Desk;
use super::asking::Asking;
use super::case::{Seen, Told};
use super::queue::indented;
use super::reminding::Asked;
use crate::domain::case::{CloseCode, Kind, ReplyBy, State as CaseState, Verb, after};
use crate::domain::reply::{ReplyState, ReviewState, Telling};
use crate::domain::rights::{CaseRights, may};
use crate::domain::staff::{Role, Staff};
use crate::domain::time::Moment;
use crate::error::{Message, Result};
use crate::store::reviews::ReviewTask;
use crate::store::{Db, reviews, staff as staff_store, texts};
use crate::web::state::Web;

/// The acts of the page in its order, and the verb that decides on each.
pub const ACTS: &[(&str, Verb)] = &[
    ("register", Verb::Register),
    ("take", Verb::Take),
    ("draft", Verb::Draft),
    ("answer_consultation", Verb::AnswerConsultation),
    ("supplement_given", Verb::SupplementGiven),
    ("supplement_missing", Verb::SupplementMissing),
    ("submit_reply", Verb::SubmitReply),
    ("approve", Verb::ApproveByEmail),
    ("return_reply", Verb::ReturnReply),
    ("mark_posted", Verb::MarkPosted),
    ("record_told", Verb::RecordTold),
    ("reopen", Verb::Reopen),
    ("keep_closed", Verb::KeepClosed),
    ("explain_delay", Verb::ExplainDelay),
    ("remind_handler", Verb::RemindHandler),
    ("note", Verb::Note),
    ("ask_supplement", Verb::AskSupplement),
    ("consult", Verb::Consult),
    ("withdraw_consultation", Verb::WithdrawConsultation),
    ("wait", Verb::Wait),
    ("end_wait", Verb::EndWait),
    ("assign", Verb::Assign),
    ("ask_extension", Verb::AskExtension),
    ("extend", Verb::Extend),
    ("decline_extension", Verb::DeclineExtension),
    ("transfer", Verb::Transfer),
    ("no_action", Verb::NoAction),
    ("withdraw", Verb::Withdraw),
    ("classify", Verb::Classify),
];

/// Fields of forms that hold a row's number.
const NUMBERS: &[&str] = &["unit_id", "handler_id", "respondent_unit_id", "consultation_id", "pause_id"];

/// The acts with their forms: `main` and `others`; and what those choose from that this case has.
///
/// # Errors
/// Of the database.
pub fn acts(web: &Web, db: &mut Db, desk: &Desk, seen: &Seen, now: Moment, told: &Told) -> Result<Value> {
    let (staff, desk_locale) = (desk.staff(), desk.locale());
    let tasks: Vec<ReviewTask> =
        reviews::tasks_of_case(db, seen.case.id)?.into_iter().filter(|t| t.state == ReviewState::Open).collect();
    let draft = match &seen.reply {
        Some(reply) if reply.state != ReplyState::Approved => texts::get(db, reply.text_id)?,
        _ => String::new(),
    };
    let asked = Asked::of(db, seen, now)?;
    let asking = Asking::of(web, db, seen, now)?;
    let rights = CaseRights { deputy_id: asked.deputy_id, ..seen.rights.clone() };
    let offered: Vec<&str> = ACTS
        .iter()
        .filter(|(_, verb)| {
            after(seen.case.state, *verb).is_ok() && may(staff, *verb, &rights, &seen.reference.units).is_ok()
        })
        .map(|(name, _)| *name)
        .filter(|name| sensible(name, seen, staff, &tasks, !draft.is_empty()))
        .filter(|name| asked.makes_sensible(name))
        .filter(|name| asking.sensible(name, seen, staff, now))
        .collect();
    let main = main_act(seen.case.state, &offered, !tasks.is_empty());
    let choices = asking.choices(desk_locale, seen, staff);
    let act = |name: &str| {
        json!({
            "name": name,
            "main": Some(name) == main,
            "action": format!("/desk/cases/{}/{name}", seen.case.number()),
            "form": form(web, seen, now, name, told, &asking),
        })
    };
    let others: Vec<Value> = offered.iter().filter(|name| Some(**name) != main).map(|name| act(name)).collect();
    Ok(json!({ "main": main.map(act), "others": others, "choices": choices }))
}

/// What state and rights alone do not say.
fn sensible(name: &str, seen: &Seen, staff: &Staff, tasks: &[ReviewTask], has_draft: bool) -> bool {
    let own = tasks.iter().any(|t| t.handler_id == Some(staff.id) || t.approver_id == Some(staff.id));
    match name {
        "take" => {
            seen.case.handler_id != Some(staff.id)
                || matches!(seen.case.state, CaseState::Assigned | CaseState::Reopened)
        }
        "submit_reply" => has_draft,
        "mark_posted" => seen.way() != ReplyBy::Phone,
        "record_told" => seen.way() == ReplyBy::Phone,
        "reopen" => !own,
        "keep_closed" => !own && !tasks.is_empty(),
        _ => true,
    }
}

/// The act of the moment, if this person has one.
fn main_act(state: CaseState, offered: &[&str], review: bool) -> Option<&'static str> {
    use CaseState as S;
    let wanted: &[&'static str] = match state {
        S::Received => &["register"],
        S::Registered => &["assign"],
        S::Assigned | S::Reopened => &["take", "assign"],
        // A unit that is asked for its part has this to do, whatever the lead unit does meanwhile.
        S::InProgress => &["draft"],
        S::AwaitingPetitioner => &["answer_consultation", "supplement_given"],
        S::Consulting => &["answer_consultation", "draft"],
        S::InReview => &["approve", "return_reply"],
        S::Approved => &["mark_posted", "record_told"],
        S::Replied | S::Closed if review => &["reopen"],
        S::Replied | S::Closed => &[],
    };
    wanted.iter().copied().find(|name| offered.contains(name))
}

/// The form of an act: what is known of the case, or what was typed and not done.
fn form(web: &Web, seen: &Seen, now: Moment, name: &str, told: &Told, asking: &Asking) -> Value {
    let case = &seen.case;
    let empty = |fields: &[&str]| {
        Value::Object(fields.iter().map(|field| ((*field).to_owned(), json!(""))).collect::<Map<_, _>>())
    };
    let mut form = match name {
        "register" | "classify" => json!({
            "kind": case.kind,
            "category": case.category.clone().unwrap_or_default(),
            "speed_class": case.speed_class.clone().unwrap_or_default(),
            "respondent_unit_id": seen.references.respondent_unit_id,
            "confidential": case.confidential,
        }),
        "assign" => {
            let usual = case.category.as_deref().and_then(|code| seen.reference.category(code)).and_then(|c| c.unit_id);
            json!({ "unit_id": case.unit_id.or(usual), "handler_id": case.handler_id })
        }
        "approve" => json!({ "result": CloseCode::Answered }),
        "return_reply" | "reopen" | "keep_closed" | "withdraw" | "decline_extension" => empty(&["reason"]),
        "mark_posted" => json!({
            "posted_on": now.date_in(&web.app.office.zone).to_string(),
            "document_out": seen.references.document_out.clone().unwrap_or_default(),
        }),
        "record_told" => json!({
            "told_how": Telling::Phone,
            "told_on": now.date_in(&web.app.office.zone).to_string(),
            "record": "",
        }),
        "note" | "remind_handler" => empty(&["note"]),
        "explain_delay" => empty(&["explanation"]),
        "extend" => asking.extension_form(),
        "ask_extension" => empty(&["until", "reason"]),
        "ask_supplement" => empty(&["question"]),
        "supplement_given" => empty(&["answer"]),
        "supplement_missing" => {
            let notice = web.text(&case.locale, &Message::new("supplement-missing-notice"));
            json!({ "reason": "", "notice": notice })
        }
        "wait" => empty(&["pause_reason", "note"]),
        "end_wait" => json!({ "pause_id": null }),
        "consult" => json!({ "unit_id": null, "question": "" }),
        "answer_consultation" => json!({ "consultation_id": null, "answer": "" }),
        "withdraw_consultation" => json!({ "consultation_id": null }),
        "transfer" => empty(&["agency", "reason"]),
        "no_action" => empty(&["ground", "reason", "notice"]),
        _ => json!({}),
    };
    if told.act.as_deref() == Some(name)
        && let Some(fields) = form.as_object_mut()
    {
        for (field, value) in fields.iter_mut() {
            *value = match field.as_str() {
                "confidential" => json!(told.typed.flag(field)),
                field if NUMBERS.contains(&field) => json!(told.typed.number(field)),
                field => json!(told.typed.text(field)),
            };
        }
    }
    form
}

/// What the forms choose from. People and units are read only where they are to be chosen.
///
/// # Errors
/// Of the database.
pub fn options(db: &mut Db, desk: &Desk, seen: &Seen, acts: &Value) -> Result<Value> {
    let has = |name: &str| {
        let others = acts["others"].as_array();
        acts["main"]["name"] == name || others.is_some_and(|list| list.iter().any(|act| act["name"] == name))
    };
    let (locale, reference) = (desk.locale(), &seen.reference);
    let in_locale = |zh: &str, en: &str| if locale == "en" { en.to_owned() } else { zh.to_owned() };
    let assigning = has("assign");
    let choosing = assigning || has("register") || has("classify");
    let everywhere = desk.staff().is_any(&[Role::Registrar, Role::ControlOfficer]);
    let reach = |unit: i64| everywhere || reference.units.within(unit, desk.staff().unit_id);
    // Any unit may be asked for its part.
    let asked_units: Vec<Value> = reference
        .units
        .all()
        .iter()
        .filter(|unit| has("consult") && unit.active && seen.case.unit_id != Some(unit.id))
        .map(|unit| json!({ "id": unit.id, "label": indented(&reference.units, unit.id, locale) }))
        .collect();
    let units: Vec<Value> = reference
        .units
        .all()
        .iter()
        .filter(|unit| choosing && unit.active && reach(unit.id))
        .map(|unit| json!({ "id": unit.id, "label": indented(&reference.units, unit.id, locale) }))
        .collect();
    let handlers = if assigning { staff_store::with_role(db, Role::Handler)? } else { Vec::new() };
    let people: Vec<Value> = handlers
        .iter()
        .filter(|person| reach(person.unit_id))
        .map(|person| {
            let unit = reference.units.get(person.unit_id).map(|unit| unit.name(locale)).unwrap_or_default();
            json!({ "id": person.id, "name": person.name, "unit_name": unit })
        })
        .collect();
    let categories: Vec<Value> = reference
        .categories
        .iter()
        .map(|c| json!({ "code": c.code, "name": in_locale(&c.name_zh, &c.name_en) }))
        .collect();
    let classes: Vec<Value> = reference
        .speed_classes
        .iter()
        .map(|c| json!({ "code": c.code, "name": in_locale(&c.name_zh, &c.name_en) }))
        .collect();
    Ok(json!({
        "results": CloseCode::REPLIED,
        "kinds": Kind::ALL,
        "categories": categories,
        "speed_classes": classes,
        "units": units,
        "asked_units": asked_units,
        "staff": people,
        "grounds": CloseCode::GROUNDS,
        "way": seen.way(),
        "letters": seen.reach.by_email || seen.reach.by_post,
        "tellings": Telling::ALL,
    }))
}
