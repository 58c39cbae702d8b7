//! A line between program and mail server that can be held up at a word: what the program says from there on is not passed
//! on, as if it, or the network, had died at that moment.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The line.
pub struct Proxy {
    port: u16,
    holding: Arc<AtomicBool>,
    held: Arc<AtomicBool>,
}

impl Proxy {
    /// A line to a port, held up at `word` until [`Proxy::let_go`].
    pub fn holding(to: u16, word: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (holding, held) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicBool::new(false)));
        let (hold, mark) = (Arc::clone(&holding), Arc::clone(&held));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(("127.0.0.1", to))) else { continue };
                let (back, out) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || pass(back, out, |_| true));
                let (hold, mark) = (Arc::clone(&hold), Arc::clone(&mark));
                std::thread::spawn(move || {
                    // The rest of the line, and all that follows, goes the way of the word.
                    let mut dead = false;
                    pass(client, server, move |said| {
                        dead |= hold.load(Ordering::SeqCst) && String::from_utf8_lossy(said).contains(word);
                        if dead {
                            mark.store(true, Ordering::SeqCst);
                        }
                        !dead
                    });
                });
            }
        });
        Self { port, holding, held }
    }

    /// Where the program connects to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether the word has been said.
    pub fn is_held(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }

    /// From now on everything passes.
    pub fn let_go(&self) {
        self.holding.store(false, Ordering::SeqCst);
    }
}

/// Passes bytes on until one side ends; what does not pass is swallowed.
fn pass(mut from: TcpStream, mut to: TcpStream, mut passes: impl FnMut(&[u8]) -> bool) {
    let mut bytes = [0; 1 << 16];
    while let Ok(number @ 1..) = from.read(&mut bytes) {
        if passes(&bytes[..number]) && to.write_all(&bytes[..number]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
}
