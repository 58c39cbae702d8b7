//! The interface for programs: what the form and the status page do, in JSON, described by an OpenAPI file.

use data_encoding::BASE64;
use reqwest::Method;
use serde_json::{Value, json};

use super::browser::{Browser, Form, Seen, key, see};
use super::site::Site;
use crate::support::on_both;

const PETITIONS: &str = "/api/v1/petitions";

fn petition() -> Value {
    json!({
        "name": "林示範", "email": "lin@example.org", "phone": "0900-000-123", "subject": "示範漁港北堤路燈不亮",
        "body": "示範漁港北側堤防的路燈已經三天沒有亮。", "kind": "suggestion", "consent": true,
        "attachments": [{ "name": "位置圖.pdf", "content": BASE64.encode(b"%PDF-1.7\n") }],
    })
}

async fn send(browser: &Browser, key: &str, body: &Value) -> Seen {
    see(browser.request(Method::POST, PETITIONS).header("idempotency-key", key).json(body)).await
}

fn fields(seen: &Seen) -> Vec<String> {
    let json = seen.json();
    json["error"]["fields"].as_array().unwrap().iter().map(|f| f["field"].as_str().unwrap().to_owned()).collect()
}

on_both!(a_program_hands_in_and_follows, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let key = key();
    let taken = send(&browser, &key, &petition()).await;
    let answer = taken.is(202).json();
    assert_eq!(
        (answer["state"].as_str(), answer["confirm_before"].as_str()),
        (Some("unconfirmed"), Some("2026-09-21T09:30:00Z"))
    );
    assert_eq!(taken.header("cache-control"), "no-store");
    let id = answer["submission_id"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 32);
    for path in ["/s/", "/c/", "/api/v1/petitions/"] {
        see(browser.request(Method::GET, &format!("{path}{id}")).header("chenqing-code", &*id)).await.is(404);
    }
    assert_eq!(send(&browser, &key, &petition()).await.is(202).json(), answer);
    let mut other = petition();
    other["body"] = "另一件事。".into();
    let used = send(&browser, &key, &other).await;
    assert_eq!(used.is(422).json()["error"]["code"], "refused-idempotency");
    assert_eq!((site.count("submissions"), site.count("attachments"), site.letters("confirm").len()), (1, 1, 1));

    let number = site.confirm(&browser).await;
    assert_eq!(send(&browser, &key, &petition()).await.is(202).json()["state"], "confirmed");
    let code = site.query_code();
    let path = format!("{PETITIONS}/{number}");
    let follow =
        || see(browser.request(Method::GET, &path).header("chenqing-code", &*code).header("accept-language", "en"));
    let status = follow().await.is(200).json();
    assert_eq!(
        (&status["number"], &status["state"], &status["state_text"]),
        (&json!(number), &json!("received"), &json!("Received"))
    );
    assert_eq!(
        (&status["due_on"], &status["reply"], &status["unit"]),
        (&json!("2026-09-30"), &Value::Null, &Value::Null)
    );
    assert_eq!(status["explanation"]["days"].as_array().unwrap().len(), 13);
    assert_eq!(status["attachments"][0]["name"], "位置圖.pdf");
    site.assign(&number);
    site.answer(&number, "路燈已經修復，謝謝您的提醒。", vec![]);
    let status = follow().await.is(200).json();
    assert_eq!((&status["state"], &status["unit"]), (&json!("replied"), &json!("Logistics Division")));
    assert_eq!(
        (&status["reply"]["officer_name"], &status["reply"]["text"]),
        (&json!("陳示例"), &json!("路燈已經修復，謝謝您的提醒。"))
    );
    assert_eq!(status["steps"][3], json!({ "name": "replied", "state": "done", "at": site.now() }));
    let text = status.to_string();
    for hidden in ["吳核稿", "林示範", "lin@example.org", &code] {
        assert!(!text.contains(hidden), "{hidden}");
    }
});

on_both!(a_form_serves_programs_too, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let form = Form::petition(&key())
        .without("idempotency_key")
        .without("reply_by")
        .with("locale", "en")
        .file("位置圖.pdf", b"%PDF-1.7\n");
    let (kind, body) = form.multipart();
    let sent = browser
        .request(Method::POST, PETITIONS)
        .header("idempotency-key", key())
        .header("content-type", kind)
        .body(body);
    see(sent).await.is(202);
    assert_eq!(site.letters("confirm")[0].locale, "en");
    // The extended form of a name, which programs send.
    let part = reqwest::multipart::Part::bytes(b"%PDF-1.7\n".to_vec()).file_name("位置圖二.pdf");
    let mut form = reqwest::multipart::Form::new().part("attachments", part);
    for (name, value) in petition().as_object().unwrap().iter().filter(|(_, v)| !v.is_array()) {
        form = form.text(name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    see(browser.request(Method::POST, PETITIONS).header("idempotency-key", key()).multipart(form)).await.is(202);
    let names = site.read(|db| Ok(crate::support::rows::words(db, "SELECT name AS t FROM attachments ORDER BY id")));
    assert_eq!(names, ["位置圖.pdf", "位置圖二.pdf"]);
});

on_both!(every_refusal_is_json_in_the_readers_language, async |db| {
    let site = Site::with(db, |config| config.attachments.max_bytes = 65_536);
    let browser = Browser::at(&site.base);
    let wrong = json!({ "email": "x", "kind": "letter", "category": "none", "reply_by": "pigeon", "body": "x\0" });
    let seen = send(&browser, &key(), &wrong).await;
    assert_eq!(fields(seen.is(422)), ["name", "email", "phone", "subject", "kind", "category", "reply_by", "consent"]);
    assert_eq!(seen.json()["error"]["message"], "有些內容需要修改。");
    let english = browser
        .request(Method::POST, PETITIONS)
        .header("idempotency-key", key())
        .header("accept-language", "en-US,en;q=0.9")
        .json(&wrong);
    let seen = see(english).await;
    assert!(seen.json()["error"]["fields"][7]["message"].as_str().unwrap().is_ascii());
    assert_eq!(seen.json()["error"]["message"], "Some things need correcting.");

    let mut lying = petition();
    lying["attachments"] =
        json!([{ "name": "a.pdf", "content": BASE64.encode(b"MZ\x90\0\x03") }, { "name": "b.pdf", "content": "" }]);
    assert_eq!(fields(send(&browser, &key(), &lying).await.is(422)), ["attachments", "attachments"]);
    lying["attachments"] = json!([{ "name": "a.pdf", "content": "not base 64!" }]);
    send(&browser, &key(), &lying).await.is(422).has("「a.pdf」的內容不是base64");
    lying["attachments"] = json!([{ "name": "a.pdf", "content": BASE64.encode(&vec![b' '; 100_000]) }]);
    send(&browser, &key(), &lying).await.is(422).has("「a.pdf」超過");

    let raw = |kind: &'static str, body: Vec<u8>| {
        see(browser
            .request(Method::POST, PETITIONS)
            .header("idempotency-key", key())
            .header("content-type", kind)
            .body(body))
    };
    for (kind, body, status, code) in [
        ("application/json", b"{".to_vec(), 400, "refused-json"),
        ("application/json", b"[]".to_vec(), 400, "refused-json"),
        ("application/json", b"\xff\xfe".to_vec(), 400, "refused-json"),
        ("application/json", br#"{"nmae":"x"}"#.to_vec(), 400, "refused-json"),
        ("application/json", [b"[".repeat(100_000), b"]".repeat(100_000)].concat(), 400, "refused-json"),
        ("application/json; charset=utf-8", br#"{"name":7}"#.to_vec(), 400, "refused-json"),
        ("text/xml", b"<a/>".to_vec(), 415, "refused-content-type"),
        ("", b"{}".to_vec(), 415, "refused-content-type"),
        ("multipart/form-data; boundary=b", b"--c".to_vec(), 400, "refused-bad-request"),
        ("application/json", vec![b' '; 4 * 1024 * 1024], 413, "refused-too-large"),
    ] {
        let seen = raw(kind, body).await;
        assert_eq!((seen.status, seen.json()["error"]["code"].as_str()), (status, Some(code)), "{kind}");
        assert_eq!(seen.header("content-type"), "application/json");
    }
    for bad in ["", "short", &"k".repeat(129)] {
        assert_eq!(fields(send(&browser, bad, &petition()).await.is(422)), ["Idempotency-Key"]);
    }
    assert_eq!(
        see(browser.request(Method::GET, "/api/v1/nothing")).await.is(404).json()["error"]["code"],
        "error-not-found"
    );
    assert_eq!(site.count("submissions"), 0);
});

on_both!(look_ups_and_floods_are_limited_for_programs_too, async |db| {
    let site = Site::with(db, |config| (config.limits.lookups, config.limits.submissions) = (2, 2));
    let browser = Browser::at(&site.base);
    let number = site.receive(&browser, &Form::petition(&key())).await;
    let code = site.query_code();
    let ask = |number: &str, code: &str| {
        see(browser.request(Method::GET, &format!("{PETITIONS}/{number}")).header("chenqing-code", code))
    };
    let missing = browser.get(&format!("{PETITIONS}/{number}")).await;
    assert_eq!(fields(missing.is(422)), ["Chenqing-Code"]);
    let (one, two) = (ask(&number, "WRONG").await, ask("1159999999-9", &code).await);
    assert_eq!((one.is(404).text(), one.status), (two.text(), two.status));
    let stopped = ask(&number, &code).await;
    assert_eq!(
        (stopped.is(429).json()["error"]["code"].as_str(), stopped.header("retry-after")),
        (Some("refused-too-many-tries"), "900")
    );
    // The page counts the same tries.
    browser.post("/status", &[("number", &number), ("code", &code)]).await.is(429);
    send(&browser, &key(), &petition()).await.is(202);
    let stopped = send(&browser, &key(), &petition()).await;
    assert_eq!(
        (stopped.is(429).json()["error"]["code"].as_str(), stopped.header("retry-after")),
        (Some("refused-too-many-submissions"), "1800")
    );
});

on_both!(the_page_for_programmers_says_what_the_description_says, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let description = browser.get("/api/openapi.json").await.is(200).json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3."));
    let (page, english) = (browser.get("/api").await, browser.get("/en/api").await);
    page.is(200).has("提出陳情").has("href=\"/en/api\"").has("/api/openapi.json");
    english.is(200).has("Submit a petition").has("href=\"/api\"");
    for (path, operations) in description["paths"].as_object().unwrap() {
        page.has(&format!("<code>{}</code>", path));
        for (method, operation) in operations.as_object().unwrap() {
            page.has(&method.to_uppercase());
            for parameter in operation["parameters"].as_array().unwrap().iter().filter(|p| p["required"] == true) {
                english.has(&format!("<code>{}</code>", parameter["name"].as_str().unwrap()));
            }
            for status in operation["responses"].as_object().unwrap().keys() {
                english.has(&format!("<code>{status}</code>"));
            }
        }
    }
    let required = description["components"]["schemas"]["NewPetition"]["required"].as_array().unwrap();
    let example: Value = petition();
    assert!(required.iter().all(|field| example.get(field.as_str().unwrap()).is_some()), "{required:?}");
});
