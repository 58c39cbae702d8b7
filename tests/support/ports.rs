//! Ports for servers that are started by another process, and started again on the same one.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

/// Below what systems give away by themselves (Linux: from 32768 on): a port that is free between two starts of a server
/// goes to nobody else, neither to a listener of another test nor to the end of a connection.
const FIRST: u32 = 12_000;
const NUMBER: u32 = 20_000;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A port that nothing listens on, and that no other call in this process returns.
pub fn port() -> u16 {
    // Test programs that run beside each other begin in different places.
    let begin = std::process::id().wrapping_mul(97);
    loop {
        let place = begin.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % NUMBER;
        let port = u16::try_from(FIRST + place).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
