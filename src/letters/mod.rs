//! Letters in words: a letter's data and its context become a subject, a text part and an HTML part, or a
//! page for print. Every template is strict: what is missing is an error, never a gap in a letter.

pub mod clean;
pub mod dates;
mod fields;
mod helpers;
mod own;
pub mod samples;
mod templates;
mod tidy;

use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::letter::{Audience, Letter, Locale};
use crate::domain::link::Purpose;
use crate::domain::time::Moment;
pub use own::Fault;
use own::Own;
use templates::Format;

/// Columns a mail's subject may take; the case number stands last and is never cut.
const SUBJECT_COLUMNS: usize = 160;

/// Every template, compiled once: shared by all who send or preview.
pub struct Letters {
    own: Own,
}

/// What a letter needs beside its data, known only when it is rendered.
#[derive(Clone, Debug)]
pub struct LetterContext {
    /// The reader's language; names below are in it.
    pub locale: Locale,
    /// The agency that signs.
    pub agency_name: String,
    /// Its telephone, for letters without an officer.
    pub agency_phone: String,
    /// What the mailbox is called: 署長信箱.
    pub mailbox_name: String,
    /// How the reader is greeted, where the name may be used.
    pub recipient_name: Option<String>,
    /// The whole address of the letter's link, built for its [`Purpose`].
    pub link: Option<String>,
    /// The query code, for letters that need it.
    pub query_code: Option<String>,
    /// The agency's time zone.
    pub zone: TimeZone,
    /// The emergency number; empty when the agency has none.
    pub hotline: String,
    /// Where the letter's files are to be fetched, when they are too large to go with it.
    pub files: Option<FilesByLink>,
}

/// A link in place of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilesByLink {
    /// The whole address.
    pub url: String,
    /// From this moment on it opens nothing.
    pub until: Moment,
}

/// A letter ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part, a whole document.
    pub html: String,
}

impl Letters {
    /// Compiles the built-in templates and those of a folder that replace them, file by file. A file of the folder with
    /// a fault is left out and stands among the [`Letters::faults`].
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn new(override_folder: Option<&Path>) -> Result<Self, String> {
        Ok(Self { own: Own::read(override_folder)? })
    }

    /// The own files that are not in use, and why.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.own.faults
    }

    /// The own files that are in use, by their path in the folder.
    pub fn own_files(&self) -> impl Iterator<Item = &str> {
        self.own.files.iter().map(String::as_str)
    }

    /// Renders a letter for e-mail.
    ///
    /// # Errors
    /// What is missing: the link, the query code, a template or a field a template asks for.
    pub fn render(&self, letter: &Letter, context: &LetterContext) -> Result<Rendered, String> {
        let words = self.words(letter, context)?;
        Ok(Rendered { text: tidy::tidy(&words.text), ..words })
    }

    /// As [`Letters::render`], the text part's paragraphs each on one line, for a page that breaks lines itself.
    ///
    /// # Errors
    /// As for [`Letters::render`].
    pub fn words(&self, letter: &Letter, context: &LetterContext) -> Result<Rendered, String> {
        if context.link.as_deref().is_none_or(str::is_empty) {
            return Err(format!("the letter {} needs a link", letter.code()));
        }
        if letter.needs_query_code() && context.query_code.as_deref().is_none_or(str::is_empty) {
            return Err(format!("the letter {} needs the query code", letter.code()));
        }
        let mut fields = fields::of(letter, context, false)?;
        let subject = self.subject(letter, context)?;
        fields.set("title", &subject);
        let text = self.put(context.locale, Format::Text, letter, &fields)?;
        let html = self.put(context.locale, Format::Html, letter, &fields)?;
        Ok(Rendered { subject, text, html })
    }

    /// Renders a letter as an A4 page for a petitioner who has no e-mail: `address` as it stands on the
    /// envelope, line by line, `dated` the day it is posted. A link is printed only where one is given.
    ///
    /// # Errors
    /// As for [`Letters::render`], and for letters that make no sense on paper.
    pub fn paper(
        &self,
        letter: &Letter,
        context: &LetterContext,
        address: &str,
        dated: Date,
    ) -> Result<String, String> {
        if letter.audience() == Audience::Staff || letter.needs_link() == Purpose::Confirm {
            return Err(format!("the letter {} is not sent on paper", letter.code()));
        }
        let mut fields = fields::of(letter, context, true)?;
        fields.set("title", &self.subject(letter, context)?);
        fields.set("address", &clean::text(address));
        fields.set("dated", &dates::date(dated, context.locale));
        self.put(context.locale, Format::Paper, letter, &fields)
    }

    /// The subject: every value cut to its share first, so that the number at the end is always whole.
    fn subject(&self, letter: &Letter, context: &LetterContext) -> Result<String, String> {
        let fields = fields::of(letter, context, false)?.for_subject();
        let subject = self.put(context.locale, Format::Subject, letter, &fields)?;
        Ok(clean::cut(&clean::line(&subject), SUBJECT_COLUMNS))
    }

    fn put(&self, locale: Locale, format: Format, letter: &Letter, fields: &fields::Fields) -> Result<String, String> {
        self.own.templates.render(locale, format, letter.code(), &fields.to_json()).map_err(|error| error.text)
    }
}
