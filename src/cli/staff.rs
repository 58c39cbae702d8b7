//! `chenqing staff`: accounts.

use std::path::Path;

use clap::{Args, Subcommand};

use crate::acts::add_staff::{NewAccount, add_staff};
use crate::domain::staff::Role;

/// Accounts of staff.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  chenqing staff add --username lin --name 林登記 --unit secretariat --role registrar --email lin@agency.example.tw"
)]
pub struct StaffArgs {
    #[command(subcommand)]
    verb: StaffVerb,
}

#[derive(Subcommand, Debug)]
enum StaffVerb {
    /// Adds an account; a first password is printed once and must be changed at the first log-in
    Add(AddArgs),
    /// Lists the accounts
    List {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args, Debug)]
struct AddArgs {
    /// Name to sign in with
    #[arg(long)]
    username: String,
    /// Name as letters show it
    #[arg(long)]
    name: String,
    /// Code of the unit
    #[arg(long)]
    unit: String,
    /// Role; may be given several times: registrar, handler, supervisor, control_officer, manager, administrator, auditor
    #[arg(long = "role", required = true)]
    roles: Vec<String>,
    /// Address for notices
    #[arg(long)]
    email: String,
    /// Telephone as letters show it
    #[arg(long, default_value = "")]
    phone: String,
}

/// Runs the verb.
///
/// # Errors
/// One sentence: what is wrong with the account.
pub fn run(args: &StaffArgs, file: Option<&Path>) -> Result<u8, String> {
    let app = super::open(file)?;
    match &args.verb {
        StaffVerb::Add(args) => {
            let roles = args
                .roles
                .iter()
                .map(|code| Role::parse(code).ok_or_else(|| format!("there is no role {code:?}")))
                .collect::<Result<Vec<_>, _>>()?;
            let account = NewAccount {
                username: args.username.clone(),
                name: args.name.clone(),
                unit: args.unit.clone(),
                roles,
                email: args.email.clone(),
                phone: args.phone.clone(),
            };
            let password = add_staff(&app.office, app.clock.now(), &account, None)
                .map_err(|e| format!("the account cannot be added: {e}"))?;
            println!("Account {} is ready. First password, shown only now: {password}", args.username);
        }
        StaffVerb::List { json } => list(&app, *json)?,
    }
    Ok(0)
}

fn list(app: &crate::app::App, json: bool) -> Result<(), String> {
    let (rows, reference) = app
        .office
        .store
        .read(|db| Ok((crate::store::staff::all(db)?, app.office.reference(db)?)))
        .map_err(|e| e.to_string())?;
    let unit = |id: i64| reference.units.get(id).map(|u| u.code.clone()).unwrap_or_default();
    if json {
        let list: Vec<_> = rows
            .iter()
            .map(|r| {
                serde_json::json!({
                    "username": r.username, "name": r.name, "unit": unit(r.unit_id), "roles": r.roles,
                    "active": r.active, "last_login_at": r.last_login_at,
                })
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&list).map_err(|e| e.to_string())?);
        return Ok(());
    }
    for row in rows {
        let state = if row.active { "" } else { " (off)" };
        println!("{:<20} {:<16} {:<40} {}{state}", row.username, unit(row.unit_id), row.roles, row.name);
    }
    Ok(())
}
