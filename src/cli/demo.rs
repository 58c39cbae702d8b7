//! `chenqing demo`: the whole service on this machine alone, with a sample agency and two years of invented cases.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::tz::TimeZone;

use super::{migrate, serve};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{AddressMode, Config, MailTransport};
use crate::demo;
use crate::domain::time::Moment;
use crate::keys::random_word;
use crate::store::Store;

/// The seed of the demonstration's chance: every demonstration of a day is the same.
const SEED: u64 = 118;
/// Ports that are tried after the wanted one.
const MORE_PORTS: u16 = 20;

/// Shows the whole service with invented cases, on this machine only. Nothing else is needed, no mail leaves it.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  chenqing demo --port 8080 --folder /tmp/chenqing-demo")]
pub struct DemoArgs {
    /// Port on 127.0.0.1; when it is taken, the next free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where to keep its data: a folder that is empty or does not exist; left out, a fresh one among the system's
    /// temporary files
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// How many cases to make
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u32).range(demo::LEAST_CASES as i64..=20_000))]
    cases: u32,
}

/// Runs the verb.
///
/// # Errors
/// One sentence: no free port, a folder that cannot be used.
pub fn run(args: &DemoArgs) -> Result<u8, String> {
    let listener = free_port(args.port)?;
    let port = listener.local_addr().map_err(|e| e.to_string())?.port();
    let folder = folder(args.folder.as_deref())?;
    let password = format!("demo-{}", random_word::<5>().map_err(|e| e.to_string())?);
    let config = config(&folder, port)?;
    super::start_log(&config.log);
    println!("正在準備示範資料…… Preparing the demonstration …");
    make(&config, Clock::System.now(), args.cases as usize, SEED, &password)?;
    let mut app = App::build(config, Clock::System)?;
    app.demo = true;
    print!("{}", greeting(&app, &folder, &password)?);
    serve::serve(app, listener)?;
    println!("示範已停止，資料保留在 {0}\nThe demonstration has stopped. Its data remain in {0}", folder.display());
    Ok(0)
}

/// Makes the demonstration's database and letters as of `now`; nothing of it is served yet.
///
/// # Errors
/// One sentence.
pub fn make(config: &Config, now: Moment, cases: usize, seed: u64, password: &str) -> Result<(), String> {
    let zone = TimeZone::get(&config.agency.time_zone).map_err(|e| e.to_string())?;
    let clock = Clock::fixed(demo::beginning(now, &zone));
    migrate::prepare(config, &clock)?;
    let store = Store::open_unsynced(&config.database)?;
    // Letters are few at a time here; more connections would only start more threads.
    let mut config = config.clone();
    config.mail.connections = 2;
    let app = App::over(store, config, clock)?;
    demo::make(&app, now, cases, seed, password).map_err(|e| format!("the demonstration cannot be made: {e}"))
}

/// The configuration of a demonstration in a folder.
///
/// # Errors
/// When there is no randomness to be had.
pub fn config(folder: &Path, port: u16) -> Result<Config, String> {
    let mut config = Config::defaults()?;
    let path = |name: &str| folder.join(name).display().to_string();
    let secret = random_word::<32>().map_err(|e| e.to_string())?;
    config.secrets.keys = vec![format!("1:{secret}")];
    config.database.url = format!("sqlite:{}", path("chenqing.db"));
    config.server.bind = format!("127.0.0.1:{port}");
    config.public.url = format!("http://127.0.0.1:{port}");
    config.attachments.folder = path("files");
    config.mail.transport = MailTransport::Folder;
    config.mail.folder = path("mail");
    (config.mail.reply_address, config.mail.bounce_address) = (AddressMode::Plus, AddressMode::Plus);
    config.mail.incoming.trusted_relays = vec![demo::message::RELAY.to_owned()];
    config.mail.incoming.folder = path("incoming");
    config.log.level = "warn".into();
    Ok(config)
}

/// A folder with nothing in it.
fn folder(wanted: Option<&Path>) -> Result<PathBuf, String> {
    let word = random_word::<5>().map_err(|e| e.to_string())?;
    let folder = wanted.map_or_else(|| std::env::temp_dir().join(format!("chenqing-demo-{word}")), Path::to_owned);
    let fault = |e: std::io::Error| format!("the folder {} cannot be used: {e}", folder.display());
    std::fs::create_dir_all(&folder).map_err(fault)?;
    if std::fs::read_dir(&folder).map_err(fault)?.next().is_some() {
        return Err(format!("the folder {} is not empty: the demonstration begins in a fresh one", folder.display()));
    }
    std::path::absolute(&folder).map_err(fault)
}

fn free_port(wanted: u16) -> Result<TcpListener, String> {
    let last = wanted.saturating_add(MORE_PORTS);
    (wanted..=last)
        .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
        .ok_or_else(|| format!("the ports {wanted} to {last} of 127.0.0.1 are all taken: choose another with --port"))
}

fn greeting(app: &App, folder: &Path, password: &str) -> Result<String, String> {
    let url = &app.config.public.url;
    let reference = app.office.store.read(|db| app.office.reference(db)).map_err(|e| e.to_string())?;
    let accounts: String = demo::accounts()?
        .iter()
        .map(|account| {
            let unit = reference.units.by_code(&account.unit);
            let (zh, en) = unit.map_or(("", ""), |u| (u.name_zh.as_str(), u.name_en.as_str()));
            let roles: Vec<String> = account.roles.iter().map(|role| role.code().replace('_', " ")).collect();
            format!("  {:<14} {} · {} · {} · {}\n", account.username, account.name, roles.join(", "), zh, en)
        })
        .collect();
    Ok(format!(
        "
════════════════════════════════════════════════════════════════════════
  這是示範系統：人物、案件與信件都是虛構的，信件不會真的寄出。
  THIS IS A DEMONSTRATION. People, cases and letters are invented; no mail
  leaves this machine, and only this machine can open it.
════════════════════════════════════════════════════════════════════════

  民眾端 Citizens      {url}/    (English: {url}/en/)
  承辦端 Desk          {url}/desk
  統計   Figures       {url}/management
  信件   Caught mail   {url}/demo/mail
  來信   Incoming mail {url}/desk/mail    (or put a message as a file NAME.eml into {folder}/incoming)

  帳號 Accounts，密碼都是 all with the password:  {password}

{accounts}
  資料 Data            {folder}
  按 Ctrl-C 停止。Press Ctrl-C to stop.

",
        folder = folder.display()
    ))
}
