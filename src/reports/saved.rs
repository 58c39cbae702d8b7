//! The figures of a saved report: its period as of a day, what its filter leaves of it, its tables; and the same as files.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Format, Words, write, year};
use crate::domain::figures::{DissatisfiedComments, PeriodFigures, Scope, SeriesRow};
use crate::domain::saved_report::{SavedFormat, Terms};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::reference::Reference;
use crate::store::{Db, figures as store_figures};

/// Counts a report called `name`. Its period is that of `day`; what runs is counted up to `now`.
///
/// # Errors
/// `NotFound` when its period has not begun.
pub fn figures(
    db: &mut Db,
    (reference, zone): (&Reference, &TimeZone),
    (name, terms): (&str, &Terms),
    day: Date,
    now: Moment,
) -> Result<PeriodFigures> {
    let (period, filter) = (terms.period.on(day), &terms.filter);
    let mut figures = if filter.is_empty() {
        year::of_period(db, reference, zone, period, now)?
    } else {
        let mut part = year::count_part(db, reference, zone, (period, filter), now)?;
        part.series = vec![SeriesRow::of(&part)];
        part
    };
    let (categories, classes) = (store_figures::category_names(db)?, store_figures::speed_class_names(db)?);
    figures.scope = Some(Scope::of(name, filter, &reference.units, &categories, &classes));
    figures.tables.keep_only(&terms.tables);
    // Figures alone: no list of cases, no words of petitioners.
    figures.overdue_cases = Vec::new();
    figures.improvement_measures = Vec::new();
    figures.dissatisfied_comments = DissatisfiedComments::default();
    Ok(figures)
}

/// The format of reports in which a file is written; none in programs that are built without it.
#[must_use]
pub const fn format_of(format: SavedFormat) -> Option<Format> {
    match format {
        SavedFormat::Ods => Some(Format::Ods),
        SavedFormat::Xlsx => Some(Format::Xlsx),
        SavedFormat::Csv => Some(Format::Zip),
        SavedFormat::Json => Some(Format::Json),
        SavedFormat::Pdf if Format::Pdf.is_built_in() => Some(Format::Pdf),
        SavedFormat::Pdf => None,
    }
}

/// The formats that this program can write, in order.
pub fn formats() -> impl Iterator<Item = SavedFormat> {
    SavedFormat::ALL.iter().copied().filter(|format| format_of(*format).is_some())
}

/// What the names of files in a format end with, and what they are called on pages: tables as CSV come in one archive.
#[must_use]
pub fn ending(format: SavedFormat) -> &'static str {
    format_of(format).map_or(format.code(), Format::code)
}

/// The format of files whose names end so, of those that this program can write.
#[must_use]
pub fn of_ending(text: &str) -> Option<SavedFormat> {
    formats().find(|format| ending(*format) == text)
}

/// A file of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A report as a file; none in a format that is not built in.
///
/// # Errors
/// `Internal` when a text is missing; `Unavailable` when there is no font for it.
pub fn file(
    figures: &PeriodFigures,
    format: SavedFormat,
    locale: &str,
    words: &dyn Words,
) -> Result<Option<ReportFile>> {
    let Some(format) = format_of(format) else { return Ok(None) };
    let name = figures.scope.as_ref().map_or("", |scope| scope.report.as_str());
    let name = format!("{name}-{}.{}", figures.period, format.code());
    Ok(Some(ReportFile { name, media_type: format.media_type(), bytes: write(figures, format, locale, words)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_what_they_are() {
        assert_eq!((of_ending("zip"), of_ending("ods")), (Some(SavedFormat::Csv), Some(SavedFormat::Ods)));
        assert_eq!((of_ending("csv"), of_ending("exe")), (None, None));
        assert_eq!(ending(SavedFormat::Csv), "zip");
    }
}
