//! `chenqing check --send`: the program sends itself a letter to each form of address that answers may go to, and to that
//! which letters return to, and says which of them arrive: looked for in the mailboxes and in the ledger, where a running server may have taken them already.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Line;
use crate::app::App;
use crate::clock::Stopwatch;
use crate::config::{AddressMode, MailTransport};
use crate::domain::time::Moment;
use crate::error::Message;
use crate::post::MARK;
use crate::post::incoming::imap::Peek;
use crate::post::incoming::{Read, read};
use crate::post::outgoing::{Trial, Tried, send_trial};
use crate::store::messages;
use crate::web::state::Web;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);
/// Messages of the ledger that are looked through in one look at most.
const NEWEST: i64 = 200;

/// Sends, waits up to `wait` and says what arrived, a line for each form of address.
pub fn lines(app: &App, wait: Duration) -> Vec<Line> {
    if app.config.mail.transport == MailTransport::Folder {
        let text = "letters are written to a folder and not sent: there is nothing to try".to_owned();
        return vec![Line { what: "send", ok: true, text }];
    }
    match tried(app, wait) {
        Ok(lines) => lines,
        Err(text) => vec![Line { what: "send", ok: false, text }],
    }
}

fn tried(app: &App, wait: Duration) -> Result<Vec<Line>, String> {
    let (subject, text) = words(app)?;
    let begun = app.clock.now();
    let mut peek = Peek::begin(app)?;
    let modes = [AddressMode::None, AddressMode::Plus, AddressMode::CatchAll].map(Tried::Answers);
    // To the sender's own address, where letters return there, goes the first of them.
    let returned = (app.config.mail.bounce_address != AddressMode::None).then_some(Tried::Returned);
    let sent: Vec<(Tried, Result<Trial, String>)> = modes
        .into_iter()
        .chain(returned)
        .map(|tried| (tried, send_trial(&app.post, tried, (&subject, &text), begun)))
        .collect();
    let trials: Vec<&Trial> = sent.iter().filter_map(|(_, trial)| trial.as_ref().ok()).collect();
    let arrived = if app.mailboxes.is_empty() { Vec::new() } else { arrivals(app, &mut peek, &trials, begun, wait) };
    peek.end();
    let line = |(tried, trial): &(Tried, Result<Trial, String>)| {
        let found = arrived.iter().find(|arrival| arrival.tried == *tried);
        let works = found.is_some() || (app.mailboxes.is_empty() && trial.is_ok());
        let text = match (trial, found) {
            (Err(why), _) => format!("does not work: the mail server does not take it: {why}"),
            (Ok(trial), Some(arrival)) => arrival.told(trial),
            (Ok(trial), None) if app.mailboxes.is_empty() => format!(
                "the mail server took a letter to {}; no mailbox is configured here, so look for it there: subject \
                 \"{subject}\", Message-ID {}",
                trial.to, trial.message_id
            ),
            (Ok(trial), None) => format!(
                "does not work: the mail server took a letter to {}, but it did not arrive within {} s",
                trial.to,
                wait.as_secs()
            ),
        };
        let used = match tried {
            Tried::Answers(mode) => app.post.addresses().uses(*mode),
            Tried::Returned => true,
        };
        let unused = if used { "" } else { " (not in use here)" };
        Line { what: name(*tried), ok: works || !unused.is_empty(), text: text + unused }
    };
    Ok(sent.iter().map(line).collect())
}

/// Subject and text, in both languages: whoever attends to the mailbox may read them.
fn words(app: &App) -> Result<(String, String), String> {
    let web = Web::new(app.clone())?;
    let both = |key| ["zh-TW", "en"].map(|locale| web.text(locale, &Message::new(key)));
    Ok((both("mail-trial-subject").join(" / "), both("mail-trial-text").join("\n\n")))
}

/// A letter that arrived.
struct Arrival {
    tried: Tried,
    place: String,
    seconds: u64,
    /// The Message-ID that a relay gave it.
    rewritten: Option<String>,
}

impl Arrival {
    fn told(&self, trial: &Trial) -> String {
        let Self { place, seconds, rewritten, .. } = self;
        let id = match rewritten {
            None => "its Message-ID is as it was sent".to_owned(),
            Some(id) => format!(
                "a relay rewrote its Message-ID (to {id}): answers in the mode none join their case only after a signed \
                 address has taught the new one"
            ),
        };
        format!("works: a letter to {} arrived in {place} after {seconds} s; {id}", trial.to)
    }
}

fn arrivals(app: &App, peek: &mut Peek, trials: &[&Trial], begun: Moment, wait: Duration) -> Vec<Arrival> {
    let (started, mut seen, mut arrived) = (Stopwatch::start(), BTreeSet::new(), Vec::<Arrival>::new());
    loop {
        let passed = Duration::from_micros(started.micros());
        let mut heads: Vec<(String, Read)> =
            peek.look().into_iter().map(|(mailbox, head)| (format!("the mailbox {mailbox}"), head)).collect();
        heads.extend(ledger(app, begun, &mut seen).into_iter().map(|head| ("the ledger".to_owned(), head)));
        for (place, head) in heads {
            let (mark, id) = (head.fields.text(&MARK.to_ascii_lowercase()), head.message_id.as_deref());
            let Some(trial) = trials.iter().find(|trial| trial.is(mark.as_deref(), id)) else { continue };
            if arrived.iter().any(|arrival| arrival.tried == trial.tried) {
                continue;
            }
            arrived.push(Arrival {
                tried: trial.tried,
                place,
                seconds: passed.as_secs(),
                rewritten: (!trial.bears(id)).then(|| format!("<{}>", id.unwrap_or_default())),
            });
        }
        if passed >= wait || arrived.len() == trials.len() {
            return arrived;
        }
        std::thread::sleep(PAUSE.min(wait));
    }
}

/// What has come into the ledger since the beginning and was not looked at.
fn ledger(app: &App, begun: Moment, seen: &mut BTreeSet<i64>) -> Vec<Read> {
    let rows = app.office.store.read(|db| messages::newest(db, None, NEWEST)).unwrap_or_default();
    let new = rows.into_iter().filter(|row| row.stored_at >= begun && seen.insert(row.id));
    new.filter_map(|row| Some(read(&app.files.get(&row.sha256).ok()?))).collect()
}

const fn name(tried: Tried) -> &'static str {
    match tried {
        Tried::Answers(AddressMode::None) => "send none",
        Tried::Answers(AddressMode::Plus) => "send plus",
        Tried::Answers(AddressMode::CatchAll) => "send catch_all",
        Tried::Returned => "send bounce",
    }
}
