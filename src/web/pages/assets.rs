//! Static files: embedded from `pages/assets`, overridden from a folder, each under an address that carries its
//! digest, so that browsers may keep it for ever and still see a change at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use super::files_in;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/pages/assets");

/// One static file.
#[derive(Clone)]
pub(super) struct Asset {
    pub(super) bytes: &'static [u8],
    pub(super) mime: String,
    pub(super) digest: String,
}

/// All static files by their path below `assets/`.
#[derive(Clone, Default)]
pub(super) struct Assets(BTreeMap<String, Asset>);

impl Assets {
    /// The embedded files, then those of `<folder>/assets`.
    pub(super) fn load(folder: Option<&Path>) -> Result<Self, String> {
        let mut assets = Self::default();
        assets.add_embedded(&EMBEDDED);
        if let Some(root) = folder.map(|f| f.join("assets")).filter(|f| f.is_dir()) {
            assets.add_folder(&root, &root)?;
        }
        Ok(assets)
    }

    pub(super) fn get(&self, path: &str) -> Option<&Asset> {
        self.0.get(path)
    }

    /// The address of each file by its path: `/assets/<digest>/<path>`.
    pub(super) fn addresses(&self) -> BTreeMap<String, String> {
        self.0.iter().map(|(path, asset)| (path.clone(), format!("/assets/{}/{path}", asset.digest))).collect()
    }

    fn add_embedded(&mut self, dir: &'static Dir<'static>) {
        for file in dir.files() {
            self.insert(&file.path().to_string_lossy(), file.contents());
        }
        for child in dir.dirs() {
            self.add_embedded(child);
        }
    }

    fn add_folder(&mut self, root: &Path, folder: &Path) -> Result<(), String> {
        for path in files_in(folder)? {
            if path.is_dir() {
                self.add_folder(root, &path)?;
            } else {
                let bytes = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                // Read once at start and kept to the end of the process, like the embedded ones.
                self.insert(&name, Box::leak(bytes.into_boxed_slice()));
            }
        }
        Ok(())
    }

    fn insert(&mut self, path: &str, bytes: &'static [u8]) {
        let mime = mime_guess::from_path(path).first_or_octet_stream();
        let mime = if mime.type_() == "text" { format!("{mime}; charset=utf-8") } else { mime.to_string() };
        let digest = Sha256::digest(bytes).iter().take(6).map(|b| format!("{b:02x}")).collect();
        self.0.insert(path.to_owned(), Asset { bytes, mime, digest });
    }
}
