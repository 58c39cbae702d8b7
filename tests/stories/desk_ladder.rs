//! More time: who may grant how much, asked for and declined, told before the old date ends, and late all the same in the
//! figures (practice ladder of the sample agency: 7 working days by the supervisor, 15 by the control officer, 30 by the
//! management, three times).

use chenqing::domain::asking::RequestState;
use chenqing::domain::case::State;
use chenqing::domain::letter::Letter;
use chenqing::domain::policy::ClockPurpose;
use chenqing::domain::time::DAY;
use chenqing::reports::year;
use chenqing::store::letters::LetterRow;
use chenqing::store::{clocks, extensions, staff};
use jiff::civil::date;

use super::desk::{in_progress, open, petition, received, reply, sign_in};
use super::site::Site;
use crate::support::on_both;

/// So many working days after the case's original last day, 30 September.
fn after(site: &Site, days: u32) -> String {
    let reference = site.read(|db| site.office().reference(db));
    let (mut day, mut left) = (date(2026, 9, 30), days);
    while left > 0 {
        day = day.tomorrow().unwrap();
        left -= u32::from(reference.calendar.is_working_day(day));
    }
    day.to_string()
}

/// Who was told that they decide on a request, by user name.
fn deciders(site: &Site) -> Vec<String> {
    let name = |row: &LetterRow| site.read(|db| Ok(staff::get(db, row.staff_id.unwrap())?.username));
    let mut names: Vec<String> = site.letters("extension_asked").iter().map(name).collect();
    names.sort();
    names
}

on_both!(each_rank_as_far_as_it_reaches, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    let (supervisor, control) = (sign_in(&site, "d.supervisor").await, sign_in(&site, "d.control").await);
    let manager = sign_in(&site, "d.manager").await;
    in_progress(&site, &number, &registrar).await;
    let (seven, eight, sixteen, more) = (after(&site, 7), after(&site, 8), after(&site, 16), after(&site, 31));
    let wish = |until: &str| vec![("until", until.to_owned()), ("reason", "量測要等大潮。".to_owned())];
    macro_rules! act {
        ($who:ident, $act:literal, $until:expr) => {{
            let fields = wish($until);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            $who.act(&site, &number, $act, &fields).await
        }};
    }
    act!(handler, "extend", &seven).is(403);
    act!(supervisor, "extend", &eight).is(403).has("8個工作天").has("研考人員");
    act!(control, "extend", &sixteen).is(403).has("管理階層");
    assert_eq!(act!(manager, "extend", &more).is(422).wrong_fields(), ["extend-until"]);
    assert_eq!(act!(handler, "ask_extension", &more).is(422).wrong_fields(), ["ask_extension-until"]);

    // Eight days are asked for: the control officer's list and the management's have it, the supervisor's has not.
    act!(handler, "ask_extension", &eight).is(303);
    act!(handler, "ask_extension", &eight).is(403).has("已經有一件");
    // Who decides is told at once, and nobody else.
    assert_eq!(deciders(&site), ["d.control"]);
    let Letter::ExtensionAsked { by, old_due, until, days, reason, .. } =
        site.letters("extension_asked")[0].letter().unwrap()
    else {
        panic!("another letter")
    };
    assert_eq!(
        (&*by, old_due.to_string().as_str(), until.to_string(), days),
        ("王範例", "2026-09-30", eight.clone(), 8)
    );
    assert_eq!(reason, "量測要等大潮。");
    supervisor.get("/desk/extensions").await.is(200).has_not(&number);
    control.get("/desk/extensions").await.is(200).has(&number).has("研考人員").has("量測要等大潮。");
    manager.get("/desk/extensions").await.is(200).has(&number);
    handler.get("/desk/extensions").await.is(403);
    supervisor.act(&site, &number, "decline_extension", &[("reason", "不必")]).await.is(403);
    handler.act(&site, &number, "decline_extension", &[("reason", "不必")]).await.is(403);
    control.act(&site, &number, "decline_extension", &[("reason", " ")]).await.is(422);
    control.must(&site, &number, "decline_extension", &[("reason", "資料已經足夠。")]).await.has("資料已經足夠。");
    let letter = site.letters("extension_declined").pop().unwrap();
    assert_eq!(letter.staff_id, Some(site.person("d.handler").id));
    assert!(site.letters("extended").is_empty());

    // Sixteen are beyond the control officer; the management grants them from the case's page, filled in as asked.
    act!(handler, "ask_extension", &sixteen).is(303);
    assert_eq!(deciders(&site), ["d.control", "d.manager"]);
    control.get("/desk/extensions").await.is(200).has_not(&number);
    act!(control, "extend", &sixteen).is(403);
    let page = manager.case(&number).await;
    assert_eq!(page.is(200).values("until")[0], sixteen);
    act!(manager, "extend", &sixteen).is(303);
    let case = site.case(&number);
    let requests = site.read(|db| extensions::of_case(db, case.id));
    let states: Vec<RequestState> = requests.iter().map(|r| r.state).collect();
    assert_eq!(states, [RequestState::Declined, RequestState::Granted]);
    assert_eq!(site.letters("extended").len(), 1);
    manager.get("/desk/extensions").await.has("沒有等待您核定的展期");
    // The ceiling is not extended; the original date of the reply stays.
    let all = site.read(|db| clocks::of_case(db, case.id));
    let of = |purpose| all.iter().find(|clock| clock.purpose == purpose).unwrap();
    assert_eq!(of(ClockPurpose::Ceiling).due_at, of(ClockPurpose::Ceiling).original_due_at);
    let reply_clock = of(ClockPurpose::Reply);
    assert_eq!(reply_clock.original_due_at.to_string(), "2026-09-30T16:00:00Z");
    assert_eq!(reply_clock.due_at.plus_seconds(-1).date_in(&site.office().zone).to_string(), sixteen);

    // Finished after the original date, within the longer one: late, and on time with extensions.
    site.wait(20 * DAY);
    let (handler, supervisor) = (sign_in(&site, "d.handler").await, sign_in(&site, "d.supervisor").await);
    handler.write(&site, &number, "submit_reply", reply()).await.is(303);
    supervisor.must(&site, &number, "approve", &[("result", "answered")]).await;
    assert_eq!(site.case(&number).state, State::Replied);
    let office = site.office();
    let total = site
        .read(|db| {
            let reference = office.reference(db)?;
            year::count(db, &reference, &office.zone, 2026, site.now())
        })
        .total;
    assert_eq!((total.closed, total.closed_on_time, total.closed_late), (1, 0, 1));
    assert_eq!((total.closed_on_time_extended, total.extended), (1, 1));
});

on_both!(three_times_and_not_after_the_date, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, supervisor) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.supervisor").await);
    in_progress(&site, &number, &registrar).await;
    for days in [1, 3, 4] {
        let until = after(&site, days);
        supervisor.must(&site, &number, "extend", &[("until", &until), ("reason", "等候材料")]).await.has("已展期");
        assert_eq!(site.case(&number).due_at.unwrap().plus_seconds(-1).date_in(&site.office().zone).to_string(), until);
    }
    let until = after(&site, 5);
    let fields = [("until", until.as_str()), ("reason", "再等")];
    supervisor.act(&site, &number, "extend", &fields).await.is(403).has("最多展期3次");
    // Three extensions one after another, explained to the day.
    let told = supervisor.get(&format!("/desk/cases/{number}/clocks.json")).await.json();
    let reply = &told["clocks"][0];
    let days = reply["days"].as_array().unwrap();
    assert_eq!(days.last().unwrap()["date"], after(&site, 4).as_str());
    assert_eq!(days.iter().filter(|d| d["reason"] == "extended").count(), 4);
    assert_eq!(reply["extensions"].as_array().unwrap().len(), 3);

    let other = received(&site, petition());
    in_progress(&site, &other, &registrar).await;
    let handler = sign_in(&site, "d.handler").await;
    let asked = [("until", until.as_str()), ("reason", "等候材料")];
    handler.must(&site, &other, "ask_extension", &asked).await.has("申請展期");
    assert_eq!(deciders(&site), ["d.supervisor", "supervisor"]);
    site.wait(13 * DAY);
    let (handler, supervisor) = (sign_in(&site, "d.handler").await, sign_in(&site, "d.supervisor").await);
    let late = after(&site, 6);
    let fields = [("until", late.as_str()), ("reason", "等候材料")];
    supervisor.act(&site, &other, "extend", &fields).await.is(403).has("期限已過");
    supervisor.get("/desk/extensions").await.is(200).has(&other).has("原期限已過");
    supervisor.must(&site, &other, "decline_extension", &[("reason", "已逾期")]).await;
    handler.act(&site, &other, "ask_extension", &fields).await.is(403).has("期限已過");
});
