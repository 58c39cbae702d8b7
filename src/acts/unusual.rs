//! Numbers that left their usual range: what a category or a branch received or closed late in the month that is over, or has
//! already received in the one that runs, against the months before. Managers and control officers are told by letter, once
//! until the number is usual again.

use std::collections::{BTreeMap, BTreeSet};

use crate::acts::{Office, fold_months};
use crate::config::Figures;
use crate::domain::figures::{Brief, MonthFold, Names, Period, PeriodName, UsualRule, Watched, WatchedPlace};
use crate::domain::letter::{Letter, UnusualLine};
use crate::domain::link::{Link, Purpose};
use crate::domain::staff::Role;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::excursions::{self, Excursion};
use crate::store::letters::{self, NewLetter, Recipient};
use crate::store::reference::Reference;
use crate::store::{Db, figures, folds, staff};

/// Who is told.
const READERS: &[Role] = &[Role::Manager, Role::ControlOfficer];

/// Looks at every number and owes the letters. Returns how many numbers were told.
///
/// # Errors
/// Of the database.
pub fn unusual(office: &Office, config: &Figures, now: Moment) -> Result<usize> {
    let rule = UsualRule {
        least_months: usize::try_from(config.usual_least_months).unwrap_or(usize::MAX),
        spreads: config.usual_spreads,
        least_cases: config.usual_least_cases,
    };
    let found =
        office.store.read(|db| figures::snapshot(db, |db| look(db, office, &rule, config.usual_months, now)))?;
    if found.begun.is_empty() && found.ended.is_empty() {
        return Ok(0);
    }
    let office = office.clone();
    office.store.clone().write(move |db| {
        for (excursion, month) in &found.ended {
            excursions::end(db, excursion, *month)?;
        }
        let mut lines = Vec::new();
        for (excursion, name) in &found.begun {
            if excursions::begin(db, excursion, now)? {
                lines.push(line(excursion, name));
            }
        }
        if !lines.is_empty() {
            owe(db, &office, lines.clone(), now)?;
        }
        Ok(lines.len())
    })
}

/// What is found: numbers that left their range, with the name of their place, and those that are back in it.
#[derive(Default)]
struct Found {
    begun: Vec<(Excursion, String)>,
    ended: Vec<(Excursion, i32)>,
}

/// The numbers of a month by place: what they are asked for, and its sums.
type Places = BTreeMap<(WatchedPlace, String), Brief>;

fn look(db: &mut Db, office: &Office, rule: &UsualRule, months: u32, now: Moment) -> Result<Found> {
    let (reference, zone) = (office.reference(db)?, &office.zone);
    let running = PeriodName::of_month(now.month_in(zone)).and_then(|name| Period::of(name, zone, now));
    let (Some(running), Some(first)) = (running, figures::first_month(db)?) else { return Ok(Found::default()) };
    // The month that runs, the one that is over, and the months before it.
    let before = std::iter::successors(Some(running.name().previous()), |name| Some(name.previous()));
    let wanted = usize::try_from(months).unwrap_or(usize::MAX).saturating_add(1);
    let whole: Vec<i32> = before
        .take(wanted)
        .filter_map(|name| Period::of(name, zone, now))
        .map(|period| period.first_month())
        // Of the first month a part may be missing.
        .take_while(|month| *month > first)
        .collect();
    let (Some(last), Some(earliest)) = (whole.first(), whole.last()) else { return Ok(Found::default()) };
    let mut folded = folds::good(db, *earliest, *last)?;
    let mut past: Vec<Places> = Vec::new();
    for month in &whole {
        let fold = match folded.remove(month) {
            Some(fold) => fold,
            None => fold_months::count(db, zone, *month)?,
        };
        past.push(places(&fold, &reference));
    }
    let so_far = places(&fold_months::count_in(db, &running)?, &reference);
    let open = excursions::open(db)?;
    let names = Naming { categories: figures::category_names(db)?, reference: &reference };
    let mut found = Found::default();
    let known = past.iter().chain([&so_far]).flat_map(BTreeMap::keys);
    for key in known.collect::<BTreeSet<_>>() {
        for watched in Watched::ALL {
            let of = |places: &Places| places.get(key).map_or(0, |brief| number(*watched, brief));
            let history: Vec<u64> = past.iter().map(of).collect();
            let numbers = Numbers { watched: *watched, key, so_far: of(&so_far), history: &history };
            numbers.judge(rule, (*last, running.first_month()), &open, &names, &mut found);
        }
    }
    Ok(found)
}

/// A number of a place: of the month that runs so far, and of the months before, the latest first.
struct Numbers<'a> {
    watched: Watched,
    key: &'a (WatchedPlace, String),
    so_far: u64,
    history: &'a [u64],
}

impl Numbers<'_> {
    fn judge(
        &self,
        rule: &UsualRule,
        (last, running): (i32, i32),
        open: &[Excursion],
        names: &Naming<'_>,
        found: &mut Found,
    ) {
        let Some((number, earlier)) = self.history.split_first() else { return };
        let mine = |e: &&Excursion| e.measure == self.watched && e.place == self.key.0 && e.code == self.key.1;
        let mut open: Vec<&Excursion> = open.iter().filter(mine).collect();
        // The same span for both: the running month is held against the latest of the months, the last against those before.
        let span = earlier.len().max(rule.least_months);
        for (month, number, months, complete) in [
            (last, *number, earlier, true),
            (running, self.so_far, self.history.get(..span.min(self.history.len())).unwrap_or_default(), false),
        ] {
            let Some(range) = rule.range(months) else { continue };
            let side = rule.side(self.watched, number, &range, complete);
            if complete {
                let (over, still): (Vec<&Excursion>, Vec<&Excursion>) =
                    open.into_iter().partition(|e| Some(e.side) != side && e.month <= month);
                found.ended.extend(over.into_iter().map(|e| (e.clone(), month)));
                open = still;
            }
            let begun = found.begun.last().is_some_and(|(e, _)| mine(&e) && Some(e.side) == side);
            if let Some(side) = side.filter(|side| !begun && !open.iter().any(|e| e.side == *side)) {
                let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
                let excursion = Excursion {
                    measure: self.watched,
                    place: self.key.0,
                    code: self.key.1.clone(),
                    side,
                    month,
                    number: count(number),
                    low: count(range.low),
                    high: count(range.high),
                };
                found.begun.push((excursion, names.of(self.key)));
            }
        }
    }
}

fn number(watched: Watched, brief: &Brief) -> u64 {
    match watched {
        Watched::Received => brief.received,
        Watched::ClosedLate => brief.closed - brief.closed_on_time,
    }
}

/// A month by category, and by branch or division; what has none of either is not watched.
fn places(fold: &MonthFold, reference: &Reference) -> Places {
    let mut places = Places::new();
    let categories = fold.categories.iter().filter(|(code, _)| !code.is_empty());
    let categories = categories.map(|(code, brief)| ((WatchedPlace::Category, code.clone()), brief));
    let units = fold.units.iter().filter_map(|(id, brief)| {
        reference.units.division(*id).map(|unit| ((WatchedPlace::Unit, unit.code.clone()), brief))
    });
    for (key, brief) in categories.chain(units) {
        let sum = places.entry(key).or_default();
        sum.received += brief.received;
        sum.closed += brief.closed;
        sum.closed_on_time += brief.closed_on_time;
    }
    places
}

/// What places are called.
struct Naming<'a> {
    categories: Vec<(String, Names)>,
    reference: &'a Reference,
}

impl Naming<'_> {
    fn of(&self, (place, code): &(WatchedPlace, String)) -> String {
        let name = match place {
            WatchedPlace::Category => {
                self.categories.iter().find(|(known, _)| known == code).map(|(_, names)| names.name_zh.clone())
            }
            WatchedPlace::Unit => self.reference.units.by_code(code).map(|unit| unit.name_zh.clone()),
        };
        name.unwrap_or_else(|| code.clone())
    }
}

fn line(excursion: &Excursion, name: &str) -> UnusualLine {
    UnusualLine {
        name: name.to_owned(),
        year: i16::try_from(excursion.month / 100).unwrap_or_default(),
        month: excursion.month % 100,
        late: excursion.measure == Watched::ClosedLate,
        number: excursion.number,
        low: excursion.low,
        high: excursion.high,
    }
}

fn owe(db: &mut Db, office: &Office, lines: Vec<UnusualLine>, now: Moment) -> Result<()> {
    let letter = Letter::UnusualFigures {
        count: i64::try_from(lines.len()).unwrap_or(i64::MAX),
        lines,
        agency: office.reference(db)?.agency.name_zh.clone(),
    };
    let mut told = BTreeSet::new();
    for role in READERS {
        for person in staff::with_role(db, *role)?.iter().filter(|person| !person.email.is_empty()) {
            if !told.insert(person.id) {
                continue;
            }
            let new = NewLetter {
                letter: &letter,
                to: Recipient::Staff(person.id),
                locale: "zh-TW",
                case_id: None,
                submission_id: None,
                reply_id: None,
                // Opens nothing by itself: the reader signs in.
                link: Some(Link {
                    purpose: Purpose::Management,
                    row: 0,
                    nonce: String::new(),
                    expires_at: Moment(i64::MAX),
                }),
                query_code: None,
                by_post: false,
            };
            letters::insert(db, &office.keys, &new, now)?;
        }
    }
    Ok(())
}
