//! From cases to figures: each round is counted once in every table, under what its case was at the end of the period.
//! Rounds are counted as they come and never held: grouped by everything they are counted by, hardly two are alike (of
//! 100,000 rounds of a year 99,800 groups were left, for three times a bare scan; `benches/figures.rs` prints both).

use std::collections::{BTreeMap, HashMap};

use smol_str::SmolStr;

use super::Period;
use super::tally::{Ended, Tally};
use crate::domain::case::{Channel, CloseCode, Kind};
use crate::domain::time::{HOUR, Moment};

/// A round of a case: its first receipt or a reopening, up to its ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedRound {
    /// When it was opened: received, or reopened.
    pub opened_at: Moment,
    /// When it came to be counted as received: confirmed, entered by staff, or reopened.
    pub counted_at: Moment,
    /// The local month it counts as received in, as YYYYMM: that of its confirmation, entry or reopening.
    pub opened_month: i32,
    /// 1, or more for a reopening.
    pub round: i32,
    /// How it ended, if it has.
    pub finish: Option<Finish>,
    /// Due by the class and the calendar.
    pub original_due_at: Option<Moment>,
    /// Due with extensions.
    pub due_at: Option<Moment>,
    /// When it reached the stages on its way.
    pub reached: Reached,
    /// How often it was reassigned: to a unit that is not below the one it came from.
    pub moves: i32,
    /// Whether a rating was asked for with its reply.
    pub asked: bool,
    /// When its reply was first rated.
    pub rated_at: Option<Moment>,
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

/// The stages before the reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Registered.
    pub registered_at: Option<Moment>,
    /// Assigned to a unit.
    pub assigned_at: Option<Moment>,
    /// Accepted by a person.
    pub accepted_at: Option<Moment>,
}

/// What a case is counted under at the end of the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// How it came in.
    pub channel: Channel,
    /// Its kind.
    pub kind: Kind,
    /// Its category, once it has one.
    pub category: Option<SmolStr>,
    /// Its speed class, once it has one.
    pub speed_class: Option<SmolStr>,
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

impl CountedRound {
    /// Whether a moment keeps the original limit. What ends before its clock began is not late.
    fn kept(&self, at: Moment) -> bool {
        self.original_due_at.is_none_or(|due| at <= due)
    }

    /// Whether a moment keeps the limit with extensions.
    fn kept_extended(&self, at: Moment) -> bool {
        self.due_at.is_none_or(|due| at <= due)
    }

    fn extended(&self) -> bool {
        self.due_at > self.original_due_at
    }

    fn ended(&self, finish: Finish, end: Moment) -> Ended {
        let hours = |at: Moment| (at.0 - self.opened_at.0) / (HOUR * 1_000_000);
        let before_the_end = |at: Option<Moment>| at.filter(|at| *at <= finish.at).map(hours);
        let replied = finish.code.is_some_and(|code| CloseCode::REPLIED.contains(&code));
        Ended {
            on_time: self.kept(finish.at),
            on_time_extended: self.kept_extended(finish.at),
            extended: self.extended(),
            code: finish.code,
            half_days: finish.half_days,
            moves: self.moves,
            asked: self.asked,
            answered: self.asked && self.rated_at.is_some_and(|at| at < end),
            // In the order of `Stage::ALL`.
            stages: [
                before_the_end(self.reached.registered_at),
                before_the_end(self.reached.assigned_at),
                before_the_end(self.reached.accepted_at),
                replied.then(|| hours(finish.at)),
            ],
        }
    }
}

/// Tallies by a code or an id.
pub(super) type Tallies<K> = HashMap<K, Tally>;

/// What has been counted of a period.
pub struct Counts<'a> {
    pub(super) period: &'a Period,
    /// What the months, the channels and the total are added up from.
    pub(super) channel_months: BTreeMap<Channel, Vec<Tally>>,
    pub(super) kinds: BTreeMap<Kind, Tally>,
    pub(super) categories: Tallies<String>,
    pub(super) speed_classes: Tallies<String>,
    pub(super) units: Tallies<Option<i64>>,
    pub(super) endings: BTreeMap<Option<CloseCode>, Tally>,
    /// Not extended, extended.
    pub(super) extensions: [Tally; 2],
    /// Never reassigned, once, twice, more often.
    pub(super) reassignments: [Tally; 4],
}

/// Where a round stands in a period: the months it was opened and finished in, and what is counted of its end.
struct Span {
    opened: usize,
    finished: Option<usize>,
    ended: Option<Ended>,
}

impl Span {
    /// `None` for a round that was opened after the period, or finished before it: it is not of it.
    fn of(round: &CountedRound, period: &Period) -> Option<Self> {
        let (opened, last) = (period.place_of(round.opened_month), period.months());
        let finish = round.finish.filter(|f| period.place_of(f.month) <= last && f.at < period.end());
        let finished = finish.map(|f| period.place_of(f.month));
        let is_of_it = opened <= last && finished != Some(0);
        is_of_it.then(|| Self { opened, finished, ended: finish.map(|finish| round.ended(finish, period.end())) })
    }
}

/// What a round alone adds to the row it stands in; `None` when it is not of the period.
#[must_use]
pub fn alone(round: &CountedRound, period: &Period) -> Option<Tally> {
    let span = Span::of(round, period)?;
    let mut tally = Tally::default();
    count(&mut tally, span.opened == 0, round, span.ended.as_ref(), period.end_of(period.months()));
    Some(tally)
}

impl<'a> Counts<'a> {
    /// Nothing yet.
    #[must_use]
    pub fn new(period: &'a Period) -> Self {
        Self {
            period,
            channel_months: BTreeMap::new(),
            kinds: BTreeMap::new(),
            categories: HashMap::new(),
            speed_classes: HashMap::new(),
            units: HashMap::new(),
            endings: BTreeMap::new(),
            extensions: Default::default(),
            reassignments: Default::default(),
        }
    }

    /// Counts a round. One that was opened after the period, or finished before it, is not of it. Whether it is open past
    /// its original due date when the period ends.
    pub fn round(&mut self, round: &CountedRound) -> bool {
        let Some(span) = Span::of(round, self.period) else { return false };
        let last = self.period.months();
        let months = self.channel_months.entry(round.place.channel);
        by_month(months.or_insert_with(|| vec![Tally::default(); last]), self.period, round, &span);
        let end = self.period.end_of(last);
        let one = |tally: &mut Tally| count(tally, span.opened == 0, round, span.ended.as_ref(), end);
        self.everywhere(&round.place, one);
        one(self.endings.entry(span.ended.and_then(|ended| ended.code)).or_default());
        one(pick(&mut self.extensions, usize::from(round.extended())));
        one(pick(&mut self.reassignments, usize::try_from(round.moves).unwrap_or(0)));
        span.ended.is_none() && !round.kept(end)
    }

    /// Counts a rating.
    pub fn rating(&mut self, rating: &CountedRating) {
        let last = self.period.months();
        let Some(month) = self.period.place_of(rating.month).checked_sub(1).filter(|month| *month < last) else {
            return;
        };
        let months = self.channel_months.entry(rating.place.channel);
        if let Some(tally) = months.or_insert_with(|| vec![Tally::default(); last]).get_mut(month) {
            tally.rated(rating.levels);
        }
        self.everywhere(&rating.place, |tally| tally.rated(rating.levels));
    }

    /// In the tables that are not added up from months and channels.
    fn everywhere(&mut self, place: &Place, f: impl Fn(&mut Tally)) {
        f(self.kinds.entry(place.kind).or_default());
        f(self.units.entry(place.unit_id).or_default());
        named(&mut self.categories, place.category.as_deref(), &f);
        named(&mut self.speed_classes, place.speed_class.as_deref(), &f);
    }
}

/// Counts a round in the months it was open in. A month is a period of its own: what is open at its end is open at the
/// start of the next.
fn by_month(months: &mut [Tally], period: &Period, round: &CountedRound, span: &Span) {
    let last = span.finished.unwrap_or_else(|| period.months());
    for (month, tally) in (1..).zip(months).take(last).skip(span.opened.saturating_sub(1)) {
        let ended = span.ended.as_ref().filter(|_| span.finished == Some(month));
        count(tally, span.opened < month, round, ended, period.end_of(month));
    }
}

fn count(tally: &mut Tally, was_open: bool, round: &CountedRound, ended: Option<&Ended>, end: Moment) {
    if was_open {
        tally.was_open();
    } else {
        tally.received(round.round == 1);
    }
    match ended {
        Some(ended) => tally.closed(ended),
        None => tally.is_open(round.kept(end), round.kept_extended(end)),
    }
}

/// The tally in a place, or the last one.
fn pick<const N: usize>(tallies: &mut [Tally; N], place: usize) -> &mut Tally {
    &mut tallies[place.min(N - 1)]
}

/// Does it to the tally of a code; what has none stands under the empty one.
fn named(tallies: &mut Tallies<String>, code: Option<&str>, f: impl FnOnce(&mut Tally)) {
    let code = code.unwrap_or_default();
    match tallies.get_mut(code) {
        Some(tally) => f(tally),
        None => f(tallies.entry(code.to_owned()).or_default()),
    }
}
