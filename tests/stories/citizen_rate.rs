//! Rating a reply: every level is asked for, what was typed is kept, and a letter with another round's link is dead.

use chenqing::domain::link::Purpose;
use chenqing::domain::time::DAY;
use chenqing::store::replies;

use super::browser::{Browser, Form, key};
use super::site::Site;
use crate::support::on_both;

on_both!(a_missing_level_is_asked_for_and_the_rest_is_kept, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let number = site.receive(&browser, &Form::petition(&key())).await;
    site.assign(&number);
    site.answer(&number, "路燈已經修復，謝謝您的提醒。", vec![]);
    let rate = site.link("reply");
    let before = site.traces();
    let form = [
        ("result", "4"),
        ("clarity", "9"),
        ("attitude", "x"),
        ("comment", "修得很快 <i>謝謝</i>"),
        ("may_call", "true"),
    ];
    let seen = browser.post(&rate, &form).await;
    assert_eq!(seen.is(422).wrong_fields(), ["clarity", "speed", "attitude", "overall"]);
    seen.has("id=\"result-4\" value=\"4\" checked")
        .has("修得很快 &lt;i&gt;謝謝")
        .has("id=\"may_call-yes\" value=\"true\" checked");
    let long = "字".repeat(2001);
    let all =
        [("result", "4"), ("clarity", "4"), ("speed", "4"), ("attitude", "4"), ("overall", "4"), ("comment", &long)];
    assert_eq!(browser.post(&rate, &all).await.is(422).wrong_fields(), ["comment"]);
    assert_eq!(site.traces(), before);
    assert_eq!(browser.get(&format!("{rate}/thanks")).await.is(303).location, rate);
});

on_both!(a_link_of_another_nonce_rates_nothing, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let number = site.receive(&browser, &Form::petition(&key())).await;
    site.assign(&number);
    site.answer(&number, "路燈已經修復，謝謝您的提醒。", vec![]);
    let case = site.case(&number);
    let reply = site.read(|db| replies::of_round(db, case.id, 1)).unwrap();
    let levels = [("result", "4"), ("clarity", "4"), ("speed", "4"), ("attitude", "4"), ("overall", "4")];
    let until = site.now().plus_seconds(90 * DAY);
    for token in [
        site.token(Purpose::Rate, reply.id, "another", until),
        site.token(Purpose::Rate, reply.id + 1, &reply.nonce, until),
        site.token(Purpose::Confirm, reply.id, &reply.nonce, until),
    ] {
        browser.post(&format!("/r/{token}"), &levels).await.is(404).has("連結不完整");
        browser.get(&format!("/r/{token}")).await.is(404);
    }
    // A token whose own time is longer than the reply's does not keep the rating open.
    let longer = site.token(Purpose::Rate, reply.id, &reply.nonce, until);
    site.wait(8 * DAY);
    browser.post(&format!("/r/{longer}"), &levels).await.is(410).has("評分期限已過");
    assert_eq!(site.count("ratings"), 0);
});
