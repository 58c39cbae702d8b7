//! An agency's own templates: the files of a folder that replace built-in ones of the same path. Each is tried on the
//! samples when it is read. One with a fault is named with its line and left out: the built-in one goes on serving, so
//! that a slip of the pen holds no letter back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use handlebars::Template;
use jiff::civil::date;
use jiff::tz::TimeZone;

use super::templates::{Format, Templates, Unrendered, candidates, sources};
use super::{fields, samples};
use crate::domain::letter::{Audience, Letter, Locale};
use crate::domain::link::Purpose;

/// What is wrong with an own template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its path in the folder.
    pub file: String,
    /// The line, where one is to blame.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

/// Templates with an agency's own among them.
pub struct Own {
    /// All of them, compiled.
    pub templates: Templates,
    /// The own files that are in use.
    pub files: BTreeSet<String>,
    /// Those that are not, and why.
    pub faults: Vec<Fault>,
}

impl Own {
    /// Reads and tries the files of a folder; without one everything is built in.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn read(folder: Option<&Path>) -> Result<Self, String> {
        let built_in = sources()?;
        let (mut own, mut faults) = (BTreeMap::new(), Vec::new());
        if let Some(folder) = folder {
            collect(folder, folder, &mut own, &mut faults)?;
        }
        own.retain(|file, source| match fault_of(&built_in, file, source) {
            None => true,
            Some(fault) => {
                faults.push(fault);
                false
            }
        });
        loop {
            let mut together = built_in.clone();
            together.extend(own.clone());
            let templates = Templates::compile(&together)?;
            let Some(fault) = tried(&templates, &own)? else {
                return Ok(Self { templates, files: own.into_keys().collect(), faults });
            };
            own.remove(&fault.file);
            faults.push(fault);
        }
    }
}

fn collect(
    root: &Path,
    folder: &Path,
    own: &mut BTreeMap<String, String>,
    faults: &mut Vec<Fault>,
) -> Result<(), String> {
    let unreadable = |path: &Path, error| format!("cannot read {}: {error}", path.display());
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.is_dir() {
            collect(root, &path, own, faults)?;
        } else if path.extension().is_some_and(|ending| ending == "hbs") {
            let file = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            match fs::read_to_string(&path) {
                Ok(source) => {
                    own.insert(file, source);
                }
                Err(error) => faults.push(Fault { file, line: None, what: error.to_string() }),
            }
        }
    }
    Ok(())
}

/// What is wrong with a file by itself.
fn fault_of(built_in: &BTreeMap<String, String>, file: &str, source: &str) -> Option<Fault> {
    if !built_in.contains_key(file) {
        let what = "replaces none of the built-in templates".to_owned();
        return Some(Fault { file: file.to_owned(), line: None, what });
    }
    let error = Template::compile(source).err()?;
    Some(Fault { file: file.to_owned(), line: error.pos().map(|(line, _)| line), what: error.reason().to_string() })
}

/// Renders the samples that own files have a part in; the first fault.
fn tried(templates: &Templates, own: &BTreeMap<String, String>) -> Result<Option<Fault>, String> {
    for &locale in Locale::ALL {
        let here =
            |file: &String| file.starts_with("shared/") || file.starts_with(&format!("{}/shared/", locale.code()));
        let shared = own.keys().any(here);
        for letter in samples::all(locale) {
            let its = format!("{}/{}/", locale.code(), letter.code());
            if !shared && !own.keys().any(|file| file.starts_with(&its)) {
                continue;
            }
            if let Some((format, error)) = unrendered(templates, &letter, locale)? {
                return blamed(own, locale, format, &its, error).map(Some);
            }
        }
    }
    Ok(None)
}

fn unrendered(templates: &Templates, letter: &Letter, locale: Locale) -> Result<Option<(Format, Unrendered)>, String> {
    let context = samples::context(letter, locale, TimeZone::UTC);
    let on_paper = letter.audience() == Audience::Petitioner && letter.needs_link() != Purpose::Confirm;
    for format in [Format::Subject, Format::Text, Format::Html, Format::Paper] {
        if format == Format::Paper && !on_paper {
            continue;
        }
        let mut data = fields::of(letter, &context, format == Format::Paper)?;
        data.set("title", "title");
        data.set("address", "address");
        data.set("dated", &super::dates::date(date(2026, 9, 30), locale));
        if let Err(error) = templates.render(locale, format, letter.code(), &data.to_json()) {
            return Ok(Some((format, error)));
        }
    }
    Ok(None)
}

/// The own file that a fault is in: the one named, or else one that the letter is made of.
fn blamed(
    own: &BTreeMap<String, String>,
    locale: Locale,
    format: Format,
    its: &str,
    error: Unrendered,
) -> Result<Fault, String> {
    let named = candidates(locale, format, &error.template).into_iter().find(|file| own.contains_key(file));
    let (file, line) = match named {
        Some(file) => (file, error.line),
        None => {
            let particular = own.keys().find(|file| file.starts_with(its));
            let any = own.keys().find(|file| file.contains("shared/"));
            (particular.or(any).cloned().ok_or_else(|| error.text.clone())?, None)
        }
    };
    Ok(Fault { file, line, what: error.text })
}
