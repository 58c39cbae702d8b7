//! Any zone, any change of its clocks: the engine beside a count of single minutes on the wall clock.

use chenqing::domain::calendar::{Calendar, CalendarData};
use chenqing::domain::day::Day;
use chenqing::domain::deadline::{due, elapsed};
use chenqing::domain::limit::Limit;
use chenqing::domain::office_hours::{Hours, OfficeHours};
use chenqing::domain::time::Moment;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use rstest::rstest;

use super::support::{at_in, date, zone};

const MINUTE: i64 = 60_000_000;

/// Open every day, at the hours given.
fn open(zone: TimeZone, hours: &[(&str, &str)]) -> Calendar {
    let day = Hours::parse(hours).unwrap();
    let hours = OfficeHours {
        mon: day.clone(),
        tue: day.clone(),
        wed: day.clone(),
        thu: day.clone(),
        fri: day.clone(),
        sat: day.clone(),
        sun: day.clone(),
        make_up: day,
    };
    Calendar::build(CalendarData { zone, weekdays: [true; 7], hours, ..CalendarData::default() }).unwrap()
}

fn zones() -> Vec<String> {
    jiff::tz::db().available().map(|name| name.to_string()).filter(|name| TimeZone::get(name).is_ok()).collect()
}

#[rstest]
#[case::a_day_of_23_hours("America/New_York", "2026-03-08T00:00", "2026-03-09T00:00", 23 * 60)]
#[case::a_day_of_25_hours("America/New_York", "2026-11-01T00:00", "2026-11-02T00:00", 25 * 60)]
#[case::half_an_hour_skipped("Australia/Lord_Howe", "2026-10-04T00:00", "2026-10-05T00:00", 23 * 60 + 30)]
#[case::half_an_hour_repeated("Australia/Lord_Howe", "2026-04-05T00:00", "2026-04-06T00:00", 24 * 60 + 30)]
#[case::a_date_skipped("Pacific/Apia", "2011-12-29T00:00", "2011-12-31T00:00", 24 * 60)]
#[case::a_date_lived_twice("Pacific/Kwajalein", "1969-09-30T00:00", "1969-10-01T00:00", 47 * 60)]
#[case::no_midnight("Asia/Beirut", "2026-03-29T00:00", "2026-03-30T00:00", 23 * 60)]
#[case::as_in_taipei("Asia/Taipei", "2026-03-08T00:00", "2026-03-09T00:00", 24 * 60)]
fn real_minutes_of_a_day(#[case] name: &str, #[case] from: &str, #[case] to: &str, #[case] expected: i64) {
    let calendar = open(zone(name), &[("00:00", "24:00")]);
    let (from, to) =
        (calendar.first_instant(Day::of(date(&from[..10]))), calendar.first_instant(Day::of(date(&to[..10]))));
    assert_eq!(elapsed(from, to, &calendar, &[]), expected);
    assert_eq!(due(from, Limit::WorkingMinutes(expected as u32), &calendar, &[]).unwrap().due, to);
}

#[rstest]
#[case::skipped_whole("02:00", "03:00", "2026-03-08", 0)]
#[case::skipped_in_part("01:30", "02:30", "2026-03-08", 30)]
#[case::opened_within_the_gap("02:15", "04:00", "2026-03-08", 60)]
#[case::repeated_whole("01:00", "02:00", "2026-11-01", 120)]
#[case::repeated_in_part("00:30", "01:30", "2026-11-01", 90)]
fn an_hour_skipped_is_not_open_and_one_repeated_is_open_twice(
    #[case] opens: &str,
    #[case] closes: &str,
    #[case] day: &str,
    #[case] expected: i64,
) {
    let calendar = open(zone("America/New_York"), &[(opens, closes)]);
    let first = Day::of(date(day));
    assert_eq!(elapsed(calendar.first_instant(first), calendar.first_instant(first.next()), &calendar, &[]), expected);
}

#[rstest]
#[case::no_midnight("Asia/Beirut", "2026-03-28", "2026-03-28T22:00:00Z")]
#[case::midnight_within_the_gap("America/Toronto", "1919-03-30", "1919-03-31T04:30:00Z")]
#[case::midnight_twice("America/St_Johns", "2006-10-28", "2006-10-29T02:30:00Z")]
#[case::a_date_skipped("Pacific/Apia", "2011-12-29", "2011-12-30T10:00:00Z")]
#[case::plain("Asia/Taipei", "2026-09-23", "2026-09-23T16:00:00Z")]
fn a_day_ends_at_the_first_instant_of_the_next(#[case] name: &str, #[case] day: &str, #[case] expected: &str) {
    let calendar = open(zone(name), &[("08:00", "17:00")]);
    let due = due(at_in(name, "1900-01-01T12:00"), Limit::FixedDate(date(day)), &calendar, &[]).unwrap();
    assert_eq!((due.due, due.last_day), (at_in(name, expected), date(day)));
}

#[rstest]
#[case(Limit::WorkingDays(1), "2011-12-31")]
#[case(Limit::CalendarDays(2), "2012-01-01")]
fn a_skipped_date_is_not_counted(#[case] limit: Limit, #[case] last: &str) {
    // Samoa went from Thursday 2011-12-29 to Saturday 2011-12-31
    let calendar = open(zone("Pacific/Apia"), &[("08:00", "17:00")]);
    let due = due(at_in("Pacific/Apia", "2011-12-29T12:00"), limit, &calendar, &[]).unwrap();
    assert_eq!(due.last_day, date(last));
    let lines =
        chenqing::domain::explanation::explain(at_in("Pacific/Apia", "2011-12-29T12:00"), limit, &[], &calendar, &[])
            .unwrap();
    assert_eq!(lines.last().unwrap().date, date(last));
}

/// A moment within two days of a change of a zone's clocks since 1975, when all offsets are whole minutes.
fn near_a_change() -> impl Strategy<Value = (String, Moment)> {
    let from = 157_766_400_i64..4_000_000_000;
    (proptest::sample::select(zones()), from, -2_880_i64..2_880).prop_map(|(name, second, minutes)| {
        let after = jiff::Timestamp::from_second(second).unwrap();
        let change = zone(&name).following(after).next().map_or(after, |change| change.timestamp());
        let whole = change.as_second() - change.as_second().rem_euclid(60);
        (name, Moment((whole + minutes * 60) * 1_000_000))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn open_minutes_are_those_the_wall_clock_shows((name, start) in near_a_change(), length in 0_i64..4_000, opens in 0_i64..1_440, open_for in 1_i64..1_440) {
        let zone = zone(&name);
        let closes = (opens + open_for).min(1_440);
        let text = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let calendar = open(zone.clone(), &[(&text(opens), &text(closes))]);
        let is_open = |minute: &i64| {
            let local = zone.to_datetime(Moment(start.0 + minute * MINUTE).to_jiff());
            (opens..closes).contains(&(i64::from(local.hour()) * 60 + i64::from(local.minute())))
        };
        let expected = (0..length).filter(is_open).count() as i64;
        let end = Moment(start.0 + length * MINUTE);
        prop_assert_eq!(elapsed(start, end, &calendar, &[]), expected);
        if let Some(last) = (0..length).rfind(is_open) {
            let due = due(start, Limit::WorkingMinutes(expected as u32), &calendar, &[]).unwrap();
            prop_assert_eq!(due.due, Moment(start.0 + (last + 1) * MINUTE));
        }
    }

    #[test]
    fn a_limit_in_days_ends_where_the_local_date_turns((name, start) in near_a_change(), days in 0_u32..5) {
        let zone = zone(&name);
        let calendar = open(zone.clone(), &[("08:00", "17:00")]);
        let due = due(start, Limit::WorkingDays(days), &calendar, &[]).unwrap();
        prop_assert!(due.due.date_in(&zone) > due.last_day);
        prop_assert!(Moment(due.due.0 - 1).date_in(&zone) <= due.last_day);
        // Between two starts of days nothing is lost, and nothing counted twice.
        let skipped = (0..=5).filter(|at| calendar.is_skipped(calendar.day_of(start).plus(*at))).count();
        prop_assert!(Day::of(due.last_day).0 - calendar.day_of(start).0 - days as i32 <= skipped as i32);
    }
}
