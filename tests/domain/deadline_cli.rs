//! `chenqing deadline` as it is typed.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use chenqing::cli::deadline::{DeadlineArgs, run};
use chenqing::domain::limit::Limit;
use clap::Parser;

use super::support::{calendar, sample_file};

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    args: DeadlineArgs,
}

fn typed(words: &[&str], input: &[u8]) -> Result<String, String> {
    let args =
        Typed::try_parse_from(std::iter::once(&"deadline").chain(words)).map_err(|error| error.to_string())?.args;
    let classes = |code: &str| (code == "urgent").then_some(Limit::WorkingDays(3));
    let mut out = Vec::new();
    let code = run(&args, &|| Ok(calendar()), &classes, &mut out, &mut BufReader::new(input))?;
    assert_eq!(code, 0);
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn a_class_is_explained_day_by_day() {
    let out = typed(&["--received", "2026-09-24T17:30", "--class", "urgent", "--explain"], b"").unwrap();
    assert!(out.contains("Received  Thu 2026-09-24 17:30 Asia/Taipei\nLimit     3 working days\nDue       by the end of Thu 2026-10-01\n"), "{out}");
    assert!(out.contains("Fri 2026-09-25  –       day off: 中秋節"), "{out}");
    assert!(out.ends_with("Thu 2026-10-01  day 3\n"), "{out}");
}

#[test]
fn json_carries_the_same_answer() {
    let words = [
        "--received",
        "2026-09-18T17:30",
        "--limit",
        "6 working days",
        "--extension",
        "4 working days",
        "--json",
        "--explain",
    ];
    let out: serde_json::Value = serde_json::from_str(&typed(&words, b"").unwrap()).unwrap();
    assert_eq!(out["due"], "2026-10-06T16:00:00Z");
    assert_eq!(out["last_day"], "2026-10-06");
    assert_eq!(out["original"]["last_day"], "2026-09-30");
    assert_eq!(out["uncovered"], false);
    let lines = out["explanation"].as_array().unwrap();
    assert_eq!(lines.last().unwrap()["reason"], "extended");
    assert_eq!(lines[7]["reason"], "holiday");
    assert!(lines[7]["note"].as_str().unwrap().contains("中秋"));
}

#[test]
fn a_file_the_basis_and_pauses_are_heeded() {
    let file = sample_file();
    let words =
        ["--calendar", file.to_str().unwrap(), "--received", "2026-09-18", "--limit", "30 days", "--basis", "working"];
    assert!(typed(&words, b"").unwrap().contains("by the end of Thu 2026-11-05"));
    let paused = ["--received", "2026-09-18T17:30", "--class", "urgent", "--pause", "2026-09-21/2026-09-23"];
    assert!(typed(&paused, b"").unwrap().contains("by the end of Tue 2026-09-29"));
    let hours = ["--received", "2026-09-18T16:30", "--limit", "1 office hour"];
    assert!(typed(&hours, b"").unwrap().contains("Due       by Mon 2026-09-21 08:30\n"));
}

#[test]
fn what_makes_no_sense_is_one_sentence() {
    for (words, part) in [
        (vec!["--received", "2026-09-18", "--class", "sluggish"], "sluggish"),
        (vec!["--received", "yesterday", "--class", "urgent"], "yesterday"),
        (vec!["--received", "2026-09-18", "--limit", "3 moons"], "3 moons"),
        (vec!["--received", "2026-09-18", "--limit", "3 days", "--pause", "2026-09-19"], "FROM/TO"),
        (vec!["--received", "2026-09-18", "--limit", "3 days", "--pause", "2026-09-20/2026-09-19"], "before it starts"),
        (vec!["--received", "2026-09-18", "--limit", "3 days", "--calendar", "/nowhere.csv"], "/nowhere.csv"),
        (vec!["--received", "2026-09-18"], "--class"),
        (vec![], "--received"),
        (vec!["--batch", "/nowhere.jsonl"], "/nowhere.jsonl"),
    ] {
        let error = typed(&words, b"").unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_batch_answers_every_line_and_goes_on() {
    let good = r#"{"op":"due","start":"2026-09-18T01:30:00Z","limit":{"working_days":3}}"#;
    let mut input = format!("{good}\r\n\nnonsense\n").into_bytes();
    input.extend(b"\xff\xfe\n");
    input.extend(std::iter::repeat_n(b'x', 3 << 20));
    input.extend(format!("\n{good}").bytes());
    let out = typed(&["--batch", "-"], &input).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    let due = r#"{"due":"2026-09-23T16:00:00Z"}"#;
    assert_eq!((lines.len(), lines[0], lines[5]), (6, due, due));
    assert!(lines[1..5].iter().all(|line| line.starts_with("{\"error\":")), "{out}");
    assert!(lines[3].contains("UTF-8") && lines[4].contains("1 MiB"));
}

#[test]
fn a_line_is_answered_while_the_pipe_stays_open() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_chenqing"))
        .args(["deadline", "--batch", "-"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut asks = program.stdin.take().unwrap();
    let (answers, answered) = mpsc::channel();
    let out = program.stdout.take().unwrap();
    let reader =
        std::thread::spawn(move || BufReader::new(out).lines().try_for_each(|line| answers.send(line.unwrap())));
    for day in 18..22 {
        let line = format!(
            "{{\"op\":\"due\",\"calendar\":{{\"timezone\":\"UTC\"}},\"start\":\"2026-09-{day}T12:00:00Z\",\"limit\":{{\"working_days\":0}}}}\n"
        );
        asks.write_all(line.as_bytes()).unwrap();
        asks.flush().unwrap();
        let answer = answered.recv_timeout(Duration::from_secs(30));
        let end = format!("{{\"due\":\"2026-09-{}T00:00:00Z\"}}", day + 1);
        assert_eq!(answer.as_deref(), Ok(end.as_str()), "no answer before the end of the input");
    }
    drop(asks);
    assert!(program.wait().unwrap().success());
    assert!(reader.join().is_ok());
}

#[test]
fn a_byte_order_mark_before_the_first_line_is_passed_over() {
    let good = r#"{"op":"due","start":"2026-09-18T01:30:00Z","limit":{"working_days":3},"pauses":null}"#;
    let out = typed(&["--batch", "-"], format!("\u{feff}{good}\n{good} x\n").as_bytes()).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], r#"{"due":"2026-09-23T16:00:00Z"}"#);
    assert!(lines[1].starts_with(r#"{"error":"trailing characters at column 8"#), "{}", lines[1]);
}
