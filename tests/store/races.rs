//! Lost races between transactions of PostgreSQL: run again, so that nobody sees them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use chenqing::error::{Error, Result};
use chenqing::store::{Db, texts};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;

use super::together;
use crate::support::postgres;
use crate::support::rows::{number, numbers, words};

fn add(db: &mut Db, id: usize) -> Result<()> {
    diesel::sql_query(format!("UPDATE counters SET value = value + 1 WHERE name = '{id}'")).execute(db)?;
    Ok(())
}

#[test]
fn a_deadlock_is_run_again() {
    let Some(db) = postgres() else { return };
    db.connection().batch_execute("INSERT INTO counters VALUES ('0', 0), ('1', 0)").unwrap();
    let (store, both_hold_one, runs) = (db.store(), Arc::new(Barrier::new(2)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&runs);
    let answers = together(2, move |me| {
        let (meet, runs, first) = (Arc::clone(&both_hold_one), Arc::clone(&runs), AtomicUsize::new(0));
        store.write(move |db| {
            runs.fetch_add(1, Ordering::SeqCst);
            add(db, me)?;
            // On the second run the other has gone its way.
            if first.fetch_add(1, Ordering::SeqCst) == 0 {
                meet.wait();
            }
            add(db, 1 - me)
        })
    });
    assert_eq!(answers, [Ok(()), Ok(())]);
    // One of the two ran again; where the machine is slow both may fall, each three times at most.
    assert!((3..=6).contains(&seen.load(Ordering::SeqCst)));
    assert_eq!(numbers(&mut db.connection(), "SELECT value AS n FROM counters"), [2, 2]);
}

#[test]
fn a_serialization_failure_is_run_again() {
    let Some(db) = postgres() else { return };
    let (store, both_have_looked, runs) = (db.store(), Arc::new(Barrier::new(2)), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&runs);
    let counts = together(2, move |_| {
        let (meet, runs, first) = (Arc::clone(&both_have_looked), Arc::clone(&runs), AtomicUsize::new(0));
        store.write(move |db| {
            runs.fetch_add(1, Ordering::SeqCst);
            db.batch_execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")?;
            let before = number(db, "SELECT count(*) AS n FROM texts");
            if first.fetch_add(1, Ordering::SeqCst) == 0 {
                meet.wait();
            }
            texts::insert(db, &before.to_string())?;
            Ok(before)
        })
    });
    let mut counts: Vec<i64> = counts.into_iter().map(|count| count.unwrap()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [0, 1], "as if one had come after the other");
    assert_eq!(seen.load(Ordering::SeqCst), 3);
    assert_eq!(words(&mut db.connection(), "SELECT body AS t FROM texts ORDER BY 1"), ["0", "1"]);
}

#[test]
fn a_race_that_is_lost_every_time_ends() {
    let Some(db) = postgres() else { return };
    let runs = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&runs);
    let answer: Result<()> = db.store().write(move |db| {
        runs.fetch_add(1, Ordering::SeqCst);
        Ok(db.batch_execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")?)
    });
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    assert_eq!(seen.load(Ordering::SeqCst), 3);
}

#[test]
fn a_deadlock_told_in_chinese_is_run_again() {
    let Some(db) = postgres() else { return };
    let runs = Arc::new(AtomicUsize::new(0));
    let answer = db.store().write(move |db| {
        if runs.fetch_add(1, Ordering::SeqCst) == 0 {
            db.batch_execute("DO $$ BEGIN RAISE EXCEPTION '偵測到死結' USING ERRCODE = '40P01'; END $$")?;
        }
        texts::insert(db, "一")
    });
    assert_eq!(answer, Ok(1));
}

#[test]
fn a_connection_cut_in_the_middle_is_unavailable_and_the_next_is_good() {
    let Some(db) = postgres() else { return };
    let store = db.store();
    let answer = store.write(|db| {
        texts::insert(db, "一")?;
        db.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())")?;
        texts::insert(db, "二")
    });
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    store.write(|db| texts::insert(db, "三")).unwrap();
    assert_eq!(words(&mut db.connection(), "SELECT body AS t FROM texts"), ["三"]);
}
