//! The command line: one file a verb.

pub mod calendar_text;
pub mod deadline;
mod deadline_answer;
mod deadline_lines;
