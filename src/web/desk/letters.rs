//! The outbox as staff see it: what waits, failed, is to be posted; a failed letter is sent again, a paper one printed.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Desk, PAGE, parameters, posted};
use crate::acts::identity::identity;
use crate::acts::letter_posted::letter_posted;
use crate::acts::retry_letter::{ROLES as RETRY, retry_letter};
use crate::acts::rights_of;
use crate::domain::case::Verb;
use crate::domain::delivery::LetterState;
use crate::domain::letter::{Letter, Locale};
use crate::domain::link::Purpose;
use crate::domain::rights::{may, may_see};
use crate::domain::staff::{Role, Staff};
use crate::domain::time::{DAY, Moment};
use crate::error::{Error, Message, Result};
use crate::post::{Trouble, link_address};
use crate::store::letters::{self, LetterRow};
use crate::store::{Db, cases, desk as desk_lists, lists};
use crate::web::answer::Answer;
use crate::web::session::SignedIn;
use crate::web::state::{State, Web};

/// Who may look at the outbox.
pub const READERS: &[Role] = &[Role::Registrar, Role::ControlOfficer, Role::Administrator, Role::Auditor];
/// Who may print a letter, if they may know whom it is for.
const PRINTERS: &[Role] = &[Role::Registrar, Role::Handler, Role::Supervisor];
/// The tabs, what needs a hand first.
const TABS: &[LetterState] = &[
    LetterState::Failed,
    LetterState::Waiting,
    LetterState::Sending,
    LetterState::ToPost,
    LetterState::Posted,
    LetterState::Sent,
    LetterState::Cancelled,
];
/// What the log of identity says of a printed letter.
const REASON: &str = "paper letter";

/// `GET /desk/letters`: registrars, control officers, administrators, auditors.
///
/// # Errors
/// `Refused` for others.
pub async fn show(request: HttpRequest, state: State, signed_in: SignedIn) -> Answer {
    signed_in.needs(READERS)?;
    let asked = parameters(&request);
    let chosen = asked.get("state").and_then(|code| LetterState::parse(code));
    let before: Option<i64> = asked.get("before").and_then(|id| id.parse().ok());
    let desk = Desk::of(&state, &request, &signed_in);
    desk.page(StatusCode::OK, "desk/letters", "queue-letters", move |web, db, desk, _| {
        list(web, db, desk, chosen, before)
    })
    .await
}

fn list(web: &Web, db: &mut Db, desk: &Desk, chosen: Option<LetterState>, before: Option<i64>) -> Result<Value> {
    let mut tabs = Vec::new();
    let counts: Vec<usize> = TABS.iter().map(|state| desk_lists::letters_in(db, *state)).collect::<Result<_>>()?;
    // Without a choice: the first tab that has something, otherwise what was sent.
    let first = TABS.iter().zip(&counts).find(|(_, count)| **count > 0).map(|(state, _)| *state);
    let chosen = chosen.or(first).unwrap_or(LetterState::Sent);
    for (state, count) in TABS.iter().zip(counts) {
        let url = format!("/desk/letters?state={state}");
        tabs.push(
            json!({ "state": state, "url": url, "count": super::shell::capped(count), "active": *state == chosen }),
        );
    }
    let mut found = letters::in_state(db, chosen, before, PAGE as i64 + 1)?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let here = format!("/desk/letters?state={chosen}");
    let next = found.last().filter(|_| more).map(|row| format!("{here}&before={}", row.id));
    let names = lists::names(db, found.iter().filter_map(|row| row.staff_id))?;
    let mut rows = Vec::new();
    for letter in &found {
        rows.push(row(web, db, desk, letter, letter.staff_id.and_then(|id| names.get(&id).cloned()))?);
    }
    Ok(json!({ "tabs": tabs, "rows": rows, "first_url": before.map(|_| here), "next_url": next }))
}

fn row(web: &Web, db: &mut Db, desk: &Desk, letter: &LetterRow, to_name: Option<String>) -> Result<Value> {
    let staff = desk.staff();
    let case = letter.case_id.map(|id| cases::get(db, id)).transpose()?;
    let (open, may_post) = match &case {
        Some(case) => {
            let (rights, reference) = (rights_of(db, case, None)?, web.app.office.reference(db)?);
            let may_post = may(staff, Verb::MarkPosted, &rights, &reference.units).is_ok();
            (may_see(staff, &rights, &reference.units), may_post)
        }
        None => (false, false),
    };
    let url = case.as_ref().filter(|_| open).map(|case| format!("/desk/cases/{}", case.number()));
    let is = |state: LetterState| letter.state == state;
    let retry = is(LetterState::Failed) && staff.is_any(RETRY);
    let to_post = may_post && is(LetterState::ToPost);
    let print = open && staff.is_any(PRINTERS) && (is(LetterState::ToPost) || is(LetterState::Posted));
    Ok(json!({
        "id": letter.id,
        "url": format!("/desk/letters/{}", letter.id),
        "kind": letter.kind,
        "state": letter.state,
        "to": if letter.staff_id.is_some() { "staff" } else { "petitioner" },
        "to_name": to_name,
        "case_number": case.map(|case| case.number().to_owned()),
        "reply_url": url.clone().filter(|_| to_post && letter.reply_id.is_some()),
        "case_url": url,
        "created_at": letter.created_at,
        "sent_at": letter.sent_at,
        "next_try_at": letter.next_try_at.filter(|_| is(LetterState::Waiting)),
        "attempts": letter.attempts,
        "error": letter.error.as_deref().map(|error| in_words(web, desk.locale(), error)),
        "retry_action": retry.then(|| format!("/desk/letters/{}/retry", letter.id)),
        "paper_action": print.then(|| format!("/desk/letters/{}/paper", letter.id)),
        "posted_action": (to_post && letter.reply_id.is_none()).then(|| format!("/desk/letters/{}/posted", letter.id)),
    }))
}

/// Why a letter did not leave, with the mail server's own words behind.
pub(super) fn in_words(web: &Web, locale: &str, error: &str) -> String {
    let Some((trouble, detail)) = Trouble::read(error) else { return error.to_owned() };
    let key = match trouble {
        Trouble::NoAddress => "trouble-no-address",
        Trouble::BadAddress => "trouble-bad-address",
        Trouble::AccountClosed => "trouble-account-closed",
        Trouble::Refused => "trouble-refused",
        Trouble::Bounced => "trouble-bounced",
        Trouble::Deferred => "trouble-deferred",
        Trouble::Unreachable => "trouble-unreachable",
        Trouble::BrokenOff => "trouble-broken-off",
        Trouble::Unreadable => "trouble-unreadable",
        Trouble::FileMissing => "trouble-file-missing",
    };
    format!("{} {detail}", web.text(locale, &Message::new(key))).trim_end().to_owned()
}

/// `POST /desk/letters/{id}/retry`: registrars, control officers, administrators, and the handler of the case.
///
/// # Errors
/// `Refused` for others; `Conflict` when the letter is no longer failed.
pub async fn retry(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let id = id.into_inner();
    desk.run(move |web, staff, now| retry_letter(&web.app.office, now, staff, id)).await?;
    let outbox = desk.staff().is_any(READERS);
    let back = if outbox { "/desk/letters?state=waiting".to_owned() } else { format!("/desk/letters/{id}") };
    desk.go(&back, Some(&Message::new("notice-letter-retried")))
}

/// `POST /desk/letters/{id}/posted`: registrars, and the handler and the supervisors of the case. A paper letter other
/// than a reply was posted; the form says whether it stood on the page of its case.
///
/// # Errors
/// `NotFound` for a case they may not see; `Refused` for others and for a reply; `Conflict` when it waits no longer.
pub async fn posted_by_hand(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(PRINTERS)?;
    let form = posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let number = desk
        .run(move |web, staff, now| {
            let office = &web.app.office;
            letter_posted(office, now, staff, *id)?;
            let of = |db: &mut Db| {
                let letter = letters::get(db, *id)?;
                cases::get(db, letter.case_id.ok_or(Error::NotFound)?)
            };
            Ok(office.store.read(of)?.number().to_owned())
        })
        .await?;
    let case = format!("/desk/cases/{number}");
    let back = if form.text("back") == "case" { case.as_str() } else { "/desk/letters?state=to_post" };
    desk.go(back, Some(&Message::new("notice-letter-posted")))
}

/// `POST /desk/letters/{id}/paper`: registrars, and handlers and supervisors of the case, if they may know the address.
/// The letter as a page for the printer. A POST, because the look at the identity is logged.
///
/// # Errors
/// `NotFound` for a case they may not see; `Refused` where the identity is not for them.
pub async fn paper(
    request: HttpRequest,
    state: State,
    signed_in: SignedIn,
    id: web::Path<i64>,
    body: web::Payload,
) -> Answer {
    signed_in.needs(PRINTERS)?;
    posted(&state, &request, &signed_in, body).await?;
    let desk = Desk::of(&state, &request, &signed_in);
    let html = desk.run(move |web, staff, now| print(web, staff, now, *id)).await?;
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::html())
        .insert_header((CACHE_CONTROL, "no-store"))
        // The page brings its own style and nothing else.
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ))
        .body(html))
}

fn print(web: &Web, staff: &Staff, now: Moment, id: i64) -> Result<String> {
    let office = &web.app.office;
    let row = office.store.read(|db| {
        let row = letters::get(db, id)?;
        let case = cases::get(db, row.case_id.ok_or(Error::NotFound)?)?;
        let rights = rights_of(db, &case, None)?;
        let open = may_see(staff, &rights, &office.reference(db)?.units);
        let on_paper = matches!(row.state, LetterState::ToPost | LetterState::Posted) && row.party_id.is_some();
        if open && on_paper { Ok(row) } else { Err(Error::NotFound) }
    })?;
    let party = identity(office, now, staff, row.case_id.ok_or(Error::NotFound)?, REASON)?;
    let mut letter = row.letter()?;
    if let (LetterState::ToPost, Letter::Reply { rating_until, .. }) = (row.state, &mut letter) {
        // The days to rate begin when the letter is posted, which is today or later.
        *rating_until = now.plus_seconds(office.rules.rating_days * DAY);
    }
    let locale = Locale::parse(&row.locale).unwrap_or(Locale::ZhTw);
    let mut context = web.app.face.context(locale, &office.zone);
    context.recipient_name = Some(party.name.clone());
    context.query_code = row.query_code(&office.keys)?;
    context.link = match row.link()? {
        Some(link) if link.purpose == Purpose::Rate => {
            Some(link_address(&web.app.config.public.url, locale, Purpose::Rate, &office.keys.token(&link)?, None))
        }
        _ => Some(link_address(&web.app.config.public.url, locale, Purpose::Status, "", None)),
    };
    web.app.letters.paper(&letter, &context, &party.address, now.date_in(&office.zone)).map_err(Error::Internal)
}
