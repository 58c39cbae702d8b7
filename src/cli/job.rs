//! `chenqing job`: runs a job by hand, under the same lease as the running server.

use std::path::Path;

use clap::Args;

use crate::jobs::{self, JOBS};
use crate::web::state::Web;

/// Runs one of the jobs now, or lists them. A job that a server is running at this moment is left to it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  chenqing job\n  chenqing job outbox")]
pub struct JobArgs {
    /// The job's name; without it, the jobs are listed
    name: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// One sentence: an unknown job, or why it failed.
pub fn run(args: &JobArgs, file: Option<&Path>) -> Result<u8, String> {
    let Some(name) = &args.name else {
        for job in JOBS {
            println!("{:<14} {}", job.name, job.what);
        }
        return Ok(0);
    };
    let job = JOBS
        .iter()
        .find(|job| job.name == name)
        .ok_or_else(|| format!("there is no job {name:?}; `chenqing job` lists them"))?;
    let app = super::open(file)?;
    match jobs::run_once(&app, job) {
        jobs::Ran::Done(result) => println!("{name}: {}", Web::new(app)?.text("en", &result)),
        jobs::Ran::Elsewhere => println!("{name}: another process is running it"),
        jobs::Ran::Failed(e) => return Err(format!("{name} failed: {e}")),
    }
    Ok(0)
}
