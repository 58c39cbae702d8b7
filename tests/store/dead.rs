//! Connections of PostgreSQL that were good once: a write begins again on one that answers, and where none answers the
//! search for one ends.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use chenqing::config::Database;
use chenqing::error::{Error, Result};
use chenqing::store::{Store, texts};
use diesel::RunQueryDsl;

use crate::support::rows::number;
use crate::support::{TestDb, postgres};

/// Ends every connection to the database but the one that asks.
fn end_connections(db: &TestDb) {
    let ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    diesel::sql_query(ends).execute(&mut db.connection()).unwrap();
}

#[test]
fn a_read_and_a_write_after_the_connections_have_ended_go_through_at_once() {
    let Some(db) = postgres() else { return };
    let store = db.store();
    for body in ["一", "二"] {
        store.read(|_| Ok(())).unwrap();
        end_connections(&db);
        store.write(move |db| texts::insert(db, body)).unwrap();
        end_connections(&db);
        store.read(|db| texts::get(db, 1)).unwrap();
    }
    assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM texts"), 2);
}

/// A pooler whose server is away: connections open as ever, and the first question that the store asks on one ends it.
/// Its port.
fn silent_pooler(server: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for client in listener.incoming().map_while(std::result::Result::ok) {
            let server = TcpStream::connect(&server).unwrap();
            let (to_client, from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || pass(from_server, to_client, b""));
            thread::spawn(move || pass(client, server, b"SELECT 1"));
        }
    });
    port
}

/// Passes bytes on until they end or hold the question.
fn pass(mut from: TcpStream, mut to: TcpStream, question: &[u8]) {
    let mut buffer = [0; 8192];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let asked = !question.is_empty() && buffer[..length].windows(question.len()).any(|part| part == question);
        if asked || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

#[test]
fn where_no_connection_answers_the_search_for_one_ends() {
    let Some(db) = postgres() else { return };
    let (before, name) = db.url.rsplit_once('/').unwrap();
    let (user, server) = before.rsplit_once('@').unwrap();
    let url = format!("{user}@127.0.0.1:{}/{name}", silent_pooler(server.to_owned()));
    let store = Store::open(&Database { url, pool: 3, wait_seconds: 10 }).unwrap();
    let (answer, answered) = channel::<Result<()>>();
    thread::spawn(move || answer.send(store.read(|_| Ok(()))));
    let answer = answered.recv_timeout(Duration::from_secs(60)).expect("the search goes on for ever");
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
}
