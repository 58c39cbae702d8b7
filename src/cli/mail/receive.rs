//! `chenqing mail receive`: one raw message from standard input into the ledger, for the pipe of a mail server. Whatever is
//! in the way, the mail server is told to keep the message and to try again: it has it still.

use std::io::{Read as _, Write, stderr, stdin};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use clap::Args;

use crate::acts::mail_stored::store;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::keys::random_word;
use crate::post::incoming::intake;

/// The mail server is to try again (`EX_TEMPFAIL` of sysexits.h).
const LATER: u8 = 75;
/// Database connections: one to write, one to read.
const CONNECTIONS: u32 = 2;

/// Takes one raw message from standard input. It is safely in the ledger when this ends with 0; it is then read and
/// decided at once, or by the running server.
#[derive(Args, Debug)]
#[command(after_help = "\
Example (Postfix, master.cf):
  chenqing unix - n n - 4 pipe flags=DORhu user=chenqing argv=/usr/bin/chenqing --config /etc/chenqing.toml mail receive

Exit codes: 0 the message is in the ledger, 75 it is not: the mail server keeps it and tries again.")]
pub struct ReceiveArgs {}

/// Runs the verb: 0 or [`LATER`], and nothing else.
#[must_use]
pub fn run(file: Option<&Path>) -> u8 {
    let done =
        catch_unwind(AssertUnwindSafe(|| receive(file))).unwrap_or_else(|_| Err("a fault of the program".into()));
    match done {
        Ok(()) => 0,
        Err(sentence) => {
            let _ = writeln!(stderr(), "chenqing: the message was not taken and has to be sent again: {sentence}");
            LATER
        }
    }
}

fn receive(file: Option<&Path>) -> Result<(), String> {
    let mut bytes = Vec::new();
    stdin().lock().read_to_end(&mut bytes).map_err(|e| format!("standard input: {e}"))?;
    let mut config = Config::load(file)?;
    super::super::start_log(&config.log);
    super::super::migrated(&config)?;
    config.database.pool = config.database.pool.min(CONNECTIONS);
    let app = App::build(config, Clock::System)?;
    let reference = random_word::<10>().map_err(|e| e.to_string())?;
    let now = app.clock.now();
    let stored = store(&app.office, &app.files, now, "pipe", &reference, &bytes).map_err(|e| e.to_string())?;
    // From here on it is safe; what is in the way now the running server meets again, and lays down.
    let taken = catch_unwind(AssertUnwindSafe(|| intake::one(&app, now, stored.message_id)));
    if !matches!(taken, Ok(Ok(_))) {
        tracing::warn!(message = stored.message_id, "the message is stored and not taken in yet");
    }
    Ok(())
}
