//! The cases behind the numbers, over HTTP and a seeded agency: for every number on the pages the list has that many, and says
//! nothing that managers need not know.

use std::collections::BTreeSet;

use chenqing::domain::staff::Role;
use chenqing::reports::year_end;
use chenqing::store::cases;

use super::at;
use super::pages::Site;
use super::replay::seeded;
use crate::support::on_both;
use crate::support::rows::{execute, number, words};

/// Every link to a list with the number it stands under.
fn numbers(page: &str) -> Vec<(String, u64)> {
    page.split("href=\"/management/cases?")
        .skip(1)
        .map(|rest| {
            let (query, rest) = rest.split_once('"').unwrap();
            let text: String = rest.split("</a>").next().unwrap().chars().skip(1).collect();
            (query.to_owned(), text.trim_start_matches("<strong>").to_owned())
        })
        // A share is told in percent, with a decimal.
        .filter(|(_, text)| !text.contains('.'))
        .map(|(query, text)| {
            let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
            let query = query.replace("&#x3D;", "=").replace("&amp;", "&");
            (format!("/management/cases?{query}"), digits.parse().unwrap_or_else(|_| panic!("{text}")))
        })
        .collect()
}

/// How many a list says it has.
fn said(page: &str) -> u64 {
    let (before, _) = page.split_once("件。").unwrap_or_else(|| panic!("no list: {page}"));
    before.rsplit('共').next().unwrap().parse().unwrap_or_else(|_| panic!("{before}"))
}

/// The case numbers on a page of a list.
fn cases_on(page: &str) -> Vec<&str> {
    let rows = page.split("<td class=\"key\"><a href=\"/desk/cases/").skip(1);
    rows.map(|rest| rest.split('"').next().unwrap()).collect()
}

on_both!(behind_every_number_are_as_many_cases, async |db| {
    let site = Site::over(seeded(db));
    let cookie = site.sign_in("drill.manager", &[Role::Manager]);
    let get = async |path: &str| site.get(path, &cookie).await.text().await.unwrap();
    let mut checked = 0;
    for path in ["/management/2025", "/management/2026-11", "/management", "/management?day=2026-06-30"] {
        let page = get(path).await;
        let links = numbers(&page);
        assert!(links.len() > 20, "{path}: {}", links.len());
        for (list, number) in links {
            let shown = get(&list).await;
            assert_eq!(said(&shown), number, "{path}: {list}");
            let rows = shown.matches("<td class=\"key\">").count() as u64;
            assert_eq!(rows, said(&shown).min(50), "{list}");
            checked += 1;
        }
    }
    assert!(checked > 400, "{checked}");
});

on_both!(a_list_is_read_page_by_page_and_says_nothing_of_the_matter, async |db| {
    let site = Site::over(seeded(db));
    let cookie = site.sign_in("drill.manager", &[Role::Manager]);
    let subject = &words(&mut db.connection(), "SELECT subject AS t FROM cases WHERE id = 700")[0];
    for list in ["period=2025&figure=received", "period=2025Q2&figure=closed_on_time", "day=2026-06-30&list=open"] {
        let mut path = format!("/management/cases?{list}");
        let (mut seen, mut pages, mut all) = (BTreeSet::new(), 0, 0);
        loop {
            let page = site.get(&path, &cookie).await.text().await.unwrap();
            all = all.max(said(&page));
            pages += 1;
            for case in cases_on(&page) {
                assert!(seen.insert(case.to_owned()) || page.contains("badge-reopened"), "{case} twice in {list}");
            }
            assert!(!page.contains(subject) && !page.contains("@"), "{list}");
            let next = page.split("rel=\"next\"").next().filter(|_| page.contains("rel=\"next\""));
            let Some(before) = next else { break };
            let url = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
            path = url.replace("&#x3D;", "=").replace("&amp;", "&");
        }
        assert!(
            pages == all.div_ceil(50).max(1) && (pages > 1 || !list.contains("2025")),
            "{list}: {pages} pages of {all}"
        );
    }
});

on_both!(a_locked_year_says_when_the_list_is_another, async |db| {
    let app = seeded(db);
    let office = app.office.clone();
    year_end::sweep(&office, "01-05", at("2026-01-06T00:00:00Z")).unwrap();
    let site = Site::over(app);
    let cookie = site.sign_in("drill.manager", &[Role::Manager]);
    let path = "/management/cases?period=2025&figure=received";
    let page = site.get(path, &cookie).await.text().await.unwrap();
    let then = said(&page);
    assert!(page.contains(&format!("定稿的報表上是{then}件")) && page.contains("件數相同"), "{page}");
    // One came in a year later after all.
    let mut connection = db.connection();
    let sql = "SELECT min(id) AS n FROM case_rounds WHERE opened_month = 202503";
    let id = number(&mut connection, sql);
    execute(&mut connection, &format!("UPDATE case_rounds SET opened_month = 202603 WHERE id = {id}"));
    let page = site.get(path, &cookie).await.text().await.unwrap();
    assert!(page.contains(&format!("現在的資料是{}件", then - 1)), "{page}");
    assert!(page.contains(&format!("定稿的報表上是{then}件")));
});

on_both!(of_what_complains_of_the_reader_nothing_is_told, async |db| {
    let site = Site::over(seeded(db));
    let cookie = site.sign_in("drill.manager", &[Role::Manager]);
    let manager = number(&mut db.connection(), "SELECT id AS n FROM staff WHERE username = 'drill.manager'");
    let case = number(&mut db.connection(), "SELECT min(case_id) AS n FROM case_rounds WHERE opened_month = 202610");
    site.app
        .office
        .store
        .write(move |db| {
            let references = cases::references(db, case)?;
            cases::set_references(db, &cases::References { respondent_staff_id: Some(manager), ..references })
        })
        .unwrap();
    let page = site.get("/management/cases?period=2026-10&figure=received", &cookie).await.text().await.unwrap();
    let of = &words(&mut db.connection(), &format!("SELECT number AS t FROM cases WHERE id = {case}"))[0];
    assert!(page.contains("這一件您不能閱覽") && !page.contains(of));
    let other = site.sign_in("drill.auditor", &[Role::Auditor]);
    let page = site.get("/management/cases?period=2026-10&figure=received", &other).await.text().await.unwrap();
    assert!(page.contains(of));
});
