//! What an operator is told of a mailbox by `chenqing check`: log-in, folders, what the server can do.

use super::connect::{self, ANSWER, Abilities, Open};
use super::fault::{Fault, within};
use super::folder::encoded;
use super::settings::{Account, Login, Processed};
use crate::app::App;
use crate::post::outgoing::Tls;

/// Logs in and looks at the folders; changes nothing.
///
/// # Errors
/// One sentence: which mailbox, what failed.
pub fn check(app: &App, account: &Account) -> Result<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| format!("the runtime cannot start: {e}"))?;
    let name = format!("{} ({}:{})", account.name, account.host, account.port);
    runtime.block_on(looked_at(app, account)).map(|told| format!("{name}: {told}")).map_err(|e| format!("{name}: {e}"))
}

async fn looked_at(app: &App, account: &Account) -> Result<String, String> {
    let (mut session, able) = connect::open(app, account).await.map_err(|fault| fault.to_string())?;
    if let Processed::Move(to) = &account.processed {
        examined(&mut session, to).await?;
    }
    let messages = examined(&mut session, &account.folder).await?;
    connect::close(session).await;
    let encrypted = if account.tls == Tls::Never { "not encrypted" } else { "encrypted" };
    let by = if matches!(account.login, Login::Oauth2(_)) { "logged in by OAuth 2.0" } else { "logged in" };
    Ok(format!("{encrypted}, {by}, {messages} message(s) in {}, {}", account.folder, abilities(account, able)))
}

/// The number of messages in a folder.
async fn examined(session: &mut Open, folder: &str) -> Result<u32, String> {
    match within(ANSWER, session.examine(encoded(folder))).await {
        Ok(found) if found.uid_validity.is_none() => Err(format!("the folder {folder} has no lasting UIDs")),
        Ok(found) => Ok(found.exists),
        Err(Fault::Refused(said)) => Err(format!("the folder {folder} cannot be opened: {said}")),
        Err(fault) => Err(fault.to_string()),
    }
}

fn abilities(account: &Account, able: Abilities) -> String {
    let news = match (account.idle, able.idle) {
        (true, true) => "tells of new mail at once (IDLE)".to_owned(),
        (true, false) => format!("cannot tell of new mail (no IDLE): asked every {} s", account.poll_seconds),
        (false, _) => format!("asked every {} s", account.poll_seconds),
    };
    let stays = "; it lacks UIDPLUS: messages stay there, flagged as deleted";
    let removed = able.uidplus || matches!(account.processed, Processed::Flag);
    let removed = removed || (able.moves && matches!(account.processed, Processed::Move(_)));
    if removed { news } else { news + stays }
}
