//! The HTML that pages render to: sound references, labels, tokens, and nothing inline that the policy forbids.

use std::collections::BTreeSet;

use super::rendered;

/// The values of an attribute in the order they stand.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// The text of every element of a name, tags included.
fn elements<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name} "), format!("</{name}>"));
    html.split(&open).skip(1).filter_map(|rest| rest.split(&close).next()).collect()
}

#[test]
fn ids_are_unique_and_every_reference_has_its_target() {
    for (file, html) in rendered() {
        let ids = values(&html, "id");
        let set: BTreeSet<&str> = ids.iter().copied().collect();
        let twice: Vec<&&str> = ids.iter().filter(|id| ids.iter().filter(|other| other == id).count() > 1).collect();
        assert!(twice.is_empty(), "{file}: ids used twice {twice:?}");
        let mut references = values(&html, "for");
        references.extend(values(&html, "href").into_iter().filter_map(|href| href.strip_prefix('#')));
        for attribute in ["aria-describedby", "aria-labelledby"] {
            references.extend(values(&html, attribute).into_iter().flat_map(str::split_whitespace));
        }
        let lost: Vec<&&str> = references.iter().filter(|id| !set.contains(*id)).collect();
        assert!(lost.is_empty(), "{file}: nothing has the id {lost:?}");
    }
}

#[test]
fn every_control_has_a_label() {
    for (file, html) in rendered() {
        let labelled: BTreeSet<&str> = values(&html, "for").into_iter().collect();
        for kind in ["input", "textarea", "select"] {
            for tag in html.split(&format!("<{kind} ")).skip(1) {
                let tag = &tag[..tag.find('>').unwrap()];
                let padded = format!(" {tag}");
                let id = values(&padded, "id").first().copied();
                let fine = tag.contains("type=\"hidden\"")
                    || tag.contains("aria-label=")
                    || id.is_some_and(|id| labelled.contains(id))
                    // the filters of a list are wrapped by their labels
                    || (kind == "select" && id.is_none());
                assert!(fine, "{file}: <{kind} {tag}> has no label");
            }
        }
    }
}

#[test]
fn posts_of_the_desk_carry_the_token_and_acts_the_version() {
    for (file, html) in rendered().into_iter().filter(|(file, _)| file.starts_with("desk") || file.starts_with("admin"))
    {
        for form in elements(&html, "form").into_iter().filter(|f| f.contains("method=\"post\"")) {
            assert!(form.contains("name=\"_csrf\" value=\"c5rf\""), "{file}: <form {form}");
            let act = form.starts_with("action=\"/desk/cases/") && !form.contains("/identity\"");
            assert!(!act || form.contains("name=\"version\""), "{file}: <form {form}");
        }
    }
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    for (file, html) in rendered() {
        let lower = html.to_lowercase();
        for forbidden in [" style=", "<style", " onclick=", " onsubmit=", " onload=", "javascript:"] {
            assert!(!lower.contains(forbidden), "{file}: {forbidden}");
        }
        for script in elements(&html, "script") {
            assert!(script.starts_with("src=\"/assets/") && script.ends_with('>'), "{file}: {script}");
        }
        for attribute in ["src", "href"] {
            for url in values(&html, attribute) {
                let shown = file.starts_with("demo__letter") && attribute == "href";
                // Readers of open data may look at their licence; the page loads nothing of it.
                let licence = url == "https://data.gov.tw/license" && attribute == "href";
                assert!(shown || licence || !url.starts_with("http") && !url.starts_with("//"), "{file}: {url}");
            }
        }
        assert!(values(&html, "src").iter().filter(|s| s.ends_with(".svg")).count() <= 1);
    }
}

#[test]
fn long_pages_of_figures_begin_with_a_list_of_their_sections() {
    let long = ["management__year", "management__saved_report", "management__handling_time"];
    let pages: Vec<(String, String)> = rendered()
        .into_iter()
        .filter(|(file, _)| {
            let rest = |page| file.strip_prefix(page).is_some_and(|rest: &str| rest.starts_with([' ', '_']));
            long.iter().any(|page| rest(*page)) && !file.contains("__empty")
        })
        .collect();
    assert!(pages.len() >= 2 * long.len());
    for (file, html) in pages {
        let (_, rest) = html.split_once("<nav class=\"contents no-print\"").unwrap_or_else(|| panic!("{file}"));
        let (list, below) = rest.split_once("</nav>").unwrap();
        assert!(list.contains("<details>") && list.contains("<summary>"), "{file}: it can be unfolded");
        let linked: Vec<&str> = values(list, "href").into_iter().filter_map(|href| href.strip_prefix('#')).collect();
        let mut sections: Vec<&str> = below.split("<h2 id=\"").skip(1).filter_map(|h| h.split('"').next()).collect();
        sections.push("files");
        assert_eq!(linked, sections, "{file}");
    }
}

#[test]
fn citizens_pages_show_the_emergency_line_and_the_language() {
    for (file, html) in rendered().into_iter().filter(|(file, _)| file.starts_with("citizen")) {
        assert!(html.contains("href=\"tel:118\""), "{file}");
        let (lang, other) =
            if file.ends_with(" en") { ("en", "/en/petitions/new") } else { ("zh-TW", "\"/petitions/new") };
        assert!(html.contains(&format!("<html lang=\"{lang}\">")) && html.contains(other), "{file}");
    }
}

#[test]
fn cells_of_lists_of_figures_say_what_they_are_where_their_heads_are_hidden() {
    let lists = ["management__cases", "management__measures", "management__saved_reports"];
    let mut told = 0;
    for (file, html) in rendered().into_iter().filter(|(file, _)| lists.iter().any(|list| file.starts_with(list))) {
        for table in elements(&html, "table").into_iter().filter(|table| table.starts_with("class=\"table rows\"")) {
            for cell in table.split("<td").skip(1) {
                let (head, rest) = cell.split_once('>').unwrap();
                let first = ["class=\"key\"", "class=\"row-subject\"", "colspan="].iter().any(|own| head.contains(own));
                let labelled = head.contains("data-label=\"");
                assert!(first || labelled || rest.starts_with("</td>"), "{file}: <td{cell}");
                told += usize::from(labelled);
            }
        }
    }
    assert!(told > 30, "{told}");
}
