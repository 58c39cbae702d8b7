//! What an operator is told of mail before the start: by `chenqing check`, a line each, and by a start that is refused.

use serde_json::Value;

use super::server::Server;
use crate::support::on_both;
use crate::support::program::Installation;

on_both!(check_says_how_letters_leave, |db| {
    let server = Server::up();
    let place = Installation::new(db.folder(), &db.url, &server.url())
        .with("CHENQING__MAIL__REPLY_ADDRESS", "plus")
        .with("CHENQING__MAIL__BOUNCE_ADDRESS", "catch_all")
        .with("CHENQING__MAIL__ADDRESS_DOMAIN", "mail.agency.example.tw");
    place.must(&["migrate"]);
    let lines = |place: &Installation| -> Vec<Value> {
        serde_json::from_slice(&place.run(&["check", "--json"]).stdout).unwrap()
    };
    let line = |lines: &[Value], what: &str| lines.iter().find(|line| line["what"] == what).unwrap().clone();
    let all = lines(&place);
    let said = |what: &str| line(&all, what)["text"].as_str().unwrap().to_owned();
    assert!(said("mail signature").contains("not signed"), "{}", said("mail signature"));
    assert!(said("mail addresses").contains("mailbox+c.…@agency.example.tw"), "{}", said("mail addresses"));
    assert!(said("mail addresses").contains("l.…@mail.agency.example.tw"), "{}", said("mail addresses"));
    assert!(said("letters").contains("built in"), "{}", said("letters"));
    assert!(all.iter().filter(|line| line["what"] != "calendar").all(|line| line["ok"] == true), "{all:?}");

    // A fault in an own template is no reason not to start, but one to tell.
    let letters = db.folder().join("letters/en/withdrawn");
    std::fs::create_dir_all(&letters).unwrap();
    std::fs::write(letters.join("body.txt.hbs"), "one\n{{subjekt}}").unwrap();
    let place = place.with("CHENQING__LETTERS__FOLDER", &db.folder().join("letters").display().to_string());
    let told = line(&lines(&place), "letters");
    assert_eq!(told["ok"], false);
    assert!(told["text"].as_str().unwrap().contains("en/withdrawn/body.txt.hbs, line 2"), "{told}");
    drop(place.serve());

    // A key that cannot be used is one.
    let key = db.folder().join("dkim.pem");
    std::fs::write(&key, "no key").unwrap();
    let place = place
        .with("CHENQING__MAIL__DKIM__KEY_FILE", &key.display().to_string())
        .with("CHENQING__MAIL__DKIM__SELECTOR", "post");
    for verb in ["serve", "check"] {
        let refused = place.run(&[verb]);
        let said = [refused.stdout, refused.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(!refused.status.success() && said.contains("mail.dkim.key_file"), "{verb}: {said}");
    }
});
