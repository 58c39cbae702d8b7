//! Open cases after the calendar changed: later days are written and told once, earlier ones wait for a control officer, and
//! whoever stops the job in the middle loses nothing.

use chenqing::acts::calendar_change::{Change, preview};
use chenqing::acts::decide_move::decide;
use chenqing::acts::recompute::{Recomputed, batch};
use chenqing::acts::{Office, end_wait, extend, reopen_offices, wait, withdraw};
use chenqing::domain::calendar_move::MoveState;
use chenqing::domain::letter::{ClosedDay, Letter};
use chenqing::domain::policy::ClockPurpose;
use chenqing::domain::time::Moment;
use chenqing::error::Error;
use chenqing::store::calendar_moves::{self, CalendarMove};
use chenqing::store::{clocks, events, pauses};
use jiff::civil::date;

use super::browser::{Browser, see};
use super::calendar::{last_day, measure, shut, stored, typhoon};
use super::desk::{in_progress, open, petition, received, sign_in};
use super::site::Site;
use crate::support::on_both;

/// The moves of a case's reply clock.
fn moves(site: &Site, number: &str) -> Vec<CalendarMove> {
    let clock = stored(site, number);
    site.read(|db| calendar_moves::of_clock(db, clock.id))
}

fn states(site: &Site, number: &str) -> Vec<MoveState> {
    moves(site, number).iter().map(|m| m.state).collect()
}

fn due_on(site: &Site, number: &str) -> String {
    let (clock, case) = (stored(site, number), site.case(number));
    assert_eq!(case.due_at, Some(clock.due_at), "case and clock say the same");
    assert_eq!(case.original_due_at, Some(clock.original_due_at));
    last_day(clock.due_at)
}

fn acts(site: &Site, number: &str) -> Vec<String> {
    let case = site.case(number);
    site.read(|db| events::of_case(db, case.id)).into_iter().map(|event| event.act).collect()
}

/// Revokes a closure, as the operator.
fn revoke(site: &Site, id: i64) {
    reopen_offices::reopen(site.office(), site.now(), None, id, None).unwrap();
}

on_both!(a_typhoon_day_moves_what_it_is_counted_in_and_tells_once, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    assert_eq!(due_on(&site, &number), "2026-09-30");
    let version = site.case(&number).version;
    // Not where the case is.
    shut(&site, "hualien", "2026-09-21");
    assert_eq!(measure(&site).later, 0);
    assert_eq!(due_on(&site, &number), "2026-09-30");

    shut(&site, "", "2026-09-22");
    assert_eq!(due_on(&site, &number), "2026-09-30", "stored results wait for the job");
    let done = measure(&site);
    assert!(done.later >= 1 && done.waiting == 0, "{done:?}");
    assert_eq!(due_on(&site, &number), "2026-10-01");
    assert_eq!(stored(&site, &number).original_due_at, stored(&site, &number).due_at);
    assert_eq!(site.case(&number).version, version, "a colleague's open form stays valid");
    assert_eq!(states(&site, &number), [MoveState::Done]);
    assert!(acts(&site, &number).contains(&"calendar_moved".to_owned()));
    let letters = site.letters("due_moved");
    assert_eq!(letters.len(), 1);
    let Letter::DueMoved { old_due, new_due, closed, .. } = letters[0].letter().unwrap() else {
        panic!("another letter")
    };
    assert_eq!((old_due, new_due), (date(2026, 9, 30), date(2026, 10, 1)));
    assert_eq!(closed, [ClosedDay { on: date(2026, 9, 22), reason: "颱風停班".into() }]);
    assert_eq!(measure(&site), Recomputed::default(), "nothing is left to be measured");
    let next = stored(&site, &number).next_check_at.unwrap();
    assert_eq!(last_day(Moment(next.0 + 1)), "2026-09-29", "the warning moved along");
});

on_both!(an_earlier_day_waits_and_is_kept_for_good, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let id = shut(&site, "taipei", "2026-09-22");
    measure(&site);
    revoke(&site, id);
    assert!(measure(&site).waiting >= 1);
    assert_eq!(due_on(&site, &number), "2026-10-01", "what was promised stands");
    assert_eq!(states(&site, &number), [MoveState::Done, MoveState::Waiting]);
    assert_eq!(site.letters("due_moved").len(), 1);

    let waiting = moves(&site, &number).pop().unwrap();
    let (office, now, control) = (site.office(), site.now(), site.person("d.control"));
    for username in ["d.registrar", "d.handler", "d.supervisor", "d.admin", "d.auditor"] {
        let tried = decide(office, now, &site.person(username), waiting.id, waiting.new_due_at, true);
        assert_eq!(tried, Err(Error::refused("refused-role")), "{username}");
    }
    let unseen = decide(office, now, &control, waiting.id, waiting.new_due_at.plus_seconds(1), true);
    assert_eq!(unseen, Err(Error::Conflict), "another day than the one that was shown");
    decide(office, now, &control, waiting.id, waiting.new_due_at, false).unwrap();
    assert_eq!(due_on(&site, &number), "2026-10-01");
    assert!(acts(&site, &number).contains(&"calendar_kept".to_owned()));
    let again = decide(office, now, &control, waiting.id, waiting.new_due_at, true);
    assert_eq!(again, Err(Error::Conflict), "it was decided");

    // The calendar changes again, elsewhere: nobody is asked the same twice.
    shut(&site, "", "2027-03-03");
    measure(&site);
    assert_eq!(states(&site, &number), [MoveState::Done, MoveState::Kept]);
});

on_both!(an_earlier_day_that_is_accepted_is_not_told_and_a_later_one_not_twice, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let id = shut(&site, "", "2026-09-22");
    measure(&site);
    revoke(&site, id);
    measure(&site);
    let waiting = moves(&site, &number).pop().unwrap();
    decide(site.office(), site.now(), &site.person("d.control"), waiting.id, waiting.new_due_at, true).unwrap();
    assert_eq!(due_on(&site, &number), "2026-09-30");
    assert_eq!(site.letters("due_moved").len(), 1, "nobody is told of less time");
    shut(&site, "", "2026-09-22");
    measure(&site);
    assert_eq!(due_on(&site, &number), "2026-10-01");
    assert_eq!(site.letters("due_moved").len(), 1, "once for a day");
    shut(&site, "", "2026-09-23");
    measure(&site);
    assert_eq!((due_on(&site, &number).as_str(), site.letters("due_moved").len()), ("2026-10-02", 2));
});

on_both!(an_act_in_between_neither_takes_the_promised_day_nor_hides_the_move, async |db| {
    let site = open(db);
    let registrar = sign_in(&site, "d.registrar").await;
    let numbers = [received(&site, petition()), received(&site, petition())];
    for number in &numbers {
        in_progress(&site, number, &registrar).await;
    }
    let [waits, longer] = &numbers;
    let id = shut(&site, "taipei", "2026-09-22");
    measure(&site);
    let version = stored(&site, waits).calendar_version;
    revoke(&site, id);
    let (office, handler, supervisor) = (site.office(), site.person("d.handler"), site.person("d.supervisor"));

    // The job has not been here yet, and colleagues go on with the cases: what measures the clock again keeps the day.
    let case = site.case(waits);
    let v = wait::wait(office, site.now(), &handler, case.id, case.version, "other_agency", "函詢").unwrap();
    let pause = site.read(|db| pauses::of_case(db, case.id)).remove(0);
    end_wait::end_wait(office, site.now(), &handler, case.id, v, pause.id).unwrap();
    assert_eq!(due_on(&site, waits), "2026-10-01");
    assert_eq!(stored(&site, waits).calendar_version, version, "it is not measured by the calendar in force");
    assert_eq!(states(&site, waits), [MoveState::Done]);

    // More time runs from the promised day to exactly the day that was granted.
    let case = site.case(longer);
    extend::extend(office, site.now(), &supervisor, case.id, case.version, date(2026, 10, 7), "會勘").unwrap();
    assert_eq!(last_day(stored(&site, longer).due_at), "2026-10-07");
    assert_eq!(last_day(stored(&site, longer).original_due_at), "2026-10-01", "each moment stands by itself");
    let clock = stored(&site, longer);
    // Four days after 1 October, but five after the day that the calendar has now.
    assert_eq!(site.read(|db| clocks::extensions(db, clock.id))[0].working_days, 5);

    // Nothing is hidden by it: the job finds both and asks a control officer.
    assert!(measure(&site).waiting >= 1);
    assert_eq!(states(&site, waits), [MoveState::Done, MoveState::Waiting]);
    assert_eq!(due_on(&site, waits), "2026-10-01");
    assert_eq!(last_day(stored(&site, longer).due_at), "2026-10-07");

    // Another class is another limit: there the day moves, earlier too, and nobody has to decide.
    let fields = [("kind", "suggestion"), ("category", "port_security"), ("speed_class", "urgent")];
    registrar.must(&site, waits, "register", &fields).await;
    assert!(due_on(&site, waits).as_str() < "2026-09-30", "{}", due_on(&site, waits));
});

on_both!(what_waits_drops_out_when_the_case_ends_or_the_day_comes_back, async |db| {
    let site = open(db);
    let (ends, stays) = (received(&site, petition()), received(&site, petition()));
    let id = shut(&site, "", "2026-09-22");
    measure(&site);
    revoke(&site, id);
    measure(&site);
    let waiting = moves(&site, &ends).pop().unwrap();
    let case = site.case(&ends);
    withdraw::by_staff(site.office(), site.now(), &site.person("d.registrar"), case.id, case.version, "來電撤回")
        .unwrap();
    let finished = stored(&site, &ends);
    let late = decide(site.office(), site.now(), &site.person("d.control"), waiting.id, waiting.new_due_at, true);
    assert_eq!(late, Err(Error::refused("refused-move-finished")));
    shut(&site, "", "2026-09-22");
    measure(&site);
    assert_eq!(states(&site, &ends), [MoveState::Done, MoveState::Dropped]);
    assert_eq!(states(&site, &stays), [MoveState::Done, MoveState::Dropped], "the day is what it was");
    let after = stored(&site, &ends);
    assert_eq!((after.due_at, after.calendar_version), (finished.due_at, finished.calendar_version), "never again");
});

on_both!(the_job_goes_on_where_it_was_stopped, async |db| {
    let site = open(db);
    let numbers: Vec<String> = (0..4).map(|_| received(&site, petition())).collect();
    shut(&site, "", "2026-09-22");
    // Each write has time for one clock only, and each is done by another process, which dies after it.
    let mut sum = Recomputed::default();
    loop {
        let office = Office::new(
            db.store(),
            site.office().keys.clone(),
            (*site.office().rules).clone(),
            site.office().zone.clone(),
        );
        let done = batch(&office, site.now(), || Box::new(|| true)).unwrap();
        assert!(done.measured <= 1);
        sum.measured += done.measured;
        sum.later += done.later;
        if done.measured == 0 {
            break;
        }
    }
    assert_eq!(sum.measured as i64, site.count("clocks"));
    assert_eq!(site.letters("due_moved").len(), numbers.len());
    for number in &numbers {
        assert_eq!(due_on(&site, number), "2026-10-01");
        assert_eq!(
            acts(&site, number).iter().filter(|act| *act == "calendar_moved").count(),
            replies_and_more(&site, number)
        );
    }
});

/// How many clocks of a case were moved on.
fn replies_and_more(site: &Site, number: &str) -> usize {
    let id = site.case(number).id;
    let query = format!("SELECT count(*) AS n FROM calendar_moves WHERE case_id = {id} AND state = 'done'");
    site.read(|db| Ok(crate::support::rows::number(db, &query))) as usize
}

on_both!(a_preview_counts_what_the_job_then_moves, async |db| {
    let site = open(db);
    let numbers: Vec<String> = (0..3).map(|_| received(&site, petition())).collect();
    let closure = typhoon("", "2026-09-22");
    let seen = preview(site.office(), site.now(), &Change::Close(closure)).unwrap();
    let replies: Vec<_> = seen.moves.iter().filter(|m| m.purpose == ClockPurpose::Reply).collect();
    assert_eq!(replies.len(), numbers.len());
    assert!(replies.iter().all(|m| (m.old_on, m.new_on, m.earlier) == (date(2026, 9, 30), date(2026, 10, 1), false)));
    let id = shut(&site, "", "2026-09-22");
    // Before the job has come to them: a preview of the revocation already starts from the days that pages show.
    let back = preview(site.office(), site.now(), &Change::Reopen(id)).unwrap();
    assert_eq!((back.earlier, back.later), (seen.later, 0));
    assert_eq!(measure(&site).later, seen.later);
    revoke(&site, id);
    assert_eq!(measure(&site).waiting, back.earlier);
});

on_both!(pages_show_the_day_before_the_job_has_come, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let code = site.query_code();
    let control = sign_in(&site, "d.control").await;
    let id = shut(&site, "", "2026-09-22");
    control.case(&number).await.has("115/10/01").has_not("115/09/30");
    control.get("/desk?queue=all").await.has("115/10/01").has_not("115/09/30");
    let citizen = Browser::at(&site.base);
    site.look_up(&citizen, &number, &code).await;
    citizen.get("/status/case").await.has("115 年 10 月 1 日");
    let asked =
        citizen.request(reqwest::Method::GET, &format!("/api/v1/petitions/{number}")).header("Chenqing-Code", &code);
    assert_eq!(see(asked).await.json()["due_on"], "2026-10-01");

    measure(&site);
    revoke(&site, id);
    control.case(&number).await.has("115/10/01");
    measure(&site);
    let page = control.get("/desk/moves").await;
    page.is(200).has(&number).has("115/09/30");
    control.case(&number).await.has("115/09/30").has("等研考人員決定");
    control.post("/desk/moves/keep", &[]).await.is(422).has("請至少勾選一個期限");
    let row = moves(&site, &number).pop().unwrap();
    let stale = control.post("/desk/moves/accept", &[("move", &format!("1.{}", row.id))]).await;
    stale.is(409).has("剛剛有變動");
    // The reply's clock and the overall one, together.
    let keys = page.values("move");
    let chosen: Vec<(&str, &str)> = keys.iter().map(|key| ("move", key.as_str())).collect();
    assert!(keys.contains(&format!("{}.{}", row.new_due_at.0, row.id)));
    let done = control.post("/desk/moves/accept", &chosen).await;
    assert_eq!(done.is(303).location, "/desk/moves");
    control.get("/desk/moves").await.has("改到較早的日期").has("沒有等待決定的期限");
    assert_eq!(due_on(&site, &number), "2026-09-30");
    control.case(&number).await.has("期限因日曆更動").has("115/10/01改為115/09/30");
});

on_both!(a_date_is_told_by_the_calendar_that_gave_it, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    let (registrar, control) = (sign_in(&site, "d.registrar").await, sign_in(&site, "d.control").await);
    in_progress(&site, &number, &registrar).await;
    let sheet = format!("/desk/cases/{number}/clocks.json");
    let of = |told: &serde_json::Value, purpose: &str| {
        told["clocks"].as_array().unwrap().iter().find(|clock| clock["purpose"] == purpose).unwrap().clone()
    };
    let reason = |clock: &serde_json::Value, date: &str| {
        clock["days"].as_array().unwrap().iter().find(|day| day["date"] == date).unwrap()["reason"].clone()
    };
    // Registered on Friday, for which Monday was the last day. That Monday was shut in the end.
    let id = shut(&site, "", "2026-09-21");
    measure(&site);
    let told = control.get(&sheet).await.is(200).json();
    let (registration, reply) = (of(&told, "registration"), of(&told, "reply"));
    assert_eq!((&registration["due_on"], &registration["explained"]), (&"2026-09-21".into(), &true.into()));
    assert!(registration["calendar_since"].is_string());
    assert_eq!(reason(&registration, "2026-09-21"), "counted");
    assert_eq!((&reply["due_on"], &reply["calendar_since"]), (&"2026-10-01".into(), &serde_json::Value::Null));
    assert_eq!(reason(&reply, "2026-09-21"), "closure");
    // Revoked: the later day stands until it is decided on, and says why it is what it is.
    revoke(&site, id);
    measure(&site);
    let reply = of(&control.get(&sheet).await.json(), "reply");
    assert_eq!((&reply["due_on"], &reply["explained"]), (&"2026-10-01".into(), &true.into()));
    assert!(reply["calendar_since"].is_string());
    assert_eq!(reason(&reply, "2026-09-21"), "closure");
    control.case(&number).await.is(200).has("起適用的日曆逐日說明").has("等研考人員決定");
});
