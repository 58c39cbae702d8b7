//! Hostile input: what is malformed, huge or meant to harm gets a clear answer, changes nothing, and is never shown as
//! anything but text.

use std::fmt::Write;

use actix_web::FromRequest;
use actix_web::test::TestRequest;
use chenqing::config::Config;
use chenqing::web::forms;
use proptest::prelude::*;
use reqwest::Method;

use super::browser::{Browser, Form, key, see};
use super::site::Site;
use crate::support::on_both;

/// Sends a body under a content type.
async fn send(browser: &Browser, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> super::browser::Seen {
    see(browser.request(Method::POST, path).header("content-type", kind).body(body)).await
}

on_both!(malformed_forms_are_refused_in_words, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let before = site.traces();
    let (good, body) = Form::petition(&key()).multipart();
    let text = String::from_utf8(body.clone()).unwrap();
    let part = |head: &str, value: &[u8]| {
        let mut body = format!("--b\r\n{head}\r\n\r\n").into_bytes();
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n--b--\r\n");
        body
    };
    let named = "Content-Disposition: form-data; name=\"name\"";
    let mut thousand = String::new();
    let mut parts = String::new();
    for n in 0..1000 {
        write!(thousand, "field{n}=x&").unwrap();
        write!(parts, "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n").unwrap();
    }
    parts.push_str("--b--\r\n");
    let nested = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n\
                  --c\r\n\r\n--b--\r\n--c--\r\n";
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("multipart/form-data; boundary=another", body.clone()),
        ("multipart/form-data", body.clone()),
        ("multipart/form-data; boundary=", body.clone()),
        ("multipart/form-data; boundary=\"", body.clone()),
        (&good, body[..body.len() / 2].to_vec()),
        (&good, text.replace("\r\n", "\n").into_bytes()),
        (&good, Vec::new()),
        ("multipart/form-data; boundary=b", part(named, b"\xff\xfe\x80")),
        ("multipart/form-data; boundary=b", part("Content-Disposition: form-data", b"x")),
        ("multipart/form-data; boundary=b", part("X: y", b"x")),
        ("multipart/form-data; boundary=b", nested.as_bytes().to_vec()),
        ("multipart/form-data; boundary=b", parts.into_bytes()),
        ("multipart/form-data; boundary=b", b"--b\r\n".repeat(10_000)),
        ("application/x-www-form-urlencoded", thousand.into_bytes()),
        ("application/json", b"{}".to_vec()),
        ("text/plain", b"name=x".to_vec()),
        ("", b"name=x".to_vec()),
    ];
    for (kind, body) in cases {
        let seen = send(&browser, "/petitions", kind, body).await;
        seen.is(400).has("看不懂送來的資料");
        assert_eq!(site.traces(), before, "{kind}");
    }
    for path in ["/status", "/status/withdraw", "/status/supplement", "/s/x/address", "/r/x"] {
        send(&browser, path, "multipart/form-data; boundary=b", "--c").await.is(400);
    }
});

on_both!(what_is_too_large_is_refused_and_the_answer_arrives, async |db| {
    let site = Site::with(db, |config| config.attachments.max_bytes = 65_536);
    let browser = Browser::at(&site.base);
    let huge = "字".repeat(400_000);
    for form in [Form::petition(&key()).with("body", &huge), Form::petition(&key()).with("name", &huge)] {
        browser.send("/petitions", &form).await.is(413).has("檔案太大");
        browser.post("/petitions", &form.pairs()).await.is(413).has("檔案太大");
    }
    let file = vec![0_u8; 8 * 1024 * 1024];
    browser.send("/petitions", &Form::petition(&key()).file("a.pdf", &file)).await.is(413).has("檔案太大");
    browser.post("/status", &[("number", &*huge), ("code", "x")]).await.is(413);
    // Long, but not too long to be read: a field that says what is wrong with it.
    let long = "字".repeat(20_001);
    let seen = browser.send("/petitions", &Form::petition(&key()).with("body", &long)).await;
    assert_eq!(seen.is(422).wrong_fields(), ["body"]);
    assert_eq!(site.count("submissions"), 0);
});

on_both!(markup_and_control_characters_stay_text, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let evil = "</textarea>\"'><script>alert(1)</script>{{shell.csrf}}";
    let fields = [
        "name",
        "email",
        "phone",
        "address",
        "subject",
        "body",
        "place",
        "kind",
        "category",
        "reply_by",
        "idempotency_key",
    ];
    let all = fields
        .iter()
        .fold(Form::petition(&key()), |form, field| form.with(field, evil))
        .with("idempotency_key", &format!("{}\"><b>", key()));
    let seen = browser.send("/petitions", &all).await;
    seen.is(422).has_not("<script>alert").has_not("\"><b>").has("&lt;script&gt;alert(1)").has("{{shell.csrf}}");
    let nul = "林\0示\u{202E}範\u{7}";
    let form = Form::petition(&key())
        .with("name", &format!("{nul}<b>"))
        .with("subject", evil)
        .with("body", &format!("{evil}\0\r\n\r\n第二段\u{1b}[31m"))
        .with("place", evil)
        .with("address", evil);
    let page = browser.submit(&form).await;
    let (confirm, shown) = (site.link("confirm"), "&lt;script&gt;alert(1)&lt;/script&gt;");
    browser.get(&page).await.is(200).has(shown).has_not("<script>alert");
    browser.get(&confirm).await.is(200).has(shown).has("林示範&lt;b&gt;").has_not("<script>alert").has_not("\u{1b}");
    let number = site.confirm(&browser).await;
    browser.get(&confirm).await.is(200).has(shown).has_not("<script>alert");
    let code = site.query_code();
    site.look_up(&browser, &number, &code).await;
    browser.get("/status/case").await.is(200).has(shown).has_not("<script>alert");
    browser.get("/status/withdraw").await.is(200).has(shown).has_not("<script>alert");
    site.assign(&number);
    site.answer(&number, &format!("{evil}\n\n回復的內容。"), vec![]);
    browser.get("/status/case").await.is(200).has(shown).has_not("<script>alert");
    let rate = site.link("reply");
    let levels =
        [("result", "4"), ("clarity", "4"), ("speed", "4"), ("attitude", "4"), ("overall", "4"), ("comment", evil)];
    browser.post(&rate, &levels).await.is(303);
    browser.get(&rate).await.is(200).has(shown).has_not("<script>alert");
    let wrong = browser.post("/status", &[("number", evil), ("code", evil)]).await;
    wrong.is(422).has(shown).has_not("<script>alert");
    let api = browser.request(Method::GET, "/api/v1/petitions/%3Cscript%3E").header("chenqing-code", "x");
    see(api).await.is(404).has_not("<script>");
});

on_both!(strange_addresses_are_not_found, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    for path in [
        "/nothing",
        "/s/",
        "/c/",
        "/petitions",
        "/status/files/",
        "/assets/x/../../Cargo.toml",
        "/%2e%2e/etc/passwd",
        "/c/a/b",
    ] {
        browser.get(path).await.is(404).has("找不到這個頁面");
    }
    for path in ["/s/%ff%fe".to_owned(), format!("/c/{}", "a".repeat(8000))] {
        browser.get(&path).await.is(404).has("連結不完整");
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
        assert_eq!(see(browser.request(method, "/petitions")).await.status, 404);
    }
    browser.get("/en/nothing").await.is(404).has("Page not found");
});

fn body_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"--b\r\n".to_vec()),
        Just(b"--b--\r\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"Content-Disposition: form-data; name=\"a\"\r\n\r\n".to_vec()),
        Just(b"Content-Disposition: form-data; name=\"a\"; filename=\"\xe5\x9c\x96.pdf\"\r\n\r\n".to_vec()),
        Just(b"Content-Disposition: form-data; filename*=UTF-8''%ff\r\n\r\n".to_vec()),
        Just(b"Content-Type: multipart/mixed; boundary=b\r\n".to_vec()),
        Just(b"a=b&%ff=%zz&=&&".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..40),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

thread_local! {
    /// One for all bodies: nothing in them waits for anything.
    static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn no_body_makes_the_reading_of_forms_panic(body in body_like(), kind in prop_oneof![
        Just("multipart/form-data; boundary=b".to_owned()),
        Just("application/x-www-form-urlencoded".to_owned()),
        "multipart/form-data; boundary=[ -~]{0,8}",
        "[ -~]{0,20}",
    ]) {
        let rules = Config::defaults().unwrap().attachments;
        RUNTIME.with(|runtime| runtime.block_on(async {
            let (request, mut payload) = TestRequest::default().insert_header(("content-type", kind)).set_payload(body).to_http_parts();
            let payload = actix_web::web::Payload::from_request(&request, &mut payload).await.unwrap();
            if let Ok(form) = forms::read(&request, payload, &rules).await {
                prop_assert!(form.files.iter().all(|file| !file.name.contains(['/', '\\', '\0', '\n'])));
            }
            Ok(())
        }))?;
    }
}
