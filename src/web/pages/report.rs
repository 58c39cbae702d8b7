//! What reports take from the pages: texts, dates, the page to print and its style.

use std::path::Path;

use serde_json::Value;

use super::Pages;
use super::dates::{self, Style};
use crate::error::{Error, Result};
use crate::reports::Words;

impl Words for Pages {
    fn text(&self, locale: &str, key: &str, args: &Value) -> Result<String> {
        Self::text(self, locale, key, args).map_err(Error::Internal)
    }

    fn moment(&self, locale: &str, text: &str) -> Result<String> {
        let written = dates::write(text, locale, self.zone(), Style::DateTime);
        written.ok_or_else(|| Error::internal(format!("{text:?} is neither a moment nor a day")))
    }

    fn page(&self, locale: &str, name: &str, data: &Value) -> Result<String> {
        self.render(name, locale, data).map_err(Error::Internal)
    }

    fn font_folder(&self) -> Option<&Path> {
        self.font_folder.as_deref()
    }

    fn style(&self) -> String {
        let files = ["vendor/bootstrap/bootstrap-reboot.min.css", "app.css"];
        let texts = files.iter().filter_map(|path| self.asset(path)).map(|(bytes, ..)| String::from_utf8_lossy(bytes));
        // A page that is sent on has no other files: nothing may be looked for beside it.
        texts
            .map(|text| {
                text.replace("</", "<\\/")
                    .lines()
                    .filter(|line| !line.starts_with("/*# source"))
                    .fold(String::new(), |all, line| all + line + "\n")
            })
            .collect()
    }
}
