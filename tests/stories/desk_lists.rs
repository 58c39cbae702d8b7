//! The desk's lists: who finds which case where, page after page; searching; letters that failed.

use std::collections::BTreeSet;

use chenqing::domain::delivery::LetterState;
use chenqing::domain::event::acts;
use chenqing::domain::submission::Petition;
use chenqing::store::{events, letters};

use super::desk::{CLASS, complain_of, id_of, in_progress, open, petition, received, sign_in, unit};
use super::site::Site;
use crate::support::on_both;

/// The numbers in the rows of a list, in order.
fn rows(page: &super::browser::Seen) -> Vec<String> {
    let text = page.text();
    let cells = text.split("<td class=\"key\"><a href=\"/desk/cases/").skip(1);
    cells.map(|cell| cell.split('"').next().unwrap().to_owned()).collect()
}

/// The address of the next page.
fn next(page: &super::browser::Seen) -> Option<String> {
    let text = page.text();
    let link = text.split("rel=\"next\"").next().filter(|_| text.contains("rel=\"next\""))?;
    let href = link.rsplit("href=\"").next()?.split('"').next()?;
    Some(href.replace("&amp;", "&").replace("&#x3D;", "="))
}

on_both!(a_long_list_is_read_page_after_page_and_nothing_is_lost, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    // Some at the same moment: the id decides between them.
    let mut made = Vec::new();
    for n in 0..120 {
        if n % 7 == 0 {
            site.wait(1);
        }
        made.push(received(&site, petition()));
    }
    let mut path = "/desk?queue=new".to_owned();
    let mut seen = Vec::new();
    for page in 0..3 {
        let shown = registrar.get(&path).await;
        shown.is(200).has("<span class=\"count-pill\">120</span>");
        seen.extend(rows(&shown));
        match next(&shown) {
            Some(next) => path = next,
            None => assert_eq!(page, 2),
        }
    }
    assert_eq!(seen, made);
    assert!(!path.contains("offset"), "{path}");
    let last = registrar.get(&path).await;
    last.has("回第一頁");

    // The same by what is due, through a filter that stays in the address.
    let mut path = "/desk?queue=all&category=port_security".to_owned();
    let mut seen = Vec::new();
    loop {
        let shown = registrar.get(&path).await;
        seen.extend(rows(&shown));
        let Some(next) = next(&shown) else { break };
        assert!(next.contains("category=port_security"));
        path = next;
    }
    assert_eq!(seen.len(), 120);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 120);
    registrar.get("/desk?queue=all&category=other").await.is(200).has("沒有符合條件的未結案件");
    registrar.get("/desk?queue=all&state=in_progress").await.is(200).has("沒有符合條件的未結案件");
});

on_both!(each_case_stands_in_the_lists_it_belongs_to, async |db| {
    let site = open(db);
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    let (supervisor, foreign) = (sign_in(&site, "d.supervisor").await, sign_in(&site, "d.foreign").await);
    let (ours, theirs, fresh) = (received(&site, petition()), received(&site, petition()), received(&site, petition()));
    in_progress(&site, &ours, &registrar).await;
    registrar.must(&site, &theirs, "register", &CLASS).await;
    let (north, them) = (unit(&site, "north"), id_of(&site, "d.foreign"));
    registrar.must(&site, &theirs, "assign", &[("unit_id", &north), ("handler_id", &them)]).await;
    for (worker, path, expected) in [
        (&registrar, "/desk?queue=new", vec![&fresh]),
        (&registrar, "/desk?queue=all", vec![&ours, &theirs, &fresh]),
        (&handler, "/desk?queue=mine", vec![&ours]),
        (&handler, "/desk?queue=unit", vec![&ours]),
        (&foreign, "/desk?queue=mine", vec![&theirs]),
        (&foreign, "/desk?queue=unit", vec![&theirs]),
        (&supervisor, "/desk?queue=unit", vec![&ours]),
        (&supervisor, "/desk?queue=due-soon", vec![]),
        (&supervisor, "/desk?queue=overdue", vec![]),
    ] {
        let found = rows(&worker.get(path).await);
        assert_eq!(found.iter().collect::<BTreeSet<_>>(), expected.into_iter().collect(), "{path}");
    }
    // The filter by unit takes what is below it.
    let below = format!("/desk?queue=all&unit={}", unit(&site, "logistics"));
    assert_eq!(rows(&registrar.get(&below).await), std::slice::from_ref(&ours));

    // Due Wednesday 30 September: from Monday 28 (off) on it is due soon, from 1 October overdue.
    site.wait(9 * 24 * 3600);
    let supervisor = sign_in(&site, "d.supervisor").await;
    supervisor.get("/desk?queue=due-soon").await.is(200).has(&ours).has("還有2個工作天");
    site.wait(5 * 24 * 3600);
    let supervisor = sign_in(&site, "d.supervisor").await;
    let page = supervisor.get("/desk?queue=overdue").await;
    page.is(200).has(&ours).has("已逾期2個工作天").has_not(&theirs);
    let registrar = sign_in(&site, "d.registrar").await;
    assert_eq!(rows(&registrar.get("/desk?queue=overdue").await).len(), 3);

    // Whoever is complained of finds it nowhere.
    complain_of(&site, &ours, "d.registrar");
    assert_eq!(rows(&registrar.get("/desk?queue=overdue").await).len(), 2);
    registrar.case(&ours).await.is(404);
    search(&registrar, &ours).await.is(200).has_not("1 號");
});

async fn search(worker: &super::desk::Worker, typed: &str) -> super::browser::Seen {
    worker.post("/desk/search", &[("q", typed)]).await
}

/// A case of somebody, sealed or not, in the hands of `d.handler`.
async fn of(site: &Site, registrar: &super::desk::Worker, change: impl FnOnce(&mut Petition)) -> String {
    let mut petition = petition();
    change(&mut petition);
    let sealed = petition.confidential;
    let number = received(site, petition);
    in_progress(site, &number, registrar).await;
    if sealed {
        let mut class = CLASS.clone();
        class.push(("confidential", "true"));
        registrar.must(site, &number, "classify", &class).await;
    }
    number
}

on_both!(a_case_is_found_by_number_name_telephone_and_mail, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    let number = of(&site, &registrar, |p| p.name = "臺 示範".into()).await;
    of(&site, &registrar, |p| {
        (p.name, p.email, p.phone) = ("吳樣本".into(), "wu@example.org".into(), "02-0000-7777".into())
    })
    .await;
    for typed in [number.clone(), number.replace('-', ""), format!(" {} ", number.replace('-', "－"))] {
        let seen = search(&registrar, &typed).await;
        assert_eq!(seen.is(303).location, format!("/desk/cases/{number}"), "{typed}");
    }
    for typed in ["台示範", "臺示範 ", "LIN@example.org", "0900000123", "+886 900-000-123"] {
        let seen = search(&registrar, typed).await;
        assert_eq!(rows(seen.is(200)), std::slice::from_ref(&number), "{typed}");
    }
    for typed in ["示範", "nobody", "", "1150000009-9"] {
        assert_eq!(rows(search(&registrar, typed).await.is(200)), [""; 0], "{typed}");
    }
    // What was typed stands in no address, and every find is in the log of identity.
    let views = site.count("identity_views");
    search(&registrar, "台示範").await.is(200);
    assert_eq!(site.count("identity_views"), views + 1);
    registrar.get("/desk/search?q=台示範").await.is(200).has_not("台示範");
});

on_both!(a_search_tells_nobody_what_they_may_not_know, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    let plain = of(&site, &registrar, |_| ()).await;
    let sealed = of(&site, &registrar, |p| p.confidential = true).await;
    let both: BTreeSet<String> = [plain.clone(), sealed.clone()].into();
    let only: BTreeSet<String> = [plain.clone()].into();
    let none = BTreeSet::new();
    for (username, expected) in [
        ("d.registrar", &both),
        ("d.handler", &both),
        ("d.supervisor", &both),
        ("d.handler2", &only),
        ("d.control", &only),
        ("d.foreign", &none),
        ("d.manager", &none),
        ("d.auditor", &none),
    ] {
        let worker = sign_in(&site, username).await;
        let found: BTreeSet<String> = rows(search(&worker, "林示範").await.is(200)).into_iter().collect();
        assert_eq!(&found, expected, "{username}");
        // By its number a case is found by whoever may see it.
        let status = search(&worker, &sealed).await.status;
        assert_eq!(status, if username == "d.foreign" { 200 } else { 303 }, "{username}");
    }
    // The unit complained of never learns who complained.
    let ships = unit(&site, "logistics_ships");
    let fields =
        [("kind", "suggestion"), ("category", "other"), ("speed_class", "normal"), ("respondent_unit_id", &*ships)];
    registrar.must(&site, &plain, "classify", &fields).await.has("被陳情單位");
    let handler = sign_in(&site, "d.handler").await;
    assert_eq!(rows(search(&handler, "林示範").await.is(200)), std::slice::from_ref(&sealed));
    handler.case(&plain).await.is(200).has("您不能查看這件案子的陳情人身分");
    handler.post(&format!("/desk/cases/{plain}/identity"), &[]).await.is(403).has_not("林示範");
});

on_both!(a_letter_that_failed_is_sent_again, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, admin) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.admin").await);
    let letter = site.letters("receipt")[0].id;
    registrar.get("/desk/letters").await.is(200).has("等候寄出").has(&number).has_not("lin@example.org");
    site.office()
        .store
        .write(move |db| letters::set_state(db, letter, LetterState::Waiting, LetterState::Failed, None, None))
        .unwrap();
    let page = registrar.get("/desk/letters").await;
    page.is(200).has("寄不出去").has(&format!("/desk/letters/{letter}/retry"));
    // The administrator sees that a letter failed, and nothing of its case.
    let page = admin.get("/desk/letters?state=failed").await;
    page.is(200)
        .has(&format!("/desk/letters/{letter}/retry"))
        .has_not("示範漁港")
        .has_not(&format!("/desk/cases/{number}"));
    let seen = admin.post(&format!("/desk/letters/{letter}/retry"), &[]).await;
    admin.get(&seen.is(303).location).await.has("信件會立刻再寄一次");
    let row = site.read(|db| letters::get(db, letter));
    assert_eq!((row.state, row.next_try_at), (LetterState::Waiting, Some(site.now())));
    registrar.post(&format!("/desk/letters/{letter}/retry"), &[]).await.is(409);
    let case = site.case(&number);
    let history = site.read(|db| events::of_case(db, case.id));
    assert_eq!(history.iter().filter(|event| event.act == acts::LETTER_RETRIED).count(), 1);
    registrar.case(&number).await.is(200).has("信件再寄一次：收件通知");
});

on_both!(the_desk_speaks_english_too, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let registrar = sign_in(&site, "d.registrar").await;
    registrar.get("/desk/locale/en").await.is(303);
    registrar.get("/desk").await.is(200).has("6 working days left");
    registrar.case(&number).await.is(200).has("type=\"submit\">Register<").has("The matter").has_not("陳情內容");
    registrar.get("/desk/locale/fr").await.is(404);
});
