//! Verifies the history: every case's chain without gaps and with its own hashes, the seal chain with its keys, and that
//! every sealed head is still there.

use crate::acts::Office;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::keys::sha256;
use crate::store::{events, seals};

/// Rows in one read.
const BATCH: i64 = 2000;
/// Faults that are listed; more are only counted.
const MOST_LISTED: usize = 100;

/// What the verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Findings {
    /// Events read.
    pub events: u64,
    /// Cases with a history.
    pub cases: u64,
    /// Seals read.
    pub seals: u64,
    /// Histories with a head that is not sealed yet.
    pub unsealed: i64,
    /// Since when the oldest of them waits.
    pub unsealed_since: Option<Moment>,
    /// How many faults there are.
    pub faults: u64,
    /// The first of them, in words.
    pub first_faults: Vec<String>,
}

impl Findings {
    fn fault(&mut self, text: String) {
        self.faults += 1;
        if self.first_faults.len() < MOST_LISTED {
            self.first_faults.push(text);
        }
    }
}

/// Reads the whole history in batches; `progress` is told how many events were read.
///
/// # Errors
/// Of the database.
pub fn verify(office: &Office, mut progress: impl FnMut(u64)) -> Result<Findings> {
    let mut found = Findings::default();
    let (mut case_id, mut seq, mut previous) = (0, 0, String::new());
    loop {
        let batch = office.store.read(|db| events::after(db, case_id, seq, BATCH))?;
        if batch.is_empty() {
            break;
        }
        for event in batch {
            if event.case_id != case_id {
                (case_id, seq, previous) = (event.case_id, 0, String::new());
                found.cases += 1;
            }
            if event.seq != seq + 1 {
                found.fault(format!("case {case_id}: event {} is missing", seq + 1));
            }
            if event.previous != previous {
                found.fault(format!("case {case_id}: event {} does not follow the one before", event.seq));
            }
            if sha256(event.canonical().as_bytes()) != event.hash {
                found.fault(format!("case {case_id}: event {} was changed", event.seq));
            }
            (seq, previous) = (event.seq, event.hash);
            found.events += 1;
        }
        progress(found.events);
    }
    verify_seals(office, &mut found)?;
    (found.unsealed, found.unsealed_since) = office.store.read(seals::unsealed)?;
    Ok(found)
}

fn verify_seals(office: &Office, found: &mut Findings) -> Result<()> {
    let (mut id, mut previous) = (0, String::new());
    loop {
        let batch = office.store.read(|db| {
            let links = seals::after(db, id, BATCH)?;
            links
                .into_iter()
                .map(|(id, link)| Ok((id, seals::event_hash(db, link.case_id, link.seq)?, link)))
                .collect::<Result<Vec<_>>>()
        })?;
        if batch.is_empty() {
            return Ok(());
        }
        for (at, hash, link) in batch {
            if link.previous != previous {
                found.fault(format!("seal {at} does not follow the one before"));
            }
            if !office.keys.seal_fits(&link.canonical(), &link.seal) {
                found.fault(format!("seal {at} was changed or its key is missing"));
            }
            if hash.as_deref() != Some(link.hash.as_str()) {
                found.fault(format!("case {}: event {} is not the one that was sealed", link.case_id, link.seq));
            }
            (id, previous) = (at, link.seal);
            found.seals += 1;
        }
    }
}
