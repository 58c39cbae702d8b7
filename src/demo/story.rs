//! A case of the demonstration before it has happened: who writes, and what is done by whom at which moment.

use crate::domain::case::CloseCode;
use crate::domain::rating::Rating;
use crate::domain::submission::Petition;
use crate::domain::time::Moment;

/// One case, or one submission that never becomes one.
#[derive(Clone, Debug)]
pub struct Story {
    /// What is handed in.
    pub petition: Petition,
    /// The class as the registrar sets it.
    pub speed: String,
    /// Category as the registrar sets it.
    pub category: String,
    /// What happens, in order of time.
    pub steps: Vec<(Moment, Step)>,
}

/// A message that comes in by e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arriving {
    /// The petition itself, with files or without.
    Petition { files: bool },
    /// The petitioner writes about the case.
    Answer,
    /// The petitioner's mail program says that they are away.
    Away,
    /// The petitioner's mail server returns the newest letter.
    Bounce,
    /// Somebody else writes to the case's own address.
    Relative,
    /// Somebody else gives the case's number, and nothing more.
    Neighbour,
    /// Spam.
    Spam,
    /// An automatic answer to nothing of ours.
    Unrelated,
    /// An advertisement that nobody vouches for.
    Advertisement,
}

/// One thing that happens. `by` is the user name of who does it.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the fields are those of the acts")]
pub enum Step {
    /// The form is sent; with a mistyped address the mail server refuses the mail at once.
    Submit {
        mistyped: Option<String>,
    },
    /// A message comes in.
    Mail(Arriving),
    /// The registrar puts the advertisement aside.
    PutAside,
    /// The address is corrected.
    CorrectAddress,
    /// The confirmation mail is asked for again.
    Resend,
    /// The link is followed.
    Confirm,
    /// The registrar takes the submission in by hand.
    Accept {
        reason: String,
    },
    /// The registrar puts the submission aside.
    Dismiss {
        reason: String,
    },
    /// Staff enter what came by another way.
    Enter {
        received_at: Moment,
        incoming_ref: Option<String>,
        referring_agency: Option<String>,
    },
    Register,
    Assign {
        by: String,
        unit: String,
        handler: Option<String>,
    },
    Take {
        by: String,
    },
    Identity {
        by: String,
        reason: String,
    },
    Note {
        by: String,
        text: String,
    },
    Draft {
        by: String,
        body: String,
        basis: String,
    },
    SubmitReply {
        by: String,
        body: String,
        basis: String,
    },
    Return {
        by: String,
        reason: String,
    },
    Approve {
        by: String,
        result: CloseCode,
    },
    /// The paper reply is posted.
    MarkPosted,
    /// So many working days more.
    Extend {
        by: String,
        days: u32,
        reason: String,
    },
    AskExtension {
        by: String,
        days: u32,
        reason: String,
    },
    DeclineExtension {
        by: String,
        reason: String,
    },
    AskSupplement {
        by: String,
        text: String,
    },
    /// By the petitioner, on the status page.
    GiveSupplement {
        text: String,
    },
    /// What came by telephone or letter.
    EnterSupplement {
        by: String,
        text: String,
    },
    SupplementMissing {
        by: String,
        reason: String,
    },
    Wait {
        by: String,
        reason: String,
        text: String,
    },
    Consult {
        by: String,
        unit: String,
        text: String,
    },
    AnswerConsultation {
        by: String,
        text: String,
    },
    NoAction {
        by: String,
        ground: CloseCode,
        reason: String,
    },
    Transfer {
        by: String,
        agency: String,
        reason: String,
    },
    WithdrawByPetitioner,
    WithdrawByStaff {
        by: String,
        reason: String,
    },
    Rate(Rating),
    Reopen {
        by: String,
        reason: String,
    },
    Keep {
        by: String,
        reason: String,
    },
}

/// The user name of the registrar.
pub const REGISTRAR: &str = "registrar";
/// The user name of the control officer.
pub const CONTROL: &str = "control";
