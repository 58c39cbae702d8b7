//! Any bytes are read, their text is folded and their HTML made safe, without a panic.
#![no_main]

use chenqing::post::incoming::{fold, read, safe_html};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let read = read(bytes);
    let size: usize = read.attachments.iter().map(|file| file.bytes.len()).sum();
    assert!(size <= bytes.len(), "files larger than what came");
    assert_eq!(fold(&read.text).iter().map(|piece| piece.text).collect::<String>(), read.text);
    if let Some(html) = &read.html {
        assert!(!safe_html(html).to_lowercase().contains("<script"));
    }
});
