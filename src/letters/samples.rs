//! One invented letter of each kind, and the context they are rendered in: for the page that shows how letters look, and
//! to try an agency's own templates on before any letter depends on them.

mod control;
mod report;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::LetterContext;
use crate::domain::letter::{ClosedDay, Letter, Locale};
use crate::domain::link::Purpose;
use crate::domain::policy::ClockPurpose;
use crate::domain::time::Moment;

/// Until when the sample of a confirmation can be followed: 14:32 on 21 September 2026 in Taipei.
const EXPIRES: Moment = Moment(1_789_972_320_000_000);
/// When the sample petition came: 09:30 on 18 September 2026 in Taipei.
const RECEIVED: Moment = Moment(1_789_695_000_000_000);
/// Until when the sample reply can be rated: the end of 6 October 2026 in Taipei.
const RATING_UNTIL: Moment = Moment(1_791_302_400_000_000);

/// The case number in every sample.
pub const NUMBER: &str = "1150001234-5";
/// The last day of the sample case.
pub const DUE: Date = date(2026, 9, 30);

/// Every kind once. A new kind does not compile until it is given a place here.
#[must_use]
pub fn all(locale: Locale) -> Vec<Letter> {
    let first = Letter::Confirm { subject: subject(locale), expires_at: EXPIRES };
    let mut letters = vec![first];
    while let Some(letter) = letters.last().and_then(|last| after(last, locale)) {
        letters.push(letter);
    }
    letters
}

fn after(letter: &Letter, locale: Locale) -> Option<Letter> {
    let (number, subject) = (NUMBER.to_owned(), subject(locale));
    let unit = pick(locale, "北部分署企劃科", "Northern Branch");
    let (officer_name, officer_phone) = (pick(locale, "林書瑜", "Lin Shu-yu"), "02-0000-1234".to_owned());
    let handler = officer_name.clone();
    let expires_at = EXPIRES;
    Some(match letter {
        Letter::Confirm { .. } => Letter::ConfirmReminder { subject, expires_at },
        Letter::ConfirmReminder { .. } => {
            let (due_on, unit) = (Some(DUE), Some(unit));
            Letter::Receipt { number, subject, body: petition(locale), received_at: RECEIVED, due_on, unit }
        }
        Letter::Receipt { .. } => {
            Letter::Assigned { number, subject, unit, unit_phone: "02-0000-5678".into(), due_on: DUE }
        }
        Letter::Assigned { .. } => Letter::CaseForUnit { number, subject, unit, due_on: DUE, for_whom: None },
        Letter::CaseForUnit { .. } => Letter::ReplyForApproval { number, subject, handler },
        Letter::ReplyForApproval { .. } => {
            let by = pick(locale, "陳怡安科長", "Chen Yi-an");
            let reason = pick(
                locale,
                "請補上現場查處的日期，並說明後續巡查的頻率。\n第二段請改得更白話。",
                "Please add the date of the visit and how often patrols will follow.\nPlease put paragraph two more plainly.",
            );
            Letter::ReplyReturned { number, subject, by, reason }
        }
        Letter::ReplyReturned { .. } => Letter::Reply {
            number,
            subject,
            body: answer(locale),
            legal_basis: pick(
                locale,
                "噪音管制法第 8 條、漁港法第 18 條",
                "Noise Control Act, article 8; Fishing Port Act, article 18",
            ),
            officer_name,
            officer_phone,
            unit,
            rating_until: RATING_UNTIL,
            remedy: Some(pick(
                locale,
                "您可以在收到這封信的次日起 30 日內，向海洋委員會提起訴願。",
                "You may appeal to the Ocean Affairs Council within 30 days of the day after you receive this letter.",
            )),
            attachments: vec![
                pick(locale, "現場查處照片.pdf", "site-visit.pdf"),
                pick(locale, "巡查班表.ods", "patrols.ods"),
            ],
        },
        Letter::Reply { .. } => Letter::Transferred {
            number,
            subject,
            agency: pick(locale, "環境部", "Ministry of Environment"),
            reason: pick(
                locale,
                "漁船主機噪音的管制標準，由環境部訂定與執行。",
                "Limits on engine noise are set and enforced by that ministry.",
            ),
            legal_note: Some(pick(
                locale,
                "依據：行政程序法第 172 條第 1 項。",
                "Administrative Procedure Act, article 172, paragraph 1.",
            )),
        },
        Letter::Transferred { .. } => Letter::Extended {
            number,
            subject,
            old_due: DUE,
            new_due: date(2026, 10, 14),
            reason: pick(
                locale,
                "需要與漁會共同在夜間量測三次，最後一次排在 10 月 8 日。",
                "Three night measurements with the fishers’ association are needed; the last is on 8 October.",
            ),
            officer_name,
            officer_phone,
            unit,
        },
        Letter::Extended { .. } => Letter::NoAction {
            number,
            subject,
            ground_code: "same_matter_answered".into(),
            ground_text: pick(
                locale,
                "同一件事，我們已經在 115 年 7 月 2 日詳細回復您，這次來信沒有新的內容（行政程序法第 173 條第 2 款）。",
                "We answered the same matter in full on 2 July 2026, and this letter adds nothing new (Administrative Procedure Act, article 173, item 2).",
            ),
            officer_name,
            officer_phone,
            unit,
        },
        Letter::NoAction { .. } => Letter::Withdrawn { number, subject },
        Letter::Withdrawn { .. } => Letter::Reopened { number, subject, unit, due_on: DUE },
        Letter::Reopened { .. } => {
            let for_whom = Some(pick(locale, "陳怡安", "Chen Yi-an"));
            let (handler, purpose) = (Some(handler), ClockPurpose::Reply);
            Letter::DueSoon { number, subject, unit, due_on: DUE, days_left: 2, handler, purpose, for_whom }
        }
        Letter::DueSoon { .. } => {
            let (handler, purpose, for_whom) = (None, ClockPurpose::CoHandling, None);
            Letter::Overdue { number, subject, unit, due_on: DUE, days_over: 1, handler, purpose, for_whom }
        }
        Letter::Overdue { .. } => control::digest(locale),
        Letter::Digest { .. } => control::reminder(locale),
        Letter::Reminder { .. } => control::weekly_list(locale),
        Letter::WeeklyList { .. } => {
            let comment =
                Some(pick(locale, "只說會加強巡查，沒有說什麼時候。", "It only says patrols will increase, not when."));
            Letter::ReviewTask { number, subject, overall: 2, comment }
        }
        Letter::ReviewTask { .. } => Letter::SupplementAsked {
            number,
            subject,
            question: pick(
                locale,
                "請告訴我們：\n一、噪音最大的兩個晚上的日期與時間。\n二、是哪一座碼頭；有照片或錄音的話，請一併附上。",
                "Please tell us:\n1. the dates and hours of the two loudest nights;\n2. which quay it was. Photographs or recordings help.",
            ),
            until: date(2026, 9, 28),
            officer_name,
            officer_phone,
            unit,
        },
        Letter::SupplementAsked { .. } => Letter::SupplementGiven { number, subject, due_on: Some(DUE) },
        Letter::SupplementGiven { .. } => Letter::MailJoined { number, subject, finished: true },
        Letter::MailJoined { .. } => Letter::ConsultationAsked {
            number,
            subject,
            unit: pick(locale, "巡防組", "Patrol Division"),
            lead_unit: unit,
            question: pick(
                locale,
                "請提供九月份八斗子漁港夜間巡查的紀錄。",
                "Please send the records of night patrols in the harbour in September.",
            ),
            due_on: date(2026, 9, 23),
        },
        Letter::ConsultationAsked { .. } => Letter::ConsultationAnswered {
            number,
            subject,
            unit: pick(locale, "巡防組", "Patrol Division"),
            still_open: 1,
        },
        Letter::ConsultationAnswered { .. } => Letter::ExtensionAsked {
            number,
            subject,
            unit,
            by: handler,
            old_due: DUE,
            until: date(2026, 10, 14),
            days: 9,
            reason: pick(
                locale,
                "需要與漁會共同在夜間量測三次，最後一次排在 10 月 8 日。",
                "Three night measurements with the fishers’ association are needed; the last is on 8 October.",
            ),
            for_whom: None,
        },
        Letter::ExtensionAsked { .. } => Letter::ExtensionDeclined {
            number,
            subject,
            by: pick(locale, "陳怡安科長", "Chen Yi-an"),
            reason: pick(locale, "現場量測已經完成，請依限回復。", "The measurements are done; please reply in time."),
        },
        Letter::ExtensionDeclined { .. } => Letter::YearPackage {
            year: 2025,
            received: 3412,
            closed: 3390,
            open_at_end: 118,
            on_time_rate: Some(0.9734),
            mean_days: Some(5.43),
            satisfaction: Some(4.16),
            agency: pick(locale, "海洋委員會海巡署", "Coast Guard Administration"),
            checksum: "5f3a".repeat(16),
        },
        Letter::YearPackage { .. } => Letter::MeasureYours {
            measure: pick(locale, "汰換示範漁港的路燈", "New lamps for the sample harbour"),
            unit,
            by: pick(locale, "陳怡安科長", "Chen Yi-an"),
            due_on: DUE,
        },
        Letter::MeasureYours { .. } => Letter::DueMoved {
            number,
            subject,
            old_due: DUE,
            new_due: date(2026, 10, 1),
            closed: vec![ClosedDay { on: date(2026, 9, 22), reason: pick(locale, "颱風停班", "typhoon") }],
            unit,
            unit_phone: "02-0000-5678".into(),
        },
        Letter::DueMoved { .. } => Letter::CalendarMissing {
            year: 2027,
            clocks: 12,
            agency: pick(locale, "海洋委員會海巡署", "Coast Guard Administration"),
        },
        Letter::CalendarMissing { .. } => Letter::MailWaiting {
            waiting: 3,
            agency: pick(locale, "海洋委員會海巡署", "Coast Guard Administration"),
        },
        Letter::MailWaiting { .. } => Letter::FetchOverdue {
            mailbox: "director".into(),
            last_read_at: Some(RECEIVED),
            overdue: true,
            error: "no connection: connection refused".into(),
            too_large: 2,
            agency: pick(locale, "海洋委員會海巡署", "Coast Guard Administration"),
        },
        Letter::FetchOverdue { .. } => control::unusual_figures(locale),
        Letter::UnusualFigures { .. } => report::saved(locale),
        Letter::SavedReport(_) => return None,
    })
}

/// The context a sample is rendered in, with a link of its purpose and an invented agency.
#[must_use]
pub fn context(letter: &Letter, locale: Locale, zone: TimeZone) -> LetterContext {
    let path = match letter.needs_link() {
        Purpose::Confirm => "confirm/k1.4f7Qm2Zr9XwLh0bN6sYd3TgKcVpEaUjR.8MiOqBxAzW5HnCeG1",
        Purpose::Rate => "rate/k1.9sLw3VbT6kRyQ0mJ2hXcZfNpDgEaUiOq.7MtBxAzW5HnCeG1K",
        Purpose::Status
        | Purpose::Submission
        | Purpose::Files
        | Purpose::Visit
        | Purpose::Withdraw
        | Purpose::Supplement => "status",
        Purpose::Desk => "desk/cases/1150001234-5",
        Purpose::Weekly => "desk/control/weekly",
        Purpose::Management => "management/2025",
        Purpose::SavedReport => "management/reports/7",
        Purpose::Measure => "management/measures/7",
        Purpose::Calendar => "admin/calendar",
        Purpose::Jobs => "admin",
    };
    LetterContext {
        locale,
        agency_name: pick(locale, "海洋委員會海巡署", "Coast Guard Administration"),
        agency_phone: "02-0000-1111".into(),
        mailbox_name: pick(locale, "署長信箱", "Director-General’s Mailbox"),
        recipient_name: Some(pick(locale, "王曉晴", "Wang Hsiao-ching")),
        link: Some(format!("https://mailbox.example.tw/{path}")),
        query_code: letter.needs_query_code().then(|| "K7QM-2ZR9-XWLH".to_owned()),
        zone,
        hotline: "118".into(),
        files: None,
    }
}

/// One of two texts, by language.
#[must_use]
pub fn pick(locale: Locale, zh: &str, en: &str) -> String {
    match locale {
        Locale::ZhTw => zh.to_owned(),
        Locale::En => en.to_owned(),
    }
}

/// What the sample petition is about.
#[must_use]
pub fn subject(locale: Locale) -> String {
    pick(locale, "八斗子漁港夜間引擎噪音", "Engine noise at night in Badouzi harbour")
}

fn petition(locale: Locale) -> String {
    pick(
        locale,
        "從九月初開始，每天晚上十一點到凌晨兩點，漁港東側都有船隻長時間怠速，聲音大到關窗也睡不著。\n\n\
         我已經打過兩次電話，都說會去看，但情況沒有改善。希望貴署：\n  1. 夜間派員到現場查看。\n  2. 告訴我們可以向哪裡檢舉。",
        "Since early September boats have been idling for hours on the east side of the harbour, from eleven at night \
         to two in the morning. We cannot sleep even with the windows shut.\n\nI have called twice. Please:\n  \
         1. send someone to look at night;\n  2. tell us where to report it.",
    )
}

fn answer(locale: Locale) -> String {
    pick(
        locale,
        "謝謝您提醒我們漁港東側的夜間噪音。您提到連續多日無法安睡，我們完全理解這對生活的影響。\n\n\
         我們在 9 月 21 日、22 日晚上 11 時到隔天凌晨 2 時派員到場，確認有三艘漁船為了維持冷凍設備，整夜怠速運轉。\
         我們已經請船主改接岸電，並由漁會在 9 月 25 日完成東側碼頭的插座檢修。\n\n\
         接下來的做法：\n一、10 月底以前，每週三次夜間巡查。\n二、再有長時間怠速，請撥打北部分署 02-0000-5678，我們會在 30 分鐘內到場。",
        "Thank you for telling us about the noise. We understand what many nights without sleep mean.\n\n\
         Our officers were at the harbour on 21 and 22 September from 11 p.m. to 2 a.m. and found three boats idling all \
         night to keep their refrigeration running. Their owners now use shore power.\n\n\
         From here on:\n1. Until the end of October we patrol three nights a week.\n2. If it happens again, call \
         02-0000-5678; we will be there within 30 minutes.",
    )
}
