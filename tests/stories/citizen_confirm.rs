//! Until it is confirmed: the page of a submission, another mail, another address; links that no longer serve.

use chenqing::domain::link::Purpose;
use chenqing::domain::submission::SubmissionState;
use chenqing::domain::time::{DAY, Moment};
use chenqing::store::{parties, submissions};

use super::browser::{Browser, Form, key};
use super::site::Site;
use crate::support::on_both;

on_both!(the_address_is_corrected_and_the_old_link_is_dead, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let page = browser.submit(&Form::petition(&key()).with("email", "lni@example.org")).await;
    let (old, address) = (site.link("confirm"), format!("{page}/address"));
    browser.post(&address, &[("email", "lin@example.org")]).await.is(429).has("剛剛才寄出");
    site.wait(61);
    let wrong = browser.post(&address, &[("email", "lin@@example.org")]).await;
    assert_eq!(wrong.is(422).wrong_fields(), ["email"]);
    assert_eq!(wrong.value("email"), "lin@@example.org");
    let done = browser.post(&address, &[("email", "lin@example.org")]).await;
    assert_eq!(done.is(303).location, format!("{page}?done=corrected"));
    browser.get(&done.location).await.is(200).has("電子郵件已更正").has("lin@example.org").has_not("lni@example.org");

    browser.get(&old).await.is(410).has("這個連結已經換新");
    browser.post(&old, &[]).await.is(410).has("這個連結已經換新");
    assert_eq!(site.count("cases"), 0);
    let new = site.link("confirm");
    assert_ne!(new, old);
    let submission = site.read(|db| submissions::get(db, 1));
    let party = site.read(|db| parties::open(db, &site.office().keys, submission.party_id));
    assert_eq!((party.email.as_str(), submission.expires_at), ("lin@example.org", site.now().plus_seconds(3 * DAY)));
    browser.get(&new).await.is(200).has("lin@example.org");
    browser.post(&new, &[]).await.is(303);
    browser.post(&address, &[("email", "wang@example.org")]).await.is(403).has("已經確認過了");
});

on_both!(the_mail_comes_again_a_few_times, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let page = browser.submit(&Form::petition(&key())).await;
    let (link, again) = (site.link("confirm"), format!("{page}/resend"));
    browser.post(&again, &[]).await.is(429).has("剛剛才寄出");
    for left in [2, 1, 0] {
        site.wait(61);
        browser.get(&page).await.has(&format!("還可以使用{}次", left + 1));
        let done = browser.post(&again, &[]).await;
        browser.get(&done.is(303).location).await.has("確認信已經再寄一次");
        assert_eq!(site.link("confirm"), link, "the link stays");
    }
    site.wait(61);
    browser.get(&page).await.has("已經不能再寄").has("更正次數已用完");
    browser.post(&again, &[]).await.is(429).has("太多次");
    browser.post(&format!("{page}/address"), &[("email", "wang@example.org")]).await.is(429);
    assert_eq!(site.letters("confirm").len(), 4);
});

on_both!(what_is_not_confirmed_in_time_is_no_case, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let page = browser.submit(&Form::petition(&key())).await;
    let link = site.link("confirm");
    site.wait(3 * DAY);
    // Before the job has come by, and after.
    for _ in 0..2 {
        browser.get(&link).await.is(410).has("連結已經過期");
        browser.post(&link, &[]).await.is(410).has("連結已經過期");
        browser.get(&page).await.is(200).has("確認期限已過").has_not("action=");
        browser.post(&format!("{page}/resend"), &[]).await.is(410);
        browser.post(&format!("{page}/address"), &[("email", "wang@example.org")]).await.is(410);
        chenqing::acts::expire::expire(site.office(), site.now()).unwrap();
    }
    assert_eq!(site.read(|db| submissions::get(db, 1)).state, SubmissionState::Expired);
    assert_eq!((site.count("cases"), site.letters("confirm").len()), (0, 1));
});

on_both!(a_bounced_submission_asks_for_another_address, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let page = browser.submit(&Form::petition(&key())).await;
    let bounce = |db: &mut chenqing::store::Db| {
        let mut submission = submissions::lock(db, 1)?;
        submission.state = SubmissionState::Bounced;
        submissions::save(db, &submission)
    };
    site.office().store.write(bounce).unwrap();
    browser.get(&page).await.is(200).has("確認信被退回來了");
    // The mail that came back need not be waited for; the next one does.
    let address = format!("{page}/address");
    browser.post(&address, &[("email", "wang@example.org")]).await.is(303);
    browser.get(&page).await.has("還差一步").has("wang@example.org");
    browser.post(&address, &[("email", "chen@example.org")]).await.is(429);
});

on_both!(tokens_open_their_own_page_only, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let page = browser.submit(&Form::petition(&key())).await;
    let (own, confirm) = (page.trim_start_matches("/s/").to_owned(), site.link("confirm"));
    let mailed = confirm.trim_start_matches("/c/").to_owned();
    let before = site.traces();
    let submission = site.read(|db| submissions::get(db, 1));
    let until = submission.expires_at;
    let nonce = submission.created_at.0.to_string();
    let foreign = site.token(Purpose::Submission, 1, "0", until);
    let missing = site.token(Purpose::Submission, 99, &nonce, until);
    let expired = site.token(Purpose::Submission, 1, &nonce, Moment(1));
    let mut broken = own.clone();
    broken.pop();
    for token in [&mailed, &foreign, &missing, &expired, &broken, "x", "%00", "..%2f..%2fetc"] {
        browser.get(&format!("/s/{token}")).await.is(404).has("連結不完整");
        browser.post(&format!("/s/{token}/resend"), &[]).await.is(404);
        browser.post(&format!("/s/{token}/address"), &[("email", "wang@example.org")]).await.is(404);
    }
    for token in [&own, &broken, "x"] {
        browser.get(&format!("/c/{token}")).await.is(404).has("連結不完整");
        browser.post(&format!("/c/{token}"), &[]).await.is(404);
        browser.get(&format!("/r/{token}")).await.is(404).has("連結不完整");
        browser.get(&format!("/r/{token}/thanks")).await.is(404);
        browser.post(&format!("/r/{token}"), &[("overall", "5")]).await.is(404);
    }
    assert_eq!(site.traces(), before);
});

on_both!(the_registrars_decision_is_told_to_whoever_confirms_late, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let page = browser.submit(&Form::petition(&key())).await;
    let dismiss = |db: &mut chenqing::store::Db| {
        let mut submission = submissions::lock(db, 1)?;
        submission.state = SubmissionState::Dismissed;
        submissions::save(db, &submission)
    };
    site.office().store.write(dismiss).unwrap();
    let link = site.link("confirm");
    browser.get(&link).await.is(410).has("已由同仁歸檔");
    browser.post(&link, &[]).await.is(410).has("已由同仁歸檔");
    browser.get(&page).await.is(200).has("這份陳情沒有收件");
    assert_eq!(site.count("cases"), 0);
});
