//! `[mail]` of the configuration.

use serde::{Deserialize, Serialize};

use super::ImapMailbox;

section! {
    /// `[mail]`
    Mail {
        /// `smtp` or `folder`.
        transport: MailTransport,
        /// Folder of the `folder` transport.
        folder: String,
        /// Sender's address.
        from: String,
        /// Sender's name.
        from_name: String,
        /// Days.
        retry_days: i64,
        /// At the same time.
        connections: usize,
        /// Letters a minute and node; 0 = no limit.
        per_minute: u32,
        /// Bytes of a letter's files and words as they travel.
        max_letter_bytes: i64,
        /// Days.
        file_days: i64,
        /// Where answers go.
        reply_address: AddressMode,
        /// Where letters that cannot be delivered return to.
        bounce_address: AddressMode,
        /// The part before the plus sign.
        bounce_mailbox: String,
        /// Domain of the catch-all addresses; empty = the sender's.
        address_domain: String,
        /// `[mail.dkim]`
        dkim: Dkim,
        /// `[mail.smtp]`
        smtp: Smtp,
        /// `[mail.incoming]`
        incoming: Incoming,
    }
}
section! {
    /// `[mail.incoming]`
    Incoming {
        /// The mailbox's addresses beside `mail.from`.
        addresses: Vec<String>,
        /// Names of servers.
        trusted_relays: Vec<String>,
        /// From whom mail may open a submission.
        confirm: MailConfirm,
        /// `[[mail.incoming.imap]]`
        imap: Vec<ImapMailbox>,
        /// What a submission by mail waits for.
        accept: MailAccept,
        /// Submissions of one sender in 24 hours; 0 = no limit.
        per_sender: i64,
        /// Days.
        spam_days: i64,
        /// Folder of dropped files; empty = none.
        folder: String,
    }
}
section! {
    /// `[mail.smtp]`
    Smtp {
        /// URL of the server.
        url: String,
        /// Seconds.
        timeout_seconds: u64,
    }
}
section! {
    /// `[mail.dkim]`
    Dkim {
        /// Name of the key in DNS.
        selector: String,
        /// Domain that signs; empty = the sender's.
        domain: String,
        /// File of the private key; empty = letters are not signed.
        key_file: String,
    }
}
/// What a submission by mail waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailAccept {
    /// That its sender follows the link of the confirmation mail.
    Confirm,
    /// Nothing: it is a case at once.
    AtOnce,
}
/// Where answers, or letters that come back, go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressMode {
    /// To the sender's address.
    None,
    /// To an address of their own by a plus sign in the mailbox's name.
    Plus,
    /// To an address of their own in a domain whose every address arrives.
    CatchAll,
}
/// How letters leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    /// Really sent.
    Smtp,
    /// Written as files.
    Folder,
}
/// From whom mail may open a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailConfirm {
    /// From whom a trusted relay vouches for.
    Authenticated,
    /// From everybody.
    Always,
    /// From nobody.
    Never,
}
