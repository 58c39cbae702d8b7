//! Letters on their way out: [`deliver`] claims what is due, renders and freezes it, sends it over the configured
//! [`Transport`] and records what became of it; no transaction is open while a letter is being sent.
//!
//! A letter is sent at least once, and every time with the same bytes and Message-ID (a DKIM signature alone is made
//! anew): whoever receives it twice (the process died between sending and recording, or the server's answer was lost) can
//! tell.

mod attempt;
pub mod caught;
mod deliver;
mod dkim;
mod folder;
mod frozen;
mod links;
mod message;
mod pace;
mod recipient;
mod round;
mod sending;
mod smtp;
mod smtp_url;
mod together;
mod transport;
mod trial;

pub use deliver::{Delivered, deliver};
pub use dkim::Signer;
pub use links::address as link_address;
pub use message::MARK;
pub use pace::Pace;
pub(super) use smtp_url::{Tls, decode, host_and_port};
pub use transport::Transport;
pub use trial::{Trial, send_trial};
