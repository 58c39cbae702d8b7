//! The top issues (熱門議題) of a period: the categories that most petitions were about, beside the same period a year earlier,
//! and which of them grew by more than chance explains.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::tally::ratio;
use super::{Names, Row, UNCLASSIFIED};

/// Issues told at most.
const MOST: usize = 10;

/// A category that many petitions were about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopIssue {
    /// The category.
    pub code: String,
    /// What it is called.
    #[serde(flatten)]
    pub names: Names,
    /// Received in the period.
    pub received: u64,
    /// Received in the same part of the year before; none where nothing was recorded then.
    pub received_before: Option<u64>,
    /// The difference ÷ what was received then; none of nothing.
    pub growth_rate: Option<f64>,
    /// Whether the growth is more than chance explains.
    pub notable: bool,
    /// Closed on time ÷ closed.
    pub on_time_rate: Option<f64>,
    /// Mean of the overall rating.
    pub satisfaction: Option<f64>,
}

/// The top issues among the rows of the table of categories; `before` is what each received a year earlier,
/// where there was anything.
#[must_use]
pub fn top_issues(rows: &[Row], before: Option<&HashMap<String, u64>>) -> Vec<TopIssue> {
    let mut issues: Vec<TopIssue> = rows
        .iter()
        .filter(|row| row.code != UNCLASSIFIED && row.figures.received > 0)
        .map(|row| {
            let now = row.figures.received;
            let then = before.map(|before| before.get(&row.code).copied().unwrap_or(0));
            let own = || Names { name_zh: row.code.clone(), name_en: row.code.clone() };
            TopIssue {
                code: row.code.clone(),
                names: row.names.clone().unwrap_or_else(own),
                received: now,
                received_before: then,
                growth_rate: then.and_then(|then| ratio(now, then)).map(|times| times - 1.0),
                notable: then.is_some_and(|then| is_notable(now, then)),
                on_time_rate: row.figures.on_time_rate,
                satisfaction: row.figures.ratings.overall(),
            }
        })
        .collect();
    issues.sort_by(|a, b| b.received.cmp(&a.received).then_with(|| a.code.cmp(&b.code)));
    issues.truncate(MOST);
    issues
}

/// Whether so many more are unlikely to be chance: the difference of two counts that only chance sets apart is rarely (one time
/// in forty) more than twice the root of their sum.
#[must_use]
pub fn is_notable(now: u64, then: u64) -> bool {
    now > then && (now - then).saturating_mul(now - then) > 4 * now.saturating_add(then)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::figures::Tally;

    #[test]
    fn growth_is_notable_where_chance_does_not_explain_it() {
        for (now, then, notable) in [
            (0, 0, false),
            (4, 0, false),
            (5, 0, true),
            (12, 8, false),
            (120, 80, true),
            (80, 120, false),
            (1020, 1000, false),
        ] {
            assert_eq!(is_notable(now, then), notable, "{now} after {then}");
        }
    }

    #[test]
    fn the_largest_stand_first_and_what_has_no_category_is_no_issue() {
        let row = |code: &str, received| {
            let mut figures = Tally::default().figures();
            figures.received = received;
            Row::new(code, None, figures)
        };
        let rows = [row("noise", 10), row("rescue", 40), row(UNCLASSIFIED, 99), row("none", 0), row("drugs", 10)];
        let before = HashMap::from([("rescue".to_owned(), 20), ("noise".to_owned(), 0)]);
        let issues = top_issues(&rows, Some(&before));
        let told: Vec<_> =
            issues.iter().map(|i| (i.code.as_str(), i.received_before, i.growth_rate, i.notable)).collect();
        assert_eq!(
            told,
            [("rescue", Some(20), Some(1.0), true), ("drugs", Some(0), None, true), ("noise", Some(0), None, true)]
        );
        assert!(top_issues(&rows, None).iter().all(|issue| issue.received_before.is_none() && !issue.notable));
    }
}
