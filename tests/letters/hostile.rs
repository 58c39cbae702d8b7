//! Letters whose words come from someone who means harm.

use chenqing::domain::letter::{Letter, Locale};
use chenqing::letters::{clean, samples};

use super::samples::{NUMBER, at, context};
use super::{letters, seen};

const SCRIPT: &str = "<script>alert(1)</script><img src=x onerror=\"alert(2)\">' & {{number}} {{{link}}} {{> style}}";

fn receipt(subject: &str, body: &str) -> Letter {
    Letter::Receipt {
        number: NUMBER.into(),
        subject: subject.into(),
        body: body.into(),
        received_at: at("2026-09-18T01:30:00Z"),
        due_on: None,
        unit: None,
    }
}

#[test]
fn markup_and_braces_are_only_words() {
    let letter = receipt(SCRIPT, SCRIPT);
    let mut context = context(&letter, Locale::ZhTw);
    context.recipient_name = Some(SCRIPT.into());
    let mail = letters().render(&letter, &context).unwrap();
    assert!(!mail.html.contains("<script") && !mail.html.contains("<img"));
    assert!(seen(&mail.html).matches(SCRIPT).count() >= 3, "what was typed is still there to read");
    let joined = mail.text.replace("\n> ", " ").replace('\n', " ");
    assert!(joined.contains("{{{link}}}") && joined.contains("<script>alert(1)</script>"));
}

#[test]
fn a_link_cannot_leave_its_attribute() {
    let letter = receipt("噪音", "噪音");
    let mut context = context(&letter, Locale::ZhTw);
    context.link = Some("https://mailbox.example.tw/s?a=1&b=\"><script>".into());
    let mail = letters().render(&letter, &context).unwrap();
    assert!(mail.html.contains("href=\"https://mailbox.example.tw/s?a=1&amp;b=&quot;&gt;&lt;script&gt;\""));
}

#[test]
fn a_subject_is_one_short_line_with_the_number_last() {
    let long = format!("噪音\r\nBcc: victim@example.org\u{2028}\u{202e}gnp.exe\u{0}{}", "很長的主旨".repeat(400));
    for &locale in Locale::ALL {
        let letter = receipt(&long, "噪音");
        let mail = letters().render(&letter, &context(&letter, locale)).unwrap();
        assert!(!mail.subject.chars().any(|c| c.is_control() || c == '\u{202e}' || c == '\u{2028}'));
        assert!(clean::width(&mail.subject) <= 160 && mail.subject.contains("…"), "{}", mail.subject);
        assert!(mail.subject.contains(NUMBER) && mail.subject.ends_with(['）', ')']));
        assert!(!mail.text.contains('\u{202e}') && !mail.html.contains('\u{202e}'));
    }
}

#[test]
fn a_saved_report_is_named_whole_with_its_period_in_the_subject() {
    for (locale, name, period) in [
        (Locale::En, "Petitions of the Kinmen-Matsu-Penghu Branch and its stations, by category, a month", "2026 Q3"),
        (Locale::ZhTw, "金馬澎分署暨所屬單位各類陳情案件逐月收辦情形與依限辦結率概況", "115年第3季"),
    ] {
        let mut letter = samples::all(locale).into_iter().find(|letter| letter.code() == "saved_report").unwrap();
        let Letter::SavedReport(report) = &mut letter else { panic!("another letter") };
        report.report = name.to_owned();
        let agency = report.agency.clone();
        let mail = letters().render(&letter, &context(&letter, locale)).unwrap();
        assert!(mail.subject.starts_with(name) && mail.subject.ends_with(period), "{}", mail.subject);
        assert!(!mail.subject.contains(&agency) && !mail.subject.contains('…'), "{}", mail.subject);
    }
}

#[test]
fn other_long_fields_cannot_push_the_number_out() {
    let unit = "單位".repeat(300);
    let due_on = jiff::civil::date(2026, 9, 30);
    let letter =
        Letter::Assigned { number: NUMBER.into(), subject: "主".repeat(300), unit, unit_phone: String::new(), due_on };
    let mail = letters().render(&letter, &context(&letter, Locale::ZhTw)).unwrap();
    assert!(mail.subject.ends_with(&format!("…（{NUMBER}）")), "{}", mail.subject);
    assert!(mail.text.replace('\n', "").contains("電話 02-0000-1111"), "an empty number gives way to the agency's");
}

/// Anyone may type any address into the form: the letter that goes there must carry no link but ours.
#[test]
fn an_unconfirmed_letter_carries_no_strangers_link() {
    let subject = "免費好禮 https://evil.example.org/win 請寫信到 a@evil.example.org".to_owned();
    let letter = Letter::Confirm { subject, expires_at: at("2026-09-21T06:32:00Z") };
    let mut context = context(&letter, Locale::ZhTw);
    context.recipient_name = Some("中獎請看 evil.example.org".into());
    let mail = letters().render(&letter, &context).unwrap();
    for part in [&mail.subject, &mail.text, &mail.html] {
        assert!(!part.contains("evil.example.org") && !part.contains("https://evil") && !part.contains("a@evil"));
    }
    assert!(!mail.subject.contains("免費好禮"), "their words stay out of the subject line");
    assert_eq!(mail.text.matches("https://mailbox.example.tw/").count(), 1);
}

#[test]
fn an_empty_field_is_an_error_not_a_gap() {
    let letter = Letter::Withdrawn { number: NUMBER.into(), subject: "\u{202e}\r\n ".into() };
    let error = letters().render(&letter, &context(&letter, Locale::ZhTw)).unwrap_err();
    assert!(error.contains("withdrawn") && error.contains("subject"), "{error}");
}
