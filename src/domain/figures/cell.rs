//! The cell of a table: which rounds make its number. A round is of a cell when, counted alone, it adds to it: lists and
//! tables follow one rule.

use super::count::{CountedRound, Place, alone};
use super::{Figures, Period, TableName, UNASSIGNED, UNCLASSIFIED};
use crate::codes;
use crate::domain::units::Units;

codes! {
    /// The figures whose cases can be listed.
    Figure {
        /// Open when the period began.
        OpenAtStart = "open_at_start",
        /// Came in.
        Received = "received",
        /// Came in for the first time.
        ReceivedNew = "received_new",
        /// Came in again.
        Reopened = "reopened",
        /// Finished.
        Closed = "closed",
        /// Finished by the original due moment.
        ClosedOnTime = "closed_on_time",
        /// Finished by the due moment with extensions.
        ClosedOnTimeExtended = "closed_on_time_extended",
        /// Finished after the original due moment.
        ClosedLate = "closed_late",
        /// Open when the period ended.
        OpenAtEnd = "open_at_end",
        /// Open, not past the original due moment.
        PendingWithin = "pending_within",
        /// Open, not past the due moment with extensions.
        PendingWithinExtended = "pending_within_extended",
        /// Open, past the original due moment.
        PendingOverdue = "pending_overdue",
        /// Finished after an extension.
        Extended = "extended",
        /// Finished with a reply.
        Replied = "replied",
        /// Finished in 3 days or less.
        DaysUpTo3 = "days_up_to_3",
        /// Finished in more than 3 days, up to 6.
        DaysUpTo6 = "days_up_to_6",
        /// Finished in more than 6 days, up to 15.
        DaysUpTo15 = "days_up_to_15",
        /// Finished in more than 15 days, up to 30.
        DaysUpTo30 = "days_up_to_30",
        /// Finished in more than 30 days.
        DaysOver30 = "days_over_30",
    }
}

impl Figure {
    /// Whether rounds that were opened in the period can be of it.
    #[must_use]
    pub const fn of_opened(self) -> bool {
        !matches!(self, Self::OpenAtStart)
    }

    /// Whether rounds that were opened before the period can be of it.
    #[must_use]
    pub const fn of_carried(self) -> bool {
        !matches!(self, Self::Received | Self::ReceivedNew | Self::Reopened)
    }

    /// `Some(true)` where only what was finished in the period can be of it, `Some(false)` where only what was not.
    #[must_use]
    pub const fn of_finished(self) -> Option<bool> {
        match self {
            Self::OpenAtStart | Self::Received | Self::ReceivedNew | Self::Reopened => None,
            Self::Closed
            | Self::ClosedOnTime
            | Self::ClosedOnTimeExtended
            | Self::ClosedLate
            | Self::Extended
            | Self::Replied
            | Self::DaysUpTo3
            | Self::DaysUpTo6
            | Self::DaysUpTo15
            | Self::DaysUpTo30
            | Self::DaysOver30 => Some(true),
            Self::OpenAtEnd | Self::PendingWithin | Self::PendingWithinExtended | Self::PendingOverdue => Some(false),
        }
    }
}

impl Figures {
    /// The number of a figure whose cases can be listed.
    #[must_use]
    pub const fn number(&self, figure: Figure) -> u64 {
        match figure {
            Figure::OpenAtStart => self.open_at_start,
            Figure::Received => self.received,
            Figure::ReceivedNew => self.received_new,
            Figure::Reopened => self.reopened,
            Figure::Closed => self.closed,
            Figure::ClosedOnTime => self.closed_on_time,
            Figure::ClosedOnTimeExtended => self.closed_on_time_extended,
            Figure::ClosedLate => self.closed_late,
            Figure::OpenAtEnd => self.open_at_end,
            Figure::PendingWithin => self.pending_within,
            Figure::PendingWithinExtended => self.pending_within_extended,
            Figure::PendingOverdue => self.pending_overdue,
            Figure::Extended => self.extended,
            Figure::Replied => self.replied,
            Figure::DaysUpTo3 => self.days.up_to_3,
            Figure::DaysUpTo6 => self.days.up_to_6,
            Figure::DaysUpTo15 => self.days.up_to_15,
            Figure::DaysUpTo30 => self.days.up_to_30,
            Figure::DaysOver30 => self.days.over_30,
        }
    }
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOf {
    /// The table.
    pub table: TableName,
    /// The code of its row.
    pub code: String,
}

/// A cell: a figure of everything, or of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The figure.
    pub figure: Figure,
    /// The row; none for the total.
    pub row: Option<RowOf>,
}

impl Cell {
    /// The tables whose rows can be listed.
    pub const TABLES: &'static [TableName] = &[
        TableName::Channel,
        TableName::Kind,
        TableName::Category,
        TableName::SpeedClass,
        TableName::Unit,
        TableName::CloseCode,
    ];

    /// Whether a round makes part of the number that stands in the cell of a period's report.
    #[must_use]
    pub fn holds(&self, round: &CountedRound, period: &Period, units: &Units) -> bool {
        let in_row = self.row.as_ref().is_none_or(|row| match row.table {
            // How a round ended is asked of what ended in the period alone, which its figures are of.
            TableName::CloseCode => {
                self.figure.of_finished() == Some(true)
                    && round.finish.and_then(|finish| finish.code).is_some_and(|code| code.code() == row.code)
            }
            table => row_of(table, &round.place, units) == Some(&row.code),
        });
        in_row && alone(round, period).is_some_and(|tally| tally.number(self.figure) > 0)
    }
}

/// The code of the row that a case stands in; none in tables whose rows are not places.
#[must_use]
pub fn row_of<'a>(table: TableName, place: &'a Place, units: &'a Units) -> Option<&'a str> {
    Some(match table {
        TableName::Channel => place.channel.code(),
        TableName::Kind => place.kind.code(),
        TableName::Category => place.category.as_deref().unwrap_or(UNCLASSIFIED),
        TableName::SpeedClass => place.speed_class.as_deref().unwrap_or(UNCLASSIFIED),
        TableName::Unit => {
            place.unit_id.and_then(|id| units.division(id)).map_or(UNASSIGNED, |unit| unit.code.as_str())
        }
        TableName::Month
        | TableName::CloseCode
        | TableName::Extension
        | TableName::Reassignment
        | TableName::UnitTree
        | TableName::CategoryTree
        | TableName::ChannelMonth => return None,
    })
}
