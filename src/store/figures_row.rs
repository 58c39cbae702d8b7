//! A round and the facts of its case as they are read to be counted or listed.

use std::collections::HashMap;

use diesel::prelude::*;

use super::columns::Short;
use super::round_terms::Terms;
use crate::domain::case::{Channel, CloseCode, Kind};
use crate::domain::figures::{CountedRound, Finish, Place, Reached};
use crate::domain::time::Moment;

/// Each column of a row costs more to read than to count (a third of the whole, `benches/figures.rs`): the small numbers of a
/// round come in two.
pub(super) const MONTHS: &str =
    "CAST(case_rounds.opened_month AS BIGINT) * 1000000 + coalesce(case_rounds.finished_month, 0)";
const MILLION: i64 = 1_000_000;
pub(super) const SMALL: &str = "((CAST(case_rounds.round AS BIGINT) * 1000000 + case_rounds.moves) * 1000000 \
                                + coalesce(case_rounds.half_days + 1, 0)) * 2 \
                                + CASE WHEN case_rounds.asked THEN 1 ELSE 0 END";

/// What is read of a round and the facts of its case.
macro_rules! round_columns {
    () => {
        (
            $crate::store::schema::case_rounds::case_id,
            $crate::store::schema::case_rounds::opened_at,
            $crate::store::schema::case_rounds::counted_at,
            diesel::dsl::sql::<diesel::sql_types::BigInt>($crate::store::figures_row::MONTHS),
            diesel::dsl::sql::<diesel::sql_types::BigInt>($crate::store::figures_row::SMALL),
            $crate::store::schema::case_rounds::finished_at,
            $crate::store::schema::case_rounds::close_code,
            $crate::store::schema::case_rounds::original_due_at,
            $crate::store::schema::case_rounds::due_at,
            $crate::store::schema::case_rounds::registered_at,
            $crate::store::schema::case_rounds::assigned_at,
            $crate::store::schema::case_rounds::accepted_at,
            $crate::store::schema::case_rounds::rated_at,
            $crate::store::schema::case_facts::channel,
            $crate::store::schema::case_facts::kind,
            $crate::store::schema::case_facts::category,
            $crate::store::schema::case_facts::speed_class,
            $crate::store::schema::case_facts::unit_id,
        )
    };
}

pub(super) use round_columns;

/// What [`round_columns`] reads.
#[derive(Queryable)]
pub(super) struct RoundRow {
    pub(super) case_id: i64,
    opened_at: Moment,
    counted_at: Moment,
    months: i64,
    small: i64,
    finished_at: Option<Moment>,
    close_code: Option<CloseCode>,
    original_due_at: Option<Moment>,
    due_at: Option<Moment>,
    registered_at: Option<Moment>,
    assigned_at: Option<Moment>,
    accepted_at: Option<Moment>,
    rated_at: Option<Moment>,
    channel: Channel,
    kind: Kind,
    category: Option<Short>,
    speed_class: Option<Short>,
    unit_id: Option<i64>,
}

/// One of the numbers that came in a column with others.
pub(super) fn small(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Where a case is counted.
pub(super) fn place_of(
    channel: Channel,
    kind: Kind,
    category: Option<Short>,
    speed_class: Option<Short>,
    unit_id: Option<i64>,
) -> Place {
    Place { channel, kind, category: category.map(|c| c.0), speed_class: speed_class.map(|c| c.0), unit_id }
}

impl RoundRow {
    pub(super) fn counted(self, terms: &HashMap<(i64, i32), Terms>) -> CountedRound {
        let [opened_month, finished_month] = [self.months / MILLION, self.months % MILLION].map(small);
        let (numbers, asked) = (self.small / 2, self.small % 2 == 1);
        let [round, moves] = [numbers / MILLION / MILLION, numbers / MILLION % MILLION].map(small);
        let now = (self.original_due_at, self.due_at, moves);
        let then = terms.get(&(self.case_id, round)).map(|t| (t.original_due_at, t.due_at, t.moves));
        let (original_due_at, due_at, moves) = then.unwrap_or(now);
        let finish = self.finished_at.filter(|_| finished_month > 0).map(|at| Finish {
            at,
            month: finished_month,
            code: self.close_code,
            half_days: Some(numbers % MILLION - 1).filter(|half_days| *half_days >= 0),
        });
        let reached =
            Reached { registered_at: self.registered_at, assigned_at: self.assigned_at, accepted_at: self.accepted_at };
        CountedRound {
            opened_at: self.opened_at,
            counted_at: self.counted_at,
            opened_month,
            round,
            finish,
            original_due_at,
            due_at,
            reached,
            moves,
            asked,
            rated_at: self.rated_at,
            place: place_of(self.channel, self.kind, self.category, self.speed_class, self.unit_id),
        }
    }
}
