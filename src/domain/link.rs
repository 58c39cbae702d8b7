//! Links that letters carry: what a link is for, which row it opens and until when. The secret that makes a token of it
//! is in `keys`; a token for one purpose opens nothing else.

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::domain::time::Moment;

codes! {
    /// What a link is for.
    Purpose {
        /// Confirm a submission: whoever has it reads the mail of the address given.
        Confirm = "confirm",
        /// The page of a submission, for whoever typed it: where it stands, correct the address, ask for the mail again. It
        /// proves nothing about the address and confirms nothing.
        Submission = "submission",
        /// The status page of a case, straight from a letter.
        Status = "status",
        /// The half hour after number and query code were given: in a cookie, never in a letter.
        Visit = "visit",
        /// The form to withdraw, bound to that cookie.
        Withdraw = "withdraw",
        /// The form to supplement, bound to it too.
        Supplement = "supplement",
        /// The files of a reply that were too large for the letter.
        Files = "files",
        /// Rate a reply.
        Rate = "rate",
        /// A case on the desk (needs signing in; the link itself opens nothing).
        Desk = "desk",
        /// The weekly list of what is overdue (needs signing in).
        Weekly = "weekly",
        /// The figures of a year (needs signing in).
        Management = "management",
        /// A saved report (needs signing in).
        SavedReport = "saved_report",
        /// An improvement measure (needs signing in).
        Measure = "measure",
        /// The calendar of office days (needs signing in).
        Calendar = "calendar",
        /// The jobs and their last runs (needs signing in).
        Jobs = "jobs",
    }
}

/// What a link opens. Those in letters are stored with them; the token is made when the letter is rendered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it is for.
    pub purpose: Purpose,
    /// The row it opens: submission, case, reply, year, saved report, measure or week.
    pub row: i64,
    /// Must equal the row's nonce; a new nonce makes old links dead.
    pub nonce: String,
    /// From this moment on it opens nothing.
    pub expires_at: Moment,
}
