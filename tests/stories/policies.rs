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
    sign_in(&site, "d.manager").await.get("/management/2026").await.is(200);
    let figures = |site: &Site| {
        let figures = site.read(|db| {
            let reference = site.office().reference(db)?;
            year::count(db, &reference, &site.office().zone, 2026, site.now())
        });
        figures.total
    };
    assert_eq!((figures(&site).pending_within, figures(&site).pending_overdue), (1, 0));

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
    let fields =
        [("mode", "text"), ("source", source.as_str()), ("note", "縮短辦結期限"), ("seen", &preview.value("seen"))];
    admin.post("/admin/policies", &fields).await
}

on_both!(a_shorter_limit_is_previewed_stored_and_followed_by_open_cases, async |db| {
    let site = open(db);
    let (admin, registrar) = (sign_in(&site, "d.admin").await, sign_in(&site, "d.registrar").await);
    let (first, second) = (received(&site, petition()), received(&site, petition()));
    in_progress(&site, &second, &registrar).await;
    let page = admin.get("/admin/policies/new").await;
    let fields = filled(page.is(200));
    assert!(
        fields.contains(&("from".into(), "2026-09-19".into()))
            && fields.contains(&("limit_ceiling".into(), "30".into()))
    );

    // What is wrong stands beside its field, and what was typed is kept.
    let wrong = [("from", "soon"), ("note", " "), ("limit_reply", "many"), ("limit_ceiling", "31"), ("days", "")];
    let seen = admin.post("/admin/policies/preview", &with(&fields, &wrong)).await;
    assert_eq!(seen.is(422).wrong_fields(), ["note", "from", "limit_reply", "days"]);
    assert_eq!(seen.value("limit_reply"), "many");
    let wrong = [("note", "x"), ("limit_ceiling", "31")];
    let seen = admin.post("/admin/policies/preview", &with(&fields, &wrong)).await;
    assert_eq!(seen.is(422).wrong_fields(), ["limit_ceiling"]);
    seen.has("超過上限30天");
    let wrong = [("note", "x"), ("warning_11_when", "before"), ("pause_4_code", "Trip")];
    let seen = admin.post("/admin/policies/preview", &with(&fields, &wrong)).await;
    assert_eq!(seen.is(422).wrong_fields(), ["pause_4", "warning_11"]);

    // From tomorrow on it touches nobody who is here; from today on both, and the preview changes nothing.
    let change = [("note", "縮短辦結期限"), ("limit_reply", "3"), ("unit_reply", "working_days")];
    let seen = admin.post("/admin/policies/preview", &with(&fields, &change)).await;
    seen.is(200).has("還在辦理的案件有0件，其中0件的期限會改變").has("到那天自動生效").has_not(&first);
    let traces = site.traces();
    let today = [&change[..], &[("from", "2026-09-18")]].concat();
    let preview = admin.post("/admin/policies/preview", &with(&fields, &today)).await;
    preview.is(200).has("還在辦理的案件有2件，其中2件的期限會改變").has("提前的2件，延後的0件");
    preview.has(&first).has(&second).has("115/09/30").has("115/09/23").has("3個工作天").has("不會通知陳情人");
    assert_eq!(site.traces(), traces);
    assert_eq!(site.count("policies"), 1);

    let letters = site.count("letters");
    let after = store(&admin, &preview).await;
    let page = admin.get(&after.is(303).location).await;
    page.is(200).has("規定已儲存").has("縮短辦結期限").has("吳系統").has("現行");
    for number in [&first, &second] {
        assert_eq!(last_day(&site, number).as_deref(), Some("2026-09-23"), "{number}");
        let case = site.case(number);
        let running = site.read(|db| clocks::running(db, case.id));
        assert!(running.iter().all(|clock| clock.policy_id == Some(2)));
        let facts = site.read(|db| events::of_case(db, case.id)).pop().unwrap();
        assert_eq!((facts.act.as_str(), facts.actor.as_str()), ("policy_changed", "system"));
        assert!(
            facts.facts.contains("\"old_due\":\"2026-09-30\"") && facts.facts.contains("\"new_due\":\"2026-09-23\"")
        );
        registrar.case(number).await.is(200).has("時限規定變更").has("期限由115/09/30改為115/09/23");
    }
    assert_eq!(site.count("letters"), letters, "an earlier day is told to nobody");
    assert_eq!(verify(site.office(), |_| ()).unwrap().faults, 0);
    assert_eq!(remeasure(site.office(), site.now(), 1000).unwrap(), 0);
    let row = site.read(policies::all).remove(0);
    assert_eq!(
        (row.created_by, row.created_at, row.note.as_str()),
        (Some(site.person("d.admin").id), site.now(), "縮短辦結期限")
    );
    // The same form once more: a colleague could have stored another meanwhile.
    store(&admin, &preview).await.is(409);
    assert_eq!(site.count("policies"), 2);
    // In English too.
    admin.get("/desk/locale/en").await.is(303);
    admin.get("/admin/policies").await.is(200).has("3 working days").has("Every case");
    admin.get("/admin/policies/new").await.is(200).has("Preview the effect");
});

on_both!(a_document_stored_in_advance_takes_effect_by_itself_on_its_day, async |db| {
    let site = open(db);
    let source = document("2026-09-22", "co_handling = \"2 working days\"", "reply = \"3 working days\"");
    let later = put(&site, &source);
    let before = received(&site, petition());
    let admin = sign_in(&site, "d.admin").await;
    admin.get("/admin/policies").await.is(200).has("尚未生效");
    site.wait(4 * 24 * HOUR);
    let after = received(&site, petition());
    let days = [&before, &after].map(|number| last_day(&site, number).unwrap());
    assert_eq!(days, ["2026-09-30", "2026-09-29"]);
    assert_eq!([&before, &after].map(|number| reply_clock(&site, number).policy_id), [Some(1), Some(later)]);
    // Nobody who came before its day is touched, and the job knows it at once the next time.
    for _ in 0..2 {
        assert_eq!(remeasure(site.office(), site.now(), 1000).unwrap(), 0);
    }
    let measured = "SELECT value AS t FROM installation WHERE key = 'policies_measured'";
    assert_eq!(site.read(|db| Ok(words(db, measured))), [later.to_string()]);
    // Another of the same day replaces it.
    let again = put(&site, &document("2026-09-22", "co_handling = \"2 working days\"", "reply = \"5 working days\""));
    assert_eq!(remeasure(site.office(), site.now(), 1000).unwrap(), 1);
    assert_eq!(reply_clock(&site, &after).policy_id, Some(again));
    assert_eq!(last_day(&site, &after).as_deref(), Some("2026-10-01"));
});

on_both!(measuring_anew_goes_on_where_it_stopped_and_begins_clocks_whose_event_has_passed, async |db| {
    let site = open(db);
    start_with(&site, "assigned");
    let numbers: Vec<String> = (0..30).map(|_| received(&site, petition())).collect();
    assert!(numbers.iter().all(|number| site.case(number).due_at.is_none()));
    put(&site, &document("2026-01-01", "tell_moved = true", "tell_moved = false"));
    let done: Vec<usize> = (0..3).map(|_| remeasure(site.office(), site.now(), 1).unwrap()).collect();
    assert_eq!(done, [20, 10, 0]);
    for number in &numbers {
        assert_eq!(last_day(&site, number).as_deref(), Some("2026-09-30"));
    }
    assert_eq!(verify(site.office(), |_| ()).unwrap().faults, 0);
});

on_both!(a_text_that_is_no_document_says_where, async |db| {
    let site = open(db);
    let admin = sign_in(&site, "d.admin").await;
    let page = admin.get("/admin/policies/text").await;
    page.is(200).has("[[policy]]").has("urgent_co_handling");
    for (old, new, why) in [
        ("tell_moved = true", "tel_moved = true", "第18行：沒有「tel_moved」這個欄位"),
        ("\"7 days\"", "\"7 weeks\"", "「7 weeks」不是期限"),
        ("\"1 working day after\"", "\"tomorrow\"", "「tomorrow」不是提醒的時點"),
        ("[\"most_urgent\", \"urgent\"]", "[\"slow\"]", "沒有「slow」這個速別"),
        ("from = \"2017-01-01\"", "from = 2017", "第9行"),
    ] {
        assert!(SAMPLE.contains(old), "{old}");
        let source = SAMPLE.replacen(old, new, 1);
        let fields = [("mode", "text"), ("source", source.as_str()), ("note", "試改")];
        let seen = admin.post("/admin/policies/preview", &fields).await;
        assert_eq!(seen.is(422).wrong_fields(), ["source"], "{new}");
        seen.has(why).has(new.split('"').nth(1).or(new.split(' ').next()).unwrap());
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
