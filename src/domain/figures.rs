//! The figures of a year (統計): what a row of a report says, and the tables it stands in. How cases become figures is in
//! `count`, how a row is worked out in `tally`, which moments belong to a year in `period`.

mod count;
mod period;
mod tally;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::domain::case::CloseCode;
use crate::domain::time::Moment;

pub use self::count::{CountedRating, CountedRound, Counts, Directory, Finish, Place};
pub use self::period::Period;
pub use self::tally::Tally;

codes! {
    /// The tables of a report: what its rows are.
    TableName {
        /// Months of the year.
        Month = "month",
        /// How petitions came in.
        Channel = "channel",
        /// The four kinds of petition.
        Kind = "kind",
        /// The agency's categories.
        Category = "category",
        /// Branches and divisions, each with every unit below it.
        Unit = "unit",
    }
}

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

/// The code of the row for cases that no category was set for.
pub const UNCLASSIFIED: &str = "unclassified";
/// The code of the row for cases that no unit had.
pub const UNASSIGNED: &str = "unassigned";

/// A year's figures, as they are reported and, once locked, kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct YearFigures {
    /// The year of the common era.
    pub year: i16,
    /// The agency.
    pub agency: Names,
    /// The first local day that is counted (YYYY-MM-DD).
    pub from: String,
    /// The last local day that is counted (YYYY-MM-DD).
    pub to: String,
    /// Whether the year has ended; if not, everything is as of `as_of`.
    pub complete: bool,
    /// When the records were read.
    pub as_of: Moment,
    /// When these figures were reported; from then on they stay as they are.
    pub locked_at: Option<Moment>,
    /// Everything together.
    pub total: Figures,
    /// The tables.
    pub tables: Tables,
}

/// The tables of a report, each with its rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tables {
    /// By month.
    pub month: Vec<Row>,
    /// By channel.
    pub channel: Vec<Row>,
    /// By kind.
    pub kind: Vec<Row>,
    /// By category.
    pub category: Vec<Row>,
    /// By unit.
    pub unit: Vec<Row>,
}

impl Tables {
    /// Every table by its name, in the order of the list.
    pub fn each(&self) -> impl Iterator<Item = (TableName, &[Row])> {
        TableName::ALL.iter().map(|name| (*name, self.get(*name)))
    }

    /// The rows of a table.
    #[must_use]
    pub fn get(&self, name: TableName) -> &[Row] {
        match name {
            TableName::Month => &self.month,
            TableName::Channel => &self.channel,
            TableName::Kind => &self.kind,
            TableName::Category => &self.category,
            TableName::Unit => &self.unit,
        }
    }

    /// The rows of a table, to be changed.
    pub fn get_mut(&mut self, name: TableName) -> &mut Vec<Row> {
        match name {
            TableName::Month => &mut self.month,
            TableName::Channel => &mut self.channel,
            TableName::Kind => &mut self.kind,
            TableName::Category => &mut self.category,
            TableName::Unit => &mut self.unit,
        }
    }
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What the row is: `2026-01` for a month, otherwise the code of the channel, kind, category or unit.
    pub code: String,
    /// Its names where the agency gave them; those of months, channels and kinds are the program's.
    #[serde(flatten)]
    pub names: Option<Names>,
    /// Cases that were open at the last reported end under another row of this table.
    #[serde(default)]
    pub reclassified_in: u64,
    /// Cases that were open at the last reported end under this row, and start this year under another.
    #[serde(default)]
    pub reclassified_out: u64,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// In Chinese.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
}

impl Names {
    /// The name in a locale.
    #[must_use]
    pub fn of(&self, locale: &str) -> &str {
        if locale.starts_with("zh") { &self.name_zh } else { &self.name_en }
    }
}

/// The figures of one row (domain page, section 5). `open_at_start + received = closed + open_at_end`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    pub pending_over: u64,
    /// Closed on time ÷ closed.
    pub on_time_rate: Option<f64>,
    /// Mean of the days used by the closed.
    pub mean_days: Option<f64>,
    /// Their median.
    pub median_days: Option<f64>,
    /// The closed by days used.
    pub days: DayBands,
    /// Of the closed, those that were extended.
    pub extended: u64,
    /// Of the closed, those transferred to another agency.
    pub transferred: u64,
    /// Of the closed, those left unprocessed, by ground of article 173.
    pub no_action: BTreeMap<CloseCode, u64>,
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

/// The ratings given in a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RatingFigures {
    /// How many.
    pub number: u64,
    /// Ratings ÷ replied.
    pub response_rate: Option<f64>,
    /// Each question.
    pub questions: BTreeMap<Question, QuestionFigures>,
}

/// The answers to one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionFigures {
    /// Their mean, 1 to 5.
    pub mean: Option<f64>,
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
