//! A mailbox that is not read: when the last success is too long ago, or a message was left because it is too large, the
//! administrators are told, once a day, on days off too: citizens write on every day.

use crate::acts::Office;
use crate::acts::owing::administrators;
use crate::config::ImapMailbox;
use crate::domain::letter::Letter;
use crate::domain::link::Purpose;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::Db;
use crate::store::fetch_states::{self, FetchState};

/// Owes every administrator a letter of each mailbox that has something to say. Returns how many letters.
///
/// # Errors
/// Of the database.
pub fn warn(office: &Office, mailboxes: &[ImapMailbox], now: Moment) -> Result<usize> {
    let limits: Vec<(String, i64)> = mailboxes.iter().map(|m| (m.name.clone(), m.overdue_minutes * 60)).collect();
    let office = office.clone();
    office.store.clone().write(move |db| {
        let states = fetch_states::all(db)?;
        let mut owed = 0;
        for (name, seconds) in &limits {
            let Some(state) = states.iter().find(|state| state.mailbox == *name) else { continue };
            let overdue = now.seconds_since(state.last_good()) >= *seconds;
            let today = now.date_in(&office.zone);
            let told_today = state.told_at.is_some_and(|at| at.date_in(&office.zone) == today);
            if (overdue && !told_today) || state.too_large > state.too_large_told {
                owed += tell(&office, db, state, overdue, now)?;
            }
        }
        Ok(owed)
    })
}

fn tell(office: &Office, db: &mut Db, state: &FetchState, overdue: bool, now: Moment) -> Result<usize> {
    fetch_states::told(db, &state.mailbox, state.too_large, now)?;
    let letter = Letter::FetchOverdue {
        mailbox: state.mailbox.clone(),
        last_read_at: state.last_success_at.filter(|_| overdue),
        overdue,
        error: if state.is_failing() { state.last_error.clone() } else { String::new() },
        too_large: state.too_large - state.too_large_told,
        agency: office.reference(db)?.agency.name_zh.clone(),
    };
    administrators(db, office, &letter, (Purpose::Jobs, 0), now)
}
