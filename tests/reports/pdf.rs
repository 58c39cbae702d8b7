//! The report as PDF, read by another program than wrote it: what it says, in which order, on how many pages, and that no text
//! of a report is taken for more than text.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use chenqing::reports::book::{Book, Cell, plain};
use chenqing::reports::{Format, pdf, write};
use chenqing::web::pages::Pages;

use super::books::{LOCALES, book};
use super::formats::figures;

fn written(book: &Book) -> Vec<u8> {
    pdf::write(book, None).unwrap()
}

/// What a program of poppler says of a file.
fn poppler(program: &str, arguments: &[&str], file: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::File::create(&path).unwrap().write_all(file).unwrap();
    let mut command = Command::new(program);
    if program == "pdftotext" {
        command.args(arguments).arg(&path).arg("-");
    } else {
        command.args(arguments).arg(&path);
    }
    let run = command.stderr(Stdio::null()).output().expect("poppler-utils: tests/run installs it");
    assert!(run.status.success(), "{program}");
    String::from_utf8_lossy(&run.stdout).into_owned()
}

/// All that stands in a file, without its spaces.
pub fn text(file: &[u8]) -> String {
    dense(&poppler("pdftotext", &["-layout"], file))
}

/// The text without its spaces and line ends, which layout puts in.
fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}

#[test]
fn a_report_is_a_document_with_a_cover_contents_and_numbered_pages() {
    for locale in LOCALES {
        let book = book(locale);
        let file = written(&book);
        // Once: where typst is not optimised, a report takes some seconds.
        if locale == "en" {
            assert!(file == written(&book), "the same report is the same bytes");
        }
        let info = poppler("pdfinfo", &[], &file);
        let said = |key: &str| {
            let line = info.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("{key}: {info}"));
            line.split_once(':').unwrap().1.trim().to_owned()
        };
        assert_eq!((said("Title"), said("Author")), (plain(&book.title), plain(&book.agency)));
        assert_eq!(said("Tagged"), "yes");
        let pages: usize = said("Pages").parse().unwrap();
        let text = poppler("pdftotext", &["-layout"], &file);
        let page: Vec<String> = text.split('\u{c}').map(dense).collect();
        for line in [&book.title, &book.agency, &book.period, &book.made, &book.checksum] {
            assert!(page[0].contains(&dense(line)), "the cover says {line}");
        }
        assert!(
            page[1].starts_with(&dense(&format!("{}{}", book.title, book.words.contents)))
                || page[1].contains(&dense(&book.words.contents))
        );
        let [before, between, behind] = &book.words.page;
        for (at, page) in page.iter().enumerate().take(pages).skip(1) {
            let foot = dense(&format!("{before}{}{between}{pages}{behind}", at + 1));
            assert!(page.contains(&foot), "page {} says {foot}", at + 1);
        }
        let all = page.concat();
        for section in &book.sections {
            assert!(page[1].contains(&dense(&section.heading)), "{} stands in the contents", section.heading);
            for sheet in &section.sheets {
                assert!(page[1].contains(&dense(&sheet.title)), "{} stands in the contents", sheet.title);
                // Headings stand in lines beside each other: what can be found of each is its words.
                for word in sheet.columns.iter().flat_map(|column| column.heading.split(' ')) {
                    let found = dense(word).chars().all(|letter| all.contains(letter));
                    assert!(found && (!word.is_ascii() || all.contains(word)), "{}: {word}", sheet.title);
                }
            }
        }
    }
}

#[test]
fn no_text_of_a_report_is_a_program_and_none_runs_off_the_page() {
    let mut book = book("en");
    let evil = [
        "#import \"/etc/passwd\"",
        "#panic(1)",
        "*bold* _it_ $x$ \\ ` @ref <label>",
        "#read(\"report.json\")",
        "</svg><script>alert(1)</script>",
    ];
    let long = "W".repeat(400);
    book.sections.truncate(1);
    let section = &mut book.sections[0];
    section.charts.truncate(1);
    section.heading = evil[0].to_owned();
    section.notes = evil.iter().map(|text| (*text).to_owned()).chain([long.clone()]).collect();
    section.charts[0].title = evil[4].to_owned();
    section.charts[0].alt = evil[1].to_owned();
    let sheet = &mut section.sheets[0];
    sheet.title = evil[2].to_owned();
    sheet.note = evil[3].to_owned();
    for (row, text) in sheet.rows.iter_mut().zip(evil) {
        row.label = text.to_owned();
        row.cells[0] = Cell::Text(long.clone());
    }
    sheet.rows[0].label = format!("{long}\u{0}\u{202e}😀");
    let file = written(&book);
    let text = dense(&poppler("pdftotext", &["-layout"], &file));
    for text_of in evil {
        assert!(text.contains(&dense(text_of)), "{text_of} is not said as it is");
    }
    assert!(text.contains('□') && !text.contains('😀'), "what the font has not is told");
    // Every word lies within its page.
    let boxes = poppler("pdftotext", &["-bbox"], &file);
    let of = |line: &str, key: &str| -> f64 {
        line.split(&format!("{key}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    let words: Vec<&str> = boxes.lines().filter(|line| line.contains("<word ")).collect();
    assert!(words.len() > 100);
    for word in words {
        assert!(of(word, "xMin") > 50.0 && of(word, "xMax") < 595.3 - 50.0, "{word}");
    }
}

#[test]
fn the_figures_are_written_in_both_languages() {
    for locale in LOCALES {
        let file = write(&figures(), Format::Pdf, locale, &Pages::new(None).unwrap()).unwrap();
        let text = dense(&poppler("pdftotext", &["-layout"], &file));
        // A heading of several words stands in several lines in English.
        let said: &[&str] = if locale == "en" { &["Topissues"] } else { &["熱門議題", "前一年同期收件"] };
        for said in said {
            assert!(text.contains(said), "{said}\n{text}");
        }
        let fonts = poppler("pdffonts", &[], &file);
        assert!(fonts.lines().skip(2).all(|line| line.contains("yes yes yes")), "every font is in the file\n{fonts}");
    }
}

#[test]
fn without_a_chinese_font_it_is_told_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let told = pdf::write(&book("en"), Some(folder.path())).unwrap_err().to_string();
    let place = folder.path().display().to_string();
    assert!(
        [place.as_str(), "fonts-noto-cjk", "reports.font_folder"].iter().all(|word| told.contains(*word)),
        "{told}"
    );
    assert!(pdf::write(&book("en"), Some(Path::new("/nonexistent"))).is_err());
}
