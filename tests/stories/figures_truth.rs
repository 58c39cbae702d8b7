//! The figures tell the truth: what happens after a period has ended does not change what it says, whatever way a case goes.

use chenqing::acts::enter::{Entry, enter};
use chenqing::acts::extend::extend;
use chenqing::acts::{assign, transfer};
use chenqing::domain::case::Channel;
use chenqing::domain::figures::{Figures, PeriodFigures, PeriodName, TableName};
use chenqing::domain::submission::Petition;
use chenqing::domain::time::{DAY, Moment};
use chenqing::reports::{year, year_end};
use jiff::civil::Date;

use super::browser::{Browser, key};
use super::desk::{open, petition, rate_overall, received, sign_in};
use super::site::Site;
use crate::support::on_both;
use crate::support::rows::number;

/// Moves the clock to a local moment.
fn at(site: &Site, local: &str) -> Moment {
    let then = Moment::from_jiff(format!("{local}+08:00").parse().unwrap());
    site.app.clock.set(then);
    then
}

/// A period counted now, whatever was locked.
fn report(site: &Site, period: &str) -> PeriodFigures {
    let (name, now, zone) = (PeriodName::parse(period).unwrap(), site.now(), site.office().zone.clone());
    site.read(|db| {
        let reference = site.office().reference(db)?;
        year::report(db, &reference, &zone, name, now, &mut |_| ())
    })
}

/// Open at the start, received, closed, open at the end.
fn columns(f: &Figures) -> [u64; 4] {
    [f.open_at_start, f.received, f.closed, f.open_at_end]
}

fn row(report: &PeriodFigures, table: TableName, code: &str) -> Figures {
    let row = report.tables.get(table).iter().find(|row| row.code == code);
    row.map(|row| row.figures.clone()).unwrap_or_default()
}

fn give(site: &Site, number: &str, unit: &str) {
    let (case, registrar) = (site.case(number), site.person("registrar"));
    let unit = site.read(|db| Ok(site.office().reference(db)?.units.by_code(unit).unwrap().id));
    assign::assign(site.office(), site.now(), &registrar, case.id, case.version, unit, None).unwrap();
}

fn moves(site: &Site, number_of: &str) -> i64 {
    let (office, id) = (site.office(), site.case(number_of).id);
    office
        .store
        .read(|db| Ok(number(db, &format!("SELECT CAST(moves AS BIGINT) AS n FROM case_rounds WHERE case_id = {id}"))))
        .unwrap()
}

on_both!(what_is_entered_late_counts_when_it_is_entered, async |db| {
    let site = open(db);
    let now = at(&site, "2027-01-04T10:00:00");
    assert_eq!(columns(&report(&site, "2026").total), [0, 0, 0, 0]);
    let entry = Entry {
        petition: Petition { channel: Channel::Phone, phone: "02-0000-5678".into(), ..petition() },
        received_at: Moment::from_jiff("2026-12-28T10:00:00+08:00".parse().unwrap()),
        incoming_ref: None,
        referring_agency: None,
        respondent_unit_id: None,
    };
    let receipt = enter(site.office(), now, &site.person("registrar"), entry, &[], &key()).unwrap();
    let case = site.case(&receipt.number);
    // The number is of the year in which it was registered; the limit runs from the receipt: six working days.
    assert!(receipt.number.starts_with("116"), "{}", receipt.number);
    assert_eq!(receipt.due_at.unwrap().date_in(&site.office().zone).to_string(), "2027-01-07");
    for (period, expected) in [("2026", [0, 0, 0, 0]), ("2026-12", [0, 0, 0, 0]), ("2027-01", [0, 1, 0, 1])] {
        assert_eq!(columns(&report(&site, period).total), expected, "{period}");
    }
    // As of a moment before anybody knew of it there is nothing either.
    let before = site.read(|db| {
        let office = site.office();
        let reference = office.reference(db)?;
        year::count(db, &reference, &office.zone, 2027, now.plus_seconds(-3_600))
    });
    assert_eq!(columns(&before.total), [0, 0, 0, 0]);
    // Days used are counted from the receipt: 29, 30, 31 December and 4 January.
    transfer::transfer(
        site.office(),
        now,
        &site.person("registrar"),
        case.id,
        case.version,
        "示範市政府",
        "權責所在。",
    )
    .unwrap();
    let year = report(&site, "2027");
    assert_eq!((columns(&year.total), year.total.mean_days), ([0, 1, 1, 0], Some(4.0)));
    assert_eq!(columns(&report(&site, "2026").total), [0, 0, 0, 0]);
});

on_both!(a_period_that_ended_says_the_same_whatever_comes_later, async |db| {
    let site = open(db);
    at(&site, "2026-12-30T10:00:00");
    let number = received(&site, petition());
    site.assign(&number);
    at(&site, "2027-01-04T10:00:00");
    let first = report(&site, "2026");
    assert_eq!(columns(&first.total), [0, 1, 0, 1]);
    assert_eq!((first.total.pending_within, row(&first, TableName::Unit, "logistics").open_at_end), (1, 1));

    // Extended, given to another branch and classified anew in January; then closed.
    let (case, supervisor) = (site.case(&number), site.person("supervisor"));
    let until: Date = "2027-01-13".parse().unwrap();
    extend(site.office(), site.now(), &supervisor, case.id, case.version, until, "等候材料").unwrap();
    site.wait(3_600);
    give(&site, &number, "north");
    let february = at(&site, "2027-02-15T10:00:00");
    for open in [true, false] {
        for period in ["2026", "2026Q4", "2026-12"] {
            let again = report(&site, period);
            assert_eq!(again.total, first.total, "{period} {open}");
            for (table, code) in [
                (TableName::Extension, "not_extended"),
                (TableName::Reassignment, "0"),
                (TableName::Unit, "logistics"),
                (TableName::SpeedClass, "normal"),
            ] {
                assert_eq!(row(&again, table, code).open_at_end, 1, "{period} {table:?} {open}");
            }
        }
        // What is added up by the database says so too.
        let series = report(&site, "2027").series;
        assert_eq!((series[0].period.as_str(), series[0].open_at_end, series[0].pending_overdue), ("2026", 1, 0));
        if open {
            let case = site.case(&number);
            transfer::transfer(
                site.office(),
                february,
                &site.person("registrar"),
                case.id,
                case.version,
                "示範市政府",
                "權責所在。",
            )
            .unwrap();
        }
    }
    // What happened in January stands in January.
    let year = report(&site, "2027");
    assert_eq!(columns(&year.total), [1, 0, 1, 0]);
    assert_eq!((year.total.extended, year.total.reassigned, year.total.closed_late), (1, 1, 1));
});

on_both!(down_the_tree_is_distribution_and_beside_or_up_is_reassignment, async |db| {
    let site = open(db);
    let number = received(&site, petition());
    site.assign(&number);
    let begun = moves(&site, &number);
    assert_eq!(begun, 0);
    // (to, how often reassigned then): from logistics to its ships section, beside it, up to the head, down again.
    for (to, expected) in
        [("logistics_ships", 0), ("north", 1), ("headquarters", 2), ("logistics", 2), ("logistics", 2)]
    {
        site.wait(60);
        give(&site, &number, to);
        assert_eq!(moves(&site, &number), expected, "to {to}");
    }
});

on_both!(the_changes_of_a_locked_year_are_for_those_who_read_figures, async |db| {
    let site = open(db);
    received(&site, petition());
    let now = at(&site, "2027-01-05T10:00:00");
    year_end::sweep(site.office(), "01-05", now).unwrap();
    let page = "/management/2026/changes";
    let nobody = Browser::at(&site.base).get(page).await;
    assert!(nobody.status == 303 && nobody.location.starts_with("/desk/login"), "{}", nobody.status);
    for (who, status) in [
        ("d.manager", 200),
        ("d.control", 200),
        ("d.auditor", 200),
        ("d.registrar", 403),
        ("d.handler", 403),
        ("d.supervisor", 403),
        ("d.admin", 403),
    ] {
        sign_in(&site, who).await.get(page).await.is(status);
    }
    let manager = sign_in(&site, "d.manager").await;
    manager.get(page).await.is(200).has("115年定稿以後的異動").has("與定稿完全相同");
    // A year that was not locked has none.
    manager.get("/management/2027/changes").await.is(404);
    manager.get("/management/none/changes").await.is(404);
    let checksum = site.read(|db| year::locked(db, 2026)).unwrap().locked_sha256.unwrap();
    manager.get("/management/2026").await.is(200).has(page).has(&checksum).has_not("核對碼不符");
    manager.get("/management/2027").await.is(200).has_not("/changes");
});

on_both!(ratings_are_compared_with_those_who_were_asked, async |db| {
    let site = open(db);
    at(&site, "2026-12-30T10:00:00");
    let (first, second) = (received(&site, petition()), received(&site, petition()));
    for number in [&first, &second] {
        site.assign(number);
        site.answer(number, "路燈已於昨日修復完成，並每週巡查一次。", Vec::new());
    }
    rate_overall(&site, &site.case(&first), 5);
    let rate = |f: &Figures| (f.ratings.asked, f.ratings.answered, f.ratings.missing, f.ratings.response_rate);
    assert_eq!(rate(&report(&site, "2026").total), (2, 1, 1, Some(0.5)));
    // Rated in January, of a reply of December: no answer to anything that January asked.
    site.wait(4 * DAY);
    rate_overall(&site, &site.case(&second), 1);
    let (old, new) = (report(&site, "2026"), report(&site, "2027"));
    assert_eq!(rate(&old.total), (2, 1, 1, Some(0.5)));
    assert_eq!((rate(&new.total), new.total.ratings.number), ((0, 0, 0, None), 1));
    assert_eq!(rate(&row(&old, TableName::CloseCode, "answered")), (2, 1, 1, Some(0.5)));
    assert_eq!(new.series[0].response_rate, Some(0.5));
});
