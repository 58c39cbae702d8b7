//! Open data over HTTP: seen by readers of the figures, released by managers and control officers once the year is locked,
//! fetched by everybody, never changed, and taken back.

use chenqing::domain::staff::Role;
use chenqing::reports::year_end;
use reqwest::{Response, StatusCode};

use super::at;
use super::pages::Site;
use super::replay::{NOW, seeded};
use crate::support::on_both;
use crate::support::rows::execute;

const PAGE: &str = "/management/2025/open-data";
const RELEASE: &str = "/management/2025/open-data/release";
const WITHDRAW: &str = "/management/2025/open-data/withdraw";
const CSRF: (&str, &str) = ("_csrf", "c5rf");

async fn text(answer: Response) -> String {
    answer.text().await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn release_of(page: &str) -> String {
    page.split("name=\"release\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn run(site: &Site, statement: &'static str) {
    site.app
        .office
        .store
        .write(move |db| {
            execute(db, statement);
            Ok(())
        })
        .unwrap();
}

on_both!(open_data_are_released_fetched_and_withdrawn, async |db| {
    let site = Site::over(seeded(db));
    let manager = site.sign_in("releaser", &[Role::Manager]);
    // Nothing is public, nothing can be released before the year is locked.
    for (path, words) in [("/open-data", "目前沒有開放資料"), ("/en/open-data", "There are no open data yet.")]
    {
        assert!(text(site.get(path, "").await).await.contains(words), "{path}");
    }
    assert!(!text(site.get("/", "").await).await.contains("/open-data"));
    assert_eq!(site.get("/open-data/2025.zip", "").await.status(), StatusCode::NOT_FOUND);
    assert!(text(site.get("/management/2025", &manager).await).await.contains(PAGE));
    assert!(!text(site.get("/management/2025-03", &manager).await).await.contains("open-data"));
    let page = text(site.get(PAGE, &manager).await).await;
    assert!(page.contains("尚未定稿") && !page.contains(RELEASE));
    let early = site.post(RELEASE, &manager, &[CSRF]).await;
    assert_eq!(early.status(), StatusCode::FORBIDDEN);
    assert!(text(early).await.contains("還不能公開"));

    year_end::sweep(&site.app.office, "01-05", at(NOW)).unwrap();
    let page = text(site.get(PAGE, &manager).await).await;
    assert!(page.contains(RELEASE) && page.contains("尚未公開") && page.contains("＊") && page.contains("†"));
    assert_eq!(site.post(RELEASE, &manager, &[]).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(site.post(RELEASE, &manager, &[CSRF]).await.status(), StatusCode::SEE_OTHER);
    // Once more, while the same stands, changes nothing.
    assert_eq!(site.post(RELEASE, &manager, &[CSRF]).await.status(), StatusCode::SEE_OTHER);

    // Everybody finds it, in both languages.
    assert!(text(site.get("/", "").await).await.contains("href=\"/open-data\""));
    assert!(text(site.get("/en", "").await).await.contains("href=\"/en/open-data\""));
    let list = text(site.get("/open-data", "").await).await;
    assert!(list.contains("href=\"/open-data/2025.zip\"") && list.contains("114年") && !list.contains("manager"));
    let list = text(site.get("/en/open-data", "").await).await;
    assert!(list.contains("href=\"/en/open-data/2025.json\"") && list.contains("CC BY 4.0"));

    // The files are the manager's own, and stay them whatever becomes of the figures.
    let seen = site.get(&format!("{PAGE}.json"), &manager).await.bytes().await.unwrap();
    let answer = site.get("/open-data/2025.json", "").await;
    assert_eq!((answer.status(), header(&answer, "content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(header(&answer, "cache-control"), "public, no-cache");
    let (tag, modified) = (header(&answer, "etag").to_owned(), header(&answer, "last-modified").to_owned());
    assert_eq!(answer.bytes().await.unwrap(), seen);
    run(&site, "UPDATE year_packages SET figures = replace(figures, '\"withdrawn\":', '\"withdrawn\": ')");
    assert_eq!(site.get("/open-data/2025.json", "").await.bytes().await.unwrap(), seen);
    let zip = site.get("/en/open-data/2025.zip", "").await;
    assert!(header(&zip, "content-disposition").contains("open-data-2025.zip"));
    assert!(zip.bytes().await.unwrap().starts_with(b"PK"));
    for had in [("if-none-match", tag.as_str()), ("if-modified-since", modified.as_str())] {
        let answer = site.asked("/open-data/2025.json", had).await;
        assert_eq!((answer.status(), header(&answer, "etag")), (StatusCode::NOT_MODIFIED, tag.as_str()), "{had:?}");
        assert!(answer.bytes().await.unwrap().is_empty());
    }
    let other = [("if-none-match", "\"other\""), ("if-modified-since", "Thu, 01 Jan 2015 00:00:00 GMT")];
    for not_had in other {
        assert_eq!(site.asked("/open-data/2025.json", not_had).await.status(), StatusCode::OK, "{not_had:?}");
    }
    for path in ["/open-data/2024.zip", "/open-data/2025.csv", "/open-data/x.zip"] {
        assert_eq!(site.get(path, "").await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    // Figures that were tampered with are not shown as if they could be released.
    assert_eq!(site.get(PAGE, &manager).await.status(), StatusCode::FORBIDDEN);
    run(&site, "UPDATE year_packages SET figures = replace(figures, '\"withdrawn\": ', '\"withdrawn\":')");

    let page = text(site.get(PAGE, &manager).await).await;
    let release = release_of(&page);
    let wrong = [(StatusCode::UNPROCESSABLE_ENTITY, "  ", release.clone()), (StatusCode::CONFLICT, "x", "999".into())];
    let (site, manager) = (&site, manager.as_str());
    for (status, reason, release) in wrong {
        let fields = [CSRF, ("reason", reason), ("release", release.as_str())];
        assert_eq!(site.post(WITHDRAW, manager, &fields).await.status(), status);
    }
    assert_eq!(site.get("/open-data/2025.zip", "").await.status(), StatusCode::OK);
    let fields = [CSRF, ("reason", "分類名稱有誤"), ("release", release.as_str())];
    assert_eq!(site.post(WITHDRAW, manager, &fields).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(site.get("/open-data/2025.zip", "").await.status(), StatusCode::NOT_FOUND);
    assert!(!text(site.get("/", "").await).await.contains("/open-data"));
    let page = text(site.get(PAGE, manager).await).await;
    assert!(page.contains("分類名稱有誤") && page.contains("尚未公開") && page.contains(RELEASE));
    // It can be released again; both are remembered.
    assert_eq!(site.post(RELEASE, manager, &[CSRF]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(site.get("/open-data/2025.json", "").await.bytes().await.unwrap(), seen);
    let page = text(site.get(PAGE, manager).await).await;
    assert!(page.contains("分類名稱有誤") && release_of(&page) != release);
    let english = text(site.get(PAGE, &format!("{manager}; chenqing-locale=en")).await).await;
    assert!(english.contains("Released, at:") && english.contains("Cases closed by unit and limit kept"));
});

on_both!(who_sees_releases_and_withdraws, async |db| {
    let site = Site::over(seeded(db));
    year_end::sweep(&site.app.office, "01-05", at(NOW)).unwrap();
    for role in Role::ALL {
        let cookie = site.sign_in(&format!("only-{role}"), &[*role]);
        let reads = [Role::Manager, Role::ControlOfficer, Role::Auditor].contains(role);
        for path in [PAGE.to_owned(), format!("{PAGE}.zip"), format!("{PAGE}.json")] {
            let expected = if reads { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(site.get(&path, &cookie).await.status(), expected, "{role} {path}");
        }
        let releases = [Role::Manager, Role::ControlOfficer].contains(role);
        let expected = if releases { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN };
        assert_eq!(site.post(RELEASE, &cookie, &[CSRF]).await.status(), expected, "{role}");
        let public = site.get("/open-data/2025.zip", "").await.status();
        assert_eq!(public, if releases { StatusCode::OK } else { StatusCode::NOT_FOUND }, "{role}");
        let release = if releases { release_of(&text(site.get(PAGE, &cookie).await).await) } else { "1".into() };
        let fields = [CSRF, ("reason", "試"), ("release", release.as_str())];
        assert_eq!(site.post(WITHDRAW, &cookie, &fields).await.status(), expected, "{role}");
    }
    for path in [PAGE, "/management/2025/open-data.zip"] {
        let answer = site.get(path, "").await.status();
        assert!(answer.is_redirection() || answer == StatusCode::FORBIDDEN, "{path}: {answer}");
    }
    for path in [RELEASE, WITHDRAW] {
        assert_eq!(site.post(path, "", &[CSRF]).await.status(), StatusCode::FORBIDDEN, "{path}");
    }
    let manager = site.sign_in("another", &[Role::Manager]);
    for path in ["/management/2025Q1/open-data", "/management/2025/open-data.csv", "/management/2031/open-data"] {
        assert_eq!(site.get(path, &manager).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    // Too many downloads from one place are told to wait.
    let mut status = StatusCode::OK;
    for _ in 0..200 {
        let answer = site.get("/open-data/2024.json", "").await;
        status = answer.status();
        if status == StatusCode::TOO_MANY_REQUESTS {
            assert!(!header(&answer, "retry-after").is_empty());
            break;
        }
    }
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
});
