//! What a report lists beside its tables: its overdue cases, and the improvement measures of its year.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::figures::{CountedRound, ImprovementMeasure, Names, OverdueCase};
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::Db;
use crate::store::figures::category_names;
use crate::store::lists::names;
use crate::store::measures;
use crate::store::reference::Reference;
use crate::store::running::numbers;

/// Overdue cases told at most: those that are overdue longest.
const MOST: usize = 1_000;

/// The overdue cases of a period from their rounds, the one that was due first at the top.
///
/// # Errors
/// Of the database.
pub(super) fn overdue(
    db: &mut Db,
    (reference, zone): (&Reference, &TimeZone),
    mut rounds: Vec<(i64, CountedRound)>,
) -> Result<Vec<OverdueCase>> {
    rounds.sort_by_key(|(case_id, round)| (round.original_due_at, *case_id));
    rounds.truncate(MOST);
    let ids: Vec<i64> = rounds.iter().map(|(case_id, _)| *case_id).collect();
    let (numbers, categories) = (numbers(db, &ids)?, names_of_categories(db)?);
    let day = |moment: Option<Moment>| moment.map(|moment| moment.date_in(zone).to_string());
    let listed = rounds.into_iter().filter_map(|(case_id, round)| {
        Some(OverdueCase {
            case_number: numbers.get(&case_id)?.0.clone(),
            channel: round.place.channel,
            category: round.place.category.and_then(|code| categories.get(code.as_str()).cloned()),
            unit: round.place.unit_id.and_then(|id| unit(reference, id)),
            received_on: day(Some(round.opened_at))?,
            due_on: day(round.original_due_at)?,
            due_on_extended: day(round.due_at.or(round.original_due_at))?,
            finished_on: day(round.finish.map(|finish| finish.at)),
        })
    });
    Ok(listed.collect())
}

/// The measures of a year, and those of earlier years that are still to be done, as they stand.
///
/// # Errors
/// Of the database.
pub(super) fn measures(db: &mut Db, reference: &Reference, year: i16) -> Result<Vec<ImprovementMeasure>> {
    let year = i32::from(year);
    let mut found = measures::list(db, None)?;
    found.retain(|measure| measure.year < year);
    found.extend(measures::list(db, Some(year))?);
    let people = names(db, found.iter().filter_map(|measure| measure.owner_id))?;
    let categories = names_of_categories(db)?;
    let listed = found.into_iter().map(|measure| {
        let due_on: Date = measure.due_on()?;
        Ok(ImprovementMeasure {
            year: measure.year,
            category: measure.category.and_then(|code| categories.get(&code).cloned()),
            unit: unit(reference, measure.unit_id),
            owner: measure.owner_id.and_then(|id| people.get(&id).cloned()),
            due_on: due_on.to_string(),
            state: measure.state,
            title: measure.title,
        })
    });
    listed.collect()
}

fn names_of_categories(db: &mut Db) -> Result<HashMap<String, Names>> {
    Ok(category_names(db)?.into_iter().collect())
}

fn unit(reference: &Reference, id: i64) -> Option<Names> {
    reference.units.get(id).map(|unit| Names { name_zh: unit.name_zh.clone(), name_en: unit.name_en.clone() })
}
