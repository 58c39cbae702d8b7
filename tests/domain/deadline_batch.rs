//! One question a line, one answer a line, whatever the line.

use chenqing::domain::deadline_batch::{Batch, answer};
use rstest::rstest;

use super::support::calendar;

const TAIPEI: &str = r#"{"timezone":"Asia/Taipei","hours":{"mon":[["08:00","12:00"],["13:00","17:00"]],"fri":[["08:00","12:00"],["13:00","17:00"]]},"days_off":["2026-02-16"],"yearly_days_off":["12-25"],"dated_hours":{"2025-02-08":[["08:00","17:00"]]}}"#;

fn ask(rest: &str) -> String {
    answer(&format!(r#"{{"calendar":{TAIPEI},{rest}}}"#), None)
}

#[rstest]
#[case::minutes(
    r#""op":"due","start":"2026-09-18T01:30:00Z","limit":{"working_minutes":60}"#,
    r#"{"due":"2026-09-18T02:30:00Z"}"#
)]
#[case::to_closing_time(
    r#""op":"due","start":"2026-09-18T08:00:00Z","limit":{"working_minutes":60}"#,
    r#"{"due":"2026-09-18T09:00:00Z"}"#
)]
#[case::working_days_are_those_with_hours(
    r#""op":"due","start":"2026-09-18T01:30:00Z","limit":{"working_days":3}"#,
    r#"{"due":"2026-09-28T16:00:00Z"}"#
)]
#[case::a_day_off(
    r#""op":"due","start":"2026-02-13T01:30:00Z","limit":{"working_days":1}"#,
    r#"{"due":"2026-02-20T16:00:00Z"}"#
)]
#[case::a_yearly_day_off(
    r#""op":"due","start":"2026-12-21T01:30:00Z","limit":{"working_days":1}"#,
    r#"{"due":"2026-12-28T16:00:00Z"}"#
)]
#[case::dated_hours(
    r#""op":"due","start":"2025-02-07T09:00:00Z","limit":{"working_minutes":540}"#,
    r#"{"due":"2025-02-08T09:00:00Z"}"#
)]
#[case::calendar_days(
    r#""op":"due","start":"2026-09-18T01:30:00Z","limit":{"calendar_days":30}"#,
    r#"{"due":"2026-10-19T16:00:00Z"}"#
)]
#[case::with_an_offset(
    r#""op":"due","start":"2026-09-18T09:30:00+08:00","limit":"1 office hour""#,
    r#"{"due":"2026-09-18T02:30:00Z"}"#
)]
#[case::paused(r#""op":"due","start":"2026-09-18T01:30:00Z","limit":{"working_minutes":60},"pauses":[["2026-09-18T02:00:00Z","2026-09-18T02:15:00Z"]]"#, r#"{"due":"2026-09-18T02:45:00Z"}"#)]
#[case::elapsed(
    r#""op":"elapsed","start":"2026-09-18T01:30:00Z","end":"2026-09-21T01:00:00Z""#,
    r#"{"working_minutes":450}"#
)]
#[case::a_fixed_date(
    r#""op":"due","start":"2026-09-18T01:30:00Z","limit":{"fixed_date":"2026-10-01"}"#,
    r#"{"due":"2026-10-01T16:00:00Z"}"#
)]
fn answers(#[case] rest: &str, #[case] expected: &str) {
    assert_eq!(ask(rest), expected);
}

#[rstest]
#[case("")]
#[case("null")]
#[case("[]")]
#[case("\"due\"")]
#[case("{")]
#[case("{}")]
#[case(r#"{"op":"due"}"#)]
#[case(r#"{"op":"due","start":"2026-09-18T01:30:00Z"}"#)]
#[case(r#"{"op":"undo","start":"2026-09-18T01:30:00Z","limit":{"working_days":1}}"#)]
#[case(r#"{"op":"due","start":"2026-09-18","limit":{"working_days":1}}"#)]
#[case(r#"{"op":"due","start":"2026-09-18T01:30:00","limit":{"working_days":1}}"#)]
#[case(r#"{"op":"due","start":"2026-09-18T01:30:00Z","limit":{"working_days":-1}}"#)]
#[case(r#"{"op":"due","start":"2026-09-18T01:30:00Z","limit":{"working_days":99999999999}}"#)]
#[case(r#"{"op":"due","start":"2026-09-18T01:30:00Z","limit":{"working_days":4000000000}}"#)]
#[case(r#"{"op":"due","start":"2026-09-18T01:30:00Z","limit":{"moons":1}}"#)]
#[case(r#"{"op":"due","start":"2026-09-18T01:30:00Z","limit":{"working_days":1},"paused":[]}"#)]
#[case(r#"{"op":"due","start":"2026-09-18T01:30:00Z","limit":{"working_days":1},"pauses":[["2026-09-19T00:00:00Z","2026-09-18T00:00:00Z"]]}"#)]
#[case(
    r#"{"op":"due","calendar":{"timezone":"Asia/Atlantis"},"start":"2026-09-18T01:30:00Z","limit":{"working_days":1}}"#
)]
#[case(r#"{"op":"due","calendar":{"timezone":"Asia/Taipei","hours":{"mon":[["17:00","08:00"]]}},"start":"2026-09-18T01:30:00Z","limit":{"working_days":1}}"#)]
#[case(r#"{"op":"due","calendar":{"timezone":"Asia/Taipei","hours":{}},"start":"2026-09-18T01:30:00Z","limit":{"working_days":1}}"#)]
#[case(r#"{"op":"due","calendar":{"timezone":"Asia/Taipei","days_off":["2026-02-30"]},"start":"2026-09-18T01:30:00Z","limit":{"working_days":1}}"#)]
#[case(r#"{"op":"elapsed","start":"2026-09-18T01:30:00Z","end":"2026-09-17T01:30:00Z"}"#)]
#[case("{\"op\":\"due\",\"start\":\"\\\"\u{1}")]
fn what_cannot_be_answered_says_why(#[case] line: &str) {
    let calendar = calendar();
    let answer = answer(line, Some(&calendar));
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let fields = answer.as_object().unwrap();
    assert!(fields.len() == 1 && !fields["error"].as_str().unwrap().is_empty(), "{answer}");
}

#[test]
fn without_a_calendar_the_installed_one_answers_and_says_when_it_does_not_know() {
    let calendar = calendar();
    let line = r#"{"op":"due","start":"2026-09-24T01:30:00Z","limit":{"working_days":1}}"#;
    assert_eq!(answer(line, Some(&calendar)), r#"{"due":"2026-09-29T16:00:00Z"}"#);
    assert!(answer(line, None).contains("error"));
    let beyond = r#"{"op":"due","start":"2027-12-31T01:30:00Z","limit":{"working_days":1}}"#;
    assert_eq!(answer(beyond, Some(&calendar)), r#"{"due":"2028-01-03T16:00:00Z","uncovered":true}"#);
}

#[test]
fn each_line_is_answered_by_its_own_calendar_however_many_there_are() {
    let mut batch = Batch::new(None);
    for round in 0..3 {
        for day in 1..=90 {
            let off = format!("{{\"timezone\":\"UTC\",\"days_off\":[\"2026-0{}-{:02}\"]}}", 1 + day / 31, 1 + day % 28);
            let line = format!(
                r#"{{"op":"due","calendar":{off},"start":"2026-01-01T00:00:00Z","limit":{{"working_days":{day}}}}}"#
            );
            let mut answers = String::new();
            batch.answer(&line, &mut answers);
            assert_eq!(answers, answer(&line, None), "round {round}");
        }
    }
}

#[test]
fn a_line_after_others_is_answered_as_it_is_alone() {
    let calendar = calendar();
    let own = r#""calendar":{"timezone":"Asia/Taipei","days_off":["2026-09-21"]}"#;
    let rest = r#""start":"2026-09-18T01:30:00Z","limit":{"working_days":1}"#;
    let lines = [
        format!("{{{own},\"op\":\"due\",{rest}}}"),
        format!("{{\"op\":\"due\",{own},{rest}}}"),
        format!("{{\"op\":\"due\",{rest}, {own}}}"),
        format!("{{\"op\":\"due\",{rest},{own}"),
        format!("{{\"op\":\"due\",{own},{own},{rest}}}"),
        format!("{{\"op\":\"due\",{own},\"calendar\":0,{rest}}}"),
        format!("{{\"op\":\"due\",\"calendar\":0,{rest}}}"),
        format!("{{\"op\":\"due\",{rest}}}"),
        format!("{{\"op\":\"due\",{own}}}"),
        format!("{{\"op\":\"due\",{own},{}}}", rest.replace("2026", "20x6")),
        format!("{{\"op\":\"due\",{own}0,{rest}}}"),
    ];
    let mut batch = Batch::new(Some(&calendar));
    for line in lines.iter().chain(&lines) {
        let mut answers = String::new();
        batch.answer(line, &mut answers);
        assert_eq!(answers, answer(line, Some(&calendar)), "{line}");
    }
    assert_eq!(answer(&lines[0], None), r#"{"due":"2026-09-22T16:00:00Z"}"#);
    assert_eq!(answer(&lines[7], Some(&calendar)), r#"{"due":"2026-09-21T16:00:00Z"}"#);
    let answered = lines.iter().filter(|line| !answer(line, Some(&calendar)).contains("error")).count();
    assert_eq!(answered, 4);
}
