//! A real Dovecot of a test's own: its configuration, sockets and mail in a temporary folder, on free ports of 127.0.0.1,
//! one account with a Maildir that tests deliver into as a mail server would.

use std::io::Write as _;
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::ports;

/// Who logs in, and with what.
pub const USER: &str = "mailbox@agency.example.tw";
pub const PASSWORD: &str = "right passw\u{f6}rd \"of\" the tests\\";

/// An instance; stopped and gone with this value.
pub struct Dovecot {
    folder: tempfile::TempDir,
    port: u16,
    tls_port: u16,
    /// The port of this machine where it asks whether an access token holds.
    tokens: Option<u16>,
    process: Option<Child>,
    delivered: AtomicUsize,
}

impl Dovecot {
    /// A running one; `None`, and a line that says so, where there can be none. In CI there must be.
    pub fn up() -> Option<Self> {
        Self::made(None)
    }

    /// As [`Dovecot::up`]; it takes access tokens (XOAUTH2) that a server on this port says are good.
    pub fn with_tokens(port: u16) -> Option<Self> {
        Self::made(Some(port))
    }

    fn made(tokens: Option<u16>) -> Option<Self> {
        static TOLD: Once = Once::new();
        if !Path::new("/usr/sbin/dovecot").exists() {
            let why = "Dovecot is not installed (apt-get install dovecot-imapd)";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "the tests with Dovecot cannot run: {why}");
            // Past the capture of test output, which would hide it.
            TOLD.call_once(|| {
                let _ = writeln!(std::io::stderr(), "THE TESTS WITH A REAL DOVECOT ARE LEFT OUT: {why}");
            });
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        // Its processes have users of their own and must get in.
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let mut dovecot = Self {
            folder,
            port: ports::port(),
            tls_port: ports::port(),
            tokens,
            process: None,
            delivered: AtomicUsize::new(0),
        };
        dovecot.make_certificate();
        dovecot.write_configuration();
        dovecot.make_folder("");
        dovecot.start();
        Some(dovecot)
    }

    /// Starts it and waits until it answers.
    pub fn start(&mut self) {
        let mut command = Command::new("/usr/sbin/dovecot");
        command.arg("-F").arg("-c").arg(self.path("dovecot.conf")).stdout(Stdio::null()).stderr(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(30), "Dovecot does not listen:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = Command::new("sh").args(["-c", &format!("kill -TERM {}", process.id())]).status();
            let _ = process.wait();
        }
    }

    /// Its port without encryption or with STARTTLS.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its port with encryption from the first byte.
    pub fn tls_port(&self) -> u16 {
        self.tls_port
    }

    /// The certificate for `localhost`, which no system trusts by itself.
    pub fn certificate(&self) -> String {
        self.path("certificate.pem").display().to_string()
    }

    /// Puts a message into the mailbox as a mail server does: whole, or not at all.
    pub fn deliver(&self, bytes: &[u8]) {
        let name = format!("{:06}.test.example", self.delivered.fetch_add(1, Ordering::SeqCst));
        let (tmp, new) = (self.maildir("").join("tmp").join(&name), self.maildir("").join("new").join(&name));
        std::fs::write(&tmp, bytes).unwrap();
        let (user, group) = owner();
        chown(&tmp, Some(user), Some(group)).unwrap();
        std::fs::rename(tmp, new).unwrap();
    }

    /// The names of a folder's messages, with their flags as Maildir writes them; `""` is INBOX.
    pub fn messages(&self, folder: &str) -> Vec<String> {
        let mut names = Vec::new();
        for part in ["new", "cur"] {
            let Ok(entries) = std::fs::read_dir(self.maildir(folder).join(part)) else { continue };
            names.extend(entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()));
        }
        names.sort();
        names
    }

    /// Makes a folder by its name on the wire.
    pub fn make_folder(&self, folder: &str) {
        let (user, group) = owner();
        let maildir = self.maildir(folder);
        for part in [maildir.clone(), maildir.join("tmp"), maildir.join("new"), maildir.join("cur")] {
            std::fs::create_dir_all(&part).unwrap();
            chown(&part, Some(user), Some(group)).unwrap();
        }
    }

    /// While it is stopped: UIDs are given anew.
    pub fn forget_uids(&self) {
        for entry in std::fs::read_dir(self.maildir("")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::remove_file(path).unwrap();
            }
        }
    }

    /// Its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Where mail lies; Postfix may deliver there.
    pub fn maildir(&self, folder: &str) -> PathBuf {
        let mail = self.path("mail");
        if folder.is_empty() { mail } else { mail.join(format!(".{folder}")) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn make_certificate(&self) {
        let path = |name: &str| self.path(name).display().to_string();
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "30",
            ])
            .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-keyout", &path("key.pem"), "-out", &path("certificate.pem")])
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    fn write_configuration(&self) {
        let folder = self.folder.path().display();
        let (user, group) = owner();
        // Whoever is not root has no other users to change to.
        let users = if is_root() {
            String::new()
        } else {
            let (me, us) = (name_of("/etc/passwd", user), name_of("/etc/group", group));
            let no_cage = ["anvil", "imap-login", "stats"].map(|name| format!("service {name} {{\n chroot =\n}}\n"));
            format!(
                "default_internal_user = {me}\ndefault_internal_group = {us}\ndefault_login_user = {me}\n{}",
                no_cage.concat()
            )
        };
        let oauth2 = self.tokens.map_or_else(String::new, |port| {
            let asked = format!(
                "tokeninfo_url = http://127.0.0.1:{port}/tokeninfo?access_token=\nusername_attribute = email\n"
            );
            std::fs::write(self.path("oauth2.conf"), asked).unwrap();
            format!(
                "auth_mechanisms = plain xoauth2\n\
                 passdb {{\n driver = oauth2\n mechanisms = xoauth2\n args = {folder}/oauth2.conf\n}}\n"
            )
        });
        let configuration = format!(
            "base_dir = {folder}/run\n\
             state_dir = {folder}/state\n\
             log_path = {folder}/log\n\
             auth_verbose = yes\n\
             protocols = imap\n\
             listen = 127.0.0.1\n\
             ssl = yes\n\
             ssl_cert = <{folder}/certificate.pem\n\
             ssl_key = <{folder}/key.pem\n\
             disable_plaintext_auth = no\n\
             auth_failure_delay = 0\n\
             first_valid_uid = 1\n\
             mail_location = maildir:{folder}/mail\n\
             mailbox_list_index = no\n\
             {oauth2}\
             passdb {{\n driver = passwd-file\n args = scheme=PLAIN username_format=%u {folder}/users\n}}\n\
             userdb {{\n driver = static\n args = uid={user} gid={group} home={folder}/mail\n}}\n\
             service imap-login {{\n\
              inet_listener imap {{\n port = {}\n }}\n\
              inet_listener imaps {{\n port = {}\n ssl = yes\n }}\n\
             }}\n{users}",
            self.port, self.tls_port
        );
        std::fs::write(self.path("dovecot.conf"), configuration).unwrap();
        std::fs::write(self.path("users"), format!("{USER}:{{PLAIN}}{PASSWORD}::::::\n")).unwrap();
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

/// Whose the mail is: nobody's where the test runs as root, for whom Dovecot opens no mail.
fn owner() -> (u32, u32) {
    let about = std::fs::metadata("/proc/self").unwrap();
    if about.uid() == 0 { (65534, 65534) } else { (about.uid(), about.gid()) }
}

fn name_of(file: &str, id: u32) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let line = text.lines().find(|line| line.split(':').nth(2) == Some(&id.to_string())).unwrap();
    line.split(':').next().unwrap().to_owned()
}
