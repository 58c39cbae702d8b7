//! Documents in every file format: an invented report in both languages, with texts that would do harm where they were taken
//! for more than text. Each file is opened by another program than wrote it, and every cell compared.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::process::Command;

use calamine::{Data, Ods, Range, Reader, Xlsx};
use chenqing::reports::book::{Book, Cell, Row, Sheet, plain};
use chenqing::reports::{BookFormat, csv_zip, write_book};

pub const LOCALES: [&str; 2] = ["zh-TW", "en"];

/// The invented report.
pub fn book(locale: &str) -> Book {
    let text = match locale {
        "en" => include_str!("books/en.json"),
        _ => include_str!("books/zh-TW.json"),
    };
    serde_json::from_str(text).unwrap()
}

/// A cell as a reader of spreadsheets understands it.
#[derive(Debug, PartialEq)]
enum Found {
    Nothing,
    Text(String),
    Number(f64),
    Day(String),
}

fn meant(cell: &Cell) -> Found {
    match cell {
        Cell::Empty => Found::Nothing,
        Cell::Text(text) => Found::Text(plain(text)),
        Cell::Count(number) => Found::Number(*number as f64),
        Cell::Rate(number) | Cell::Days(number) | Cell::Score(number) => Found::Number(*number),
        Cell::Date(day) => Found::Day(day.to_string()),
    }
}

fn read(data: Option<&Data>) -> Found {
    match data {
        None | Some(Data::Empty) => Found::Nothing,
        Some(Data::String(text)) => Found::Text(text.clone()),
        Some(Data::Int(number)) => Found::Number(*number as f64),
        Some(Data::Float(number)) => Found::Number(*number),
        Some(Data::DateTimeIso(day)) => Found::Day(day[..10].to_owned()),
        Some(Data::DateTime(day)) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            Found::Day(format!("{year:04}-{month:02}-{day:02}"))
        }
        other => panic!("{other:?}"),
    }
}

fn same(sheet: &Sheet, range: &Range<Data>) {
    let at = |row: usize, column: usize| read(range.get_value((row as u32, column as u32)));
    let said = |text: &str| if text.is_empty() { Found::Nothing } else { Found::Text(plain(text)) };
    assert_eq!([at(0, 0), at(1, 0), at(2, 0)], [&sheet.title, &sheet.note, &sheet.row_heading].map(|text| said(text)));
    for (column, of) in sheet.columns.iter().enumerate() {
        assert_eq!(at(2, column + 1), said(&of.heading));
    }
    for (number, Row { label, cells, .. }) in sheet.rows.iter().enumerate() {
        assert_eq!(at(number + 3, 0), said(label), "{}", sheet.code);
        for (column, cell) in cells.iter().enumerate() {
            assert_eq!(at(number + 3, column + 1), meant(cell), "{} {label}", sheet.code);
        }
    }
    assert_eq!(range.end().unwrap().0 as usize, sheet.rows.len() + 2, "nothing below the table {}", sheet.code);
}

#[test]
fn every_cell_of_ods_is_read_as_it_was_meant() {
    for locale in LOCALES {
        let book = book(locale);
        let mut read = Ods::new(Cursor::new(write_book(&book, BookFormat::Ods).unwrap())).unwrap();
        let names = read.sheet_names();
        assert_eq!(names.len(), 1 + book.sheets().count() + 1, "the cover, the tables, the charts");
        for ((_, sheet), name) in book.sheets().zip(&names[1..]) {
            same(sheet, &read.worksheet_range(name).unwrap());
        }
    }
}

#[test]
fn every_cell_of_xlsx_is_read_as_it_was_meant() {
    for locale in LOCALES {
        let book = book(locale);
        let mut read = Xlsx::new(Cursor::new(write_book(&book, BookFormat::Xlsx).unwrap())).unwrap();
        let names = read.sheet_names();
        assert_eq!(names.len(), 1 + book.sheets().count() + 1, "the cover, the tables, the charts");
        for ((_, sheet), name) in book.sheets().zip(&names[1..]) {
            same(sheet, &read.worksheet_range(name).unwrap());
            let formulas = read.worksheet_formula(name).unwrap();
            assert!(formulas.used_cells().next().is_none(), "{name} has a formula");
        }
    }
}

#[test]
fn workbooks_carry_the_charts_beside_their_numbers() {
    for locale in LOCALES {
        let book = book(locale);
        let charts: Vec<_> = book.sections.iter().flat_map(|section| &section.charts).collect();
        let (ods, xlsx) = (write_book(&book, BookFormat::Ods).unwrap(), write_book(&book, BookFormat::Xlsx).unwrap());
        let mut read = Ods::new(Cursor::new(ods.clone())).unwrap();
        let name = read.sheet_names().last().unwrap().clone();
        let range = read.worksheet_range(&name).unwrap();
        assert_eq!(range, Xlsx::new(Cursor::new(xlsx.clone())).unwrap().worksheet_range(&name).unwrap());
        let cells: Vec<String> = range.cells().map(|(_, _, cell)| cell.to_string()).collect();
        let (ods, xlsx) = (files(ods), files(xlsx));
        for (at, chart) in charts.iter().enumerate() {
            assert!(cells.contains(&chart.title) && chart.categories.iter().all(|name| cells.contains(name)));
            let picture = &ods[&format!("Pictures/chart-{at}.svg")];
            assert!(picture.contains(&format!(">{}</text>", chart.series[0].name)) || chart.series.len() == 1);
            assert!(!picture.contains("currentColor"), "there is no page around it");
            let drawn = &xlsx[&format!("xl/charts/chart{}.xml", at + 1)];
            assert_eq!(drawn.matches("<c:ser>").count(), chart.series.len());
            assert!(ods["content.xml"].contains(&format!("<svg:desc>{}</svg:desc>", chart.alt)));
        }
        assert_eq!(ods["META-INF/manifest.xml"].matches("image/svg+xml").count(), charts.len());
    }
}

/// The files of an archive.
fn files(archive: Vec<u8>) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), text);
    }
    files
}

#[test]
fn csv_is_a_file_for_each_table_and_no_text_is_a_formula() {
    for locale in LOCALES {
        let book = book(locale);
        let files = files(write_book(&book, BookFormat::Csv).unwrap());
        assert_eq!(files.len(), 1 + book.sheets().count());
        let readme = &files["README.txt"];
        for (at, (_, sheet)) in book.sheets().enumerate() {
            let name = csv_zip::name(at, sheet);
            assert!(readme.contains(&name) && readme.contains(&sheet.title), "{readme}");
            let plain_text = files[&name].strip_prefix('\u{feff}').expect("a byte order mark");
            assert!(plain_text.ends_with("\r\n"));
            let mut table = csv::Reader::from_reader(plain_text.as_bytes());
            let before = if sheet.is_tree() { 3 } else { 2 };
            assert_eq!(table.headers().unwrap().len(), before + sheet.columns.len(), "{name}");
            let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), sheet.rows.len(), "{name}");
            for (row, record) in sheet.rows.iter().zip(&rows) {
                assert_eq!(record[before - 1].trim_start_matches('\''), plain(&row.label));
                for (cell, text) in row.cells.iter().zip(record.iter().skip(before)) {
                    match cell {
                        Cell::Empty => assert_eq!(text, ""),
                        Cell::Text(meant) => assert_eq!(text.trim_start_matches('\''), plain(meant)),
                        Cell::Count(number) => assert_eq!(text, number.to_string()),
                        Cell::Date(day) => assert_eq!(text, day.to_string()),
                        Cell::Rate(number) | Cell::Days(number) | Cell::Score(number) => {
                            assert!((text.parse::<f64>().unwrap() - number).abs() < 0.005, "{text}");
                        }
                    }
                }
                let danger = record.iter().find(|text| text.trim_start().starts_with(['=', '+', '-', '@', '＝']));
                assert_eq!(danger, None, "{name}");
            }
        }
    }
}

#[test]
fn the_same_document_is_the_same_bytes() {
    for locale in LOCALES {
        for format in BookFormat::ALL {
            let bytes = || write_book(&book(locale), *format).unwrap();
            assert_eq!(bytes(), bytes(), "{format:?}");
            // The moment it was made is the document's, not the clock's.
            let mut later = book(locale);
            later.made_at = later.made_at.plus_seconds(3600);
            assert_eq!(write_book(&later, *format).unwrap() == bytes(), *format == BookFormat::Csv, "{format:?}");
        }
    }
}

/// LibreOffice opens the file, and its own CSV of every sheet says what the tables say.
#[test]
fn libreoffice_opens_workbooks_and_reads_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let office = |to: &str, file: &str| {
        let run = Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()))
            .args(["--headless", "--norestore", "--convert-to", to, "--outdir"])
            .arg(folder.path())
            .arg(folder.path().join(file))
            .output()
            .expect("soffice: tests/run installs it");
        let said = String::from_utf8_lossy(&run.stderr).to_lowercase();
        let other: Vec<&str> = said.lines().filter(|line| !line.contains("javaldx") && !line.is_empty()).collect();
        assert!(run.status.success() && other.is_empty(), "{said}");
    };
    let book = book("zh-TW");
    for format in [BookFormat::Ods, BookFormat::Xlsx] {
        let file = format!("report.{}", format.code());
        std::fs::write(folder.path().join(&file), write_book(&book, format).unwrap()).unwrap();
        // Comma, quotes, UTF-8, values as they are, every sheet.
        office("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", &file);
        let read: Vec<Vec<Vec<String>>> = sheets_of(folder.path());
        for (_, sheet) in book.sheets() {
            let found =
                read.iter().find(|rows| rows[0][0] == plain(&sheet.title)).unwrap_or_else(|| panic!("{}", sheet.title));
            assert_eq!(found.len(), sheet.rows.len() + 3, "{}", sheet.title);
            for (row, cells) in sheet.rows.iter().zip(&found[3..]) {
                assert_eq!(cells[0], plain(&row.label));
                for (cell, text) in row.cells.iter().zip(&cells[1..]) {
                    assert!(agrees(cell, text), "{file} {}: {cell:?} is read as {text}", row.label);
                }
            }
        }
        office("pdf", &file);
        assert!(std::fs::read(folder.path().join("report.pdf")).unwrap().starts_with(b"%PDF"));
    }
}

/// The sheets that were written as CSV, which are taken away.
fn sheets_of(folder: &std::path::Path) -> Vec<Vec<Vec<String>>> {
    let mut sheets = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let mut table = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(&path).unwrap();
            let rows = table.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
            sheets.push(rows);
            std::fs::remove_file(path).unwrap();
        }
    }
    sheets
}

/// Whether a value is what LibreOffice writes of it.
fn agrees(cell: &Cell, text: &str) -> bool {
    let number = |digits: &str, meant: f64| digits.parse::<f64>().is_ok_and(|read| (read - meant).abs() < 1e-9);
    match cell {
        Cell::Empty => text.is_empty(),
        Cell::Text(meant) => text == plain(meant),
        Cell::Count(meant) => text == meant.to_string(),
        Cell::Rate(share) => text.strip_suffix('%').is_some_and(|percent| number(percent, share * 100.0)),
        Cell::Days(meant) | Cell::Score(meant) => number(text, *meant),
        Cell::Date(day) => text == day.to_string(),
    }
}
