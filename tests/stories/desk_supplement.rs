//! The petitioner is asked to supplement: the letter, the status page, the clocks meanwhile and after, what staff enter, and
//! the end when nothing comes.

use chenqing::acts::standing;
use chenqing::domain::asking::SupplementState;
use chenqing::domain::case::{CloseCode, State};
use chenqing::domain::time::{DAY, HOUR};
use chenqing::reports::year;
use chenqing::store::{clocks, supplements};

use super::browser::{Browser, Form, see};
use super::desk::{in_progress, open, petition, received, reply, sign_in};
use super::site::Site;
use crate::support::on_both;

const QUESTION: [(&str, &str); 1] = [("question", "請告訴我們：\n一、路燈的編號。\n二、看到的時間。")];

/// A form as the status page's own, with what it hides.
async fn form(browser: &Browser, answer: &str) -> Form {
    let page = browser.get("/status/supplement").await;
    page.is(200);
    Form::default()
        .with("token", &page.value("token"))
        .with("idempotency_key", &page.value("idempotency_key"))
        .with("answer", answer)
}

fn last_days(site: &Site, number: &str) -> (String, String) {
    let case = site.case(number);
    let day = |at: Option<chenqing::domain::time::Moment>| {
        at.unwrap().plus_seconds(-1).date_in(&site.office().zone).to_string()
    };
    (day(case.original_due_at), day(case.due_at))
}

on_both!(asked_answered_and_counted_anew, async |db| {
    let site = open(db);
    let browser = Browser::at(&site.base);
    let number = received(&site, petition());
    let code = site.query_code();
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    in_progress(&site, &number, &registrar).await;
    site.look_up(&browser, &number, &code).await;
    // Nothing is asked for yet.
    assert_eq!(browser.get("/status/supplement").await.is(303).location, "/status/case");

    let seen = handler.act(&site, &number, "ask_supplement", &[("question", " ")]).await;
    assert_eq!(seen.is(422).wrong_fields(), ["ask_supplement-question"]);
    let page = handler.must(&site, &number, "ask_supplement", &QUESTION).await;
    page.has("待補正").has("暫停計算").has("路燈的編號").has("待陳情人補正");
    // Seven days end on a holiday; so do the three after it.
    page.has("115 年 9 月 29 日");
    assert_eq!(site.case(&number).state, State::AwaitingPetitioner);
    assert_eq!(site.letters("supplement_asked").len(), 1);
    handler.act(&site, &number, "ask_supplement", &QUESTION).await.is(403).has("待補正");
    // The reply may be drafted meanwhile, not submitted.
    handler.get(&format!("/desk/cases/{number}/draft")).await.is(200);
    handler.write(&site, &number, "submit_reply", reply()).await.is(403);

    let status = browser.get("/status/case").await;
    status.is(200).has("待補正").has("請您補充資料").has("路燈的編號").has("暫停計算").has("/status/supplement");
    status.has_not("王範例");
    browser.get("/en/status/case").await.is(200).has("We need something more from you").has("stands still");
    browser.get("/en/status/supplement").await.is(200).has("Add what was asked for");

    // Only the visit that number and code opened gives it.
    let good = form(&browser, "北堤第三盞，編號B-03。").await;
    let stranger = Browser::at(&site.base);
    let other = received(&site, petition());
    site.look_up(&stranger, &other, &site.query_code()).await;
    stranger.send("/status/supplement", &good).await.is(403);
    browser.send("/status/supplement", &good.clone().with("token", "")).await.is(403);
    assert_eq!(Browser::at(&site.base).send("/status/supplement", &good).await.is(303).location, "/status");
    let wrong = browser.send("/status/supplement", &good.clone().with("answer", "  ")).await;
    assert_eq!(wrong.is(422).wrong_fields(), ["answer"]);
    let lie = good.clone().file("圖.pdf", b"MZ this is a program");
    browser.send("/status/supplement", &lie).await.is(422).has("北堤第三盞").has("內容和副檔名不符");
    assert_eq!(site.case(&number).state, State::AwaitingPetitioner);

    // Five days on, two of them worked: pages move on by themselves, lists and figures with the job.
    site.wait(5 * DAY);
    let handler = sign_in(&site, "d.handler").await;
    assert_eq!(last_days(&site, &number), ("2026-09-30".into(), "2026-09-30".into()));
    handler.case(&number).await.is(200).has("115/10/02").has("暫停計算");
    assert_eq!(standing::standing(site.office(), site.now()).unwrap(), 1);
    assert_eq!(standing::standing(site.office(), site.now()).unwrap(), 0);
    assert_eq!(last_days(&site, &number), ("2026-10-02".into(), "2026-10-02".into()));
    site.look_up(&browser, &number, &code).await;
    browser.get("/status/case").await.has("115 年 10 月 2 日").has("暫停計算");

    let good = form(&browser, "北堤第三盞，編號B-03。").await.file("第三盞.pdf", b"%PDF-1.7 lamp");
    assert_eq!(browser.send("/status/supplement", &good).await.is(303).location, "/status/case");
    assert_eq!(browser.send("/status/supplement", &good).await.is(303).location, "/status/case");
    let case = site.case(&number);
    assert_eq!((case.state, site.letters("supplement_given").len()), (State::InProgress, 1));
    assert_eq!(site.letters("supplement_given")[0].staff_id, Some(site.person("d.handler").id));
    assert_eq!(last_days(&site, &number), ("2026-10-02".into(), "2026-10-02".into()));
    let asked = site.read(|db| supplements::of_case(db, case.id));
    assert_eq!((asked.len(), asked[0].state), (1, SupplementState::Given));
    assert_eq!(site.read(|db| clocks::get(db, asked[0].clock_id)).finished_at, Some(site.now()));
    browser.get("/status/case").await.has("北堤第三盞").has("第三盞.pdf").has_not("請您補充資料");
    handler.case(&number).await.has("陳情人補正").has("第三盞.pdf").has("收到補正資料").has_not("暫停計算</span>");

    // What the page explains is what the engine answers.
    let told = handler.get(&format!("/desk/cases/{number}/clocks.json")).await.is(200).json();
    let reply = &told["clocks"][0];
    assert_eq!((reply["purpose"].as_str(), reply["due_on"].as_str()), (Some("reply"), Some("2026-10-02")));
    let days = reply["days"].as_array().unwrap();
    assert_eq!(days.last().unwrap()["date"], "2026-10-02");
    assert_eq!(days.last().unwrap()["counted"], 6);
    let paused: Vec<&str> =
        days.iter().filter(|d| d["reason"] == "paused").map(|d| d["date"].as_str().unwrap()).collect();
    assert_eq!(paused, ["2026-09-19", "2026-09-20", "2026-09-21", "2026-09-22"]);
    assert!(days.iter().filter(|d| d["reason"] == "paused").all(|d| d["note"] == "待陳情人補正"));
    let request = browser.request(reqwest::Method::GET, &format!("/api/v1/petitions/{number}"));
    let api = see(request.header("chenqing-code", &code)).await.is(200).json();
    assert_eq!((&api["due_on"], &api["stands_still"]), (&"2026-10-02".into(), &false.into()));
    assert_eq!(api["explanation"]["days"], reply["days"]);
});

on_both!(entered_by_staff_given_up_or_missing, async |db| {
    let site = open(db);
    let numbers: Vec<String> = (0..3).map(|_| received(&site, petition())).collect();
    let registrar = sign_in(&site, "d.registrar").await;
    for number in &numbers {
        in_progress(&site, number, &registrar).await;
        sign_in(&site, "d.handler").await.must(&site, number, "ask_supplement", &QUESTION).await;
    }
    let [entered, given_up, missing] = &numbers[..] else { panic!() };
    let (handler, colleague) = (sign_in(&site, "d.handler").await, sign_in(&site, "d.handler2").await);
    let control = sign_in(&site, "d.control").await;

    // The registry desk enters what came by letter; not anybody.
    for worker in [&colleague, &control] {
        worker.act(&site, entered, "supplement_given", &[("answer", "編號B-03。")]).await.is(403);
        worker.act(&site, given_up, "end_wait", &[("pause_id", "2")]).await.is(403);
        worker.act(&site, missing, "supplement_missing", &[("reason", "x"), ("notice", "y")]).await.is(403);
    }
    let scan = Form::default().with("answer", "來信表示是編號B-03。").file("來信.pdf", b"%PDF-1.7 letter");
    registrar.write(&site, entered, "supplement_given", scan).await.is(303);
    assert_eq!(site.case(entered).state, State::InProgress);
    handler.case(entered).await.has("來信表示是編號B-03。").has("來信.pdf");

    // Given up: the case goes on without it.
    let page = handler.case(given_up).await;
    page.has("結束等候");
    let asked = site.read(|db| supplements::of_case(db, site.case(given_up).id)).remove(0);
    let pause = asked.pause_id.to_string();
    handler.act(&site, entered, "end_wait", &[("pause_id", &pause)]).await.is(422);
    handler.must(&site, given_up, "end_wait", &[("pause_id", &pause)]).await.has("辦理中");
    let asked = site.read(|db| supplements::of_case(db, site.case(given_up).id)).remove(0);
    assert_eq!(asked.state, SupplementState::Ended);

    // Not before its time, and never by itself.
    handler.case(missing).await.has_not("逾期未補正結案");
    let fields = [("reason", "未補正"), ("notice", "我們沒有收到您補充的資料。")];
    handler.act(&site, missing, "supplement_missing", &fields).await.is(403).has("補正期限還沒有過");
    site.wait(30 * DAY);
    standing::standing(site.office(), site.now()).unwrap();
    let case = site.case(missing);
    assert_eq!(case.state, State::AwaitingPetitioner);
    assert!(case.due_at.unwrap() > site.now(), "what stands still is not late");
    let handler = sign_in(&site, "d.handler").await;
    handler.case(missing).await.has("逾期未補正結案");
    handler.act(&site, missing, "supplement_missing", &[("reason", "未補正"), ("notice", "")]).await.is(422);
    handler.must(&site, missing, "supplement_missing", &fields).await.has("結案").has("逾期未補正");
    let case = site.case(missing);
    assert_eq!((case.state, case.close_code), (State::Closed, Some(CloseCode::SupplementMissing)));
    assert_eq!(site.letters("no_action").len(), 1);
    let asked = site.read(|db| supplements::of_case(db, case.id)).remove(0);
    assert_eq!(asked.state, SupplementState::Missing);
    // On time: the days of waiting do not count; and the figures have a row for it.
    let office = site.office();
    let figures = site.read(|db| {
        let reference = office.reference(db)?;
        year::count(db, &reference, &office.zone, 2026, site.now().plus_seconds(HOUR))
    });
    let total = figures.total;
    assert_eq!(total.no_action[&CloseCode::SupplementMissing], 1);
    assert_eq!((total.closed, total.closed_on_time), (1, 1));
    assert_eq!(total.open_at_start + total.received, total.closed + total.open_at_end);
});

on_both!(a_logged_wait_moves_the_date_only_where_the_policy_says_so, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let registrar = sign_in(&site, "d.registrar").await;
    in_progress(&site, &number, &registrar).await;
    let handler = sign_in(&site, "d.handler").await;
    for (fields, wrong) in [
        ([("pause_reason", "supplement"), ("note", "x")], vec!["wait-pause_reason"]),
        ([("pause_reason", "none"), ("note", " ")], vec!["wait-pause_reason", "wait-note"]),
    ] {
        assert_eq!(handler.act(&site, &number, "wait", &fields).await.is(422).wrong_fields(), wrong);
    }
    let expert = [("pause_reason", "expert"), ("note", "排定9月24日會勘。")];
    handler
        .must(&site, &number, "wait", &expert)
        .await
        .has("待鑑定或會勘")
        .has("期限照常計算")
        .has_not("暫停計算</span>");
    handler.act(&site, &number, "wait", &expert).await.is(403).has("已經在等候");
    // Monday: another agency is asked too, and answers on Wednesday.
    site.wait(3 * DAY);
    assert_eq!(standing::standing(site.office(), site.now()).unwrap(), 0);
    let handler = sign_in(&site, "d.handler").await;
    let agency = [("pause_reason", "other_agency"), ("note", "已函詢漁業署。")];
    handler.must(&site, &number, "wait", &agency).await.has("暫停計算");
    handler.write(&site, &number, "submit_reply", reply()).await.is(403).has("還在等候中");
    site.wait(2 * DAY);
    let handler = sign_in(&site, "d.handler").await;
    let case = site.case(&number);
    let pauses = site.read(|db| chenqing::store::pauses::of_case(db, case.id));
    for pause in &pauses {
        handler.must(&site, &number, "end_wait", &[("pause_id", &pause.id.to_string())]).await;
    }
    // Two working days were left out: six days from Friday the 18th end on 2 October instead of 30 September.
    assert_eq!(last_days(&site, &number), ("2026-10-02".into(), "2026-10-02".into()));
    handler.write(&site, &number, "submit_reply", reply()).await.is(303);
});
