//! The whole way of a petition as its petitioner walks it: written, confirmed, received, followed, answered, rated; and in
//! English, and taken back.

use chenqing::store::reviews;

use super::browser::{Browser, Form, key, see};
use super::site::Site;
use crate::support::on_both;

const REPLY: &str = "您反映的路燈已經在9月23日修復。\n\n謝謝您的提醒。";

on_both!(from_the_form_to_the_rating, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);

    browser.get("/").await.is(200).has("6個工作天").has("02-0000-1000");
    let form = browser.get("/petitions/new").await;
    form.is(200).has("提出陳情").has("海難救助及為民服務");
    assert_eq!(form.header("cache-control"), "no-store");
    let typed = Form::petition(&form.value("idempotency_key")).with("category", "rescue_service");
    let page = browser.submit(&typed.file("位置圖.pdf", b"%PDF-1.7\n1 0 obj\n")).await;
    assert!(page.starts_with("/s/"), "{page}");

    let waiting = browser.get(&page).await;
    waiting.is(200).has("還差一步").has("lin@example.org");
    let confirm = site.link("confirm");
    // The page of whoever typed the form holds no way to confirm.
    waiting.has_not(confirm.trim_start_matches("/c/")).has_not("/c/");
    assert_eq!(waiting.header("referrer-policy"), "no-referrer");
    assert_eq!((site.count("cases"), site.count("submissions"), site.letters("confirm").len()), (0, 1, 1));

    site.wait(3600);
    browser.get(&confirm).await.is(200).has("位置圖.pdf").has("0900-000-123").has("確認並正式送件");
    assert_eq!(site.count("cases"), 0);
    assert_eq!(browser.post(&confirm, &[]).await.is(303).location, confirm);
    let receipt = browser.get(&confirm).await;
    let code = site.query_code();
    // Received on a Friday evening, six working days later with two holidays between.
    receipt.is(200).has("1150000001-").has(&code).has("115 年 9 月 30 日").has("（6個工作天）");
    browser.post(&confirm, &[]).await.is(303);
    assert_eq!(browser.get(&confirm).await.text(), receipt.text());
    assert_eq!((site.count("cases"), site.letters("receipt").len()), (1, 1));
    browser.get(&page).await.is(200).has("您已完成確認").has_not("lin@example.org");

    let number = site.read(|db| Ok(crate::support::rows::words(db, "SELECT number AS t FROM cases"))).remove(0);
    site.look_up(&browser, &number.replace('-', " "), &code.to_lowercase().replace('-', "")).await;
    let status = browser.get("/status/case").await;
    status.is(200).has("已收件").has("即將登記").has("期限6個工作天").has("教師節").has("還有6個工作天").has("分案中");

    site.wait(2 * 86_400);
    site.assign(&number);
    browser.get("/status").await.is(200);
    let gone = browser.get("/status/case").await;
    assert_eq!(gone.is(303).location, "/status");
    site.look_up(&browser, &number, &code).await;
    browser.get("/status/case").await.has("辦理中").has("後勤組").has_not("陳示例").has("/status/withdraw");

    site.answer(&number, REPLY, vec![]);
    let answered = browser.get("/status/case").await;
    answered
        .has("9月23日修復")
        .has("漁港法第18條")
        .has("陳示例")
        .has("02-0000-1234")
        .has_not("吳核稿")
        .has_not("/status/withdraw");

    let rate = site.link("reply");
    answered.has(&rate);
    browser.get(&rate).await.is(200).has("您對這次回復滿意嗎");
    let levels = [("result", "2"), ("clarity", "4"), ("speed", "5"), ("attitude", "4"), ("overall", "2")];
    let low = [&levels[..], &[("comment", "還是不亮。"), ("may_call", "true")]].concat();
    let thanks = browser.post(&rate, &low).await.is(303).location.clone();
    browser.get(&thanks).await.is(200).has("不滿意").has("同仁重新檢視");
    assert_eq!((site.count("ratings"), site.count("review_tasks")), (1, 1));
    browser.get(&rate).await.has("上次評分").has("還是不亮。");
    let better = [("result", "5"), ("clarity", "5"), ("speed", "5"), ("attitude", "5"), ("overall", "5")];
    browser.post(&rate, &better).await.is(303);
    browser.get(&thanks).await.has("非常滿意").has_not("同仁重新檢視");
    let case = site.case(&number);
    let rating = site.read(|db| reviews::of_case(db, case.id)).remove(0);
    assert_eq!((rating.overall, rating.changes, rating.comment.as_str()), (5, 1, ""));
    assert_eq!((site.count("ratings"), site.count("review_tasks")), (1, 1));

    site.wait(7 * 86_400);
    browser.get(&rate).await.is(410).has("評分期限已過");
    browser.post(&rate, &better).await.is(410).has("評分期限已過");
    site.look_up(&browser, &number, &code).await;
    browser.get("/status/case").await.is(200).has("9月23日修復").has_not("/r/");
});

on_both!(the_way_in_english, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    browser.get("/en").await.is(200).has("lang=\"en\"").has("Tell us what should be better");
    let form = browser.get("/en/petitions/new").await;
    form.is(200).has("action=\"/en/petitions\"").has("Rescue and public service").has("href=\"/petitions/new\"");
    let (kind, body) = Form::petition(&form.value("idempotency_key")).multipart();
    let sent = browser.request(reqwest::Method::POST, "/en/petitions").header("content-type", kind).body(body);
    let page = see(sent).await.is(303).location.clone();
    browser.get(&page).await.is(200).has("One more step").has(&format!("href=\"{}\"", page.trim_start_matches("/en")));
    let confirm = site.link("confirm");
    assert!(confirm.starts_with("/en/c/"), "{confirm}");
    browser.get(&confirm).await.is(200).has("Confirm and hand in");
    let number = site.confirm(&browser).await;
    site.assign(&number);
    site.answer(&number, REPLY, vec![]);
    let rate = site.link("reply");
    assert!(rate.starts_with("/en/r/"), "{rate}");
    browser.get(&rate).await.is(200).has("How satisfied are you");
    let code = site.query_code();
    let found = browser.post("/en/status", &[("number", &number), ("code", &code)]).await;
    assert_eq!(found.is(303).location, "/en/status/case");
    browser.get("/en/status/case").await.has("Logistics Division").has("Reply due by");
});

on_both!(a_petition_is_taken_back, async |db| {
    let site = Site::open(db);
    let (browser, other) = (Browser::at(&site.base), Browser::at(&site.base));
    let number = site.receive(&browser, &Form::petition(&key())).await;
    let code = site.query_code();
    site.assign(&number);
    assert_eq!(browser.get("/status/withdraw").await.is(303).location, "/status");
    site.look_up(&browser, &number, &code).await;
    let asked = browser.get("/status/withdraw").await;
    asked.is(200).has("撤回後，我們會停止辦理");
    let word = asked.value("token");

    // Another visit's form, or none, withdraws nothing.
    site.wait(1);
    site.look_up(&other, &number, &code).await;
    other.post("/status/withdraw", &[("token", &word)]).await.is(403);
    browser.post("/status/withdraw", &[]).await.is(403);
    assert!(!site.case(&number).state.is_finished());

    assert_eq!(browser.post("/status/withdraw", &[("token", &word)]).await.is(303).location, "/status/withdraw");
    browser.get("/status/withdraw").await.is(200).has("陳情已撤回").has(&number);
    browser.post("/status/withdraw", &[("token", &word)]).await.is(303);
    assert_eq!(site.letters("withdrawn").len(), 1);
    browser.get("/status/case").await.is(200).has("陳情人撤回").has_not("/status/withdraw").has("陳情人撤回");
});
