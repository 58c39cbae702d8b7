//! Addresses that say what comes back: where answers about a case or a submission go (`Reply-To`), and where a letter
//! that cannot be delivered returns to (the envelope's sender). Each carries an id under a veil ([`Keys::veil`]), so that
//! nobody can make one up, and none tells anything to who sees it.
//!
//! | Form | `plus` | `catch_all` |
//! |---|---|---|
//! | answers about a case | `mailbox+c.TOKEN@domain` | `c.TOKEN@address_domain` |
//! | answers about a submission | `mailbox+s.TOKEN@domain` | `s.TOKEN@address_domain` |
//! | a letter that comes back | `bounce+l.TOKEN@domain` | `l.TOKEN@address_domain` |
//!
//! [`thread_of`] and [`letter_of`] read them back, whatever stands before the plus sign or after the @: relays rewrite
//! both, and the veil alone proves that the address is ours. Neither proves who writes.

use lettre::Address;

use crate::config::{AddressMode, Mail};
use crate::error::Result;
use crate::keys::{Keys, VEILED_LETTERS};

/// Characters of an address before the @ at most (RFC 5321, 4.5.3.1.1).
const LOCAL: usize = 64;
/// What a veil is good for.
const CASE: &str = "mail-case";
const SUBMISSION: &str = "mail-submission";
const LETTER: &str = "mail-letter";
const TRIAL: &str = "mail-trial";

/// What an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thread {
    /// A case.
    Case(i64),
    /// A submission that was no case yet when the letter was written.
    Submission(i64),
}

/// How the configuration has addresses made.
#[derive(Clone, Debug)]
pub struct Addresses {
    reply: AddressMode,
    bounce: AddressMode,
    mailbox: String,
    bounce_mailbox: String,
    domain: String,
    own_domain: String,
}

impl Addresses {
    /// As `[mail]` says, around the sender's address.
    ///
    /// # Errors
    /// One sentence that names the key: a mailbox's name that leaves no room, a domain that is none.
    pub fn new(mail: &Mail, from: &Address) -> std::result::Result<Self, String> {
        let room = LOCAL - VEILED_LETTERS - "+c.".len();
        let made = Self {
            reply: mail.reply_address,
            bounce: mail.bounce_address,
            mailbox: from.user().to_owned(),
            bounce_mailbox: mail.bounce_mailbox.clone(),
            domain: from.domain().to_owned(),
            own_domain: if mail.address_domain.is_empty() { from.domain() } else { &mail.address_domain }.to_owned(),
        };
        if made.reply == AddressMode::Plus && made.mailbox.len() > room {
            return Err(format!(
                "mail.reply_address = \"plus\": the part of mail.from before the @ is longer than {room} characters"
            ));
        }
        if made.bounce == AddressMode::Plus && made.bounce_mailbox.len() > room {
            return Err(format!("mail.bounce_mailbox is longer than {room} characters"));
        }
        for (key, local, domain) in [
            ("mail.bounce_mailbox", &made.bounce_mailbox, &made.domain),
            ("mail.address_domain", &made.mailbox, &made.own_domain),
        ] {
            let whole = format!("{local}@{domain}");
            if local.contains('+') || !whole.is_ascii() || whole.parse::<Address>().is_err() {
                return Err(format!("{key} does not make a mail address: {whole:?}"));
            }
        }
        Ok(made)
    }

    /// Where an answer goes; `None` when it goes to the sender.
    ///
    /// # Errors
    /// Of the keys.
    pub fn reply_to(&self, keys: &Keys, thread: Thread) -> Result<Option<String>> {
        let (kind, purpose, row) = match thread {
            Thread::Case(id) => ("c", CASE, id),
            Thread::Submission(id) => ("s", SUBMISSION, id),
        };
        self.made(self.reply, &self.mailbox, || Ok(format!("{kind}.{}", keys.veil(purpose, row)?)))
    }

    /// The envelope's sender of a letter; `None` when it is the sender.
    ///
    /// # Errors
    /// Of the keys.
    pub fn returns_to(&self, keys: &Keys, letter: i64) -> Result<Option<String>> {
        self.made(self.bounce, &self.bounce_mailbox, || Ok(format!("l.{}", keys.veil(LETTER, letter)?)))
    }

    /// An address of the form that answers go to in a mode, whatever is configured, which leads to no case.
    ///
    /// # Errors
    /// Of the keys.
    pub fn for_trial(&self, keys: &Keys, mode: AddressMode) -> Result<String> {
        let made = self.made(mode, &self.mailbox, || Ok(format!("c.{}", keys.veil(TRIAL, 0)?)))?;
        Ok(made.unwrap_or_else(|| format!("{}@{}", self.mailbox, self.domain)))
    }

    /// An address of the form that letters return to, which leads to no letter; `None` when they return to the sender.
    ///
    /// # Errors
    /// Of the keys.
    pub fn for_returned_trial(&self, keys: &Keys) -> Result<Option<String>> {
        self.made(self.bounce, &self.bounce_mailbox, || Ok(format!("l.{}", keys.veil(TRIAL, 0)?)))
    }

    /// Whether answers go to addresses of this mode, or what comes back to the sender's.
    #[must_use]
    pub fn uses(&self, mode: AddressMode) -> bool {
        self.reply == mode || (mode == AddressMode::None && self.bounce == mode)
    }

    /// What the configuration makes, in a line.
    #[must_use]
    pub fn describe(&self) -> String {
        let one = |mode, mailbox: &str, kind, otherwise: &str| match mode {
            AddressMode::None => otherwise.to_owned(),
            AddressMode::Plus => format!("{mailbox}+{kind}.…@{}", self.domain),
            AddressMode::CatchAll => format!("{kind}.…@{}", self.own_domain),
        };
        format!(
            "answers go to {}; what comes back goes to {}",
            one(self.reply, &self.mailbox, "c", "the sender's address"),
            one(self.bounce, &self.bounce_mailbox, "l", "the sender's address"),
        )
    }

    fn made(&self, mode: AddressMode, mailbox: &str, tail: impl Fn() -> Result<String>) -> Result<Option<String>> {
        Ok(match mode {
            AddressMode::None => None,
            AddressMode::Plus => Some(format!("{mailbox}+{}@{}", tail()?, self.domain)),
            AddressMode::CatchAll => Some(format!("{}@{}", tail()?, self.own_domain)),
        })
    }
}

/// The case or submission that an answer sent to this address belongs to; `None` when the address is not one of ours or
/// was changed.
#[must_use]
pub fn thread_of(keys: &Keys, address: &str) -> Option<Thread> {
    let (kind, veiled) = tail(address)?;
    match kind {
        'c' => keys.unveil(CASE, veiled).map(Thread::Case),
        's' => keys.unveil(SUBMISSION, veiled).map(Thread::Submission),
        _ => None,
    }
}

/// The letter that a report sent to this address is about; `None` when the address is not one of ours or was changed.
#[must_use]
pub fn letter_of(keys: &Keys, address: &str) -> Option<i64> {
    let (kind, veiled) = tail(address)?;
    if kind == 'l' { keys.unveil(LETTER, veiled) } else { None }
}

/// What a letter carries to be known by when it comes back, whatever became of its addresses: the header
/// [`super::MARK`]'s value.
///
/// # Errors
/// Of the keys.
pub fn mark(keys: &Keys, letter: i64) -> Result<String> {
    keys.veil(LETTER, letter)
}

/// The letter that carries this mark.
#[must_use]
pub fn marked(keys: &Keys, mark: &str) -> Option<i64> {
    keys.unveil(LETTER, mark.trim())
}

/// Kind and veiled id of an address, with or without angle brackets.
fn tail(address: &str) -> Option<(char, &str)> {
    let address = address.trim();
    let address = address.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(address);
    let (local, _) = address.rsplit_once('@')?;
    let local = local.rsplit_once('+').map_or(local, |(_, tail)| tail);
    let (kind, veiled) = local.split_once('.')?;
    let mut letters = kind.chars();
    match (letters.next(), letters.next()) {
        (Some(kind), None) => Some((kind.to_ascii_lowercase(), veiled)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn keys() -> Keys {
        Keys::new(&["1:0123456789abcdef0123456789abcdef"]).unwrap()
    }

    fn addresses(mode: AddressMode, change: impl Fn(&mut Mail)) -> std::result::Result<Addresses, String> {
        let mut mail = Config::defaults().unwrap().mail;
        (mail.reply_address, mail.bounce_address) = (mode, mode);
        change(&mut mail);
        Addresses::new(&mail, &mail.from.parse().unwrap())
    }

    #[test]
    fn every_form_is_read_back_and_fits() {
        for (mode, begins, domain) in [
            (AddressMode::Plus, ["mailbox+c.", "mailbox+s.", "bounce+l."], "@agency.example.tw"),
            (AddressMode::CatchAll, ["c.", "s.", "l."], "@mail.agency.example.tw"),
        ] {
            let made = addresses(mode, |mail| mail.address_domain = "mail.agency.example.tw".into()).unwrap();
            for row in [1, 77, i64::MAX] {
                let all = [
                    made.reply_to(&keys(), Thread::Case(row)).unwrap().unwrap(),
                    made.reply_to(&keys(), Thread::Submission(row)).unwrap().unwrap(),
                    made.returns_to(&keys(), row).unwrap().unwrap(),
                ];
                for (address, begins) in all.iter().zip(begins) {
                    assert!(address.starts_with(begins) && address.ends_with(domain), "{address}");
                    assert!(address.split('@').next().unwrap().len() <= LOCAL && address.parse::<Address>().is_ok());
                }
                assert_eq!(thread_of(&keys(), &all[0]), Some(Thread::Case(row)));
                assert_eq!(thread_of(&keys(), &format!("<{}>", all[1].to_uppercase())), Some(Thread::Submission(row)));
                assert_eq!(letter_of(&keys(), &all[2]), Some(row));
                assert_eq!((letter_of(&keys(), &all[0]), thread_of(&keys(), &all[2])), (None, None));
            }
        }
    }

    #[test]
    fn none_makes_none() {
        let made = addresses(AddressMode::None, |_| {}).unwrap();
        assert_eq!(made.reply_to(&keys(), Thread::Case(1)), Ok(None));
        assert_eq!(made.returns_to(&keys(), 1), Ok(None));
    }

    #[test]
    fn addresses_of_a_trial_have_the_form_and_lead_nowhere() {
        let made = addresses(AddressMode::None, |_| {}).unwrap();
        for (mode, begins) in
            [(AddressMode::None, "mailbox@"), (AddressMode::Plus, "mailbox+c."), (AddressMode::CatchAll, "c.")]
        {
            let address = made.for_trial(&keys(), mode).unwrap();
            assert!(address.starts_with(begins) && address.parse::<Address>().is_ok(), "{address}");
            assert_eq!(thread_of(&keys(), &address), None);
        }
        assert!(made.uses(AddressMode::None) && !made.uses(AddressMode::Plus));
        assert_eq!(made.for_returned_trial(&keys()), Ok(None));
        for (mode, begins) in [(AddressMode::Plus, "bounce+l."), (AddressMode::CatchAll, "l.")] {
            let made = addresses(mode, |mail| mail.reply_address = AddressMode::None).unwrap();
            let address = made.for_returned_trial(&keys()).unwrap().unwrap();
            assert!(address.starts_with(begins) && address.parse::<Address>().is_ok(), "{address}");
            assert_eq!(letter_of(&keys(), &address), None);
            assert!(made.uses(AddressMode::None) && !made.uses(mode), "its own trial tells of it");
        }
    }

    #[test]
    fn a_kind_cannot_be_swapped_and_nothing_made_up() {
        let made = addresses(AddressMode::Plus, |_| {}).unwrap();
        let case = made.reply_to(&keys(), Thread::Case(7)).unwrap().unwrap();
        let other = Keys::new(&["1:another-installation-0123456789abcdef"]).unwrap();
        assert_eq!(thread_of(&other, &case), None);
        for forged in [
            case.replace("+c.", "+s."),
            case.replace("+c.", "+l."),
            "mailbox+c.7@agency.example.tw".into(),
            "mailbox+c.@agency.example.tw".into(),
            "mailbox@agency.example.tw".into(),
            "c.".into(),
            "@".into(),
            String::new(),
            "海@巡".into(),
        ] {
            assert_eq!((thread_of(&keys(), &forged), letter_of(&keys(), &forged)), (None, None), "{forged}");
        }
        let marked_by = mark(&keys(), 7).unwrap();
        assert_eq!((marked(&keys(), &marked_by), marked(&keys(), "7")), (Some(7), None));
    }

    #[test]
    fn what_leaves_no_room_is_named() {
        let long = addresses(AddressMode::Plus, |mail| mail.from = format!("{}@agency.example.tw", "a".repeat(40)));
        assert!(long.unwrap_err().contains("mail.from"));
        let wrong = addresses(AddressMode::CatchAll, |mail| mail.address_domain = "no domain".into());
        assert!(wrong.unwrap_err().contains("mail.address_domain"));
        let wrong = addresses(AddressMode::Plus, |mail| mail.bounce_mailbox = "a+b".into());
        assert!(wrong.unwrap_err().contains("mail.bounce_mailbox"));
    }
}
