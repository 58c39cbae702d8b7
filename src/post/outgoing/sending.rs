//! A round being sent: each worker over its own connection, while what became of the letters already sent is recorded, as
//! many in a write as have gathered since the last one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::time::Duration;

use super::attempt::{self, Stop};
use super::deliver::Delivered;
use super::round::{Round, WAITS, Worded};
use super::smtp::Session;
use super::together::together;
use crate::domain::delivery::{LetterState, given_up, wait_seconds};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::post::Settled;
use crate::post::mask::mask;
use crate::post::trouble::{Failure, Trouble};
use crate::store::letters::{self, LetterRow, Outcome};

/// Outcomes in a write at most: it stays a matter of milliseconds.
const RECORDED_AT_ONCE: usize = 32;
/// So many outcomes are recorded at once, fewer when the last write is so many microseconds ago: a mail server on the same
/// disk waits for each of our writes.
const GATHERED: usize = 16;
const PATIENCE: i64 = 50_000;
/// Milliseconds between attempts to record what is left when all is sent and the database is away: a minute in all. Then the
/// letters are left to their claim, and go out again with the same Message-ID.
const AGAIN: [u64; 10] = [50, 100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600];

/// A letter and what became of it.
type Outgone = (LetterRow, Outcome);

/// What the workers of a round share while they send.
struct Sending<'a> {
    round: &'a Round<'a>,
    /// Why the mail server is away, once it is.
    away: Mutex<Option<Failure>>,
    unrecorded: Mutex<Vec<Outgone>>,
    /// Letters that were not begun yet.
    to_begin: AtomicUsize,
    /// Held by whoever records.
    done: Mutex<Recorded>,
}

/// What was recorded so far.
struct Recorded {
    delivered: Delivered,
    last: Moment,
}

impl Round<'_> {
    /// Sends the letters and adds what became of them; whether to stop, because the mail server is away.
    pub fn send(mut self, sessions: &mut [Session], delivered: &mut Delivered) -> bool {
        let letters = std::mem::take(&mut self.letters);
        let ready = letters.len();
        let left = Delivered { left: self.claimed - ready, ..Delivered::default() };
        let done = Mutex::new(Recorded { delivered: left, last: self.clock.now() });
        let to_begin = AtomicUsize::new(ready);
        let sending = Sending { round: &self, away: Mutex::default(), unrecorded: Mutex::default(), to_begin, done };
        let handled = together(letters, sessions, |session, letter| sending.attempt(session, letter));
        sending.record_rest();
        let done = sending.done.into_inner().unwrap_or_else(PoisonError::into_inner).delivered;
        delivered.sent.extend(done.sent);
        delivered.failed.extend(done.failed);
        delivered.later += done.later;
        delivered.left += done.left + ready - handled.len();
        lock(&sending.away).is_some()
    }

    fn write(&self, letters: Vec<Outgone>, follows: Option<Settled>, now: Moment) -> Result<Vec<bool>> {
        let claim = self.claim.clone();
        self.post.store.write(move |db| {
            let record = |(row, outcome): &Outgone| {
                let kept = letters::record(db, row.id, &claim, outcome, now)?;
                match &follows {
                    Some(follows) if kept && !matches!(outcome, Outcome::Later(..)) => {
                        follows(db, row, outcome, now).map(|()| kept)
                    }
                    _ => Ok(kept),
                }
            };
            letters.iter().map(record).collect()
        })
    }
}

impl Sending<'_> {
    fn attempt(&self, session: &mut Session, letter: Worded) {
        let Round { post, clock, until, .. } = self.round;
        self.to_begin.fetch_sub(1, Ordering::SeqCst);
        let Worded { row, address, ready } = letter;
        let now = clock.now();
        if until.seconds_since(now) < WAITS * post.timeout_seconds {
            // Too late to begin: it would still be under way when others may take it.
            lock(&self.done).delivered.left += 1;
            return;
        }
        let away = lock(&self.away).clone();
        let sent = match away {
            Some(failure) => Err(failure.into()),
            None => ready.and_then(|ready| attempt::send(post, session, &row, &ready, now)),
        };
        let outcome = match sent {
            Ok(()) => Outcome::Sent,
            Err(Stop::Trouble(failure)) => self.put_off(&row, failure, &address),
            Err(Stop::Leave(e)) => {
                tracing::warn!(letter = row.id, error = %e, "a letter was left to its claim");
                lock(&self.done).delivered.left += 1;
                return;
            }
        };
        let gathered = {
            let mut unrecorded = lock(&self.unrecorded);
            unrecorded.push((row, outcome));
            unrecorded.len()
        };
        // At the end of a round nobody may come for long: a server can keep the last letters waiting.
        let ending = self.to_begin.load(Ordering::SeqCst) == 0;
        if ending {
            self.record(&mut lock(&self.done));
            return;
        }
        // Whoever finds another recording goes on sending; this one is taken along by a later write.
        let mut done = match self.done.try_lock() {
            Ok(done) => done,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        if gathered >= GATHERED || self.round.clock.now().0 - done.last.0 >= PATIENCE {
            self.record(&mut done);
        }
    }

    /// Tried again later, or given up.
    fn put_off(&self, row: &LetterRow, failure: Failure, address: &str) -> Outcome {
        let now = self.round.clock.now();
        let permanent = failure.trouble.is_permanent();
        let why = format!("{}: {}", failure.trouble, mask(&failure.detail, address));
        if failure.trouble == Trouble::Unreachable {
            lock(&self.away).get_or_insert(failure);
        }
        let since = row.tried_from.unwrap_or(row.created_at);
        if permanent || given_up(since, now, self.round.post.retry_days) {
            Outcome::Failed(why)
        } else {
            Outcome::Later(now.plus_seconds(wait_seconds(row.id, row.attempts)), why)
        }
    }

    /// Records what has gathered; whether nothing is left.
    fn record(&self, done: &mut Recorded) -> bool {
        let now = self.round.clock.now();
        let mut gathered = std::mem::take(&mut *lock(&self.unrecorded));
        // Cases are locked in one order, whoever records letters of the same ones beside us.
        gathered.sort_by_key(|(row, _)| (row.case_id, row.id));
        let mut away = Vec::new();
        while away.is_empty() && !gathered.is_empty() {
            let rest = gathered.split_off(gathered.len().min(RECORDED_AT_ONCE));
            away = self.record_together(std::mem::replace(&mut gathered, rest), now, &mut done.delivered);
        }
        done.last = self.round.clock.now();
        let nothing_left = away.is_empty();
        lock(&self.unrecorded).extend(away.into_iter().chain(gathered));
        nothing_left
    }

    /// Records what is left when all is sent: what became of a letter is known here only, so the database is waited for.
    fn record_rest(&self) {
        let mut done = lock(&self.done);
        for pause in AGAIN {
            if self.record(&mut done) {
                return;
            }
            if self.round.post.is_ending() {
                break;
            }
            std::thread::sleep(Duration::from_millis(pause));
        }
        self.record(&mut done);
        for (row, outcome) in std::mem::take(&mut *lock(&self.unrecorded)) {
            tracing::error!(letter = row.id, ?outcome, "what became of a letter could not be recorded");
            done.delivered.left += 1;
        }
    }

    /// Returns those that wait because the database is away.
    fn record_together(&self, letters: Vec<Outgone>, now: Moment, done: &mut Delivered) -> Vec<Outgone> {
        match self.round.write(letters.clone(), self.round.post.settled.clone(), now) {
            Ok(kept) => letters.into_iter().zip(kept).for_each(|(letter, kept)| add(done, letter, Ok(kept), now)),
            Err(_) => {
                // One letter's trouble is not the others'; but a database that is away is not waited for again and again.
                let mut letters = letters.into_iter();
                while let Some(letter) = letters.next() {
                    match self.record_alone(&letter, now) {
                        Err(Error::Unavailable(_)) => return std::iter::once(letter).chain(letters).collect(),
                        recorded => add(done, letter, recorded, now),
                    }
                }
            }
        }
        Vec::new()
    }

    fn record_alone(&self, letter: &Outgone, now: Moment) -> Result<bool> {
        let write = |follows| self.round.write(vec![letter.clone()], follows, now).map(|kept| kept == [true]);
        match write(self.round.post.settled.clone()) {
            Err(e) if !matches!(e, Error::Unavailable(_)) => {
                // What became of the letter is true whatever follows from it; unrecorded, it would be sent again and again.
                tracing::error!(letter = letter.0.id, error = %e, "what follows from a letter could not be done");
                write(None)
            }
            recorded => recorded,
        }
    }
}

/// Adds what became of a letter, as it was recorded or not.
fn add(done: &mut Delivered, (mut row, outcome): Outgone, recorded: Result<bool>, now: Moment) {
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

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
