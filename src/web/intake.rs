//! Taking a petition in, the same for the form and for programs: what was given is checked field by field, its files are
//! kept, and the act is asked once. Whatever fails, all that was given is still there to be shown again.

use serde_json::{Value, json};

use super::forms::{Form, Upload};
use super::state::Web;
use super::uploads;
use crate::acts::submit;
use crate::domain::case::{Channel, Kind, ReplyBy};
use crate::domain::submission::Petition;
use crate::domain::time::Moment;
use crate::error::{Error, FieldError, Message};
use crate::store::attachments::StoredFile;
use crate::store::reference::Reference;
use crate::store::submissions::Submission;

/// The field that carries files.
const FILES: &str = "attachments";
/// The form's fields in their order, in which mistakes are listed.
const ORDER: &[&str] = &[
    "name",
    "email",
    "phone",
    "address",
    "subject",
    "body",
    "kind",
    "category",
    "place",
    FILES,
    "confidential",
    "reply_by",
    "consent",
];

/// A petition as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Real name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Postal address.
    pub address: String,
    /// Subject.
    pub subject: String,
    /// The matter.
    pub body: String,
    /// Code of a kind.
    pub kind: String,
    /// Code of a category, or nothing.
    pub category: String,
    /// Place.
    pub place: String,
    /// Wishes to be kept confidential.
    pub confidential: bool,
    /// Code of a way of reply.
    pub reply_by: String,
    /// Agreed to the privacy notice.
    pub consent: bool,
}

impl Input {
    /// What a form holds.
    #[must_use]
    pub fn of(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            name: text("name"),
            email: text("email"),
            phone: text("phone"),
            address: text("address"),
            subject: text("subject"),
            body: text("body"),
            kind: text("kind"),
            category: text("category"),
            place: text("place"),
            confidential: form.flag("confidential"),
            reply_by: text("reply_by"),
            consent: form.flag("consent"),
        }
    }

    /// As the form shows it again.
    #[must_use]
    pub fn typed(&self) -> Value {
        json!({
            "name": self.name, "email": self.email, "phone": self.phone, "address": self.address,
            "subject": self.subject, "body": self.body, "kind": self.kind, "category": self.category,
            "place": self.place, "confidential": self.confidential, "reply_by": self.reply_by, "consent": self.consent,
        })
    }

    /// The petition it makes, and everything that is wrong with it.
    #[must_use]
    pub fn petition(&self, reference: &Reference, locale: &str) -> (Petition, Vec<FieldError>) {
        let (kind, reply_by) = (Kind::parse(&self.kind), ReplyBy::parse(&self.reply_by));
        let category = self.category.trim();
        let mut wrong = Vec::new();
        if kind.is_none() {
            wrong.push(FieldError::new("kind", "petition-kind"));
        }
        if reply_by.is_none() {
            wrong.push(FieldError::new("reply_by", "petition-reply-by"));
        }
        if !category.is_empty() && reference.category(category).is_none() {
            wrong.push(FieldError::new("category", "petition-category"));
        }
        if !self.consent {
            wrong.push(FieldError::new("consent", "petition-consent"));
        }
        let petition = Petition {
            name: self.name.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            subject: self.subject.clone(),
            body: self.body.clone(),
            kind: kind.unwrap_or(Kind::Suggestion),
            category: (!category.is_empty()).then(|| category.to_owned()),
            place: self.place.clone(),
            confidential: self.confidential,
            reply_by: reply_by.unwrap_or(ReplyBy::Email),
            locale: locale.to_owned(),
            channel: Channel::Web,
        }
        .tidy();
        if let Err(Error::Invalid(more)) = petition.check_public() {
            wrong.extend(more);
        }
        (petition, wrong)
    }
}

/// What somebody hands in.
#[derive(Clone, Debug)]
pub struct Handed {
    /// The petition as typed.
    pub input: Input,
    /// Its files.
    pub uploads: Vec<Upload>,
    /// Words of files that were kept before.
    pub kept: Vec<String>,
    /// The idempotency key.
    pub key: String,
    /// Language.
    pub locale: &'static str,
    /// Where it comes from.
    pub address: String,
}

/// Why nothing was taken in.
#[derive(Clone, Debug, Default)]
pub struct NotTaken {
    /// What has to be corrected, in the form's order.
    pub errors: Vec<FieldError>,
    /// What was in the way beside that.
    pub failure: Option<Error>,
    /// Files that need not be sent again.
    pub kept: Vec<StoredFile>,
}

/// Takes a petition in, or says everything that stands against it.
///
/// # Errors
/// [`NotTaken`].
pub fn receive(web: &Web, now: Moment, reference: &Reference, handed: Handed) -> Result<Submission, NotTaken> {
    let rules = &web.app.config.attachments;
    let (petition, mut errors) = handed.input.petition(reference, handed.locale);
    let (good, wrong) = uploads::sort_out(rules, FILES, handed.uploads);
    let wanted = handed.kept.len() + good.len() + wrong.len();
    errors.extend(wrong);
    if wanted > rules.max_files {
        let message = Message::new("attachment-too-many").with("max", rules.max_files.to_string());
        errors.push(FieldError { field: FILES, message });
    }
    // Mistakes alone cost nothing; what is stored is counted.
    let costs = errors.is_empty() || !good.is_empty() || !handed.kept.is_empty();
    if costs && let Err(minutes) = web.flood.count(&handed.address) {
        let message = Message::new("refused-too-many-submissions").with("minutes", minutes.to_string());
        return Err(NotTaken { errors: in_order(errors), failure: Some(Error::Refused(message)), kept: Vec::new() });
    }
    let words = handed.kept.iter().take(rules.max_files);
    let mut files: Vec<StoredFile> = words.filter_map(|word| uploads::kept(web, now, word)).collect();
    let mut lost = files.len() < handed.kept.len().min(rules.max_files);
    let mut failure = uploads::hold(web, now, &files).err();
    let room = rules.max_files.saturating_sub(files.len());
    match uploads::keep(web, now, &good[..good.len().min(room)]) {
        Ok((stored, leased)) => {
            files.extend(stored);
            failure = failure.or(leased.err());
        }
        Err(e) => (lost, failure) = (true, Some(e)),
    }
    if lost {
        errors.push(FieldError::new(FILES, "attachment-choose-again"));
    }
    if failure.is_none() && errors.is_empty() {
        match submit::submit(&web.app.office, now, petition, &files, &handed.key) {
            Ok(submission) => return Ok(submission),
            Err(Error::Invalid(more)) => errors = more,
            Err(e) => failure = Some(e),
        }
    }
    Err(NotTaken { errors: in_order(errors), failure, kept: files })
}

fn in_order(mut errors: Vec<FieldError>) -> Vec<FieldError> {
    errors.sort_by_key(|e| ORDER.iter().position(|field| *field == e.field).unwrap_or(ORDER.len()));
    errors
}
