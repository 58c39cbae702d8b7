//! Pages: Handlebars templates, message files and static files, all embedded in the binary, rendered strictly.
//!
//! A template that names a field its data does not have is an error, never an empty place on a page; the samples
//! in `tests/pages/samples` are the contract. A folder on disk may override any template (`<page>.hbs`), message
//! (`locales/<locale>/*.ftl`) or static file (`assets/…`). This module renders and knows nothing of HTTP.

mod assets;
mod dates;
mod helpers;
mod report;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use handlebars::Handlebars;
use include_dir::{Dir, include_dir};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use assets::Assets;
use texts::Texts;

/// The locales every page is written in; the first is the default.
pub const LOCALES: [&str; 2] = ["zh-TW", "en"];

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/pages");

/// A day (YYYY-MM-DD) as dense tables have it, for texts that are put together outside a page; `None` for anything else.
#[must_use]
pub fn short_day(day: &str, locale: &str) -> Option<String> {
    dates::write(day, locale, &TimeZone::UTC, dates::Style::Day)
}

/// What one locale renders with.
struct Localised {
    name: &'static str,
    registry: Handlebars<'static>,
    texts: Arc<Texts>,
}

/// All pages of the program, ready to render in every locale.
pub struct Pages {
    locales: Vec<Localised>,
    assets: Assets,
    /// The zone dates are shown in.
    zone: TimeZone,
    /// Where the fonts of PDFs are; none: where the system keeps its own.
    font_folder: Option<PathBuf>,
}

impl Pages {
    /// Reads every template, message and static file, the override folder's last; dates in Asia/Taipei.
    ///
    /// # Errors
    /// One sentence naming the file that cannot be read or parsed.
    pub fn new(override_folder: Option<&Path>) -> Result<Self, String> {
        let zone = TimeZone::get("Asia/Taipei").map_err(|e| format!("the time zone Asia/Taipei is unknown: {e}"))?;
        Self::in_zone(override_folder, zone)
    }

    /// As [`Pages::new`], with dates shown in the agency's own zone.
    ///
    /// # Errors
    /// As [`Pages::new`].
    pub fn in_zone(override_folder: Option<&Path>, zone: TimeZone) -> Result<Self, String> {
        let assets = Assets::load(override_folder)?;
        let mut base = Handlebars::new();
        base.set_strict_mode(true);
        // An indented partial must not indent the text inside a textarea.
        base.set_prevent_indent(true);
        register_embedded(&mut base, &TEMPLATES)?;
        if let Some(folder) = override_folder {
            register_folder(&mut base, folder, folder)?;
        }
        let mut locales = Vec::new();
        for name in LOCALES {
            let texts = Arc::new(Texts::load(name, override_folder)?);
            let mut registry = base.clone();
            helpers::register(&mut registry, &texts, &zone, &assets);
            locales.push(Localised { name, registry, texts });
        }
        Ok(Self { locales, assets, zone, font_folder: None })
    }

    /// The same with a folder of fonts for PDFs.
    #[must_use]
    pub fn with_fonts(self, folder: Option<&Path>) -> Self {
        Self { font_folder: folder.map(Path::to_path_buf), ..self }
    }

    /// The page as HTML, for example `render("citizen/submit", "zh-TW", &data)`.
    ///
    /// # Errors
    /// When the page or locale does not exist, or `data` lacks a field the page names.
    pub fn render(&self, page: &str, locale: &str, data: &Value) -> Result<String, String> {
        self.localised(locale)?.registry.render(page, data).map_err(|e| format!("page {page}: {e}"))
    }

    /// One message in a locale, for texts outside pages (an API's error, a table's heading).
    ///
    /// # Errors
    /// When the locale or message does not exist, or an argument is missing.
    pub fn text(&self, locale: &str, key: &str, args: &Value) -> Result<String, String> {
        let none = Map::new();
        self.localised(locale)?.texts.get(key, args.as_object().unwrap_or(&none))
    }

    /// The names of all pages and partials.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = match self.locales.first() {
            Some(locale) => locale.registry.get_templates().keys().map(String::as_str).collect(),
            None => Vec::new(),
        };
        names.sort_unstable();
        names
    }

    /// A static file by its path below `assets/` (`app.css`): bytes, media type and entity tag (its digest).
    #[must_use]
    pub fn asset(&self, path: &str) -> Option<(&'static [u8], &str, &str)> {
        self.assets.get(path).map(|a| (a.bytes, a.mime.as_str(), a.digest.as_str()))
    }

    /// The zone dates are shown in.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    fn localised(&self, locale: &str) -> Result<&Localised, String> {
        self.locales.iter().find(|l| l.name == locale).ok_or_else(|| format!("no locale {locale}"))
    }
}

fn register_embedded(registry: &mut Handlebars<'static>, dir: &Dir<'static>) -> Result<(), String> {
    for file in dir.files() {
        let path = file.path().to_string_lossy();
        if let Some(name) = path.strip_suffix(".hbs") {
            let text = file.contents_utf8().ok_or_else(|| format!("page {name} is not UTF-8"))?;
            registry.register_template_string(name, text).map_err(|e| format!("page {name}: {e}"))?;
        }
    }
    for child in dir.dirs() {
        register_embedded(registry, child)?;
    }
    Ok(())
}

fn register_folder(registry: &mut Handlebars<'static>, root: &Path, folder: &Path) -> Result<(), String> {
    for path in files_in(folder)? {
        if path.is_dir() {
            register_folder(registry, root, &path)?;
        } else if path.extension().is_some_and(|e| e == "hbs") {
            let name = path.strip_prefix(root).unwrap_or(&path).with_extension("");
            let name = name.to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            registry.register_template_string(&name, text).map_err(|e| format!("{}: {e}", path.display()))?;
        }
    }
    Ok(())
}

/// The entries of an override folder, sorted; a folder that does not exist has none, save the root, which must.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|e| format!("{}: {e}", folder.display()))?.path());
    }
    paths.sort();
    Ok(paths)
}
