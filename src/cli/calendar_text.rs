//! Calendar files as they lie on a disk: bytes to text (UTF-8 with or without a byte order mark, or Big5 as the
//! older official tables are), and files to a calendar.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

pub use crate::acts::import_calendar::decode;
use crate::domain::calendar::{Calendar, CalendarData};
use crate::domain::calendar_file;
use crate::domain::deadline_batch::calendar_from_json;

/// Reads a calendar file of any of the encodings in use.
///
/// # Errors
/// One sentence that names the file.
pub fn read(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    decode(&bytes).ok_or_else(|| format!("{}: the text is neither UTF-8 nor Big5", path.display()))
}

/// The calendar of official yearly tables and lists of exceptional days (several years, several files), or of one
/// JSON text as `deadline --batch` takes it. `zone` is where the agency is; a JSON calendar names its own.
///
/// # Errors
/// One sentence that names the file, and the line where it has lines.
pub fn calendar(files: &[PathBuf], zone: &str) -> Result<Calendar, String> {
    let mut data = CalendarData {
        zone: TimeZone::get(zone).map_err(|_| format!("there is no time zone \"{zone}\""))?,
        years: Some(Vec::new()),
        ..CalendarData::default()
    };
    for path in files {
        let text = read(path)?;
        let named = |error: String| format!("{}: {error}", path.display());
        if text.trim_start().starts_with('{') {
            if files.len() > 1 {
                return Err(named("a JSON calendar stands alone".to_owned()));
            }
            return calendar_from_json(&text).map_err(named);
        }
        let file = calendar_file::parse(&text).map_err(|error| named(error.to_string()))?;
        let years = data.years.get_or_insert_default();
        if let Some(year) = file.years.iter().find(|year| years.contains(year)) {
            return Err(named(format!("{year} is covered by an earlier file")));
        }
        years.extend(file.years);
        data.days.extend(file.days);
    }
    Calendar::build(data)
}
