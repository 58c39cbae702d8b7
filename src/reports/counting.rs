//! One pass over the rounds and ratings of a period. While the next rounds are read, those before are counted: on two
//! processors the time of the longer of the two, not of both.

use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;

use jiff::tz::TimeZone;

use super::lists;
use super::year::{locked, tell_reclassified};
use crate::domain::figures::{
    CountedRating, CountedRound, Counts, Directory, Filter, Names, Period, PeriodFigures, PeriodName, Place,
};
use crate::error::Result;
use crate::store::reference::Reference;
use crate::store::{Db, figures};

/// Rounds or ratings handed on together.
const PIECE: usize = 256;
/// Pieces that may wait to be counted.
const WAITING: usize = 8;

/// What is read one after another.
enum Read {
    /// A round of a case.
    Round(i64, CountedRound),
    Rating(CountedRating),
}

/// Counts a period, or the part of it that a filter leaves.
///
/// # Errors
/// Of the database.
pub(super) fn counted(
    db: &mut Db,
    (reference, zone): (&Reference, &TimeZone),
    period: &Period,
    filter: Option<&Filter>,
    progress: &mut dyn FnMut(u64),
) -> Result<PeriodFigures> {
    let category_groups = figures::category_groups(db)?;
    let sifted = filter.map(|filter| filter.over(&reference.units, &category_groups));
    let is_wanted = |place: &Place| sifted.as_ref().is_none_or(|sifted| sifted.holds(place));
    let (counts, overdue) = pass(db, period, is_wanted, progress)?;
    let agency = &reference.agency;
    let mut figures = counts.figures(&Directory {
        agency: Names { name_zh: agency.name_zh.clone(), name_en: agency.name_en.clone() },
        categories: figures::category_names(db)?,
        category_groups: category_groups.clone(),
        speed_classes: figures::speed_class_names(db)?,
        units: &reference.units,
    });
    let before = match period.name() {
        PeriodName::Year(year) if filter.is_none() => locked(db, year - 1)?,
        PeriodName::Year(_) | PeriodName::Quarter(..) | PeriodName::Month(..) => None,
    };
    if let Some(before) = before {
        tell_reclassified(&mut figures, &before);
    }
    figures.overdue_cases = lists::overdue(db, (reference, zone), overdue)?;
    Ok(figures)
}

/// Counts the rounds and ratings of a period; beside them the rounds, each with its case, that are open past their due date
/// at its end.
fn pass<'p>(
    db: &mut Db,
    period: &'p Period,
    is_wanted: impl Fn(&Place) -> bool + Sync,
    progress: &mut dyn FnMut(u64),
) -> Result<(Counts<'p>, Vec<(i64, CountedRound)>)> {
    thread::scope(|scope| {
        let (hand_on, handed) = mpsc::sync_channel::<Vec<Read>>(WAITING);
        let counting = scope.spawn(|| {
            let (mut counts, mut overdue) = (Counts::new(period), Vec::new());
            for read in handed.into_iter().flatten() {
                match read {
                    Read::Round(case_id, round) if is_wanted(&round.place) => {
                        if counts.round(&round) {
                            overdue.push((case_id, round));
                        }
                    }
                    Read::Rating(rating) if is_wanted(&rating.place) => counts.rating(&rating),
                    Read::Round(..) | Read::Rating(_) => {}
                }
            }
            (counts, overdue)
        });
        let mut piece = Vec::with_capacity(PIECE);
        let mut hand = |read: Read| {
            piece.push(read);
            if piece.len() == PIECE {
                // Nobody takes it only when the counting has panicked, which is told below.
                let _ = hand_on.send(std::mem::replace(&mut piece, Vec::with_capacity(PIECE)));
            }
        };
        let mut done = 0;
        let read = figures::each_round(db, period, |case_id, round| {
            hand(Read::Round(case_id, round));
            done += 1;
            if done % 1_000 == 0 {
                progress(done);
            }
        });
        let read = read.and_then(|()| figures::each_rating(db, period, |rating| hand(Read::Rating(rating))));
        let _ = hand_on.send(piece);
        drop(hand_on);
        let counted = counting.join().unwrap_or_else(|panic| resume_unwind(panic));
        read.map(|()| counted)
    })
}
