//! `chenqing serve`: web, jobs and delivery in one process.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;

use clap::Args;
use fs4::fs_std::FileExt;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::jobs;
use crate::store::sqlite_path;
use crate::web;

/// Runs the service until it is told to stop (SIGTERM or Ctrl-C); requests that are served are finished first.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  chenqing --config /etc/chenqing.toml serve")]
pub struct ServeArgs {}

/// Runs the verb.
///
/// # Errors
/// One sentence: an unknown key, an unsafe public address, a missing secret, a database that cannot be reached or is not
/// migrated, an address that is taken.
pub fn run(_: &ServeArgs, file: Option<&Path>) -> Result<u8, String> {
    let config = Config::load(file)?;
    config.check_for_production()?;
    super::start_log(&config.log);
    super::migrated(&config)?;
    let lock = sole_server(&config)?;
    let app = App::build(config, Clock::System)?;
    let listener = bind(&app.config.server.bind)?;
    serve(app, listener)?;
    drop(lock);
    Ok(0)
}

/// Binds the address, so that a taken one is told before anything else starts.
///
/// # Errors
/// One sentence.
pub fn bind(address: &str) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|e| format!("cannot listen on {address}: {e}"))
}

/// Serves until told to stop.
///
/// # Errors
/// One sentence.
pub fn serve(app: App, listener: TcpListener) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| format!("the runtime cannot start: {e}"))?;
    runtime.block_on(async move {
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let server = web::start(app.clone(), listener)?;
        let jobs = jobs::start(&app).await?;
        tracing::info!(%address, "serving");
        let served = server.await.map_err(|e| format!("the server failed: {e}"));
        jobs.stop().await;
        tracing::info!("stopped");
        served
    })
}

/// On SQLite: the lock beside the file that keeps a second server away. The system lets it go when the process ends,
/// however it ends.
///
/// # Errors
/// One sentence when another server has it.
pub fn sole_server(config: &Config) -> Result<Option<File>, String> {
    let Some(path) = sqlite_path(&config.database.url) else { return Ok(None) };
    let path = format!("{path}.lock");
    if let Some(folder) = Path::new(&path).parent() {
        std::fs::create_dir_all(folder).map_err(|e| format!("the folder {} cannot be made: {e}", folder.display()))?;
    }
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| format!("the lock file {path} cannot be opened: {e}"))?;
    match file.try_lock_exclusive() {
        Ok(true) => Ok(Some(file)),
        Ok(false) => Err(format!("another server uses this database already ({path} is locked)")),
        Err(e) => Err(format!("the lock file {path} cannot be locked: {e}")),
    }
}
