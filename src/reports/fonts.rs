//! The fonts of PDFs and of pictures: a family with the Chinese characters of Taiwan, regular and bold, from the folder that
//! the configuration names or from where systems keep theirs. The search is bounded, so a folder of any size is no harm.

use std::fs;
use std::path::{Path, PathBuf};

use typst::foundations::Bytes;
use typst::text::{Font, FontInfo, FontStyle};

/// How files with Chinese fonts are called (small letters, only letters and digits), the best first.
const FILES: [&str; 9] = [
    "notosanscjk",
    "notosanstc",
    "sourcehansans",
    "pingfang",
    "msjh",
    "notoserifcjk",
    "notoseriftc",
    "wqyzenhei",
    "droidsansfallback",
];
/// The families in them that have Taiwan's forms, the best first; in a folder of one's own any family is taken after them.
const FAMILIES: [&str; 12] = [
    "Noto Sans CJK TC",
    "Noto Sans TC",
    "Source Han Sans TC",
    "Source Han Sans TW",
    "PingFang TC",
    "Microsoft JhengHei",
    "Noto Sans CJK HK",
    "Noto Serif CJK TC",
    "Noto Serif TC",
    "Noto Sans CJK JP",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
];
/// Weights beside the two that are used.
const OTHER_WEIGHTS: [&str; 6] = ["thin", "light", "medium", "black", "mono", "heavy"];
/// Where systems keep fonts; `~` is the home folder.
const FOLDERS: [&str; 8] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "C:\\Windows\\Fonts",
];
/// How deep folders are searched, how many entries are looked at, how large a file may be.
const DEEPEST: u8 = 5;
const MOST: usize = 20_000;
const LARGEST: u64 = 80 * 1024 * 1024;
/// What a font must have.
const SAMPLE: &str = "陳情案件統計年報辦結逾限，。（）0123456789ABCabc%–";

/// The fonts found.
pub(super) struct Fonts {
    /// The faces: regular, then bold where there is one.
    pub(super) faces: Vec<Font>,
    /// The files that they are in: that of the regular one, then that of the bold one where it is another.
    pub(super) files: Vec<PathBuf>,
    /// What the family is called.
    pub(super) family: String,
}

impl Fonts {
    /// Looks for them; none where there is no family that will do.
    pub(super) fn find(folder: Option<&Path>) -> Option<Self> {
        if let Some(folder) = folder {
            return chosen(&faces(&files_below(folder)));
        }
        let files: Vec<PathBuf> = FOLDERS.iter().filter_map(|name| at(name)).flat_map(|f| files_below(&f)).collect();
        FILES.iter().find_map(|name| {
            let named: Vec<PathBuf> = files.iter().filter(|file| is_named(file, name)).cloned().collect();
            chosen(&faces(&named))
        })
    }

    /// Whether the family has a character.
    pub(super) fn shows(&self, c: char) -> bool {
        self.faces.iter().all(|face| face.info().coverage.contains(u32::from(c)))
    }
}

/// A folder of the list; none where there is no home folder.
fn at(name: &str) -> Option<PathBuf> {
    match name.strip_prefix("~/") {
        Some(rest) => std::env::home_dir().map(|home| home.join(rest)),
        None => Some(PathBuf::from(name)),
    }
}

/// The font files in a folder and those in it, in a fixed order.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let (mut open, mut seen) = (vec![(folder.to_path_buf(), 0)], 0);
    while let Some((folder, depth)) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            seen += 1;
            if seen > MOST {
                break;
            }
            // A link to a folder may lead in a circle: the depth ends it.
            match fs::metadata(&path) {
                Ok(of) if of.is_dir() && depth < DEEPEST => open.push((path, depth + 1)),
                Ok(of) if of.is_file() && of.len() <= LARGEST && is_font(&path) => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files.dedup();
    files
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ["ttf", "otf", "ttc", "otc"].contains(&ending.as_str()))
}

/// Whether a file is called like that, in one of the two weights.
fn is_named(file: &Path, name: &str) -> bool {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let stem: String = stem.chars().filter(char::is_ascii_alphanumeric).collect();
    stem.starts_with(name) && !OTHER_WEIGHTS.iter().any(|weight| stem.contains(weight))
}

/// A face that can set Chinese: how good its family is, and where it lies.
struct Face {
    rank: usize,
    info: FontInfo,
    file: PathBuf,
    data: Bytes,
    index: u32,
}

fn faces(files: &[PathBuf]) -> Vec<Face> {
    let mut faces = Vec::new();
    for file in files {
        let Ok(bytes) = fs::read(file) else { continue };
        let data = Bytes::new(bytes);
        for (index, info) in (0..).zip(FontInfo::iter(&data)) {
            let upright = info.variant.style == FontStyle::Normal;
            let complete = upright && SAMPLE.chars().all(|c| info.coverage.contains(u32::from(c)));
            if complete {
                let rank = FAMILIES.iter().position(|family| *family == info.family).unwrap_or(FAMILIES.len());
                let first = rank == 0;
                faces.push(Face { rank, info, file: file.clone(), data: data.clone(), index });
                // Nothing better follows in this file.
                if first {
                    break;
                }
            }
        }
    }
    faces
}

/// The regular and the bold face of the best family.
fn chosen(faces: &[Face]) -> Option<Fonts> {
    let best = faces.iter().min_by_key(|face| (face.rank, face.info.family.as_str()))?;
    let family = best.info.family.clone();
    let nearest = |weight: u16| {
        let own = faces.iter().filter(|face| face.info.family == family);
        own.min_by_key(|face| (face.info.variant.weight.to_number().abs_diff(weight), face.index))
    };
    let (regular, bold) = (nearest(400)?, nearest(700)?);
    let mut of = vec![Font::new(regular.data.clone(), regular.index)?];
    let mut files = vec![regular.file.clone()];
    if bold.info.variant != regular.info.variant {
        of.push(Font::new(bold.data.clone(), bold.index)?);
        files.push(bold.file.clone());
    }
    files.dedup();
    Some(Fonts { faces: of, files, family })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_are_found_by_their_files() {
        for (file, name, found) in [
            ("NotoSansCJK-Regular.ttc", "notosanscjk", true),
            ("NotoSansCJK-Bold.ttc", "notosanscjk", true),
            ("NotoSansCJKtc-DemiLight.otf", "notosanscjk", false),
            ("NotoSansMonoCJK-Regular.ttc", "notosanscjk", false),
            ("msjhbd.ttc", "msjh", true),
            ("msjhl.ttc", "notosanscjk", false),
        ] {
            assert_eq!(is_named(Path::new(file), name), found, "{file}");
        }
    }

    #[test]
    fn a_folder_without_chinese_has_none() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.ttf"), b"no font").unwrap();
        assert!(Fonts::find(Some(folder.path())).is_none());
        assert!(Fonts::find(Some(Path::new("/nonexistent"))).is_none());
    }

    #[test]
    fn a_family_is_regular_and_bold_with_the_files_that_hold_them() {
        let fonts = Fonts::find(None).expect("this test needs fonts-noto-cjk");
        let weights: Vec<u16> = fonts.faces.iter().map(|face| face.info().variant.weight.to_number()).collect();
        assert_eq!(weights, [400, 700]);
        assert!(fonts.faces.iter().all(|face| face.info().family == fonts.family) && fonts.shows('陳'));
        assert!((1..=2).contains(&fonts.files.len()) && fonts.files.iter().all(|file| file.is_file()));
        // The folder that they lie in, named in the configuration, has them too.
        let folder = fonts.files.first().and_then(|file| file.parent());
        assert_eq!(Fonts::find(folder).unwrap().family, fonts.family);
    }
}
