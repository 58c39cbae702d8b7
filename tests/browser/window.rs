//! A browser window that a test drives: Chromium by its own driver.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::support::ports;

/// How long an element may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);

/// A window and the driver behind it.
pub struct Window {
    pub client: Client,
    driver: Child,
    shots: PathBuf,
    number: std::cell::Cell<u32>,
}

impl Window {
    /// Opens a window of a size; `name` begins the names of its screenshots.
    pub async fn open(name: &str, width: u32, height: u32) -> Self {
        let path = std::env::var("CHENQING_TEST_CHROMEDRIVER").unwrap_or_else(|_| "/usr/bin/chromedriver".into());
        let port = ports::port();
        let driver = Command::new(&path)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("the browser tests need chromium-driver ({path}: {e})"));
        let mut wanted = Capabilities::new();
        wanted.insert(
            "goog:chromeOptions".into(),
            json!({ "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
                "--hide-scrollbars", "--lang=zh-TW", format!("--window-size={width},{height}"),
            ] }),
        );
        let url = format!("http://127.0.0.1:{port}");
        let mut tries = 0;
        let client = loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(wanted.clone()).connect(&url).await {
                Ok(client) => break client,
                Err(e) => {
                    tries += 1;
                    assert!(tries < 100, "the browser does not start: {e}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        };
        let shots = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/screenshots").join(name);
        std::fs::create_dir_all(&shots).unwrap();
        Self { client, driver, shots, number: std::cell::Cell::new(0) }
    }

    pub async fn go(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> fantoccini::elements::Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(e) => {
                self.shot("missing").await;
                panic!("no {css} at {}: {e}\n{}", self.client.current_url().await.unwrap(), self.text().await);
            }
        }
    }

    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        // Brought into view as a person would scroll to it.
        self.client
            .execute(
                "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})",
                vec![serde_json::to_value(&element).unwrap()],
            )
            .await
            .unwrap();
        element.click().await.unwrap_or_else(|e| panic!("{css} cannot be clicked: {e}"));
    }

    /// Clicks the button that posts to a place ending like this, and waits for the next page.
    pub async fn press(&self, action_end: &str) {
        let before = self.find("html").await;
        self.click(&format!("form[action$='{action_end}'] button[type=submit]")).await;
        self.leave(before).await;
    }

    /// Clicks something that leads to another page, and waits for it.
    pub async fn follow(&self, css: &str) {
        let before = self.find("html").await;
        self.click(css).await;
        self.leave(before).await;
    }

    async fn leave(&self, before: fantoccini::elements::Element) {
        for _ in 0..200 {
            if before.tag_name().await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.shot("stuck").await;
        panic!("the page stays at {}: {}", self.client.current_url().await.unwrap(), self.text().await);
    }

    pub async fn fill(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        element.clear().await.unwrap();
        element.send_keys(text).await.unwrap();
    }

    pub async fn choose(&self, css: &str, value: &str) {
        self.find(css).await.select_by_value(value).await.unwrap_or_else(|e| panic!("{css} has no {value}: {e}"));
    }

    /// Opens a `details` that holds the form posting to a place ending like this.
    pub async fn unfold(&self, action_end: &str) {
        let script = "const form = document.querySelector(arguments[0]); const d = form.closest('details'); if (d) d.open = true; form.scrollIntoView({block: 'center', behavior: 'instant'});";
        self.client.execute(script, vec![json!(format!("form[action$='{action_end}']"))]).await.unwrap();
    }

    /// Everything a reader sees.
    pub async fn text(&self) -> String {
        self.client.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
    }

    /// Waits until the page shows a text.
    pub async fn sees(&self, text: &str) {
        for _ in 0..200 {
            if self.text().await.contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.shot("unseen").await;
        panic!("{text:?} is not to be seen at {}:\n{}", self.client.current_url().await.unwrap(), self.text().await);
    }

    /// Keeps a picture of the window.
    pub async fn shot(&self, name: &str) {
        self.number.set(self.number.get() + 1);
        let png = self.client.screenshot().await.unwrap();
        std::fs::write(self.shots.join(format!("{:02}-{name}.png", self.number.get())), png).unwrap();
    }

    pub async fn close(mut self) {
        let _ = self.client.clone().close().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
