//! Which results count, and what they say.

use super::*;
use crate::post::incoming::read;

const RELAY: &str = "mx.agency.example";

fn judged(header: &str) -> Authentication {
    let message = format!("{header}From: Lin <lin@mail.example.com.tw>\r\nSubject: x\r\n\r\nx\r\n");
    authentication(&read(message.as_bytes()), &[RELAY.to_owned()])
}

#[test]
fn results_count_from_the_trusted_relay_alone() {
    for (results, expected) in [
        ("other.example; dmarc=pass header.from=mail.example.com.tw", Authentication::Untrusted),
        ("mx.agency.example; dmarc=pass header.from=mail.example.com.tw", Authentication::Pass),
        ("mx.agency.example; dmarc=fail (p=reject) header.from=mail.example.com.tw", Authentication::Fail),
        ("mx.agency.example; dmarc=pass header.from=other.com.tw", Authentication::None),
        ("MX.Agency.Example 1; none", Authentication::Untrusted),
        // Aligned by organisation, below a public suffix of two labels.
        ("mx.agency.example; spf=pass smtp.mailfrom=bounce@send.example.com.tw", Authentication::Pass),
        ("mx.agency.example; spf=pass smtp.mailfrom=other.com.tw", Authentication::None),
        ("mx.agency.example; dkim=pass (good (very) key) header.d=example.com.tw", Authentication::Pass),
        ("mx.agency.example; dkim = pass header.i = @example.com.tw", Authentication::Pass),
        ("mx.agency.example; dkim=fail header.d=example.com.tw", Authentication::None),
        ("mx.agency.example (dmarc=pass); dkim=none", Authentication::None),
        ("mx.agency.example; spf=fail reason=\"x; dmarc=pass\" smtp.mailfrom=a@b.example", Authentication::None),
    ] {
        assert_eq!(judged(&format!("Authentication-Results: {results}\r\n")), expected, "{results}");
    }
    assert_eq!(judged(""), Authentication::Untrusted);
}

#[test]
fn what_the_sender_brought_along_does_not_count() {
    let forged = "Authentication-Results: mx.agency.example; dmarc=pass header.from=mail.example.com.tw\r\n";
    let ours = "Received: from x (x [192.0.2.1]) by mx.agency.example with ESMTPS; Fri, 18 Sep 2026 09:30:00 +0800\r\n";
    let theirs = "Received: from y by out.example.com.tw; Fri, 18 Sep 2026 09:29:00 +0800\r\n";
    let real = "Authentication-Results: mx.agency.example; dmarc=fail header.from=mail.example.com.tw\r\n";
    assert_eq!(judged(&format!("{ours}{theirs}{forged}")), Authentication::Untrusted);
    assert_eq!(judged(&format!("{real}{ours}{theirs}{forged}")), Authentication::Fail);
    assert_eq!(judged(&format!("{real}{ours}{forged}")), Authentication::Fail);
    // Written below the line of reception, as some relays do.
    assert_eq!(judged(&format!("{ours}{forged}{theirs}")), Authentication::Pass);
    // Nothing says that this reception was ours.
    assert_eq!(judged(&format!("{theirs}{forged}")), Authentication::Untrusted);
}
