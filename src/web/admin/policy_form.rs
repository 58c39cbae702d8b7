//! The form for the usual things of a policy document: it starts from the policy for every case of the document in force and
//! leaves the special policies as they are.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::domain::limit::{Basis, Limit};
use crate::domain::policy::{
    ClockPurpose, Extending, Limits, PauseReason, Policies, Policy, Recipient, Rung, StartEvent, Warning, When,
};
use crate::domain::staff::Role;
use crate::error::{FieldError, Message};
use crate::web::forms::Form;

/// Field names of the rows, which the error summary links to.
const WARNINGS: [&str; 16] = [
    "warning_1",
    "warning_2",
    "warning_3",
    "warning_4",
    "warning_5",
    "warning_6",
    "warning_7",
    "warning_8",
    "warning_9",
    "warning_10",
    "warning_11",
    "warning_12",
    "warning_13",
    "warning_14",
    "warning_15",
    "warning_16",
];
const PAUSES: [&str; 12] = [
    "pause_1", "pause_2", "pause_3", "pause_4", "pause_5", "pause_6", "pause_7", "pause_8", "pause_9", "pause_10",
    "pause_11", "pause_12",
];
/// Empty rows offered for what is to be added.
const SPARE: usize = 2;
const UNITS: [&str; 4] = ["working_days", "days", "office_hours", "office_minutes"];
const WHENS: [&str; 4] = ["before", "used", "on_day", "after"];
const RANKS: [Role; 3] = [Role::Supervisor, Role::ControlOfficer, Role::Manager];

/// The policy that the form is about: the last one for every case, which lies over the others.
fn general(policies: &Policies) -> Option<&Policy> {
    policies.list.iter().rfind(|policy| policy.matches.is_for_all())
}

/// Whether the form has room for what the document says; else its text must be edited.
#[must_use]
pub fn has_room(policies: &Policies) -> bool {
    general(policies).is_some_and(|policy| {
        policy.warnings.as_ref().is_none_or(|rows| rows.len() <= WARNINGS.len())
            && policy.pauses.as_ref().is_none_or(|rows| rows.len() <= PAUSES.len())
            && ClockPurpose::ALL.iter().all(|p| !matches!(policy.limits.of(*p), Some(Limit::FixedDate(_))))
    })
}

/// The form's values as the document has them, to come into force on `from`.
#[must_use]
pub fn values(policies: &Policies, from: &str) -> Value {
    let Some(policy) = general(policies) else { return Value::Null };
    let extension = policy.extension.clone().unwrap_or(Extending { times: 0, days: 0, ladder: Vec::new() });
    let rung = |rank: Role| extension.ladder.iter().find(|rung| rung.rank == rank).map(|rung| rung.days.to_string());
    let basis = policy.basis.map_or("", |basis| if basis == Basis::Working { "working" } else { "calendar" });
    let warnings = policy.warnings.iter().flatten().map(warning_values).collect();
    let pauses = policy.pauses.iter().flatten().map(pause_values).collect();
    json!({
        "from": from, "note": "",
        "start": policy.start.map_or("", StartEvent::code), "basis": basis,
        "limits": ClockPurpose::ALL.iter().map(|p| limit_values(*p, policy.limits.of(*p))).collect::<Vec<_>>(),
        "times": extension.times.to_string(), "days": extension.days.to_string(),
        "ladder": RANKS.iter().map(|r| ladder_values(*r, rung(*r))).collect::<Vec<_>>(),
        "tell_moved": policy.tell_moved.unwrap_or(false),
        "warnings": rows(warnings, &WARNINGS, &json!({ "when": "", "n": "", "clocks": [], "to": [], "urgent": false })),
        "pauses": rows(pauses, &PAUSES, &json!({ "code": "", "name_zh": "", "name_en": "", "stops": true })),
    })
}

/// The form's values as they were typed.
#[must_use]
pub fn typed(form: &Form) -> Value {
    let warnings = (0..sent(form, &WARNINGS, "when")).map(|at| {
        let name = |part: &str| format!("{}_{part}", WARNINGS[at]);
        json!({
            "when": form.text(&name("when")), "n": form.text(&name("n")), "clocks": form.texts(&name("clocks")),
            "to": form.texts(&name("to")), "urgent": form.flag(&name("urgent")),
        })
    });
    let pauses = (0..sent(form, &PAUSES, "code")).map(|at| {
        let name = |part: &str| format!("{}_{part}", PAUSES[at]);
        json!({
            "code": form.text(&name("code")), "name_zh": form.text(&name("name_zh")),
            "name_en": form.text(&name("name_en")), "stops": form.flag(&name("stops")),
        })
    });
    let limit = |p: &ClockPurpose| {
        let (n, unit) = (form.text(&format!("limit_{p}")), form.text(&format!("unit_{p}")));
        json!({ "clock": p, "field": format!("limit_{p}"), "unit_field": format!("unit_{p}"), "n": n, "unit": unit })
    };
    let rung = |rank: &Role| ladder_values(*rank, Some(form.text(&format!("ladder_{rank}")).to_owned()));
    json!({
        "from": form.text("from"), "note": form.text("note"), "start": form.text("start"),
        "basis": form.text("basis"), "limits": ClockPurpose::ALL.iter().map(limit).collect::<Vec<_>>(),
        "times": form.text("times"), "days": form.text("days"),
        "ladder": RANKS.iter().map(rung).collect::<Vec<_>>(), "tell_moved": form.flag("tell_moved"),
        "warnings": numbered(warnings.collect(), &WARNINGS), "pauses": numbered(pauses.collect(), &PAUSES),
    })
}

/// What the form's lists offer.
#[must_use]
pub fn offers() -> Value {
    json!({
        "starts": StartEvent::ALL, "clocks": ClockPurpose::ALL, "recipients": Recipient::ALL,
        "units": UNITS, "whens": WHENS,
    })
}

fn limit_values(purpose: ClockPurpose, limit: Option<Limit>) -> Value {
    let (n, unit) = match limit {
        Some(Limit::WorkingDays(n)) => (n.to_string(), UNITS[0]),
        Some(Limit::CalendarDays(n)) => (n.to_string(), UNITS[1]),
        Some(Limit::WorkingMinutes(n)) if n % 60 == 0 => ((n / 60).to_string(), UNITS[2]),
        Some(Limit::WorkingMinutes(n)) => (n.to_string(), UNITS[3]),
        Some(Limit::FixedDate(_)) | None => (String::new(), UNITS[0]),
    };
    json!({ "clock": purpose, "field": format!("limit_{purpose}"), "unit_field": format!("unit_{purpose}"), "n": n, "unit": unit })
}

fn ladder_values(rank: Role, days: Option<String>) -> Value {
    json!({ "rank": rank, "field": format!("ladder_{rank}"), "days": days.unwrap_or_default() })
}

fn warning_values(warning: &Warning) -> Value {
    let (when, n) = match warning.when {
        When::Before(n) => (WHENS[0], n.to_string()),
        When::Used(n) => (WHENS[1], n.to_string()),
        When::OnDay => (WHENS[2], String::new()),
        When::After(n) => (WHENS[3], n.to_string()),
    };
    json!({ "when": when, "n": n, "clocks": warning.clocks, "to": warning.to, "urgent": warning.urgent })
}

fn pause_values(reason: &PauseReason) -> Value {
    json!({ "code": reason.code, "name_zh": reason.name_zh, "name_en": reason.name_en, "stops": reason.stops })
}

/// The rows with empty ones after them.
fn rows(mut filled: Vec<Value>, names: &[&str], empty: &Value) -> Value {
    let room = names.len().saturating_sub(filled.len());
    filled.extend(std::iter::repeat_n(empty.clone(), room.min(SPARE)));
    numbered(filled, names)
}

fn numbered(rows: Vec<Value>, names: &[&str]) -> Value {
    let named = (1..).zip(rows).zip(names).map(|((nth, mut row), name)| {
        (row["field"], row["nth"]) = (json!(name), json!(nth));
        row
    });
    named.collect()
}

/// How many rows the form sent.
fn sent(form: &Form, names: &[&str], part: &str) -> usize {
    names.iter().take_while(|name| !form.texts(&format!("{name}_{part}")).is_empty()).count()
}

/// The document that the form makes of `base`, and the fields that cannot be read.
#[must_use]
pub fn read(form: &Form, base: &Policies) -> (Policies, Vec<FieldError>) {
    let mut wrong = Vec::new();
    let mut policies = base.clone();
    form.text("from").trim().clone_into(&mut policies.from);
    if policies.from.parse::<Date>().is_err() {
        wrong.push(FieldError::new("from", "field-date"));
    }
    let Some(policy) = policies.list.iter_mut().rfind(|policy| policy.matches.is_for_all()) else {
        return (policies, wrong);
    };
    policy.start = StartEvent::parse(form.text("start"));
    policy.basis = match form.text("basis") {
        "working" => Some(Basis::Working),
        "calendar" => Some(Basis::Calendar),
        _ => None,
    };
    policy.limits = limits(form, &mut wrong);
    policy.extension = Some(extension(form, &mut wrong));
    policy.tell_moved = Some(form.flag("tell_moved"));
    policy.pauses = Some(pauses(form, &mut wrong));
    policy.warnings = Some(warnings(form, &mut wrong));
    (policies, wrong)
}

/// The form's name of a clock's limit.
#[must_use]
pub const fn limit_field(purpose: ClockPurpose) -> &'static str {
    match purpose {
        ClockPurpose::Registration => "limit_registration",
        ClockPurpose::Assignment => "limit_assignment",
        ClockPurpose::Acceptance => "limit_acceptance",
        ClockPurpose::CoHandling => "limit_co_handling",
        ClockPurpose::Reply => "limit_reply",
        ClockPurpose::Ceiling => "limit_ceiling",
        ClockPurpose::Supplement => "limit_supplement",
    }
}

fn limits(form: &Form, wrong: &mut Vec<FieldError>) -> Limits {
    let mut of = |purpose: ClockPurpose| {
        let (n, unit) = (form.text(limit_field(purpose)).trim(), form.text(&format!("unit_{purpose}")));
        if n.is_empty() {
            return None;
        }
        let limit = n.parse::<u32>().ok().and_then(|n| match unit {
            "working_days" => Some(Limit::WorkingDays(n)),
            "days" => Some(Limit::CalendarDays(n)),
            "office_hours" => n.checked_mul(60).map(Limit::WorkingMinutes),
            "office_minutes" => Some(Limit::WorkingMinutes(n)),
            _ => None,
        });
        if limit.is_none() {
            wrong.push(FieldError::new(limit_field(purpose), "policy-field-number"));
        }
        limit
    };
    Limits {
        registration: of(ClockPurpose::Registration),
        assignment: of(ClockPurpose::Assignment),
        acceptance: of(ClockPurpose::Acceptance),
        co_handling: of(ClockPurpose::CoHandling),
        reply: of(ClockPurpose::Reply),
        ceiling: of(ClockPurpose::Ceiling),
        supplement: of(ClockPurpose::Supplement),
    }
}

fn extension(form: &Form, wrong: &mut Vec<FieldError>) -> Extending {
    let mut number = |field: &'static str, empty: Option<u32>| {
        let text = form.text(field).trim();
        let read = if text.is_empty() { empty } else { text.parse().ok() };
        if read.is_none() {
            wrong.push(FieldError::new(field, "policy-field-number"));
        }
        read.unwrap_or_default()
    };
    let (times, days) = (number("times", None), number("days", None));
    let fields = ["ladder_supervisor", "ladder_control_officer", "ladder_manager"];
    let rungs = fields.into_iter().zip(RANKS).map(|(field, rank)| Rung { days: number(field, Some(0)), rank });
    // Who may grant nothing stands on no rung.
    Extending { times, days, ladder: rungs.filter(|rung| rung.days > 0).collect() }
}

fn pauses(form: &Form, wrong: &mut Vec<FieldError>) -> Vec<PauseReason> {
    let mut reasons = Vec::new();
    for field in PAUSES {
        let part = |part: &str| form.text(&format!("{field}_{part}")).trim().to_owned();
        let (code, name_zh, name_en) = (part("code"), part("name_zh"), part("name_en"));
        if [&code, &name_zh, &name_en].iter().all(|text| text.is_empty()) {
            continue;
        }
        let plain = !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !plain || name_zh.is_empty() || name_en.is_empty() {
            wrong.push(FieldError::new(field, "policy-field-pause"));
        }
        reasons.push(PauseReason { code, name_zh, name_en, stops: form.flag(&format!("{field}_stops")) });
    }
    reasons
}

fn warnings(form: &Form, wrong: &mut Vec<FieldError>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for field in WARNINGS {
        let part = |part: &str| format!("{field}_{part}");
        let (when, n) = (form.text(&part("when")), form.text(&part("n")).trim().parse::<u32>().ok());
        // No moment chosen: the row is empty, or the warning is to go.
        if when.is_empty() {
            continue;
        }
        let days = n.filter(|n| (1..=366).contains(n));
        let when = match when {
            "before" => days.map(When::Before),
            "after" => days.map(When::After),
            "used" => n.filter(|n| (1..100).contains(n)).map(When::Used),
            "on_day" => Some(When::OnDay),
            _ => None,
        };
        let clocks: Vec<ClockPurpose> =
            form.texts(&part("clocks")).iter().filter_map(|c| ClockPurpose::parse(c)).collect();
        let to: Vec<Recipient> = form.texts(&part("to")).iter().filter_map(|code| Recipient::parse(code)).collect();
        match when {
            Some(when) if !clocks.is_empty() && !to.is_empty() => {
                warnings.push(Warning { clocks, when, to, urgent: form.flag(&part("urgent")) });
            }
            Some(_) => wrong.push(FieldError::new(field, "policy-field-warning-whom")),
            None => wrong.push(FieldError::new(field, "policy-field-warning-when")),
        }
    }
    warnings
}

/// The field of the form that a mistake in the document belongs to, as far as it is in what the form shows.
#[must_use]
pub fn field_of(fault: &crate::domain::policy::PolicyFault) -> Option<&'static str> {
    use crate::domain::policy::Wrong;
    Some(match &fault.what {
        Wrong::From => "from",
        Wrong::FixedDate(purpose) | Wrong::OverCeiling(purpose, ..) => limit_field(*purpose),
        Wrong::Ladder => "ladder_supervisor",
        Wrong::LadderShort(_) | Wrong::NoExtension => "days",
        Wrong::PauseTwice(_) | Wrong::NoSupplementPause => PAUSES[0],
        Wrong::WarningForNobody(_) | Wrong::WarningTwice(..) => WARNINGS[0],
        _ => return None,
    })
}

/// A mistake of the whole document beside its field.
#[must_use]
pub fn told(message: Message, field: Option<&'static str>) -> FieldError {
    FieldError { field: field.unwrap_or("from"), message }
}
