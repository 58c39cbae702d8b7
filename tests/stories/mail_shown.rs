//! How what came by mail is shown at the desk: quotations and signatures folded, a stranger's layout made safe, and each
//! look at a part of a message logged.

use chenqing::store::events;

use super::browser::Browser;
use super::desk::{CLASS, complain_of, in_progress, petition, received, sign_in};
use super::mail_post::{VOUCHED, mail, mail_site};
use crate::support::on_both;

const TO: &str = "mailbox@agency.example.tw";

on_both!(quotations_and_signatures_of_a_petition_by_mail_are_folded_at_the_desk, async |db| {
    let site = mail_site(db, |_| {});
    let registrar = sign_in(&site, "d.registrar").await;
    let text = "路燈還是不亮。\n\n於 2026年9月1日 週二 上午9:00 里長 <chief@example.org> 寫道：\n> 我去問過了。\n\n-- \n林海 敬上";
    site.arrives(&mail(VOUCHED, TO, "路燈", text));
    let folds = |page: &str| page.matches("<details class=\"folded\">").count();
    let waiting = registrar.get("/desk/submissions?state=unconfirmed").await;
    waiting.is(200).has("路燈還是不亮。").has("我去問過了").has("林海 敬上");
    assert_eq!(folds(&waiting.text()), 2);
    let number = site.confirm(&Browser::at(&site.base)).await;
    in_progress(&site, &number, &registrar).await;
    let handler = sign_in(&site, "d.handler").await;
    for path in [format!("/desk/cases/{number}"), format!("/desk/cases/{number}/draft")] {
        let page = handler.get(&path).await;
        page.is(200).has("<p>路燈還是不亮。</p>").has("引用的舊信").has("我去問過了").has("簽名檔").has("林海 敬上");
        assert_eq!(folds(&page.text()), 2, "{path}");
    }

    // Nothing but a quotation: it stands open. What came by the web form is shown as it was typed.
    site.arrives(&mail(VOUCHED, TO, "轉寄", "> 轉寄的內容"));
    let forwarded = site.confirm(&Browser::at(&site.base)).await;
    let page = registrar.case(&forwarded).await;
    assert_eq!(folds(&page.is(200).has("轉寄的內容").text()), 0);
    let mut typed = petition();
    typed.body = text.into();
    let page = registrar.case(&received(&site, typed)).await;
    assert_eq!(folds(&page.is(200).has("林海 敬上").text()), 0);
});

on_both!(each_look_at_a_part_of_a_message_is_logged, async |db| {
    let site = mail_site(db, |_| {});
    let registrar = sign_in(&site, "d.registrar").await;
    let number = received(&site, petition());
    in_progress(&site, &number, &registrar).await;
    let parts = "multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>再補充</p>\n--b\n\
                 Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"a.pdf\"\n\n%PDF-1.7\n--b--";
    let raw = mail("", &site.reply_address(&number), "Re: x", "x").replace("text/plain; charset=utf-8\n\nx", parts);
    let row = site.arrives(&raw);
    let path = format!("/desk/mail/{}", row.id);
    let (file, layout) = (format!("{path}/files/1"), format!("{path}/html"));
    let before = site.traces();
    registrar.get(&path).await.is(200).has(&format!("action=\"{file}\"")).has(&format!("action=\"{layout}\""));
    // Nothing is given by GET, and nothing without the form's own word.
    for path in [&file, &layout] {
        registrar.get(path).await.is(404);
        registrar.browser.post(path, &[]).await.is(403);
    }
    registrar.post(&format!("{path}/files/2"), &[]).await.is(404);
    registrar.post(&format!("{path}/files/0"), &[]).await.is(404);
    assert_eq!(site.traces(), before);

    let case = site.case(&number);
    let last = || site.read(|db| events::of_case(db, case.id)).pop().unwrap();
    assert_eq!(registrar.post(&file, &[]).await.is(200).body, b"%PDF-1.7");
    assert_eq!((last().act.as_str(), last().staff_id), ("mail_file_fetched", Some(site.person("d.registrar").id)));
    registrar.post(&layout, &[]).await.is(200).has("再補充");
    assert_eq!(last().act, "mail_layout_viewed");
    assert_eq!((site.count("message_views"), site.count("identity_views")), (2, 2));
    registrar.case(&number).await.is(200).has("下載來信的附件").has("查看來信的版面");

    // Not for the control officer; not of a sealed case, whose original wants a reason; not for whom it complains of.
    let control = sign_in(&site, "d.control").await;
    control.post(&file, &[]).await.is(403);
    control.post(&layout, &[]).await.is(403);
    registrar.must(&site, &number, "classify", &[("kind", "report"), CLASS[1], CLASS[2]]).await;
    registrar.post(&file, &[]).await.is(404);
    registrar.post(&layout, &[]).await.is(404);
    complain_of(&site, &number, "d.registrar");
    registrar.post(&file, &[]).await.is(404);
    assert_eq!((site.count("message_views"), site.count("identity_views")), (2, 2));

    // What is nobody's case yet is logged with the message.
    let html = mail("", TO, "x", "<p>不亮</p>").replace("text/plain", "text/html");
    let row = site.arrives(&html);
    registrar.post(&format!("/desk/mail/{}/html", row.id), &[]).await.is(200).has("不亮");
    assert_eq!((site.count("message_views"), site.count("identity_views")), (3, 2));
});

on_both!(a_stranger_s_html_is_shown_without_anything_that_acts, async |db| {
    let site = mail_site(db, |_| {});
    let html =
        "<p>你好<script>alert(1)</script><img src=\"http://evil.example/x.gif\"><a href=\"javascript:x\">按</a></p>";
    let raw = mail("", TO, "<script>alert(2)</script>", html).replace("text/plain", "text/html");
    let row = site.arrives(&raw);
    let registrar = sign_in(&site, "d.registrar").await;
    let path = format!("/desk/mail/{}", row.id);
    registrar.get(&path).await.is(200).has("sandbox=\"\"").has_not("<script>alert");
    let frame = registrar.post(&format!("{path}/html"), &[]).await;
    frame.is(200).has("你好").has_not("script").has_not("evil.example").has_not("javascript:");
    assert!(frame.header("content-security-policy").contains("sandbox"));
});
