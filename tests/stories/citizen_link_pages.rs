//! Whoever only looks changes nothing: mail scanners open every link, with GET and with HEAD.

use reqwest::Method;

use super::browser::{Browser, Form, key, see};
use super::site::Site;
use crate::support::on_both;

on_both!(looking_changes_nothing, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let page = browser.submit(&Form::petition(&key()).file("a.txt", "附件。".as_bytes())).await;
    let confirm = site.link("confirm");
    look(&site, &browser, &[&page, &confirm, "/", "/petitions/new", "/status", "/status/case", "/status/withdraw"])
        .await;
    let number = site.confirm(&browser).await;
    site.assign(&number);
    site.answer(&number, "路燈已經修復，謝謝您的提醒。", vec![]);
    let (rate, code) = (site.link("reply"), site.query_code());
    let thanks = format!("{rate}/thanks");
    site.look_up(&browser, &number, &code).await;
    look(&site, &browser, &[&page, &confirm, &rate, &thanks, "/status/case", "/status/withdraw", "/status/files/1"])
        .await;
    assert_eq!(site.count("ratings"), 0);
});

async fn look(site: &Site, browser: &Browser, paths: &[&str]) {
    let before = site.traces();
    for path in paths.iter().flat_map(|path| [(*path).to_owned(), format!("/en{path}")]) {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let seen = see(browser.request(method.clone(), &path)).await;
            let looked = method == Method::OPTIONS || [200, 303].contains(&seen.status);
            assert!(looked, "{method} {path}: {}", seen.status);
            assert!(method != Method::HEAD || seen.body.is_empty(), "{path}");
        }
        assert_eq!(site.traces(), before, "{path}");
    }
}

on_both!(pages_of_links_are_kept_nowhere_and_tell_nobody, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let page = browser.submit(&Form::petition(&key())).await;
    for path in
        [page.clone(), site.link("confirm"), format!("/en{page}"), "/s/x".into(), "/c/x".into(), "/en/r/x".into()]
    {
        let seen = browser.get(&path).await;
        assert_eq!(seen.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(seen.header("x-content-type-options"), "nosniff", "{path}");
        assert!(seen.header("content-security-policy").contains("default-src 'self'"), "{path}");
    }
    assert_eq!(browser.get(&page).await.header("cache-control"), "no-store");
});
