//! The messages of one locale, from `locales/<locale>/*.ftl`: a missing message or argument is an error.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use fluent_templates::fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_templates::fs::resource_from_str;
use fluent_templates::{FluentBundle, LanguageIdentifier};
use include_dir::{Dir, include_dir};
use serde_json::{Map, Value};

use super::files_in;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/locales");

/// The messages of one locale.
pub(super) struct Texts {
    pub(super) locale: &'static str,
    bundle: FluentBundle<FluentResource>,
    /// Messages that take no argument, formatted once: most of a page's texts.
    plain: HashMap<String, String>,
}

impl Texts {
    /// The embedded messages, then those of `<folder>/locales/<locale>`, which replace them.
    pub(super) fn load(locale: &'static str, folder: Option<&Path>) -> Result<Self, String> {
        let id: LanguageIdentifier = locale.parse().map_err(|e| format!("locale {locale}: {e}"))?;
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        let mut keys = Vec::new();
        let embedded = EMBEDDED.get_dir(locale).ok_or_else(|| format!("no messages for {locale}"))?;
        for file in embedded.files() {
            let name = file.path().display();
            let text = file.contents_utf8().ok_or_else(|| format!("{name} is not UTF-8"))?;
            let resource = resource_from_str(text).map_err(|e| format!("{name}: {e}"))?;
            bundle.add_resource(resource).map_err(|e| format!("{name}: {e:?}"))?;
            keys.extend(keys_of(text));
        }
        if let Some(dir) = folder.map(|f| f.join("locales").join(locale)).filter(|d| d.is_dir()) {
            for path in files_in(&dir)? {
                let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
                let resource = resource_from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
                bundle.add_resource_overriding(resource);
                keys.extend(keys_of(&text));
            }
        }
        let mut texts = Self { locale, bundle, plain: HashMap::new() };
        for key in keys {
            if let Ok(text) = texts.format(&key, None) {
                texts.plain.insert(key, text);
            }
        }
        Ok(texts)
    }

    /// The message with its arguments filled in (strings and numbers; a number chooses the plural form).
    pub(super) fn get(&self, key: &str, args: &Map<String, Value>) -> Result<String, String> {
        if let Some(text) = self.plain.get(key) {
            return Ok(text.clone());
        }
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            fluent.set(name.clone(), fluent_value(value));
        }
        self.format(key, Some(&fluent))
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Result<String, String> {
        let missing = || format!("no message {key} in {}", self.locale);
        let message = self.bundle.get_message(key).ok_or_else(missing)?;
        let pattern = message.value().ok_or_else(missing)?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors).into_owned();
        match errors.first() {
            Some(error) => Err(format!("message {key} in {}: {error}", self.locale)),
            None => Ok(text),
        }
    }
}

fn fluent_value(value: &Value) -> FluentValue<'static> {
    match value {
        // Refusals carry their numbers as text; only a number chooses a plural form.
        Value::String(text) => match text.parse::<i64>() {
            Ok(number) if number.to_string() == *text => FluentValue::from(number),
            _ => FluentValue::from(text.clone()),
        },
        Value::Number(number) => match number.as_i64() {
            Some(whole) => FluentValue::from(whole),
            None => FluentValue::from(number.as_f64().unwrap_or_default()),
        },
        Value::Null => FluentValue::from(String::new()),
        other => FluentValue::from(other.to_string()),
    }
}

/// The names of the messages in a message file: a line that starts with a letter, up to its equals sign.
fn keys_of(text: &str) -> Vec<String> {
    let named = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
    named.filter_map(|line| line.split_once('=')).map(|(key, _)| key.trim().to_owned()).collect()
}
