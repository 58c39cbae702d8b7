//! The official yearly table as it is published, and everything that makes it be refused.

use chenqing::cli::calendar_text::decode;
use chenqing::domain::calendar::{Calendar, CalendarData, DayKind};
use chenqing::domain::calendar_file::{CalendarFile, FileError, parse, parse_exceptions};
use chenqing::domain::day::Day;
use rstest::rstest;

use super::support::{date, sample};

/// The table of 2025 in the official form, from the sample calendar.
fn official() -> Vec<String> {
    let calendar = Calendar::build(sample()).unwrap();
    let first = Day::of(date("2025-01-01"));
    let row = |day: Day| {
        let off = if calendar.is_working(day) { 0 } else { 2 };
        let weekday = ["一", "二", "三", "四", "五", "六", "日"][day.weekday()];
        let note = calendar.note(day.date()).unwrap_or_default();
        format!("{},{weekday},{off},{note}", day.date().strftime("%Y%m%d"))
    };
    std::iter::once("西元日期,星期,是否放假,備註".to_owned()).chain((0..365).map(|at| row(first.plus(at)))).collect()
}

fn read(lines: &[String]) -> Result<CalendarFile, FileError> {
    parse(&lines.join("\r\n"))
}

#[test]
fn the_official_table_gives_the_exceptional_days_whatever_its_encoding() {
    let expected: Vec<_> = sample().days.into_iter().filter(|day| day.date.year() == 2025).collect();
    assert!(expected.iter().any(|day| day.date == date("2025-02-08") && day.kind == DayKind::MakeUp));
    let text = official().join("\r\n") + "\r\n";
    let with_mark = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    let big5 = encoding_rs::BIG5.encode(&text).0.into_owned();
    assert!(std::str::from_utf8(&big5).is_err());
    for bytes in [text.as_bytes(), &with_mark, &big5] {
        let file = parse(&decode(bytes).unwrap()).unwrap();
        assert_eq!(file, CalendarFile { years: vec![2025], days: expected.clone() });
    }
    assert_eq!(decode(b"\xff\xff\xff"), None);
}

#[test]
fn the_official_table_is_read_as_it_was_published_in_big5() {
    let bytes = include_bytes!("calendar_2025_big5.csv");
    assert!(String::from_utf8(bytes.to_vec()).is_err(), "older tables are Big5");
    assert!(bytes.ends_with(b"\r\n"));
    let file = parse(&decode(bytes).unwrap()).unwrap();
    let expected: Vec<_> = sample().days.into_iter().filter(|day| day.date.year() == 2025).collect();
    assert_eq!(file, CalendarFile { years: vec![2025], days: expected });
}

#[rstest]
#[case::a_missing_day(|lines: &mut Vec<String>| { lines.remove(40); }, 41, "2025-02-09 is missing")]
#[case::a_missing_last_day(|lines: &mut Vec<String>| { lines.pop(); }, 365, "2025-12-31 is missing")]
#[case::a_missing_first_day(|lines: &mut Vec<String>| { lines.remove(1); }, 2, "2025-01-01 is missing")]
#[case::a_doubled_day(|lines: &mut Vec<String>| lines.insert(100, lines[50].clone()), 101, "2025-02-19 stands already in line 51")]
#[case::a_foreign_day(|lines: &mut Vec<String>| lines[1] = "20240101,一,2,".into(), 2, "2024-01-01 is not a day of 2025")]
#[case::no_such_day(|lines: &mut Vec<String>| lines[60] = "20250230,日,2,".into(), 61, "2025-02-30")]
#[case::a_day_written_otherwise(|lines: &mut Vec<String>| lines[60] = "2025/3/1,六,2,".into(), 61, "2025/3/1")]
#[case::a_wrong_weekday(|lines: &mut Vec<String>| lines[2] = "20250102,五,0,".into(), 3, "星期四")]
#[case::a_strange_mark(|lines: &mut Vec<String>| lines[2] = "20250102,四,1,".into(), 3, "是否放假")]
#[case::a_short_line(|lines: &mut Vec<String>| lines[2] = "20250102,四".into(), 3, "2 fields")]
#[case::another_header(|lines: &mut Vec<String>| lines[0] = "西元日期,星期,備註,是否放假".into(), 1, "first line")]
#[case::another_file(|lines: &mut Vec<String>| lines[0] = "Subject,Start Date".into(), 1, "neither")]
#[case::nothing_but_a_header(|lines: &mut Vec<String>| lines.truncate(1), 1, "no days")]
fn a_faulty_table_is_refused_by_its_line(
    #[case] spoil: fn(&mut Vec<String>),
    #[case] line: usize,
    #[case] message: &str,
) {
    let mut lines = official();
    spoil(&mut lines);
    let error = read(&lines).unwrap_err();
    assert_eq!(error.line, line, "{error}");
    assert!(error.message.contains(message), "{error}");
    // The page says it in the reader's language, with the same line.
    assert!(error.told.key.starts_with("calendar-fault-"));
    assert!(error.told.args.contains(&("line", line.to_string())));
}

#[test]
fn what_spreadsheets_leave_behind_is_no_fault() {
    let mut lines = official();
    lines.push(",,,".to_owned());
    lines.push(String::new());
    let at = lines.iter().position(|line| line.starts_with("20250127")).unwrap();
    lines[at] = "\"20250127\",\"一\",\"2\",\"調整放假, \"\"補\"\" 02-08\"".to_owned();
    let file = read(&lines).unwrap();
    let day = file.days.iter().find(|day| day.date == date("2025-01-27")).unwrap();
    assert_eq!(day.note, "調整放假, \"補\" 02-08");
}

#[test]
fn the_sample_calendar_covers_2017_to_2027_and_knows_its_make_up_days() {
    let data = sample();
    assert_eq!(data.years, Some((2017..=2027).collect()));
    let make_up =
        |year: i16| data.days.iter().filter(|day| day.date.year() == year && day.kind == DayKind::MakeUp).count();
    assert_eq!((make_up(2025), make_up(2026), make_up(2027)), (1, 0, 0));
    assert!(Calendar::build(CalendarData { ..data }).is_ok());
}

#[rstest]
#[case("date,is_day_off,note\n2026-09-25,1,a\n2026-09-25,1,b", 3)]
#[case("date,is_day_off,note\n2026-09-26,1,a weekend day", 2)]
#[case("date,is_day_off,note\n2026-09-25,0,a weekday", 2)]
#[case("date,is_day_off,note\n2026-09-25,2,mark", 2)]
#[case("date,is_day_off,note\n2026-9-25,1,", 2)]
fn a_list_of_days_that_are_not_exceptional_is_refused(#[case] text: &str, #[case] line: usize) {
    assert_eq!(parse_exceptions(text).unwrap_err().line, line);
}
