//! The reply as the petitioner will read it, before it goes out. Who they are stays hidden here: the greeting is without
//! the name, the link without its token.

use serde_json::{Value, json};

use super::case::Seen;
use crate::acts::approve::{Words, letter_from, letter_of};
use crate::domain::letter::{Letter, Locale};
use crate::domain::link::Purpose;
use crate::domain::time::{DAY, Moment};
use crate::error::{Error, Message, Result};
use crate::post::link_address;
use crate::store::Db;
use crate::web::state::Web;

/// The letter of the reply that lies before the supervisor.
///
/// # Errors
/// Of the database; `Internal` when a letter's template does not serve.
pub fn of_reply(web: &Web, db: &mut Db, locale: &str, seen: &Seen, now: Moment) -> Result<Option<Value>> {
    let Some(reply) = &seen.reply else { return Ok(None) };
    let mut letter = letter_of(db, &seen.reference, &seen.case, reply)?;
    if let Letter::Reply { rating_until, .. } = &mut letter {
        *rating_until = until(web, now);
    }
    Ok(Some(shown(web, locale, seen, &letter)?))
}

/// The letter of a text that is being written; none while there is no text.
///
/// # Errors
/// As [`of_reply`].
pub fn of_words(
    web: &Web,
    db: &mut Db,
    locale: &str,
    seen: &Seen,
    officer_id: i64,
    text: (&str, &str),
    attachments: Vec<String>,
) -> Result<Option<Value>> {
    let (body, legal_basis) = (text.0.trim().to_owned(), text.1.trim().to_owned());
    if body.is_empty() {
        return Ok(None);
    }
    let words = Words { body, legal_basis, officer_id, rating_until: until(web, web.now()), attachments };
    let letter = letter_from(db, &seen.reference, &seen.case, words)?;
    Ok(Some(shown(web, locale, seen, &letter)?))
}

fn until(web: &Web, now: Moment) -> Moment {
    now.plus_seconds(web.app.config.cases.rating_days * DAY)
}

fn shown(web: &Web, locale: &str, seen: &Seen, letter: &Letter) -> Result<Value> {
    let language = Locale::parse(&seen.case.locale).unwrap_or(Locale::ZhTw);
    let mut context = web.app.face.context(language, &web.app.office.zone);
    context.link = Some(link_address(&web.app.config.public.url, language, Purpose::Rate, "…", None));
    let words = web.app.letters.words(letter, &context).map_err(Error::Internal)?;
    let to = web.text(locale, &Message::new("recipient-petitioner"));
    Ok(json!({ "subject": words.subject, "to": to, "text": words.text }))
}
