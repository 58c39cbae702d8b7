//! What tests of the calendar share: a site at work, closures, official tables, the recomputing job; and the import itself.

use chenqing::acts::calendar_change::{Change, preview};
use chenqing::acts::close_offices::close;
use chenqing::acts::import_calendar::{Imported, import};
use chenqing::acts::install::install;
use chenqing::acts::recompute::{Recomputed, recompute};
use chenqing::acts::{calendar_missing, reopen_offices};
use chenqing::domain::calendar::{DayKind, ExceptionalDay};
use chenqing::domain::calendar_file::CalendarFile;
use chenqing::domain::closure::{Closure, WHOLE_DAY};
use chenqing::domain::letter::Letter;
use chenqing::domain::time::{DAY, Moment};
use chenqing::error::Error;
use chenqing::store::clocks::{self, Clock};
use chenqing::store::{calendars, closures};
use jiff::civil::Date;

use super::desk::{open, petition, received};
use super::site::{Site, agency};
use crate::support::on_both;
use crate::support::rows::{number, words};

/// A closure for a whole day.
pub fn typhoon(region: &str, day: &str) -> Closure {
    Closure {
        region: region.into(),
        date: day.parse().unwrap(),
        from_minute: 0,
        to_minute: WHOLE_DAY,
        reason: "颱風停班".into(),
    }
}

/// Shuts offices, as the operator.
pub fn shut(site: &Site, region: &str, day: &str) -> i64 {
    close(site.office(), site.now(), None, &typhoon(region, day), None).unwrap()
}

/// Runs the job to its end.
pub fn measure(site: &Site) -> Recomputed {
    recompute(site.office(), site.now(), || Box::new(|| false)).unwrap()
}

/// The reply clock of a case as it is stored.
pub fn stored(site: &Site, number: &str) -> Clock {
    let case = site.case(number);
    site.read(|db| clocks::reply_clock(db, case.id, case.round))
}

/// The last day in Taipei of a due moment.
pub fn last_day(due: Moment) -> String {
    Moment(due.0 - 1).date_in(&jiff::tz::TimeZone::get("Asia/Taipei").unwrap()).to_string()
}

/// The days of a year in force, with others added.
pub fn reissued(site: &Site, year: i16, off: &[&str]) -> CalendarFile {
    let data = site.read(|db| calendars::data(db, &site.office().zone));
    let mut days: Vec<ExceptionalDay> = data.days.into_iter().filter(|day| day.date.year() == year).collect();
    let day =
        |day: &&str| ExceptionalDay { date: day.parse().unwrap(), kind: DayKind::DayOff, note: "新增假日".into() };
    days.extend(off.iter().map(day));
    days.sort_by_key(|day| day.date);
    CalendarFile { years: vec![year], days }
}

/// A version in words: what was put in force, newest last.
fn versions(site: &Site) -> Vec<String> {
    site.read(|db| Ok(words(db, "SELECT note AS t FROM calendar_versions ORDER BY id")))
}

on_both!(an_import_replaces_its_year_and_nothing_else, async |db| {
    let site = open(db);
    let before = site.read(|db| calendars::data(db, &site.office().zone));
    let same = reissued(&site, 2026, &[]);
    assert!(preview(site.office(), site.now(), &Change::Import(same.clone())).unwrap().is_empty());
    assert_eq!(import(site.office(), site.now(), None, &same, None), Ok(Imported::Unchanged));
    assert_eq!(versions(&site).len(), 1, "the same content again changes nothing");

    let other = reissued(&site, 2026, &["2026-09-22"]);
    let seen = preview(site.office(), site.now(), &Change::Import(other.clone())).unwrap();
    let days: Vec<String> = seen.days.iter().map(|day| day.date.to_string()).collect();
    assert_eq!((days, seen.version), (vec!["2026-09-22".to_owned()], before.version));
    assert_eq!(versions(&site).len(), 1, "a look changes nothing");

    let stale = import(site.office(), site.now(), None, &other, Some(before.version - 1));
    assert_eq!(stale, Err(Error::Conflict), "nobody confirms what was compared with another calendar");
    let version = match import(site.office(), site.now(), None, &other, Some(before.version)).unwrap() {
        Imported::Version(version) => version,
        Imported::Unchanged => panic!("a day was added"),
    };
    let after = site.read(|db| calendars::data(db, &site.office().zone));
    assert_eq!((after.version, &after.years), (version, &before.years));
    let others = |days: &[ExceptionalDay]| days.iter().filter(|d| d.date.year() != 2026).cloned().collect::<Vec<_>>();
    assert_eq!(others(&after.days), others(&before.days));
    assert_eq!(after.days.len(), before.days.len() + 1);
    let reference = site.read(|db| site.office().reference(db));
    assert!(!reference.calendar.is_working_day("2026-09-22".parse().unwrap()));
    assert_eq!(site.read(|db| Ok(number(db, "SELECT count(*) AS n FROM calendar_versions WHERE active"))), 1);
});

on_both!(rights_are_the_acts_own, async |db| {
    let site = open(db);
    let file = reissued(&site, 2026, &["2026-09-22"]);
    let refused = Err(Error::refused("refused-role"));
    for username in ["d.registrar", "d.handler", "d.supervisor", "d.control", "d.manager", "d.auditor"] {
        let person = site.person(username);
        let done = import(site.office(), site.now(), Some(&person), &file, None).map(|_| ());
        assert_eq!(done, refused, "{username} imports");
        if username != "d.control" {
            let done = close(site.office(), site.now(), Some(&person), &typhoon("", "2026-09-22"), None).map(|_| ());
            assert_eq!(done, refused, "{username} closes");
            let done = reopen_offices::reopen(site.office(), site.now(), Some(&person), 1, None).map(|_| ());
            assert_eq!(done, refused, "{username} reopens");
        }
    }
    assert_eq!(versions(&site).len(), 1);
    let control = site.person("d.control");
    let id = close(site.office(), site.now(), Some(&control), &typhoon("taipei", "2026-09-22"), None).unwrap();
    let row = site.read(|db| closures::get(db, id));
    assert_eq!((row.entered_by, row.region.as_str()), (Some(control.id), "taipei"));
    reopen_offices::reopen(site.office(), site.now(), Some(&control), id, None).unwrap();
    assert_eq!(site.read(|db| closures::get(db, id)).revoked_by, Some(control.id));
    let again = reopen_offices::reopen(site.office(), site.now(), Some(&control), id, None);
    assert_eq!(again, Err(Error::refused("refused-closure-revoked")));
    assert_eq!(versions(&site).len(), 3);
});

on_both!(a_closure_that_makes_no_sense_is_refused, async |db| {
    let site = open(db);
    let tried = |closure: Closure| close(site.office(), site.now(), None, &closure, None).unwrap_err();
    let field = |error: Error| match error {
        Error::Invalid(list) => list[0].field,
        other => panic!("{other}"),
    };
    assert_eq!(field(tried(typhoon("atlantis", "2026-09-22"))), "region");
    assert_eq!(field(tried(typhoon("", "2062-09-22"))), "date");
    assert_eq!(field(tried(Closure { from_minute: 720, to_minute: 720, ..typhoon("", "2026-09-22") })), "to");
    assert_eq!(field(tried(Closure { reason: " ".into(), ..typhoon("", "2026-09-22") })), "reason");
    assert_eq!(field(tried(Closure { reason: "颱".repeat(101), ..typhoon("", "2026-09-22") })), "reason");
    shut(&site, "", "2026-09-22");
    let inside = Closure { from_minute: 720, ..typhoon("taipei", "2026-09-22") };
    assert_eq!(tried(inside), Error::refused("refused-closed-already"));
    assert_eq!(versions(&site).len(), 2);
});

on_both!(an_import_outlives_the_next_migration, async |db| {
    let site = open(db);
    let (office, now) = (site.office(), site.now());
    import(office, now, None, &reissued(&site, 2026, &["2026-09-22"]), None).unwrap();
    let new = CalendarFile { years: vec![2028], days: vec![] };
    import(office, now, None, &new, None).unwrap();
    install(office, now, &agency()).unwrap();
    let day = |day: &str| site.read(|db| site.office().reference(db)).calendar.is_working_day(day.parse().unwrap());
    let covers = |year| site.read(|db| site.office().reference(db)).calendar.covers(year);
    assert!(!day("2026-09-22") && covers(2028), "the file has not changed: what was imported since stays");
    assert_eq!(versions(&site).len(), 3);

    let mut files = agency();
    files.calendar.days.retain(|day| day.date != "2026-09-25".parse::<Date>().unwrap());
    install(office, now, &files).unwrap();
    assert!(day("2026-09-22") && day("2026-09-25"), "the file itself changed");
    assert!(covers(2028), "a year that the file does not have stays");

    files.agency.saturday_to_monday_noon = true;
    install(office, now, &files).unwrap();
    assert_eq!(versions(&site).last().map(String::as_str), Some("office hours"), "limits end elsewhere");
    install(office, now, &files).unwrap();
    assert_eq!(versions(&site).len(), 5);
});

on_both!(a_year_without_a_table_is_told_every_day, async |db| {
    let site = open(db);
    assert_eq!(calendar_missing::warn(site.office(), site.now()), Ok(0), "2026 and 2027 are there");
    // Tuesday 2027-12-28: six working days reach into 2028.
    site.app.clock.set(Moment::from_jiff("2027-12-28T02:00:00Z".parse().unwrap()));
    assert_eq!(calendar_missing::warn(site.office(), site.now()), Ok(0), "nothing runs into 2028 yet");
    received(&site, petition());
    assert_eq!(calendar_missing::warn(site.office(), site.now()), Ok(1));
    assert_eq!(calendar_missing::warn(site.office(), site.now()), Ok(0), "once a day");
    site.wait(DAY);
    assert_eq!(calendar_missing::warn(site.office(), site.now()), Ok(1), "and the next day again");
    let letters = site.letters("calendar_missing");
    assert_eq!(letters[0].staff_id, Some(site.person("d.admin").id));
    let Letter::CalendarMissing { year, clocks, .. } = letters[0].letter().unwrap() else { panic!("another letter") };
    assert!(year == 2028 && clocks >= 1, "{year} {clocks}");
    import(site.office(), site.now(), None, &CalendarFile { years: vec![2028], days: vec![] }, None).unwrap();
    site.wait(DAY);
    assert_eq!(calendar_missing::warn(site.office(), site.now()), Ok(0), "only while it is so");
});
