//! The management page and its downloads over HTTP: who sees them, and what they see.

use std::net::TcpListener;

use chenqing::app::App;
use chenqing::clock::Clock;
use chenqing::config::{Config, MailTransport};
use chenqing::domain::case::{Channel, CloseCode, Kind};
use chenqing::domain::staff::Role;
use chenqing::domain::time::{HOUR, Moment};
use chenqing::keys::random_word;
use chenqing::store::staff::{self, NewStaff, Session};
use chenqing::web::state::digest;
use reqwest::{Response, StatusCode};

use super::at;
use super::counting::written;
use super::history::{Fact, History, Round};
use crate::support::{TestDb, on_both};

/// A running server over a year and a half of cases, as of 10 March 2026.
struct Site {
    app: App,
    base: String,
    client: reqwest::Client,
}

fn life(opened_at: Moment, finished: Option<Moment>) -> History {
    let due = opened_at.plus_seconds(8 * 24 * HOUR);
    let fact = |unit| Fact { kind: Kind::Suggestion, category: Some("noise"), speed: None, unit };
    History {
        channel: Channel::Web,
        received_at: opened_at,
        facts: vec![(opened_at, fact(None)), (opened_at.plus_seconds(HOUR), fact(Some(2)))],
        rounds: vec![Round {
            opened_at,
            original_due_at: due,
            due_at: due,
            finish: finished.map(|at| (at, CloseCode::Explained, 5)),
            rating: finished.map(|at| (at.plus_seconds(HOUR), [4, 4, 4, 4, 4])),
        }],
        reached: [None; 3],
    }
}

impl Site {
    fn open(db: &TestDb) -> Self {
        let done = |day: &str| life(at(&format!("{day}T02:00:00Z")), Some(at(&format!("{day}T09:00:00Z"))));
        // Two in the first months of 2025, one later, three in 2026; one of 2025 has been open ever since.
        let mut lives = vec![done("2025-01-10"), done("2025-02-10"), done("2025-08-01")];
        lives.extend([done("2026-01-08"), done("2026-02-09"), done("2026-02-10")]);
        lives.push(life(at("2025-12-20T02:00:00Z"), None));
        drop(written(db, &lives));
        let mut config = Config::defaults().unwrap();
        config.database = db.config();
        config.secrets.keys = vec!["1:only-for-tests-0123456789abcdefghij".into()];
        config.attachments.folder = db.folder().join("files").display().to_string();
        config.mail.transport = MailTransport::Folder;
        config.mail.folder = db.folder().join("mail").display().to_string();
        config.server.workers = 1;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let app = App::build(config, Clock::fixed(at("2026-03-10T04:00:00Z"))).unwrap();
        actix_web::rt::spawn(chenqing::web::start(app.clone(), listener).unwrap());
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { app, base, client }
    }

    /// A session of somebody with these roles; its cookie.
    fn sign_in(&self, name: &str, roles: &[Role]) -> String {
        let (word, now) = (random_word::<20>().unwrap(), self.app.clock.now());
        let (name, roles, digest) = (name.to_owned(), roles.to_vec(), digest(&word));
        let store = &self.app.office.store;
        let unit_id = store.read(|db| self.app.office.reference(db)).unwrap().units.all()[0].id;
        store
            .write(move |db| {
                let new = NewStaff {
                    username: name.clone(),
                    name: name.clone(),
                    unit_id,
                    roles: roles.clone(),
                    email: "someone@agency.example.tw".into(),
                    phone: String::new(),
                    password_hash: "x".into(),
                    must_change_password: false,
                };
                let staff_id = staff::insert(db, &new, now)?;
                let (digest, expires_at) = (digest.clone(), now.plus_seconds(HOUR));
                staff::insert_session(
                    db,
                    &Session { digest, staff_id, csrf: "c5rf".into(), created_at: now, seen_at: now, expires_at },
                )
            })
            .unwrap();
        format!("chenqing={word}")
    }

    async fn get(&self, path: &str, cookie: &str) -> Response {
        self.client.get(format!("{}{path}", self.base)).header("cookie", cookie).send().await.unwrap()
    }
}

on_both!(only_those_who_answer_for_the_figures_see_them, async |db| {
    let site = Site::open(db);
    for role in Role::ALL {
        let cookie = site.sign_in(role.code(), &[*role]);
        let may = [Role::Manager, Role::ControlOfficer, Role::Auditor].contains(role);
        for path in [
            "/management",
            "/management?year=2025",
            "/management/2026.csv",
            "/management/2025.json",
            "/management/2025.html",
        ] {
            let expected = if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
            let answer = site.get(path, &cookie).await;
            assert_eq!(answer.status(), expected, "{role} {path}");
            assert!(may || !answer.text().await.unwrap().contains("open_at_start"));
        }
        let linked = site.get("/management", &cookie).await.text().await.unwrap().contains("href=\"/management\"");
        assert_eq!(linked, may, "{role}");
    }
    for path in ["/management", "/management/2026.csv"] {
        let answer = site.get(path, "").await;
        let at_the_door = answer.status().is_redirection() || answer.status() == StatusCode::FORBIDDEN;
        assert!(at_the_door, "{path}: {}", answer.status());
    }
});

on_both!(the_page_tells_the_year_and_how_it_compares, async |db| {
    let site = Site::open(db);
    let cookie = site.sign_in("manager", &[Role::Manager]);
    let page = site.get("/management", &cookie).await.text().await.unwrap();
    // Three came in this year up to 10 March, two in the same days of 2025; one of 2025 is open.
    assert!(page.contains("115年度陳情案件統計") && page.contains("統計期間尚未結束"), "{page}");
    assert!(page.contains("與前一年同期相比+1\u{2060}件"), "{page}");
    assert!(page.contains("2月收到最多陳情，共2件"));
    assert!(page.contains("<svg") && page.contains("href=\"/management/2026.csv\""));
    assert_eq!(page.contains("href=\"/management/2026.pdf\""), cfg!(feature = "pdf"), "only where it can be written");
    assert!(page.contains("year&#x3D;2025") && !page.contains("year&#x3D;2024"));
    let english =
        site.get("/management?year=2025", &format!("{cookie}; chenqing-locale=en")).await.text().await.unwrap();
    assert!(
        english.contains("Petitions in 2025")
            && english.contains("The busiest months brought one petition each (4 months)"),
        "{english}"
    );

    for (path, status) in [
        ("/management?year=2027", StatusCode::NOT_FOUND),
        ("/management?year=x", StatusCode::NOT_FOUND),
        ("/management?year=-32768", StatusCode::NOT_FOUND),
        ("/management?year=2024", StatusCode::OK),
        ("/management/2027.csv", StatusCode::NOT_FOUND),
        ("/management/2026.exe", StatusCode::NOT_FOUND),
        ("/management/2026.pdf", if cfg!(feature = "pdf") { StatusCode::OK } else { StatusCode::NOT_FOUND }),
        ("/management/99999999.csv", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(site.get(path, &cookie).await.status(), status, "{path}");
    }
});

on_both!(a_download_is_a_file_with_the_same_figures, async |db| {
    let site = Site::open(db);
    let cookie = site.sign_in("auditor", &[Role::Auditor]);
    for (format, kind) in
        [("csv", "text/csv; charset=utf-8"), ("json", "application/json"), ("html", "text/html; charset=utf-8")]
    {
        let answer = site.get(&format!("/management/2026.{format}"), &cookie).await;
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), kind);
        assert_eq!(header("content-disposition"), format!("attachment; filename=\"petitions-2026.{format}\""));
        assert_eq!(header("cache-control"), "no-store");
    }
    let json: serde_json::Value = site.get("/management/2026.json", &cookie).await.json().await.unwrap();
    let of = |key: &str| json["total"][key].as_u64().unwrap();
    assert_eq!((of("open_at_start"), of("received"), of("closed"), of("open_at_end")), (1, 3, 3, 1));
    assert_eq!((json["complete"].as_bool(), json["as_of"].as_str()), (Some(false), Some("2026-03-10T04:00:00Z")));
});
