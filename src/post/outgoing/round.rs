//! A round of delivery. Its letters take the steps of an attempt together, because a transaction of its own would cost
//! each of them more than all the rest. Here it is prepared: a claim, one read for what the letters need, words on all
//! processors, one write that keeps the words. How it is sent is in `sending`.

use std::thread;

use super::attempt::{self, Gathered, Ready, Stop};
use super::together::together;
use crate::clock::Clock;
use crate::domain::time::Moment;
use crate::error::Result;
use crate::keys::random_word;
use crate::post::Post;
use crate::store::letters::{self, LetterRow, SealedWords};

/// Seconds in which a round's letters are begun.
const BEGIN_SECONDS: i64 = 600;
/// Waits for the server that one letter can cost: connect, greeting, EHLO, TLS, log-in, sender, recipient, data, end.
pub(super) const WAITS: i64 = 12;

/// Letters claimed together, with their words.
pub struct Round<'a> {
    pub(super) post: &'a Post,
    pub(super) clock: &'a Clock,
    pub(super) claim: String,
    pub(super) until: Moment,
    /// How many were claimed.
    pub(super) claimed: usize,
    pub(super) letters: Vec<Worded>,
}

/// A letter with its words.
pub(super) struct Worded {
    pub(super) row: LetterRow,
    /// To be masked where the server's answer names it.
    pub(super) address: String,
    pub(super) ready: std::result::Result<Ready, Stop>,
}

impl<'a> Round<'a> {
    /// Claims up to `wanted` letters and puts them into words.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub fn prepare(post: &'a Post, clock: &'a Clock, wanted: usize) -> Result<Self> {
        let claim = random_word::<10>()?;
        let now = clock.now();
        let until = now.plus_seconds(BEGIN_SECONDS + WAITS * post.timeout_seconds);
        let limit = i64::try_from(post.pace.room(wanted, now)).unwrap_or(i64::MAX);
        let word = claim.clone();
        let rows = match limit {
            0 => Vec::new(),
            limit => post.store.write(move |db| letters::claim(db, &word, now, until, limit))?,
        };
        post.pace.count(rows.len(), now);
        let mut round = Self { post, clock, claim, until, claimed: rows.len(), letters: Vec::new() };
        if !rows.is_empty() {
            round.letters = round.put_into_words(rows);
        }
        Ok(round)
    }

    /// How many letters were claimed.
    pub const fn claimed(&self) -> usize {
        self.claimed
    }

    /// Whether too little of its claim is left to send it.
    pub fn is_late(&self) -> bool {
        self.until.seconds_since(self.clock.now()) < BEGIN_SECONDS / 2 + WAITS * self.post.timeout_seconds
    }

    /// Gives its letters back unsent.
    pub fn release(self) {
        let (claim, now) = (self.claim, self.clock.now());
        if self.claimed > 0
            && let Err(e) = self.post.store.write(move |db| letters::release(db, &claim, now))
        {
            tracing::warn!(error = %e, "letters could not be given back; they were left to their claim");
        }
    }

    /// Reads what the letters need, puts them into words and keeps these. A letter missing from the result is left to its
    /// claim.
    fn put_into_words(&self, rows: Vec<LetterRow>) -> Vec<Worded> {
        let (post, now) = (self.post, self.clock.now());
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
