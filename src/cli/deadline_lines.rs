//! The lines of `chenqing deadline --batch`: answered as they come, so that a program at the other end of a pipe may
//! ask, read the answer and ask again. The n-th answer belongs to the n-th line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use crate::domain::calendar::Calendar;
use crate::domain::deadline_batch::Batch;

/// A longer line is refused unread.
const LONGEST_LINE: usize = 1 << 20;
const BUFFER: usize = 1 << 16;

/// Answers every line of a file, or of `input` for `-`.
pub(super) fn answer_lines(
    path: &Path,
    installed: Option<&Calendar>,
    out: &mut dyn Write,
    input: &mut dyn BufRead,
) -> Result<(), String> {
    if path == Path::new("-") {
        return answer_all(&mut BufReader::with_capacity(BUFFER, input), installed, out)
            .map_err(|error| error.to_string());
    }
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let answered = answer_all(&mut BufReader::with_capacity(BUFFER, file), installed, out);
    answered.map_err(|error| format!("{}: {error}", path.display()))
}

fn answer_all(input: &mut dyn BufRead, installed: Option<&Calendar>, out: &mut dyn Write) -> io::Result<()> {
    let mut batch = Batch::new(installed);
    let (mut begun, mut answers) = (Vec::new(), String::new());
    let mut first = true;
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        // Editors of some systems put a byte order mark before the first line.
        let mut rest = if first { chunk.strip_prefix(b"\xef\xbb\xbf").unwrap_or(chunk) } else { chunk };
        first = false;
        while let Some(end) = line_end(rest) {
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            if begun.is_empty() {
                answer(&mut batch, line, &mut answers);
            } else {
                begun.extend_from_slice(line);
                answer(&mut batch, &begun, &mut answers);
                begun.clear();
            }
            rest = after;
        }
        // Of a line too long only so much is kept as shows that it is.
        begun.extend_from_slice(&rest[..rest.len().min((LONGEST_LINE + 1).saturating_sub(begun.len()))]);
        let read = chunk.len();
        input.consume(read);
        out.write_all(answers.as_bytes())?;
        out.flush()?;
        answers.clear();
    }
    if !begun.is_empty() {
        answer(&mut batch, &begun, &mut answers);
        out.write_all(answers.as_bytes())?;
    }
    out.flush()
}

fn line_end(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n')
}

fn answer(batch: &mut Batch<'_>, line: &[u8], answers: &mut String) {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match std::str::from_utf8(line) {
        _ if line.len() > LONGEST_LINE => answers.push_str(r#"{"error":"the line is longer than 1 MiB"}"#),
        Ok(line) => batch.answer(line, answers),
        Err(_) => answers.push_str(r#"{"error":"the line is not UTF-8"}"#),
    }
    answers.push('\n');
}
