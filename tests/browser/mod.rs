//! The whole way in a real browser (headless Chromium), by clicks and keys only, on the demonstration. Screenshots of
//! every step are kept in `target/screenshots`.

mod journey;
mod window;
