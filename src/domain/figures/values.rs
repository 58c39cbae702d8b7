//! The figures of one row as values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::domain::case::CloseCode;

codes! {
    /// The questions of a rating.
    Question {
        /// The result.
        Result = "result",
        /// How clear the reply is.
        Clarity = "clarity",
        /// How fast it came.
        Speed = "speed",
        /// The attitude of the staff.
        Attitude = "attitude",
        /// All in all.
        Overall = "overall",
    }
}

codes! {
    /// The levels of an answer.
    Level {
        /// 非常不滿意.
        VeryDissatisfied = "1",
        /// 不滿意.
        Dissatisfied = "2",
        /// 尚可.
        Fair = "3",
        /// 滿意.
        Satisfied = "4",
        /// 非常滿意.
        VerySatisfied = "5",
    }
}

codes! {
    /// The stages of a case, each measured from its receipt.
    Stage {
        /// 登記.
        Registered = "registered",
        /// 分案: a unit has it.
        Assigned = "assigned",
        /// 承辦: a person has it.
        Accepted = "accepted",
        /// 回復: the reply was approved.
        Replied = "replied",
    }
}

/// The figures of one row (domain page, section 5). `open_at_start + received = closed + open_at_end`. What reports of
/// earlier versions did not have is read as none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Open when the period began.
    pub open_at_start: u64,
    /// Came in: new cases and reopened ones.
    pub received: u64,
    /// Of them new.
    pub received_new: u64,
    /// Of them reopened.
    pub reopened: u64,
    /// Finished, with or without a reply.
    pub closed: u64,
    /// Of them by the original due moment.
    pub closed_on_time: u64,
    /// Of them by the due moment with extensions.
    pub closed_on_time_extended: u64,
    /// Of them after the original due moment.
    pub closed_late: u64,
    /// Open when the period ended, or now.
    pub open_at_end: u64,
    /// Of them not past the original due moment.
    pub pending_within: u64,
    /// Of them not past the due moment with extensions.
    pub pending_within_extended: u64,
    /// Of them past the original due moment.
    #[serde(alias = "pending_over")]
    pub pending_overdue: u64,
    /// Closed on time ÷ closed.
    pub on_time_rate: Option<f64>,
    /// Closed on time with extensions ÷ closed.
    #[serde(default)]
    pub on_time_rate_extended: Option<f64>,
    /// Mean of the days used by the closed.
    pub mean_days: Option<f64>,
    /// Their median.
    pub median_days: Option<f64>,
    /// Nine in ten used no more days.
    #[serde(default)]
    pub p90_days: Option<f64>,
    /// The closed by days used.
    pub days: DayBands,
    /// From receipt to each stage, of the closed that reached it.
    #[serde(default)]
    pub stages: BTreeMap<Stage, StageFigures>,
    /// Of the closed, those that were extended.
    pub extended: u64,
    /// Of the closed, those that were reassigned: to a unit not below the one they came from.
    #[serde(default)]
    pub reassigned: u64,
    /// Of the closed, those that did so more than twice.
    #[serde(default)]
    pub reassigned_often: u64,
    /// Of the closed, those transferred to another agency.
    pub transferred: u64,
    /// Of the closed, those left unprocessed, by ground of article 173.
    pub no_action: BTreeMap<CloseCode, u64>,
    /// Of the closed, those that repeat a matter answered before.
    #[serde(default)]
    pub repeated: u64,
    /// Of the closed, those withdrawn.
    pub withdrawn: u64,
    /// Of the closed, those that a reply was approved for.
    pub replied: u64,
    /// What petitioners said of the replies.
    pub ratings: RatingFigures,
}

/// Closed cases by days used; each stands in one band.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayBands {
    /// 3 days or less.
    pub up_to_3: u64,
    /// More than 3, up to 6.
    pub up_to_6: u64,
    /// More than 6, up to 15.
    pub up_to_15: u64,
    /// More than 15, up to 30.
    pub up_to_30: u64,
    /// More than 30.
    pub over_30: u64,
}

/// How long it took from receipt to a stage, in whole hours by the clock, nights and days off among them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StageFigures {
    /// Of how many cases.
    pub number: u64,
    /// Mean.
    pub mean_hours: Option<f64>,
    /// Median.
    pub median_hours: Option<f64>,
    /// Nine in ten took no longer.
    pub p90_hours: Option<f64>,
}

/// The ratings of a period: those given in it, and how many of those asked with its replies answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RatingFigures {
    /// How many were given in the period, whenever the reply went out.
    pub number: u64,
    /// Of the replied, those asked for a rating with the reply.
    #[serde(default)]
    pub asked: u64,
    /// Of the asked, those who gave one by the end of the period.
    #[serde(default)]
    pub answered: u64,
    /// Of the asked, those who did not.
    #[serde(default)]
    pub missing: u64,
    /// Answered ÷ asked.
    pub response_rate: Option<f64>,
    /// Each question.
    pub questions: BTreeMap<Question, QuestionFigures>,
}

/// The answers to one question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QuestionFigures {
    /// Their mean, 1 to 5.
    pub mean: Option<f64>,
    /// Satisfied or very satisfied ÷ all answers.
    #[serde(default)]
    pub satisfied_rate: Option<f64>,
    /// Where the share of the satisfied lies with 95 % confidence, from …
    #[serde(default)]
    pub satisfied_low: Option<f64>,
    /// … to.
    #[serde(default)]
    pub satisfied_high: Option<f64>,
    /// How many for each level.
    pub levels: BTreeMap<Level, u64>,
}

impl RatingFigures {
    /// The mean of the overall question.
    #[must_use]
    pub fn overall(&self) -> Option<f64> {
        self.questions.get(&Question::Overall).and_then(|question| question.mean)
    }
}
