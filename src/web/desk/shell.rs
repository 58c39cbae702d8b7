//! What surrounds the desk's pages: the lists that are of use to whoever is signed in, each with its count.

use serde_json::{Value, json};

use super::{Desk, extensions, letters, mail, moves, queue, submissions, tasks};
use crate::domain::control::READERS;
use crate::domain::delivery::LetterState;
use crate::domain::incoming::MessageState;
use crate::domain::measure::FOLLOWERS;
use crate::domain::queue::Queue;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::store::lists::{self, COUNTED, Filter};
use crate::store::{Db, calendar_moves, desk as desk_lists, extensions as requests, measures, messages};
use crate::web::state::Web;

/// The shell; `active` is the name key of the list that is shown.
///
/// # Errors
/// Of the database.
pub fn of(web: &Web, db: &mut Db, desk: &Desk, active: &str, now: Moment) -> Result<Value> {
    let mut shell = web.shell_in(db, &desk.frame, Some(&desk.signed_in))?;
    let staff = desk.staff();
    let mut entries = Vec::new();
    for queue in Queue::of(staff) {
        let slice = queue::slice(web, db, desk, queue, Filter::default(), now)?;
        entries.push((format!("queue-{queue}"), format!("/desk?queue={queue}"), lists::count(db, &slice)?));
    }
    if staff.is_any(submissions::ROLES) {
        let count = desk_lists::submissions_in(db, submissions::TO_DECIDE)?;
        entries.push(("queue-submissions".into(), "/desk/submissions".into(), count));
    }
    if staff.is_any(mail::READERS) {
        let count = messages::count(db, MessageState::Pen)?;
        entries.push(("queue-mail".into(), "/desk/mail/pen".into(), count));
    }
    if staff.is_any(tasks::ROLES) {
        let reach = tasks::reach(web, db, staff)?;
        let count = desk_lists::reviews(db, &reach, None, COUNTED + 1)?.len();
        entries.push(("queue-tasks".into(), "/desk/tasks".into(), count));
    }
    if staff.is_any(extensions::ROLES) {
        let reference = web.app.office.reference(db)?;
        let (ranks, reach) = extensions::decides(staff, &reference.units);
        let count = requests::count(db, &ranks, &reach, staff.id)?;
        entries.push(("queue-extensions".into(), "/desk/extensions".into(), count));
    }
    if staff.is_any(moves::ROLES) {
        let waiting = calendar_moves::waiting(db, 0, COUNTED + 1)?.len();
        entries.push(("queue-moves".into(), "/desk/moves".into(), waiting));
    }
    if staff.is_any(letters::READERS) {
        let failed = desk_lists::letters_in(db, LetterState::Failed)?;
        entries.push(("queue-letters".into(), "/desk/letters".into(), failed));
    }
    if staff.is_any(READERS) {
        // No count: it would be asked for with every page of the desk, and the list's own tabs say it.
        entries.push(("queue-control".into(), "/desk/control".into(), 0));
    }
    let entries: Vec<Value> = entries
        .into_iter()
        .map(|(name_key, url, count)| {
            let active = name_key == active;
            json!({ "name_key": name_key, "url": url, "count": (count > 0).then(|| capped(count)), "active": active })
        })
        .collect();
    shell["queues"] = json!(entries);
    shell["measures"] = json!(staff.is_any(FOLLOWERS) || measures::any_of(db, staff.id)?);
    Ok(shell)
}

/// A count as it is shown: exact to a thousand.
#[must_use]
pub fn capped(count: usize) -> String {
    let most = usize::try_from(COUNTED).unwrap_or(usize::MAX);
    if count > most { format!("{most}+") } else { count.to_string() }
}
