//! The parts of a message, found in one pass over its lines: what a line of dashes means is looked up among the
//! boundaries that are open, so neither depth nor number of parts costs more than their lines. An attached message stays
//! whole: it is an attachment. A library's tree is not used here, because raw bytes above ASCII in headers must survive
//! until their charset is known, and because ten thousand messages within messages must not be ten thousand calls.

use std::collections::HashMap;
use std::ops::Range;

use super::header::{self, Fields};
use super::limits;
use super::params::{self, Valued};

/// A part.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its header.
    pub fields: Fields,
    /// `Content-Type`.
    pub kind: Valued,
    /// `Content-Disposition`.
    pub disposition: Valued,
    /// Where its header begins.
    pub head: usize,
    /// Where its body stands, still encoded.
    pub body: Range<usize>,
    /// The parts within it, in their order.
    pub children: Vec<usize>,
    /// It holds parts and no body of its own.
    pub multipart: bool,
}

/// The parts of a message; the first is the message itself.
#[derive(Debug, Default)]
pub struct Tree {
    /// The parts.
    pub parts: Vec<Part>,
    /// There were more parts than are read, or deeper ones.
    pub cut: bool,
    /// Lines that are no field stood in its header.
    pub broken_header: bool,
    /// A boundary was missing or never came.
    pub broken_parts: bool,
    /// The header was longer than what is kept.
    pub cut_header: bool,
}

/// An open multipart.
struct Open {
    part: usize,
    boundary: Vec<u8>,
}

/// Reads the parts of a message that begins at `from`.
#[must_use]
pub fn read(bytes: &[u8], from: usize) -> Tree {
    let mut tree = walk(bytes, from, None);
    let root_is_empty = tree.parts.first().is_some_and(|root| root.multipart && root.children.is_empty());
    if root_is_empty {
        // The boundary in the header is not the one that is used.
        let body = tree.parts.first().map(|root| root.body.clone()).unwrap_or_default();
        if let Some(boundary) = likely(&bytes[body]) {
            tree = walk(bytes, from, Some(boundary));
        }
        tree.broken_parts = true;
    }
    for part in &mut tree.parts {
        // Nothing came between its boundaries: what stands there is its text.
        part.multipart &= !part.children.is_empty();
    }
    tree
}

struct Walk {
    tree: Tree,
    open: Vec<Open>,
    /// Boundary to places in `open`, the innermost last.
    places: HashMap<Vec<u8>, Vec<usize>>,
    /// The part whose body is being read.
    current: Option<usize>,
    /// Where a body ends that is ended by the line being looked at.
    line_from: usize,
}

fn walk(bytes: &[u8], from: usize, boundary: Option<Vec<u8>>) -> Tree {
    let mut walk =
        Walk { tree: Tree::default(), open: Vec::new(), places: HashMap::new(), current: None, line_from: from };
    let mut at = walk.begin(bytes, from, None, boundary);
    while at < bytes.len() {
        let (line, next) = header::line_at(bytes, at);
        walk.line_from = at;
        match walk.boundary(line) {
            None => at = next,
            Some((place, closes)) => {
                walk.end_body(bytes);
                walk.unwind(place + 1);
                let parent = walk.open[place].part;
                if closes {
                    at = next;
                } else if walk.tree.parts.len() >= limits::PARTS {
                    walk.tree.cut = true;
                    at = next;
                } else {
                    at = walk.begin(bytes, next, Some(parent), None);
                }
            }
        }
    }
    walk.line_from = bytes.len();
    if let Some(part) = walk.current.take() {
        walk.tree.parts[part].body.end = bytes.len();
    }
    walk.tree
}

impl Walk {
    /// Reads a part's header; where its body begins.
    fn begin(&mut self, bytes: &[u8], from: usize, parent: Option<usize>, boundary: Option<Vec<u8>>) -> usize {
        let head = header::read(bytes, from, &|line| self.boundary(line).is_some());
        let number = self.tree.parts.len();
        let kind = head.fields.get("content-type").map(params::read).unwrap_or_default();
        let disposition = head.fields.get("content-disposition").map(params::read).unwrap_or_default();
        let boundary = boundary.or_else(|| kind.raw("boundary").map(|b| b.trim_ascii().to_vec()));
        let multipart = kind.value.starts_with("multipart/");
        let deep = self.open.len() >= limits::DEPTH;
        self.tree.cut |= multipart && deep;
        self.tree.cut_header |= head.cut;
        self.tree.broken_header |= head.broken && parent.is_none();
        let multipart = multipart && !deep;
        self.tree.parts.push(Part {
            fields: head.fields,
            kind,
            disposition,
            head: from,
            body: head.body..bytes.len(),
            children: Vec::new(),
            multipart,
        });
        if let Some(parent) = parent {
            self.tree.parts[parent].children.push(number);
        }
        if multipart {
            let boundary = boundary.filter(|b| !b.is_empty());
            self.tree.broken_parts |= boundary.is_none();
            if let Some(boundary) = boundary {
                self.places.entry(boundary.clone()).or_default().push(self.open.len());
                self.open.push(Open { part: number, boundary });
            }
        }
        self.current = Some(number);
        head.body
    }

    /// The open multipart that a line belongs to, and whether it closes it.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let name = line.strip_prefix(b"--")?.trim_ascii_end();
        let place = |name: &[u8]| self.places.get(name).and_then(|places| places.last()).copied();
        place(name).map(|place| (place, false)).or_else(|| place(name.strip_suffix(b"--")?).map(|place| (place, true)))
    }

    /// The body that was being read ends before the line that is looked at, without that line's own break.
    fn end_body(&mut self, bytes: &[u8]) {
        if let Some(part) = self.current.take() {
            let start = self.tree.parts[part].body.start;
            let mut end = self.line_from.max(start);
            for mark in [b'\n', b'\r'] {
                if end > start && bytes[end - 1] == mark {
                    end -= 1;
                }
            }
            self.tree.parts[part].body.end = end;
        }
    }

    /// Closes what is open from a depth on.
    fn unwind(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(open) = self.open.pop() else { break };
            if let Some(places) = self.places.get_mut(&open.boundary) {
                places.pop();
                if places.is_empty() {
                    self.places.remove(&open.boundary);
                }
            }
        }
    }
}

/// A line of dashes with a part's header after it: the boundary that is used.
fn likely(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut at = 0;
    while at < bytes.len() {
        let (line, next) = header::line_at(bytes, at);
        if let Some(name) = line.strip_prefix(b"--").filter(|name| (1..=100).contains(&name.len())) {
            let (after, _) = if next < bytes.len() { header::line_at(bytes, next) } else { (&b""[..], next) };
            if after.len() > 8 && after[..8].eq_ignore_ascii_case(b"content-") {
                return Some(name.trim_ascii_end().to_vec());
            }
        }
        at = next;
    }
    None
}
