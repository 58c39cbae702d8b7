//! Every rule of counting, one test each, with its source: APA = Administrative Procedure Act (行政程序法), Handbook =
//! 文書處理手冊, practice = what agencies do.

use chenqing::domain::calendar::{Calendar, CalendarData, DayKind, ExceptionalDay};
use chenqing::domain::days_used::{HalfDays, days_used, days_used_of_fixed_term};
use chenqing::domain::deadline::{due, due_extended, elapsed};
use chenqing::domain::explanation::{Reason, explain};
use chenqing::domain::limit::Limit;
use chenqing::domain::office_hours::Hours;
use chenqing::domain::pauses::Pause;
use chenqing::domain::time::Moment;
use rstest::rstest;

use super::support::{at, calendar, closure, date, due_of, last_day, pause, sample};

#[test]
fn the_first_day_is_not_counted_even_from_its_first_minute() {
    // APA 48; Handbook: 收文次日
    assert_eq!(last_day("2026-09-21T00:00", "1 working day", &calendar(), &[]), "2026-09-22");
}

#[test]
fn the_due_moment_is_the_first_instant_after_the_last_day() {
    // practice: the whole last day may be used, whatever the office hours
    assert_eq!(due_of("2026-09-18T17:30", "3 working days", &calendar(), &[]).due, at("2026-09-23T16:00:00Z"));
}

#[test]
fn make_up_workdays_count_and_closures_do_not() {
    // Handbook 78 with the official calendar: Saturday 2025-02-08 is worked
    let mut data = sample();
    assert_eq!(last_day("2025-02-07T09:00", "1 working day", &calendar(), &[]), "2025-02-08");
    data.days.push(closure("2025-02-08"));
    let closed = Calendar::build(data).unwrap();
    assert_eq!(last_day("2025-02-07T09:00", "1 working day", &closed, &[]), "2025-02-10");
    assert_eq!(closed.note(date("2025-02-08")), Some("typhoon"));
}

#[rstest]
#[case::saturday_without_the_switch(false, "2026-09-19", "2026-09-22T00:00", "2026-09-21")]
#[case::saturday_with_the_switch(true, "2026-09-19", "2026-09-21T12:00", "2026-09-21")]
#[case::sunday_with_the_switch(true, "2026-09-20", "2026-09-22T00:00", "2026-09-21")]
#[case::saturday_before_a_monday_off(true, "2026-09-26", "2026-09-30T00:00", "2026-09-29")]
#[case::friday_off_with_the_switch(true, "2026-09-25", "2026-09-30T00:00", "2026-09-29")]
#[case::saturday_worked_with_the_switch(true, "2025-02-08", "2025-02-09T00:00", "2025-02-08")]
fn calendar_days_that_end_on_a_day_off(
    #[case] noon: bool,
    #[case] ends_on: &str,
    #[case] expected: &str,
    #[case] last: &str,
) {
    // APA 48 (4)
    let calendar = Calendar::build(CalendarData { saturday_to_monday_noon: noon, ..sample() }).unwrap();
    let start = Moment(at(&format!("{ends_on}T10:00")).0 - 30 * 86_400_000_000);
    let due = due(start, Limit::CalendarDays(30), &calendar, &[]).unwrap();
    assert_eq!((due.due, due.last_day), (at(expected), date(last)));
    let lines = explain(start, Limit::CalendarDays(30), &[], &calendar, &[]).unwrap();
    assert_eq!(lines.iter().find(|line| line.date == date(ends_on)).unwrap().counted, Some(30));
    let moved = if expected.ends_with("12:00") { Reason::MovedToNoon } else { Reason::MovedOn };
    assert_eq!(lines.last().unwrap().reason == moved, last != ends_on);
}

#[test]
fn a_sunday_worked_is_the_next_working_day_after_a_saturday() {
    let mut data = CalendarData { saturday_to_monday_noon: true, ..sample() };
    let sunday = ExceptionalDay { date: date("2026-09-20"), kind: DayKind::MakeUp, note: String::new() };
    data.days.push(sunday);
    let calendar = Calendar::build(data).unwrap();
    let due = due(at("2026-08-20T10:00"), Limit::CalendarDays(30), &calendar, &[]).unwrap();
    assert_eq!(due.due, at("2026-09-21T00:00"));
}

#[test]
fn a_closed_or_paused_monday_takes_the_noon_away() {
    let mut data = CalendarData { saturday_to_monday_noon: true, ..sample() };
    let start = at("2026-08-20T10:00");
    let paused = [pause("2026-09-21T09:00", "2026-09-22T09:00")];
    let due_with =
        |calendar: &Calendar, pauses: &[Pause]| due(start, Limit::CalendarDays(30), calendar, pauses).unwrap().due;
    assert_eq!(due_with(&Calendar::build(data.clone()).unwrap(), &paused), at("2026-09-23T00:00"));
    data.days.push(closure("2026-09-21"));
    assert_eq!(due_with(&Calendar::build(data).unwrap(), &[]), at("2026-09-23T00:00"));
}

#[rstest]
#[case::from_its_start_to_the_day_before_its_end("2026-09-21T23:59", "2026-09-23T00:00", "2026-09-25")]
#[case::ended_the_same_day("2026-09-21T08:00", "2026-09-21T17:00", "2026-09-23")]
#[case::over_a_weekend_only("2026-09-18T18:00", "2026-09-21T08:00", "2026-09-23")]
#[case::started_before_the_clock("2026-09-01T08:00", "2026-09-23T08:00", "2026-09-25")]
#[case::after_the_last_day("2026-09-24T08:00", "2026-09-30T08:00", "2026-09-23")]
#[case::from_the_last_day("2026-09-23T08:00", "2026-09-24T08:00", "2026-09-24")]
fn a_pause_leaves_out_its_dates(#[case] from: &str, #[case] to: &str, #[case] expected: &str) {
    // practice (supplement 補陳, co-handling 會辦): logged pauses stop the clock. A calendar without September's days off
    let mut data = sample();
    data.days.retain(|day| day.date != date("2026-09-25"));
    let calendar = Calendar::build(data).unwrap();
    assert_eq!(last_day("2026-09-18T17:30", "3 working days", &calendar, &[pause(from, to)]), expected);
}

#[test]
fn overlapping_pauses_count_once() {
    let pauses = [pause("2026-10-06T08:00", "2026-10-08T08:00"), pause("2026-10-05T08:00", "2026-10-07T08:00")];
    // 5, 6 and 7 October left out; the 9th and 10th are the national day's
    assert_eq!(last_day("2026-10-02T08:00", "1 working day", &calendar(), &pauses), "2026-10-08");
    assert_eq!(last_day("2026-10-02T08:00", "2 working days", &calendar(), &pauses), "2026-10-12");
    // Calendar days 3, 4, 8 October
    assert_eq!(last_day("2026-10-02T08:00", "3 days", &calendar(), &pauses), "2026-10-08");
}

#[rstest]
#[case::within_the_morning("2026-09-18T09:00", 60, "2026-09-18T10:00")]
#[case::over_the_lunch_hour("2026-09-18T11:30", 60, "2026-09-18T13:30")]
#[case::ends_exactly_at_noon("2026-09-18T11:00", 60, "2026-09-18T12:00")]
#[case::ends_exactly_at_closing("2026-09-18T16:00", 60, "2026-09-18T17:00")]
#[case::one_minute_after_closing("2026-09-18T16:00", 61, "2026-09-21T08:01")]
#[case::received_at_night("2026-09-18T22:00", 60, "2026-09-21T09:00")]
#[case::received_before_opening("2026-09-18T03:00", 60, "2026-09-18T09:00")]
#[case::received_at_closing("2026-09-18T17:00", 240, "2026-09-21T12:00")]
#[case::received_on_a_sunday("2026-09-20T10:00", 1, "2026-09-21T08:01")]
#[case::on_a_make_up_saturday("2025-02-07T16:00", 120, "2025-02-08T09:00")]
#[case::with_seconds("2026-09-18T09:00:30", 60, "2026-09-18T10:00:30")]
#[case::nothing_left_to_wait("2026-09-20T10:00", 0, "2026-09-20T10:00")]
fn office_minutes_run_in_office_hours(#[case] start: &str, #[case] minutes: u32, #[case] expected: &str) {
    // APA 48 (1): a limit in hours runs from the hour; practice: 08:00–12:00 and 13:00–17:00
    let calendar = calendar();
    let due = due(at(start), Limit::WorkingMinutes(minutes), &calendar, &[]).unwrap();
    assert_eq!(due.due, at(expected));
    assert_eq!(due.last_day, date(&expected[..10]));
    assert_eq!(elapsed(at(start), due.due, &calendar, &[]), i64::from(minutes));
}

#[test]
fn a_pause_takes_exactly_the_open_minutes_inside_it_out_of_a_limit_in_minutes() {
    let calendar = calendar();
    let due_with =
        |pauses: &[Pause]| due(at("2026-09-18T09:00"), Limit::WorkingMinutes(120), &calendar, pauses).unwrap().due;
    assert_eq!(due_with(&[pause("2026-09-18T10:00", "2026-09-18T10:20")]), at("2026-09-18T11:20"));
    assert_eq!(due_with(&[pause("2026-09-18T11:50", "2026-09-18T13:10")]), at("2026-09-18T11:00"));
    assert_eq!(due_with(&[pause("2026-09-18T10:30", "2026-09-18T13:10")]), at("2026-09-18T13:40"));
    assert_eq!(due_with(&[pause("2026-09-18T08:00", "2026-09-21T08:30")]), at("2026-09-21T10:30"));
    let overlapping = [pause("2026-09-18T10:00", "2026-09-18T10:20"), pause("2026-09-18T10:10", "2026-09-18T10:30")];
    assert_eq!(due_with(&overlapping), at("2026-09-18T11:30"));
    let waiting = pause("2026-09-18T10:00", "2026-09-18T10:20");
    assert_eq!(elapsed(at("2026-09-18T09:00"), at("2026-09-18T17:00"), &calendar, &[waiting]), 400);
}

#[test]
fn hours_of_its_own_replace_a_dates_hours_and_midnight_closes_the_day_before() {
    let hours = |from: &str, to: &str| Hours::parse(&[(from, to)]).unwrap();
    let dated_hours = vec![
        (date("2026-09-21"), hours("22:00", "24:00")),
        (date("2026-09-22"), Hours::CLOSED),
        (date("2026-09-26"), hours("09:00", "10:00")),
    ];
    let calendar = Calendar::build(CalendarData { dated_hours, ..sample() }).unwrap();
    let late = due(at("2026-09-21T09:00"), Limit::WorkingMinutes(120), &calendar, &[]).unwrap();
    assert_eq!((late.due, late.last_day), (at("2026-09-22T00:00"), date("2026-09-21")));
    assert_eq!(due_of("2026-09-21T23:30", "1 office hour", &calendar, &[]).due, at("2026-09-23T08:30"));
    // An open Saturday is worked, a weekday without hours is not
    assert_eq!(last_day("2026-09-21T09:00", "1 working day", &calendar, &[]), "2026-09-23");
    assert_eq!(last_day("2026-09-24T09:00", "1 working day", &calendar, &[]), "2026-09-26");
}

#[rstest]
#[case::the_day_of_receipt("2026-09-18T09:00", "2026-09-18T16:00", "0.5")]
#[case::the_next_day("2026-09-21T09:00", "2026-09-22T08:00", "1")]
#[case::over_a_weekend("2026-09-18T09:00", "2026-09-21T16:00", "1")]
#[case::both_on_one_weekend("2026-09-19T09:00", "2026-09-20T16:00", "0.5")]
#[case::over_nine_days_off("2026-02-13T09:00", "2026-02-25T09:00", "3")]
#[case::a_make_up_saturday("2025-02-07T09:00", "2025-02-08T09:00", "1")]
#[case::finished_before_received("2026-09-21T09:00", "2026-09-18T09:00", "0.5")]
fn days_used_from_the_day_after_receipt(#[case] received: &str, #[case] finished: &str, #[case] expected: &str) {
    // Handbook: 使用日數; answered on the day of receipt 0.5, never less
    assert_eq!(days_used(at(received), at(finished), &calendar(), &[]).to_string(), expected);
}

#[test]
fn pauses_are_not_used_and_a_fixed_term_done_in_time_counts_six_at_most() {
    let (calendar, received) = (calendar(), at("2026-10-12T09:00"));
    let used = |pauses: &[Pause]| days_used(received, at("2026-10-23T09:00"), &calendar, pauses);
    assert_eq!(used(&[]), HalfDays::of_days(9));
    assert_eq!(
        used(&[pause("2026-10-13T09:00", "2026-10-15T09:00"), pause("2026-10-14T09:00", "2026-10-16T09:00")]),
        HalfDays::of_days(6)
    );
    assert_eq!(used(&[pause("2026-10-01T09:00", "2026-12-01T09:00")]), HalfDays::HALF_A_DAY);
    let fixed =
        |finished: &str| days_used_of_fixed_term(received, at(finished), at("2026-10-24T00:00"), &calendar, &[]);
    assert_eq!(fixed("2026-10-14T09:00"), HalfDays::of_days(2));
    assert_eq!(fixed("2026-10-23T09:00"), HalfDays::of_days(6));
    assert_eq!(fixed("2026-10-27T09:00"), HalfDays::of_days(10));
}

#[test]
fn a_fixed_date_is_due_at_its_end_whatever_day_it_is_and_whatever_is_paused() {
    // Handbook 78: 限期公文; only the sender may change the date
    let pauses = [pause("2026-09-21T09:00", "2026-10-09T09:00")];
    assert_eq!(last_day("2026-09-18T09:00", "by 2026-09-27", &calendar(), &pauses), "2026-09-27");
    assert_eq!(last_day("2026-09-28T09:00", "by 2026-09-27", &calendar(), &[]), "2026-09-27");
}

#[test]
fn an_extension_counts_on_from_the_last_day() {
    let (calendar, start) = (calendar(), at("2026-09-18T17:30"));
    let extended = |limit: &str, extension: &str| {
        due_extended(start, limit.parse().unwrap(), &[extension.parse().unwrap()], &calendar, &[]).unwrap()
    };
    assert_eq!(
        extended("6 working days", "4 working days"),
        due(start, Limit::WorkingDays(10), &calendar, &[]).unwrap()
    );
    assert_eq!(extended("3 working days", "by 2026-10-10").last_day, date("2026-10-10"));
    assert_eq!(extended("3 working days", "by 2026-09-22").last_day, date("2026-09-23"));
    assert_eq!(extended("60 office minutes", "2 office hours").due, at("2026-09-21T11:00"));
    let lines = explain(start, Limit::WorkingDays(3), &[Limit::WorkingDays(1)], &calendar, &[]).unwrap();
    let last = lines.last().unwrap();
    assert_eq!((last.date, last.counted, &last.reason), (date("2026-09-24"), Some(4), &Reason::Extended));
}

#[test]
fn the_explanation_names_every_reason() {
    let mut data = sample();
    data.days.push(closure("2026-09-22"));
    let calendar = Calendar::build(data).unwrap();
    let pauses = [pause("2026-09-23T10:00", "2026-09-24T10:00")];
    let lines = explain(at("2026-09-18T17:30"), Limit::WorkingDays(3), &[], &calendar, &pauses).unwrap();
    let told: Vec<String> =
        lines.iter().map(|line| format!("{} {:?} {:?}", line.date, line.counted, line.reason)).collect();
    let holiday = |day: &str| format!("{day} None Holiday({:?})", calendar.note(date(day)).unwrap());
    let mut expected = vec![
        "2026-09-18 None Start".to_owned(),
        "2026-09-19 None Weekend".to_owned(),
        "2026-09-20 None Weekend".to_owned(),
        "2026-09-21 Some(1) Counted".to_owned(),
        "2026-09-22 None Closure(\"typhoon\")".to_owned(),
        "2026-09-23 None Paused(\"waiting\")".to_owned(),
        "2026-09-24 Some(2) Counted".to_owned(),
    ];
    expected.extend([
        holiday("2026-09-25"),
        "2026-09-26 None Weekend".to_owned(),
        "2026-09-27 None Weekend".to_owned(),
    ]);
    expected.extend([holiday("2026-09-28"), "2026-09-29 Some(3) Counted".to_owned()]);
    assert_eq!(told, expected);
}
