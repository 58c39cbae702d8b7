//! Looking a case up: wrong pairs all answer alike and are limited; what is shown is the petitioner's and nobody else's.

use chenqing::acts::{extend, note, transfer};
use chenqing::domain::link::Purpose;
use chenqing::domain::time::HOUR;
use chenqing::store::attachments::{Carrier, StoredFile, attach, of};
use chenqing::store::replies;
use jiff::civil::date;

use super::browser::{Browser, Form, key, see};
use super::site::Site;
use crate::support::on_both;

on_both!(wrong_pairs_answer_alike, async |db| {
    let site = Site::with(db, |config| config.limits.lookups = 100);
    let browser = Browser::at(&site.base);
    let number = site.receive(&browser, &Form::petition(&key())).await;
    let other = site.receive(&browser, &Form::petition(&key())).await;
    let (code, none) = (site.query_code(), "0".repeat(13));
    let pairs = [
        (&*number, &*none),
        (&*other, &*none),
        (&*number, &*code),
        ("1159999999-9", &*code),
        ("1150000001-0", &*code),
        ("x", &*code),
        ("' OR 1=1 --", "'"),
    ];
    let mut answers = Vec::new();
    for (number, code) in pairs {
        let seen = browser.post("/status", &[("number", number), ("code", code)]).await;
        assert_eq!(seen.is(422).wrong_fields(), ["number"]);
        assert_eq!(
            (seen.header("set-cookie"), seen.value("number"), seen.value("code")),
            ("", number.into(), code.into())
        );
        // What was typed stands in two fields; the rest is the answer.
        let text = seen.text();
        let fields = text.split("value=\"").skip(1).map(|field| field.split('"').next().unwrap());
        answers.push(fields.fold(text.clone(), |text, typed| text.replace(&format!("value=\"{typed}\""), "")));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    let missing = browser.post("/status", &[("number", "")]).await;
    assert_eq!(missing.is(422).wrong_fields(), ["number", "code"]);
    assert_eq!(browser.get("/status/case").await.is(303).location, "/status");
});

on_both!(wrong_pairs_are_limited, async |db| {
    let site = Site::with(db, |config| config.limits.lookups = 3);
    let browser = Browser::at(&site.base);
    let number = site.receive(&browser, &Form::petition(&key())).await;
    let code = site.query_code();
    for _ in 0..3 {
        browser.post("/status", &[("number", &number), ("code", "WRONG")]).await.is(422);
    }
    for (number, code) in [(&*number, &*code), ("1159999999-9", "WRONG"), ("x", "x")] {
        let stopped = browser.post("/status", &[("number", number), ("code", code)]).await;
        stopped.is(429).has("嘗試次數太多").has("15分鐘");
        assert_eq!(stopped.header("retry-after"), "900");
    }
    site.wait(HOUR);
    site.look_up(&browser, &number, &code).await;
});

on_both!(a_visit_ends_after_half_an_hour_and_cannot_be_made_up, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let number = site.receive(&browser, &Form::petition(&key())).await;
    let seen = browser.post("/status", &[("number", &number), ("code", &site.query_code())]).await;
    let cookie = seen.is(303).header("set-cookie").to_owned();
    for part in ["chenqing-visit=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1800"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    browser.get("/status/case").await.is(200);
    site.wait(1799);
    browser.get("/status/case").await.is(200);
    site.wait(1);
    assert_eq!(browser.get("/status/case").await.is(303).location, "/status");
    let case = site.case(&number);
    let until = site.now().plus_seconds(60);
    for word in [
        site.token(Purpose::Status, case.id, "", until),
        site.token(Purpose::Rate, case.id, "", until),
        case.id.to_string(),
    ] {
        let forged = Browser::at(&site.base);
        let request =
            forged.request(reqwest::Method::GET, "/status/case").header("cookie", format!("chenqing-visit={word}"));
        assert_eq!(see(request).await.is(303).location, "/status");
    }
});

on_both!(nobody_gets_other_peoples_files, async |db| {
    let site = Site::open(db);
    let (browser, stranger) = (Browser::at(&site.base), Browser::at(&site.base));
    let number = site.receive(&browser, &Form::petition(&key()).file("我的 <圖>.pdf", b"%PDF-1.7 mine")).await;
    let code = site.query_code();
    let foreign = site.receive(&stranger, &Form::petition(&key()).file("b.pdf", b"%PDF-1.7 other")).await;
    site.look_up(&browser, &number, &code).await;
    let (case, other) = (site.case(&number), site.case(&foreign));
    let own = site.read(|db| of(db, Carrier::Case(case.id))).remove(0);
    let theirs = site.read(|db| of(db, Carrier::Case(other.id))).remove(0);
    let mine = browser.get(&format!("/status/files/{}", own.id)).await;
    assert_eq!((mine.is(200).body.as_slice(), mine.header("content-type")), (&b"%PDF-1.7 mine"[..], "application/pdf"));
    let disposition = mine.header("content-disposition").to_owned();
    assert!(
        disposition.starts_with("attachment;") && disposition.contains("filename*=UTF-8''%E6%88%91"),
        "{disposition}"
    );
    assert!(mine.header("content-security-policy").contains("sandbox"));
    browser.get("/status/case").await.has(&format!("/status/files/{}", own.id)).has("我的 &lt;圖&gt;.pdf");

    // A reply's files are the petitioner's only from its approval on; those of another case never are.
    site.assign(&number);
    let bytes = b"%PDF-1.7 reply";
    let sha256 = site.app.files.put(bytes).unwrap();
    let file = StoredFile { sha256, name: "答復.pdf".into(), media_type: "application/pdf".into(), size: 14 };
    let (office, now, handler) = (site.office(), site.now(), site.person("handler"));
    let draft = chenqing::acts::draft::Draft { body: "草稿，還沒有完成。".into(), ..Default::default() };
    let version =
        chenqing::acts::draft::draft(office, now, &handler, case.id, site.case(&number).version, &draft).unwrap();
    assert!(version > 0);
    let reply = site.read(|db| replies::of_round(db, case.id, 1)).unwrap();
    let lease = file.clone();
    office
        .store
        .write(move |db| {
            chenqing::store::attachments::lease(db, &lease, now, now.plus_seconds(60))?;
            attach(db, std::slice::from_ref(&lease), Carrier::Reply(reply.id), now)
        })
        .unwrap();
    let drafted = site.read(|db| of(db, Carrier::Reply(reply.id))).remove(0);
    let ids = [theirs.id, drafted.id, 99_999, -1];
    for id in ids.iter().map(ToString::to_string).chain(["x".into(), "9999999999999999999999".into()]) {
        browser.get(&format!("/status/files/{id}")).await.is(404).has("找不到這個頁面");
    }
    browser.get("/status/case").await.has_not("草稿").has_not("答復.pdf");
    Browser::at(&site.base).get(&format!("/status/files/{}", own.id)).await.is(404);
    site.answer(&number, "路燈已經修復，謝謝您的提醒。", vec![]);
    assert_eq!(browser.get(&format!("/status/files/{}", drafted.id)).await.is(200).body, bytes);
    stranger.get(&format!("/status/files/{}", drafted.id)).await.is(404);
});

on_both!(an_extension_is_told_with_its_reason_and_notes_are_not, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let number = site.receive(&browser, &Form::petition(&key())).await;
    let code = site.query_code();
    let version = site.assign(&number);
    let (office, now, case) = (site.office(), site.now(), site.case(&number));
    let (handler, supervisor) = (site.person("handler"), site.person("supervisor"));
    note::note(office, now, &handler, case.id, version, "陳情人電話中情緒激動。").unwrap();
    let version = site.case(&number).version;
    extend::extend(office, now, &supervisor, case.id, version, date(2026, 10, 7), "需等候鑑定報告。").unwrap();
    site.look_up(&browser, &number, &code).await;
    let seen = browser.get("/status/case").await;
    seen.has("10 月 7 日").has("已延長").has("9 月 30 日").has("需等候鑑定報告。").has("展期後計入");
    seen.has_not("情緒激動").has_not("陳示例").has_not("吳核稿").has_not("林示範");
});

on_both!(a_transfer_is_told_with_the_agency, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let number = site.receive(&browser, &Form::petition(&key())).await;
    let code = site.query_code();
    let (case, registrar) = (site.case(&number), site.person("registrar"));
    transfer::transfer(
        site.office(),
        site.now(),
        &registrar,
        case.id,
        case.version,
        "示範市政府工務局",
        "道路由該局主管。",
    )
    .unwrap();
    site.look_up(&browser, &number, &code).await;
    let seen = browser.get("/status/case").await;
    seen.is(200)
        .has("移轉主管機關")
        .has("已移轉給示範市政府工務局")
        .has("道路由該局主管。")
        .has_not("/status/withdraw");
    browser.get("/status/withdraw").await.is(200).has("這件案子已經辦結");
    browser.get("/en/status/case").await.has("Transferred to 示範市政府工務局");
});
