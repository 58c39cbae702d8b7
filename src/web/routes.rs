//! Every URL of the program, on one page. Citizens' pages stand twice: in Chinese at the root, in English below `/en`.

use actix_web::Route;
use actix_web::guard::{Any, Get, Head};
use actix_web::web::{self, ServiceConfig, post};

use super::{admin, api, citizen, demo, desk, health, management};

/// Registers every route.
pub fn all(config: &mut ServiceConfig) {
    config
        .route("/healthz", get().to(health::healthz))
        .route("/readyz", get().to(health::readyz))
        .route("/assets/{digest}/{path:.*}", get().to(health::asset))
        .configure(for_programs)
        .configure(for_staff)
        .service(web::scope("/en").configure(for_citizens))
        .configure(for_citizens);
}

/// A route to look at something: HEAD, which mail scanners and link checkers send, is GET without the body.
fn get() -> Route {
    web::route().guard(Any(Get()).or(Head()))
}

/// Anyone may call these.
fn for_citizens(config: &mut ServiceConfig) {
    config
        .route("", get().to(citizen::home::show))
        .route("/", get().to(citizen::home::show))
        .route("/petitions/new", get().to(citizen::submit::form))
        .route("/petitions", post().to(citizen::submit::submit))
        .route("/s/{token}", get().to(citizen::submitted::show))
        .route("/s/{token}/address", post().to(citizen::submitted::correct_address))
        .route("/s/{token}/resend", post().to(citizen::submitted::resend))
        .route("/c/{token}", get().to(citizen::confirm::show))
        .route("/c/{token}", post().to(citizen::confirm::confirm))
        .route("/f/{token}", get().to(citizen::files::show))
        .route("/f/{token}", post().to(citizen::files::fetch))
        .route("/r/{token}", get().to(citizen::rate::show))
        .route("/r/{token}", post().to(citizen::rate::rate))
        .route("/r/{token}/thanks", get().to(citizen::rate::thanks))
        .route("/status", get().to(citizen::status::form))
        .route("/status", post().to(citizen::status::look_up))
        .route("/status/case", get().to(citizen::status::show))
        .route("/status/files/{id}", get().to(citizen::status::file))
        .route("/status/supplement", get().to(citizen::supplement::show))
        .route("/status/supplement", post().to(citizen::supplement::give))
        .route("/status/withdraw", get().to(citizen::withdraw::show))
        .route("/status/withdraw", post().to(citizen::withdraw::withdraw))
        .route("/open-data", get().to(citizen::open_data::show))
        .route("/open-data/{year}.{format}", get().to(citizen::open_data::download))
        .route("/api", get().to(api::docs));
}

/// Each of these names [`super::session::SignedIn`]; what the person may do is decided by the act.
fn for_staff(config: &mut ServiceConfig) {
    config
        .route("/desk/login", get().to(desk::login::form))
        .route("/desk/login", post().to(desk::login::sign_in))
        .route("/desk/sign-out", post().to(desk::login::sign_out))
        .route("/desk/password", get().to(desk::password::form))
        .route("/desk/password", post().to(desk::password::change))
        .route("/desk/locale/{locale}", get().to(desk::login::locale))
        .route("/desk", get().to(desk::queue::show))
        .route("/desk/search", get().to(desk::search::show))
        .route("/desk/search", post().to(desk::search::find))
        .route("/desk/new", get().to(desk::new::form))
        .route("/desk/new", post().to(desk::new::enter_case))
        .route("/desk/submissions", get().to(desk::submissions::show))
        .route("/desk/submissions/{id}/{decision}", post().to(desk::submissions::decide))
        .route("/desk/tasks", get().to(desk::tasks::show))
        .route("/desk/extensions", get().to(desk::extensions::show))
        .route("/desk/moves", get().to(desk::moves::show))
        .route("/desk/moves/{decision}", post().to(desk::moves::decide_on))
        .route("/desk/letters", get().to(desk::letters::show))
        .route("/desk/letters/{id}", get().to(desk::letter::show))
        .route("/desk/letters/{id}/address", post().to(desk::letter::redirect))
        .route("/desk/letters/{id}/retry", post().to(desk::letters::retry))
        .route("/desk/letters/{id}/posted", post().to(desk::letters::posted_by_hand))
        .route("/desk/letters/{id}/paper", post().to(desk::letters::paper))
        .route("/desk/mail", get().to(desk::mail::show))
        .route("/desk/mail/pen", get().to(desk::mail::pen))
        .route("/desk/mail/{id}", get().to(desk::message::show))
        .route("/desk/mail/{id}/html", post().to(desk::original::html))
        .route("/desk/mail/{id}/files/{nth}", post().to(desk::original::file))
        .route("/desk/mail/{id}/raw", post().to(desk::original::raw))
        .route("/desk/mail/{id}/identity", post().to(desk::message::identity))
        .route("/desk/mail/{id}/{act}", post().to(desk::message::decide))
        .route("/desk/files/{id}", get().to(desk::files::download))
        .route("/desk/control", get().to(desk::control::show))
        .route("/desk/control/weekly", get().to(desk::weekly::show))
        .route("/desk/control/weekly.csv", get().to(desk::weekly::csv))
        .route("/desk/absences", get().to(desk::absences::show))
        .route("/desk/absences", post().to(desk::absences::enter))
        .route("/desk/absences/{id}/end", post().to(desk::absences::end))
        .route("/desk/cases/{number}", get().to(desk::case::show))
        .route("/desk/cases/{number}/clocks", get().to(desk::clocks::show))
        .route("/desk/cases/{number}/clocks.json", get().to(desk::clocks::json))
        .route("/desk/cases/{number}/draft", get().to(desk::draft::form))
        .route("/desk/cases/{number}/preview", post().to(desk::draft::preview))
        .route("/desk/cases/{number}/{act}", post().to(desk::act::act))
        .route("/management", get().to(management::dashboard::show))
        .route("/management/cases", get().to(management::cases::show))
        .route("/management/handling-time", get().to(management::handling_time::show))
        .route("/management/handling-time.{format}", get().to(management::handling_time::download))
        .route("/management/measures", get().to(management::measures::list))
        .route("/management/measures", post().to(management::measures::plan))
        .route("/management/measures/new", get().to(management::measures::form))
        .route("/management/measures/{id}", get().to(management::measures::show))
        .route("/management/measures/{id}/step", post().to(management::measures::step))
        .route("/management/reports", get().to(management::reports::list))
        .route("/management/reports", post().to(management::reports::form::save))
        .route("/management/reports/new", get().to(management::reports::form::new))
        .route("/management/reports/{id}", get().to(management::reports::show))
        .route("/management/reports/{id}", post().to(management::reports::form::change))
        .route("/management/reports/{id}/edit", get().to(management::reports::form::edit))
        .route("/management/reports/{id}/file.{format}", get().to(management::reports::download))
        .route("/management/reports/{id}/send", post().to(management::reports::doing::send))
        .route("/management/reports/{id}/delete", get().to(management::reports::doing::ask))
        .route("/management/reports/{id}/delete", post().to(management::reports::doing::delete))
        .route("/management/{year}/changes", get().to(management::changes::show))
        .route("/management/{year}/open-data", get().to(management::open_data::show))
        .route("/management/{year}/open-data.{format}", get().to(management::open_data::download))
        .route("/management/{year}/open-data/release", post().to(management::open_data::release))
        .route("/management/{year}/open-data/withdraw", post().to(management::open_data::withdraw))
        .route("/management/{period}.{format}", get().to(management::periods::download))
        .route("/management/{period}", get().to(management::periods::show))
        .route("/admin", get().to(admin::overview))
        .route("/admin/policies", get().to(admin::policies::show))
        .route("/admin/policies", post().to(admin::policies::store))
        .route("/admin/policies/new", get().to(admin::policies::form))
        .route("/admin/policies/text", get().to(admin::policies::text))
        .route("/admin/policies/preview", post().to(admin::policies::preview))
        .route("/admin/letters", get().to(admin::letters::list))
        .route("/admin/letters/{letter}", get().to(admin::letters::show))
        .route("/admin/letters/{letter}/html", get().to(admin::letters::html))
        .route("/admin/jobs/{name}/run", post().to(admin::run_job))
        .route("/admin/calendar", get().to(admin::calendar::show))
        .route("/admin/calendar/import", post().to(admin::calendar::import_file))
        .route("/admin/calendar/close", post().to(admin::calendar::close))
        .route("/admin/calendar/closures/{id}/revoke", post().to(admin::calendar::revoke))
        .route("/demo/mail", get().to(demo::list))
        .route("/demo/mail/{id}", get().to(demo::letter))
        .route("/demo/mail/{id}/html", get().to(demo::html))
        .route("/demo/mail/{id}/files/{nth}", get().to(demo::file));
}

/// For programs: JSON in, JSON out.
fn for_programs(config: &mut ServiceConfig) {
    config
        .route("/api/openapi.json", get().to(api::openapi))
        .route("/api/v1/petitions", post().to(api::submit))
        .route("/api/v1/petitions/{number}", get().to(api::status));
}
