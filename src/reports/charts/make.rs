//! How every chart of a report is made, whatever it was counted from: its numbers told for those who do not see it, its unit,
//! where the numbers come from and what of the period they count.

use serde_json::json;

use super::text::number;
use crate::domain::figures::PeriodFigures;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::reports::book::{Chart, ChartKind, Kind, Series};
use crate::reports::{Words, scope};

/// Makes charts of records that were read together.
pub(in crate::reports) struct Maker<'a> {
    /// Where the numbers come from, and as of when.
    pub(in crate::reports) source: String,
    scope: Option<String>,
    locale: &'a str,
    words: &'a dyn Words,
}

impl<'a> Maker<'a> {
    /// Charts of everything, as it was at a moment.
    ///
    /// # Errors
    /// `Internal` when a text is missing.
    pub(in crate::reports) fn new(as_of: Moment, locale: &'a str, words: &'a dyn Words) -> Result<Self> {
        let at = words.moment(locale, &as_of.to_string())?;
        let source = words.text(locale, "chart-records", &json!({ "at": at }))?;
        Ok(Self { source, scope: None, locale, words })
    }

    /// Charts of a period's figures, which say what they count where it is not everything.
    ///
    /// # Errors
    /// `Internal` when a text is missing.
    pub(in crate::reports) fn of(figures: &PeriodFigures, locale: &'a str, words: &'a dyn Words) -> Result<Self> {
        let scope = figures.scope.as_ref().map(|of| scope::line(of, locale, words)).transpose()?;
        Ok(Self { scope, ..Self::new(figures.as_of, locale, words)? })
    }

    /// A chart, with what it shows in words: each series and its values, those that there are.
    ///
    /// # Errors
    /// `Internal` when a text is missing.
    pub(in crate::reports) fn chart(
        &self,
        (code, kind, title): (&str, ChartKind, String),
        values: Kind,
        categories: Vec<String>,
        series: Vec<Series>,
    ) -> Result<Chart> {
        let say = |key: &str| self.words.text(self.locale, key, &json!({}));
        let unit = match values {
            Kind::Count => say("chart-unit")?,
            Kind::Days => say("handling-unit")?,
            // A share or a mean has no unit but what it is.
            Kind::Rate | Kind::Score | Kind::Text | Kind::Date => {
                series.first().map(|first| first.name.clone()).unwrap_or_default()
            }
        };
        let comma = say("list-comma")?;
        let tell = |series: &Series| {
            let pairs = categories.iter().zip(&series.values);
            let told: Vec<String> =
                pairs.filter_map(|(of, value)| Some(format!("{of} {}", number(values, (*value)?)))).collect();
            let said = json!({ "name": series.name, "values": told.join(&comma) });
            self.words.text(self.locale, "chart-alt", &said)
        };
        let alt = series.iter().map(tell).collect::<Result<Vec<_>>>()?;
        Ok(Chart {
            code: code.to_owned(),
            kind,
            title,
            unit,
            scope: self.scope.clone(),
            source: self.source.clone(),
            alt: alt.join(" "),
            values,
            categories,
            series,
        })
    }
}

/// A series of whole numbers.
#[expect(clippy::cast_precision_loss, reason = "a count of cases is far below 2^52")]
pub(in crate::reports) fn counts(name: String, numbers: impl IntoIterator<Item = u64>) -> Series {
    Series { name, values: numbers.into_iter().map(|number| Some(number as f64)).collect() }
}
