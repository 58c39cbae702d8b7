//! The sample of a saved report.

use super::pick;
use crate::domain::letter::{FigureLine, Letter, Locale, ReportLetter, ReportPicture, ReportRow, ReportTable};

pub(super) fn saved(locale: Locale) -> Letter {
    let figure = |zh: &str, en: &str, value: &str| FigureLine { label: pick(locale, zh, en), value: value.into() };
    let row = |zh: &str, en: &str, cells: [&str; 3], total| ReportRow {
        label: pick(locale, zh, en),
        cells: cells.map(str::to_owned).to_vec(),
        total,
    };
    Letter::SavedReport(ReportLetter {
        report: pick(locale, "北部分署每季概況", "Northern Branch each quarter"),
        period: pick(locale, "115年第3季", "2026 Q3"),
        counted: pick(
            locale,
            "資料截至 115 年 10 月 1 日（星期四）09:00，是當時計算的數字，沒有定稿",
            "Records as of 1 October 2026 (Thursday), 09:00, counted at that moment and not locked",
        ),
        scope: pick(
            locale,
            "範圍：單位為北部分署（含所屬單位）",
            "Scope: unit Northern Branch with the units below it",
        ),
        figures: vec![
            figure("收件", "Received", "46"),
            figure("辦結", "Closed", "43"),
            figure("依限辦結率", "On-time rate", "95.3%"),
        ],
        tables: vec![ReportTable {
            title: pick(locale, "業務", "Subject area"),
            picture: Some(ReportPicture {
                content_id: "chart-1.5d41402abc4b2a76@charts".into(),
                alt: pick(locale, "收件：噪音及營區 31、船舶檢查 15。", "Received: noise 31, inspection 15."),
                width: 880,
                height: 240,
            }),
            row_heading: pick(locale, "業務", "Subject area"),
            columns: vec![
                pick(locale, "收件", "Received"),
                pick(locale, "辦結", "Closed"),
                pick(locale, "依限辦結率", "On-time rate"),
            ],
            rows: vec![
                row("噪音及營區", "Noise and barracks", ["31", "29", "93.1%"], false),
                row("船舶檢查", "Inspection of vessels", ["15", "14", "100.0%"], false),
                row("合計", "Total", ["46", "43", "95.3%"], true),
            ],
            more: 2,
        }],
        files: vec![pick(locale, "北部分署每季概況-2026Q3.ods", "Northern Branch each quarter-2026Q3.ods")],
        left_out: false,
        sent_by: None,
        agency: pick(locale, "海洋委員會海巡署", "Coast Guard Administration"),
    })
}
