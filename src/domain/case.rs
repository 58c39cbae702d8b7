//! The state machine of a case: its states, the verbs done to it, and the one match that says which verb leads where.

use crate::codes;
use crate::error::{Error, Message, Result};

codes! {
    /// Where a case stands (domain terms: 已收件、已登記、已分案、辦理中、陳核中、已決行、已回復、結案、複查).
    State {
        /// 已收件: numbered, nobody has looked at it yet.
        Received = "received",
        /// 已登記: kind, category and speed class are set.
        Registered = "registered",
        /// 已分案: a lead unit has it.
        Assigned = "assigned",
        /// 辦理中: a handler has it.
        InProgress = "in_progress",
        /// 陳核中: the reply lies before the supervisor.
        InReview = "in_review",
        /// 已決行: finished; the paper reply still has to be posted, or the petitioner told by telephone or interview.
        Approved = "approved",
        /// 已回復: the reply has gone out; the rating link is open.
        Replied = "replied",
        /// 結案: nothing more is expected.
        Closed = "closed",
        /// 複查: opened again after a reply.
        Reopened = "reopened",
    }
}

impl State {
    /// Whether the case is finished (辦結): a final reply was approved or it ended without one.
    #[must_use]
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Approved | Self::Replied | Self::Closed)
    }
}

codes! {
    /// What is done to a case. Each verb is one file in `acts`.
    Verb {
        /// Set kind, category, speed class and confidentiality.
        Register = "register",
        /// Change those later.
        Classify = "classify",
        /// Give the case to a unit or, in it, to a person.
        Assign = "assign",
        /// A handler of the unit takes the case.
        Take = "take",
        /// Write an internal note.
        Note = "note",
        /// Write the reply.
        Draft = "draft",
        /// Lay the reply before the supervisor.
        SubmitReply = "submit_reply",
        /// Give the reply back to the handler with a reason.
        ReturnReply = "return_reply",
        /// Approve a reply that goes out by e-mail.
        ApproveByEmail = "approve_by_email",
        /// Approve a reply that goes out on paper.
        ApproveByLetter = "approve_by_letter",
        /// Approve a reply that is told by telephone or interview.
        ApproveByPhone = "approve_by_phone",
        /// Approve a reply that stays on file: the petitioner left no way to be reached.
        ApproveOnFile = "approve_on_file",
        /// Record that the paper reply was posted.
        MarkPosted = "mark_posted",
        /// Record that the reply was told by telephone or interview.
        RecordTold = "record_told",
        /// Move the due date with a reason, before it has passed.
        Extend = "extend",
        /// End it: another agency is competent.
        Transfer = "transfer",
        /// End it without a reply on a ground of article 173.
        NoAction = "no_action",
        /// End it at the petitioner's wish.
        Withdraw = "withdraw",
        /// Rate the reply.
        Rate = "rate",
        /// Open it again after a reply.
        Reopen = "reopen",
        /// Record why a low rating does not reopen it.
        KeepClosed = "keep_closed",
        /// The rating link has run out.
        Close = "close",
    }
}

/// The state after `verb`, or the refusal that tells the user why not.
///
/// # Errors
/// `Refused` when the verb has no place in this state.
pub fn after(state: State, verb: Verb) -> Result<State> {
    use State as S;
    use Verb as V;
    Ok(match (verb, state) {
        (V::Register, S::Received) => S::Registered,
        (V::Classify, s @ (S::Registered | S::Assigned | S::InProgress | S::Reopened)) => s,
        (V::Assign, S::Registered | S::Assigned | S::InProgress | S::Reopened) => S::Assigned,
        (V::Take, S::Assigned | S::Reopened) => S::InProgress,
        (V::Draft, S::InProgress) => S::InProgress,
        (V::SubmitReply, S::InProgress) => S::InReview,
        (V::ReturnReply, S::InReview) => S::InProgress,
        (V::ApproveByEmail, S::InReview) => S::Replied,
        (V::ApproveByLetter | V::ApproveByPhone, S::InReview) => S::Approved,
        (V::ApproveOnFile, S::InReview) => S::Closed,
        (V::MarkPosted | V::RecordTold, S::Approved) => S::Replied,
        (V::Extend, s) if !s.is_finished() && s != S::Received => s,
        (V::Transfer | V::NoAction | V::Withdraw, s) if !s.is_finished() => S::Closed,
        (
            V::Rate,
            s @ (S::Replied | S::Closed | S::Reopened | S::Assigned | S::InProgress | S::InReview | S::Approved),
        ) => s,
        (V::Reopen, S::Replied | S::Closed) => S::Reopened,
        (V::KeepClosed, s @ (S::Replied | S::Closed)) => s,
        (V::Close, S::Replied) => S::Closed,
        (V::Note, s) => s,
        (
            V::Register
            | V::Classify
            | V::Assign
            | V::Take
            | V::Draft
            | V::SubmitReply
            | V::ReturnReply
            | V::ApproveByEmail
            | V::ApproveByLetter
            | V::ApproveByPhone
            | V::ApproveOnFile
            | V::MarkPosted
            | V::RecordTold
            | V::Extend
            | V::Transfer
            | V::NoAction
            | V::Withdraw
            | V::Rate
            | V::Reopen
            | V::KeepClosed
            | V::Close,
            _,
        ) => {
            return Err(Error::Refused(
                Message::new("refused-verb-in-state").with("verb", verb.code()).with("state", state.code()),
            ));
        }
    })
}

codes! {
    /// The four kinds of petition (Administrative Procedure Act 168).
    Kind {
        /// 行政興革之建議.
        Suggestion = "suggestion",
        /// 行政法令之查詢.
        Inquiry = "inquiry",
        /// 行政違失之舉發.
        Report = "report",
        /// 行政上權益之維護.
        Rights = "rights",
    }
}

codes! {
    /// How a petition came in.
    Channel {
        /// The public form.
        Web = "web",
        /// E-mail to the mailbox.
        Email = "email",
        /// A telephone call.
        Phone = "phone",
        /// A visit in person.
        Visit = "visit",
        /// A letter on paper.
        Letter = "letter",
        /// A fax.
        Fax = "fax",
        /// Social media.
        Social = "social",
        /// The national participation platform (Join).
        Join = "join",
        /// Referred by a superior or another agency.
        Referred = "referred",
        /// Press, radio, television (新聞輿論).
        Media = "media",
    }
}

codes! {
    /// How the petitioner wants the reply.
    ReplyBy {
        /// By e-mail.
        Email = "email",
        /// On paper.
        Letter = "letter",
        /// By telephone or interview, with a written record (以電話或面談答復).
        Phone = "phone",
        /// Not at all: no way to be reached was left, the reply stays on file.
        OnFile = "on_file",
    }
}

impl ReplyBy {
    /// What the public form and other programs may ask for; the rest is for staff entry.
    pub const PUBLIC: &'static [Self] = &[Self::Email, Self::Letter];
    /// Whether the reply goes out as a letter, with a link to rate it.
    #[must_use]
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Email | Self::Letter)
    }
}

codes! {
    /// How a case ended.
    CloseCode {
        /// Handled and answered.
        Answered = "answered",
        /// Adopted, or taken up for study.
        Adopted = "adopted",
        /// Explained, not adopted (Administrative Procedure Act 171).
        Explained = "explained",
        /// Another remedy is open and was told (172).
        OtherRemedy = "other_remedy",
        /// Transferred to the competent agency (172).
        Transferred = "transferred",
        /// No action: no concrete content (173, 1).
        NoContent = "no_content",
        /// No action: no real name or contact (173, 1).
        NoRealName = "no_real_name",
        /// No action: same matter handled and clearly answered before (173, 2).
        SameMatter = "same_matter",
        /// No action: not competent, same matter already sent to the competent agencies (173, 3).
        NotCompetentSent = "not_competent_sent",
        /// Withdrawn by the petitioner.
        Withdrawn = "withdrawn",
    }
}

impl CloseCode {
    /// The grounds of article 173.
    pub const NO_ACTION: &'static [Self] =
        &[Self::NoContent, Self::NoRealName, Self::SameMatter, Self::NotCompetentSent];
    /// What an approved reply may have been.
    pub const REPLIED: &'static [Self] = &[Self::Answered, Self::Adopted, Self::Explained, Self::OtherRemedy];
}
