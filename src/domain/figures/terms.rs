//! The words that dissatisfied petitioners use most (不滿意意見常見用語). Chinese is not divided into words, so every run of two
//! to six characters is a candidate; what says nothing, and all that could name a person, is cut out first, and only what
//! stands in the comments of several cases is told.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// A term is told when it stands in the comments of so many cases: fewer might be recognised.
pub const FEWEST: u64 = 5;
/// Terms told at most.
const MOST: usize = 20;
/// Characters of a term.
const SHORTEST: usize = 2;
const LONGEST: usize = 6;
/// Characters of a comment that are looked at.
const READ: usize = 600;
/// What says nothing, one a line.
const STOP_WORDS: &str = include_str!("stop_words.txt");
/// Behind a family name they make a name of what stands between.
const TITLES: [&str; 20] = [
    "先生",
    "小姐",
    "女士",
    "太太",
    "署長",
    "副署長",
    "分署長",
    "組長",
    "科長",
    "股長",
    "隊長",
    "分隊長",
    "主任",
    "專員",
    "科員",
    "承辦人",
    "船長",
    "警員",
    "士官",
    "教授",
];
/// The family names that nineteen in twenty people of Taiwan bear.
const FAMILY_NAMES: &str = "陳林黃張李王吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾游彭詹胡施沈余盧梁趙顏柯翁魏孫戴范方宋鄧杜傅侯曹薛丁卓阮馬董温溫唐藍石蔣古紀姚連馮歐程湯黄田康姜白汪鄒尤巫鐘黎涂龔嚴韓袁金童陸夏柳凃邵";

/// What dissatisfied petitioners wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DissatisfiedComments {
    /// Cases with an overall rating of 1 or 2 and a comment.
    pub cases: u64,
    /// The terms, the most frequent first.
    pub terms: Vec<Term>,
}

/// A term of the comments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The term.
    pub term: String,
    /// Cases whose comment has it.
    pub cases: u64,
}

/// Counts the terms of comments, each with the case it is about. What shares two neighbouring characters with one of the
/// names of the staff is left out.
#[must_use]
pub fn terms(comments: &[(i64, String)], names: &[String]) -> DissatisfiedComments {
    let unwanted = Unwanted::new(names);
    let mut of_cases: BTreeMap<i64, Vec<Vec<char>>> = BTreeMap::new();
    for (case_id, comment) in comments.iter().filter(|(_, comment)| !comment.trim().is_empty()) {
        of_cases.entry(*case_id).or_default().extend(unwanted.runs(comment));
    }
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    let mut shorter: BTreeSet<String> = BTreeSet::new();
    for length in SHORTEST..=LONGEST {
        let mut counted: BTreeMap<String, u64> = BTreeMap::new();
        for runs in of_cases.values() {
            let grams: BTreeSet<String> = runs
                .iter()
                .flat_map(|run| run.windows(length))
                // A term is no more frequent than what it is made of.
                .filter(|gram| length == SHORTEST || gram.windows(length - 1).all(|part| shorter.contains(&text(part))))
                .map(text)
                .collect();
            for gram in grams {
                *counted.entry(gram).or_default() += 1;
            }
        }
        counted.retain(|gram, cases| *cases >= FEWEST && !unwanted.names(gram));
        shorter = counted.keys().cloned().collect();
        found.extend(counted);
    }
    DissatisfiedComments { cases: of_cases.len().try_into().unwrap_or(u64::MAX), terms: told(&found) }
}

/// The most frequent terms. Of one within another the longer is told, unless the shorter stands in many more comments.
fn told(found: &BTreeMap<String, u64>) -> Vec<Term> {
    let covered = |term: &str, cases: u64| {
        found.iter().any(|(other, of)| other.len() > term.len() && other.contains(term) && *of * 4 >= cases * 3)
    };
    let mut left: Vec<(&String, u64)> =
        found.iter().map(|(term, cases)| (term, *cases)).filter(|(term, cases)| !covered(term, *cases)).collect();
    left.sort_by_key(|(term, cases)| (std::cmp::Reverse(*cases), std::cmp::Reverse(term.len()), term.as_str()));
    let mut terms: Vec<Term> = Vec::new();
    for (term, cases) in left {
        // What is told already says it: the beginning or the end of a longer one.
        if terms.len() < MOST && !terms.iter().any(|known| overlap(&known.term, term)) {
            terms.push(Term { term: term.clone(), cases });
        }
    }
    terms
}

/// Whether one stands in the other, or the end of one is all but a character of the beginning of the other.
fn overlap(known: &str, term: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (known.chars().collect(), term.chars().collect());
    let shared = a.len().min(b.len()) - 1;
    let ends = |x: &[char], y: &[char]| shared > 1 && x.ends_with(&y[..shared]);
    known.contains(term) || ends(&a, &b) || ends(&b, &a)
}

/// What is cut out of comments.
struct Unwanted {
    stop_words: Vec<Vec<char>>,
    titles: Vec<Vec<char>>,
    /// The names of the staff.
    people: Vec<Vec<char>>,
    /// Neighbouring characters of the names of the staff.
    pairs: BTreeSet<String>,
}

impl Unwanted {
    fn new(names: &[String]) -> Self {
        let mut stop_words: Vec<Vec<char>> = STOP_WORDS
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.trim().chars().collect())
            .collect();
        stop_words.retain(|word: &Vec<char>| !word.is_empty());
        stop_words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let mut people: Vec<Vec<char>> =
            names.iter().map(|name| name.chars().filter(|c| is_letter(*c)).collect()).collect();
        people.retain(|name| name.len() > 1);
        let pairs = people.iter().flat_map(|name| name.windows(2)).map(text).collect();
        Self { stop_words, titles: TITLES.iter().map(|title| title.chars().collect()).collect(), people, pairs }
    }

    /// The runs of Chinese characters of a comment: all else, Latin letters, digits and addresses among it, ends one.
    fn runs(&self, comment: &str) -> Vec<Vec<char>> {
        let letters: Vec<char> = comment.chars().take(READ).collect();
        let mut runs: Vec<Vec<char>> = vec![Vec::new()];
        let mut at = 0;
        while let Some(c) = letters.get(at) {
            let rest = &letters[at..];
            let skipped = self.name(rest).or_else(|| self.stop(rest)).unwrap_or(usize::from(!is_letter(*c)));
            match (skipped, runs.last_mut()) {
                (0, Some(run)) => {
                    run.push(*c);
                    at += 1;
                }
                (skipped, _) => {
                    runs.push(Vec::new());
                    at += skipped;
                }
            }
        }
        runs.retain(|run| run.len() >= SHORTEST);
        runs
    }

    fn stop(&self, rest: &[char]) -> Option<usize> {
        self.stop_words.iter().find(|word| rest.starts_with(word)).map(Vec::len)
    }

    /// How long a name is that stands here: one of the staff's, or a family name, up to two characters and a title.
    fn name(&self, rest: &[char]) -> Option<usize> {
        if let Some(name) = self.people.iter().find(|name| rest.starts_with(name)) {
            return Some(name.len());
        }
        let first = rest.first()?;
        if !FAMILY_NAMES.contains(*first) {
            return None;
        }
        (1..=3).find_map(|given| {
            let behind = rest.get(given..)?;
            self.titles.iter().find(|title| behind.starts_with(title)).map(|title| given + title.len())
        })
    }

    /// Whether a term could be part of a name of the staff.
    fn names(&self, term: &str) -> bool {
        let letters: Vec<char> = term.chars().collect();
        letters.windows(2).any(|pair| self.pairs.contains(&text(pair)))
    }
}

/// Whether a character is Chinese writing.
const fn is_letter(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn text(letters: &[char]) -> String {
    letters.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every comment by so many cases.
    fn said(comments: &[(&str, i64)]) -> Vec<(i64, String)> {
        let mut id = 0;
        let mut all = Vec::new();
        for (comment, times) in comments {
            for _ in 0..*times {
                id += 1;
                all.push((id, (*comment).to_owned()));
            }
        }
        all
    }

    fn told_of(comments: &[(i64, String)], names: &[&str]) -> Vec<(String, u64)> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        terms(comments, &names).terms.into_iter().map(|term| (term.term, term.cases)).collect()
    }

    #[test]
    fn the_words_of_several_cases_are_told_whole_and_once_a_case() {
        let comments = said(&[
            ("回復太慢，等了三個月。", 6),
            ("你們的回復太慢了！回復太慢！", 2),
            ("承辦態度不佳", 5),
            ("噪音", 4),
        ]);
        let found = terms(&comments, &[]);
        assert_eq!(found.cases, 17);
        let told = told_of(&comments, &[]);
        assert_eq!(told, [("回復太慢".into(), 8), ("三個月".into(), 6), ("承辦態度不佳".into(), 5)]);
    }

    #[test]
    fn fewer_than_five_cases_are_nobodys_words() {
        let mut comments = said(&[("回復太慢", 4)]);
        comments.push((1, "回復太慢 回復太慢".to_owned()));
        assert!(told_of(&comments, &[]).is_empty(), "the same case counts once");
        comments.push((99, "回復太慢".to_owned()));
        assert_eq!(told_of(&comments, &[]), [("回復太慢".to_owned(), 5)]);
    }

    #[test]
    fn nothing_that_names_a_person_is_told() {
        let comments = said(&[
            ("王小明態度差", 9),
            ("找陳大文科長沒有用", 9),
            ("電話0912345678，信箱 a.b@example.invalid，案號1150001234-5", 9),
            ("林先生說謊", 9),
            ("Wang Xiaoming is rude", 9),
        ]);
        let told = told_of(&comments, &["王小明"]);
        for (term, _) in &told {
            for part in ["王", "小明", "陳", "大文", "林", "先生", "科長"] {
                assert!(!term.contains(part), "{term}");
            }
            assert!(term.chars().all(is_letter), "{term}");
        }
        for said in ["說謊", "態度差", "沒有用"] {
            assert!(told.iter().any(|(term, _)| term == said), "{said}: {told:?}");
        }
    }
}
