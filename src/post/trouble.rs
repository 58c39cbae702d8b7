//! Why a letter did not leave: a code that the desk puts into words, and a detail for those who look into it, without
//! anybody's address. Stored with the letter as `code: detail`.

use crate::codes;

codes! {
    /// Why a letter did not leave.
    Trouble {
        /// The recipient has no e-mail address (any more).
        NoAddress = "no_address",
        /// What stands as the address is none that mail can go to.
        BadAddress = "bad_address",
        /// The staff account was closed.
        AccountClosed = "account_closed",
        /// The mail server refused it for good.
        Refused = "refused",
        /// It left, and came back: a server on the way refused it for good.
        Bounced = "bounced",
        /// The mail server refused it for the moment.
        Deferred = "deferred",
        /// The mail server cannot be reached or does not let us in.
        Unreachable = "unreachable",
        /// The connection broke off while the letter was handed over: the server may have it.
        BrokenOff = "broken_off",
        /// The letter cannot be put into words: a template, a key or its data do not serve.
        Unreadable = "unreadable",
        /// A file it carries cannot be read.
        FileMissing = "file_missing",
    }
}

impl Trouble {
    /// Whether another attempt cannot help.
    #[must_use]
    pub fn is_permanent(self) -> bool {
        matches!(self, Self::NoAddress | Self::BadAddress | Self::AccountClosed | Self::Refused | Self::Bounced)
    }

    /// Code and detail of a letter's stored error; `None` when it holds no code.
    #[must_use]
    pub fn read(error: &str) -> Option<(Self, &str)> {
        let (code, detail) = error.split_once(": ").unwrap_or((error, ""));
        Some((Self::parse(code)?, detail))
    }

    /// As it is stored.
    #[must_use]
    pub fn with(self, detail: impl Into<String>) -> Failure {
        Failure { trouble: self, detail: detail.into() }
    }
}

/// A trouble with its detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind it is.
    pub trouble: Trouble,
    /// What exactly happened; masked before it is stored.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_error_is_read_back() {
        assert_eq!(Trouble::read("refused: 550 no such user"), Some((Trouble::Refused, "550 no such user")));
        assert_eq!(Trouble::read("no_address"), Some((Trouble::NoAddress, "")));
        assert_eq!(Trouble::read("anything: else"), None);
    }
}
