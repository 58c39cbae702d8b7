//! Signing in and out: every failure reads alike, too many lock, sessions end when they should, the first password is
//! changed before anything else.

use chenqing::acts::add_staff::{NewAccount, add_staff};
use chenqing::domain::staff::Role;
use chenqing::keys::sha256;
use chenqing::store::staff;

use super::browser::Browser;
use super::desk::{PASSWORD, Worker, log_in, open, sign_in};
use crate::support::on_both;
use crate::support::rows::words;

const WRONG: &str = "帳號或密碼不正確";
const LOCKED: &str = "帳號已鎖定15分鐘";

on_both!(every_failure_reads_alike_and_too_many_lock, async |db| {
    let site = open(db);
    let browser = Browser::at(&site.base);
    let closed = site.person("d.manager").id;
    site.office()
        .store
        .write(move |db| {
            let row = staff::get(db, closed)?;
            staff::save(db, &staff::StaffRow { active: false, ..row })
        })
        .unwrap();
    for (username, password) in [("d.handler", "wrong"), ("nobody", PASSWORD), ("d.manager", PASSWORD), ("", "")] {
        let seen = log_in(&browser, username, password, "").await;
        seen.is(422).has(WRONG).has_not(LOCKED);
        assert!(!seen.text().contains(PASSWORD) && seen.header("set-cookie").contains("chenqing-login"));
    }
    // Four more make five in a row; a name that nobody has locks as well.
    for username in ["d.handler", "nobody"] {
        for _ in 0..3 {
            log_in(&browser, username, "wrong", "").await.is(422).has(WRONG);
        }
        log_in(&browser, username, "wrong", "").await.is(429).has(LOCKED);
        log_in(&browser, username, PASSWORD, "").await.is(429).has(LOCKED);
    }
    site.wait(14 * 60);
    log_in(&browser, "d.handler", PASSWORD, "").await.is(429);
    site.wait(2 * 60);
    log_in(&browser, "D.Handler ", PASSWORD, "").await.is(303);
    // A right password forgets the wrong ones before it.
    for _ in 0..4 {
        log_in(&Browser::at(&site.base), "d.control", "wrong", "").await.is(422);
    }
    log_in(&Browser::at(&site.base), "d.control", PASSWORD, "").await.is(303);
    log_in(&Browser::at(&site.base), "d.control", "wrong", "").await.is(422);
});

on_both!(a_log_in_form_from_elsewhere_is_refused, async |db| {
    let site = open(db);
    let fields = [("username", "d.handler"), ("password", PASSWORD)];
    Browser::at(&site.base).post("/desk/login", &fields).await.is(403);
    let browser = Browser::at(&site.base);
    browser.get("/desk/login").await.is(200);
    let forged = [("_csrf", "guessed"), ("username", "d.handler"), ("password", PASSWORD)];
    browser.post("/desk/login", &forged).await.is(403);
    assert_eq!(site.count("sessions"), 0);
});

on_both!(a_session_is_a_word_whose_digest_alone_is_stored, async |db| {
    let site = open(db);
    let browser = Browser::at(&site.base);
    let seen = log_in(&browser, "d.handler", PASSWORD, "/desk?queue=unit").await;
    assert_eq!(seen.is(303).location, "/desk?queue=unit");
    let cookies: Vec<String> =
        seen.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap().to_owned()).collect();
    let cookie = cookies.iter().find(|c| c.starts_with("chenqing=")).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let word = cookie["chenqing=".len()..].split(';').next().unwrap();
    assert_eq!(site.read(|db| Ok(words(db, "SELECT digest AS t FROM sessions"))), [sha256(word.as_bytes())]);

    // Signing in again in the same browser ends the session before.
    log_in_again(&site, &browser, word).await;
    assert_eq!(site.count("sessions"), 1);
    assert_ne!(site.read(|db| Ok(words(db, "SELECT digest AS t FROM sessions"))), [sha256(word.as_bytes())]);

    let csrf = browser.get("/desk/password").await.is(200).value("_csrf");
    browser.post("/desk/sign-out", &[("_csrf", "wrong")]).await.is(403);
    let before = site.count("sessions");
    browser.post("/desk/sign-out", &[("_csrf", &csrf)]).await.is(303);
    assert_eq!(site.count("sessions"), before - 1);
    assert_eq!(browser.get("/desk").await.is(303).location, "/desk/login");
});

/// The form leads on whoever is signed in; posted anyway, it opens a new session.
async fn log_in_again(site: &super::site::Site, browser: &Browser, session: &str) {
    assert_eq!(browser.get("/desk/login?next=/desk/tasks").await.is(303).location, "/desk/tasks");
    let other = Browser::at(&site.base);
    let word = other.get("/desk/login").await.value("_csrf");
    let fields = [("_csrf", word.as_str()), ("username", "d.handler"), ("password", PASSWORD)];
    let request = browser.request(reqwest::Method::POST, "/desk/login").form(&fields);
    let seen =
        super::browser::see(request.header("cookie", format!("chenqing={session}; chenqing-login={word}"))).await;
    seen.is(303);
}

on_both!(idle_staff_are_signed_out_and_come_back_to_their_page, async |db| {
    let site = open(db);
    let worker = sign_in(&site, "d.handler").await;
    for _ in 0..3 {
        site.wait(25 * 60);
        worker.get("/desk").await.is(200);
    }
    site.wait(31 * 60);
    let seen = worker.get("/desk?queue=unit&kind=report").await;
    assert_eq!(seen.is(303).location, "/desk/login?next=%2Fdesk%3Fqueue%3Dunit%26kind%3Dreport");
    assert_eq!(worker.get(&seen.location).await.is(200).value("next"), "/desk?queue=unit&kind=report");
    // A form posted too late is told so, not led away from what was typed.
    worker.post("/desk/search", &[("q", "林示範")]).await.is(403).has("登入已經過期");
    // Nobody stays signed in for longer than ten hours, however busy.
    let worker = sign_in(&site, "d.handler").await;
    for _ in 0..23 {
        site.wait(25 * 60);
        worker.get("/desk").await.is(200);
    }
    site.wait(26 * 60);
    worker.get("/desk").await.is(303);
});

on_both!(no_foreign_page_follows_a_log_in, async |db| {
    let site = open(db);
    for next in ["https://evil.example/", "//evil.example", "/petitions/new", "/desk\\..\\x"] {
        let seen = log_in(&Browser::at(&site.base), "d.handler", PASSWORD, next).await;
        assert_eq!(seen.is(303).location, "/desk", "{next}");
    }
});

on_both!(the_first_password_is_changed_before_anything_else, async |db| {
    let site = open(db);
    let account = NewAccount {
        username: "d.new".into(),
        name: "新同仁".into(),
        unit: "logistics".into(),
        roles: vec![Role::Handler],
        email: "d.new@agency.example.tw".into(),
        phone: String::new(),
    };
    let first = add_staff(site.office(), site.now(), &account, None).unwrap();
    assert!(add_staff(site.office(), site.now(), &account, None).is_err());
    let (browser, other) = (Browser::at(&site.base), Browser::at(&site.base));
    log_in(&other, "d.new", &first, "").await.is(303);
    log_in(&browser, "d.new", &first, "").await.is(303);
    for path in ["/desk", "/desk/letters", "/desk/tasks", "/desk/cases/1"] {
        assert_eq!(browser.get(path).await.is(303).location, "/desk/password", "{path}");
    }
    let csrf = browser.get("/desk/password").await.is(200).has("第一次登入").value("_csrf");
    let worker = Worker { browser, csrf };
    let change = async |current: &str, new: &str, repeat: &str| {
        worker.post("/desk/password", &[("current", current), ("new", new), ("repeat", repeat)]).await
    };
    for (current, new, repeat, fields) in [
        ("wrong", "lighthouse keeper 1", "lighthouse keeper 1", vec!["current"]),
        (&first, "short", "short", vec!["new"]),
        (&first, "my d.new password 2026", "my d.new password 2026", vec!["new"]),
        (&first, "short", "shorter", vec!["new", "repeat"]),
        (&first, first.as_str(), first.as_str(), vec!["new"]),
    ] {
        let seen = change(current, new, repeat).await;
        seen.is(422);
        assert_eq!(seen.wrong_fields(), fields, "{new}");
        seen.has_not(&format!("value=\"{new}\""));
    }
    assert_eq!(change(&first, "lighthouse keeper 1", "lighthouse keeper 1").await.is(303).location, "/desk");
    worker.get("/desk").await.is(200).has("密碼已變更");
    assert_eq!(other.get("/desk").await.is(303).location, "/desk/login");
    // None of the last three comes back, the fourth does.
    let long = ["lighthouse keeper 1", "lighthouse keeper 2", "lighthouse keeper 3"];
    for pair in long.windows(2) {
        change(pair[0], pair[1], pair[1]).await.is(303);
    }
    for old in long {
        change(long[2], old, old).await.is(422).has("不能與前三次相同");
    }
    change(long[2], &first, &first).await.is(303);
    // Guessing the current one from an open session locks the account too.
    for _ in 0..4 {
        change("guess", long[0], long[0]).await.is(422);
    }
    change("guess", long[0], long[0]).await.is(429).has(LOCKED);
});
