//! The same figures counted the long way: every history is looked at for every row, by moments alone, with lists that are
//! sorted and added up.

use std::collections::BTreeMap;

use chenqing::domain::case::{Channel, CloseCode, Kind};
use chenqing::domain::figures::{Figures, Row, Tables, YearFigures};
use chenqing::domain::time::Moment;
use jiff::civil::date;

use super::history::{Fact, History, Round};
use super::{CATEGORIES, UNITS, taipei};

/// A period: what happened at `from` belongs to it, what happened at `to` does not; what is open is judged at `judged`.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    from: Moment,
    to: Moment,
    judged: Moment,
}

fn start_of(year: i16, month: i8) -> Moment {
    let (year, month) = if month > 12 { (year + 1, month - 12) } else { (year, month) };
    Moment::from_jiff(date(year, month, 1).to_zoned(taipei()).unwrap().timestamp())
}

fn span(from: Moment, to: Moment, now: Moment) -> Span {
    if now < to { Span { from, to: Moment(now.0 + 1), judged: now } } else { Span { from, to, judged: to } }
}

/// What a history is counted under: the last change before the end of the year.
fn fact_at(history: &History, to: Moment) -> Option<&Fact> {
    history.facts.iter().rev().find(|(from, _)| *from < to).map(|(_, fact)| fact)
}

/// Compares a report with the histories it was counted from.
pub fn check(report: &YearFigures, histories: &[History], year: i16, now: Moment) {
    let whole = span(start_of(year, 1), start_of(year + 1, 1), now);
    let place = |history: &History| fact_at(history, whole.to).cloned();
    same("total", &report.total, whole, histories, |_| true);
    for (month, row) in (1..).zip(&report.tables.month) {
        assert_eq!(row.code, format!("{year}-{month:02}"));
        same(&row.code, &row.figures, span(start_of(year, month), start_of(year, month + 1), now), histories, |_| true);
    }
    let months = (1..=12).filter(|month| start_of(year, *month) < whole.to).count();
    assert_eq!(report.tables.month.len(), months);
    for row in &report.tables.channel {
        let channel = Channel::parse(&row.code).unwrap();
        same(&row.code, &row.figures, whole, histories, |h| h.channel == channel);
    }
    for row in &report.tables.kind {
        let kind = Kind::parse(&row.code).unwrap();
        same(&row.code, &row.figures, whole, histories, |h| place(h).is_some_and(|f| f.kind == kind));
    }
    for row in &report.tables.category {
        let category = (row.code != "unclassified").then_some(row.code.as_str());
        same(&row.code, &row.figures, whole, histories, |h| place(h).is_some_and(|f| f.category == category));
        assert_eq!(row.names.is_some(), category.is_some());
    }
    for row in &report.tables.unit {
        let below: Vec<usize> = (0..UNITS.len()).filter(|at| division(*at) == row.code).collect();
        assert_eq!(below.is_empty(), row.code == "unassigned", "{}", row.code);
        same(&row.code, &row.figures, whole, histories, |h| {
            place(h).is_some_and(|f| f.unit.map_or(below.is_empty(), |unit| below.contains(&unit)))
        });
    }
    whole_tables(report);
    in_order(&report.tables);
}

/// The division of a unit, by hand.
fn division(unit: usize) -> &'static str {
    ["headquarters", "north", "south", "north", "north"][unit]
}

/// Every table adds up to the total: no case is left out, none stands in two rows.
fn whole_tables(report: &YearFigures) {
    for (name, rows) in report.tables.each() {
        for row in rows {
            let f = &row.figures;
            assert_eq!(f.open_at_start + f.received, f.closed + f.open_at_end, "{name:?} {}", row.code);
            assert_eq!(f.closed, f.closed_on_time + f.closed_late);
            assert_eq!(f.open_at_end, f.pending_within + f.pending_over);
            let ended = f.replied + f.transferred + f.withdrawn + f.no_action.values().sum::<u64>();
            assert_eq!(f.closed, ended, "{name:?} {}", row.code);
            let days = &f.days;
            assert_eq!(f.closed, days.up_to_3 + days.up_to_6 + days.up_to_15 + days.up_to_30 + days.over_30);
        }
        let sum = |of: fn(&Figures) -> u64| rows.iter().map(|row| of(&row.figures)).sum::<u64>();
        let of: [fn(&Figures) -> u64; 4] = [|f| f.received, |f| f.closed, |f| f.closed_on_time, |f| f.ratings.number];
        for f in of {
            assert_eq!(sum(f), f(&report.total), "{name:?}");
        }
        if name.code() != "month" {
            assert_eq!(sum(|f| f.open_at_start), report.total.open_at_start);
            assert_eq!(sum(|f| f.open_at_end), report.total.open_at_end);
        }
    }
    for pair in report.tables.month.windows(2) {
        assert_eq!(pair[0].figures.open_at_end, pair[1].figures.open_at_start, "{}", pair[1].code);
    }
    let months = &report.tables.month;
    assert_eq!(months[0].figures.open_at_start, report.total.open_at_start);
    assert_eq!(months[months.len() - 1].figures.open_at_end, report.total.open_at_end);
}

/// Rows stand in the agency's order, what has no place last.
fn in_order(tables: &Tables) {
    let order = |rows: &[Row], list: &[&str]| {
        let places: Vec<usize> = rows.iter().map(|r| list.iter().position(|code| *code == r.code).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
    };
    order(&tables.category, &[CATEGORIES[0], CATEGORIES[1], "retired", "unclassified"]);
    order(&tables.unit, &["headquarters", "north", "south", "unassigned"]);
}

fn same(what: &str, counted: &Figures, span: Span, histories: &[History], fits: impl Fn(&History) -> bool) {
    let mine: Vec<&History> = histories.iter().filter(|h| fits(h)).collect();
    let rounds = || mine.iter().flat_map(|h| h.rounds.iter().enumerate());
    let number = |f: &dyn Fn(usize, &Round) -> bool| rounds().filter(|(n, r)| f(*n, r)).count() as u64;
    let inside = |moment: Moment| span.from <= moment && moment < span.to;
    let finished = |r: &Round| r.finish.map(|(at, ..)| at).filter(|at| inside(*at));
    let open_at = |r: &Round, moment: Moment| r.opened_at < moment && r.finish.is_none_or(|(at, ..)| at >= moment);
    let ended = |code: CloseCode| number(&|_, r| finished(r).is_some() && r.finish.is_some_and(|f| f.1 == code));

    assert_eq!(counted.open_at_start, number(&|_, r| open_at(r, span.from)), "{what}: open at start");
    assert_eq!(counted.received_new, number(&|n, r| n == 0 && inside(r.opened_at)), "{what}: new");
    assert_eq!(counted.reopened, number(&|n, r| n > 0 && inside(r.opened_at)), "{what}: reopened");
    assert_eq!(counted.received, counted.received_new + counted.reopened);
    assert_eq!(counted.closed, number(&|_, r| finished(r).is_some()), "{what}: closed");
    assert_eq!(counted.open_at_end, number(&|_, r| open_at(r, span.to)), "{what}: open at end");
    let on_time = number(&|_, r| finished(r).is_some_and(|at| at <= r.original_due_at));
    assert_eq!(counted.closed_on_time, on_time, "{what}: on time");
    let extended = number(&|_, r| finished(r).is_some_and(|at| at <= r.due_at));
    assert_eq!(counted.closed_on_time_extended, extended, "{what}: on time with extensions");
    let within = number(&|_, r| open_at(r, span.to) && span.judged <= r.original_due_at);
    assert_eq!(counted.pending_within, within, "{what}: pending within");
    let within = number(&|_, r| open_at(r, span.to) && span.judged <= r.due_at);
    assert_eq!(counted.pending_within_extended, within, "{what}: pending within extensions");
    assert_eq!(
        counted.extended,
        number(&|_, r| finished(r).is_some() && r.due_at > r.original_due_at),
        "{what}: extended"
    );
    assert_eq!(counted.transferred, ended(CloseCode::Transferred), "{what}: transferred");
    assert_eq!(counted.withdrawn, ended(CloseCode::Withdrawn), "{what}: withdrawn");
    assert_eq!(counted.replied, CloseCode::REPLIED.iter().map(|code| ended(*code)).sum::<u64>(), "{what}: replied");
    let grounds: BTreeMap<CloseCode, u64> = CloseCode::NO_ACTION.iter().map(|code| (*code, ended(*code))).collect();
    assert_eq!(counted.no_action, grounds, "{what}: no action");

    let mut days: Vec<f64> =
        rounds().filter(|(_, r)| finished(r).is_some()).map(|(_, r)| r.finish.unwrap().2 as f64 / 2.0).collect();
    days.sort_by(f64::total_cmp);
    let middle = days.len() / 2;
    let median = (!days.is_empty())
        .then(|| if days.len() % 2 == 1 { days[middle] } else { (days[middle - 1] + days[middle]) / 2.0 });
    assert_eq!(counted.median_days, median, "{what}: median");
    near(what, counted.mean_days, days.iter().sum::<f64>(), days.len());
    let band = |from: f64, to: f64| days.iter().filter(|d| from < **d && **d <= to).count() as u64;
    let bands = &counted.days;
    let counted_bands = [bands.up_to_3, bands.up_to_6, bands.up_to_15, bands.up_to_30, bands.over_30];
    let naive_bands = [band(0.0, 3.0), band(3.0, 6.0), band(6.0, 15.0), band(15.0, 30.0), band(30.0, f64::MAX)];
    assert_eq!(counted_bands, naive_bands, "{what}: bands");
    near(what, counted.on_time_rate, on_time as f64, days.len());

    let ratings: Vec<[i32; 5]> =
        rounds().filter_map(|(_, r)| r.rating.filter(|(at, _)| inside(*at)).map(|(_, levels)| levels)).collect();
    assert_eq!(counted.ratings.number, ratings.len() as u64, "{what}: ratings");
    near(what, counted.ratings.response_rate, ratings.len() as f64, counted.replied as usize);
    for (at, answers) in counted.ratings.questions.values().enumerate() {
        let levels: Vec<i32> = ratings.iter().map(|r| r[at]).collect();
        near(what, answers.mean, f64::from(levels.iter().sum::<i32>()), levels.len());
        let counts: Vec<u64> = (1..=5).map(|level| levels.iter().filter(|l| **l == level).count() as u64).collect();
        assert_eq!(answers.levels.values().copied().collect::<Vec<_>>(), counts, "{what}: levels");
    }
}

fn near(what: &str, value: Option<f64>, sum: f64, number: usize) {
    match value {
        None => assert_eq!(number, 0, "{what}"),
        Some(value) => assert!((value - sum / number as f64).abs() < 1e-9, "{what}: {value} is not {sum} ÷ {number}"),
    }
}
