//! Saved reports on their way: each due time once, on however many nodes and after however long a pause, with its files.

use chenqing::acts::Office;
use chenqing::acts::save_report::save_report;
use chenqing::domain::delivery::LetterState;
use chenqing::domain::figures::{Filter, TableName};
use chenqing::domain::letter::{Letter, ReportLetter};
use chenqing::domain::saved_report::{Draft, Rhythm, RunOutcome, SavedFormat, SavedPeriod, Schedule, Terms};
use chenqing::domain::staff::{Role, Staff};
use chenqing::domain::time::Moment;
use chenqing::files::Files;
use chenqing::reports::saved_mail::{Mailing, sweep};
use chenqing::store::attachments::{self, Carrier};
use chenqing::store::letters::{self, LetterRow};
use chenqing::store::saved_reports::{self, Run};
use chenqing::store::staff::{self, NewStaff};
use chenqing::web::pages::Pages;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::at;
use super::counting::written;
use super::history::history;
use crate::support::{TestDb, on_both};

struct Scene {
    office: Office,
    files: Files,
    people: Vec<Staff>,
}

/// An office with cases, a manager, an auditor, a handler, and a control officer without an address.
fn scene(db: &TestDb) -> Scene {
    let mut runner = TestRunner::deterministic();
    let lives = prop::collection::vec(history(), 40..41).new_tree(&mut runner).unwrap().current();
    let office = written(db, &lives);
    let unit_id = office.store.read(|db| office.reference(db)).unwrap().units.all()[0].id;
    let person = move |name: &str, role: Role, email: &str| NewStaff {
        username: name.into(),
        name: name.into(),
        unit_id,
        roles: vec![role],
        email: email.into(),
        phone: String::new(),
        password_hash: "x".into(),
        must_change_password: false,
    };
    let all = [
        person("manager", Role::Manager, "manager@agency.example.tw"),
        person("auditor", Role::Auditor, "auditor@agency.example.tw"),
        person("handler", Role::Handler, "handler@agency.example.tw"),
        person("mute", Role::ControlOfficer, ""),
    ];
    let now = at("2024-01-01T00:00:00Z");
    let ids: Vec<i64> =
        office.store.write(move |db| all.iter().map(|new| staff::insert(db, new, now)).collect()).unwrap();
    let people = ids.iter().map(|id| office.store.read(|db| staff::get(db, *id)).unwrap().person().unwrap()).collect();
    Scene { office, files: Files::open(&db.folder().join("files")).unwrap(), people }
}

fn draft(rhythm: Rhythm, recipients: &[(i64, &str)]) -> Draft {
    Draft {
        name: "每月概況".into(),
        shared: true,
        terms: Terms {
            period: SavedPeriod::LastMonth,
            filter: Filter { units: vec!["north".into()], below: true, ..Filter::default() },
            tables: vec![TableName::Unit, TableName::Category],
            formats: vec![SavedFormat::Ods, SavedFormat::Json],
        },
        schedule: Schedule { rhythm, hour: 9 },
        recipients: recipients.iter().map(|(id, locale)| (*id, (*locale).to_owned())).collect(),
    }
}

impl Scene {
    fn save(&self, draft: Draft, now: &str) -> i64 {
        let key = chenqing::keys::random_word::<20>().unwrap();
        save_report(&self.office, at(now), &self.people[0], draft, &key).unwrap()
    }

    fn sweep(&self, now: &str) -> String {
        let mailing = Mailing { office: &self.office, files: &self.files, most_bytes: 10_485_760 };
        let words = || {
            Pages::new(None)
                .map(|p| Box::new(p) as Box<dyn chenqing::reports::Words>)
                .map_err(chenqing::error::Error::Internal)
        };
        let said = sweep(mailing, words, at(now)).unwrap();
        said.args.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn letters(&self) -> Vec<(LetterRow, ReportLetter)> {
        let rows = self.office.store.read(|db| letters::in_state(db, LetterState::Waiting, None, 100)).unwrap();
        let said = |row: LetterRow| match row.letter().unwrap() {
            Letter::SavedReport(letter) => (row, letter),
            other => panic!("another letter: {}", other.code()),
        };
        rows.into_iter().rev().map(said).collect()
    }

    fn runs(&self, id: i64) -> Vec<Run> {
        self.office.store.read(|db| saved_reports::runs(db, id, 100)).unwrap()
    }

    fn next(&self, id: i64) -> Option<Moment> {
        self.office.store.read(|db| saved_reports::get(db, id)).unwrap().next_run_at
    }
}

on_both!(each_time_that_is_due_goes_once_to_those_who_may_read_it, |db| {
    let scene = scene(db);
    let all: Vec<(i64, &str)> =
        scene.people.iter().map(|p| (p.id, if p.username == "auditor" { "en" } else { "zh-TW" })).collect();
    let id = scene.save(draft(Rhythm::Month { day: 1 }, &all), "2025-05-20T00:00:00Z");
    assert_eq!(scene.next(id), Some(at("2025-06-02T01:00:00Z")), "1 June 2025 is a Sunday");
    assert_eq!(scene.sweep("2025-06-02T00:59:59Z"), "0 0");
    assert_eq!(scene.sweep("2025-06-02T01:00:00Z"), "2 0");
    assert_eq!(scene.sweep("2025-06-02T01:05:00Z"), "0 0");
    assert_eq!(scene.next(id), Some(at("2025-07-01T01:00:00Z")));
    let letters = scene.letters();
    let to: Vec<Option<i64>> = letters.iter().map(|(row, _)| row.staff_id).collect();
    assert_eq!(to, [Some(scene.people[0].id), Some(scene.people[1].id)], "no handler, nobody without an address");
    let (zh, en) = (&letters[0].1, &letters[1].1);
    assert_eq!((zh.period.as_str(), en.period.as_str()), ("114年5月", "May 2025"));
    assert_eq!((letters[0].0.locale.as_str(), letters[1].0.locale.as_str()), ("zh-TW", "en"));
    assert!(zh.scope.contains("north組") && en.scope.contains("north"), "{} {}", zh.scope, en.scope);
    assert_eq!(letters[0].0.link().unwrap().unwrap().row, id);
    // Its files lie beside the letter, and the collector keeps them.
    let files = scene.office.store.read(|db| attachments::of(db, Carrier::Letter(letters[0].0.id))).unwrap();
    assert!(files.iter().any(|f| f.name == "每月概況-2025-05.ods") && files.iter().any(|f| f.name.ends_with(".json")));
    let later = at("2025-06-10T00:00:00Z");
    chenqing::acts::collect::collect(&scene.office.store, &scene.files, later).unwrap();
    assert!(files.iter().all(|file| scene.files.get(&file.sha256).is_ok()));
    let runs = scene.runs(id);
    assert_eq!((runs.len(), runs[0].outcome, runs[0].letters), (1, RunOutcome::Sent, 2));
    // After three months they are let go.
    chenqing::acts::clean::clean(&scene.office, at("2025-09-10T00:00:00Z"), 30).unwrap();
    chenqing::acts::collect::collect(&scene.office.store, &scene.files, at("2025-09-10T00:00:00Z")).unwrap();
    assert!(files.iter().all(|file| scene.files.get(&file.sha256).is_err()));
});

on_both!(what_was_missed_goes_once_as_of_its_last_time, |db| {
    let scene = scene(db);
    let id = scene.save(draft(Rhythm::Month { day: 1 }, &[(scene.people[0].id, "zh-TW")]), "2025-02-20T00:00:00Z");
    // Nothing ran from March to the middle of May: May's report, of April, and none of the others.
    assert_eq!(scene.sweep("2025-05-15T03:00:00Z"), "1 0");
    assert_eq!(scene.letters()[0].1.period, "114年4月");
    assert_eq!((scene.runs(id).len(), scene.runs(id)[0].due_at), (1, at("2025-05-01T01:00:00Z")));
    assert_eq!(scene.next(id), Some(at("2025-06-02T01:00:00Z")));
    assert_eq!(scene.sweep("2025-05-15T03:05:00Z"), "0 0");
});

on_both!(a_month_that_ends_on_a_day_off_is_counted_as_planned, |db| {
    let scene = scene(db);
    let mut monthly = draft(Rhythm::Month { day: 31 }, &[(scene.people[0].id, "zh-TW")]);
    monthly.terms.period = SavedPeriod::ThisMonth;
    // 31 May 2025 is a Saturday: sent on Monday, and of May.
    let id = scene.save(monthly, "2025-05-20T00:00:00Z");
    assert_eq!(scene.next(id), Some(at("2025-06-02T01:00:00Z")));
    assert_eq!(scene.sweep("2025-06-02T01:00:00Z"), "1 0");
    assert_eq!(scene.letters()[0].1.period, "114年5月");
});

on_both!(several_nodes_send_it_once, |db| {
    let scene = scene(db);
    let id = scene.save(draft(Rhythm::Week { weekday: 1 }, &[(scene.people[0].id, "zh-TW")]), "2025-05-20T00:00:00Z");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| scene.sweep("2025-05-26T01:00:00Z"));
        }
    });
    assert_eq!((scene.letters().len(), scene.runs(id).len()), (1, 1));
});

on_both!(what_cannot_be_counted_stays_due_and_keeps_nobody_waiting, |db| {
    let scene = scene(db);
    let to = [(scene.people[0].id, "zh-TW")];
    let broken = scene.save(draft(Rhythm::Week { weekday: 1 }, &to), "2025-05-20T00:00:00Z");
    let sound = scene.save(draft(Rhythm::Week { weekday: 1 }, &to), "2025-05-20T00:00:00Z");
    let nobody =
        scene.save(draft(Rhythm::Week { weekday: 1 }, &[(scene.people[2].id, "zh-TW")]), "2025-05-20T00:00:00Z");
    let spoil = |terms: &str| {
        let statement = format!("UPDATE saved_reports SET terms = {terms} WHERE id = {broken}");
        let done = scene.office.store.write(move |db| {
            crate::support::rows::execute(db, &statement);
            Ok(())
        });
        done.unwrap();
    };
    let good = crate::support::rows::words(&mut db.connection(), "SELECT terms AS t FROM saved_reports").remove(0);
    spoil("'{}'");
    assert_eq!(scene.sweep("2025-05-26T01:00:00Z"), "1 1");
    assert_eq!(scene.runs(broken)[0].outcome, RunOutcome::Failed);
    assert_eq!(scene.runs(sound)[0].outcome, RunOutcome::Sent);
    assert_eq!(scene.runs(nobody)[0].outcome, RunOutcome::Nobody);
    spoil(&format!("'{good}'"));
    // Tried again at the next tick: the same run, now sent.
    assert_eq!(scene.sweep("2025-05-26T01:05:00Z"), "1 0");
    let runs = scene.runs(broken);
    assert_eq!((runs.len(), runs[0].outcome, scene.letters().len()), (1, RunOutcome::Sent, 2));
});
