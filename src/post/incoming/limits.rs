//! How much of a message is read. Whoever sends more than any person writes is read in part, and the reading says so.

/// Bytes of a message.
pub const MESSAGE: usize = 64 * 1024 * 1024;
/// Bytes of a header, of one of its fields, and the number of fields.
pub const HEADER: usize = 1024 * 1024;
/// Bytes of one field.
pub const FIELD: usize = 64 * 1024;
/// Fields of a header.
pub const FIELDS: usize = 2_000;
/// Parts of a message.
pub const PARTS: usize = 10_000;
/// Parts within parts.
pub const DEPTH: usize = 50;
/// Attachments that are kept.
pub const ATTACHMENTS: usize = 1_000;
/// Addresses of a field.
pub const ADDRESSES: usize = 500;
/// Message-IDs of a field.
pub const IDS: usize = 200;
/// Bytes of the text.
pub const TEXT: usize = 1024 * 1024;
/// Bytes of an HTML text.
pub const HTML: usize = 2 * 1024 * 1024;
/// Bytes of a rich text, and of the text or HTML in it.
pub const RICH: usize = 4 * 1024 * 1024;
/// Bytes of an HTML text that is laid out by the library; longer ones are only stripped of their tags.
pub const LAID_OUT: usize = 512 * 1024;
/// Elements within elements, likewise.
pub const ELEMENTS: usize = 200;
/// Elements that are open, summed over all tags, likewise.
pub const OPENED: usize = 2_000_000;
/// Bytes that the parts of one message may grow to when unpacked.
pub const UNPACKED: usize = 96 * 1024 * 1024;
