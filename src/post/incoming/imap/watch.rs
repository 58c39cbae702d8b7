//! A standing connection: the folder is looked at, then the server is asked to tell of news (IDLE, RFC 2177), or is asked
//! again after a while. IDLE ends by itself after the same while, so that a dead connection is noticed.

use std::time::Duration;

use async_imap::types::UnsolicitedResponse;
use tokio::sync::watch::Receiver;

use super::connect::{self, ANSWER, Open};
use super::fault::{Fault, within};
use super::pass::Pass;
use super::settings::Account;
use crate::app::App;

/// Attends to a mailbox until told to stop. `well` is called after each look that went well.
///
/// # Errors
/// What ended the connection.
pub async fn attend(
    app: &App,
    account: &Account,
    stop: &mut Receiver<bool>,
    mut well: impl FnMut(),
) -> Result<(), Fault> {
    let (mut session, able) = connect::open(app, account).await?;
    let mut pass = Pass::begin(app, account, &mut session, able).await?;
    while !*stop.borrow() {
        drain(&session);
        let looked = pass.look(&mut session, || *stop.borrow()).await?;
        if looked.trouble.is_none() {
            well();
        }
        // What came while we looked may be told only once.
        if looked.trouble.is_none() && drain(&session) {
            continue;
        }
        session = wait(session, account, able.idle, stop).await?;
    }
    connect::close(session).await;
    Ok(())
}

/// Waits for news, or for the next look; ends at once when told to stop.
async fn wait(mut session: Open, account: &Account, can_idle: bool, stop: &mut Receiver<bool>) -> Result<Open, Fault> {
    let pause = Duration::from_secs(account.poll_seconds);
    if !(account.idle && can_idle) {
        pause_or_stop(pause, stop).await;
        return Ok(session);
    }
    drain(&session);
    let told = session.unsolicited_responses.clone();
    let mut idle = session.idle();
    within(ANSWER, idle.init()).await?;
    // A message that came between look and IDLE is told before IDLE begins.
    if !std::iter::from_fn(|| told.try_recv().ok()).any(|one| is_news(&one)) {
        let (news, _interrupt) = idle.wait_with_timeout(pause);
        tokio::select! {
            heard = tokio::time::timeout(pause, news) => { if let Ok(heard) = heard { heard?; } }
            _ = stop.changed() => {}
        }
    }
    session = within(ANSWER, idle.done()).await?;
    Ok(session)
}

/// Sleeps; `true` when told to stop.
pub async fn pause_or_stop(pause: Duration, stop: &mut Receiver<bool>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        _ = stop.changed() => {}
    }
    *stop.borrow()
}

/// Takes what the server told by the way; whether new messages are among it.
fn drain(session: &Open) -> bool {
    let mut news = false;
    while let Ok(told) = session.unsolicited_responses.try_recv() {
        news |= is_news(&told);
    }
    news
}

fn is_news(told: &UnsolicitedResponse) -> bool {
    matches!(told, UnsolicitedResponse::Exists(_))
}
