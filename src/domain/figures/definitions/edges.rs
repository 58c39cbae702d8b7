//! Cases at the edge: what is easily counted otherwise, and how it is counted here.

use super::Text;
use crate::codes;

codes! {
    /// A rule for cases at the edge.
    Edge {
        /// Confirmed in December, registered in January.
        TurnOfYear = "turn_of_year",
        /// Opened again after a reply.
        Reopened = "reopened",
        /// Merged, or petitioned again.
        Merged = "merged",
        /// Sent to another agency, or given to another unit.
        Transferred = "transferred",
        /// Filed without a reply.
        ClassTwo = "class_two",
        /// Given more time.
        Extended = "extended",
        /// Waited for the petitioner or for others.
        Paused = "paused",
        /// Rated after the period.
        LateRating = "late_rating",
        /// Given another category, class or unit later.
        Moved = "moved",
        /// Not assigned, or never confirmed.
        Unfinished = "unfinished",
    }
}

impl Edge {
    /// What the rule is about.
    #[must_use]
    pub const fn name(self) -> Text {
        let (zh, en) = match self {
            Self::TurnOfYear => ("跨年、跨月", "The turn of the year"),
            Self::Reopened => ("重新辦理", "Reopened"),
            Self::Merged => ("併案與重複陳情", "Merged and repeated"),
            Self::Transferred => ("移轉與改分", "Transferred and reassigned"),
            Self::ClassTwo => ("存參不回復", "Filed without a reply"),
            Self::Extended => ("展期", "Extended"),
            Self::Paused => ("停止計算", "Paused"),
            Self::LateRating => ("期間後的評分", "Ratings after the period"),
            Self::Moved => ("改分類、改單位", "Classified or assigned anew"),
            Self::Unfinished => ("未經過的階段、未確認", "Stages left out, never confirmed"),
        };
        Text { zh, en }
    }

    /// The rule.
    #[must_use]
    pub const fn rule(self) -> Text {
        let (zh, en) = match self {
            Self::TurnOfYear => (
                "以陳情人確認（或同仁登錄）的時間為準，用機關當地時間分月；電話、信函等案件補登時算在登錄的月份，期限與使用日數仍從收件起算，已統計的期間不因補登而更動。12月確認、1月登記的案件是12月的收件；12月收件、1月辦結的案件，12月算期末未結，1月算辦結。",
                "The moment the petitioner confirmed counts (or staff entered it), and months are local. What came by telephone or letter and is entered later counts in the month of its entry, though its limit and days used run from the receipt: no period that was counted before changes. Confirmed in December and registered in January is received in December; received in December and finished in January is open at the end of December and closed in January.",
            ),
            Self::Reopened => (
                "重新辦理的案件在重新辦理的月份再算一次收件，期限與使用日數從那時起算；先前的辦結留在原來的期間，不更動。",
                "A case opened again is received once more in that month, and its limit and days used begin then. The earlier ending stays in its own period.",
            ),
            Self::Merged => (
                "本系統沒有合併案號：每一件各自計算。同一事由已適當處理並明確答復後再陳情的，以「同一事由」不予處理辦結，另計為重複陳情。",
                "Case numbers are not merged: each case counts. A petition on a matter that was properly handled and clearly answered ends without action on that ground, and counts as repeated besides.",
            ),
            Self::Transferred => (
                "移轉其他機關的案件在移轉時算辦結，不算已回復。機關內改分不算辦結，全期都算在期間結束時的單位。分文給所屬的下級單位或承辦人不是改分；改到平行或上級單位才算。",
                "A case transferred to another agency is closed at that moment and does not count as replied. Given to another unit within the agency it stays open, and the whole of it counts in the unit that has it at the period's end. Distributed to a unit below, or to a person, it is not reassigned; to a unit beside or above, it is.",
            ),
            Self::ClassTwo => (
                "無具體內容、未具真實姓名或聯絡方式等不予處理的案件仍須登記，算收件也算辦結，但不算已回復，不進入滿意度的分母。",
                "What is left unprocessed (no concrete content, no real name or contact …) is registered all the same: it is received and closed, but not replied, and nobody is asked to rate it.",
            ),
            Self::Extended => (
                "是否依限以原期限為準，核准展期後才辦結的仍是逾限；展期後的期限另外並列。期間結束以後才核准的展期、改訂的期限，不影響該期間期末未結的逾限件數。",
                "On time is by the original date: finished after it is late even when more time was given. The figure by the extended date stands beside it. What is open at a period's end is judged by the dates in force then: more time granted later does not change it.",
            ),
            Self::Paused => (
                "依機關規定停止計算的期間（例如等待補正）不計入使用日數，期限也順延；各階段的小時數不扣除。",
                "Time in which the clock stood still by the agency's rules (waiting for a supplement) is no day used, and moves the date; it is not taken off the hours of stages.",
            ),
            Self::LateRating => (
                "各題分數算在填寫的月份，不論回復在何時。回收率只看同一批案件：期間內辦結、隨回復附有評分連結的案件，其中在期間結束前填寫的；期間結束後才填的不算回收，已定稿的年度不更動。較長期間報表裡的各列（包括各月）都算到整個期間結束，所以其中一個月的回收可能多於該月自己的報表。",
                "The answers count in the month they were given, whenever the reply went out. The response rate looks at one group: cases closed in the period whose reply carried a link to rate it, and of these the ones rated by the period's end. One rated after it counts as not answered, and a locked year stays as it is. The rows of a longer report, its months too, all take ratings up to that report's end: a month can have more answers there than in its own report, which ends with the month.",
            ),
            Self::Moved => (
                "一件案件在整個期間都算在期間結束時的分類、速別與單位，期限與改分次數也以那時為準；與前一年定稿不同的期初未結，以改入、改出並列。",
                "A case counts for the whole period under the category, class and unit it has at the period's end, and so do its due dates and reassignments. Where a row therefore begins otherwise than the locked year before ended, the difference stands beside it.",
            ),
            Self::Unfinished => (
                "未確認的送件不是案件，不列入任何數字。沒有經過某一階段就辦結的案件（例如登記前移轉），不列入該階段的小時數。",
                "What was never confirmed is no case and counts nowhere. A case that ended without a stage (transferred before it was assigned) is not among that stage's hours.",
            ),
        };
        Text { zh, en }
    }
}
