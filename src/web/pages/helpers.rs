//! The Handlebars helpers of the pages, one registry a locale.
//!
//! - `{{t "key" name=value}}` a message; `{{term "status" value}}` the message `status-<value>`;
//!   `{{message m}}` a message given as data: `{"key": …, "args": {…}}` or `{"text": …}`.
//! - `{{date v}}` `{{datetime v}}` long, `{{day v}}` `{{moment v}}` short; `null` gives nothing. `{{year 2026}}` is 115
//!   in zh-TW.
//! - `{{asset "app.css"}}` and `{{href "/status"}}` (with `/en` before it in English) give addresses.
//! - `{{paragraphs text}}` escapes, then keeps paragraphs and line breaks.
//! - `(has list value)` is in the list, `(has_any list a b)` one of them; `(get object "field")` a field that may be missing; `(error_for errors "email")` the first error of a field, or null;
//!   `{{{attrs id errors hint}}}` ties a control to its label, hint and error; `(concat a b)`; `#if` and `#unless` refuse a field that does not exist, unlike the stock ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy, Output, RenderContext, RenderError,
    RenderErrorReason, Renderable, ScopedJson, html_escape,
};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::assets::Assets;
use super::dates::{self, Style};
use super::texts::Texts;

/// Registers every helper for the locale of `texts`.
pub(super) fn register(registry: &mut Handlebars<'static>, texts: &Arc<Texts>, zone: &TimeZone, assets: &Assets) {
    let locale = texts.locale;
    let addresses = assets.addresses();

    let t = Arc::clone(texts);
    add(registry, "t", move |h| translate(&t, text_of(h, 0)?, h));
    let t = Arc::clone(texts);
    add(registry, "term", move |h| translate(&t, &term_key(text_of(h, 0)?, text_of(h, 1)?), h));
    let t = Arc::clone(texts);
    add(registry, "message", move |h| message(&t, value_of(h, 0)?));

    let styles = [("date", Style::Date), ("datetime", Style::DateTime), ("day", Style::Day), ("moment", Style::Moment)];
    for (name, style) in styles {
        let zone = zone.clone();
        add(registry, name, move |h| written(value_of(h, 0)?, locale, &zone, style));
    }

    add(registry, "year", move |h| year(value_of(h, 0)?, locale));

    add(registry, "asset", move |h| address(&addresses, text_of(h, 0)?));
    add(registry, "href", move |h| Ok(localised(text_of(h, 0)?, locale).into()));
    add(registry, "paragraphs", |h| Ok(paragraphs(text_of(h, 0)?).into()));
    add(registry, "has", |h| Ok(has(value_of(h, 0)?, value_of(h, 1)?).into()));
    add(registry, "has_any", |h| {
        let list = value_of(h, 0)?;
        Ok(h.params().iter().skip(1).any(|wanted| has(list, wanted.value())).into())
    });
    add(registry, "get", |h| Ok(value_of(h, 0)?.get(text_of(h, 1)?).cloned().unwrap_or(Value::Null)));
    add(registry, "error_for", |h| Ok(error_for(value_of(h, 0)?, text_of(h, 1)?)));
    add(registry, "attrs", |h| Ok(field_attributes(text_of(h, 0)?, value_of(h, 1)?, value_of(h, 2)?).into()));
    add(registry, "concat", |h| Ok(concat(h).into()));
    registry.register_helper("if", Box::new(StrictIf { positive: true }));
    registry.register_helper("unless", Box::new(StrictIf { positive: false }));
}

type Outcome = Result<Value, RenderError>;

/// A helper that gives a value, for use in the text and in sub-expressions alike.
struct ValueHelper<F>(F);

impl<F: Fn(&Helper<'_>) -> Outcome + Send + Sync> HelperDef for ValueHelper<F> {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        (self.0)(h).map(ScopedJson::Derived)
    }
}

fn add<F>(registry: &mut Handlebars<'static>, name: &str, helper: F)
where
    F: Fn(&Helper<'_>) -> Outcome + Send + Sync + 'static,
{
    registry.register_helper(name, Box::new(ValueHelper(helper)));
}

fn refuse(why: String) -> RenderError {
    RenderErrorReason::Other(why).into()
}

fn value_of<'a>(h: &'a Helper<'_>, index: usize) -> Result<&'a Value, RenderError> {
    match h.param(index) {
        Some(param) if !param.is_value_missing() => Ok(param.value()),
        Some(param) => Err(RenderError::strict_error(param.relative_path())),
        None => Err(refuse(format!("helper {} needs {} parameters", h.name(), index + 1))),
    }
}

fn text_of<'a>(h: &'a Helper<'_>, index: usize) -> Result<&'a str, RenderError> {
    let value = value_of(h, index)?;
    // No value in the text: errors are logged, and values may be personal.
    value.as_str().ok_or_else(|| refuse(format!("helper {}: parameter {index} is no text", h.name())))
}

fn translate(texts: &Texts, key: &str, h: &Helper<'_>) -> Outcome {
    let mut args = Map::new();
    for (name, param) in h.hash() {
        if param.is_value_missing() {
            return Err(RenderError::strict_error(param.relative_path()));
        }
        // `args=object` passes the fields of a context's object on.
        match param.value() {
            Value::Object(fields) if *name == "args" => args.extend(fields.clone()),
            value => drop(args.insert((*name).to_owned(), value.clone())),
        }
    }
    texts.get(key, &args).map(Value::String).map_err(refuse)
}

/// Codes are written with underscores, message names with hyphens.
fn term_key(prefix: &str, value: &str) -> String {
    format!("{prefix}-{}", value.replace('_', "-"))
}

fn message(texts: &Texts, message: &Value) -> Outcome {
    if let Some(text) = message.get("text").and_then(Value::as_str) {
        return Ok(text.into());
    }
    let key = message.get("key").and_then(Value::as_str);
    let key = key.ok_or_else(|| refuse("a message has neither a key nor a text".into()))?;
    let none = Map::new();
    let args = message.get("args").and_then(Value::as_object).unwrap_or(&none);
    texts.get(key, args).map(Value::String).map_err(refuse)
}

fn written(value: &Value, locale: &str, zone: &TimeZone, style: Style) -> Outcome {
    match value {
        Value::Null => Ok("".into()),
        Value::String(text) => {
            let words = dates::write(text, locale, zone, style);
            words.map(Value::String).ok_or_else(|| refuse("a date is neither RFC 3339 nor YYYY-MM-DD".into()))
        }
        _ => Err(refuse("a date is no text".into())),
    }
}

fn year(value: &Value, locale: &str) -> Outcome {
    let year = value.as_i64().ok_or_else(|| refuse("a year is no number".into()))?;
    Ok(if locale == "zh-TW" { year - 1911 } else { year }.into())
}

fn address(addresses: &BTreeMap<String, String>, path: &str) -> Outcome {
    let found = addresses.get(path).cloned().map(Value::String);
    found.ok_or_else(|| refuse(format!("no static file {path}")))
}

fn localised(path: &str, locale: &str) -> String {
    match (locale, path) {
        ("en", "/") => "/en/".to_owned(),
        ("en", path) => format!("/en{path}"),
        (_, path) => path.to_owned(),
    }
}

/// Written with three braces in templates: what comes in is escaped here.
fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let blocks = text.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    blocks.map(|block| format!("<p>{}</p>", html_escape(block).replace('\n', "<br>\n"))).collect::<Vec<_>>().join("\n")
}

fn has(list: &Value, wanted: &Value) -> bool {
    list.as_array().is_some_and(|list| list.contains(wanted))
}

fn error_for(errors: &Value, field: &str) -> Value {
    let of_field = |error: &&Value| error.get("field").and_then(Value::as_str) == Some(field);
    errors.as_array().and_then(|errors| errors.iter().find(of_field)).cloned().unwrap_or(Value::Null)
}

/// What a control needs to be tied to its label, hint and error. An id may be told apart by a word before a hyphen
/// (`extend-reason`); the name that the form sends is what follows the last hyphen (`reason`).
fn field_attributes(name: &str, errors: &Value, hint: &Value) -> String {
    let wrong = !error_for(errors, name).is_null();
    let hint = if hint.is_truthy(false) { format!("{name}-hint") } else { String::new() };
    let error = if wrong { format!("{name}-error") } else { String::new() };
    let described = format!("{hint} {error}").trim().to_owned();
    let described = if described.is_empty() { described } else { format!(" aria-describedby=\"{described}\"") };
    let invalid = if wrong { " aria-invalid=\"true\"" } else { "" };
    let sent = name.rsplit('-').next().unwrap_or(name);
    format!("id=\"{name}\" name=\"{sent}\"{described}{invalid}")
}

fn concat(h: &Helper<'_>) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    h.params().iter().map(|param| text(param.value())).collect()
}

/// `#if` and `#unless` that refuse an unknown field, so that a mistyped name is an error and not a hidden block.
struct StrictIf {
    positive: bool,
}

impl HelperDef for StrictIf {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        r: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let chosen = value_of(h, 0)?.is_truthy(false) == self.positive;
        match if chosen { h.template() } else { h.inverse() } {
            Some(template) => template.render(r, ctx, rc, out),
            None => Ok(()),
        }
    }
}
