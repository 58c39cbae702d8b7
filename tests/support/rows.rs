//! Rows to begin with, made by the store's own functions, and a look at the tables past them.

use chenqing::domain::case::{Channel, Kind, ReplyBy, State};
use chenqing::domain::letter::Letter;
use chenqing::domain::party::Party;
use chenqing::domain::submission::SubmissionState;
use chenqing::domain::time::Moment;
use chenqing::error::Result;
use chenqing::keys::Keys;
use chenqing::store::cases::NewCase;
use chenqing::store::letters::{NewLetter, Recipient};
use chenqing::store::submissions::NewSubmission;
use chenqing::store::{Db, cases, letters, parties, submissions, texts};
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl};

/// Friday 2026-09-18, 17:30 in Taipei.
pub const NOW: Moment = Moment(1_789_723_800_000_000);

/// Keys that seal nothing anybody else has.
pub fn keys() -> Keys {
    Keys::new(&["1:only-for-tests-0123456789abcdefghij"]).unwrap()
}

/// An invented petitioner.
pub fn petitioner() -> Party {
    Party {
        name: "臺 示範".into(),
        email: "Shih.Fan@Example.org".into(),
        phone: "+886 2 0000-1234 #5".into(),
        address: "示範市示範路 1 號".into(),
    }
}

/// Stores the petitioner; the id.
pub fn party(db: &mut Db) -> Result<i64> {
    parties::insert(db, &parties::seal(&keys(), &petitioner())?, NOW)
}

/// Stores a case without a number; the id.
pub fn case(db: &mut Db, subject: &str) -> Result<i64> {
    let party_id = party(db)?;
    case_of(db, party_id, None, subject)
}

/// Stores a case without a number, of a petitioner and perhaps of a submission; the id.
pub fn case_of(db: &mut Db, party_id: i64, submission_id: Option<i64>, subject: &str) -> Result<i64> {
    let text_id = texts::insert(db, "港區路燈不亮。")?;
    let new = NewCase {
        code_digest: None,
        version: 1,
        state: State::Received,
        channel: Channel::Web,
        kind: Kind::Suggestion,
        category: None,
        speed_class: None,
        confidential: false,
        party_id,
        subject: subject.to_owned(),
        text_id,
        place: String::new(),
        locale: "zh-TW".into(),
        reply_by: ReplyBy::Email,
        submission_id,
        round: 1,
        received_at: NOW,
        received_month: 202_609,
        original_due_at: None,
        due_at: None,
        extended: false,
    };
    cases::insert(db, &new, new.received_at)
}

/// Stores a submission that waits for its confirmation; the id.
pub fn submission(db: &mut Db, party_id: i64) -> Result<i64> {
    let text_id = texts::insert(db, "港區路燈不亮。")?;
    let new = NewSubmission {
        state: SubmissionState::Unconfirmed,
        version: 1,
        channel: Channel::Web,
        locale: "zh-TW".into(),
        party_id,
        subject: "港區路燈".into(),
        text_id,
        kind: Kind::Suggestion,
        category: None,
        place: String::new(),
        confidential: false,
        reply_by: ReplyBy::Email,
        nonce: "once".into(),
        created_at: NOW,
        expires_at: NOW.plus_seconds(86_400),
        mails_sent: 1,
        last_mail_at: NOW,
        decision_reason: String::new(),
    };
    Ok(submissions::insert(db, &new)?.id)
}

/// Stores a letter that is due at once; the id.
pub fn letter(db: &mut Db, party_id: i64) -> Result<i64> {
    let letter = Letter::Withdrawn { number: "1150000001-0".into(), subject: "港區路燈".into() };
    let new = NewLetter {
        letter: &letter,
        to: Recipient::Party(party_id),
        locale: "zh-TW",
        case_id: None,
        submission_id: None,
        reply_id: None,
        link: None,
        query_code: None,
        by_post: false,
    };
    letters::insert(db, &keys(), &new, NOW)
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The numbers that a query names `n`.
pub fn numbers(db: &mut Db, query: &str) -> Vec<i64> {
    let rows: Vec<Number> = diesel::sql_query(query).load(db).unwrap();
    rows.into_iter().map(|row| row.n).collect()
}

/// The one number that a query names `n`.
pub fn number(db: &mut Db, query: &str) -> i64 {
    let numbers = numbers(db, query);
    assert_eq!(numbers.len(), 1, "{query}");
    numbers[0]
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    t: String,
}

/// The texts that a query names `t`.
pub fn words(db: &mut Db, query: &str) -> Vec<String> {
    let rows: Vec<Word> = diesel::sql_query(query).load(db).unwrap();
    rows.into_iter().map(|row| row.t).collect()
}

/// Runs a statement past the store.
pub fn execute(db: &mut Db, statement: &str) {
    diesel::sql_query(statement).execute(db).unwrap();
}
