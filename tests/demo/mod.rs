//! The demonstration: whatever the date, everything occurs in it, every history is true, and nothing is in the future.

use std::collections::BTreeSet;

use chenqing::acts::audit::verify;
use chenqing::app::App;
use chenqing::cli::demo::{config, make};
use chenqing::clock::Clock;
use chenqing::domain::time::Moment;
use chenqing::store::sqlite_path;

use crate::support::rows;

mod mail;
mod seeded;

/// A demonstration that is gone when the test ends.
struct Made {
    app: App,
    now: Moment,
    _folder: tempfile::TempDir,
}

fn at(text: &str) -> Moment {
    serde_json::from_str(&format!("\"{text}\"")).unwrap()
}

fn made(now: &str, cases: usize, seed: u64) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), 8080).unwrap();
    let now = at(now);
    make(&config, now, cases, seed, "demo-password").unwrap();
    assert!(std::path::Path::new(sqlite_path(&config.database.url).unwrap()).is_file());
    let mut app = App::build(config, Clock::fixed(now)).unwrap();
    app.demo = true;
    Made { app, now, _folder: folder }
}

impl Made {
    fn words(&self, query: &str) -> Vec<String> {
        self.app.office.store.read(|db| Ok(rows::words(db, query))).unwrap()
    }

    fn number(&self, query: &str) -> i64 {
        self.app.office.store.read(|db| Ok(rows::number(db, query))).unwrap()
    }

    fn codes(&self, column: &str, table: &str) -> BTreeSet<String> {
        self.words(&format!("SELECT DISTINCT {column} AS t FROM {table} WHERE {column} IS NOT NULL"))
            .into_iter()
            .collect()
    }

    /// What holds of every demonstration.
    fn is_sound(&self) {
        let found = verify(&self.app.office, |_| ()).unwrap();
        assert_eq!((found.faults, found.unsealed), (0, 0), "{:?}", found.first_faults);
        let now = self.now.0;
        for (table, column) in [
            ("events", "at"),
            ("letters", "created_at"),
            ("letters", "sent_at"),
            ("cases", "received_at"),
            ("cases", "finished_at"),
            ("cases", "closed_at"),
            ("submissions", "created_at"),
            ("ratings", "created_at"),
            ("notes", "at"),
            ("replies", "updated_at"),
            ("notices", "at"),
            ("seals", "at"),
            ("messages", "stored_at"),
            ("messages", "processed_at"),
            ("receipts", "at"),
            ("staff", "created_at"),
        ] {
            let late = self.number(&format!("SELECT count(*) AS n FROM {table} WHERE {column} > {now}"));
            assert_eq!(late, 0, "{table}.{column} is in the future");
        }
        let waiting = "SELECT count(*) AS n FROM letters WHERE state IN ('waiting', 'sending') OR claim IS NOT NULL";
        assert_eq!(self.number(waiting), 0, "a letter was left behind");
        let unposted = "SELECT count(*) AS n FROM letters WHERE state = 'to_post' AND reply_id IS NULL \
                        AND created_at < (SELECT max(at) FROM events) - 5 * 86400000000";
        assert!(
            self.number(unposted) == 0 || self.number("SELECT count(*) AS n FROM letters WHERE state = 'posted'") > 0
        );
        let backwards = "SELECT count(*) AS n FROM events a JOIN events b ON b.case_id = a.case_id AND b.seq = a.seq + 1 \
                         WHERE b.at < a.at";
        assert_eq!(self.number(backwards), 0, "a history runs backwards");
        let stale = format!(
            "SELECT count(*) AS n FROM clocks WHERE (finished_at IS NOT NULL AND next_check_at IS NOT NULL) \
             OR next_check_at <= {now}"
        );
        assert_eq!(self.number(&stale), 0, "a clock was left unchecked");
        let undecided = format!(
            "SELECT (SELECT count(*) FROM cases WHERE state = 'replied' AND rating_until <= {now}) \
             + (SELECT count(*) FROM submissions WHERE state = 'unconfirmed' AND expires_at <= {now}) AS n"
        );
        assert_eq!(self.number(&undecided), 0, "a job was left undone");
    }
}

fn all<'a>(codes: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    codes.into_iter().map(str::to_owned).collect()
}

#[test]
fn everything_occurs_and_every_history_is_true() {
    use chenqing::domain::case::{CloseCode, Kind, State};
    use chenqing::domain::reply::ReviewState;
    use chenqing::domain::submission::SubmissionState;
    let made = made("2026-11-24T02:30:00Z", 120, 118);
    made.is_sound();
    assert_eq!(made.number("SELECT count(*) AS n FROM cases"), 120);
    assert_eq!(made.codes("state", "cases"), all(State::ALL.iter().map(|s| s.code())));
    assert_eq!(made.codes("kind", "cases"), all(Kind::ALL.iter().map(|k| k.code())));
    assert_eq!(made.codes("close_code", "cases"), all(CloseCode::ALL.iter().map(|c| c.code())));
    assert_eq!(made.codes("state", "submissions"), all(SubmissionState::ALL.iter().map(|s| s.code())));
    assert_eq!(made.codes("state", "review_tasks"), all(ReviewState::ALL.iter().map(|s| s.code())));
    assert_eq!(made.codes("locale", "cases"), all(["en", "zh-TW"]));
    assert_eq!(
        made.codes("channel", "cases"),
        all(["email", "fax", "letter", "media", "phone", "referred", "social", "visit", "web"])
    );
    let kinds = made.codes("kind", "letters");
    let expected = all([
        "confirm",
        "confirm_reminder",
        "receipt",
        "assigned",
        "case_for_unit",
        "reply_for_approval",
        "reply_returned",
        "reply",
        "transferred",
        "extended",
        "no_action",
        "withdrawn",
        "reopened",
        "due_soon",
        "digest",
        "weekly_list",
        "review_task",
        "year_package",
        "supplement_asked",
        "supplement_given",
        "consultation_asked",
        "consultation_answered",
        "extension_asked",
        "extension_declined",
        "mail_joined",
    ]);
    assert_eq!(kinds, expected);
    assert_eq!(made.codes("state", "letters"), all(["failed", "posted", "sent", "to_post"]));
    assert!(made.number("SELECT count(*) AS n FROM case_rounds WHERE round = 2 AND finished_at IS NOT NULL") > 0);
    assert!(made.number("SELECT count(*) AS n FROM case_rounds WHERE finished_at > original_due_at") > 0);
    assert!(made.number("SELECT count(*) AS n FROM notes n JOIN cases c ON c.id = n.case_id") > 60);
    let caught = std::fs::read_dir(made.app.post.transport().folder().unwrap()).unwrap().count();
    let sent = made.number("SELECT count(*) AS n FROM letters WHERE state = 'sent'");
    assert!(i64::try_from(caught).unwrap() >= sent);
    every_message_has_its_fate(&made);
    // The accounts that are shown can sign in at once, with the password that the log-in page shows too.
    let rules = &made.app.config.session;
    let signed_in = chenqing::acts::sign_in::sign_in(&made.app.office, rules, made.now, "handler", "demo-password");
    assert!(signed_in.is_ok());
    let shown = made.words("SELECT value AS t FROM installation WHERE key = 'demo.accounts'").remove(0);
    assert_eq!(shown.matches("demo-password").count(), 8);
    assert_eq!(made.number("SELECT count(*) AS n FROM staff WHERE must_change_password"), 0);
}

/// What came in by e-mail ended as it was meant to, in its cases and beside them.
fn every_message_has_its_fate(made: &Made) {
    let count = |more: &str| made.number(&format!("SELECT count(*) AS n FROM messages WHERE {more}"));
    for (state, number) in [
        ("new_submission", 2),
        ("appended", 1),
        ("noted", 2),
        ("pen", 2),
        ("spam", 1),
        ("ignored", 1),
        ("discarded", 1),
    ] {
        assert_eq!(count(&format!("state = '{state}'")), number, "{state}");
    }
    assert_eq!(count("error IS NOT NULL OR attempts <> 1"), 0, "one was not taken in at once");
    assert_eq!(count("state = 'pen' AND suggested_case_id IS NOT NULL"), 2);
    assert_eq!(count("state = 'pen' AND reasons LIKE '%signed_reply%'"), 1);
    assert_eq!(count("state = 'pen' AND reasons LIKE '%number_in_subject%'"), 1);
    assert_eq!(count("decided_by IS NOT NULL AND decision_reason <> ''"), 1);
    // The letter that came back has failed, and its case says so.
    let returned = "SELECT count(*) AS n FROM letters l JOIN messages m ON m.letter_id = l.id JOIN events e ON \
                    e.case_id = l.case_id AND e.act = 'letter_failed' WHERE l.state = 'failed' AND m.state = 'noted'";
    assert_eq!(made.number(returned), 1);
    // The petition by mail is a case with one of its files; the other is named.
    let by_mail = "SELECT count(*) AS n FROM cases c JOIN messages m ON m.submission_id = c.submission_id JOIN attachments a \
                   ON a.case_id = c.id WHERE c.channel = 'email' AND c.state = 'in_progress' AND a.name = '時間紀錄.txt' \
                   AND m.left_out LIKE '%現場影片.avi%'";
    assert_eq!(made.number(by_mail), 1);
    assert_eq!(
        made.number("SELECT count(*) AS n FROM submissions WHERE channel = 'email' AND state = 'unconfirmed'"),
        1
    );
}

#[test]
fn the_same_seed_and_present_give_the_same_histories() {
    let hashes =
        |seed| made("2026-11-24T02:30:00Z", 80, seed).words("SELECT hash AS t FROM events ORDER BY case_id, seq");
    let first = hashes(1);
    assert!(first.len() > 500);
    assert_eq!(first, hashes(1));
    assert_ne!(first, hashes(2));
}

/// Whatever the present, cases came this morning, some are due soon and some late, and the queues are not empty.
fn lives(now: &str) {
    let made = made(now, 80, 118);
    made.is_sound();
    let now = made.now.0;
    let open =
        |more: &str| made.number(&format!("SELECT count(*) AS n FROM cases WHERE finished_at IS NULL AND {more}"));
    assert_eq!(made.number("SELECT count(*) AS n FROM cases"), 80);
    assert!(open(&format!("received_at > {now} - 6 * 3600000000 AND state = 'received'")) >= 4, "this morning");
    assert!(open(&format!("due_at > {now} AND state = 'in_progress'")) >= 3);
    assert!(open(&format!("due_at <= {now}")) >= 3, "late");
    for state in ["registered", "assigned", "in_progress", "in_review", "reopened"] {
        assert!(open(&format!("state = '{state}'")) >= 1, "{state}");
    }
    for state in ["approved", "replied", "closed"] {
        assert!(made.number(&format!("SELECT count(*) AS n FROM cases WHERE state = '{state}'")) >= 1, "{state}");
    }
    assert!(made.number("SELECT count(*) AS n FROM review_tasks WHERE state = 'open'") >= 1);
    for state in ["unconfirmed", "expired", "bounced", "accepted", "dismissed"] {
        assert!(made.number(&format!("SELECT count(*) AS n FROM submissions WHERE state = '{state}'")) >= 1, "{state}");
    }
    assert!(open("extended") >= 1);
    every_message_has_its_fate(&made);
}

#[test]
fn it_lives_on_a_working_afternoon() {
    lives("2026-09-24T07:15:00Z");
}

#[test]
fn it_lives_on_a_sunday_and_at_night() {
    lives("2026-11-22T05:00:00Z");
    lives("2026-03-17T18:40:00Z");
}

#[test]
fn it_lives_on_new_years_day() {
    // Half past midnight in Taipei.
    lives("2026-12-31T16:30:00Z");
}

#[test]
fn it_lives_at_the_end_of_the_longest_holidays() {
    // The Sunday before work begins again after the lunar New Year of 2026.
    lives("2026-02-22T09:00:00Z");
}

#[test]
fn it_lives_on_a_leap_day_beyond_the_official_calendar() {
    lives("2028-02-29T03:00:00Z");
}
