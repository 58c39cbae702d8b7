//! The lease of a mailbox: one fetcher over all nodes. It is renewed while a connection stands; when its node dies, another
//! goes on after it has run out.

use std::time::Duration;

use super::pass::blocking;
use super::settings::Account;
use crate::app::App;
use crate::error::Result;
use crate::keys::random_word;
use crate::store::leases;

/// Seconds a lease stands without being renewed.
const SECONDS: i64 = 60;
/// Between renewals; two may fail.
const RENEWED: Duration = Duration::from_secs(20);
/// Until a mailbox that another node has is asked for again.
pub const ASKED_AGAIN: Duration = Duration::from_secs(15);

/// A lease that is held.
pub struct Held {
    name: String,
    epoch: i64,
}

/// Takes the lease of a mailbox; `None` when another node has it.
///
/// # Errors
/// Of the database.
pub async fn take(app: &App, account: &Account) -> Result<Option<Held>> {
    let name = format!("fetch:{}", account.name);
    let (holder, now) = (random_word::<10>()?, app.clock.now());
    let until = now.plus_seconds(SECONDS);
    let asked = name.clone();
    let epoch =
        blocking(app, move |app| app.office.store.write(move |db| leases::take(db, &asked, &holder, now, until)))
            .await?;
    Ok(epoch.map(|epoch| Held { name, epoch }))
}

/// Keeps the lease; returns when another node has it.
pub async fn keep(app: &App, held: &Held) {
    let mut missed = 0;
    loop {
        tokio::time::sleep(RENEWED).await;
        let (name, epoch) = (held.name.clone(), held.epoch);
        let until = app.clock.now().plus_seconds(SECONDS);
        let renewed =
            blocking(app, move |app| app.office.store.write(move |db| leases::renew(db, &name, epoch, until)));
        match renewed.await {
            Ok(true) => missed = 0,
            Ok(false) => return,
            Err(e) => {
                tracing::warn!(lease = held.name, error = %e, "the lease was not renewed");
                missed += 1;
                // Without the database nothing is fetched either, and the lease has run out.
                if missed > 2 {
                    return;
                }
            }
        }
    }
}

/// Gives the lease back.
pub async fn release(app: &App, held: Held) {
    let now = app.clock.now();
    let released = blocking(app, move |app| {
        app.office.store.write(move |db| leases::release(db, &held.name, held.epoch, now, ""))
    });
    if let Err(e) = released.await {
        tracing::warn!(error = %e, "a lease was not given back; it runs out by itself");
    }
}
