//! A real mail server for the tests (`server.py`), started and stopped by them, and what arrived at it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::support::ports;

/// A letter as the server got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The envelope's recipient.
    pub to: String,
    /// The letter.
    pub bytes: Vec<u8>,
}

/// A mail server on a port of its own; it stops with this value.
pub struct Server {
    folder: tempfile::TempDir,
    port: u16,
    process: Option<Child>,
}

impl Server {
    /// A server that is not running yet.
    pub fn down() -> Self {
        let port = ports::port();
        Self { folder: tempfile::tempdir().unwrap(), port, process: None }
    }

    pub fn up() -> Self {
        let mut server = Self::down();
        server.start(&[]);
        server
    }

    /// `tls`: certificate, key, and `starttls` or `wrapped`.
    pub fn start(&mut self, tls: &[&str]) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/post/server.py");
        let mut process = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(self.folder.path())
            .arg(self.port.to_string())
            .args(tls)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(self.folder.path().join("server.log")).unwrap())
            .spawn()
            .expect("these tests need python3 and python3-aiosmtpd (apt-get install python3-aiosmtpd)");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready", "the mail server did not start (apt-get install python3-aiosmtpd)");
        self.process = Some(process);
    }

    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// What it does to a recipient from now on, `*` for everybody: see `server.py`.
    pub fn fault(&self, recipient: &str, fault: Option<&str>) {
        std::fs::write(self.folder.path().join("faults.json"), json!({ recipient: fault }).to_string()).unwrap();
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Everything that arrived, as the server wrote it down, in order.
    pub fn records(&self) -> Vec<Value> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("arrived")) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()).collect()
    }

    pub fn arrived(&self) -> Vec<Arrived> {
        let letter = |record: &Value| {
            assert_eq!(record["to"].as_array().unwrap().len(), 1, "one recipient a letter");
            assert_eq!(record["from"], super::world::FROM);
            Arrived {
                to: record["to"][0].as_str().unwrap().to_owned(),
                bytes: BASE64.decode(record["bytes"].as_str().unwrap().as_bytes()).unwrap(),
            }
        };
        self.records().iter().map(letter).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
