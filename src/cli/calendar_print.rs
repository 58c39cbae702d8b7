//! The calendar in a terminal: a year drawn with a sign at each day that is not simply worked, and what a change does.

use serde_json::{Value, json};

use crate::acts::calendar_change::Preview;
use crate::domain::calendar_year::{DayChange, DayState, DrawnDay, DrawnYear, Month, Shown};
use crate::store::closures::ClosureRow;
use crate::store::reference::Reference;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Columns of a month: seven days of three, the sign among them.
const WIDTH: usize = 7 * 4;

/// The sign of a day.
const fn sign(kind: Shown) -> char {
    match kind {
        Shown::Worked => ' ',
        Shown::MakeUp => '+',
        Shown::Weekend => '.',
        Shown::Holiday => '*',
        Shown::Closure => 'x',
        Shown::Partly => '/',
    }
}

const fn word(kind: Shown) -> &'static str {
    match kind {
        Shown::Worked => "worked",
        Shown::MakeUp => "make-up workday",
        Shown::Weekend => "weekend",
        Shown::Holiday => "day off",
        Shown::Closure => "offices shut",
        Shown::Partly => "shut in part",
    }
}

/// A year, three months beside one another, and the days with a name below.
#[must_use]
pub fn year_text(year: &DrawnYear) -> String {
    let mut text = format!("{}  (民國 {} 年)\n", year.year, year.year - 1911);
    if !year.covered {
        text.push_str("No official table covers this year: only weekends are known.\n");
    }
    text.push_str("* day off   + make-up workday   x offices shut   / shut in part   . weekend\n");
    for quarter in year.months.chunks(3) {
        text.push('\n');
        let heads: Vec<String> = quarter
            .iter()
            .map(|month| format!("{:<WIDTH$}", MONTHS.get(usize::from(month.month.unsigned_abs()) - 1).unwrap_or(&"")))
            .collect();
        text.push_str(line(&heads).as_str());
        let days: Vec<String> = quarter.iter().map(|_| " Su  Mo  Tu  We  Th  Fr  Sa ".to_owned()).collect();
        text.push_str(line(&days).as_str());
        let rows = quarter.iter().map(|month| month.weeks.len()).max().unwrap_or(0);
        for row in 0..rows {
            let weeks: Vec<String> = quarter.iter().map(|month| week(month, row)).collect();
            text.push_str(line(&weeks).as_str());
        }
    }
    if !year.named.is_empty() {
        text.push('\n');
    }
    for day in &year.named {
        text.push_str(&format!(
            "{} {} {}\n",
            sign(day.state.kind),
            day.date.strftime("%Y-%m-%d %a"),
            described(&day.state)
        ));
    }
    text
}

fn line(parts: &[String]) -> String {
    format!("{}\n", parts.join("   ").trim_end())
}

fn week(month: &Month, row: usize) -> String {
    let cell = |day: &Option<DrawnDay>| match day {
        Some(day) => format!("{:>3}{}", day.day, sign(day.kind)),
        None => "    ".to_owned(),
    };
    month.weeks.get(row).map_or_else(|| " ".repeat(WIDTH), |days| days.iter().map(cell).collect())
}

/// What a day is, with its name and its hours.
fn described(state: &DayState) -> String {
    let parts = [word(state.kind), state.note.as_str(), state.hours.as_str()];
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// What a change does, in words.
#[must_use]
pub fn preview_text(reference: &Reference, preview: &Preview) -> String {
    if preview.is_empty() {
        return "Nothing changes: the calendar in force says the same.\n".to_owned();
    }
    let mut text = String::new();
    for year in &preview.new_years {
        text.push_str(&format!("{year}: a table where there was none\n"));
    }
    text.push_str(&format!("{} day(s) differ:\n", preview.days.len()));
    for day in &preview.days {
        text.push_str(&format!("  {}\n", changed(day)));
    }
    let (later, earlier) = (preview.later, preview.earlier);
    text.push_str(&format!("Clocks of open cases: {later} end later, {earlier} would end earlier"));
    text.push_str(if earlier > 0 { " and wait for a control officer.\n" } else { ".\n" });
    for moved in &preview.moves {
        let unit = moved.unit_id.and_then(|id| reference.units.get(id)).map_or("", |unit| unit.name_zh.as_str());
        text.push_str(&format!(
            "  {}  {:<12} {} → {}  {unit}\n",
            moved.number, moved.purpose, moved.old_on, moved.new_on
        ));
    }
    let more = (later + earlier).saturating_sub(preview.moves.len());
    if more > 0 {
        text.push_str(&format!("  and {more} more\n"));
    }
    text
}

fn changed(day: &DayChange) -> String {
    let region = if day.region.is_empty() { String::new() } else { format!(" ({})", day.region) };
    format!("{}{region}  {} → {}", day.date.strftime("%Y-%m-%d %a"), described(&day.before), described(&day.after))
}

/// What a change does, for programs.
#[must_use]
pub fn preview_json(reference: &Reference, preview: &Preview) -> Value {
    let unit = |id: Option<i64>| id.and_then(|id| reference.units.get(id)).map(|unit| unit.code.clone());
    let moves: Vec<Value> = preview
        .moves
        .iter()
        .map(|m| {
            json!({
                "case": m.number, "unit": unit(m.unit_id), "clock": m.purpose, "earlier": m.earlier,
                "old_due": m.old_on.to_string(), "new_due": m.new_on.to_string(),
            })
        })
        .collect();
    json!({
        "days": preview.days,
        "new_years": preview.new_years,
        "later": preview.later,
        "earlier": preview.earlier,
        "moves": moves,
    })
}

/// A closure, for programs.
///
/// # Errors
/// When its stored day is none.
pub fn closure_json(row: &ClosureRow) -> crate::error::Result<Value> {
    let closure = row.closure()?;
    Ok(json!({
        "id": row.id,
        "region": if closure.region.is_empty() { "all" } else { &closure.region },
        "date": closure.date.to_string(),
        "from": time(closure.from_minute),
        "to": time(closure.to_minute),
        "reason": closure.reason,
        "entered_at": row.entered_at,
        "revoked_at": row.revoked_at,
    }))
}

/// A minute of the day as `12:00`; 1440 is `24:00`.
#[must_use]
pub fn time(minute: i32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Reads [`time`].
///
/// # Errors
/// One sentence that repeats the text.
pub fn minute(text: &str) -> Result<i32, String> {
    crate::domain::closure::minute_of_day(text)
        .ok_or_else(|| format!("\"{text}\" is not a time like 12:00 (at most 24:00)"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Calendar, CalendarData, DayKind, ExceptionalDay};
    use crate::domain::calendar_year::draw;

    #[test]
    fn a_drawn_year_has_a_sign_at_each_day_off() {
        let day =
            |date: &str, kind, note: &str| ExceptionalDay { date: date.parse().unwrap(), kind, note: note.into() };
        let data = CalendarData {
            years: Some(vec![2025]),
            days: vec![
                day("2025-01-27", DayKind::DayOff, "調整放假"),
                day("2025-02-08", DayKind::MakeUp, "補行上班"),
                day("2025-10-21", DayKind::Closure, "颱風停班"),
            ],
            ..CalendarData::default()
        };
        let text = year_text(&draw(&Calendar::build(data.clone()).unwrap(), 2025));
        assert!(text.starts_with("2025  (民國 114 年)\n* day off"), "{text}");
        let quarter: Vec<&str> = text.lines().skip(3).take(6).collect();
        assert_eq!(quarter[0].split_whitespace().collect::<Vec<_>>(), ["January", "February", "March"]);
        assert!(quarter[2].starts_with("              1   2   3   4."), "{text}");
        assert!(text.contains(" 26. 27* 28 "), "{text}");
        assert!(text.contains("  2.  3   4   5   6   7   8+ "), "{text}");
        assert!(text.contains("* 2025-01-27 Mon day off 調整放假\n"), "{text}");
        assert!(text.contains("x 2025-10-21 Tue offices shut 颱風停班\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 90), "{text}");
        assert!(!text.contains("No official table"));
        assert!(year_text(&draw(&Calendar::build(data).unwrap(), 2026)).contains("No official table"));
    }
}
