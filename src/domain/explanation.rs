//! Why this date: every day from the start of a clock to its due moment, counted or not, and the reason. It counts by
//! itself, one day after the other, and does not ask the engine for the answer; that both agree is tested.

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::{Calendar, DayStatus};
use super::day::{Day, as_text};
use super::deadline::{DeadlineError, due};
use super::limit::Limit;
use super::open_time::{MINUTE, open_micros};
use super::pauses::Pause;
use super::time::Moment;

/// Why a day is counted or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", content = "note", rename_all = "snake_case")]
pub enum Reason {
    /// The clock starts; in a limit in days this day is not counted.
    Start,
    /// Counted.
    Counted,
    /// A weekend day.
    Weekend,
    /// A day off, with its name.
    Holiday(String),
    /// A make-up workday, counted, with its note.
    MakeUp(String),
    /// Offices shut, with the reason.
    Closure(String),
    /// The clock stood still, with the reason.
    Paused(String),
    /// Counted within an extension.
    Extended,
    /// The calendar days ended on a day off: this working day is the last instead.
    MovedOn,
    /// The calendar days ended on a Saturday: this Monday until noon instead.
    MovedToNoon,
    /// The date that was given.
    Given,
    /// The time zone skipped this date.
    Skipped,
}

/// One line of an explanation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayLine {
    /// The day.
    #[serde(serialize_with = "as_text")]
    pub date: Date,
    /// Which day of the limit it is; none for a day that is not counted.
    pub counted: Option<u32>,
    /// The open minutes it used, in limits by the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<i64>,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
}

/// Ten years of days: nobody reads more.
const MOST_LINES: usize = 3_660;

/// Explains what [`due_extended`](super::deadline::due_extended) answers, day by day, from the start to the last day.
///
/// # Errors
/// Where the engine has no answer, and beyond ten years.
pub fn explain(
    start: Moment,
    limit: Limit,
    extensions: &[Limit],
    calendar: &Calendar,
    pauses: &[Pause],
) -> Result<Vec<DayLine>, DeadlineError> {
    let day = calendar.day_of(start);
    let mut story = Story { calendar, pauses, at: start, day, counted: 0, extended: false, lines: Vec::new() };
    story.tell(day, None, Reason::Start)?;
    story.stage(limit)?;
    for extension in extensions {
        story.extended = true;
        story.stage(*extension)?;
    }
    Ok(story.lines)
}

struct Story<'a> {
    calendar: &'a Calendar,
    pauses: &'a [Pause],
    /// Where the time explained so far ends.
    at: Moment,
    day: Day,
    counted: u32,
    extended: bool,
    lines: Vec<DayLine>,
}

impl Story<'_> {
    fn stage(&mut self, limit: Limit) -> Result<(), DeadlineError> {
        match limit {
            Limit::WorkingDays(days) => {
                self.days(days, |reason| reason.is_none())?;
                self.end_of_day()
            }
            Limit::CalendarDays(days) => self.calendar_days(days),
            Limit::WorkingMinutes(minutes) => self.minutes(minutes),
            Limit::FixedDate(date) => self.given(Day::of(date)),
        }
    }

    /// Tells days until `wanted` more are counted.
    fn days(&mut self, wanted: u32, counts: impl Fn(&Option<Reason>) -> bool) -> Result<(), DeadlineError> {
        let last = self.counted.checked_add(wanted).ok_or(DeadlineError::LimitTooLong)?;
        while self.counted < last {
            let day = self.day.next();
            let hindrance = self.hindrance(day);
            if counts(&hindrance) {
                self.counted += 1;
                let reason = self.reason_to_count(day);
                self.tell(day, Some(self.counted), reason)?;
            } else {
                self.tell(day, None, hindrance.unwrap_or(Reason::Counted))?;
            }
        }
        Ok(())
    }

    fn calendar_days(&mut self, days: u32) -> Result<(), DeadlineError> {
        self.days(days, |reason| !matches!(reason, Some(Reason::Paused(_) | Reason::Skipped)))?;
        let ended = self.day;
        if self.calendar.is_working(ended) {
            return self.end_of_day();
        }
        loop {
            let day = self.day.next();
            match self.hindrance(day) {
                Some(hindrance) => self.tell(day, None, hindrance)?,
                None if self.calendar.saturday_goes_to_noon(ended) && day == ended.plus(2) => {
                    self.tell(day, None, Reason::MovedToNoon)?;
                    self.at = self.calendar.noon_of(day);
                    return Ok(());
                }
                None => {
                    self.tell(day, None, Reason::MovedOn)?;
                    return self.end_of_day();
                }
            }
        }
    }

    fn minutes(&mut self, minutes: u32) -> Result<(), DeadlineError> {
        let (from, limit) = (self.at, i64::from(minutes) * MINUTE);
        let (mut used, mut day) = (0, self.calendar.day_of(from));
        while used < limit {
            let starts = self.calendar.first_instant(day).max(from);
            let ends = self.calendar.first_instant(day.next());
            let open = open_micros(starts, ends, self.calendar, self.pauses).min(limit - used);
            // Each line shows whole minutes, and together they are the limit.
            let minutes = (used + open) / MINUTE - used / MINUTE;
            used += open;
            if let Some(line) = self.lines.last_mut().filter(|line| line.date == day.date()) {
                line.minutes = Some(line.minutes.unwrap_or(0) + minutes);
            } else {
                let reason = if open > 0 { self.reason_to_count(day) } else { self.why_closed(day) };
                self.tell(day, None, reason)?;
                if let Some(line) = self.lines.last_mut() {
                    line.minutes = Some(minutes);
                }
            }
            self.at = ends;
            day = day.next();
        }
        self.at = due(from, Limit::WorkingMinutes(minutes), self.calendar, self.pauses)?.due;
        Ok(())
    }

    fn given(&mut self, date: Day) -> Result<(), DeadlineError> {
        if self.extended && date <= self.day {
            return Ok(());
        }
        if date < self.day {
            self.lines.clear();
            return self.tell(date, None, Reason::Given);
        }
        while self.day < date {
            let day = self.day.next();
            let reason = self.hindrance(day);
            match reason {
                _ if day == date => self.tell(day, None, Reason::Given)?,
                Some(hindrance) => self.tell(day, None, hindrance)?,
                None => {
                    let reason = self.reason_to_count(day);
                    self.tell(day, None, reason)?;
                }
            }
        }
        self.end_of_day()
    }

    fn end_of_day(&mut self) -> Result<(), DeadlineError> {
        self.at = self.calendar.first_instant(self.day.next());
        Ok(())
    }

    fn tell(&mut self, day: Day, counted: Option<u32>, reason: Reason) -> Result<(), DeadlineError> {
        if day > Day::LAST {
            return Err(DeadlineError::OutOfRange);
        }
        if self.lines.len() >= MOST_LINES {
            return Err(DeadlineError::TooLongToExplain);
        }
        self.day = day;
        self.lines.push(DayLine { date: day.date(), counted, minutes: None, reason });
        Ok(())
    }

    /// Why a day is not a working day of this clock, if it is none.
    fn hindrance(&self, day: Day) -> Option<Reason> {
        let pauses = |pause: &&Pause| {
            let (from, end) = pause.days(self.calendar);
            from <= day && day < end
        };
        if let Some(pause) = self.pauses.iter().find(pauses) {
            return Some(Reason::Paused(pause.reason.clone()));
        }
        if self.calendar.is_skipped(day) {
            return Some(Reason::Skipped);
        }
        match self.calendar.status(day) {
            DayStatus::Worked | DayStatus::MakeUp(_) => None,
            DayStatus::Weekend => Some(Reason::Weekend),
            DayStatus::Holiday(note) => Some(Reason::Holiday(note.to_owned())),
            DayStatus::Closure(note) => Some(Reason::Closure(note.to_owned())),
        }
    }

    fn reason_to_count(&self, day: Day) -> Reason {
        match self.calendar.status(day) {
            _ if self.extended => Reason::Extended,
            DayStatus::MakeUp(note) => Reason::MakeUp(note.to_owned()),
            _ => Reason::Counted,
        }
    }

    /// Why no minute of a day was open: shut anyway, or paused throughout.
    fn why_closed(&self, day: Day) -> Reason {
        let ends = self.calendar.first_instant(day.next());
        let paused = self.pauses.iter().find(|pause| pause.from < ends && pause.to > self.at);
        match (self.hindrance(day), paused) {
            (Some(Reason::Paused(_)) | None, Some(pause)) => Reason::Paused(pause.reason.clone()),
            (Some(reason), _) => reason,
            (None, None) => Reason::Closure(String::new()),
        }
    }
}
