//! From cases to figures: each round is counted once in every table, under what its case was at the end of the period.

use std::collections::{BTreeMap, HashMap};

use super::tally::{Limits, Tally};
use super::{Names, Period, Row, Tables, UNASSIGNED, UNCLASSIFIED, YearFigures};
use crate::domain::case::{Channel, CloseCode, Kind};
use crate::domain::time::Moment;
use crate::domain::units::Units;

/// A round of a case: its first receipt or a reopening, up to its ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedRound {
    /// The local month it was opened in, as YYYYMM.
    pub opened_month: i32,
    /// 1, or more for a reopening.
    pub round: i32,
    /// How it ended, if it has.
    pub finish: Option<Finish>,
    /// Due by the class and the calendar.
    pub original_due_at: Option<Moment>,
    /// Due with extensions.
    pub due_at: Option<Moment>,
    /// Where it is counted.
    pub place: Place,
}

/// The end of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finish {
    /// When.
    pub at: Moment,
    /// The local month, as YYYYMM.
    pub month: i32,
    /// How.
    pub code: Option<CloseCode>,
    /// Days used, in halves.
    pub half_days: Option<i64>,
}

/// What a case is counted under at the end of the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// How it came in.
    pub channel: Channel,
    /// Its kind.
    pub kind: Kind,
    /// Its category, once it has one.
    pub category: Option<String>,
    /// Its lead unit, once it has one.
    pub unit_id: Option<i64>,
}

/// A rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedRating {
    /// The local month it was given in, as YYYYMM.
    pub month: i32,
    /// Levels 1 to 5, in the order of [`super::Question::ALL`].
    pub levels: [i32; 5],
    /// Where its case is counted.
    pub place: Place,
}

/// The names that rows carry, in the agency's order.
pub struct Directory<'a> {
    /// The agency.
    pub agency: Names,
    /// Every category there is or was, by its code.
    pub categories: Vec<(String, Names)>,
    /// The units.
    pub units: &'a Units,
}

/// What has been counted of a period.
pub struct Counts<'a> {
    period: &'a Period,
    total: Tally,
    months: Vec<Tally>,
    channels: BTreeMap<Channel, Tally>,
    kinds: BTreeMap<Kind, Tally>,
    categories: HashMap<String, Tally>,
    units: HashMap<Option<i64>, Tally>,
}

impl<'a> Counts<'a> {
    /// Nothing yet.
    #[must_use]
    pub fn new(period: &'a Period) -> Self {
        Self {
            period,
            total: Tally::default(),
            months: vec![Tally::default(); period.months()],
            channels: BTreeMap::new(),
            kinds: BTreeMap::new(),
            categories: HashMap::new(),
            units: HashMap::new(),
        }
    }

    /// Counts a round. One that was opened after the period, or finished before it, is not of it.
    pub fn round(&mut self, round: &CountedRound) {
        let (opened, last) = (self.period.place_of(round.opened_month), self.period.months());
        let finish = round.finish.filter(|f| self.period.place_of(f.month) <= last && f.at < self.period.end());
        let finished = finish.map(|f| self.period.place_of(f.month));
        if opened > last || finished == Some(0) {
            return;
        }
        let limits = Limits { original: round.original_due_at, current: round.due_at };
        // A month is a period of its own: what is open at its end is open at the start of the next.
        for (month, tally) in (1..).zip(&mut self.months).take(finished.unwrap_or(last)).skip(opened.saturating_sub(1))
        {
            count(
                tally,
                opened < month,
                round,
                finish.filter(|_| finished == Some(month)),
                limits,
                self.period.end_of(month),
            );
        }
        let end = self.period.end_of(last);
        self.everywhere(&round.place, |tally| count(tally, opened == 0, round, finish, limits, end));
    }

    /// Counts a rating.
    pub fn rating(&mut self, rating: &CountedRating) {
        let month = self.period.place_of(rating.month);
        if let Some(tally) = month.checked_sub(1).and_then(|at| self.months.get_mut(at)) {
            tally.rated(rating.levels);
            self.everywhere(&rating.place, |tally| tally.rated(rating.levels));
        }
    }

    fn everywhere(&mut self, place: &Place, f: impl Fn(&mut Tally)) {
        f(&mut self.total);
        f(self.channels.entry(place.channel).or_default());
        f(self.kinds.entry(place.kind).or_default());
        f(self.units.entry(place.unit_id).or_default());
        let category = place.category.as_deref().unwrap_or_default();
        match self.categories.get_mut(category) {
            Some(tally) => f(tally),
            None => f(self.categories.entry(category.to_owned()).or_default()),
        }
    }

    /// The figures. Months and kinds have a row each; of the others those that have anything in them.
    #[must_use]
    pub fn figures(mut self, directory: &Directory<'_>) -> YearFigures {
        let kinds = Kind::ALL.iter().map(|kind| (*kind, self.kinds.remove(kind).unwrap_or_default()));
        let tables = Tables {
            kind: kinds.map(|(kind, tally)| row(kind.code(), None, &tally)).collect(),
            month: (1..)
                .zip(&self.months)
                .map(|(n, t)| row(&format!("{}-{n:02}", self.period.year()), None, t))
                .collect(),
            channel: self.channels.iter().map(|(channel, tally)| row(channel.code(), None, tally)).collect(),
            category: categories(self.categories, directory),
            unit: units(&self.units, directory),
        };
        YearFigures {
            year: self.period.year(),
            agency: directory.agency.clone(),
            from: self.period.first_day().to_string(),
            to: self.period.last_day().to_string(),
            complete: self.period.complete(),
            as_of: self.period.as_of(),
            locked_at: None,
            total: self.total.figures(),
            tables,
        }
    }
}

fn count(tally: &mut Tally, was_open: bool, round: &CountedRound, finish: Option<Finish>, limits: Limits, end: Moment) {
    if was_open {
        tally.was_open();
    } else {
        tally.received(round.round == 1);
    }
    match finish {
        Some(f) => tally.closed(f.at, limits, f.code, f.half_days),
        None => tally.is_open(end, limits),
    }
}

fn row(code: &str, names: Option<Names>, tally: &Tally) -> Row {
    Row { code: code.to_owned(), names, reclassified_in: 0, reclassified_out: 0, figures: tally.figures() }
}

fn categories(mut counted: HashMap<String, Tally>, directory: &Directory<'_>) -> Vec<Row> {
    let none = counted.remove("");
    let mut rows: Vec<Row> = Vec::new();
    for (code, names) in &directory.categories {
        rows.extend(counted.remove(code).map(|tally| row(code, Some(names.clone()), &tally)));
    }
    // A code that the agency's list no longer has stands by itself.
    let rest: BTreeMap<String, Tally> = counted.into_iter().collect();
    rows.extend(
        rest.iter().map(|(code, tally)| row(code, Some(Names { name_zh: code.clone(), name_en: code.clone() }), tally)),
    );
    rows.extend(none.map(|tally| row(UNCLASSIFIED, None, &tally)));
    rows
}

/// Every unit is counted in the branch or division it belongs to: the unit right below the root.
fn units(counted: &HashMap<Option<i64>, Tally>, directory: &Directory<'_>) -> Vec<Row> {
    let mut divisions: HashMap<Option<i64>, Tally> = HashMap::new();
    for (unit_id, tally) in counted {
        let division = unit_id.and_then(|id| directory.units.division(id)).map(|unit| unit.id);
        divisions.entry(division).or_default().add(tally);
    }
    let mut rows: Vec<Row> = Vec::new();
    for unit in directory.units.all() {
        let names = Names { name_zh: unit.name_zh.clone(), name_en: unit.name_en.clone() };
        rows.extend(divisions.get(&Some(unit.id)).map(|tally| row(&unit.code, Some(names), tally)));
    }
    rows.extend(divisions.get(&None).map(|tally| row(UNASSIGNED, None, tally)));
    rows
}
