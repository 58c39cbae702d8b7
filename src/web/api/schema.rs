//! What programs send and get, and its description as OpenAPI.

use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::progress::Status;
use crate::web::intake::Input;

/// The whole interface.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Chenqing petitions",
        description = "Hand in a petition and see how it stands: what the agency's web pages do, for programs. Errors are \
                       told in the language of Accept-Language (zh-TW or en)."
    ),
    paths(hand_in, progress)
)]
pub struct Api;

#[utoipa::path(
    post,
    path = "/api/v1/petitions",
    tag = "petitions",
    summary = "Hand in a petition",
    description = "Takes a petition in and mails its confirmation link to the petitioner. It gets a case number only when \
                   the petitioner confirms. The same key with the same content gives the same answer; nothing is taken in \
                   twice.",
    params(
        ("Idempotency-Key" = String, Header, description = "16 to 128 visible ASCII characters, new for each petition."),
        ("Accept-Language" = Option<String>, Header, description = "`zh-TW` or `en`."),
    ),
    request_body(content((NewPetition = "application/json"), (NewPetitionForm = "multipart/form-data"))),
    responses(
        (status = 202, description = "Taken in; waits for the petitioner's confirmation.", body = Taken),
        (status = 400, description = "Cannot be read.", body = Failure),
        (status = 413, description = "Too large.", body = Failure),
        (status = 415, description = "Neither JSON nor a form.", body = Failure),
        (status = 422, description = "Fields to correct, or a key that was used for another petition.", body = Failure),
        (status = 429, description = "Too many from this address; Retry-After says how long to wait.", body = Failure),
        (status = 503, description = "Not taken in; send the same again with the same key.", body = Failure),
    )
)]
#[allow(dead_code, reason = "carries the description of a handler")]
fn hand_in() {}

#[utoipa::path(
    get,
    path = "/api/v1/petitions/{number}",
    tag = "petitions",
    summary = "See how a case stands",
    description = "State, unit, last day and how it was counted, and the reply. Every wrong pair of number and code is \
                   answered alike.",
    params(
        ("number" = String, Path, description = "Case number, for example `1150001234-5`."),
        ("Chenqing-Code" = String, Header, description = "The query code of the receipt."),
        ("Accept-Language" = Option<String>, Header, description = "`zh-TW` or `en`."),
    ),
    responses(
        (status = 200, description = "The case.", body = Status),
        (status = 404, description = "No such pair of number and code.", body = Failure),
        (status = 422, description = "The code is missing.", body = Failure),
        (status = 429, description = "Too many wrong pairs; Retry-After says how long to wait.", body = Failure),
    )
)]
#[allow(dead_code, reason = "carries the description of a handler")]
fn progress() {}

/// A petition to hand in. Fields that may be left out may be empty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPetition {
    /// Real name, 1 to 60 characters.
    #[serde(default)]
    #[schema(required, example = "林示範")]
    pub name: String,
    /// Address that the confirmation mail goes to.
    #[serde(default)]
    #[schema(required, example = "lin@example.org")]
    pub email: String,
    /// Telephone number.
    #[serde(default)]
    #[schema(required, example = "0900-000-123")]
    pub phone: String,
    /// Postal address; needed when the reply is to come by letter.
    #[serde(default)]
    pub address: String,
    /// One line, 2 to 200 characters.
    #[serde(default)]
    #[schema(required, example = "示範漁港北堤路燈不亮")]
    pub subject: String,
    /// The matter, up to 20,000 characters.
    #[serde(default)]
    #[schema(required, example = "示範漁港北側堤防的路燈已經三天沒有亮。")]
    pub body: String,
    /// `suggestion`, `inquiry`, `report` or `rights`.
    #[serde(default)]
    #[schema(required, example = "suggestion")]
    pub kind: String,
    /// Code of a category, if it is known.
    #[serde(default)]
    pub category: String,
    /// Where it happened.
    #[serde(default)]
    pub place: String,
    /// Whether the petitioner's identity is to be kept confidential.
    #[serde(default)]
    pub confidential: bool,
    /// `email` (default) or `letter`.
    #[serde(default = "by_email")]
    #[schema(example = "email")]
    pub reply_by: String,
    /// The petitioner has read the privacy notice and agrees. Must be true.
    #[serde(default)]
    #[schema(required, example = true)]
    pub consent: bool,
    /// Language of the letters: `zh-TW` or `en`; left out, that of Accept-Language.
    #[serde(default)]
    pub locale: String,
    /// Files.
    #[serde(default)]
    pub attachments: Vec<NewFile>,
}

fn by_email() -> String {
    "email".into()
}

impl NewPetition {
    /// As it is taken in.
    #[must_use]
    pub fn into_input(self) -> Input {
        Input {
            name: self.name,
            email: self.email,
            phone: self.phone,
            address: self.address,
            subject: self.subject,
            body: self.body,
            kind: self.kind,
            category: self.category,
            place: self.place,
            confidential: self.confidential,
            reply_by: self.reply_by,
            consent: self.consent,
        }
    }
}

/// A file to attach. What it is, is told from its bytes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFile {
    /// Its name.
    #[schema(example = "位置圖.pdf")]
    pub name: String,
    /// Its bytes in base 64.
    #[schema(format = Byte)]
    pub content: String,
}

/// A petition as a form with files. The other fields of the JSON may be given as well.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "only its description is used")]
pub struct NewPetitionForm {
    /// Real name.
    pub name: String,
    /// Address that the confirmation mail goes to.
    pub email: String,
    /// Telephone number.
    pub phone: String,
    /// One line.
    pub subject: String,
    /// The matter.
    pub body: String,
    /// `suggestion`, `inquiry`, `report` or `rights`.
    pub kind: String,
    /// `true`.
    pub consent: String,
    /// Files, one part each.
    #[schema(value_type = Vec<String>, format = Binary)]
    pub attachments: Option<Vec<Vec<u8>>>,
}

/// A petition that waits for its confirmation. It has no number before that.
#[derive(Debug, Serialize, ToSchema)]
pub struct Taken {
    /// Names the submission in a conversation; it opens nothing.
    #[schema(example = "5f0c1f6be2f54e0f9a5d6f6f1c0b7a31")]
    pub submission_id: String,
    /// `unconfirmed`, or what has become of it when the same key is sent again.
    #[schema(example = "unconfirmed")]
    pub state: String,
    /// Until when the link in the mail serves.
    #[schema(format = DateTime, example = "2026-09-21T01:30:00Z")]
    pub confirm_before: String,
}

/// Why something was not done.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "only its description is used: the table of errors writes it")]
pub struct Failure {
    /// What went wrong.
    pub error: FailureText,
}

/// What went wrong.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "only its description is used")]
pub struct FailureText {
    /// Code, the same in every language.
    #[schema(example = "error-invalid")]
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// The wrong fields.
    pub fields: Vec<FailureField>,
}

/// A wrong field.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "only its description is used")]
pub struct FailureField {
    /// Its name.
    #[schema(example = "email")]
    pub field: String,
    /// Code, the same in every language.
    #[schema(example = "petition-email")]
    pub code: String,
    /// A sentence for people.
    pub message: String,
}
