//! Every clock of many cases explained: the days lead to the date that holds, with pauses, extensions and closures of the
//! unit's region.

use chenqing::acts::explained::explained;
use chenqing::acts::{ask_supplement, consult, end_wait, extend, supplement_given, wait};
use chenqing::domain::closure::Closure;
use chenqing::domain::policy::ClockPurpose;
use chenqing::domain::time::{DAY, HOUR};
use chenqing::store::reference::touch;
use chenqing::store::{closures, pauses};
use jiff::civil::date;

use super::desk::{in_progress, open, petition, received, sign_in, unit};
use super::site::Site;
use crate::support::on_both;

/// Checks every clock of every case; how many were explained.
fn check_all(site: &Site) -> usize {
    let ids = site.read(|db| Ok(crate::support::rows::numbers(db, "SELECT id AS n FROM cases ORDER BY id")));
    let mut told = 0;
    for id in ids {
        let clocks = site.read(|db| {
            let case = chenqing::store::cases::get(db, id)?;
            explained(db, site.office(), &case, "zh-TW", site.now())
        });
        assert_eq!(clocks[0].purpose, ClockPurpose::Reply, "the reply's comes first");
        for clock in clocks {
            assert!(clock.explained, "case {id} {}", clock.purpose);
            assert_eq!(clock.days.last().unwrap().date, clock.due_on, "case {id} {}", clock.purpose);
            assert!(clock.original_due_at <= clock.due_at);
            told += 1;
        }
    }
    told
}

on_both!(the_days_always_lead_to_the_date, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    let numbers: Vec<String> = (0..6).map(|_| received(&site, petition())).collect();
    for number in &numbers {
        in_progress(&site, number, &registrar).await;
    }
    let (office, handler, supervisor) = (site.office(), site.person("d.handler"), site.person("d.supervisor"));
    let north = site.read(|db| Ok(office.reference(db)?.units.by_code("north").unwrap().id));
    let of = |nth: usize| {
        let case = site.case(&numbers[nth]);
        (case.id, case.version)
    };
    let (id, v) = of(0);
    ask_supplement::ask_supplement(office, site.now(), &handler, id, v, "請補充地點。").unwrap();
    let (id, v) = of(1);
    wait::wait(office, site.now(), &handler, id, v, "other_agency", "函詢").unwrap();
    let (id, v) = of(2);
    consult::consult(office, site.now(), &handler, id, v, north, "請提供紀錄。").unwrap();
    let (id, v) = of(3);
    extend::extend(office, site.now(), &supervisor, id, v, date(2026, 10, 2), "會勘").unwrap();
    assert!(check_all(&site) >= 26);
    site.wait(4 * DAY + HOUR);
    // Paused and extended both, before and after one another.
    let (id, v) = of(3);
    wait::wait(office, site.now(), &handler, id, v, "other_agency", "函詢").unwrap();
    let (id, v) = of(0);
    supplement_given::by_staff(office, site.now(), &handler, id, v, "北堤。", &[]).unwrap();
    let (id, v) = of(0);
    extend::extend(office, site.now(), &supervisor, id, v, date(2026, 10, 7), "會勘").unwrap();
    check_all(&site);
    site.wait(9 * DAY);
    check_all(&site);
    let (id, v) = of(3);
    let pause = site.read(|db| pauses::of_case(db, id)).remove(0);
    end_wait::end_wait(office, site.now(), &handler, id, v, pause.id).unwrap();
    check_all(&site);
    // The pause left out its working days and moved both dates by as many.
    let (case, reference) = (site.case(&numbers[3]), site.read(|db| office.reference(db)));
    let paused = site.read(|db| pauses::of_case(db, case.id)).remove(0);
    let calendar = &reference.calendar;
    let (mut from, to) = (paused.from_at.date_in(&office.zone), paused.to_at.unwrap().date_in(&office.zone));
    let mut left_out = 0;
    while from < to {
        left_out += u32::from(calendar.is_working_day(from));
        from = from.tomorrow().unwrap();
    }
    assert!(left_out > 0);
    let mut day = date(2026, 9, 30);
    let mut left = left_out;
    while left > 0 {
        day = day.tomorrow().unwrap();
        left -= u32::from(calendar.is_working_day(day));
    }
    assert_eq!(case.original_due_at.unwrap().plus_seconds(-1).date_in(&office.zone), day);
});

on_both!(a_case_is_measured_by_the_calendar_of_its_units_region, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let registrar = sign_in(&site, "d.registrar").await;
    in_progress(&site, &number, &registrar).await;
    let reference = site.read(|db| site.office().reference(db));
    let id = |code: &str| reference.units.by_code(code).map(|unit| unit.id);
    let region = reference.region_of(id("south")).to_owned();
    assert_ne!(region, reference.region_of(id("logistics_ships")), "two regions");
    // A typhoon shuts the offices of the south on Tuesday and Wednesday.
    site.office()
        .store
        .write(move |db| {
            for day in [date(2026, 9, 22), date(2026, 9, 23)] {
                let closure = Closure {
                    region: region.clone(),
                    date: day,
                    from_minute: 0,
                    to_minute: 1440,
                    reason: "颱風".into(),
                };
                closures::insert(db, &closure, 0, None, chenqing::domain::time::Moment(0))?;
            }
            touch(db)
        })
        .unwrap();
    let last = |site: &Site| site.case(&number).due_at.unwrap().plus_seconds(-1).date_in(&site.office().zone);
    assert_eq!(last(&site), date(2026, 9, 30));
    let south = unit(&site, "south");
    registrar.must(&site, &number, "assign", &[("unit_id", &south), ("handler_id", "")]).await.has("颱風");
    assert_eq!(last(&site), date(2026, 10, 2));
    check_all(&site);
    let ships = unit(&site, "logistics_ships");
    registrar.must(&site, &number, "assign", &[("unit_id", &ships), ("handler_id", "")]).await.has_not("颱風");
    assert_eq!(last(&site), date(2026, 9, 30));
    check_all(&site);
});

on_both!(the_clocks_print_and_are_told_in_both_languages, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, handler) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.handler").await);
    in_progress(&site, &number, &registrar).await;
    let page = handler.get(&format!("/desk/cases/{number}/clocks")).await;
    page.is(200).has("總期限").has("分案").has("登記").has("教師節").has("data-print").has_not("林示範");
    handler.get("/desk/locale/en").await;
    let page = handler.get(&format!("/desk/cases/{number}/clocks")).await;
    page.is(200).has("Overall limit").has("The working day after the start is day 1");
    // The same on the command line.
    let (mut text, mut json) = (Vec::new(), Vec::new());
    chenqing::cli::deadline_case::run(&site.app, &number, true, false, &mut text).unwrap();
    chenqing::cli::deadline_case::run(&site.app, &number, false, true, &mut json).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.starts_with("Clock     reply"), "{text}");
    assert!(text.contains("Due       by the end of Wed 2026-09-30\n") && text.contains("day off: 中秋節"), "{text}");
    let told: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(told["clocks"][0]["due_on"], "2026-09-30");
    assert_eq!(told["clocks"][0]["days"].as_array().unwrap().len(), 0);
    let wrong = chenqing::cli::deadline_case::run(&site.app, "1159999999-9", false, false, &mut Vec::new());
    assert!(wrong.is_err());
});
