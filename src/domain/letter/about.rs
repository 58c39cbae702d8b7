//! What a letter is, whatever it says: its code, for whom it is written, where its one link leads.

use super::Letter;
use crate::domain::link::Purpose;

/// For whom a letter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The person who petitioned, or their agent.
    Petitioner,
    /// Someone of the agency, who signs in to act.
    Staff,
}

impl Letter {
    /// The letter's code, the same as its `kind` when stored.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.facts().0
    }

    /// For whom it is written.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self.facts().1 {
            Purpose::Desk
            | Purpose::Weekly
            | Purpose::Management
            | Purpose::SavedReport
            | Purpose::Measure
            | Purpose::Calendar
            | Purpose::Jobs => Audience::Staff,
            Purpose::Confirm
            | Purpose::Submission
            | Purpose::Status
            | Purpose::Visit
            | Purpose::Withdraw
            | Purpose::Supplement
            | Purpose::Files
            | Purpose::Rate => Audience::Petitioner,
        }
    }

    /// Where its link leads: every letter sent by e-mail carries exactly one.
    #[must_use]
    pub fn needs_link(&self) -> Purpose {
        self.facts().1
    }

    /// Whether the query code belongs in it.
    #[must_use]
    pub fn needs_query_code(&self) -> bool {
        matches!(self, Self::Receipt { .. })
    }

    /// The same letter for somebody who stands in for `name`, where the letter can say so.
    #[must_use]
    pub fn standing_in(&self, name: &str) -> Self {
        let mut letter = self.clone();
        if let Self::CaseForUnit { for_whom, .. }
        | Self::DueSoon { for_whom, .. }
        | Self::Overdue { for_whom, .. }
        | Self::ExtensionAsked { for_whom, .. }
        | Self::Reminder { for_whom, .. } = &mut letter
        {
            *for_whom = Some(name.to_owned());
        }
        letter
    }

    /// Code and link of each kind, side by side.
    fn facts(&self) -> (&'static str, Purpose) {
        match self {
            Self::Confirm { .. } => ("confirm", Purpose::Confirm),
            Self::ConfirmReminder { .. } => ("confirm_reminder", Purpose::Confirm),
            Self::Receipt { .. } => ("receipt", Purpose::Status),
            Self::Assigned { .. } => ("assigned", Purpose::Status),
            Self::CaseForUnit { .. } => ("case_for_unit", Purpose::Desk),
            Self::ReplyForApproval { .. } => ("reply_for_approval", Purpose::Desk),
            Self::ReplyReturned { .. } => ("reply_returned", Purpose::Desk),
            Self::Reply { .. } => ("reply", Purpose::Rate),
            Self::Transferred { .. } => ("transferred", Purpose::Status),
            Self::Extended { .. } => ("extended", Purpose::Status),
            Self::DueMoved { .. } => ("due_moved", Purpose::Status),
            Self::NoAction { .. } => ("no_action", Purpose::Status),
            Self::Withdrawn { .. } => ("withdrawn", Purpose::Status),
            Self::Reopened { .. } => ("reopened", Purpose::Status),
            Self::DueSoon { .. } => ("due_soon", Purpose::Desk),
            Self::Overdue { .. } => ("overdue", Purpose::Desk),
            Self::Digest { .. } => ("digest", Purpose::Desk),
            Self::Reminder { .. } => ("reminder", Purpose::Desk),
            Self::WeeklyList { .. } => ("weekly_list", Purpose::Weekly),
            Self::ReviewTask { .. } => ("review_task", Purpose::Desk),
            Self::SupplementAsked { .. } => ("supplement_asked", Purpose::Status),
            Self::SupplementGiven { .. } => ("supplement_given", Purpose::Desk),
            Self::MailJoined { .. } => ("mail_joined", Purpose::Desk),
            Self::ConsultationAsked { .. } => ("consultation_asked", Purpose::Desk),
            Self::ConsultationAnswered { .. } => ("consultation_answered", Purpose::Desk),
            Self::ExtensionAsked { .. } => ("extension_asked", Purpose::Desk),
            Self::ExtensionDeclined { .. } => ("extension_declined", Purpose::Desk),
            Self::YearPackage { .. } => ("year_package", Purpose::Management),
            Self::UnusualFigures { .. } => ("unusual_figures", Purpose::Management),
            Self::SavedReport(_) => ("saved_report", Purpose::SavedReport),
            Self::MeasureYours { .. } => ("measure_yours", Purpose::Measure),
            Self::MailWaiting { .. } => ("mail_waiting", Purpose::Jobs),
            Self::CalendarMissing { .. } => ("calendar_missing", Purpose::Calendar),
            Self::FetchOverdue { .. } => ("fetch_overdue", Purpose::Jobs),
        }
    }
}
