//! What came of a job's last run, as its lease keeps it: a message's key and arguments, so that each reader has it in
//! their own language. Texts of earlier versions are shown as they are.

use serde_json::{Map, Value, json};

use crate::error::{Message, Result};

/// The message of a run that failed.
pub const FAILED: &str = "job-result-failed";

/// The outcome as it is stored.
#[must_use]
pub fn stored(result: &Result<Message>) -> String {
    let message = match result {
        Ok(message) => message.clone(),
        Err(e) => Message::new("job-result-failed").with("error", e.to_string()),
    };
    let args: Map<String, Value> = message.args.iter().map(|(name, value)| ((*name).into(), json!(value))).collect();
    json!({ "key": message.key, "args": args }).to_string()
}

/// A stored outcome: key and arguments of a message, or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A message.
    Message(String, Map<String, Value>),
    /// What an earlier version wrote.
    Text(String),
}

impl Outcome {
    /// Reads what [`stored`] wrote, or was written before there were messages.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        match (value["key"].as_str(), value["args"].as_object()) {
            (Some(key), Some(args)) => Self::Message(key.to_owned(), args.clone()),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// Whether the run failed.
    #[must_use]
    pub fn failed(&self) -> bool {
        match self {
            Self::Message(key, _) => key == FAILED,
            Self::Text(text) => text.starts_with("failed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn an_outcome_comes_back_as_it_was() {
        let sent = Message::new("job-result-closing").with("number", "3");
        let args = json!({ "number": "3" }).as_object().cloned().unwrap();
        assert_eq!(Outcome::read(&stored(&Ok(sent))), Outcome::Message("job-result-closing".into(), args));
        let failed = Outcome::read(&stored(&Err(Error::internal("no disk"))));
        assert!(failed.failed());
        assert_eq!(Outcome::read("3 sent, 0 later"), Outcome::Text("3 sent, 0 later".into()));
        assert!(Outcome::read("failed: no disk").failed());
        assert!(!Outcome::read("").failed() && !Outcome::read("7").failed());
    }
}
