//! Petitioners who left little: a caller with a number only, an anonymous letter. They are registered all the same, worked
//! on and ended, and nobody gets a letter or a link that cannot reach them.

use chenqing::acts::close;
use chenqing::domain::case::{CloseCode, ReplyBy, State};
use chenqing::domain::reply::ReplyState;
use chenqing::domain::time::DAY;
use chenqing::reports::year;
use chenqing::store::{replies, reviews};

use super::browser::{Browser, Form, key};
use super::desk::{CLASS, Worker, in_progress, open, reply, sign_in};
use super::site::Site;
use crate::support::on_both;
use crate::support::rows::number;

/// What a registrar writes down of somebody without name and address.
fn unnamed(channel: &str, phone: &str, reply_by: &str) -> Form {
    let mut form = Form::default();
    for (name, value) in [
        ("idempotency_key", &*key()),
        ("channel", channel),
        ("received_at", "2026-09-18T16:20"),
        ("name", ""),
        ("phone", phone),
        ("email", ""),
        ("address", ""),
        ("reply_by", reply_by),
        ("subject", "營區夜間訓練噪音"),
        ("body", "營區夜間訓練噪音，住戶無法入睡。"),
        ("kind", "suggestion"),
        ("category", ""),
        ("place", ""),
        ("incoming_ref", ""),
        ("referring_agency", ""),
        ("respondent_unit_id", ""),
    ] {
        form = form.with(name, value);
    }
    form
}

/// Enters it; number and query code.
async fn entered(registrar: &Worker, form: Form) -> (String, String) {
    let seen = registrar.browser.send("/desk/new", &form.with("_csrf", &registrar.csrf)).await;
    let path = seen.is(303).location.clone();
    let text = registrar.get(&path).await.is(200).text();
    let code = text.split("查詢碼").nth(1).unwrap().split('。').next().unwrap().trim().to_owned();
    (path.rsplit('/').next().unwrap().to_owned(), code)
}

/// Whatever happened: in every row, what was open and came in is what was closed and is open.
fn reconciles(site: &Site) {
    let (office, now) = (site.office(), site.now());
    let figures = site.read(|db| {
        let reference = office.reference(db)?;
        year::of_year(db, &reference, &office.zone, 2026, now)
    });
    let rows = figures.tables.each().flat_map(|(_, rows)| rows).map(|row| &row.figures);
    for row in rows.chain([&figures.total]) {
        assert_eq!(row.open_at_start + row.received, row.closed + row.open_at_end);
    }
    let finished = number_of(site, "SELECT count(*) AS n FROM case_rounds WHERE finished_at IS NOT NULL");
    assert_eq!(i64::try_from(figures.total.closed), Ok(finished));
}

on_both!(a_caller_with_a_number_only_is_answered_by_telephone, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    // A way of reply that is not open is a mistake; nothing else is asked for.
    for (reply_by, field) in [("letter", "address"), ("email", "email"), ("on_file", "reply_by"), ("", "reply_by")] {
        let form = unnamed("phone", "02-0000-5678", reply_by).with("_csrf", &registrar.csrf);
        let seen = registrar.browser.send("/desk/new", &form).await;
        assert_eq!(seen.is(422).wrong_fields(), [field], "{reply_by}");
    }
    let form = unnamed("phone", "", "phone").with("_csrf", &registrar.csrf);
    assert_eq!(registrar.browser.send("/desk/new", &form).await.is(422).wrong_fields(), ["phone"]);
    assert_eq!(site.count("cases"), 0);

    let (number, code) = entered(&registrar, unnamed("phone", "02-0000-5678", "phone")).await;
    registrar.case(&number).await.is(200).has("電話或面談答復").has_not("沒有留下聯絡方式");
    let path = format!("/desk/cases/{number}/identity");
    registrar.post(&path, &[]).await.is(200).has("未具名").has("02-0000-5678");
    in_progress(&site, &number, &registrar).await;
    let (handler, supervisor) = (sign_in(&site, "d.handler").await, sign_in(&site, "d.supervisor").await);
    let editor = handler.get(&format!("/desk/cases/{number}/draft")).await;
    editor.is(200).has("由您告知陳情人並登記情形").has_not("預覽信件</button>");
    handler.write(&site, &number, "submit_reply", reply()).await.is(303);
    supervisor.case(&number).await.is(200).has("請以電話或面談告知陳情人").has_not("核定前請看");
    supervisor.must(&site, &number, "approve", &[("result", "explained")]).await.has("已決行").has("登記已告知");
    let case = site.case(&number);
    assert_eq!((case.state, case.finished_at, case.replied_at), (State::Approved, Some(site.now()), None));
    let answer = site.read(|db| replies::of_round(db, case.id, 1)).unwrap();
    assert_eq!((answer.state, answer.way, answer.link()), (ReplyState::Approved, Some(ReplyBy::Phone), None));
    assert_eq!(site.letters("reply").len() + site.letters("receipt").len(), 0);
    handler.get("/desk?queue=to-post").await.is(200).has(&number);

    // It is told, not posted; by the handler, on a day between the approval and today, with a record.
    handler.act(&site, &number, "mark_posted", &[("posted_on", "2026-09-18"), ("document_out", "")]).await.is(403);
    let told = |day, record| [("told_how", "phone"), ("told_on", day), ("record", record)];
    for username in ["d.handler2", "d.control"] {
        let other = sign_in(&site, username).await;
        other.act(&site, &number, "record_told", &told("2026-09-18", "已告知。")).await.is(403);
    }
    for (day, record, fields) in [
        ("2026-09-17", "已告知。", vec!["record_told-told_on"]),
        ("2026-09-19", " ", vec!["record_told-told_on", "record_told-record"]),
        ("", "已告知。", vec!["record_told-told_on"]),
    ] {
        let seen = handler.act(&site, &number, "record_told", &told(day, record)).await;
        assert_eq!(seen.is(422).wrong_fields(), fields, "{day}");
    }
    let seen = handler.act(&site, &number, "record_told", &[("told_on", "2026-09-18"), ("record", "已告知。")]).await;
    assert_eq!(seen.is(422).wrong_fields(), ["record_told-told_how"]);
    site.wait(3 * DAY);
    let handler = sign_in(&site, "d.handler").await;
    let record = "說明訓練時間已調整，陳情人表示了解。";
    let page = handler.must(&site, &number, "record_told", &told("2026-09-21", record)).await;
    page.has("已回復").has("電話答復紀錄").has("115/09/21").has(record).has("告知陳情人：電話").has("王範例");
    let case = site.case(&number);
    assert_eq!((case.state, case.replied_at), (State::Replied, Some(site.now())));
    handler.act(&site, &number, "record_told", &told("2026-09-21", record)).await.is(403);
    // The history holds facts and no word of it.
    assert_eq!(number_of(&site, &format!("SELECT count(*) AS n FROM events WHERE facts LIKE '%{record}%'")), 0);

    // With number and code the caller reads the reply; there is no link to rate it.
    let citizen = Browser::at(&site.base);
    site.look_up(&citizen, &number, &code).await;
    citizen.get("/status/case").await.is(200).has("路燈已於9月23日修復").has("王範例").has_not("href=\"/r/");
    // It closes after the days of a rating, and can be opened again and told again.
    site.wait(site.office().rules.rating_days * DAY);
    assert_eq!(close::close(site.office(), site.now()), Ok(1));
    assert_eq!(site.case(&number).state, State::Closed);
    let control = sign_in(&site, "d.control").await;
    control.must(&site, &number, "reopen", &[("reason", "陳情人再次來電。")]).await.has("複查").has("電話答復紀錄");
    assert_eq!(site.count("ratings"), 0);
    assert!(site.read(|db| reviews::tasks_of_case(db, case.id)).is_empty());
    reconciles(&site);
});

on_both!(an_anonymous_letter_is_registered_and_ended, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    let (by_ground, code) = entered(&registrar, unnamed("letter", "", "on_file")).await;
    let (answered, _) = entered(&registrar, unnamed("visit", "", "on_file")).await;
    assert_eq!(site.count("letters"), 0);
    registrar.case(&by_ground).await.is(200).has("沒有留下聯絡方式").has("回復存查");
    registrar.post(&format!("/desk/cases/{by_ground}/identity"), &[]).await.is(200).has("未具名");
    for named in ["未具名", " "] {
        registrar.post("/desk/search", &[("q", named)]).await.is(200).has_not(&by_ground);
    }

    // By a ground of article 173: it stays registered, and no letter is owed whatever was typed.
    registrar.must(&site, &by_ground, "register", &CLASS).await.has("不會寄出通知");
    let fields = [("ground", "no_real_name"), ("reason", "未具名，無法聯絡。"), ("notice", "謹此告知。")];
    registrar.must(&site, &by_ground, "no_action", &fields).await.has("不予處理：未具真實姓名或聯絡方式");
    let case = site.case(&by_ground);
    assert_eq!((case.state, case.close_code), (State::Closed, Some(CloseCode::NoRealName)));

    // With a reply: approved, it stays on file, and the case is closed.
    in_progress(&site, &answered, &registrar).await;
    let (handler, supervisor) = (sign_in(&site, "d.handler").await, sign_in(&site, "d.supervisor").await);
    handler.write(&site, &answered, "submit_reply", reply()).await.is(303);
    handler.act(&site, &answered, "approve", &[("result", "answered")]).await.is(403);
    supervisor.case(&answered).await.is(200).has("回復留存備查，不寄信");
    let page = supervisor.must(&site, &answered, "approve", &[("result", "answered")]).await;
    page.has("結案")
        .has("決行，回復存查")
        .has("路燈已於9月23日修復")
        .has_not("/mark_posted\"")
        .has_not("/record_told\"");
    let case = site.case(&answered);
    assert_eq!((case.state, case.close_code), (State::Closed, Some(CloseCode::Answered)));
    let ends = (case.finished_at, case.closed_at, case.replied_at, case.rating_until);
    assert_eq!(ends, (Some(site.now()), Some(site.now()), None, None));
    let answer = site.read(|db| replies::of_round(db, case.id, 1)).unwrap();
    assert_eq!((answer.state, answer.way, answer.link()), (ReplyState::Approved, Some(ReplyBy::OnFile), None));
    let to_petitioners = "SELECT count(*) AS n FROM letters WHERE party_id IS NOT NULL";
    assert_eq!(number_of(&site, to_petitioners), 0);
    // Whoever kept number and code from the counter sees how it ended.
    let citizen = Browser::at(&site.base);
    site.look_up(&citizen, &by_ground, &code).await;
    citizen.get("/status/case").await.is(200).has("未具真實姓名或聯絡方式");
    reconciles(&site);
});

fn number_of(site: &Site, query: &str) -> i64 {
    site.read(|db| Ok(number(db, query)))
}
