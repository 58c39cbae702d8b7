//! `chenqing audit`: is the history whole and unchanged, and are the folded months what a full count finds.

use std::path::Path;

use clap::{Args, Subcommand};

use crate::acts::audit::verify;
use crate::acts::fold_months;
use crate::app::App;

/// Verifies the history of the cases and the folded months.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  chenqing audit verify --json\n  chenqing audit folds")]
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
    /// Counts every folded month in full and compares. Ends with 1 when one differs
    Folds {
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
    let app = super::open(file)?;
    match args.verb {
        AuditVerb::Verify { json } => history(&app, json),
        AuditVerb::Folds { json } => folds(&app, json),
    }
}

fn history(app: &App, json: bool) -> Result<u8, String> {
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

fn folds(app: &App, json: bool) -> Result<u8, String> {
    let bar = indicatif::ProgressBar::new_spinner();
    let checked = fold_months::check(&app.office, |month| bar.set_message(month.to_string()));
    let (months, faults) = checked.map_err(|e| e.to_string())?;
    bar.finish_and_clear();
    if json {
        let faults: Vec<serde_json::Value> = faults
            .iter()
            .map(|f| serde_json::json!({ "month": f.month, "folded": f.folded, "counted": f.counted }))
            .collect();
        println!("{}", serde_json::json!({ "months": months, "faults": faults }));
    } else {
        for fault in &faults {
            println!(
                "FAULT {} is folded as {:?} and counts {:?}",
                fault.month, fault.folded.total, fault.counted.total
            );
        }
        println!("{months} folded months, {} differ from a full count", faults.len());
    }
    Ok(u8::from(!faults.is_empty()))
}
