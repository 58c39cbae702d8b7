//! The domain's rules: deadlines from the sample agency's own calendar, file formats, and properties that hold for
//! every zone and calendar.

#![allow(clippy::unwrap_used, reason = "a test stops at the first fault, in its helpers too")]

mod agency_files;
mod asking;
mod calendar_file;
mod deadline;
mod deadline_batch;
mod deadline_cli;
mod deadline_edges;
mod deadline_oracle;
mod deadline_properties;
mod deadline_rules;
mod deadline_zones;
mod figures;
mod policy;
mod support;
