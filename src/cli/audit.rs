//! `chenqing audit verify`: is the history whole and unchanged.

use std::path::Path;

use clap::{Args, Subcommand};

use crate::acts::audit::verify;

/// Verifies the history of the cases.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  chenqing audit verify --json")]
pub struct AuditArgs {
    #[command(subcommand)]
    verb: AuditVerb,
}

#[derive(Subcommand, Debug)]
enum AuditVerb {
    /// Checks every chain, every seal and every gap. Ends with 1 when something was changed
    Verify {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the verb.
///
/// # Errors
/// One sentence when the database cannot be read.
pub fn run(args: &AuditArgs, file: Option<&Path>) -> Result<u8, String> {
    let AuditVerb::Verify { json } = args.verb;
    let app = super::open(file)?;
    let bar = indicatif::ProgressBar::new_spinner();
    let found = verify(&app.office, |events| bar.set_message(format!("{events} events"))).map_err(|e| e.to_string())?;
    bar.finish_and_clear();
    if json {
        println!("{}", serde_json::to_string_pretty(&found).map_err(|e| e.to_string())?);
    } else {
        println!("{} events of {} cases, {} seals", found.events, found.cases, found.seals);
        match found.unsealed_since {
            Some(since) => println!("{} histories wait for their seal, the oldest since {since}", found.unsealed),
            None => println!("every history is sealed"),
        }
        for fault in &found.first_faults {
            println!("FAULT {fault}");
        }
        println!(
            "{}",
            if found.faults == 0 { "The history is whole.".to_owned() } else { format!("{} fault(s).", found.faults) }
        );
    }
    Ok(u8::from(found.faults > 0))
}
