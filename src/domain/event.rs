//! One line of a case's history, and the canonical text that its hash is taken of.

use serde::{Deserialize, Serialize};

use crate::domain::case::Verb;
use crate::domain::time::Moment;

/// What happened, in facts only: no texts and no names, which live where they can be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The case.
    pub case_id: i64,
    /// Position in the case's chain, from 1 without gaps.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// The act: a verb's code, or one of those without a verb (`confirmed`, `rated`, …).
    pub act: String,
    /// `petitioner`, `staff` or `system`.
    pub actor: String,
    /// The member of staff.
    pub staff_id: Option<i64>,
    /// Facts as JSON with sorted keys.
    pub facts: String,
    /// Hash of the event before; empty for the first.
    pub previous: String,
    /// Hash of this event.
    pub hash: String,
}

impl Event {
    /// The text whose hash is the event's: every field in a fixed order, lengths first, so that no two events share it.
    #[must_use]
    pub fn canonical(&self) -> String {
        let staff = self.staff_id.map(|id| id.to_string()).unwrap_or_default();
        let fields = [
            &self.case_id.to_string(),
            &self.seq.to_string(),
            &self.at.0.to_string(),
            &self.act,
            &self.actor,
            &staff,
            &self.facts,
            &self.previous,
        ];
        fields.iter().map(|f| format!("{}:{f}\n", f.len())).collect()
    }
}

/// The act names of events that are not a [`Verb`].
pub mod acts {
    /// The petitioner confirmed; the case begins.
    pub const CONFIRMED: &str = "confirmed";
    /// Staff entered it (telephone, visit, letter …); the case begins.
    pub const ENTERED: &str = "entered";
    /// The registrar accepted an unconfirmed submission; the case begins.
    pub const ACCEPTED: &str = "accepted";
    /// A letter left.
    pub const LETTER_SENT: &str = "letter_sent";
    /// A letter failed for good.
    pub const LETTER_FAILED: &str = "letter_failed";
    /// Staff had a failed letter sent again.
    pub const LETTER_RETRIED: &str = "letter_retried";
    /// Staff had a letter sent to another address.
    pub const LETTER_REDIRECTED: &str = "letter_redirected";
    /// A message by e-mail joined it.
    pub const MAIL_JOINED: &str = "mail_joined";
    /// A delivery report or automatic mail about one of its letters came in.
    pub const MAIL_NOTED: &str = "mail_noted";
    /// A registrar fetched a message as it came, which says who wrote it.
    pub const MAIL_FETCHED: &str = "mail_fetched";
    /// A registrar looked at the layout of a message.
    pub const MAIL_LAYOUT_VIEWED: &str = "mail_layout_viewed";
    /// A registrar fetched a file of a message.
    pub const MAIL_FILE_FETCHED: &str = "mail_file_fetched";
    /// The petitioner fetched a file that was too large for its letter.
    pub const FILE_FETCHED: &str = "file_fetched";
    /// A due-soon or overdue notice was sent.
    pub const NOTICE: &str = "notice";
    /// A new policy document changed its clocks.
    pub const POLICY_CHANGED: &str = "policy_changed";
    /// A changed calendar moved the last day.
    pub const CALENDAR_MOVED: &str = "calendar_moved";
    /// A changed calendar would have moved the last day back; a control officer kept it.
    pub const CALENDAR_KEPT: &str = "calendar_kept";
    /// Somebody looked at the petitioner's identity.
    pub const IDENTITY_VIEWED: &str = "identity_viewed";
}

/// The act name of a verb.
#[must_use]
pub const fn of(verb: Verb) -> &'static str {
    verb.code()
}
