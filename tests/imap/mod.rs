//! Mail fetched from a real Dovecot by the real program, on both databases: each message once and byte for byte, whatever
//! dies on the way.

mod faults;
mod fetching;
mod oauth2;
mod place;
mod proxy;
mod standing;
mod tls;
mod tokens;
