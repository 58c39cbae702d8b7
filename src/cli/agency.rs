//! Reads an agency's files from a folder, or the sample agency's from the program itself.

use std::path::Path;

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::calendar_text;
use crate::domain::agency_files::{AgencyFiles, CategoryEntry, SpeedClassEntry, UnitEntry};
use crate::domain::calendar_file;

static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/config/agency");

#[derive(Deserialize)]
struct UnitsFile {
    unit: Vec<UnitEntry>,
}

#[derive(Deserialize)]
struct CategoriesFile {
    category: Vec<CategoryEntry>,
}

#[derive(Deserialize)]
struct SpeedClassesFile {
    speed_class: Vec<SpeedClassEntry>,
}

/// The agency's files, checked. An empty folder name means the built-in sample.
///
/// # Errors
/// One sentence that names the file and what is wrong in it.
pub fn read(folder: &str, ceiling_days: u32) -> Result<AgencyFiles, String> {
    let text = |name: &str| -> Result<String, String> {
        if folder.is_empty() {
            let bytes = SAMPLE.get_file(name).map(include_dir::File::contents).unwrap_or_default();
            return calendar_text::decode(bytes).ok_or_else(|| format!("{name} is not text"));
        }
        calendar_text::read(&Path::new(folder).join(name))
    };
    let calendar = calendar_file::parse(&text("calendar.csv")?).map_err(|e| format!("calendar.csv: {e}"))?;
    let policies_text = text("policies.toml")?;
    let files = AgencyFiles {
        agency: parse("agency.toml", &text("agency.toml")?)?,
        units: parse::<UnitsFile>("units.toml", &text("units.toml")?)?.unit,
        categories: parse::<CategoriesFile>("categories.toml", &text("categories.toml")?)?.category,
        speed_classes: parse::<SpeedClassesFile>("speed_classes.toml", &text("speed_classes.toml")?)?.speed_class,
        calendar,
        policies: parse("policies.toml", &policies_text)?,
        policies_text,
    };
    files.check(ceiling_days)?;
    Ok(files)
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|e| format!("{name}: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_agency_is_whole() {
        let files = read("", 30).unwrap();
        assert!(files.units.len() > 20);
        let groups: std::collections::HashSet<_> = files.categories.iter().filter_map(|c| c.group.as_deref()).collect();
        assert_eq!((files.categories.len(), groups.len()), (19, 4));
        assert_eq!(files.calendar.years, (2017..=2027).collect::<Vec<i16>>());
    }

    #[test]
    fn a_limit_over_the_ceiling_is_named() {
        let error = read("", 29).unwrap_err();
        assert!(error.contains("ceiling of 29 days"), "{error}");
    }
}
