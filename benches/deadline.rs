//! How fast deadlines are: one without explanation, a bare look-up in a table of days beside it in the same run, an
//! explanation, and lines of a batch.

#![allow(clippy::unwrap_used, reason = "a benchmark may stop at the first fault")]

use std::hint::black_box;

use chenqing::domain::calendar::{Calendar, CalendarData};
use chenqing::domain::calendar_file;
use chenqing::domain::day::Day;
use chenqing::domain::deadline::due;
use chenqing::domain::deadline_batch::{Batch, calendar_from_json};
use chenqing::domain::explanation::explain;
use chenqing::domain::limit::Limit;
use chenqing::domain::pauses::Pause;
use chenqing::domain::time::Moment;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::Date;
use jiff::tz::TimeZone;

const STARTS: usize = 4_096;
const HOUR: i64 = 3_600_000_000;

/// The sample agency's calendar in a zone.
fn calendar(zone: &str) -> Calendar {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config/agency/calendar.csv");
    let file = calendar_file::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let zone = TimeZone::get(zone).unwrap();
    Calendar::build(CalendarData { zone, years: Some(file.years), days: file.days, ..CalendarData::default() }).unwrap()
}

/// Moments of ten years in no order, the same in every run.
fn starts() -> Vec<Moment> {
    let first = Day::of(Date::constant(2017, 1, 1)).local_micros();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        Moment(first + (seed >> 33) as i64 % (3_600 * 24) * HOUR)
    };
    (0..STARTS).map(|_| next()).collect()
}

/// The yardstick: for every day of the years 2017–2027 and a fixed limit the due moment stands ready in a table, and
/// is looked up by the start's day, with no zone and no rule.
fn bare_table(calendar: &Calendar, limit: Limit) -> (i64, Vec<i64>) {
    let first = Day::of(Date::constant(2016, 12, 31));
    let due_of = |day: Day| due(calendar.first_instant(day), limit, calendar, &[]).unwrap().due.0;
    (i64::from(first.0), (0..11 * 366).map(|day| due_of(first.plus(day))).collect())
}

fn one_deadline(c: &mut Criterion) {
    let starts = starts();
    let mut group = c.benchmark_group("one");
    group.throughput(Throughput::Elements(STARTS as u64));
    let taipei = calendar("Asia/Taipei");
    let (first, table) = bare_table(&taipei, Limit::WorkingDays(6));
    group.bench_function("bare table look-up", |b| {
        b.iter(|| {
            for start in &starts {
                let day = (black_box(start).0 + 8 * HOUR).div_euclid(24 * HOUR) - first;
                black_box(table[day as usize]);
            }
        });
    });
    let mut bench = |name: &str, calendar: &Calendar, limit: Limit, pauses: &[Pause]| {
        group.bench_function(name, |b| {
            b.iter(|| {
                for start in &starts {
                    black_box(due(*black_box(start), limit, calendar, pauses).unwrap());
                }
            });
        });
    };
    for days in [1, 3, 6, 30] {
        bench(&format!("{days} working days"), &taipei, Limit::WorkingDays(days), &[]);
    }
    bench("30 calendar days", &taipei, Limit::CalendarDays(30), &[]);
    bench("4 office hours", &taipei, Limit::WorkingMinutes(240), &[]);
    let pause = [Pause { from: starts[0], to: Moment(starts[0].0 + 240 * HOUR), reason: String::new() }];
    bench("6 working days, one pause", &taipei, Limit::WorkingDays(6), &pause);
    let new_york = calendar("America/New_York");
    bench("6 working days, New York", &new_york, Limit::WorkingDays(6), &[]);
    bench("4 office hours, New York", &new_york, Limit::WorkingMinutes(240), &[]);
    group.finish();
    c.bench_function("explanation of 30 working days", |b| {
        b.iter(|| black_box(explain(black_box(starts[1]), Limit::WorkingDays(30), &[], &taipei, &[]).unwrap()));
    });
}

fn batch(c: &mut Criterion) {
    const CALENDAR: &str = r#"{"timezone":"Asia/Taipei","hours":{"mon":[["08:00","12:00"],["13:00","17:00"]],"tue":[["08:00","12:00"],["13:00","17:00"]],"wed":[["08:00","12:00"],["13:00","17:00"]],"thu":[["08:00","12:00"],["13:00","17:00"]],"fri":[["08:00","12:00"],["13:00","17:00"]]},"days_off":["2026-02-16","2026-02-17"],"yearly_days_off":["12-25"],"dated_hours":{"2025-02-08":[["08:00","17:00"]]}}"#;
    let installed = calendar("Asia/Taipei");
    let mut group = c.benchmark_group("batch");
    group.throughput(Throughput::Elements(STARTS as u64));
    let mut bench = |name: &str, calendar: &str, rest: &str| {
        let line = |start: &Moment| format!(r#"{{"op":"due",{calendar}"start":"{start}",{rest}}}"#);
        let lines: Vec<String> = starts().iter().map(line).collect();
        group.bench_function(name, |b| {
            let (mut batch, mut answers) = (Batch::new(Some(&installed)), String::new());
            b.iter(|| {
                answers.clear();
                for line in &lines {
                    batch.answer(black_box(line), &mut answers);
                    answers.push('\n');
                }
                assert!(!answers.contains("error"));
            });
        });
    };
    let own = format!(r#""calendar":{CALENDAR},"#);
    bench("installed calendar, 3 working days", "", r#""limit":{"working_days":3}"#);
    bench("own calendar, 3 working days", &own, r#""limit":{"working_days":3}"#);
    bench("own calendar, 60 working minutes", &own, r#""limit":{"working_minutes":60}"#);
    let paused = r#""limit":{"working_minutes":600},"pauses":[["2026-09-18T01:30:00Z","2026-09-21T01:30:00Z"]]"#;
    bench("own calendar, 600 working minutes and a pause", &own, paused);
    group.finish();
    c.bench_function("a calendar built from its JSON", |b| {
        b.iter(|| black_box(calendar_from_json(black_box(CALENDAR)).unwrap()));
    });
}

criterion_group!(benches, one_deadline, batch);
criterion_main!(benches);
