//! Delivery: rounds of claim, commit, send, record, until nothing is due. The claim outlives every wait for the mail
//! server, so no second node sends what this one is sending. While a full round is being sent the next one is prepared.
//! When the mail server is away, the rest of the round is put off without knocking again and the next one is given back.

use std::thread::{self, Builder, ScopedJoinHandle};

use super::round::Round;
use super::smtp::Session;
use crate::clock::Clock;
use crate::error::Result;
use crate::post::Post;
use crate::store::letters::LetterRow;

/// Letters a connection gets in a round: enough that the round's few transactions cost each of them little.
const SHARE: usize = 16;
/// Rounds a call makes at most; the next one goes on.
const ROUNDS: usize = 25;

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
    if post.is_ending() {
        return Ok(delivered);
    }
    let mut sessions: Vec<Session> = (0..post.connections).map(|_| Session::default()).collect();
    let wanted = post.connections * SHARE;
    let prepare = || Round::prepare(post, clock, wanted);
    let mut round = prepare()?;
    let mut more = false;
    for nth in 1..=ROUNDS {
        // Fewer than were asked for: nothing else is due.
        let full = round.claimed() == wanted;
        more = full && nth == ROUNDS;
        let (away, next) = thread::scope(|scope| {
            let ahead = (full && !more).then(|| Builder::new().name("post-ahead".into()).spawn_scoped(scope, prepare));
            let away = round.claimed() > 0 && round.send(&mut sessions, &mut delivered);
            // Where the system gives no thread, the next round is prepared now.
            (away, ahead.and_then(|ahead| ahead.map_or_else(|_| prepared(prepare()), joined)))
        });
        let Some(next) = next else { break };
        if away || post.is_ending() {
            next.release();
            break;
        }
        // A slow server may have used up its claim meanwhile.
        round = if next.is_late() {
            next.release();
            let Some(fresh) = prepared(prepare()) else { break };
            fresh
        } else {
            next
        };
    }
    if more {
        // Every round was full: whoever listens comes again at once.
        post.store.bell().ring();
    }
    sessions.iter_mut().for_each(Session::close);
    Ok(delivered)
}

fn joined<'a>(ahead: ScopedJoinHandle<'_, Result<Round<'a>>>) -> Option<Round<'a>> {
    // What panicked leaves its letters to their claim.
    ahead.join().ok().and_then(prepared)
}

fn prepared(next: Result<Round<'_>>) -> Option<Round<'_>> {
    next.inspect_err(|e| tracing::warn!(error = %e, "no further letters could be claimed")).ok()
}
