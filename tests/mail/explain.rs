//! `chenqing mail explain` as it is typed: exit codes, JSON, words in both languages, and no database.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn typed(words: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chenqing"))
        .args(words)
        .env_clear()
        // Nothing may open it.
        .env("CHENQING__DATABASE__URL", "sqlite:/nonexistent/chenqing.db")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever refuses the file reads no input.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn message(name: &str) -> String {
    format!("{}/tests/mail/corpus/{name}.eml", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_file_and_standard_input_give_the_same_json() {
    let path = message("01-plain-utf8");
    let from_file = typed(&["mail", "explain", &path, "--json"], b"");
    let from_input = typed(&["mail", "explain", "-", "--json"], &std::fs::read(&path).unwrap());
    assert!(from_file.status.success() && from_file.stdout == from_input.stdout);
    let json: serde_json::Value = serde_json::from_slice(&from_file.stdout).unwrap();
    assert_eq!(
        (json["from"].as_str(), json["date"].as_str()),
        (Some("lin.hai@example.org"), Some("2026-09-18T01:30:00Z"))
    );
    assert_eq!((json["decision"].as_str(), &json["bounce"]), (Some("pen"), &serde_json::Value::Null));
}

#[test]
fn whatever_can_be_read_ends_with_0_and_a_missing_file_with_2() {
    for input in [&b""[..], b"\0\xff", b"x"] {
        assert_eq!(typed(&["mail", "explain", "-"], input).status.code(), Some(0));
    }
    let missing = typed(&["mail", "explain", "/nonexistent/message.eml"], b"");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("there is no file /nonexistent/message.eml"));
}

#[test]
fn the_words_are_there_in_both_languages_for_every_message() {
    let zh = typed(&["mail", "explain", &message("01-plain-utf8")], b"");
    let zh = String::from_utf8(zh.stdout).unwrap();
    assert!(zh.contains("寄件人：林海 <lin.hai@example.org>") && zh.contains("處理方式：待人工處理"), "{zh}");
    let en = typed(&["mail", "explain", &message("01-plain-utf8"), "--lang", "en"], b"");
    let en = String::from_utf8(en.stdout).unwrap();
    assert!(en.contains("Decision: Waits for a person") && en.contains("  - No trusted mail server"), "{en}");
}
