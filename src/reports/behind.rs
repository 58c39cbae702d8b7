//! The cases behind a number of a report or of a day: exactly those that were counted into it, a page after a key. A page
//! reads on until it is full; how far is bounded by the period, never by the cases there ever were.

use crate::domain::case::{Channel, CloseCode, Kind};
use crate::domain::figures::{
    Cell, CountedRound, Day, DayCell, DayList, Figure, Period, RowOf, TableName, UNASSIGNED, UNCLASSIFIED,
};
use crate::domain::units::Units;
use crate::error::Result;
use crate::store::Db;
use crate::store::figures_list::{Listed, PlaceIs, RoundKey, Sieve, piece};

/// Rounds that are read at once: at first a little more than a page shows, then more and more.
const FIRST: i64 = 64;
const MOST: i64 = 4_096;

/// A number.
pub enum Behind<'a> {
    /// A cell of a period's report.
    OfPeriod(&'a Period, &'a Cell),
    /// A number of a day.
    OfDay(&'a Day<'a>, &'a DayCell),
}

impl Behind<'_> {
    /// A page after a key: at most `limit` rounds.
    ///
    /// # Errors
    /// Of the database.
    pub fn page(&self, db: &mut Db, units: &Units, after: Option<RoundKey>, limit: usize) -> Result<Vec<Listed>> {
        let sieve = self.sieve(units);
        let (mut found, mut key, mut size) = (Vec::new(), after, FIRST);
        loop {
            let read = piece(db, self.period(), &sieve, key, size)?;
            let last = read.last().map(Listed::key);
            let more = i64::try_from(read.len()) == Ok(size);
            found.extend(read.into_iter().filter(|listed| self.holds(&listed.round, units)));
            if found.len() >= limit || !more {
                found.truncate(limit);
                return Ok(found);
            }
            (key, size) = (last, (size * 4).min(MOST));
        }
    }

    /// How many there are, at most `most`.
    ///
    /// # Errors
    /// Of the database.
    pub fn count(&self, db: &mut Db, units: &Units, most: usize) -> Result<usize> {
        Ok(self.page(db, units, None, most)?.len())
    }

    const fn period(&self) -> &Period {
        match self {
            Self::OfPeriod(period, _) => period,
            Self::OfDay(day, _) => day.period(),
        }
    }

    fn holds(&self, round: &CountedRound, units: &Units) -> bool {
        match self {
            Self::OfPeriod(period, cell) => cell.holds(round, period, units),
            Self::OfDay(day, cell) => cell.holds(round, day, units),
        }
    }

    fn sieve(&self, units: &Units) -> Sieve {
        match self {
            Self::OfPeriod(_, Cell { figure, row }) => of_figure(*figure, row.as_ref(), units),
            Self::OfDay(_, DayCell { list, unit, .. }) => {
                let row = unit.as_ref().map(|code| RowOf { table: TableName::Unit, code: code.clone() });
                let figure = match list {
                    DayList::Open | DayList::DueToday | DayList::DueSoon | DayList::Overdue => Figure::OpenAtEnd,
                    DayList::Received => Figure::Received,
                    DayList::Closed => Figure::Closed,
                };
                of_figure(figure, row.as_ref(), units)
            }
        }
    }
}

/// Where the cases behind the numbers of a row are listed; the figure's name follows. None for rows that are no place. A
/// month is a period of its own.
#[must_use]
pub fn address(cases: &str, period: &str, row: Option<(TableName, &str)>) -> Option<String> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    match row {
        None => query.append_pair("period", period),
        Some((TableName::Month, month)) => query.append_pair("period", month),
        Some((table, row)) if Cell::TABLES.contains(&table) => {
            query.append_pair("period", period).append_pair("table", table.code()).append_pair("row", row)
        }
        Some(_) => return None,
    };
    Some(format!("{cases}?{}&figure=", query.finish()))
}

/// The same of a number that is named by its message, with its figure.
#[must_use]
pub fn address_of(cases: &str, period: &str, key: &str) -> Option<String> {
    let code = key.trim_start_matches("figure-").trim_start_matches("close-").replace('-', "_");
    match (Figure::parse(&code), CloseCode::parse(&code)) {
        (Some(figure), _) => Some(address(cases, period, None)? + figure.code()),
        (None, Some(code)) => {
            Some(address(cases, period, Some((TableName::CloseCode, code.code())))? + Figure::Closed.code())
        }
        (None, None) => None,
    }
}

fn of_figure(figure: Figure, row: Option<&RowOf>, units: &Units) -> Sieve {
    Sieve {
        opened: figure.of_opened(),
        carried: figure.of_carried(),
        finished: figure.of_finished(),
        place: row.and_then(|row| place_of(row, units)),
    }
}

/// The place of a row as the database can ask for it.
fn place_of(row: &RowOf, units: &Units) -> Option<PlaceIs> {
    let code = Some(row.code.clone()).filter(|code| code != UNCLASSIFIED);
    match row.table {
        TableName::Channel => Channel::parse(&row.code).map(PlaceIs::Channel),
        TableName::Kind => Kind::parse(&row.code).map(PlaceIs::Kind),
        TableName::Category => Some(PlaceIs::Category(code)),
        TableName::SpeedClass => Some(PlaceIs::SpeedClass(code)),
        // What no unit had, or one that is gone, is found by the rule alone.
        TableName::Unit if row.code == UNASSIGNED => None,
        TableName::Unit => {
            let of = |id: &i64| units.division(*id).is_some_and(|division| division.code == row.code);
            Some(PlaceIs::Units(units.all().iter().map(|unit| unit.id).filter(of).collect()))
        }
        TableName::Month
        | TableName::CloseCode
        | TableName::Extension
        | TableName::Reassignment
        | TableName::UnitTree
        | TableName::CategoryTree
        | TableName::ChannelMonth => None,
    }
}
