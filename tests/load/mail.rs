//! Letters a second by the running server into a real Postfix, and into a sink that keeps nothing (`smtp-sink`), beside
//! what Postfix's own load tool (`smtp-source`) does with messages of the same size over as many connections into the
//! same place, in turn in the same run; and how much memory the server takes on the way. Started by `tests/load/run mail`.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chenqing::config::Database;
use chenqing::domain::letter::Letter;
use chenqing::domain::party::Party;
use chenqing::domain::time::Moment;
use chenqing::keys::Keys;
use chenqing::store::letters::{NewLetter, Recipient};
use chenqing::store::{Db, Store, letters, parties};
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use crate::http::{installation, resident};
use crate::support::postfix::Postfix;
use crate::{NOW, ROUNDS, bare};

/// Connections to the mail server.
const CONNECTIONS: usize = 4;
/// Letters stored in one write.
const BATCH: usize = 500;
/// Bytes of one of these letters as it travels, headers and both parts.
const SIZE: usize = 9_000;

/// Measures on SQLite, and on PostgreSQL where there is one.
pub fn measure() {
    let letters = std::env::var("CHENQING_LOAD_LETTERS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    println!("{letters} letters over {CONNECTIONS} connections, median of {ROUNDS} rounds\n");
    println!("{:<46}{:>10}{:>8}", "", "a second", "ratio");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for server in ["Postfix", "smtp-sink"] {
        rounds("SQLite", folder.path(), letters, server, |name| {
            format!("sqlite:{}/{name}.db", folder.path().display())
        });
        match std::env::var("CHENQING_TEST_POSTGRES_URL") {
            Ok(url) => rounds("PostgreSQL", folder.path(), letters, server, |name| bare::fresh_postgres(&url, name)),
            Err(_) => println!("PostgreSQL is left out: CHENQING_TEST_POSTGRES_URL is not set"),
        }
    }
}

fn rounds(database: &str, folder: &Path, letters: usize, server: &str, fresh: impl Fn(&str) -> String) {
    let (mut alone, mut through, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    let name = server.to_lowercase().replace('-', "_");
    for round in 0..ROUNDS {
        // Each has a server of its own: what one still has to do for its letters would weigh on the other.
        alone.push(source(&Server::up(server), letters));
        let (rate, resident) = delivered(folder, &fresh(&format!("load_{name}_{round}")), &Server::up(server), letters);
        through.push(rate);
        memory.push(resident);
    }
    let [alone, through] = [alone, through].map(median);
    println!("{:<46}{alone:>10.0}{:>8.2}", format!("smtp-source into {server}"), 1.0);
    println!("{:<46}{through:>10.0}{:>8.2}", format!("  the server on {database}"), through / alone);
    for [least, most] in memory {
        println!("{:<46}memory after the first tenth {least:.1} to {most:.1} MB", "");
    }
}

/// Letters a second of a server that finds them waiting; its least and greatest memory after the first tenth.
fn delivered(folder: &Path, url: &str, to: &Server, letters: usize) -> (f64, [f64; 2]) {
    let place = installation(folder, url)
        .with("CHENQING__MAIL__SMTP__URL", &to.url())
        .with("CHENQING__MAIL__CONNECTIONS", &CONNECTIONS.to_string())
        .with("CHENQING__JOBS__OUTBOX", "* * * * * *")
        .with("CHENQING__LOG__LEVEL", "warn");
    place.must(&["migrate"]);
    let store = Store::open(&Database { url: url.to_owned(), pool: 2, wait_seconds: 30 }).unwrap();
    fill(&store, letters);
    let whole = i64::try_from(letters).unwrap();
    let server = place.serve();
    let (mut least, mut most) = (f64::MAX, 0.0_f64);
    let started = Instant::now();
    loop {
        let sent = number(&store, "SELECT COUNT(*) AS n FROM letters WHERE state = 'sent'");
        if sent >= whole / 10 {
            let now = resident(server.id());
            (least, most) = (least.min(now), most.max(now));
        }
        if sent >= whole {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(900), "{sent} of {letters} letters were sent");
        std::thread::sleep(Duration::from_millis(200));
    }
    let micros = number(&store, "SELECT CAST(MAX(sent_at) - MIN(sent_at) AS BIGINT) AS n FROM letters");
    assert!(server.stop().success());
    (letters as f64 * 1_000_000.0 / micros as f64, [least, most])
}

/// Letters that wait, each to somebody of its own.
fn fill(store: &Store, count: usize) {
    let keys = Keys::new(&["1:a secret of the tests, of no use elsewhere"]).unwrap();
    for first in (0..count).step_by(BATCH) {
        let keys = keys.clone();
        let write = move |db: &mut Db| {
            for nth in first..count.min(first + BATCH) {
                let party =
                    Party { name: "林示範".into(), email: format!("citizen{nth}@example.org"), ..Party::default() };
                let party = parties::insert(db, &parties::seal(&keys, &party)?, NOW)?;
                letters::insert(db, &keys, &letter(party), Moment(1))?;
            }
            Ok(())
        };
        store.write(write).unwrap();
    }
}

fn letter(party: i64) -> NewLetter<'static> {
    static SAYS: std::sync::LazyLock<Letter> = std::sync::LazyLock::new(|| Letter::Withdrawn {
        number: "1150000001-0".into(),
        subject: "示範漁港北堤路燈不亮".into(),
    });
    NewLetter {
        letter: &SAYS,
        to: Recipient::Party(party),
        locale: "zh-TW",
        case_id: None,
        submission_id: None,
        reply_id: None,
        link: None,
        query_code: None,
        by_post: false,
    }
}

/// A mail server that takes everything and keeps nothing; it comes with Debian's package postfix.
struct Sink {
    process: Child,
    port: u16,
}

impl Sink {
    fn up() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("smtp-sink")
            .args(["-u", "nobody", &format!("127.0.0.1:{port}"), "256"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(10), "smtp-sink does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { process, port }
    }
}

/// Messages a second of the load tool: each connection stays open for the next message, as ours do.
fn source(to: &Server, letters: usize) -> f64 {
    let [connections, letters_text, size] = [CONNECTIONS, letters, SIZE].map(|number| number.to_string());
    let started = Instant::now();
    let done = Command::new("smtp-source")
        .args(["-d", "-s", &connections, "-m", &letters_text, "-l", &size])
        .args(["-f", "mailbox@agency.example.tw", "-t", "citizen@example.org"])
        .arg(to.url().trim_start_matches("smtp://"))
        .status()
        .unwrap();
    assert!(done.success());
    letters as f64 / started.elapsed().as_secs_f64()
}

/// Where letters go.
enum Server {
    Postfix(Postfix),
    Sink(Sink),
}

impl Server {
    fn up(name: &str) -> Self {
        if name == "Postfix" { Self::Postfix(Postfix::up().unwrap()) } else { Self::Sink(Sink::up()) }
    }

    fn url(&self) -> String {
        match self {
            Self::Postfix(postfix) => postfix.url(),
            Self::Sink(sink) => format!("smtp://127.0.0.1:{}", sink.port),
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn number(store: &Store, query: &str) -> i64 {
    store.read(|db| Ok(sql_query(query).get_result::<Number>(db)?.n)).unwrap()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
