//! How values of the domain stand in columns: codes as TEXT, moments as BIGINT microseconds. One implementation each,
//! for both databases at once.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::domain::asking::{ConsultationState, RequestState, SupplementState};
use crate::domain::calendar_move::MoveState;
use crate::domain::case::{Channel, CloseCode, Kind, ReplyBy, State};
use crate::domain::delivery::LetterState;
use crate::domain::incoming::{DecisionKind, MessageState};
use crate::domain::measure::MeasureState;
use crate::domain::policy::ClockPurpose;
use crate::domain::reply::{ReplyState, ReviewState, Telling};
use crate::domain::saved_report::RunOutcome;
use crate::domain::staff::Role;
use crate::domain::submission::SubmissionState;
use crate::domain::time::Moment;

macro_rules! expressions {
    ($sql:ty, $t:ty) => {
        impl AsExpression<$sql> for $t {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'a> AsExpression<$sql> for &'a $t {
            type Expression = Bound<$sql, &'a $t>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl AsExpression<Nullable<$sql>> for $t {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'a> AsExpression<Nullable<$sql>> for &'a $t {
            type Expression = Bound<Nullable<$sql>, &'a $t>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<DB: Backend> ToSql<Nullable<$sql>, DB> for $t
        where
            $t: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <Self as ToSql<$sql, DB>>::to_sql(self, out)
            }
        }
        impl<DB> Queryable<$sql, DB> for $t
        where
            DB: Backend,
            $t: FromSql<$sql, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

macro_rules! code_columns {
    ($($t:ty),+ $(,)?) => {$(
        impl<DB: Backend> ToSql<Text, DB> for $t
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <str as ToSql<Text, DB>>::to_sql(self.code(), out)
            }
        }
        impl<DB: Backend> FromSql<Text, DB> for $t
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let code = <String as FromSql<Text, DB>>::from_sql(bytes)?;
                Self::parse(&code).ok_or_else(|| format!("{code:?} is no {}", stringify!($t)).into())
            }
        }
        expressions!(Text, $t);
    )+};
}

code_columns!(
    State,
    Kind,
    Channel,
    ReplyBy,
    CloseCode,
    SubmissionState,
    LetterState,
    ReplyState,
    ReviewState,
    ClockPurpose,
    SupplementState,
    ConsultationState,
    RequestState,
    Role,
    MoveState,
    Telling,
    DecisionKind,
    MessageState,
    MeasureState,
    RunOutcome,
);

impl<DB: Backend> ToSql<BigInt, DB> for Moment
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        <i64 as ToSql<BigInt, DB>>::to_sql(&self.0, out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Moment
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        <i64 as FromSql<BigInt, DB>>::from_sql(bytes).map(Moment)
    }
}

expressions!(BigInt, Moment);
