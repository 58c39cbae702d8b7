//! The form of a petition: mistakes come back beside their fields with everything kept, and sending twice is sending once.

use chenqing::domain::submission::SubmissionState;
use chenqing::store::submissions;
use reqwest::Method;

use super::browser::{Browser, Form, key, see};
use super::site::Site;
use crate::support::on_both;

on_both!(mistakes_come_back_with_everything_kept, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let before = site.traces();
    let key = key();
    let form = Form::petition(&key)
        .with("name", "")
        .with("email", "lin@example")
        .with("phone", "請打給我")
        .with("subject", "短")
        .with("body", " ")
        .with("category", "no_such_thing")
        .with("place", "示範漁港 <b>北</b> \"堤\"")
        .with("confidential", "true")
        .with("reply_by", "letter")
        .without("kind")
        .without("consent");
    let seen = browser.send("/petitions", &form).await;
    seen.is(422);
    let fields = ["name", "email", "phone", "address", "subject", "body", "kind", "category", "consent"];
    assert_eq!(seen.wrong_fields(), fields);
    assert_eq!(seen.value("email"), "lin@example");
    assert_eq!(seen.value("phone"), "請打給我");
    assert_eq!(seen.value("place"), "示範漁港 <b>北</b> \"堤\"");
    assert_eq!(seen.value("idempotency_key"), key);
    seen.has("id=\"confidential-yes\" value=\"true\" checked").has("value=\"letter\" checked").has_not("<b>北</b>");
    seen.has("aria-invalid=\"true\"").has("請選擇這是哪一類的陳情").has("請閱讀個人資料保護告知事項");
    assert_eq!(site.traces(), before);

    // Corrected, it goes in under the same key.
    let page = browser.submit(&Form::petition(&key)).await;
    browser.get(&page).await.is(200);
    let submission = site.read(|db| submissions::get(db, 1));
    assert_eq!((submission.state, submission.confidential), (SubmissionState::Unconfirmed, false));
});

on_both!(a_plain_form_without_files_serves_as_well, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let seen = browser.post("/petitions", &Form::petition(&key()).pairs()).await;
    browser.get(&seen.is(303).location).await.is(200).has("還差一步");
});

on_both!(a_reload_and_the_way_back_show_the_same_page, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let form = Form::petition(&key()).file("位置圖.pdf", b"%PDF-1.7\n1 0 obj\n");
    let page = browser.submit(&form).await;
    site.wait(5);
    assert_eq!(browser.submit(&form).await, page);
    // The address was corrected in the meantime, and still it is the same page.
    site.wait(60);
    browser.post(&format!("{page}/address"), &[("email", "wang@example.org")]).await.is(303);
    assert_eq!(browser.submit(&form).await, page);
    let other = browser.send("/petitions", &form.clone().with("body", "另一件事情，請一併處理。")).await;
    other.is(422).has("這份表單已經送出過").has("另一件事情").has("href=\"/petitions/new\"");
    assert_eq!((site.count("submissions"), site.count("attachments"), site.letters("confirm").len()), (1, 1, 2));
});

on_both!(a_double_click_is_one_submission_and_one_mail, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let form = Form::petition(&key()).file("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let (kind, body) = form.multipart();
    let sent = (0..12).map(|_| {
        see(browser.request(Method::POST, "/petitions").header("content-type", kind.clone()).body(body.clone()))
    });
    let seen = futures_util::future::join_all(sent).await;
    let first = &seen[0].is(303).location;
    assert!(seen.iter().all(|one| one.status == 303 && one.location == *first));
    assert_eq!((site.count("submissions"), site.count("parties"), site.letters("confirm").len()), (1, 1, 1));
    assert_eq!(site.count("attachments"), 1);

    let link = site.link("confirm");
    let clicks = futures_util::future::join_all((0..12).map(|_| browser.post(&link, &[]))).await;
    assert!(clicks.iter().all(|click| click.status == 303));
    assert_eq!((site.count("cases"), site.letters("receipt").len()), (1, 1));
});

on_both!(a_key_that_is_none_is_refused, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    for key in ["", "short", "sixteen\0letters!", "鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵鍵", &"k".repeat(129)]
    {
        browser.send("/petitions", &Form::petition(key)).await.is(400).has("看不懂送來的資料");
    }
    assert_eq!(site.count("submissions"), 0);
});

on_both!(too_many_from_one_network_are_stopped_with_everything_kept, async |db| {
    let site = Site::with(db, |config| config.limits.submissions = 3);
    let browser = Browser::at(&site.base);
    for _ in 0..3 {
        browser.submit(&Form::petition(&key())).await;
        // Mistakes alone are not counted.
        browser.send("/petitions", &Form::petition(&key()).with("email", "x")).await.is(422);
    }
    let stopped = browser.send("/petitions", &Form::petition(&key())).await;
    stopped.is(429).has("送出太多次").has("在示範漁港北側堤防看到路燈熄滅").has("20分鐘後再送出");
    assert_eq!(stopped.value("name"), "林示範");
    assert_eq!(site.count("submissions"), 3);
});
