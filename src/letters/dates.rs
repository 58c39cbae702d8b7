//! Dates and times as letters print them: the ROC calendar in Chinese, the common era in English.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use crate::domain::letter::Locale;
use crate::domain::time::Moment;

/// A date: 「115 年 9 月 23 日（星期三）」, "23 September 2026 (Wednesday)".
#[must_use]
pub fn date(date: Date, locale: Locale) -> String {
    let (day, weekday) = (date.day(), weekday(date.weekday(), locale));
    match locale {
        Locale::ZhTw => format!("{} 年 {} 月 {day} 日（{weekday}）", year(date.year(), locale), date.month()),
        Locale::En => format!("{day} {} {} ({weekday})", month(date.month()), date.year()),
    }
}

/// A date with its time of day, on the 24-hour clock.
#[must_use]
pub fn moment(at: Moment, zone: &TimeZone, locale: Locale) -> String {
    let at = zone.to_datetime(at.to_jiff());
    let (day, time) = (date(at.date(), locale), at.time().strftime("%H:%M"));
    match locale {
        Locale::ZhTw => format!("{day}{time}"),
        Locale::En => format!("{day}, {time}"),
    }
}

/// Until when something may be done. A limit at midnight is the end of the day before: nobody reads
/// "00:00 on the 24th" as the 23rd.
#[must_use]
pub fn until(end: Moment, zone: &TimeZone, locale: Locale) -> String {
    let at = zone.to_datetime(end.to_jiff());
    if at.time() == Time::midnight() {
        let last = date(last_day(end, zone), locale);
        return match locale {
            Locale::ZhTw => format!("{last}結束以前"),
            Locale::En => format!("the end of {last}"),
        };
    }
    let (day, time) = (date(at.date(), locale), at.time().strftime("%H:%M"));
    match locale {
        Locale::ZhTw => format!("{day}{time} 以前"),
        Locale::En => format!("{time} on {day}"),
    }
}

/// The last local day before a due moment, which is the first instant that is too late.
#[must_use]
pub fn last_day(due: Moment, zone: &TimeZone) -> Date {
    Moment(due.0.saturating_sub(1)).date_in(zone)
}

/// The year as the locale counts it: 115 for 2026 in Chinese.
#[must_use]
pub fn year(year: i16, locale: Locale) -> i16 {
    match locale {
        Locale::ZhTw if year > 1911 => year - 1911,
        _ => year,
    }
}

fn weekday(day: Weekday, locale: Locale) -> &'static str {
    const ZH: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];
    const EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let names = match locale {
        Locale::ZhTw => ZH,
        Locale::En => EN,
    };
    names.get(usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)).copied().unwrap_or_default()
}

fn month(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
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
    usize::try_from(month - 1).ok().and_then(|at| NAMES.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taipei() -> TimeZone {
        TimeZone::get("Asia/Taipei").unwrap()
    }

    fn at(text: &str) -> Moment {
        Moment::from_jiff(text.parse().unwrap())
    }

    #[test]
    fn a_limit_at_midnight_names_the_day_before() {
        let end = at("2026-09-23T16:00:00Z");
        assert_eq!(until(end, &taipei(), Locale::ZhTw), "115 年 9 月 23 日（星期三）結束以前");
        assert_eq!(until(end, &taipei(), Locale::En), "the end of 23 September 2026 (Wednesday)");
        assert_eq!(last_day(end, &taipei()).to_string(), "2026-09-23");
    }

    #[test]
    fn a_limit_within_the_day_names_the_minute() {
        let end = at("2026-09-23T01:05:59Z");
        assert_eq!(until(end, &taipei(), Locale::ZhTw), "115 年 9 月 23 日（星期三）09:05 以前");
        assert_eq!(until(end, &taipei(), Locale::En), "09:05 on 23 September 2026 (Wednesday)");
    }

    #[test]
    fn moments_are_local_and_every_weekday_and_month_has_its_name() {
        assert_eq!(moment(at("2025-12-31T16:00:00Z"), &taipei(), Locale::ZhTw), "115 年 1 月 1 日（星期四）00:00");
        let sunday = Date::constant(2026, 12, 20);
        assert_eq!(date(sunday, Locale::En), "20 December 2026 (Sunday)");
        assert_eq!(date(sunday, Locale::ZhTw), "115 年 12 月 20 日（星期日）");
        assert_eq!(year(1911, Locale::ZhTw), 1911);
    }
}
