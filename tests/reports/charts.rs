//! Charts: whole pictures that say what they show, in whichever language, and take no text for markup.

use chenqing::reports::book::{Chart, ChartKind, Kind, Series};
use chenqing::reports::charts::svg;

use super::books::{LOCALES, book};

fn chart(kind: ChartKind, values: Kind, categories: &[&str], series: &[(&str, &[Option<f64>])]) -> Chart {
    Chart {
        code: "c".to_owned(),
        kind,
        title: "Title".to_owned(),
        unit: "cases".to_owned(),
        scope: None,
        source: "records".to_owned(),
        alt: "what is seen".to_owned(),
        values,
        categories: categories.iter().map(|name| (*name).to_owned()).collect(),
        series: series
            .iter()
            .map(|(name, values)| Series { name: (*name).to_owned(), values: values.to_vec() })
            .collect(),
    }
}

fn drawn(chart: &Chart) -> String {
    svg(chart, &book("en").words).unwrap()
}

#[test]
fn a_chart_says_what_is_seen_in_which_unit_and_from_where() {
    for locale in LOCALES {
        let book = book(locale);
        let charts: Vec<&Chart> = book.sections.iter().flat_map(|section| &section.charts).collect();
        assert_eq!(charts.len(), 6);
        for chart in charts {
            let picture = svg(chart, &book.words).unwrap();
            assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
            let desc = format!("<desc id=\"{}-alt\">{}</desc>", chart.code, chart.alt);
            let (unit, source) =
                (format!(">{}{}<", book.words.unit, chart.unit), format!(">{}{}<", book.words.source, chart.source));
            let names: Vec<String> = chart.series.iter().map(|series| format!(">{}<", series.name)).collect();
            // A single series is what the title says.
            let named = if chart.series.len() > 1 { names } else { vec![] };
            for said in [desc, format!(">{}<", chart.title), unit, source].iter().chain(&named) {
                assert!(picture.contains(said.as_str()), "{} lacks {said}", chart.code);
            }
            assert!(picture.contains("currentColor") && picture.contains("Noto Sans TC"));
            assert_eq!(picture, svg(chart, &book.words).unwrap());
        }
    }
}

#[test]
fn columns_begin_at_zero_and_are_as_high_as_their_values() {
    let values = [Some(50.0), Some(100.0), None, Some(0.0)];
    let picture = drawn(&chart(ChartKind::Columns, Kind::Count, &["a", "b", "c", "d"], &[("s", &values)]));
    let heights: Vec<f64> = picture
        .lines()
        .filter(|line| line.starts_with("<rect") && line.contains("fill=\"#0072B2\""))
        .map(|line| line.split("height=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(heights.len(), 2, "neither nothing nor zero is a column\n{picture}");
    assert!((heights[1] / heights[0] - 2.0).abs() < 0.03, "{heights:?}");
    assert_eq!(picture.matches(">0</text>").count(), 2, "zero is written beside the axis and as a value");
}

#[test]
fn a_line_ends_where_there_is_no_value() {
    let values = [Some(1.0), Some(2.0), None, Some(3.0), Some(4.0), None, Some(5.0)];
    let picture = drawn(&chart(ChartKind::Line, Kind::Days, &["1", "2", "3", "4", "5", "6", "7"], &[("s", &values)]));
    let lines = picture.lines().filter(|line| line.starts_with("<polyline") && line.contains("#0072B2")).count();
    let marks = picture.lines().filter(|line| line.starts_with("<circle")).count();
    assert_eq!((lines, marks), (2, 6), "five values and the mark before the name\n{picture}");
}

#[test]
fn series_differ_without_colour() {
    let one = [Some(1.0)];
    let series: Vec<(&str, &[Option<f64>])> =
        ["a", "b", "c", "d", "e", "f"].iter().map(|name| (*name, &one[..])).collect();
    let picture = drawn(&chart(ChartKind::Stacked, Kind::Count, &["x"], &series));
    let pattern = |line: &str| line.split("<path d=\"").nth(1).map(|path| path.split('"').next().unwrap().to_owned());
    let patterns: std::collections::BTreeSet<_> =
        picture.lines().filter(|line| line.starts_with("<pattern")).map(pattern).collect();
    // The first has none.
    assert_eq!(patterns.len(), 5, "{picture}");
}

#[test]
fn charts_of_nothing_are_drawn() {
    for kind in [ChartKind::Line, ChartKind::Columns, ChartKind::Stacked, ChartKind::Bars] {
        for values in [Kind::Count, Kind::Rate, Kind::Days, Kind::Score] {
            assert!(drawn(&chart(kind, values, &[], &[])).contains("Title"));
            assert!(drawn(&chart(kind, values, &["a"], &[("s", &[None])])).contains("Title"));
            assert!(drawn(&chart(kind, values, &["a"], &[("s", &[Some(0.0)])])).contains("Title"));
        }
    }
    assert!(svg(&chart(ChartKind::Line, Kind::Count, &["a"], &[("s", &[])]), &book("en").words).is_err());
}

#[test]
fn no_text_of_a_chart_is_markup() {
    let evil = "</text><script>alert(1)</script>\" onload=\"x\u{0}\u{202e}&";
    let mut chart = chart(ChartKind::Bars, Kind::Count, &[evil], &[(evil, &[Some(1.0)]), (evil, &[Some(2.0)])]);
    for text in [&mut chart.title, &mut chart.unit, &mut chart.source, &mut chart.alt] {
        *text = evil.to_owned();
    }
    for kind in [ChartKind::Bars, ChartKind::Line, ChartKind::Columns, ChartKind::Stacked] {
        let picture = drawn(&Chart { kind, ..chart.clone() });
        for harm in ["<script", "\" onload", "\u{0}", "\u{202e}", "&<"] {
            assert!(!picture.contains(harm), "{harm:?}\n{picture}");
        }
        assert!(picture.contains("&lt;script"));
    }
}
