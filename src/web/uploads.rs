//! Files on their way in: judged by their bytes, on the disk and leased before any row refers to them, and handed back as
//! a sealed word when a form has to be shown again, so that nobody chooses them twice.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::forms::{Form, Upload};
use super::state::Web;
use crate::config::Attachments;
use crate::domain::time::{HOUR, Moment};
use crate::error::{Error, FieldError, Message, Result};
use crate::files::types::{FileType, Verdict, ending, judge, named};
use crate::keys::sha256;
use crate::store::attachments::{StoredFile, lease};

/// Hours a file is kept for somebody who corrects the rest of the form.
const KEPT_HOURS: i64 = 12;
/// What binds a kept file's word to this use.
const LABEL: &str = "kept-file";

/// A file that may be kept.
#[derive(Clone, Debug)]
pub struct Good {
    /// Its name, with an end that says what it is.
    pub name: String,
    /// What it is.
    pub kind: FileType,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Judges the files of one field: those that may be kept, and what is wrong with the others.
#[must_use]
pub fn sort_out(rules: &Attachments, field: &'static str, uploads: Vec<Upload>) -> (Vec<Good>, Vec<FieldError>) {
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for upload in uploads.into_iter().filter(|upload| upload.field == field) {
        match one(rules, upload) {
            Ok(file) => good.push(file),
            Err(message) => wrong.push(FieldError { field, message }),
        }
    }
    (good, wrong)
}

fn one(rules: &Attachments, upload: Upload) -> std::result::Result<Good, Message> {
    let name = if upload.name.is_empty() { "file".to_owned() } else { upload.name };
    if upload.too_large || upload.bytes.len() as u64 > rules.max_bytes {
        return Err(Message::new("attachment-too-large").with("name", name).with("mb", megabytes(rules).to_string()));
    }
    if upload.bytes.is_empty() {
        return Err(Message::new("attachment-empty").with("name", name));
    }
    match judge(&upload.bytes, &name) {
        Verdict::Is(kind) if rules.types.iter().any(|short| short == kind.short) => {
            let says_so = ending(&name).is_some_and(|end| kind.ends.contains(&end.as_str()));
            let name = if says_so { name } else { format!("{name}.{}", kind.short) };
            Ok(Good { name, kind, bytes: upload.bytes })
        }
        Verdict::Is(_) | Verdict::Unknown => {
            Err(Message::new("attachment-type").with("name", name).with("types", type_names(rules)))
        }
        Verdict::Lies => Err(Message::new("attachment-type-lies").with("name", name)),
    }
}

/// The size of one file at most, in megabytes.
#[must_use]
pub fn megabytes(rules: &Attachments) -> u64 {
    rules.max_bytes / 1_048_576
}

/// The types that may be kept, as a person reads them.
#[must_use]
pub fn type_names(rules: &Attachments) -> String {
    rules.types.iter().map(|short| short.to_ascii_uppercase()).collect::<Vec<_>>().join(", ")
}

/// The types that may be kept, as a browser's file chooser wants them.
#[must_use]
pub fn accept(rules: &Attachments) -> String {
    let kinds = rules.types.iter().filter_map(|short| named(short));
    kinds.flat_map(|kind| kind.ends).map(|end| format!(".{end}")).collect::<Vec<_>>().join(",")
}

/// Keeps files on the disk. The lease comes first, so that no collector takes a file between its arrival and the row that
/// will refer to it; when the database cannot write it, the files are kept nevertheless and the fault stands beside them.
///
/// # Errors
/// `Unavailable` when the disk does not take them.
pub fn keep(web: &Web, now: Moment, files: &[Good]) -> Result<(Vec<StoredFile>, Result<()>)> {
    let stored: Vec<StoredFile> = files
        .iter()
        .map(|file| StoredFile {
            sha256: sha256(&file.bytes),
            name: file.name.clone(),
            media_type: file.kind.media.to_owned(),
            size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
        })
        .collect();
    let leased = hold(web, now, &stored);
    for file in files {
        web.app.files.put(&file.bytes)?;
    }
    Ok((stored, leased))
}

/// The field of staff's forms in which files are chosen.
pub const CHOSEN: &str = "attachments";
/// The field in which files that were kept come back as sealed words.
const KEPT: &str = "kept_file";

/// The files of a form.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// Those on the disk: chosen now, or kept before.
    pub files: Vec<StoredFile>,
    /// What is wrong with the others.
    pub wrong: Vec<FieldError>,
}

/// Takes the files of a form of staff's: every good one is kept whatever else is wrong, so that nobody chooses it twice.
/// `already` others are there.
///
/// # Errors
/// `Unavailable` when disk or database do not take them.
pub fn take(web: &Web, form: &Form, already: usize, now: Moment) -> Result<Taken> {
    let rules = &web.app.config.attachments;
    let words = form.texts(KEPT);
    let (good, mut wrong) = sort_out(rules, CHOSEN, form.files.clone());
    if already + words.len() + good.len() + wrong.len() > rules.max_files {
        let message = Message::new("attachment-too-many").with("max", rules.max_files.to_string());
        wrong.push(FieldError { field: CHOSEN, message });
    }
    let words = words.iter().take(rules.max_files);
    let mut files: Vec<StoredFile> = words.clone().filter_map(|word| kept(web, now, word)).collect();
    if files.len() < words.count() {
        wrong.push(FieldError::new(CHOSEN, "attachment-choose-again"));
    }
    hold(web, now, &files)?;
    let room = rules.max_files.saturating_sub(files.len());
    let (stored, leased) = keep(web, now, &good[..good.len().min(room)])?;
    leased?;
    files.extend(stored);
    Ok(Taken { files, wrong })
}

/// Takes the files of a form that is small enough to be filled in again: all of them or none.
///
/// # Errors
/// `Invalid` with what is wrong; otherwise as [`take`].
pub fn take_all(web: &Web, form: &Form, now: Moment) -> Result<Vec<StoredFile>> {
    let taken = take(web, form, 0, now)?;
    if taken.wrong.is_empty() { Ok(taken.files) } else { Err(Error::Invalid(taken.wrong)) }
}

/// Kept files as a form shows them, each with the word by which it comes back.
///
/// # Errors
/// As [`word`].
pub fn shown(web: &Web, now: Moment, files: &[StoredFile]) -> Result<Vec<Value>> {
    let one = |file: &StoredFile| {
        Ok(json!({ "token": word(web, now, file)?, "name": file.name, "size": size_text(file.size) }))
    };
    files.iter().map(one).collect()
}

/// What forms say of the files they take.
#[must_use]
pub fn limits(rules: &Attachments) -> Value {
    json!({
        "attachments_max": rules.max_files,
        "attachment_mb": megabytes(rules),
        "attachment_types": type_names(rules),
        "attachment_accept": accept(rules),
    })
}

/// Leases files that are kept already for another while.
///
/// # Errors
/// Of the database.
pub fn hold(web: &Web, now: Moment, files: &[StoredFile]) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let (files, until) = (files.to_vec(), now.plus_seconds(KEPT_HOURS * HOUR));
    web.app.office.store.write(move |db| files.iter().try_for_each(|file| lease(db, file, now, until)))
}

/// What the word of a kept file says, sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    sha256: String,
    name: String,
    media: String,
    size: i64,
    until: Moment,
}

/// The word by which a kept file comes back with the form.
///
/// # Errors
/// `Internal` when the system gives no random bytes.
pub fn word(web: &Web, now: Moment, file: &StoredFile) -> Result<String> {
    let kept = Kept {
        sha256: file.sha256.clone(),
        name: file.name.clone(),
        media: file.media_type.clone(),
        size: file.size,
        until: now.plus_seconds(KEPT_HOURS * HOUR),
    };
    let text = serde_json::to_string(&kept).map_err(Error::internal)?;
    Ok(BASE64URL_NOPAD.encode(&web.app.office.keys.seal(LABEL, &text)?))
}

/// The kept file of a word; `None` when it is not ours, has run out, or the file is gone.
#[must_use]
pub fn kept(web: &Web, now: Moment, word: &str) -> Option<StoredFile> {
    let sealed = BASE64URL_NOPAD.decode(word.as_bytes()).ok()?;
    let kept: Kept = serde_json::from_str(&web.app.office.keys.open(LABEL, &sealed).ok()?).ok()?;
    if kept.until <= now || web.app.files.get(&kept.sha256).is_err() {
        return None;
    }
    Some(StoredFile { sha256: kept.sha256, name: kept.name, media_type: kept.media, size: kept.size })
}

/// A size as a person reads it.
#[must_use]
pub fn size_text(bytes: i64) -> String {
    match bytes {
        ..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}
