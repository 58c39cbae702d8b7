//! Some thousands of inputs in every run of the tests: the hard messages and the seeds, broken in a few places. `run` goes
//! further: it looks for inputs that reach new code.

mod rules;

use std::path::Path;

use proptest::prelude::*;

/// A seed longer than this is broken by others of its kind.
const LONGEST: usize = 20_000;
/// What the readers look for.
const TOKENS: &[&str] = &[
    "\r\n",
    "\n\n",
    "\0",
    "--",
    "=?utf-8?b?",
    "=?big5?q?=",
    "?=",
    "<",
    ">",
    "@",
    ";",
    "\"",
    "\\",
    "=",
    "%",
    ",",
    "{",
    "}",
    "[",
    "]",
    "charset=utf-7",
    "boundary=",
    "filename*0*=",
    "begin 644 a\n",
    "Content-Type: ",
    "multipart/mixed",
    "message/rfc822",
    "application/ms-tnef",
    "base64",
    "quoted-printable",
    "\u{FEFF}",
    "海",
    "20260918",
    "0",
    "-1",
    "99999999999999999999",
    "null",
    "1e400",
];

/// Where and how an input is broken; places count from its beginning, over and over.
#[derive(Clone, Debug)]
enum Fault {
    Cut(usize, usize),
    Twice(usize, usize),
    Put(usize, &'static str),
    Byte(usize, u8),
    Other(usize, usize, usize),
}

fn fault() -> impl Strategy<Value = Fault> {
    let (place, length) = (any::<usize>(), 0..200_usize);
    prop_oneof![
        (place, length.clone()).prop_map(|(at, length)| Fault::Cut(at, length)),
        (place, length.clone()).prop_map(|(at, length)| Fault::Twice(at, length)),
        (place, prop::sample::select(TOKENS)).prop_map(|(at, token)| Fault::Put(at, token)),
        (place, any::<u8>()).prop_map(|(at, byte)| Fault::Byte(at, byte)),
        (place, place, length).prop_map(|(at, from, length)| Fault::Other(at, from, length)),
    ]
}

/// Seeds with faults; a piece of another seed may stand in the place of theirs.
fn broken(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let one = prop::sample::select(seeds);
    (one.clone(), one, prop::collection::vec(fault(), 0..8)).prop_map(|(mut bytes, other, faults)| {
        for fault in &faults {
            break_at(&mut bytes, &other, fault);
        }
        bytes
    })
}

fn break_at(bytes: &mut Vec<u8>, other: &[u8], fault: &Fault) {
    let piece = |bytes: &[u8], at: usize, length: usize| {
        let from = at % (bytes.len() + 1);
        from..bytes.len().min(from + length)
    };
    match *fault {
        Fault::Cut(at, length) => drop(bytes.drain(piece(bytes, at, length))),
        Fault::Twice(at, length) => {
            let range = piece(bytes, at, length);
            let again = bytes[range.clone()].to_vec();
            bytes.splice(range.start..range.start, again);
        }
        Fault::Put(at, token) => {
            let at = piece(bytes, at, 0).start;
            bytes.splice(at..at, token.bytes());
        }
        Fault::Byte(at, byte) => {
            let range = piece(bytes, at, 1);
            bytes[range].fill(byte);
        }
        Fault::Other(at, from, length) => {
            let range = piece(bytes, at, length);
            bytes.splice(range, other[piece(other, from, length)].to_vec());
        }
    }
}

/// The files of a folder of `tests` and of those in it.
fn files(folder: &str) -> Vec<Vec<u8>> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder)];
    let mut seeds = Vec::new();
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|end| end != "json") {
                seeds.push(std::fs::read(path).unwrap());
            }
        }
    }
    seeds.retain(|seed| seed.len() <= LONGEST);
    assert!(!seeds.is_empty(), "{folder}");
    seeds
}

/// Tries a rule on so many inputs.
fn try_on(seeds: Vec<Vec<u8>>, inputs: u32, rule: fn(&[u8])) {
    let config = ProptestConfig { cases: inputs, max_shrink_iters: 2_000, ..ProptestConfig::default() };
    proptest!(config, |(bytes in broken(seeds))| rule(&bytes));
}

#[test]
fn broken_mail_is_read_and_decided_on() {
    try_on(files("mail/corpus"), 2_000, rules::mail);
}

#[test]
fn broken_calendars_are_refused_or_read() {
    try_on(files("fuzz/seeds/calendar"), 500, rules::calendar);
}

#[test]
fn broken_questions_are_answered() {
    try_on(files("fuzz/seeds/deadline"), 500, rules::deadline);
}
