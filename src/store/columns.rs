//! How values of the domain stand in columns: codes as TEXT, moments as BIGINT microseconds. One implementation each,
//! for both databases at once.

use diesel::Connection;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteValue};
use smol_str::SmolStr;

use super::Db;
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

/// A database whose texts are read where they lie: figures read three codes of every round, and a copy of each costs more
/// than the code.
trait ReadText: Backend {
    fn read<T>(bytes: Self::RawValue<'_>, f: impl FnOnce(&str) -> deserialize::Result<T>) -> deserialize::Result<T>;
}

impl ReadText for Sqlite {
    fn read<T>(
        mut bytes: SqliteValue<'_, '_, '_>,
        f: impl FnOnce(&str) -> deserialize::Result<T>,
    ) -> deserialize::Result<T> {
        f(bytes.read_text())
    }
}

impl ReadText for Pg {
    fn read<T>(bytes: PgValue<'_>, f: impl FnOnce(&str) -> deserialize::Result<T>) -> deserialize::Result<T> {
        f(std::str::from_utf8(bytes.as_bytes())?)
    }
}

impl ReadText for <Db as Connection>::Backend {
    fn read<T>(bytes: Self::RawValue<'_>, f: impl FnOnce(&str) -> deserialize::Result<T>) -> deserialize::Result<T> {
        f(&<String as FromSql<Text, Self>>::from_sql(bytes)?)
    }
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
        impl<DB: ReadText> FromSql<Text, DB> for $t {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                DB::read(bytes, |code| {
                    Self::parse(code).ok_or_else(|| format!("{code:?} is no {}", stringify!($t)).into())
                })
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

/// A short text, most often without a place of its own in memory.
#[derive(Debug)]
pub struct Short(pub SmolStr);

impl<DB: ReadText> FromSql<Text, DB> for Short {
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        DB::read(bytes, |text| Ok(Self(SmolStr::new(text))))
    }
}

impl<DB: ReadText> Queryable<Text, DB> for Short {
    type Row = Self;
    fn build(row: Self) -> deserialize::Result<Self> {
        Ok(row)
    }
}

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
