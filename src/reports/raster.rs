//! Charts as pictures that mail programs show: they show no SVG. The picture is drawn from the same SVG as everywhere else, on
//! white, because mail programs do not tell a picture whether they are dark. It needs a font with Chinese characters: where
//! there is none, or the program was built without it, the drawing itself comes with the letter instead.

use std::path::Path;

use crate::error::Result;

/// How many dots of the picture a unit of the drawing has: sharp on screens that have two for one.
#[cfg(feature = "pdf")]
const SCALE: u8 = 2;

/// A picture of an SVG, as PNG; none where it cannot show Chinese.
///
/// # Errors
/// `Internal` when the drawing is none.
#[cfg(feature = "pdf")]
pub fn png(svg: &str, folder: Option<&Path>) -> Result<Option<Vec<u8>>> {
    use resvg::tiny_skia::{Color, Pixmap, Transform};
    use resvg::usvg::{Options, Tree};

    use crate::error::Error;

    let Some((fontdb, family)) = fonts(folder) else { return Ok(None) };
    // Every text of a chart is set in the one family that has its characters.
    let options = Options { fontdb, font_family: family, ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(Error::internal)?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width() * u32::from(SCALE), size.height() * u32::from(SCALE));
    let mut picture = Pixmap::new(width, height).ok_or_else(|| Error::internal("a chart without a size"))?;
    picture.fill(Color::WHITE);
    let scale = f32::from(SCALE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map(Some).map_err(Error::internal)
}

/// A picture of an SVG: none in programs that are built without it.
///
/// # Errors
/// None.
#[cfg(not(feature = "pdf"))]
pub fn png(_svg: &str, _folder: Option<&Path>) -> Result<Option<Vec<u8>>> {
    Ok(None)
}

/// What pictures are drawn with: the fonts found, and what the drawing library calls their family.
#[cfg(feature = "pdf")]
type Drawing = (std::sync::Arc<resvg::usvg::fontdb::Database>, String);

/// The fonts of a folder, or of the system; looked for once. None without a family that will do.
#[cfg(feature = "pdf")]
fn fonts(folder: Option<&Path>) -> Option<Drawing> {
    use std::collections::HashMap;
    use std::path::PathBuf;
    use std::sync::{LazyLock, Mutex, PoisonError};

    static FOUND: LazyLock<Mutex<HashMap<Option<PathBuf>, Option<Drawing>>>> = LazyLock::new(Mutex::default);

    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    found.entry(folder.map(Path::to_path_buf)).or_insert_with(|| opened(folder)).clone()
}

/// Opens the files of the fonts: they are looked at where they lie, and are not held in memory.
#[cfg(feature = "pdf")]
fn opened(folder: Option<&Path>) -> Option<Drawing> {
    use resvg::usvg::fontdb::Database;

    let fonts = super::fonts::Fonts::find(folder)?;
    let mut all = Database::new();
    for file in &fonts.files {
        all.load_font_file(file).ok()?;
    }
    // A file may hold several families: the regular face is in the first file.
    let regular = fonts.faces.first()?.index();
    let family = all.faces().find(|face| face.index == regular)?.families.first()?.0.clone();
    // Whichever fonts a drawing names, there are these.
    all.set_sans_serif_family(&family);
    all.set_serif_family(&family);
    Some((std::sync::Arc::new(all), family))
}

#[cfg(all(test, feature = "pdf"))]
mod tests {
    use super::*;

    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\" viewBox=\"0 0 40 20\">\
        <text x=\"2\" y=\"16\" font-size=\"16\" font-family=\"'Noto Sans TC',sans-serif\">陳情</text></svg>";

    #[test]
    fn a_drawing_becomes_a_picture_of_twice_its_size_with_its_words() {
        let picture = png(SVG, None).unwrap().expect("this test needs fonts-noto-cjk");
        let picture = resvg::tiny_skia::Pixmap::decode_png(&picture).unwrap();
        assert_eq!((picture.width(), picture.height()), (80, 40));
        let dark = picture.pixels().iter().filter(|p| p.red() < 100 && p.alpha() == 255).count();
        // Two Chinese characters, not two empty boxes.
        assert!((150..1_500).contains(&dark), "{dark} dark dots");
        // The same drawing is the same picture.
        assert_eq!(png(SVG, None).unwrap(), png(SVG, None).unwrap());
    }

    #[test]
    fn without_fonts_there_is_no_picture() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(png(SVG, Some(folder.path())).unwrap(), None);
        assert!(png("no drawing", None).is_err());
    }
}
