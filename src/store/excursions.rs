//! Numbers that left their usual range: one open row at most for each number, place and side, so that it is told once.

use diesel::prelude::*;

use super::Db;
use super::schema::excursions;
use crate::domain::figures::{Side, Watched, WatchedPlace};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::on;

/// A number outside its usual range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excursion {
    /// Which number.
    pub measure: Watched,
    /// Of what kind of place.
    pub place: WatchedPlace,
    /// Of which: the code of the category, or of the branch or division.
    pub code: String,
    /// On which side.
    pub side: Side,
    /// The month it began in, as YYYYMM.
    pub month: i32,
    /// What it was when it was told.
    pub number: i64,
    /// The least that is usual.
    pub low: i64,
    /// The most that is usual.
    pub high: i64,
}

type Row = (String, String, String, String, i32, i64, i64, i64);

/// Those that have not ended, the latest first.
///
/// # Errors
/// Of the database; `Internal` for a code that is not on its list.
pub fn open(db: &mut Db) -> Result<Vec<Excursion>> {
    let rows: Vec<Row> = excursions::table
        .filter(excursions::ended_month.is_null())
        .order((excursions::month.desc(), excursions::id))
        .select((
            excursions::measure,
            excursions::place,
            excursions::code,
            excursions::side,
            excursions::month,
            excursions::number,
            excursions::low,
            excursions::high,
        ))
        .load(db)?;
    rows.into_iter()
        .map(|(measure, place, code, side, month, number, low, high)| {
            let unknown = |text: &str| Error::internal(format!("an excursion holds {text:?}"));
            Ok(Excursion {
                measure: Watched::parse(&measure).ok_or_else(|| unknown(&measure))?,
                place: WatchedPlace::parse(&place).ok_or_else(|| unknown(&place))?,
                side: Side::parse(&side).ok_or_else(|| unknown(&side))?,
                code,
                month,
                number,
                low,
                high,
            })
        })
        .collect()
}

/// Begins one; `false` when it has begun already.
///
/// # Errors
/// Of the database.
pub fn begin(db: &mut Db, new: &Excursion, now: Moment) -> Result<bool> {
    let row = (
        excursions::measure.eq(new.measure.code()),
        excursions::place.eq(new.place.code()),
        excursions::code.eq(new.code.as_str()),
        excursions::side.eq(new.side.code()),
        excursions::month.eq(new.month),
        excursions::number.eq(new.number),
        excursions::low.eq(new.low),
        excursions::high.eq(new.high),
        excursions::told_at.eq(now),
    );
    Ok(on!(db, c => diesel::insert_into(excursions::table).values(row).on_conflict_do_nothing().execute(c))? == 1)
}

/// Ends one: the number is usual again in `month`.
///
/// # Errors
/// Of the database.
pub fn end(db: &mut Db, open: &Excursion, month: i32) -> Result<()> {
    diesel::update(
        excursions::table
            .filter(excursions::measure.eq(open.measure.code()).and(excursions::place.eq(open.place.code())))
            .filter(excursions::code.eq(open.code.as_str()).and(excursions::side.eq(open.side.code())))
            .filter(excursions::ended_month.is_null()),
    )
    .set(excursions::ended_month.eq(Some(month)))
    .execute(db)?;
    Ok(())
}
