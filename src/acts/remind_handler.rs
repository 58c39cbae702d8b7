//! A reminder (稽催): the control officer asks why a clock is overdue. Handler and supervisors get a letter that says what
//! is expected and by when to explain; asked again is only after the answer, or when the days to answer have passed.

use jiff::civil::Date;
use serde_json::json;

use crate::acts::control_list::desk_name;
use crate::acts::deputies::readers;
use crate::acts::owing::{notify, supervisors};
use crate::acts::{Gate, Office, rights_of};
use crate::domain::case::Verb;
use crate::domain::letter::Letter;
use crate::domain::rights::may_see;
use crate::domain::staff::Staff;
use crate::domain::submission::many_lines;
use crate::domain::time::Moment;
use crate::domain::watch::{last_day, working_day_after, working_days_over};
use crate::error::{Error, Result};
use crate::store::clocks::{self, Clock};
use crate::store::{Db, absences, reminders, staff as staff_store};

/// The longest note, in characters.
const LONGEST: usize = 1000;

/// Asks why the clock is overdue; without `clock_id`, the one that is so for longest. Returns the case's new version.
///
/// # Errors
/// `Refused` when nothing is overdue or an answer may still come; `Invalid` for a very long note; from the gate.
pub fn remind_handler(
    office: &Office,
    now: Moment,
    staff: &Staff,
    case_id: i64,
    version: i64,
    clock_id: Option<i64>,
    note: &str,
) -> Result<i64> {
    let note = many_lines(note);
    if note.chars().count() > LONGEST {
        return Err(Error::invalid("note", "remind-note-length"));
    }
    let (office, staff) = (office.clone(), staff.clone());
    office.store.clone().write(move |db| {
        let gate = Gate::staff(db, &office, &staff, Verb::RemindHandler, case_id, version)?;
        let overdue = clocks::running(db, case_id)?.into_iter().filter(|clock| clock.due_at <= now);
        let clock = overdue
            .filter(|clock| clock_id.is_none_or(|id| clock.id == id))
            .min_by_key(|clock| (clock.due_at, clock.id))
            .ok_or_else(|| Error::refused("refused-remind-not-overdue"))?;
        let calendar = gate.reference.calendar_in(&clock.region);
        let today = now.date_in(calendar.zone());
        let asked = reminders::of_case(db, case_id)?.into_iter().rfind(|reminder| reminder.clock_id == clock.id);
        if let Some(open) = asked.filter(|reminder| reminder.explained_at.is_none())
            && today <= open.explain_by()?
        {
            return Err(Error::refused("refused-remind-waiting"));
        }
        let explain_by = working_day_after(today, calendar, office.rules.explain_days);
        reminders::insert(db, (case_id, clock.id), &note, staff.id, explain_by, now)?;
        gate.done(
            db,
            now,
            &json!({ "clock": clock.purpose, "due": clock.due_at, "explain_by": explain_by.to_string() }),
        )?;
        tell(db, &office, &gate, &clock, &staff, (note.as_str(), explain_by), now)?;
        Ok(gate.case.version)
    })
}

fn tell(
    db: &mut Db,
    office: &Office,
    gate: &Gate,
    clock: &Clock,
    staff: &Staff,
    (note, explain_by): (&str, Date),
    now: Moment,
) -> Result<()> {
    let (case, reference) = (&gate.case, &gate.reference);
    let handler = case.handler_id.map(|id| staff_store::get(db, id)?.person()).transpose()?;
    let desk = clock.unit_id.or(case.unit_id);
    let mut people: Vec<Staff> = handler.clone().into_iter().collect();
    let registry = reference.mailboxes.first().map(|mailbox| mailbox.registry_unit_id);
    if let Some(unit) = desk.or(registry) {
        people.extend(supervisors(db, &reference.units, unit)?);
    }
    let rights = rights_of(db, case, None)?;
    let away = absences::away_on(db, now.date_in(&office.zone))?;
    let told = readers(db, &reference.units, &away, &people, |person| may_see(person, &rights, &reference.units))?;
    let calendar = reference.calendar_in(&clock.region);
    let letter = Letter::Reminder {
        number: case.number().to_owned(),
        subject: case.subject.clone(),
        unit: desk_name(reference, desk, "zh-TW"),
        handler: handler.map(|person| person.name),
        purpose: clock.purpose,
        due_on: last_day(clock.due_at, calendar),
        days_over: working_days_over(now, clock.due_at, calendar),
        note: note.to_owned(),
        asked_by: staff.name.clone(),
        asked_by_phone: staff.phone.clone(),
        explain_by,
        for_whom: None,
    };
    notify(db, office, case.id, &told, &letter, now)
}
