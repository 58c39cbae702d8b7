//! The nudge: the bell rings after a commit that left letters to be sent, once for however many, and for nothing else.

use chenqing::error::{Error, Result};
use chenqing::store::{Bell, Db, letters};
use futures_util::FutureExt;

use crate::support::on_both;
use crate::support::rows::{NOW, letter, party};

fn rang(bell: &Bell) -> bool {
    bell.heard().now_or_never().is_some()
}

on_both!(a_commit_that_owes_letters_rings_once, |db| {
    let store = db.store();
    let owe = |n: usize| {
        move |db: &mut Db| {
            let party = party(db)?;
            (0..n).map(|_| letter(db, party)).collect::<Result<Vec<i64>>>()
        }
    };
    assert!(!rang(store.bell()));
    let ids = store.write(owe(3)).unwrap();
    assert!(rang(store.bell()) && !rang(store.bell()), "three letters, one nudge");
    store.write(owe(1)).unwrap();
    store.write(owe(1)).unwrap();
    assert!(rang(store.bell()) && !rang(store.bell()), "two acts before anybody listens, one nudge");

    // What was taken back owes nothing, neither then nor with the next commit.
    let refused = store.write(move |db| owe(1)(db).and(Err::<(), _>(Error::refused("refused-role"))));
    assert!(refused.is_err());
    store.write(party).unwrap();
    assert!(!rang(store.bell()) || !db.is_postgres(), "a refused act rings at most one bell in vain");

    // A letter that is tried again rings too; one that is only recorded does not.
    let id = ids[0];
    store.write(move |db| letters::claim(db, "one", NOW, NOW.plus_seconds(60), 10)).unwrap();
    let failed = letters::Outcome::Failed("refused: no".into());
    store.write(move |db| letters::record(db, id, "one", &failed, NOW)).unwrap();
    let _ = rang(store.bell());
    assert!(!rang(store.bell()));
    store.write(move |db| letters::retry(db, id, NOW)).unwrap();
    assert!(rang(store.bell()));
});
