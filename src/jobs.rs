//! The cron table: what runs when. Letters do not wait for a tick: the store's bell rings when an act that owes some is
//! committed, and one task delivers whenever it hears it; the tick rings it too. The scheduler is a metronome only; runs go
//! through a lease in the database (or claim what they work on row by row), so that overruns, missed ticks and second nodes
//! do no harm, and every job looks for what is due and may run again.

mod fetchers;
mod leased;
pub mod outcome;
mod saved_reports;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::JoinHandle;
use tokio_cron_scheduler::{Job as CronJob, JobScheduler, JobSchedulerError};

use crate::acts::{
    calendar_missing, clean, close, collect, digest, expire, fetch_overdue, fold_months, mail_check, recompute,
    remeasure, remind, seal, standing, unusual, watch, weekly_list,
};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::config::Jobs;
use crate::domain::time::Moment;
use crate::error::{Error, Message, Result};
use crate::post::incoming::{imap, intake};
use crate::post::{Post, deliver};
use crate::reports::year_end;
use crate::store::Bell;
use fetchers::Fetchers;

use leased::side_by_side;
pub use leased::under_lease;

/// The job that is run when the bell rings.
const OUTBOX: &str = "outbox";
/// Microseconds that a write of many cases may take.
const WRITE_MICROS: u64 = 20_000;

/// A job: its name, its cron line in the configuration, what it does.
pub struct Job {
    /// Name, also of its lease and its key in `[jobs]`.
    pub name: &'static str,
    /// In words.
    pub what: &'static str,
    /// Seconds after which another node may take it over when this one died; while it runs they begin anew. `None` where
    /// nodes work side by side, because each claims what it works on.
    pub lease_seconds: Option<i64>,
    cron: fn(&Jobs) -> &str,
    act: fn(&App, Moment) -> Result<Message>,
}

impl Job {
    /// Its cron line: six fields, seconds first, in UTC.
    #[must_use]
    pub fn schedule<'a>(&self, config: &'a Jobs) -> &'a str {
        (self.cron)(config)
    }
}

/// Every job of the program.
pub const JOBS: &[Job] = &[
    Job {
        name: OUTBOX,
        what: "delivers the letters that wait",
        lease_seconds: None,
        cron: |c| &c.outbox,
        act: |app, _| {
            let done = deliver(&app.post, &app.clock)?;
            let message = Message::new("job-result-outbox").with("sent", done.sent.len().to_string());
            Ok(message.with("later", done.later.to_string()).with("failed", done.failed.len().to_string()))
        },
    },
    Job {
        name: "fetch",
        what: "fetches every mailbox once that no server attends to",
        lease_seconds: Some(900),
        cron: |c| &c.fetch,
        act: |app, _| imap::once(app),
    },
    Job {
        name: "fetch_overdue",
        what: "tells administrators of a mailbox that is not read, or of a message too large to fetch",
        lease_seconds: Some(300),
        cron: |c| &c.fetch_overdue,
        act: |app, now| {
            let mailboxes = &app.config.mail.incoming.imap;
            counted("job-result-fetch-overdue", fetch_overdue::warn(&app.office, mailboxes, now))
        },
    },
    Job {
        name: "deadlines",
        what: "warns of cases due soon and overdue",
        lease_seconds: Some(300),
        cron: |c| &c.deadlines,
        act: |app, now| counted("job-result-deadlines", watch::watch(&app.office, now)),
    },
    Job {
        name: "digest",
        what: "gathers the morning's warnings into one letter a person",
        lease_seconds: Some(600),
        cron: |c| &c.digest,
        act: |app, now| counted("job-result-letters", digest::digest(&app.office, now)),
    },
    Job {
        name: "weekly_list",
        what: "mails control officers and supervisors the week's list of overdue cases",
        lease_seconds: Some(600),
        cron: |c| &c.weekly_list,
        act: |app, now| counted("job-result-letters", weekly_list::weekly_list(&app.office, now)),
    },
    Job {
        name: "standing",
        what: "moves the dates of cases whose clock stands still",
        lease_seconds: Some(900),
        cron: |c| &c.standing,
        act: |app, now| counted("job-result-standing", standing::standing(&app.office, now)),
    },
    Job {
        name: "recompute",
        what: "measures open cases anew after the calendar changed",
        lease_seconds: Some(900),
        cron: |c| &c.recompute,
        act: |app, now| {
            let done = recompute::recompute(&app.office, now, || {
                let watch = Stopwatch::start();
                Box::new(move || watch.micros() > WRITE_MICROS)
            })?;
            Ok(Message::new("job-result-recompute")
                .with("measured", done.measured.to_string())
                .with("later", done.later.to_string())
                .with("waiting", done.waiting.to_string()))
        },
    },
    Job {
        name: "calendar_missing",
        what: "tells administrators of a year without a calendar",
        lease_seconds: Some(300),
        cron: |c| &c.calendar_missing,
        act: |app, now| counted("job-result-calendar-missing", calendar_missing::warn(&app.office, now)),
    },
    Job {
        name: "expiry",
        what: "reminds of unconfirmed submissions and marks those that ran out",
        lease_seconds: Some(300),
        cron: |c| &c.expiry,
        act: |app, now| {
            let reminded = remind::remind(&app.office, now)?;
            let expired = expire::expire(&app.office, now)?;
            let message = Message::new("job-result-expiry").with("reminded", reminded.to_string());
            Ok(message.with("expired", expired.to_string()))
        },
    },
    Job {
        name: "closing",
        what: "closes replied cases whose rating link ran out",
        lease_seconds: Some(300),
        cron: |c| &c.closing,
        act: |app, now| counted("job-result-closing", close::close(&app.office, now)),
    },
    Job {
        name: "policies",
        what: "measures open cases by the policy document that is in force for them",
        lease_seconds: Some(600),
        cron: |c| &c.policies,
        act: |app, now| counted("job-result-policies", remeasure::remeasure(&app.office, now, 10_000)),
    },
    Job {
        name: "seal",
        what: "seals the new heads of the history",
        lease_seconds: Some(120),
        cron: |c| &c.seal,
        act: |app, now| counted("job-result-seal", seal::seal(&app.office, now)),
    },
    Job {
        name: "year_package",
        what: "mails last year's figures to the managers, once",
        lease_seconds: Some(900),
        cron: |c| &c.year_package,
        act: |app, now| year_end::sweep(&app.office, &app.config.jobs.year_package_from, now),
    },
    Job {
        name: "fold_months",
        what: "counts the sums of months that are over, once",
        lease_seconds: Some(900),
        cron: |c| &c.fold_months,
        act: |app, now| counted("job-result-fold-months", fold_months::fold_months(&app.office, now)),
    },
    Job {
        name: "unusual",
        what: "tells managers of numbers that left their usual range, once",
        lease_seconds: Some(900),
        cron: |c| &c.unusual,
        act: |app, now| counted("job-result-unusual", unusual::unusual(&app.office, &app.config.figures, now)),
    },
    Job {
        name: "saved_reports",
        what: "mails the saved reports that are due",
        lease_seconds: Some(900),
        cron: |c| &c.saved_reports,
        act: saved_reports::send_due,
    },
    Job {
        name: "cleaning",
        what: "deletes what has served: old keys, sessions, unconfirmed submissions",
        lease_seconds: Some(900),
        cron: |c| &c.cleaning,
        act: |app, now| {
            counted("job-result-cleaning", clean::clean(&app.office, now, app.config.mail.incoming.spam_days))
        },
    },
    Job {
        name: "incoming",
        what: "takes in the mail that came in",
        lease_seconds: Some(900),
        cron: |c| &c.incoming,
        act: |app, now| counted("job-result-incoming", intake::all(app, now)),
    },
    Job {
        name: "mail_check",
        what: "tells administrators of incoming mail that waits too long",
        lease_seconds: Some(300),
        cron: |c| &c.mail_check,
        act: |app, now| counted("job-result-letters", mail_check::mail_check(&app.office, now)),
    },
    Job {
        name: "files",
        what: "deletes files that nothing refers to",
        lease_seconds: Some(900),
        cron: |c| &c.files,
        act: |app, now| {
            let gone = collect::collect(&app.office.store, &app.files, now)?;
            let message = Message::new("job-result-files").with("files", gone.files.to_string());
            Ok(message.with("halves", gone.halves.to_string()))
        },
    },
];

/// A number of things done, as a message.
fn counted(key: &'static str, number: Result<usize>) -> Result<Message> {
    number.map(|number| Message::new(key).with("number", number.to_string()))
}

/// What came of a run.
pub enum Ran {
    /// It ran; its own words.
    Done(Message),
    /// Somebody else holds its lease.
    Elsewhere,
    /// It failed; it is tried again with the next tick.
    Failed(Error),
}

/// Runs a job now if its lease is free, or it needs none.
#[must_use]
pub fn run_once(app: &App, job: &Job) -> Ran {
    let (store, clock) = (&app.office.store, &app.clock);
    let work = |now| (job.act)(app, now);
    let ran = match job.lease_seconds {
        Some(seconds) => under_lease(store, clock, job.name, seconds, work),
        None => side_by_side(store, clock, job.name, work).map(Some),
    };
    match ran {
        Ok(Some(result)) => Ran::Done(result),
        Ok(None) => Ran::Elsewhere,
        Err(e) => Ran::Failed(e),
    }
}

/// The running scheduler.
pub struct Running {
    scheduler: JobScheduler,
    stopping: Arc<AtomicBool>,
    bell: Bell,
    post: Post,
    delivery: JoinHandle<()>,
    fetchers: Fetchers,
}

/// Starts every job at its ticks.
///
/// # Errors
/// One sentence that names a cron line that cannot be read.
pub async fn start(app: &App) -> std::result::Result<Running, String> {
    let scheduler = JobScheduler::new().await.map_err(|e| format!("the scheduler cannot start: {e}"))?;
    let stopping = Arc::new(AtomicBool::new(false));
    let bell = app.office.store.bell().clone();
    for job in JOBS {
        let line = job.schedule(&app.config.jobs).to_owned();
        if job.name == OUTBOX {
            let bell = bell.clone();
            let tick = CronJob::new(line.as_str(), move |_, _| bell.ring()).map_err(|e| unreadable(job, &line, &e))?;
            scheduler.add(tick).await.map_err(|e| format!("jobs.{}: {e}", job.name))?;
            continue;
        }
        let (app, stopping, busy) = (app.clone(), Arc::clone(&stopping), Arc::new(AtomicBool::new(false)));
        let tick = CronJob::new_async(line.as_str(), move |_, _| {
            let (app, stopping, busy) = (app.clone(), Arc::clone(&stopping), Arc::clone(&busy));
            Box::pin(async move {
                // A tick that comes while the last run still works is dropped: the next finds what is left.
                if stopping.load(Ordering::SeqCst) || busy.swap(true, Ordering::SeqCst) {
                    return;
                }
                run(app, job).await;
                busy.store(false, Ordering::SeqCst);
            })
        })
        .map_err(|e| unreadable(job, &line, &e))?;
        scheduler.add(tick).await.map_err(|e| format!("jobs.{}: {e}", job.name))?;
    }
    scheduler.start().await.map_err(|e| format!("the scheduler cannot start: {e}"))?;
    let delivery = tokio::spawn(deliver_when_rung(app.clone(), bell.clone(), Arc::clone(&stopping)));
    let fetchers = Fetchers::start(app);
    Ok(Running { scheduler, stopping, bell, post: app.post.clone(), delivery, fetchers })
}

fn unreadable(job: &Job, line: &str, e: &JobSchedulerError) -> String {
    format!("jobs.{}: {line:?} is no cron line of six fields: {e}", job.name)
}

/// Runs a job on a thread of its own and tells what came of it.
async fn run(app: App, job: &'static Job) {
    match tokio::task::spawn_blocking(move || run_once(&app, job)).await {
        Ok(Ran::Done(result)) => tracing::debug!(job = job.name, %result, "job ran"),
        Ok(Ran::Elsewhere) => {}
        Ok(Ran::Failed(e)) => tracing::error!(job = job.name, error = %e, "job failed"),
        Err(_) => tracing::error!(job = job.name, "job panicked"),
    }
}

/// Delivers whenever the bell has been rung: by a tick, or by a commit that left letters. What rings while letters are
/// delivered is heard afterwards, once.
async fn deliver_when_rung(app: App, bell: Bell, stopping: Arc<AtomicBool>) {
    let Some(outbox) = JOBS.iter().find(|job| job.name == OUTBOX) else { return };
    loop {
        bell.heard().await;
        if stopping.load(Ordering::SeqCst) {
            return;
        }
        run(app.clone(), outbox).await;
    }
}

impl Running {
    /// Stops ticks and delivery; a job that runs is finished before the process ends, letters that were claimed are sent and
    /// recorded, and no further ones are claimed.
    pub async fn stop(mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        self.post.wind_up();
        self.bell.ring();
        self.fetchers.stop().await;
        if let Err(e) = self.scheduler.shutdown().await {
            tracing::warn!(error = %e, "the scheduler did not stop cleanly");
        }
        if let Err(e) = self.delivery.await {
            tracing::warn!(error = %e, "delivery did not stop cleanly");
        }
    }
}
