//! A case as its petitioner may see it: plain steps, dates with their reasons, the reply. No internal notes, and nobody's
//! name but that of the officer who answers.

use jiff::civil::Date;

use crate::acts::Office;
use crate::acts::approve::letter_of;
use crate::acts::explained::{ClockExplained, reply_explained};
use crate::domain::asking::SupplementState;
use crate::domain::case::{CloseCode, Kind, State};
use crate::domain::explanation::DayLine;
use crate::domain::letter::Letter;
use crate::domain::limit::Limit;
use crate::domain::link::Link;
use crate::domain::reply::ReplyState;
use crate::domain::time::Moment;
use crate::domain::watch::{last_day, working_days_left, working_days_over};
use crate::error::{Message, Result};
use crate::store::attachments::{Attachment, Carrier, of};
use crate::store::cases::Case;
use crate::store::letters::{self, LetterRow};
use crate::store::reference::Reference;
use crate::store::replies::{self, Reply};
use crate::store::{Db, clocks, supplements as store_supplements, texts};

/// What the petitioner sees.
#[derive(Clone, Debug)]
pub struct View {
    /// Case number.
    pub number: String,
    /// Subject.
    pub subject: String,
    /// State.
    pub state: State,
    /// Kind.
    pub kind: Kind,
    /// Category by name.
    pub category: Option<String>,
    /// When it was received.
    pub received_at: Moment,
    /// The unit in charge, with those above it.
    pub unit: Option<String>,
    /// The last day to reply.
    pub due_on: Option<Date>,
    /// Whether the clock stands still: the day is that of today and moves on.
    pub stands: bool,
    /// `none`, `later`, `soon`, `today`, `overdue` or `finished`.
    pub due_state: &'static str,
    /// Working days left, or over.
    pub due_days: i64,
    /// When it ended.
    pub finished_at: Option<Moment>,
    /// The last day before it was extended, and the reason.
    pub extension: Option<(Date, String)>,
    /// The rule of the last day, and each day counted.
    pub explanation: Option<Explanation>,
    /// What the petitioner was asked to supplement.
    pub supplements: Vec<Asked>,
    /// The way it goes.
    pub steps: Vec<Step>,
    /// The newest approved reply.
    pub reply: Option<Answered>,
    /// How it ended without one.
    pub ending: Option<Ending>,
    /// The petitioner's own files.
    pub files: Vec<Attachment>,
}

/// How the last day was counted.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The rule.
    pub rule: Message,
    /// Since when the calendar was in force that the days are told by, where it is no longer.
    pub calendar_since: Option<Moment>,
    /// Each day.
    pub days: Vec<DayLine>,
}

/// What the petitioner was asked to supplement, and gave.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whether it is waited for.
    pub open: bool,
    /// What is missing.
    pub question: String,
    /// When it was asked.
    pub asked_at: Moment,
    /// The last day to give it.
    pub until: Date,
    /// That day is over.
    pub late: bool,
    /// What was given.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<Moment>,
    /// Its files.
    pub files: Vec<Attachment>,
}

/// A step of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// `received`, `assigned`, `handled` or `replied`.
    pub name: &'static str,
    /// `done`, `current` or `next`.
    pub state: &'static str,
    /// When it was done.
    pub at: Option<Moment>,
}

/// A reply as it went out.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Its text.
    pub text: String,
    /// When it was sent.
    pub sent_at: Moment,
    /// Legal basis, or nothing.
    pub legal_basis: String,
    /// The officer who answers.
    pub officer_name: String,
    /// Their telephone.
    pub officer_phone: String,
    /// Their unit.
    pub unit: String,
    /// Its files.
    pub files: Vec<Attachment>,
    /// The link to rate it, while it can be rated.
    pub rate: Option<Link>,
}

/// An ending without a reply.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Code.
    pub code: CloseCode,
    /// When.
    pub at: Moment,
    /// The agency it was transferred to.
    pub agency: Option<String>,
    /// What the petitioner was told.
    pub text: Option<String>,
}

/// Reads what the petitioner sees of a case.
///
/// # Errors
/// Of the database.
pub fn view(db: &mut Db, office: &Office, case: &Case, locale: &str, now: Moment) -> Result<View> {
    let reference = office.reference(db)?;
    let approved = replies::of_case(db, case.id)?.into_iter().rfind(|r| r.state == ReplyState::Approved);
    let sent = letters::of_case(db, case.id)?;
    let clock = reply_explained(db, office, case, locale, now)?;
    let due_at = clock.as_ref().map(|clock| clock.due_at);
    let (due_state, due_days) = due(case, due_at, &reference, office.rules.due_soon_days, now);
    let reply = approved.as_ref().map(|reply| answered(db, &reference, case, reply, &sent, now)).transpose()?;
    let ending = ending(case, &sent)?;
    let category = case.category.as_deref().and_then(|code| reference.category(code));
    Ok(View {
        number: case.number().to_owned(),
        subject: case.subject.clone(),
        state: case.state,
        kind: case.kind,
        category: category.map(|c| if locale == "en" { c.name_en.clone() } else { c.name_zh.clone() }),
        received_at: case.received_at,
        unit: case.unit_id.map(|id| unit_name(&reference, id, locale)),
        due_on: clock.as_ref().map(|clock| clock.due_on),
        stands: clock.as_ref().is_some_and(|clock| clock.stands),
        due_state,
        due_days,
        finished_at: case.finished_at.filter(|_| case.state.is_finished()),
        extension: extension(clock.as_ref()),
        explanation: explanation(clock),
        supplements: supplements(db, case, &reference, now)?,
        steps: steps(case, ending.is_some()),
        reply,
        ending,
        files: of(db, Carrier::Case(case.id))?,
    })
}

/// Whether the petitioner may have a file: their own, and those of approved replies.
///
/// # Errors
/// Of the database.
pub fn may_have(db: &mut Db, case_id: i64, file: &Attachment) -> Result<bool> {
    match (file.case_id, file.reply_id) {
        (Some(of_case), _) => Ok(of_case == case_id),
        (None, Some(reply_id)) => {
            let reply = replies::get(db, reply_id)?;
            Ok(reply.case_id == case_id && reply.state == ReplyState::Approved)
        }
        (None, None) => Ok(false),
    }
}

fn due(case: &Case, due_at: Option<Moment>, reference: &Reference, soon: u32, now: Moment) -> (&'static str, i64) {
    let Some(due) = due_at else { return ("none", 0) };
    if case.state.is_finished() {
        return ("finished", 0);
    }
    let left = working_days_left(now, due, &reference.calendar);
    if now >= due {
        ("overdue", working_days_over(now, due, &reference.calendar))
    } else if now.date_in(reference.calendar.zone()) == last_day(due, &reference.calendar) {
        ("today", 0)
    } else if left <= i64::from(soon) {
        ("soon", left)
    } else {
        ("later", left)
    }
}

/// The unit with those above it, without the agency itself.
fn unit_name(reference: &Reference, id: i64, locale: &str) -> String {
    let mut names = Vec::new();
    let mut at = reference.units.get(id);
    while let (Some(unit), true) = (at, names.len() < 10) {
        let above = unit.parent_id.and_then(|id| reference.units.get(id));
        if above.is_some() || names.is_empty() {
            names.push(unit.name(locale));
        }
        at = above;
    }
    if locale == "en" {
        return names.join(", ");
    }
    names.reverse();
    names.join(" ")
}

/// The last day before it was extended, and the newest reason.
fn extension(clock: Option<&ClockExplained>) -> Option<(Date, String)> {
    let clock = clock?;
    clock.extensions.last().map(|newest| (clock.original_due_on, newest.reason.clone()))
}

/// Why this day: told only when the days lead to it, which a changed calendar may not do for a while.
fn explanation(clock: Option<ClockExplained>) -> Option<Explanation> {
    let clock = clock.filter(|clock| clock.explained)?;
    let rule = match clock.limit {
        Limit::WorkingDays(days) => Message::new("limit-working-days").with("days", days.to_string()),
        Limit::CalendarDays(days) => Message::new("limit-calendar-days").with("days", days.to_string()),
        Limit::WorkingMinutes(minutes) => Message::new("limit-working-minutes").with("minutes", minutes.to_string()),
        Limit::FixedDate(_) => Message::new("limit-fixed-date"),
    };
    Some(Explanation { rule, calendar_since: clock.calendar_since, days: clock.days })
}

/// What the petitioner was asked to supplement, the newest question last.
fn supplements(db: &mut Db, case: &Case, reference: &Reference, now: Moment) -> Result<Vec<Asked>> {
    let mut list = Vec::new();
    for row in store_supplements::of_case(db, case.id)? {
        let clock = clocks::get(db, row.clock_id)?;
        list.push(Asked {
            open: row.state == SupplementState::Open,
            question: texts::get(db, row.question_id)?,
            asked_at: row.asked_at,
            until: last_day(clock.due_at, reference.calendar_in(&clock.region)),
            late: clock.due_at <= now,
            answer: row.answer_id.map(|id| texts::get(db, id)).transpose()?,
            answered_at: row.answered_at,
            files: of(db, Carrier::Supplement(row.id, case.id))?,
        });
    }
    Ok(list)
}

fn steps(case: &Case, ended: bool) -> Vec<Step> {
    let done = |name, at| Step { name, state: "done", at };
    let open = |name, state| Step { name, state, at: None };
    let mut steps = vec![done("received", Some(case.received_at))];
    if ended {
        // What will not happen any more is no step.
        steps.extend(case.assigned_at.map(|at| done("assigned", Some(at))));
        steps.push(done("handled", case.finished_at.or(case.closed_at)));
        return steps;
    }
    steps.extend(match case.state {
        State::Received | State::Registered => {
            [open("assigned", "current"), open("handled", "next"), open("replied", "next")]
        }
        State::Assigned
        | State::InProgress
        | State::AwaitingPetitioner
        | State::Consulting
        | State::InReview
        | State::Reopened => [done("assigned", case.assigned_at), open("handled", "current"), open("replied", "next")],
        State::Approved => {
            [done("assigned", case.assigned_at), done("handled", case.finished_at), open("replied", "current")]
        }
        State::Replied | State::Closed => {
            [done("assigned", case.assigned_at), done("handled", case.finished_at), done("replied", case.replied_at)]
        }
    });
    steps
}

/// The reply as its letter said it: the officer may have moved since. One that no letter carries is told or on file.
fn answered(
    db: &mut Db,
    reference: &Reference,
    case: &Case,
    reply: &Reply,
    sent: &[LetterRow],
    now: Moment,
) -> Result<Answered> {
    let letter = match sent.iter().rfind(|l| l.reply_id == Some(reply.id)) {
        Some(row) => row.letter()?,
        None => letter_of(db, reference, case, reply)?,
    };
    let (officer_name, officer_phone, unit) = match letter {
        Letter::Reply { officer_name, officer_phone, unit, .. } => (officer_name, officer_phone, unit),
        _ => Default::default(),
    };
    let posted = case.replied_at.filter(|_| reply.round == case.round);
    Ok(Answered {
        text: texts::get(db, reply.text_id)?,
        sent_at: posted.or(reply.decided_at).unwrap_or(reply.updated_at),
        legal_basis: reply.legal_basis.clone(),
        officer_name,
        officer_phone,
        unit,
        files: of(db, Carrier::Reply(reply.id))?,
        rate: reply.link().filter(|link| now < link.expires_at),
    })
}

fn ending(case: &Case, sent: &[LetterRow]) -> Result<Option<Ending>> {
    let (State::Closed, Some(code)) = (case.state, case.close_code) else { return Ok(None) };
    if CloseCode::REPLIED.contains(&code) {
        return Ok(None);
    }
    let (mut told_agency, mut text) = (None, None);
    for row in sent.iter().rev().filter(|row| ["transferred", "no_action"].contains(&row.kind.as_str())) {
        match row.letter()? {
            Letter::Transferred { agency, reason, .. } if code == CloseCode::Transferred => {
                (told_agency, text) = (Some(agency), Some(reason));
            }
            Letter::NoAction { ground_text, ground_code, .. } if ground_code == code.code() => text = Some(ground_text),
            _ => continue,
        }
        break;
    }
    let at = case.closed_at.or(case.finished_at).unwrap_or(case.received_at);
    Ok(Some(Ending { code, at, agency: told_agency, text }))
}
