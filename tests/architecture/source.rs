//! The program's source as the architecture tests read it: files by module, and their code without comments, texts and
//! unit tests.

use std::path::{Path, PathBuf};

/// A source file.
pub struct Source {
    /// Path from the repository's root.
    pub path: String,
    /// The modules it is in, outermost first; empty for `lib.rs` and `main.rs`.
    pub modules: Vec<String>,
    /// The whole text.
    pub text: String,
    /// The text without comments, string literals and the unit tests at its end.
    pub code: String,
}

/// Every `.rs` file under a folder of the repository, in the order of their paths.
pub fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join(folder), &mut files);
    files.sort();
    assert!(!files.is_empty(), "no source under {folder}");
    files.iter().map(|file| read(root, folder, file)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read(root: &Path, folder: &str, file: &Path) -> Source {
    let text = std::fs::read_to_string(file).unwrap();
    let inside = file.strip_prefix(root.join(folder)).unwrap().with_extension("");
    let mut modules: Vec<String> = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if modules.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        modules.pop();
    }
    // Unit tests stand last, or in a file of their own named tests.rs; neither is bound by the laws.
    let code = code(&text);
    let code = if modules.last().is_some_and(|last| last == "tests") {
        ""
    } else {
        code.split("#[cfg(test)]").next().unwrap()
    };
    let path = file.strip_prefix(root).unwrap().display().to_string();
    Source { path, modules, code: code.to_owned(), text }
}

/// Rust text with comments and the insides of literals taken out; lines stay lines.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_string(rest) {
            length
        } else if c == '"' {
            string(rest)
        } else if c == '\'' {
            character(rest)
        } else {
            code.push(c);
            c.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

fn raw_string(rest: &str) -> Option<usize> {
    let hashes = rest.strip_prefix('r')?.chars().take_while(|c| *c == '#').count();
    rest[1 + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = 2 + hashes;
    Some(rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len()))
}

fn string(rest: &str) -> usize {
    let mut escaped = true;
    for (at, c) in rest.char_indices() {
        match c {
            '"' if !escaped => return at + 1,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// A character literal, or the quote of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next(), chars.next()) {
        (Some((_, '\\')), Some(_), _) => rest[3..].find('\'').map_or(1, |at| at + 4),
        (Some(_), Some((at, '\'')), _) => at + 1,
        _ => 1,
    }
}

#[test]
fn comments_and_literals_are_not_code() {
    let text = "let a = \"// no \\\" crate::x\"; // crate::y\nlet b: &'a str = r#\"crate::\"z\"#; /* crate::q */ '\"'; '\\''; c";
    assert_eq!(code(text), "let a = ; \nlet b: &a str = ;  ; ; c");
}
