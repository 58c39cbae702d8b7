//! `docs/statistics.md` is what the table of definitions says: made from it, compared with it. With UPDATE_DOCS=1 the test
//! writes it anew.

use std::fmt::Write as _;
use std::path::PathBuf;

use chenqing::domain::figures::definitions::{self, Definition, Edge};
use chenqing::reports::Words;
use chenqing::web::pages::Pages;
use serde_json::json;

/// A file that is made from the source, compared with what it should be, or written when the environment says so.
pub fn is_up_to_date(path: &str, text: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "{path} is not what the definitions say: run this test with UPDATE_DOCS=1");
}

/// The page of definitions.
fn page() -> String {
    let mut out = "<!-- Made from src/domain/figures/definitions: UPDATE_DOCS=1 cargo test reports::definitions -->\n\
        # The figures of the reports · 統計數字的定義\n\n\
        One table defines every figure; the pages, the JSON report and this file are made of it. Months and years are the \
        agency's own time. In every row of every table, open at start + received = closed + open at end.\n\n\
        每個數字的定義只寫在一處，網頁、JSON報表與本文件都由它產生。年月以機關當地時間為準。每張表的每一列都符合：期初未結＋收件＝辦結＋期末未結。\n\n"
        .to_owned();
    for definition in definitions::all() {
        entry(&mut out, definition);
    }
    out.push_str("## Cases at the edge · 特殊情形\n\n");
    for edge in Edge::ALL {
        let (name, rule) = (edge.name(), edge.rule());
        write!(out, "### {} · {}\n\n{}\n\n{}\n\n", name.en, name.zh, rule.en, rule.zh).unwrap();
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

fn entry(out: &mut String, of: &Definition) {
    write!(out, "## `{}` {} · {}\n\n{}\n\n{}\n\n", of.code, of.name.en, of.name.zh, of.meaning.en, of.meaning.zh)
        .unwrap();
    writeln!(out, "- Measured in 單位: {}", of.measure).unwrap();
    writeln!(out, "- Formula 算式: {} · {}", of.formula.en, of.formula.zh).unwrap();
    if !of.source.is_empty() {
        writeln!(out, "- Read from 來源: `{}`", of.source).unwrap();
    }
    if !of.edges.is_empty() {
        let edges: Vec<String> =
            of.edges.iter().map(|edge| format!("{} · {}", edge.name().en, edge.name().zh)).collect();
        writeln!(out, "- Cases at the edge 特殊情形: {}", edges.join("; ")).unwrap();
    }
    out.push('\n');
}

#[test]
fn the_page_of_definitions_is_what_the_table_says() {
    is_up_to_date("docs/statistics.md", &page());
}

#[test]
fn pages_call_a_figure_by_its_defined_name() {
    let pages = Pages::new(None).unwrap();
    for of in definitions::all() {
        for (locale, name) in [("zh-TW", of.name.zh), ("en", of.name.en)] {
            // Only figures that a page shows have a message.
            if let Ok(text) = Words::text(&pages, locale, &format!("figure-{}", of.code.replace('_', "-")), &json!({}))
            {
                assert_eq!(text, name, "{locale} {}", of.code);
            }
        }
    }
}
