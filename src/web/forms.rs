//! Forms as they come in: fields by name and, from multipart forms, files held in memory up to their limits. A form that
//! is malformed, too large or too long is refused with a sentence, never with a crash.

use std::collections::BTreeMap;

use actix_multipart::Multipart;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ContentDisposition};
use actix_web::{HttpRequest, web};
use futures_util::TryStreamExt;

use crate::config::Attachments;
use crate::error::{Error, Result};

/// Fields a form may have, and parts beside those that carry files.
const MOST_FIELDS: usize = 300;
/// Bytes of one text field.
const MOST_FIELD_BYTES: usize = 256 * 1024;
/// Bytes of a form without files.
pub const MOST_FORM_BYTES: usize = 512 * 1024;
/// Bytes of a body too large that are let pass by at least.
const MOST_DRAINED: usize = 16 * 1024 * 1024;

/// A form: values by field name, and files.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: BTreeMap<String, Vec<String>>,
    /// Files in the order they came.
    pub files: Vec<Upload>,
}

/// A file as it came in.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field it came in.
    pub field: String,
    /// The sender's name for it, without a path.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Larger than allowed: the bytes were not kept.
    pub too_large: bool,
}

impl Form {
    /// A form with these values, as if they had been typed.
    #[must_use]
    pub fn with(values: &[(&str, &str)]) -> Self {
        let fields = values.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
        Self { fields, files: Vec::new() }
    }

    /// The same with fields that have several values.
    #[must_use]
    pub fn filled(values: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in values {
            fields.entry(name).or_default().push(value);
        }
        Self { fields, files: Vec::new() }
    }

    /// The value of a field, empty if there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// The names of its fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    /// Every value of a field.
    #[must_use]
    pub fn texts(&self, name: &str) -> &[String] {
        self.fields.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.text(name), "on" | "true" | "1" | "yes")
    }

    /// A whole number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name).trim().parse().ok()
    }

    /// A value that may be left out.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name).trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The version of the case that the form was made from.
    ///
    /// # Errors
    /// `Invalid` when the form has none.
    pub fn version(&self) -> Result<i64> {
        self.number("version").ok_or_else(|| Error::invalid("version", "field-invalid"))
    }

    fn put(&mut self, name: String, value: String) -> Result<()> {
        if self.fields.values().map(Vec::len).sum::<usize>() >= MOST_FIELDS {
            return Err(Error::refused("refused-bad-request"));
        }
        self.fields.entry(name).or_default().push(value);
        Ok(())
    }
}

/// The most bytes a form with files may have.
#[must_use]
pub fn most_bytes(rules: &Attachments) -> usize {
    let files = u64::try_from(rules.max_files).unwrap_or(u64::MAX).saturating_add(1).saturating_mul(rules.max_bytes);
    usize::try_from(files).unwrap_or(usize::MAX).saturating_add(MOST_FORM_BYTES)
}

/// Reads a form of either encoding.
///
/// # Errors
/// `Refused` when it is malformed or too large as a whole.
pub async fn read(request: &HttpRequest, body: web::Payload, rules: &Attachments) -> Result<Form> {
    if is(request, "multipart/form-data") {
        multipart(request, body, rules).await
    } else if is(request, "application/x-www-form-urlencoded") {
        urlencoded(body).await
    } else {
        Err(Error::refused("refused-bad-request"))
    }
}

/// Whether a request's body is of this media type.
#[must_use]
pub fn is(request: &HttpRequest, media: &str) -> bool {
    let given = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|given| given.trim().eq_ignore_ascii_case(media))
}

/// Reads a body into memory, up to `most` bytes.
///
/// # Errors
/// `Refused` when it breaks off or is larger.
pub async fn whole(mut body: web::Payload, most: usize) -> Result<web::Bytes> {
    let mut bytes = web::BytesMut::new();
    while let Some(chunk) = body.try_next().await.map_err(|_| Error::refused("refused-bad-request"))? {
        if bytes.len() + chunk.len() > most {
            drain(body, most).await;
            return Err(Error::refused("refused-too-large"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Lets some of what is too large pass by unread: a browser shows an answer only when it has sent everything.
async fn drain(mut body: web::Payload, most: usize) {
    let mut left = most.saturating_mul(4).max(MOST_DRAINED);
    while let Ok(Some(chunk)) = body.try_next().await {
        left = left.saturating_sub(chunk.len());
        if left == 0 {
            break;
        }
    }
}

async fn urlencoded(body: web::Payload) -> Result<Form> {
    let bytes = whole(body, MOST_FORM_BYTES).await?;
    let mut form = Form::default();
    for (name, value) in form_urlencoded::parse(&bytes) {
        form.put(name.into_owned(), value.into_owned())?;
    }
    Ok(form)
}

async fn multipart(request: &HttpRequest, body: web::Payload, rules: &Attachments) -> Result<Form> {
    let bad = || Error::refused("refused-bad-request");
    let most = most_bytes(rules);
    let told =
        request.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    // The room between the parts is not counted below.
    if told.is_some_and(|told| told > most + MOST_FORM_BYTES) {
        drain(body, most).await;
        return Err(Error::refused("refused-too-large"));
    }
    let mut parts = Multipart::new(request.headers(), body);
    let mut form = Form::default();
    let (mut total, mut number) = (0_usize, 0_usize);
    while let Some(mut part) = parts.try_next().await.map_err(|_| bad())? {
        number += 1;
        if number > MOST_FIELDS + rules.max_files.saturating_mul(2) {
            return Err(bad());
        }
        let field = part.name().unwrap_or_default().to_owned();
        let file = part.content_disposition().and_then(file_name).map(|name| plain_name(&name));
        let limit =
            if file.is_some() { usize::try_from(rules.max_bytes).unwrap_or(usize::MAX) } else { MOST_FIELD_BYTES };
        let (mut bytes, mut too_large) = (Vec::new(), false);
        while let Some(chunk) = part.try_next().await.map_err(|_| bad())? {
            total += chunk.len();
            if total > most {
                return Err(Error::refused("refused-too-large"));
            }
            if bytes.len() + chunk.len() > limit {
                too_large = true;
                bytes = Vec::new();
            }
            if !too_large {
                bytes.extend_from_slice(&chunk);
            }
        }
        match file {
            // A file field left empty sends an empty name.
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => {
                if form.files.len() > rules.max_files.saturating_mul(2) {
                    return Err(Error::refused("refused-too-large"));
                }
                form.files.push(Upload { field, name, bytes, too_large });
            }
            None if too_large => return Err(Error::refused("refused-too-large")),
            None => form.put(field, String::from_utf8(bytes).map_err(|_| bad())?)?,
        }
    }
    Ok(form)
}

/// The name a part's file has: the extended form is what programs send for names beyond ASCII.
fn file_name(about: &ContentDisposition) -> Option<String> {
    let extended = about.get_filename_ext().and_then(|name| String::from_utf8(name.value.clone()).ok());
    extended.or_else(|| about.get_filename().map(str::to_owned))
}

/// A file's name without a path, control characters or undue length.
#[must_use]
pub fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean = crate::domain::submission::one_line(last);
    let tail: Vec<char> = clean.chars().rev().take(120).collect();
    tail.into_iter().rev().collect()
}
