//! Saved reports over HTTP: saved, looked at, sent with charts and files, changed and deleted; by whom, and by whom not.

use chenqing::config::MailTransport;
use chenqing::jobs::{JOBS, Ran, run_once};
use data_encoding::BASE64;
use mail_parser::{MessageParser, MimeHeaders};

use super::browser::{Browser, key};
use super::desk::{Worker, id_of, open, petition, received, sign_in, staff_up};
use super::site::Site;
use crate::post::server::Server;
use crate::support::on_both;

const NAME: &str = "總署每月概況";

/// Fields of a report; those given replace the usual ones.
fn report<'a>(key: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("name", NAME),
        ("period", "this_month"),
        ("period_fixed", ""),
        ("below", "on"),
        ("tables", "unit"),
        ("rhythm", "week"),
        ("weekday", "1"),
        ("month", "1"),
        ("day", "1"),
        ("hour", "9"),
        ("idempotency_key", key),
    ];
    let mut fields: Vec<(&str, &str)> =
        usual.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name)).collect();
    // A field that is given empty is left out.
    fields.extend(changed.iter().filter(|(_, value)| !value.is_empty()));
    fields
}

async fn saved(worker: &Worker, changed: &[(&str, &str)]) -> String {
    let key = key();
    worker.post("/management/reports", &report(&key, changed)).await.is(303).location.clone()
}

on_both!(a_report_is_saved_looked_at_and_sent_with_its_files, async |db| {
    let server = Server::up();
    let site = Site::with(db, |config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.smtp.url = server.url();
    });
    staff_up(&site);
    let number = received(&site, petition());
    let manager = sign_in(&site, "d.manager").await;
    manager.get("/management/reports").await.is(200).has("目前沒有自訂報表").has("/management/reports/new");
    let (me, auditor) = (id_of(&site, "d.manager"), id_of(&site, "d.auditor"));
    let (to_me, to_auditor) = (format!("to_{me}"), format!("to_{auditor}"));
    manager
        .get("/management/reports/new")
        .await
        .is(200)
        .has(&to_auditor)
        .has_not(&format!("to_{}\"", id_of(&site, "d.handler")));
    let changed = [
        ("units", "headquarters"),
        ("tables", "channel"),
        ("tables", "kind"),
        ("formats", "ods"),
        ("formats", "csv"),
        (to_me.as_str(), "zh-TW"),
        (to_auditor.as_str(), "en"),
    ];
    let path = saved(&manager, &changed).await;
    let page = manager.get(&path).await;
    page.is(200)
        .has("已儲存報表")
        .has(NAME)
        .has("範圍：單位為")
        .has("（含所屬單位）")
        .has("每週一 9 時")
        .has("沒有定稿");
    // 18 September 2026 is a Friday.
    page.has("115/09/21 09:00").has_not("/management/cases?");
    manager.get("/management/reports").await.is(200).has(NAME).has("還沒寄過");
    let file = manager.get(&format!("{path}/file.ods")).await;
    assert!(file.is(200).header("content-disposition").contains("report-"));
    manager.get(&format!("{path}/file.exe")).await.is(404);
    // Tables as CSV come in one archive, which is called what it is.
    page.has("/file.zip\"").has("下載ZIP").has_not("/file.csv");
    let file = manager.get(&format!("{path}/file.zip")).await;
    assert!(file.is(200).header("content-disposition").contains(".zip"));

    // Sent now: once, however often the button is pressed.
    let word = page.value("idempotency_key");
    let send = format!("{path}/send");
    manager.post(&send, &[("idempotency_key", &word)]).await.is(303);
    manager.post(&send, &[("idempotency_key", &word)]).await.is(303);
    manager.get(&path).await.is(200).has("共 2 封").has("黃管理寄送");
    assert_eq!(site.letters("saved_report").len(), 2);
    deliver(&site).await;
    let records = server.records();
    let to: Vec<&str> = records.iter().filter_map(|record| record["to"][0].as_str()).collect();
    assert!(to.contains(&"d.manager@agency.example.tw") && to.contains(&"d.auditor@agency.example.tw"), "{to:?}");
    for record in
        records.iter().filter(|r| r["to"][0].as_str().is_some_and(|to| to.starts_with("d.m") || to.starts_with("d.au")))
    {
        let bytes = BASE64.decode(record["bytes"].as_str().unwrap().as_bytes()).unwrap();
        let message = MessageParser::default().parse(&bytes).unwrap();
        let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
        assert!(message.subject().unwrap().starts_with(NAME));
        for part in [&text, &html] {
            assert!(part.contains(&path) && part.contains(NAME));
            // Figures alone: no case, no person who petitioned.
            assert!(!part.contains(&number) && !part.contains(&petition().subject) && !part.contains("example.org"));
        }
        let names: Vec<&str> = message.attachments().filter_map(|part| part.attachment_name()).collect();
        assert!(
            names.iter().any(|n| n.ends_with("-2026-09.ods")) && names.iter().any(|n| n.ends_with(".zip")),
            "{names:?}"
        );
    }

    // Nobody changes what a colleague has changed meanwhile; nothing typed is lost.
    let edit = manager.get(&format!("{path}/edit")).await;
    edit.is(200).has(NAME);
    assert_eq!(edit.value("version"), "1");
    let fields = [("version", "1"), ("name", "改過的名稱"), (to_me.as_str(), "zh-TW")];
    manager.post(&path, &report("", &fields)).await.is(303);
    manager.post(&path, &report("", &fields)).await.is(409).has("改過的名稱").has("同仁剛才更新了這份報表");
    manager.get(&path).await.is(200).has("改過的名稱").has("範圍：全部案件");

    // Deleted after being asked once more; a look at the question deletes nothing.
    let delete = format!("{path}/delete");
    assert_eq!(manager.get(&delete).await.is(200).value("version"), "2");
    manager.get(&path).await.is(200);
    manager.post(&delete, &[("version", "1")]).await.is(409);
    manager.post(&delete, &[("version", "2")]).await.is(303);
    manager.get(&path).await.is(404);
    assert_eq!(site.letters("saved_report").len(), 2);
});

async fn deliver(site: &Site) {
    let app = site.app.clone();
    let ran = actix_web::rt::task::spawn_blocking(move || {
        run_once(&app, JOBS.iter().find(|job| job.name == "outbox").unwrap())
    });
    assert!(matches!(ran.await.unwrap(), Ran::Done(_)));
}

on_both!(the_job_sends_what_is_due_though_the_mail_server_is_away, async |db| {
    let mut server = Server::down();
    let site = Site::with(db, |config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.smtp.url = server.url();
    });
    staff_up(&site);
    let manager = sign_in(&site, "d.manager").await;
    let to = format!("to_{}", id_of(&site, "d.manager"));
    saved(&manager, &[(&to, "zh-TW"), ("formats", "json")]).await;
    site.wait(7 * 86_400);
    let app = site.app.clone();
    let job = JOBS.iter().find(|job| job.name == "saved_reports").unwrap();
    let ran = actix_web::rt::task::spawn_blocking(move || [run_once(&app, job), run_once(&app, job)]).await.unwrap();
    let said: Vec<String> = ran
        .into_iter()
        .map(|ran| match ran {
            Ran::Done(said) => said.args.iter().map(|(_, value)| value.clone()).collect(),
            _ => panic!("not done"),
        })
        .collect();
    assert_eq!(said, ["10", "00"], "one letter, none failed; then none");
    deliver(&site).await;
    assert!(server.records().is_empty());
    server.start(&[]);
    site.wait(3_600);
    deliver(&site).await;
    let to: Vec<_> = server.records().iter().map(|record| record["to"][0].as_str().unwrap().to_owned()).collect();
    let row = site.letters("saved_report").remove(0);
    assert_eq!(to, ["d.manager@agency.example.tw"], "{:?} {:?} {:?}", row.state, row.error, row.next_try_at);
});

on_both!(what_is_wrong_is_named_and_kept, async |db| {
    let site = open(db);
    let control = sign_in(&site, "d.control").await;
    let to = format!("to_{}", id_of(&site, "d.control"));
    let word = key();
    let fields = report(&word, &[(&to, "zh-TW")]);
    let first = control.post("/management/reports", &fields).await.is(303).location.clone();
    assert_eq!(control.post("/management/reports", &fields).await.is(303).location, first);
    for (changed, field) in [
        (vec![("name", "")], "name"),
        (vec![("tables", "")], "tables"),
        (vec![("tables", "none_such")], "tables"),
        (vec![("name", "每週\n概況")], "name"),
        (vec![("name", "每週\u{202e}概況")], "name"),
        (vec![("period", "fixed"), ("period_fixed", "2026Q9")], "period_fixed"),
        (vec![("period", "fixed"), ("period_fixed", "")], "period_fixed"),
        (vec![("period", "fixed"), ("period_fixed", "114")], "period_fixed"),
        (vec![("period", "fixed"), ("period_fixed", "0114")], "period_fixed"),
        (vec![("period", "fixed"), ("period_fixed", "2031")], "period_fixed"),
        (vec![("period", "2025")], "period"),
        (vec![("units", "none_such")], "units"),
        (vec![("categories", "none_such")], "categories"),
        (vec![("channels", "pigeon")], "channels"),
        (vec![("speed_classes", "none_such")], "speed_classes"),
        (vec![("hour", "3")], "rhythm"),
        (vec![("rhythm", "month"), ("day", "32")], "rhythm"),
        (vec![("rhythm", "hourly")], "rhythm"),
        (vec![(to.as_str(), "")], "recipients"),
        (vec![(to.as_str(), "fr")], "recipients"),
    ] {
        let (word, mut all) = (key(), vec![(to.as_str(), "zh-TW")]);
        all.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
        all.extend(changed.iter().copied());
        let seen = control.post("/management/reports", &report(&word, &all)).await;
        assert_eq!(seen.is(422).wrong_fields(), [field], "{changed:?}");
        seen.has("每週");
        let told = match changed.last() {
            Some(("name", name)) if !name.is_empty() => "有換行或看不見的字元",
            Some(("period_fixed", "2031")) => "還沒開始",
            Some(("period_fixed", _)) => "季（2026Q3）或月（2026-09）",
            _ => continue,
        };
        seen.has(told);
    }
    // By hand only, a report needs nobody to be sent to; sent to nobody it says so.
    let path = saved(&control, &[("rhythm", "never")]).await;
    let word = key();
    control.post(&format!("{path}/send"), &[("idempotency_key", &word)]).await.is(303);
    control.get(&path).await.is(200).has("沒有寄出");
    assert!(site.letters("saved_report").is_empty());
});

on_both!(others_neither_see_nor_change_reports, async |db| {
    let site = open(db);
    let control = sign_in(&site, "d.control").await;
    let to = format!("to_{}", id_of(&site, "d.control"));
    let own = saved(&control, &[(&to, "zh-TW")]).await;
    let shared = saved(&control, &[(&to, "zh-TW"), ("shared", "on"), ("name", "共用的報表")]).await;
    let sent = format!("to_{}", id_of(&site, "d.auditor"));
    let mine = saved(&control, &[(&sent, "zh-TW"), ("name", "寄給稽核的報表")]).await;
    let word = key();
    let (edit, delete, send, file) = ("/edit", "/delete", "/send", "/file.json");
    // Who reads no figures gets nothing at all.
    for username in ["d.registrar", "d.handler", "d.supervisor", "d.admin", "d.foreign"] {
        let worker = sign_in(&site, username).await;
        for path in ["/management/reports", "/management/reports/new", &own, &shared, &mine] {
            worker.get(path).await.is(403).has_not(NAME);
        }
        worker.get(&format!("{shared}{file}")).await.is(403);
        worker.get(&format!("{shared}{edit}")).await.is(403);
        worker.get(&format!("{shared}{delete}")).await.is(403);
        worker.post("/management/reports", &report(&word, &[])).await.is(403);
        worker.post(&shared, &report(&word, &[("version", "1")])).await.is(403);
        worker.post(&format!("{shared}{send}"), &[("idempotency_key", &word)]).await.is(403);
        worker.post(&format!("{shared}{delete}"), &[("version", "1")]).await.is(403);
    }
    // An auditor looks at what is shared and at what they are sent, and changes nothing.
    let auditor = sign_in(&site, "d.auditor").await;
    auditor
        .get("/management/reports")
        .await
        .is(200)
        .has("共用的報表")
        .has("寄給稽核的報表")
        .has_not(NAME)
        .has_not("/management/reports/new");
    auditor.get(&own).await.is(404);
    auditor.get(&format!("{own}{file}")).await.is(404);
    auditor.get(&shared).await.is(200).has_not("馬上寄出");
    auditor.get(&format!("{mine}{file}")).await.is(200);
    auditor.post(&format!("{shared}{send}"), &[("idempotency_key", &word)]).await.is(403);
    auditor.get(&format!("{shared}{edit}")).await.is(403);
    // A manager changes what is shared, and does not see what is not, until its owner is gone.
    let manager = sign_in(&site, "d.manager").await;
    for path in [own.clone(), format!("{own}{edit}"), format!("{own}{delete}"), format!("{own}{file}")] {
        manager.get(&path).await.is(404);
    }
    manager.post(&own, &report("", &[("version", "1")])).await.is(404);
    manager.post(&format!("{own}{send}"), &[("idempotency_key", &word)]).await.is(404);
    manager.post(&format!("{own}{delete}"), &[("version", "1")]).await.is(404);
    manager.get(&format!("{shared}{edit}")).await.is(200);
    assert!(site.letters("saved_report").is_empty());
    let gone = id_of(&site, "d.control");
    site.office()
        .store
        .write(move |db| {
            crate::support::rows::execute(db, &format!("UPDATE staff SET active = FALSE WHERE id = {gone}"));
            Ok(())
        })
        .unwrap();
    manager.get(&own).await.is(200).has(NAME);
    manager.post(&format!("{own}{delete}"), &[("version", "1")]).await.is(303);
    // Nobody without a session, and no form without the session's word.
    for path in ["/management/reports", "/management/reports/new", shared.as_str()] {
        assert!(Browser::at(&site.base).get(path).await.is(303).location.starts_with("/desk/login"));
    }
    manager.browser.post(&format!("{shared}{delete}"), &[("_csrf", "wrong"), ("version", "1")]).await.is(403);
    manager.get(&shared).await.is(200);
});
