//! The figures of a year: counted by the store against a naive count of the same histories, written in every format, sent
//! once, shown to those who may see them.

mod books;
mod charts;
mod counting;
mod dashboard;
mod definitions;
mod drill;
mod folds;
mod formats;
mod handling_time;
mod history;
mod locked;
mod missing;
mod naive;
mod open_data;
mod open_data_http;
mod open_data_markers;
mod open_data_schema;
mod pages;
#[cfg(feature = "pdf")]
mod pdf;
mod replay;
mod saved;
mod saved_mail;
mod schema;
mod seeded;
mod sums;
mod unusual;
mod year_end;

use chenqing::acts::Office;
use chenqing::config::Config;
use chenqing::domain::agency::{Agency, Category};
use chenqing::domain::time::Moment;
use chenqing::keys::Keys;
use chenqing::store::Store;
use chenqing::store::agency::{put_category, put_unit, set_agency, set_category_group};
use chenqing::store::reference::touch;
use jiff::tz::TimeZone;

use crate::support::TestDb;

/// Units by their place in this list: the root, two divisions, and sections at two depths below the first.
const UNITS: [(&str, Option<usize>); 5] =
    [("headquarters", None), ("north", Some(0)), ("south", Some(0)), ("north-1", Some(1)), ("north-1-a", Some(3))];
/// Categories of the agency's list; cases may stand under `retired` too.
const CATEGORIES: [&str; 2] = ["rescue", "noise"];
/// The group that the first of them is in.
const GROUP: &str = "services";

fn taipei() -> TimeZone {
    TimeZone::get("Asia/Taipei").unwrap()
}

fn at(text: &str) -> Moment {
    Moment::from_jiff(text.parse().unwrap())
}

/// An office with [`UNITS`] and [`CATEGORIES`], and the ids of the units.
fn office(db: &TestDb) -> (Office, Vec<i64>) {
    let store: Store = db.store();
    let units = store
        .write(|db| {
            set_agency(db, &Agency { name_zh: "示範署".into(), name_en: "Sample Agency".into(), ..Agency::default() })?;
            let mut ids = Vec::new();
            for (sort, (code, parent)) in (0..).zip(UNITS) {
                let parent = parent.map(|at: usize| ids[at]);
                ids.push(put_unit(db, code, parent, (&format!("{code}組"), code), ("02-0000-0000", ""), sort)?);
            }
            for (sort, code) in (0..).zip(CATEGORIES.into_iter().chain([GROUP])) {
                let (code, name_zh) = (code.to_owned(), format!("=業務{sort}"));
                put_category(
                    db,
                    &Category { code, name_zh, name_en: format!("Category {sort}"), unit_id: None },
                    sort,
                )?;
            }
            set_category_group(db, CATEGORIES[0], Some(GROUP))?;
            touch(db)?;
            Ok(ids)
        })
        .unwrap();
    let keys = Keys::new(&["1:only-for-tests-0123456789abcdefghij"]).unwrap();
    (Office::new(store, keys, Config::defaults().unwrap().cases, taipei()), units)
}
