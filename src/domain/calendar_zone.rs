//! A calendar's days on the real time line: when a local day begins, and which day a moment falls on. All of it is
//! what the time zone database says; its offsets for the years of living files are read once and kept.

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::calendar::Calendar;
use super::day::{DAY_MICROS, Day};
use super::time::Moment;

/// Offsets are kept from 2000-01-01 to 2050-01-01 (microseconds).
const KEPT: (i64, i64) = (946_684_800_000_000, 2_524_608_000_000_000);
/// No offset differs from another by more: further than this from a change of offset, wall time is plain.
const NEAR: i64 = DAY_MICROS + DAY_MICROS / 12;

/// The offsets of a zone, each with the moment it begins, and the moment the last ends.
#[derive(Clone, Debug)]
pub(super) struct Offsets {
    kept: Vec<(i64, i64)>,
    end: i64,
}

impl Offsets {
    /// Reads a zone's offsets.
    pub(super) fn of(zone: &TimeZone) -> Self {
        let first = Moment(KEPT.0).to_jiff();
        let mut offsets =
            Self { kept: vec![(KEPT.0, micros(zone.to_offset(first)))], end: Timestamp::MAX.as_microsecond() };
        for change in zone.following(first) {
            let at = change.timestamp().as_microsecond();
            if at >= KEPT.1 {
                offsets.end = at;
                break;
            }
            offsets.kept.push((at, micros(change.offset())));
        }
        offsets
    }

    /// The offset at a moment, when it began and when it ends.
    #[inline]
    fn at(&self, moment: i64) -> Option<(i64, i64, i64)> {
        let next = self.kept.partition_point(|(from, _)| *from <= moment);
        let (from, offset) = *self.kept.get(next.checked_sub(1)?)?;
        let end = self.kept.get(next).map_or(self.end, |next| next.0);
        (moment < end).then_some((offset, from, end))
    }
}

impl Calendar {
    /// The local day of a moment.
    #[must_use]
    pub fn day_of(&self, moment: Moment) -> Day {
        self.day_and_offset(moment).0
    }

    /// The local day of a moment, and the offset from UTC in microseconds.
    #[inline]
    pub(super) fn day_and_offset(&self, moment: Moment) -> (Day, i64) {
        if let Some((offset, ..)) = self.offsets().at(moment.0) {
            return (Day::of_local_micros(moment.0 + offset), offset);
        }
        let at = moment.to_jiff();
        let offset = micros(self.zone().to_offset(at));
        (Day::of_local_micros(at.as_microsecond() + offset), offset)
    }

    /// The offset at a moment in microseconds, and the moment it ends.
    pub(super) fn offset_and_end(&self, moment: Moment) -> (i64, i64) {
        if let Some((offset, _, end)) = self.offsets().at(moment.0) {
            return (offset, end);
        }
        let at = moment.to_jiff();
        let end = self.zone().following(at).next().map_or(i64::MAX, |next| next.timestamp().as_microsecond());
        (micros(self.zone().to_offset(at)), end)
    }

    /// The first instant of the local day. Where clocks jump over midnight that is the moment of the jump, where
    /// they show midnight twice the first of the two; a date that a zone skipped begins when the next one does.
    #[inline]
    #[must_use]
    pub fn first_instant(&self, day: Day) -> Moment {
        let midnight = day.local_micros();
        match self.offsets().at(midnight) {
            Some((offset, from, end)) if from + NEAR <= midnight && midnight < end - NEAR => Moment(midnight - offset),
            _ => self.look_up_first_instant(day),
        }
    }

    fn look_up_first_instant(&self, day: Day) -> Moment {
        let (offset, jumps) = match self.zone().to_ambiguous_timestamp(day.date().at(0, 0, 0, 0)).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => (offset, false),
            AmbiguousOffset::Gap { after, .. } => (after, true),
        };
        let moment = Moment(day.local_micros() - micros(offset));
        if !jumps {
            return moment;
        }
        // Read with the later offset, a wall time in a gap lies before the jump.
        let jump = self.zone().following(moment.to_jiff()).next();
        jump.map_or(moment, |jump| Moment::from_jiff(jump.timestamp()))
    }

    /// The dates after `from` and up to `to` that the zone skipped, as ranges of day numbers.
    pub(super) fn skipped_dates(&self, from: Day, to: Day) -> Vec<(i64, i64)> {
        let days = (from.next().0..=to.0).map(Day).filter(|day| self.is_skipped(*day));
        days.map(|day| (i64::from(day.0), i64::from(day.next().0))).collect()
    }

    /// Whether the zone skipped this date, as Samoa did 2011-12-30.
    #[must_use]
    pub fn is_skipped(&self, day: Day) -> bool {
        self.first_instant(day) == self.first_instant(day.next())
    }

    /// Twelve o'clock of the day.
    pub(super) fn noon_of(&self, day: Day) -> Moment {
        let noon = self.zone().to_ambiguous_timestamp(day.date().at(12, 0, 0, 0)).compatible();
        noon.map_or_else(|_| self.first_instant(day), Moment::from_jiff)
    }
}

fn micros(offset: jiff::tz::Offset) -> i64 {
    i64::from(offset.seconds()) * 1_000_000
}
