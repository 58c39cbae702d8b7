//! Many whole rows at once, for filling an empty database: the same rows that acts would have written one by one, with
//! their ids given. PostgreSQL takes them by COPY, SQLite by prepared inserts.

use diesel::prelude::*;
use diesel::sql_query;

use super::Db;
use super::cases::Case;
use super::clocks::Clock;
use super::parties::SealedParty;
use super::replies::Reply;
use super::reviews::{RatingRow, ReviewTask};
use super::schema::{
    case_facts, case_references, case_rounds, cases, clocks, counters, events, extensions, notes, notices, parties,
    ratings, replies, review_tasks, round_terms, seals, submissions, texts,
};
use super::seals::NewSeal;
use super::submissions::Submission;
use crate::domain::case::{Channel, CloseCode, Kind};
use crate::domain::event::Event;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::on;

/// Rows that belong together: whole cases with everything of theirs.
#[derive(Default)]
#[allow(missing_docs, reason = "each is a table")]
pub struct Rows {
    pub parties: Vec<(i64, SealedParty, Moment)>,
    pub texts: Vec<Text>,
    pub submissions: Vec<Submission>,
    pub cases: Vec<Case>,
    pub references: Vec<Transferred>,
    pub rounds: Vec<Round>,
    pub terms: Vec<RoundTerms>,
    pub facts: Vec<Facts>,
    pub clocks: Vec<Clock>,
    pub extensions: Vec<NewExtension>,
    pub notices: Vec<Notice>,
    pub notes: Vec<NewNote>,
    pub replies: Vec<Reply>,
    pub ratings: Vec<RatingRow>,
    pub reviews: Vec<ReviewTask>,
    pub events: Vec<Event>,
    pub seals: Vec<NewSeal>,
    /// Case numbers used so far, by year.
    pub counters: Vec<(i16, i64)>,
}

macro_rules! row {
    ($(#[$outer:meta])* $name:ident, $table:ident, $($field:ident: $type:ty),+) => {
        $(#[$outer])*
        #[derive(Clone, Debug, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        #[allow(missing_docs, reason = "the columns are those of the table")]
        pub struct $name { $(pub $field: $type),+ }
    };
}

row!(
    /// A row of `texts`.
    Text, texts, id: i64, body: String
);
row!(
    /// A row of `case_references` of a case that was transferred.
    Transferred, case_references, case_id: i64, transferred_to: Option<String>
);
row!(
    /// A row of `case_rounds`.
    Round, case_rounds,
    case_id: i64, round: i32, opened_at: Moment, opened_month: i32, finished_at: Option<Moment>,
    finished_month: Option<i32>, close_code: Option<CloseCode>, original_due_at: Option<Moment>,
    due_at: Option<Moment>, half_days: Option<i64>, registered_at: Option<Moment>, assigned_at: Option<Moment>,
    accepted_at: Option<Moment>, moves: i32, counted_at: Moment, asked: bool, rated_at: Option<Moment>
);
row!(
    /// A row of `round_terms`.
    RoundTerms, round_terms,
    case_id: i64, round: i32, until_at: Moment, original_due_at: Option<Moment>, due_at: Option<Moment>, moves: i32
);
row!(
    /// A row of `case_facts`.
    Facts, case_facts,
    case_id: i64, from_at: Moment, to_at: Option<Moment>, channel: Channel, kind: Kind, category: Option<String>,
    speed_class: Option<String>, unit_id: Option<i64>
);
row!(
    /// A row of `extensions`.
    NewExtension, extensions,
    clock_id: i64, old_due_at: Moment, new_due_at: Moment, reason: String, staff_id: i64, at: Moment, working_days: i32
);
row!(
    /// A row of `notices`.
    Notice, notices, clock_id: i64, kind: String, due_at: Moment, at: Moment
);
row!(
    /// A row of `notes`.
    NewNote, notes, case_id: i64, staff_id: i64, text_id: i64, at: Moment
);
row!(
    EventRow, events,
    case_id: i64, seq: i64, at: Moment, act: String, actor: String, staff_id: Option<i64>, facts: String,
    previous: String, hash: String
);
row!(
    PartyRow, parties,
    id: i64, name_sealed: Option<Vec<u8>>, email_sealed: Option<Vec<u8>>, phone_sealed: Option<Vec<u8>>,
    address_sealed: Option<Vec<u8>>, name_index: Option<String>, email_index: Option<String>,
    phone_index: Option<String>, created_at: Moment
);

/// Puts rows into a table.
macro_rules! fill {
    ($db:expr, $table:ident, $rows:expr) => {{
        let rows = $rows;
        match $db {
            Db::Pg(c) => {
                diesel::copy_from($table::table).from_insertable(rows).execute(c)?;
            }
            Db::Sqlite(c) => {
                for row in rows {
                    diesel::insert_into($table::table).values(row).execute(c)?;
                }
            }
        }
    }};
}

/// Whether nobody has handed anything in yet.
///
/// # Errors
/// Of the database.
pub fn is_empty(db: &mut Db) -> Result<bool> {
    let case: Option<i64> = cases::table.select(cases::id).first(db).optional()?;
    let submission: Option<i64> = submissions::table.select(submissions::id).first(db).optional()?;
    let party: Option<i64> = parties::table.select(parties::id).first(db).optional()?;
    Ok(case.is_none() && submission.is_none() && party.is_none())
}

/// The id after the last text: what a reset database has used already.
///
/// # Errors
/// Of the database.
pub fn last_text(db: &mut Db) -> Result<i64> {
    Ok(texts::table.select(diesel::dsl::max(texts::id)).get_result::<Option<i64>>(db)?.unwrap_or(0))
}

/// Writes the rows.
///
/// # Errors
/// Of the database.
pub fn insert(db: &mut Db, rows: &Rows) -> Result<()> {
    let parties: Vec<PartyRow> = rows.parties.iter().map(|(id, party, at)| party_row(*id, party, *at)).collect();
    let events: Vec<EventRow> = rows.events.iter().map(event_row).collect();
    fill!(db, parties, &parties);
    fill!(db, texts, &rows.texts);
    fill!(db, submissions, &rows.submissions);
    fill!(db, cases, &rows.cases);
    fill!(db, case_references, &rows.references);
    fill!(db, case_rounds, &rows.rounds);
    fill!(db, round_terms, &rows.terms);
    fill!(db, case_facts, &rows.facts);
    fill!(db, clocks, &rows.clocks);
    fill!(db, extensions, &rows.extensions);
    fill!(db, notices, &rows.notices);
    fill!(db, notes, &rows.notes);
    fill!(db, replies, &rows.replies);
    fill!(db, ratings, &rows.ratings);
    fill!(db, review_tasks, &rows.reviews);
    fill!(db, events, &events);
    fill!(db, seals, &rows.seals);
    for (year, serial) in &rows.counters {
        let row = (counters::name.eq(format!("case-{year}")), counters::value.eq(*serial));
        on!(db, c => diesel::insert_into(counters::table)
            .values(row)
            .on_conflict(counters::name)
            .do_update()
            .set(counters::value.eq(*serial))
            .execute(c))?;
    }
    count_on(db)
}

/// PostgreSQL's sequences go on after the ids that were given; SQLite does so by itself.
fn count_on(db: &mut Db) -> Result<()> {
    if let Db::Pg(c) = db {
        for table in ["parties", "texts", "submissions", "cases", "clocks", "replies", "ratings", "review_tasks"] {
            sql_query(format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST((SELECT max(id) FROM {table}), 1))"
            ))
            .execute(c)?;
        }
    }
    Ok(())
}

/// After a fill: PostgreSQL's planner learns at once what the tables hold, as it would by itself a little later.
///
/// # Errors
/// Of the database.
pub fn analyze(db: &mut Db) -> Result<()> {
    if let Db::Pg(c) = db {
        sql_query("ANALYZE").execute(c)?;
    }
    Ok(())
}

fn party_row(id: i64, party: &SealedParty, at: Moment) -> PartyRow {
    let ([name, email, phone, address], [name_i, email_i, phone_i]) = party.parts();
    PartyRow {
        id,
        name_sealed: name,
        email_sealed: email,
        phone_sealed: phone,
        address_sealed: address,
        name_index: name_i,
        email_index: email_i,
        phone_index: phone_i,
        created_at: at,
    }
}

fn event_row(event: &Event) -> EventRow {
    EventRow {
        case_id: event.case_id,
        seq: event.seq,
        at: event.at,
        act: event.act.clone(),
        actor: event.actor.clone(),
        staff_id: event.staff_id,
        facts: event.facts.clone(),
        previous: event.previous.clone(),
        hash: event.hash.clone(),
    }
}
