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
use super::history::{Fact, History, Round, Terms};
use crate::support::{TestDb, on_both};

/// A running server over a year and a half of cases, as of 10 March 2026.
pub struct Site {
    pub app: App,
    base: String,
    client: reqwest::Client,
}

fn life(opened_at: Moment, finished: Option<Moment>) -> History {
    let due = opened_at.plus_seconds(8 * 24 * HOUR);
    let fact = |unit| Fact { kind: Kind::Suggestion, category: Some("noise"), speed: None, unit };
    History {
        channel: Channel::Web,
        received_at: opened_at,
        counted_at: opened_at,
        facts: vec![(opened_at, fact(None)), (opened_at.plus_seconds(HOUR), fact(Some(2)))],
        rounds: vec![Round {
            opened_at,
            counted_at: opened_at,
            terms: Terms::plain(opened_at, due),
            asked: true,
            finish: finished.map(|at| (at, CloseCode::Explained, 5)),
            rating: finished.map(|at| (at.plus_seconds(HOUR), [4, 4, 4, 4, 4])),
        }],
        reached: [None; 3],
    }
}

impl Site {
    pub fn open(db: &TestDb) -> Self {
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
        Self::over(App::build(config, Clock::fixed(at("2026-03-10T04:00:00Z"))).unwrap())
    }

    /// A server over an application.
    pub fn over(app: App) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        actix_web::rt::spawn(chenqing::web::start(app.clone(), listener).unwrap());
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { app, base, client }
    }

    /// A session of somebody with these roles; its cookie.
    pub fn sign_in(&self, name: &str, roles: &[Role]) -> String {
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

    pub async fn get(&self, path: &str, cookie: &str) -> Response {
        self.client.get(format!("{}{path}", self.base)).header("cookie", cookie).send().await.unwrap()
    }

    /// As [`Site::get`], by nobody in particular, with a header.
    pub async fn asked(&self, path: &str, (name, value): (&str, &str)) -> Response {
        self.client.get(format!("{}{path}", self.base)).header(name, value).send().await.unwrap()
    }

    /// A form, sent from this site.
    pub async fn post(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
        let request = self.client.post(format!("{}{path}", self.base)).header("cookie", cookie);
        request.header("origin", &self.base).form(form).send().await.unwrap()
    }
}

on_both!(only_those_who_answer_for_the_figures_see_them, async |db| {
    let site = Site::open(db);
    for role in Role::ALL {
        let cookie = site.sign_in(role.code(), &[*role]);
        let may = [Role::Manager, Role::ControlOfficer, Role::Auditor].contains(role);
        for path in [
            "/management",
            "/management?day=2026-01-31",
            "/management/2025",
            "/management/2026Q1",
            "/management/2026-02",
            "/management/cases?period=2026&figure=received",
            "/management/cases?day=2026-03-10&list=open",
            "/management/2026.csv",
            "/management/2026Q1.csv",
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
    for path in
        ["/management", "/management/2026", "/management/cases?period=2026&figure=received", "/management/2026.csv"]
    {
        let answer = site.get(path, "").await;
        let at_the_door = answer.status().is_redirection() || answer.status() == StatusCode::FORBIDDEN;
        assert!(at_the_door, "{path}: {}", answer.status());
    }
});

on_both!(the_page_tells_the_year_and_how_it_compares, async |db| {
    let site = Site::open(db);
    let cookie = site.sign_in("manager", &[Role::Manager]);
    let page = site.get("/management/2026", &cookie).await.text().await.unwrap();
    // Three came in this year up to 10 March, two in the same days of 2025; one of 2025 is open.
    assert!(page.contains("115年度陳情案件統計") && page.contains("統計期間尚未結束"), "{page}");
    assert!(page.contains("與前一年同期相比+1\u{2060}件"), "{page}");
    assert!(page.contains("2月收到最多陳情，共2件"));
    assert!(page.contains("<svg") && page.contains("href=\"/management/2026.csv\""));
    // On paper too.
    #[cfg(feature = "pdf")]
    {
        let paper = site.get("/management/2025.pdf", &cookie).await.bytes().await.unwrap();
        assert!(crate::reports::pdf::text(&paper).contains("114/12/20"), "the overdue case");
    }
    // The one that has been open since December, and the way to what a headline counts.
    assert!(page.contains("id=\"section-overdue\"") && page.contains("114/12/20"), "{page}");
    assert!(page.contains("figure&#x3D;received\">3</a><small>"), "{page}");
    assert_eq!(page.contains("href=\"/management/2026.pdf\""), cfg!(feature = "pdf"), "only where it can be written");
    assert!(page.contains("href=\"/management/2025\"") && !page.contains("href=\"/management/2024\""));
    let english = site.get("/management/2025", &format!("{cookie}; chenqing-locale=en")).await.text().await.unwrap();
    assert!(
        english.contains("Petitions in 2025")
            && english.contains("The busiest months brought one petition each (4 months)"),
        "{english}"
    );

    assert!(english.contains("20 Dec 2025") && !english.contains("2025-12-20"), "{english}");

    for (path, status) in [
        ("/management?year=2025", StatusCode::SEE_OTHER),
        ("/management?year=x", StatusCode::NOT_FOUND),
        ("/management?day=2026-03-11", StatusCode::NOT_FOUND),
        ("/management?day=x", StatusCode::NOT_FOUND),
        ("/management?day=9999-12-31", StatusCode::NOT_FOUND),
        ("/management/2027", StatusCode::NOT_FOUND),
        ("/management/-32768", StatusCode::NOT_FOUND),
        ("/management/2026Q5", StatusCode::NOT_FOUND),
        ("/management/2026Q2", StatusCode::NOT_FOUND),
        ("/management/2024", StatusCode::OK),
        ("/management/2024Q3", StatusCode::OK),
        ("/management/cases", StatusCode::NOT_FOUND),
        ("/management/cases?period=2026&figure=x", StatusCode::NOT_FOUND),
        ("/management/cases?period=2027&figure=closed", StatusCode::NOT_FOUND),
        ("/management/cases?period=2026&figure=closed&table=month&row=2026-01", StatusCode::NOT_FOUND),
        ("/management/cases?period=2026&figure=closed&table=unit&row=x", StatusCode::NOT_FOUND),
        ("/management/cases?period=2026&figure=closed&table=channel&row=x", StatusCode::NOT_FOUND),
        ("/management/cases?period=2026&figure=closed&table=channel&row=phone", StatusCode::OK),
        ("/management/cases?period=2026&figure=closed&table=category&row=unclassified", StatusCode::OK),
        ("/management/cases?day=2026-03-10&list=open&unit=x", StatusCode::NOT_FOUND),
        ("/management/cases?period=2026&figure=closed&after=x", StatusCode::OK),
        ("/management/cases?period=2026&until=2026-02-10&figure=closed", StatusCode::OK),
        ("/management/cases?period=2026&until=2025-12-31&figure=closed", StatusCode::NOT_FOUND),
        ("/management/cases?period=2026&until=x&figure=closed", StatusCode::NOT_FOUND),
        ("/management/cases?day=2026-03-10&list=due_soon", StatusCode::OK),
        ("/management/cases?day=2026-03-10&list=x", StatusCode::NOT_FOUND),
        ("/management/cases?day=2026-03-10&list=open&age=x", StatusCode::NOT_FOUND),
        ("/management/cases?day=2026-03-11&list=open", StatusCode::NOT_FOUND),
        ("/management/2027.csv", StatusCode::NOT_FOUND),
        ("/management/2026.exe", StatusCode::NOT_FOUND),
        ("/management/2026.pdf", if cfg!(feature = "pdf") { StatusCode::OK } else { StatusCode::NOT_FOUND }),
        ("/management/99999999.csv", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(site.get(path, &cookie).await.status(), status, "{path}");
    }
});

on_both!(the_day_that_is_shown_stands_beside_its_field_as_each_language_writes_it, async |db| {
    let site = Site::open(db);
    let cookie = site.sign_in("manager", &[Role::Manager]);
    for (locale, shown) in [("zh-TW", "目前顯示：民國115/02/27"), ("en", "Shown: 27 Feb 2026")] {
        let cookie = format!("{cookie}; chenqing-locale={locale}");
        let page = site.get("/management?day=2026-02-27", &cookie).await.text().await.unwrap();
        assert!(page.contains("aria-describedby=\"day-shown\"") && page.contains(shown), "{page}");
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
    let quarter = site.get("/management/2026Q1.csv", &cookie).await;
    let named = quarter.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(named, "attachment; filename=\"petitions-2026Q1.csv\"");
    let json: serde_json::Value = site.get("/management/2026.json", &cookie).await.json().await.unwrap();
    let of = |key: &str| json["total"][key].as_u64().unwrap();
    assert_eq!((of("open_at_start"), of("received"), of("closed"), of("open_at_end")), (1, 3, 3, 1));
    assert_eq!((json["complete"].as_bool(), json["as_of"].as_str()), (Some(false), Some("2026-03-10T04:00:00Z")));
});

on_both!(from_a_year_to_its_quarters_and_months_and_on, async |db| {
    let site = Site::open(db);
    let cookie = site.sign_in("manager", &[Role::Manager]);
    let page = async |path: &str| site.get(path, &cookie).await.text().await.unwrap();
    for (path, title, links, none) in [
        (
            "/management/2026",
            "115年度陳情案件統計",
            vec!["2025", "2026Q1", "2026-03"],
            vec!["2027", "2026Q2", "2026-04"],
        ),
        ("/management/2026Q1", "115年第1季陳情案件統計", vec!["2025Q4", "2026-01"], vec!["2026Q2"]),
        ("/management/2026-01", "115年1月陳情案件統計", vec!["2025-12", "2026-02", "2026Q1"], vec!["2026-04"]),
        ("/management/2025Q1", "114年第1季陳情案件統計", vec!["2025Q2", "2025-01"], vec!["2024Q4"]),
    ] {
        let page = page(path).await;
        assert!(page.contains(title), "{path}: {page}");
        let link = |to: &str| page.contains(&format!("href=\"/management/{to}\""));
        assert!(links.iter().all(|to| link(to)) && !none.iter().any(|to| link(to)), "{path}");
        assert!(page.contains(&format!("href=\"{path}.ods\"")), "{path}");
    }
    // January beside January: one came in then, one the year before.
    assert!(page("/management/2026-01").await.contains("與前一年相比±0\u{2060}件"));
    assert!(page("/management/2026Q1").await.contains("與前一年同期相比+1\u{2060}件"));
});
