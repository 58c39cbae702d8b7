//! The rows beside the case itself: party, texts, submission, reply, rating, review.

use super::maker::Maker;
use crate::demo::chance::Chance;
use crate::demo::content::Matter;
use crate::domain::case::{Channel, ReplyBy, State};
use crate::domain::reply::{ReplyState, ReviewState};
use crate::domain::submission::SubmissionState;
use crate::domain::time::{DAY, HOUR, Moment};
use crate::error::Result;
use crate::store::bulk::Text;
use crate::store::cases::Case;
use crate::store::parties;
use crate::store::reference::day_number;
use crate::store::replies::Reply;
use crate::store::reviews::{RatingRow, ReviewTask};
use crate::store::submissions::Submission;

/// Letters of random words, as `keys::random_word` writes them.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Hands a petition in: party, text and, for the form, the confirmed submission. The case is returned, not yet opened.
///
/// # Errors
/// `Internal` when the keys do not serve.
pub fn hand_in(
    maker: &mut Maker<'_>,
    chance: &mut Chance,
    matter: &Matter,
    received: Moment,
    channel: Channel,
) -> Result<Case> {
    maker.case += 1;
    let id = maker.case;
    let own = u64::try_from(id).unwrap_or(0);
    // Every seventh petitioner has written before.
    let person = if chance.percent(15) { chance.number() % own.max(1) } else { own };
    let mut party = maker.content.invented(person, matter.locale);
    let paper = match channel {
        Channel::Letter => chance.percent(70),
        Channel::Phone | Channel::Visit | Channel::Fax => chance.percent(30),
        _ => false,
    };
    if paper {
        party.email.clear();
    } else if chance.percent(60) {
        party.address.clear();
    }
    let created =
        if channel == Channel::Web { received.plus_seconds(-chance.between(60, 30 * HOUR)) } else { received };
    maker.rows.parties.push((id, parties::seal(&maker.office.keys, &party)?, created));
    let text_id = text(maker, &matter.body);
    let category = (channel != Channel::Web || chance.percent(60)).then(|| matter.category.clone());
    let reply_by = if paper { ReplyBy::Letter } else { ReplyBy::Email };
    let code = word(chance, 13);
    let case = Case {
        id,
        number: Some(maker.number(received)?),
        code_digest: Some(maker.office.keys.code_digest(&code)?),
        version: 1,
        state: State::Received,
        channel,
        kind: matter.kind,
        category,
        speed_class: Some(maker.office.rules.default_speed_class.clone()),
        confidential: matter.confidential,
        unit_id: None,
        handler_id: None,
        party_id: id,
        subject: matter.subject.clone(),
        text_id,
        place: matter.place.clone(),
        locale: matter.locale.to_owned(),
        reply_by,
        submission_id: (channel == Channel::Web).then_some(maker.submission + 1),
        round: 1,
        received_at: received,
        received_month: received.month_in(&maker.office.zone),
        registered_at: None,
        assigned_at: None,
        replied_at: None,
        finished_at: None,
        closed_at: None,
        close_code: None,
        original_due_at: None,
        due_at: None,
        extended: false,
        rating_until: None,
    };
    if channel == Channel::Web {
        submit(maker, &case, created, &word(chance, 16));
    }
    Ok(case)
}

fn submit(maker: &mut Maker<'_>, case: &Case, created: Moment, nonce: &str) {
    maker.submission += 1;
    let reminder = created.plus_seconds(maker.office.rules.confirm_reminder_hours * HOUR);
    maker.rows.submissions.push(Submission {
        id: maker.submission,
        state: SubmissionState::Confirmed,
        version: 2,
        channel: case.channel,
        locale: case.locale.clone(),
        party_id: case.party_id,
        subject: case.subject.clone(),
        text_id: case.text_id,
        kind: case.kind,
        category: case.category.clone(),
        place: case.place.clone(),
        confidential: case.confidential,
        reply_by: case.reply_by,
        nonce: nonce.to_owned(),
        created_at: created,
        expires_at: created.plus_seconds(maker.office.rules.confirm_days * DAY),
        reminded_at: (reminder < case.received_at).then_some(reminder),
        mails_sent: 1,
        last_mail_at: created,
        case_id: Some(case.id),
        decided_by: None,
        decided_at: Some(case.received_at),
        decision_reason: String::new(),
    });
}

/// Whether the reply goes out on paper.
#[must_use]
pub fn on_paper(case: &Case) -> bool {
    case.reply_by == ReplyBy::Letter
}

/// Keeps a text; its id.
pub fn text(maker: &mut Maker<'_>, body: &str) -> i64 {
    maker.text += 1;
    maker.rows.texts.push(Text { id: maker.text, body: body.to_owned() });
    maker.text
}

/// A reply that lies before the supervisor; its id.
pub fn reply(
    maker: &mut Maker<'_>,
    case: &Case,
    text_id: i64,
    basis: &str,
    author_id: i64,
    at: Moment,
    chance: &mut Chance,
) -> i64 {
    maker.reply += 1;
    maker.rows.replies.push(Reply {
        id: maker.reply,
        case_id: case.id,
        round: case.round,
        version: 1,
        state: ReplyState::InReview,
        text_id,
        legal_basis: basis.to_owned(),
        author_id,
        approver_id: None,
        created_at: at,
        updated_at: at,
        submitted_at: Some(at),
        decided_at: None,
        return_reason: String::new(),
        nonce: word(chance, 16),
        rating_until: None,
        posted_on: None,
        way: None,
    });
    maker.reply
}

/// The last reply is approved; its id.
pub fn approved(maker: &mut Maker<'_>, approver: i64, at: Moment, until: Moment) -> Option<i64> {
    let reply = maker.rows.replies.last_mut()?;
    reply.state = ReplyState::Approved;
    (reply.approver_id, reply.decided_at, reply.rating_until) = (Some(approver), Some(at), Some(until));
    Some(reply.id)
}

/// The last reply is posted.
pub fn posted(maker: &mut Maker<'_>, day: jiff::civil::Date, until: Moment) {
    if let Some(reply) = maker.rows.replies.last_mut() {
        (reply.posted_on, reply.rating_until) = (Some(day_number(day)), Some(until));
    }
}

/// The last reply is rated; its id.
pub fn rate(
    maker: &mut Maker<'_>,
    case: &Case,
    matter: &Matter,
    overall: i32,
    at: Moment,
    chance: &mut Chance,
) -> Option<i64> {
    let reply_id = maker.rows.replies.last()?.id;
    maker.rating += 1;
    let mut near = |low: i64, high: i64| (overall + i32::try_from(chance.between(low, high)).unwrap_or(0)).clamp(1, 5);
    let (result, clarity, speed, attitude) = (near(-1, 0), near(-1, 1), near(-1, 1), near(0, 1));
    let comment = match overall {
        4.. if chance.percent(55) => matter.comment_good.clone(),
        ..=2 => matter.comment_bad.clone(),
        _ => String::new(),
    };
    maker.rows.ratings.push(RatingRow {
        id: maker.rating,
        case_id: case.id,
        reply_id,
        result,
        clarity,
        speed,
        attitude,
        overall,
        comment,
        may_call: overall <= 2 && chance.percent(60),
        created_at: at,
        created_month: at.month_in(&maker.office.zone),
        updated_at: at,
        changes: 0,
    });
    Some(reply_id)
}

/// The last rating asks for a review.
pub fn review(maker: &mut Maker<'_>, case: &Case, at: Moment) {
    let Some(reply) = maker.rows.replies.last() else { return };
    maker.review += 1;
    maker.rows.reviews.push(ReviewTask {
        id: maker.review,
        case_id: case.id,
        reply_id: reply.id,
        rating_id: maker.rating,
        state: ReviewState::Open,
        unit_id: case.unit_id,
        handler_id: Some(reply.author_id),
        approver_id: reply.approver_id,
        opened_at: at,
        decided_at: None,
        decided_by: None,
        reason: String::new(),
    });
}

/// The last review is decided.
pub fn reviewed(maker: &mut Maker<'_>, again: bool, by: i64, at: Moment, reason: &str) {
    if let Some(task) = maker.rows.reviews.last_mut() {
        task.state = if again { ReviewState::Reopened } else { ReviewState::Kept };
        (task.decided_at, task.decided_by) = (Some(at), Some(by));
        reason.clone_into(&mut task.reason);
    }
}

fn word(chance: &mut Chance, length: usize) -> String {
    (0..length).map(|_| char::from(LETTERS[usize::try_from(chance.between(0, 31)).unwrap_or(0)])).collect()
}
