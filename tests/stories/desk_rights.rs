//! Who may call what: every route of the desk as nobody and as every role, and every act on a case by whoever may not do
//! it. A route that this table does not know fails the test.

use std::collections::BTreeSet;

use super::browser::{Browser, Form};
use super::desk::{Worker, complain_of, id_of, in_progress, open, petition, received, reply, sign_in, unit};
use super::site::Site;
use crate::support::on_both;

/// Everybody, in the order of the table's columns: registrar, handler of the case, another handler of the unit, supervisor,
/// control officer, manager, administrator, auditor, a foreign handler, the person complained of.
const PEOPLE: [&str; 10] = [
    "d.registrar",
    "d.handler",
    "d.handler2",
    "d.supervisor",
    "d.control",
    "d.manager",
    "d.admin",
    "d.auditor",
    "d.foreign",
    "supervisor",
];

/// What each of them gets: `y` the page, `>` led elsewhere, `n` 403, `-` 404 as if there were nothing.
const PAGES: &[(&str, &str, &str)] = &[
    ("/desk", "/desk", "yyyyy>>yyy"),
    ("/desk", "/desk?queue=new", "ynnnnnnnnn"),
    ("/desk", "/desk?queue=mine", "nyynnnnnyn"),
    ("/desk", "/desk?queue=unit", "nyyynnnnyy"),
    ("/desk", "/desk?queue=co-handling", "nyyynnnnyy"),
    ("/desk", "/desk?queue=review", "nnnynnnnny"),
    ("/desk", "/desk?queue=due-soon", "yyyyynnnyy"),
    ("/desk", "/desk?queue=overdue", "yyyyynnnyy"),
    ("/desk", "/desk?queue=to-post", "yyyynnnnyy"),
    ("/desk", "/desk?queue=all", "ynnnynnynn"),
    ("/desk", "/desk?queue=none", "----------"),
    ("/desk/login", "/desk/login", ">>>>>>>>>>"),
    ("/desk/password", "/desk/password", "yyyyyyyyyy"),
    ("/desk/locale/{locale}", "/desk/locale/en", ">>>>>>>>>>"),
    ("/desk/search", "/desk/search", "yyyyyynyyy"),
    ("/desk/new", "/desk/new", "ynnnnnnnnn"),
    ("/desk/submissions", "/desk/submissions", "ynnnnnnnnn"),
    ("/desk/tasks", "/desk/tasks", "nnnyynnnny"),
    ("/desk/extensions", "/desk/extensions", "nnnyyynnny"),
    ("/desk/moves", "/desk/moves", "nnnnynnnnn"),
    ("/desk/mail", "/desk/mail", "ynnnynnnnn"),
    ("/desk/mail/pen", "/desk/mail/pen", "ynnnynnnnn"),
    ("/desk/mail/{id}", "/desk/mail/MAIL", "ynnnynnnnn"),
    ("/desk/letters", "/desk/letters", "ynnnynyynn"),
    ("/desk/letters/{id}", "/desk/letters/FAILED", "yyyyyyyy--"),
    ("/desk/control", "/desk/control", "nnnyyynnny"),
    ("/desk/control/weekly", "/desk/control/weekly", "nnnyyynnny"),
    ("/desk/control/weekly.csv", "/desk/control/weekly.csv", "nnnyyynnny"),
    ("/desk/absences", "/desk/absences", "yyyyyyyyyy"),
    ("/desk/files/{id}", "/desk/files/FILE", "yyyyyy-y--"),
    ("/desk/cases/{number}", "/desk/cases/CASE", "yyyyyy-y--"),
    ("/desk/cases/{number}/clocks", "/desk/cases/CASE/clocks", "yyyyyy-y--"),
    ("/desk/cases/{number}/clocks.json", "/desk/cases/CASE/clocks.json", "yyyyyy-y--"),
    ("/desk/cases/{number}/draft", "/desk/cases/CASE/draft", "nynnnn-n--"),
];

/// Forms, as those get them who may not: `n` 403, `-` 404; `y` who may is not refused (their form is empty).
const FORMS: &[(&str, &str, &str)] = &[
    ("/desk/password", "/desk/password", "yyyyyyyyyy"),
    ("/desk/search", "/desk/search", "yyyyyynyyy"),
    ("/desk/new", "/desk/new", "ynnnnnnnnn"),
    ("/desk/submissions/{id}/{decision}", "/desk/submissions/1/accept", "ynnnnnnnnn"),
    ("/desk/mail/{id}/html", "/desk/mail/MAIL/html", "ynnnnnnnnn"),
    ("/desk/mail/{id}/files/{nth}", "/desk/mail/MAIL/files/1", "ynnnnnnnnn"),
    ("/desk/mail/{id}/raw", "/desk/mail/MAIL/raw", "ynnnnnnnnn"),
    ("/desk/mail/{id}/identity", "/desk/mail/MAIL/identity", "ynnnnnnnnn"),
    ("/desk/mail/{id}/{act}", "/desk/mail/MAIL/join", "ynnnnnnnnn"),
    ("/desk/mail/{id}/{act}", "/desk/mail/MAIL/open", "ynnnnnnnnn"),
    ("/desk/mail/{id}/{act}", "/desk/mail/MAIL/discard", "ynnnnnnnnn"),
    ("/desk/moves/{decision}", "/desk/moves/none", "nnnn-nnnnn"),
    ("/desk/letters/{id}/retry", "/desk/letters/FAILED/retry", "yynnynynnn"),
    ("/desk/letters/{id}/address", "/desk/letters/FAILED/address", "yynnnnnn-n"),
    ("/desk/absences", "/desk/absences", "yyyyyyyyyy"),
    // There is none; whose leave may be ended by whom is a story of its own.
    ("/desk/absences/{id}/end", "/desk/absences/1/end", "----------"),
    ("/desk/letters/{id}/paper", "/desk/letters/FAILED/paper", "----nnnn--"),
    ("/desk/letters/{id}/posted", "/desk/letters/FAILED/posted", "yynynnnn--"),
    ("/desk/cases/{number}/preview", "/desk/cases/CASE/preview", "nynnnn-n--"),
    ("/desk/cases/{number}/{act}", "/desk/cases/CASE/identity", "yynynn-n--"),
    ("/desk/cases/{number}/{act}", "/desk/cases/CASE/none", "----------"),
];

/// Acts on a case that `d.handler` works on, with forms that are as they should be.
const ACTS: &[(&str, &str)] = &[
    ("classify", "ynnnnn-n--"),
    ("assign", "ynnyyn-n--"),
    ("note", "yyyyyn-n--"),
    ("draft", "nynnnn-n--"),
    ("submit_reply", "nynnnn-n--"),
    ("extend", "nnnyyy-n--"),
    ("ask_extension", "nynynn-n--"),
    ("ask_supplement", "nynynn-n--"),
    ("wait", "nynynn-n--"),
    ("consult", "nynyyn-n--"),
    ("transfer", "ynnynn-n--"),
    ("no_action", "ynnynn-n--"),
    ("withdraw", "ynnynn-n--"),
    // A case that is registered already is classified anew.
    ("register", "ynnnnn-n--"),
    // Nothing is overdue, nobody asked.
    ("remind_handler", "nnnnnn-n--"),
    ("explain_delay", "nnnnnn-n--"),
    // In no state of theirs: refused to everybody who may see the case.
    ("take", "nnnnnn-n--"),
    ("return_reply", "nnnnnn-n--"),
    ("approve", "nnnnnn-n--"),
    ("mark_posted", "nnnnnn-n--"),
    ("record_told", "nnnnnn-n--"),
    ("reopen", "nnnnnn-n--"),
    ("keep_closed", "nnnnnn-n--"),
    ("supplement_given", "nnnnnn-n--"),
    ("supplement_missing", "nnnnnn-n--"),
    ("answer_consultation", "nnnnnn-n--"),
    ("withdraw_consultation", "nnnnnn-n--"),
    // Nothing was asked for.
    ("decline_extension", "nnnnnn-n--"),
];

/// A message of a stranger, with a file.
const MESSAGE: &str = "From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n\
    --x\nContent-Type: text/html\n\n<p>x</p>\n\
    --x\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\ny\n--x--\n";

/// A case in progress with a file, one person of the unit complained of, and a failed letter.
struct Scene {
    site: Site,
    number: String,
    file: i64,
    failed: i64,
    mail: i64,
    people: Vec<(&'static str, Worker)>,
}

async fn scene(db: &crate::support::TestDb) -> Scene {
    let site = open(db);
    // The supervisor of the site itself is the one complained of; the shared password serves them too.
    let hash = site.read(|db| chenqing::store::staff::by_username(db, "d.registrar")).password_hash;
    site.office()
        .store
        .write(move |db| {
            let row = chenqing::store::staff::by_username(db, "supervisor")?;
            chenqing::store::staff::save(db, &chenqing::store::staff::StaffRow { password_hash: hash.clone(), ..row })
        })
        .unwrap();
    let number = received(&site, petition());
    let mut people = Vec::new();
    for username in PEOPLE {
        people.push((username, sign_in(&site, username).await));
    }
    in_progress(&site, &number, &people[0].1).await;
    people[1].1.write(&site, &number, "draft", reply().file("圖.pdf", b"%PDF-1.7")).await.is(303);
    complain_of(&site, &number, "supervisor");
    let failed = site.letters("assigned")[0].id;
    fail(&site, failed);
    let file = site.read(|db| Ok(crate::support::rows::number(db, "SELECT id AS n FROM attachments")));
    let mail = site.arrives(MESSAGE).id;
    Scene { site, number, file, failed, mail, people }
}

fn fail(site: &Site, letter: i64) {
    use chenqing::domain::delivery::LetterState as S;
    let state = site.read(|db| chenqing::store::letters::get(db, letter)).state;
    site.office()
        .store
        .write(move |db| chenqing::store::letters::set_state(db, letter, state, S::Failed, None, None))
        .unwrap();
}

impl Scene {
    fn path(&self, path: &str) -> String {
        path.replace("CASE", &self.number)
            .replace("FILE", &self.file.to_string())
            .replace("FAILED", &self.failed.to_string())
            .replace("MAIL", &self.mail.to_string())
    }
}

fn fits(status: u16, expected: char) -> bool {
    match expected {
        'y' => !matches!(status, 403 | 404),
        '>' => status == 303,
        'n' => status == 403,
        _ => status == 404,
    }
}

on_both!(every_page_by_every_role, async |db| {
    let scene = scene(db).await;
    let before = scene.site.traces();
    for (_, path, expected) in PAGES {
        let path = scene.path(path);
        let seen = Browser::at(&scene.site.base).get(&path).await;
        match path.as_str() {
            "/desk/login" => assert_eq!(seen.status, 200),
            "/desk/locale/en" => assert_eq!(seen.location, "/desk"),
            _ => assert!(seen.status == 303 && seen.location.starts_with("/desk/login"), "nobody: {path}"),
        }
        for ((username, worker), expected) in scene.people.iter().zip(expected.chars()) {
            let status = worker.get(&path).await.status;
            assert!(fits(status, expected), "{username} {path}: {status}, not {expected}");
        }
    }
    assert_eq!(scene.site.traces(), before, "GET changes nothing");
});

on_both!(every_form_by_every_role, async |db| {
    let scene = scene(db).await;
    let before = scene.site.traces();
    for (_, path, expected) in FORMS {
        let path = scene.path(path);
        Browser::at(&scene.site.base).post(&path, &[]).await.is(403).has("登入已經過期");
        for ((username, worker), expected) in scene.people.iter().zip(expected.chars()) {
            for word in ["", "wrong"] {
                let seen = worker.browser.post(&path, &[("_csrf", word)]).await;
                assert_eq!(seen.status, 403, "{username} {path} without the session's word");
            }
            if expected != 'y' {
                let status = worker.post(&path, &[]).await.status;
                assert!(fits(status, expected), "{username} {path}: {status}, not {expected}");
            }
        }
    }
    assert_eq!(scene.site.traces(), before, "what is refused leaves nothing");
    for (_, path, expected) in FORMS {
        for ((username, worker), expected) in scene.people.iter().zip(expected.chars()) {
            if expected == 'y' {
                fail(&scene.site, scene.failed);
                let path = scene.path(path);
                let status = worker.post(&path, &[]).await.status;
                // The submission of the path is decided on already: refused, and told so on its page.
                let decided = path.starts_with("/desk/submissions/");
                assert!(fits(status, 'y') || decided, "{username} {path}: {status}");
            }
        }
    }
});

on_both!(every_act_by_whoever_may_not, async |db| {
    let scene = scene(db).await;
    let before = scene.site.traces();
    let fields = fields(&scene.site);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for (act, expected) in ACTS {
        for ((username, worker), expected) in scene.people.iter().zip(expected.chars()) {
            if expected == 'y' {
                continue;
            }
            let seen = worker.act(&scene.site, &scene.number, act, &fields).await;
            assert!(fits(seen.status, expected), "{username} {act}: {} {}", seen.status, seen.text());
        }
    }
    assert_eq!(scene.site.traces(), before, "what is refused leaves nothing");
    // And by whoever may: the first of each line does it, on a case of its own.
    for (act, expected) in ACTS {
        let Some(at) = expected.find('y') else { continue };
        let number = received(&scene.site, petition());
        in_progress(&scene.site, &number, &scene.people[0].1).await;
        scene.people[1]
            .1
            .write(&scene.site, &number, "draft", Form::default().with("body", "路燈已於昨日修復完成。"))
            .await;
        let mut fields = fields.clone();
        let other = unit(&scene.site, "north");
        if *act == "consult" {
            // Another unit than the lead unit.
            fields.retain(|(name, _)| *name != "unit_id");
            fields.push(("unit_id", &other));
        }
        let seen = scene.people[at].1.act(&scene.site, &number, act, &fields).await;
        assert_eq!(seen.status, 303, "{} {act}: {}", PEOPLE[at], seen.text());
    }
});

/// One form for all: each act reads its own fields.
fn fields(site: &Site) -> Vec<(&'static str, String)> {
    let text = |(name, value): (&'static str, &str)| (name, value.to_owned());
    let mut fields: Vec<(&str, String)> = [
        ("kind", "suggestion"),
        ("category", "port_security"),
        ("speed_class", "normal"),
        ("note", "註記"),
        ("explanation", "等候會勘"),
        ("body", "路燈已於昨日修復完成，並每週巡查。"),
        ("legal_basis", ""),
        ("until", "2026-10-07"),
        ("reason", "等候材料"),
        ("agency", "示範縣政府"),
        ("ground", "no_content"),
        ("notice", "說明"),
        ("consultation_id", "1"),
        ("result", "answered"),
        ("posted_on", "2026-09-18"),
        ("question", "請補充路燈的編號。"),
        ("answer", "第三盞。"),
        ("pause_reason", "other_agency"),
        ("told_how", "phone"),
        ("told_on", "2026-09-18"),
        ("record", "已電話告知。"),
    ]
    .into_iter()
    .map(text)
    .collect();
    fields.push(("unit_id", unit(site, "logistics_ships")));
    fields.push(("handler_id", id_of(site, "d.handler")));
    fields
}

#[test]
fn the_tables_know_every_route() {
    let routes = include_str!("../../src/web/routes.rs");
    let mut of_desk: BTreeSet<(String, String)> = BTreeSet::new();
    for line in routes.lines().filter(|line| line.contains("\"/desk")) {
        let path = line.split('"').nth(1).unwrap().to_owned();
        let method = if line.contains("post()") { "post" } else { "get" };
        of_desk.insert((method.to_owned(), path));
    }
    let known = |method: &str, table: &[(&str, &str, &str)]| -> BTreeSet<(String, String)> {
        table.iter().map(|(route, ..)| (method.to_owned(), (*route).to_owned())).collect()
    };
    let mut tables = known("get", PAGES);
    tables.extend(known("post", FORMS));
    // These two are told in their own stories.
    tables.insert(("post".into(), "/desk/login".into()));
    tables.insert(("post".into(), "/desk/sign-out".into()));
    assert_eq!(of_desk, tables);
}
