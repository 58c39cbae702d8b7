//! The desk's lists: each by its own index, a page after a key, counts exact to a thousand. The rows are narrow; texts and
//! identities stay where they are.

use std::collections::{HashMap, HashSet};

use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::Db;
use super::schema::{case_references, cases, consultations, review_tasks, staff};
use crate::domain::case::{Kind, State};
use crate::domain::queue::{Queue, Reach};
use crate::domain::reply::ReviewState;
use crate::domain::rights::CaseRights;
use crate::domain::time::Moment;
use crate::error::Result;

/// Counts go no further.
pub const COUNTED: i64 = 1000;

type Backend = <Db as Connection>::Backend;
type Query<'a> = cases::BoxedQuery<'a, Backend>;

/// A row of a list.
#[derive(Clone, Debug, Queryable)]
#[allow(missing_docs, reason = "the columns are those of the table")]
pub struct CaseRow {
    pub id: i64,
    pub number: Option<String>,
    pub subject: String,
    pub state: State,
    pub kind: Kind,
    pub confidential: bool,
    pub unit_id: Option<i64>,
    pub handler_id: Option<i64>,
    pub received_at: Moment,
    pub due_at: Option<Moment>,
    pub finished_at: Option<Moment>,
    pub extended: bool,
    pub round: i32,
}

/// Where a page ends and the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Due or received, as the list is ordered.
    pub at: Moment,
    /// The case.
    pub id: i64,
}

/// A list as somebody sees it.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Which.
    pub queue: Queue,
    /// How far.
    pub reach: Reach,
    /// Who looks: what complains of them is left out.
    pub viewer: i64,
    /// When.
    pub now: Moment,
    /// Until when a case is due soon.
    pub soon: Moment,
    /// What they chose to see of it.
    pub filter: Filter,
}

/// What of a list is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// These units.
    pub units: Option<Vec<i64>>,
    /// This state.
    pub state: Option<State>,
    /// This kind.
    pub kind: Option<Kind>,
    /// This category.
    pub category: Option<String>,
}

impl Slice {
    /// The key of a row in this list's order.
    #[must_use]
    pub fn key(&self, row: &CaseRow) -> Key {
        let at = if by_receipt(self.queue) { Some(row.received_at) } else { row.due_at };
        Key { at: at.unwrap_or(row.received_at), id: row.id }
    }
}

/// A page of a list, after a key.
///
/// # Errors
/// Of the database.
pub fn page(db: &mut Db, slice: &Slice, after: Option<Key>, limit: i64) -> Result<Vec<CaseRow>> {
    let mut query = query(slice);
    if by_receipt(slice.queue) {
        if let Some(key) = after {
            query =
                query.filter(cases::received_at.ge(key.at).and(cases::received_at.gt(key.at).or(cases::id.gt(key.id))));
        }
        query = query.order((cases::received_at, cases::id));
    } else {
        if let Some(key) = after {
            query = query.filter(cases::due_at.ge(key.at).and(cases::due_at.gt(key.at).or(cases::id.gt(key.id))));
        }
        query = query.order((cases::due_at, cases::id));
    }
    load(db, query.limit(limit))
}

/// How many cases a list has, at most one more than [`COUNTED`].
///
/// # Errors
/// Of the database.
pub fn count(db: &mut Db, slice: &Slice) -> Result<usize> {
    let ids: Vec<i64> = query(slice).select(cases::id).limit(COUNTED + 1).load(db)?;
    Ok(ids.len())
}

/// Lists by state are in order of receipt (index `cases_state`), the others by what is due first.
const fn by_receipt(queue: Queue) -> bool {
    matches!(queue, Queue::New | Queue::Review | Queue::ToPost)
}

fn query(slice: &Slice) -> Query<'_> {
    let mut query = unless_complained_of(slice.viewer);
    query = match slice.queue {
        Queue::New => query.filter(cases::state.eq(State::Received)),
        Queue::Review => query.filter(cases::state.eq(State::InReview)),
        Queue::ToPost => query.filter(cases::state.eq(State::Approved)),
        Queue::Mine => query.filter(cases::finished_at.is_null().and(cases::handler_id.eq(slice.viewer))),
        Queue::Unit | Queue::All => query.filter(cases::finished_at.is_null()),
        Queue::DueSoon => query
            .filter(cases::finished_at.is_null())
            .filter(cases::due_at.gt(slice.now).and(cases::due_at.le(slice.soon))),
        Queue::Overdue => query.filter(cases::finished_at.is_null()).filter(cases::due_at.le(slice.now)),
        Queue::CoHandling => {
            let units = match &slice.reach {
                Reach::Units(units) => units.clone(),
                Reach::Agency => Vec::new(),
            };
            let asked = consultations::table
                // Written out, as the partial index has it: SQLite does not look at what is bound.
                .filter(sql::<Bool>("consultations.state = 'open'").and(consultations::unit_id.eq_any(units)))
                .select(consultations::case_id);
            query.filter(cases::finished_at.is_null()).filter(cases::id.eq_any(asked))
        }
    };
    // A unit that is asked for its part sees another's case.
    if let (Reach::Units(units), false) = (&slice.reach, slice.queue == Queue::CoHandling) {
        query = query.filter(cases::unit_id.eq_any(units.clone()));
    }
    if let Some(units) = &slice.filter.units {
        query = query.filter(cases::unit_id.eq_any(units.clone()));
    }
    if let Some(state) = slice.filter.state {
        query = query.filter(cases::state.eq(state));
    }
    if let Some(kind) = slice.filter.kind {
        query = query.filter(cases::kind.eq(kind));
    }
    if let Some(category) = &slice.filter.category {
        query = query.filter(cases::category.eq(category.as_str()));
    }
    query
}

/// Cases without those that complain of the viewer in person: they never see these.
fn unless_complained_of<'a>(viewer: i64) -> Query<'a> {
    cases::table
        .into_boxed()
        .filter(not(exists(case_references::table.filter(
            case_references::case_id.eq(cases::id).and(case_references::respondent_staff_id.eq(Some(viewer))),
        ))))
}

fn load(db: &mut Db, query: Query<'_>) -> Result<Vec<CaseRow>> {
    Ok(query
        .select((
            cases::id,
            cases::number,
            cases::subject,
            cases::state,
            cases::kind,
            cases::confidential,
            cases::unit_id,
            cases::handler_id,
            cases::received_at,
            cases::due_at,
            cases::finished_at,
            cases::extended,
            cases::round,
        ))
        .load(db)?)
}

/// The newest cases of these petitioners, with what rights depend on.
///
/// # Errors
/// Of the database.
pub fn of_parties(db: &mut Db, viewer: i64, parties: &[i64], limit: i64) -> Result<Vec<(CaseRow, CaseRights)>> {
    let query = unless_complained_of(viewer)
        .filter(cases::party_id.eq_any(parties.to_vec()))
        .order((cases::received_at.desc(), cases::id.desc()))
        .limit(limit);
    let rows = load(db, query)?;
    with_rights(db, rows)
}

/// These cases, in no order, with what rights depend on: also those that complain of whoever looks.
///
/// # Errors
/// Of the database.
pub fn of_ids(db: &mut Db, ids: &[i64]) -> Result<Vec<(CaseRow, CaseRights)>> {
    let rows = load(db, cases::table.into_boxed().filter(cases::id.eq_any(ids.to_vec())))?;
    with_rights(db, rows)
}

fn with_rights(db: &mut Db, rows: Vec<CaseRow>) -> Result<Vec<(CaseRow, CaseRights)>> {
    type Respondents = (i64, Option<i64>, Option<i64>);
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let respondents: Vec<Respondents> = case_references::table
        .filter(case_references::case_id.eq_any(ids))
        .select((case_references::case_id, case_references::respondent_unit_id, case_references::respondent_staff_id))
        .load(db)?;
    let mut asked = super::consultations::units_of(db, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let of: HashMap<i64, Respondents> = respondents.into_iter().map(|row| (row.0, row)).collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let respondent = of.get(&row.id);
            let rights = CaseRights {
                unit_id: row.unit_id,
                handler_id: row.handler_id,
                author_id: None,
                respondent_unit_id: respondent.and_then(|r| r.1),
                respondent_staff_id: respondent.and_then(|r| r.2),
                kind: row.kind,
                confidential: row.confidential,
                consulted: asked.remove(&row.id).unwrap_or_default(),
                deputy_id: None,
            };
            (row, rights)
        })
        .collect())
}

/// Which of these cases have a low rating that nobody has decided on.
///
/// # Errors
/// Of the database.
pub fn with_open_review(db: &mut Db, ids: &[i64]) -> Result<HashSet<i64>> {
    let found: Vec<i64> = review_tasks::table
        .filter(review_tasks::case_id.eq_any(ids.to_vec()).and(review_tasks::state.eq(ReviewState::Open)))
        .select(review_tasks::case_id)
        .load(db)?;
    Ok(found.into_iter().collect())
}

/// Names of people by id.
///
/// # Errors
/// Of the database.
pub fn names(db: &mut Db, ids: impl IntoIterator<Item = i64>) -> Result<HashMap<i64, String>> {
    let ids: Vec<i64> = ids.into_iter().collect::<HashSet<_>>().into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String)> =
        staff::table.filter(staff::id.eq_any(ids)).select((staff::id, staff::name)).load(db)?;
    Ok(rows.into_iter().collect())
}
