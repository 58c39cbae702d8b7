//! The ledger keeps every message, whatever happens between its parts: crashes, files that cannot be read, a folder of
//! dropped files; and whoever has to know is told when mail stands still.

use chenqing::acts::mail_check::mail_check;
use chenqing::acts::{collect, mail_taken_in};
use chenqing::domain::incoming::{MessageState as S, Reason};
use chenqing::domain::time::{DAY, HOUR};
use chenqing::error::Error;
use chenqing::jobs::{JOBS, Ran, run_once};
use chenqing::post::incoming::intake;

use super::browser::Browser;
use super::desk::{in_progress, petition, received, sign_in};
use super::mail_post::{VOUCHED, mail, mail_site};
use crate::support::on_both;

const TO: &str = "mailbox@agency.example.tw";

on_both!(what_was_stored_is_taken_in_by_whoever_comes_next, async |db| {
    let site = mail_site(db, |_| {});
    let raw = mail(VOUCHED, TO, "路燈", "不亮");
    let id = site.store("pipe", "a", raw.as_bytes()).message_id;
    // The process died here. Nobody takes the file for an orphan, however long it lies.
    site.wait(30 * DAY);
    assert_eq!(collect::collect(&site.office().store, &site.app.files, site.now()).unwrap().files, 0);
    assert_eq!(site.message(id).state, S::Waiting);

    // One that dies while it takes the message in: the next comes after it, once.
    assert!(mail_taken_in::claim(site.office(), site.now(), id).unwrap().is_some());
    assert!(mail_taken_in::claim(site.office(), site.now(), id).unwrap().is_none(), "in somebody's hands");
    site.wait(600);
    let incoming = JOBS.iter().find(|job| job.name == "incoming").unwrap();
    assert!(matches!(run_once(&site.app, incoming), Ran::Done(_)));
    assert_eq!((site.message(id).state, site.message(id).attempts), (S::NewSubmission, 2));
    assert_eq!(intake::one(&site.app, site.now(), id), Ok(None));
    assert_eq!((site.count("submissions"), site.letters("confirm").len()), (1, 1));
});

on_both!(what_cannot_be_taken_in_waits_for_a_person_and_stops_nobody, async |db| {
    let site = mail_site(db, |_| {});
    let poison = site.store("pipe", "a", b"From: a@example.org\n\nx").message_id;
    let sha256 = site.message(poison).sha256;
    site.app.files.set_aside(&sha256).unwrap();
    let good = site.store("pipe", "b", mail(VOUCHED, TO, "路燈", "不亮").as_bytes()).message_id;
    intake::all(&site.app, site.now()).unwrap();
    assert_eq!((site.message(poison).state, site.message(good).state), (S::Waiting, S::NewSubmission));
    assert!(site.message(poison).error.is_some());
    assert_eq!(intake::all(&site.app, site.now()), Ok(0), "it waits before it is tried again");
    for _ in 0..4 {
        site.wait(HOUR);
        intake::all(&site.app, site.now()).unwrap();
    }
    let row = site.message(poison);
    assert_eq!((row.state, row.reasons(), row.next_try_at), (S::Pen, vec![Reason::NotTakenIn], None));

    // Five processes that died over it: it is not read a sixth time.
    let deadly = site.store("pipe", "c", b"From: b@example.org\n\nx").message_id;
    for _ in 0..5 {
        assert!(mail_taken_in::claim(site.office(), site.now(), deadly).unwrap().is_some());
        site.wait(HOUR);
    }
    assert!(mail_taken_in::claim(site.office(), site.now(), deadly).unwrap().is_none());
    assert_eq!(site.message(deadly).state, S::Pen);
});

on_both!(an_outage_is_nobody_s_attempt, async |db| {
    let site = mail_site(db, |_| {});
    let id = site.store("pipe", "a", b"From: a@example.org\n\nx").message_id;
    for _ in 0..20 {
        assert!(mail_taken_in::claim(site.office(), site.now(), id).unwrap().is_some());
        let why = Error::Unavailable("the disk is full".into());
        assert_eq!(mail_taken_in::put_off(site.office(), site.now(), id, &why), Ok(S::Waiting));
        site.wait(HOUR);
    }
    intake::all(&site.app, site.now()).unwrap();
    assert_eq!((site.message(id).state, site.message(id).error), (S::Pen, None));
});

on_both!(dropped_files_are_moved_once_they_are_safe, async |db| {
    let site = mail_site(db, |_| {});
    let folder = db.folder().join("drop");
    std::fs::create_dir_all(&folder).unwrap();
    let raw = mail(VOUCHED, TO, "路燈", "不亮");
    std::fs::write(folder.join("one.eml"), &raw).unwrap();
    std::fs::write(folder.join("notes.txt"), "no message").unwrap();
    assert_eq!(intake::all(&site.app, site.now()), Ok(1));
    assert!(folder.join("done/one.eml").is_file() && !folder.join("one.eml").exists());
    assert!(folder.join("notes.txt").is_file());
    // A name that is used again, for other bytes and for the same.
    std::fs::write(folder.join("one.eml"), raw.replace("不亮", "亮了")).unwrap();
    assert_eq!(intake::all(&site.app, site.now()), Ok(1));
    std::fs::write(folder.join("one.eml"), &raw).unwrap();
    assert_eq!(intake::all(&site.app, site.now()), Ok(0));
    assert_eq!((site.count("messages"), site.count("receipts")), (2, 2));
});

on_both!(the_same_message_by_many_at_once_is_one, async |db| {
    let site = mail_site(db, |_| {});
    let raw = mail(VOUCHED, TO, "路燈", "不亮");
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|n| {
                let (site, raw) = (&site, &raw);
                scope.spawn(move || {
                    let stored = site.store("pipe", &n.to_string(), raw.as_bytes());
                    intake::one(&site.app, site.now(), stored.message_id).unwrap();
                    stored.new
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(results.iter().filter(|new| **new).count(), 1);
    assert_eq!((site.count("messages"), site.count("receipts"), site.count("submissions")), (1, 8, 1));
});

on_both!(originals_of_cases_long_closed_are_erased_and_their_lines_stay, async |db| {
    let site = mail_site(db, |config| config.cases.retention_years = 1);
    let registrar = sign_in(&site, "d.registrar").await;
    let (over, open) = (received(&site, petition()), received(&site, petition()));
    for number in [&over, &open] {
        in_progress(&site, number, &registrar).await;
    }
    let raw = mail("", &site.reply_address(&over), "Re: x", "再補充。");
    let gone = site.arrives(&raw);
    let stays = site.arrives(&mail("", &site.reply_address(&open), "Re: x", "還在等。"));
    let ignored = site.arrives(&mail("X-Chenqing-Letter: abc\n", TO, "x", "y"));
    let opened = site.arrives(&mail(VOUCHED, TO, "路燈", "不亮"));
    let by_mail = site.confirm(&Browser::at(&site.base)).await;
    for number in [&over, &by_mail] {
        registrar.must(&site, number, "withdraw", &[("reason", "陳情人來電撤回")]).await;
    }
    let clean = || {
        chenqing::acts::clean::clean(site.office(), site.now(), 30).unwrap();
        collect::collect(&site.office().store, &site.app.files, site.now()).unwrap().files
    };
    site.wait(364 * DAY);
    assert_eq!(clean(), 0);
    site.wait(2 * DAY);
    assert_eq!(clean(), 3);
    for row in [&gone, &ignored, &opened] {
        let now = site.message(row.id);
        assert_eq!((now.erased_at, now.sha256.as_str(), now.state), (Some(site.now()), row.sha256.as_str(), row.state));
        assert!(now.from_sealed.is_none() && now.from_index.is_none());
        assert!(site.app.files.get(&row.sha256).is_err());
    }
    assert!(site.message(stays.id).erased_at.is_none() && site.app.files.get(&stays.sha256).is_ok());
    assert_eq!(clean(), 0);

    let registrar = sign_in(&site, "d.registrar").await;
    let path = format!("/desk/mail/{}", gone.id);
    registrar.get(&path).await.is(200).has("案件的保存年限已過").has_not("/raw").has_not("/identity");
    registrar.post(&format!("{path}/raw"), &[]).await.is(404);
    registrar.get(&format!("/desk/mail/{}", ignored.id)).await.is(200).has_not("/open").has_not("/discard");
    registrar.get("/desk/mail").await.is(200).has("Re: x");
    registrar.case(&over).await.is(200).has("再補充。");

    // The same bytes come again: still the same message, and they do not stay.
    let again = site.store("imap:mailbox", "7/31", raw.as_bytes());
    assert_eq!((again.message_id, again.new), (gone.id, false));
    assert_eq!(intake::all(&site.app, site.now()), Ok(0));
    site.wait(DAY);
    assert_eq!(clean(), 1);
    assert!(site.app.files.get(&gone.sha256).is_err());
});

on_both!(administrators_are_told_once_a_day_while_mail_stands_still, async |db| {
    let site = mail_site(db, |_| {});
    site.store("pipe", "a", b"From: a@example.org\n\nx");
    assert_eq!(mail_check(site.office(), site.now()), Ok(0), "it has just come");
    site.wait(HOUR + 1);
    assert_eq!(mail_check(site.office(), site.now()), Ok(1));
    assert_eq!(mail_check(site.office(), site.now()), Ok(0), "once a day");
    site.wait(DAY);
    assert_eq!(mail_check(site.office(), site.now()), Ok(1));
    let (letter, _) = site.sent("mail_waiting");
    assert_eq!(letter.staff_id, Some(site.person("d.admin").id));
    intake::all(&site.app, site.now()).unwrap();
    site.wait(DAY);
    assert_eq!(mail_check(site.office(), site.now()), Ok(0), "only while it is so");
});
