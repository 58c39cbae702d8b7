//! What holds of any bytes, and of any message that a mail program builds.

use chenqing::cli::mail::Explained;
use chenqing::config::Config;
use chenqing::domain::incoming::{ConfirmPolicy, decide};
use chenqing::post::incoming::facts::{Own, facts};
use chenqing::post::incoming::{fold, read, safe_html};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use proptest::prelude::*;

/// Bytes that look like mail often enough to get somewhere.
fn mail_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("From: ".to_owned()),
        Just("\r\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("Content-Type: multipart/mixed; boundary=b\r\n\r\n".to_owned()),
        Just("Content-Type: text/html; charset=big5\r\n\r\n".to_owned()),
        Just("Content-Transfer-Encoding: base64\r\n".to_owned()),
        Just("--b\r\n".to_owned()),
        Just("--b--".to_owned()),
        Just("Subject: =?utf-8?b?".to_owned()),
        Just("?=".to_owned()),
        Just("Content-Disposition: attachment; filename*0*=utf-8''%E7".to_owned()),
        Just("begin 644 a\n#86)C\n`\nend\n".to_owned()),
        "\\PC{0,12}",
    ];
    prop::collection::vec(
        prop_oneof![piece.prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..12)],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

fn word() -> impl Strategy<Value = String> {
    // What mail can carry in a line: no control characters, no space at its ends.
    "[a-zA-Z0-9,.\u{4E00}-\u{4E80}é\"<>@]( ?[a-zA-Z0-9,.\u{4E00}-\u{4E80}é]){0,30}"
}

proptest! {
    #[test]
    fn nothing_fails_and_files_are_no_larger_than_what_came(bytes in mail_like()) {
        let read = read(&bytes);
        let size: usize = read.attachments.iter().map(|file| file.bytes.len()).sum();
        prop_assert!(size <= bytes.len(), "{size} of {}", bytes.len());
        for file in &read.attachments {
            prop_assert!(!file.name.is_empty() && !file.name.contains(['/', '\\', '\n', '\0']), "{:?}", file.name);
        }
        let own = Own { addresses: vec![], all_known: false, domain: String::new(), domains: vec![], trusted_relays: vec![], confirm: ConfirmPolicy::Authenticated };
        prop_assert!(!decide(&facts(&read, &own)).reasons.is_empty());
    }

    #[test]
    fn folding_loses_nothing(lines in prop::collection::vec(prop_oneof![
        Just("> x".to_owned()), Just("-- ".to_owned()), Just("On 2026-09-18 a@example.org wrote:".to_owned()),
        Just("-----Original Message-----".to_owned()), Just("From: a".to_owned()), Just("Sent: b".to_owned()), Just("To: c".to_owned()),
        Just(String::new()), Just("從我的 iPhone 傳送".to_owned()), "\\PC{0,20}"], 0..20), end in "\r?\n") {
        let text = lines.join(&end);
        prop_assert_eq!(fold(&text).iter().map(|piece| piece.text).collect::<String>(), text);
    }

    #[test]
    fn safe_html_holds_nothing_that_runs_or_is_fetched(pieces in prop::collection::vec(prop_oneof![
        Just("<script>"), Just("<img src=http://example.org/a onerror=x>"), Just("<style>"), Just("</style>"), Just("<svg onload=x>"),
        Just("<a href='javascript:x'>"), Just("<table background=http://example.org/b>"), Just("<p style='x:url(http://example.org)'>"),
        Just("<math><mi>"), Just("<!--"), Just("-->"), Just("<noscript>"), Just("\"'>"), Just("<iframe src=//example.org>"), Just("text")], 0..12)) {
        let safe = safe_html(&pieces.concat()).to_lowercase();
        for part in ["<script", "<style", "<svg", "<iframe", "src=\"h", "background=\"", "style=\"", "href=\"javascript"] {
            prop_assert!(!safe.contains(part), "{safe}");
        }
    }

    #[test]
    fn what_a_mail_program_builds_comes_back(subject in word(), name in word(), text in word(), file in "[a-z\u{4E00}-\u{4E80}]{1,40}", bytes in prop::collection::vec(any::<u8>(), 1..300)) {
        let attachment = Attachment::new(format!("{file}.bin")).body(bytes.clone(), ContentType::parse("application/x-own").unwrap());
        let message = Message::builder()
            .from(Mailbox::new(Some(name.clone()), "lin@example.org".parse().unwrap()))
            .to("mailbox@agency.example.tw".parse().unwrap())
            .subject(subject.clone())
            .multipart(MultiPart::mixed().singlepart(SinglePart::plain(text.clone())).singlepart(attachment))
            .unwrap();
        let read = read(&message.formatted());
        prop_assert_eq!(read.subject, subject);
        prop_assert_eq!(read.from.as_deref(), Some("lin@example.org"));
        let named = name.replace('"', "");
        prop_assert_eq!(read.from_name.replace('"', ""), named.trim());
        prop_assert_eq!(read.text, text);
        prop_assert_eq!(&read.attachments[0].bytes, &bytes);
        prop_assert_eq!(&read.attachments[0].name, &format!("{file}.bin"));
    }
}

#[test]
fn only_the_relays_of_the_configuration_are_believed() {
    let message = b"Authentication-Results: mx.agency.example; dmarc=pass header.from=example.org\r\nX-Spam-Flag: NO\r\nFrom: lin@example.org\r\n\r\nx\r\n";
    let mut config = Config::defaults().unwrap();
    let decided = |config: &Config, message: &[u8]| {
        let json = Explained::of(message, &Own::of(config)).json().unwrap();
        serde_json::from_str::<serde_json::Value>(&json).unwrap()["decision"].as_str().unwrap().to_owned()
    };
    assert_eq!(decided(&config, message), "pen");
    config.mail.incoming.trusted_relays = vec!["mx.agency.example".into()];
    assert_eq!(decided(&config, message), "new_submission");
    let spam = String::from_utf8_lossy(message).replace("X-Spam-Flag: NO", "X-Spam-Flag: YES");
    assert_eq!(decided(&config, spam.as_bytes()), "spam");
    config.mail.incoming.trusted_relays.clear();
    assert_eq!(decided(&config, spam.as_bytes()), "pen");
}
