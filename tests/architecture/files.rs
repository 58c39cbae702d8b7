//! Files: short, and opening with what they are. Migrations: the same ones for both databases.

use super::source::sources;

/// No file is longer; beyond `LONG` it is named in the output of the test.
const LONGEST: usize = 400;
const LONG: usize = 300;
/// Lists with one line a thing, which nobody reads from top to bottom.
const LISTS: &[&str] = &["src/store/schema.rs"];

#[test]
fn files_are_short() {
    let mut too_long = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        let lines = source.text.lines().count();
        if LISTS.contains(&source.path.as_str()) || lines <= LONG {
            continue;
        }
        println!("{} has {lines} lines", source.path);
        if lines > LONGEST {
            too_long.push(format!("{} has {lines} lines; {LONGEST} are the most", source.path));
        }
    }
    assert!(too_long.is_empty(), "\n{}\n", too_long.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let mute: Vec<String> = sources("src")
        .into_iter()
        .chain(sources("tests"))
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| source.path)
        .collect();
    assert!(mute.is_empty(), "these do not begin with //!: {mute:?}");
}

#[test]
fn migrations_come_in_pairs_with_both_directions() {
    let list = |database: &str| {
        let folder = format!("{}/migrations/{database}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                assert!(path.join("up.sql").is_file() && path.join("down.sql").is_file(), "{}", path.display());
                path.file_name().unwrap().to_str().unwrap().to_owned()
            })
            .collect();
        names.sort();
        names
    };
    let names = list("sqlite");
    assert_eq!(names, list("postgres"));
    for (number, name) in (1..).zip(&names) {
        assert!(name.starts_with(&format!("{number:04}_")), "{name} should be number {number}");
    }
}
