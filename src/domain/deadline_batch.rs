//! Many deadlines at once: one question a line, one answer a line, both JSON. A calendar that came before is not
//! built again. A line that cannot be answered says why, and the next is answered all the same.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::calendar::{Calendar, CalendarData, DayKind, ExceptionalDay};
use super::day::{parse_date, parse_yearly};
use super::deadline::{due, elapsed};
use super::limit::Limit;
use super::office_hours::{Hours, OfficeHours};
use super::pauses::Pause;
use super::time::Moment;

/// One question.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    op: Op,
    #[serde(borrow)]
    calendar: Option<&'a RawValue>,
    #[serde(borrow)]
    start: Cow<'a, str>,
    #[serde(borrow)]
    end: Option<Cow<'a, str>>,
    limit: Option<Limit>,
    #[serde(borrow)]
    pauses: Option<Vec<Span<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Op {
    Due,
    Elapsed,
}

#[derive(Deserialize)]
struct Span<'a>(#[serde(borrow)] Cow<'a, str>, #[serde(borrow)] Cow<'a, str>);

/// A calendar as a line writes it: `{"timezone": "Asia/Taipei", "hours": {"mon": [["08:00", "12:00"]]}, …}`. Weekdays
/// are worked when they have hours; without `hours` they are Monday to Friday with the usual ones.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarText {
    timezone: String,
    hours: Option<OfficeHours>,
    #[serde(default)]
    days_off: Vec<String>,
    #[serde(default)]
    yearly_days_off: Vec<String>,
    #[serde(default)]
    dated_hours: BTreeMap<String, Hours>,
    #[serde(default)]
    saturday_to_monday_noon: bool,
}

/// Builds a calendar from its JSON text.
///
/// # Errors
/// One sentence that says what is wrong with it.
pub fn calendar_from_json(text: &str) -> Result<Calendar, String> {
    let text: CalendarText = serde_json::from_str(text).map_err(|error| format!("calendar: {error}"))?;
    let day_off = |date: &String| {
        parse_date(date).map(|date| ExceptionalDay { date, kind: DayKind::DayOff, note: String::new() })
    };
    let mut data = CalendarData {
        zone: TimeZone::get(&text.timezone)
            .map_err(|_| format!("calendar: there is no time zone \"{}\"", text.timezone))?,
        days: text.days_off.iter().map(day_off).collect::<Result<_, _>>()?,
        yearly_days_off: text.yearly_days_off.iter().map(|day| parse_yearly(day)).collect::<Result<_, _>>()?,
        dated_hours: text
            .dated_hours
            .into_iter()
            .map(|(date, hours)| Ok((parse_date(&date)?, hours)))
            .collect::<Result<_, String>>()?,
        saturday_to_monday_noon: text.saturday_to_monday_noon,
        ..CalendarData::default()
    };
    if let Some(hours) = text.hours {
        data.weekdays = hours.week().map(|day| !day.is_closed());
        data.hours = hours;
    }
    Calendar::build(data)
}

/// Answers lines one after the other and remembers the calendars they brought.
pub struct Batch<'a> {
    installed: Option<&'a Calendar>,
    seen: HashMap<String, usize>,
    calendars: Vec<Calendar>,
    last: Option<(String, usize)>,
    /// A line without the calendar that the line before had too.
    shortened: String,
    /// Where in the line before its calendar began.
    key_at: usize,
}

/// What a calendar follows in a line.
const KEY: &str = "\"calendar\":";
/// What stands in a shortened line for the calendar of the line before.
const SAME: &str = "0";

/// So many calendars are remembered; a batch that brings more of them builds anew.
const REMEMBERED: usize = 64;

impl<'a> Batch<'a> {
    /// A batch; lines without a calendar are answered by the installed one.
    #[must_use]
    pub fn new(installed: Option<&'a Calendar>) -> Self {
        Self { installed, seen: HashMap::new(), calendars: Vec::new(), last: None, shortened: String::new(), key_at: 0 }
    }

    /// Appends the answer to one line, without a line end.
    pub fn answer(&mut self, line: &str, answers: &mut String) {
        let before = answers.len();
        if self.answer_shortened(line, answers).is_some() {
            return;
        }
        answers.truncate(before);
        if let Err(message) = self.try_answer(line, false, answers) {
            answers.truncate(before);
            let _ = write!(answers, "{{\"error\":{}}}", serde_json::Value::from(message));
        }
    }

    /// Answers a line that has the calendar of the line before without reading the calendar again, which would take longer
    /// than all the rest; `None` when it has another, or when something is wrong with the line.
    fn answer_shortened(&mut self, line: &str, answers: &mut String) -> Option<()> {
        let (last, _) = self.last.as_ref()?;
        // Mostly it stands where it stood in the line before.
        let same = line.get(self.key_at..).is_some_and(|rest| rest.starts_with(KEY));
        let key_at = if same { self.key_at } else { line.find(KEY)? };
        if !line[..key_at].ends_with(['{', ',']) {
            return None;
        }
        self.key_at = key_at;
        let at = key_at + KEY.len();
        let rest = line[at..].strip_prefix(last.as_str())?;
        let mut shortened = std::mem::take(&mut self.shortened);
        shortened.clear();
        shortened.extend([&line[..at], SAME, rest]);
        let answered = self.try_answer(&shortened, true, answers);
        self.shortened = shortened;
        answered.ok()
    }

    fn try_answer(&mut self, line: &str, shortened: bool, answers: &mut String) -> Result<(), String> {
        let line: Line<'_> = serde_json::from_str(line).map_err(|error| unreadable(&error))?;
        let start = moment("start", &line.start)?;
        let pauses = line.pauses.iter().flatten().map(pause).collect::<Result<Vec<_>, _>>()?;
        let calendar = self.calendar(line.calendar, shortened)?;
        match (line.op, line.limit, line.end) {
            (Op::Due, Some(limit), None) => {
                let due = due(start, limit, calendar, &pauses).map_err(|error| error.to_string())?;
                let _ = write!(answers, "{{\"due\":\"{}\"", due.due);
                answers.push_str(if due.uncovered { ",\"uncovered\":true}" } else { "}" });
            }
            (Op::Elapsed, None, Some(end)) => {
                let end = moment("end", &end)?;
                if end < start {
                    return Err("end lies before start".to_owned());
                }
                let _ = write!(answers, "{{\"working_minutes\":{}}}", elapsed(start, end, calendar, &pauses));
            }
            (Op::Due, _, _) => return Err("\"due\" takes start and limit".to_owned()),
            (Op::Elapsed, _, _) => return Err("\"elapsed\" takes start and end".to_owned()),
        }
        Ok(())
    }

    fn calendar(&mut self, text: Option<&RawValue>, shortened: bool) -> Result<&Calendar, String> {
        let Some(text) = text.map(RawValue::get) else {
            return self.installed.ok_or_else(|| "the line has no calendar and none is installed".to_owned());
        };
        let known = match &self.last {
            Some((_, at)) if shortened && text == SAME => *at,
            Some((last, at)) if last == text => *at,
            _ => self.learn(text)?,
        };
        self.calendars.get(known).ok_or_else(|| "the calendar was forgotten".to_owned())
    }

    fn learn(&mut self, text: &str) -> Result<usize, String> {
        let known = self.seen.get(text).copied();
        let at = match known {
            Some(at) => at,
            None => {
                let calendar = calendar_from_json(text)?;
                if self.calendars.len() >= REMEMBERED {
                    self.calendars.clear();
                    self.seen.clear();
                }
                self.calendars.push(calendar);
                self.seen.insert(text.to_owned(), self.calendars.len() - 1);
                self.calendars.len() - 1
            }
        };
        self.last = Some((text.to_owned(), at));
        Ok(at)
    }
}

/// Answers one line: always one JSON object, `{"error": "…"}` when there is no other answer.
#[must_use]
pub fn answer(line: &str, installed: Option<&Calendar>) -> String {
    let mut answer = String::new();
    Batch::new(installed).answer(line, &mut answer);
    answer
}

/// What is wrong with a line, and in which column: it is the only line its reader saw.
fn unreadable(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

fn moment(name: &str, text: &str) -> Result<Moment, String> {
    let at: Result<jiff::Timestamp, _> = text.parse();
    at.map(Moment::from_jiff).map_err(|_| format!("{name} \"{text}\" is not a moment like 2026-09-18T01:30:00Z"))
}

fn pause(span: &Span<'_>) -> Result<Pause, String> {
    let pause = Pause { from: moment("pause", &span.0)?, to: moment("pause", &span.1)?, reason: String::new() };
    if pause.to < pause.from { Err(format!("the pause from {} ends before it starts", span.0)) } else { Ok(pause) }
}
