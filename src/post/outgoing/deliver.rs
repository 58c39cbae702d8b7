//! Delivery: rounds of claim, commit, send, record, until nothing is due. A round's letters are shared among workers that
//! each own a connection; the claim outlives every wait for the mail server, so no second node sends what this one is
//! sending. When the mail server is away, the rest of the round is put off without knocking again.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::attempt::{self, Stop};
use super::smtp::Session;
use crate::clock::Clock;
use crate::domain::delivery::{LetterState, given_up, wait_seconds};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::random_word;
use crate::post::mask::mask;
use crate::post::trouble::{Failure, Trouble};
use crate::post::{Post, Settled};
use crate::store::letters::{self, LetterRow, Outcome};

/// Letters a connection gets in a round.
const SHARE: usize = 8;
/// Rounds a call makes at most; the next one goes on.
const ROUNDS: usize = 25;
/// Seconds in which a round's letters are begun.
const BEGIN_SECONDS: i64 = 600;
/// Waits for the server that one letter can cost: connect, greeting, EHLO, TLS, log-in, sender, recipient, data, end.
const WAITS: i64 = 12;

/// What became of the letters of one call.
#[derive(Debug, Default)]
pub struct Delivered {
    /// Sent, as recorded.
    pub sent: Vec<LetterRow>,
    /// To be tried again.
    pub later: usize,
    /// Failed for good, as recorded.
    pub failed: Vec<LetterRow>,
    /// Left as they were: another node has them, or the database was away; their claim runs out.
    pub left: usize,
}

/// Sends what is due. Blocks: call it where blocking is allowed.
///
/// # Errors
/// `Unavailable` when the first letters cannot even be claimed.
pub fn deliver(post: &Post, clock: &Clock) -> Result<Delivered> {
    let mut delivered = Delivered::default();
    let mut more = false;
    let mut sessions: Vec<Session> = (0..post.connections).map(|_| Session::default()).collect();
    for round in 0..ROUNDS {
        if post.is_ending() {
            break;
        }
        let round = match Round::claim(post, clock) {
            Err(e) if round == 0 => return Err(e),
            Err(e) => {
                tracing::warn!(error = %e, "no further letters could be claimed");
                break;
            }
            Ok(round) => round,
        };
        if round.letters() == 0 {
            break;
        }
        // Fewer than were asked for: nothing else was due.
        let last = round.letters() < post.connections * SHARE;
        share(&round, &mut sessions);
        more = !(round.finish(&mut delivered) || last);
        if !more {
            break;
        }
    }
    if more {
        // Every round was full: whoever listens comes again at once.
        post.store.bell().ring();
    }
    sessions.iter_mut().for_each(Session::close);
    Ok(delivered)
}

/// Works a round off, a session a thread; the first on this one, so that it is done whatever the system gives.
fn share(round: &Round<'_>, sessions: &mut [Session]) {
    let workers = round.letters().min(sessions.len());
    let Some((first, others)) = sessions.get_mut(..workers).and_then(<[Session]>::split_first_mut) else { return };
    thread::scope(|scope| {
        let work =
            |session| thread::Builder::new().name("post".into()).spawn_scoped(scope, move || round.work(session));
        let threads: Vec<_> = others.iter_mut().map(work).collect();
        round.work(first);
        for thread in threads {
            match thread.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(())) => {}
                Ok(Err(_)) => tracing::error!("a delivery thread panicked; its letter's claim runs out"),
                Err(e) => tracing::warn!(error = %e, "a delivery thread could not start"),
            }
        }
    });
}

/// Letters claimed together.
struct Round<'a> {
    post: &'a Post,
    clock: &'a Clock,
    claim: String,
    until: Moment,
    waiting: Mutex<VecDeque<LetterRow>>,
    /// Why the mail server is away, once it is.
    away: Mutex<Option<Failure>>,
    done: Mutex<Delivered>,
}

impl<'a> Round<'a> {
    fn claim(post: &'a Post, clock: &'a Clock) -> Result<Self> {
        let claim = random_word::<10>()?;
        let now = clock.now();
        let until = now.plus_seconds(BEGIN_SECONDS + WAITS * post.timeout_seconds);
        let room = post.pace.room(post.connections * SHARE, now);
        let limit = i64::try_from(room).unwrap_or(i64::MAX);
        let word = claim.clone();
        let rows = match limit {
            0 => Vec::new(),
            limit => post.store.write(move |db| letters::claim(db, &word, now, until, limit))?,
        };
        post.pace.count(rows.len(), now);
        Ok(Self {
            post,
            clock,
            claim,
            until,
            waiting: Mutex::new(rows.into()),
            away: Mutex::new(None),
            done: Mutex::new(Delivered::default()),
        })
    }

    fn letters(&self) -> usize {
        lock(&self.waiting).len()
    }

    fn work(&self, session: &mut Session) {
        loop {
            let row = lock(&self.waiting).pop_front();
            let Some(row) = row else { break };
            self.attempt(session, row);
        }
    }

    fn attempt(&self, session: &mut Session, row: LetterRow) {
        let now = self.clock.now();
        if self.until.seconds_since(now) < WAITS * self.post.timeout_seconds {
            // Too late to begin: it would still be under way when others may take it.
            lock(&self.done).left += 1;
            return;
        }
        let away = lock(&self.away).clone();
        let (address, sent) = match away {
            Some(failure) => (String::new(), Err(failure.into())),
            None => {
                let (address, ready) = attempt::prepare(self.post, &row, &self.claim, now);
                let sent = ready.and_then(|ready| attempt::send(self.post, session, &row, &ready, now));
                (address, sent)
            }
        };
        let outcome = match sent {
            Ok(()) => Outcome::Sent,
            Err(Stop::Trouble(failure)) => self.put_off(&row, failure, &address),
            Err(Stop::Leave(e)) => {
                tracing::warn!(letter = row.id, error = %e, "a letter was left to its claim");
                lock(&self.done).left += 1;
                return;
            }
        };
        self.record(row, outcome);
    }

    /// Tried again later, or given up.
    fn put_off(&self, row: &LetterRow, failure: Failure, address: &str) -> Outcome {
        let now = self.clock.now();
        let permanent = failure.trouble.is_permanent();
        let why = format!("{}: {}", failure.trouble, mask(&failure.detail, address));
        if failure.trouble == Trouble::Unreachable {
            lock(&self.away).get_or_insert(failure);
        }
        let since = row.tried_from.unwrap_or(row.created_at);
        if permanent || given_up(since, now, self.post.retry_days) {
            Outcome::Failed(why)
        } else {
            Outcome::Later(now.plus_seconds(wait_seconds(row.id, row.attempts)), why)
        }
    }

    fn record(&self, mut row: LetterRow, outcome: Outcome) {
        let now = self.clock.now();
        let follows = self.post.settled.as_ref().filter(|_| !matches!(outcome, Outcome::Later(..)));
        let mut recorded = self.write(&row, &outcome, follows.cloned(), now);
        if let (Some(_), Err(e)) = (follows, &recorded)
            && !matches!(e, Error::Unavailable(_))
        {
            // What became of the letter is true whatever follows from it; unrecorded, it would be sent again and again.
            tracing::error!(letter = row.id, error = %e, "what follows from a letter could not be done");
            recorded = self.write(&row, &outcome, None, now);
        }
        let mut done = lock(&self.done);
        match recorded {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!(letter = row.id, "the claim on a letter was lost before it was recorded");
                done.left += 1;
                return;
            }
            Err(e) => {
                tracing::error!(letter = row.id, error = %e, "what became of a letter could not be recorded");
                done.left += 1;
                return;
            }
        }
        (row.claim, row.frozen_sealed, row.next_try_at) = (None, None, None);
        match outcome {
            Outcome::Sent => {
                tracing::info!(letter = row.id, kind = row.kind, "letter sent");
                (row.state, row.sent_at, row.error) = (LetterState::Sent, Some(now), None);
                done.sent.push(row);
            }
            Outcome::Later(_, why) => {
                tracing::info!(letter = row.id, kind = row.kind, attempts = row.attempts, why, "letter put off");
                done.later += 1;
            }
            Outcome::Failed(why) => {
                tracing::warn!(letter = row.id, kind = row.kind, attempts = row.attempts, why, "letter failed");
                (row.state, row.error) = (LetterState::Failed, Some(why));
                done.failed.push(row);
            }
        }
    }

    fn write(&self, row: &LetterRow, outcome: &Outcome, follows: Option<Settled>, now: Moment) -> Result<bool> {
        let (row, outcome, claim) = (row.clone(), outcome.clone(), self.claim.clone());
        self.post.store.write(move |db| {
            let kept = letters::record(db, row.id, &claim, &outcome, now)?;
            match &follows {
                Some(follows) if kept => follows(db, &row, &outcome, now).map(|()| kept),
                _ => Ok(kept),
            }
        })
    }

    /// Adds what was done; whether to stop, because the mail server is away.
    fn finish(self, delivered: &mut Delivered) -> bool {
        let done = self.done.into_inner().unwrap_or_else(PoisonError::into_inner);
        delivered.sent.extend(done.sent);
        delivered.failed.extend(done.failed);
        delivered.later += done.later;
        delivered.left += done.left;
        lock(&self.away).is_some()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
