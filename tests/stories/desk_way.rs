//! The whole way of a case at the desk: registered, assigned, taken, answered, returned, approved, rated badly, looked at
//! again, opened again, answered again. Each step by the page of whoever does it.

use chenqing::domain::case::State;
use chenqing::domain::delivery::LetterState;
use chenqing::domain::link::Purpose;
use chenqing::domain::reply::ReviewState;
use chenqing::store::attachments::{Carrier, of};
use chenqing::store::{letters, replies, reviews};

use super::browser::{Form, see};
use super::desk::{CLASS, id_of, in_progress, open, petition, rate_overall, received, reply, sign_in, unit};
use crate::support::on_both;

on_both!(from_receipt_to_the_second_round, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    let (supervisor, control) = (sign_in(&site, "d.supervisor").await, sign_in(&site, "d.control").await);

    // New: one row, one main act.
    registrar.get("/desk").await.is(200).has(&number).has("還有6個工作天").has("示範漁港北堤路燈不亮");
    handler.case(&number).await.is(404);
    let page = registrar.case(&number).await;
    page.is(200).has("完成登記").has("期限6個工作天").has("中秋節").has_not("林示範").has_not("lin@example.org");
    registrar.must(&site, &number, "register", &CLASS).await.has("已完成").has("已登記");
    let ships = unit(&site, "logistics_ships");
    registrar.must(&site, &number, "assign", &[("unit_id", &ships), ("handler_id", "")]).await.has("已分案");
    assert_eq!(site.letters("assigned").len(), 1);
    let head = site.person("d.supervisor").id;
    assert!(site.letters("case_for_unit").iter().any(|letter| letter.staff_id == Some(head)));

    // The unit's handler takes it, writes a note, drafts, submits.
    handler.get("/desk?queue=unit").await.is(200).has(&number);
    handler.case(&number).await.is(200).has("由我承辦");
    handler.must(&site, &number, "take", &[]).await.has("撰寫回復");
    handler.get("/desk").await.is(200).has(&number);
    handler.must(&site, &number, "note", &[("note", "已電洽漁港管理單位。")]).await.has("已電洽漁港管理單位。");
    let editor = handler.get(&format!("/desk/cases/{number}/draft")).await;
    editor.is(200).has("開始輸入後，這裡會顯示信件");
    let photo = b"\xFF\xD8\xFF\xE0 a photograph";
    let seen = handler.write(&site, &number, "draft", reply().file("修復後照片.jpg", photo)).await;
    assert_eq!(seen.is(303).location, format!("/desk/cases/{number}/draft"));
    let editor = handler.get(&seen.location).await;
    editor.is(200).has("草稿已儲存").has("修復後照片.jpg").has("路燈已於9月23日修復").has("承辦人：王範例");
    // Too short a reply is not submitted, and stays in the editor.
    let short = handler.write(&site, &number, "submit_reply", Form::default().with("body", "已收悉。")).await;
    short.is(422).has("已收悉。").has("回復內容太短");
    let kept = editor.value("kept_attachment");
    handler.write(&site, &number, "submit_reply", reply().with("kept_attachment", &kept)).await.is(303);
    assert_eq!(site.case(&number).state, State::InReview);
    handler.get(&format!("/desk/cases/{number}/draft")).await.is(403);

    // The supervisor sees the letter, returns it, and approves the better one.
    let page = supervisor.get("/desk?queue=review").await;
    page.is(200).has(&number);
    let page = supervisor.case(&number).await;
    page.is(200)
        .has("核定前請看")
        .has("您陳情的「示範漁港北堤路燈不亮」已經辦理完成")
        .has("漁港法第18條")
        .has_not("林示範");
    handler.act(&site, &number, "approve", &[("result", "answered")]).await.is(403);
    supervisor.act(&site, &number, "return_reply", &[("reason", " ")]).await.is(422).has("請寫明理由");
    supervisor.must(&site, &number, "return_reply", &[("reason", "請補上巡查的方式。")]).await;
    handler.get(&format!("/desk/cases/{number}/draft")).await.is(200).has("請補上巡查的方式。");
    // From the page of the case the draft is submitted as it was saved.
    handler.must(&site, &number, "submit_reply", &[]).await.has("已送主管審核");
    site.wait(600);
    supervisor.must(&site, &number, "approve", &[("result", "adopted")]).await.has("已回復").has("採納或研議");
    let case = site.case(&number);
    let answer = site.read(|db| replies::of_round(db, case.id, 1)).unwrap();
    assert_eq!((case.state, case.finished_at, case.replied_at), (State::Replied, Some(site.now()), Some(site.now())));
    let letter = site.letters("reply").pop().unwrap();
    assert_eq!((letter.state, letter.reply_id), (LetterState::Waiting, Some(answer.id)));
    assert_eq!(letter.link().unwrap(), answer.link());
    assert_eq!(letter.link().unwrap().unwrap().purpose, Purpose::Rate);
    assert_eq!(site.read(|db| of(db, Carrier::Reply(answer.id))).len(), 1);

    // A low rating opens a task for others than those two; the control officer keeps it closed.
    rate_overall(&site, &case, 2);
    supervisor.get("/desk/tasks").await.is(200).has(&number).has("要由其他同仁檢視");
    supervisor.act(&site, &number, "reopen", &[("reason", "重新辦理")]).await.is(403).has("要由其他同仁決定");
    handler.get("/desk/tasks").await.is(403);
    let page = control.get("/desk/tasks").await;
    page.is(200).has("回信太慢。").has("可以打電話聯絡").has(&format!("/desk/cases/{number}/keep_closed"));
    control.case(&number).await.is(200).has("不滿意").has("重新辦理");
    control.act(&site, &number, "keep_closed", &[("reason", "")]).await.is(422).has("id=\"keep_closed-reason-error\"");
    control.must(&site, &number, "keep_closed", &[("reason", "已電話說明，陳情人理解。")]).await.has("已電話說明");
    let task = site.read(|db| reviews::tasks_of_case(db, case.id)).pop().unwrap();
    assert_eq!((task.state, task.reason.as_str()), (ReviewState::Kept, "已電話說明，陳情人理解。"));
    control.get("/desk/tasks").await.is(200).has("沒有等待複查的評分");
    // Changed for the worse, the rating neither opens a second task nor closes anything.
    rate_overall(&site, &case, 1);
    assert_eq!(site.count("review_tasks"), 1);

    // Opened again: a second round with its own clock and its own reply.
    control.must(&site, &number, "reopen", &[("reason", "請再查明巡查紀錄。")]).await.has("複查");
    assert_eq!(site.case(&number).round, 2);
    let me = id_of(&site, "d.handler");
    supervisor.must(&site, &number, "assign", &[("unit_id", &ships), ("handler_id", &me)]).await.has("辦理中");
    handler.write(&site, &number, "submit_reply", reply()).await.is(303);
    supervisor.must(&site, &number, "approve", &[("result", "answered")]).await.has("已回復");
    let case = site.case(&number);
    assert_eq!(site.read(|db| replies::of_case(db, case.id)).len(), 2);
    assert_eq!(site.letters("reply").len(), 2);
    rate_overall(&site, &case, 5);
    supervisor.case(&number).await.is(200).has("非常滿意").has("評分");
});

on_both!(the_preview_is_the_letter_with_scripts_and_without, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    in_progress(&site, &number, &registrar).await;
    let before = site.traces();
    let path = format!("/desk/cases/{number}/preview");
    let fields = [("_csrf", handler.csrf.as_str()), ("body", "路燈<b>修好</b>了。"), ("legal_basis", "漁港法第18條")];
    let request = handler.browser.request(reqwest::Method::POST, &path).header("hx-request", "true").form(&fields);
    let part = see(request).await;
    part.is(200).has("路燈&lt;b&gt;修好&lt;/b&gt;了。").has("漁港法第18條").has(&number).has_not("<html");
    let whole = handler.post(&path, &[("body", "路燈修好了。"), ("legal_basis", "")]).await;
    whole.is(200).has("<html").has("路燈修好了。</textarea>").has("以下是我們的回復");
    // Whoever does not write the reply has no preview.
    registrar.post(&path, &[("body", "x")]).await.is(403);
    assert_eq!(site.traces(), before);
});

on_both!(a_file_that_lies_is_refused_and_one_is_taken_away, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    in_progress(&site, &number, &registrar).await;
    let lie = reply().file("報告.pdf", b"MZ this is a program");
    handler.write(&site, &number, "draft", lie).await.is(422).has("內容和副檔名不符").has("路燈已於9月23日修復");
    assert_eq!(site.count("attachments"), 0);
    let two = reply().file("一.pdf", b"%PDF-1.7 one").file("二.pdf", b"%PDF-1.7 two");
    handler.write(&site, &number, "draft", two).await.is(303);
    let page = handler.get(&format!("/desk/cases/{number}/draft")).await;
    let kept = page.values("kept_attachment");
    assert_eq!(kept.len(), 2);
    handler.write(&site, &number, "draft", reply().with("kept_attachment", &kept[1])).await.is(303);
    let page = handler.get(&format!("/desk/cases/{number}/draft")).await;
    page.has("二.pdf").has_not("一.pdf");
    assert_eq!(page.values("kept_attachment"), kept[1..]);
    let five = (0..5)
        .fold(reply().with("kept_attachment", &kept[1]), |form, n| form.file(&format!("{n}.pdf"), b"%PDF-1.7 more"));
    handler.write(&site, &number, "draft", five).await.is(422).has("附件最多5個");

    // Downloads keep their name, are never shown in the browser, and follow the rights of the case.
    let seen = handler.get(&format!("/desk/files/{}", kept[1])).await;
    assert_eq!(seen.is(200).body, b"%PDF-1.7 two");
    assert_eq!(seen.header("content-disposition"), "attachment; filename=\"_.pdf\"; filename*=UTF-8''%E4%BA%8C.pdf");
    assert_eq!(seen.header("x-content-type-options"), "nosniff");
    let foreign = sign_in(&site, "d.foreign").await;
    foreign.get(&format!("/desk/files/{}", kept[1])).await.is(404);
    let admin = sign_in(&site, "d.admin").await;
    admin.get(&format!("/desk/files/{}", kept[1])).await.is(404);
});

on_both!(what_a_colleague_changed_is_shown_with_what_was_typed, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    let supervisor = sign_in(&site, "d.supervisor").await;
    in_progress(&site, &number, &registrar).await;
    let stale = site.case(&number).version.to_string();
    supervisor.must(&site, &number, "note", &[("note", "請於週五前完成。")]).await;

    let path = format!("/desk/cases/{number}/note");
    let seen = handler.post(&path, &[("version", &stale), ("note", "寫了很久的註記。")]).await;
    seen.is(409).has("同事剛剛更改了這件案子").has("寫了很久的註記。</textarea>").has("請於週五前完成。");
    let fresh = seen.values("version").remove(0);
    assert_eq!(fresh, site.case(&number).version.to_string());
    assert_eq!(handler.post(&path, &[("version", &fresh), ("note", "寫了很久的註記。")]).await.is(303).status, 303);

    // In the editor too.
    let form = reply().with("_csrf", &handler.csrf).with("version", &stale);
    let seen = handler.browser.send(&format!("/desk/cases/{number}/submit_reply"), &form).await;
    seen.is(409).has("同事剛剛更改了這件案子").has("路燈已於9月23日修復");
    let form = form.with("version", &seen.value("version"));
    handler.browser.send(&format!("/desk/cases/{number}/submit_reply"), &form).await.is(303);

    // And what a form left out comes back beside its field, the act's form open.
    let seen = supervisor.act(&site, &number, "transfer", &[("agency", "示範縣政府"), ("reason", "")]).await;
    seen.is(422).has("value=\"示範縣政府\"").has("id=\"transfer-reason-error\"");
    assert_eq!(seen.wrong_fields(), ["transfer-reason"]);
    assert_eq!(site.case(&number).state, State::InReview);
    let case = site.case(&number);
    assert!(site.read(|db| letters::of_case(db, case.id)).iter().all(|l| l.kind != "transferred"));
});
