//! Archives that reports are written in: the same files are the same bytes. Texts and tables in them begin with a byte order
//! mark, so that spreadsheets and editors read their UTF-8 as it is.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::book::plain;
use crate::error::{Error, Result};

/// Before each text: without it spreadsheets take UTF-8 for an older encoding.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// An archive that is being written.
pub(super) struct Zipped(ZipWriter<Cursor<Vec<u8>>>);

impl Zipped {
    /// With nothing in it.
    pub(super) fn begin() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    /// Puts a file in.
    ///
    /// # Errors
    /// `Internal` when it cannot be written.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.file(name, CompressionMethod::Deflated, bytes)
    }

    /// Puts a file in as it is, so that its bytes are seen in the archive's.
    ///
    /// # Errors
    /// `Internal` when it cannot be written.
    pub(super) fn add_plain(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.file(name, CompressionMethod::Stored, bytes)
    }

    fn file(&mut self, name: &str, method: CompressionMethod, bytes: &[u8]) -> Result<()> {
        // No moment: the same files are the same bytes.
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.0.start_file(name, options).map_err(Error::internal)?;
        self.0.write_all(bytes).map_err(Error::internal)
    }

    /// The bytes of the whole.
    ///
    /// # Errors
    /// `Internal` when it cannot be written.
    pub(super) fn finish(self) -> Result<Vec<u8>> {
        self.0.finish().map(Cursor::into_inner).map_err(Error::internal)
    }
}

/// A table as a file: CSV.
///
/// # Errors
/// `Internal` when the records have not all as many fields.
pub(super) fn table(records: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    for record in records {
        out.write_record(record).map_err(Error::internal)?;
    }
    out.into_inner().map_err(|e| Error::internal(e.to_string()))
}

/// Lines as a file.
pub(super) fn text(lines: &[String]) -> Vec<u8> {
    let mut text = BYTE_ORDER_MARK.to_vec();
    for line in lines {
        text.extend(plain(line).trim_end().as_bytes());
        text.extend(b"\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn an_archive_holds_its_files_in_order_and_one_of_them_in_sight() {
        let written = || {
            let mut zip = Zipped::begin();
            zip.add_plain("mimetype", b"application/plain").unwrap();
            zip.add("甲.txt", &text(&["一\t行 ".to_owned(), String::new()])).unwrap();
            zip.add("b.csv", &table([vec!["a,b".to_owned(), "c".to_owned()]]).unwrap()).unwrap();
            zip.finish().unwrap()
        };
        let bytes = written();
        assert_eq!(bytes, written());
        assert!(bytes.windows(17).any(|window| window == b"application/plain"));
        let mut read = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut file = |at: usize| {
            let mut file = read.by_index(at).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        };
        assert_eq!(file(0), ("mimetype".to_owned(), "application/plain".to_owned()));
        assert_eq!(file(1), ("甲.txt".to_owned(), "\u{feff}一 行\r\n\r\n".to_owned()));
        assert_eq!(file(2), ("b.csv".to_owned(), "\u{feff}\"a,b\",c\r\n".to_owned()));
        assert!(table([vec!["a".to_owned(), "b".to_owned()], vec!["a".to_owned()]]).is_err());
    }
}
