//! Improvement measures: planned from figures and cases, carried out by a unit, read by those it concerns and by nobody else.

use chenqing::domain::letter::Letter;
use chenqing::store::reference::touch;

use super::browser::{Browser, key};
use super::desk::{Worker, id_of, open, petition, received, sign_in, unit};
use super::site::Site;
use crate::support::on_both;
use crate::support::rows::execute;

/// Fields of a plan; those given replace the usual ones.
fn plan<'a>(unit: &'a str, key: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("title", "增設漁港夜間照明"),
        ("year", "2026"),
        ("category", ""),
        ("cases", ""),
        ("cause", "夜間陳情路燈不亮者占四成"),
        ("action", "年底前完成燈桿汰換"),
        ("unit_id", unit),
        ("owner_id", ""),
        ("due_on", "2026-12-31"),
        ("idempotency_key", key),
    ];
    let value = |name: &str, value| changed.iter().find(|(n, _)| *n == name).map_or(value, |(_, v)| *v);
    usual.into_iter().map(|(name, usual)| (name, value(name, usual))).collect()
}

/// The way to the list, beside every page of the desk.
const OFFERED: &str = "href=\"/management/measures\"";

async fn planned(site: &Site, planner: &Worker, changed: &[(&str, &str)]) -> String {
    let (unit, key) = (unit(site, "logistics"), key());
    planner.post("/management/measures", &plan(&unit, &key, changed)).await.is(303).location.clone()
}

on_both!(a_measure_is_planned_carried_out_and_its_effect_shown, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let owner = id_of(&site, "d.handler");
    let manager = sign_in(&site, "d.manager").await;
    manager.get("/management/measures").await.is(200).has("目前沒有檢討改進措施").has("/management/measures/new");
    let form = manager.get(&format!("/management/measures/new?case={number}&year=2025")).await;
    form.is(200).has(&number).has("value=\"2025\"");
    let path = planned(&site, &manager, &[("cases", &number), ("owner_id", &owner)]).await;
    manager
        .get(&path)
        .await
        .is(200)
        .has("已新增改進措施")
        .has("增設漁港夜間照明")
        .has(&number)
        .has("王範例")
        .has("<dd>115</dd>");

    // Whoever answers for it gets a letter that leads there; who plans it for themselves needs none.
    let told = site.letters("measure_yours").pop().unwrap();
    assert_eq!(told.staff_id, Some(site.person("d.handler").id));
    let Letter::MeasureYours { measure, by, due_on, .. } = told.letter().unwrap() else { panic!("another letter") };
    assert_eq!(
        (measure.as_str(), by.as_str(), due_on.to_string().as_str()),
        ("增設漁港夜間照明", "黃管理", "2026-12-31")
    );
    assert!(path.ends_with(&format!("/{}", told.link().unwrap().unwrap().row)));
    // From then on the list is among what the desk offers.
    sign_in(&site, "d.handler").await.get("/desk/absences").await.is(200).has(OFFERED);
    let own = id_of(&site, "d.manager");
    planned(&site, &manager, &[("owner_id", &own), ("title", "檢查港區照明")]).await;
    assert_eq!(site.letters("measure_yours").len(), 1);
    // A unit that is no more carries nothing out.
    let gone: i64 = unit(&site, "logistics_property").parse().unwrap();
    site.office()
        .store
        .write(move |db| {
            execute(db, &format!("UPDATE units SET active = FALSE WHERE id = {gone}"));
            touch(db)
        })
        .unwrap();
    let (gone, key) = (gone.to_string(), key());
    let seen = manager.post("/management/measures", &plan(&gone, &key, &[])).await;
    assert_eq!(seen.is(422).wrong_fields(), ["unit_id"]);

    // Whoever answers for it says how it goes; a stale page is told so and keeps what was typed.
    let handler = sign_in(&site, "d.handler").await;
    handler.get("/management/measures").await.is(200).has("增設漁港夜間照明").has_not("/management/measures/new");
    let step = format!("{path}/step");
    let begun = [("version", "1"), ("state", "under_way"), ("note", "已完成現勘 <b>")];
    handler.post(&step, &begun).await.is(303);
    let (subject, about) = (petition().subject, format!("/desk/cases/{number}"));
    manager.get(&path).await.is(200).has(&subject).has(&about);
    handler.get(&path).await.is(200).has("執行中").has("已完成現勘 &lt;b&gt;").has("已填報辦理情形");
    handler.get(&path).await.is(200).has_not(&number).has_not(&subject).has_not(&about);
    let supervisor = sign_in(&site, "d.supervisor").await;
    let stale = supervisor.post(&step, &[("version", "1"), ("state", "done"), ("note", "全部完工")]).await;
    stale.is(409).has("同仁剛才更新了這項措施").has("全部完工");
    supervisor.post(&step, &[("version", "2"), ("state", "done"), ("note", "全部完工")]).await.is(303);
    supervisor.post(&step, &[("version", "3"), ("state", "done"), ("note", " ")]).await.is(422).has("請填寫");
    supervisor.post(&step, &[("version", "3"), ("state", "none"), ("note", "x")]).await.is(422);
    manager.get(&path).await.is(200).has("已完成").has("全部完工");
    // What is done is no longer among the open ones, and stays in its year.
    manager.get("/management/measures").await.is(200).has_not("增設漁港夜間照明");
    manager.get("/management/measures?year=2026").await.is(200).has("增設漁港夜間照明");
});

on_both!(a_measure_is_planned_once_and_what_is_wrong_is_named, async |db| {
    let site = open(db);
    let control = sign_in(&site, "d.control").await;
    let (unit, word) = (unit(&site, "logistics"), key());
    let fields = plan(&unit, &word, &[]);
    let first = control.post("/management/measures", &fields).await.is(303).location.clone();
    assert_eq!(control.post("/management/measures", &fields).await.is(303).location, first);
    control.post("/management/measures", &plan(&unit, &word, &[("title", "另一項")])).await.is(422);
    for (field, value, told) in [
        ("title", " ", "請填寫"),
        ("title", "", "請填寫措施名稱"),
        ("cause", "", "請填寫檢討原因"),
        ("action", "", "請填寫改進作法"),
        ("year", "2027", "請填今年或以前"),
        ("year", "x", "請填今年或以前"),
        ("due_on", "2026-01-01", "不能早於今天"),
        ("due_on", "", "請填寫預定完成日"),
        ("unit_id", "", "選擇辦理單位"),
        ("unit_id", "99999", "選擇辦理單位"),
        ("owner_id", "99999", "選擇負責人"),
        ("category", "none_such", "選擇案件分類"),
        ("cases", "1150000009-9", "查無案件 1150000009-9"),
    ] {
        let word = key();
        let seen = control.post("/management/measures", &plan(&unit, &word, &[(field, value)])).await;
        seen.is(422).has(told);
        assert!(field == "action" || seen.text().contains("年底前完成燈桿汰換"), "what was typed is kept");
    }
});

on_both!(others_neither_read_nor_plan_measures, async |db| {
    let site = open(db);
    let control = sign_in(&site, "d.control").await;
    let path = planned(&site, &control, &[]).await;
    let step = [("version", "1"), ("state", "done"), ("note", "x")];
    for username in ["d.registrar", "d.handler", "d.foreign", "d.foreign.supervisor", "d.admin"] {
        let worker = sign_in(&site, username).await;
        worker.get("/management/measures").await.is(200).has_not("增設漁港夜間照明");
        worker.get(&path).await.is(404);
        worker.post(&format!("{path}/step"), &step).await.is(404);
    }
    // The list is offered to those who may have any on it.
    for username in ["d.registrar", "d.handler", "d.foreign", "d.admin"] {
        sign_in(&site, username).await.get("/desk/absences").await.is(200).has_not(OFFERED);
    }
    for username in ["d.supervisor", "d.foreign.supervisor", "d.control", "d.manager", "d.auditor"] {
        sign_in(&site, username).await.get("/desk/absences").await.is(200).has(OFFERED);
    }
    let auditor = sign_in(&site, "d.auditor").await;
    auditor.get(&path).await.is(200).has_not("/step");
    auditor.post(&format!("{path}/step"), &step).await.is(403);
    let unit = unit(&site, "logistics");
    for username in ["d.registrar", "d.handler", "d.supervisor", "d.auditor", "d.admin"] {
        let (worker, word) = (sign_in(&site, username).await, key());
        worker.get("/management/measures/new").await.is(403);
        worker.post("/management/measures", &plan(&unit, &word, &[])).await.is(403);
    }
    for path in ["/management/measures", "/management/measures/new", path.as_str()] {
        assert!(Browser::at(&site.base).get(path).await.is(303).location.starts_with("/desk/login"));
    }
});
