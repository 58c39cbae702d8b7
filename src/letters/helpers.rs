//! The few words letter templates know beside Handlebars' own: `if` and `unless` that refuse unknown names,
//! and `paragraphs` and `quote` for texts of several lines.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy, Output, RenderContext, RenderError,
    RenderErrorReason, Renderable,
};

/// Registers the helpers; in HTML long texts become escaped paragraphs.
pub fn register(templates: &mut Handlebars<'static>, html: bool) {
    templates.register_helper("if", Box::new(Given { wanted: true }));
    templates.register_helper("unless", Box::new(Given { wanted: false }));
    templates.register_helper("paragraphs", Box::new(Long { html, mark: "" }));
    templates.register_helper("quote", Box::new(Long { html, mark: "> " }));
}

/// Escapes a value for HTML text and double-quoted attributes.
#[must_use]
pub fn escape(value: &str) -> String {
    let mut safe = String::with_capacity(value.len() + 16);
    for c in value.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// Handlebars' own `if` takes a misspelt name for false, even when strict: a letter would lose a sentence
/// without anyone noticing.
struct Given {
    wanted: bool,
}

impl HelperDef for Given {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        r: &'reg Handlebars<'reg>,
        ctx: &'rc Context,
        rc: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let asked = h.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("if", 0))?;
        if asked.is_value_missing() {
            let name = asked.relative_path().map(String::as_str).unwrap_or_default();
            let absent = ctx.data().get("absent").and_then(|names| names.as_array());
            if !absent.is_some_and(|names| names.iter().any(|known| known == name)) {
                return Err(missing(name));
            }
        }
        let part = if asked.value().is_truthy(false) == self.wanted { h.template() } else { h.inverse() };
        part.map_or(Ok(()), |part| part.render(r, ctx, rc, out))
    }
}

struct Long {
    html: bool,
    mark: &'static str,
}

impl HelperDef for Long {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let value = h.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("paragraphs", 0))?;
        let name = value.relative_path().map(String::as_str).unwrap_or_default();
        let text = value.value().as_str().ok_or_else(|| missing(name))?;
        let printed = if self.html { html(text) } else { marked(text, self.mark) };
        out.write(&printed)?;
        Ok(())
    }
}

fn missing(name: &str) -> RenderError {
    RenderErrorReason::MissingVariable(Some(name.to_owned())).into()
}

fn marked(text: &str, mark: &str) -> String {
    text.lines().map(|line| format!("{mark}{line}")).collect::<Vec<_>>().join("\n")
}

/// Blank lines part paragraphs, single line ends stay, and spaces at the start of a line indent it.
fn html(text: &str) -> String {
    let mut paragraphs = Vec::new();
    let mut lines = Vec::new();
    for line in text.lines().chain([""]) {
        let words = line.trim_matches([' ', '\t']);
        if !words.is_empty() {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            lines.push("&nbsp;".repeat(indent.min(16)) + &escape(words));
        } else if !lines.is_empty() {
            paragraphs.push(format!("<p>{}</p>", lines.join("<br>\n")));
            lines.clear();
        }
    }
    paragraphs.join("\n")
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn paragraphs_are_escaped_and_keep_their_lines() {
        let text = "一 <b>\n  - 二\n \n\n\"三\" & {{四}}";
        assert_eq!(html(text), "<p>一 &lt;b&gt;<br>\n&nbsp;&nbsp;- 二</p>\n<p>&quot;三&quot; &amp; {{四}}</p>");
    }
}
