//! Delivery: rounds of claim, commit, send, record, until nothing is due. The claim outlives every wait for the mail
//! server, so no second node sends what this one is sending. When the mail server is away, the rest of the round is put
//! off without knocking again.

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
    let mut more = false;
    let mut sessions: Vec<Session> = (0..post.connections).map(|_| Session::default()).collect();
    let wanted = post.connections * SHARE;
    for nth in 0..ROUNDS {
        if post.is_ending() {
            break;
        }
        let round = match Round::claim(post, clock, wanted) {
            Err(e) if nth == 0 => return Err(e),
            Err(e) => {
                tracing::warn!(error = %e, "no further letters could be claimed");
                break;
            }
            Ok(round) => round,
        };
        // Fewer than were asked for: nothing else is due.
        let last = round.letters() < wanted;
        let away = round.letters() > 0 && round.run(&mut sessions, &mut delivered);
        more = !(away || last);
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
