//! The reply to a petition on its way from draft to approval, and the second look that a low rating asks for.

use crate::codes;

codes! {
    /// Where a reply stands.
    ReplyState {
        /// Being written.
        Draft = "draft",
        /// Before the supervisor.
        InReview = "in_review",
        /// Given back with a reason.
        Returned = "returned",
        /// Approved; it is out or about to be.
        Approved = "approved",
    }
}

codes! {
    /// Where the review of a low rating stands.
    ReviewState {
        /// Waits for somebody other than handler and approver.
        Open = "open",
        /// The case was opened again.
        Reopened = "reopened",
        /// It stays as it is, with a recorded reason.
        Kept = "kept",
    }
}
