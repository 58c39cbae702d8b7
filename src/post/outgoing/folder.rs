//! Letters as files instead of mail, one `.eml` each with exactly the bytes that would have travelled: for the
//! demonstration and for tests. The name begins with the moment, so that names sort as the letters came.

use std::fs;
use std::path::Path;

use crate::domain::time::Moment;
use crate::post::trouble::{Failure, Trouble};

/// Ending of a letter's file.
pub const ENDING: &str = "eml";

/// Writes a letter; a reader of the folder sees it whole or not at all. Nobody waits for the disk: what a demonstration
/// or a test lost in a power cut is not missed.
///
/// # Errors
/// Why the folder does not take it.
pub fn write(folder: &Path, letter: i64, at: Moment, message: &[u8]) -> Result<(), Failure> {
    let fault = |e: std::io::Error| Trouble::Unreachable.with(format!("the folder for letters cannot be written: {e}"));
    fs::create_dir_all(folder).map_err(fault)?;
    let name = name(letter, at);
    let arriving = folder.join(format!(".{name}"));
    fs::write(&arriving, message).map_err(fault)?;
    fs::rename(&arriving, folder.join(format!("{name}.{ENDING}"))).map_err(|e| {
        let _ = fs::remove_file(&arriving);
        fault(e)
    })
}

/// `20260918T013000-123456Z-0000000042`: date, time, microseconds, letter.
fn name(letter: i64, at: Moment) -> String {
    let seconds = at.to_jiff().strftime("%Y%m%dT%H%M%S").to_string();
    format!("{seconds}-{:06}Z-{letter:010}", at.0.rem_euclid(1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_letters_came() {
        let at: Moment = serde_json::from_str("\"2026-09-18T01:30:00.000042Z\"").unwrap();
        assert_eq!(name(7, at), "20260918T013000-000042Z-0000000007");
        assert!(name(7, at) < name(10, at) && name(10, at) < name(1, Moment(at.0 + 1)));
        assert!(name(1, Moment(at.0 + 1)) < name(1, at.plus_seconds(1)));
    }
}
