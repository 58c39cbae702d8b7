//! Dates as people read them: the ROC calendar for zh-TW, day-month-year for English.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;

use crate::domain::day::{roc_year, short};

/// How a date is written.
#[derive(Clone, Copy)]
pub(super) enum Style {
    /// 「115 年 9 月 23 日（星期三）」, "23 September 2026 (Wed)".
    Date,
    /// The same with hour and minute.
    DateTime,
    /// 「115/09/23」, "23 Sep 2026": for dense tables.
    Day,
    /// 「115/09/23 14:05」, "23 Sep 2026, 14:05".
    Moment,
}

/// Writes `text` (RFC 3339, or YYYY-MM-DD for a date alone) in `style`; `None` when it is neither.
pub(super) fn write(text: &str, locale: &str, zone: &TimeZone, style: Style) -> Option<String> {
    let (at, has_time) = read(text, zone)?;
    let date = at.date();
    let words = match (locale, style) {
        ("zh-TW", Style::Date | Style::DateTime) => {
            format!("{} 年 {} 月 {} 日（星期{}）", roc_year(date), date.month(), date.day(), zh_weekday(date.weekday()))
        }
        (_, Style::Date | Style::DateTime) => date.strftime("%-d %B %Y (%a)").to_string(),
        (_, Style::Day | Style::Moment) => short(date, locale),
    };
    if !has_time || matches!(style, Style::Date | Style::Day) {
        return Some(words);
    }
    let separator = match (locale, style) {
        ("zh-TW", Style::DateTime) => "",
        ("zh-TW", _) => " ",
        _ => ", ",
    };
    Some(format!("{words}{separator}{:02}:{:02}", at.hour(), at.minute()))
}

fn read(text: &str, zone: &TimeZone) -> Option<(DateTime, bool)> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some((zone.to_datetime(at), true));
    }
    let date: Date = text.parse().ok()?;
    Some((date.to_datetime(jiff::civil::Time::midnight()), false))
}

fn zh_weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "一",
        Weekday::Tuesday => "二",
        Weekday::Wednesday => "三",
        Weekday::Thursday => "四",
        Weekday::Friday => "五",
        Weekday::Saturday => "六",
        Weekday::Sunday => "日",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_for_each_locale_in_the_agencys_zone() {
        let zone = TimeZone::get("Asia/Taipei").unwrap();
        let late = "2026-09-22T16:05:00Z"; // already the 23rd in Taipei
        let cases = [
            ("zh-TW", Style::Date, late, "115 年 9 月 23 日（星期三）"),
            ("zh-TW", Style::DateTime, late, "115 年 9 月 23 日（星期三）00:05"),
            ("zh-TW", Style::Day, late, "115/09/23"),
            ("zh-TW", Style::Moment, late, "115/09/23 00:05"),
            ("zh-TW", Style::DateTime, "2026-09-23", "115 年 9 月 23 日（星期三）"),
            ("zh-TW", Style::Day, "1911-12-31", "前 1/12/31"),
            ("en", Style::Date, late, "23 September 2026 (Wed)"),
            ("en", Style::DateTime, late, "23 September 2026 (Wed), 00:05"),
            ("en", Style::Moment, late, "23 Sep 2026, 00:05"),
        ];
        for (locale, style, text, expected) in cases {
            assert_eq!(write(text, locale, &zone, style).as_deref(), Some(expected));
        }
        assert_eq!(write("soon", "en", &zone, Style::Date), None);
    }
}
