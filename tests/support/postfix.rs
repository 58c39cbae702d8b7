//! A real Postfix of a test's own: its queue, data and configuration in a temporary folder, on a free port of 127.0.0.1.
//! It takes letters for the test's domains into one Maildir and sends nothing to anywhere else: what goes there comes back.

mod agency;

use std::io::Write as _;
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;
use std::time::{Duration, Instant};

use agency::Agency;

use super::ports;

/// What it calls itself.
pub const NAME: &str = "mail.example.org";
/// The address that this Postfix says it does not know.
pub const UNKNOWN: &str = "nobody@example.org";

/// An instance; stopped and gone with this value.
pub struct Postfix {
    folder: tempfile::TempDir,
    port: u16,
    way: Way,
    runs: bool,
}

/// Where letters go beside the one Maildir.
enum Way {
    /// Nowhere.
    Nowhere,
    /// Those to [`ELSEWHERE`] to a server on this port.
    Relay(u16),
    /// Those to [`PIPED`] to a program.
    Pipe(PathBuf),
    /// Those to the agency into its Maildir; citizens have mailboxes one by one.
    Agency(Agency),
}

/// The domain whose letters are handed to a program, where there is one.
pub const PIPED: &str = "inbox.example.tw";
/// The domain whose letters go on to another server of the test, where it has one.
pub const ELSEWHERE: &str = "elsewhere.example.com";

impl Postfix {
    /// A Postfix that is not running yet; `None`, and a line that says so, where there can be none. In CI there must be.
    pub fn down() -> Option<Self> {
        Self::made(Way::Nowhere)
    }

    /// A running one that hands letters to [`ELSEWHERE`] on to a server on this port.
    pub fn relaying(port: u16) -> Option<Self> {
        Self::made(Way::Relay(port)).map(Self::started)
    }

    /// A running one that hands letters to [`PIPED`] to a program, as the user `nobody`.
    pub fn piping(program: &Path) -> Option<Self> {
        Self::made(Way::Pipe(program.to_owned())).map(Self::started)
    }

    fn started(mut self) -> Self {
        self.start();
        self
    }

    /// Tries again at once what waits.
    pub fn flush(&self) {
        let done =
            Command::new("postqueue").arg("-c").arg(self.folder.path().join("config")).arg("-f").output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn made(way: Way) -> Option<Self> {
        static TOLD: Once = Once::new();
        if let Some(why) = lacking() {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "the tests with Postfix cannot run: {why}");
            // Past the capture of test output, which would hide it.
            TOLD.call_once(|| {
                let _ = writeln!(std::io::stderr(), "THE TESTS WITH A REAL POSTFIX ARE LEFT OUT: {why}");
            });
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        // Its processes have users of their own and must get in.
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let port = ports::port();
        let postfix = Self { folder, port, way, runs: false };
        postfix.make_folders();
        postfix.write_configuration();
        Some(postfix)
    }

    /// A running one.
    pub fn up() -> Option<Self> {
        Self::down().map(Self::started)
    }

    /// Starts it and waits until it answers.
    pub fn start(&mut self) {
        self.control("start");
        self.runs = true;
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(30), "Postfix does not listen:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it.
    pub fn stop(&mut self) {
        self.control("stop");
        self.runs = false;
    }

    /// Its URL, as it stands in the configuration of Chenqing.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Every letter in the mailbox, byte by byte as Postfix wrote it, oldest first.
    pub fn letters(&self) -> Vec<Vec<u8>> {
        let Ok(entries) = std::fs::read_dir(self.mail().join("all/new")) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort_by_cached_key(|file| {
            let about = std::fs::metadata(file).unwrap();
            (about.mtime(), about.mtime_nsec())
        });
        files.iter().map(|file| std::fs::read(file).unwrap()).collect()
    }

    /// Its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn mail(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    fn make_folders(&self) {
        let folder = self.folder.path();
        let (user, group) = id_of("nobody");
        for name in ["config", "queue", "data", "mail"] {
            std::fs::create_dir(folder.join(name)).unwrap();
        }
        std::os::unix::fs::chown(self.mail(), Some(user), Some(group)).unwrap();
        let (postfix, _) = id_of("postfix");
        std::os::unix::fs::chown(folder.join("data"), Some(postfix), None).unwrap();
    }

    fn write_configuration(&self) {
        let folder = self.folder.path();
        let (user, group) = id_of("nobody");
        let all = format!("static:{}/mail/all/", folder.display());
        let mut program = String::new();
        let (mailboxes, way) = match &self.way {
            Way::Nowhere => (all, String::new()),
            Way::Relay(port) => {
                (all, format!("transport_maps = inline:{{ {{ {ELSEWHERE} = smtp:[127.0.0.1]:{port} }} }}\n"))
            }
            Way::Pipe(path) => {
                program = format!("chenqing unix - n n - 2 pipe flags=DORhu user=nobody argv={}\n", path.display());
                let to = format!("transport_maps = inline:{{ {{ {PIPED} = chenqing: }} }}\n");
                (all, to + "chenqing_destination_recipient_limit = 1\n")
            }
            Way::Agency(agency) => agency.configuration(folder),
        };
        let main = format!(
            "compatibility_level = 3.6\n\
             queue_directory = {0}/queue\n\
             data_directory = {0}/data\n\
             maillog_file = {0}/log\n\
             maillog_file_prefixes = {0}\n\
             inet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\n\
             myhostname = {NAME}\n\
             mydestination =\n\
             mynetworks = 127.0.0.0/8\n\
             alias_maps =\n\
             alias_database =\n\
             default_transport = error:nothing leaves this machine\n\
             relay_transport = error:nothing leaves this machine\n\
             virtual_mailbox_domains = example.org, example.tw, agency.example.tw\n\
             virtual_mailbox_base = /\n\
             virtual_mailbox_maps = {mailboxes}\n\
             virtual_uid_maps = static:{user}\n\
             virtual_gid_maps = static:{group}\n\
             smtpd_relay_restrictions = permit_mynetworks, reject\n\
             smtpd_recipient_restrictions = check_recipient_access \
             inline:{{ {{ {UNKNOWN} = 550 5.1.1 User unknown }} }}, permit_mynetworks, reject\n\
             smtpd_peername_lookup = no\n\
             smtp_dns_support_level = disabled\n\
             {way}",
            folder.display()
        );
        let master = format!(
            "127.0.0.1:{} inet n - n - - smtpd\n\
             pickup unix n - n 60 1 pickup\n\
             cleanup unix n - n - 0 cleanup\n\
             qmgr unix n - n 300 1 qmgr\n\
             rewrite unix - - n - - trivial-rewrite\n\
             bounce unix - - n - 0 bounce\n\
             defer unix - - n - 0 bounce\n\
             trace unix - - n - 0 bounce\n\
             error unix - - n - - error\n\
             retry unix - - n - - error\n\
             proxymap unix - - n - - proxymap\n\
             virtual unix - n n - - virtual\n\
             smtp unix - - n - - smtp\n\
             anvil unix - - n - 1 anvil\n\
             postlog unix-dgram n - n - 1 postlogd\n",
            self.port
        );
        std::fs::write(folder.join("config/main.cf"), main).unwrap();
        std::fs::write(folder.join("config/master.cf"), master + &program).unwrap();
    }

    /// `postfix start` and the like.
    fn control(&self, word: &str) {
        let done = Command::new("postfix").arg("-c").arg(self.folder.path().join("config")).arg(word).output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        assert!(done.status.success(), "postfix {word}: {}\n{}", String::from_utf8_lossy(&said), self.log());
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        if self.runs {
            // Its processes must not outlive the test, whatever the test came to.
            let _ = Command::new("postfix").arg("-c").arg(self.folder.path().join("config")).arg("abort").output();
        }
    }
}

/// Why there can be no Postfix here.
fn lacking() -> Option<String> {
    if !Path::new("/usr/lib/postfix/sbin/master").exists() {
        return Some("Postfix is not installed (apt-get install postfix)".into());
    }
    let root = std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0);
    (!root).then(|| "Postfix starts as root only, and these tests run as another user".into())
}

/// User and group of an account.
pub fn id_of(account: &str) -> (u32, u32) {
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap();
    let line = accounts.lines().find(|line| line.split(':').next() == Some(account)).unwrap();
    let mut fields = line.split(':').skip(2);
    let mut number = || fields.next().unwrap().parse().unwrap();
    (number(), number())
}
