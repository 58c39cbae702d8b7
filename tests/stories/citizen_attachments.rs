//! Attachments: what they are is told from their bytes, good ones need not be chosen twice, and names do no harm.

use chenqing::store::attachments::{Carrier, of};

use super::browser::{Browser, Form, key};
use super::site::Site;
use crate::support::on_both;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@\0\0\0";

on_both!(files_that_lie_are_told_and_good_ones_kept, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let form = Form::petition(&key()).file("現場.png", PNG).file("公文.pdf", EXE);
    let seen = browser.send("/petitions", &form).await;
    assert_eq!(seen.is(422).wrong_fields(), ["attachments"]);
    seen.has("「公文.pdf」的內容和副檔名不符").has("現場.png").has("這些檔案已經收到");
    let kept = seen.values("kept_attachment");
    assert_eq!((kept.len(), site.count("attachments"), site.count("blobs")), (1, 0, 1));

    // Mistakes in the rest bring the kept file back once more.
    let again = Form::petition(&seen.value("idempotency_key")).and("kept_attachment", &kept[0]);
    let seen = browser.send("/petitions", &again.clone().with("email", "lin").file("位置圖.pdf", PDF)).await;
    assert_eq!(seen.is(422).wrong_fields(), ["email"]);
    let kept = seen.values("kept_attachment");
    assert_eq!(kept.len(), 2);
    let form = Form::petition(&seen.value("idempotency_key"))
        .and("kept_attachment", &kept[0])
        .and("kept_attachment", &kept[1]);
    browser.submit(&form).await;
    let files = site.read(|db| of(db, Carrier::Submission(1)));
    let names: Vec<_> = files.iter().map(|f| (f.name.as_str(), f.media_type.as_str(), f.size)).collect();
    assert_eq!(
        names,
        [("現場.png", "image/png", PNG.len() as i64), ("位置圖.pdf", "application/pdf", PDF.len() as i64)]
    );
    assert_eq!(site.app.files.get(&files[0].sha256).unwrap(), PNG);
    browser.get(&site.link("confirm")).await.has("現場.png").has("位置圖.pdf");
});

on_both!(what_cannot_be_taken_is_told_file_by_file, async |db| {
    let site = Site::with(db, |config| {
        config.attachments.max_files = 3;
        config.attachments.max_bytes = 1_048_576;
        config.attachments.types = vec!["pdf".into(), "png".into()];
    });
    let browser = Browser::at(&site.base);
    let page = b"<!doctype html><script>alert(1)</script>";
    let large = [PDF, &vec![b' '; 1_048_576]].concat();
    for (name, bytes, told) in [
        ("setup.exe", EXE, "「setup.exe」的格式不能接受。可用格式：PDF, PNG。"),
        ("公文.pdf", EXE, "「公文.pdf」的內容和副檔名不符"),
        ("照片.png", &page[..], "「照片.png」的內容和副檔名不符"),
        ("頁.html", &page[..], "「頁.html」的格式不能接受"),
        ("經過.txt", "經過".as_bytes(), "「經過.txt」的格式不能接受"),
        ("空白.pdf", b"", "「空白.pdf」是空的檔案"),
        ("大.pdf", &large, "「大.pdf」超過1MB"),
        ("<img src=x onerror=alert(1)>.pdf", EXE, "「&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;.pdf」"),
    ] {
        let seen = browser.send("/petitions", &Form::petition(&key()).file(name, bytes)).await;
        assert_eq!(seen.is(422).wrong_fields(), ["attachments"], "{name}");
        seen.has(told).has_not("<img src=x").has_not("kept-0");
    }
    let many = (0..5).fold(Form::petition(&key()), |form, n| form.file(&format!("{n}.pdf"), PDF));
    let seen = browser.send("/petitions", &many).await;
    seen.is(422).has("附件最多3個");
    assert_eq!(seen.values("kept_attachment").len(), 3);
    assert_eq!((site.count("submissions"), site.count("attachments")), (0, 0));
});

on_both!(names_are_cleaned_and_say_what_the_file_is, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let long = format!("{}.pdf", "長".repeat(300));
    let form = Form::petition(&key())
        .file("../../etc/passwd.pdf", PDF)
        .file("C:/Users/lin/圖.png", PNG)
        .file("螢幕截圖", PNG)
        .file("a\u{202E}fdp.png", PNG)
        .file(&long, PDF);
    browser.submit(&form).await;
    let names: Vec<String> = site.read(|db| of(db, Carrier::Submission(1))).into_iter().map(|f| f.name).collect();
    assert_eq!(names[..4], ["passwd.pdf", "圖.png", "螢幕截圖.png", "afdp.png"]);
    assert_eq!((names[4].chars().count(), names[4].ends_with("長.pdf")), (120, true));
});

on_both!(a_kept_file_is_only_what_we_kept, async |db| {
    let site = Site::open(db);
    let browser = Browser::at(&site.base);
    let seen = browser.send("/petitions", &Form::petition(&key()).with("name", "").file("a.pdf", PDF)).await;
    let word = seen.is(422).value("kept_attachment");
    let mut forged = word.clone().into_bytes();
    forged[40] = if forged[40] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    for word in [&*forged, "", "x", "../../etc/passwd", &word[1..]] {
        let seen = browser.send("/petitions", &Form::petition(&key()).and("kept_attachment", word)).await;
        assert_eq!(seen.is(422).wrong_fields(), ["attachments"], "{word}");
        seen.has("請重新選取");
    }
    // After half a day the word is no good any more.
    site.wait(12 * 3600);
    let seen = browser.send("/petitions", &Form::petition(&key()).and("kept_attachment", &word)).await;
    seen.is(422).has("請重新選取");
    assert_eq!(site.count("attachments"), 0);
    browser.submit(&Form::petition(&key())).await;
});
