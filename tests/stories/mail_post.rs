//! What stories about incoming mail share: a site whose mailbox trusts one relay and signs its addresses, raw messages as
//! they arrive, and a look at what became of them.

use chenqing::acts::mail_stored::{Stored, store};
use chenqing::config::{AddressMode, Config};
use chenqing::domain::incoming::MessageState;
use chenqing::post::address::Thread;
use chenqing::post::incoming::intake;
use chenqing::store::letters::{self, LetterRow};
use chenqing::store::messages::{self, MessageRow};

use super::desk::staff_up;
use super::site::Site;
use crate::support::TestDb;

/// What the trusted relay writes first.
pub const VOUCHED: &str = "Authentication-Results: mx.agency.example.tw; dmarc=pass header.from=example.org\n";

/// A site with everybody, whose configuration is changed last.
pub fn mail_site(db: &TestDb, change: impl FnOnce(&mut Config)) -> Site {
    let site = Site::with(db, |config| {
        config.mail.incoming.trusted_relays = vec!["mx.agency.example.tw".into()];
        config.mail.incoming.folder = db.folder().join("drop").display().to_string();
        (config.mail.reply_address, config.mail.bounce_address) = (AddressMode::Plus, AddressMode::Plus);
        change(config);
    });
    staff_up(&site);
    site
}

/// A message of the petitioner's, `more` header lines first.
pub fn mail(more: &str, to: &str, subject: &str, text: &str) -> String {
    format!(
        "{more}From: =?UTF-8?B?5p6X5rW3?= <lin@example.org>\nTo: {to}\nSubject: {subject}\n\
         Date: Fri, 18 Sep 2026 17:00:00 +0800\nMessage-ID: <{}@example.org>\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\n\n{text}\n",
        chenqing::keys::random_word::<10>().unwrap()
    )
}

/// A report on delivery about a Message-ID, to an address.
pub fn report(to: &str, action: &str, status: &str, message_id: &str) -> String {
    format!(
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\nTo: {to}\nSubject: Report\n\
         Date: Fri, 18 Sep 2026 17:00:00 +0800\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; boundary=\"b\"; report-type=delivery-status\n\n\
         --b\nContent-Type: text/plain\n\nReport.\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; lin@example.org\nAction: {action}\n\
         Status: {status}\nDiagnostic-Code: smtp; 550 {status} <lin@example.org> mailbox unavailable\n\
         --b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nTo: lin@example.org\n--b--\n"
    )
}

impl Site {
    /// Stores a message as a source does.
    pub fn store(&self, source: &str, reference: &str, bytes: &[u8]) -> Stored {
        store(self.office(), &self.app.files, self.now(), source, reference, bytes).unwrap()
    }

    /// A message comes in and is taken in; its line in the ledger.
    pub fn arrives(&self, message: &str) -> MessageRow {
        let reference = chenqing::keys::random_word::<10>().unwrap();
        let id = self.store("pipe", &reference, message.as_bytes()).message_id;
        intake::all(&self.app, self.now()).unwrap();
        self.message(id)
    }

    /// A line of the ledger.
    pub fn message(&self, id: i64) -> MessageRow {
        self.read(|db| messages::get(db, id))
    }

    /// How many messages are in a state.
    pub fn messages_in(&self, state: MessageState) -> usize {
        self.read(|db| messages::count(db, state))
    }

    /// The signed address that answers about a case go to.
    pub fn reply_address(&self, number: &str) -> String {
        let thread = Thread::Case(self.case(number).id);
        self.app.post.addresses().reply_to(&self.office().keys, thread).unwrap().unwrap()
    }

    /// The newest letter of a kind, sent; it and its Message-ID as it travels.
    pub fn sent(&self, kind: &str) -> (LetterRow, String) {
        chenqing::post::deliver(&self.app.post, &self.app.clock).unwrap();
        let id = self.letters(kind).pop().unwrap().id;
        let row = self.read(|db| letters::get(db, id));
        let message_id = row.message_id.clone().unwrap();
        (row, message_id)
    }
}
