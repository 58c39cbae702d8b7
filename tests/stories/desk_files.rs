//! Files on staff's forms: whatever is wrong with the rest, what was chosen need not be chosen again.

use chenqing::domain::case::State;
use chenqing::store::attachments::{Carrier, of};
use chenqing::store::replies;

use super::browser::{Form, key};
use super::desk::{in_progress, open, petition, received, reply, sign_in};
use crate::support::on_both;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@\0\0\0";

on_both!(a_draft_with_mistakes_keeps_its_files, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    in_progress(&site, &number, &registrar).await;
    // Too short, with a good file and one that lies.
    let short = Form::default().with("body", "已收悉。").file("現場.png", PNG).file("公文.pdf", EXE);
    let seen = handler.write(&site, &number, "submit_reply", short).await;
    seen.is(422).has("「公文.pdf」的內容和副檔名不符").has("現場.png").has("已收悉。");
    let kept = seen.value("kept_file");
    assert_eq!((site.count("attachments"), site.count("blobs")), (0, 1));
    // Once more too short, with another file: both come back.
    let short = Form::default().with("body", "已收悉。").and("kept_file", &kept).file("位置圖.pdf", PDF);
    let seen = handler.write(&site, &number, "submit_reply", short).await;
    seen.is(422).has("回復內容太短");
    let kept = seen.values("kept_file");
    assert_eq!(kept.len(), 2);
    // A colleague was faster: the files still come back.
    let stale = (site.case(&number).version - 1).to_string();
    let form = reply().with("_csrf", &handler.csrf).with("version", &stale).and("kept_file", &kept[0]);
    let form = form.and("kept_file", &kept[1]);
    let seen = handler.browser.send(&format!("/desk/cases/{number}/draft"), &form).await;
    let kept = seen.is(409).values("kept_file");
    assert_eq!(kept.len(), 2);
    // So they do with a preview by the button, which stores no draft.
    let form = reply().with("_csrf", &handler.csrf).and("kept_file", &kept[0]).file("圖二.png", PNG);
    let seen = handler.browser.send(&format!("/desk/cases/{number}/preview"), &form).await;
    assert_eq!(seen.is(200).has("圖二.png").values("kept_file").len(), 2);
    assert_eq!((site.count("replies"), site.count("attachments")), (0, 0));

    // Saved, they are the draft's; one that was let go of stays unticked while the rest is mended.
    let form = reply().and("kept_file", &kept[0]).and("kept_file", &kept[1]);
    handler.write(&site, &number, "draft", form).await.is(303);
    let case = site.case(&number);
    let draft = site.read(|db| replies::of_round(db, case.id, 1)).unwrap();
    let files = site.read(|db| of(db, Carrier::Reply(draft.id)));
    assert_eq!(files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["現場.png", "位置圖.pdf"]);
    let only = files[1].id.to_string();
    let short = Form::default().with("body", "已收悉。").with("kept_attachment", &only);
    let seen = handler.write(&site, &number, "submit_reply", short).await;
    let ticked = |id: i64| format!("id=\"kept-{id}\" value=\"{id}\" checked");
    seen.is(422).has(&ticked(files[1].id)).has_not(&ticked(files[0].id));
    handler.write(&site, &number, "submit_reply", reply().with("kept_attachment", &only)).await.is(303);
    assert_eq!(site.case(&number).state, State::InReview);
    let files = site.read(|db| of(db, Carrier::Reply(draft.id)));
    assert_eq!(files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["位置圖.pdf"]);
});

on_both!(words_of_kept_files_are_not_to_be_forged, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    in_progress(&site, &number, &registrar).await;
    let short = Form::default().with("body", "已收悉。").file("現場.png", PNG);
    let kept = handler.write(&site, &number, "submit_reply", short).await.is(422).value("kept_file");
    for word in ["", "x", &kept[..kept.len() - 4]] {
        let seen = handler.write(&site, &number, "draft", reply().and("kept_file", word)).await;
        assert_eq!(seen.is(422).wrong_fields(), ["attachments"], "{word}");
    }
    // Nor does one serve when its hours are over.
    site.wait(13 * 3600);
    let handler = sign_in(&site, "d.handler").await;
    handler.write(&site, &number, "draft", reply().and("kept_file", &kept)).await.is(422).has("請重新選取");
    // More files than are allowed, kept ones counted.
    let mut form = reply();
    for n in 0..=site.app.config.attachments.max_files {
        form = form.file(&format!("{n}.png"), PNG);
    }
    handler.write(&site, &number, "draft", form).await.is(422).has("附件最多");
    assert_eq!(site.count("attachments"), 0);
});

on_both!(the_form_of_a_new_case_keeps_its_files, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    let mut form = Form::default();
    for (name, value) in [
        ("idempotency_key", &*key()),
        ("_csrf", &*registrar.csrf),
        ("channel", "letter"),
        ("received_at", "2026-09-18T16:20"),
        ("reply_by", "letter"),
        ("subject", "營區夜間訓練噪音"),
        ("body", "營區夜間訓練噪音。"),
        ("kind", "suggestion"),
    ] {
        form = form.with(name, value);
    }
    let seen = registrar.browser.send("/desk/new", &form.clone().file("陳情書.pdf", PDF).file("公文.pdf", EXE)).await;
    assert_eq!(seen.is(422).wrong_fields(), ["address", "attachments"]);
    let kept = seen.has("陳情書.pdf").value("kept_file");
    let form = form.with("address", "示範市示範路1號").and("kept_file", &kept);
    let seen = registrar.browser.send("/desk/new", &form).await;
    let number = seen.is(303).location.rsplit('/').next().unwrap().to_owned();
    let case = site.case(&number);
    let files = site.read(|db| of(db, Carrier::Case(case.id)));
    assert_eq!(files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["陳情書.pdf"]);
    assert_eq!(site.app.files.get(&files[0].sha256).unwrap(), PDF);
});
