//! A round of delivery. Its letters take the steps of an attempt together, because a transaction of its own would cost
//! each of them more than all the rest: one read for what they need, words on all processors, one write that keeps the
//! words, then sending, each worker over its own connection, while what became of those already sent is recorded, as many
//! in a write as have gathered during the last one.

use std::sync::{Mutex, PoisonError, TryLockError};
use std::thread;

use super::attempt::{self, Gathered, Ready, Stop};
use super::deliver::Delivered;
use super::smtp::Session;
use super::together::together;
use crate::clock::Clock;
use crate::domain::delivery::{LetterState, given_up, wait_seconds};
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::random_word;
use crate::post::mask::mask;
use crate::post::trouble::{Failure, Trouble};
use crate::post::{Post, Settled};
use crate::store::letters::{self, LetterRow, Outcome, SealedWords};

/// Seconds in which a round's letters are begun.
const BEGIN_SECONDS: i64 = 600;
/// Waits for the server that one letter can cost: connect, greeting, EHLO, TLS, log-in, sender, recipient, data, end.
const WAITS: i64 = 12;
/// Outcomes in a write at most: it stays a matter of milliseconds.
const RECORDED_AT_ONCE: usize = 32;

/// Letters claimed together.
pub struct Round<'a> {
    post: &'a Post,
    clock: &'a Clock,
    claim: String,
    until: Moment,
    letters: Vec<LetterRow>,
}

/// A letter with its words.
struct Worded {
    row: LetterRow,
    /// To be masked where the server's answer names it.
    address: String,
    ready: std::result::Result<Ready, Stop>,
}

/// What the workers of a round share while they send.
struct Sending<'a> {
    round: &'a Round<'a>,
    /// Why the mail server is away, once it is.
    away: Mutex<Option<Failure>>,
    unrecorded: Mutex<Vec<(LetterRow, Outcome)>>,
    /// Held by whoever records.
    done: Mutex<Delivered>,
}

impl<'a> Round<'a> {
    /// Claims up to `wanted` letters.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub fn claim(post: &'a Post, clock: &'a Clock, wanted: usize) -> Result<Self> {
        let claim = random_word::<10>()?;
        let now = clock.now();
        let until = now.plus_seconds(BEGIN_SECONDS + WAITS * post.timeout_seconds);
        let limit = i64::try_from(post.pace.room(wanted, now)).unwrap_or(i64::MAX);
        let word = claim.clone();
        let letters = match limit {
            0 => Vec::new(),
            limit => post.store.write(move |db| letters::claim(db, &word, now, until, limit))?,
        };
        post.pace.count(letters.len(), now);
        Ok(Self { post, clock, claim, until, letters })
    }

    /// How many there are.
    pub fn letters(&self) -> usize {
        self.letters.len()
    }

    /// Sends the letters and adds what became of them; whether to stop, because the mail server is away.
    pub fn run(mut self, sessions: &mut [Session], delivered: &mut Delivered) -> bool {
        let claimed = self.letters();
        let worded = self.put_into_words();
        let done = Delivered { left: claimed - worded.len(), ..Delivered::default() };
        let sending =
            Sending { round: &self, away: Mutex::default(), unrecorded: Mutex::default(), done: Mutex::new(done) };
        let ready = worded.len();
        let handled = together(worded, sessions, |session, letter| sending.attempt(session, letter));
        sending.record(&mut lock(&sending.done));
        let done = sending.done.into_inner().unwrap_or_else(PoisonError::into_inner);
        delivered.sent.extend(done.sent);
        delivered.failed.extend(done.failed);
        delivered.later += done.later;
        delivered.left += done.left + ready - handled.len();
        lock(&sending.away).is_some()
    }

    /// Reads what the letters need, puts them into words and keeps these. A letter missing from the result is left to its
    /// claim.
    fn put_into_words(&mut self) -> Vec<Worded> {
        let (post, now) = (self.post, self.clock.now());
        let rows = std::mem::take(&mut self.letters);
        let gather = |row: LetterRow, db: &mut _| {
            let gathered = attempt::gather(db, post, &row);
            (row, gathered)
        };
        let gathered = match post.store.read(|db| Ok(rows.into_iter().map(|row| gather(row, db)).collect::<Vec<_>>())) {
            Ok(gathered) => gathered,
            Err(e) => {
                tracing::warn!(error = %e, "a round of letters was left to its claim");
                return Vec::new();
            }
        };
        let processors = thread::available_parallelism().map_or(1, usize::from).min(post.connections);
        let worded = together(gathered, &mut vec![(); processors], |(), (row, gathered)| {
            put_into_words(post, row, gathered, now)
        });
        self.keep(worded)
    }

    /// Keeps new words; a letter whose claim was lost meanwhile is another's.
    fn keep(&self, worded: Vec<(Worded, Option<SealedWords>)>) -> Vec<Worded> {
        let (mut letters, new): (Vec<_>, Vec<_>) = worded.into_iter().unzip();
        let new: Vec<SealedWords> = new.into_iter().flatten().collect();
        if new.is_empty() {
            return letters;
        }
        let (claim, ids) = (self.claim.clone(), new.iter().map(SealedWords::id).collect::<Vec<_>>());
        let lost = match self.post.store.write(move |db| letters::freeze(db, &claim, &new)) {
            Ok(lost) => lost,
            Err(e) => {
                tracing::warn!(error = %e, "the words of letters could not be kept; they were left to their claim");
                ids
            }
        };
        letters.retain(|letter| !lost.contains(&letter.row.id));
        letters
    }

    fn write(&self, letters: Vec<(LetterRow, Outcome)>, follows: Option<Settled>, now: Moment) -> Result<Vec<bool>> {
        let claim = self.claim.clone();
        self.post.store.write(move |db| {
            let record = |(row, outcome): &(LetterRow, Outcome)| {
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

fn put_into_words(
    post: &Post,
    row: LetterRow,
    gathered: std::result::Result<Gathered, Stop>,
    now: Moment,
) -> (Worded, Option<SealedWords>) {
    let address = gathered.as_ref().map(Gathered::address).unwrap_or_default();
    match gathered.and_then(|gathered| attempt::words(post, &row, gathered, now)) {
        Ok((ready, sealed)) => (Worded { row, address, ready: Ok(ready) }, sealed),
        Err(stop) => (Worded { row, address, ready: Err(stop) }, None),
    }
}

impl Sending<'_> {
    fn attempt(&self, session: &mut Session, letter: Worded) {
        let Round { post, clock, until, .. } = self.round;
        let Worded { row, address, ready } = letter;
        let now = clock.now();
        if until.seconds_since(now) < WAITS * post.timeout_seconds {
            // Too late to begin: it would still be under way when others may take it.
            lock(&self.done).left += 1;
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
                lock(&self.done).left += 1;
                return;
            }
        };
        lock(&self.unrecorded).push((row, outcome));
        // Whoever finds another recording goes on sending; this one is taken along by the next write.
        match self.done.try_lock() {
            Ok(mut done) => self.record(&mut done),
            Err(TryLockError::Poisoned(poisoned)) => self.record(&mut poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {}
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

    /// Records what has gathered.
    fn record(&self, done: &mut Delivered) {
        let now = self.round.clock.now();
        let mut gathered = std::mem::take(&mut *lock(&self.unrecorded));
        // Cases are locked in one order, whoever records letters of the same ones beside us.
        gathered.sort_by_key(|(row, _)| (row.case_id, row.id));
        while !gathered.is_empty() {
            let rest = gathered.split_off(gathered.len().min(RECORDED_AT_ONCE));
            self.record_together(std::mem::replace(&mut gathered, rest), now, done);
        }
    }

    fn record_together(&self, letters: Vec<(LetterRow, Outcome)>, now: Moment, done: &mut Delivered) {
        match self.round.write(letters.clone(), self.round.post.settled.clone(), now) {
            Ok(kept) => letters.into_iter().zip(kept).for_each(|(letter, kept)| add(done, letter, Ok(kept), now)),
            Err(e) => {
                // One letter's trouble is not the others'; but a database that is away is not waited for again and again.
                let mut unavailable = 0;
                for letter in letters {
                    let recorded = if unavailable < 2 { self.record_alone(&letter, now) } else { Err(e.clone()) };
                    unavailable = if matches!(recorded, Err(Error::Unavailable(_))) { unavailable + 1 } else { 0 };
                    add(done, letter, recorded, now);
                }
            }
        }
    }

    fn record_alone(&self, letter: &(LetterRow, Outcome), now: Moment) -> Result<bool> {
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
fn add(done: &mut Delivered, (mut row, outcome): (LetterRow, Outcome), recorded: Result<bool>, now: Moment) {
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
