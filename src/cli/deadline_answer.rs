//! The answer of `chenqing deadline` as people read it and as programs do.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::calendar::Calendar;
use crate::domain::deadline::{Due, due, due_extended};
use crate::domain::explanation::{DayLine, Reason, explain};
use crate::domain::limit::Limit;
use crate::domain::pauses::Pause;
use crate::domain::time::Moment;

/// A deadline with all that is told of it.
#[derive(Serialize)]
pub(super) struct Answer {
    received: Moment,
    limit: Limit,
    #[serde(flatten)]
    due: Due,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<Limit>,
    /// Without the extensions, when there are any: what statistics go by.
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<Due>,
    calendar_version: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Vec<DayLine>>,
}

impl Answer {
    /// Computes it.
    pub(super) fn compute(
        start: Moment,
        limit: Limit,
        extensions: &[Limit],
        calendar: &Calendar,
        pauses: &[Pause],
        explained: bool,
    ) -> Result<Self, String> {
        let computed = || {
            Ok(Self {
                received: start,
                limit,
                due: due_extended(start, limit, extensions, calendar, pauses)?,
                extensions: extensions.to_vec(),
                original: if extensions.is_empty() { None } else { Some(due(start, limit, calendar, pauses)?) },
                calendar_version: calendar.version(),
                explanation: if explained { Some(explain(start, limit, extensions, calendar, pauses)?) } else { None },
            })
        };
        computed().map_err(|error: crate::domain::deadline::DeadlineError| error.to_string())
    }

    pub(super) fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }

    pub(super) fn write_text(&self, calendar: &Calendar, out: &mut dyn Write) -> io::Result<()> {
        let zone = calendar.zone();
        let name = zone.iana_name().unwrap_or("UTC");
        writeln!(out, "Received  {} {name}", local(self.received, calendar))?;
        writeln!(out, "Limit     {}", self.limit)?;
        for extension in &self.extensions {
            writeln!(out, "Extended  {extension}")?;
        }
        if let Some(original) = &self.original {
            writeln!(out, "Original  {}", told(original, calendar))?;
        }
        writeln!(out, "Due       {}", told(&self.due, calendar))?;
        if self.due.uncovered {
            writeln!(out, "Warning   the count goes through a year without an official calendar: the date may change")?;
        }
        if let Some(lines) = &self.explanation {
            writeln!(out)?;
            lines.iter().try_for_each(|line| writeln!(out, "{}", told_day(line)))?;
        }
        Ok(())
    }
}

/// By the end of the last day; with the time of day where the limit ends within it.
fn told(due: &Due, calendar: &Calendar) -> String {
    let last = due.last_day;
    let end_of_day =
        last.tomorrow().is_ok_and(|next| calendar.first_instant(crate::domain::day::Day::of(next)) == due.due);
    if end_of_day { format!("by the end of {}", weekday(last)) } else { format!("by {}", local(due.due, calendar)) }
}

pub(super) fn local(moment: Moment, calendar: &Calendar) -> String {
    let local = calendar.zone().to_datetime(moment.to_jiff());
    let time = local.time().to_string();
    // Whole minutes need no seconds.
    format!("{} {}", weekday(local.date()), time.strip_suffix(":00").unwrap_or(&time))
}

pub(super) fn weekday(date: Date) -> String {
    date.strftime("%a %Y-%m-%d").to_string()
}

pub(super) fn told_day(line: &DayLine) -> String {
    let counted = match (line.counted, line.minutes) {
        (Some(nth), _) => format!("day {nth}"),
        (None, Some(minutes)) => format!("{minutes} min"),
        (None, None) => "–".to_owned(),
    };
    let reason = match &line.reason {
        Reason::Start => "the clock starts".to_owned(),
        Reason::Counted => String::new(),
        Reason::Weekend => "weekend".to_owned(),
        Reason::Holiday(note) => noted("day off", note),
        Reason::MakeUp(note) => noted("make-up workday", note),
        Reason::Closure(note) => noted("offices shut", note),
        Reason::Paused(note) => noted("the clock stands still", note),
        Reason::Extended => "extension".to_owned(),
        Reason::MovedOn => "the last day was a day off: this working day instead".to_owned(),
        Reason::MovedToNoon => "the last day was a Saturday: Monday noon instead".to_owned(),
        Reason::Given => "the date given".to_owned(),
        Reason::Skipped => "the time zone skips this date".to_owned(),
    };
    format!("{}  {counted:<8}{reason}", weekday(line.date)).trim_end().to_owned()
}

fn noted(what: &str, note: &str) -> String {
    if note.is_empty() { what.to_owned() } else { format!("{what}: {note}") }
}
