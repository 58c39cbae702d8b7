//! Every mailbox once, for the job `fetch`: beside a running server that attends to them it finds them taken and leaves
//! them alone.

use super::connect;
use super::fault::Fault;
use super::keep::note;
use super::lease;
use super::pass::Pass;
use super::settings::Account;
use crate::app::App;
use crate::error::{Error, Message, Result};

/// Looks at every mailbox.
///
/// # Errors
/// `Unavailable` when one of them could not be read to its end; the others were read.
pub fn once(app: &App) -> Result<Message> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::internal)?;
    runtime.block_on(async {
        let (mut fetched, mut elsewhere, mut failed) = (0, 0, Vec::new());
        for account in app.mailboxes.iter() {
            match mailbox(app, account).await? {
                Some(Ok(number)) => fetched += number,
                Some(Err(fault)) => failed.push(format!("mailbox {}: {fault}", account.name)),
                None => elsewhere += 1,
            }
        }
        if failed.is_empty() {
            let message = Message::new("job-result-fetch").with("number", fetched.to_string());
            return Ok(message.with("elsewhere", elsewhere.to_string()));
        }
        Err(Error::Unavailable(failed.join("; ")))
    })
}

/// One mailbox; `None` when a server attends to it.
async fn mailbox(app: &App, account: &Account) -> Result<Option<std::result::Result<usize, Fault>>> {
    let Some(held) = lease::take(app, account).await? else { return Ok(None) };
    let looked = tokio::select! {
        looked = look(app, account) => looked,
        () = lease::keep(app, &held) => Err(Fault::Ledger("another node has taken the mailbox over".into())),
    };
    lease::release(app, held).await;
    if let Err(fault) = &looked {
        note(app, account, fault).await;
    }
    Ok(Some(looked))
}

async fn look(app: &App, account: &Account) -> std::result::Result<usize, Fault> {
    let (mut session, able) = connect::open(app, account).await?;
    let looked = Pass::begin(app, account, &mut session, able).await?.look(&mut session, || false).await?;
    connect::close(session).await;
    looked.trouble.map_or(Ok(looked.fetched), Err)
}
