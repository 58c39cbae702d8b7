//! An agency's own templates in place of the built-in ones.

use std::fs;
use std::path::Path;

use chenqing::domain::letter::{Letter, Locale};
use chenqing::letters::Letters;

use super::samples::{NUMBER, context};

fn withdrawn() -> Letter {
    Letter::Withdrawn { number: NUMBER.into(), subject: "漁港噪音".into() }
}

fn put(folder: &Path, file: &str, source: &str) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, source).unwrap();
}

#[test]
fn a_file_on_disk_replaces_the_built_in_one_alone() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "zh-TW/withdrawn/subject.txt.hbs", "撤回了（{{number}}）\n");
    put(folder.path(), "zh-TW/notes.md", "不是範本");
    let letters = Letters::new(Some(folder.path())).unwrap();
    let mail = letters.render(&withdrawn(), &context(&withdrawn(), Locale::ZhTw)).unwrap();
    assert_eq!(mail.subject, format!("撤回了（{NUMBER}）"));
    assert!(mail.text.contains("依您的意思撤回"));
    let english = letters.render(&withdrawn(), &context(&withdrawn(), Locale::En)).unwrap();
    assert!(english.subject.starts_with("Your petition has been withdrawn"));
}

#[test]
fn a_shared_part_on_disk_changes_every_letter() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "zh-TW/shared/closing.txt.hbs", "本署同仁敬上");
    let letters = Letters::new(Some(folder.path())).unwrap();
    let mail = letters.render(&withdrawn(), &context(&withdrawn(), Locale::ZhTw)).unwrap();
    assert!(mail.text.ends_with("本署同仁敬上\n"));
}

#[test]
fn mistakes_are_named_at_the_start() {
    for (file, source) in [("zh-TW/withdrawl/subject.txt.hbs", "撤回"), ("en/reply/body.txt.hbs", "{{#if link}}open")]
    {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), file, source);
        let error = Letters::new(Some(folder.path())).err().unwrap();
        assert!(error.contains(file), "{error}");
    }
    assert!(Letters::new(Some(Path::new("no/such/folder"))).err().unwrap().contains("no/such/folder"));
}

#[test]
fn a_field_the_letter_does_not_have_is_an_error() {
    for source in
        ["{{subjekt}}", "{{#if subjekt}}x{{/if}}", "{{paragraphs subjekt}}", "{{#unless subjekt}}x{{/unless}}"]
    {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), "zh-TW/withdrawn/body.txt.hbs", source);
        let letters = Letters::new(Some(folder.path())).unwrap();
        let error = letters.render(&withdrawn(), &context(&withdrawn(), Locale::ZhTw)).unwrap_err();
        assert!(error.contains("subjekt"), "{source}: {error}");
    }
}
