//! The saved reports that are due. Their words are those of the pages, which are read only when something is due.

use crate::app::App;
use crate::config::Config;
use crate::domain::time::Moment;
use crate::error::{Error, Message, Result};
use crate::reports::Words;
use crate::reports::saved_mail::{Mailing, sweep};
use crate::web::pages::Pages;

/// Sends them. Says in words what it did.
///
/// # Errors
/// Of the database; `Internal` when the pages cannot be read.
pub fn send_due(app: &App, now: Moment) -> Result<Message> {
    let mailing = Mailing { office: &app.office, files: &app.files, most_bytes: app.config.mail.max_letter_bytes };
    let words = || {
        let pages = Pages::in_zone(Config::folder(&app.config.pages.folder), app.office.zone.clone());
        let fonts = Config::folder(&app.config.reports.font_folder);
        pages.map(|pages| Box::new(pages.with_fonts(fonts)) as Box<dyn Words>).map_err(Error::Internal)
    };
    sweep(mailing, words, now)
}
