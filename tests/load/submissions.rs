//! How many submissions a second the store takes, durably, from 64 clients at once, beside what the database does bare
//! on the same machine in the same run. Started by `tests/load/run`; no part of the tests.
#![allow(missing_docs, reason = "a program of its own, not a library")]
#![allow(clippy::unwrap_used, reason = "a measurement stops at the first fault")]

mod bare;
mod figures;

use std::time::{Duration, Instant};

use chenqing::config::Database;
use chenqing::domain::case::{Channel, Kind, ReplyBy};
use chenqing::domain::letter::Letter;
use chenqing::domain::link::{Link, Purpose};
use chenqing::domain::party::Party;
use chenqing::domain::submission::SubmissionState;
use chenqing::domain::time::{DAY, Moment};
use chenqing::error::Result;
use chenqing::keys::{Keys, random_word};
use chenqing::store::letters::{NewLetter, Recipient};
use chenqing::store::submissions::NewSubmission;
use chenqing::store::{Db, Store, letters, migrate, parties, submissions, texts};

use figures::Figures;

/// Clients that send at the same time.
const CLIENTS: usize = 64;
/// Connections to PostgreSQL: more than the machine has cores, fewer than clients.
const POOL: u32 = 32;
/// Each measurement is taken so often, bare and through the store in turn; the median counts.
const ROUNDS: usize = 3;
const NOW: Moment = Moment(1_789_723_800_000_000);

fn main() {
    let seconds = std::env::var("CHENQING_LOAD_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let time = Duration::from_secs(seconds);
    println!("{CLIENTS} clients, median of {ROUNDS} rounds of {seconds} s\n");
    println!("{:<46}{:>12}{:>10}{:>10}{:>10}", "", "a second", "p50 ms", "p99 ms", "max ms");
    sqlite(time);
    match std::env::var("CHENQING_TEST_POSTGRES_URL") {
        Ok(server) => postgres(&server, time),
        Err(_) => println!("PostgreSQL is left out: CHENQING_TEST_POSTGRES_URL is not set"),
    }
}

fn sqlite(time: Duration) {
    // Beside the build and not in /tmp, which may be memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let fresh = |name: String| {
        let url = format!("sqlite:{}/{name}.db", folder.path().display());
        migrate(&url).unwrap();
        url
    };
    let (mut alone, mut through) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        alone.push(bare::sqlite(&fresh(format!("bare{round}")), time));
        through.push(clients(&fresh(format!("store{round}")), 8, time));
    }
    figures::compare("SQLite", "bare loop, one act a transaction", alone, through);
}

fn postgres(server: &str, time: Duration) {
    let (mut alone, mut through) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let url = bare::fresh_postgres(server, &format!("load_{round}"));
        migrate(&url).unwrap();
        alone.push(bare::pgbench(&url, CLIENTS, time));
        through.push(clients(&url, POOL, time));
    }
    figures::compare("PostgreSQL", "pgbench, the same rows", alone, through);
}

/// Clients that submit through the store, one after another each, until the time is up.
fn clients(url: &str, pool: u32, time: Duration) -> Figures {
    let store = Store::open(&Database { url: url.to_owned(), pool, wait_seconds: 30 }).unwrap();
    let start = Instant::now();
    let client = |_| {
        let store = store.clone();
        std::thread::spawn(move || {
            let keys = Keys::new(&["1:only-for-load-tests-0123456789abcdef"]).unwrap();
            let mut times = Vec::new();
            while start.elapsed() < time {
                let begun = Instant::now();
                submit(&store, &keys).unwrap();
                times.push(begun.elapsed());
            }
            times
        })
    };
    let threads: Vec<_> = (0..CLIENTS).map(client).collect();
    let times: Vec<Duration> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    Figures::new(times, start.elapsed())
}

/// What a submission writes: the petitioner, the text, the submission, and the letter to confirm it by.
fn submit(store: &Store, keys: &Keys) -> Result<i64> {
    let party = parties::seal(keys, &petitioner())?;
    let (keys, nonce) = (keys.clone(), random_word::<10>()?);
    store.write(move |db: &mut Db| {
        let party_id = parties::insert(db, &party, NOW)?;
        let text_id = texts::insert(db, bare::BODY)?;
        let expires_at = NOW.plus_seconds(3 * DAY);
        let new = NewSubmission {
            state: SubmissionState::Unconfirmed,
            version: 1,
            channel: Channel::Web,
            locale: "zh-TW".into(),
            party_id,
            subject: bare::SUBJECT.into(),
            text_id,
            kind: Kind::Suggestion,
            category: None,
            place: "示範漁港".into(),
            confidential: false,
            reply_by: ReplyBy::Email,
            nonce: nonce.clone(),
            created_at: NOW,
            expires_at,
            mails_sent: 1,
            last_mail_at: NOW,
            decision_reason: String::new(),
        };
        let id = submissions::insert(db, &new)?;
        let letter = Letter::Confirm { subject: bare::SUBJECT.into(), expires_at };
        let link = Link { purpose: Purpose::Confirm, row: id, nonce: nonce.clone(), expires_at };
        let new = NewLetter {
            letter: &letter,
            to: Recipient::Party(party_id),
            locale: "zh-TW",
            case_id: None,
            submission_id: Some(id),
            reply_id: None,
            link: Some(link),
            query_code: None,
            by_post: false,
        };
        letters::insert(db, &keys, &new, NOW)
    })
}

fn petitioner() -> Party {
    Party {
        name: "林示範".into(),
        email: "lin@example.org".into(),
        phone: "02-0000-1234".into(),
        address: "示範市示範路 1 號".into(),
    }
}
