//! Outgoing mail against a real mail server and against a folder, on both databases: nothing owed is lost, nothing
//! arrives twice unless a crash or a lost answer leaves no other way, and then it is the same letter.

mod caught;
mod check;
mod crash;
mod dkim;
mod form;
mod nodes;
mod outage;
mod pictures;
mod postfix;
mod receive;
mod recording;
mod refusals;
pub mod server;
mod thread;
mod tls;
mod trial;
mod way;
mod world;
