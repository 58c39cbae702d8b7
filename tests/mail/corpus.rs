//! Every message of `corpus/` against the `.json` beside it: `about` says what it is for, `expect` names fields of the
//! explanation. `text_has` and `text_lacks` are pieces of the text, `attachment_names` the names alone; of a bounce the
//! named fields count.

use std::fs;
use std::path::{Path, PathBuf};

use chenqing::cli::mail::Explained;
use chenqing::config::Config;
use chenqing::post::incoming::facts::Own;
use serde_json::Value;

/// The messages of the corpus, by their paths.
pub fn messages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/corpus");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
    paths.sort();
    assert!(paths.len() >= 60, "{} messages", paths.len());
    paths
}

/// The explanation of a message under the default configuration.
pub fn explained(bytes: &[u8]) -> Value {
    let own = Own::of(&Config::defaults().unwrap());
    serde_json::from_str(&Explained::of(bytes, &own).json().unwrap()).unwrap()
}

#[test]
fn every_message_is_read_and_decided_as_expected() {
    let mut wrong = Vec::new();
    for path in messages() {
        let case: Value = serde_json::from_slice(&fs::read(path.with_extension("json")).unwrap()).unwrap();
        let found = explained(&fs::read(&path).unwrap());
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(case["about"].as_str().is_some_and(|about| !about.is_empty()), "{name} does not say what it is for");
        for (key, expected) in case["expect"].as_object().unwrap() {
            if !fits(&found, key, expected) {
                wrong.push(format!("{name}: {key} should be {expected}\n  in {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn fits(found: &Value, key: &str, expected: &Value) -> bool {
    let holds = |piece: &Value| found["text"].as_str().unwrap().contains(piece.as_str().unwrap());
    let list = |value: &Value| value.as_array().unwrap().clone();
    match key {
        "text_has" => list(expected).iter().all(holds),
        "text_lacks" => !list(expected).iter().any(holds),
        "attachment_names" => list(&found["attachments"]).iter().map(|file| &file["name"]).eq(list(expected).iter()),
        "bounce" if expected.is_object() => {
            expected.as_object().unwrap().iter().all(|(field, value)| found["bounce"][field] == *value)
        }
        _ => found[key] == *expected,
    }
}
