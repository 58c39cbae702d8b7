//! The same figures counted the long way: every history is looked at for every row, by moments alone, with lists that are
//! sorted and added up.

use std::collections::BTreeMap;

use chenqing::domain::case::{Channel, CloseCode, Kind};
use chenqing::domain::figures::{Figures, PeriodFigures, TableName};
use chenqing::domain::time::Moment;
use jiff::civil::date;

use super::history::{Fact, History, Round, Terms};
use super::{CATEGORIES, GROUP, sums, taipei};

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

/// What a history is counted under: the last change before the end of the period.
pub fn fact_at(history: &History, to: Moment) -> Option<&Fact> {
    history.facts.iter().rev().find(|(from, _)| *from < to).map(|(_, fact)| fact)
}

/// Compares the report of a year with the histories it was counted from.
pub fn check(report: &PeriodFigures, histories: &[History], year: i16, now: Moment) {
    check_months(report, histories, (year, 1), 12, now);
}

/// The same of so many months from one on.
pub fn check_months(report: &PeriodFigures, histories: &[History], first: (i16, i8), months: i8, now: Moment) {
    let (year, first) = first;
    // Whatever was counted adds up to what may be published of it.
    chenqing::reports::open_data::populations(report).unwrap();
    let whole = span(start_of(year, first), start_of(year, first + months), now);
    let place = |history: &History| fact_at(history, whole.to).cloned();
    let every = |_: &Life<'_>| true;
    same("total", &report.total, (whole, whole.to), histories, true, every);
    let month_of = |month: i8| span(start_of(year, month), start_of(year, month + 1), now);
    let begun: Vec<i8> = (first..first + months).filter(|month| start_of(year, *month) < whole.to).collect();
    let rows = report.tables.get(TableName::Month);
    assert_eq!(rows.len(), begun.len());
    for (month, row) in begun.iter().zip(rows) {
        assert_eq!(row.code, format!("{year}-{month:02}"));
        same(&row.code, &row.figures, (month_of(*month), whole.to), histories, true, every);
    }
    for (name, rows) in report.tables.each().filter(|(name, _)| *name != TableName::Month) {
        for row in rows {
            let (what, code) = (format!("{name:?} {} {:?}", row.code, row.month), row.code.as_str());
            let month = row.month.as_ref().map(|month| month.rsplit('-').next().unwrap().parse().unwrap());
            let span = month.map_or(whole, month_of);
            let none = ["unclassified", "unassigned"].contains(&code);
            same(&what, &row.figures, (span, whole.to), histories, name.has_ratings(), |life| {
                let fact = place(life.history);
                match name {
                    TableName::Month => true,
                    TableName::Channel | TableName::ChannelMonth => Channel::parse(code) == Some(life.history.channel),
                    TableName::Kind => fact.is_some_and(|f| Kind::parse(code) == Some(f.kind)),
                    TableName::Category => fact.is_some_and(|f| f.category == (!none).then_some(code)),
                    TableName::SpeedClass => fact.is_some_and(|f| f.speed == (!none).then_some(code)),
                    TableName::Unit => fact.is_some_and(|f| f.unit.map_or(none, |unit| division(unit) == code)),
                    TableName::CategoryTree => fact.is_some_and(|f| in_group(f.category, code)),
                    TableName::UnitTree => fact.is_some_and(|f| f.unit.map_or(none, |unit| in_branch(unit, code))),
                    TableName::CloseCode => {
                        let ended = life.round.finish.filter(|(at, ..)| *at < whole.to).map(|(_, code, _)| code);
                        ended.map_or("open", CloseCode::code) == code
                    }
                    TableName::Extension => {
                        let terms = life.terms(whole.to);
                        (if terms.due_at > terms.original_due_at { "extended" } else { "not_extended" }) == code
                    }
                    TableName::Reassignment => ["0", "1", "2", "3_or_more"][life.moves(whole.to).min(3)] == code,
                }
            });
        }
    }
    sums::whole_tables(report);
    sums::in_order(&report.tables);
}

/// The division of a unit, by hand.
fn division(unit: usize) -> &'static str {
    ["headquarters", "north", "south", "north", "north"][unit]
}

/// Whether a unit is counted in a row of the tree, by hand.
fn in_branch(unit: usize, row: &str) -> bool {
    match row {
        "headquarters" => unit == 0,
        "north" => [1, 3, 4].contains(&unit),
        "north.own" => unit == 1,
        "south" => unit == 2,
        "north-1" => [3, 4].contains(&unit),
        "north-1.own" => unit == 3,
        "north-1-a" => unit == 4,
        _ => false,
    }
}

/// Whether a category is counted in a row of its tree, by hand: one of them is in a group, one is the group of none.
fn in_group(category: Option<&str>, row: &str) -> bool {
    match row {
        "unclassified" => category.is_none(),
        GROUP => category == Some(CATEGORIES[0]),
        row => category == Some(row),
    }
}

/// A round and the history it is of.
struct Life<'h> {
    history: &'h History,
    number: usize,
    round: &'h Round,
}

impl Life<'_> {
    /// Whether it was finished before the end of the report's period.
    fn ended(&self, to: Moment) -> bool {
        self.round.finish.is_some_and(|(at, ..)| at < to)
    }

    /// Reassignments as of the end of the report's period, or of its own.
    fn moves(&self, to: Moment) -> usize {
        let before = if self.ended(to) { Moment(i64::MAX) } else { to };
        if self.number == 0 { self.history.moves(before) } else { 0 }
    }

    /// What it was due by at the end of the report's period, or at its own.
    fn terms(&self, to: Moment) -> Terms {
        let terms = &self.round.terms;
        let last = terms.iter().rev().find(|terms| self.ended(to) || terms.from < to);
        *last.unwrap_or(&terms[0])
    }
}

fn same(
    what: &str,
    counted: &Figures,
    // The row's own span, and the end of the report's period, as of which everything is counted.
    (span, to): (Span, Moment),
    histories: &[History],
    rated: bool,
    fits: impl Fn(&Life<'_>) -> bool,
) {
    let lives = histories.iter().flat_map(|history| {
        let rounds = history.rounds.iter().enumerate();
        rounds.map(move |(number, round)| Life { history, number, round })
    });
    let mine: Vec<Life<'_>> = lives.filter(|life| fits(life)).collect();
    let number = |f: &dyn Fn(&Life<'_>) -> bool| mine.iter().filter(|life| f(life)).count() as u64;
    let inside = |moment: Moment| span.from <= moment && moment < span.to;
    let finished = |r: &Round| r.finish.map(|(at, ..)| at).filter(|at| inside(*at));
    let open_at = |r: &Round, moment: Moment| r.counted_at < moment && r.finish.is_none_or(|(at, ..)| at >= moment);
    let ended =
        |code: CloseCode| number(&|l| finished(l.round).is_some() && l.round.finish.is_some_and(|f| f.1 == code));

    assert_eq!(counted.open_at_start, number(&|l| open_at(l.round, span.from)), "{what}: open at start");
    assert_eq!(counted.received_new, number(&|l| l.number == 0 && inside(l.round.counted_at)), "{what}: new");
    assert_eq!(counted.reopened, number(&|l| l.number > 0 && inside(l.round.counted_at)), "{what}: reopened");
    assert_eq!(counted.received, counted.received_new + counted.reopened);
    assert_eq!(counted.closed, number(&|l| finished(l.round).is_some()), "{what}: closed");
    assert_eq!(counted.open_at_end, number(&|l| open_at(l.round, span.to)), "{what}: open at end");
    let on_time = number(&|l| finished(l.round).is_some_and(|at| at <= l.terms(to).original_due_at));
    assert_eq!(counted.closed_on_time, on_time, "{what}: on time");
    let extended = number(&|l| finished(l.round).is_some_and(|at| at <= l.terms(to).due_at));
    assert_eq!(counted.closed_on_time_extended, extended, "{what}: on time with extensions");
    let within = number(&|l| open_at(l.round, span.to) && span.judged <= l.terms(to).original_due_at);
    assert_eq!(counted.pending_within, within, "{what}: pending within");
    let within = number(&|l| open_at(l.round, span.to) && span.judged <= l.terms(to).due_at);
    assert_eq!(counted.pending_within_extended, within, "{what}: pending within extensions");
    let closed = |f: &dyn Fn(&Life<'_>) -> bool| number(&|l| finished(l.round).is_some() && f(l));
    assert_eq!(counted.extended, closed(&|l| l.terms(to).due_at > l.terms(to).original_due_at), "{what}: extended");
    assert_eq!(counted.reassigned, closed(&|l| l.moves(to) > 0), "{what}: reassigned");
    assert_eq!(counted.reassigned_often, closed(&|l| l.moves(to) > 2), "{what}: reassigned often");
    assert_eq!(counted.transferred, ended(CloseCode::Transferred), "{what}: transferred");
    assert_eq!(counted.withdrawn, ended(CloseCode::Withdrawn), "{what}: withdrawn");
    assert_eq!(counted.repeated, ended(CloseCode::SameMatter), "{what}: repeated");
    assert_eq!(counted.replied, CloseCode::REPLIED.iter().map(|code| ended(*code)).sum::<u64>(), "{what}: replied");
    let grounds: BTreeMap<CloseCode, u64> = CloseCode::NO_ACTION.iter().map(|code| (*code, ended(*code))).collect();
    assert_eq!(counted.no_action, grounds, "{what}: no action");

    let closed: Vec<&Life<'_>> = mine.iter().filter(|life| finished(life.round).is_some()).collect();
    let days: Vec<f64> = closed.iter().map(|life| life.round.finish.unwrap().2 as f64 / 2.0).collect();
    measured(what, &days, (counted.mean_days, counted.median_days, counted.p90_days));
    let band = |from: f64, to: f64| days.iter().filter(|d| from < **d && **d <= to).count() as u64;
    let bands = &counted.days;
    let counted_bands = [bands.up_to_3, bands.up_to_6, bands.up_to_15, bands.up_to_30, bands.over_30];
    let naive_bands = [band(0.0, 3.0), band(3.0, 6.0), band(6.0, 15.0), band(15.0, 30.0), band(30.0, f64::MAX)];
    assert_eq!(counted_bands, naive_bands, "{what}: bands");
    near(what, counted.on_time_rate, on_time as f64, days.len());

    for (at, hours) in counted.stages.values().enumerate() {
        let reached = closed.iter().filter_map(|life| {
            let (end, code, _) = life.round.finish.unwrap();
            let moment = match at {
                3 => CloseCode::REPLIED.contains(&code).then_some(end),
                _ => life.history.reached[at].filter(|_| life.number == 0),
            };
            moment
                .filter(|moment| *moment <= end)
                .map(|moment| ((moment.0 - life.round.opened_at.0) / 3_600_000_000) as f64)
        });
        let reached: Vec<f64> = reached.collect();
        assert_eq!(hours.number, reached.len() as u64, "{what}: stage {at}");
        measured(what, &reached, (hours.mean_hours, hours.median_hours, hours.p90_hours));
    }

    let ratings: Vec<[i32; 5]> = if rated {
        mine.iter().filter_map(|l| l.round.rating.filter(|(at, _)| inside(*at)).map(|(_, levels)| levels)).collect()
    } else {
        Vec::new()
    };
    assert_eq!(counted.ratings.number, ratings.len() as u64, "{what}: ratings");
    // Those asked with the replies of the span, and those of them who had answered when the report's period ended.
    let asked = number(&|l| finished(l.round).is_some() && l.round.asked);
    let answered =
        number(&|l| finished(l.round).is_some() && l.round.asked && l.round.rating.is_some_and(|(at, _)| at < to));
    let of = &counted.ratings;
    assert_eq!((of.asked, of.answered, of.missing), (asked, answered, asked - answered), "{what}: asked");
    near(what, of.response_rate, answered as f64, asked as usize);
    for (at, answers) in counted.ratings.questions.values().enumerate() {
        let levels: Vec<i32> = ratings.iter().map(|r| r[at]).collect();
        near(what, answers.mean, f64::from(levels.iter().sum::<i32>()), levels.len());
        let counts: Vec<u64> = (1..=5).map(|level| levels.iter().filter(|l| **l == level).count() as u64).collect();
        assert_eq!(answers.levels.values().copied().collect::<Vec<_>>(), counts, "{what}: levels");
        near(what, answers.satisfied_rate, (counts[3] + counts[4]) as f64, levels.len());
        let bounds = [answers.satisfied_low, answers.satisfied_rate, answers.satisfied_high];
        assert!(
            bounds.is_sorted() && bounds.iter().all(|bound| bound.is_none_or(|b| (0.0..=1.0).contains(&b))),
            "{what}"
        );
    }
}

/// Mean, median and the ninth of ten, of values sorted.
fn measured(what: &str, values: &[f64], (mean, median, p90): (Option<f64>, Option<f64>, Option<f64>)) {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    near(what, mean, values.iter().sum::<f64>(), values.len());
    let middle = values.len() / 2;
    let naive = (!values.is_empty())
        .then(|| if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 });
    assert_eq!(median, naive, "{what}: median");
    // The least value that nine in ten do not exceed.
    let fits = |value: &&f64| values.iter().filter(|other| *other <= value).count() * 10 >= values.len() * 9;
    assert_eq!(p90, values.iter().find(fits).copied(), "{what}: nine in ten");
}

fn near(what: &str, value: Option<f64>, sum: f64, number: usize) {
    match value {
        None => assert_eq!(number, 0, "{what}"),
        Some(value) => assert!((value - sum / number as f64).abs() < 1e-9, "{what}: {value} is not {sum} ÷ {number}"),
    }
}
