//! The arithmetic of one row: cases are counted in, figures come out.

use super::histogram::Histogram;
use super::{Brief, DayBands, Figure, Figures, Level, Question, QuestionFigures, RatingFigures, Stage, StageFigures};
use crate::domain::case::CloseCode;

/// What is counted of a round that was finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Whether it kept the original limit. Finished after it is late even when extended (domain page, section 3.2, 5).
    pub on_time: bool,
    /// Whether it kept the limit with extensions.
    pub on_time_extended: bool,
    /// Whether it was extended.
    pub extended: bool,
    /// How it ended.
    pub code: Option<CloseCode>,
    /// Days used, in halves.
    pub half_days: Option<i64>,
    /// How often it was reassigned.
    pub moves: i32,
    /// Whether a rating was asked for with its reply.
    pub asked: bool,
    /// Whether one was given by the end of the period.
    pub answered: bool,
    /// Hours from receipt to each stage that it reached.
    pub stages: [Option<i64>; Stage::ALL.len()],
}

/// More reassignments than this are too many: the case is passed to and fro.
pub const OFTEN: i32 = 2;

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
    reassigned: u64,
    reassigned_often: u64,
    endings: [u64; CloseCode::ALL.len()],
    /// How many used so many half days.
    used: Histogram,
    /// How many took so many hours to each stage.
    stages: [Histogram; Stage::ALL.len()],
    asked: u64,
    answered: u64,
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

    /// A round that was finished.
    pub fn closed(&mut self, ended: &Ended) {
        self.closed += 1;
        self.closed_on_time += u64::from(ended.on_time);
        self.closed_on_time_extended += u64::from(ended.on_time_extended);
        self.extended += u64::from(ended.extended);
        self.reassigned += u64::from(ended.moves > 0);
        self.reassigned_often += u64::from(ended.moves > OFTEN);
        self.asked += u64::from(ended.asked);
        self.answered += u64::from(ended.answered);
        if let Some(number) = ended.code.and_then(|code| self.endings.get_mut(code as usize)) {
            *number += 1;
        }
        if let Some(half_days) = ended.half_days {
            self.used.add(half_days);
        }
        for (histogram, hours) in self.stages.iter_mut().zip(ended.stages) {
            if let Some(hours) = hours {
                histogram.add(hours);
            }
        }
    }

    /// A round that is still open at the end of the period, within its limits or not.
    pub fn is_open(&mut self, within: bool, within_extended: bool) {
        self.open_at_end += 1;
        self.pending_within += u64::from(within);
        self.pending_within_extended += u64::from(within_extended);
    }

    /// A rating, by the levels of its questions.
    pub fn rated(&mut self, levels: [i32; 5]) {
        self.ratings += 1;
        for (counts, level) in self.levels.iter_mut().zip(levels) {
            let place = usize::try_from(level - 1).ok();
            if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
    }

    /// The tally of a period from those of its parts, one after another: open at its start is what was open at the start of
    /// the first, open at its end what was open at the end of the last.
    #[must_use]
    pub fn over(parts: &[Self]) -> Self {
        let mut whole = Self::default();
        parts.iter().for_each(|part| whole.add(part));
        let none = Self::default();
        let (first, last) = (parts.first().unwrap_or(&none), parts.last().unwrap_or(&none));
        whole.open_at_start = first.open_at_start;
        whole.open_at_end = last.open_at_end;
        whole.pending_within = last.pending_within;
        whole.pending_within_extended = last.pending_within_extended;
        whole
    }

    /// Counts everything that another row has counted.
    pub fn add(&mut self, other: &Self) {
        for (mine, more) in [
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
            (&mut self.reassigned, other.reassigned),
            (&mut self.reassigned_often, other.reassigned_often),
            (&mut self.asked, other.asked),
            (&mut self.answered, other.answered),
            (&mut self.ratings, other.ratings),
        ] {
            *mine += more;
        }
        self.endings.iter_mut().zip(other.endings).for_each(|(mine, more)| *mine += more);
        self.used.merge(&other.used);
        self.stages.iter_mut().zip(&other.stages).for_each(|(mine, more)| mine.merge(more));
        self.levels.iter_mut().flatten().zip(other.levels.iter().flatten()).for_each(|(mine, more)| *mine += more);
    }

    /// One figure.
    #[must_use]
    pub fn number(&self, figure: Figure) -> u64 {
        match figure {
            Figure::OpenAtStart => self.open_at_start,
            Figure::Received => self.received_new + self.reopened,
            Figure::ReceivedNew => self.received_new,
            Figure::Reopened => self.reopened,
            Figure::Closed => self.closed,
            Figure::ClosedOnTime => self.closed_on_time,
            Figure::ClosedOnTimeExtended => self.closed_on_time_extended,
            Figure::ClosedLate => self.closed - self.closed_on_time,
            Figure::OpenAtEnd => self.open_at_end,
            Figure::PendingWithin => self.pending_within,
            Figure::PendingWithinExtended => self.pending_within_extended,
            Figure::PendingOverdue => self.open_at_end - self.pending_within,
            Figure::Extended => self.extended,
            Figure::Replied => self.replied(),
            Figure::DaysUpTo3 => bands(&self.used).up_to_3,
            Figure::DaysUpTo6 => bands(&self.used).up_to_6,
            Figure::DaysUpTo15 => bands(&self.used).up_to_15,
            Figure::DaysUpTo30 => bands(&self.used).up_to_30,
            Figure::DaysOver30 => bands(&self.used).over_30,
        }
    }

    /// Adds what sums are made of to a brief.
    pub fn add_to(&self, brief: &mut Brief) {
        brief.received += self.number(Figure::Received);
        brief.closed += self.closed;
        brief.closed_on_time += self.closed_on_time;
        brief.used += self.used.number();
        brief.half_days += self.used.sum();
        brief.asked += self.asked;
        brief.answered += self.answered;
        brief.open_at_end += self.open_at_end;
        brief.pending_overdue += self.number(Figure::PendingOverdue);
    }

    fn replied(&self) -> u64 {
        CloseCode::REPLIED.iter().filter_map(|code| self.endings.get(*code as usize)).sum()
    }

    /// The figures.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let ended = |code: CloseCode| self.endings.get(code as usize).copied().unwrap_or(0);
        let replied = self.replied();
        let days = |half_days: Option<f64>| half_days.map(|number| number / 2.0);
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
            pending_overdue: self.open_at_end - self.pending_within,
            on_time_rate: ratio(self.closed_on_time, self.closed),
            on_time_rate_extended: ratio(self.closed_on_time_extended, self.closed),
            mean_days: days(self.used.mean()),
            median_days: days(self.used.median()),
            p90_days: days(self.used.p90()),
            days: bands(&self.used),
            stages: Stage::ALL.iter().copied().zip(self.stages.iter().map(stage)).collect(),
            extended: self.extended,
            reassigned: self.reassigned,
            reassigned_often: self.reassigned_often,
            transferred: ended(CloseCode::Transferred),
            no_action: CloseCode::NO_ACTION.iter().map(|code| (*code, ended(*code))).collect(),
            repeated: ended(CloseCode::SameMatter),
            withdrawn: ended(CloseCode::Withdrawn),
            replied,
            ratings: RatingFigures {
                number: self.ratings,
                asked: self.asked,
                answered: self.answered,
                missing: self.asked - self.answered,
                response_rate: ratio(self.answered, self.asked),
                questions: Question::ALL.iter().copied().zip(self.levels.iter().map(question)).collect(),
            },
        }
    }
}

/// A share; none of nothing.
#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
pub fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn bands(used: &Histogram) -> DayBands {
    DayBands {
        up_to_3: used.within(0..=6),
        up_to_6: used.within(7..=12),
        up_to_15: used.within(13..=30),
        up_to_30: used.within(31..=60),
        over_30: used.within(61..=u64::MAX),
    }
}

fn stage(hours: &Histogram) -> StageFigures {
    StageFigures {
        number: hours.number(),
        mean_hours: hours.mean(),
        median_hours: hours.median(),
        p90_hours: hours.p90(),
    }
}

fn question(counts: &[u64; 5]) -> QuestionFigures {
    let (sum, number) = ((1..).zip(counts).map(|(level, number)| level * number).sum(), counts.iter().sum());
    let satisfied = counts.iter().skip(3).sum();
    let interval = wilson(satisfied, number);
    QuestionFigures {
        mean: ratio(sum, number),
        satisfied_rate: ratio(satisfied, number),
        satisfied_low: interval.map(|(low, _)| low),
        satisfied_high: interval.map(|(_, high)| high),
        levels: Level::ALL.iter().copied().zip(counts.iter().copied()).collect(),
    }
}

/// Wilson's score interval of a share with 95 % confidence: it holds for few answers too, and never leaves 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a count of ratings is far below 2^52")]
fn wilson(part: u64, whole: u64) -> Option<(f64, f64)> {
    const Z: f64 = 1.96;
    let (share, n) = (ratio(part, whole)?, whole as f64);
    let scale = 1.0 + Z * Z / n;
    let centre = (share + Z * Z / (2.0 * n)) / scale;
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt() / scale;
    Some(((centre - half).max(0.0), (centre + half).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::wilson;

    #[test]
    fn the_share_of_the_satisfied_has_its_interval() {
        // Against the figures of Newcombe (1998), table I, method 3.
        for (part, whole, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let (l, h) = wilson(part, whole).unwrap();
            assert!((l - low).abs() < 0.000_06 && (h - high).abs() < 0.000_06, "{part} of {whole}: {l} to {h}");
        }
        assert_eq!(wilson(0, 0), None);
    }
}
