//! Petitioners: found however they are typed, and nowhere to be read without the keys.

use chenqing::keys::Keys;
use chenqing::store::parties;

use crate::support::on_both;
use crate::support::rows::{NOW, keys, party, petitioner, words};

on_both!(a_party_is_found_by_name_telephone_and_address_however_typed, |db| {
    let store = db.store();
    let id = store.write(party).unwrap();
    let typed = [
        "臺示範",
        "台示範",
        " 臺 示 範 ",
        "０２-００００-１２３４",
        "(02) 0000 1234",
        "+886-2-0000-1234",
        "0200001234轉5",
        "shih.fan@example.org",
        " SHIH.FAN@EXAMPLE.ORG ",
    ];
    for typed in typed {
        assert_eq!(store.read(|db| parties::find(db, &keys(), typed, 10)), Ok(vec![id]), "{typed:?}");
    }
    for typed in ["臺示", "示範市示範路 1 號", "0200001235", "fan@example.org", "", " ", "%"] {
        assert_eq!(store.read(|db| parties::find(db, &keys(), typed, 10)), Ok(vec![]), "{typed:?}");
    }
});

on_both!(what_was_sealed_opens_with_the_keys_and_with_no_others, |db| {
    let store = db.store();
    let id = store.write(party).unwrap();
    assert_eq!(store.read(move |db| parties::open(db, &keys(), id)), Ok(petitioner()));
    let others = Keys::new(&["1:other-keys-for-tests-0123456789abcdef"]).unwrap();
    assert!(store.read(|db| parties::open(db, &others, id)).is_err());
    assert_eq!(store.read(|db| parties::find(db, &others, "臺示範", 10)), Ok(vec![]));
});

on_both!(a_corrected_address_is_the_one_that_is_found, |db| {
    let store = db.store();
    let id = store.write(party).unwrap();
    store.write(move |db| parties::set_email(db, &keys(), id, "new@example.org")).unwrap();
    let find = |typed: &'static str| store.read(move |db| parties::find(db, &keys(), typed, 10)).unwrap();
    assert_eq!(find("NEW@example.org"), [id]);
    assert!(find("shih.fan@example.org").is_empty());
    assert_eq!(store.read(move |db| parties::open(db, &keys(), id)).unwrap().email, "new@example.org");
});

on_both!(the_newest_come_first_and_no_more_than_asked_for, |db| {
    let store = db.store();
    let ids: Vec<i64> = (0..5).map(|_| store.write(party).unwrap()).collect();
    assert_eq!(store.read(|db| parties::find(db, &keys(), "台示範", 3)), Ok(vec![ids[4], ids[3], ids[2]]));
});

on_both!(no_identity_stands_in_the_database_in_plain, |db| {
    let store = db.store();
    let sealed = parties::seal(&keys(), &petitioner()).unwrap();
    store.write(move |db| parties::insert(db, &sealed, NOW)).unwrap();
    let everything: Vec<u8> = if db.is_postgres() {
        // Bytes show as hexadecimal digits in a row's text.
        words(&mut db.connection(), "SELECT CAST(p.* AS TEXT) AS t FROM parties p").concat().into_bytes()
    } else {
        // The database, its write-ahead log and whatever else lies beside it.
        let files: Vec<Vec<u8>> =
            std::fs::read_dir(db.folder()).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
        files.concat()
    };
    let found = |text: &str| everything.windows(text.len()).any(|window| window == text.as_bytes());
    let p = petitioner();
    for plain in
        [p.name.as_str(), "臺示範", "台示範", &p.email, "shih.fan@example.org", "0000-1234", "0200001234", &p.address]
    {
        let hex = data_encoding::HEXLOWER.encode(plain.as_bytes());
        assert!(!found(plain) && !found(&hex), "{plain} stands in {}", db.url);
    }
    // The search would have found what is there in plain: the index of the name is.
    let index = words(&mut db.connection(), "SELECT name_index AS t FROM parties").pop().unwrap();
    assert!(found(&index));
});
