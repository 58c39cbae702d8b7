//! What the top issues and the words of dissatisfied comments mean.

use super::Measure::{Cases, Flag, Group, Rate};
use super::{Definition, Edge, define};

/// In the order of a report.
pub(super) const ISSUES: &[Definition] = &[
    define(
        "top_issues",
        Group,
        ("熱門議題", "Top issues"),
        (
            "收件最多的業務類別，最多列10類，尚未分類的不列入。",
            "The categories that received most, ten at most. What has no category is left out.",
        ),
        ("依收件由多到少", "from most received to fewest"),
        "",
        &[Edge::Moved],
    ),
    define(
        "received_before",
        Cases,
        ("前一年同期收件", "Received a year earlier"),
        (
            "同一業務類別前一年同期的收件；期間尚未結束時，只算到前一年的同一時間。當時還沒有紀錄的不列。",
            "What the same category received in the same period of the year before, and up to the same moment while the period runs. None where the records begin later.",
        ),
        ("前一年已定稿時以定稿為準", "as it was reported, once that year was"),
        "case_rounds.opened_month, case_facts.category",
        &[Edge::Moved],
    ),
    define(
        "growth_rate",
        Rate,
        ("收件增減率", "Growth"),
        ("收件比前一年同期增加或減少的比例。", "By how much more or less was received than a year earlier."),
        ("（收件 − 前一年同期收件）÷ 前一年同期收件", "(received − received_before) ÷ received_before"),
        "",
        &[],
    ),
    define(
        "notable",
        Flag,
        ("明顯增加", "Notable growth"),
        (
            "增加的件數大到不太可能只是一般起伏；件數少時，增加幾件不算明顯。",
            "Whether the growth is more than chance explains. Among few cases a few more are not.",
        ),
        (
            "（收件 − 前一年同期收件）² > 4 ×（收件 + 前一年同期收件），且為增加",
            "(received − received_before)² > 4 × (received + received_before), of growth",
        ),
        "",
        &[],
    ),
    define(
        "dissatisfied_comments",
        Group,
        ("不滿意意見", "Dissatisfied comments"),
        (
            "整體滿意度為1或2、並且寫了意見的案件，以及意見中常見的用語。",
            "Cases with an overall rating of 1 or 2 and a comment, and the words used most in them.",
        ),
        ("評分算在填寫的月份", "a rating counts in the month it was given"),
        "ratings.overall, comment",
        &[Edge::LateRating],
    ),
    define(
        "terms",
        Group,
        ("常見用語", "Words used most"),
        (
            "至少5件案件的意見提到的2至6字用語，最多20個，每件只算一次。人名、數字、英文與電子郵件不列入。",
            "Terms of 2 to 6 Chinese characters in the comments of at least 5 cases, 20 at most, each case once. Names, digits, Latin letters and addresses are left out.",
        ),
        (
            "意見在虛字處切開後數相鄰的字；一詞包含在另一詞中時，列較長的",
            "comments are cut at words that say nothing, then neighbouring characters are counted; of one term within another the longer is told",
        ),
        "ratings.comment",
        &[],
    ),
];
