//! The holding pen at the desk: a registrar joins a message to a case, makes a case of it, puts it aside; who sees what of
//! a message, and that each look at the original is logged.

use chenqing::domain::case::{Channel, State};
use chenqing::domain::incoming::{MessageState as S, Reason};
use chenqing::store::events;

use super::desk::{CLASS, complain_of, in_progress, petition, received, sign_in};
use super::mail_post::{VOUCHED, mail, mail_site};
use crate::support::on_both;
use crate::support::rows::number as number_of;

const TO: &str = "mailbox@agency.example.tw";

on_both!(one_click_joins_a_message_to_the_case_it_names, async |db| {
    let site = mail_site(db, |_| {});
    let registrar = sign_in(&site, "d.registrar").await;
    registrar.get("/desk/mail/pen").await.is(200).has("沒有等待處理的信件");
    let number = received(&site, petition());
    in_progress(&site, &number, &registrar).await;
    let friend =
        mail(VOUCHED, TO, &number, "我是他的鄰居，附上我看到的。").replace("lin@example.org", "friend@example.org");
    let row = site.arrives(&friend);
    let pen = registrar.get("/desk/mail/pen").await;
    pen.is(200).has("friend@example.org").has("編號不足以證明").has(&format!("併入案件 {number}"));
    registrar.get("/desk").await.has("收到的電子郵件");
    let join = format!("/desk/mail/{}/join", row.id);
    for wrong in ["", "115", "1150009999-1"] {
        let seen = registrar.post(&join, &[("number", wrong)]).await;
        assert_eq!(seen.is(422).wrong_fields(), ["join-number"], "{wrong}");
    }
    assert_eq!(registrar.post(&join, &[("number", &number)]).await.is(303).location, "/desk/mail/pen");
    registrar.case(&number).await.has("我是他的鄰居").has("林登記");
    let row = site.message(row.id);
    assert_eq!((row.state, row.decided_by), (S::Appended, Some(site.person("d.registrar").id)));
    registrar.post(&join, &[("number", &number)]).await.is(403).has("已經");

    // From now on the friend belongs to the case, by a signed address.
    let more =
        mail("", &site.reply_address(&number), "x", "還有一件事。").replace("lin@example.org", "friend@example.org");
    assert_eq!(site.arrives(&more).reasons(), [Reason::SignedReply, Reason::SenderFits]);
});

on_both!(a_message_becomes_a_case_or_is_put_aside, async |db| {
    let site = mail_site(db, |_| {});
    let registrar = sign_in(&site, "d.registrar").await;
    let row = site.arrives(&mail("", TO, "路燈", "不亮。"));
    let path = format!("/desk/mail/{}", row.id);
    registrar.get(&path).await.is(200).has("不亮。").has("lin@example.org").has("沒有受信任的郵件主機");
    let seen = registrar.post(&format!("{path}/open"), &[("reason", " ")]).await;
    assert_eq!(seen.is(422).wrong_fields(), ["open-reason"]);
    registrar.post(&format!("{path}/open"), &[("reason", "電話確認是本人")]).await.is(303);
    let row = site.message(row.id);
    let case = site.read(|db| chenqing::store::cases::get(db, row.case_id.unwrap()));
    assert_eq!((row.state, case.state, case.channel), (S::NewSubmission, State::Received, Channel::Email));
    assert_eq!((site.letters("receipt").len(), site.letters("confirm").len()), (1, 0));

    let other = site.arrives(&mail("", TO, "廣告", "便宜。"));
    let path = format!("/desk/mail/{}", other.id);
    let seen = registrar.post(&format!("{path}/discard"), &[("reason", "")]).await;
    assert_eq!(seen.is(422).wrong_fields(), ["discard-reason"]);
    registrar.post(&format!("{path}/discard"), &[("reason", "廣告")]).await.is(303);
    registrar.get(&path).await.is(200).has("人工擱置").has("林登記 決定").has("廣告").has_not("/discard");
    registrar.post(&format!("{path}/open"), &[("reason", "x")]).await.is(403);
    registrar.post(&format!("{path}/nothing"), &[]).await.is(404);
    registrar.get("/desk/mail?state=discarded").await.is(200).has("廣告");
    assert_eq!((site.count("cases"), site.messages_in(S::Pen)), (1, 0));
});

on_both!(the_original_is_for_registrars_and_each_look_is_logged, async |db| {
    let site = mail_site(db, |_| {});
    let registrar = sign_in(&site, "d.registrar").await;
    let number = received(&site, petition());
    in_progress(&site, &number, &registrar).await;
    let raw = mail("", &site.reply_address(&number), "Re: x", "再補充。");
    let row = site.arrives(&raw);
    let path = format!("/desk/mail/{}", row.id);
    let fetched = registrar.post(&format!("{path}/raw"), &[]).await;
    assert_eq!(fetched.is(200).body, raw.as_bytes());
    assert!(fetched.header("content-disposition").starts_with("attachment"));
    assert_eq!((site.count("message_views"), site.count("identity_views")), (1, 1));
    let case = site.case(&number);
    assert_eq!(site.read(|db| events::of_case(db, case.id)).last().unwrap().act, "mail_fetched");

    // The control officer sees what became of it, never who wrote.
    let control = sign_in(&site, "d.control").await;
    control.get("/desk/mail").await.is(200).has("併入案件").has_not("lin@example.org");
    control.get(&path).await.is(200).has_not("lin@example.org").has_not("再補充");
    control.post(&format!("{path}/raw"), &[]).await.is(403);

    // A sealed case wants a reason; whom it complains of sees nothing.
    registrar.must(&site, &number, "classify", &[("kind", "report"), CLASS[1], CLASS[2]]).await;
    registrar.get("/desk/mail").await.is(200).has_not("lin@example.org");
    registrar.get(&path).await.is(200).has("身分保密").has_not("再補充");
    registrar.post(&format!("{path}/files/1"), &[]).await.is(404);
    let seen = registrar.post(&format!("{path}/raw"), &[]).await;
    assert_eq!(seen.is(422).wrong_fields(), ["raw-reason"]);
    registrar.post(&format!("{path}/raw"), &[("reason", "查對附件")]).await.is(200);
    complain_of(&site, &number, "d.registrar");
    registrar.post(&format!("{path}/raw"), &[("reason", "查對附件")]).await.is(403);
    assert_eq!(site.read(|db| Ok(number_of(db, "SELECT count(*) AS n FROM message_views"))), 2);
});

on_both!(who_wrote_about_a_case_is_asked_for_and_each_look_is_logged, async |db| {
    let site = mail_site(db, |_| {});
    let registrar = sign_in(&site, "d.registrar").await;
    let number = received(&site, petition());
    in_progress(&site, &number, &registrar).await;
    let row = site.arrives(&mail("", &site.reply_address(&number), "Re: x", "再補充。"));
    let path = format!("/desk/mail/{}", row.id);
    let before = site.traces();
    registrar.get("/desk/mail").await.is(200).has("林○ &lt;l…@example.org&gt;").has_not("lin@example.org");
    let page = registrar.get(&path).await;
    page.is(200).has("再補充。").has("顯示寄件人").has_not("lin@example.org").has_not("林海");
    assert_eq!(site.traces(), before);
    let views = || (site.count("message_views"), site.count("identity_views"));
    let look = format!("{path}/identity");
    registrar
        .post(&look, &[])
        .await
        .is(200)
        .has("林海 &lt;lin@example.org&gt;")
        .has("每次查看都會留下紀錄")
        .has("再補充。");
    assert_eq!(views(), (1, 1));
    let case = site.case(&number);
    let event = site.read(|db| events::of_case(db, case.id)).pop().unwrap();
    assert_eq!((event.act.as_str(), event.staff_id), ("identity_viewed", Some(site.person("d.registrar").id)));
    registrar.get(&path).await.is(200).has_not("lin@example.org");
    sign_in(&site, "d.control").await.post(&look, &[]).await.is(403);

    // A sealed case wants a reason, and then the text is there too; whom it complains of sees nothing.
    registrar.must(&site, &number, "classify", &[("kind", "report"), CLASS[1], CLASS[2]]).await;
    registrar.get("/desk/mail").await.is(200).has_not("林○");
    assert_eq!(registrar.post(&look, &[("reason", " ")]).await.is(422).wrong_fields(), ["identity-reason"]);
    assert_eq!(views(), (1, 1));
    registrar.post(&look, &[("reason", "查對寄件人")]).await.is(200).has("lin@example.org").has("再補充。");
    assert_eq!(views(), (2, 2));
    complain_of(&site, &number, "d.registrar");
    registrar.post(&look, &[("reason", "查對寄件人")]).await.is(403);
    assert_eq!(views(), (2, 2));

    // Whoever decides about what is nobody's case yet sees who wrote.
    let row = site.arrives(&mail("", TO, "路燈", "不亮。"));
    registrar.get(&format!("/desk/mail/{}", row.id)).await.is(200).has("lin@example.org").has_not("/identity");
});
