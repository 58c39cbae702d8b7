//! `chenqing deadline --case`: the clocks of a case, as its page tells them.

use std::io::{self, ErrorKind, Write};

use serde_json::json;

use super::deadline_answer::{local, told_day, weekday};
use crate::acts::explained::{ClockExplained, explained};
use crate::app::App;
use crate::domain::calendar::Calendar;
use crate::domain::case_number::CaseNumber;
use crate::error::Error;
use crate::store::cases;

/// Prints them; the exit code.
///
/// # Errors
/// One sentence: the number, the database.
pub fn run(app: &App, number: &str, days: bool, as_json: bool, out: &mut dyn Write) -> Result<u8, String> {
    let number = CaseNumber::parse(number).ok_or_else(|| format!("\"{number}\" is no case number"))?.to_string();
    let now = app.clock.now();
    let told = app.office.store.read(|db| {
        let case = cases::by_number(db, &number)?;
        Ok((explained(db, &app.office, &case, "en", now)?, app.office.reference(db)?))
    });
    let (mut clocks, reference) = told.map_err(|error| match error {
        Error::NotFound => format!("there is no case {number}"),
        other => other.to_string(),
    })?;
    if !days {
        clocks.iter_mut().for_each(|clock| clock.days.clear());
    }
    let written = if as_json {
        serde_json::to_writer_pretty(&mut *out, &json!({ "number": number, "at": now, "clocks": clocks }))
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        clocks.iter().try_for_each(|clock| write_clock(clock, &reference.calendar, out))
    };
    match written.and_then(|()| out.flush()) {
        // Whoever read the answer through a pipe has seen enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(0),
    }
}

fn write_clock(clock: &ClockExplained, calendar: &Calendar, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "Clock     {}", clock.purpose)?;
    if let Some(unit) = &clock.unit {
        write!(out, " ({unit})")?;
    }
    if clock.round > 1 {
        write!(out, ", round {}", clock.round)?;
    }
    writeln!(out, "\nStarts    {}", local(clock.start_at, calendar))?;
    writeln!(out, "Limit     {}", clock.limit)?;
    for pause in &clock.pauses {
        let to = pause.to_at.map_or_else(|| "now".to_owned(), |to| local(to, calendar));
        let effect = if pause.stops { "the clock stands still" } else { "the clock runs on" };
        writeln!(out, "Waits     {} to {to}: {} ({effect})", local(pause.from_at, calendar), pause.reason)?;
    }
    for extension in &clock.extensions {
        let by = extension.by.as_deref().unwrap_or("–");
        let (from, to) = (weekday(extension.old_due_on), weekday(extension.new_due_on));
        writeln!(out, "Extended  {from} to {to} by {by}: {}", extension.reason.replace('\n', " "))?;
    }
    if !clock.extensions.is_empty() {
        writeln!(out, "Original  by the end of {}", weekday(clock.original_due_on))?;
    }
    let stands = if clock.stands { " (as it stands today: the clock stands still)" } else { "" };
    writeln!(out, "Due       by the end of {}{stands}", weekday(clock.due_on))?;
    if let Some(finished) = clock.finished_at {
        writeln!(out, "Done      {}", local(finished, calendar))?;
    }
    if clock.uncovered {
        writeln!(out, "Warning   the count goes through a year without an official calendar: the date may change")?;
    }
    if let Some(since) = clock.calendar_since {
        writeln!(out, "Calendar  as it was in force since {}", local(since, calendar))?;
    }
    clock.days.iter().try_for_each(|line| writeln!(out, "  {}", told_day(line)))?;
    writeln!(out)
}
