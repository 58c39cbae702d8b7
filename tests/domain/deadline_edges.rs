//! Where the rules end: nothing to count, no table, no open day, and numbers that make no sense.

use chenqing::domain::calendar::{Calendar, CalendarData, DayKind};
use chenqing::domain::days_used::days_used;
use chenqing::domain::deadline::{DeadlineError, due, elapsed};
use chenqing::domain::explanation::explain;
use chenqing::domain::limit::Limit;
use chenqing::domain::pauses::Pause;
use chenqing::domain::time::Moment;

use super::support::{at, calendar, date, due_of, last_day, sample};

#[test]
fn no_days_at_all_end_with_the_day_of_the_start() {
    assert_eq!(last_day("2026-09-18T09:00", "0 working days", &calendar(), &[]), "2026-09-18");
    assert_eq!(last_day("2026-09-18T09:00", "0 days", &calendar(), &[]), "2026-09-18");
    assert_eq!(last_day("2026-09-19T09:00", "0 days", &calendar(), &[]), "2026-09-21");
}

#[test]
fn a_year_without_a_table_says_so_and_takes_weekends_off() {
    let calendar = calendar();
    assert!(calendar.covers(2017) && calendar.covers(2027) && !calendar.covers(2028) && !calendar.covers(2016));
    let due = due_of("2027-12-30T09:00", "3 working days", &calendar, &[]);
    assert_eq!((due.last_day, due.uncovered), (date("2028-01-05"), true));
    assert!(!due_of("2027-12-27T09:00", "3 working days", &calendar, &[]).uncovered);
    assert!(due_of("2027-12-10T09:00", "30 days", &calendar, &[]).uncovered);
    assert!(due_of("2027-12-30T16:30", "1 office hour", &calendar, &[]).uncovered);
    // Days counted before the first table do not become certain because the last day is
    assert!(due_of("2016-12-28T09:00", "6 working days", &calendar, &[]).uncovered);
}

#[test]
fn absurd_questions_have_clear_answers() {
    let calendar = calendar();
    let ask = |start: Moment, limit: Limit, pauses: &[Pause]| due(start, limit, &calendar, pauses);
    let start = at("2026-09-18T17:30");
    for limit in [Limit::WorkingDays(u32::MAX), Limit::CalendarDays(u32::MAX), Limit::WorkingMinutes(u32::MAX)] {
        assert_eq!(ask(start, limit, &[]), Err(DeadlineError::LimitTooLong));
        assert!(explain(start, limit, &[], &calendar, &[]).is_err());
    }
    for limit in [Limit::WorkingDays(36_525), Limit::CalendarDays(36_525), Limit::WorkingMinutes(52_596_000)] {
        assert!(ask(start, limit, &[]).is_ok());
        assert_eq!(explain(start, limit, &[], &calendar, &[]), Err(DeadlineError::TooLongToExplain));
    }
    for start in [Moment(i64::MIN), Moment(i64::MAX)] {
        for limit in [Limit::WorkingDays(3), Limit::CalendarDays(3), Limit::WorkingMinutes(3), Limit::WorkingDays(0)] {
            let _ = ask(start, limit, &[Pause::new(Moment(i64::MIN), Moment(i64::MAX), "")]);
            assert!(ask(Moment(i64::MAX), limit, &[]).is_err());
        }
        let _ = days_used(start, Moment(i64::MAX), &calendar, &[]);
        let _ = elapsed(Moment(i64::MIN), start, &calendar, &[]);
    }
    let for_ever = [Pause::new(at("2026-09-19T00:00"), Moment(i64::MAX), "")];
    assert!(ask(start, Limit::WorkingDays(3), &for_ever).is_err());
    assert!(ask(start, Limit::CalendarDays(3), &for_ever).is_err());
    assert!(ask(start, Limit::WorkingMinutes(3), &for_ever).is_err());
    let backwards = [Pause::new(at("2026-09-23T00:00"), at("2026-09-21T00:00"), "")];
    assert_eq!(ask(start, Limit::WorkingDays(3), &backwards), ask(start, Limit::WorkingDays(3), &[]));
}

#[test]
fn a_calendar_that_is_never_open_is_told_as_such() {
    let never = Calendar::build(CalendarData { weekdays: [false; 7], ..sample() }).unwrap();
    let start = at("2028-01-01T00:00");
    for limit in [Limit::WorkingDays(1), Limit::CalendarDays(1), Limit::WorkingMinutes(1)] {
        assert_eq!(due(start, limit, &never, &[]), Err(DeadlineError::NoWorkingTime), "{limit}");
    }
    let mut data = sample();
    data.days.extend(data.days.clone());
    assert!(Calendar::build(data.clone()).is_ok());
    let mut both = data.days[0].clone();
    both.kind = DayKind::MakeUp;
    data.days.push(both);
    assert!(Calendar::build(data).unwrap_err().contains("2017-01-02"));
}
