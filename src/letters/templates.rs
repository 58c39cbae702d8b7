//! The template files: built into the program, replaced file by file by those of a folder ([`super::own`]), compiled
//! for each locale and format.
//!
//! `<locale>/<letter>/{subject.txt,body.txt,body.html}.hbs` is a letter; `<locale>/shared/` and `shared/`
//! hold the parts all of them use, named by their file: `layout.html.hbs` is `{{#> layout}}` in HTML. On
//! paper the same HTML bodies stand in `shared/paper.html.hbs` in place of the mail's layout.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::Handlebars;
use include_dir::{Dir, include_dir};
use serde_json::Value;

use super::helpers;
use crate::domain::letter::Locale;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/email_templates");

/// Folders that hold parts, not letters.
const SHARED: &str = "shared";
const LETTER_FILES: [&str; 3] = ["subject.txt.hbs", "body.txt.hbs", "body.html.hbs"];

/// What a template is rendered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The mail's subject.
    Subject,
    /// The text part.
    Text,
    /// The HTML part.
    Html,
    /// The page for print.
    Paper,
}

/// All templates, by locale.
pub struct Templates {
    locales: Vec<(Locale, Compiled)>,
}

struct Compiled {
    text: Handlebars<'static>,
    html: Handlebars<'static>,
    paper: Handlebars<'static>,
}

/// Why a letter could not be rendered.
#[derive(Debug)]
pub struct Unrendered {
    /// The template in which it stopped, by its name for [`candidates`].
    pub template: String,
    /// The line there.
    pub line: Option<usize>,
    /// In the library's words.
    pub text: String,
}

/// Every built-in file by its path.
pub fn sources() -> Result<BTreeMap<String, String>, String> {
    let mut sources = BTreeMap::new();
    built_in(&BUILT_IN, &mut sources)?;
    complete(&sources)?;
    Ok(sources)
}

/// The files that a template's name may stand for, most particular first.
pub fn candidates(locale: Locale, format: Format, template: &str) -> Vec<String> {
    let ending = if matches!(format, Format::Subject | Format::Text) { "txt" } else { "html" };
    let paper = (format == Format::Paper && template == "layout").then(|| "shared/paper.html.hbs".to_owned());
    let (code, file) = (locale.code(), format!("{template}.{ending}.hbs"));
    let places = [format!("{code}/{file}"), format!("{code}/{SHARED}/{file}"), format!("{SHARED}/{file}")];
    paper.into_iter().chain(places).collect()
}

impl Templates {
    /// Compiles everything.
    pub fn compile(sources: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut locales = Vec::new();
        for &locale in Locale::ALL {
            locales.push((locale, Compiled::new(locale, sources)?));
        }
        Ok(Self { locales })
    }

    /// Renders one letter's template.
    pub fn render(&self, locale: Locale, format: Format, letter: &str, data: &Value) -> Result<String, Unrendered> {
        let file = if format == Format::Subject { "subject" } else { "body" };
        let name = format!("{letter}/{file}");
        let known = self.locales.iter().find(|(known, _)| *known == locale);
        let Some((_, compiled)) = known else {
            return Err(Unrendered { template: name, line: None, text: "no such locale".into() });
        };
        let templates = match format {
            Format::Subject | Format::Text => &compiled.text,
            Format::Html => &compiled.html,
            Format::Paper => &compiled.paper,
        };
        templates.render(&name, data).map_err(|error| Unrendered {
            template: error.template_name.clone().unwrap_or(name),
            line: error.line_no,
            text: format!("letter {letter}, {}: {error}", locale.code()),
        })
    }
}

impl Compiled {
    fn new(locale: Locale, sources: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut compiled = Self { text: empty(false), html: empty(true), paper: empty(true) };
        for (path, source) in sources {
            let own = path.strip_prefix(locale.code()).and_then(|path| path.strip_prefix('/'));
            let common = path.starts_with(SHARED).then_some(path.as_str());
            let Some(path_here) = own.or(common) else { continue };
            let name = path_here.strip_prefix("shared/").unwrap_or(path_here);
            if let Some(name) = name.strip_suffix(".txt.hbs") {
                add(&mut compiled.text, name, path, source)?;
            } else if let Some(name) = name.strip_suffix(".html.hbs") {
                add(&mut compiled.html, name, path, source)?;
                add(&mut compiled.paper, name, path, source)?;
            }
        }
        let page = sources.get("shared/paper.html.hbs").ok_or("the template shared/paper.html.hbs is missing")?;
        add(&mut compiled.paper, "layout", "shared/paper.html.hbs", page)?;
        Ok(compiled)
    }
}

fn built_in(folder: &Dir<'static>, sources: &mut BTreeMap<String, String>) -> Result<(), String> {
    for file in folder.files() {
        let name = file.path().display().to_string();
        let source = file.contents_utf8().ok_or_else(|| format!("the template {name} is not UTF-8"))?;
        sources.insert(name, source.to_owned());
    }
    folder.dirs().try_for_each(|folder| built_in(folder, sources))
}

/// A letter of one locale must be whole in every locale.
fn complete(sources: &BTreeMap<String, String>) -> Result<(), String> {
    let letters: BTreeSet<&str> =
        sources.keys().filter_map(|path| path.split('/').nth(1)).filter(|part| !part.contains('.')).collect();
    for letter in letters.into_iter().filter(|letter| *letter != SHARED) {
        for &locale in Locale::ALL {
            for file in LETTER_FILES {
                let path = format!("{}/{letter}/{file}", locale.code());
                if !sources.contains_key(&path) {
                    return Err(format!("the letter template {path} is missing"));
                }
            }
        }
    }
    Ok(())
}

fn empty(html: bool) -> Handlebars<'static> {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    if html {
        templates.register_escape_fn(helpers::escape);
    } else {
        templates.register_escape_fn(handlebars::no_escape);
    }
    helpers::register(&mut templates, html);
    templates
}

fn add(templates: &mut Handlebars<'static>, name: &str, path: &str, source: &str) -> Result<(), String> {
    templates.register_template_string(name, source).map_err(|error| format!("the letter template {path}: {error}"))
}
