//! The arithmetic of one row: cases are counted in, figures come out.

use std::collections::BTreeMap;

use super::{DayBands, Figures, Level, Question, QuestionFigures, RatingFigures};
use crate::domain::case::CloseCode;
use crate::domain::days_used::HalfDays;
use crate::domain::time::Moment;

/// The limits of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// By the class and the calendar.
    pub original: Option<Moment>,
    /// With extensions.
    pub current: Option<Moment>,
}

impl Limits {
    /// Whether a moment keeps the original limit. What ends before its clock began is not late.
    fn kept(self, at: Moment) -> bool {
        self.original.is_none_or(|due| at <= due)
    }

    /// Whether a moment keeps the limit with extensions.
    fn kept_extended(self, at: Moment) -> bool {
        self.current.is_none_or(|due| at <= due)
    }

    fn extended(self) -> bool {
        self.current > self.original
    }
}

/// What a row has counted so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    open_at_start: u64,
    received_new: u64,
    reopened: u64,
    closed: u64,
    closed_on_time: u64,
    closed_on_time_extended: u64,
    open_at_end: u64,
    pending_within: u64,
    pending_within_extended: u64,
    extended: u64,
    endings: BTreeMap<CloseCode, u64>,
    /// How many used so many half days.
    used: BTreeMap<i64, u64>,
    ratings: u64,
    levels: [[u64; 5]; 5],
}

impl Tally {
    /// A round that was open when the period began.
    pub fn was_open(&mut self) {
        self.open_at_start += 1;
    }

    /// A round that came in: new, or reopened.
    pub fn received(&mut self, new: bool) {
        if new {
            self.received_new += 1;
        } else {
            self.reopened += 1;
        }
    }

    /// A round that was finished at a moment. Finished after the original limit is late even when extended (domain page,
    /// section 3.2, 5).
    pub fn closed(&mut self, at: Moment, limits: Limits, code: Option<CloseCode>, half_days: Option<i64>) {
        self.closed += 1;
        self.closed_on_time += u64::from(limits.kept(at));
        self.closed_on_time_extended += u64::from(limits.kept_extended(at));
        self.extended += u64::from(limits.extended());
        if let Some(code) = code {
            *self.endings.entry(code).or_default() += 1;
        }
        if let Some(half_days) = half_days {
            *self.used.entry(half_days).or_default() += 1;
        }
    }

    /// A round that is still open at the end of the period.
    pub fn is_open(&mut self, end: Moment, limits: Limits) {
        self.open_at_end += 1;
        self.pending_within += u64::from(limits.kept(end));
        self.pending_within_extended += u64::from(limits.kept_extended(end));
    }

    /// A rating: the levels in the order of [`Question::ALL`].
    pub fn rated(&mut self, levels: [i32; 5]) {
        self.ratings += 1;
        for (counts, level) in self.levels.iter_mut().zip(levels) {
            if let Some(count) = usize::try_from(level - 1).ok().and_then(|at| counts.get_mut(at)) {
                *count += 1;
            }
        }
    }

    /// Whether there is anything in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open_at_start + self.received_new + self.reopened + self.ratings == 0
    }

    /// Counts what another tally counted.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in [
            (&mut self.open_at_start, other.open_at_start),
            (&mut self.received_new, other.received_new),
            (&mut self.reopened, other.reopened),
            (&mut self.closed, other.closed),
            (&mut self.closed_on_time, other.closed_on_time),
            (&mut self.closed_on_time_extended, other.closed_on_time_extended),
            (&mut self.open_at_end, other.open_at_end),
            (&mut self.pending_within, other.pending_within),
            (&mut self.pending_within_extended, other.pending_within_extended),
            (&mut self.extended, other.extended),
            (&mut self.ratings, other.ratings),
        ] {
            *mine += theirs;
        }
        for (code, number) in &other.endings {
            *self.endings.entry(*code).or_default() += number;
        }
        for (half_days, number) in &other.used {
            *self.used.entry(*half_days).or_default() += number;
        }
        for (mine, theirs) in self.levels.iter_mut().flatten().zip(other.levels.iter().flatten()) {
            *mine += theirs;
        }
    }

    /// The figures.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let ended = |code: CloseCode| self.endings.get(&code).copied().unwrap_or(0);
        let replied = CloseCode::REPLIED.iter().map(|code| ended(*code)).sum();
        Figures {
            open_at_start: self.open_at_start,
            received: self.received_new + self.reopened,
            received_new: self.received_new,
            reopened: self.reopened,
            closed: self.closed,
            closed_on_time: self.closed_on_time,
            closed_on_time_extended: self.closed_on_time_extended,
            closed_late: self.closed - self.closed_on_time,
            open_at_end: self.open_at_end,
            pending_within: self.pending_within,
            pending_within_extended: self.pending_within_extended,
            pending_over: self.open_at_end - self.pending_within,
            on_time_rate: ratio(self.closed_on_time, self.closed),
            mean_days: mean(&self.used),
            median_days: median(&self.used),
            days: bands(&self.used),
            extended: self.extended,
            transferred: ended(CloseCode::Transferred),
            no_action: CloseCode::NO_ACTION.iter().map(|code| (*code, ended(*code))).collect(),
            withdrawn: ended(CloseCode::Withdrawn),
            replied,
            ratings: RatingFigures {
                number: self.ratings,
                response_rate: ratio(self.ratings, replied),
                questions: Question::ALL.iter().copied().zip(self.levels.iter().map(question)).collect(),
            },
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[expect(clippy::cast_precision_loss, reason = "a sum of days is far below 2^52")]
fn mean(used: &BTreeMap<i64, u64>) -> Option<f64> {
    let number: u64 = used.values().sum();
    let sum: i128 = used.iter().map(|(half_days, number)| i128::from(*half_days) * i128::from(*number)).sum();
    (number > 0).then(|| sum as f64 / 2.0 / number as f64)
}

/// The middle value; of an even number the mean of the two in the middle.
fn median(used: &BTreeMap<i64, u64>) -> Option<f64> {
    let number: u64 = used.values().sum();
    let at = |place: u64| {
        let mut passed = 0;
        used.iter().find_map(|(half_days, number)| {
            passed += number;
            (place < passed).then_some(HalfDays(*half_days).as_days())
        })
    };
    let (low, high) = (at(number.checked_sub(1)? / 2)?, at(number / 2)?);
    Some(f64::midpoint(low, high))
}

fn bands(used: &BTreeMap<i64, u64>) -> DayBands {
    let mut bands = DayBands::default();
    for (half_days, number) in used {
        let band = match half_days {
            ..=6 => &mut bands.up_to_3,
            7..=12 => &mut bands.up_to_6,
            13..=30 => &mut bands.up_to_15,
            31..=60 => &mut bands.up_to_30,
            61.. => &mut bands.over_30,
        };
        *band += number;
    }
    bands
}

fn question(counts: &[u64; 5]) -> QuestionFigures {
    let sum = (1..).zip(counts).map(|(level, number)| level * number).sum();
    let levels = Level::ALL.iter().copied().zip(counts.iter().copied()).collect();
    QuestionFigures { mean: ratio(sum, counts.iter().sum()), levels }
}
