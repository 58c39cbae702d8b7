//! The address of a letter's one link: a page of the service by what the link is for, with a token where the link itself
//! opens something. Tokens are made here, when a letter is rendered, and stand nowhere else.

use crate::domain::letter::{Letter, Locale};
use crate::domain::link::{Link, Purpose};
use crate::domain::time::{DAY, Moment};
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::post::Post;
use crate::store::letters::LetterRow;

/// The address of a page: `token` for the links that open something, `row` for the pages behind the log-in. Citizens'
/// pages have an English side; the desk has none.
#[must_use]
pub fn address(public_url: &str, locale: Locale, purpose: Purpose, token: &str, row: Option<i64>) -> String {
    let side = match (locale, purpose) {
        (
            Locale::En,
            Purpose::Desk
            | Purpose::Weekly
            | Purpose::Management
            | Purpose::SavedReport
            | Purpose::Measure
            | Purpose::Calendar
            | Purpose::Jobs,
        ) => "",
        (Locale::En, _) => "/en",
        _ => "",
    };
    let page = match (purpose, row) {
        (Purpose::Confirm, _) => format!("/c/{token}"),
        (Purpose::Rate, _) => format!("/r/{token}"),
        (Purpose::Submission, _) => format!("/s/{token}"),
        (Purpose::Files, _) => format!("/f/{token}"),
        (Purpose::Status | Purpose::Visit, _) => "/status".to_owned(),
        (Purpose::Withdraw, _) => "/status/withdraw".to_owned(),
        (Purpose::Supplement, _) => "/status/supplement".to_owned(),
        (Purpose::Desk, Some(case)) => format!("/desk/cases/{case}"),
        (Purpose::Desk, None) => "/desk".to_owned(),
        (Purpose::Weekly, _) => "/desk/control/weekly".to_owned(),
        (Purpose::Management, Some(year)) => format!("/management/{year}"),
        (Purpose::Management, None) => "/management".to_owned(),
        (Purpose::SavedReport, Some(report)) => format!("/management/reports/{report}"),
        (Purpose::SavedReport, None) => "/management/reports".to_owned(),
        (Purpose::Measure, Some(measure)) => format!("/management/measures/{measure}"),
        (Purpose::Measure, None) => "/management/measures".to_owned(),
        (Purpose::Calendar, _) => "/admin/calendar".to_owned(),
        (Purpose::Jobs, _) => "/admin".to_owned(),
    };
    format!("{}{side}{page}", public_url.trim_end_matches('/'))
}

/// The address of a stored letter's link.
///
/// # Errors
/// `Internal` when the letter needs a token and the row has no link to make it of.
pub fn of(row: &LetterRow, letter: &Letter, keys: &Keys, public_url: &str, locale: Locale) -> Result<String> {
    let purpose = letter.needs_link();
    let link = row.link()?.filter(|link| link.purpose == purpose);
    let token = match (purpose, &link) {
        (Purpose::Confirm | Purpose::Rate, Some(link)) => keys.token(link)?,
        (Purpose::Confirm | Purpose::Rate, None) => {
            return Err(Error::internal(format!("letter {} has no {purpose} link", row.id)));
        }
        _ => String::new(),
    };
    let behind = match (purpose, letter) {
        (Purpose::Management, Letter::YearPackage { year, .. }) => Some(i64::from(*year)),
        (Purpose::Measure | Purpose::SavedReport, _) => link.map(|link| link.row),
        (Purpose::Desk, _) => link.map(|link| link.row).or(row.case_id),
        _ => None,
    };
    Ok(address(public_url, locale, purpose, &token, behind))
}

/// The link to a reply's files that are too large to travel, and until when it opens. The token is made here and stored
/// nowhere.
///
/// # Errors
/// Of the keys.
pub(super) fn to_files(
    post: &Post,
    reply: i64,
    nonce: String,
    locale: Locale,
    now: Moment,
) -> Result<(String, Moment)> {
    let until = now.plus_seconds(post.file_days * DAY);
    let token = post.keys.token(&Link { purpose: Purpose::Files, row: reply, nonce, expires_at: until })?;
    Ok((address(&post.public_url, locale, Purpose::Files, &token, None), until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_has_its_page() {
        let url = "https://mailbox.example.tw/";
        for (purpose, zh, en) in [
            (Purpose::Confirm, "/c/T", "/en/c/T"),
            (Purpose::Rate, "/r/T", "/en/r/T"),
            (Purpose::Status, "/status", "/en/status"),
            (Purpose::Desk, "/desk/cases/7", "/desk/cases/7"),
            (Purpose::Weekly, "/desk/control/weekly", "/desk/control/weekly"),
            (Purpose::Management, "/management/7", "/management/7"),
            (Purpose::SavedReport, "/management/reports/7", "/management/reports/7"),
            (Purpose::Measure, "/management/measures/7", "/management/measures/7"),
            (Purpose::Calendar, "/admin/calendar", "/admin/calendar"),
            (Purpose::Jobs, "/admin", "/admin"),
        ] {
            assert_eq!(address(url, Locale::ZhTw, purpose, "T", Some(7)), format!("https://mailbox.example.tw{zh}"));
            assert_eq!(address(url, Locale::En, purpose, "T", Some(7)), format!("https://mailbox.example.tw{en}"));
        }
    }
}
