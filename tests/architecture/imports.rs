//! Who may import whom, and which library is named where.

use std::collections::BTreeSet;

use super::source::{Source, sources};

/// What every module above `domain` may use.
const LEAVES: &[&str] = &["error", "config", "keys", "files", "domain"];

/// A module, and what it may import beside itself. The longest name that fits a file counts.
const LAW: &[(&str, &[&str], &[&str])] = &[
    ("error", &[], &[]),
    ("config", &[], &[]),
    ("domain", &[], &["error"]),
    ("clock", &[], &["domain"]),
    ("keys", &[], &["error", "domain"]),
    ("files", &[], &["error", "config", "domain", "keys"]),
    ("store", &[], &["domain", "config", "error", "keys"]),
    ("letters", &[], &["domain", "config", "error"]),
    ("acts", LEAVES, &["store"]),
    ("reports", LEAVES, &["store"]),
    ("reports/year_end", LEAVES, &["store", "acts", "reports"]),
    ("reports/saved_mail", LEAVES, &["store", "acts", "reports"]),
    ("post", LEAVES, &["store", "letters", "clock"]),
    ("post/outgoing", LEAVES, &["store", "letters", "clock", "post"]),
    ("post/incoming", LEAVES, &["store", "letters", "clock", "post", "acts", "reports", "app"]),
    ("app", LEAVES, &["store", "letters", "clock", "post", "acts"]),
    ("demo", LEAVES, &["store", "clock", "post", "acts", "reports", "app"]),
    ("seed", LEAVES, &["store", "acts", "demo"]),
    ("web", LEAVES, &["store", "letters", "clock", "post", "acts", "reports", "app", "jobs"]),
    ("jobs", LEAVES, &["store", "letters", "clock", "post", "acts", "reports", "app"]),
    // Its letters' words are those of the pages.
    ("jobs/saved_reports", LEAVES, &["reports", "app", "jobs", "web"]),
    ("cli", LEAVES, &["store", "letters", "clock", "post", "acts", "reports", "app", "demo", "seed", "jobs", "web"]),
];

/// Macros stand at the crate's root and belong to a module.
const MACROS: &[(&str, &str)] = &[("codes", "domain"), ("on", "store")];

/// A library, and the only module that may name it.
const LIBRARIES: &[(&str, &str)] = &[("diesel", "store"), ("actix", "web"), ("lettre", "post"), ("clap", "cli")];

/// What `domain` may know: kinds of values, and nothing that reads or writes.
const DOMAIN_KNOWS: &[&str] =
    &["std", "crate", "super", "self", "serde", "serde_json", "smol_str", "validator", "jiff"];

fn law(source: &Source) -> Option<(&'static str, BTreeSet<&'static str>)> {
    let path = source.modules.join("/");
    let fits = |name: &str| path == name || path.starts_with(&format!("{name}/"));
    let (name, more, own) = LAW.iter().filter(|(name, ..)| fits(name)).max_by_key(|(name, ..)| name.len())?;
    Some((name, more.iter().chain(own.iter()).copied().collect()))
}

#[test]
fn nothing_calls_upward() {
    let mut breaches = Vec::new();
    for source in sources("src").iter().filter(|source| !source.modules.is_empty()) {
        let Some((_, allowed)) = law(source) else {
            breaches.push(format!("{}: its module is not in the law; say there what it may import", source.path));
            continue;
        };
        for module in imported(source) {
            if module != source.modules[0] && !allowed.contains(module.as_str()) {
                breaches.push(format!("{} imports {module}", source.path));
            }
        }
    }
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn each_library_is_named_in_one_module() {
    let mut breaches = Vec::new();
    for source in &sources("src") {
        let module = source.modules.first().map_or("", String::as_str);
        for (library, home) in LIBRARIES {
            if module != *home && source.code.contains(library) {
                breaches.push(format!("{} names {library}, which only {home} may", source.path));
            }
        }
        if module == "domain" {
            let others = uses(&source.code).into_iter().filter(|first| !DOMAIN_KNOWS.contains(&first.as_str()));
            breaches.extend(others.map(|first| format!("{} uses {first}", source.path)));
        }
    }
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn only_the_clock_asks_the_time() {
    let asks = ["Timestamp::now", "Zoned::now", "SystemTime::now", "Instant::now", ".elapsed()"];
    let mut breaches = Vec::new();
    for source in sources("src").iter().filter(|source| source.modules != ["clock"]) {
        let found = asks.iter().filter(|ask| source.code.contains(*ask));
        breaches.extend(found.map(|ask| format!("{}: {ask}", source.path)));
    }
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

/// The top modules that a file's paths lead to, by `crate::` or by `super::` up to the root.
fn imported(source: &Source) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in source.code.match_indices("crate::") {
        found.extend(heads(&source.code[at + "crate::".len()..]));
    }
    let ups = "super::".repeat(source.modules.len());
    for (at, _) in source.code.match_indices(&ups) {
        let heads = heads(&source.code[at + ups.len()..]);
        // In an inline module `super` is one step less: only names of modules count here.
        found.extend(heads.into_iter().filter(|head| LAW.iter().any(|(name, ..)| name == head)));
    }
    found
        .into_iter()
        .map(|head| MACROS.iter().find(|(name, _)| *name == head).map_or(head, |(_, home)| (*home).to_owned()))
        .collect()
}

/// The first names of a path's continuation: one, or those of a group in braces.
fn heads(rest: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut depth, mut heads, mut start) = (0, Vec::new(), 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                heads.push(name(group[start..at].trim()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

/// The first names of the `use` lines.
fn uses(code: &str) -> Vec<String> {
    let lines = code.lines().map(str::trim_start).map(|line| line.strip_prefix("pub ").unwrap_or(line));
    let paths = lines.filter_map(|line| line.strip_prefix("use ")).filter(|path| path.starts_with(char::is_lowercase));
    paths.flat_map(heads).collect()
}

#[test]
fn imports_are_read_from_every_form_of_path() {
    let code = "use crate::{error::{Error, Result}, store::Db};\nfn f() -> crate::web::X { super::super::acts::g() }"
        .to_owned();
    let modules = vec!["domain".to_owned(), "case".to_owned()];
    let source = Source { path: String::new(), modules, text: String::new(), code };
    assert_eq!(imported(&source).into_iter().collect::<Vec<_>>(), ["acts", "error", "store", "web"]);
    assert_eq!(uses("use State as S;\n    pub use lettre::{A, B};"), ["lettre"]);
}
