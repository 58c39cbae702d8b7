//! Shares and means beside the counts. Shares and the means of ratings are worked out from published counts, and tell nothing
//! that these do not. Days used are given where the bands of days are published of the same cases to the last one: then five
//! cases at least are in every band that has any.

use serde::{Deserialize, Serialize};

use super::{Population, Published, Variable};
use crate::codes;
use crate::domain::figures::{Figures, PeriodFigures, Row};

codes! {
    /// What is given beside the counts.
    IndicatorName {
        /// Closed by the original limit ÷ closed.
        OnTimeRate = "on_time_rate",
        /// Mean of the days used.
        MeanDays = "mean_days",
        /// Their median.
        MedianDays = "median_days",
        /// Nine in ten used no more days.
        P90Days = "p90_days",
        /// Rated ÷ asked for a rating.
        ResponseRate = "response_rate",
        /// Satisfied or very satisfied ÷ all answers.
        SatisfiedRate = "satisfied_rate",
        /// Mean of the levels 1 to 5.
        MeanLevel = "mean_level",
    }
}

/// A share or a mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// Which.
    pub indicator: IndicatorName,
    /// Of what.
    pub population: Population,
    /// Of ratings: the question.
    pub question: Option<Variable>,
    /// The variable that the row is a value of; none for all together.
    pub variable: Option<Variable>,
    /// The code of the row.
    pub code: Option<String>,
    /// The number of cases or answers that it is taken of.
    pub cases: u64,
    /// The value, in as many decimals as are given.
    pub value: f64,
}

/// What can be given of a population.
#[must_use]
pub fn indicators(figures: &PeriodFigures, published: &Published) -> Vec<Indicator> {
    let mut all = Vec::new();
    for margin in &published.margins {
        let counts: Vec<Option<u64>> = margin.values.iter().map(|value| value.count).collect();
        all.extend(of(published.population, margin.variable, None, &counts, &figures.total));
    }
    for cross in &published.crosses {
        let values = published.margin(cross.rows).map_or(&[][..], |margin| margin.values.as_slice());
        for (value, counts) in values.iter().zip(&cross.cells) {
            let row = row(figures, cross.rows, &value.code);
            let of_row =
                row.map(|row| of(published.population, cross.columns, Some((cross.rows, row)), counts, &row.figures));
            all.extend(of_row.into_iter().flatten());
        }
    }
    all
}

fn row<'a>(figures: &'a PeriodFigures, variable: Variable, code: &str) -> Option<&'a Row> {
    figures.tables.get(variable.table()?).iter().find(|row| row.code == code)
}

/// What the counts of a row, or of all together, give; nothing where one is suppressed.
fn of(
    population: Population,
    columns: Variable,
    row: Option<(Variable, &Row)>,
    counts: &[Option<u64>],
    figures: &Figures,
) -> Vec<Indicator> {
    let Some(counts) = counts.iter().copied().collect::<Option<Vec<u64>>>() else { return Vec::new() };
    let cases: u64 = counts.iter().sum();
    let make = |indicator, question, cases, value: Option<f64>| {
        value.map(|value| Indicator {
            indicator,
            population,
            question,
            variable: row.map(|(variable, _)| variable),
            code: row.map(|(_, row)| row.code.clone()),
            cases,
            value,
        })
    };
    let found = match (columns, counts.as_slice()) {
        (Variable::Timeliness, [on_time, _]) => {
            vec![make(IndicatorName::OnTimeRate, None, cases, share(*on_time, cases))]
        }
        (Variable::Survey, [answered, unanswered, _]) => {
            let asked = answered + unanswered;
            vec![make(IndicatorName::ResponseRate, None, asked, share(*answered, asked))]
        }
        (Variable::Days, counts) if cases > 0 => {
            let of = counts.iter().take(5).sum();
            let days = |value: Option<f64>| value.map(|days| rounded(days, 100.0));
            vec![
                make(IndicatorName::MeanDays, None, of, days(figures.mean_days)),
                make(IndicatorName::MedianDays, None, of, days(figures.median_days)),
                make(IndicatorName::P90Days, None, of, days(figures.p90_days)),
            ]
        }
        (question, [_, _, _, satisfied, very]) if population == Population::Ratings => {
            let levels: u64 = (1..).zip(&counts).map(|(level, number)| level * number).sum();
            let mean = ratio(levels, cases).map(|mean| rounded(mean, 100.0));
            vec![
                make(IndicatorName::SatisfiedRate, Some(question), cases, share(satisfied + very, cases)),
                make(IndicatorName::MeanLevel, Some(question), cases, mean),
            ]
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

fn share(part: u64, whole: u64) -> Option<f64> {
    ratio(part, whole).map(|share| rounded(share, 10_000.0))
}

#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn rounded(value: f64, steps: f64) -> f64 {
    (value * steps).round() / steps
}
