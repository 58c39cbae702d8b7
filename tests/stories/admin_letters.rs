//! The page that shows how letters look: who may see it, every letter in both languages, and own templates with a fault.

use chenqing::domain::letter::Locale;
use chenqing::letters::samples;

use super::browser::Browser;
use super::desk::{open, sign_in, staff_up};
use super::site::Site;
use crate::support::on_both;

on_both!(every_letter_is_shown_in_both_languages, async |db| {
    let site = open(db);
    let (admin, auditor) = (sign_in(&site, "d.admin").await, sign_in(&site, "d.auditor").await);
    let before = site.traces();
    let list = admin.get("/admin/letters").await;
    auditor.get("/admin/letters").await.is(200);
    for letter in samples::all(Locale::ZhTw) {
        let path = format!("/admin/letters/{}", letter.code());
        list.is(200).has(&path);
        for locale in ["zh-TW", "en"] {
            let frame = format!("{path}/html?locale={locale}");
            let shown = frame.replace('=', "&#x3D;");
            admin.get(&format!("{path}?locale={locale}")).await.is(200).has(&shown).has("sandbox=\"\"");
            let html = admin.get(&frame).await;
            html.is(200).has(&format!("<html lang=\"{locale}\">"));
            let policy = html.header("content-security-policy");
            assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
        }
    }
    for wrong in ["/admin/letters/none", "/admin/letters/none/html"] {
        admin.get(wrong).await.is(404);
    }
    for path in ["/admin/letters", "/admin/letters/reply", "/admin/letters/reply/html"] {
        let nobody = Browser::at(&site.base).get(path).await;
        assert!(nobody.is(303).location.starts_with("/desk/login"));
        for username in ["d.registrar", "d.handler", "d.supervisor", "d.control", "d.manager", "d.foreign"] {
            sign_in(&site, username).await.get(path).await.is(403);
        }
    }
    // Sessions apart, looking left nothing.
    assert_eq!(site.traces()[..8], before[..8]);
});

on_both!(own_templates_and_their_faults_are_named, async |db| {
    let folder = db.folder().join("letters");
    for (file, source) in [
        ("zh-TW/withdrawn/subject.txt.hbs", "撤回了（{{number}}）"),
        ("zh-TW/reply/body.txt.hbs", "{{#> layout}}\n{{subjekt}}\n{{/layout}}"),
    ] {
        std::fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
        std::fs::write(folder.join(file), source).unwrap();
    }
    let site = Site::with(db, |config| config.letters.folder = folder.display().to_string());
    staff_up(&site);
    let admin = sign_in(&site, "d.admin").await;
    let list = admin.get("/admin/letters").await;
    list.is(200).has("zh-TW/withdrawn/subject.txt.hbs").has("zh-TW/reply/body.txt.hbs, line 2");
    let one = admin.get("/admin/letters/withdrawn").await;
    one.is(200).has("zh-TW/withdrawn/subject.txt.hbs").has("撤回了（1150001234-5）");
    admin.get("/admin/letters/reply").await.is(200).has("回復內容").has_not("subjekt");
});
