//! Postfix as the mail server of an agency and of citizens: it delivers into the mailbox that the program fetches, vouches
//! for senders, and returns what it cannot deliver.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use super::{NAME, Postfix, Way};

/// Who has a mailbox, and what becomes of Message-IDs.
pub struct Agency {
    maildir: PathBuf,
    citizens: Vec<&'static str>,
    rewrites: bool,
}

impl Postfix {
    /// A running one that delivers mail for `mailbox@` and `bounce@` of the agency, with or without a plus sign, into its
    /// Maildir, and to these citizens. It vouches for them by an `Authentication-Results` of [`NAME`], and takes letters to
    /// whom it does not know, which it then returns. With `rewrites` it gives every message another Message-ID.
    pub fn of_agency(maildir: &Path, citizens: &[&'static str], rewrites: bool) -> Option<Self> {
        let agency = Agency { maildir: maildir.to_owned(), citizens: citizens.to_vec(), rewrites };
        Self::made(Way::Agency(agency)).map(Self::started)
    }

    /// From now on there is no such citizen.
    pub fn forget(&mut self, citizen: &str) {
        if let Way::Agency(agency) = &mut self.way {
            agency.citizens.retain(|one| *one != citizen);
        }
        self.write_configuration();
        self.control("reload");
    }

    /// Takes a message as from outside.
    pub fn take(&self, from: &str, to: &str, message: &str) {
        let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", self.port)).unwrap());
        answer(&mut stream, "220");
        let message = message.replace('\n', "\r\n");
        for (line, code) in [
            ("EHLO client.example.org".to_owned(), "250"),
            (format!("MAIL FROM:<{from}>"), "250"),
            (format!("RCPT TO:<{to}>"), "250"),
            ("DATA".to_owned(), "354"),
            (format!("{message}\r\n."), "250"),
            ("QUIT".to_owned(), "221"),
        ] {
            stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).unwrap();
            answer(&mut stream, code);
        }
    }
}

impl Agency {
    /// The mailboxes, and what else that needs.
    pub fn configuration(&self, folder: &Path) -> (String, String) {
        let agency =
            ["mailbox", "bounce"].map(|user| format!("{{ {user}@agency.example.tw = {}/ }}", self.maildir.display()));
        let all = self.citizens.iter().map(|citizen| format!("{{ {citizen} = {}/mail/all/ }}", folder.display()));
        let vouched = self.citizens.iter().map(|citizen| {
            format!("{{ {citizen} = PREPEND Authentication-Results: {NAME}; dmarc=pass header.from=example.org }}")
        });
        let list = |entries: Vec<String>| format!("inline:{{ {} }}", entries.join(", "));
        let mut way = "recipient_delimiter = +\nsmtpd_reject_unlisted_recipient = no\n".to_owned();
        if !self.citizens.is_empty() {
            way += &format!("smtpd_sender_restrictions = check_sender_access {}\n", list(vouched.collect()));
        }
        if self.rewrites {
            let rule = "/^Message-ID: <(.*)@.*>/ REPLACE Message-ID: <$1@relay.example.org>\n";
            std::fs::write(folder.join("config/header_checks"), rule).unwrap();
            way += &format!("header_checks = regexp:{}/config/header_checks\n", folder.display());
        }
        (list(agency.into_iter().chain(all).collect()), way)
    }
}

/// Waits for an answer of this code.
fn answer(stream: &mut BufReader<TcpStream>, code: &str) {
    let mut said = String::new();
    while said.is_empty() || said.as_bytes().get(3) == Some(&b'-') {
        said.clear();
        assert!(stream.read_line(&mut said).unwrap() > 0, "the mail server hung up");
    }
    assert!(said.starts_with(code), "{said}");
}
