//! An agency's own templates in place of the built-in ones.

use std::fs;
use std::path::Path;

use chenqing::domain::letter::{Letter, Locale};
use chenqing::letters::{FilesByLink, Letters};

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
fn a_file_with_a_fault_is_named_with_its_line_and_the_built_in_one_serves() {
    for (file, source, line, says) in [
        ("zh-TW/withdrawl/subject.txt.hbs", "撤回", None, "replaces none"),
        ("en/withdrawn/body.txt.hbs", "one\n{{#if link}}open", Some(2), ""),
        ("zh-TW/withdrawn/body.txt.hbs", "one\ntwo {{subjekt}}", Some(2), "subjekt"),
        ("zh-TW/withdrawn/body.txt.hbs", "{{#if subjekt}}x{{/if}}", Some(1), "subjekt"),
        ("zh-TW/withdrawn/body.html.hbs", "{{paragraphs subjekt}}", Some(1), "subjekt"),
        ("en/withdrawn/subject.txt.hbs", "{{#unless subjekt}}x{{/unless}}", Some(1), "subjekt"),
        ("zh-TW/shared/closing.txt.hbs", "one\n\n{{closing_words}}", Some(3), "closing_words"),
        ("shared/paper.html.hbs", "{{adress}}", Some(1), "adress"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), file, source);
        put(folder.path(), "en/withdrawn/body.html.hbs", "<p>{{number}} own</p>");
        let letters = Letters::new(Some(folder.path())).unwrap();
        let fault = &letters.faults()[0];
        assert_eq!((letters.faults().len(), fault.file.as_str()), (1, file), "{fault}");
        assert!(fault.what.contains(says), "{fault}");
        if let Some(line) = line {
            assert_eq!(fault.line, Some(line), "{fault}");
            assert!(fault.to_string().starts_with(&format!("{file}, line {line}: ")), "{fault}");
        }
        for &locale in Locale::ALL {
            let (own, built_in) = (letters.render(&withdrawn(), &context(&withdrawn(), locale)).unwrap(), {
                super::letters().render(&withdrawn(), &context(&withdrawn(), locale)).unwrap()
            });
            assert_eq!((own.subject, own.text), (built_in.subject, built_in.text), "{file}");
            assert_eq!(own.html.contains("own</p>"), locale == Locale::En, "the others go on serving");
        }
        assert_eq!(letters.own_files().collect::<Vec<_>>(), ["en/withdrawn/body.html.hbs"]);
    }
}

#[test]
fn a_folder_that_is_not_there_refuses_the_start() {
    assert!(Letters::new(Some(Path::new("no/such/folder"))).err().unwrap().contains("no/such/folder"));
}

#[test]
fn files_by_link_are_told_in_both_languages() {
    for (locale, says) in [(Locale::ZhTw, "附件太大，放不進這封信"), (Locale::En, "too large for this letter")]
    {
        let reply = super::samples::sample("reply", locale);
        let mut with = context(&reply, locale);
        with.files = Some(FilesByLink {
            url: "https://mailbox.example.tw/f/T".into(),
            until: super::samples::at("2026-10-30T16:00:00Z"),
        });
        let mail = super::letters().render(&reply, &with).unwrap();
        let day = if locale == Locale::ZhTw { "10 月 30 日" } else { "30 October" };
        for part in [&mail.text, &mail.html] {
            assert!(
                part.contains(says) && part.contains("https://mailbox.example.tw/f/T") && part.contains(day),
                "{part}"
            );
        }
        let without = super::letters().render(&reply, &context(&reply, locale)).unwrap();
        assert!(!without.text.contains(says) && !without.html.contains(says));
    }
}
