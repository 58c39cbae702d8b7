//! Administration: jobs and what came of them in the reader's language, and the desk's lists beside figures and
//! administration as beside every other page.

use chenqing::domain::delivery::LetterState;
use chenqing::jobs::{self, JOBS, Ran};
use chenqing::store::{leases, letters};

use super::desk::{in_progress, open, petition, received, sign_in};
use crate::support::on_both;

on_both!(the_lists_with_their_counts_stand_beside_figures_and_administration, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    in_progress(&site, &number, &sign_in(&site, "d.registrar").await).await;
    received(&site, petition());
    let letter = site.letters("receipt")[0].id;
    site.office()
        .store
        .write(move |db| letters::set_state(db, letter, LetterState::Waiting, LetterState::Failed, None, None))
        .unwrap();
    let all = "<a href=\"/desk?queue&#x3D;all\"><span>全部未結</span> <span class=\"count-pill\">2</span></a>";
    let failed = "<a href=\"/desk/letters\"><span>寄件匣</span> <span class=\"count-pill\">1</span></a>";
    for (username, path, has, has_not) in [
        ("d.control", "/management", all, "queue&#x3D;new"),
        ("d.auditor", "/management", all, "queue&#x3D;new"),
        ("d.manager", "/management", "href=\"/management\"", "queue&#x3D;"),
        ("d.admin", "/admin", failed, "queue&#x3D;"),
        ("d.auditor", "/admin", all, "queue&#x3D;new"),
    ] {
        let worker = sign_in(&site, username).await;
        worker.get(path).await.is(200).has(has).has_not(has_not);
    }
    for username in ["d.registrar", "d.handler", "d.supervisor", "d.manager", "d.control"] {
        sign_in(&site, username).await.get("/admin").await.is(403);
    }
});

on_both!(what_came_of_a_job_is_told_in_the_readers_language, async |db| {
    let site = open(db);
    received(&site, petition());
    let admin = sign_in(&site, "d.admin").await;
    admin.get("/admin").await.is(200).has("清理無用檔案").has("/admin/jobs/seal/run");
    let seen = admin.post("/admin/jobs/seal/run", &[]).await;
    assert_eq!(seen.is(303).location, "/admin");
    admin.get("/admin").await.is(200).has("工作已執行：封存1筆").has("<td>封存1筆</td>");
    admin.get("/desk/locale/en").await.is(303);
    admin.get("/admin").await.is(200).has("<td>1 sealed</td>").has_not("封存1筆");
    // What an earlier version wrote is shown as it is; a failure is marked either way.
    let write = |text: &'static str| {
        let now = site.now();
        site.office()
            .store
            .write(move |db| {
                let epoch = leases::take(db, "outbox", "old", now, now.plus_seconds(1))?.unwrap();
                leases::release(db, "outbox", epoch, now, text)
            })
            .unwrap();
    };
    for (text, shown, failed) in [
        ("3 sent, 0 later, 0 failed", "<td>3 sent, 0 later, 0 failed</td>", false),
        ("failed: no disk", "failed: no disk</td>", true),
        ("{\"key\":\"job-result-failed\",\"args\":{\"error\":\"no disk\"}}", "tried again: no disk</td>", true),
        ("{\"key\":\"of-another-version\",\"args\":{}}", "of-another-version", false),
    ] {
        write(text);
        let page = admin.get("/admin").await;
        page.is(200).has(shown);
        assert_eq!(page.text().contains("badge-failed"), failed, "{text}");
    }
    // Nobody else runs one.
    for username in ["d.auditor", "d.registrar", "d.control"] {
        sign_in(&site, username).await.post("/admin/jobs/seal/run", &[]).await.is(403);
    }
    admin.post("/admin/jobs/none/run", &[]).await.is(404);
});

on_both!(every_job_runs_and_says_so, async |db| {
    let site = open(db);
    received(&site, petition());
    let app = site.app.clone();
    let ran = actix_web::rt::task::spawn_blocking(move || {
        JOBS.iter().map(|job| (job.name, jobs::run_once(&app, job))).collect::<Vec<_>>()
    });
    for (name, ran) in ran.await.unwrap() {
        let Ran::Done(result) = ran else { panic!("{name} was not done") };
        assert!(result.key.starts_with("job-result-"), "{name}: {}", result.key);
    }
    let admin = sign_in(&site, "d.admin").await;
    let page = admin.get("/admin").await;
    page.is(200).has_not("job-result").has_not("badge-failed").has_not("從未</span></td><td></td>");
});

on_both!(letters_are_delivered_by_every_node_at_the_same_time, async |db| {
    let site = open(db);
    received(&site, petition());
    let (app, now) = (site.app.clone(), site.now());
    let ran = actix_web::rt::task::spawn_blocking(move || {
        let outbox = JOBS.iter().find(|job| job.name == "outbox").unwrap();
        // As if another node were at it, for long.
        let take = move |db: &mut _| leases::take(db, "outbox", "another node", now, now.plus_seconds(900));
        app.office.store.write(take).unwrap().unwrap();
        jobs::run_once(&app, outbox)
    });
    let Ran::Done(result) = ran.await.unwrap() else { panic!("the letters were left to the other node") };
    assert!(result.args.contains(&("sent", "2".to_owned())), "{result:?}");
});
