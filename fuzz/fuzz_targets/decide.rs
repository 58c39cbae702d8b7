//! Any message ends in exactly one place with a reason, and automatic mail never opens or joins anything.
#![no_main]

use chenqing::domain::incoming::{ConfirmPolicy, DecisionKind, decide};
use chenqing::post::incoming::facts::{Own, facts};
use chenqing::post::incoming::read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let own = Own {
        addresses: vec!["mailbox@agency.example.tw".into()],
        all_known: true,
        domain: "agency.example.tw".into(),
        domains: vec!["agency.example.tw".into()],
        trusted_relays: vec!["mx.agency.example.tw".into()],
        confirm: ConfirmPolicy::Always,
    };
    let facts = facts(&read(bytes), &own);
    let decision = decide(&facts);
    assert!(!decision.reasons.is_empty());
    let enters = matches!(decision.kind, DecisionKind::NewSubmission | DecisionKind::Append);
    assert!(!(enters && facts.automatic.is_some()));
});
