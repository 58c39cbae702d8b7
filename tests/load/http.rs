//! The whole program as its own process, under clients whose connections stay open. A client is as little as can be, for
//! it shares the machine with what it measures.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::bare;
use crate::figures::Figures;
use crate::support::program::Installation;
use crate::{CLIENTS, POOL, at_once};

/// What the server needed.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// From the start of the process until the database could be asked.
    pub start: Duration,
    /// Resident megabytes before and after the load.
    pub memory: [f64; 2],
}

/// Petitions over HTTP until the time is up. No limit is set to one address; the outbox rests, for letters have a
/// measurement of their own; the log is written as it always is.
pub fn petitions(place: &Installation, folder: &Path, time: Duration) -> (Figures, Need) {
    let log = File::create(folder.join("log")).unwrap();
    let began = Instant::now();
    let server = place.serve_by(place.command(&["serve"]).stdout(Stdio::null()).stderr(log));
    let start = began.elapsed();
    let before = resident(server.id());
    let address = place.url().trim_start_matches("http://").to_owned();
    let figures = at_once(CLIENTS, |number| {
        let address = address.clone();
        move |start: Instant| client(&address, number, start, time)
    });
    let memory = [before, resident(server.id())];
    assert!(server.stop().success());
    (figures, Need { start, memory })
}

/// An installation on a database, as an agency would configure it for a rush.
pub fn installation(folder: &Path, url: &str) -> Installation {
    Installation::new(folder, url, "smtp://127.0.0.1:1")
        .with("CHENQING__DATABASE__POOL", &POOL.to_string())
        .with("CHENQING__DATABASE__WAIT_SECONDS", "30")
        .with("CHENQING__LIMITS__SUBMISSIONS", "0")
        .with("CHENQING__JOBS__OUTBOX", "0 0 0 1 1 *")
        .with("CHENQING__LOG__LEVEL", "info")
}

/// One connection; how long each petition took until its answer was read.
fn client(address: &str, number: usize, start: Instant, time: Duration) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    let body = petition();
    let mut times = Vec::new();
    while start.elapsed() < time {
        let request = format!(
            "POST /api/v1/petitions HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Idempotency-Key: load-{number:04}-{:012}\r\nContent-Length: {}\r\n\r\n{body}",
            times.len(),
            body.len(),
        );
        let begun = Instant::now();
        stream.write_all(request.as_bytes()).unwrap();
        let (status, said) = answer(&mut answers);
        assert!(status.starts_with("HTTP/1.1 202"), "{status}{said}");
        times.push(begun.elapsed());
    }
    times
}

/// The status line and the body of one answer.
fn answer(answers: &mut BufReader<TcpStream>) -> (String, String) {
    let (mut status, mut line, mut length) = (String::new(), String::new(), 0);
    answers.read_line(&mut status).unwrap();
    while line != "\r\n" {
        line.clear();
        answers.read_line(&mut line).unwrap();
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    answers.read_exact(&mut body).unwrap();
    (status, String::from_utf8(body).unwrap())
}

fn petition() -> String {
    let new = json!({
        "name": "林示範", "email": "lin@example.org", "phone": "02-0000-1234", "address": "示範市示範路 1 號",
        "subject": bare::SUBJECT, "body": bare::BODY, "kind": "suggestion", "category": bare::CATEGORY,
        "place": "示範漁港", "consent": true,
    });
    new.to_string()
}

/// Resident memory of a process in megabytes.
pub fn resident(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}
