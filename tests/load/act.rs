//! The act itself, without the web: clients that submit one petition after another.

use std::time::{Duration, Instant};

use chenqing::acts::Office;
use chenqing::acts::submit::submit;
use chenqing::config::{Config, Database};
use chenqing::domain::case::{Channel, Kind, ReplyBy};
use chenqing::domain::submission::Petition;
use chenqing::keys::{Keys, random_word};
use chenqing::store::Store;
use jiff::tz::TimeZone;

use crate::bare;
use crate::figures::Figures;
use crate::{CLIENTS, NOW, POOL, at_once};

/// Petitions through the act until the time is up.
pub fn petitions(url: &str, time: Duration) -> Figures {
    let store = Store::open(&Database { url: url.to_owned(), pool: POOL, wait_seconds: 30 }).unwrap();
    let keys = Keys::new(&["1:only-for-load-tests-0123456789abcdef"]).unwrap();
    let office = Office::new(store, keys, Config::defaults().unwrap().cases, TimeZone::get(bare::TIME_ZONE).unwrap());
    at_once(CLIENTS, |_| {
        let office = office.clone();
        move |start: Instant| {
            let mut times = Vec::new();
            while start.elapsed() < time {
                let key = random_word::<16>().unwrap();
                let begun = Instant::now();
                submit(&office, NOW, petition(), &[], &key).unwrap();
                times.push(begun.elapsed());
            }
            times
        }
    })
}

fn petition() -> Petition {
    Petition {
        name: "林示範".into(),
        email: "lin@example.org".into(),
        phone: "02-0000-1234".into(),
        address: "示範市示範路 1 號".into(),
        subject: bare::SUBJECT.into(),
        body: bare::BODY.into(),
        kind: Kind::Suggestion,
        category: Some(bare::CATEGORY.into()),
        place: "示範漁港".into(),
        confidential: false,
        reply_by: ReplyBy::Email,
        locale: "zh-TW".into(),
        channel: Channel::Web,
    }
}
