//! The petitioner's rating of a reply (domain page, section 7: satisfaction).

use serde::{Deserialize, Serialize};
use validator::Validate;

/// Five questions on five levels (5 very satisfied … 1 very dissatisfied) and what they want to add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
pub struct Rating {
    /// The result.
    #[validate(range(min = 1, max = 5, message = "rating-choose"))]
    pub result: i32,
    /// How clear the reply is.
    #[validate(range(min = 1, max = 5, message = "rating-choose"))]
    pub clarity: i32,
    /// How fast it came.
    #[validate(range(min = 1, max = 5, message = "rating-choose"))]
    pub speed: i32,
    /// The attitude of the staff.
    #[validate(range(min = 1, max = 5, message = "rating-choose"))]
    pub attitude: i32,
    /// All in all.
    #[validate(range(min = 1, max = 5, message = "rating-choose"))]
    pub overall: i32,
    /// Free text.
    #[validate(length(max = 2000, message = "rating-comment-long"))]
    pub comment: String,
    /// Whether the agency may call about it.
    pub may_call: bool,
}

impl Rating {
    /// Whether the rating asks for a second look: overall dissatisfied or worse.
    #[must_use]
    pub const fn is_low(&self) -> bool {
        self.overall <= 2
    }
}
