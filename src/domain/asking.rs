//! What others are asked for while a case is worked on: the petitioner for a supplement, other units for their part, and
//! those above for more time. Each question is open until it is settled one way.

use crate::codes;

codes! {
    /// Where a supplement (補陳) stands.
    SupplementState {
        /// Asked for.
        Open = "open",
        /// Given.
        Given = "given",
        /// Not given in time: the case ended.
        Missing = "missing",
        /// Given up: the case went on, or ended, without it.
        Ended = "ended",
    }
}

codes! {
    /// Where a consultation (會辦) stands.
    ConsultationState {
        /// Asked.
        Open = "open",
        /// Answered.
        Answered = "answered",
        /// Withdrawn, or no longer needed.
        Withdrawn = "withdrawn",
    }
}

codes! {
    /// Where a request for more time (展期) stands.
    RequestState {
        /// Asked.
        Open = "open",
        /// Granted.
        Granted = "granted",
        /// Declined.
        Declined = "declined",
        /// The case was finished first.
        Lapsed = "lapsed",
    }
}
