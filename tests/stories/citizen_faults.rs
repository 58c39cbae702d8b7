//! The database or the disk fails: the citizen reads that nothing was taken in, finds what was typed, and sends it again
//! with success once it works. There is never a success that is none.

use diesel::connection::SimpleConnection;
use reqwest::Method;
use serde_json::json;

use super::browser::{Browser, Form, key, see};
use super::site::Site;
use crate::support::{TestDb, on_both, postgres};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";

/// Makes the next write fail: SQLite's writer finds its file read-only (and opens it anew afterwards), PostgreSQL misses
/// the tables that every write needs.
fn break_writes(site: &Site, db: &TestDb) {
    if db.is_postgres() {
        rename(db, "", "_away");
    } else {
        site.office().store.write(|db| Ok(db.batch_execute("PRAGMA query_only = ON")?)).unwrap();
    }
}

fn mend_writes(db: &TestDb) {
    if db.is_postgres() {
        rename(db, "_away", "");
    }
}

fn rename(db: &TestDb, from: &str, to: &str) {
    for table in ["texts", "blobs", "attempts", "events", "idempotency", "letters"] {
        db.connection().batch_execute(&format!("ALTER TABLE {table}{from} RENAME TO {table}{to}")).unwrap();
    }
}

on_both!(a_petition_that_cannot_be_stored_is_not_accepted, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    for form in [Form::petition(&key()), Form::petition(&key()).file("位置圖.pdf", PDF)] {
        let before = site.count("submissions");
        break_writes(&site, db);
        let seen = browser.send("/petitions", &form).await;
        seen.is(503).has("您的陳情還沒有送出").has("在示範漁港北側堤防看到路燈熄滅").has_not("還差一步");
        assert_eq!((seen.header("retry-after"), seen.value("name")), ("10", "林示範".to_owned()));
        mend_writes(db);
        assert_eq!(site.count("submissions"), before);
        // Sent again with what the page kept, it goes in.
        let kept = seen.values("kept_attachment");
        let again =
            kept.iter().fold(Form::petition(&seen.value("idempotency_key")), |f, word| f.and("kept_attachment", word));
        browser.get(&browser.submit(&again).await).await.is(200).has("還差一步");
        assert_eq!(site.count("submissions"), before + 1);
    }
    assert_eq!((site.count("attachments"), site.letters("confirm").len()), (1, 2));
});

on_both!(no_step_pretends_to_have_been_done, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let page = browser.submit(&Form::petition(&key())).await;
    let confirm = site.link("confirm");
    site.wait(61);
    for (path, fields, told) in [
        (format!("{page}/resend"), vec![], "系統現在無法儲存資料"),
        (format!("{page}/address"), vec![("email", "wang@example.org")], "系統現在無法儲存資料"),
        (confirm.clone(), vec![], "還沒有確認，請再試一次"),
    ] {
        break_writes(&site, db);
        browser.post(&path, &fields).await.is(503).has(told);
        mend_writes(db);
    }
    assert_eq!((site.count("cases"), site.letters("confirm").len()), (0, 1));
    let number = site.confirm(&browser).await;
    let code = site.query_code();
    site.assign(&number);
    site.look_up(&browser, &number, &code).await;
    let word = browser.get("/status/withdraw").await.value("token");
    for (path, fields, told) in [
        ("/status/withdraw", vec![("token", &*word)], "服務暫時無法使用"),
        ("/status", vec![("number", &*number), ("code", "WRONG")], "服務暫時無法使用"),
    ] {
        break_writes(&site, db);
        browser.post(path, &fields).await.is(503).has(told);
        mend_writes(db);
    }
    assert!(!site.case(&number).state.is_finished());
    site.answer(&number, "路燈已經修復，謝謝您的提醒。", vec![]);
    let rate = site.link("reply");
    let levels =
        [("result", "4"), ("clarity", "4"), ("speed", "4"), ("attitude", "4"), ("overall", "4"), ("comment", "謝謝")];
    break_writes(&site, db);
    browser.post(&rate, &levels).await.is(503).has("系統現在無法儲存資料").has("謝謝").has("value=\"4\" checked");
    mend_writes(db);
    assert_eq!(site.count("ratings"), 0);
    browser.post(&rate, &levels).await.is(303);
});

on_both!(programs_are_told_the_same, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let petition = json!({ "name": "林示範", "email": "lin@example.org", "phone": "0900-000-123", "subject": "路燈不亮",
        "body": "北堤路燈不亮。", "kind": "suggestion", "consent": true });
    let key = key();
    let send =
        || see(browser.request(Method::POST, "/api/v1/petitions").header("idempotency-key", &key).json(&petition));
    break_writes(&site, db);
    let seen = send().await;
    assert_eq!(
        (seen.is(503).header("retry-after"), seen.json()["error"]["code"].as_str()),
        ("10", Some("error-unavailable"))
    );
    mend_writes(db);
    send().await.is(202);
    assert_eq!(site.count("submissions"), 1);
});

on_both!(a_disk_that_takes_no_files_is_told, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let (arriving, away) = (db.folder().join("files/arriving"), db.folder().join("away"));
    std::fs::rename(&arriving, &away).unwrap();
    std::fs::write(&arriving, "in the way").unwrap();
    let form = Form::petition(&key()).file("位置圖.pdf", PDF);
    let seen = browser.send("/petitions", &form).await;
    seen.is(503).has("您的陳情還沒有送出").has("請重新選取");
    assert_eq!((seen.wrong_fields(), seen.values("kept_attachment").len()), (vec!["attachments".to_owned()], 0));
    // Mistakes in the form do not hide that the file was not kept.
    browser.send("/petitions", &form.clone().with("email", "x")).await.is(503).has("請重新選取");
    assert_eq!(site.count("submissions"), 0);
    std::fs::remove_file(&arriving).unwrap();
    std::fs::rename(&away, &arriving).unwrap();
    browser.submit(&form).await;
    assert_eq!(site.count("attachments"), 1);
});

#[test]
fn a_database_that_is_gone_leaves_a_page_in_words() {
    if let Some(db) = postgres() {
        actix_web::rt::System::new().block_on(async {
            let site = Site::with(&db, |config| config.database.wait_seconds = 1);
            let browser = Browser::at(&site.base);
            let form = browser.get("/petitions/new").await;
            let key = form.is(200).value("idempotency_key");
            let page = browser.submit(&Form::petition(&super::browser::key())).await;
            let gone = Gone::new(&db);
            let seen = browser.send("/petitions", &Form::petition(&key)).await;
            seen.is(503).has("您的陳情還沒有送出").has("海洋委員會海巡署").has("在示範漁港北側堤防看到路燈熄滅");
            browser.get("/").await.is(200).has("海洋委員會海巡署");
            for path in [&*page, "/readyz"] {
                browser.get(path).await.is(503).has("服務暫時無法使用");
            }
            drop(gone);
            browser.submit(&Form::petition(&key)).await;
            assert_eq!(site.count("submissions"), 2);
        });
    }
}

/// A PostgreSQL database that nobody may reach, until this is dropped.
struct Gone {
    name: String,
    server: String,
}

impl Gone {
    fn new(db: &TestDb) -> Self {
        let (address, options) = db.url.split_once('?').unwrap_or((&db.url, ""));
        let (server, name) = address.rsplit_once('/').unwrap();
        let server = format!("{server}/postgres{}{options}", if options.is_empty() { "" } else { "?" });
        let gone = Self { name: name.to_owned(), server };
        gone.allow(false);
        gone.run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", gone.name));
        gone
    }

    fn allow(&self, yes: bool) {
        self.run(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS {yes}", self.name));
    }

    fn run(&self, text: &str) {
        use diesel::Connection;
        diesel::PgConnection::establish(&self.server).unwrap().batch_execute(text).unwrap();
    }
}

impl Drop for Gone {
    fn drop(&mut self) {
        self.allow(true);
    }
}
