//! `deadline --batch` beside an oracle that knows nothing: it walks from minute to minute, asks the time zone database what
//! the wall shows, and counts. Calendars, limits and pauses of every kind, mostly near a change of the zone's clocks.

use std::collections::{BTreeMap, BTreeSet};

use chenqing::domain::deadline_batch::answer;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::zone;

const ZONES: &[&str] = &[
    "Asia/Taipei",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Europe/Dublin",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Asia/Beirut",
    "America/Sao_Paulo",
    "Antarctica/Troll",
    "America/Havana",
    "Pacific/Chatham",
];
const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Open spans of a day, in minutes.
type Spans = Vec<(i64, i64)>;

/// A question, as its parts.
#[derive(Clone, Debug)]
struct Question {
    zone: &'static str,
    week: Vec<Spans>,
    off: BTreeSet<Date>,
    yearly: BTreeSet<(i8, i8)>,
    dated: BTreeMap<Date, Spans>,
    /// Whole minutes since 1970.
    start: i64,
    pauses: Vec<(i64, i64)>,
    asked: Asked,
}

#[derive(Clone, Copy, Debug)]
enum Asked {
    Minutes(i64),
    WorkingDays(u32),
    CalendarDays(u32),
    ElapsedTo(i64),
}

fn text(minute: i64) -> String {
    Timestamp::from_second(minute * 60).unwrap().to_string()
}

impl Question {
    fn line(&self) -> String {
        let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        let spans = |spans: &Spans| json!(spans.iter().map(|(a, b)| [clock(*a), clock(*b)]).collect::<Vec<_>>());
        let week = WEEK.iter().zip(&self.week).map(|(day, hours)| ((*day).to_owned(), spans(hours)));
        let dated = self.dated.iter().map(|(day, hours)| (day.to_string(), spans(hours)));
        let yearly: Vec<String> = self.yearly.iter().map(|(month, day)| format!("{month:02}-{day:02}")).collect();
        let mut line = json!({
            "calendar": {
                "timezone": self.zone, "hours": week.collect::<serde_json::Map<_, _>>(),
                "days_off": self.off.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "yearly_days_off": yearly, "dated_hours": dated.collect::<serde_json::Map<_, _>>(),
            },
            "op": "due", "start": text(self.start),
            "pauses": self.pauses.iter().map(|(a, b)| [text(*a), text(*b)]).collect::<Vec<_>>(),
        });
        match self.asked {
            Asked::Minutes(n) => line["limit"] = json!({ "working_minutes": n }),
            Asked::WorkingDays(n) => line["limit"] = json!({ "working_days": n }),
            Asked::CalendarDays(n) => line["limit"] = json!({ "calendar_days": n }),
            Asked::ElapsedTo(end) => (line["op"], line["end"]) = (json!("elapsed"), json!(text(end))),
        }
        line.to_string()
    }

    fn hours(&self, date: Date) -> &Spans {
        const CLOSED: &Spans = &Vec::new();
        if let Some(hours) = self.dated.get(&date) {
            return hours;
        }
        let off = self.off.contains(&date) || self.yearly.contains(&(date.month(), date.day()));
        if off { CLOSED } else { &self.week[date.weekday().to_monday_zero_offset() as usize] }
    }

    fn answer(&self) -> Value {
        let zone = zone(self.zone);
        let wall = |minute: i64| zone.to_datetime(Timestamp::from_second(minute * 60).unwrap());
        let open = |minute: &i64| {
            let now = wall(*minute);
            let at = i64::from(now.hour()) * 60 + i64::from(now.minute());
            let paused = self.pauses.iter().any(|(from, to)| (*from..*to).contains(minute));
            !paused && self.hours(now.date()).iter().any(|(opens, closes)| (*opens..*closes).contains(&at))
        };
        match self.asked {
            Asked::ElapsedTo(end) => json!({ "working_minutes": (self.start..end).filter(open).count() }),
            Asked::Minutes(0) => json!({ "due": text(self.start) }),
            Asked::Minutes(n) => match (self.start..self.start + 400 * 1_440).filter(open).nth(n as usize - 1) {
                Some(last) => json!({ "due": text(last + 1) }),
                None => json!(null),
            },
            Asked::WorkingDays(n) => json!({ "due": text(self.nth_day(&zone, n, true)) }),
            Asked::CalendarDays(n) => json!({ "due": text(self.nth_day(&zone, n, false)) }),
        }
    }

    /// The first minute after the last day.
    fn nth_day(&self, zone: &TimeZone, n: u32, working: bool) -> i64 {
        let date = |minute: i64| zone.to_datetime(Timestamp::from_second(minute * 60).unwrap()).date();
        let after = |day: Date| {
            let noon = day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp().as_second() / 60;
            (noon - 2_880..).find(|minute| date(*minute) > day).unwrap()
        };
        let paused = |day: Date| self.pauses.iter().any(|(from, to)| (date(*from)..date(*to)).contains(&day));
        // A date the zone skipped has no minute.
        let lived = |day: Date| after(day.yesterday().unwrap()) < after(day);
        let mut day = date(self.start);
        let mut left = n;
        while left > 0 {
            day = day.tomorrow().unwrap();
            let counts = !paused(day) && (!working || !self.hours(day).is_empty()) && lived(day);
            left -= u32::from(counts);
        }
        while !working && self.hours(day).is_empty() {
            day = day.tomorrow().unwrap();
            while paused(day) || !lived(day) {
                day = day.tomorrow().unwrap();
            }
        }
        after(day)
    }
}

fn spans() -> impl Strategy<Value = Spans> {
    let any = proptest::collection::btree_set(0_i64..=1_440, 2..7).prop_map(|cuts| {
        let cuts: Vec<i64> = cuts.into_iter().collect();
        cuts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    });
    prop_oneof![
        3 => Just(vec![(480, 720), (780, 1_020)]),
        2 => Just(vec![(0, 1_440)]),
        2 => Just(vec![(0, 300)]),
        2 => Just(Vec::new()),
        3 => any,
    ]
}

fn questions() -> impl Strategy<Value = Question> {
    let start =
        (proptest::sample::select(ZONES), 40_i64..4_000_000, -4_000_i64..700).prop_map(|(name, after, minutes)| {
            let from = Timestamp::from_second(after * 1_000).unwrap();
            let change = zone(name).following(from).next().map_or(from, |change| change.timestamp());
            (name, change.as_second().div_euclid(60) + minutes)
        });
    let days = || proptest::collection::vec(-3_i64..15, 0..5);
    let pauses = proptest::collection::vec((-2_000_i64..6_000, 0_i64..4_000), 0..4);
    let asked = prop_oneof![
        (0_i64..1_500).prop_map(Asked::Minutes),
        (0_u32..8).prop_map(Asked::WorkingDays),
        (0_u32..12).prop_map(Asked::CalendarDays),
        (0_i64..9_000).prop_map(Asked::ElapsedTo),
    ];
    let week = proptest::collection::vec(spans(), 7);
    let dated = proptest::collection::vec((-3_i64..15, spans()), 0..4);
    (start, week, days(), days(), dated, pauses, asked).prop_map(
        |((name, start), mut week, off, yearly, dated, pauses, asked)| {
            if week.iter().all(Vec::is_empty) {
                week[1] = vec![(60, 150)];
            }
            let today = zone(name).to_datetime(Timestamp::from_second(start * 60).unwrap()).date();
            let day = |n: i64| today.checked_add(Span::new().days(n)).unwrap();
            let yearly = yearly.into_iter().map(day).map(|date| (date.month(), date.day())).collect();
            Question {
                zone: name,
                week,
                off: off.into_iter().map(day).collect(),
                yearly,
                dated: dated.into_iter().map(|(n, hours)| (day(n), hours)).collect(),
                start,
                pauses: pauses.into_iter().map(|(from, length)| (start + from, start + from + length)).collect(),
                asked: match asked {
                    Asked::ElapsedTo(minutes) => Asked::ElapsedTo(start + minutes),
                    other => other,
                },
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_engine_counts_as_somebody_at_the_window_would(question in questions()) {
        let expected = question.answer();
        prop_assume!(!expected.is_null());
        let found: Value = serde_json::from_str(&answer(&question.line(), None)).unwrap();
        prop_assert_eq!(found, expected, "{}", question.line());
    }
}
