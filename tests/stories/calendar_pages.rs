//! The calendar's page: drawn for its readers, tables and closures shown before they are in force, and nobody else's
//! business.

use super::browser::Browser;
use super::calendar::{last_day, reissued, stored};
use super::desk::{Worker, open, petition, received, sign_in};
use super::site::Site;
use crate::support::on_both;
use crate::support::rows::number;

/// Year and days as the official table has them.
fn table(site: &Site, year: i16, off: &[&str]) -> String {
    let file = reissued(site, year, off);
    let first = jiff::civil::Date::new(year, 1, 1).unwrap();
    let mut lines = vec!["西元日期,星期,是否放假,備註".to_owned()];
    for date in first.series(jiff::ToSpan::days(1)).take_while(|date| date.year() == year) {
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap();
        let said = file.days.iter().find(|day| day.date == date);
        let is_off = said.map_or(weekday >= 5, |day| day.kind == chenqing::domain::calendar::DayKind::DayOff);
        let name = ["一", "二", "三", "四", "五", "六", "日"][weekday];
        let note = said.map_or("", |day| day.note.as_str());
        lines.push(format!("{},{name},{},{note}", date.strftime("%Y%m%d"), if is_off { 2 } else { 0 }));
    }
    lines.join("\r\n") + "\r\n"
}

/// Uploads a table as the form does.
async fn upload(worker: &Worker, bytes: &[u8]) -> super::browser::Seen {
    const BOUNDARY: &str = "----a-boundary-that-stands-in-no-text";
    let mut body = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{}\r\n", worker.csrf)
        .into_bytes();
    body.extend_from_slice(
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"2026.csv\"\r\n\r\n")
            .as_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let request = worker.browser.request(reqwest::Method::POST, "/admin/calendar/import");
    super::browser::see(request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}")).body(body))
        .await
}

fn versions(site: &Site) -> i64 {
    site.read(|db| Ok(number(db, "SELECT count(*) AS n FROM calendar_versions")))
}

on_both!(only_its_readers_see_the_calendar_and_only_some_change_it, async |db| {
    let site = open(db);
    Browser::at(&site.base).get("/admin/calendar").await.is(303);
    for form in ["import", "close", "closures/1/revoke"] {
        Browser::at(&site.base).post(&format!("/admin/calendar/{form}"), &[]).await.is(403);
    }
    let closure = [("region", "all"), ("date", "2026-09-22"), ("span", "day"), ("reason", "颱風停班"), ("seen", "1")];
    let roles = ["d.registrar", "d.handler", "d.supervisor", "d.manager", "d.control", "d.auditor", "d.admin"];
    for username in roles {
        let worker = sign_in(&site, username).await;
        let reads = ["d.control", "d.auditor", "d.admin"].contains(&username);
        let page = worker.get("/admin/calendar").await;
        assert_eq!(page.status, if reads { 200 } else { 403 }, "{username}");
        if username != "d.admin" {
            upload(&worker, b"").await.is(403);
            page.has_not("匯入辦公日曆表");
        }
        if !["d.control", "d.admin"].contains(&username) {
            worker.post("/admin/calendar/close", &closure).await.is(403);
            worker.post("/admin/calendar/closures/1/revoke", &[("seen", "1")]).await.is(403);
        }
    }
    assert_eq!((versions(&site), site.count("closures")), (1, 0));
    let control = sign_in(&site, "d.control").await;
    control.browser.post("/admin/calendar/close", &[("_csrf", "wrong")]).await.is(403);
});

on_both!(a_table_is_shown_then_imported, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let admin = sign_in(&site, "d.admin").await;
    admin.get("/admin/calendar?year=2026").await.is(200).has("115年度").has("中秋節").has("補行上班");
    let text = table(&site, 2026, &["2026-09-22"]);
    let big5 = encoding_rs::BIG5.encode(&text).0.into_owned();
    let seen = upload(&admin, &big5).await;
    seen.is(200).has("115 年 9 月 22 日").has("新增假日").has(&number).has("115 年 10 月 1 日");
    assert_eq!(versions(&site), 1, "nothing is stored before it is confirmed");
    let (text, version) = (seen.value("text"), seen.value("seen"));
    let fields = [("text", text.as_str()), ("seen", version.as_str())];
    let done = admin.post("/admin/calendar/import", &fields).await;
    assert_eq!(done.is(303).location, "/admin/calendar");
    admin.get("/admin/calendar").await.has("日曆已生效").has("正在重新計算");
    assert_eq!(versions(&site), 2);
    // The same page, sent once more: the calendar is another one by now.
    admin.post("/admin/calendar/import", &fields).await.is(422).has("預覽以後日曆又有更動");
    upload(&admin, &big5).await.is(200).has("內容與目前的日曆相同");
    assert_eq!(versions(&site), 2);
});

on_both!(a_faulty_table_comes_back_with_its_line, async |db| {
    let site = open(db);
    let admin = sign_in(&site, "d.admin").await;
    let text = table(&site, 2026, &[]);
    let without: Vec<&str> = text.lines().enumerate().filter(|(at, _)| *at != 40).map(|(_, line)| line).collect();
    let seen = upload(&admin, without.join("\r\n").as_bytes()).await;
    seen.is(422).has("第41行").has("缺少2026-02-09");
    assert_eq!(seen.wrong_fields(), ["file"]);
    upload(&admin, b"\xff\xff\xff\xff").await.is(422).has("不是UTF-8或Big5");
    upload(&admin, b"").await.is(422).has("請選擇檔案");
    upload(&admin, "x".repeat(70_000).as_bytes()).await.is(422).has("檔案太大");
    assert_eq!(versions(&site), 1);
});

on_both!(a_typhoon_day_is_entered_and_revoked, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let control = sign_in(&site, "d.control").await;
    let seen = control.post("/admin/calendar/close", &[("region", "all"), ("date", ""), ("span", "day")]).await;
    seen.is(422);
    assert_eq!(seen.wrong_fields(), ["date", "reason"]);
    let typed = [("region", "taipei"), ("date", "2026-09-22"), ("span", "day"), ("reason", "颱風停班")];
    let shown = control.post("/admin/calendar/close", &typed).await;
    shown.is(200).has("臺北市").has("颱風停班").has(&number).has("115 年 10 月 1 日");
    assert_eq!(site.count("closures"), 0, "nothing is stored before it is confirmed");
    let version = shown.value("seen");
    let fields: Vec<(&str, &str)> = typed.into_iter().chain([("seen", version.as_str())]).collect();
    control.post("/admin/calendar/close", &fields).await.is(303);
    control.get("/admin/calendar").await.has("停止上班已生效").has("張研考");
    control.post("/admin/calendar/close", &typed).await.is(422).has("已經登錄停止上班");
    control
        .post("/admin/calendar/close", &[("region", ""), ("date", "2026-09-23"), ("span", "day"), ("reason", "颱風")])
        .await
        .is(422);

    let id = site.read(|db| Ok(number_of(db)));
    let path = format!("/admin/calendar/closures/{id}/revoke");
    let shown = control.post(&path, &[]).await;
    shown.is(200).has("撤銷停止上班").has("提前");
    control.post(&path, &[("seen", &shown.value("seen"))]).await.is(303);
    control.get("/admin/calendar").await.has("停班已撤銷").has("已撤銷");
    control.post(&path, &[]).await.is(422).has("已經撤銷");
    assert_eq!(last_day(stored(&site, &number).due_at), "2026-09-30", "the job had not come yet");
});

fn number_of(db: &mut chenqing::store::Db) -> i64 {
    number(db, "SELECT max(id) AS n FROM closures")
}

on_both!(a_date_in_a_year_without_a_table_is_marked, async |db| {
    let site = open(db);
    site.app.clock.set(chenqing::domain::time::Moment::from_jiff("2027-12-28T02:00:00Z".parse().unwrap()));
    let number = received(&site, petition());
    let control = sign_in(&site, "d.control").await;
    control.case(&number).await.has("還沒有辦公日曆的年度");
    let admin = sign_in(&site, "d.admin").await;
    for path in ["/admin", "/admin/calendar"] {
        admin.get(path).await.is(200).has("缺少117年度的辦公日曆").has("期限算到那一年");
    }
    admin.get("/admin/calendar?year=2028").await.has("只知道週末");
});
