//! The numbers of a day against what plain queries find, today and on days that are over.

use chenqing::domain::figures::{Day, DayList};
use chenqing::domain::time::{DAY, Moment};
use chenqing::domain::watch::soon_until;
use chenqing::reports::dashboard;
use jiff::civil::Date;

use super::replay::{NOW, seeded};
use super::{at, taipei};
use crate::support::on_both;
use crate::support::rows::number;

on_both!(a_day_is_what_plain_queries_find, |db| {
    let app = seeded(db);
    let mut connection = db.connection();
    let today = at(NOW).date_in(&taipei());
    for day in
        [today, "2026-11-23".parse().unwrap(), "2026-10-31".parse().unwrap(), "2025-03-01".parse::<Date>().unwrap()]
    {
        let numbers = app
            .office
            .store
            .read(|db| {
                let reference = app.office.reference(db)?;
                let day = Day::of(day, at(NOW), &reference.calendar, 2).unwrap();
                let soon = soon_until(day.as_of(), &reference.calendar, 2);
                Ok((dashboard::of(db, &reference, &app.office.zone, &day)?, day.as_of().0, soon.0))
            })
            .unwrap();
        let (numbers, now, soon) = numbers;
        let start = at(&format!("{day}T00:00:00+08:00")).0;
        let end = start + DAY * 1_000_000;
        let open = format!("counted_at <= {now} AND (finished_at IS NULL OR finished_at > {now})");
        // What was in force then, where it changed since.
        let due = format!(
            "coalesce((SELECT t.due_at FROM round_terms t WHERE t.case_id = case_rounds.case_id \
             AND t.round = case_rounds.round AND t.until_at >= {now} ORDER BY t.until_at LIMIT 1), due_at)"
        );
        let rounds = |which: &str| format!("SELECT count(*) AS n FROM case_rounds WHERE {which}");
        for (list, which) in [
            (DayList::Open, open.clone()),
            (DayList::Overdue, format!("{open} AND {due} <= {now}")),
            (DayList::DueToday, format!("{open} AND {due} > {now} AND {due} <= {end}")),
            (DayList::DueSoon, format!("{open} AND {due} > {end} AND {due} <= {soon}")),
            (DayList::Received, format!("counted_at BETWEEN {start} AND {now}")),
            (DayList::Closed, format!("finished_at BETWEEN {start} AND {now}")),
        ] {
            let found = numbers.day.lists.get(&list).copied().unwrap_or(0);
            assert_eq!(found as i64, number(&mut connection, &rounds(&which)), "{day} {list}");
        }
        let of_list = |list: DayList| numbers.day.lists.get(&list).copied().unwrap_or(0);
        let units =
            |of: fn(&chenqing::domain::figures::DayUnit) -> u64| numbers.day.units.values().map(of).sum::<u64>();
        assert_eq!(numbers.day.ages.values().sum::<u64>(), of_list(DayList::Open), "{day}");
        assert_eq!((units(|u| u.open), units(|u| u.overdue)), (of_list(DayList::Open), of_list(DayList::Overdue)));
        let month = format!("{:04}{:02}", day.year(), day.month());
        let closed = rounds(&format!("finished_month = {month} AND finished_at <= {now}"));
        assert_eq!(numbers.day.month.closed as i64, number(&mut connection, &closed), "{day}");
        let from = now - 90 * DAY * 1_000_000;
        let rated = format!("SELECT count(*) AS n FROM ratings WHERE created_at BETWEEN {from} AND {now}");
        assert_eq!(numbers.quarter.number, number(&mut connection, &rated), "{day}");
        assert!(of_list(DayList::Open) > 0);
    }
    // A day that has not begun cannot be looked at, and no day beyond the calendar.
    let reference = app.office.store.read(|db| app.office.reference(db)).unwrap();
    for (date, begun) in [(today, true), (today.tomorrow().unwrap(), false), (Date::MAX, false)] {
        assert_eq!(Day::of(date, at(NOW), &reference.calendar, 2).is_some(), begun, "{date}");
    }
    assert!(Day::of(today, Moment(i64::MAX), &reference.calendar, 2).is_some());
});
