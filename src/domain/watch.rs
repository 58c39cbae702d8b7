//! When a clock has to be looked at next: in the morning some working days before its last day, on it, after it, or when
//! a share of its time has been used. Notices keep to office days; nothing is said at night.

use jiff::civil::{Date, time};

use crate::domain::calendar::Calendar;
use crate::domain::day::Day;
use crate::domain::deadline::{due as due_of, elapsed};
use crate::domain::limit::Limit;
use crate::domain::open_time::OpenSpans;
use crate::domain::policy::{Warning, When};
use crate::domain::time::{DAY, Moment};

/// Notice before the due date.
pub const DUE_SOON: &str = "due_soon";
/// Notice after the due date.
pub const OVERDUE: &str = "overdue";

/// Half past eight: when the day's notices go out.
const MORNING_HOUR: i8 = 8;
const MORNING_MINUTE: i8 = 30;

/// The last local day of a due moment, which is the first instant after it.
#[must_use]
pub fn last_day(due: Moment, calendar: &Calendar) -> Date {
    Moment(due.0 - 1).date_in(calendar.zone())
}

/// When the due-soon notice goes out: in the morning `working_days` working days before the last day.
#[must_use]
pub fn due_soon_at(due: Moment, calendar: &Calendar, working_days: u32) -> Moment {
    let mut day = Day::of(last_day(due, calendar));
    let mut left = working_days;
    // A calendar without working days is refused when it is built; the bound is a second guard.
    for _ in 0..3660 {
        if left == 0 && calendar.is_working_day(day.date()) {
            break;
        }
        day = day.plus(-1);
        if calendar.is_working_day(day.date()) {
            left = left.saturating_sub(1);
        }
    }
    morning(day.date(), calendar)
}

/// When the overdue notice goes out: in the morning of the nth working day after the last day (n ≥ 1).
#[must_use]
pub fn overdue_at(due: Moment, calendar: &Calendar, n: u32) -> Moment {
    let last = Day::of(last_day(due, calendar));
    // A calendar without working days is refused when it is built; the bound is a second guard.
    let day = calendar.nth_working_after(last, n.max(1), 3660).unwrap_or_else(|| last.next());
    morning(day.date(), calendar)
}

/// When a warning of a clock from `start` to `due` goes out.
#[must_use]
pub fn warned_at(when: When, start: Moment, due: Moment, calendar: &Calendar) -> Moment {
    match when {
        When::Before(days) => due_soon_at(due, calendar, days),
        When::OnDay => due_soon_at(due, calendar, 0),
        When::After(days) => overdue_at(due, calendar, days),
        When::Used(percent) => {
            let minutes = elapsed(start, due, calendar, &[]) * i64::from(percent) / 100;
            let share = Limit::WorkingMinutes(u32::try_from(minutes).unwrap_or(u32::MAX));
            due_of(start, share, calendar, &[]).map_or(due, |answer| answer.due)
        }
    }
}

/// When the clock is looked at next: for the first of its warnings that was not given for this due moment yet. `None` when
/// nothing remains.
pub fn next_check<'a>(
    warnings: impl Iterator<Item = &'a Warning>,
    given: &[When],
    start: Moment,
    due: Moment,
    calendar: &Calendar,
) -> Option<Moment> {
    warnings.filter(|w| !given.contains(&w.when)).map(|w| warned_at(w.when, start, due, calendar)).min()
}

/// The first instant after the next `working_days` working days, today aside: what falls due until then is due soon.
#[must_use]
pub fn soon_until(now: Moment, calendar: &Calendar, working_days: u32) -> Moment {
    let mut day = Day::of(now.date_in(calendar.zone()));
    let mut left = working_days;
    for _ in 0..3660 {
        if left == 0 {
            break;
        }
        day = day.next();
        if calendar.is_working_day(day.date()) {
            left -= 1;
        }
    }
    let next = day.next().date().to_datetime(time(0, 0, 0, 0));
    let start = calendar.zone().to_ambiguous_timestamp(next).compatible();
    start.map_or_else(|_| Moment::from_jiff(jiff::Timestamp::MAX), Moment::from_jiff)
}

/// Working days from today to the last day (0: it is today or past).
#[must_use]
pub fn working_days_left(now: Moment, due: Moment, calendar: &Calendar) -> i64 {
    working_days(now.date_in(calendar.zone()), last_day(due, calendar), calendar)
}

/// Working days from the last day to today (0: not past).
#[must_use]
pub fn working_days_over(now: Moment, due: Moment, calendar: &Calendar) -> i64 {
    working_days(last_day(due, calendar), now.date_in(calendar.zone()), calendar)
}

/// Working days after `from` up to and with `to`; 0 when `to` is not later.
#[must_use]
pub fn working_days(from: Date, to: Date, calendar: &Calendar) -> i64 {
    let (first, end) = (Day::of(from).next(), Day::of(to).next());
    if end <= first { 0 } else { i64::from(calendar.working_between(first, end)) }
}

/// The first moment from `now` on at which the office is open; `now` itself while it is.
#[must_use]
pub fn next_open(now: Moment, calendar: &Calendar) -> Moment {
    // A year without an open minute is no office; then nothing waits for it.
    let end = now.plus_seconds(366 * DAY);
    OpenSpans::new(now, end, calendar, &[]).next().map_or(now, |(from, _)| Moment(from))
}

/// The nth working day after `day`.
#[must_use]
pub fn working_day_after(day: Date, calendar: &Calendar, n: u32) -> Date {
    let day = Day::of(day);
    calendar.nth_working_after(day, n.max(1), 3660).unwrap_or_else(|| day.next()).date()
}

/// The Monday of this week, and the morning of its first working day; `None` in a week that is all off.
#[must_use]
pub fn first_office_morning(now: Moment, calendar: &Calendar) -> Option<(Date, Moment)> {
    let today = Day::of(now.date_in(calendar.zone()));
    let monday = today.plus(-i32::try_from(today.weekday()).unwrap_or(0));
    let first = (0..7).map(|n| monday.plus(n)).find(|day| calendar.is_working(*day))?;
    Some((monday.date(), morning(first.date(), calendar)))
}

/// When the day's notices go out.
#[must_use]
pub fn morning(date: Date, calendar: &Calendar) -> Moment {
    let at = date.to_datetime(time(MORNING_HOUR, MORNING_MINUTE, 0, 0));
    calendar
        .zone()
        .to_ambiguous_timestamp(at)
        .compatible()
        .map_or_else(|_| Moment::from_jiff(jiff::Timestamp::MAX), Moment::from_jiff)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::calendar::{CalendarData, DayKind, ExceptionalDay};

    fn calendar() -> Calendar {
        let off =
            |text: &str| ExceptionalDay { date: text.parse().unwrap(), kind: DayKind::DayOff, note: "節".into() };
        Calendar::build(CalendarData {
            zone: TimeZone::get("Asia/Taipei").unwrap(),
            days: vec![off("2026-09-25"), off("2026-09-28")],
            ..CalendarData::default()
        })
        .unwrap()
    }

    fn at(text: &str) -> Moment {
        Moment::from_jiff(text.parse().unwrap())
    }

    #[test]
    fn notices_keep_to_office_mornings() {
        // Due at the end of Tuesday 29 September; Friday and Monday are off.
        let due = at("2026-09-29T16:00:00Z");
        assert_eq!(last_day(due, &calendar()).to_string(), "2026-09-29");
        assert_eq!(due_soon_at(due, &calendar(), 2), at("2026-09-23T00:30:00Z"));
        assert_eq!(due_soon_at(due, &calendar(), 0), at("2026-09-29T00:30:00Z"));
        // Due at the end of Thursday: the next working day is Tuesday.
        assert_eq!(overdue_at(at("2026-09-24T16:00:00Z"), &calendar(), 1), at("2026-09-29T00:30:00Z"));
    }

    #[test]
    fn each_warning_has_its_morning() {
        // From Thursday 17 September to the end of Tuesday 29 September: six working days.
        let (start, due) = (at("2026-09-17T00:00:00Z"), at("2026-09-29T16:00:00Z"));
        for (when, moment) in [
            ("2 working days before", "2026-09-23T00:30:00Z"),
            ("on the last day", "2026-09-29T00:30:00Z"),
            ("1 working day after", "2026-09-30T00:30:00Z"),
            ("3 working days after", "2026-10-02T00:30:00Z"),
            // Seven working days of eight hours with the day of the start; half of them end on Tuesday at noon.
            ("50 % used", "2026-09-22T04:00:00Z"),
        ] {
            assert_eq!(warned_at(when.parse().unwrap(), start, due, &calendar()), at(moment), "{when}");
        }
    }

    #[test]
    fn the_office_opens_again_after_nights_lunches_and_days_off() {
        for (now, opens) in [
            ("2026-09-24T00:30:00Z", "2026-09-24T00:30:00Z"),
            ("2026-09-24T04:30:00Z", "2026-09-24T05:00:00Z"),
            // Closing time on Thursday: Friday to Monday are off.
            ("2026-09-24T09:00:00Z", "2026-09-29T00:00:00Z"),
            ("2026-09-27T02:00:00Z", "2026-09-29T00:00:00Z"),
        ] {
            assert_eq!(next_open(at(now), &calendar()), at(opens), "{now}");
        }
    }

    #[test]
    fn a_week_begins_with_its_first_office_morning() {
        for (now, monday, morning) in [
            ("2026-09-21T00:00:00Z", "2026-09-21", "2026-09-21T00:30:00Z"),
            // Sunday night in Taipei is still the week before.
            ("2026-09-27T15:59:00Z", "2026-09-21", "2026-09-21T00:30:00Z"),
            ("2026-09-28T02:00:00Z", "2026-09-28", "2026-09-29T00:30:00Z"),
            ("2026-10-02T02:00:00Z", "2026-09-28", "2026-09-29T00:30:00Z"),
        ] {
            let week = first_office_morning(at(now), &calendar()).unwrap();
            assert_eq!((week.0.to_string().as_str(), week.1), (monday, at(morning)), "{now}");
        }
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(working_day_after(day("2026-09-24"), &calendar(), 2), day("2026-09-30"));
        assert_eq!(working_day_after(day("2026-10-02"), &calendar(), 2), day("2026-10-06"));
    }

    #[test]
    fn soon_reaches_over_days_off() {
        // Thursday; Friday and Monday are off: two working days on is Wednesday.
        let now = at("2026-09-24T04:00:00Z");
        assert_eq!(soon_until(now, &calendar(), 2), at("2026-09-30T16:00:00Z"));
        assert_eq!(soon_until(now, &calendar(), 0), at("2026-09-24T16:00:00Z"));
    }

    #[test]
    fn days_left_and_over_are_working_days() {
        let due = at("2026-09-29T16:00:00Z");
        assert_eq!(working_days_left(at("2026-09-24T04:00:00Z"), due, &calendar()), 1);
        assert_eq!(working_days_left(at("2026-09-29T15:59:00Z"), due, &calendar()), 0);
        assert_eq!(working_days_over(at("2026-09-30T01:00:00Z"), due, &calendar()), 1);
        assert_eq!(working_days_over(at("2026-09-29T01:00:00Z"), due, &calendar()), 0);
    }
}
