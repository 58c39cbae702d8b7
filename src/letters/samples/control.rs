//! Samples of the letters of control: the morning's digest, a reminder, the weekly list, unusual numbers.

use jiff::civil::{Date, date};

use super::{DUE, NUMBER, pick, subject};
use crate::domain::letter::{ClockLine, Letter, Locale, UnitLines, UnusualLine};
use crate::domain::policy::ClockPurpose;

fn line(locale: Locale, purpose: ClockPurpose, due_on: Date, days: i64) -> ClockLine {
    ClockLine {
        number: NUMBER.into(),
        subject: subject(locale),
        unit: pick(locale, "北部分署企劃科", "Northern Branch"),
        handler: Some(pick(locale, "林書瑜", "Lin Shu-yu")),
        purpose,
        due_on,
        days,
        for_whom: None,
        asked_on: None,
        explained: false,
    }
}

pub(super) fn digest(locale: Locale) -> Letter {
    use ClockPurpose as P;
    let stand_in = Some(pick(locale, "陳怡安", "Chen Yi-an"));
    let other = |number: &str, zh: &str, en: &str, line: ClockLine| ClockLine {
        number: number.into(),
        subject: pick(locale, zh, en),
        ..line
    };
    let late = line(locale, P::Reply, DUE, 3);
    let unread = ClockLine { handler: None, ..line(locale, P::Acceptance, date(2026, 10, 2), 1) };
    let today = ClockLine { for_whom: stand_in, ..line(locale, P::CoHandling, date(2026, 10, 5), 0) };
    Letter::Digest {
        overdue: vec![
            late,
            other(
                "1150001301-2",
                "安檢所排隊太久，一次只開一個窗口",
                "Only one counter open at the inspection post",
                unread,
            ),
        ],
        today: vec![other("1150001288-9", "海岸垃圾清運", "Litter on the shore", today)],
        soon: vec![other(
            "1150001310-1",
            "申請調閱救援紀錄的程序",
            "How to ask for the record of a rescue",
            line(locale, P::Ceiling, date(2026, 10, 12), 4),
        )],
        more: 0,
    }
}

pub(super) fn reminder(locale: Locale) -> Letter {
    Letter::Reminder {
        number: NUMBER.into(),
        subject: subject(locale),
        unit: pick(locale, "北部分署企劃科", "Northern Branch"),
        handler: Some(pick(locale, "林書瑜", "Lin Shu-yu")),
        purpose: ClockPurpose::Reply,
        due_on: DUE,
        days_over: 3,
        note: pick(
            locale,
            "陳情人已經來電詢問兩次。\n如果要等會勘，請先告訴他日期。",
            "The petitioner has called twice.\nIf the inspection has to come first, please tell them its date.",
        ),
        asked_by: pick(locale, "張研考", "Chang Yen-kao"),
        asked_by_phone: "02-0000-1357".into(),
        explain_by: date(2026, 10, 7),
        for_whom: None,
    }
}

pub(super) fn weekly_list(locale: Locale) -> Letter {
    use ClockPurpose as P;
    let asked = ClockLine { asked_on: Some(date(2026, 10, 5)), ..line(locale, P::Reply, DUE, 3) };
    let answered = ClockLine { explained: true, number: "1150001188-1".into(), ..asked.clone() };
    let unit = pick(locale, "秘書室", "Secretariat");
    let own = ClockLine { number: "1150001322-6".into(), handler: None, ..line(locale, P::Registration, DUE, 3) };
    Letter::WeeklyList {
        week_of: date(2026, 10, 5),
        count: 3,
        unexplained: 1,
        units: vec![
            UnitLines { unit: asked.unit.clone(), lines: vec![asked, answered] },
            UnitLines { unit, lines: vec![own] },
        ],
        more: 0,
    }
}

pub(super) fn unusual_figures(locale: Locale) -> Letter {
    let line =
        |name: String, late, number, low, high| UnusualLine { name, year: 2026, month: 9, late, number, low, high };
    Letter::UnusualFigures {
        count: 2,
        lines: vec![
            line(pick(locale, "噪音及營區", "Noise and barracks"), false, 46, 12, 31),
            line(pick(locale, "北部分署", "Northern Branch"), true, 14, 0, 9),
        ],
        agency: pick(locale, "海洋委員會海巡署", "Coast Guard Administration"),
    }
}
