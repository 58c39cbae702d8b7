//! The letters of control: what a digest says when it has little to say, and how a reminder speaks.

use chenqing::domain::letter::{Letter, Locale};

use super::letters;
use super::samples::{context, sample};

#[test]
fn a_digest_names_only_the_sections_it_has() {
    let Letter::Digest { today, .. } = sample("digest", Locale::ZhTw) else { panic!("another letter") };
    let letter = Letter::Digest { overdue: Vec::new(), today, soon: Vec::new(), more: 7 };
    let mail = letters().render(&letter, &context(&letter, Locale::ZhTw)).unwrap();
    assert_eq!(mail.subject, "今天的案件期限：今天到期 1 件");
    assert!(!mail.text.contains("逾期 ") && !mail.text.contains("即將到期") && !mail.html.contains("即將到期"));
    assert!(mail.text.contains("另有 7 件") && mail.text.contains("您代理陳怡安"));
}

#[test]
fn a_reminder_is_polite_and_says_what_is_expected() {
    let letter = sample("reminder", Locale::ZhTw);
    let mail = letters().render(&letter, &context(&letter, Locale::ZhTw)).unwrap();
    for word in ["懲處", "議處", "務必", "違者", "速辦", "查究"] {
        assert!(!mail.text.contains(word), "{word}");
    }
    let text: String = mail.text.split_whitespace().collect();
    for said in ["3個工作天", "10月7日", "完成回復", "02-0000-1357", "來電詢問兩次"] {
        assert!(text.contains(said), "{said}: {text}");
    }
}
