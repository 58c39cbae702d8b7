//! The two verbs: what a write leaves behind by how it ended, and whose result it gives to whom.

use chenqing::error::{Error, Result};
use chenqing::store::{Db, Store, leases, texts};

use super::together;
use crate::support::on_both;
use crate::support::rows::{NOW, number, words};

on_both!(a_write_that_ends_well_is_there_for_everybody, |db| {
    let store = db.store();
    let id = store.write(|db| texts::insert(db, "一")).unwrap();
    assert_eq!(store.read(move |db| texts::get(db, id)), Ok("一".into()));
    assert_eq!(words(&mut db.connection(), "SELECT body AS t FROM texts"), ["一"]);
});

on_both!(a_write_that_ends_badly_leaves_nothing_and_says_why, |db| {
    let store = db.store();
    let errors = [
        Error::refused("refused-for-a-test"),
        Error::NotFound,
        Error::Conflict,
        Error::invalid("subject", "petition-subject"),
        Error::Unavailable("no disk".into()),
        Error::internal("a fault"),
    ];
    for error in errors {
        let end = error.clone();
        let ended: Result<i64> = store.write(move |db| {
            texts::insert(db, "二")?;
            Err(end.clone())
        });
        assert_eq!(ended, Err(error));
        assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM texts"), 0);
    }
    store.write(|db| texts::insert(db, "三")).unwrap();
});

on_both!(a_broken_constraint_is_a_conflict_and_takes_the_whole_act_back, |db| {
    let store = db.store();
    store.write(|db| leases::take(db, "one", "me", NOW, NOW)).unwrap();
    // A reference to nothing, a number twice, a NULL where none may be.
    let broken = [
        "INSERT INTO notices (clock_id, kind, due_at, at) VALUES (99, 'due_soon', 0, 0)",
        "INSERT INTO leases (name, holder, epoch, until, last_result) VALUES ('one', '', 0, 0, '')",
        "INSERT INTO texts (body) VALUES (NULL)",
    ];
    for query in broken {
        let ended: Result<usize> = store.write(move |db| {
            texts::insert(db, "四")?;
            Ok(diesel::RunQueryDsl::execute(diesel::sql_query(query), db)?)
        });
        assert_eq!(ended, Err(Error::Conflict), "{query}");
        assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM texts"), 0, "{query}");
    }
});

on_both!(a_panic_is_answered_and_later_writes_go_on, |db| {
    let store = db.store();
    for _ in 0..20 {
        let ended: Result<()> = store.write(|db| {
            texts::insert(db, "五")?;
            panic!("on purpose")
        });
        assert!(matches!(ended, Err(Error::Internal(_))), "{ended:?}");
        assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM texts"), 0);
    }
    store.write(|db| texts::insert(db, "六")).unwrap();
    assert_eq!(words(&mut db.connection(), "SELECT body AS t FROM texts"), ["六"]);
});

on_both!(a_panic_while_reading_costs_one_connection_and_no_more, |db| {
    let store = db.store();
    let panics = |store: &Store| {
        let read = || {
            store.read(|db: &mut Db| -> Result<()> { panic!("on purpose, with {}", words(db, "SELECT 'x' AS t")[0]) })
        };
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).is_err()
    };
    assert!((0..20).all(|_| panics(&store)), "more panics than the pool has connections");
    assert!(matches!(store.read(|db| texts::get(db, 1)), Err(Error::NotFound)));
});

on_both!(a_reader_sees_no_half_of_an_act, |db| {
    let store = db.store();
    let reader = store.clone();
    let pairs = || "SELECT count(*) AS n FROM texts";
    let looks = std::thread::spawn(move || {
        (0..200).map(|_| reader.read(|db| Ok(number(db, pairs()))).unwrap()).collect::<Vec<_>>()
    });
    for _ in 0..50 {
        store.write(|db| texts::insert(db, "七").and(texts::insert(db, "八"))).unwrap();
    }
    assert!(looks.join().unwrap().iter().all(|n| n % 2 == 0));
});

on_both!(sixty_four_writers_each_get_their_own_result_and_leave_their_own_rows, |db| {
    const EACH: usize = 20;
    let store = db.store();
    let url = db.url.clone();
    let written: Vec<Vec<(i64, String)>> = together(64, move |writer| {
        let mine = |i: usize| {
            let text = format!("writer {writer} row {i}");
            let body = text.clone();
            // Every third ends badly after it has written.
            let answer = store.write(move |db| {
                let id = texts::insert(db, &body)?;
                if i % 3 == 2 { Err(Error::refused("refused-for-a-test")) } else { Ok(id) }
            });
            match answer {
                Ok(id) if i % 3 != 2 => Some((id, text)),
                Err(Error::Refused(_)) if i % 3 == 2 => None,
                other => panic!("{text} on {url}: {other:?}"),
            }
        };
        (0..EACH).filter_map(mine).collect()
    });
    let mut expected: Vec<String> = written.iter().flatten().map(|(id, text)| format!("{id} {text}")).collect();
    let mut found = words(&mut db.connection(), "SELECT CAST(id AS TEXT) || ' ' || body AS t FROM texts");
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
});

on_both!(whatever_was_answered_can_be_seen_from_outside, |db| {
    let store = db.store();
    let eyes: Vec<_> = (0..8).map(|_| std::sync::Mutex::new(db.connection())).collect();
    together(8, move |writer| {
        for i in 0..30 {
            let body = format!("{writer}-{i}");
            let text = body.clone();
            store.write(move |db| texts::insert(db, &text)).unwrap();
            let query = format!("SELECT count(*) AS n FROM texts WHERE body = '{body}'");
            assert_eq!(number(&mut eyes[writer].lock().unwrap(), &query), 1, "{body}");
        }
    });
});

on_both!(a_handler_waits_for_its_write_beside_its_server_thread, async |db| {
    let store = db.store();
    let write = |text: &'static str| {
        let store = store.clone();
        actix_web::web::block(move || store.write(move |db| texts::insert(db, text)))
    };
    let (one, two) = futures_util::future::join(write("九"), write("十")).await;
    let mut ids = [one.unwrap().unwrap(), two.unwrap().unwrap()];
    ids.sort_unstable();
    assert_eq!(ids, [1, 2]);
});
