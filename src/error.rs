//! What can go wrong, by kind and without any HTTP in it: each kind says who has to do something about it.

use std::fmt;

/// The result of every act and store call.
pub type Result<T> = std::result::Result<T, Error>;

/// A sentence for the user: a key of the message files and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Key in `locales/<locale>/*.ftl`.
    pub key: &'static str,
    /// Named arguments of the sentence.
    pub args: Vec<(&'static str, String)>,
}

impl Message {
    /// A message without arguments.
    #[must_use]
    pub fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// The message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key)?;
        for (name, value) in &self.args {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

/// A mistake in one field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: Message,
}

impl FieldError {
    /// A mistake in `field`, told by the message `key`.
    #[must_use]
    pub fn new(field: &'static str, key: &'static str) -> Self {
        Self { field, message: Message::new(key) }
    }
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A rule of the domain or the caller's rights say no; the message says why.
    Refused(Message),
    /// There is no such thing, or the caller may not know that there is.
    NotFound,
    /// Somebody else changed it in the meantime.
    Conflict,
    /// The input is not acceptable; one entry a field.
    Invalid(Vec<FieldError>),
    /// The database, disk or queue cannot take it now; the same call may succeed later. Nothing is said of whether
    /// it was carried out: the idempotency key settles that.
    Unavailable(String),
    /// The database lost a race between transactions; the store runs it again before anybody sees this.
    Contended(String),
    /// A fault of the program or of its data; the text is for the log only.
    Internal(String),
}

impl Error {
    /// A refusal with the message `key`.
    #[must_use]
    pub fn refused(key: &'static str) -> Self {
        Self::Refused(Message::new(key))
    }

    /// One wrong field with the message `key`.
    #[must_use]
    pub fn invalid(field: &'static str, key: &'static str) -> Self {
        Self::Invalid(vec![FieldError::new(field, key)])
    }

    /// An internal fault with a text for the log.
    #[must_use]
    pub fn internal(text: impl fmt::Display) -> Self {
        Self::Internal(text.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(message) => write!(f, "refused: {message}"),
            Self::NotFound => f.write_str("not found"),
            Self::Conflict => f.write_str("changed by somebody else in the meantime"),
            Self::Invalid(errors) => {
                f.write_str("invalid:")?;
                errors.iter().try_for_each(|e| write!(f, " {} ({})", e.field, e.message))
            }
            Self::Unavailable(text) => write!(f, "unavailable: {text}"),
            Self::Contended(text) => write!(f, "lost a race: {text}"),
            Self::Internal(text) => write!(f, "internal: {text}"),
        }
    }
}

impl std::error::Error for Error {}
