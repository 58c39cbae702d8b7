//! The collector of files, over a real folder: what nothing refers to goes, and nothing that is wanted ever does.

use std::sync::atomic::{AtomicBool, Ordering};

use chenqing::acts::collect::{Collected, collect};
use chenqing::domain::time::{HOUR, Moment};
use chenqing::files::Files;
use chenqing::keys::sha256;
use chenqing::store::attachments::{Carrier, StoredFile, attach, lease};
use chenqing::store::{Db, Store};

use super::together;
use crate::support::on_both;
use crate::support::rows::{NOW, case, number};

const LEASED: i64 = 12 * HOUR;

fn file(bytes: &[u8]) -> StoredFile {
    let size = i64::try_from(bytes.len()).unwrap();
    StoredFile { sha256: sha256(bytes), name: "圖.png".into(), media_type: "image/png".into(), size }
}

/// Keeps a file as forms do: the lease first, then the bytes.
fn keep(store: &Store, files: &Files, bytes: &[u8], now: Moment) -> StoredFile {
    let stored = file(bytes);
    let row = stored.clone();
    store.write(move |db| lease(db, &row, now, now.plus_seconds(LEASED))).unwrap();
    files.put(bytes).unwrap();
    stored
}

fn refer(store: &Store, stored: &StoredFile) {
    let stored = stored.clone();
    let refer = move |db: &mut Db| {
        let id = case(db, "路燈")?;
        attach(db, std::slice::from_ref(&stored), Carrier::Case(id), NOW)
    };
    store.write(refer).unwrap();
}

on_both!(what_nothing_refers_to_goes_when_its_lease_is_over, |db| {
    let (store, files) = (db.store(), Files::open(&db.folder().join("files")).unwrap());
    let (wanted, lost) = (keep(&store, &files, b"wanted", NOW), keep(&store, &files, b"lost", NOW));
    refer(&store, &wanted);
    let after = NOW.plus_seconds(LEASED + 1);
    let fresh = keep(&store, &files, b"fresh", after);
    // While the lease stands, nothing goes.
    let none = Collected::default();
    assert_eq!(collect(&store, &files, NOW.plus_seconds(LEASED)), Ok(none));
    assert_eq!(collect(&store, &files, after), Ok(Collected { files: 1, ..none }));
    assert!(files.get(&lost.sha256).is_err());
    assert_eq!(files.get(&wanted.sha256), Ok(b"wanted".to_vec()));
    assert_eq!(files.get(&fresh.sha256), Ok(b"fresh".to_vec()));
    assert_eq!(number(&mut db.connection(), "SELECT count(*) AS n FROM blobs"), 2);
    assert_eq!(files.left_aside(), Ok(vec![]));
    assert_eq!(collect(&store, &files, after), Ok(none));
    // The same bytes may come again.
    let again = keep(&store, &files, b"lost", after);
    refer(&store, &again);
    assert_eq!(collect(&store, &files, after.plus_seconds(2 * LEASED)), Ok(Collected { files: 1, ..none }));
    assert_eq!(files.get(&again.sha256), Ok(b"lost".to_vec()));
});

on_both!(a_run_that_broke_off_is_finished_by_the_next, |db| {
    let (store, files) = (db.store(), Files::open(&db.folder().join("files")).unwrap());
    let (wanted, leased, lost) = (
        keep(&store, &files, b"wanted", NOW),
        keep(&store, &files, b"leased", NOW),
        keep(&store, &files, b"lost", NOW),
    );
    refer(&store, &wanted);
    let after = NOW.plus_seconds(LEASED + 1);
    let row = leased.clone();
    store.write(move |db| lease(db, &row, after, after.plus_seconds(LEASED))).unwrap();
    // It had set all three aside: two were wanted again since.
    for stored in [&wanted, &leased, &lost] {
        assert!(files.set_aside(&stored.sha256).unwrap().is_some());
    }
    std::fs::write(db.folder().join("files/leaving/notes.txt"), b"not one of ours").unwrap();
    assert_eq!(collect(&store, &files, after).map(|gone| gone.files), Ok(1));
    assert_eq!(files.get(&wanted.sha256), Ok(b"wanted".to_vec()));
    assert_eq!(files.get(&leased.sha256), Ok(b"leased".to_vec()));
    assert!(files.get(&lost.sha256).is_err());
});

on_both!(a_file_that_is_kept_again_while_it_is_collected_stays, |db| {
    let (store, files) = (db.store(), Files::open(&db.folder().join("files")).unwrap());
    let after = NOW.plus_seconds(LEASED + 1);
    for round in 0..20 {
        let bytes = format!("file {round}").into_bytes();
        keep(&store, &files, &bytes, NOW);
        let (store, files, first) = (store.clone(), files.clone(), AtomicBool::new(true));
        let kept = bytes.clone();
        together(4, move |_| {
            if first.swap(false, Ordering::SeqCst) {
                keep(&store, &files, &kept, after);
            } else {
                collect(&store, &files, after).unwrap();
            }
        });
        let (store, files) = (db.store(), Files::open(&db.folder().join("files")).unwrap());
        collect(&store, &files, after).unwrap();
        assert_eq!(files.get(&sha256(&bytes)), Ok(bytes), "round {round}");
    }
});

on_both!(halves_of_arrivals_go_after_a_day, |db| {
    let (store, files) = (db.store(), Files::open(&db.folder().join("files")).unwrap());
    std::fs::write(db.folder().join("files/arriving/half"), b"ha").unwrap();
    assert_eq!(collect(&store, &files, Moment(0)), Ok(Collected::default()));
    assert_eq!(collect(&store, &files, Moment(i64::MAX / 2)), Ok(Collected { files: 0, halves: 1 }));
});
