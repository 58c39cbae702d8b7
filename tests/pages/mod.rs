//! Pages: every sample renders strictly in both locales, the result is sound HTML under our content security policy,
//! and messages, templates, samples and sources name the same keys.

mod html;
mod keys;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use chenqing::web::pages::{LOCALES, Pages};
use serde_json::Value;

/// The data of one page, as its handler must give it.
struct Sample {
    file: String,
    page: String,
    data: Value,
}

fn root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// `desk__case__errors.json` is data of `desk/case`.
fn samples() -> Vec<Sample> {
    let mut samples: Vec<Sample> = fs::read_dir(root("tests/pages/samples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| {
            let file = path.file_stem().unwrap().to_string_lossy().into_owned();
            let page = file.split("__").take(2).collect::<Vec<_>>().join("/");
            let data = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            Sample { file, page, data }
        })
        .collect();
    samples.sort_by(|a, b| a.file.cmp(&b.file));
    samples
}

/// Every sample in every locale, as (file, HTML).
fn rendered() -> Vec<(String, String)> {
    let pages = Pages::new(None).unwrap();
    let mut all = Vec::new();
    for mut sample in samples() {
        for locale in LOCALES {
            sample.data["shell"]["locale"] = locale.into();
            match pages.render(&sample.page, locale, &sample.data) {
                Ok(html) => all.push((format!("{} {locale}", sample.file), html)),
                Err(e) => panic!("{} {locale}: {e}", sample.file),
            }
        }
    }
    all
}

#[test]
fn every_page_has_a_sample_and_every_sample_renders() {
    let parts = ["layouts/", "parts/", "desk/act", "desk/acts/"];
    let pages = Pages::new(None).unwrap();
    let names: BTreeSet<String> = pages.names().into_iter().map(str::to_owned).collect();
    let sampled: BTreeSet<String> = samples().into_iter().map(|s| s.page).collect();
    let without: Vec<&String> =
        names.iter().filter(|n| !parts.iter().any(|p| n.starts_with(p)) && !sampled.contains(*n)).collect();
    assert!(without.is_empty(), "no sample for {without:?}");
    assert!(rendered().len() >= 2 * names.iter().filter(|n| sampled.contains(*n)).count());
}

#[test]
fn a_field_that_is_missing_is_an_error_even_inside_if() {
    let pages = Pages::new(None).unwrap();
    for sample in samples().into_iter().filter(|s| s.file == "citizen__status") {
        for field in ["extension", "case_number", "links"] {
            let mut data = sample.data.clone();
            data.as_object_mut().unwrap().remove(field);
            assert!(pages.render(&sample.page, "zh-TW", &data).is_err(), "{field}");
        }
    }
}

#[test]
fn what_a_citizen_typed_is_escaped_everywhere() {
    let pages = Pages::new(None).unwrap();
    for mut sample in samples() {
        poison(&mut sample.data);
        for locale in LOCALES {
            // Codes, dates and addresses of the sample are kept, so every page still renders.
            let html =
                pages.render(&sample.page, locale, &sample.data).unwrap_or_else(|e| panic!("{}: {e}", sample.file));
            assert!(!html.contains("<script>alert"), "{} {locale}", sample.file);
            assert!(!html.contains("<img src=x"), "{} {locale}", sample.file);
        }
    }
}

/// Puts markup into every text field that people fill in.
fn poison(value: &mut Value) {
    const TYPED: [&str; 16] = [
        "name",
        "email",
        "phone",
        "address",
        "subject",
        "body",
        "place",
        "comment",
        "reason",
        "text",
        "typed",
        "q",
        "legal_basis",
        "return_reason",
        "who",
        "agency",
    ];
    match value {
        Value::Object(fields) => {
            let is_code =
                fields.contains_key("state") && !fields.contains_key("subject") || fields.contains_key("action");
            for (key, field) in fields.iter_mut() {
                // `name` is a code where it stands beside a step, an act, a figure or a job.
                let coded =
                    key == "name" && (is_code || ["value", "rows", "schedule", "args"].iter().any(|k| key == k));
                match field {
                    Value::String(text) if TYPED.contains(&key.as_str()) && !coded && !text.is_ascii() => {
                        text.push_str("<script>alert(1)</script><img src=x>");
                    }
                    _ => poison(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(poison),
        _ => {}
    }
}

#[test]
fn a_folder_overrides_pages_messages_and_files() {
    let folder = std::env::temp_dir().join(format!("chenqing-pages-{}", std::process::id()));
    fs::create_dir_all(folder.join("citizen")).unwrap();
    fs::create_dir_all(folder.join("locales/en")).unwrap();
    fs::create_dir_all(folder.join("assets")).unwrap();
    fs::write(folder.join("citizen/rated.hbs"), "{{t \"rated-title\"}} {{asset \"app.css\"}}").unwrap();
    fs::write(folder.join("locales/en/own.ftl"), "rated-title = Thanks a lot\n").unwrap();
    fs::write(folder.join("assets/app.css"), "body{}").unwrap();
    let embedded = Pages::new(None).unwrap();
    let own = Pages::new(Some(&folder)).unwrap();
    let html = own.render("citizen/rated", "en", &serde_json::json!({})).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let (bytes, mime, etag) = own.asset("app.css").unwrap();
    assert_eq!(html, format!("Thanks a lot /assets/{etag}/app.css"));
    assert_eq!((bytes, mime), (&b"body{}"[..], "text/css; charset=utf-8"));
    assert_ne!(embedded.asset("app.css").unwrap().2, etag);
    assert!(Pages::new(Some(&folder)).is_err(), "a folder that is not there is told, not ignored");
}
