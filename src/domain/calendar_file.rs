//! The two calendar files an agency has: the official yearly table (政府行政機關辦公日曆表), every day of one year,
//! `西元日期,星期,是否放假,備註`; and the list of exceptional days of many years, `date,is_day_off,note`. Text in, days
//! out; bytes are decoded by the caller. A file with one wrong line is refused whole, naming the line.

use jiff::civil::Date;

use super::calendar::{DayKind, ExceptionalDay};
use super::day::{Day, parse_date};
use crate::error::Message;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarFile {
    /// The years it covers, in order.
    pub years: Vec<i16>,
    /// Its exceptional days, in order: weekdays off and weekend days worked.
    pub days: Vec<ExceptionalDay>,
}

/// What is wrong with a file, and in which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
    /// The same for a page, in the reader's language.
    pub told: Message,
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for FileError {}

/// Reads either file, told by its first line.
///
/// # Errors
/// The first line that is wrong.
pub fn parse(text: &str) -> Result<CalendarFile, FileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let header: Vec<String> = fields(text.lines().next().unwrap_or_default());
    match header.first().map(String::as_str) {
        Some("西元日期") => parse_official(text),
        Some("date") => parse_exceptions(text),
        _ => Err(fault(
            1,
            "neither 西元日期,星期,是否放假,備註 nor date,is_day_off,note",
            Message::new("calendar-fault-header"),
        )),
    }
}

/// Reads the official yearly table.
///
/// # Errors
/// A missing, doubled or foreign day, a weekday that does not fit its date, a mark that is neither 0 nor 2.
pub fn parse_official(text: &str) -> Result<CalendarFile, FileError> {
    let rows = rows(text, &["西元日期", "星期", "是否放假", "備註"], official_date)?;
    // The year is the one most days are of, so that a foreign first line is named itself.
    let mut dates: Vec<Date> = rows.iter().map(|row| row.date).collect();
    dates.sort_unstable();
    let Some(year) = dates.get(dates.len() / 2).map(|date| date.year()) else {
        return Err(fault(1, "the file has no days", Message::new("calendar-fault-empty")));
    };
    if let Some(row) = rows.iter().find(|row| row.date.year() != year) {
        let told = of_day("calendar-fault-foreign", row.date).with("year", year.to_string());
        return Err(fault(row.line, format!("{} is not a day of {year}", row.date), told));
    }
    refuse_doubled(&rows)?;
    refuse_missing(&rows, &dates, year)?;
    let days = rows.iter().map(official_day).collect::<Result<Vec<_>, _>>()?.into_iter().flatten();
    Ok(CalendarFile { years: vec![year], days: in_order(days.collect()) })
}

/// Reads a list of exceptional days; every year with a line counts as covered.
///
/// # Errors
/// A doubled day, one that does not differ from its weekday, a mark that is neither 0 nor 1.
pub fn parse_exceptions(text: &str) -> Result<CalendarFile, FileError> {
    let rows = rows(text, &["date", "is_day_off", "note"], parse_date)?;
    refuse_doubled(&rows)?;
    let mut years: Vec<i16> = rows.iter().map(|row| row.date.year()).collect();
    years.sort_unstable();
    years.dedup();
    let day = |row: &Row| match (row.fields[1].as_str(), is_weekend(row.date)) {
        ("1", false) => Ok(row.day(DayKind::DayOff, 2)),
        ("0", true) => Ok(row.day(DayKind::MakeUp, 2)),
        ("1", true) => Err(fault(
            row.line,
            format!("{} is a weekend day and off without being listed", row.date),
            of_day("calendar-fault-usual", row.date),
        )),
        ("0", false) => Err(fault(
            row.line,
            format!("{} is a weekday and worked without being listed", row.date),
            of_day("calendar-fault-usual", row.date),
        )),
        (mark, _) => Err(fault(row.line, format!("is_day_off is \"{mark}\", not 0 or 1"), marked(mark))),
    };
    let days = rows.iter().map(day).collect::<Result<Vec<_>, _>>()?;
    Ok(CalendarFile { years, days: in_order(days) })
}

struct Row {
    line: usize,
    date: Date,
    fields: Vec<String>,
}

impl Row {
    fn day(&self, kind: DayKind, note: usize) -> ExceptionalDay {
        ExceptionalDay { date: self.date, kind, note: self.fields.get(note).cloned().unwrap_or_default() }
    }
}

fn rows(text: &str, header: &[&str], date: fn(&str) -> Result<Date, String>) -> Result<Vec<Row>, FileError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, fields(line)));
    let first = lines.next().map(|(_, fields)| fields).unwrap_or_default();
    if first != header {
        let message = format!("the first line is \"{}\", not \"{}\"", first.join(","), header.join(","));
        return Err(fault(1, message, Message::new("calendar-fault-header")));
    }
    // Spreadsheets leave lines of bare commas at the end.
    let filled = lines.filter(|(_, fields)| fields.iter().any(|field| !field.is_empty()));
    let row = |(line, fields): (usize, Vec<String>)| {
        if fields.len() < header.len() - 1 || fields.len() > header.len() {
            let told = Message::new("calendar-fault-fields").with("count", fields.len().to_string());
            return Err(fault(line, format!("{} fields instead of {}", fields.len(), header.len()), told));
        }
        let told = || Message::new("calendar-fault-date").with("text", &*fields[0]);
        let date = date(&fields[0]).map_err(|message| fault(line, message, told()))?;
        Ok(Row { line, date, fields })
    };
    filled.map(row).collect()
}

fn official_date(text: &str) -> Result<Date, String> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("\"{text}\" is not a date like 20260918"));
    }
    parse_date(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))
}

fn refuse_doubled(rows: &[Row]) -> Result<(), FileError> {
    let mut seen: Vec<(Date, usize)> = rows.iter().map(|row| (row.date, row.line)).collect();
    seen.sort_unstable();
    let doubled = seen.windows(2).filter(|pair| pair[0].0 == pair[1].0).min_by_key(|pair| pair[1].1);
    doubled.map_or(Ok(()), |pair| {
        let told = of_day("calendar-fault-doubled", pair[1].0).with("other", pair[0].1.to_string());
        Err(fault(pair[1].1, format!("{} stands already in line {}", pair[1].0, pair[0].1), told))
    })
}

fn refuse_missing(rows: &[Row], dates: &[Date], year: i16) -> Result<(), FileError> {
    let mut expected = Day::of(Date::constant(year, 1, 1));
    for date in dates {
        if Day::of(*date) != expected {
            let line = rows.iter().find(|row| row.date == *date).map_or(1, |row| row.line);
            let told = of_day("calendar-fault-missing", expected.date());
            return Err(fault(line, format!("{} is missing before {date}", expected.date()), told));
        }
        expected = expected.next();
    }
    if expected.date().year() == year {
        let last = rows.iter().map(|row| row.line).max().unwrap_or(1);
        let told = of_day("calendar-fault-ends", expected.date());
        return Err(fault(last, format!("the file ends here, but {} is missing", expected.date()), told));
    }
    Ok(())
}

fn official_day(row: &Row) -> Result<Option<ExceptionalDay>, FileError> {
    let weekday = row.fields[1].trim_start_matches("星期").trim_start_matches("週");
    let expected = ["一", "二", "三", "四", "五", "六", "日"][Day::of(row.date).weekday()];
    if weekday != expected {
        let told = of_day("calendar-fault-weekday", row.date).with("expected", expected);
        return Err(fault(row.line, format!("{} is a 星期{expected}, not \"{}\"", row.date, row.fields[1]), told));
    }
    match (row.fields[2].as_str(), is_weekend(row.date)) {
        ("2", false) => Ok(Some(row.day(DayKind::DayOff, 3))),
        ("0", true) => Ok(Some(row.day(DayKind::MakeUp, 3))),
        ("0", false) | ("2", true) => Ok(None),
        (mark, _) => Err(fault(row.line, format!("是否放假 is \"{mark}\", not 0 or 2"), marked(mark))),
    }
}

fn is_weekend(date: Date) -> bool {
    Day::of(date).weekday() >= 5
}

fn in_order(mut days: Vec<ExceptionalDay>) -> Vec<ExceptionalDay> {
    days.sort_by_key(|day| day.date);
    days
}

fn fault(line: usize, message: impl Into<String>, told: Message) -> FileError {
    FileError { line, message: message.into(), told: told.with("line", line.to_string()) }
}

fn of_day(key: &'static str, date: Date) -> Message {
    Message::new(key).with("date", date.to_string())
}

fn marked(mark: &str) -> Message {
    Message::new("calendar-fault-mark").with("text", mark)
}

/// The fields of one line of CSV, trimmed; quotes may hold commas and doubled quotes.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field).trim().to_owned()),
            _ => field.push(char),
        }
    }
    fields.push(field.trim().to_owned());
    fields
}
