//! Days and periods without figures, over HTTP: the page says why there are none, keeps what was typed and leads on.

use chenqing::domain::staff::Role;
use reqwest::StatusCode;

use super::pages::Site;
use super::replay::seeded;
use crate::support::on_both;

on_both!(a_day_or_period_without_figures_says_why_and_leads_on, async |db| {
    let site = Site::open(db);
    let cookie = site.sign_in("manager", &[Role::Manager]);
    for (path, told, typed) in [
        ("/management?day=2027-01-01", "2027-01-01還沒到，今天是115 年 3 月 10 日", "2027-01-01"),
        ("/management?day=2026-02-30", "沒有這一天：2026-02-30", "2026-02-30"),
        ("/management?day=abc", "看不懂這個日期：abc", "abc"),
        ("/management?day=1900-01-01", "1900-01-01太早了，那時還沒有陳情紀錄；最早的紀錄在114年1月", "1900-01-01"),
        ("/management/2027", "2027（116年）還沒開始", ""),
        ("/management/114", "114：年份請用西元，民國114年是2025", ""),
        ("/management/114Q3", "114Q3：年份請用西元，民國114年是2025", ""),
        ("/management/0100", "0100太早了", ""),
        ("/management/x", "看不懂這段期間：x", ""),
        ("/management?year=x", "看不懂這段期間：x", ""),
    ] {
        let answer = site.get(path, &cookie).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        let page = answer.text().await.unwrap();
        assert!(page.contains(told), "{path}: {page}");
        assert_eq!(page.contains("id=\"day\""), !typed.is_empty(), "{path}");
        assert!(typed.is_empty() || page.contains(&format!("value=\"{typed}\"")), "{path}");
        assert!(page.contains("href=\"/management/2026\"") && page.contains("href=\"/management\""), "{path}");
        assert_eq!(page.contains("href=\"/management/2025\""), path.ends_with("114"), "{path}");
    }
    let english = format!("{cookie}; chenqing-locale=en");
    let page = site.get("/management/114", &english).await.text().await.unwrap();
    assert!(page.contains("Year 114 of the Republic is 2025"), "{page}");
});

on_both!(a_period_before_the_first_record_says_so, async |db| {
    let site = Site::open(db);
    let cookie = site.sign_in("manager", &[Role::Manager]);
    for (path, before) in [
        ("/management/2010", true),
        ("/management/2024Q4", true),
        ("/management?day=2024-12-31", true),
        ("/management/2025", false),
        ("/management/2025-01", false),
        ("/management?day=2025-01-31", false),
        ("/management", false),
    ] {
        let answer = site.get(path, &cookie).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let page = answer.text().await.unwrap();
        assert_eq!(page.contains("這段期間還沒有陳情紀錄"), before, "{path}: {page}");
        // The years that there is something of, and no others.
        assert!(!path.contains("20") || !page.contains("href=\"/management/2011\""), "{path}");
    }
});

// The seeded agency's first petition came in in November 2023.
on_both!(nothing_is_compared_with_a_year_that_was_recorded_in_part, async |db| {
    let site = Site::over(seeded(db));
    let cookie = site.sign_in("reader", &[Role::Manager]);
    let get = async |path: &str| site.get(path, &cookie).await.text().await.unwrap();
    let (part, whole) = (get("/management/2024").await, get("/management/2025").await);
    assert!(!part.contains("與前一年相比") && whole.contains("與前一年相比"), "{part}");
    let told: serde_json::Value = serde_json::from_str(&get("/management/2024.json").await).unwrap();
    assert_eq!(
        (told["series"][0]["records_from"].as_str(), &told["changes"]),
        (Some("2023-11"), &serde_json::json!([]))
    );
    let told: serde_json::Value = serde_json::from_str(&get("/management/2025.json").await).unwrap();
    assert!(told["series"][1]["records_from"].is_null() && !told["changes"].as_array().unwrap().is_empty());
    assert!(get("/management/2024.html").await.contains("112年（112年11月起有紀錄）"));
    let compared = get("/management/handling-time").await;
    assert!(compared.contains(">113年<") && !compared.contains("112年"), "{compared}");
});
