//! The reply to a petition on its way from draft to approval and to the petitioner, and the second look that a low rating
//! asks for.

use crate::codes;
use crate::domain::case::{ReplyBy, Verb};
use crate::domain::party::Reachable;

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

codes! {
    /// How a reply without a letter was told; it leaves a written record (Directions for handling people's petitions).
    Telling {
        /// On the telephone.
        Phone = "phone",
        /// In an interview.
        Interview = "interview",
    }
}

/// How a reply reaches a petitioner who asked for `wish`: that way if it is open, else by e-mail, on paper, by telephone;
/// with none of them it stays on file.
#[must_use]
pub const fn way(wish: ReplyBy, reach: Reachable) -> ReplyBy {
    match (wish, reach.by_email, reach.by_post, reach.by_phone) {
        (ReplyBy::Letter, _, true, _) => ReplyBy::Letter,
        (ReplyBy::Phone, _, _, true) => ReplyBy::Phone,
        (_, true, _, _) => ReplyBy::Email,
        (_, false, true, _) => ReplyBy::Letter,
        (_, false, false, true) => ReplyBy::Phone,
        (_, false, false, false) => ReplyBy::OnFile,
    }
}

/// The verb that approves a reply which goes that way.
#[must_use]
pub const fn approval(way: ReplyBy) -> Verb {
    match way {
        ReplyBy::Email => Verb::ApproveByEmail,
        ReplyBy::Letter => Verb::ApproveByLetter,
        ReplyBy::Phone => Verb::ApproveByPhone,
        ReplyBy::OnFile => Verb::ApproveOnFile,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::{State, after};

    #[test]
    fn a_reply_goes_the_way_that_is_open() {
        use ReplyBy::{Email, Letter, OnFile, Phone};
        // E-mail, post, telephone: the way for each wish in the order of the list.
        for (email, post, phone, ways) in [
            (true, true, true, [Email, Letter, Phone, Email]),
            (true, true, false, [Email, Letter, Email, Email]),
            (true, false, true, [Email, Email, Phone, Email]),
            (true, false, false, [Email, Email, Email, Email]),
            (false, true, true, [Letter, Letter, Phone, Letter]),
            (false, true, false, [Letter, Letter, Letter, Letter]),
            (false, false, true, [Phone, Phone, Phone, Phone]),
            (false, false, false, [OnFile, OnFile, OnFile, OnFile]),
        ] {
            let reach = Reachable { by_email: email, by_post: post, by_phone: phone };
            assert_eq!([Email, Letter, Phone, OnFile].map(|wish| way(wish, reach)), ways, "{reach:?}");
        }
    }

    #[test]
    fn approval_finishes_a_case_whatever_the_way() {
        for (by, state) in [
            (ReplyBy::Email, State::Replied),
            (ReplyBy::Letter, State::Approved),
            (ReplyBy::Phone, State::Approved),
            (ReplyBy::OnFile, State::Closed),
        ] {
            assert_eq!(after(State::InReview, approval(by)), Ok(state), "{by:?}");
            assert!(state.is_finished());
            for other in State::ALL.iter().filter(|s| **s != State::InReview) {
                assert!(after(*other, approval(by)).is_err(), "{by:?} {other:?}");
            }
        }
        for state in State::ALL {
            assert_eq!(after(*state, Verb::RecordTold).is_ok(), *state == State::Approved, "{state:?}");
        }
    }
}
