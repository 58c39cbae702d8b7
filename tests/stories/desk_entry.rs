//! The other entrances and endings: a telephone call, a reply on paper, extension, transfer, no action, withdrawal, and
//! submissions that were never confirmed.

use chenqing::acts::{expire, submit};
use chenqing::domain::case::{Channel, CloseCode, State};
use chenqing::domain::delivery::LetterState;
use chenqing::domain::submission::SubmissionState;
use chenqing::store::{cases, letters, notes, submissions};

use super::browser::{Form, key};
use super::desk::{CLASS, in_progress, open, petition, received, reply, sign_in, unit};
use crate::support::on_both;
use crate::support::rows::words;

/// What a registrar writes down of a call.
fn call(key: &str) -> Form {
    let mut form = Form::default();
    for (name, value) in [
        ("idempotency_key", key),
        ("channel", "phone"),
        ("received_at", "2026-09-18T16:20"),
        ("name", "臺示範"),
        ("phone", "02-0000-5678"),
        ("email", ""),
        ("address", "示範市示範路1號"),
        ("reply_by", "letter"),
        ("subject", "營區夜間訓練噪音"),
        ("body", "民眾來電表示營區夜間訓練噪音。"),
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

on_both!(a_call_becomes_a_case_and_its_answer_a_letter_on_paper, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    let page = registrar.get("/desk/new").await;
    page.is(200).has("value=\"2026-09-18T17:30\"").has_not("channel-web");
    let key = page.value("idempotency_key");
    let wrong = call(&key).with("_csrf", &registrar.csrf).with("name", "").with("received_at", "2026-09-18T18:00");
    let wrong = wrong.with("reply_by", "email").with("channel", "web");
    let seen = registrar.browser.send("/desk/new", &wrong).await;
    assert_eq!(seen.is(422).wrong_fields(), ["channel", "received_at", "email"]);
    assert_eq!(seen.value("subject"), "營區夜間訓練噪音");
    assert_eq!(site.count("cases"), 0);

    let form = call(&key).with("_csrf", &registrar.csrf);
    let seen = registrar.browser.send("/desk/new", &form).await;
    let path = seen.is(303).location.clone();
    // The code is told once, on the page after; it stands in no address and no cookie that can be read.
    let page = registrar.get(&path).await;
    page.is(200).has("查詢碼");
    let text = page.text();
    let code = text.split("查詢碼").nth(1).unwrap().split('。').next().unwrap().trim().to_owned();
    assert_eq!(code.len(), 15, "{code}");
    assert!(!path.contains(&code) && !seen.header("set-cookie").contains(&code));
    let number = path.rsplit('/').next().unwrap().to_owned();
    let case = site.case(&number);
    assert_eq!(case.code_digest, Some(site.office().keys.code_digest(&code).unwrap()));
    assert_eq!((case.channel, case.state), (Channel::Phone, State::Received));
    assert_eq!(case.received_at, site.now().plus_seconds(-70 * 60));
    registrar.get(&path).await.is(200).has_not(&code);
    // A second click makes no second case.
    let again = registrar.browser.send("/desk/new", &form).await;
    assert_eq!(again.is(303).location, path);
    assert_eq!(site.count("cases"), 1);

    // Answered on paper: approved, printed, posted.
    in_progress(&site, &number, &registrar).await;
    let (handler, supervisor) = (sign_in(&site, "d.handler").await, sign_in(&site, "d.supervisor").await);
    handler.write(&site, &number, "submit_reply", reply()).await.is(303);
    supervisor.must(&site, &number, "approve", &[("result", "answered")]).await.has("已決行").has("列印信函");
    assert_eq!(site.case(&number).finished_at, Some(site.now()));
    let letter = site.letters("reply").pop().unwrap();
    assert_eq!((letter.state, letter.next_try_at), (LetterState::ToPost, None));
    handler.get("/desk?queue=to-post").await.is(200).has(&number);
    let views = site.count("identity_views");
    let paper = handler.post(&format!("/desk/letters/{}/paper", letter.id), &[]).await;
    paper.is(200).has("示範市示範路1號").has("臺示範").has("路燈已於9月23日修復").has("/r/");
    assert!(paper.header("content-security-policy").contains("default-src 'none'"));
    assert_eq!(site.count("identity_views"), views + 1);
    // Of the own unit, but not the one who has the case: the address is not theirs to see.
    let colleague = sign_in(&site, "d.handler2").await;
    colleague.post(&format!("/desk/letters/{}/paper", letter.id), &[]).await.is(403).has_not("示範市");
    let foreign = sign_in(&site, "d.foreign").await;
    foreign.post(&format!("/desk/letters/{}/paper", letter.id), &[]).await.is(404);

    site.wait(3 * 24 * 3600);
    let handler = sign_in(&site, "d.handler").await;
    for (day, why) in
        [("2026-09-17", "寄出日期不能早於決行日期"), ("2026-12-01", "不能晚於現在"), ("", "請填寫正確的日期")]
    {
        let seen = handler.act(&site, &number, "mark_posted", &[("posted_on", day), ("document_out", "")]).await;
        seen.is(422).has(why);
    }
    let fields = [("posted_on", "2026-09-21"), ("document_out", "署授字第1150000001號")];
    handler.must(&site, &number, "mark_posted", &fields).await.has("已回復").has("署授字第1150000001號");
    let case = site.case(&number);
    assert_eq!((case.state, case.replied_at), (State::Replied, Some(site.now())));
    assert_eq!(site.read(|db| letters::get(db, letter.id)).state, LetterState::Posted);
});

on_both!(an_extension_is_told_before_the_old_date, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, supervisor) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.supervisor").await);
    in_progress(&site, &number, &registrar).await;
    registrar.act(&site, &number, "extend", &[("until", "2026-10-07"), ("reason", "等候材料")]).await.is(403);
    for (until, reason, fields) in [
        ("2026-09-30", "等候材料", vec!["extend-until"]),
        ("2026-10-10", "等候材料", vec!["extend-until"]),
        ("2027-05-03", "等候材料", vec!["extend-until"]),
        ("7 October", "", vec!["extend-until", "extend-reason"]),
        ("2026-10-07", " ", vec!["extend-reason"]),
    ] {
        let seen = supervisor.act(&site, &number, "extend", &[("until", until), ("reason", reason)]).await;
        assert_eq!(seen.is(422).wrong_fields(), fields, "{until}");
        assert_eq!(seen.value("until"), until);
    }
    let fields = [("until", "2026-10-07"), ("reason", "等候材料")];
    let page = supervisor.must(&site, &number, "extend", &fields).await;
    page.has("已展期").has("115/10/07").has("陳主管展期：115/09/30改為115/10/07").has("展期後計入");
    assert_eq!(site.letters("extended").len(), 1);
    let case = site.case(&number);
    assert!(case.extended && case.due_at > case.original_due_at);
    // After the date the act is neither offered nor done.
    site.wait(30 * 24 * 3600);
    let supervisor = sign_in(&site, "d.supervisor").await;
    supervisor.case(&number).await.is(200).has("已逾期").has_not("/extend\"");
    let late = [("until", "2026-11-02"), ("reason", "再等")];
    supervisor.act(&site, &number, "extend", &late).await.is(403).has("期限已過");
});

on_both!(a_case_ends_without_a_reply_in_three_ways, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    let made: Vec<String> = (0..3).map(|_| received(&site, petition())).collect();
    for number in &made {
        registrar.must(&site, number, "register", &CLASS).await;
    }
    let seen = registrar.act(&site, &made[0], "transfer", &[("agency", " "), ("reason", "")]).await;
    assert_eq!(seen.is(422).wrong_fields(), ["transfer-agency", "transfer-reason"]);
    let fields = [("agency", "示範縣政府"), ("reason", "路燈由縣政府養護。")];
    registrar.must(&site, &made[0], "transfer", &fields).await.has("結案").has("示範縣政府").has("目前沒有您要做的事");

    let seen = registrar.act(&site, &made[1], "no_action", &[("ground", ""), ("reason", ""), ("notice", "")]).await;
    assert_eq!(seen.is(422).wrong_fields(), ["no_action-ground", "no_action-reason"]);
    let fields = [("ground", "no_content"), ("reason", "內容空泛，無法聯絡。"), ("notice", "")];
    registrar.must(&site, &made[1], "no_action", &fields).await.has("不予處理：無具體內容");

    let fields = [("reason", "9月18日來電表示撤回。")];
    registrar.must(&site, &made[2], "withdraw", &fields).await.has("撤回").has("9月18日來電表示撤回。");

    let ends: Vec<_> = made.iter().map(|n| (site.case(n).state, site.case(n).close_code)).collect();
    let closed = |code| (State::Closed, Some(code));
    assert_eq!(ends, [closed(CloseCode::Transferred), closed(CloseCode::NoContent), closed(CloseCode::Withdrawn)]);
    assert_eq!(site.letters("transferred").len(), 1);
    assert_eq!(site.letters("no_action").len(), 0);
    assert_eq!(site.letters("withdrawn").len(), 1);
    // An ended case takes notes and nothing else.
    for act in ["register", "assign", "extend", "transfer", "no_action", "withdraw"] {
        let fields = [
            ("unit_id", &*unit(&site, "north")),
            ("kind", "suggestion"),
            ("category", "other"),
            ("speed_class", "normal"),
            ("until", "2026-10-07"),
            ("agency", "示範縣政府"),
            ("ground", "no_content"),
            ("reason", "x"),
            ("notice", ""),
        ];
        registrar.act(&site, &made[0], act, &fields).await.is(403);
    }
    registrar.must(&site, &made[0], "note", &[("note", "電話告知移轉。")]).await;
});

on_both!(what_was_never_confirmed_is_taken_in_or_put_aside, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    let ids: Vec<i64> =
        (0..3).map(|_| submit::submit(site.office(), site.now(), petition(), &[], &key()).unwrap().id).collect();
    registrar.get("/desk/submissions").await.is(200).has("沒有未完成確認的陳情");
    registrar.get("/desk/submissions?state=unconfirmed").await.is(200).has("林示範").has("待確認");
    site.wait(4 * 24 * 3600);
    let fresh = submit::submit(site.office(), site.now(), petition(), &[], &key()).unwrap();
    expire::expire(site.office(), site.now()).unwrap();
    let registrar = sign_in(&site, "d.registrar").await;
    let page = registrar.get("/desk/submissions").await;
    page.is(200).has("逾時未確認").has("lin@example.org").has_not(&format!("/desk/submissions/{}/", fresh.id));
    registrar.get("/desk").await.is(200).has("<span class=\"count-pill\">3</span>");

    let accept = format!("/desk/submissions/{}/accept", ids[0]);
    let seen = registrar.post(&accept, &[("reason", " ")]).await;
    assert_eq!(seen.is(422).wrong_fields(), [format!("submission_{}-reason", ids[0])]);
    let seen = registrar.post(&accept, &[("reason", "已電話聯絡，本人確認。")]).await;
    registrar.get(&seen.is(303).location).await.has("已收件，案件編號115");
    registrar.post(&accept, &[("reason", "再一次")]).await.is(403).has("已經由同仁處理過了");
    let dismiss = format!("/desk/submissions/{}/dismiss", ids[1]);
    registrar.post(&dismiss, &[("reason", "廣告")]).await.is(303);
    registrar.post(&format!("/desk/submissions/{}/erase", ids[2]), &[("reason", "x")]).await.is(404);
    let states: Vec<_> = ids.iter().map(|id| site.read(|db| submissions::get(db, *id)).state).collect();
    assert_eq!(states, [SubmissionState::Accepted, SubmissionState::Dismissed, SubmissionState::Expired]);
    assert_eq!(site.count("cases"), 1);
});

on_both!(the_identity_is_shown_once_and_every_look_is_logged, async |db| {
    let site = open(db);
    let (open_case, sealed) = (received(&site, petition()), {
        let mut sealed = petition();
        sealed.confidential = true;
        received(&site, sealed)
    });
    let registrar = sign_in(&site, "d.registrar").await;
    let path = format!("/desk/cases/{open_case}/identity");
    registrar.post(&path, &[]).await.is(200).has("林示範").has("lin@example.org");
    registrar.case(&open_case).await.is(200).has_not("林示範").has("查看陳情人身分");
    // The look makes no colleague's open form stale.
    let version = site.case(&open_case).version;
    registrar.post(&path, &[]).await.is(200);
    assert_eq!(site.case(&open_case).version, version);

    let path = format!("/desk/cases/{sealed}/identity");
    let seen = registrar.post(&path, &[("reason", "")]).await;
    seen.is(422).has_not("林示範");
    assert_eq!(seen.wrong_fields(), ["identity-reason"]);
    registrar.post(&path, &[("reason", "電話確認內容")]).await.is(200).has("林示範");
    let reasons = "SELECT reason AS t FROM identity_views ORDER BY id";
    assert_eq!(site.read(|db| Ok(words(db, reasons))), ["", "", "電話確認內容"]);
    let (case, person) = (site.case(&sealed), site.person("d.registrar"));
    assert_eq!(site.read(|db| notes::last_view(db, case.id, person.id)), Some(site.now()));
    let control = sign_in(&site, "d.control").await;
    control.case(&open_case).await.is(200).has("您不能查看這件案子的陳情人身分");
    control.post(&format!("/desk/cases/{open_case}/identity"), &[]).await.is(403).has_not("林示範");
    assert!(site.read(|db| cases::references(db, case.id)).respondent_staff_id.is_none());
});
