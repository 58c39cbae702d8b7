//! `chenqing mail`: takes a message in; tells what becomes of one and why, from its bytes alone or with what is known.

mod receive;

use std::io::{ErrorKind, Read as _, Write, stdin, stdout};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::{Value, json};

use super::report::Language;
use crate::config::Config;
use crate::domain::incoming::{Decision, Facts, decide};
use crate::domain::time::Moment;
use crate::post::incoming::facts::{Own, facts};
use crate::post::incoming::{Mailbox, Read, look_up, read};
use crate::web::pages::Pages;

/// Incoming mail.
#[derive(Args, Debug)]
pub struct MailArgs {
    #[command(subcommand)]
    verb: MailVerb,
}

#[derive(Subcommand, Debug)]
enum MailVerb {
    /// Prints how a message is read and decided
    Explain(ExplainArgs),
    /// Takes one raw message from standard input into the ledger
    Receive(receive::ReceiveArgs),
}

/// Prints how a message is read, what becomes of it and why. Nothing is stored, and without --known no database is asked:
/// what only it could tell is said among the reasons.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  chenqing mail explain message.eml
  chenqing mail explain - --json < message.eml
  chenqing --config /etc/chenqing.toml mail explain --known message.eml

Exit codes: 0 printed, 2 the file, the configuration or (with --known) the database cannot be read.")]
pub struct ExplainArgs {
    /// One raw message (.eml), - for standard input
    #[arg(value_name = "FILE|-")]
    pub file: PathBuf,
    /// Asks the configured database whether letters and addresses are ours
    #[arg(long)]
    pub known: bool,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
    /// The language of the print
    #[arg(long, value_enum, default_value = "zh-TW", conflicts_with = "json")]
    pub lang: Language,
}

/// Runs the verb.
///
/// # Errors
/// One sentence: the file, or the configuration.
pub fn run(args: &MailArgs, file: Option<&Path>) -> Result<u8, String> {
    let args = match &args.verb {
        MailVerb::Explain(args) => args,
        MailVerb::Receive(_) => return Ok(receive::run(file)),
    };
    let config = Config::load(file)?;
    let (bytes, own) = (bytes(&args.file)?, Own::of(&config));
    let explained = if args.known { known(&bytes, &own, file)? } else { Explained::of(&bytes, &own) };
    let text = if args.json { explained.json()? } else { explained.text(args.lang.locale(), &config)? };
    match stdout().lock().write_all(text.as_bytes()) {
        // Whoever read it through a pipe has seen enough.
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(e.to_string()),
        _ => Ok(0),
    }
}

/// With what the database and the keys know.
fn known(bytes: &[u8], own: &Own, file: Option<&Path>) -> Result<Explained, String> {
    let app = super::open(file)?;
    let read = read(bytes);
    let looked = app.office.store.read(|db| look_up(db, &app.office.keys, own, &read)).map_err(|e| e.to_string())?;
    Ok(Explained::by(read, &looked.facts))
}

fn bytes(file: &Path) -> Result<Vec<u8>, String> {
    let named = |e: std::io::Error| match e.kind() {
        ErrorKind::NotFound => format!("there is no file {}", file.display()),
        _ => format!("{} cannot be read: {e}", file.display()),
    };
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        stdin().lock().read_to_end(&mut bytes).map_err(named)?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(named)
}

/// A message that was read and decided.
pub struct Explained {
    read: Read,
    decision: Decision,
    /// Its kind of automatic mail, also of our own letters.
    automatic: Option<crate::domain::incoming::Automatic>,
}

/// What programs get. The keys are promised.
#[derive(Serialize)]
struct Answer<'a> {
    from: Option<&'a str>,
    from_name: &'a str,
    reply_to: Option<&'a str>,
    to: Vec<&'a str>,
    cc: Vec<&'a str>,
    subject: &'a str,
    date: Option<Moment>,
    message_id: Option<&'a str>,
    text: &'a str,
    attachments: Vec<Value>,
    automatic: Option<&'static str>,
    bounce: Option<Value>,
    decision: &'static str,
    reasons: Vec<&'static str>,
    notes: &'a [&'static str],
}

impl Explained {
    /// Reads and decides a message by itself alone.
    #[must_use]
    pub fn of(bytes: &[u8], own: &Own) -> Self {
        let read = read(bytes);
        let facts = facts(&read, own);
        Self::by(read, &facts)
    }

    fn by(read: Read, facts: &Facts) -> Self {
        Self { decision: decide(facts), automatic: facts.automatic, read }
    }

    /// As JSON.
    ///
    /// # Errors
    /// What the library says.
    pub fn json(&self) -> Result<String, String> {
        let read = &self.read;
        let addresses = |list: &'_ [Mailbox]| list.iter().map(|mailbox| mailbox.address.clone()).collect::<Vec<_>>();
        let (to, cc) = (addresses(&read.to), addresses(&read.cc));
        let files = read.attachments.iter().map(
            |file| json!({ "name": file.name, "type": file.media, "size": file.bytes.len(), "sha256": file.sha256 }),
        );
        let answer = Answer {
            from: read.from.as_deref(),
            from_name: &read.from_name,
            reply_to: read.reply_to.as_deref(),
            to: to.iter().map(String::as_str).collect(),
            cc: cc.iter().map(String::as_str).collect(),
            subject: &read.subject,
            date: read.date,
            message_id: read.message_id.as_deref(),
            text: &read.text,
            attachments: files.collect(),
            automatic: self.automatic.map(|kind| kind.code()),
            // That a letter arrived is no bounce.
            bounce: read.bounce.as_ref().filter(|bounce| bounce.kind.undelivered()).map(|bounce| {
                json!({ "recipient": bounce.recipient, "status": bounce.status, "permanent": bounce.permanent,
                        "diagnostic": bounce.diagnostic })
            }),
            decision: self.decision.kind.code(),
            reasons: self.reasons(),
            notes: &read.notes,
        };
        serde_json::to_string_pretty(&answer).map(|text| text + "\n").map_err(|e| e.to_string())
    }

    /// The codes of the reasons: of the decision, then what gave automatic mail away.
    fn reasons(&self) -> Vec<&'static str> {
        let decision = self.decision.reasons.iter().map(|reason| reason.code());
        decision.chain(self.read.signs.iter().map(|sign| sign.code())).collect()
    }

    /// In words.
    ///
    /// # Errors
    /// A message file of the configuration's folder that is broken.
    pub fn text(&self, locale: &str, config: &Config) -> Result<String, String> {
        let pages = Pages::new(Config::folder(&config.pages.folder))?;
        let say = |key: &str| pages.text(locale, key, &json!({}));
        let read = &self.read;
        let code = |prefix: &str, code: &str| format!("{prefix}-{}", code.replace('_', "-"));
        let mut lines = Vec::new();
        let mut line = |key: &'static str, value: String| -> Result<(), String> {
            if !value.is_empty() {
                lines.push(format!("{}{}{value}", say(key)?, say("mail-explain-colon")?));
            }
            Ok(())
        };
        let named = |mailbox: &Mailbox| match mailbox.name.as_str() {
            "" => mailbox.address.clone(),
            name => format!("{name} <{}>", mailbox.address),
        };
        let all = |list: &[Mailbox]| list.iter().map(named).collect::<Vec<_>>().join(", ");
        let from = read.from.clone().map(|address| named(&Mailbox { name: read.from_name.clone(), address }));
        line("mail-explain-from", from.unwrap_or_else(|| read.from_name.clone()))?;
        line("mail-explain-reply-to", read.reply_to.clone().unwrap_or_default())?;
        line("mail-explain-to", all(&read.to))?;
        line("mail-explain-cc", all(&read.cc))?;
        line("mail-explain-subject", read.subject.clone())?;
        line("mail-explain-date", read.date.map(|at| at.to_string()).unwrap_or_default())?;
        for file in &read.attachments {
            let (name, media, size) = (&file.name, &file.media, file.bytes.len());
            line("mail-explain-attachment", format!("{name} ({media}, {size} B)"))?;
        }
        line(
            "mail-explain-automatic",
            self.automatic.map_or(Ok(String::new()), |kind| say(&code("mail-automatic", kind.code())))?,
        )?;
        if let Some(bounce) = &read.bounce {
            let told = [
                Some(say(&code("mail-report", bounce.kind.code()))?),
                bounce.recipient.clone(),
                bounce.status.clone(),
                bounce.diagnostic.clone(),
            ];
            line("mail-explain-report", told.into_iter().flatten().collect::<Vec<_>>().join(" · "))?;
        }
        line("mail-explain-decision", say(&code("mail-decision", self.decision.kind.code()))?)?;
        let reasons = self.decision.reasons.iter().map(|reason| code("mail-reason", reason.code()));
        let signs = read.signs.iter().map(|sign| code("mail-sign", sign.code()));
        for key in reasons.chain(signs).chain(read.notes.iter().map(|note| (*note).to_owned())) {
            lines.push(format!("  - {}", say(&key)?));
        }
        if !read.text.is_empty() {
            lines.push(String::new());
            lines.push(read.text.clone());
        }
        Ok(lines.join("\n") + "\n")
    }
}
