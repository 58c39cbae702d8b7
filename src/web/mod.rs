//! The web: every URL is in `routes`, citizens' pages in `citizen`, staff's in `desk`, figures in `management`, accounts
//! and jobs in `admin`, programs' in `api`. Handlers read a request, call one act, and answer with a page.

pub mod answer;
pub mod flood;
pub mod forms;
pub mod guard;
pub mod intake;
pub mod pages;
pub mod routes;
pub mod session;
pub mod state;
pub mod uploads;

pub mod admin;
pub mod api;
pub mod citizen;
pub mod demo;
pub mod desk;
pub mod health;
pub mod management;

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App as HttpApp, HttpServer, middleware, web};

use crate::app::App;
use state::Web;

/// Starts the server on a listener that is bound already.
///
/// # Errors
/// One sentence: what cannot be read or listened on.
pub fn start(app: App, listener: TcpListener) -> Result<Server, String> {
    let workers = app.config.server.workers;
    let state = web::Data::new(Web::new(app)?);
    let server = HttpServer::new(move || {
        HttpApp::new()
            .app_data(state.clone())
            .wrap(from_fn(answer::explain))
            .wrap(from_fn(guard::headers))
            .wrap(from_fn(guard::access_log))
            .wrap(middleware::Compress::default())
            .configure(routes::all)
    })
    // A request that is served is finished before the server ends.
    .shutdown_timeout(20);
    let server = if workers > 0 { server.workers(workers) } else { server };
    let server = server.listen(listener).map_err(|e| format!("the server cannot listen: {e}"))?;
    Ok(server.run())
}
