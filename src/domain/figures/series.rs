//! The same period of several years beside each other, and what has changed from one year to the next.

use serde::{Deserialize, Serialize};

use super::tally::ratio;
use super::{PeriodFigures, Question};

/// What is counted of a period without its tables: sums only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Came in.
    pub received: u64,
    /// Finished.
    pub closed: u64,
    /// Of them by the original due moment.
    pub closed_on_time: u64,
    /// Of them with days used.
    pub used: u64,
    /// The days used, in halves.
    pub half_days: u64,
    /// Of the closed, those asked for a rating.
    pub asked: u64,
    /// Of the asked, those who gave one by the end.
    pub answered: u64,
    /// Open at the end.
    pub open_at_end: u64,
    /// Of them past the original due moment.
    pub pending_overdue: u64,
    /// Ratings given.
    pub ratings: u64,
    /// The levels of their overall question, added up.
    pub levels: u64,
}

/// A period of the series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesRow {
    /// The period: `2024`, `2024Q3`, `2024-09`.
    pub period: String,
    /// Whether it has ended.
    pub complete: bool,
    /// Whether these are the figures that were reported and locked.
    pub locked: bool,
    /// The month of the first petition, where records begin only within the period: it is not to be compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records_from: Option<String>,
    /// Open when it began.
    pub open_at_start: u64,
    /// Came in.
    pub received: u64,
    /// Finished.
    pub closed: u64,
    /// Open when it ended.
    pub open_at_end: u64,
    /// Of the closed by the original due moment.
    pub closed_on_time: u64,
    /// Of the closed after it.
    pub closed_late: u64,
    /// Of the open past the original due moment.
    pub pending_overdue: u64,
    /// Closed on time ÷ closed.
    pub on_time_rate: Option<f64>,
    /// Mean of the days used by the closed.
    pub mean_days: Option<f64>,
    /// Answered ÷ asked.
    pub response_rate: Option<f64>,
    /// Mean of the overall question.
    pub satisfaction: Option<f64>,
}

impl SeriesRow {
    /// The row of a period that was counted whole.
    #[must_use]
    pub fn of(figures: &PeriodFigures) -> Self {
        let total = &figures.total;
        Self {
            period: if figures.period.is_empty() { figures.year.to_string() } else { figures.period.clone() },
            complete: figures.complete,
            locked: figures.locked_at.is_some(),
            records_from: None,
            open_at_start: total.open_at_start,
            received: total.received,
            closed: total.closed,
            open_at_end: total.open_at_end,
            closed_on_time: total.closed_on_time,
            closed_late: total.closed_late,
            pending_overdue: total.pending_overdue,
            on_time_rate: total.on_time_rate,
            mean_days: total.mean_days,
            response_rate: total.ratings.response_rate,
            satisfaction: total.ratings.questions.get(&Question::Overall).and_then(|question| question.mean),
        }
    }

    /// Whether it is over and was recorded from its beginning.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.complete && self.records_from.is_none()
    }

    /// The row of a past period that was added up.
    #[must_use]
    pub fn of_brief(period: String, brief: &Brief) -> Self {
        Self {
            period,
            complete: true,
            locked: false,
            records_from: None,
            open_at_start: (brief.open_at_end + brief.closed).saturating_sub(brief.received),
            received: brief.received,
            closed: brief.closed,
            open_at_end: brief.open_at_end,
            closed_on_time: brief.closed_on_time,
            closed_late: brief.closed - brief.closed_on_time,
            pending_overdue: brief.pending_overdue,
            on_time_rate: ratio(brief.closed_on_time, brief.closed),
            mean_days: ratio(brief.half_days, brief.used).map(|half_days| half_days / 2.0),
            response_rate: ratio(brief.answered, brief.asked),
            satisfaction: ratio(brief.levels, brief.ratings),
        }
    }
}

/// A figure and what it was a year before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The figure, by its name in [`SeriesRow`].
    pub figure: String,
    /// Now.
    pub now: Option<f64>,
    /// A year before.
    pub before: Option<f64>,
    /// Now less before.
    pub change: Option<f64>,
    /// The change ÷ before; only of numbers of cases.
    pub change_rate: Option<f64>,
}

/// What has changed between the last two periods of a series; nothing while the last one runs, or where records begin only
/// within the one before: what grew then is the recording.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
pub fn changes(series: &[SeriesRow]) -> Vec<Change> {
    let [.., before, now] = series else { return Vec::new() };
    if !now.complete || before.records_from.is_some() {
        return Vec::new();
    }
    let change = |figure: &str, of: &dyn Fn(&SeriesRow) -> Option<f64>, counted: bool| {
        let (now, before) = (of(now), of(before));
        let change = now.zip(before).map(|(now, before)| now - before);
        let change_rate =
            change.zip(before).filter(|(_, before)| counted && *before > 0.0).map(|(change, before)| change / before);
        Change { figure: figure.to_owned(), now, before, change, change_rate }
    };
    let count = |figure: &str, of: fn(&SeriesRow) -> u64| change(figure, &|row| Some(of(row) as f64), true);
    vec![
        count("received", |row| row.received),
        count("closed", |row| row.closed),
        count("closed_on_time", |row| row.closed_on_time),
        count("closed_late", |row| row.closed_late),
        count("open_at_end", |row| row.open_at_end),
        count("pending_overdue", |row| row.pending_overdue),
        change("on_time_rate", &|row| row.on_time_rate, false),
        change("mean_days", &|row| row.mean_days, false),
        change("response_rate", &|row| row.response_rate, false),
        change("satisfaction", &|row| row.satisfaction, false),
    ]
}
