//! The figures of a period (統計): what a report says, and the tables its rows stand in. How cases become figures is in
//! `count`, how the tables are laid out in `rows`, how a row is worked out in `tally`, which moments belong to a period in
//! `period`; what of it a saved report counts in `filter`; which cases stand behind a number in `cell` (of a period) and `day`; what is kept of a month that is over in
//! `fold`; what each figure means is said once, in `definitions`.

mod around;
mod cell;
mod count;
mod day;
pub mod definitions;
mod filter;
mod fold;
mod histogram;
mod issues;
mod lists;
mod period;
mod rows;
mod series;
mod tally;
mod terms;
mod trees;
mod usual;
mod values;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::domain::time::Moment;

pub use self::cell::{Cell, Figure, RowOf, row_of};
pub use self::count::{CountedRating, CountedRound, Counts, Finish, Place, Reached, alone};
pub use self::day::{Age, Day, DayCell, DayFigures, DayList, DayUnit};
pub use self::filter::{Filter, Scope, ScopePart, ScopeValue, Sifted};
pub use self::fold::MonthFold;
pub use self::issues::{TopIssue, is_notable, top_issues};
pub use self::lists::{ImprovementMeasure, OverdueCase};
pub use self::period::{FIRST_YEAR, Period, PeriodName};
pub use self::rows::Directory;
pub use self::series::{Brief, Change, SeriesRow, changes};
pub use self::tally::Tally;
pub use self::terms::{DissatisfiedComments, FEWEST, Term, terms};
pub use self::usual::{Side, UsualRange, UsualRule, Watched, WatchedPlace};
pub use self::values::{DayBands, Figures, Level, Question, QuestionFigures, RatingFigures, Stage, StageFigures};

codes! {
    /// The tables of a report: what its rows are.
    TableName {
        /// Months of the period.
        Month = "month",
        /// How petitions came in.
        Channel = "channel",
        /// The four kinds of petition.
        Kind = "kind",
        /// The agency's categories.
        Category = "category",
        /// Branches and divisions, each with every unit below it.
        Unit = "unit",
        /// The agency's speed classes.
        SpeedClass = "speed_class",
        /// How cases ended; those still open stand in a row of their own.
        CloseCode = "close_code",
        /// Extended, or not.
        Extension = "extension",
        /// How often a case went from one unit to another.
        Reassignment = "reassignment",
        /// Every unit below its branch or division, which it is summed in.
        UnitTree = "unit_tree",
        /// Every category below the group it is summed in; empty where the agency has no groups.
        CategoryTree = "category_tree",
        /// Each channel, month by month.
        ChannelMonth = "channel_month",
    }
}

impl TableName {
    /// Whether the ratings given in the period are counted by the rows of the table. How the round ended that was rated is
    /// not known beside a rating; how many of those asked answered is known of every row.
    #[must_use]
    pub const fn has_ratings(self) -> bool {
        !matches!(self, Self::CloseCode | Self::Extension | Self::Reassignment)
    }
}

/// The code of the row for cases that no category or speed class was set for.
pub const UNCLASSIFIED: &str = "unclassified";
/// The code of the row for cases that no unit had.
pub const UNASSIGNED: &str = "unassigned";
/// The code of the row for cases that had not ended.
pub const OPEN: &str = "open";
/// What follows a unit's code where the row is what lies in the unit itself, without those below it.
pub const OWN: &str = ".own";

/// The figures of a period, as they are reported and, once locked, kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeriodFigures {
    /// The period as it is asked for: `2026`, `2026Q3`, `2026-09`.
    #[serde(default)]
    pub period: String,
    /// The year of the common era.
    pub year: i16,
    /// The agency.
    pub agency: Names,
    /// The first local day that is counted (YYYY-MM-DD).
    pub from: String,
    /// The last local day that is counted (YYYY-MM-DD).
    pub to: String,
    /// Whether the period has ended; if not, everything is as of `as_of`.
    pub complete: bool,
    /// The moment whose records were counted: the last change of any, or now while the period runs.
    pub as_of: Moment,
    /// When these figures were reported; from then on they stay as they are.
    pub locked_at: Option<Moment>,
    /// The SHA-256 of the figures as they were locked, byte for byte.
    #[serde(default)]
    pub locked_sha256: Option<String>,
    /// Whether what was kept has another checksum now: somebody changed the locked figures.
    #[serde(default)]
    pub locked_damaged: bool,
    /// Of which saved report they are and what of the period they count; none where they are the period's own report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// Everything together.
    pub total: Figures,
    /// This period of five years, this year's last.
    #[serde(default)]
    pub series: Vec<SeriesRow>,
    /// What has changed since the same period a year earlier; empty while the period runs.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// The categories that most petitions were about.
    #[serde(default)]
    pub top_issues: Vec<TopIssue>,
    /// What dissatisfied petitioners wrote.
    #[serde(default)]
    pub dissatisfied_comments: DissatisfiedComments,
    /// The cases that were overdue at the period's end, longest first.
    #[serde(default)]
    pub overdue_cases: Vec<OverdueCase>,
    /// The improvement measures of a year, and those of earlier years that were still to be done.
    #[serde(default)]
    pub improvement_measures: Vec<ImprovementMeasure>,
    /// The tables.
    pub tables: Tables,
}

/// The tables of a report, each with its rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tables(BTreeMap<TableName, Vec<Row>>);

impl Tables {
    /// Every table by its name, in the order of the list.
    pub fn each(&self) -> impl Iterator<Item = (TableName, &[Row])> {
        self.0.iter().map(|(name, rows)| (*name, rows.as_slice()))
    }

    /// The rows of a table; none of one that a report of an earlier version does not have.
    #[must_use]
    pub fn get(&self, name: TableName) -> &[Row] {
        self.0.get(&name).map_or(&[], Vec::as_slice)
    }

    /// Leaves only these tables.
    pub fn keep_only(&mut self, names: &[TableName]) {
        self.0.retain(|name, _| names.contains(name));
    }

    /// The rows of a table, to be changed.
    pub fn get_mut(&mut self, name: TableName) -> &mut Vec<Row> {
        self.0.entry(name).or_default()
    }
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What the row is: `2026-01` for a month, otherwise the code of the channel, kind, category, unit …
    pub code: String,
    /// The month, where the table has rows for each: `2026-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// How deep the row stands in a tree; 1 where there is none.
    #[serde(default = "top")]
    pub level: usize,
    /// The code of the row that this one is summed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
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

const fn top() -> usize {
    1
}

impl Row {
    /// A row of a plain table.
    #[must_use]
    pub fn new(code: &str, names: Option<Names>, figures: Figures) -> Self {
        Self {
            code: code.to_owned(),
            month: None,
            level: top(),
            parent: None,
            names,
            reclassified_in: 0,
            reclassified_out: 0,
            figures,
        }
    }
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
