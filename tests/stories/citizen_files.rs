//! Files too large for a letter: it carries a link instead, which shows the list, gives each file by a button, is noted in
//! the history, and runs out.

use chenqing::domain::event::acts;
use chenqing::domain::link::Purpose;
use chenqing::domain::time::DAY;
use chenqing::post::{caught, deliver};
use chenqing::store::attachments::StoredFile;
use chenqing::store::events;
use std::path::Path;

use super::browser::{Browser, Form, key};
use super::site::Site;
use crate::support::on_both;

/// A case answered with two files; its number.
async fn answered(site: &Site, browser: &Browser) -> String {
    let number = site.receive(browser, &Form::petition(&key())).await;
    site.assign(&number);
    let files = [("現場照片.pdf", 40_000), ("班表.pdf", 900)].map(|(name, size)| {
        let bytes = [b"%PDF-1.7\n".as_slice(), &vec![b' '; size]].concat();
        let size = i64::try_from(bytes.len()).unwrap();
        let sha256 = site.app.files.put(&bytes).unwrap();
        StoredFile { sha256, name: name.into(), media_type: "application/pdf".into(), size }
    });
    let (leased, now) = (files.to_vec(), site.now());
    site.office()
        .store
        .write(move |db| {
            leased.iter().try_for_each(|file| chenqing::store::attachments::lease(db, file, now, now.plus_seconds(DAY)))
        })
        .unwrap();
    site.answer(&number, "路燈已經修復，謝謝您的提醒。", files.to_vec());
    number
}

/// The reply as it was caught.
fn reply(site: &Site) -> caught::Opened {
    deliver(&site.app.post, &site.app.clock).unwrap();
    let folder = site.app.config.mail.folder.clone();
    let all = caught::list(Path::new(&folder), None, 100).unwrap();
    let reply = all.iter().find(|letter| letter.subject.starts_with("回復您的陳情")).unwrap();
    caught::open(Path::new(&folder), &reply.id).unwrap()
}

fn link(site: &Site, letter: &caught::Opened) -> String {
    let found = letter.text.lines().find_map(|line| line.strip_prefix(&format!("{}/f/", site.base)));
    format!("/f/{}", found.unwrap_or_else(|| panic!("no link in {}", letter.text)))
}

on_both!(files_that_are_too_large_are_fetched_by_the_link, async |db| {
    let site = Site::with(db, |config| (config.mail.max_letter_bytes, config.mail.file_days) = (50_000, 7));
    let browser = Browser::at(&site.base);
    let number = answered(&site, &browser).await;
    let letter = reply(&site);
    assert!(letter.files.is_empty() && letter.text.contains("附件太大") && letter.text.contains("現場照片.pdf"));
    let link = link(&site, &letter);

    // Looking fetches nothing, whoever looks.
    let before = site.traces();
    for path in [link.clone(), format!("/en{link}")] {
        let seen = browser.get(&path).await;
        seen.is(200).has("現場照片.pdf").has("班表.pdf").has(&number);
        assert_eq!((seen.header("referrer-policy"), seen.header("cache-control")), ("no-referrer", "no-store"));
    }
    assert_eq!(site.traces(), before);
    let seen = browser.post(&link, &[("file", "0")]).await;
    assert_eq!(seen.is(200).body.len(), 40_009);
    assert!(seen.header("content-disposition").starts_with("attachment"), "{}", seen.header("content-disposition"));
    assert_eq!((seen.header("content-type"), seen.header("referrer-policy")), ("application/pdf", "no-referrer"));
    let case = site.case(&number);
    let fetched = |site: &Site| {
        let history = site.read(|db| events::of_case(db, case.id));
        history.iter().filter(|event| event.act == acts::FILE_FETCHED && event.actor == "petitioner").count()
    };
    assert_eq!(fetched(&site), 1);
    for wrong in ["2", "-1", "x", ""] {
        browser.post(&link, &[("file", wrong)]).await.is(404);
    }
    site.wait(7 * DAY);
    browser.get(&link).await.is(410).has("過期");
    browser.post(&link, &[("file", "0")]).await.is(410);
    assert_eq!(fetched(&site), 1);
});

on_both!(a_link_of_another_purpose_opens_no_files, async |db| {
    let site = Site::with(db, |config| config.mail.max_letter_bytes = 1);
    let browser = Browser::at(&site.base);
    answered(&site, &browser).await;
    let until = site.now().plus_seconds(DAY);
    let rate = site.letters("reply")[0].link().unwrap().unwrap();
    let good = site.token(Purpose::Files, rate.row, &rate.nonce, until);
    browser.get(&format!("/f/{good}")).await.is(200);
    for token in [
        site.token(Purpose::Rate, rate.row, &rate.nonce, until),
        site.token(Purpose::Files, rate.row, "another", until),
        site.token(Purpose::Files, 99, &rate.nonce, until),
        "x".into(),
    ] {
        browser.get(&format!("/f/{token}")).await.is(404);
        browser.post(&format!("/f/{token}"), &[("file", "0")]).await.is(404);
    }
});

on_both!(the_words_of_a_letter_count_too, async |db| {
    // What the two files take in base 64, and too little for the words beside them.
    let files = 40_009 / 57 * 78 + 78 + 909 / 57 * 78 + 78;
    let site = Site::with(db, |config| config.mail.max_letter_bytes = files + 100);
    answered(&site, &Browser::at(&site.base)).await;
    let letter = reply(&site);
    assert!(letter.files.is_empty() && letter.text.contains("附件太大") && letter.text.contains("現場照片.pdf"));
});

on_both!(files_that_fit_travel_with_the_letter, async |db| {
    let site = Site::open(db);
    answered(&site, &Browser::at(&site.base)).await;
    let letter = reply(&site);
    let names: Vec<&str> = letter.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["現場照片.pdf", "班表.pdf"]);
    assert!(!letter.text.contains("/f/") && !letter.text.contains("附件太大"));
});
