//! What must hold of any bytes from outside: for libFuzzer (`targets.rs`), and in every run of the tests (`mod.rs`).

use std::sync::LazyLock;

use chenqing::domain::calendar::{Calendar, CalendarData};
use chenqing::domain::calendar_file;
use chenqing::domain::deadline_batch::{Batch, answer};
use chenqing::domain::incoming::{ConfirmPolicy, DecisionKind, decide};
use chenqing::post::incoming::facts::{Own, facts};
use chenqing::post::incoming::{fold, read, safe_html};

static OWN: LazyLock<Own> = LazyLock::new(|| Own {
    addresses: vec!["mailbox@agency.example.tw".into()],
    all_known: true,
    domain: "agency.example.tw".into(),
    domains: vec!["agency.example.tw".into()],
    trusted_relays: vec!["mx.agency.example.tw".into()],
    confirm: ConfirmPolicy::Always,
});

/// Any message is read without a panic into no more than what came, nothing of its text is lost by folding, its HTML is
/// harmless, and it ends in exactly one place with a reason; automatic mail opens and joins nothing.
pub fn mail(bytes: &[u8]) {
    let read = read(bytes);
    let size: usize = read.attachments.iter().map(|file| file.bytes.len()).sum();
    assert!(size <= bytes.len(), "files larger than what came");
    assert_eq!(fold(&read.text).iter().map(|piece| piece.text).collect::<String>(), read.text);
    if let Some(html) = &read.html {
        assert!(!safe_html(html).to_lowercase().contains("<script"));
    }
    let facts = facts(&read, &OWN);
    let decision = decide(&facts);
    assert!(!decision.reasons.is_empty());
    let enters = matches!(decision.kind, DecisionKind::NewSubmission | DecisionKind::Append);
    assert!(!(enters && facts.automatic.is_some()));
}

/// A calendar's file is refused or makes a calendar.
pub fn calendar(bytes: &[u8]) {
    if let Ok(file) = calendar_file::parse(&String::from_utf8_lossy(bytes)) {
        let data = CalendarData { days: file.days, ..CalendarData::default() };
        let _ = Calendar::build(data);
    }
}

/// A line is answered the same wherever it stands, by one JSON object.
pub fn deadline(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut batch = Batch::new(None);
    for line in text.lines() {
        let mut answers = String::new();
        batch.answer(line, &mut answers);
        assert_eq!(answers, answer(line, None));
        assert!(serde_json::from_str::<serde_json::Value>(&answers).unwrap().is_object());
    }
}
