//! A policy document as it is written (`policies.toml`) and as a value: read with the line where it goes wrong, written so
//! that it reads back the same.

use crate::domain::limit::Limit;
use crate::domain::policy::{Known, Policies};
use crate::error::{Error, Message, Result};
use crate::store::reference::Reference;

/// Why a text is no policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The line it goes wrong in, from 1; `None`: the document as a whole.
    pub line: Option<usize>,
    /// As a sentence for people.
    pub message: Message,
    /// As a sentence for the log and the command line.
    pub sentence: String,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.sentence),
            None => f.write_str(&self.sentence),
        }
    }
}

/// Reads and checks a document.
///
/// # Errors
/// What is wrong, and where.
pub fn read(text: &str, reference: &Reference, ceiling_days: u32) -> std::result::Result<Policies, Unreadable> {
    let policies = parse(text)?;
    check(&policies, reference, ceiling_days).map_err(|fault| Unreadable {
        line: fault.policy.as_deref().and_then(|code| line_of_policy(text, code)),
        message: fault.message(),
        sentence: fault.to_string(),
    })?;
    Ok(policies)
}

/// Reads a document that is not checked against an agency.
///
/// # Errors
/// What is wrong, and where.
pub fn parse(text: &str) -> std::result::Result<Policies, Unreadable> {
    toml::from_str(text).map_err(|e| {
        let sentence = e.message().lines().collect::<Vec<_>>().join(" ");
        let line = e.span().map(|span| text.as_bytes().iter().take(span.start).filter(|b| **b == b'\n').count() + 1);
        Unreadable { line, message: told(&sentence), sentence }
    })
}

/// Checks a document against the agency's categories and speed classes.
///
/// # Errors
/// The first mistake.
pub fn check(
    policies: &Policies,
    reference: &Reference,
    ceiling_days: u32,
) -> std::result::Result<(), crate::domain::policy::PolicyFault> {
    let categories: Vec<&str> = reference.categories.iter().map(|c| c.code.as_str()).collect();
    let classes: Vec<(&str, Limit)> = reference.speed_classes.iter().map(|c| (c.code.as_str(), c.limit)).collect();
    policies.check(Known { categories: &categories, speed_classes: &classes }, ceiling_days)
}

/// The document as text.
///
/// # Errors
/// `Internal` when it cannot be written, which only a fault of the program explains.
pub fn write(policies: &Policies) -> Result<String> {
    toml::to_string_pretty(policies).map_err(Error::internal)
}

/// What the reader of the format says, in the words of the message files as far as it is one of the usual mistakes.
fn told(sentence: &str) -> Message {
    let quoted = |mark: char| sentence.split(mark).nth(1).unwrap_or_default().to_owned();
    if sentence.starts_with("unknown field") {
        Message::new("policy-text-unknown-key").with("key", quoted('`'))
    } else if sentence.starts_with("missing field") {
        Message::new("policy-text-missing-key").with("key", quoted('`'))
    } else if sentence.starts_with("unknown variant") {
        Message::new("policy-text-unknown-word").with("word", quoted('`'))
    } else if sentence.contains("is not a limit") || sentence.contains("is too long a limit") {
        Message::new("policy-text-limit").with("text", quoted('"'))
    } else if sentence.contains("is no time of a warning") {
        Message::new("policy-text-when").with("text", quoted('"'))
    } else {
        Message::new("policy-text-unreadable").with("why", sentence)
    }
}

fn line_of_policy(text: &str, code: &str) -> Option<usize> {
    let stands = |line: &str| {
        let value = line.trim().strip_prefix("code").and_then(|rest| rest.trim_start().strip_prefix('='));
        value.is_some_and(|value| value.trim().trim_start_matches(['"', '\'']).starts_with(code))
    };
    text.lines().position(stands).map(|at| at + 1)
}
