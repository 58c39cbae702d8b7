//! Policies as administrators change them: the page, the preview and its storing, the open cases that follow, and each event
//! from which the reply's clock may run.

use chenqing::acts::audit::verify;
use chenqing::acts::remeasure::remeasure;
use chenqing::acts::set_policies::{NewDocument, newest, set_policies};
use chenqing::acts::{confirm, submit};
use chenqing::domain::case::Kind;
use chenqing::domain::letter::Letter;
use chenqing::domain::policy::ClockPurpose;
use chenqing::domain::time::Moment;
use chenqing::error::Error;
use chenqing::post::deliver;
use chenqing::reports::year;
use chenqing::store::clocks::{self, Clock};
use chenqing::store::{events, policies};

use super::browser::{Browser, Seen, key};
use super::desk::{CLASS, Worker, id_of, in_progress, open, petition, received, sign_in, unit};
use super::site::Site;
use crate::support::on_both;
use crate::support::rows::words;

const SAMPLE: &str = include_str!("../../config/agency/policies.toml");

/// The sample agency's document from another day, with one thing said differently.
fn document(from: &str, old: &str, new: &str) -> String {
    assert!(SAMPLE.contains(old), "{old}");
    SAMPLE.replacen("2017-01-01", from, 1).replacen(old, new, 1)
}

/// Puts a document in force, past the pages; its id.
fn put(site: &Site, source: &str) -> i64 {
    let seen = site.read(|db| Ok(newest(&*site.office().reference(db)?)));
    let new = NewDocument { source: source.into(), note: "為了測試".into(), seen };
    set_policies(site.office(), site.now(), &site.person("d.admin"), &new).unwrap()
}

fn start_with(site: &Site, event: &str) {
    put(site, &document("2026-01-01", "start = \"confirmed\"", &format!("start = \"{event}\"")));
}

fn reply_clock(site: &Site, number: &str) -> Clock {
    let case = site.case(number);
    site.read(|db| clocks::reply_clock(db, case.id, case.round))
}

/// The last day of a case in Taipei.
fn last_day(site: &Site, number: &str) -> Option<String> {
    let end = site.case(number).due_at?;
    Some(Moment(end.0 - 1).date_in(&site.office().zone).to_string())
}

const HOUR: i64 = 3600;

on_both!(a_clock_that_starts_with_receipt_counts_the_days_before_the_confirmation, async |db| {
    let site = open(db);
    start_with(&site, "received");
    let handed_in = site.now();
    let submission = submit::submit(site.office(), site.now(), petition(), &[], &key()).unwrap();
    site.wait(68 * HOUR);
    let number = confirm::confirm(site.office(), site.now(), &submission.link()).unwrap().number;
    assert_eq!(reply_clock(&site, &number).start_at, handed_in);
    // From Friday 18 September, two days off between; from the confirmation on Monday it were 1 October.
    assert_eq!(last_day(&site, &number).as_deref(), Some("2026-09-30"));
    let confirmed = received(&site, petition());
    assert_eq!(last_day(&site, &confirmed).as_deref(), Some("2026-10-01"));
});

on_both!(until_its_event_comes_a_case_has_no_due_date_and_every_page_copes, async |db| {
    let site = open(db);
    start_with(&site, "assigned");
    let number = received(&site, petition());
    let case = site.case(&number);
    assert_eq!((case.due_at, case.original_due_at), (None, None));
    // The other clocks run from the start.
    let purposes: Vec<ClockPurpose> =
        site.read(|db| clocks::running(db, case.id)).iter().map(|clock| clock.purpose).collect();
    assert_eq!(purposes, [ClockPurpose::Registration, ClockPurpose::Ceiling]);
    let receipt = site.letters("receipt").pop().unwrap().letter().unwrap();
    assert!(matches!(receipt, Letter::Receipt { due_on: None, .. }), "the receipt promises no day");
    assert!(deliver(&site.app.post, &site.app.clock).unwrap().failed.is_empty());

    let citizen = Browser::at(&site.base);
    site.look_up(&citizen, &number, &site.query_code()).await;
    citizen.get("/status/case").await.is(200).has(&number).has_not("回復期限");
    let registrar = sign_in(&site, "d.registrar").await;
    registrar.case(&number).await.is(200).has("尚未起算");
    for queue in ["new", "all", "due-soon", "overdue"] {
        let page = registrar.get(&format!("/desk?queue={queue}")).await;
        page.is(200);
        assert_eq!(page.text().contains(&number), ["new", "all"].contains(&queue), "{queue}");
    }
    sign_in(&site, "d.manager").await.get("/management?year=2026").await.is(200);
    let figures = |site: &Site| {
        let figures = site.read(|db| {
            let reference = site.office().reference(db)?;
            year::count(db, &reference, &site.office().zone, 2026, site.now())
        });
        figures.total
    };
    assert_eq!((figures(&site).pending_within, figures(&site).pending_over), (1, 0));

    site.wait(68 * HOUR);
    let registrar = sign_in(&site, "d.registrar").await;
    registrar.must(&site, &number, "register", &CLASS).await.has("尚未起算");
    assert_eq!(site.case(&number).due_at, None);
    site.wait(20 * HOUR);
    let registrar = sign_in(&site, "d.registrar").await;
    let unit_id = unit(&site, "logistics_ships");
    registrar.must(&site, &number, "assign", &[("unit_id", &unit_id), ("handler_id", "")]).await.has("115/10/02");
    assert_eq!(reply_clock(&site, &number).start_at, site.now());
    assert_eq!(last_day(&site, &number).as_deref(), Some("2026-10-02"));
    // Who gets it next finds the clock running.
    site.wait(24 * HOUR);
    let registrar = sign_in(&site, "d.registrar").await;
    let handler = id_of(&site, "d.handler");
    registrar.must(&site, &number, "assign", &[("unit_id", &unit_id), ("handler_id", &handler)]).await;
    assert_eq!(last_day(&site, &number).as_deref(), Some("2026-10-02"));

    // What ends before its clock began is not late.
    let other = received(&site, petition());
    registrar.must(&site, &other, "register", &CLASS).await;
    let fields = [("ground", "no_content"), ("reason", "內容空泛"), ("notice", "")];
    registrar.must(&site, &other, "no_action", &fields).await;
    assert_eq!((figures(&site).closed, figures(&site).closed_on_time), (1, 1));
});

on_both!(a_clock_may_start_with_registration, async |db| {
    let site = open(db);
    start_with(&site, "registered");
    let number = received(&site, petition());
    assert_eq!(site.case(&number).due_at, None);
    site.wait(68 * HOUR);
    let registrar = sign_in(&site, "d.registrar").await;
    registrar.must(&site, &number, "register", &CLASS).await.has("115/10/01");
    assert_eq!(reply_clock(&site, &number).start_at, site.now());
});

on_both!(a_case_that_turns_out_to_be_of_another_kind_is_counted_from_that_kinds_event, async |db| {
    let site = open(db);
    // Inquiries wait for their assignment; everything else runs from the confirmation.
    let special = "\n[[policy]]\ncode = \"inquiries\"\nname_zh = \"查詢\"\nname_en = \"Inquiries\"\nstart = \"assigned\"\n\
                   [policy.match]\nkind = [\"inquiry\"]\n";
    put(&site, &(document("2026-01-01", "tell_moved = true", "tell_moved = false") + special));
    let mut inquiry = petition();
    inquiry.kind = Kind::Inquiry;
    let number = received(&site, inquiry);
    assert_eq!(site.case(&number).due_at, None);
    site.wait(68 * HOUR);
    // The registrar finds that it is a suggestion, whose event came three days ago.
    let registrar = sign_in(&site, "d.registrar").await;
    registrar.must(&site, &number, "register", &CLASS).await;
    assert_eq!(reply_clock(&site, &number).start_at, site.case(&number).received_at);
    assert_eq!(last_day(&site, &number).as_deref(), Some("2026-09-30"));
});

on_both!(administrators_write_auditors_read_and_nobody_else_sees_policies, async |db| {
    let site = open(db);
    let (admin, auditor) = (sign_in(&site, "d.admin").await, sign_in(&site, "d.auditor").await);
    let page = admin.get("/admin/policies").await;
    page.is(200).has("一般規定").has("速件會辦").has("現行").has("修改規定").has("30個工作天").has("機關設定檔");
    auditor.get("/admin/policies").await.is(200).has("一般規定").has_not("修改規定");
    admin.get("/admin/policies?document=999").await.is(404);
    admin.get("/admin/policies?document=x").await.is(404);
    let before = site.count("policies");
    let source = document("2026-10-01", "times = 3", "times = 2");
    let fields = [("mode", "text"), ("source", source.as_str()), ("note", "試改"), ("seen", "1")];
    for path in ["/admin/policies", "/admin/policies/preview"] {
        auditor.post(path, &fields).await.is(403);
        for who in ["d.registrar", "d.handler", "d.supervisor", "d.control", "d.manager"] {
            let worker = sign_in(&site, who).await;
            worker.post(path, &fields).await.is(403);
            worker.get("/admin/policies").await.is(403);
        }
        // A form of another session, and one without.
        admin.browser.post(path, &[&[("_csrf", "wrong")], &fields[..]].concat()).await.is(403);
        Browser::at(&site.base).post(path, &fields).await.is(403);
    }
    for path in ["/admin/policies/new", "/admin/policies/text"] {
        auditor.get(path).await.is(403);
        assert_eq!(
            Browser::at(&site.base).get(path).await.is(303).location,
            format!("/desk/login?next=%2Fadmin%2Fpolicies%2F{}", &path[16..])
        );
    }
    assert_eq!(site.count("policies"), before);
    let new = NewDocument { source, note: "x".into(), seen: 1 };
    let refused = set_policies(site.office(), site.now(), &site.person("d.control"), &new);
    assert!(matches!(refused, Err(Error::Refused(_))));
});

/// Every field of the form of policies as the page filled it in.
fn filled(page: &Seen) -> Vec<(String, String)> {
    let text = page.text();
    let form = text.split("<form class=\"narrow\"").nth(1).unwrap().split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        tag.split(&format!(" {name}=\"")).nth(1).map(|rest| rest.split('"').next().unwrap().to_owned())
    };
    let (mut fields, mut list) = (Vec::new(), String::new());
    for tag in form.split('<').map(|tag| tag.split('>').next().unwrap()) {
        let value = attribute(tag, "value").unwrap_or_default();
        if tag.starts_with("select ") {
            list = attribute(tag, "name").unwrap();
            fields.push((list.clone(), String::new()));
        } else if tag.starts_with("option ") && tag.ends_with(" selected") {
            fields.last_mut().unwrap().1 = value;
        } else if tag.starts_with("input ") && (!tag.contains("type=\"checkbox\"") || tag.ends_with(" checked")) {
            fields.push((attribute(tag, "name").unwrap(), value));
        }
    }
    assert!(!list.is_empty());
    fields
}

/// The form with other values.
fn with<'a>(fields: &'a [(String, String)], other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let given = |name: &str| other.iter().any(|(given, _)| *given == name);
    let kept = fields.iter().filter(|(name, _)| name != "_csrf" && !given(name));
    kept.map(|(name, value)| (name.as_str(), value.as_str())).chain(other.iter().copied()).collect()
}

async fn store(admin: &Worker, preview: &Seen) -> Seen {
    let source = preview.value("source");
    let fields = [("mode", "text"), ("source", source.as_str()), ("note", "試改")];
        let seen = admin.post("/admin/policies/preview", &fields).await;
        assert_eq!(seen.is(422).wrong_fields(), ["source"], "{new}");
        seen.has(why).has(new.split('"').nth(1).unwrap_or(new));
    }
    // A special policy is written, looked at, and gone on with.
    let source =
        SAMPLE.replacen("2017-01-01", "2026-09-18", 1).replacen("[\"most_urgent\", \"urgent\"]", "[\"urgent\"]", 1);
    let fields = [("mode", "text"), ("source", source.as_str()), ("note", "試改")];
    let seen = admin.post("/admin/policies/preview", &fields).await;
    seen.is(200).has("速件會辦").has("速別：速件").has("其中0件");
    let seen = admin.post("/admin/policies/preview", &[&fields[..], &[("edit", "true")]].concat()).await;
    seen.is(200).has("2026-09-18").has("試改");
    assert_eq!(site.count("policies"), 1);
});
