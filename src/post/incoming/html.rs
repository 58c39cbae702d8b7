//! HTML of strangers: as text to read, and made safe to show. Nothing in it is ever fetched: no remote image, style or
//! frame survives; an image of the message itself (`cid:`) keeps its place.

mod plain;

use std::borrow::Cow;
use std::collections::HashSet;

use super::limits;

/// Columns that text is laid out in: wide, so that sentences stay whole.
const COLUMNS: usize = 2_000;

/// HTML as text.
#[must_use]
pub fn to_text(html: &str) -> String {
    let laid_out = if html.len() <= limits::LAID_OUT && !deep(html) { laid_out(html) } else { None };
    let text = laid_out.unwrap_or_else(|| mail_parser::decoders::html::html_to_text(html));
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines() {
        let line = line.replace(['\u{a0}', '\u{200b}', '\u{200c}'], " ");
        let line = line.trim_end();
        // Rules are drawn as wide as the page.
        let line = if line.len() > 30 && line.chars().all(|c| matches!(c, '─' | '━' | '-' | '┬' | '┴' | '┼'))
        {
            "---"
        } else {
            line
        };
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

fn laid_out(html: &str) -> Option<String> {
    let plain = html2text::config::with_decorator(plain::Plain);
    plain.raw_mode(true).allow_width_overflow().string_from_read(html.as_bytes(), COLUMNS).ok()
}

/// More elements within elements than anybody writes: such trees cost their square.
fn deep(html: &str) -> bool {
    const VOID: &[&str] =
        &["br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "p", "li", "td", "tr", "o:p"];
    let (mut depth, mut tags, mut work) = (0usize, 0usize, 0usize);
    for piece in html.split('<').skip(1) {
        let name: String = piece.chars().take(12).take_while(|c| !c.is_whitespace() && *c != '>').collect();
        let name = name.to_ascii_lowercase();
        tags += 1;
        if name.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if name.starts_with(|c: char| c.is_ascii_alphabetic()) && !VOID.contains(&name.trim_end_matches('/')) {
            depth += 1;
        }
        // What stays open may be opened anew in every paragraph.
        work += depth;
        if depth > limits::ELEMENTS || work > limits::OPENED {
            return true;
        }
    }
    tags > 100_000
}

/// HTML made safe to show inside one of our pages.
#[must_use]
pub fn safe_html(html: &str) -> String {
    if html.len() > limits::LAID_OUT || deep(html) {
        return format!("<pre>{}</pre>", ammonia::clean_text(&mail_parser::decoders::html::html_to_text(html)));
    }
    let mut builder = ammonia::Builder::default();
    builder
        .add_tags(["font", "center", "u", "s"])
        .rm_tags(["map", "area"])
        .add_generic_attributes(["align", "valign", "dir"])
        .rm_generic_attributes(["title"])
        .add_tag_attributes("font", ["color"])
        .add_clean_content_tags([
            "title", "noscript", "template", "iframe", "object", "svg", "math", "textarea", "select",
        ])
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "cid"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .attribute_filter(|element, attribute, value| {
            let own = value.trim_start().to_ascii_lowercase().starts_with("cid:");
            match (element, attribute) {
                ("img", "src") => own.then_some(Cow::Borrowed(value)),
                // Whatever else would be fetched without a click, or opens a part of the message as a page.
                (_, "src" | "srcset" | "background" | "poster" | "longdesc" | "cite" | "style") => None,
                _ if own => None,
                _ => Some(Cow::Borrowed(value)),
            }
        });
    builder.clean(html).to_string()
}

/// The charset that an HTML text declares of itself.
#[must_use]
pub fn declared_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let after = &head[head.find("charset=")? + "charset=".len()..];
    let label: String = after
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    (!label.is_empty()).then_some(label)
}
