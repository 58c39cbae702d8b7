//! What must hold for every calendar, start, limit and pause.

use chenqing::domain::calendar::{Calendar, CalendarData, DayKind, ExceptionalDay};
use chenqing::domain::closure::{Closure, WHOLE_DAY, with_closures};
use chenqing::domain::day::Day;
use chenqing::domain::days_used::{HalfDays, days_used};
use chenqing::domain::deadline::{due, due_extended, elapsed};
use chenqing::domain::explanation::explain;
use chenqing::domain::limit::Limit;
use chenqing::domain::pauses::Pause;
use chenqing::domain::time::Moment;
use proptest::prelude::*;

use super::support::zone;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;
/// 2026-01-01, and the end of the table of working days at 2099-12-27.
const EPOCHS: [i64; 2] = [20_454 * DAY, 47_470 * DAY];

fn calendars() -> impl Strategy<Value = CalendarData> {
    let days = proptest::collection::btree_map(-20_i32..120, any::<bool>(), 0..30);
    let zones =
        prop_oneof![Just("Asia/Taipei"), Just("America/New_York"), Just("Australia/Lord_Howe"), Just("Asia/Beirut")];
    let yearly = proptest::collection::vec((1_i8..=12, 1_i8..=28), 0..4);
    (days, zones, yearly, any::<bool>(), proptest::sample::select(EPOCHS.to_vec())).prop_map(
        |(days, name, yearly, noon, epoch)| {
            let first = Day::of_local_micros(epoch);
            let kind = |off| if off { DayKind::DayOff } else { DayKind::MakeUp };
            let day = |(at, off): (i32, bool)| ExceptionalDay {
                date: first.plus(at).date(),
                kind: kind(off),
                note: String::new(),
            };
            CalendarData {
                zone: zone(name),
                days: days.into_iter().map(day).collect(),
                yearly_days_off: yearly,
                saturday_to_monday_noon: noon,
                years: Some(vec![2026]),
                ..CalendarData::default()
            }
        },
    )
}

/// Minutes after the epoch's start.
fn minutes() -> impl Strategy<Value = i64> {
    0_i64..60 * 1_440
}

fn starts() -> impl Strategy<Value = Moment> {
    (proptest::sample::select(EPOCHS.to_vec()), minutes()).prop_map(|(epoch, minutes)| Moment(epoch + minutes * MINUTE))
}

fn pauses(start: Moment) -> impl Strategy<Value = Vec<Pause>> {
    let pause = (-10_i64 * 1_440..50 * 1_440, 0_i64..12 * 1_440);
    let pause = pause.prop_map(move |(from, length)| {
        let from = Moment(start.0 + from * MINUTE);
        Pause::new(from, Moment(from.0 + length * MINUTE), "p")
    });
    proptest::collection::vec(pause, 0..4)
}

fn started() -> impl Strategy<Value = (Moment, Vec<Pause>)> {
    starts().prop_flat_map(|start| (Just(start), pauses(start)))
}

fn limits() -> impl Strategy<Value = Limit> {
    prop_oneof![
        (0_u32..80).prop_map(Limit::WorkingDays),
        (0_u32..80).prop_map(Limit::CalendarDays),
        (0_u32..9_000).prop_map(Limit::WorkingMinutes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn counting_forward_then_measuring_back_agrees(data in calendars(), (start, pauses) in started(), days in 1_u32..60, minutes in 0_u32..9_000) {
        let calendar = Calendar::build(data).unwrap();
        let by_days = due(start, Limit::WorkingDays(days), &calendar, &pauses).unwrap();
        let finished = Moment(by_days.due.0 - 1);
        prop_assert_eq!(days_used(start, finished, &calendar, &pauses), HalfDays::of_days(i64::from(days)));
        prop_assert_eq!(calendar.day_of(finished).date(), by_days.last_day);
        let by_minutes = due(start, Limit::WorkingMinutes(minutes), &calendar, &pauses).unwrap();
        prop_assert_eq!(elapsed(start, by_minutes.due, &calendar, &pauses), i64::from(minutes));
        if minutes > 0 {
            // …and it is the first such moment: an instant before, the last minute is not yet full.
            prop_assert_eq!(elapsed(start, Moment(by_minutes.due.0 - 1), &calendar, &pauses), i64::from(minutes) - 1);
        }
    }

    #[test]
    fn a_closure_never_makes_a_deadline_earlier(data in calendars(), (start, pauses) in started(), limit in limits(), days in proptest::collection::vec(0_i32..90, 1..4)) {
        let before = due(start, limit, &Calendar::build(data.clone()).unwrap(), &pauses).unwrap();
        let mut closed = data;
        let first = Day::of_local_micros(start.0);
        closed.days.extend(days.into_iter().map(|day| ExceptionalDay {
            date: first.plus(day).date(), kind: DayKind::Closure, note: "typhoon".to_owned(),
        }));
        let after = due(start, limit, &Calendar::build(closed).unwrap(), &pauses).unwrap();
        prop_assert!(after.due >= before.due && after.last_day >= before.last_day);
    }

    #[test]
    fn hours_shut_by_a_closure_never_make_a_deadline_earlier(data in calendars(), (start, pauses) in started(), limit in limits(), shut in proptest::collection::vec((0_i32..90, 0_i32..1_440, 1_i32..1_440), 1..4)) {
        let before = due(start, limit, &Calendar::build(data.clone()).unwrap(), &pauses).unwrap();
        let first = Day::of_local_micros(start.0);
        let closures: Vec<Closure> = shut
            .into_iter()
            .map(|(day, from_minute, length)| Closure {
                region: String::new(), date: first.plus(day).date(), from_minute,
                to_minute: (from_minute + length).min(WHOLE_DAY), reason: "typhoon".to_owned(),
            })
            .collect();
        let after = due(start, limit, &with_closures(&data, &closures, "").unwrap(), &pauses).unwrap();
        prop_assert!(after.due >= before.due && after.last_day >= before.last_day);
    }

    #[test]
    fn a_pause_never_makes_a_deadline_earlier(data in calendars(), (start, mut pauses) in started(), limit in limits()) {
        let calendar = Calendar::build(data).unwrap();
        let with = due(start, limit, &calendar, &pauses).unwrap();
        pauses.pop();
        let without = due(start, limit, &calendar, &pauses).unwrap();
        prop_assert!(with.last_day >= without.last_day);
        // A Friday's holiday moves on to the end of Monday, but the Saturday after it to Monday noon: that is the law.
        prop_assert!(with.due >= without.due || calendar.data().saturday_to_monday_noon);
    }

    #[test]
    fn a_pause_of_d_working_days_moves_the_due_date_by_d(data in calendars(), start in starts(), days in 1_u32..40, from in 0_i32..60, length in 0_i32..30) {
        let calendar = Calendar::build(data).unwrap();
        let plain = due(start, Limit::WorkingDays(days), &calendar, &[]).unwrap();
        let first = calendar.day_of(start).next();
        let last = Day::of(plain.last_day);
        let from = first.plus(from % (last.0 - first.0 + 1));
        let paused = (from.0..from.0 + length).filter(|day| calendar.is_working(Day(*day))).count() as u32;
        let noon = |day: Day| Moment(calendar.first_instant(day).0 + 12 * 60 * MINUTE);
        let pause = [Pause::new(noon(from), noon(from.plus(length)), "p")];
        let moved = due(start, Limit::WorkingDays(days), &calendar, &pause).unwrap();
        prop_assert_eq!(moved, due(start, Limit::WorkingDays(days + paused), &calendar, &[]).unwrap());
    }

    #[test]
    fn a_pause_moves_an_extended_date_by_as_many_working_days(data in calendars(), start in starts(), days in 1_u32..20, more in proptest::collection::vec(1_u32..10, 1..4), from in 0_i32..60, length in 0_i32..30) {
        let calendar = Calendar::build(data).unwrap();
        let limit = Limit::WorkingDays(days);
        let extensions: Vec<Limit> = more.iter().map(|days| Limit::WorkingDays(*days)).collect();
        let all = days + more.iter().sum::<u32>();
        let plain = due_extended(start, limit, &extensions, &calendar, &[]).unwrap();
        prop_assert_eq!(plain, due(start, Limit::WorkingDays(all), &calendar, &[]).unwrap());
        let first = calendar.day_of(start).next();
        let from = first.plus(from % (Day::of(plain.last_day).0 - first.0 + 1));
        let paused = (from.0..from.0 + length).filter(|day| calendar.is_working(Day(*day))).count() as u32;
        let noon = |day: Day| Moment(calendar.first_instant(day).0 + 12 * 60 * MINUTE);
        let pause = [Pause::new(noon(from), noon(from.plus(length)), "p")];
        let moved = due_extended(start, limit, &extensions, &calendar, &pause).unwrap();
        prop_assert_eq!(moved, due(start, Limit::WorkingDays(all + paused), &calendar, &[]).unwrap());
    }

    #[test]
    fn explanation_and_result_agree(data in calendars(), (start, pauses) in started(), limit in limits(), extensions in proptest::collection::vec(limits(), 0..3)) {
        let calendar = Calendar::build(data).unwrap();
        let due = due_extended(start, limit, &extensions, &calendar, &pauses).unwrap();
        let lines = explain(start, limit, &extensions, &calendar, &pauses).unwrap();
        prop_assert_eq!(lines.first().unwrap().date, calendar.day_of(start).date());
        prop_assert_eq!(lines.last().unwrap().date, due.last_day);
        prop_assert!(lines.windows(2).all(|pair| pair[0].date.tomorrow().unwrap() == pair[1].date));
        let all = || std::iter::once(&limit).chain(&extensions);
        let days: u32 = all().map(|limit| match limit { Limit::WorkingDays(days) | Limit::CalendarDays(days) => *days, _ => 0 }).sum();
        let minutes: u32 = all().map(|limit| match limit { Limit::WorkingMinutes(minutes) => *minutes, _ => 0 }).sum();
        let counted: Vec<u32> = lines.iter().filter_map(|line| line.counted).collect();
        prop_assert_eq!(counted, (1..=days).collect::<Vec<_>>());
        prop_assert_eq!(lines.iter().filter_map(|line| line.minutes).sum::<i64>(), i64::from(minutes));
    }
}
