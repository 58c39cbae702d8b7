//! The real program as its own process: started, asked over HTTP, stopped, killed, started again.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use super::ports;

/// The program's binary, as cargo built it for the tests.
const BINARY: &str = env!("CARGO_BIN_EXE_chenqing");

/// An installation: a folder, a database, a mail server, an address.
pub struct Installation {
    folder: PathBuf,
    database: String,
    smtp: String,
    port: u16,
    more: Vec<(String, String)>,
}

impl Installation {
    /// An installation in a folder. `smtp` is the URL of a mail server, whether it runs or not.
    pub fn new(folder: &Path, database: &str, smtp: &str) -> Self {
        let port = ports::port();
        Self { folder: folder.to_owned(), database: database.into(), smtp: smtp.into(), port, more: Vec::new() }
    }

    /// Sets one more key of the configuration.
    pub fn with(mut self, variable: &str, value: &str) -> Self {
        self.more.push((variable.into(), value.into()));
        self
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A command of this installation.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(words)
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("CHENQING__DATABASE__URL", &self.database)
            .env("CHENQING__SECRETS__KEYS", "[\"1:a secret of the tests, of no use elsewhere\"]")
            .env("CHENQING__SERVER__BIND", format!("127.0.0.1:{}", self.port))
            .env("CHENQING__PUBLIC__URL", self.url())
            .env("CHENQING__MAIL__SMTP__URL", &self.smtp)
            .env("CHENQING__LOG__LEVEL", "warn")
            .envs(self.more.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a verb to its end.
    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs a verb that must succeed; what it printed.
    pub fn must(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "chenqing {words:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts the server and waits until it can serve.
    pub fn serve(&self) -> Server {
        self.serve_by(self.command(&["serve"]).stdout(Stdio::null()))
    }

    /// As [`Installation::serve`], by a command of [`Installation::command`].
    pub fn serve_by(&self, command: &mut Command) -> Server {
        let child = command.spawn().unwrap();
        let mut server = Server { child };
        let started = Instant::now();
        while !is_ready(self.port) {
            assert!(server.child.try_wait().unwrap().is_none(), "the server ended at once");
            assert!(started.elapsed() < Duration::from_secs(60), "the server is not ready after a minute");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }
}

fn is_ready(port: u16) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) else { return false };
    let asked = stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
}

/// A running server; killed when it is dropped.
pub struct Server {
    child: Child,
}

impl Server {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to stop, as the system does (SIGTERM), and waits until it has; how it ended.
    pub fn stop(mut self) -> ExitStatus {
        let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.id())]).status().unwrap();
        assert!(told.success());
        self.child.wait().unwrap()
    }

    /// Kills it as a power cut would: SIGKILL, no word of farewell.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
