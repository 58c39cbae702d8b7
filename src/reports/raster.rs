//! Charts as pictures that mail programs show: they show no SVG.

use std::path::Path;

use crate::error::Result;

/// A picture of an SVG, as PNG; none in programs that are built without it.
///
/// # Errors
/// `Internal` when it cannot be drawn.
pub fn png(_svg: &str, _fonts: Option<&Path>) -> Result<Option<Vec<u8>>> {
    Ok(None)
}
