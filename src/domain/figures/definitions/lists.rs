//! What a report lists beside its tables.

use super::Measure::Group;
use super::{Definition, Edge, define};

/// In the order of a report.
pub(super) const LISTS: &[Definition] = &[
    define(
        "overdue_cases",
        Group,
        ("逾期未結案件", "Overdue cases"),
        (
            "期間結束時已超過原期限、還沒有辦結的案件，逾期最久的在前，最多列1,000件；另列之後辦結的日期。",
            "The cases that were open past their original due date when the period ended, those overdue longest first, 1,000 at most, and the day each was finished since.",
        ),
        ("期末未結且原期限 < 期間結束", "open at the end, original due date before it"),
        "case_rounds.original_due_at, due_at, finished_at",
        &[Edge::Extended],
    ),
    define(
        "improvement_measures",
        Group,
        ("檢討改進措施", "Improvement measures"),
        (
            "當年度的檢討改進措施，以及以前年度尚未完成的措施，依製表時的辦理狀態；只列在年度統計。",
            "The improvement measures of the year, and those of earlier years that are still to be done, as they stood when the report was made. In reports of years alone.",
        ),
        ("當年度全部，加以前年度規劃中、執行中者", "all of the year, and planned or under way of earlier years"),
        "measures.year, state",
        &[],
    ),
];
