//! What the databases do without the store: the same rows, on SQLite by one connection and one transaction an act, on
//! PostgreSQL by its own load tool.

use std::process::Command;
use std::time::{Duration, Instant};

use chenqing::store::sqlite_path;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::figures::Figures;

/// The subject of every submission.
pub const SUBJECT: &str = "示範漁港堤岸照明不足，請改善";
/// The matter of every submission, as long as people write.
pub const BODY: &str = "示範漁港東側堤岸的路燈自上月起有六盞不亮，夜間出入的船員與釣客看不清階梯與繫船柱，前天已有人絆倒。\
請派員查看並修復；若不屬貴機關權責，亦請告知應向何處反映。該處在颱風過後曾換過一次燈具，但僅維持兩星期便又熄滅，\
附近商家表示可能是接線箱進水。盼能一併檢查接線箱與防水，並於修復後告知，以便轉知港區的住戶。謝謝。";
/// The category of every submission.
pub const CATEGORY: &str = "port_security";
/// The agency's.
pub const TIME_ZONE: &str = "Asia/Taipei";
const SEALED: usize = 72;
const INDEX: &str = "0123456789abcdef0123456789abcdef";
const LETTER: &str =
    r#"{"kind":"confirm","subject":"示範漁港堤岸照明不足，請改善","expires_at":"2026-09-21T09:30:00Z"}"#;
const LINK: &str = r#"{"purpose":"confirm","row":1,"nonce":"abcdefghijklmnop","expires_at":"2026-09-21T09:30:00Z"}"#;
const NOW: i64 = 1_789_723_800_000_000;

diesel::table! { parties (id) {
    id -> BigInt, name_sealed -> Binary, email_sealed -> Binary, phone_sealed -> Binary, address_sealed -> Binary,
    name_index -> Text, email_index -> Text, phone_index -> Text, created_at -> BigInt,
} }
diesel::table! { idempotency (scope, key) {
    scope -> Text, key -> Text, body_digest -> Text, result -> Text, created_at -> BigInt,
} }
diesel::table! { texts (id) { id -> BigInt, body -> Text, } }
diesel::table! { submissions (id) {
    id -> BigInt, state -> Text, version -> BigInt, channel -> Text, locale -> Text, party_id -> BigInt,
    subject -> Text, text_id -> BigInt, kind -> Text, category -> Text, place -> Text, confidential -> Bool, reply_by -> Text,
    nonce -> Text, created_at -> BigInt, expires_at -> BigInt, mails_sent -> BigInt, last_mail_at -> BigInt,
    decision_reason -> Text,
} }
diesel::table! { letters (id) {
    id -> BigInt, kind -> Text, submission_id -> BigInt, party_id -> BigInt, locale -> Text, data -> Text,
    link -> Text, state -> Text, attempts -> BigInt, next_try_at -> BigInt, created_at -> BigInt,
} }

/// One connection, one transaction an act (WAL, synchronous FULL), prepared statements.
pub fn sqlite(url: &str, time: Duration) -> Figures {
    let mut c = SqliteConnection::establish(sqlite_path(url).unwrap()).unwrap();
    c.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000",
    )
    .unwrap();
    let start = Instant::now();
    let mut times = Vec::new();
    while start.elapsed() < time {
        let begun = Instant::now();
        c.immediate_transaction(submit).unwrap();
        times.push(begun.elapsed());
    }
    Figures::new(times, start.elapsed())
}

fn submit(c: &mut SqliteConnection) -> QueryResult<usize> {
    let sealed = vec![7_u8; SEALED];
    let party: i64 = diesel::insert_into(parties::table)
        .values((
            parties::name_sealed.eq(&sealed),
            parties::email_sealed.eq(&sealed),
            parties::phone_sealed.eq(&sealed),
            parties::address_sealed.eq(&sealed),
            parties::name_index.eq(INDEX),
            parties::email_index.eq(INDEX),
            parties::phone_index.eq(INDEX),
            parties::created_at.eq(NOW),
        ))
        .returning(parties::id)
        .get_result(c)?;
    let text: i64 =
        diesel::insert_into(texts::table).values(texts::body.eq(BODY)).returning(texts::id).get_result(c)?;
    let submission: i64 = diesel::insert_into(submissions::table)
        .values((
            submissions::state.eq("unconfirmed"),
            submissions::version.eq(1_i64),
            submissions::channel.eq("web"),
            submissions::locale.eq("zh-TW"),
            submissions::party_id.eq(party),
            submissions::subject.eq(SUBJECT),
            submissions::text_id.eq(text),
            submissions::kind.eq("suggestion"),
            submissions::category.eq(CATEGORY),
            submissions::place.eq("示範漁港"),
            submissions::confidential.eq(false),
            submissions::reply_by.eq("email"),
            submissions::nonce.eq("abcdefghijklmnop"),
            submissions::created_at.eq(NOW),
            submissions::expires_at.eq(NOW),
            submissions::mails_sent.eq(1_i64),
            submissions::last_mail_at.eq(NOW),
            submissions::decision_reason.eq(""),
        ))
        .returning(submissions::id)
        .get_result(c)?;
    diesel::insert_into(letters::table)
        .values((
            letters::kind.eq("confirm"),
            letters::submission_id.eq(submission),
            letters::party_id.eq(party),
            letters::locale.eq("zh-TW"),
            letters::data.eq(LETTER),
            letters::link.eq(LINK),
            letters::state.eq("waiting"),
            letters::attempts.eq(0_i64),
            letters::next_try_at.eq(NOW),
            letters::created_at.eq(NOW),
        ))
        .execute(c)?;
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::scope.eq("submit"),
            idempotency::key.eq(format!("load-{submission:017}")),
            idempotency::body_digest.eq(INDEX.repeat(2)),
            idempotency::result.eq(submission.to_string()),
            idempotency::created_at.eq(NOW),
        ))
        .execute(c)
}

/// How many submissions stand in a database.
pub fn submissions(url: &str) -> i64 {
    match sqlite_path(url) {
        Some(path) => submissions::table.count().get_result(&mut SqliteConnection::establish(path).unwrap()).unwrap(),
        None => submissions::table.count().get_result(&mut PgConnection::establish(url).unwrap()).unwrap(),
    }
}

/// An empty database on the server; its URL.
pub fn fresh_postgres(server: &str, name: &str) -> String {
    let mut admin = PgConnection::establish(server).unwrap();
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
    admin.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let (address, _) = server.rsplit_once('/').unwrap();
    format!("{address}/{name}")
}

/// PostgreSQL's own load tool, with prepared statements and as many clients.
pub fn pgbench(url: &str, clients: usize, time: Duration) -> Figures {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("submit.sql");
    let sealed = format!("'\\x{}'", "07".repeat(SEALED));
    let sql = format!(
        "BEGIN;\n\
         INSERT INTO parties (name_sealed, email_sealed, phone_sealed, address_sealed, name_index, email_index, phone_index, created_at) \
         VALUES ({sealed}, {sealed}, {sealed}, {sealed}, '{INDEX}', '{INDEX}', '{INDEX}', {NOW}) RETURNING id AS party \\gset\n\
         INSERT INTO texts (body) VALUES ('{BODY}') RETURNING id AS text \\gset\n\
         INSERT INTO submissions (state, version, channel, locale, party_id, subject, text_id, kind, category, place, confidential, reply_by, \
         nonce, created_at, expires_at, mails_sent, last_mail_at, decision_reason) \
         VALUES ('unconfirmed', 1, 'web', 'zh-TW', :party, '{SUBJECT}', :text, 'suggestion', '{CATEGORY}', '示範漁港', false, 'email', \
         'abcdefghijklmnop', {NOW}, {NOW}, 1, {NOW}, '') RETURNING id AS submission \\gset\n\
         INSERT INTO letters (kind, submission_id, party_id, locale, data, link, state, attempts, next_try_at, created_at) \
         VALUES ('confirm', :submission, :party, 'zh-TW', '{}', '{}', 'waiting', 0, {NOW}, {NOW});\n\
         INSERT INTO idempotency (scope, key, body_digest, result, created_at) \
         VALUES ('submit', 'load-' || :submission, '{INDEX}{INDEX}', :submission, {NOW});\n\
         COMMIT;\n",
        // A colon before a name would be a variable of pgbench.
        LETTER.replace(':', ": "),
        LINK.replace(':', ": "),
    );
    std::fs::write(&script, sql).unwrap();
    let program = std::env::var("CHENQING_TEST_PGBENCH").unwrap_or_else(|_| "pgbench".into());
    let run = Command::new(program)
        .current_dir(folder.path())
        .args(["-n", "-M", "prepared", "-j", "2", "-l", "--log-prefix", "log", "-f"])
        .arg(&script)
        .args(["-c", &clients.to_string(), "-T", &time.as_secs().to_string(), url])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    let tps: f64 = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok()).unwrap();
    let logs = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
    let times: Vec<Duration> = logs
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("log."))
        .flat_map(|path| std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
        .map(|line| Duration::from_micros(line.split(' ').nth(2).unwrap().parse().unwrap()))
        .collect();
    let whole = Duration::from_secs_f64(times.len() as f64 / tps);
    Figures::new(times, whole)
}
