//! The fetchers of a running server: a task for each mailbox, from start to stop.

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;
use crate::post::incoming::imap;

/// The running fetchers.
pub struct Fetchers {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Fetchers {
    /// Starts one for each mailbox of the configuration.
    #[must_use]
    pub fn start(app: &App) -> Self {
        let (stop, told) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for account in app.mailboxes.iter() {
            tasks.spawn(imap::keep(app.clone(), account.clone(), told.clone()));
        }
        Self { stop, tasks }
    }

    /// Stops them and waits until they have: a message that is being fetched is stored first, or left for the next time.
    pub async fn stop(&mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(e) = ended {
                tracing::warn!(error = %e, "a fetcher did not stop cleanly");
            }
        }
    }
}
