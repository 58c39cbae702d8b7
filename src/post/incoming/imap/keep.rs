//! The fetcher of one mailbox in a running server: takes the lease, attends, and when the connection ends, waits and
//! begins again. The wait doubles with each failure and differs by chance, so that many do not come back at once.

use std::time::Duration;

use data_encoding::BASE32_NOPAD;
use tokio::sync::watch::Receiver;

use super::fault::Fault;
use super::lease;
use super::pass::blocking;
use super::settings::Account;
use super::watch::{attend, pause_or_stop};
use crate::app::App;
use crate::keys::random_word;
use crate::store::fetch_states;

/// Seconds of the first wait after a failure, and of the longest.
const FIRST: u64 = 5;
const LONGEST: u64 = 600;
/// Seconds after a refused log-in at least: servers lock accounts out.
const REFUSED: u64 = 300;
/// What a message that is being fetched has to be stored when the process is to end.
const GRACE: Duration = Duration::from_secs(5);

/// Fetches until told to stop.
pub async fn keep(app: App, account: Account, mut stop: Receiver<bool>) {
    let mut failures = 0;
    while !*stop.borrow() {
        let held = match lease::take(&app, &account).await {
            Ok(Some(held)) => held,
            Ok(None) => {
                pause_or_stop(lease::ASKED_AGAIN, &mut stop).await;
                continue;
            }
            Err(e) => {
                tracing::warn!(mailbox = account.name, error = %e, "the mailbox's lease cannot be asked for");
                pause_or_stop(lease::ASKED_AGAIN, &mut stop).await;
                continue;
            }
        };
        let mut told = stop.clone();
        let ended = tokio::select! {
            ended = attend(&app, &account, &mut told, || failures = 0) => ended,
            () = lease::keep(&app, &held) => {
                tracing::warn!(mailbox = account.name, "another node has taken the mailbox over");
                continue;
            }
            () = overtime(stop.clone()) => Ok(()),
        };
        lease::release(&app, held).await;
        if let Err(fault) = ended {
            failures += 1;
            let seconds = wait_seconds(&fault, failures, chance());
            tracing::warn!(mailbox = account.name, %fault, seconds, "the mailbox is not read; trying again after a wait");
            note(&app, &account, &fault).await;
            pause_or_stop(Duration::from_secs(seconds), &mut stop).await;
        }
    }
}

/// Over when the process is to end and the grace is gone.
async fn overtime(mut stop: Receiver<bool>) {
    // Without a sender there is nobody left to serve.
    let _ = stop.wait_for(|stop| *stop).await;
    tokio::time::sleep(GRACE).await;
}

/// Stores why the mailbox is not read.
pub(super) async fn note(app: &App, account: &Account, fault: &Fault) {
    let (name, place, error, now) = (account.name.clone(), account.place(), fault.to_string(), app.clock.now());
    let noted = blocking(app, move |app| {
        app.office.store.write(move |db| fetch_states::failed(db, &name, &place, now, &error))
    });
    if let Err(e) = noted.await {
        tracing::warn!(mailbox = account.name, error = %e, "the failure could not be noted");
    }
}

/// Seconds until the next attempt: doubled with each failure, shortened by up to a quarter. `chance` is any byte.
fn wait_seconds(fault: &Fault, failures: u32, chance: u8) -> u64 {
    let whole = FIRST.saturating_mul(2_u64.saturating_pow(failures.clamp(1, 20) - 1)).min(LONGEST);
    let whole = if fault.lasts() { whole.max(REFUSED) } else { whole };
    whole - whole * u64::from(chance) / 255 / 4
}

/// A byte by chance; without chance the waits are merely alike.
fn chance() -> u8 {
    random_word::<1>()
        .ok()
        .and_then(|word| BASE32_NOPAD.decode(word.to_ascii_uppercase().as_bytes()).ok())
        .and_then(|bytes| bytes.first().copied())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_ten_minutes_less_a_quarter_at_most() {
        for (failures, whole) in (1..).zip([5, 10, 20, 40, 80, 160, 320, 600, 600]) {
            for chance in [0, 1, 128, 255] {
                let wait = wait_seconds(&Fault::Silent, failures, chance);
                assert!((whole - whole / 4..=whole).contains(&wait), "{failures} {chance}: {wait}");
            }
        }
        assert!(wait_seconds(&Fault::Silent, u32::MAX, 255) >= 450);
    }

    #[test]
    fn a_refused_log_in_is_not_tried_again_soon() {
        for fault in [Fault::Login("no".into()), Fault::Token("no".into())] {
            assert!(wait_seconds(&fault, 1, 255) >= 225);
        }
    }
}
